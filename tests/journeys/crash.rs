//! Programs are killed at the worst moment; what they said to be saved is there, nothing is half, and the next start goes on.

mod generated;
mod import;
mod registrations;
mod server;

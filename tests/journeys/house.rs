//! The house itself, whatever its rooms offer.

mod assets;
mod errors;
mod forms;
mod process;
mod service;

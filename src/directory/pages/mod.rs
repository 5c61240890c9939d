//! The pages of the directory.

pub mod delivery;
pub mod downloads;
mod help;
pub mod home;
mod offers;
mod proofs;
pub mod results;
mod structured;
pub mod supplier;

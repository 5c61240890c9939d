//! The pages of the directory.

pub mod charter;
pub mod delivery;
mod help;
pub mod home;
mod offers;
mod proofs;
pub mod report;
pub mod results;
mod structured;
pub mod supplier;

//! The pages of the directory.

pub mod charter;
mod chips;
pub mod delivery;
pub mod downloads;
mod facets;
mod help;
pub mod home;
mod offers;
mod proofs;
pub mod report;
pub mod results;
mod structured;
pub mod supplier;

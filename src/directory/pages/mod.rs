//! The pages of the directory.

pub mod api_guide;
pub mod charter;
mod chips;
pub mod delivery;
mod doubts;
pub mod downloads;
pub mod embed;
mod facets;
mod help;
pub mod home;
mod kitchen;
mod offers;
mod print;
mod proofs;
pub mod report;
pub mod results;
pub mod sitemap;
pub(super) mod standing;
mod structured;
pub mod supplier;

//! Pages of what follows a visit.

pub mod progress;
pub mod review;
pub mod statistics;

//! Manger local.

pub mod places;

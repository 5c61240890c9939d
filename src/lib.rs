//! Manger local.

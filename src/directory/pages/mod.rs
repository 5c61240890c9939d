//! The pages of the directory.

mod help;
pub mod results;

//! The search engine of the directory: what a canteen types becomes products, proofs and a place, and the suppliers
//! that answer come back in order, each with the reason why.
//!
//! Everything lives in memory and is rebuilt from the database in seconds, so nothing on disk can be damaged. The crate
//! knows no database, no web and no clock: today's date is part of the request.

pub mod codes;
pub mod gazetteer;
pub mod lexicon;
mod phrases;
pub mod text;

pub use gazetteer::Gazetteer;

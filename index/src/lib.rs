//! The search engine of the directory: what a canteen types becomes products, proofs and a place, and the suppliers
//! that answer come back in order, each with the reason why.
//!
//! Everything lives in memory and is rebuilt from the database in seconds, so nothing on disk can be damaged. The crate
//! knows no database, no web and no clock: today's date is part of the request.

pub mod codes;
mod corpus;
mod engine;
mod filter;
pub mod gazetteer;
pub mod geo;
pub mod lexicon;
pub mod listing;
mod matching;
mod phrases;
pub mod request;
mod search;
mod shown;
mod signs;
mod sparse;
mod suggest;
pub mod text;
mod texts;
mod understand;
mod vocabulary;

pub use engine::{Index, Locate, Rebuild};
pub use gazetteer::Gazetteer;
pub use lexicon::{Lexicon, ProductId};
pub use listing::{Certificate, Delivery, Listing, Offer};
pub use request::{Answer, Request};
pub use suggest::Suggestion;

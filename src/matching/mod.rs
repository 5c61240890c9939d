//! Who suits whom: suppliers for a canteen, canteens for a supplier, each with its reasons in words.
//!
//! `score` judges a need and a supply, and knows nothing else; `facts` reads both from what people wrote; `pages` show them.

mod facts;
pub mod pages;
mod score;

pub use self::{
    facts::{need, suited_kitchens, suited_suppliers, supply},
    score::{Closeness, Delivery, Match, Need, Offered, Reason, Supply, Wanted, judge},
};

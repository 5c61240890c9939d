//! Who suits whom: suppliers for a canteen, canteens for a supplier, each with its reasons in words.
//!
//! `score` judges a need and a supply, and knows nothing else; `facts` reads both from what people wrote; `words` says why,
//! `pages` show them, `news` finds what is new each week and `mail` tells it.

mod facts;
mod mail;
mod news;
pub mod pages;
mod score;
mod words;

pub use self::{
    facts::{need, suited_kitchens, suited_suppliers, supply},
    mail::samples as mail_samples,
    news::tell_matches,
    score::{Closeness, Delivery, Match, Need, Offered, Reason, Supply, Wanted, judge},
    words::{products, round, wanted},
};

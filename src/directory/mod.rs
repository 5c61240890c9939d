//! The directory: finding suppliers by what they sell, where, when and with which proof. The page, the map, the exports and the
//! API ask the same engine the same way; `follow` keeps the engine in step with the database.
//!
//! - [`query`]: what an address asks · `entry`: a listing for the engine · `follow.rs`: the change log
//! - `pages/`, `card`, `words`: the pages and what they say · [`api`], `shapes`, `detail`: the JSON
//! - `found`, `table`, `features`: everything a search finds, as files · [`outlines`]: the ground of the map
//! - `glance`: a listing in a few words · `pages/standing.rs`: a search that is asked again, both for other rooms

pub mod api;
mod card;
mod detail;
mod entry;
mod features;
mod follow;
mod found;
mod glance;
pub mod outlines;
pub mod pages;
pub mod query;
mod shape;
mod shapes;
mod table;
mod words;

pub use self::{
    follow::{Position, follow, order_rebuild, step},
    glance::Glance,
    pages::standing::{Answering, Standing, address, found_by, standing},
    words::{capitalised, goods},
};

use std::sync::Arc;

use index::Index;

use crate::places::Places;
use crate::suppliers;

/// An empty engine that knows the products and the places.
#[must_use]
pub fn new_index(places: &Arc<Places>, territory: &str) -> Index {
    let located = Arc::clone(places);
    let locate = move |commune: usize| located.communes().get(commune).and_then(query::origin_of);
    Index::new(suppliers::lexicon(), Arc::clone(places.gazetteer()), Box::new(locate), Some(territory.to_owned()))
}

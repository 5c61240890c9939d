//! The directory: finding suppliers by what they sell, where, when and with which proof. The page, the map, the exports and the
//! API ask the same engine the same way; `follow` keeps the engine in step with the database.
//!
//! - [`query`]: what an address asks · `entry`: a listing for the engine · [`follow`]: the change log
//! - `pages/`, `card`, `words`: the pages and what they say · [`api`], `shapes`, `detail`: the JSON

pub mod api;
mod card;
mod detail;
mod entry;
mod follow;
pub mod pages;
pub mod query;
mod shape;
mod shapes;
mod words;

pub use self::follow::{Position, follow, order_rebuild, step};

use std::sync::Arc;

use index::{Index, Lexicon};

use crate::places::Places;

/// The products that canteens buy: a table that a non-programmer can mend.
const PRODUCTS: &str = include_str!("../suppliers/products.csv");

/// An empty engine that knows the products and the places.
///
/// # Panics
/// When the table of products the program was built with is damaged.
#[must_use]
pub fn new_index(places: &Arc<Places>, territory: &str) -> Index {
    let lexicon = Lexicon::parse(PRODUCTS).expect("the table of products is whole: a test reads it");
    let located = Arc::clone(places);
    let locate = move |commune: usize| located.communes().get(commune).and_then(query::origin_of);
    Index::new(Arc::new(lexicon), Arc::clone(places.gazetteer()), Box::new(locate), Some(territory.to_owned()))
}

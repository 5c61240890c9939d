use super::card::{distinct, tidy};
use super::words;
use crate::app::App;
use crate::places::Commune;
use crate::suppliers::{Listing, Proof};
use crate::web::french;

/// Products named.
const NAMED: usize = 6;

/// A listing in a few words, for a list of another room.
#[derive(Clone, Debug, PartialEq)]
pub struct Glance {
    /// What kind of supplier: `Producteur`.
    pub kind: &'static str,
    /// Name of its commune.
    pub commune: String,
    /// Kilometres from the kitchen, when both places are known.
    pub distance_km: Option<f64>,
    /// What it offers, each name once.
    pub products: Vec<String>,
    /// Signs it carries that are proven today.
    pub proven: Vec<&'static str>,
    /// Delivery in one line, to the kitchen when one is known.
    pub delivery: String,
    /// Days of its round: `le lundi et le jeudi`.
    pub days: String,
}

impl Glance {
    /// Its first products: `Carottes, Panais et 3 de plus`.
    #[must_use]
    pub fn named(&self) -> String {
        let named = self.products.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
        match self.products.len().saturating_sub(NAMED) {
            0 => named,
            more => format!("{named} et {more} de plus"),
        }
    }

    /// A listing seen from a kitchen, today.
    #[must_use]
    pub fn of(app: &App, listing: &Listing, kitchen: Option<&Commune>) -> Self {
        let (places, today, supplier) = (&app.places, app.today(), &listing.supplier);
        let products = distinct(listing.offers.iter().map(|offer| tidy(&offer.name)));
        let place = supplier.public_place(places).zip(kitchen.and_then(|kitchen| kitchen.point));
        let proven = listing.signs().filter(|&sign| listing.proof_of(sign, today) == Some(Proof::Proven));
        Self {
            kind: words::kind(*supplier.kind),
            commune: places.commune(&supplier.insee_code).map(|c| french::typographic(&c.name)).unwrap_or_default(),
            distance_km: place.map(|(own, there)| own.point.distance_km(there)),
            products,
            proven: proven.map(words::certification).collect(),
            delivery: words::delivery_line(listing, kitchen, places),
            days: words::days(supplier.delivery_days),
        }
    }
}

//! What a supplier offers, as one table for each family.

use chrono::NaiveDate;
use index::codes::Family;

use crate::directory::card::{Mark, Season, tidy};
use crate::directory::words;
use crate::suppliers::{Listing, Offer};
use crate::web::french;

/// The offers of one family.
pub(super) struct Table {
    pub(super) family: &'static str,
    pub(super) picture: &'static str,
    pub(super) rows: Vec<Row>,
}

/// One offer.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) marks: Vec<Mark>,
    pub(super) packaging: Option<String>,
    /// How much in a week: `50 kg`.
    pub(super) volume: Option<String>,
    /// `3,20 €` and `le kg`, with the space between that breaks only before a long unit.
    pub(super) price: Option<(String, String)>,
    pub(super) season: Season,
}

/// The offers by family, in the order of the families, then the supplier's own.
pub(super) fn tables(listing: &Listing, today: NaiveDate) -> Vec<Table> {
    let table = |family: &Family| {
        let of_family = listing.offers.iter().filter(|offer| *offer.family == *family);
        let rows: Vec<Row> = of_family.map(|offer| Row::new(offer, listing, today)).collect();
        (!rows.is_empty()).then(|| Table {
            family: words::family(*family),
            picture: words::family_picture(*family),
            rows,
        })
    };
    Family::ALL.iter().filter_map(table).collect()
}

impl Row {
    fn new(offer: &Offer, listing: &Listing, today: NaiveDate) -> Self {
        let unit = offer.sales_unit.as_deref();
        Self {
            name: french::typographic(&tidy(&offer.name)),
            marks: offer.signs.iter().map(|sign| Mark::of(sign, listing, today)).collect(),
            packaging: offer.packaging.as_deref().map(|packaging| french::typographic(&packaging)),
            volume: offer.volume_per_week.map(|most| {
                let unit = unit.map(|unit| format!("\u{a0}{unit}")).unwrap_or_default();
                format!("{}{unit}", french::decimal(most))
            }),
            price: offer.price_cents.map(|cents| (french::price(cents.0), unit.map(after_price).unwrap_or_default())),
            season: Season::new(offer.months.mask(), today),
        }
    }
}

/// A short unit stays beside its price; one of several words may go to the next line.
fn after_price(unit: &str) -> String {
    let unit = words::per_unit(unit);
    if unit.contains(' ') { format!(" {unit}") } else { format!("\u{a0}{unit}") }
}

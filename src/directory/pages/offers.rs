//! What a supplier offers, as one table for each family.

use chrono::NaiveDate;
use index::codes::{Certification, Family};

use crate::directory::card::{Mark, Season, tidy};
use crate::directory::detail::has_expired;
use crate::directory::words;
use crate::suppliers::{Listing, Offer, Proof, Word};
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
    /// `3,20 €` and `le kg`, with the space between that breaks only before a long unit.
    pub(super) price: Option<(String, String)>,
    pub(super) season: Season,
}

/// The offers by family, in the order of the families, then the supplier's own.
pub(super) fn tables(listing: &Listing, today: NaiveDate) -> Vec<Table> {
    let table = |family: &Family| {
        let of_family = listing.offers.iter().filter(|offer| offer.family.code() == family.code());
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
        let signs = offer.signs.iter().filter_map(|sign| Certification::from_code(sign.code()));
        let unit = offer.sales_unit.as_deref();
        Self {
            name: french::typographic(&tidy(&offer.name)),
            marks: signs.map(|sign| mark(sign, listing, today)).collect(),
            packaging: offer.packaging.as_deref().map(|packaging| french::typographic(&packaging)),
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

/// A sign of a supplier, with what stands behind it today.
pub(super) fn mark(sign: Certification, listing: &Listing, today: NaiveDate) -> Mark {
    let is_proven = listing
        .certifications
        .iter()
        .any(|certificate| certificate.kind.code() == sign.code() && certificate.proof(today) == Proof::Proven);
    if !is_proven && has_expired(listing, sign, today) { Mark::expired(sign) } else { Mark::new(sign, is_proven) }
}

/// Every sign the supplier or one of its offers carries: proven, then expired, then declared.
pub(super) fn marks(listing: &Listing, today: NaiveDate) -> Vec<Mark> {
    let carries = |sign: &&Certification| {
        listing.certifications.iter().any(|certificate| certificate.kind.code() == sign.code())
            || listing.offers.iter().any(|offer| offer.signs.iter().any(|carried| carried.code() == sign.code()))
    };
    let mut marks: Vec<Mark> =
        Certification::ALL.iter().filter(carries).map(|sign| mark(*sign, listing, today)).collect();
    marks.sort_by_key(|mark| ["proven", "expired", "declared"].iter().position(|class| *class == mark.class));
    marks
}

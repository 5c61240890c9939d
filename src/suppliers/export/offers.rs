use crate::{
    suppliers::{Listing, Offer, Word},
    tables::{Cell, Sheet},
};

const HEADINGS: [&str; 9] = [
    "Référence fournisseur",
    "Produit",
    "Famille",
    "Conditionnement",
    "Unité",
    "Prix HT",
    "Mois",
    "Certifications",
    "Volume par semaine",
];
pub(super) const NAME: &str = "Offres";

/// The table of offers: those of each supplier in its order.
#[must_use]
pub fn offers_sheet(listings: &[Listing]) -> Sheet {
    let of_one = |listing: &Listing| -> Vec<Vec<Cell>> {
        listing.offers.iter().map(|offer| row(&listing.supplier.reference, offer)).collect()
    };
    Sheet { name: NAME, headings: headings(), rows: listings.iter().flat_map(of_one).collect() }
}

pub(super) fn headings() -> Vec<String> {
    HEADINGS.map(str::to_owned).to_vec()
}

pub(super) fn row(reference: &str, offer: &Offer) -> Vec<Cell> {
    let signs: Vec<&str> = offer.signs.iter().map(Word::label).collect();
    vec![
        Cell::text(Some(reference)),
        Cell::text(Some(&offer.name)),
        Cell::text(Some(offer.family.label())),
        Cell::text(offer.packaging.as_deref()),
        Cell::text(offer.sales_unit.as_deref()),
        offer.price_cents.map_or(Cell::Empty, |cents| Cell::Cents(cents.0)),
        Cell::text(Some(&offer.months.to_string())),
        Cell::text(Some(&signs.join(", "))),
        offer.volume_per_week.map_or(Cell::Empty, Cell::Number),
    ]
}

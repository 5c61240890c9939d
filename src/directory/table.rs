//! The suppliers found as a table that a spreadsheet opens, without contacts or hidden places.

use index::codes::Family;
use index::request::Hit;

use super::card::{Mark, carried, marks, tidy};
use super::found::Found;
use super::words;
use crate::app::App;
use crate::suppliers::Listing;
use crate::tables::{Cell, Sheet};

const HEADINGS: [&str; 15] = [
    "Nom",
    "Type",
    "Commune",
    "Code postal",
    "Distance environ (km)",
    "Familles de produits",
    "Produits qui répondent",
    "Signes de qualité",
    "Disponible",
    "Zone de livraison",
    "Jours de livraison",
    "Minimum de commande (€ HT)",
    "Franco de port (€ HT)",
    "Fiche confirmée le",
    "Fiche en ligne",
];

/// One line a supplier, in the order in which they were found.
pub(super) fn sheet(app: &App, found: &Found<'_>) -> Sheet {
    let rows = found.suppliers.iter().map(|(hit, listing)| cells(app, hit, listing).to_vec());
    Sheet { name: "Fournisseurs", headings: HEADINGS.map(str::to_owned).to_vec(), rows: rows.collect() }
}

fn cells(app: &App, hit: &Hit, listing: &Listing) -> [Cell; 15] {
    let (supplier, places) = (&listing.supplier, &app.places);
    let commune = places.commune(&hit.commune);
    let families = Family::ALL.iter().filter(|family| hit.families & family.bit() != 0);
    let families: Vec<&str> = families.map(|family| words::family(*family)).collect();
    let signs: Vec<String> = marks(carried(hit), listing, app.today()).iter().map(sign).collect();
    let area = words::delivery_area(listing, places).unwrap_or_else(|| "ne livre pas".to_owned());
    [
        Cell::text(Some(&hit.name)),
        Cell::text(Some(words::kind(hit.kind))),
        Cell::text(Some(commune.map(|commune| commune.name.as_str()).unwrap_or_default())),
        Cell::text(Some(&postal_code(app, listing))),
        hit.distance_km.map_or(Cell::Empty, |km| Cell::Number(km.round())),
        Cell::text(Some(&families.join(", "))),
        Cell::text(Some(&products(hit))),
        Cell::text(Some(&signs.join(", "))),
        Cell::text(Some(&words::season(hit.months))),
        Cell::text(Some(&area)),
        Cell::text(Some(&words::days(supplier.delivery_days))),
        supplier.minimum_order_cents.map_or(Cell::Empty, |cents| Cell::Cents(cents.0)),
        supplier.free_delivery_cents.map_or(Cell::Empty, |cents| Cell::Cents(cents.0)),
        supplier.confirmed_on.map_or(Cell::Empty, Cell::Date),
        Cell::Link(format!("{}/annuaire/{}", app.config.public_url(), hit.slug)),
    ]
}

/// A commune with several postal codes would place a supplier that shows its commune only.
fn postal_code(app: &App, listing: &Listing) -> String {
    let supplier = &listing.supplier;
    match app.places.commune(&supplier.insee_code).map(|commune| commune.postal_codes.as_slice()) {
        Some([only]) => only.clone(),
        _ if supplier.public_position().is_some() => supplier.postal_code.clone().unwrap_or_default(),
        _ => String::new(),
    }
}

fn products(hit: &Hit) -> String {
    let names: Vec<String> = hit.offers.iter().map(|offer| tidy(&offer.name)).collect();
    match hit.offer_count.saturating_sub(names.len()) {
        0 => names.join(", "),
        1 => format!("{} et 1 autre", names.join(", ")),
        n => format!("{} et {n} autres", names.join(", ")),
    }
}

fn sign(mark: &Mark) -> String {
    format!("{} ({})", mark.label, mark.standing)
}

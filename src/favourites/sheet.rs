use super::entry::{Entry, Shown};
use crate::app::App;
use crate::tables::{Cell, Sheet};

const HEADINGS: [&str; 12] = [
    "Nom",
    "Type",
    "Commune",
    "Distance environ (km)",
    "Produits",
    "Signes de qualité prouvés",
    "Livraison",
    "Jours de livraison",
    "Téléphone",
    "Courriel",
    "Note",
    "Fiche en ligne",
];
/// What is said of a supplier that the directory does not show.
pub(super) const GONE: &str = "n’est plus dans l’annuaire pour le moment";

/// A list as a table, one line a supplier.
pub(super) fn sheet(app: &App, entries: &[Entry]) -> Sheet {
    let rows = entries.iter().map(|entry| match &entry.shown {
        Some(shown) => line(app, entry, shown),
        None => gone(entry),
    });
    Sheet { name: "Liste", headings: HEADINGS.map(str::to_owned).to_vec(), rows: rows.map(Vec::from).collect() }
}

fn line(app: &App, entry: &Entry, shown: &Shown) -> [Cell; 12] {
    let glance = &shown.glance;
    [
        Cell::text(Some(&entry.name)),
        Cell::text(Some(glance.kind)),
        Cell::text(Some(&glance.commune)),
        glance.distance_km.map_or(Cell::Empty, |km| Cell::Number(km.round())),
        Cell::text(Some(&glance.products.join(", "))),
        Cell::text(Some(&glance.proven.join(", "))),
        Cell::text(Some(&glance.delivery)),
        Cell::text(Some(&glance.days)),
        Cell::text(shown.phone.as_deref()),
        Cell::text(shown.email.as_deref()),
        Cell::text(Some(&entry.note)),
        Cell::Link(format!("{}/annuaire/{}", app.config.public_url(), shown.slug)),
    ]
}

fn gone(entry: &Entry) -> [Cell; 12] {
    let mut cells = [const { Cell::Empty }; 12];
    cells[0] = Cell::text(Some(&entry.name));
    cells[10] = Cell::text(Some(&entry.note));
    cells[11] = Cell::text(Some(GONE));
    cells
}

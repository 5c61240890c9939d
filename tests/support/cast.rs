//! The suppliers of the journeys, brought in as an organiser brings them, and a reader of the pages.

use std::fmt::Write;

use manger_local::{
    app::App,
    directory::{Position, step},
    suppliers::import::{self, Options},
    tables::Report,
};
use poem::{endpoint::BoxEndpoint, http::StatusCode, test::TestClient};

use super::{Site, html::Html};

/// Six suppliers around Le Puy, one of them far away in Brioude.
pub(crate) const SUPPLIERS: &str = include_str!("../data/fournisseurs.csv");
/// What they sell.
pub(crate) const OFFERS: &str = include_str!("../data/offres.csv");

/// Brings the cast into the directory; the index does not know of it yet.
pub(crate) async fn bring_cast(app: &App) {
    let report = import_suppliers(app, SUPPLIERS).await;
    assert!(report.is_clean() && report.created == 6, "{report}");
    let report = import_offers(app, OFFERS).await;
    assert!(report.is_clean(), "{report}");
}

/// Brings the cast and reads it into the index.
pub(crate) async fn open_with_cast(site: &Site) -> Position {
    bring_cast(&site.app).await;
    step(&site.app, Position::default()).await.expect("the index is built")
}

pub(crate) async fn import_suppliers(app: &App, table: &str) -> Report {
    import::suppliers(app, table.as_bytes(), &options(app), &mut |_| {}).await.expect("suppliers are imported")
}

pub(crate) async fn import_offers(app: &App, table: &str) -> Report {
    import::offers(app, table.as_bytes(), &options(app), &mut |_| {}).await.expect("offers are imported")
}

/// A table of so many farms of Le Puy: `R0000`, `R0001`…
pub(crate) fn farms(prefix: char, count: usize) -> String {
    (0..count).fold("Référence;Nom;Type;Code postal;Commune\n".to_owned(), |mut table, number| {
        let _ = writeln!(table, "{prefix}{number:04};Ferme {number:04};Producteur;43000;Le Puy-en-Velay");
        table
    })
}

fn options(app: &App) -> Options {
    Options::new("table.csv", app.clock.now(), app.today())
}

/// Opens an address and reads its page.
pub(crate) async fn visit(browser: &TestClient<BoxEndpoint<'static>>, address: &str) -> Html {
    let answer = browser.get(address).send().await;
    assert_eq!(answer.0.status(), StatusCode::OK, "{address}");
    Html::read(&answer.0.into_body().into_string().await.expect("a text"))
}

/// `/annuaire` with these fields of its form.
pub(crate) fn search(fields: &[(&str, &str)]) -> String {
    format!("/annuaire?{}", serde_urlencoded::to_string(fields).expect("fields"))
}

/// References of the suppliers found, in order.
pub(crate) fn found(page: &Html) -> Vec<&str> {
    page.all(".supplier").into_iter().filter_map(|card| card.attribute("data-reference")).collect()
}

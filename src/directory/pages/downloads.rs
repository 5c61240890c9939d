//! The results as files, with the parameters of the page.

use poem::web::Data;
use poem::{Response, handler};

use crate::app::App;
use crate::directory::features::{Addresses, SupplierFeatures};
use crate::directory::found::{Found, answer, built, file_name};
use crate::directory::query::{Query, sentences};
use crate::directory::table;
use crate::tables::Sheet;
use crate::web::{Error, Frame, Result, attached};

/// Suppliers in a file at most.
pub(in crate::directory) const MOST: usize = 5_000;

/// `GET /annuaire.csv`
#[handler]
pub(crate) async fn csv(app: Data<&App>, frame: Frame) -> Result<Response> {
    let query = asked(&app, &frame)?;
    let found = Found::find(&app, &query, MOST).await?;
    let table = table::sheet(&app, &found).to_csv();
    Ok(attached(&file_name(&app, &query, "csv"), Sheet::CSV, table))
}

/// `GET /annuaire.xlsx`
#[handler]
pub(crate) async fn xlsx(app: Data<&App>, frame: Frame) -> Result<Response> {
    let query = asked(&app, &frame)?;
    let found = Found::find(&app, &query, MOST).await?;
    let workbook = table::sheet(&app, &found).to_xlsx().map_err(Error::broken("writing a workbook"))?;
    Ok(attached(&file_name(&app, &query, "xlsx"), Sheet::XLSX, workbook))
}

/// `GET /annuaire.geojson`: what the map draws.
#[handler]
pub(crate) fn geojson(app: Data<&App>, frame: Frame) -> Result<Response> {
    let query = asked(&app, &frame)?;
    let addresses = Addresses { base: "", kitchen: query.commune(&app.places) };
    let features = SupplierFeatures::of(&answer(&app, &query, MOST), &app.places, &addresses);
    let body = serde_json::to_vec(&features).map_err(Error::broken("writing GeoJSON"))?;
    Ok(Response::builder().content_type("application/geo+json").body(body))
}

/// What the address asks. A file that silently left out a filter would be taken for what was asked.
fn asked(app: &App, frame: &Frame) -> Result<Query> {
    built(app)?;
    let text = frame.uri().query().unwrap_or_default();
    let (query, problems) = Query::read(text, &app.places, app.index.lexicon(), &app.config.territory);
    if problems.is_empty() { Ok(query) } else { Err(Error::bad_request(sentences(&problems))) }
}

//! Where organisers read what all visits came to, print it and take it away.

use askama::Template;
use poem::web::Data;
use poem::{Response, handler};

use crate::accounts::Organiser;
use crate::app::App;
use crate::farm_visits::after::statistics::{self, Gathered};
use crate::figures::Table;
use crate::tables::{Sheet, workbook};
use crate::web::{Error, Frame, Result, attached, filters, page, private};

#[derive(Template)]
#[template(path = "farm_visits/after/statistics.html")]
struct StatisticsPage {
    tables: Vec<Table>,
    frame: Frame,
}

/// `GET /organisation/visites/chiffres`
#[handler]
pub(crate) async fn show(app: Data<&App>, _: Organiser, frame: Frame) -> Result<Response> {
    let all = Gathered::of(&app, app.clock.now()).await?;
    Ok(private(page(&StatisticsPage { tables: statistics::tables(&all, &app.places), frame })?))
}

/// `GET /organisation/visites/chiffres.csv`
#[handler]
pub(crate) async fn csv(app: Data<&App>, _: Organiser) -> Result<Response> {
    let all = Gathered::of(&app, app.clock.now()).await?;
    Ok(kept(&app, "csv", Sheet::CSV, statistics::sheet(&all, &app.places).to_csv()))
}

/// `GET /organisation/visites/chiffres.xlsx`: the figures, and every registration.
#[handler]
pub(crate) async fn xlsx(app: Data<&App>, _: Organiser) -> Result<Response> {
    let all = Gathered::of(&app, app.clock.now()).await?;
    let sheets = [statistics::sheet(&all, &app.places), statistics::registrations(&app, &all)];
    let workbook = workbook(&sheets).map_err(Error::broken("writing a workbook"))?;
    Ok(kept(&app, "xlsx", Sheet::XLSX, workbook))
}

/// A file to keep: `visites-2027-03-16.xlsx`.
fn kept(app: &App, extension: &str, content_type: &str, body: Vec<u8>) -> Response {
    private(attached(&format!("visites-{}.{extension}", app.today()), content_type, body))
}

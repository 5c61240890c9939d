//! Where organisers read the figures, print them and take them away.

use askama::Template;
use chrono::NaiveDate;
use poem::web::Data;
use poem::{Response, handler};

use super::gather::gather;
use super::subjects;
use super::table::{self, Table};
use crate::accounts::Organiser;
use crate::app::App;
use crate::suppliers::slug;
use crate::tables::Sheet;
use crate::web::{Error, Frame, Result, attached, filters, page, private};

#[derive(Template)]
#[template(path = "figures/figures.html")]
struct FiguresPage {
    tables: Vec<Table>,
    today: NaiveDate,
    frame: Frame,
}

/// `GET /organisation/chiffres`
#[handler]
pub(crate) async fn show(app: Data<&App>, _: Organiser, frame: Frame) -> Result<Response> {
    let tables = subjects::tables(&app, &gather(&app).await?);
    Ok(private(page(&FiguresPage { tables, today: app.today(), frame })?))
}

/// `GET /organisation/chiffres.csv`
#[handler]
pub(crate) async fn csv(app: Data<&App>, _: Organiser) -> Result<Response> {
    let sheet = table::sheet(&subjects::tables(&app, &gather(&app).await?));
    Ok(kept(&app, "csv", Sheet::CSV, sheet.to_csv()))
}

/// `GET /organisation/chiffres.xlsx`
#[handler]
pub(crate) async fn xlsx(app: Data<&App>, _: Organiser) -> Result<Response> {
    let sheet = table::sheet(&subjects::tables(&app, &gather(&app).await?));
    let workbook = sheet.to_xlsx().map_err(Error::broken("writing a workbook"))?;
    Ok(kept(&app, "xlsx", Sheet::XLSX, workbook))
}

/// A file to keep: `chiffres-haute-loire-2027-03-16.csv`.
fn kept(app: &App, extension: &str, content_type: &str, body: Vec<u8>) -> Response {
    let territory = app.places.department(&app.config.territory).map(|known| known.name.as_str()).unwrap_or_default();
    let name = format!("{}-{}.{extension}", slug(&format!("chiffres {territory}")), app.today());
    private(attached(&name, content_type, body))
}

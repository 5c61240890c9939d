//! Where organisers read the figures, print them and take them away.

use askama::Template;
use chrono::NaiveDate;
use poem::http::header;
use poem::web::Data;
use poem::{Response, handler};

use super::gather::gather;
use super::table::{self, Table};
use crate::accounts::Organiser;
use crate::app::App;
use crate::suppliers::slug;
use crate::web::{Error, Frame, Result, filters, page, private};

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
    let tables = table::tables(&app, &gather(&app).await?);
    Ok(private(page(&FiguresPage { tables, today: app.today(), frame })?))
}

/// `GET /organisation/chiffres.csv`
#[handler]
pub(crate) async fn csv(app: Data<&App>, _: Organiser) -> Result<Response> {
    let sheet = table::sheet(&table::tables(&app, &gather(&app).await?));
    Ok(attached(&app, "csv", "text/csv; charset=utf-8", sheet.to_csv()))
}

/// `GET /organisation/chiffres.xlsx`
#[handler]
pub(crate) async fn xlsx(app: Data<&App>, _: Organiser) -> Result<Response> {
    let sheet = table::sheet(&table::tables(&app, &gather(&app).await?));
    let workbook = sheet.to_xlsx().map_err(Error::broken("writing a workbook"))?;
    Ok(attached(&app, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", workbook))
}

/// A file to keep: `chiffres-haute-loire-2027-03-16.csv`.
fn attached(app: &App, extension: &str, content_type: &str, body: Vec<u8>) -> Response {
    let territory = app.places.department(&app.config.territory).map(|known| known.name.as_str()).unwrap_or_default();
    let name = format!("{}-{}.{extension}", slug(&format!("chiffres {territory}")), app.today());
    let disposition = format!("attachment; filename=\"{name}\"");
    private(Response::builder().content_type(content_type).header(header::CONTENT_DISPOSITION, disposition).body(body))
}

//! The results on paper: everything on one page, a few lines each.

use askama::Template;
use poem::Response;

use super::results::{PATH, heading};
use crate::app::App;
use crate::directory::card::Card;
use crate::directory::found::Found;
use crate::directory::query::{Query, sentences};
use crate::directory::words;
use crate::web::{Error, Frame, Result, filters, page};

/// Suppliers printed at most: some thirty sheets.
const MOST: usize = 300;

#[derive(Template)]
#[template(path = "directory/print.html")]
struct Print {
    frame: Frame,
    heading: String,
    limits: Vec<String>,
    counted: String,
    left_out: usize,
    cards: Vec<Card>,
    back: String,
    today: chrono::NaiveDate,
}

/// The page of a search to print.
pub(super) async fn print(app: &App, frame: Frame, query: &Query, limits: Vec<String>) -> Result<Response> {
    let found = Found::find(app, query, MOST).await?;
    page(&Print {
        heading: heading(query, query.commune(&app.places)),
        limits,
        counted: words::suppliers(found.total),
        left_out: found.total - found.suppliers.len(),
        cards: found.cards(app, &query.q),
        back: query.with(|q| q.print = false).link(PATH, app.index.lexicon()),
        today: app.today(),
        frame,
    })
}

/// What a list on paper cannot leave to a notice above it.
pub(super) fn refuse(problems: &[crate::directory::query::Problem]) -> Result<()> {
    if problems.is_empty() { Ok(()) } else { Err(Error::bad_request(sentences(problems))) }
}

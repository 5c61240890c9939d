//! All editions, for organisers.

use askama::Template;
use poem::web::Data;
use poem::{Response, handler};

use crate::accounts::Organiser;
use crate::app::App;
use crate::places::Places;
use crate::speed_meetings::edition::{self, Edition};
use crate::web::{Frame, Pages, Result, filters, french, page, private};

/// Address of the page.
pub(super) const PATH: &str = "/organisation/rencontres";
/// Editions on a page.
const SHOWN: u64 = 25;

#[derive(Template)]
#[template(path = "speed_meetings/list.html")]
struct ListPage {
    lines: Vec<Line>,
    pages: Pages,
    frame: Frame,
}

/// An edition.
struct Line {
    href: String,
    title: String,
    day: String,
    place: String,
    state: &'static str,
}

impl ListPage {
    fn done(&self) -> Option<&'static str> {
        (self.frame.done() == "retrait").then_some("Le brouillon est effacé.")
    }
}

/// `GET /organisation/rencontres`
#[handler]
pub(crate) async fn list(app: Data<&App>, _: Organiser, frame: Frame) -> Result<Response> {
    let pages = Pages::asked(frame.uri(), SHOWN, edition::count(&app.db).await?);
    let editions = edition::page(&app.db, pages.offset(), SHOWN).await?;
    let lines = editions.into_iter().map(|one| line(one, &app.places)).collect();
    Ok(private(page(&ListPage { lines, pages, frame })?))
}

fn line(edition: Edition, places: &Places) -> Line {
    Line {
        href: edition.desk(),
        day: french::day(edition.held_on),
        place: place(&edition, places),
        state: edition.state.label(),
        title: edition.title,
    }
}

/// Hall and commune, as far as they are known.
pub(super) fn place(edition: &Edition, places: &Places) -> String {
    let commune =
        edition.insee_code.as_deref().and_then(|code| places.commune(code)).map(|commune| commune.name.clone());
    let parts = [Some(edition.hall.clone()).filter(|hall| !hall.is_empty()), commune];
    french::typographic(&parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
}

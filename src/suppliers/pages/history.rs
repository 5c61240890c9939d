//! What was done with one's listing, and by whom, as its people read it.

use askama::Template;
use poem::web::Data;
use poem::{Response, handler};

use super::desk::Desk;
use crate::accounts;
use crate::app::App;
use crate::audit::{self, Actor, Entry};
use crate::web::{Frame, Pages, Result, filters, french, page, private};

/// Entries on a page.
const SHOWN: u64 = 50;

#[derive(Template)]
#[template(path = "suppliers/history.html")]
struct HistoryPage {
    desk: Desk,
    /// Who, what, when, and with what else one must know.
    lines: Vec<(String, String, String, String)>,
    pages: Pages,
    frame: Frame,
}

/// `GET /fiche/{id}/historique`
#[handler]
pub(crate) async fn show(app: Data<&App>, desk: Desk, frame: Frame) -> Result<Response> {
    let listing = desk.draft.supplier_id.map(|id| format!("suppliers/{id}"));
    let rows: Vec<String> = listing.into_iter().chain([format!("organisations/{}", desk.id)]).collect();
    let pages = Pages::asked(frame.uri(), SHOWN, audit::count_about(&app.db, &rows).await?);
    let entries = audit::about(&app.db, &rows, pages.offset(), SHOWN).await?;
    let team = accounts::people(&app.db, desk.id).await?;
    let line = |entry: Entry| {
        let own = team.iter().find(|person| Some(person.id) == entry.person_id);
        let who = match (entry.actor, own) {
            (Actor::Person, Some(person)) => person.called().to_owned(),
            (Actor::Program, _) => "Le programme".to_owned(),
            // Organisers and cooks are not named to suppliers.
            _ => "Quelqu’un hors de votre équipe".to_owned(),
        };
        (who, entry.act, french::moment(app.local(entry.at)), entry.detail)
    };
    let lines = entries.into_iter().map(line).collect();
    Ok(private(page(&HistoryPage { desk, lines, pages, frame })?))
}

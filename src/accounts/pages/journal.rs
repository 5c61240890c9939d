//! Who did what, as organisers read it.

use std::collections::HashMap;

use askama::Template;
use poem::web::Data;
use poem::{Response, handler};

use crate::accounts::person;
use crate::accounts::visit::Organiser;
use crate::app::App;
use crate::audit::{self, Actor, Entry};
use crate::web::{Frame, Pages, Result, filters, french, page, private};

/// Entries on a page.
const SHOWN: u64 = 100;

#[derive(Template)]
#[template(path = "accounts/journal.html")]
struct JournalPage {
    lines: Vec<Line>,
    pages: Pages,
    frame: Frame,
}

struct Line {
    when: String,
    who: String,
    what: String,
    /// Table and key.
    on: String,
    detail: String,
    /// Where that row is shown.
    href: Option<String>,
}

/// `GET /organisation/journal`
#[handler]
pub(crate) async fn journal(app: Data<&App>, _: Organiser, frame: Frame) -> Result<Response> {
    let total = audit::count(&app.db, None).await?;
    let pages = Pages::asked(frame.uri(), SHOWN, total);
    let entries = audit::page(&app.db, None, pages.offset(), SHOWN).await?;
    let ids: Vec<i64> = entries.iter().filter_map(|entry| entry.person_id).collect();
    let people = person::by_ids(&app.db, &ids).await?;
    let names = people.iter().map(|person| (person.id, person.called())).collect();
    let lines = entries.into_iter().map(|entry| line(&app, entry, &names)).collect();
    Ok(private(page(&JournalPage { lines, pages, frame })?))
}

fn line(app: &App, entry: Entry, names: &HashMap<i64, &str>) -> Line {
    let who = match (entry.actor, entry.person_id.and_then(|id| names.get(&id))) {
        (Actor::Operator, _) => "Une commande sur le serveur",
        (Actor::Program, _) => "Le programme",
        (Actor::Person, Some(name)) => name,
        (Actor::Person, None) => "Une personne dont le compte est effacé",
    };
    let href = entry.subject.split_once('/').and_then(|(table, id)| match table {
        "organisations" => Some(format!("/equipes/{id}")),
        "editions" => Some(format!("/organisation/rencontres/{id}")),
        "outgoing_mails" => Some(format!("/organisation/courrier/{id}")),
        _ => None,
    });
    Line {
        when: french::moment(app.local(entry.at)),
        who: who.to_owned(),
        what: entry.act,
        on: entry.subject,
        detail: entry.detail,
        href,
    }
}

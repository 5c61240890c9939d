//! The messages that suppliers show the organisers.

use askama::Template;
use poem::web::{Data, Path};
use poem::{Response, handler};

use crate::accounts::{self, Organiser};
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::contacts::{contact, report};
use crate::suppliers::load_many;
use crate::web::{Csrf, Error, Form, Frame, Pressed, Result, filters, french, page, private, see_other};

const PATH: &str = "/organisation/messages";
/// Reports on the page.
const SHOWN: u64 = 100;

#[derive(Template)]
#[template(path = "contacts/reports.html")]
struct ReportsPage {
    lines: Vec<Line>,
    csrf: Csrf,
    frame: Frame,
}

/// A message that a supplier shows.
struct Line {
    id: i64,
    canteen: String,
    team: i64,
    supplier: String,
    slug: String,
    day: String,
    message: String,
    words: String,
}

/// `GET /organisation/messages`
#[handler]
pub(crate) async fn reports(app: Data<&App>, _: Organiser, frame: Frame, csrf: Csrf) -> Result<Response> {
    let open = report::open(&app.db, SHOWN).await?;
    let ids: Vec<i64> = open.iter().map(|report| report.contact_id).collect();
    let contacts = contact::by_ids(&app.db, &ids).await?;
    let suppliers: Vec<i64> = contacts.iter().map(|contact| contact.supplier_id).collect();
    let listings = load_many(&app.db, &suppliers).await?;
    let teams: Vec<i64> = contacts.iter().map(|contact| contact.organisation_id).collect();
    let names = accounts::names_of(&app.db, &teams).await?;
    let line = |report: report::ContactReport| {
        let contact = contacts.iter().find(|contact| contact.id == report.contact_id)?;
        let supplier = &listings.iter().find(|listing| listing.supplier.id == contact.supplier_id)?.supplier;
        let name = names.iter().find(|(id, _)| *id == contact.organisation_id);
        Some(Line {
            id: contact.id,
            canteen: name.map(|(_, name)| name.clone()).unwrap_or_default(),
            team: contact.organisation_id,
            supplier: supplier.name.clone(),
            slug: supplier.slug.clone(),
            day: french::date(app.local(contact.created_at).date()),
            message: contact.message.clone(),
            words: report.words,
        })
    };
    let lines = open.into_iter().filter_map(line).collect();
    Ok(private(page(&ReportsPage { lines, csrf, frame })?))
}

/// `POST /organisation/messages/{id}`: done with it.
#[handler]
pub(crate) async fn close(
    app: Data<&App>,
    Organiser(person): Organiser,
    Path(id): Path<i64>,
    _: Form<Pressed>,
) -> Result<Response> {
    let now = app.clock.now();
    let txn = app.write().await?;
    contact::by_id(&txn, id).await?.ok_or(Error::NotFound)?;
    if report::close(&txn, id, now).await? {
        let act = Act::new("a classé un message signalé", format!("contacts/{id}"));
        audit::record(&txn, By::Person(person.id), act, now).await?;
        txn.commit().await?;
    }
    Ok(see_other(&format!("{PATH}?fait=classement")))
}

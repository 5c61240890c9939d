//! The mails of this room, drawn when they are decided.

use askama::Template;
use chrono::{DateTime, Utc};
use sea_orm::DatabaseTransaction;

use crate::accounts::Person;
use crate::app::App;
use crate::mail::{Content, EmailAddress, Letterhead, NewMail, NotEnqueued, Sender, enqueue};
use crate::web::french;

#[derive(Template)]
#[template(path = "personal_data/mail/inactivity/subject.txt")]
struct InactivitySubject<'a> {
    head: &'a Letterhead,
}

#[derive(Template)]
#[template(path = "personal_data/mail/inactivity/body.txt")]
struct InactivityText<'a> {
    head: &'a Letterhead,
    seen: &'a str,
    until: &'a str,
}

#[derive(Template)]
#[template(path = "personal_data/mail/inactivity/body.html")]
struct InactivityHtml<'a> {
    head: &'a Letterhead,
    seen: &'a str,
    until: &'a str,
}

#[derive(Template)]
#[template(path = "personal_data/mail/erased/subject.txt")]
struct ErasedSubject<'a> {
    head: &'a Letterhead,
}

#[derive(Template)]
#[template(path = "personal_data/mail/erased/body.txt")]
struct ErasedText<'a> {
    head: &'a Letterhead,
}

#[derive(Template)]
#[template(path = "personal_data/mail/erased/body.html")]
struct ErasedHtml<'a> {
    head: &'a Letterhead,
}

/// Tells a person that her account will be erased unless she comes back.
///
/// # Errors
/// When the mail cannot be made or written down.
pub(super) async fn inactivity(
    txn: &DatabaseTransaction,
    app: &App,
    person: &Person,
    until: DateTime<Utc>,
) -> Result<bool, NotEnqueued> {
    let head = &Letterhead::new(&app.config);
    let day = |at: DateTime<Utc>| french::date(app.local(at).date());
    let last = person.last_seen_at.unwrap_or(person.created_at);
    let (seen, until) = (&day(last), &day(until));
    let content = away(head, seen, until)?;
    // Told once for each time away.
    let about = format!("inactivity/{}/{}", person.id, last.timestamp());
    send(txn, app, "inactivity", about, person, content, false).await
}

/// Tells a person that her account is erased: the last mail she gets.
///
/// # Errors
/// When the mail cannot be made or written down.
pub(super) async fn erased(txn: &DatabaseTransaction, app: &App, person: &Person) -> Result<bool, NotEnqueued> {
    let head = &Letterhead::new(&app.config);
    let content = gone(head)?;
    // Kept as short as a mail that lets somebody in: a week, without its text.
    send(txn, app, "erased", format!("people/{}", person.id), person, content, true).await
}

fn away(head: &Letterhead, seen: &str, until: &str) -> askama::Result<Content> {
    Content::draw(
        &InactivitySubject { head },
        &InactivityText { head, seen, until },
        &InactivityHtml { head, seen, until },
    )
}

fn gone(head: &Letterhead) -> askama::Result<Content> {
    Content::draw(&ErasedSubject { head }, &ErasedText { head }, &ErasedHtml { head })
}

/// One of each mail of this room, with the folder of its templates.
///
/// # Errors
/// When one cannot be drawn.
pub fn samples(head: &Letterhead) -> askama::Result<Vec<(&'static str, Content)>> {
    Ok(vec![
        ("personal_data/mail/inactivity", away(head, "16 mars 2025", "15 avril 2027")?),
        ("personal_data/mail/erased", gone(head)?),
    ])
}

async fn send(
    txn: &DatabaseTransaction,
    app: &App,
    kind: &'static str,
    about: String,
    person: &Person,
    content: Content,
    is_secret: bool,
) -> Result<bool, NotEnqueued> {
    let to = &EmailAddress::parse(&person.email).map_err(|_| NotEnqueued::Address)?;
    let mail = NewMail { kind, about, version: 1, to, content, is_secret, useful_until: None };
    enqueue(txn, &Sender::new(&app.config)?, &app.random, mail, app.clock.now()).await
}

//! The mail of this room, drawn when it is decided.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use sea_orm::DatabaseTransaction;

use super::choice::remaining;
use super::reminder::Letter;
use crate::app::App;
use crate::mail::suppression::{Category, OptionalMail, enqueue_optional};
use crate::mail::{Content, EmailAddress, Letterhead, NotEnqueued, letter};
use crate::speed_meetings::edition::Edition;
use crate::web::french;

/// What the mail tells.
struct Told<'a> {
    title: String,
    /// « jeudi 20 mai 2027 »
    day: String,
    /// Her organisations that have said nobody.
    teams: Vec<Team>,
    /// « jeudi 6 mai 2027 »
    until: String,
    /// « encore 5 jours »
    remaining: String,
    /// Where one gets no more of it.
    way_out: &'a str,
}

/// One of them.
struct Team {
    name: String,
    /// What its button says, and where it leads.
    words: String,
    link: String,
}

letter!(
    draw_reminder,
    Told,
    "speed_meetings/mail/wish_reminder/subject.txt",
    "speed_meetings/mail/wish_reminder/body.txt",
    "speed_meetings/mail/wish_reminder/body.html"
);

/// Reminds a person, unless she does not want it, that nobody is in the lists of these organisations of hers; at most once a
/// day for an edition. It tells nothing any more after the moment given.
///
/// # Errors
/// When a mail cannot be made or written down.
pub(super) async fn reminder(
    txn: &DatabaseTransaction,
    app: &App,
    edition: &Edition,
    Letter { person, teams }: &Letter,
    (today, useful_until): (NaiveDate, Option<DateTime<Utc>>),
) -> Result<(), NotEnqueued> {
    let to = &EmailAddress::parse(&person.email).map_err(|_| NotEnqueued::Address)?;
    let version = today.year().unsigned_abs() * 10_000 + today.month() * 100 + today.day();
    let about = format!("editions/{}/people/{}", edition.id, person.id);
    let mail = OptionalMail { category: Category::WishReminder, about, version, useful_until };
    let draw = |head: &Letterhead, way_out: &str| {
        let told = Told {
            title: french::typographic(&edition.title),
            day: french::day(edition.held_on),
            teams: links(&format!("{}{}", app.config.public_url(), edition.path()), teams),
            until: french::day(edition.wishes_until),
            remaining: remaining(edition, today).unwrap_or_default(),
            way_out,
        };
        draw_reminder(head, &told)
    };
    enqueue_optional(txn, app, to, mail, draw).await.map(drop)
}

/// Name of each, and what its button says and where it leads.
fn links(page: &str, teams: &[(i64, String)]) -> Vec<Team> {
    let words = |name: &str| match teams.len() {
        1 => "Choisir qui rencontrer".to_owned(),
        _ => french::typographic(&format!("Choisir, pour « {name} »")),
    };
    let team = |(id, name): &(i64, String)| Team {
        name: french::typographic(name),
        words: words(name),
        link: format!("{page}/souhaits/{id}"),
    };
    teams.iter().map(team).collect()
}

/// One of each mail of this room, with the folder of its templates.
///
/// # Errors
/// When one cannot be drawn.
pub(in crate::speed_meetings) fn samples(head: &Letterhead) -> askama::Result<Vec<(&'static str, Content)>> {
    let way_out = format!("{}/courrier/arret/0123456789abcdef0123456789abcdef", head.address);
    let page = format!("{}/rencontres/rencontre-du-velay-2027", head.address);
    let teams = &[(12, "Collège des Sucs".to_owned()), (13, "Lycée du Mézenc".to_owned())];
    let told = Told {
        title: "Rencontre du Velay".to_owned(),
        day: "jeudi 20 mai 2027".to_owned(),
        teams: links(&page, teams),
        until: "jeudi 6 mai 2027".to_owned(),
        remaining: "encore 5 jours".to_owned(),
        way_out: &way_out,
    };
    Ok(vec![("speed_meetings/mail/wish_reminder", draw_reminder(head, &told)?)])
}

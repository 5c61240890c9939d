//! The mail of this room, drawn when it is decided.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use sea_orm::DatabaseTransaction;

use super::choice::remaining;
use crate::accounts;
use crate::app::App;
use crate::mail::suppression::{Category, OptionalMail, enqueue_optional};
use crate::mail::{Content, EmailAddress, Letterhead, NotEnqueued, letter};
use crate::speed_meetings::edition::Edition;
use crate::speed_meetings::participant::Participant;
use crate::web::french;

/// What the mail tells.
struct Told<'a> {
    title: String,
    /// « jeudi 20 mai 2027 »
    day: String,
    organisation: &'a str,
    /// « jeudi 6 mai 2027 »
    until: String,
    /// « encore 5 jours »
    remaining: String,
    link: String,
    /// Where one gets no more of it.
    way_out: &'a str,
}

letter!(
    draw_reminder,
    Told,
    "speed_meetings/mail/wish_reminder/subject.txt",
    "speed_meetings/mail/wish_reminder/body.txt",
    "speed_meetings/mail/wish_reminder/body.html"
);

/// Reminds each person of a participant, but who does not want it, that nobody is in its list; at most one a day. It tells
/// nothing any more after the moment given.
///
/// # Errors
/// When a mail cannot be made or written down.
pub(super) async fn reminder(
    txn: &DatabaseTransaction,
    app: &App,
    edition: &Edition,
    participant: &Participant,
    (today, useful_until): (NaiveDate, Option<DateTime<Utc>>),
) -> Result<(), NotEnqueued> {
    let organisation = participant.organisation_id;
    let name = accounts::names_of(txn, &[organisation]).await?.pop().map(|(_, name)| name).unwrap_or_default();
    let version = today.year().unsigned_abs() * 10_000 + today.month() * 100 + today.day();
    for person in accounts::people(txn, organisation).await? {
        let to = &EmailAddress::parse(&person.email).map_err(|_| NotEnqueued::Address)?;
        let about = format!("participants/{}/{}", participant.id, person.id);
        let mail = OptionalMail { category: Category::WishReminder, about, version, useful_until };
        enqueue_optional(txn, app, to, mail, |head, way_out| {
            let told = Told {
                title: french::typographic(&edition.title),
                day: french::day(edition.held_on),
                organisation: &name,
                until: french::day(edition.wishes_until),
                remaining: remaining(edition, today).unwrap_or_default(),
                link: format!("{}{}/souhaits/{organisation}", app.config.public_url(), edition.path()),
                way_out,
            };
            draw_reminder(head, &told)
        })
        .await?;
    }
    Ok(())
}

/// One of each mail of this room, with the folder of its templates.
///
/// # Errors
/// When one cannot be drawn.
pub(in crate::speed_meetings) fn samples(head: &Letterhead) -> askama::Result<Vec<(&'static str, Content)>> {
    let way_out = format!("{}/courrier/arret/0123456789abcdef0123456789abcdef", head.address);
    let told = Told {
        title: "Rencontre du Velay".to_owned(),
        day: "jeudi 20 mai 2027".to_owned(),
        organisation: "Collège des Sucs",
        until: "jeudi 6 mai 2027".to_owned(),
        remaining: "encore 5 jours".to_owned(),
        link: format!("{}/rencontres/rencontre-du-velay-2027/souhaits/12", head.address),
        way_out: &way_out,
    };
    Ok(vec![("speed_meetings/mail/wish_reminder", draw_reminder(head, &told)?)])
}

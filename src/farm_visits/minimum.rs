//! Too few come: organisers are told while something can still be done about it.

use chrono::{DateTime, Utc};
use sea_orm::DatabaseTransaction;

use super::before::NEAR;
use super::farm_visit::FarmVisit;
use super::mail::{hours, party};
use super::registration::{self, Registration, Standing};
use super::visit_date::{State, VisitDate};
use crate::accounts;
use crate::app::App;
use crate::mail::{Content, Letterhead, NotEnqueued, letter};
use crate::web::french;

/// What organisers are told.
struct TooFew<'a> {
    title: &'a str,
    /// « jeudi 20 mai 2027, de 9 h 30 à 12 h »
    when: String,
    /// « 3 personnes »
    come: String,
    /// « 8 personnes »
    minimum: String,
    /// Those who asked and are not sure yet: « 2 personnes »; may be empty.
    may_come: String,
    /// « 18 mai 2027, 9 h 30 »
    closes: String,
    /// Whether registration is over.
    is_over: bool,
    link: String,
}

letter!(
    draw,
    TooFew,
    "farm_visits/mail/too_few/subject.txt",
    "farm_visits/mail/too_few/body.txt",
    "farm_visits/mail/too_few/body.html"
);

/// How many people of these registrations come, and how many would.
pub(super) fn counted(rows: &[Registration]) -> (i32, i32) {
    let sum = |states: &[Standing]| {
        let those = rows.iter().filter(|row| states.contains(&row.state));
        those.map(|row| row.party_size).sum()
    };
    (sum(&[Standing::Confirmed]), sum(&[Standing::Held, Standing::Offered, Standing::Waiting]))
}

/// Whether organisers have to say what becomes of a date to which so many come: registration is over or nearly, and they have
/// not said that it takes place.
pub(super) fn is_short(date: &VisitDate, come: i32, now: DateTime<Utc>) -> bool {
    let is_shown = matches!(date.state, State::Open | State::Closed);
    is_shown && !date.is_confirmed && come < date.minimum && now >= date.closes_at - NEAR && now < date.starts_at
}

/// Tells each organiser once for the moment `due` that too few come to a locked date; nothing when enough do.
///
/// # Errors
/// When a mail cannot be made or written down.
pub(super) async fn warn(
    txn: &DatabaseTransaction,
    app: &App,
    (visit, date): (&FarmVisit, &VisitDate),
    due: DateTime<Utc>,
) -> Result<(), NotEnqueued> {
    let now = app.clock.now();
    let (come, may_come) = counted(&registration::in_states(txn, date.id, &Standing::ALIVE).await?);
    if !is_short(date, come, now) {
        return Ok(());
    }
    let told = TooFew {
        title: &french::typographic(&visit.title),
        when: format!("{}, {}", french::day(app.local(date.starts_at).date()), hours(app, date)),
        come: party(come),
        minimum: party(date.minimum),
        may_come: if may_come > 0 { party(may_come) } else { String::new() },
        closes: french::moment(app.local(date.closes_at)),
        is_over: now >= date.closes_at || date.state == State::Closed,
        link: format!("{}/organisation/visites/dates/{}", app.config.public_url(), date.id),
    };
    let content = draw(&Letterhead::new(&app.config), &told)?;
    let version = u32::try_from(due.timestamp() / 60).unwrap_or(u32::MAX);
    let key = ("visit_too_few", format!("visit_dates/{}", date.id), version);
    accounts::write_to_each(txn, app, key, &accounts::organisers(txn).await?, &content).await
}

/// One of them, with the folder of its templates.
///
/// # Errors
/// When it cannot be drawn.
pub(super) fn samples(head: &Letterhead) -> askama::Result<Vec<(&'static str, Content)>> {
    let told = TooFew {
        title: "Ferme des Genêts\u{a0}: lentilles et vaches laitières",
        when: "jeudi 20 mai 2027, de 9\u{a0}h\u{a0}30 à 12\u{a0}h".to_owned(),
        come: party(3),
        minimum: party(8),
        may_come: party(2),
        closes: "18 mai 2027, 9\u{a0}h\u{a0}30".to_owned(),
        is_over: false,
        link: format!("{}/organisation/visites/dates/12", head.address),
    };
    Ok(vec![("farm_visits/mail/too_few", draw(head, &told)?)])
}

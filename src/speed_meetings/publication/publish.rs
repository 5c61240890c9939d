//! The one way in which a timetable reaches people: the next version, and word to each whose day is another.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};

use super::draft::{self, Draft};
use super::mail::{self, Occasion};
use super::own_day::Hall;
use super::version::{self, Publication};
use crate::accounts;
use crate::app::App;
use crate::mail::NotEnqueued;
use crate::speed_meetings::edition::State;
use crate::speed_meetings::meeting::{Difference, Meeting};
use crate::speed_meetings::participant::Participant;
use crate::speed_meetings::plan::Plan;
use crate::speed_meetings::step;
use crate::speed_meetings::table::{self, Names};
use crate::speed_meetings::workshop;
use crate::speed_meetings::workshop::appointment::{self, Appointment};
use crate::web::french;

/// What an organiser saw before she published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    /// `editions.timetable_version`.
    pub(super) timetable: i64,
    /// The version in force, 0 before the first.
    pub(super) number: i32,
}

/// What became of a publication that an organiser asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Published {
    /// It is in force.
    Version(i32),
    /// Everybody was told already: pressed twice, or nothing is new.
    Same,
    /// The timetable is another than the one that was shown.
    Stale,
    /// Something must be mended first.
    Refused,
    /// It is too early or too late.
    Closed,
}

/// Publishes the timetable in work of a locked edition that an organiser has read; the first time, the edition is published.
///
/// # Errors
/// When it cannot be written down, or a mail cannot be made.
pub(super) async fn publish_seen(
    txn: &DatabaseTransaction,
    app: &App,
    plan: &Plan,
    seen: Seen,
    (by, words): (i64, &str),
) -> Result<Published, NotEnqueued> {
    let state = plan.edition.state;
    if state < State::Timetable || state.is_over() {
        return Ok(Published::Closed);
    }
    let draft = Draft::of(txn, plan, app.config.time_zone, app.clock.now()).await?;
    if state > State::Timetable && draft.is_same() {
        return Ok(Published::Same);
    }
    if seen != (Seen { timetable: plan.edition.timetable_version, number: draft.number() }) {
        return Ok(Published::Stale);
    }
    if draft.is_refused() {
        return Ok(Published::Refused);
    }
    if state == State::Timetable {
        step::enter_published(txn, plan, app.clock.now()).await?;
    }
    let published = publish(txn, app, plan, (Some(by), words)).await?;
    Ok(Published::Version(published.map_or(draft.number(), |(publication, _)| publication.number)))
}

/// Publishes the timetable in work of a locked edition as its next version, and tells those whose day is another; nothing
/// when it is the version in force.
///
/// # Errors
/// When it cannot be written down, or a mail cannot be made.
pub(in crate::speed_meetings) async fn publish(
    txn: &DatabaseTransaction,
    app: &App,
    plan: &Plan,
    (by, words): (Option<i64>, &str),
) -> Result<Option<(Publication, Difference)>, NotEnqueued> {
    let rows = appointment::of(txn, plan.edition.id).await?;
    let wanted: Vec<Meeting> = rows.iter().map(Appointment::meeting).collect();
    announce(txn, app, plan, (&wanted, &table::names(&plan.tables)), (by, words)).await
}

/// Takes the appointments of a participant who does not come any more out of a locked edition. What others were told of her is
/// taken back at once, in a version of its own: what organisers are still working on stays with them. Says what was
/// taken out of the version in force.
///
/// # Errors
/// When it cannot be written down, or a mail cannot be made.
pub(in crate::speed_meetings) async fn release(
    txn: &DatabaseTransaction,
    app: &App,
    plan: &Plan,
    (participant, by): (&Participant, i64),
) -> Result<Vec<Meeting>, NotEnqueued> {
    let before = version::in_force(txn, plan.edition.id).await?.filter(|_| !draft::is_first(plan));
    let Some(before) = before else { return Ok(Vec::new()) };
    let is_hers = |meeting: &Meeting| meeting.other(participant.id).is_some();
    let rows = appointment::of(txn, plan.edition.id).await?;
    let others = rows.iter().map(|row| (row.meeting(), row.is_pinned)).filter(|(meeting, _)| !is_hers(meeting));
    let others: Vec<_> = others.collect();
    let said = left(txn, participant, rows.len() - others.len()).await?;
    workshop::record(txn, plan.edition.id, &others, (by, said), app.clock.now()).await?;
    let told = before.tables_now(plan);
    let (hers, kept): (Vec<Meeting>, Vec<Meeting>) = before.meetings.into_iter().partition(is_hers);
    if !hers.is_empty() {
        announce(txn, app, plan, (&kept, &told), (Some(by), "")).await?;
        mail::tell_of_holes(txn, app, plan, (participant, &hers)).await?;
    }
    Ok(hers)
}

/// « a désinscrit Ferme du Suc : 2 rendez-vous retirés »
async fn left(db: &impl ConnectionTrait, participant: &Participant, count: usize) -> Result<String, DbErr> {
    let names = accounts::names_of(db, &[participant.organisation_id]).await?;
    let name = names.first().map(|(_, name)| french::typographic(name)).unwrap_or_default();
    let count = french::count(count as u64, "rendez-vous retiré", "rendez-vous retirés");
    Ok(format!("a désinscrit {name}\u{a0}: {count} du planning"))
}

/// Writes these meetings down as the next version, at tables that are called so, and tells those whose day is another.
async fn announce(
    txn: &DatabaseTransaction,
    app: &App,
    plan: &Plan,
    (wanted, names): (&[Meeting], &Names),
    (by, words): (Option<i64>, &str),
) -> Result<Option<(Publication, Difference)>, NotEnqueued> {
    let before = version::in_force(txn, plan.edition.id).await?;
    let were = before.as_ref().map(|before| before.tables.clone()).unwrap_or_default();
    let names = table::here_or_there(names, &were);
    let written = version::write_down(txn, plan.edition.id, (wanted, &names), (by, words), app.clock.now()).await?;
    let is_first = draft::is_first(plan);
    // The step before sent nothing and was taken back: those who have come since have been told nothing yet.
    let told_by = written.as_ref().map(|(publication, _)| publication);
    let told_by = told_by.or(before.as_ref().filter(|_| is_first).map(|before| &before.publication));
    let Some(publication) = told_by else { return Ok(None) };
    let hall = Hall::of(txn, plan, app.config.time_zone).await?.calling(&names, &were);
    let known = before.as_ref().map(|before| before.meetings.as_slice());
    let mut sent = 0;
    for news in draft::news(&hall, known, wanted, is_first) {
        let is_new = is_first || known.is_none();
        let occasion = if is_new { Occasion::First } else { Occasion::Changed(&news.changes) };
        sent += mail::tell(txn, app, plan, &hall, (publication, wanted), (news.participant, occasion)).await?;
    }
    step::count_published(txn, plan.edition.id, sent).await?;
    Ok(written)
}

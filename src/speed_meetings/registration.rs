//! Who gets a place, who waits for one, who moves up. Every decision is taken with the edition locked: of two who would have
//! the last place, the second reads that it is taken.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};

use super::edition::{self, Edition, Side, State};
use super::participant::{self, Coming, Participant, Standing};
use super::representative;
use crate::accounts::{self, OrganisationKind};
use crate::canteens::{RequestState, requests_of};
use crate::suppliers::draft;

/// Who decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asks {
    /// The organisation's own people: within the deadlines.
    Own,
    /// An organiser on its behalf: until the day is over.
    Organiser,
}

/// What became of a registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Registered {
    /// It has a place.
    Confirmed(Participant),
    /// It waits.
    Waiting(Participant),
    /// It says something else now; whether its hours, which calendars show, changed too.
    Changed(Participant, bool),
    /// It says what it said: pressed twice.
    Same,
    /// A colleague changed it since it was shown.
    Stale,
    /// It is too late, or too early.
    Closed,
}

/// Why an organisation cannot come at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Barred {
    /// A canteen that organisers have not accepted.
    Canteen(RequestState),
    /// A supplier that not everybody sees.
    Supplier,
}

/// What became of a withdrawal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Withdrawn {
    /// It does not come; whether it had a place.
    Gone(Participant, bool),
    /// It was not to come.
    Already,
    /// The day is over.
    Closed,
}

/// Why an organisation cannot come; nothing when it can.
///
/// # Errors
/// What the database said.
pub(super) async fn barred(
    db: &impl ConnectionTrait,
    kind: OrganisationKind,
    organisation: i64,
) -> Result<Option<Barred>, DbErr> {
    Ok(barred_among(db, &[(kind, organisation)]).await?.remove(&organisation))
}

/// Those of these organisations that cannot come, and why.
///
/// # Errors
/// What the database said.
pub(super) async fn barred_among(
    db: &impl ConnectionTrait,
    organisations: &[(OrganisationKind, i64)],
) -> Result<HashMap<i64, Barred>, DbErr> {
    let of = |kind| -> Vec<i64> { organisations.iter().filter(|(own, _)| *own == kind).map(|(_, id)| *id).collect() };
    let (canteens, suppliers) = (of(OrganisationKind::Canteen), of(OrganisationKind::Supplier));
    let requests = requests_of(db, &canteens).await?.into_iter();
    let mut barred: HashMap<i64, Barred> =
        requests.map(|request| (request.organisation_id, Barred::Canteen(request.state))).collect();
    let public = draft::public_among(db, &suppliers).await?;
    let hidden = suppliers.into_iter().filter(|supplier| !public.contains(supplier));
    barred.extend(hidden.map(|supplier| (supplier, Barred::Supplier)));
    Ok(barred)
}

/// The side on which an organisation sits.
pub(super) fn side_of(kind: OrganisationKind) -> Side {
    match kind {
        OrganisationKind::Supplier => Side::Supplier,
        OrganisationKind::Canteen => Side::Canteen,
    }
}

/// Whether one may register now.
pub(super) fn is_open(edition: &Edition, asks: Asks, today: NaiveDate) -> bool {
    match asks {
        Asks::Own => edition.state == State::Registration && edition.registration_until >= today,
        Asks::Organiser => edition.state != State::Draft && !edition.state.is_over(),
    }
}

/// Whether who is registered may say something else now.
pub(super) fn is_changeable(edition: &Edition, asks: Asks) -> bool {
    match asks {
        Asks::Own => matches!(edition.state, State::Registration | State::Wishes),
        Asks::Organiser => edition.state != State::Draft && !edition.state.is_over(),
    }
}

/// Whether one may still withdraw. Once the day runs, who does not come is noted absent: what was held stays.
pub(super) fn is_withdrawable(edition: &Edition) -> bool {
    edition.state != State::Draft && edition.state < State::Running
}

/// Places of a side.
pub(super) fn capacity(edition: &Edition, side: Side) -> usize {
    let places = match side {
        Side::Supplier => edition.supplier_capacity,
        Side::Canteen => edition.canteen_capacity,
    };
    usize::try_from(places).unwrap_or_default()
}

/// Registers an organisation at a locked edition: a place while there is one and nobody waits, else the end of the waiting
/// list. Who is registered changes what it says; `seen` is the version that was shown.
///
/// # Errors
/// What the database said.
pub(super) async fn register(
    txn: &DatabaseTransaction,
    edition: &Edition,
    (organisation, side): (i64, Side),
    (coming, seen): (&Coming, Option<i64>),
    (asks, today): (Asks, NaiveDate),
    now: DateTime<Utc>,
) -> Result<Registered, DbErr> {
    let known = participant::of_organisation(txn, edition.id, organisation).await?;
    if let Some(known) = known.clone().filter(|known| known.state != Standing::Withdrawn) {
        return change(txn, edition, known, (coming, seen), asks).await;
    }
    if !is_open(edition, asks, today) {
        return Ok(Registered::Closed);
    }
    let seat = free_seats(txn, edition, side).await?.first().copied();
    let mut row = known.unwrap_or_else(|| blank(edition.id, organisation, side));
    row.take(coming);
    row.state = if seat.is_some() { Standing::Registered } else { Standing::Waiting };
    (row.seat, row.turn, row.asked_at) = (seat, participant::next_turn(txn, edition.id).await?, now);
    (row.sequence, row.version) = (row.sequence + 1, row.version + 1);
    let row = participant::write(txn, &row).await?;
    let people = accounts::people(txn, organisation).await?;
    representative::keep(txn, row.id, coming, &people).await?;
    edition::stir(txn, edition.id).await?;
    Ok(if row.state == Standing::Registered { Registered::Confirmed(row) } else { Registered::Waiting(row) })
}

/// Changes what a participant says of its day; its place or turn stays.
async fn change(
    txn: &DatabaseTransaction,
    edition: &Edition,
    mut row: Participant,
    (coming, seen): (&Coming, Option<i64>),
    asks: Asks,
) -> Result<Registered, DbErr> {
    let mut before = row.coming();
    representative::complete(txn, row.id, &mut before).await?;
    if before == *coming {
        return Ok(Registered::Same);
    }
    if !is_changeable(edition, asks) {
        return Ok(Registered::Closed);
    }
    if seen != Some(row.version) {
        return Ok(Registered::Stale);
    }
    let are_hours_new = before.hours() != coming.hours();
    row.take(coming);
    row.version += 1;
    if are_hours_new {
        row.sequence += 1;
    }
    let row = participant::write(txn, &row).await?;
    let people = accounts::people(txn, row.organisation_id).await?;
    representative::keep(txn, row.id, coming, &people).await?;
    let is_told = are_hours_new && row.state == Standing::Registered;
    Ok(Registered::Changed(row, is_told))
}

/// Takes an organisation out of a locked edition; who moves up for it is decided by [`move_up`] in the same transaction.
///
/// # Errors
/// What the database said.
pub(super) async fn withdraw(
    txn: &DatabaseTransaction,
    edition: &Edition,
    organisation: i64,
) -> Result<Withdrawn, DbErr> {
    let known = participant::of_organisation(txn, edition.id, organisation).await?;
    let Some(mut row) = known.filter(|known| known.state != Standing::Withdrawn) else {
        return Ok(Withdrawn::Already);
    };
    if !is_withdrawable(edition) {
        return Ok(Withdrawn::Closed);
    }
    let had_place = row.state == Standing::Registered;
    (row.state, row.seat) = (Standing::Withdrawn, None);
    (row.sequence, row.version) = (row.sequence + 1, row.version + 1);
    edition::stir(txn, edition.id).await?;
    Ok(Withdrawn::Gone(participant::write(txn, &row).await?, had_place))
}

/// Gives the free places of a locked edition to those who wait the longest; returns who moved up. None does once the day
/// has begun.
///
/// # Errors
/// What the database said.
pub(super) async fn move_up(txn: &DatabaseTransaction, edition: &Edition) -> Result<Vec<Participant>, DbErr> {
    let mut moved = Vec::new();
    if edition.state == State::Draft || edition.state >= State::Running {
        return Ok(moved);
    }
    for side in [Side::Supplier, Side::Canteen] {
        let waiting = participant::in_state(txn, edition.id, side, Standing::Waiting).await?;
        if waiting.is_empty() {
            continue;
        }
        let taken = taken(txn, edition, side).await?;
        for (seat, mut row) in free(&taken, capacity(edition, side)).into_iter().zip(waiting) {
            (row.state, row.seat) = (Standing::Registered, Some(seat));
            (row.sequence, row.version) = (row.sequence + 1, row.version + 1);
            moved.push(participant::write(txn, &row).await?);
        }
    }
    Ok(moved)
}

/// Those who come to a locked edition or wait for it, when its day, hours or hall changed, each to be told once.
///
/// # Errors
/// What the database said.
pub(super) async fn told_anew(txn: &DatabaseTransaction, edition: &Edition) -> Result<Vec<Participant>, DbErr> {
    let mut told = Vec::new();
    for side in [Side::Supplier, Side::Canteen] {
        for standing in [Standing::Registered, Standing::Waiting] {
            for mut row in participant::in_state(txn, edition.id, side, standing).await? {
                row.version += 1;
                told.push(participant::write(txn, &row).await?);
            }
        }
    }
    Ok(told)
}

/// The places that one who asks now may have: none while others wait.
async fn free_seats(txn: &DatabaseTransaction, edition: &Edition, side: Side) -> Result<Vec<i32>, DbErr> {
    if !participant::in_state(txn, edition.id, side, Standing::Waiting).await?.is_empty() {
        return Ok(Vec::new());
    }
    Ok(free(&taken(txn, edition, side).await?, capacity(edition, side)))
}

async fn taken(txn: &DatabaseTransaction, edition: &Edition, side: Side) -> Result<Vec<i32>, DbErr> {
    let there = participant::in_state(txn, edition.id, side, Standing::Registered).await?;
    Ok(there.into_iter().filter_map(|one| one.seat).collect())
}

/// The lowest places that nobody has, as many as may still be given.
fn free(taken: &[i32], capacity: usize) -> Vec<i32> {
    (1..).filter(|seat| !taken.contains(seat)).take(capacity.saturating_sub(taken.len())).collect()
}

fn blank(edition_id: i64, organisation_id: i64, side: Side) -> Participant {
    Participant {
        id: 0,
        edition_id,
        organisation_id,
        side,
        state: Standing::Waiting,
        seat: None,
        turn: 0,
        asked_at: DateTime::UNIX_EPOCH,
        arrives_at: None,
        leaves_at: None,
        absent_from: None,
        absent_until: None,
        absent_again_from: None,
        absent_again_until: None,
        tables_at_once: 1,
        minimum_wished: None,
        maximum_wished: None,
        words: String::new(),
        needs: String::new(),
        meals: 0,
        sequence: 0,
        version: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::free;

    #[test]
    fn the_lowest_places_are_given_and_never_more_than_there_are() {
        assert_eq!(free(&[], 3), [1, 2, 3]);
        assert_eq!(free(&[1, 3], 3), [2]);
        assert_eq!(free(&[1, 2, 3], 3), [0; 0]);
        assert_eq!(free(&[2, 7, 9], 2), [0; 0], "fewer places than before: nobody loses hers, nobody gets one");
        assert_eq!(free(&[7], 2), [1]);
    }
}

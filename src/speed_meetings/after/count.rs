//! What is counted after a day: pure.

use std::collections::BTreeMap;

use super::gather::{Gathered, Held};
use super::outcome::{Said, Upshot};
use crate::speed_meetings::edition::Side;
use crate::speed_meetings::meeting::{Difference, Meeting};
use crate::suppliers::ProductFamily;

/// Ranks that have a line of their own.
pub(super) const RANKS: usize = 10;
/// The two sides, in the order of the columns.
pub(super) const SIDES: [Side; 2] = [Side::Canteen, Side::Supplier];

/// So many of so many.
pub(super) type Share = (u64, u64);

/// Wished, planned and held.
pub(super) struct Appointments {
    /// Pairs that at least one of the two asked for.
    pub(super) wished: u64,
    /// Pairs that both asked for.
    pub(super) mutual: u64,
    /// Appointments of the version in force.
    pub(super) planned: u64,
    /// Those that had been told when the day began; of them, those that the day lost, and those that came in their place.
    pub(super) told: u64,
    pub(super) lost: u64,
    pub(super) added: u64,
    /// Of those in force, those that took place, and those that did not; of the others nobody said anything.
    pub(super) held: u64,
    pub(super) missed: u64,
}

/// Counts the appointments.
pub(super) fn appointments(all: &Gathered) -> Appointments {
    let sides: BTreeMap<i64, Side> = all.participants.iter().map(|one| (one.id, one.side)).collect();
    let mut asked: BTreeMap<(i64, i64), u64> = BTreeMap::new();
    for wish in all.wishes.iter().filter(|wish| wish.rank.is_some()) {
        let pair = match sides.get(&wish.participant_id) {
            Some(Side::Canteen) => (wish.participant_id, wish.wished_id),
            _ => (wish.wished_id, wish.participant_id),
        };
        *asked.entry(pair).or_default() += 1;
    }
    let so = |held: Held| all.meetings.iter().filter(|meeting| all.held(meeting.pair()) == held).count() as u64;
    let day = Difference::between(&all.told, &all.meetings);
    Appointments {
        wished: asked.len() as u64,
        mutual: asked.values().filter(|count| **count > 1).count() as u64,
        planned: all.meetings.len() as u64,
        told: all.told.len() as u64,
        lost: day.dropped.len() as u64,
        added: day.added.len() as u64,
        held: so(Held::Yes),
        missed: so(Held::No),
    }
}

/// Those of a side who came, of all who have a place.
pub(super) fn came(all: &Gathered, side: Side) -> Share {
    let came = all.registered(side).filter(|one| all.has_come(one)).count();
    (came as u64, all.registered(side).count() as u64)
}

/// Those whom the desk noted as absent, both sides.
pub(super) fn absent(all: &Gathered) -> u64 {
    let registered = SIDES.iter().flat_map(|side| all.registered(*side));
    registered.filter(|one| all.is_absent(one.id)).count() as u64
}

/// The wishes of a side by rank, from 1, the last line for all that follow: held, all.
pub(super) fn wishes(all: &Gathered, side: Side) -> [Share; RANKS + 1] {
    let mut lines = [(0, 0); RANKS + 1];
    let own: Vec<i64> = all.registered(side).map(|one| one.id).collect();
    let met: Vec<(i64, i64)> =
        all.meetings.iter().map(Meeting::pair).filter(|pair| all.held(*pair) != Held::No).collect();
    for wish in all.wishes.iter().filter(|wish| own.contains(&wish.participant_id)) {
        let Some(rank) = wish.rank.and_then(|rank| usize::try_from(rank).ok()).filter(|rank| *rank > 0) else {
            continue;
        };
        let (one, other) = (wish.participant_id, wish.wished_id);
        let line = &mut lines[(rank - 1).min(RANKS)];
        line.0 += u64::from(met.contains(&(one, other)) || met.contains(&(other, one)));
        line.1 += 1;
    }
    lines
}

/// How often a side says this of its appointments; nothing: says nothing.
pub(super) fn said(all: &Gathered, side: Side, what: Option<Said>) -> u64 {
    let said = |pair| all.said(pair, side).and_then(super::outcome::Outcome::said);
    all.meetings.iter().filter(|meeting| said(meeting.pair()) == what).count() as u64
}

/// What came of the appointments with those who sell a family: appointments, and for each side something and an order.
pub(super) fn family(all: &Gathered, family: ProductFamily) -> (u64, [(u64, u64); 2]) {
    let own = all.meetings.iter().map(Meeting::pair);
    let pairs: Vec<(i64, i64)> = own.filter(|pair| all.families(pair.1).contains(&family)).collect();
    let sides = SIDES.map(|side| {
        let said = || pairs.iter().filter_map(move |pair| all.said(*pair, side));
        let orders = said().filter(|one| one.result == Some(Upshot::Order)).count();
        (said().filter(|one| one.may_follow()).count() as u64, orders as u64)
    });
    (pairs.len() as u64, sides)
}

/// How many of a side were so content.
pub(super) fn content(all: &Gathered, side: Side, satisfaction: i32) -> u64 {
    let own: Vec<i64> = all.registered(side).map(|one| one.id).collect();
    let so = all.reviews.iter().filter(|one| own.contains(&one.participant_id) && one.satisfaction == satisfaction);
    so.count() as u64
}

/// How often a side says that a delivery followed, that none did, and nothing, of the appointments that could have one.
pub(super) fn deliveries(all: &Gathered, side: Side) -> [u64; 3] {
    let own = all.meetings.iter().filter_map(|meeting| all.said(meeting.pair(), side));
    let mut counts = [0; 3];
    for one in own.filter(|one| one.may_follow()) {
        counts[match one.delivered {
            Some(true) => 0,
            Some(false) => 1,
            None => 2,
        }] += 1;
    }
    counts
}

/// Pairs of which at least one says that a delivery followed.
pub(super) fn delivered(all: &Gathered) -> u64 {
    let says = |pair, side| all.said(pair, side).is_some_and(|one| one.delivered == Some(true));
    all.meetings.iter().filter(|meeting| SIDES.iter().any(|side| says(meeting.pair(), *side))).count() as u64
}

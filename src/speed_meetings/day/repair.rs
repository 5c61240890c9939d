//! Ways to mend the timetable when somebody is missing, for an organiser to choose from: pure. What has begun stays as it is.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use chrono::{DateTime, Utc};

use super::hall::Hall;
use crate::speed_meetings::guest::Guest;
use crate::speed_meetings::meeting::{Difference, Meeting, Seat};
use crate::speed_meetings::participant::Standing;
use crate::speed_meetings::workshop::puzzle::{Puzzle, Weights, Wished};
use timetable::{Effort, Manner, Timetable, proposals};

/// Seconds for all ways together: with the page around them they are there within two.
const SECONDS: f64 = 1.6;
/// Steps for each: a small day is done before the time is over, and alike each time.
const STEPS: u64 = 4_000_000;

/// What is to be mended.
#[derive(Clone, Debug)]
pub(super) struct Damage {
    /// The day with who is missing.
    pub(super) hall: Hall,
    /// What everybody wished.
    pub(super) wishes: Vec<Wished>,
    /// What a meeting is worth, as in the search that the timetable comes from.
    pub(super) weights: Weights,
    /// Pairs that organisers fixed where they are.
    pub(super) pinned: BTreeSet<(i64, i64)>,
    /// The moment: slots that have begun by then stay as they are.
    pub(super) now: DateTime<Utc>,
}

/// A way to mend it.
#[derive(Clone, Debug)]
pub(super) struct Way {
    /// How much may move.
    pub(super) manner: Manner,
    /// The timetable then.
    pub(super) meetings: Vec<Meeting>,
    /// What it changes.
    pub(super) difference: Difference,
}

impl Damage {
    /// Two or three ways, those that change least first; to plan everything anew is the third only when more is held then.
    /// It reckons for up to [`SECONDS`].
    pub(super) fn ways(&self) -> Vec<Way> {
        let (puzzle, started) = (self.puzzle(), Instant::now());
        let begun = i32::try_from(self.hall.begun(self.now)).unwrap_or(i32::MAX);
        let effort = Effort {
            work: Some(STEPS),
            deadline: Some(SECONDS),
            seconds: &|| started.elapsed().as_secs_f64(),
            stop: &|| false,
            progress: &|_| (),
        };
        let way = |manner: Manner, timetable: &Timetable| {
            let mut meetings = puzzle.meetings(timetable);
            puzzle.keep_tables((&self.hall.meetings, begun), &mut meetings);
            meetings.sort_unstable();
            let difference = Difference::between(&self.hall.meetings, &meetings);
            Way { manner, meetings, difference }
        };
        let found = proposals(&puzzle.instance, 1, &effort);
        let ways = found.iter().map(|proposal| way(proposal.manner, &proposal.timetable));
        let mut ways: Vec<Way> = ways.filter(|way| !way.difference.is_empty()).collect();
        if ways.len() > 2 {
            let gentle = ways.iter().filter(|way| way.manner != Manner::Anew);
            let held = gentle.map(|way| way.meetings.len()).max();
            ways.retain(|way| way.manner != Manner::Anew || Some(way.meetings.len()) > held);
        }
        ways
    }

    /// Whether this is a timetable of the day as it is now: nobody who is missing meets anybody, nothing that has begun is
    /// another, and no table is taken twice.
    pub(super) fn allows(&self, meetings: &[Meeting]) -> bool {
        let puzzle = self.puzzle();
        let positions = puzzle.positions(meetings);
        let places: BTreeSet<(i32, i32)> = meetings.iter().map(|meeting| (meeting.slot, meeting.table)).collect();
        let begun = self.hall.begun(self.now);
        let has_begun = |meeting: &Meeting| usize::try_from(meeting.slot).is_ok_and(|slot| slot <= begun);
        let tables = i32::try_from(self.hall.plan.tables.len()).unwrap_or(i32::MAX);
        let past = |all: &[Meeting]| all.iter().filter(|meeting| has_begun(meeting)).copied().collect::<BTreeSet<_>>();
        positions.len() == meetings.len()
            && places.len() == meetings.len()
            && meetings.iter().all(|meeting| has_begun(meeting) || (1..=tables).contains(&meeting.table))
            && past(meetings) == past(&self.hall.meetings)
            && Timetable::checked(&puzzle.instance, positions).is_ok()
    }

    /// The day as the solver mends it.
    fn puzzle(&self) -> Puzzle {
        let hall = &self.hall;
        let begun = hall.begun(self.now);
        let planned: BTreeSet<i64> =
            hall.meetings.iter().flat_map(|meeting| [meeting.pair().0, meeting.pair().1]).collect();
        let comes = |guest: &&Guest| guest.row.state == Standing::Registered || planned.contains(&guest.row.id);
        let guests: Vec<Guest> = hall.guests.values().filter(comes).cloned().collect();
        // What was published counts as wished, by whom ever it was put there.
        let day = (&hall.day, hall.zone);
        let mut puzzle = Puzzle::new(&hall.plan, day, &guests, &self.wishes, self.weights, &hall.meetings)
            .mending(begun, &hall.meetings);
        let mut held: BTreeMap<Seat, BTreeSet<usize>> = BTreeMap::new();
        for meeting in &hall.meetings {
            let slot = usize::try_from(meeting.slot - 1).unwrap_or_default();
            for seat in [meeting.canteen, meeting.supplier] {
                held.entry(seat).or_default().insert(slot);
            }
        }
        for (seat, participant) in puzzle.seats.iter().zip(&mut puzzle.instance.participants) {
            let own = held.remove(seat).unwrap_or_default();
            participant.max = participant.max.max(own.len() as u64);
            participant.available.extend(&own);
            participant.available.retain(|slot| {
                let number = i32::try_from(slot + 1).unwrap_or(i32::MAX);
                *slot < begun || !hall.is_away(seat.participant, number)
            });
            let past = own.iter().filter(|slot| **slot < begun).count();
            let to_come = participant.available.iter().filter(|slot| **slot >= begun).count();
            participant.max = participant.max.min((past + to_come) as u64);
            participant.min = participant.min.min(participant.max);
        }
        let fixed: Vec<Meeting> =
            hall.meetings.iter().filter(|meeting| self.pinned.contains(&meeting.pair())).copied().collect();
        let is_there = |(wish, slot): &(usize, usize)| {
            let wish = &puzzle.instance.wishes[*wish];
            [wish.a, wish.b].iter().all(|one| puzzle.instance.participants[*one].available.contains(slot))
        };
        let pinned = puzzle.positions(&fixed).into_iter().filter(is_there).collect();
        puzzle.instance.pinned = pinned;
        puzzle
    }
}

/// A timetable as a form carries it, and back.
pub(super) fn written(meetings: &[Meeting]) -> String {
    let one = |meeting: &Meeting| {
        let Meeting { slot, table, canteen, supplier } = meeting;
        format!("{slot}.{table}.{}.{}.{}.{}", canteen.participant, canteen.copy, supplier.participant, supplier.copy)
    };
    meetings.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// What [`written`] wrote; nothing when somebody else wrote it.
pub(super) fn read(text: &str) -> Option<Vec<Meeting>> {
    let one = |text: &str| {
        let numbers: Vec<i64> = text.split('.').map(str::parse).collect::<Result<_, _>>().ok()?;
        let [slot, table, canteen, canteen_copy, supplier, supplier_copy] = numbers[..] else { return None };
        let small = |number: i64| i32::try_from(number).ok().filter(|number| *number >= 1);
        Some(Meeting {
            slot: small(slot)?,
            table: small(table)?,
            canteen: Seat { participant: canteen, copy: small(canteen_copy)? },
            supplier: Seat { participant: supplier, copy: small(supplier_copy)? },
        })
    };
    text.split_whitespace().map(one).collect()
}

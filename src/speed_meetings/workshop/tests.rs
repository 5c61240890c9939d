//! What the workshop promises, tried on days that chance puts together.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use proptest::prelude::*;

use super::appointment::Appointment;
use super::board::{Board, Placed};
use super::cost::Worth;
use super::edit::{Edit, Next, Seen, fits, places, work_out};
use super::puzzle::{Puzzle, Weights, Wished, available};
use super::trouble::{Kind, troubles};
use crate::speed_meetings::edition::{Side, State};
use crate::speed_meetings::guest::Guest;
use crate::speed_meetings::meeting::Meeting;
use crate::speed_meetings::participant::{Participant, Standing};
use crate::speed_meetings::plan::Plan;
use timetable::{self, Answer, Effort, Sheet, Timetable};

const ZONE: chrono_tz::Tz = chrono_tz::Europe::Paris;

fn held_on() -> NaiveDate {
    NaiveDate::from_ymd_opt(2027, 5, 20).unwrap()
}

/// Two sessions of four and three slots, three tables.
fn plan(seated: Option<Side>) -> Plan {
    let now = DateTime::<Utc>::default();
    let mut plan = Plan::new("Rencontre", held_on(), held_on(), now);
    (plan.sessions[0].appointments, plan.sessions[1].appointments) = (4, 3);
    plan.tables.truncate(3);
    (plan.edition.id, plan.edition.state, plan.edition.seated) = (1, State::Timetable, seated);
    plan.edition.minimum_appointments = 2;
    plan
}

fn guest(id: i64, side: Side, hours: (Option<i32>, Option<i32>), (tables, most): (i32, Option<i32>)) -> Guest {
    let row = Participant {
        id,
        edition_id: 1,
        organisation_id: id,
        side,
        state: Standing::Registered,
        seat: Some(1),
        turn: id,
        asked_at: DateTime::default(),
        arrives_at: hours.0,
        leaves_at: hours.1,
        absent_from: None,
        absent_until: None,
        absent_again_from: None,
        absent_again_until: None,
        tables_at_once: tables,
        minimum_wished: None,
        maximum_wished: most,
        words: String::new(),
        needs: String::new(),
        meals: 0,
        sequence: 0,
        version: 1,
    };
    Guest { row, name: format!("Participant {id}") }
}

/// A day: who comes, whom each would meet, which side sits.
fn days() -> impl Strategy<Value = (Plan, Vec<Guest>, Vec<Wished>)> {
    let someone = (
        proptest::option::of(560..700_i32),
        proptest::option::of(700..900_i32),
        1..=2_i32,
        proptest::option::of(1..6_i32),
    );
    let people = proptest::collection::vec((any::<bool>(), someone), 2..7);
    let wishes = proptest::collection::vec((0..7_usize, 0..7_usize, proptest::option::weighted(0.85, 1..4_i32)), 1..16);
    let seated = prop_oneof![Just(None), Just(Some(Side::Canteen)), Just(Some(Side::Supplier))];
    (people, wishes, seated).prop_map(|(people, wishes, seated)| {
        let side = |is_canteen| if is_canteen { Side::Canteen } else { Side::Supplier };
        let guests: Vec<Guest> = (1..)
            .zip(people)
            .map(|(id, (is_canteen, (from, to, tables, most)))| guest(id, side(is_canteen), (from, to), (tables, most)))
            .collect();
        let mut seen = BTreeSet::new();
        let wish = |(from, to, rank): (usize, usize, Option<i32>)| {
            let (from, to) = (guests.get(from)?, guests.get(to)?);
            let is_new = from.row.side != to.row.side && seen.insert((from.row.id, to.row.id));
            is_new.then_some(Wished { from: from.row.id, to: to.row.id, rank })
        };
        let wishes = wishes.into_iter().filter_map(wish).collect();
        (plan(seated), guests, wishes)
    })
}

fn board(plan: &Plan, guests: &[Guest], wishes: &[Wished], placed: &[Placed]) -> Board {
    let row = |(id, (meeting, is_pinned)): (i64, &Placed)| Appointment {
        id,
        edition_id: 1,
        canteen_id: meeting.canteen.participant,
        canteen_copy: meeting.canteen.copy,
        supplier_id: meeting.supplier.participant,
        supplier_copy: meeting.supplier.copy,
        slot: meeting.slot,
        table_number: meeting.table,
        is_pinned: *is_pinned,
        version: 1,
    };
    let rows = (1..).zip(placed).map(row).collect();
    Board::new(plan.clone(), ZONE, guests.to_vec(), wishes.to_vec(), rows)
}

fn solved(puzzle: &Puzzle) -> Option<Timetable> {
    let effort = Effort { work: Some(20_000), deadline: None, seconds: &|| 0.0, stop: &|| false, progress: &|_| () };
    match timetable::answer(&puzzle.instance, 1, 1, &effort) {
        Answer::Timetable { timetable, .. } => Some(timetable),
        _ => None,
    }
}

/// What a search would give, with the tables that pins keep.
fn found(board: &Board) -> Option<(Puzzle, Timetable, Vec<Meeting>)> {
    let puzzle = board.puzzle(Weights::default());
    let timetable = solved(&puzzle)?;
    let mut meetings = puzzle.meetings(&timetable);
    puzzle.keep_tables((&board.pins(), 0), &mut meetings);
    meetings.sort_unstable();
    Some((puzzle, timetable, meetings))
}

fn unpinned(meetings: &[Meeting]) -> Vec<Placed> {
    meetings.iter().map(|meeting| (*meeting, false)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_timetable_that_is_found_breaks_nothing_that_people_said((plan, guests, wishes) in days()) {
        let empty = board(&plan, &guests, &wishes, &[]);
        let Some((puzzle, timetable, meetings)) = found(&empty) else { return Ok(()) };
        let day = plan.day(ZONE).unwrap();
        let read = timetable::read(&timetable::write_instance(&puzzle.instance));
        prop_assert_eq!(read.as_ref(), Ok(&puzzle.instance));
        let mut positions = puzzle.positions(&puzzle.meetings(&timetable));
        positions.sort_unstable();
        prop_assert_eq!(&positions[..], timetable.meetings(), "there and back");
        for meeting in &meetings {
            for seat in [meeting.canteen, meeting.supplier] {
                let row = &guests.iter().find(|one| one.row.id == seat.participant).unwrap().row;
                let there = available(row, &day, held_on(), ZONE);
                prop_assert!(there.contains(&usize::try_from(meeting.slot - 1).unwrap()), "outside her hours: {:?}", meeting);
                prop_assert!(seat.copy <= row.tables_at_once);
            }
        }
        let full = board(&plan, &guests, &wishes, &unpinned(&meetings));
        prop_assert_eq!(fits(&full, &full.placed()), Ok(()), "each at one place, each pair once");
        prop_assert_eq!(troubles(&full, &full.placed()), vec![]);
        // Two who count apart come to the same.
        let sheet = Sheet::of(&puzzle.instance, &timetable, &[]);
        let worth = Worth::of(&full, &full.placed());
        prop_assert_eq!(worth.waits, sheet.waits.iter().map(|(_, slots)| slots).sum::<usize>());
        prop_assert_eq!(worth.wishes, sheet.ranks.iter().map(|rank| rank.held).sum::<usize>());
    }

    #[test]
    fn pins_keep_hour_and_table((plan, guests, wishes) in days(), chosen in any::<u64>(), turned in 0..3_i32) {
        let empty = board(&plan, &guests, &wishes, &[]);
        let Some((_, _, mut meetings)) = found(&empty) else { return Ok(()) };
        // Other tables than those a search begins with; who sits keeps hers.
        for meeting in &mut meetings {
            meeting.table = (meeting.table - 1 + turned) % 3 + 1;
        }
        let pin = |(place, meeting): (usize, &Meeting)| (*meeting, chosen >> (place % 64) & 1 == 1);
        let placed: Vec<Placed> = meetings.iter().enumerate().map(pin).collect();
        let pinned = board(&plan, &guests, &wishes, &placed);
        let Some((_, _, again)) = found(&pinned) else { return Err(TestCaseError::fail("pins of a timetable fit in one")) };
        for pin in pinned.pins() {
            prop_assert!(again.contains(&pin), "{:?} of {:?}", pin, again);
        }
        let full = board(&plan, &guests, &wishes, &unpinned(&again));
        prop_assert_eq!(troubles(&full, &full.placed()), vec![]);
    }

    #[test]
    fn mended_with_nothing_changed_nothing_moves((plan, guests, wishes) in days()) {
        let empty = board(&plan, &guests, &wishes, &[]);
        let Some((puzzle, _, meetings)) = found(&empty) else { return Ok(()) };
        let mending = puzzle.mending(0, &meetings);
        let Some(timetable) = solved(&mending) else { return Err(TestCaseError::fail("the timetable itself is one")) };
        let mut again = mending.meetings(&timetable);
        mending.keep_tables((&meetings, 0), &mut again);
        for meeting in &meetings {
            prop_assert!(again.contains(meeting), "{:?} of {:?}", meeting, again);
        }
    }

    #[test]
    fn mended_without_somebody_who_meets_as_before_stays_at_the_table((plan, guests, wishes) in days(), gone in any::<usize>()) {
        let Some((_, _, meetings)) = found(&board(&plan, &guests, &wishes, &[])) else { return Ok(()) };
        let others: Vec<Guest> = guests.iter().enumerate().filter(|(at, _)| *at != gone % guests.len()).map(|(_, one)| one.clone()).collect();
        let mending = board(&plan, &others, &wishes, &[]).puzzle(Weights::default()).mending(0, &meetings);
        let Some(timetable) = solved(&mending) else { return Ok(()) };
        let mut again = mending.meetings(&timetable);
        mending.keep_tables((&meetings, 0), &mut again);
        for meeting in &again {
            let before = meetings.iter().find(|one| (one.pair(), one.slot) == (meeting.pair(), meeting.slot));
            prop_assert!(before.is_none_or(|before| before.table == meeting.table), "{:?} of {:?}", meeting, before);
        }
        let full = board(&plan, &others, &wishes, &unpinned(&again));
        prop_assert_eq!(fits(&full, &full.placed()), Ok(()), "no table has two");
        prop_assert_eq!(troubles(&full, &full.placed()), vec![]);
    }

    #[test]
    fn whatever_is_done_everybody_is_at_one_place_and_undone_all_is_as_before(
        (plan, guests, wishes) in days(), steps in proptest::collection::vec((0..5_u8, any::<u16>(), any::<u16>(), 1..8_i32, 1..4_i32), 1..20),
    ) {
        let empty = board(&plan, &guests, &wishes, &[]);
        let meetings = found(&empty).map(|found| found.2).unwrap_or_default();
        let start = unpinned(&meetings);
        let (mut placed, mut done): (Vec<Placed>, Vec<Next>) = (start.clone(), Vec::new());
        for (kind, one, other, slot, table) in steps {
            let now = board(&plan, &guests, &wishes, &placed);
            let pick = |number: u16| Seen { id: i64::try_from(usize::from(number) % placed.len().max(1)).unwrap() + 1, version: 1 };
            let id = |number: u16| i64::try_from(usize::from(number) % guests.len()).unwrap() + 1;
            let edit = match kind {
                0 => Edit::Move { what: pick(one), slot, table },
                1 => Edit::Swap { what: pick(one), with: pick(other) },
                2 => Edit::Remove(pick(one)),
                3 => Edit::Pin { what: pick(one), is_pinned: true },
                _ => Edit::Add { canteen: id(one), supplier: id(other), slot, table },
            };
            if let Ok(Some(next)) = work_out(&now, edit) {
                placed = next.applied(&placed);
                prop_assert_eq!(fits(&now, &placed), Ok(()));
                done.push(next);
            }
        }
        for next in done.into_iter().rev() {
            placed = Next { before: next.after, after: next.before, said: String::new() }.applied(&placed);
        }
        let sorted = |mut all: Vec<Placed>| { all.sort_unstable(); all };
        prop_assert_eq!(sorted(placed), sorted(start));
    }

    #[test]
    fn a_place_that_is_offered_is_possible_and_brings_no_conflict((plan, guests, wishes) in days(), one in any::<u16>()) {
        let empty = board(&plan, &guests, &wishes, &[]);
        let Some((_, _, meetings)) = found(&empty) else { return Ok(()) };
        let full = board(&plan, &guests, &wishes, &unpinned(&meetings));
        if full.rows.is_empty() {
            return Ok(());
        }
        let row = &full.rows[usize::from(one) % full.rows.len()];
        let others: Vec<Placed> = full.placed().into_iter().filter(|other| other.0 != row.meeting()).collect();
        for (slot, table) in places(&full, &others, (row.meeting().canteen, row.meeting().supplier), row.table_number) {
            let edit = Edit::Move { what: Seen { id: row.id, version: row.version }, slot, table };
            let next = work_out(&full, edit);
            prop_assert!(next.is_ok(), "{:?}", next);
            if let Ok(Some(next)) = next {
                let wrong = troubles(&full, &next.applied(&full.placed()));
                prop_assert!(wrong.iter().all(|trouble| trouble.kind == Kind::Seat), "{:?}", wrong);
            }
        }
    }
}

//! The day as the solver asks for it, and its answers as appointments: pure.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, TimeZone};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::tables::{Room, keep_tables};
use crate::speed_meetings::edition::Side;
use crate::speed_meetings::guest::Guest;
use crate::speed_meetings::meeting::{Meeting, Seat};
use crate::speed_meetings::participant::{Participant, clock};
use crate::speed_meetings::plan::Plan;
use crate::speed_meetings::slots::Day;
use timetable::{self, GapCost, Instance, Mode, Previous, Timetable, Wish, number_tables};

/// Ranks that are worth more than one point.
const RANKED: i64 = 10;

/// A wish as its participant gave it; without a rank: does not want to meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::speed_meetings) struct Wished {
    /// Who wishes.
    pub(in crate::speed_meetings) from: i64,
    /// Whom.
    pub(in crate::speed_meetings) to: i64,
    /// 1 = the most wanted.
    pub(in crate::speed_meetings) rank: Option<i32>,
}

/// What a meeting is worth. A first choice counts ten points, the tenth and all later ones one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::speed_meetings) struct Weights {
    /// By how much the points of canteens count, 1 to 5.
    pub(in crate::speed_meetings) canteens: i64,
    /// By how much those of suppliers count, 1 to 5.
    pub(in crate::speed_meetings) suppliers: i64,
    /// Points more where both asked, 0 to 50.
    pub(in crate::speed_meetings) mutual: i64,
}

impl Default for Weights {
    fn default() -> Self {
        Self { canteens: 1, suppliers: 1, mutual: 10 }
    }
}

impl Weights {
    /// What a meeting is worth of which both sides gave these ranks.
    fn of(self, canteen: Option<i32>, supplier: Option<i32>) -> i64 {
        let points = |rank: Option<i32>| rank.map_or(0, |rank| (RANKED + 1 - i64::from(rank)).max(1));
        let mutual = if canteen.is_some() && supplier.is_some() { self.mutual } else { 0 };
        self.canteens * points(canteen) + self.suppliers * points(supplier) + mutual
    }
}

/// A day to be solved: participants and wishes of the instance, by position.
#[derive(Clone, Debug)]
pub(in crate::speed_meetings) struct Puzzle {
    /// As the solver takes it.
    pub(in crate::speed_meetings) instance: Instance,
    /// Who each participant of the instance is.
    pub(in crate::speed_meetings) seats: Vec<Seat>,
}

/// The slots, from 0, in which a participant is in the room: those that lie wholly between its arrival and its departure and
/// outside its absences.
pub(in crate::speed_meetings) fn available(
    row: &Participant,
    day: &Day,
    held_on: NaiveDate,
    zone: Tz,
) -> BTreeSet<usize> {
    let at = |minutes: i32| zone.from_local_datetime(&held_on.and_time(clock(minutes))).earliest();
    let (arrives, leaves) = (row.arrives_at.and_then(at), row.leaves_at.and_then(at));
    let absences = row.absences().into_iter().filter_map(|(from, until)| at(from).zip(at(until)));
    let absences: Vec<_> = absences.collect();
    let is_there = |slot: &crate::speed_meetings::slots::Slot| {
        arrives.is_none_or(|arrives| arrives <= slot.starts_at)
            && leaves.is_none_or(|leaves| slot.ends_at <= leaves)
            && absences.iter().all(|(from, until)| slot.ends_at <= *from || *until <= slot.starts_at)
    };
    day.slots.iter().enumerate().filter(|(_, slot)| is_there(slot)).map(|(number, _)| number).collect()
}

impl Puzzle {
    /// The day of a plan with those who come and what they wish. Wishes between others than `guests` do not count; a pair of
    /// which one does not want to meet the other is left out, and so is one that nobody asked for, unless it is in `pinned`:
    /// what organisers set by hand and fixed stays.
    ///
    /// An organisation at two tables at once is two participants. Its wishes are dealt out in turn, the most valued first,
    /// so that no pair could meet twice; what it is promised and its maximum are halved, the first taking the odd one.
    pub(in crate::speed_meetings) fn new(
        plan: &Plan,
        (day, zone): (&Day, Tz),
        guests: &[Guest],
        wishes: &[Wished],
        weights: Weights,
        pinned: &[Meeting],
    ) -> Self {
        let (seats, participants) = participants(plan, (day, zone), guests);
        let seat = |one: Seat| seats.binary_search(&one).ok();
        let mut pairs = pairs(guests, wishes, weights);
        for meeting in pinned {
            pairs.entry(meeting.pair()).or_default();
        }
        let mut dealt = deal(guests, &pairs);
        for meeting in pinned {
            dealt.insert(meeting.pair(), (meeting.canteen.copy, meeting.supplier.copy));
        }
        let mut instance = Instance {
            name: plan.edition.slug.clone(),
            mode: Mode::Choose,
            breaks: breaks(day),
            tables: vec![plan.tables.len() as u64; day.slots.len()],
            seated: plan.edition.seated.map(|side| name_of(side).to_owned()),
            gap_cost: GapCost { run: 1, slot: 1 },
            gap_spread: None,
            participants,
            wishes: Vec::with_capacity(pairs.len()),
            pinned: Vec::new(),
            before: Vec::new(),
            previous: None,
        };
        for ((canteen, supplier), pair) in &pairs {
            let (one, other) = dealt.get(&(*canteen, *supplier)).copied().unwrap_or((1, 1));
            let ends =
                seat(Seat { participant: *canteen, copy: one }).zip(seat(Seat { participant: *supplier, copy: other }));
            let Some((a, b)) = ends else { continue };
            let rank = |rank: Option<i32>| rank.and_then(|rank| u64::try_from(rank).ok());
            instance.wishes.push(Wish {
                a,
                b,
                rank_a: rank(pair.canteen),
                rank_b: rank(pair.supplier),
                weight: pair.weight,
                slots: None,
            });
        }
        let mut puzzle = Self { instance, seats };
        puzzle.instance.pinned = puzzle.positions(pinned);
        puzzle
    }

    /// The same day with the timetable that people have in hand, to be mended: slots before `frozen` (counted from 0) are over,
    /// and of them only what is in `meetings` took place. A pair of `meetings` is met by the representatives it has there; one
    /// that nobody asked for counts too, and is worth nothing: leave out of `meetings` what must not be held again.
    pub(in crate::speed_meetings) fn mending(mut self, frozen: usize, meetings: &[Meeting]) -> Self {
        self.know(meetings);
        self.instance.mode = Mode::Repair;
        self.instance.previous = Some(Previous { frozen, meetings: self.positions(meetings) });
        self
    }

    /// The same day, in which each of these pairs can be held, by the representatives it has there.
    pub(super) fn knowing(mut self, meetings: &[Meeting]) -> Self {
        self.know(meetings);
        self
    }

    fn know(&mut self, meetings: &[Meeting]) {
        let seats: BTreeMap<Seat, usize> = self.seats.iter().copied().zip(0..).collect();
        let pair = |wish: &Wish| (self.seats[wish.a].participant, self.seats[wish.b].participant);
        let mut known: BTreeMap<(i64, i64), usize> = self.instance.wishes.iter().map(pair).zip(0..).collect();
        let pinned: BTreeSet<usize> = self.instance.pinned.iter().map(|(wish, _)| *wish).collect();
        for meeting in meetings {
            let (Some(a), Some(b)) = (seats.get(&meeting.canteen), seats.get(&meeting.supplier)) else { continue };
            let next = self.instance.wishes.len();
            let number = *known.entry(meeting.pair()).or_insert(next);
            if number == next {
                let bare = Wish { a: *a, b: *b, rank_a: None, rank_b: None, weight: 0, slots: None };
                self.instance.wishes.push(bare);
            } else if !pinned.contains(&number) {
                (self.instance.wishes[number].a, self.instance.wishes[number].b) = (*a, *b);
            }
        }
    }

    /// Gives meetings the tables that they have in `before`, the first of those before the later ones, as [`keep_tables`] does;
    /// so many slots have begun.
    pub(in crate::speed_meetings) fn keep_tables(&self, (before, begun): (&[Meeting], i32), meetings: &mut [Meeting]) {
        let day = &self.instance;
        let session_of = |slot| day.sessions().iter().position(|session| session.contains(&slot)).unwrap_or_default();
        let side = |name: &str| if name == name_of(Side::Canteen) { Side::Canteen } else { Side::Supplier };
        let room = Room {
            sessions: (0..day.slots()).map(session_of).collect(),
            seated: day.seated.as_deref().map(side),
            tables: day.tables.iter().max().map_or(0, |most| i32::try_from(*most).unwrap_or(i32::MAX)),
            begun,
        };
        keep_tables(before, meetings, &room);
    }

    /// Meetings as wish and slot, both from 0; those of which there is no wish are left out.
    pub(in crate::speed_meetings) fn positions(&self, meetings: &[Meeting]) -> Vec<(usize, usize)> {
        let wish_of: BTreeMap<(Seat, Seat), usize> = self
            .instance
            .wishes
            .iter()
            .enumerate()
            .map(|(number, wish)| ((self.seats[wish.a], self.seats[wish.b]), number))
            .collect();
        let position = |meeting: &Meeting| {
            let slot = usize::try_from(meeting.slot).ok()?.checked_sub(1)?;
            let wish = wish_of.get(&(meeting.canteen, meeting.supplier))?;
            (slot < self.instance.slots()).then_some((*wish, slot))
        };
        meetings.iter().filter_map(position).collect()
    }

    /// The meetings of a timetable of this day, with their tables.
    pub(in crate::speed_meetings) fn meetings(&self, timetable: &Timetable) -> Vec<Meeting> {
        let tables = number_tables(&self.instance, timetable).table;
        let count = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
        let meeting = |(&(wish, slot), table): (&(usize, usize), usize)| {
            let wish = &self.instance.wishes[wish];
            let (canteen, supplier) = (self.seats[wish.a], self.seats[wish.b]);
            Meeting { slot: count(slot + 1), table: count(table), canteen, supplier }
        };
        let mut meetings: Vec<Meeting> = timetable.meetings().iter().zip(tables).map(meeting).collect();
        meetings.sort_unstable();
        meetings
    }
}

/// A pair that may meet.
#[derive(Clone, Copy, Debug, Default)]
struct Pair {
    canteen: Option<i32>,
    supplier: Option<i32>,
    weight: i64,
}

fn name_of(side: Side) -> &'static str {
    match side {
        Side::Supplier => "supplier",
        Side::Canteen => "canteen",
    }
}

/// Who takes part, in the order of their seats.
fn participants(plan: &Plan, (day, zone): (&Day, Tz), guests: &[Guest]) -> (Vec<Seat>, Vec<timetable::Participant>) {
    let mut all = Vec::new();
    for Guest { row, name } in guests {
        let there = available(row, day, plan.edition.held_on, zone);
        let copies = row.tables_at_once.clamp(1, 2);
        let count = |number: i32| u64::try_from(number).unwrap_or_default();
        let most = row.maximum_wished.map_or(u64::MAX, count).min(there.len() as u64 * count(copies));
        let promised = row.minimum_wished.unwrap_or(i32::MAX).min(plan.edition.minimum_appointments);
        let promised = count(promised).min(most);
        for copy in 1..=copies {
            let share = |whole: u64| if copies == 1 { whole } else { whole.midpoint(u64::from(copy == 1)) };
            let participant = timetable::Participant {
                id: if copy == 1 { name.clone() } else { format!("{name} ({copy})") },
                side: name_of(row.side).to_owned(),
                available: there.clone(),
                min: share(promised),
                max: share(most),
            };
            all.push((Seat { participant: row.id, copy }, participant));
        }
    }
    all.sort_by_key(|(seat, _)| *seat);
    all.into_iter().unzip()
}

/// Canteen and supplier of each pair that at least one asked for and neither refuses.
fn pairs(guests: &[Guest], wishes: &[Wished], weights: Weights) -> BTreeMap<(i64, i64), Pair> {
    let sides: BTreeMap<i64, Side> = guests.iter().map(|guest| (guest.row.id, guest.row.side)).collect();
    let mut pairs: BTreeMap<(i64, i64), Pair> = BTreeMap::new();
    let mut avoided = BTreeSet::new();
    for wish in wishes {
        let (Some(from), Some(to)) = (sides.get(&wish.from), sides.get(&wish.to)) else { continue };
        let key = match (from, to) {
            (Side::Canteen, Side::Supplier) => (wish.from, wish.to),
            (Side::Supplier, Side::Canteen) => (wish.to, wish.from),
            _ => continue,
        };
        if wish.rank.is_none() {
            avoided.insert(key);
        }
        let pair = pairs.entry(key).or_default();
        match from {
            Side::Canteen => pair.canteen = wish.rank,
            Side::Supplier => pair.supplier = wish.rank,
        }
    }
    pairs.retain(|key, _| !avoided.contains(key));
    for pair in pairs.values_mut() {
        pair.weight = weights.of(pair.canteen, pair.supplier);
    }
    pairs
}

/// Which representatives each pair would meet: those of an organisation take turns, from the most valued pair on.
fn deal(guests: &[Guest], pairs: &BTreeMap<(i64, i64), Pair>) -> BTreeMap<(i64, i64), (i32, i32)> {
    let copies: BTreeMap<i64, i32> = guests.iter().map(|guest| (guest.row.id, guest.row.tables_at_once)).collect();
    let mut order: Vec<_> = pairs.iter().collect();
    order.sort_by_key(|(key, pair)| (std::cmp::Reverse(pair.weight), **key));
    let mut turns: BTreeMap<i64, i32> = BTreeMap::new();
    let mut turn = |participant: i64| {
        if copies.get(&participant).is_none_or(|copies| *copies < 2) {
            return 1;
        }
        let turn = turns.entry(participant).or_default();
        *turn += 1;
        (*turn + 1) % 2 + 1
    };
    order.into_iter().map(|(key, _)| (*key, (turn(key.0), turn(key.1)))).collect()
}

/// The slots, from 0, after which there is a pause.
fn breaks(day: &Day) -> BTreeSet<usize> {
    let follows = |place: usize| {
        let (slot, next) = (&day.slots[place], &day.slots[place + 1]);
        slot.session != next.session && day.pauses.iter().any(|pause| pause.starts_at == slot.ends_at)
    };
    (0..day.slots.len().saturating_sub(1)).filter(|place| follows(*place)).collect()
}

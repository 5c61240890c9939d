//! Is this a timetable of this day, and what is it worth? Shares nothing with the search but the types, so that an error
//! of one does not hide in the other. The program shows no timetable that has not come through here.

use std::collections::{BTreeMap, BTreeSet};

use super::figures::Figures;
use super::instance::{Instance, Mode};

/// A rule that is broken.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are wishes, participants and slots by position, and counts")]
pub enum Fault {
    /// Not a wish of this day, or a slot outside it.
    Unknown { wish: usize, slot: usize },
    /// A wish held more than once.
    Twice { wish: usize },
    /// Somebody is away, no table is open, or the wish does not allow this slot.
    Impossible { wish: usize, slot: usize },
    /// In a slot that is over, where it was not held.
    Past { wish: usize, slot: usize },
    /// Two meetings of one participant in one slot.
    Clash { participant: usize, slot: usize },
    /// More meetings than wanted.
    TooMany { participant: usize, held: usize },
    /// More meetings than tables.
    Tables { slot: usize, held: usize },
    /// More people seated in the session that begins with this slot than it has tables.
    Seats { slot: usize, seated: usize },
    /// Must be held in this slot and is not.
    NotFixed { wish: usize, slot: usize },
    /// The first must come before the second.
    Order { first: usize, second: usize },
    /// In mode `all` every wish is held.
    NotHeld { wish: usize },
    /// Numbers of waits differ by more than allowed.
    Spread { difference: u64 },
}

/// A timetable that keeps every rule: it cannot be had without the check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timetable {
    meetings: Vec<(usize, usize)>,
    figures: Figures,
}

impl Timetable {
    /// Checks `meetings` (wish, slot) against every rule.
    ///
    /// # Errors
    /// Every rule broken.
    pub fn checked(day: &Instance, mut meetings: Vec<(usize, usize)>) -> Result<Self, Vec<Fault>> {
        meetings.sort_unstable();
        let faults = faults(day, &meetings);
        if !faults.is_empty() {
            return Err(faults);
        }
        let figures = figures(day, &meetings);
        Ok(Self { meetings, figures })
    }

    /// Wish and slot, by wish.
    #[must_use]
    pub fn meetings(&self) -> &[(usize, usize)] {
        &self.meetings
    }

    /// What it is worth.
    #[must_use]
    pub fn figures(&self) -> Figures {
        self.figures
    }
}

/// Every rule that `meetings` break.
#[must_use]
pub fn faults(day: &Instance, meetings: &[(usize, usize)]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut slot_of: BTreeMap<usize, usize> = BTreeMap::new();
    let must = must_hold(day);
    let over: BTreeSet<(usize, usize)> = past(day).into_iter().collect();
    for &(wish, slot) in meetings {
        if wish >= day.wishes.len() || slot >= day.tables.len() {
            faults.push(Fault::Unknown { wish, slot });
        } else if slot_of.insert(wish, slot).is_some() {
            faults.push(Fault::Twice { wish });
        } else if !can_meet(day, wish, slot) {
            faults.push(Fault::Impossible { wish, slot });
        } else if slot < frozen(day) && !over.contains(&(wish, slot)) {
            faults.push(Fault::Past { wish, slot });
        }
    }
    let lost = must.iter().filter(|(wish, slot)| slot_of.get(wish) != Some(slot));
    faults.extend(lost.map(|&(wish, slot)| Fault::NotFixed { wish, slot }));
    for &(first, second) in &day.before {
        if let (Some(one), Some(two)) = (slot_of.get(&first), slot_of.get(&second))
            && one >= two
        {
            faults.push(Fault::Order { first, second });
        }
    }
    if day.mode == Mode::All {
        faults.extend((0..day.wishes.len()).filter(|w| !slot_of.contains_key(w)).map(|wish| Fault::NotHeld { wish }));
    }
    people(day, &slot_of, &mut faults);
    rooms(day, &slot_of, &mut faults);
    faults
}

fn people(day: &Instance, slot_of: &BTreeMap<usize, usize>, faults: &mut Vec<Fault>) {
    let mut waits = Vec::new();
    for (participant, slots) in slots_of_people(day, slot_of).into_iter().enumerate() {
        let held = slots.len();
        let clash = slots.windows(2).find(|pair| pair[0] == pair[1]);
        faults.extend(clash.map(|pair| Fault::Clash { participant, slot: pair[0] }));
        if held as u64 > day.participants[participant].max {
            faults.push(Fault::TooMany { participant, held });
        }
        waits.push(waits_of(day, participant, &slots).0);
    }
    if let (Some(most), Some(least), Some(spread)) = (waits.iter().max(), waits.iter().min(), day.gap_spread)
        && most - least > spread
    {
        faults.push(Fault::Spread { difference: most - least });
    }
}

fn rooms(day: &Instance, slot_of: &BTreeMap<usize, usize>, faults: &mut Vec<Fault>) {
    let mut held = vec![0usize; day.tables.len()];
    for &slot in slot_of.values() {
        held[slot] += 1;
    }
    for (slot, (&held, &tables)) in held.iter().zip(&day.tables).enumerate() {
        if held as u64 > tables {
            faults.push(Fault::Tables { slot, held });
        }
    }
    let Some(side) = &day.seated else { return };
    let people = slots_of_people(day, slot_of);
    for session in sessions(day) {
        let here = |slots: &Vec<usize>| slots.iter().any(|slot| session.contains(slot));
        let sits = day.participants.iter().zip(&people).filter(|(p, slots)| p.side == *side && here(slots));
        let seated = sits.count();
        let tables = session.iter().map(|&slot| day.tables[slot]).min().unwrap_or(0);
        if seated as u64 > tables {
            faults.push(Fault::Seats { slot: session[0], seated });
        }
    }
}

/// The figures of `meetings` that keep the rules.
#[must_use]
pub(super) fn figures(day: &Instance, meetings: &[(usize, usize)]) -> Figures {
    let slot_of: BTreeMap<usize, usize> = meetings.iter().copied().collect();
    let weight = slot_of.keys().map(|&wish| day.wishes[wish].weight).sum();
    let mut figures = Figures { weight, ..Figures::default() };
    let must: BTreeMap<usize, usize> = must_hold(day).into_iter().collect();
    let mut own = vec![Vec::new(); day.participants.len()];
    for (w, wish) in day.wishes.iter().enumerate() {
        own[wish.a].push(w);
        own[wish.b].push(w);
    }
    for (p, slots) in slots_of_people(day, &slot_of).iter().enumerate() {
        let promised = promised(day, p, &own[p], &must);
        let missing = promised.saturating_sub(slots.len()) as i64;
        figures.empty += i64::from(promised > 0 && slots.is_empty());
        figures.shortfall += missing * (missing + 1) / 2;
        let (runs, idle) = waits_of(day, p, slots);
        figures.gaps += runs as i64 * day.gap_cost.run + idle as i64 * day.gap_cost.slot;
    }
    if let Some(previous) = &day.previous {
        let to_come = previous.meetings.iter().filter(|(_, slot)| *slot >= frozen(day));
        figures.changes = to_come.filter(|(wish, slot)| slot_of.get(wish) != Some(slot)).count() as i64;
    }
    figures
}

/// Meetings promised to a participant: its minimum, as far as it could be reached alone.
fn promised(day: &Instance, p: usize, own: &[usize], must: &BTreeMap<usize, usize>) -> usize {
    let wanted = usize::try_from(day.participants[p].min.min(day.participants[p].max)).unwrap_or(usize::MAX);
    if wanted == 0 {
        return 0;
    }
    let candidates = |w: &usize| match must.get(w) {
        Some(&slot) => slot..slot + 1,
        None => frozen(day).min(day.tables.len())..day.tables.len(),
    };
    let lists: Vec<Vec<usize>> =
        own.iter().map(|w| candidates(w).filter(|&slot| can_meet(day, *w, slot)).collect()).collect();
    let mut taken_by: BTreeMap<usize, usize> = BTreeMap::new();
    // From slots that a search without success met no free one can be reached, now or later.
    let mut closed: BTreeSet<usize> = BTreeSet::new();
    let mut reached = 0;
    for start in 0..lists.len() {
        if reached == wanted {
            break;
        }
        // Breadth-first search of an alternating path from `start` to a free slot.
        let mut came: BTreeMap<usize, usize> = BTreeMap::new();
        let mut queue = std::collections::VecDeque::from([start]);
        let mut end = None;
        while let Some(list) = queue.pop_front() {
            for &slot in &lists[list] {
                if end.is_none() && !closed.contains(&slot) && !came.contains_key(&slot) {
                    came.insert(slot, list);
                    match taken_by.get(&slot) {
                        None => end = Some(slot),
                        Some(&other) => queue.push_back(other),
                    }
                }
            }
        }
        let Some(mut slot) = end else {
            closed.extend(came.into_keys());
            continue;
        };
        reached += 1;
        loop {
            let list = came[&slot];
            let left = taken_by.iter().find(|(_, by)| **by == list).map(|(slot, _)| *slot);
            taken_by.insert(slot, list);
            match left {
                Some(freed) if list != start => slot = freed,
                _ => break,
            }
        }
    }
    reached.min(wanted)
}

/// Number of waits and of slots waited.
fn waits_of(day: &Instance, p: usize, slots: &[usize]) -> (u64, u64) {
    let (mut runs, mut idle) = (0, 0);
    for session in sessions(day) {
        let there: Vec<usize> =
            session.into_iter().filter(|slot| day.participants[p].available.contains(slot)).collect();
        let used: Vec<usize> = (0..there.len()).filter(|&n| slots.contains(&there[n])).collect();
        for pair in used.windows(2) {
            runs += u64::from(pair[1] - pair[0] > 1);
            idle += (pair[1] - pair[0] - 1) as u64;
        }
    }
    (runs, idle)
}

/// Per participant its slots, in order.
fn slots_of_people(day: &Instance, slot_of: &BTreeMap<usize, usize>) -> Vec<Vec<usize>> {
    let mut people = vec![Vec::new(); day.participants.len()];
    for (&wish, &slot) in slot_of {
        people[day.wishes[wish].a].push(slot);
        people[day.wishes[wish].b].push(slot);
    }
    for slots in &mut people {
        slots.sort_unstable();
    }
    people
}

fn can_meet(day: &Instance, wish: usize, slot: usize) -> bool {
    let w = &day.wishes[wish];
    let allowed = w.slots.as_ref().is_none_or(|slots| slots.contains(&slot));
    let both = [w.a, w.b].iter().all(|&p| day.participants[p].available.contains(&slot));
    allowed && both && day.tables[slot] > 0
}

fn frozen(day: &Instance) -> usize {
    day.previous.as_ref().map_or(0, |previous| previous.frozen)
}

/// Wish and slot of what is over.
fn past(day: &Instance) -> Vec<(usize, usize)> {
    let meetings = day.previous.iter().flat_map(|previous| previous.meetings.iter().copied());
    meetings.filter(|(_, slot)| *slot < frozen(day)).collect()
}

/// Wish and slot of every pin and of everything past.
fn must_hold(day: &Instance) -> Vec<(usize, usize)> {
    day.pinned.iter().copied().chain(past(day)).collect()
}

fn sessions(day: &Instance) -> Vec<Vec<usize>> {
    let mut sessions: Vec<Vec<usize>> = Vec::new();
    for slot in 0..day.tables.len() {
        match sessions.last_mut() {
            Some(last) if !day.breaks.contains(&(slot - 1)) => last.push(slot),
            _ => sessions.push(vec![slot]),
        }
    }
    sessions
}

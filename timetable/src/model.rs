//! The day as the search sees it: flat arrays, slots as small numbers, everything that does not change computed once.

use super::instance::{Instance, Mode};
use super::possible::{feasible_slots, fixed, needs};

/// No slot, no wish.
pub(super) const NO_SLOT: u16 = u16::MAX;
pub(super) const NO_WISH: u32 = u32::MAX;

/// Flat arrays over W wishes, P participants, T slots, S sessions.
#[derive(Clone, Debug)]
pub(super) struct Model {
    pub(super) mode: Mode,
    pub(super) people: usize,
    pub(super) wishes: usize,
    pub(super) slots: usize,
    pub(super) sessions: usize,
    /// W × 2: participants of a wish.
    pub(super) ends: Vec<[u32; 2]>,
    /// W.
    pub(super) weight: Vec<i64>,
    /// Slots in which a wish can be held, in order: W lists.
    pub(super) options: Lists<u16>,
    /// W: the slot that a wish is fixed to, or `NO_SLOT`.
    pub(super) fixed: Vec<u16>,
    /// W: the slot to come that the previous timetable gives a wish, or `NO_SLOT`.
    pub(super) planned: Vec<u16>,
    /// Wishes that have a slot, per participant: P lists.
    pub(super) own: Lists<u32>,
    /// W lists: wishes that must be earlier, if held.
    pub(super) earlier: Lists<u32>,
    /// W lists: wishes that must be later, if held.
    pub(super) later: Lists<u32>,
    /// P.
    pub(super) need: Vec<u32>,
    /// P: at most the number of slots.
    pub(super) max: Vec<u32>,
    /// P: keeps a table for a session.
    pub(super) seated: Vec<bool>,
    pub(super) has_seats: bool,
    /// T: at most the number of participants.
    pub(super) tables: Vec<u32>,
    /// T: session of a slot.
    pub(super) session_of: Vec<u16>,
    /// S: people who may sit.
    pub(super) seats: Vec<u32>,
    /// P × T: position of a slot among those of its session in which the participant is there, or `NO_SLOT`.
    pub(super) place: Vec<u16>,
    /// P × S + 1: where the bits of a participant's session begin, in words of 64.
    pub(super) words: Vec<u32>,
    pub(super) run_cost: i64,
    pub(super) slot_cost: i64,
    pub(super) spread: Option<u64>,
    /// Meetings of the previous timetable still to come.
    pub(super) plan: i64,
}

/// Many short lists one after the other.
#[derive(Clone, Debug)]
pub(super) struct Lists<T> {
    start: Vec<u32>,
    items: Vec<T>,
}

impl<T> Lists<T> {
    pub(super) fn new(lists: impl IntoIterator<Item = Vec<T>>) -> Self {
        let (mut start, mut items) = (vec![0], Vec::new());
        for list in lists {
            items.extend(list);
            start.push(items.len() as u32);
        }
        Self { start, items }
    }

    /// The list at this position.
    #[inline]
    pub(super) fn get(&self, i: usize) -> &[T] {
        &self.items[self.start[i] as usize..self.start[i + 1] as usize]
    }
}

impl Model {
    /// O(wishes × slots + participants × slots) time and memory.
    #[must_use]
    pub(super) fn new(day: &Instance) -> Self {
        let feasible = feasible_slots(day);
        let (people, wishes, slots) = (day.participants.len(), day.wishes.len(), day.slots());
        let sessions = day.sessions();
        let mut session_of = vec![0; slots];
        for (s, session) in sessions.iter().enumerate() {
            session_of[session.clone()].fill(s as u16);
        }
        let tables: Vec<u32> = day.tables.iter().map(|&n| n.min(people as u64) as u32).collect();
        let seats = sessions.iter().map(|s| s.clone().map(|t| tables[t]).min().unwrap_or(0)).collect();
        let mut fix = vec![NO_SLOT; wishes];
        for (wish, slot) in fixed(day) {
            fix[wish] = slot as u16;
        }
        let mut planned = vec![NO_SLOT; wishes];
        let previous = day.previous.iter().flat_map(|previous| previous.meetings.iter());
        let to_come: Vec<_> = previous.filter(|(_, slot)| *slot >= day.frozen()).collect();
        for &&(wish, slot) in &to_come {
            planned[wish] = slot as u16;
        }
        let mut own = vec![Vec::new(); people];
        for (i, wish) in day.wishes.iter().enumerate().filter(|(i, _)| !feasible[*i].is_empty()) {
            own[wish.a].push(i as u32);
            own[wish.b].push(i as u32);
        }
        let (mut earlier, mut later) = (vec![Vec::new(); wishes], vec![Vec::new(); wishes]);
        for &(i, j) in &day.before {
            later[i].push(j as u32);
            earlier[j].push(i as u32);
        }
        let (place, words) = places(day, &session_of, sessions.len());
        Self {
            mode: day.mode,
            people,
            wishes,
            slots,
            sessions: sessions.len(),
            ends: day.wishes.iter().map(|w| [w.a as u32, w.b as u32]).collect(),
            weight: day.wishes.iter().map(|w| w.weight).collect(),
            need: needs(day, &feasible).into_iter().map(|n| n as u32).collect(),
            options: Lists::new(feasible),
            fixed: fix,
            planned,
            own: Lists::new(own),
            earlier: Lists::new(earlier),
            later: Lists::new(later),
            max: day.participants.iter().map(|p| p.max.min(slots as u64) as u32).collect(),
            seated: (0..people).map(|p| day.is_seated(p)).collect(),
            has_seats: day.seated.is_some(),
            tables,
            session_of,
            seats,
            place,
            words,
            run_cost: day.gap_cost.run,
            slot_cost: day.gap_cost.slot,
            spread: day.gap_spread,
            plan: to_come.len() as i64,
        }
    }

    /// May this wish be held in this slot, other meetings aside?
    #[inline]
    pub(super) fn may_hold(&self, wish: usize, slot: u16) -> bool {
        self.options.get(wish).binary_search(&slot).is_ok()
    }

    /// Is this wish fixed to a slot?
    #[inline]
    pub(super) fn is_fixed(&self, wish: usize) -> bool {
        self.fixed[wish] != NO_SLOT
    }

    /// The other end of a wish.
    #[inline]
    pub(super) fn other(&self, wish: usize, p: usize) -> usize {
        let [a, b] = self.ends[wish];
        if a as usize == p { b as usize } else { a as usize }
    }

    /// One participant's waits in one session and the slots waited, from the bits of its meetings among the slots in which
    /// it is there. O(words).
    #[inline]
    pub(super) fn waits(bits: &[u64]) -> (i64, i64) {
        if let [word] = bits {
            if *word == 0 {
                return (0, 0);
            }
            let length = 64 - word.leading_zeros() - word.trailing_zeros();
            let runs = (word & !(word >> 1)).count_ones();
            return (i64::from(runs) - 1, i64::from(length - word.count_ones()));
        }
        let (mut last, mut runs, mut idle) = (None::<usize>, 0, 0);
        for (n, word) in bits.iter().enumerate() {
            let mut rest = *word;
            while rest != 0 {
                let at = n * 64 + rest.trailing_zeros() as usize;
                rest &= rest - 1;
                if let Some(last) = last
                    && at - last > 1
                {
                    runs += 1;
                    idle += (at - last - 1) as i64;
                }
                last = Some(at);
            }
        }
        (runs, idle)
    }
}

/// Where each slot lies among those in which a participant is there, and where each session's bits begin.
fn places(day: &Instance, session_of: &[u16], sessions: usize) -> (Vec<u16>, Vec<u32>) {
    let slots = day.slots();
    let mut place = vec![NO_SLOT; day.participants.len() * slots];
    let mut words = Vec::with_capacity(day.participants.len() * sessions + 1);
    let mut next = 0u32;
    for (p, person) in day.participants.iter().enumerate() {
        let mut there = vec![0u16; sessions];
        for &slot in &person.available {
            let count = &mut there[usize::from(session_of[slot])];
            place[p * slots + slot] = *count;
            *count += 1;
        }
        for count in there {
            words.push(next);
            next += u32::from(count).div_ceil(64);
        }
    }
    words.push(next);
    (place, words)
}

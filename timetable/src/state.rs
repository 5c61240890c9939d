//! A timetable in the making: every figure is up to date after each meeting put in or taken out, in constant time.

use super::figures::Figures;
use super::instance::Mode;
use super::model::{Model, NO_SLOT, NO_WISH};

/// What stands where. Each participant holds at most one meeting per slot by construction; the other rules are the
/// callers': they ask [`State::fits`] first or [`State::broken`] afterwards.
#[derive(Clone, Debug)]
pub(super) struct State<'m> {
    pub(super) m: &'m Model,
    /// W.
    pub(super) slot_of: Vec<u16>,
    /// P × T: the wish that a participant holds in a slot.
    at: Vec<u32>,
    /// P × words of T: slots in which a participant holds a meeting.
    busy: Vec<u64>,
    /// W × words of T: slots in which a wish can be held.
    allowed: Vec<u64>,
    /// Words of T: slots with no table left.
    full: Vec<u64>,
    /// Words of 64 slots.
    width: usize,
    /// Bits of each participant's sessions, see `Model::words`.
    bits: Vec<u64>,
    /// P × S: price of the waits, and how many.
    price: Vec<i64>,
    runs: Vec<u16>,
    /// P: price of all waits of a participant; those above 0, and where each stands among them.
    waits: Vec<i64>,
    waiters: Vec<u32>,
    waiter: Vec<u32>,
    /// P.
    pub(super) degree: Vec<u32>,
    /// P × S, where somebody is seated: meetings.
    inside: Vec<u16>,
    /// S: people who sit.
    pub(super) sitting: Vec<u32>,
    /// T lists of wishes, and where in its list each wish stands.
    members: Vec<Vec<u32>>,
    position: Vec<u32>,
    pub(super) figures: Figures,
    /// Wishes held.
    pub(super) held: usize,
    /// Waits beyond what `gap_spread` allows when the luckiest waits never.
    pub(super) excess: i64,
    /// What was done since the last `commit`: wish, slot, put in.
    journal: Vec<(u32, u16, bool)>,
}

impl<'m> State<'m> {
    /// Nothing held but what is fixed.
    pub(super) fn new(m: &'m Model) -> Self {
        let width = m.slots.div_ceil(64);
        let mut allowed = vec![0; m.wishes * width];
        for i in 0..m.wishes {
            for &t in m.options.get(i) {
                allowed[i * width + usize::from(t) / 64] |= 1 << (t % 64);
            }
        }
        let mut state = Self {
            m,
            slot_of: vec![NO_SLOT; m.wishes],
            at: vec![NO_WISH; m.people * m.slots],
            busy: vec![0; m.people * width],
            allowed,
            full: vec![0; width],
            width,
            bits: vec![0; m.words.last().map_or(0, |&n| n as usize)],
            price: vec![0; m.people * m.sessions],
            runs: vec![0; m.people * m.sessions],
            waits: vec![0; m.people],
            waiters: Vec::new(),
            waiter: vec![0; m.people],
            degree: vec![0; m.people],
            inside: vec![0; if m.has_seats { m.people * m.sessions } else { 0 }],
            sitting: vec![0; m.sessions],
            members: vec![Vec::new(); m.slots],
            position: vec![0; m.wishes],
            figures: Figures::default(),
            held: 0,
            excess: 0,
            journal: Vec::new(),
        };
        state.figures.changes = m.plan;
        for p in 0..m.people {
            let (empty, shortfall) = unfair(m.need[p], 0);
            state.figures.empty += empty;
            state.figures.shortfall += shortfall;
        }
        for t in 0..m.slots {
            state.mark_full(t);
        }
        for i in 0..m.wishes {
            if m.is_fixed(i) && !m.options.get(i).is_empty() {
                state.put(i, m.fixed[i]);
            }
        }
        state.commit();
        state
    }

    /// The timetable of `slots`, which is one.
    pub(super) fn of(m: &'m Model, slots: &[u16]) -> Self {
        let mut state = Self::new(m);
        state.become_(slots);
        state
    }

    /// Turns into the timetable of `slots`, which is one.
    pub(super) fn become_(&mut self, slots: &[u16]) {
        for (i, &t) in slots.iter().enumerate() {
            if self.slot_of[i] != NO_SLOT && self.slot_of[i] != t {
                self.take(i);
            }
        }
        for (i, &t) in slots.iter().enumerate() {
            if t != NO_SLOT && self.slot_of[i] == NO_SLOT {
                self.put(i, t);
            }
        }
        self.commit();
    }

    /// The wish that a participant holds in a slot, or `NO_WISH`.
    #[inline]
    pub(super) fn at(&self, p: usize, t: u16) -> u32 {
        self.at[p * self.m.slots + usize::from(t)]
    }

    /// The wishes held in a slot.
    #[inline]
    pub(super) fn members(&self, t: u16) -> &[u32] {
        &self.members[usize::from(t)]
    }

    /// Price of a participant's waits.
    #[inline]
    pub(super) fn waits_of(&self, p: usize) -> i64 {
        self.waits[p]
    }

    /// The participants who wait.
    #[inline]
    pub(super) fn waiters(&self) -> &[u32] {
        &self.waiters
    }

    /// How many waits a participant has.
    pub(super) fn runs_of(&self, p: usize) -> u64 {
        self.runs[p * self.m.sessions..(p + 1) * self.m.sessions].iter().map(|&n| u64::from(n)).sum()
    }

    /// Bits of a participant's meetings in a session.
    pub(super) fn session_bits(&self, p: usize, s: usize) -> &[u64] {
        let at = p * self.m.sessions + s;
        &self.bits[self.m.words[at] as usize..self.m.words[at + 1] as usize]
    }

    /// Puts the slots into `free` in which a wish could be held with nobody moved, seats and order aside.
    #[inline]
    pub(super) fn free_slots(&self, wish: usize, free: &mut Vec<u64>) {
        let [a, b] = self.m.ends[wish].map(|p| p as usize);
        free.clear();
        for n in 0..self.width {
            let taken = self.busy[a * self.width + n] | self.busy[b * self.width + n] | self.full[n];
            free.push(self.allowed[wish * self.width + n] & !taken);
        }
    }

    /// Could this wish, not held, be held in this slot with nobody moved?
    pub(super) fn fits(&self, wish: usize, t: u16) -> bool {
        let [a, b] = self.m.ends[wish].map(|p| p as usize);
        let room = |p: usize| self.degree[p] < self.m.max[p] && self.at(p, t) == NO_WISH;
        self.m.may_hold(wish, t)
            && room(a)
            && room(b)
            && !self.is_full(t)
            && self.can_sit(wish, t)
            && self.keeps_order(wish, t)
    }

    #[inline]
    pub(super) fn is_full(&self, t: u16) -> bool {
        self.members[usize::from(t)].len() >= self.m.tables[usize::from(t)] as usize
    }

    /// Is there a seat for the seated end?
    #[inline]
    pub(super) fn can_sit(&self, wish: usize, t: u16) -> bool {
        if !self.m.has_seats {
            return true;
        }
        let s = usize::from(self.m.session_of[usize::from(t)]);
        self.sitting[s] < self.m.seats[s] || self.inside[self.sitter(wish) * self.m.sessions + s] > 0
    }

    /// The seated end of a wish.
    #[inline]
    pub(super) fn sitter(&self, wish: usize) -> usize {
        let [a, b] = self.m.ends[wish].map(|p| p as usize);
        if self.m.seated[a] { a } else { b }
    }

    /// Does a participant hold a meeting in a session? Only where somebody is seated.
    pub(super) fn sits(&self, p: usize, s: usize) -> bool {
        self.inside[p * self.m.sessions + s] > 0
    }

    /// Would this wish in this slot be after those before it and before those after it?
    #[inline]
    pub(super) fn keeps_order(&self, wish: usize, t: u16) -> bool {
        let m = self.m;
        m.earlier.get(wish).iter().all(|&i| self.slot_of[i as usize] == NO_SLOT || self.slot_of[i as usize] < t)
            && m.later.get(wish).iter().all(|&i| self.slot_of[i as usize] == NO_SLOT || self.slot_of[i as usize] > t)
    }

    /// After meetings moved between two slots: does any rule on tables or seats not hold there?
    pub(super) fn broken(&self, t: u16) -> bool {
        let s = usize::from(self.m.session_of[usize::from(t)]);
        self.members[usize::from(t)].len() > self.m.tables[usize::from(t)] as usize
            || (self.m.has_seats && self.sitting[s] > self.m.seats[s])
    }

    /// Holds a wish. Both ends must be free and there.
    #[inline]
    pub(super) fn put(&mut self, wish: usize, t: u16) {
        let slot = usize::from(t);
        self.slot_of[wish] = t;
        self.position[wish] = self.members[slot].len() as u32;
        self.members[slot].push(wish as u32);
        self.mark_full(slot);
        self.figures.weight += self.m.weight[wish];
        self.figures.changes -= i64::from(self.m.planned[wish] == t);
        self.held += 1;
        for p in self.m.ends[wish].map(|p| p as usize) {
            self.at[p * self.m.slots + slot] = wish as u32;
            self.busy[p * self.width + slot / 64] |= 1 << (slot % 64);
            self.flip(p, slot, true);
        }
        self.journal.push((wish as u32, t, true));
    }

    /// No longer holds a wish that is held.
    #[inline]
    pub(super) fn take(&mut self, wish: usize) {
        let t = self.slot_of[wish];
        let slot = usize::from(t);
        self.slot_of[wish] = NO_SLOT;
        let position = self.position[wish] as usize;
        self.members[slot].swap_remove(position);
        if let Some(&moved) = self.members[slot].get(position) {
            self.position[moved as usize] = position as u32;
        }
        self.mark_full(slot);
        self.figures.weight -= self.m.weight[wish];
        self.figures.changes += i64::from(self.m.planned[wish] == t);
        self.held -= 1;
        for p in self.m.ends[wish].map(|p| p as usize) {
            self.at[p * self.m.slots + slot] = NO_WISH;
            self.busy[p * self.width + slot / 64] &= !(1 << (slot % 64));
            self.flip(p, slot, false);
        }
        self.journal.push((wish as u32, t, false));
    }

    /// Forgets how it came here.
    #[inline]
    pub(super) fn commit(&mut self) {
        self.journal.clear();
    }

    /// Goes back to the last `commit`.
    pub(super) fn undo(&mut self) {
        self.undo_to(0);
    }

    /// How much was done since the last `commit`.
    pub(super) fn mark(&self) -> usize {
        self.journal.len()
    }

    /// Goes back to a `mark`.
    pub(super) fn undo_to(&mut self, mark: usize) {
        while self.journal.len() > mark {
            let Some((wish, t, put)) = self.journal.pop() else { break };
            if put {
                self.take(wish as usize);
            } else {
                self.put(wish as usize, t);
            }
            self.journal.pop();
        }
    }

    /// Smaller is better; what breaks a rule comes first.
    pub(super) fn key(&self) -> [i64; 7] {
        let missing = if self.m.mode == Mode::All { (self.m.wishes - self.held) as i64 } else { 0 };
        let [empty, shortfall, changes, lightness, gaps] = self.figures.key(self.m.mode);
        [missing, self.spread_excess(), empty, shortfall, changes, lightness, gaps]
    }

    /// By how much the numbers of waits differ more than `gap_spread` allows. O(participants) where it is given.
    pub(super) fn spread_excess(&self) -> i64 {
        let Some(spread) = self.m.spread else { return 0 };
        if self.excess == 0 {
            return 0;
        }
        let runs = (0..self.m.people).map(|p| self.runs_of(p));
        let (least, most) = runs.fold((u64::MAX, 0), |(least, most), n| (least.min(n), most.max(n)));
        (most.saturating_sub(least)).saturating_sub(spread) as i64
    }

    /// A participant's waits cost more or less.
    #[inline]
    fn rewait(&mut self, p: usize, more: i64) {
        let before = self.waits[p];
        self.waits[p] += more;
        self.figures.gaps += more;
        if before == 0 {
            self.waiter[p] = self.waiters.len() as u32;
            self.waiters.push(p as u32);
        } else if self.waits[p] == 0 {
            let position = self.waiter[p] as usize;
            self.waiters.swap_remove(position);
            if let Some(&moved) = self.waiters.get(position) {
                self.waiter[moved as usize] = position as u32;
            }
        }
    }

    #[inline]
    fn mark_full(&mut self, slot: usize) {
        let bit = 1 << (slot % 64);
        if self.members[slot].len() >= self.m.tables[slot] as usize {
            self.full[slot / 64] |= bit;
        } else {
            self.full[slot / 64] &= !bit;
        }
    }

    /// A participant's meeting in a slot begins or ends.
    #[inline]
    fn flip(&mut self, p: usize, slot: usize, put: bool) {
        let m = self.m;
        let s = usize::from(m.session_of[slot]);
        let at = p * m.sessions + s;
        let before = unfair(m.need[p], self.degree[p]);
        self.degree[p] = if put { self.degree[p] + 1 } else { self.degree[p] - 1 };
        let after = unfair(m.need[p], self.degree[p]);
        self.figures.empty += after.0 - before.0;
        self.figures.shortfall += after.1 - before.1;
        if m.has_seats && m.seated[p] {
            if put {
                self.inside[at] += 1;
                self.sitting[s] += u32::from(self.inside[at] == 1);
            } else {
                self.inside[at] -= 1;
                self.sitting[s] -= u32::from(self.inside[at] == 0);
            }
        }
        let place = usize::from(m.place[p * m.slots + slot]);
        let (from, to) = (m.words[at] as usize, m.words[at + 1] as usize);
        self.bits[from + place / 64] ^= 1 << (place % 64);
        let (runs, idle) = Model::waits(&self.bits[from..to]);
        let price = runs * m.run_cost + idle * m.slot_cost;
        if price != self.price[at] {
            self.rewait(p, price - self.price[at]);
            self.price[at] = price;
        }
        if let Some(spread) = m.spread {
            let over = |state: &Self| state.runs_of(p).saturating_sub(spread) as i64;
            self.excess -= over(self);
            self.runs[at] = runs as u16;
            self.excess += over(self);
        }
    }
}

/// Empty, shortfall of one participant.
#[inline]
fn unfair(need: u32, degree: u32) -> (i64, i64) {
    let missing = i64::from(need.saturating_sub(degree));
    (i64::from(need > 0 && degree == 0), missing * (missing + 1) / 2)
}

//! The steps of the search. Each leaves a timetable that keeps every rule, or undoes itself and says so.

use super::model::{NO_SLOT, NO_WISH};
use super::random::Random;
use super::state::State;

/// A chain longer than this moves half the day and is not worth the time.
const LONGEST_CHAIN: usize = 200;
/// Fillers tried when a chain leaves one meeting too many in a slot.
const FILLERS: usize = 4;

/// Memory that the steps use again and again.
#[derive(Default)]
pub(super) struct Scratch {
    free: Vec<u64>,
    chain: Vec<u32>,
    /// W: the number of the chain that a wish was last part of.
    seen: Vec<u32>,
    number: u32,
    ejected: Vec<u32>,
    crowd: Vec<u32>,
}

impl Scratch {
    pub(super) fn new(wishes: usize) -> Self {
        Self { seen: vec![0; wishes], ..Self::default() }
    }
}

/// Holds a wish in a slot, whoever stands in the way; those who do are placed elsewhere if there is room.
pub(super) fn insert(state: &mut State<'_>, scratch: &mut Scratch, random: &mut Random, wish: usize, t: u16) -> bool {
    let m = state.m;
    let from = state.slot_of[wish];
    if from == t || m.is_fixed(wish) {
        return false;
    }
    if from != NO_SLOT {
        state.take(wish);
    }
    scratch.ejected.clear();
    for p in m.ends[wish].map(|p| p as usize) {
        let there = state.at(p, t);
        if there != NO_WISH && !eject(state, scratch, there as usize) {
            return false;
        }
        if state.degree[p] >= m.max[p] {
            let Some(victim) = least_of(state, random, p) else { return false };
            if !eject(state, scratch, victim) {
                return false;
            }
        }
    }
    for list in [m.earlier.get(wish), m.later.get(wish)] {
        for &other in list {
            let slot = state.slot_of[other as usize];
            let early = m.earlier.get(wish).contains(&other) && slot >= t;
            let late = m.later.get(wish).contains(&other) && slot <= t;
            if slot != NO_SLOT && (early || late) && !eject(state, scratch, other as usize) {
                return false;
            }
        }
    }
    if state.is_full(t) {
        let Some(victim) = least_in(state, random, t) else { return false };
        if !eject(state, scratch, victim) {
            return false;
        }
    }
    if !state.can_sit(wish, t) && !empty_seat(state, scratch, random, t) {
        return false;
    }
    state.put(wish, t);
    place_ejected(state, scratch, random, from);
    true
}

fn eject(state: &mut State<'_>, scratch: &mut Scratch, wish: usize) -> bool {
    if state.m.is_fixed(wish) {
        return false;
    }
    state.take(wish);
    scratch.ejected.push(wish as u32);
    true
}

/// The lightest of a few meetings of a participant that can go.
fn least_of(state: &State<'_>, random: &mut Random, p: usize) -> Option<usize> {
    let own = state.m.own.get(p);
    let mut best: Option<usize> = None;
    for _ in 0..8.min(own.len() * 2) {
        let wish = own[random.below(own.len())] as usize;
        if state.slot_of[wish] == NO_SLOT || state.m.is_fixed(wish) {
            continue;
        }
        if best.is_none_or(|best| state.m.weight[wish] < state.m.weight[best]) {
            best = Some(wish);
        }
    }
    best
}

/// The lightest of a few meetings of a slot that can go.
fn least_in(state: &State<'_>, random: &mut Random, t: u16) -> Option<usize> {
    let members = state.members(t);
    let drawn = (0..3).filter_map(|_| members.get(random.below(members.len()))).map(|&w| w as usize);
    drawn.filter(|&w| !state.m.is_fixed(w)).min_by_key(|&w| state.m.weight[w])
}

/// Somebody who sits in the session of this slot goes without any meeting there.
fn empty_seat(state: &mut State<'_>, scratch: &mut Scratch, random: &mut Random, t: u16) -> bool {
    let m = state.m;
    let s = usize::from(m.session_of[usize::from(t)]);
    scratch.crowd.clear();
    scratch.crowd.extend((0..m.people as u32).filter(|&p| m.seated[p as usize] && state.sits(p as usize, s)));
    if scratch.crowd.is_empty() {
        return false;
    }
    let p = scratch.crowd[random.below(scratch.crowd.len())] as usize;
    for &wish in m.own.get(p) {
        let slot = state.slot_of[wish as usize];
        if slot != NO_SLOT && usize::from(m.session_of[usize::from(slot)]) == s && !eject(state, scratch, wish as usize)
        {
            return false;
        }
    }
    true
}

/// Places those who stood in the way: where the newcomer came from, or in any free slot.
fn place_ejected(state: &mut State<'_>, scratch: &mut Scratch, random: &mut Random, from: u16) {
    for n in 0..scratch.ejected.len() {
        let wish = scratch.ejected[n] as usize;
        if from != NO_SLOT && state.fits(wish, from) {
            state.put(wish, from);
        } else {
            place(state, &mut scratch.free, random, wish);
        }
    }
}

/// Holds a wish in a free slot, of two drawn the one with fewer waits. Says whether there was one.
pub(super) fn place(state: &mut State<'_>, free: &mut Vec<u64>, random: &mut Random, wish: usize) -> bool {
    let [a, b] = state.m.ends[wish].map(|p| p as usize);
    if state.degree[a] >= state.m.max[a] || state.degree[b] >= state.m.max[b] {
        return false;
    }
    state.free_slots(wish, free);
    let Some(first) = fitting(state, free, random, wish) else { return false };
    let mark = state.mark();
    state.put(wish, first);
    let gaps = state.figures.gaps;
    if let Some(second) = random.bit(free).map(|t| t as u16).filter(|&t| t != first) {
        state.undo_to(mark);
        let fits = state.can_sit(wish, second) && state.keeps_order(wish, second);
        if fits {
            state.put(wish, second);
            if state.figures.gaps <= gaps {
                return true;
            }
            state.undo_to(mark);
        }
        state.put(wish, first);
    }
    true
}

fn fitting(state: &State<'_>, free: &[u64], random: &mut Random, wish: usize) -> Option<u16> {
    for _ in 0..3 {
        let t = random.bit(free)? as u16;
        if state.can_sit(wish, t) && state.keeps_order(wish, t) {
            return Some(t);
        }
    }
    None
}

/// Exchanges two slots for a meeting and all whom that moves (a Kempe chain). Who meets whom does not change. Where one
/// meeting too many would end up in a slot, another chain of that slot goes the other way.
pub(super) fn exchange(
    state: &mut State<'_>,
    scratch: &mut Scratch,
    random: &mut Random,
    wish: usize,
    to: u16,
) -> bool {
    let from = state.slot_of[wish];
    if from == NO_SLOT || from == to || !flip(state, scratch, wish, from, to) {
        return false;
    }
    for _ in 0..FILLERS {
        let crowded = match (state.broken(to), state.broken(from)) {
            (false, false) => return true,
            (true, false) => to,
            (false, true) => from,
            (true, true) => return false,
        };
        let members = state.members(crowded);
        let filler = members[random.below(members.len())] as usize;
        let mark = state.mark();
        let target = if crowded == to { from } else { to };
        if !flip(state, scratch, filler, crowded, target) || state.broken(target) {
            state.undo_to(mark);
        }
    }
    !state.broken(from) && !state.broken(to)
}

/// Moves the chain of a meeting between two slots. False: it would break a rule (nothing moved), or an order.
fn flip(state: &mut State<'_>, scratch: &mut Scratch, wish: usize, from: u16, to: u16) -> bool {
    let m = state.m;
    scratch.number = scratch.number.wrapping_add(1);
    let number = scratch.number;
    scratch.chain.clear();
    scratch.chain.push(wish as u32);
    scratch.seen[wish] = number;
    let mut head = 0;
    while head < scratch.chain.len() {
        let x = scratch.chain[head] as usize;
        head += 1;
        let target = if state.slot_of[x] == from { to } else { from };
        if m.is_fixed(x) || !m.may_hold(x, target) || scratch.chain.len() > LONGEST_CHAIN {
            return false;
        }
        for p in m.ends[x] {
            let y = state.at(p as usize, target);
            if y != NO_WISH && scratch.seen[y as usize] != number {
                scratch.seen[y as usize] = number;
                scratch.chain.push(y);
            }
        }
    }
    for n in 0..scratch.chain.len() {
        let x = scratch.chain[n] as usize;
        let was = state.slot_of[x];
        state.take(x);
        scratch.chain[n] = x as u32 | if was == from { 1 << 31 } else { 0 };
    }
    let mut ordered = true;
    for n in 0..scratch.chain.len() {
        let x = (scratch.chain[n] & !(1 << 31)) as usize;
        let target = if scratch.chain[n] >> 31 == 1 { to } else { from };
        ordered &= state.keeps_order(x, target);
        state.put(x, target);
    }
    ordered
}

/// A wait is mended: one of a participant's meetings moves into a slot in which it waits. Gives the meeting and slot.
pub(super) fn waiting(state: &State<'_>, random: &mut Random, p: usize) -> Option<(usize, u16)> {
    let m = state.m;
    let own = m.own.get(p);
    if own.is_empty() {
        return None;
    }
    for _ in 0..6 {
        let wish = own[random.below(own.len())] as usize;
        let t = state.slot_of[wish];
        if t == NO_SLOT || m.is_fixed(wish) {
            continue;
        }
        let options = m.options.get(wish);
        for _ in 0..4 {
            let to = options[random.below(options.len())];
            let next_to = |d: i32| {
                let slot = i32::from(to) + d;
                (0..m.slots as i32).contains(&slot)
                    && m.session_of[slot as usize] == m.session_of[usize::from(to)]
                    && state.at(p, slot as u16) != NO_WISH
            };
            if to != t && state.at(p, to) == NO_WISH && (next_to(-1) || next_to(1)) {
                return Some((wish, to));
            }
        }
    }
    None
}

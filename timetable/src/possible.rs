//! In which slots a wish can be held, other meetings aside, and how many meetings a participant could reach alone.

use std::collections::BTreeMap;

use super::instance::Instance;

/// Wish → slot of everything that must be held there: pins and the past. Of two pins of one wish the first counts, and
/// the past before both.
#[must_use]
pub(super) fn fixed(day: &Instance) -> BTreeMap<usize, usize> {
    let mut fixed = BTreeMap::new();
    if let Some(previous) = &day.previous {
        fixed.extend(previous.meetings.iter().copied().filter(|&(_, slot)| slot < day.frozen()));
    }
    for &(wish, slot) in &day.pinned {
        fixed.entry(wish).or_insert(slot);
    }
    fixed
}

/// May this wish be held in this slot? Slots before `frozen` are over.
#[must_use]
pub(super) fn may_hold(day: &Instance, wish: usize, slot: usize, frozen: usize) -> bool {
    let Some(wish) = day.wishes.get(wish) else { return false };
    let there = |p: usize| day.participants.get(p).is_some_and(|p| p.available.contains(&slot));
    slot >= frozen
        && day.tables.get(slot).is_some_and(|&tables| tables > 0)
        && wish.slots.as_ref().is_none_or(|slots| slots.contains(&slot))
        && there(wish.a)
        && there(wish.b)
}

/// Per wish the slots in which it can be held, in order. What is fixed has its one slot, or none.
#[must_use]
pub(super) fn feasible_slots(day: &Instance) -> Vec<Vec<u16>> {
    let (fixed, frozen) = (fixed(day), day.frozen());
    let mut all = Vec::with_capacity(day.wishes.len());
    for (i, wish) in day.wishes.iter().enumerate() {
        if let Some(&slot) = fixed.get(&i) {
            all.push(if may_hold(day, i, slot, 0) { vec![slot as u16] } else { Vec::new() });
            continue;
        }
        let candidates = day.participants.get(wish.a).map(|p| &p.available);
        let slots = candidates.into_iter().flatten().copied();
        all.push(slots.filter(|&t| may_hold(day, i, t, frozen)).map(|t| t as u16).collect());
    }
    all
}

/// Largest number of `lists` that can each have a slot of their own (augmenting paths, breadth first, so that no
/// recursion grows with the day; from slots that a search without success met none leads on, so they are met once). `owner[slot]` must be `u32::MAX` everywhere; it is so again afterwards.
#[must_use]
pub(super) fn most_slots(lists: &[&[u16]], owner: &mut [u32]) -> usize {
    const NOBODY: u32 = u32::MAX;
    let (mut placed, mut touched): (usize, Vec<u16>) = (0, Vec::new());
    let mut mark = vec![NOBODY; owner.len()];
    let mut from = vec![NOBODY; owner.len()];
    let mut closed = vec![false; owner.len()];
    for start in 0..lists.len() {
        let mut queue = vec![start];
        let (mut head, mut free) = (0, None);
        'search: while head < queue.len() {
            let i = queue[head];
            head += 1;
            for &t in lists[i] {
                let t = usize::from(t);
                if closed[t] || mark[t] == start as u32 {
                    continue;
                }
                mark[t] = start as u32;
                from[t] = i as u32;
                if owner[t] == NOBODY {
                    free = Some(t);
                    break 'search;
                }
                queue.push(owner[t] as usize);
            }
        }
        let Some(mut t) = free else {
            for (closed, mark) in closed.iter_mut().zip(&mark) {
                *closed |= *mark == start as u32;
            }
            continue;
        };
        placed += 1;
        loop {
            let i = from[t] as usize;
            let left = lists[i].iter().map(|&s| usize::from(s)).find(|&s| owner[s] == i as u32);
            owner[t] = i as u32;
            touched.push(t as u16);
            if i == start {
                break;
            }
            match left {
                Some(s) => t = s,
                None => break,
            }
        }
    }
    for t in touched {
        owner[usize::from(t)] = NOBODY;
    }
    placed
}

/// Per participant: the most meetings it could hold if nobody else held any.
#[must_use]
pub(super) fn reach(day: &Instance, feasible: &[Vec<u16>]) -> Vec<usize> {
    let mut own: Vec<Vec<&[u16]>> = vec![Vec::new(); day.participants.len()];
    for (wish, slots) in day.wishes.iter().zip(feasible) {
        if !slots.is_empty() {
            own[wish.a].push(slots);
            own[wish.b].push(slots);
        }
    }
    let mut owner = vec![u32::MAX; day.slots()];
    own.iter().map(|lists| most_slots(lists, &mut owner)).collect()
}

/// The minimum that each participant can be promised: its own, as far as it could be reached alone.
#[must_use]
pub(super) fn needs(day: &Instance, feasible: &[Vec<u16>]) -> Vec<usize> {
    let capped = |wanted: u64| usize::try_from(wanted).unwrap_or(usize::MAX);
    day.participants.iter().zip(reach(day, feasible)).map(|(p, reach)| capped(p.min.min(p.max)).min(reach)).collect()
}

//! Small days of every kind, the same for the same number.

use std::collections::BTreeSet;

use crate::instance::{GapCost, Instance, Mode, Participant, Previous, Wish};
use crate::random::Random;

/// A day of at most `wishes` wishes; some cannot be satisfied.
pub(super) fn small(number: u64, wishes: usize) -> Instance {
    let mut random = Random::new(number);
    let slots = 1 + random.below(4);
    let people = 2 + random.below(5);
    let mode = [Mode::Choose, Mode::Choose, Mode::Repair, Mode::All][random.below(4)];
    let has_sides = random.below(3) > 0;
    let participants: Vec<Participant> = (0..people).map(|p| participant(&mut random, p, slots, has_sides)).collect();
    let breaks: BTreeSet<usize> = (0..slots).filter(|_| random.below(4) == 0).collect();
    let mut day = Instance {
        name: format!("small {number}"),
        mode,
        breaks,
        tables: (0..slots).map(|_| random.below(4) as u64).collect(),
        seated: (has_sides && random.below(2) == 0).then(|| "supplier".to_owned()),
        gap_cost: GapCost { run: random.below(3) as i64, slot: random.below(3) as i64 },
        gap_spread: (random.below(8) == 0).then(|| random.below(2) as u64),
        participants,
        wishes: Vec::new(),
        pinned: Vec::new(),
        before: Vec::new(),
        previous: None,
    };
    add_wishes(&mut day, &mut random, wishes, has_sides);
    add_rules(&mut day, &mut random);
    day
}

fn participant(random: &mut Random, p: usize, slots: usize, has_sides: bool) -> Participant {
    let side = if !has_sides {
        "any"
    } else if p.is_multiple_of(2) {
        "supplier"
    } else {
        "canteen"
    };
    let min = random.below(4) as u64;
    Participant {
        id: format!("p{p}"),
        side: side.to_owned(),
        available: (0..slots).filter(|_| random.below(5) > 0).collect(),
        min,
        max: min + random.below(3) as u64,
    }
}

fn add_wishes(day: &mut Instance, random: &mut Random, wishes: usize, has_sides: bool) {
    let (people, slots) = (day.participants.len(), day.slots());
    for _ in 0..=random.below(wishes) {
        let (a, b) = (random.below(people), random.below(people));
        let same_side = has_sides && a % 2 == b % 2;
        let known = day.wishes.iter().any(|w| (w.a, w.b) == (a, b) || (w.a, w.b) == (b, a));
        if a == b || same_side || (known && day.mode != Mode::All) {
            continue;
        }
        let only = (random.below(5) == 0).then(|| (0..slots).filter(|_| random.below(2) == 0).collect());
        let weight = [0, 1, 3, 10, 30][random.below(5)] + random.below(3) as i64;
        day.wishes.push(Wish { a, b, rank_a: Some(1), rank_b: None, weight, slots: only });
    }
}

fn add_rules(day: &mut Instance, random: &mut Random) {
    let (wishes, slots) = (day.wishes.len(), day.slots());
    if wishes == 0 {
        day.mode = if day.mode == Mode::Repair { Mode::Choose } else { day.mode };
        return;
    }
    if random.below(3) == 0 {
        day.pinned.push((random.below(wishes), random.below(slots)));
    }
    if wishes > 1 && random.below(4) == 0 {
        let first = random.below(wishes);
        day.before.push((first, (first + 1 + random.below(wishes - 1)) % wishes));
    }
    if day.mode == Mode::Repair {
        let chosen: Vec<usize> = (0..wishes).filter(|_| random.below(2) == 0).collect();
        let meetings = chosen.into_iter().map(|w| (w, random.below(slots))).collect();
        day.previous = Some(Previous { frozen: random.below(2).min(slots), meetings });
    }
}

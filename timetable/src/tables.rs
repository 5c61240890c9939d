//! Table numbers, given after the slots, such that people walk little.

use std::collections::{BTreeMap, BTreeSet};

use super::assignment::{Assignment, Edges};
use super::checker::Timetable;
use super::instance::Instance;

/// Meetings × tables of a slot beyond which nobody's way is looked at.
const MOST_CELLS: usize = 1_000_000;
/// More people who sit do not exchange their tables, and they do so in at most this many rounds.
const MOST_EXCHANGED: usize = 400;
const MOST_ROUNDS: usize = 20;

/// A table for each meeting, and how far people walk: the sum over participants and their consecutive meetings of one
/// session of the difference of the table numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tables {
    /// Per meeting of the timetable, in its order, the table, from 1.
    pub table: Vec<usize>,
    /// Sum of the differences.
    pub walked: usize,
}

/// Gives tables session by session. Who sits keeps one table; where nobody sits, slot by slot the meetings go to the
/// tables with the least sum of steps from where both ends were (an assignment). O(slots × tables³) at most.
#[must_use]
pub fn number_tables(day: &Instance, timetable: &Timetable) -> Tables {
    let meetings = timetable.meetings();
    let mut table = vec![0; meetings.len()];
    for session in day.sessions() {
        let mut last = vec![None; day.participants.len()];
        let inside = |(n, _): &(usize, &(usize, usize))| session.contains(&meetings[*n].1);
        if day.seated.is_some() {
            seat(day, meetings, meetings.iter().enumerate().filter(inside).map(|(n, _)| n), &mut table);
            continue;
        }
        for slot in session.clone() {
            let here: Vec<usize> = (0..meetings.len()).filter(|&n| meetings[n].1 == slot).collect();
            let known = last.iter().flatten().copied().max().unwrap_or(0);
            let open = usize::try_from(day.tables[slot]).unwrap_or(usize::MAX);
            let count = open.min(known.max(here.len() * 2));
            place(day, meetings, &here, count, &last, &mut table);
            for &n in &here {
                let wish = &day.wishes[meetings[n].0];
                last[wish.a] = Some(table[n]);
                last[wish.b] = Some(table[n]);
            }
        }
    }
    let walked = walked(day, meetings, &table);
    Tables { table, walked }
}

/// Those who sit take the tables such that the others walk little between two meetings: beginning with the order of the
/// file, two exchange their tables as long as that shortens the way.
fn seat(day: &Instance, meetings: &[(usize, usize)], here: impl Iterator<Item = usize>, table: &mut [usize]) {
    let ends = |n: usize| {
        let wish = &day.wishes[meetings[n].0];
        if day.is_seated(wish.a) { (wish.a, wish.b) } else { (wish.b, wish.a) }
    };
    let mut here: Vec<usize> = here.collect();
    here.sort_by_key(|&n| meetings[n].1);
    let people: BTreeSet<usize> = here.iter().map(|&n| ends(n).0).collect();
    let people: Vec<usize> = people.into_iter().collect();
    let seat = |n: usize| people.binary_search(&ends(n).0).unwrap_or_default();
    // How often somebody goes from one seat to another.
    let mut ways = vec![Vec::new(); people.len()];
    let mut last: BTreeMap<usize, usize> = BTreeMap::new();
    for &n in &here {
        let to = seat(n);
        if let Some(from) = last.insert(ends(n).1, to).filter(|from| *from != to) {
            ways[from].push(to);
            ways[to].push(from);
        }
    }
    let mut number: Vec<usize> = (1..=people.len()).collect();
    let way = |number: &[usize], s: usize| ways[s].iter().map(|&o| number[s].abs_diff(number[o])).sum::<usize>();
    for _ in 0..if people.len() > MOST_EXCHANGED { 0 } else { MOST_ROUNDS } {
        let mut shorter = false;
        for (one, other) in (0..people.len()).flat_map(|one| (0..one).map(move |other| (one, other))) {
            let before = way(&number, one) + way(&number, other);
            number.swap(one, other);
            if way(&number, one) + way(&number, other) < before {
                shorter = true;
            } else {
                number.swap(one, other);
            }
        }
        if !shorter {
            break;
        }
    }
    for n in here {
        table[n] = number[seat(n)];
    }
}

fn place(
    day: &Instance,
    meetings: &[(usize, usize)],
    here: &[usize],
    count: usize,
    last: &[Option<usize>],
    table: &mut [usize],
) {
    if here.len().saturating_mul(count) > MOST_CELLS {
        here.iter().zip(1..).for_each(|(&n, number)| table[n] = number);
        return;
    }
    let (mut start, mut items) = (vec![0], Vec::new());
    // More than any two people walk, so that every meeting is worth a table.
    let far = 2 * count.max(last.iter().flatten().copied().max().unwrap_or(0)) + 1;
    for &n in here {
        let wish = &day.wishes[meetings[n].0];
        for t in 1..=count {
            let steps: usize = [wish.a, wish.b].iter().filter_map(|&p| last[p]).map(|at| at.abs_diff(t)).sum();
            items.push(((t - 1) as u16, (far - steps.min(far - 1)) as f64));
        }
        start.push(items.len() as u32);
    }
    let mut assignment = Assignment::default();
    let steps = vec![0.0; here.len()];
    assignment.solve(count, here.len(), &Edges { start: &start, items: &items }, &steps);
    for (row, &n) in here.iter().enumerate() {
        table[n] = assignment.assigned[row] + 1;
    }
}

fn walked(day: &Instance, meetings: &[(usize, usize)], table: &[usize]) -> usize {
    let mut order: Vec<usize> = (0..meetings.len()).collect();
    order.sort_by_key(|&n| meetings[n].1);
    let mut steps = 0;
    for session in day.sessions() {
        let mut last = vec![None; day.participants.len()];
        for &n in order.iter().filter(|&&n| session.contains(&meetings[n].1)) {
            let wish = &day.wishes[meetings[n].0];
            for p in [wish.a, wish.b] {
                steps += last[p].map_or(0, |at: usize| at.abs_diff(table[n]));
                last[p] = Some(table[n]);
            }
        }
    }
    steps
}

//! Table numbers, given after the slots, such that people walk little.

use super::assignment::{Assignment, Edges};
use super::checker::Timetable;
use super::instance::Instance;

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
            let count = usize::try_from(day.tables[slot]).unwrap_or(usize::MAX).min(here.len() * 2);
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

/// Those who sit take the tables in the order of their names in the file.
fn seat(day: &Instance, meetings: &[(usize, usize)], here: impl Iterator<Item = usize>, table: &mut [usize]) {
    let sitter = |n: usize| {
        let wish = &day.wishes[meetings[n].0];
        if day.is_seated(wish.a) { wish.a } else { wish.b }
    };
    let here: Vec<usize> = here.collect();
    let people: std::collections::BTreeSet<usize> = here.iter().map(|&n| sitter(n)).collect();
    for n in here {
        table[n] = 1 + people.range(..sitter(n)).count();
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
    let (mut start, mut items) = (vec![0], Vec::new());
    let far = (2 * count + 1) as f64;
    for &n in here {
        let wish = &day.wishes[meetings[n].0];
        for t in 1..=count {
            let steps: usize = [wish.a, wish.b].iter().filter_map(|&p| last[p]).map(|at| at.abs_diff(t)).sum();
            items.push(((t - 1) as u16, far * 2.0 - steps as f64));
        }
        start.push(items.len() as u32);
    }
    let mut assignment = Assignment::default();
    let steps = vec![0.0; here.len()];
    assignment.solve(count, here.len(), &Edges { start: &start, items: &items }, &steps);
    for (row, &n) in here.iter().enumerate() {
        table[n] = assignment.assigned[row].saturating_add(1);
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

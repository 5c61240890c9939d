//! The best of every timetable there is, found by trying each, is what the solver says.

use super::days::small;
use crate::answer::{Answer, answer};
use crate::checker;
use crate::effort::Effort;
use crate::figures::{Figure, Figures};
use crate::instance::Instance;
use crate::refusal::refusals;
use crate::solve::{Outcome, Status, solve, solve_without_trying_all};

/// As many days as `TIMETABLE_DAYS` says.
fn days(usual: u64) -> u64 {
    std::env::var("TIMETABLE_DAYS").ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}

pub(super) fn work(steps: u64) -> Effort<'static> {
    Effort { work: Some(steps), deadline: None, seconds: &|| 0.0, stop: &|| false, progress: &|_| () }
}

/// The best figures of all timetables, through the checker alone.
pub(super) fn best_of_all(day: &Instance) -> Option<Figures> {
    let mut best = None;
    try_wish(day, 0, &mut Vec::new(), &mut best);
    best
}

fn try_wish(day: &Instance, wish: usize, meetings: &mut Vec<(usize, usize)>, best: &mut Option<Figures>) {
    if wish == day.wishes.len() {
        if checker::faults(day, meetings).is_empty() {
            let figures = checker::figures(day, meetings);
            if best.is_none_or(|best| figures.key(day.mode) < best.key(day.mode)) {
                *best = Some(figures);
            }
        }
        return;
    }
    try_wish(day, wish + 1, meetings, best);
    for slot in 0..day.slots() {
        let there = |p: usize| day.participants[p].available.contains(&slot);
        if there(day.wishes[wish].a) && there(day.wishes[wish].b) {
            meetings.push((wish, slot));
            try_wish(day, wish + 1, meetings, best);
            meetings.pop();
        }
    }
}

#[test]
fn answers_are_the_best_of_all_timetables() {
    for number in 0..days(1500) {
        let day = small(number, 5);
        let best = best_of_all(&day);
        match answer(&day, number, 1, &work(200_000)) {
            Answer::Timetable { timetable, optimal, .. } => {
                assert_eq!(Some(timetable.figures().key(day.mode)), best.map(|b| b.key(day.mode)), "day {number}");
                assert!(optimal, "day {number}: not proven");
            }
            Answer::Refused(reasons) => assert_eq!(best, None, "day {number}: {reasons:?}"),
            other => panic!("day {number}: {other:?}"),
        }
    }
}

#[test]
fn no_bound_is_beyond_the_best_and_no_proof_is_wrong() {
    let (mut proven, mut all) = (0, 0);
    for number in 0..days(1500) {
        let day = small(number + 1_000_000, 5);
        if !refusals(&day).is_empty() {
            continue;
        }
        let outcome = solve_without_trying_all(&day, number, &work(60_000));
        let Some(best) = best_of_all(&day) else {
            assert_ne!(outcome.status, Status::Optimal, "day {number}");
            continue;
        };
        all += 1;
        proven += u32::from(outcome.status == Status::Optimal);
        holds(&day, &outcome, &best, number);
    }
    assert!(proven * 10 > all * 7, "{proven} of {all} proven");
}

fn holds(day: &Instance, outcome: &Outcome, best: &Figures, number: u64) {
    if outcome.status == Status::Optimal {
        assert_eq!(outcome.figures.key(day.mode), best.key(day.mode), "day {number}: proven wrongly");
    }
    for (figure, limit) in &outcome.bounds {
        let beyond = if *figure == Figure::Weight { *limit < best.weight } else { *limit > best.get(*figure) };
        assert!(!beyond, "day {number}: {figure:?} {limit} is beyond {best:?}");
        // A limit speaks of timetables with the earlier figures as in the solution.
        if outcome.figures.get(*figure) != best.get(*figure) {
            return;
        }
    }
}

#[test]
fn same_day_seed_and_work_give_the_same_timetable() {
    for number in 0..40 {
        let day = small(number, 12);
        if refusals(&day).is_empty() {
            let [one, two] = [0, 1].map(|_| solve_without_trying_all(&day, 7, &work(30_000)));
            assert_eq!((one.meetings, one.bounds), (two.meetings, two.bounds), "day {number}");
        }
    }
}

#[test]
fn one_more_table_or_slot_is_never_worse() {
    for number in 0..days(400) {
        let mut day = small(number + 2_000_000, 5);
        // What is promised grows with what can be reached; here nothing is.
        day.participants.iter_mut().for_each(|p| p.min = 0);
        if day.mode != crate::Mode::Choose || !refusals(&day).is_empty() {
            continue;
        }
        let before = solve(&day, 1, &work(200_000));
        let mut wider = day.clone();
        wider.tables.iter_mut().filter(|tables| **tables > 0).for_each(|tables| *tables += 1);
        let mut longer = day.clone();
        longer.breaks.insert(day.slots() - 1);
        longer.tables.push(1);
        longer.participants.iter_mut().for_each(|p| p.available.extend([day.slots()]));
        let day_with = [wider, longer];
        for more in day_with {
            let after = solve(&more, 1, &work(200_000));
            if before.status == Status::Optimal {
                assert!(after.figures.key(day.mode) <= before.figures.key(day.mode), "day {number}");
            }
        }
    }
}

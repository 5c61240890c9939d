//! The question as the program asks it: a day in, a checked timetable or the reasons for none out.

use std::sync::atomic::{AtomicBool, Ordering};

use super::checker::{Fault, Timetable};
use super::clash::clash;
use super::effort::Effort;
use super::figures::{Figure, Figures};
use super::instance::Instance;
use super::reason::Reason;
use super::refusal::refusals;
use super::solve::{Outcome, Status, solve};

/// What became of the question.
#[derive(Clone, Debug)]
pub enum Answer {
    /// A timetable that keeps every rule.
    Timetable {
        /// The timetable.
        timetable: Timetable,
        /// No other is better, in any figure: proven.
        optimal: bool,
        /// Proven limits of the figures, each for the earlier ones as in this timetable.
        bounds: Vec<(Figure, i64)>,
    },
    /// There is none, and why.
    Refused(Vec<Reason>),
    /// None was found with this effort.
    Unknown,
    /// The search gave what the checker does not accept: an error of the program, shown to nobody as a timetable.
    Wrong(Vec<Fault>),
}

/// Searches the best timetable of a day with `threads` searches side by side, which begin with the seeds `seed`,
/// `seed + 1`… Same day, seed, threads and `work` of the effort: same answer.
#[must_use]
pub fn answer(day: &Instance, seed: u64, threads: usize, effort: &Effort<'_>) -> Answer {
    let reasons = refusals(day);
    if !reasons.is_empty() {
        return Answer::Refused(reasons);
    }
    let outcome = side_by_side(day, seed, threads.clamp(1, 64), effort);
    match outcome.status {
        Status::Impossible => Answer::Refused(vec![clash(day, effort)]),
        Status::Unknown => Answer::Unknown,
        Status::Optimal | Status::Feasible => match Timetable::checked(day, outcome.meetings) {
            Ok(timetable) => {
                let optimal = outcome.status == Status::Optimal;
                Answer::Timetable { timetable, optimal, bounds: outcome.bounds }
            }
            Err(faults) => Answer::Wrong(faults),
        },
    }
}

fn side_by_side(day: &Instance, seed: u64, threads: usize, effort: &Effort<'_>) -> Outcome {
    if threads == 1 {
        return solve(day, seed, effort);
    }
    let proven = AtomicBool::new(false);
    let one = |n: usize| {
        // With time as the limit the first proof ends the others; with work each does its own, so that the answer is the same.
        let stop = || (effort.stop)() || (effort.work.is_none() && proven.load(Ordering::Relaxed));
        let own = Effort { stop: &stop, ..*effort };
        let outcome = solve(day, seed.wrapping_add(n as u64), &own);
        if outcome.status == Status::Optimal {
            proven.store(true, Ordering::Relaxed);
        }
        outcome
    };
    let outcomes: Vec<Outcome> = std::thread::scope(|scope| {
        let running: Vec<_> = (1..threads).map(|n| scope.spawn(move || one(n))).collect();
        let first = one(0);
        std::iter::once(first).chain(running.into_iter().filter_map(|thread| thread.join().ok())).collect()
    });
    let bounds = best_bounds(&outcomes, day);
    let best = outcomes.into_iter().min_by_key(|outcome| key(outcome, day));
    let mut best = best.unwrap_or(Outcome {
        status: Status::Unknown,
        meetings: Vec::new(),
        figures: Figures::default(),
        bounds: Vec::new(),
    });
    best.bounds = bounds;
    let found = matches!(best.status, Status::Optimal | Status::Feasible);
    if found && best.bounds.iter().all(|(figure, limit)| best.figures.get(*figure) == *limit) {
        best.status = Status::Optimal;
    }
    best
}

/// Smaller is better: found first, then the figures, then what is proven.
fn key(outcome: &Outcome, day: &Instance) -> (bool, [i64; 5], bool) {
    let found = matches!(outcome.status, Status::Optimal | Status::Feasible);
    (!found, outcome.figures.key(day.mode), outcome.status != Status::Optimal)
}

/// The closest limits of the searches that agree with the best in the earlier figures.
fn best_bounds(outcomes: &[Outcome], day: &Instance) -> Vec<(Figure, i64)> {
    let Some(best) = outcomes.iter().min_by_key(|outcome| key(outcome, day)) else { return Vec::new() };
    let mut bounds = best.bounds.clone();
    for (n, (figure, value)) in bounds.iter_mut().enumerate() {
        let order = &Figure::order(day.mode)[..n];
        let agree = outcomes.iter().filter(|o| order.iter().all(|f| o.figures.get(*f) == best.figures.get(*f)));
        let limits = agree.filter_map(|o| o.bounds.iter().find(|bound| bound.0 == *figure)).map(|bound| bound.1);
        let closest = if *figure == Figure::Weight { limits.min() } else { limits.max() };
        *value = closest.unwrap_or(*value);
    }
    bounds
}

//! How much a search may do, and what it says while it does.

use super::figures::{Figure, Figures};

/// What the search is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Looking for better timetables.
    Search,
    /// Looking for proofs that there is none.
    Proof,
    /// Trying every timetable that could be better.
    Exact,
}

/// Where the search stands.
#[derive(Clone, Debug)]
pub struct Progress {
    /// What it is at.
    pub phase: Phase,
    /// Wishes that the best timetable so far holds.
    pub held: usize,
    /// Its figures.
    pub best: Figures,
    /// Proven limits so far.
    pub bounds: Vec<(Figure, i64)>,
}

/// Work, time and the way to stop. The search itself reads no clock: `seconds` is handed in, and only with a `deadline`.
/// With `work` alone the same day, seed and work give the same timetable.
#[derive(Clone, Copy)]
pub struct Effort<'a> {
    /// Most steps; about a million are one second. Absent: no limit.
    pub work: Option<u64>,
    /// When to end, in the seconds of `seconds`. Absent: never.
    pub deadline: Option<f64>,
    /// Seconds since the start.
    pub seconds: &'a (dyn Fn() -> f64 + Sync),
    /// End now, keeping the best.
    pub stop: &'a (dyn Fn() -> bool + Sync),
    /// Told where the search stands, each time something is better.
    pub progress: &'a (dyn Fn(&Progress) + Sync),
}

/// Keeps count.
pub(super) struct Meter<'a> {
    effort: &'a Effort<'a>,
    /// Steps so far.
    pub(super) done: u64,
}

impl<'a> Meter<'a> {
    pub(super) fn new(effort: &'a Effort<'a>) -> Self {
        Self { effort, done: 0 }
    }

    /// Is all used up?
    pub(super) fn is_over(&self) -> bool {
        self.effort.work.is_some_and(|work| self.done >= work)
            || self.effort.deadline.is_some_and(|end| (self.effort.seconds)() >= end)
            || (self.effort.stop)()
    }

    /// Steps that still fit, judged by the speed so far where time is the limit.
    pub(super) fn left(&self, speed: f64) -> f64 {
        let by_work = self.effort.work.map_or(f64::INFINITY, |work| work.saturating_sub(self.done) as f64);
        let by_time = self.seconds_left().map_or(f64::INFINITY, |seconds| seconds * speed);
        by_work.min(by_time)
    }

    pub(super) fn seconds_left(&self) -> Option<f64> {
        self.effort.deadline.map(|end| (end - (self.effort.seconds)()).max(0.0))
    }

    pub(super) fn seconds(&self) -> f64 {
        if self.effort.deadline.is_some() { (self.effort.seconds)() } else { 0.0 }
    }

    pub(super) fn tell(&self, progress: &Progress) {
        (self.effort.progress)(progress);
    }
}

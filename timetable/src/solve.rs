//! The search as a whole: annealing and proofs by turns, ever longer while there is time, until best and bounds meet or the
//! effort is used up.

use super::anneal::Best;
use super::bounds::Bounds;
use super::branch;
use super::effort::{Effort, Meter, Phase, Progress};
use super::exact;
use super::figures::{Figure, Figures};
use super::instance::{Instance, Mode};
use super::model::{Model, NO_SLOT};
use super::random::Random;
use super::start::{greedy, reduced};
use super::state::State;

/// Of more wishes than this that are still to decide not every timetable is tried.
const MOST_DECIDING: usize = 1000;

/// Evaluations of the bounds at a time, in small days and in large ones.
const ROUNDS: [f64; 2] = [400.0, 300.0];

/// How sure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    /// No timetable is better, in any figure: proven.
    Optimal,
    /// A timetable that keeps every rule.
    Feasible,
    /// None found so far.
    Unknown,
    /// There is none: every possibility was tried.
    Impossible,
}

/// What the search gives.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    /// How sure it is.
    pub status: Status,
    /// Wish and slot, by wish; empty where none was found.
    pub meetings: Vec<(usize, usize)>,
    /// What the timetable is worth.
    pub figures: Figures,
    /// Proven limits, each for the earlier figures as in this timetable.
    pub bounds: Vec<(Figure, i64)>,
}

/// Searches the best timetable of a day that `refusals` finds nothing wrong with.
#[must_use]
pub(super) fn solve(day: &Instance, seed: u64, effort: &Effort<'_>) -> Outcome {
    solve_from(day, &[], seed, effort)
}

/// The same, beginning with those of `meetings` that still can be.
#[must_use]
pub(super) fn solve_from(day: &Instance, meetings: &[(usize, usize)], seed: u64, effort: &Effort<'_>) -> Outcome {
    let model = Model::new(day);
    let mut search = Search::new(&model, meetings, seed, effort);
    search.run();
    search.outcome()
}

/// The same without ever trying every timetable, so that tests see what the bounds alone prove.
#[cfg(test)]
pub(super) fn solve_without_trying_all(day: &Instance, seed: u64, effort: &Effort<'_>) -> Outcome {
    let model = Model::new(day);
    let mut search = Search { tries_all: false, ..Search::new(&model, &[], seed, effort) };
    search.run();
    search.outcome()
}

pub(super) struct Search<'m, 'e> {
    pub(super) m: &'m Model,
    pub(super) meter: Meter<'e>,
    pub(super) random: Random,
    pub(super) bounds: Bounds<'m>,
    pub(super) best: Best,
    pub(super) figures: Figures,
    /// Steps per second, as measured.
    pub(super) speed: f64,
    /// Most steps that it took so far until nobody waited, or no fewer.
    pub(super) settling: f64,
    /// May every timetable be tried?
    tries_all: bool,
    /// Every timetable was tried.
    exhausted: bool,
}

impl<'m, 'e> Search<'m, 'e> {
    fn new(m: &'m Model, meetings: &[(usize, usize)], seed: u64, effort: &'e Effort<'e>) -> Self {
        let mut random = Random::new(seed);
        let mut state = State::new(m);
        for &(wish, slot) in meetings {
            if state.slot_of[wish] == NO_SLOT && state.fits(wish, slot as u16) {
                state.put(wish, slot as u16);
            }
        }
        greedy(&mut state, &mut random);
        let mut best = Best::of(&state);
        // What is fixed alone keeps the rules where a full timetable does not.
        let bare = State::new(m);
        best.offer(&bare);
        let figures = if best.slots == state.slot_of { state.figures } else { bare.figures };
        let (meter, bounds) = (Meter::new(effort), Bounds::new(m));
        Self { m, meter, random, bounds, best, figures, speed: 5e5, settling: 0.0, tries_all: true, exhausted: false }
    }

    fn run(&mut self) {
        let movable = (0..self.m.wishes).filter(|&i| !self.m.is_fixed(i) && !self.m.options.get(i).is_empty()).count();
        self.tell(Phase::Search);
        if self.is_done() {
            return;
        }
        if self.tries_all && movable <= exact::MOST_WISHES && self.exact(None, exact::FEW_NODES) {
            return;
        }
        let is_unbounded = self.bounds.relaxation.is_none() && self.m.mode != Mode::All;
        let is_large = is_unbounded || self.bounds.edges >= branch::MOST_EDGES;
        let mut length = (movable as f64 * 300.0).max(40_000.0);
        let mut round = 0u32;
        while !self.meter.is_over() {
            if is_unbounded || round.is_multiple_of(3) {
                // A large day is first looked at briefly: its bound shows where to look.
                let brief = if is_large && round == 0 { 0.3 } else { 1.0 };
                self.round((length * brief).min(self.meter.left(self.speed) * 0.25).max(2_000.0), round / 3);
            }
            if self.is_done() {
                return;
            }
            // What is heavier waits more at first: no new weight without the time to settle it.
            let rounds = ROUNDS[usize::from(is_large)];
            let cost = rounds * self.bounds.edges as f64 * 0.045 + length * 1.5 + self.settling * 1.5;
            let share = (self.meter.left(self.speed) * 0.9 / cost).min(1.0);
            if round > 0 && share < if is_large { 0.5 } else { 0.25 } {
                self.last();
                return;
            }
            self.prove((rounds * share) as u32, 0.3);
            if self.is_done() {
                return;
            }
            length *= share;
            let is_missing = self.best.key[0] > 0 || self.best.key[1] > 0;
            if is_missing
                && round > 0
                && self.tries_all
                && movable <= MOST_DECIDING
                && self.exact(None, (exact::FEW_NODES / 4) << round.min(12))
            {
                return;
            }
            // At the best weight the waits of the timetable there is go first; a proof that they must be is dear.
            if self.bounds.open(&self.figures) == Some(Figure::Gaps) || (is_large && round > 0) {
                self.settle_down(length * 1.5);
            }
            if !self.is_done() {
                self.narrow(length, round);
                self.settle_down(length * 1.5);
            }
            if !self.is_done() && round > 0 && !is_large {
                self.branch(round, length);
            }
            if self.is_done() {
                return;
            }
            length *= 1.4;
            round += 1;
        }
    }

    /// Too little time for another round: fewer waits, then as close a bound as there is time for.
    fn last(&mut self) {
        self.settle_down(self.meter.left(self.speed) * 0.8);
        let part = if self.figures.gaps == 0 { 0.95 } else { 0.3 };
        if !self.is_done() {
            self.prove(u32::MAX, part);
        }
        if !self.is_done() {
            self.settle_down(self.meter.left(self.speed));
        }
    }

    pub(super) fn refresh(&mut self) {
        self.figures = State::of(self.m, &self.best.slots).figures;
        self.bounds.forget(&self.figures);
        self.tell(Phase::Search);
    }

    /// At most `rounds` evaluations for each figure that is not proven (the first time after coarse ones), at most this
    /// `part` of the time left; then what cannot be used is closed, where there is time for that.
    fn prove(&mut self, rounds: u32, part: f64) {
        if self.best.key[0] > 0 || self.best.key[1] > 0 {
            return;
        }
        let end = self.meter.seconds_left().map(|left| self.meter.seconds() + left * part);
        let (edges, meter) = (self.bounds.edges, &mut self.meter);
        self.bounds.prove(&self.figures, rounds, &mut || {
            meter.done += edges / 20 + 1;
            meter.is_over() || end.is_some_and(|end| meter.seconds() > end)
        });
        let cost = self.bounds.cost_of_tightening();
        if self.meter.left(self.speed) > cost as f64 * 4.0 {
            self.bounds.sharpen(&self.figures);
            self.meter.done += cost;
        }
        self.tell(Phase::Proof);
    }

    /// With the weight nearly proven few possibilities are left: searches among them alone, and all of them where they
    /// are few enough.
    fn narrow(&mut self, moves: f64, round: u32) {
        let figures = self.figures;
        let proven = self.bounds.list().iter().any(|&(f, v)| f == Figure::Weight && v == figures.weight);
        let cost = if proven { self.bounds.cost_of_tightening() } else { 0 };
        if self.meter.left(self.speed) < cost as f64 * 3.0 {
            return;
        }
        let Some((narrow, aim, value, ascent)) = self.bounds.narrowed(&figures) else { return };
        self.meter.done += cost;
        let usage = ascent.usage.clone();
        let prices = ascent.best.prices.clone();
        let deciding =
            narrow.owners.iter().flat_map(|o| o.start.windows(2).map(|r| &o.closed[r[0] as usize..r[1] as usize]));
        let deciding = deciding.filter(|row| row.contains(&false)).count();
        let model = reduced(self.m, &narrow, &usage);
        if self.tries_all && proven && deciding <= MOST_DECIDING {
            let guide = exact::Guide { relaxation: narrow, aim, prices, value };
            let nodes = if self.m.mode == Mode::Repair { exact::FEW_NODES } else { exact::FEW_NODES / 16 };
            if self.exact(Some(guide), nodes << round.min(12)) || self.is_done() {
                return;
            }
        }
        self.guided(&model, &usage, moves, if proven { 0.3 } else { 0.1 });
    }

    /// Splits what is not proven of a figure into cases, and looks for better timetables in each.
    fn branch(&mut self, round: u32, moves: f64) {
        let figures = self.figures;
        let Some((figure, root)) = self.bounds.root(&figures) else { return };
        let sign = if figure == Figure::Weight { 1 } else { -1 };
        let earlier = Figure::order(self.m.mode).iter().take_while(|f| **f != figure);
        let earlier: Vec<(Figure, i64)> = earlier.map(|f| (*f, figures.get(*f))).collect();
        let mut stack = vec![root];
        let mut nodes = 0u32;
        let most = 12u32 << round.min(16);
        while let Some(node) = stack.pop() {
            if nodes >= most || self.meter.is_over() {
                return;
            }
            nodes += 1;
            if earlier.iter().any(|(f, value)| self.figures.get(*f) != *value) {
                return;
            }
            let best = sign * self.figures.get(figure);
            let meter = &mut self.meter;
            let cost = self.bounds.edges / 20 + 1;
            let found = node.examine(best, nodes == 1, &mut || {
                meter.done += cost;
                meter.is_over()
            });
            let Some((node, split)) = found else { continue };
            if nodes % 6 == 2 {
                let model = reduced(self.m, &node.relaxation, &node.ascent.usage);
                let usage = node.ascent.usage.clone();
                self.guided(&model, &usage, (moves * 0.3).min(200_000.0), 0.1);
                if self.is_done() {
                    return;
                }
            }
            let Some(split) = split else { return };
            let [likely, other] = node.split(split);
            stack.push(other);
            stack.push(likely);
        }
        self.bounds.close(figure, &self.figures);
        self.tell(Phase::Proof);
    }

    /// Tries every timetable that could be better. True: nothing is left to do.
    fn exact(&mut self, guide: Option<exact::Guide<'m>>, nodes: u64) -> bool {
        let before = self.best.key;
        let meter = &mut self.meter;
        let complete = exact::search(self.m, guide, &mut self.best, nodes, &mut || {
            meter.done += 64;
            meter.is_over()
        });
        if self.best.key < before {
            self.refresh();
        }
        if complete {
            self.exhausted = true;
            let figures = self.figures;
            self.bounds.learn(&figures);
            self.tell(Phase::Exact);
        }
        complete
    }

    fn is_done(&self) -> bool {
        self.best.key[0] == 0 && self.best.key[1] == 0 && self.bounds.open(&self.figures).is_none()
    }

    pub(super) fn tell(&self, phase: Phase) {
        let held = self.best.slots.iter().filter(|slot| **slot != NO_SLOT).count();
        self.meter.tell(&Progress { phase, held, best: self.figures, bounds: self.bounds.list() });
    }

    fn outcome(&mut self) -> Outcome {
        let found = self.best.key[0] == 0 && self.best.key[1] == 0;
        let status = match (found, self.is_done(), self.exhausted) {
            (false, _, true) => Status::Impossible,
            (false, _, false) => Status::Unknown,
            (true, true, _) => Status::Optimal,
            (true, false, _) => Status::Feasible,
        };
        let slots = self.best.slots.iter().enumerate().filter(|(_, t)| **t != NO_SLOT);
        let meetings = if found { slots.map(|(i, &t)| (i, usize::from(t))).collect() } else { Vec::new() };
        Outcome { status, meetings, figures: self.figures, bounds: self.bounds.list() }
    }
}

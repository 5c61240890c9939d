//! The search as a whole: rounds of annealing, each longer than the one before, and proofs between them, until best and
//! bounds meet or the effort is used up.

use super::anneal::{self, Best, Schedule};
use super::bounds::Bounds;
use super::branch;
use super::effort::{Effort, Meter, Phase, Progress};
use super::exact;
use super::figures::{Figure, Figures};
use super::instance::{Instance, Mode};
use super::model::{Model, NO_SLOT};
use super::random::Random;
use super::start::{self, greedy, reduced};
use super::state::State;

/// Of more wishes than this that are still to decide not every timetable is tried.
const MOST_DECIDING: usize = 1000;

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

struct Search<'m, 'e> {
    m: &'m Model,
    meter: Meter<'e>,
    random: Random,
    bounds: Bounds<'m>,
    best: Best,
    figures: Figures,
    /// Steps per second, as measured.
    speed: f64,
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
        let (best, figures) = (Best::of(&state), state.figures);
        let (meter, bounds) = (Meter::new(effort), Bounds::new(m));
        Self { m, meter, random, bounds, best, figures, speed: 5e5, tries_all: true, exhausted: false }
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
        let mut length = (movable as f64 * 300.0).max(40_000.0);
        let mut round = 0u32;
        while !self.meter.is_over() {
            if round.is_multiple_of(3) {
                self.round(length.min(self.meter.left(self.speed) * 0.25).max(2_000.0), round / 3);
            }
            if self.is_done() {
                return;
            }
            // What is heavier waits more at first: no new weight without the time to settle it.
            let rounds = if round == 0 { 400.0 } else { 200.0 };
            let cost = rounds * self.bounds.edges as f64 * 0.12 + length * 6.0;
            let share = (self.meter.left(self.speed) * 0.9 / cost).min(1.0);
            if share < 0.25 {
                self.last();
                return;
            }
            self.prove((rounds * share) as u32, 0.3);
            if self.is_done() {
                return;
            }
            length *= share;
            // At the best weight the waits of the timetable there is go first; a proof that they must be is dear.
            if self.bounds.open(&self.figures) == Some(Figure::Gaps) {
                self.settle(length * 1.5);
            }
            let waits = self.figures.gaps;
            if round > 0 && waits > 0 && self.bounds.edges >= branch::MOST_EDGES {
                self.settle_down(length * 1.5);
            }
            // In a large day another point of weight brings new waits: first those there are go, as long as they do.
            if !self.is_done() && (self.figures.gaps == waits || self.figures.gaps == 0) {
                self.narrow(length, round);
                self.settle_down(length * 1.5);
            }
            if !self.is_done() && round > 0 && self.bounds.edges < branch::MOST_EDGES {
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
        self.settle(self.meter.left(self.speed) * 0.8);
        let part = if self.figures.gaps == 0 { 0.95 } else { 0.3 };
        if !self.is_done() {
            self.prove(u32::MAX, part);
        }
        if !self.is_done() {
            self.settle(self.meter.left(self.speed));
        }
    }

    /// Weight first, then waits.
    fn round(&mut self, moves: f64, round: u32) {
        let unit = self.unit();
        let dear = self.dear();
        let unfair = dear * [1.0, 0.3, 3.0][round as usize % 3];
        let mut state = State::of(self.m, &self.best.slots);
        let all = self.m.mode == Mode::All;
        let first = Schedule {
            moves: moves as u64,
            patience: if all { 0.2 } else { 0.0 },
            hot: unit * if all { 5.0 } else { 4.0 },
            cold: unit * 0.1,
            gap_price: self.gap_price(unit * if all { 1.0 } else { 0.15 }),
            unfair_price: if all { unit * 12.0 } else { unfair },
            change_price: dear,
        };
        self.anneal(&mut state, &first);
    }

    /// Fewer waits, as long as that helps.
    fn settle_down(&mut self, moves: f64) {
        for _ in 0..4 {
            let gaps = self.figures.gaps;
            self.settle(moves.min(self.meter.left(self.speed) * 0.9));
            if self.figures.gaps == gaps || self.meter.is_over() {
                return;
            }
        }
    }

    /// Fewer waits at the same weight.
    fn settle(&mut self, moves: f64) {
        let waits = self.bounds.list().iter().any(|&(f, v)| f == Figure::Gaps && v < self.figures.gaps);
        if self.m.mode == Mode::All || !waits {
            return;
        }
        let unit = self.unit();
        let dear = self.dear();
        let mut state = State::of(self.m, &self.best.slots);
        let schedule = Schedule {
            moves: moves as u64,
            hot: unit * 0.15,
            cold: unit * 0.03,
            patience: 0.8,
            gap_price: self.gap_price(unit * 0.1),
            unfair_price: dear,
            change_price: dear,
        };
        self.anneal(&mut state, &schedule);
    }

    /// More than any weight is worth.
    fn dear(&self) -> f64 {
        self.m.weight.iter().max().copied().unwrap_or(1).max(1) as f64 * 3.0 + self.unit() * 50.0
    }

    /// Price of a unit of waiting such that an ordinary wait costs twice as much.
    fn gap_price(&self, price: f64) -> f64 {
        let wait = (self.m.run_cost + self.m.slot_cost) as f64;
        if wait > 0.0 { price * 2.0 / wait } else { 0.0 }
    }

    /// A small difference of weights.
    fn unit(&self) -> f64 {
        let total: f64 = self.m.weight.iter().map(|&w| w as f64).sum();
        let mean = total / self.m.wishes.max(1) as f64;
        if mean > 0.0 && self.m.mode != Mode::All { mean / 12.0 } else { 1.0 }
    }

    fn anneal(&mut self, state: &mut State<'_>, schedule: &Schedule) {
        let (start, from) = (self.meter.seconds(), self.meter.done);
        let before = self.best.key;
        let bounds = &self.bounds;
        let meter = &mut self.meter;
        let ideal = ideal(self.m, bounds);
        let made = anneal::run(state, &mut self.best, &mut self.random, schedule, &mut |best, step| {
            meter.done = from + step;
            best.key <= ideal || meter.is_over()
        });
        self.meter.done = from + made;
        let seconds = self.meter.seconds() - start;
        if seconds > 0.02 {
            self.speed = (made as f64 / seconds).max(1e3);
        }
        if self.best.key < before {
            self.refresh();
        }
    }

    fn refresh(&mut self) {
        self.figures = State::of(self.m, &self.best.slots).figures;
        self.tell(Phase::Search);
    }

    /// At most `rounds` evaluations of the bounds, and at most this `part` of the time left.
    fn prove(&mut self, rounds: u32, part: f64) {
        if self.best.key[0] > 0 || self.best.key[1] > 0 {
            return;
        }
        let end = self.meter.seconds_left().map(|left| self.meter.seconds() + left * part);
        let (edges, meter) = (self.bounds.edges, &mut self.meter);
        self.bounds.prove(&self.figures, rounds, &mut || {
            meter.done += edges / 4 + 1;
            meter.is_over() || end.is_some_and(|end| meter.seconds() > end)
        });
        let cost = edges * 60;
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
        let cost = if proven { self.bounds.edges * 60 } else { 0 };
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

    /// Anneals in a part of the day, beginning with what the relaxation uses most.
    fn guided(&mut self, model: &Model, usage: &[Vec<f64>], moves: f64, gap_price: f64) {
        let mut wanted = vec![0.0; self.m.wishes];
        let relaxed = self.bounds.relaxation.iter().flat_map(|r| &r.owners).zip(usage);
        for (owner, usage) in relaxed {
            for (row, &wish) in owner.wishes.iter().enumerate() {
                wanted[wish as usize] = usage[owner.start[row] as usize..owner.start[row + 1] as usize].iter().sum();
            }
        }
        let mut state = start::most_wanted(model, &wanted, &mut self.random);
        let (unit, dear) = (self.unit(), self.dear());
        let schedule = Schedule {
            moves: moves as u64,
            patience: 0.0,
            hot: unit * 2.0,
            cold: unit * 0.05,
            gap_price: self.gap_price(unit * gap_price),
            unfair_price: dear,
            change_price: dear,
        };
        self.anneal(&mut state, &schedule);
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
            let cost = self.bounds.edges / 4 + 1;
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

    fn tell(&self, phase: Phase) {
        self.meter.tell(&Progress { phase, best: self.figures, bounds: self.bounds.list() });
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

/// The key of a timetable that meets every bound known.
fn ideal(m: &Model, bounds: &Bounds<'_>) -> [i64; 7] {
    let mut figures = Figures::default();
    for (figure, limit) in bounds.list() {
        match figure {
            Figure::Empty => figures.empty = limit,
            Figure::Shortfall => figures.shortfall = limit,
            Figure::Changes => figures.changes = limit,
            Figure::Weight => figures.weight = limit,
            Figure::Gaps => figures.gaps = limit,
        }
    }
    let [empty, shortfall, changes, lightness, gaps] = figures.key(m.mode);
    [0, 0, empty, shortfall, changes, lightness, gaps]
}

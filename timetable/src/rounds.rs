//! The rounds of annealing that the search as a whole is made of, and how each goes.

use super::anneal::{self, Schedule};
use super::bounds::Bounds;
use super::figures::{Figure, Figures};
use super::instance::Mode;
use super::model::Model;
use super::solve::Search;
use super::start;
use super::state::State;

impl Search<'_, '_> {
    /// Anneals the whole day, from the best.
    pub(super) fn round(&mut self, moves: f64, round: u32) {
        let unit = self.unit();
        let dear = self.dear();
        let unfair = dear * [1.0, 2.0, 3.0][round as usize % 3];
        let mut state = State::of(self.m, &self.best.slots);
        let all = self.m.mode == Mode::All;
        let schedule = Schedule {
            moves: moves as u64,
            patience: if all { 0.2 } else { 0.0 },
            hot: unit * if all { 5.0 } else { 4.0 },
            cold: unit * 0.1,
            gap_price: self.gap_price(unit * if all { 1.0 } else { 0.15 }),
            unfair_price: if all { unit * 12.0 } else { unfair },
            change_price: dear,
        };
        self.anneal(&mut state, &schedule, ideal(self.m, &self.bounds));
    }

    /// Fewer waits, as long as that helps.
    pub(super) fn settle_down(&mut self, moves: f64) {
        let from = self.meter.done;
        for n in 0..4 {
            let gaps = self.figures.gaps;
            let part = if n == 0 { 1.0 } else { 0.4 };
            self.settle((moves * part).min(self.meter.left(self.speed) * 0.9), part);
            if self.figures.gaps == gaps || self.meter.is_over() {
                break;
            }
        }
        self.settling = self.settling.max((self.meter.done - from) as f64);
    }

    /// Fewer waits at the same weight.
    pub(super) fn settle(&mut self, moves: f64, part: f64) {
        let waits = self.bounds.list().iter().any(|&(f, v)| f == Figure::Gaps && v < self.figures.gaps);
        if self.m.mode == Mode::All || !waits {
            return;
        }
        let unit = self.unit();
        let dear = self.dear();
        let mut state = State::of(self.m, &self.best.slots);
        let schedule = Schedule {
            moves: moves as u64,
            hot: unit * 0.15 * part,
            cold: unit * 0.03,
            patience: 0.8,
            gap_price: self.gap_price(unit * 0.1),
            unfair_price: dear,
            change_price: dear,
        };
        let [missing, excess, empty, shortfall, changes, lightness, _] = self.best.key;
        let least = self.bounds.list().iter().find(|bound| bound.0 == Figure::Gaps).map_or(0, |bound| bound.1);
        self.anneal(&mut state, &schedule, [missing, excess, empty, shortfall, changes, lightness, least]);
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

    pub(super) fn anneal(&mut self, state: &mut State<'_>, schedule: &Schedule, goal: [i64; 7]) {
        let (start, from) = (self.meter.seconds(), self.meter.done);
        let before = self.best.key;
        let meter = &mut self.meter;
        let made = anneal::run(state, &mut self.best, &mut self.random, schedule, &mut |best, step| {
            meter.done = from + step;
            best.key <= goal || meter.is_over()
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

    /// Anneals in a part of the day, beginning with what the relaxation uses most.
    pub(super) fn guided(&mut self, model: &Model, usage: &[Vec<f64>], moves: f64, gap_price: f64) {
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
        self.anneal(&mut state, &schedule, ideal(self.m, &self.bounds));
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

//! Makes the bound of `relaxation` small: prices move against the slopes, averaged over the last answers (the volume
//! algorithm of Barahona and Anbil), in steps of Polyak's length.

use super::evaluate::{Answer, Desk};
use super::relaxation::{Aim, Prices, Relaxation};

/// A bound and the prices that prove it.
#[derive(Clone, Debug)]
pub(super) struct Bound {
    pub(super) value: f64,
    pub(super) prices: Prices,
}

/// What an ascent remembers between two calls.
pub(super) struct Ascent {
    pub(super) best: Bound,
    now: Prices,
    /// Average of the slopes.
    mean: Vec<f64>,
    /// Per owner and session, how often it sat there in the last answers.
    pub(super) sits: Vec<Vec<f64>>,
    /// Per owner and edge, how often it was chosen in the last answers: nearly a solution of the linear relaxation.
    pub(super) usage: Vec<Vec<f64>>,
    scale: f64,
    /// Weight of the newest slope in the average.
    fresh: f64,
    idle: u32,
    pace: Vec<f64>,
    started: bool,
}

/// Weight of the newest slope in the average, at first.
const FRESH: f64 = 0.05;
/// After so many answers that are no better the steps become shorter,
const PATIENCE: u32 = 8;
/// by this factor,
const SHRINK: f64 = 0.66;
/// down to this length; then the average becomes slower and the steps long again.
const SHORTEST: f64 = 0.02;

impl Ascent {
    pub(super) fn new(relaxation: &Relaxation<'_>, aim: &Aim) -> Self {
        let layout = relaxation.layout();
        let size = relaxation.size(aim.price.iter().map(|p| p.abs()).fold(0.0f64, f64::max));
        let grid = (size.log2().ceil() - 50.0).max(-16.0).exp2();
        let mut all = vec![0.0; layout.length];
        for k in 0..3 {
            all[layout.mu + k] = (aim.price[k].abs() / grid).ceil() * grid;
        }
        let mut ascent = Self::from(relaxation, &Prices { all, grid });
        ascent.scale = 1.0;
        ascent
    }

    /// From the prices of another ascent.
    pub(super) fn from(relaxation: &Relaxation<'_>, prices: &Prices) -> Self {
        let mean = vec![0.0; prices.all.len()];
        let best = Bound { value: f64::INFINITY, prices: prices.clone() };
        let usage = relaxation.owners.iter().map(|owner| vec![0.0; owner.edges.len()]).collect();
        let sits = vec![vec![0.0; relaxation.m.sessions]; relaxation.owners.len()];
        Self {
            best,
            now: prices.clone(),
            mean,
            usage,
            sits,
            scale: 0.3,
            fresh: FRESH,
            idle: 0,
            pace: relaxation.pace(),
            started: false,
        }
    }

    /// The same prices and averages for a part of the same day.
    pub(super) fn child(&self) -> Self {
        Self {
            best: Bound { value: f64::INFINITY, prices: self.best.prices.clone() },
            now: self.best.prices.clone(),
            mean: self.mean.clone(),
            usage: self.usage.clone(),
            sits: self.sits.clone(),
            pace: self.pace.clone(),
            scale: 0.3,
            fresh: FRESH,
            idle: 0,
            started: true,
        }
    }

    /// At most `rounds` evaluations; ends when the bound is below `target` + 1 (no timetable is better
    /// than `target`: figures are whole numbers) or `stop` says so.
    pub(super) fn run(
        &mut self,
        relaxation: &Relaxation<'_>,
        aim: &Aim,
        target: f64,
        rounds: u32,
        desk: &mut Desk,
        stop: &mut dyn FnMut() -> bool,
    ) {
        let layout = relaxation.layout();
        let free = relaxation.free_prices();
        let mut answer = Answer::default();
        // Steps that became short and slow begin anew: what stopped an earlier run may not stop this one.
        (self.scale, self.fresh, self.idle) = (self.scale.max(0.3), FRESH, 0);
        for _ in 0..rounds {
            relaxation.evaluate(aim, &self.now, desk, &mut answer);
            for k in 0..3 {
                if !aim.moves[k] {
                    answer.slope[layout.mu + k] = 0.0;
                }
            }
            if !self.started {
                self.mean.clone_from(&answer.slope);
                self.started = true;
            }
            self.judge(&answer);
            if self.best.value < target + 1.0 || stop() {
                return;
            }
            for (mean, slope) in self.mean.iter_mut().zip(&answer.slope) {
                *mean += self.fresh * (slope - *mean);
            }
            for (sits, part) in self.sits.iter_mut().zip(&answer.parts) {
                for (s, sits) in sits.iter_mut().enumerate() {
                    *sits += self.fresh * (f64::from(part.1 >> s.min(31) & 1) - *sits);
                }
            }
            for (usage, chosen) in self.usage.iter_mut().zip(&answer.chosen) {
                for part in usage.iter_mut() {
                    *part *= 1.0 - self.fresh;
                }
                for &edge in chosen.iter().filter(|edge| **edge != u32::MAX) {
                    usage[edge as usize] += self.fresh;
                }
            }
            self.step(free, target);
        }
    }

    /// Keeps a better bound; lengthens or shortens the steps.
    fn judge(&mut self, answer: &Answer) {
        if answer.value < self.best.value - 1e-9 {
            let along = answer.slope.iter().zip(&self.mean).zip(&self.pace);
            let dot: f64 = along.map(|((x, y), pace)| x * y * pace).sum();
            if dot > 0.0 {
                self.scale = (self.scale * 1.1).min(2.0);
            }
            self.idle = 0;
            self.best.value = answer.value;
            self.best.prices.all.clone_from(&self.now.all);
            return;
        }
        self.idle += 1;
        if self.idle > PATIENCE {
            self.idle = 0;
            self.scale *= SHRINK;
            if self.scale < SHORTEST {
                self.fresh = (self.fresh * 0.5).max(0.002);
                self.scale = 0.3;
            }
        }
    }

    /// From the best prices against the mean slope.
    fn step(&mut self, free: usize, target: f64) {
        let grid = self.now.grid;
        let base = &self.best.prices.all;
        let mut length = 0.0;
        for (k, slope) in self.mean.iter().enumerate() {
            if k < free || base[k] > 0.0 || *slope < 0.0 {
                length += self.pace[k] * slope * slope;
            }
        }
        let step = self.scale * (self.best.value - target).max(0.1) / length.max(1e-9);
        for (k, slope) in self.mean.iter().enumerate() {
            let price = ((base[k] - step * self.pace[k] * slope) / grid).round() * grid;
            self.now.all[k] = if k < free { price } else { price.max(0.0) };
        }
    }

    /// The answer at the best prices.
    pub(super) fn settle(&self, relaxation: &Relaxation<'_>, aim: &Aim, desk: &mut Desk) -> Answer {
        let mut answer = Answer::default();
        relaxation.evaluate(aim, &self.best.prices, desk, &mut answer);
        answer
    }
}

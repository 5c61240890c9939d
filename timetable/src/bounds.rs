//! Proven limits of the figures, one after the other, each for the earlier ones as in the best timetable.

use super::ascent::Ascent;
use super::branch::Node;
use super::evaluate::Desk;
use super::figures::{Figure, Figures};
use super::instance::Mode;
use super::model::{Model, NO_SLOT};
use super::relaxation::{Aim, Relaxation};
use super::waits;

/// Evaluations of the day without its slots, before the first with them.
const COARSE: u32 = 600;

/// What is known of one figure.
struct Stage<'m> {
    figure: Figure,
    limit: i64,
    /// The relaxation, with what no timetable as good as the best can use closed.
    relaxation: Option<Relaxation<'m>>,
    ascent: Option<Ascent>,
    aim: Option<Aim>,
    /// The earlier figures that `limit` is for.
    earlier: Vec<i64>,
}

/// Limits of all figures of a mode.
pub(super) struct Bounds<'m> {
    m: &'m Model,
    pub(super) relaxation: Option<Relaxation<'m>>,
    stages: Vec<Stage<'m>>,
    desk: Desk,
    /// Edges of the relaxation: what one evaluation costs.
    pub(super) edges: u64,
}

impl<'m> Bounds<'m> {
    pub(super) fn new(m: &'m Model) -> Self {
        let relaxation = if m.mode == Mode::All { None } else { Relaxation::new(m) };
        let edges = relaxation.iter().flat_map(|r| &r.owners).map(|owner| owner.edges.len() as u64).sum();
        let stages = Figure::order(m.mode).iter().map(|&figure| Stage {
            figure,
            limit: trivial(m, figure),
            relaxation: None,
            ascent: None,
            aim: None,
            earlier: Vec::new(),
        });
        Self { m, relaxation, stages: stages.collect(), desk: Desk::default(), edges }
    }

    /// The figures in order with their limits.
    pub(super) fn list(&self) -> Vec<(Figure, i64)> {
        self.stages.iter().map(|stage| (stage.figure, stage.limit)).collect()
    }

    /// The first figure that is not proven best, if any.
    pub(super) fn open(&self, best: &Figures) -> Option<Figure> {
        self.stages.iter().find(|stage| stage.limit != best.get(stage.figure)).map(|stage| stage.figure)
    }

    /// A limit found elsewhere for the figures as they are.
    pub(super) fn learn(&mut self, best: &Figures) {
        self.forget(best);
        for stage in &mut self.stages {
            stage.limit = best.get(stage.figure);
        }
    }

    /// Tries to prove more: at most `rounds` evaluations.
    pub(super) fn prove(&mut self, best: &Figures, rounds: u32, stop: &mut dyn FnMut() -> bool) {
        self.forget(best);
        for n in 0..self.stages.len() {
            let figure = self.stages[n].figure;
            if figure != Figure::Gaps && self.stages[n].limit != best.get(figure) {
                self.raise(n, best, rounds, stop);
            }
        }
    }

    /// Forgets the limits that are for other earlier figures than those of the best timetable; what cannot depend on them
    /// stays.
    pub(super) fn forget(&mut self, best: &Figures) {
        let mut earlier: Vec<i64> = Vec::new();
        for stage in &mut self.stages {
            if stage.earlier != earlier {
                stage.limit = trivial(self.m, stage.figure);
                stage.relaxation = None;
                stage.earlier.clone_from(&earlier);
            }
            earlier.push(best.get(stage.figure));
        }
    }

    fn raise(&mut self, n: usize, best: &Figures, rounds: u32, stop: &mut dyn FnMut() -> bool) {
        let Some(plain) = &self.relaxation else { return };
        let aim = aim(self.m, self.stages[n].figure, best);
        let stage = &mut self.stages[n];
        if stage.aim != Some(aim) {
            let from = stage.ascent.take().filter(|_| stage.figure == Figure::Weight);
            stage.ascent = Some(match from {
                Some(old) if stage.aim.is_some_and(|old| old.is_priced_like(&aim)) => {
                    let mut ascent = Ascent::from(plain, &old.best.prices);
                    ascent.usage = old.usage;
                    ascent
                }
                _ if self.m.mode == Mode::Repair || self.m.has_seats => Ascent::new(plain, &aim),
                _ => {
                    let coarse = plain.without_slots();
                    let mut first = Ascent::new(&coarse, &aim);
                    let sign = if stage.figure == Figure::Weight { 1 } else { -1 };
                    let target = (sign * best.get(stage.figure)) as f64;
                    first.run(&coarse, &aim, target, COARSE, &mut self.desk, stop);
                    Ascent::from(plain, &first.best.prices)
                }
            });
            stage.aim = Some(aim);
            stage.relaxation = None;
        }
        let relaxation = stage.relaxation.as_ref().unwrap_or(plain);
        let Some(ascent) = &mut stage.ascent else { return };
        let sign = if stage.figure == Figure::Weight { 1 } else { -1 };
        let target = (sign * best.get(stage.figure)) as f64;
        ascent.run(relaxation, &aim, target, rounds, &mut self.desk, stop);
        let value = ascent.best.value;
        if value.is_finite() || value == f64::NEG_INFINITY {
            // A tightened relaxation speaks of the timetables at least as good as the best only: the best is one.
            let limit = (value.floor().max(target)) as i64 * sign;
            let is_closer = if sign > 0 { limit < stage.limit } else { limit > stage.limit };
            if is_closer {
                stage.limit = limit;
            }
        }
    }

    /// Steps of the search that take as long as closing what cannot be used.
    pub(super) fn cost_of_tightening(&self) -> u64 {
        self.relaxation.as_ref().map_or(0, Relaxation::cost_of_tightening)
    }

    /// Closes in the relaxation of the first figure not yet proven all that no better timetable uses, so that the next
    /// proofs need not look at it.
    pub(super) fn sharpen(&mut self, best: &Figures) {
        let Some(stage) = self.stages.iter_mut().find(|stage| stage.limit != best.get(stage.figure)) else { return };
        let (Some(plain), Some(ascent), Some(aim)) = (&self.relaxation, &stage.ascent, stage.aim) else { return };
        if stage.figure == Figure::Gaps || aim != self::aim(self.m, stage.figure, best) {
            return;
        }
        let mut narrow = stage.relaxation.take().unwrap_or_else(|| plain.clone());
        let answer = ascent.settle(&narrow, &aim, &mut self.desk);
        let sign = if stage.figure == Figure::Weight { 1 } else { -1 };
        let least = (sign * best.get(stage.figure)) as f64 + 1.0;
        narrow.tighten(&aim, &ascent.best.prices, &answer, least, true, &mut self.desk);
        if narrow.is_void() {
            stage.limit = best.get(stage.figure);
        }
        stage.relaxation = Some(narrow);
    }

    /// No timetable is better in this figure, the earlier ones as in the best.
    pub(super) fn close(&mut self, figure: Figure, best: &Figures) {
        for stage in self.stages.iter_mut().filter(|stage| stage.figure == figure) {
            stage.limit = best.get(figure);
        }
    }

    /// Where to branch from: the relaxation of the first figure not proven, if it has one.
    pub(super) fn root(&mut self, best: &Figures) -> Option<(Figure, Node<'m>)> {
        let stage = self.stages.iter().find(|stage| stage.limit != best.get(stage.figure))?;
        let (ascent, aim) = (stage.ascent.as_ref()?, stage.aim?);
        if stage.figure == Figure::Gaps || aim != self::aim(self.m, stage.figure, best) {
            return None;
        }
        let relaxation = stage.relaxation.as_ref().or(self.relaxation.as_ref())?.clone();
        Some((stage.figure, Node { relaxation, ascent: ascent.child(), aim }))
    }

    /// The relaxation of the weight, closed to all that no timetable as heavy as `best` uses (or, while the weight is not
    /// proven, no heavier one), with its value. Only where the earlier figures are proven.
    pub(super) fn narrowed(&mut self, best: &Figures) -> Option<(Relaxation<'m>, Aim, f64, &Ascent)> {
        let stage = self.stages.iter().find(|stage| stage.figure == Figure::Weight)?;
        let before = self.stages.iter().take_while(|stage| stage.figure != Figure::Weight);
        let (ascent, aim) = (stage.ascent.as_ref()?, stage.aim?);
        let proven = before.into_iter().all(|stage| stage.limit == best.get(stage.figure));
        if !proven || stage.aim != Some(self::aim(self.m, Figure::Weight, best)) {
            return None;
        }
        let is_best = stage.limit == best.weight;
        let mut narrow = match &stage.relaxation {
            Some(sharp) if !is_best => sharp.clone(),
            _ => self.relaxation.clone()?,
        };
        let answer = ascent.settle(&narrow, &aim, &mut self.desk);
        if is_best {
            narrow.tighten(&aim, &ascent.best.prices, &answer, best.weight as f64, true, &mut self.desk);
        }
        Some((narrow, aim, answer.value, ascent))
    }
}

/// What the relaxation maximises to limit a figure.
fn aim(m: &Model, figure: Figure, best: &Figures) -> Aim {
    let heaviest = m.weight.iter().max().copied().unwrap_or(0).max(1) as f64;
    let known = [best.empty, best.shortfall, best.changes];
    let (stage, unit) = match figure {
        Figure::Empty => (0, 1.0),
        Figure::Shortfall => (1, 1.0),
        Figure::Changes => (2, 1.0),
        Figure::Weight | Figure::Gaps => (3, heaviest),
    };
    let mut aim = Aim { weight: f64::from(u8::from(stage == 3)), known: [0; 3], price: [0.0; 3], moves: [false; 3] };
    for (k, &value) in known.iter().enumerate() {
        let compared = k < 2 || m.mode == Mode::Repair;
        if k < stage && compared {
            aim.known[k] = value;
            aim.price[k] = unit * 3.0;
            // Where nothing is lacking a high price is as good as any; else it has to be found.
            aim.moves[k] = value > 0 && k < 2;
        } else if k == stage {
            aim.price[k] = 1.0;
        }
    }
    aim
}

/// A limit that needs no search.
fn trivial(m: &Model, figure: Figure) -> i64 {
    match figure {
        Figure::Gaps if m.mode == Mode::All => waits::forced(m),
        Figure::Empty | Figure::Shortfall | Figure::Gaps => 0,
        Figure::Changes => {
            let lost = |i: &usize| m.planned[*i] != NO_SLOT && !m.may_hold(*i, m.planned[*i]);
            (0..m.wishes).filter(lost).count() as i64
        }
        Figure::Weight => simple_weight(m),
    }
}

/// Each participant takes its heaviest wishes up to its maximum; every meeting is counted at both ends.
fn simple_weight(m: &Model) -> i64 {
    let mut twice = 0i64;
    for p in 0..m.people {
        let mut own: Vec<i64> = m.own.get(p).iter().map(|&i| m.weight[i as usize]).collect();
        own.sort_unstable_by(|x, y| y.cmp(x));
        twice = twice.saturating_add(own.iter().take(m.max[p] as usize).sum());
    }
    let all = m.weight.iter().enumerate().filter(|(i, _)| !m.options.get(*i).is_empty()).map(|(_, w)| w).sum();
    (twice / 2).min(all)
}

//! What a bound says of single possibilities: those that would bring it below what is known can be left out.

use super::evaluate::{Answer, Desk};
use super::owner::Owner;
use super::relaxation::{Aim, Prices, Relaxation};

impl Relaxation<'_> {
    /// Closes patterns and edges whose use would bring the value at these prices below `least`. The bound
    /// stays one for every timetable of at least that value.
    pub(super) fn tighten(
        &mut self,
        aim: &Aim,
        prices: &Prices,
        answer: &Answer,
        least: f64,
        edges: bool,
        desk: &mut Desk,
    ) {
        let (layout, x) = (self.layout(), &prices.all);
        for n in 0..self.owners.len() {
            let mut owner = self.owners[n].clone();
            self.prepare(&owner, aim, x, &layout, desk);
            let rest = answer.value - answer.parts[n].0;
            let mut useful = vec![false; owner.closed.len()];
            for pattern in (0..32).filter(|q| self.owners[n].patterns >> q & 1 == 1) {
                let seats = self.seat_price(pattern, x, &layout);
                if rest + self.pattern_value(&owner, pattern, desk) - seats < least {
                    owner.patterns &= !(1 << pattern);
                    continue;
                }
                if !edges {
                    continue;
                }
                for row in (0..owner.wishes.len()).filter(|&row| self.owners[n].forced[row] == u32::MAX) {
                    for edge in owner.start[row]..owner.start[row + 1] {
                        if !owner.closed[edge as usize] && !useful[edge as usize] {
                            owner.forced[row] = edge;
                            let value = self.pattern_value(&owner, pattern, desk);
                            useful[edge as usize] = rest + value - seats >= least;
                        }
                    }
                    owner.forced[row] = u32::MAX;
                }
            }
            for (closed, useful) in owner.closed.iter_mut().zip(&useful) {
                *closed |= !useful && edges;
            }
            for &edge in owner.forced.iter().filter(|edge| **edge != u32::MAX) {
                owner.closed[edge as usize] = false;
            }
            self.owners[n] = owner;
        }
    }

    /// Steps of the search that take as long as `tighten`: an assignment for each edge in each pattern.
    pub(super) fn cost_of_tightening(&self) -> u64 {
        let of = |owner: &Owner| {
            let assignment = owner.columns * owner.columns.min(owner.wishes.len()) / 8 + 1;
            owner.edges.len() as u64 * u64::from(owner.patterns.count_ones()) * assignment as u64
        };
        self.owners.iter().map(of).sum()
    }

    /// Has an owner no pattern left? Then no timetable is as good as asked.
    pub(super) fn is_void(&self) -> bool {
        self.owners.iter().any(|owner| owner.patterns == 0)
    }
}

impl Relaxation<'_> {
    /// Per price how far it moves against a slope of 1, relative to the others: the inverse of the number of edges that it
    /// concerns (a diagonal preconditioner; without it the tables move everything else's prices out of place).
    pub(super) fn pace(&self) -> Vec<f64> {
        let layout = self.layout();
        let mut count = vec![0.0f64; layout.length];
        for owner in &self.owners {
            for row in 0..owner.wishes.len() {
                let c = self.number[self.m.other(owner.wishes[row] as usize, owner.p)];
                for &(_, t) in owner.row(row) {
                    for end in [c, owner.priced].into_iter().filter(|&end| end != usize::MAX) {
                        count[end] += 1.0;
                        count[layout.pi + end * layout.slots + usize::from(t)] += 1.0;
                    }
                    count[layout.tau + usize::from(t)] += 1.0;
                }
            }
            for s in 0..self.m.sessions {
                count[layout.sigma + s] += 1.0;
            }
        }
        if !self.has_slots {
            let tables = &mut count[layout.tau..layout.sigma];
            let mean = tables.iter().sum::<f64>() / tables.len().max(1) as f64;
            tables.fill(mean);
        }
        count.iter().map(|n| n.max(1.0).powf(-0.7)).collect()
    }
}

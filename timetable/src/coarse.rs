//! The day without its slots: a coarser relaxation whose best prices cost a hundredth of the work, and from which the
//! prices of the whole day begin.

use super::evaluate::{Answer, Desk};
use super::relaxation::{Aim, Layout, Prices, Relaxation};

impl Relaxation<'_> {
    /// The same day where only the numbers of meetings count, of each participant and at all tables together.
    pub(super) fn without_slots(&self) -> Self {
        let mut coarse = self.clone();
        coarse.has_slots = false;
        coarse
    }

    /// The bound at these prices, whose slots must all cost the same. O(wishes · log).
    pub(super) fn evaluate_coarsely(&self, aim: &Aim, prices: &Prices, desk: &mut Desk, answer: &mut Answer) {
        let (layout, x) = (self.layout(), &prices.all);
        answer.value = self.fixed_part(aim, x, &layout, &mut answer.slope);
        for n in 0..self.owners.len() {
            self.coarse_part(n, aim, x, &layout, desk, answer);
        }
        for (n, &c) in self.priced.iter().enumerate() {
            answer.value += self.priced_part(n, c, x, &layout, &mut answer.slope);
        }
        answer.slope[layout.pi..layout.tau].fill(0.0);
        answer.slope[layout.sigma..layout.mu].fill(0.0);
        let tables = &mut answer.slope[layout.tau..layout.sigma];
        let mean = tables.iter().sum::<f64>() / tables.len().max(1) as f64;
        tables.fill(mean);
    }

    /// An owner's best wishes, at most one for each of its slots.
    fn coarse_part(&self, n: usize, aim: &Aim, x: &[f64], layout: &Layout, desk: &mut Desk, answer: &mut Answer) {
        let owner = &self.owners[n];
        self.steps_of(owner, x, layout, &mut desk.steps);
        let value = |(row, &wish): (usize, &u32)| (self.plain_value(owner, wish as usize, aim, x) - x[layout.tau], row);
        let mut best: Vec<(f64, usize)> = owner.wishes.iter().enumerate().map(value).collect();
        best.sort_by(|x, y| y.0.total_cmp(&x.0).then(x.1.cmp(&y.1)));
        let mut chosen = vec![u32::MAX; owner.wishes.len()];
        let mut part = 0.0;
        for (&(value, row), step) in best.iter().zip(&desk.steps).take(owner.columns) {
            if value + step <= 0.0 {
                break;
            }
            part += value + step;
            chosen[row] = owner.start[row];
        }
        self.owner_slopes(owner, 0, &chosen, layout, &mut answer.slope);
        answer.value += part;
        answer.parts.push((part, 0));
    }
}

//! The value of a relaxed day at some prices: the sum of the owners' best answers and of what there is to share.

use super::assignment::{Assignment, Edges};
use super::owner::Owner;
use super::relaxation::{Aim, Layout, Prices, Relaxation};

/// The value of the relaxed day at some prices.
#[derive(Default)]
pub(super) struct Answer {
    pub(super) value: f64,
    /// Per price, how the value changes with it.
    pub(super) slope: Vec<f64>,
    /// Per owner, its own part of the value and its pattern.
    pub(super) parts: Vec<(f64, u32)>,
    /// Per owner and wish, the number of the edge chosen, or `u32::MAX`.
    pub(super) chosen: Vec<Vec<u32>>,
}

/// Memory of an evaluation.
#[derive(Default)]
pub(super) struct Desk {
    assignment: Assignment,
    values: Vec<f64>,
    start: Vec<u32>,
    items: Vec<(u16, f64)>,
    numbers: Vec<u32>,
    pub(super) steps: Vec<f64>,
    taken: Vec<u16>,
}

impl Relaxation<'_> {
    /// The bound at these prices, its slopes and where it is reached. O(owners × assignment × patterns).
    pub(super) fn evaluate(&self, aim: &Aim, prices: &Prices, desk: &mut Desk, answer: &mut Answer) {
        let (layout, x) = (self.layout(), &prices.all);
        answer.slope.clear();
        answer.slope.resize(layout.length, 0.0);
        answer.parts.clear();
        if !self.has_slots {
            return self.evaluate_coarsely(aim, prices, desk, answer);
        }
        answer.chosen.resize(self.owners.len(), Vec::new());
        answer.value = self.fixed_part(aim, x, &layout, &mut answer.slope);
        for (n, _) in self.owners.iter().enumerate() {
            self.owner_part(n, aim, x, &layout, desk, answer);
        }
        for (n, &c) in self.priced.iter().enumerate() {
            answer.value += self.priced_part(n, c, x, &layout, &mut answer.slope);
        }
    }

    pub(super) fn fixed_part(&self, aim: &Aim, x: &[f64], layout: &Layout, slope: &mut [f64]) -> f64 {
        let mut value = aim.weight * self.fixed_weight;
        for t in 0..layout.slots {
            value += x[layout.tau + t] * self.tables[t];
            slope[layout.tau + t] += self.tables[t];
        }
        if self.enumerates_sessions {
            for s in 0..self.m.sessions {
                value += x[layout.sigma + s] * f64::from(self.m.seats[s]);
                slope[layout.sigma + s] += f64::from(self.m.seats[s]);
            }
        }
        let offset = [0.0, 0.0, self.fixed_kept - self.m.plan as f64];
        for k in 0..3 {
            let constant = aim.known[k] as f64 + offset[k];
            value += x[layout.mu + k] * constant;
            slope[layout.mu + k] += constant;
        }
        // Participants without any open wish are as unfairly treated as what is fixed leaves them.
        for p in (0..self.m.people).filter(|&p| self.number[p] == usize::MAX) {
            let (empty, short) = unfair(self.m.need[p], self.base[p]);
            value -= x[layout.mu] * empty + x[layout.mu + 1] * short;
            slope[layout.mu] -= empty;
            slope[layout.mu + 1] -= short;
        }
        value
    }

    /// Steps in fairness of a participant's next meetings, priced.
    fn steps(&self, p: usize, x: &[f64], layout: &Layout, steps: &mut Vec<f64>) {
        steps.clear();
        let mut before = unfair(self.m.need[p], self.base[p]);
        for k in 1..=self.room[p] {
            let after = unfair(self.m.need[p], self.base[p] + k);
            steps.push(x[layout.mu] * (before.0 - after.0) + x[layout.mu + 1] * (before.1 - after.1));
            before = after;
        }
    }

    fn owner_part(&self, n: usize, aim: &Aim, x: &[f64], layout: &Layout, desk: &mut Desk, answer: &mut Answer) {
        let owner = &self.owners[n];
        self.prepare(owner, aim, x, layout, desk);
        let mut best = (f64::NEG_INFINITY, 0);
        let chosen = &mut answer.chosen[n];
        let mut rest = owner.patterns;
        while rest != 0 {
            let pattern = rest.trailing_zeros();
            rest &= rest - 1;
            let seats: f64 = self.seat_price(pattern, x, layout);
            let value = self.pattern_value(owner, pattern, desk) - seats;
            if value > best.0 {
                best = (value, pattern);
                desk.record(owner, chosen);
            }
        }
        answer.value += best.0;
        answer.parts.push(best);
        self.owner_slopes(owner, best.1, &answer.chosen[n], layout, &mut answer.slope);
    }

    pub(super) fn seat_price(&self, pattern: u32, x: &[f64], layout: &Layout) -> f64 {
        (0..self.m.sessions)
            .filter(|s| self.enumerates_sessions && pattern >> s & 1 == 1)
            .map(|s| x[layout.sigma + s])
            .sum()
    }

    /// What a wish of an owner is worth at these prices, slots aside.
    pub(super) fn plain_value(&self, owner: &Owner, wish: usize, aim: &Aim, x: &[f64]) -> f64 {
        let other = self.number[self.m.other(wish, owner.p)];
        let own = if owner.priced == usize::MAX { 0.0 } else { x[owner.priced] };
        aim.weight * self.m.weight[wish] as f64 - x[other] - own
    }

    /// What each edge of an owner is worth at these prices.
    pub(super) fn values(&self, owner: &Owner, aim: &Aim, x: &[f64], layout: &Layout, values: &mut Vec<f64>) {
        values.clear();
        for (row, &wish) in owner.wishes.iter().enumerate() {
            let wish = wish as usize;
            let c = self.number[self.m.other(wish, owner.p)];
            let plain = self.plain_value(owner, wish, aim, x);
            for &(_, t) in owner.row(row) {
                let mut value =
                    plain - x[layout.pi + c * layout.slots + usize::from(t)] - x[layout.tau + usize::from(t)];
                if owner.priced != usize::MAX {
                    value -= x[layout.pi + owner.priced * layout.slots + usize::from(t)];
                }
                if self.m.planned[wish] == t {
                    value += x[layout.mu + 2];
                }
                values.push(value);
            }
        }
    }

    /// An owner's best answer in a pattern, seats not paid, with what is forced; minus infinity where that cannot be.
    pub(super) fn pattern_value(&self, owner: &Owner, pattern: u32, desk: &mut Desk) -> f64 {
        desk.start.clear();
        desk.items.clear();
        desk.numbers.clear();
        desk.taken.clear();
        let sits = |t: u16| !self.enumerates_sessions || pattern >> self.m.session_of[usize::from(t)] & 1 == 1;
        let mut value = 0.0;
        for &edge in owner.forced.iter().filter(|edge| **edge != u32::MAX) {
            let (column, t) = owner.edges[edge as usize];
            if desk.taken.contains(&column) || !sits(t) || desk.taken.len() >= desk.steps.len() {
                return f64::NEG_INFINITY;
            }
            value += desk.values[edge as usize] + desk.steps[desk.taken.len()];
            desk.taken.push(column);
        }
        for row in 0..owner.wishes.len() {
            desk.start.push(desk.items.len() as u32);
            if owner.forced[row] != u32::MAX {
                continue;
            }
            for edge in owner.start[row] as usize..owner.start[row + 1] as usize {
                let (column, t) = owner.edges[edge];
                if sits(t) && !owner.closed[edge] && !desk.taken.contains(&column) {
                    desk.items.push((column, desk.values[edge] + if owner.required[row] { self.lure } else { 0.0 }));
                    desk.numbers.push(edge as u32);
                }
            }
        }
        desk.start.push(desk.items.len() as u32);
        let edges = Edges { start: &desk.start, items: &desk.items };
        let steps = desk.steps.get(desk.taken.len()..).unwrap_or_default();
        let rows = owner.required.iter().zip(&owner.forced);
        let lures = rows.filter(|(required, forced)| **required && **forced == u32::MAX).count();
        value - lures as f64 * self.lure + desk.assignment.solve(owner.columns, owner.wishes.len(), &edges, steps)
    }

    pub(super) fn owner_slopes(&self, owner: &Owner, pattern: u32, chosen: &[u32], layout: &Layout, slope: &mut [f64]) {
        let mut count = 0;
        for (row, &edge) in chosen.iter().enumerate().filter(|(_, edge)| **edge != u32::MAX) {
            let wish = owner.wishes[row] as usize;
            let t = owner.edges[edge as usize].1;
            let c = self.number[self.m.other(wish, owner.p)];
            for end in [c, owner.priced].into_iter().filter(|&end| end != usize::MAX) {
                slope[end] -= 1.0;
                slope[layout.pi + end * layout.slots + usize::from(t)] -= 1.0;
            }
            slope[layout.tau + usize::from(t)] -= 1.0;
            slope[layout.mu + 2] += f64::from(u8::from(self.m.planned[wish] == t));
            count += 1;
        }
        if owner.priced == usize::MAX {
            let before = unfair(self.m.need[owner.p], self.base[owner.p]);
            let after = unfair(self.m.need[owner.p], self.base[owner.p] + count);
            slope[layout.mu] += before.0 - after.0;
            slope[layout.mu + 1] += before.1 - after.1;
        }
        for s in (0..self.m.sessions).filter(|s| self.enumerates_sessions && pattern >> s & 1 == 1) {
            slope[layout.sigma + s] -= 1.0;
        }
    }

    /// The part of a participant whose meetings have a price: its slots, and its best number of meetings.
    pub(super) fn priced_part(&self, n: usize, c: usize, x: &[f64], layout: &Layout, slope: &mut [f64]) -> f64 {
        let mut value = 0.0;
        for at in layout.pi + n * layout.slots..layout.pi + (n + 1) * layout.slots {
            value += x[at];
            slope[at] += 1.0;
        }
        let (mut best, mut degree) = (f64::NEG_INFINITY, 0);
        for k in 0..=self.room[c] {
            let (empty, short) = unfair(self.m.need[c], self.base[c] + k);
            let worth = x[n] * f64::from(k) - x[layout.mu] * empty - x[layout.mu + 1] * short;
            if worth > best {
                (best, degree) = (worth, k);
            }
        }
        let (empty, short) = unfair(self.m.need[c], self.base[c] + degree);
        slope[n] += f64::from(degree);
        slope[layout.mu] -= empty;
        slope[layout.mu + 1] -= short;
        value + best
    }

    /// Does any pattern of an owner allow this edge?
    pub(super) fn may_sit(&self, owner: &Owner, edge: usize) -> bool {
        let s = self.m.session_of[usize::from(owner.edges[edge].1)];
        !self.enumerates_sessions || (0..32).any(|q| owner.patterns >> q & 1 == 1 && q >> s & 1 == 1)
    }

    /// An owner's part of the value at these prices.
    pub(super) fn part(&self, n: usize, aim: &Aim, prices: &Prices, desk: &mut Desk) -> f64 {
        let (layout, owner) = (self.layout(), &self.owners[n]);
        self.prepare(owner, aim, &prices.all, &layout, desk);
        let patterns = (0..32).filter(|q| owner.patterns >> q & 1 == 1);
        let value = |q| self.pattern_value(owner, q, desk) - self.seat_price(q, &prices.all, &layout);
        patterns.map(value).fold(f64::NEG_INFINITY, f64::max)
    }

    pub(super) fn prepare(&self, owner: &Owner, aim: &Aim, x: &[f64], layout: &Layout, desk: &mut Desk) {
        self.values(owner, aim, x, layout, &mut desk.values);
        self.steps_of(owner, x, layout, &mut desk.steps);
    }

    /// What the next meetings of an owner are worth besides.
    pub(super) fn steps_of(&self, owner: &Owner, x: &[f64], layout: &Layout, steps: &mut Vec<f64>) {
        if owner.priced == usize::MAX {
            self.steps(owner.p, x, layout, steps);
        } else {
            steps.clear();
            steps.resize(self.room[owner.p] as usize, 0.0);
        }
    }
}

impl Desk {
    /// Writes down the edges that an owner chose in the last assignment.
    fn record(&self, owner: &Owner, chosen: &mut Vec<u32>) {
        chosen.clear();
        for row in 0..owner.wishes.len() {
            let column = self.assignment.assigned[row];
            let range = self.start[row] as usize..self.start[row + 1] as usize;
            let edge = range.clone().find(|&e| usize::from(self.items[e].0) == column);
            chosen.push(edge.map_or(owner.forced[row], |e| self.numbers[e]));
        }
    }
}

fn unfair(need: u32, degree: u32) -> (f64, f64) {
    let missing = f64::from(need.saturating_sub(degree));
    (f64::from(u8::from(need > 0 && degree == 0)), missing * (missing + 1.0) / 2.0)
}

//! An upper bound of the weight (or a lower bound of what is unfair or changed) without any library for linear programmes.
//!
//! Each wish is *owned* by one of its ends. An owner alone is easy: its wishes go to slots by an assignment, each wish
//! once, each slot once, at most `max`, in one of the patterns of sessions in which it sits. What couples the owners gets
//! a price: the other ends' slots (`π`), their numbers of meetings (`v`), tables (`τ`), seats (`σ`), and what is known of
//! the earlier figures (`μ`). For any prices, the sum of the owners' best answers and of the prices of what there is to
//! share is at least the value of every timetable: a timetable satisfies all that was dropped, so its own value can only
//! gain by the prices, and each owner's part of it is one of the answers that the owner compares. At the best prices the
//! bound equals the linear relaxation over wish × slot where nobody is seated, and is at least as close where somebody is.
//!
//! Prices are multiples of one power of two chosen such that every sum is exact in an `f64`: no rounding can spoil it.

use super::assignment::{Assignment, Edges};
use super::model::Model;
use super::owner::{Owner, owners};

/// Of more sessions than this the patterns are not enumerated; the seats then bind through the tables only.
const MOST_SESSIONS: usize = 4;
/// Owners with more slots than this are too wide for dense assignments.
const MOST_COLUMNS: usize = 512;
/// More edges or prices than this do not fit the time of any search.
const MOST_EDGES: usize = 3_000_000;

/// What is maximised, as a sum of figures, and what is known of those before it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Aim {
    /// 1 where the weight is maximised, else 0.
    pub(super) weight: f64,
    /// Proven best values of empty, shortfall, changes, which the price of the same figure refers to.
    pub(super) known: [i64; 3],
    /// Price of each; negative: it moves with the others, from this size on.
    pub(super) price: [f64; 3],
    /// Is this figure itself what is minimised? Then `known` of it is 0 and its price 1.
    pub(super) moves: [bool; 3],
}

impl Aim {
    /// Do both begin with the same prices?
    pub(super) fn is_priced_like(&self, other: &Self) -> bool {
        self.price.iter().zip(&other.price).all(|(x, y)| x.total_cmp(y).is_eq())
    }
}

/// The relaxed day.
#[derive(Clone)]
pub(super) struct Relaxation<'m> {
    pub(super) m: &'m Model,
    pub(super) owners: Vec<Owner>,
    /// Participants whose slots have a price, and their number, by participant.
    pub(super) priced: Vec<usize>,
    pub(super) number: Vec<usize>,
    /// P: meetings held by what is fixed.
    base: Vec<u32>,
    /// P: most meetings besides.
    room: Vec<u32>,
    tables: Vec<f64>,
    pub(super) enumerates_sessions: bool,
    /// Sum of the weights of what is fixed; how many of them keep their planned slot.
    fixed_weight: f64,
    fixed_kept: f64,
    /// Added to what must be held, and taken off the whole: more than any answer can lose by holding it.
    pub(super) lure: f64,
}

/// What is fixed takes of the day.
struct Fixed {
    base: Vec<u32>,
    /// P × T.
    taken: Vec<bool>,
    /// T.
    load: Vec<u32>,
    /// P: sessions in which somebody must sit, as bits.
    must: Vec<u32>,
    weight: f64,
    kept: f64,
}

impl Fixed {
    fn of(m: &Model, enumerates_sessions: bool) -> Self {
        let mut fixed = Self {
            base: vec![0; m.people],
            taken: vec![false; m.people * m.slots],
            load: vec![0; m.slots],
            must: vec![0; m.people],
            weight: 0.0,
            kept: 0.0,
        };
        for i in (0..m.wishes).filter(|&i| m.is_fixed(i)) {
            let t = usize::from(m.fixed[i]);
            fixed.load[t] += 1;
            fixed.weight += m.weight[i] as f64;
            fixed.kept += f64::from(u8::from(m.planned[i] == m.fixed[i]));
            for p in m.ends[i].map(|p| p as usize) {
                fixed.base[p] += 1;
                fixed.taken[p * m.slots + t] = true;
                if enumerates_sessions {
                    fixed.must[p] |= 1 << m.session_of[t];
                }
            }
        }
        fixed
    }
}

/// Prices, in one row: v, π, τ, σ, μ.
#[derive(Clone, Debug)]
pub(super) struct Prices {
    pub(super) all: Vec<f64>,
    /// All prices are multiples of this.
    pub(super) grid: f64,
}

/// Where in the row of prices each kind begins.
#[derive(Clone, Copy)]
pub(super) struct Layout {
    pub(super) slots: usize,
    pub(super) pi: usize,
    pub(super) tau: usize,
    pub(super) sigma: usize,
    pub(super) mu: usize,
    pub(super) length: usize,
}

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
    steps: Vec<f64>,
    taken: Vec<u16>,
}

impl<'m> Relaxation<'m> {
    /// Absent: the day is too wide for it.
    pub(super) fn new(m: &'m Model) -> Option<Self> {
        let enumerates_sessions = m.has_seats && m.sessions <= MOST_SESSIONS;
        let Fixed { base, taken, load, must, weight: fixed_weight, kept: fixed_kept } =
            Fixed::of(m, enumerates_sessions);
        let owner_of = owners(m);
        let mut lists = vec![Vec::new(); m.people];
        let mut shares = vec![false; m.people];
        let free = |i: usize| {
            let is_free = |t: u16| m.ends[i].iter().all(|&p| !taken[p as usize * m.slots + usize::from(t)]);
            m.options.get(i).iter().copied().filter(|&t| is_free(t)).collect::<Vec<u16>>()
        };
        for i in (0..m.wishes).filter(|&i| !m.is_fixed(i)) {
            let owner = owner_of[i] as usize;
            if !free(i).is_empty() {
                lists[owner].push(i as u32);
                shares[m.other(i, owner)] = true;
            }
        }
        let priced: Vec<usize> = (0..m.people).filter(|&p| shares[p]).collect();
        let mut number = vec![usize::MAX; m.people];
        for (n, &p) in priced.iter().enumerate() {
            number[p] = n;
        }
        let mut owners = Vec::new();
        for (p, wishes) in lists.into_iter().enumerate().filter(|(_, wishes)| !wishes.is_empty()) {
            let slots: Vec<Vec<u16>> = wishes.iter().map(|&i| free(i as usize)).collect();
            owners.push(Owner::new(
                p,
                wishes,
                &slots,
                number[p],
                must[p],
                if enumerates_sessions { m.sessions } else { 0 },
            ));
        }
        let edges: usize = owners.iter().map(|owner| owner.edges.len()).sum();
        let is_wide = owners.iter().any(|owner| owner.columns > MOST_COLUMNS);
        if is_wide || edges > MOST_EDGES || priced.len() * m.slots > MOST_EDGES {
            return None;
        }
        let lure = (m.weight.iter().max().copied().unwrap_or(0).max(1) as f64 * 1024.0).log2().ceil().exp2();
        let room = (0..m.people).map(|p| m.max[p].saturating_sub(base[p]).min(m.own.get(p).len() as u32)).collect();
        let tables = (0..m.slots).map(|t| f64::from(m.tables[t].saturating_sub(load[t]))).collect();
        Some(Self {
            m,
            owners,
            priced,
            number,
            base,
            room,
            tables,
            enumerates_sessions,
            fixed_weight,
            fixed_kept,
            lure,
        })
    }

    pub(super) fn layout(&self) -> Layout {
        let slots = self.m.slots;
        let pi = self.priced.len();
        let tau = pi + self.priced.len() * slots;
        let sigma = tau + slots;
        let mu = sigma + self.m.sessions;
        Layout { slots, pi, tau, sigma, mu, length: mu + 3 }
    }

    /// The bound at these prices, its slopes and where it is reached. O(owners × assignment × patterns).
    pub(super) fn evaluate(&self, aim: &Aim, prices: &Prices, desk: &mut Desk, answer: &mut Answer) {
        let (layout, x) = (self.layout(), &prices.all);
        answer.slope.clear();
        answer.slope.resize(layout.length, 0.0);
        answer.parts.clear();
        answer.chosen.resize(self.owners.len(), Vec::new());
        answer.value = self.fixed_part(aim, x, &layout, &mut answer.slope);
        for (n, _) in self.owners.iter().enumerate() {
            self.owner_part(n, aim, x, &layout, desk, answer);
        }
        for (n, &c) in self.priced.iter().enumerate() {
            answer.value += self.priced_part(n, c, x, &layout, &mut answer.slope);
        }
    }

    fn fixed_part(&self, aim: &Aim, x: &[f64], layout: &Layout, slope: &mut [f64]) -> f64 {
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

    /// What each edge of an owner is worth at these prices.
    pub(super) fn values(&self, owner: &Owner, aim: &Aim, x: &[f64], layout: &Layout, values: &mut Vec<f64>) {
        values.clear();
        for (row, &wish) in owner.wishes.iter().enumerate() {
            let wish = wish as usize;
            let c = self.number[self.m.other(wish, owner.p)];
            let mut plain = aim.weight * self.m.weight[wish] as f64 - x[c];
            if owner.priced != usize::MAX {
                plain -= x[owner.priced];
            }
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

    fn owner_slopes(&self, owner: &Owner, pattern: u32, chosen: &[u32], layout: &Layout, slope: &mut [f64]) {
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
    fn priced_part(&self, n: usize, c: usize, x: &[f64], layout: &Layout, slope: &mut [f64]) -> f64 {
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
        if owner.priced == usize::MAX {
            self.steps(owner.p, x, layout, &mut desk.steps);
        } else {
            desk.steps.clear();
            desk.steps.resize(self.room[owner.p] as usize, 0.0);
        }
    }

    /// How many of the first prices may be of either sign: those of the numbers of meetings.
    pub(super) fn free_prices(&self) -> usize {
        self.priced.len()
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

//! Tries every timetable that could be better than the best: for small days, and for the few possibilities that a bound
//! leaves of a large one.

use super::anneal::Best;
use super::evaluate::Desk;
use super::instance::Mode;
use super::model::{Model, NO_SLOT};
use super::relaxation::{Aim, Prices, Relaxation};
use super::state::State;

/// Days of at most so many wishes are searched through at once.
pub(super) const MOST_WISHES: usize = 14;
/// Nodes after which a first attempt is given up.
pub(super) const FEW_NODES: u64 = 200_000;

/// What leaves out most: a relaxation of the weight, closed to what cannot be in a timetable at least as good.
pub(super) struct Guide<'m> {
    pub(super) relaxation: Relaxation<'m>,
    pub(super) aim: Aim,
    pub(super) prices: Prices,
    /// The bound at these prices.
    pub(super) value: f64,
}

/// A wish and the slots in which it may be held.
type Choice = (usize, Vec<u16>);

struct Exact<'s, 'm> {
    m: &'m Model,
    state: State<'m>,
    best: &'s mut Best,
    guide: Option<Guide<'m>>,
    /// The guide's part and row of each wish.
    seat: Vec<(u32, u32)>,
    parts: Vec<f64>,
    desk: Desk,
    /// Like `Model::words`: bits of the slots in which a participant may still get a meeting.
    maybe: Vec<u64>,
    /// Wishes in the order in which they are decided, and their slots.
    order: Vec<Choice>,
    /// Sum of the weights from each position of the order on.
    rest: Vec<i64>,
    /// P: undecided wishes.
    open: Vec<u32>,
    nodes: u64,
    limit: u64,
    stop: &'s mut dyn FnMut() -> bool,
}

/// True: every timetable better than `best` was looked at, `best` is the best. False: given up after `limit` nodes.
pub(super) fn search<'m>(
    m: &'m Model,
    guide: Option<Guide<'m>>,
    best: &mut Best,
    limit: u64,
    stop: &mut dyn FnMut() -> bool,
) -> bool {
    let state = State::new(m);
    let (order, seat) = order(m, guide.as_ref());
    let mut rest = vec![0; order.len() + 1];
    for k in (0..order.len()).rev() {
        rest[k] = rest[k + 1] + m.weight[order[k].0];
    }
    let maybe = maybe(m, &order);
    let mut open = vec![0; m.people];
    order.iter().flat_map(|(i, _)| m.ends[*i]).for_each(|p| open[p as usize] += 1);
    let mut desk = Desk::default();
    let parts = guide.iter().flat_map(|g| {
        (0..g.relaxation.owners.len()).map(|n| g.relaxation.part(n, &g.aim, &g.prices, &mut desk)).collect::<Vec<_>>()
    });
    let parts = parts.collect();
    let mut exact = Exact { m, state, best, guide, seat, parts, desk, maybe, order, rest, open, nodes: 0, limit, stop };
    exact.dive(0)
}

/// The wishes to decide, in order, with their slots; per wish the guide's owner and row.
fn order(m: &Model, guide: Option<&Guide<'_>>) -> (Vec<Choice>, Vec<(u32, u32)>) {
    let mut order = Vec::new();
    let mut seat = vec![(u32::MAX, 0); m.wishes];
    if let Some(guide) = guide {
        for (n, owner) in guide.relaxation.owners.iter().enumerate() {
            for (row, &wish) in owner.wishes.iter().enumerate() {
                seat[wish as usize] = (n as u32, row as u32);
                let open = (owner.start[row]..owner.start[row + 1]).filter(|&e| !owner.closed[e as usize]);
                let slots: Vec<u16> = open.map(|e| owner.edges[e as usize].1).collect();
                if !slots.is_empty() {
                    order.push((wish as usize, slots));
                }
            }
        }
    } else {
        let movable = (0..m.wishes).filter(|&i| !m.is_fixed(i) && !m.options.get(i).is_empty());
        order.extend(movable.map(|i| (i, m.options.get(i).to_vec())));
    }
    // Where all must be held, what has fewest slots fails first.
    let weight = |i: usize| if m.mode == Mode::All { 0 } else { m.weight[i] };
    order.sort_by_key(|(i, slots)| (std::cmp::Reverse(weight(*i)), slots.len(), *i));
    (order, seat)
}

impl Exact<'_, '_> {
    fn dive(&mut self, k: usize) -> bool {
        self.nodes += 1;
        if self.nodes > self.limit || (self.nodes.is_multiple_of(64) && (self.stop)()) {
            return false;
        }
        if self.optimistic(k) >= self.best.key {
            return true;
        }
        let Some((wish, slots)) = self.order.get(k).cloned() else {
            self.best.offer(&self.state);
            return true;
        };
        let ends = self.m.ends[wish].map(|p| p as usize);
        for p in ends {
            self.open[p] -= 1;
        }
        let mut complete = true;
        for &t in &slots {
            if !self.state.fits(wish, t) {
                continue;
            }
            let Some(saved) = self.decide(wish, Some(t)) else { continue };
            self.state.put(wish, t);
            complete &= self.dive(k + 1);
            self.state.take(wish);
            self.state.commit();
            self.restore(wish, saved);
            if !complete {
                break;
            }
        }
        if complete
            && self.m.mode != Mode::All
            && let Some(saved) = self.decide(wish, None)
        {
            complete = self.dive(k + 1);
            self.restore(wish, saved);
        }
        for p in ends {
            self.open[p] += 1;
        }
        complete
    }

    /// Tells the guide. `None`: with this decision nothing is as good as the best.
    fn decide(&mut self, wish: usize, slot: Option<u16>) -> Option<Saved> {
        let Some(guide) = &mut self.guide else { return Some(Saved::default()) };
        let (n, row) = self.seat[wish];
        let (n, row) = (n as usize, row as usize);
        let owner = &mut guide.relaxation.owners[n];
        let saved = Saved { value: guide.value, part: self.parts[n], forced: owner.forced[row], closed: Vec::new() };
        let range = owner.start[row] as usize..owner.start[row + 1] as usize;
        let saved = Saved { closed: owner.closed[range.clone()].to_vec(), ..saved };
        match slot {
            Some(t) => {
                let edge = range.clone().find(|&e| owner.edges[e].1 == t);
                owner.forced[row] = edge.map_or(u32::MAX, |e| e as u32);
            }
            None => owner.closed[range].fill(true),
        }
        let part = guide.relaxation.part(n, &guide.aim, &guide.prices, &mut self.desk);
        guide.value += part - self.parts[n];
        self.parts[n] = part;
        // Better in a figure before the weight cannot be, they are proven; lighter is worse.
        if guide.value.floor() < -(self.best.key[5] as f64) || !guide.value.is_finite() {
            self.restore(wish, saved);
            return None;
        }
        Some(saved)
    }

    fn restore(&mut self, wish: usize, saved: Saved) {
        let Some(guide) = &mut self.guide else { return };
        let (n, row) = self.seat[wish];
        let owner = &mut guide.relaxation.owners[n as usize];
        guide.value = saved.value;
        self.parts[n as usize] = saved.part;
        owner.forced[row as usize] = saved.forced;
        let range = owner.start[row as usize] as usize..owner.start[row as usize + 1] as usize;
        owner.closed[range].copy_from_slice(&saved.closed);
    }

    /// No timetable below this node has a smaller key.
    fn optimistic(&self, k: usize) -> [i64; 7] {
        let m = self.m;
        let missing =
            if m.mode == Mode::All { (m.wishes - self.state.held - (self.order.len() - k)) as i64 } else { 0 };
        let mut figures = self.state.figures;
        figures.gaps = self.least_waits();
        figures.weight += self.rest[k];
        if let Some(guide) = &self.guide {
            figures.weight = figures.weight.min(guide.value.floor() as i64);
        }
        figures.empty = 0;
        figures.shortfall = 0;
        for p in 0..m.people {
            let most = (self.state.degree[p] + self.open[p]).min(m.max[p]);
            let lacks = i64::from(m.need[p].saturating_sub(most));
            figures.empty += i64::from(m.need[p] > 0 && most == 0);
            figures.shortfall += lacks * (lacks + 1) / 2;
        }
        if m.mode == Mode::Repair {
            let later = &self.order[k..];
            figures.changes -= later.iter().filter(|(i, _)| m.planned[*i] != NO_SLOT).count() as i64;
        }
        let [empty, shortfall, changes, lightness, gaps] = figures.key(m.mode);
        [missing, 0, empty, shortfall, changes, lightness, gaps]
    }

    /// What the waits cost at least: slots between two meetings that nothing can fill any more.
    fn least_waits(&self) -> i64 {
        let m = self.m;
        let mut least = 0;
        for p in 0..m.people {
            if self.state.waits_of(p) == 0 {
                continue;
            }
            for s in 0..m.sessions {
                let (from, to) = (m.words[p * m.sessions + s] as usize, m.words[p * m.sessions + s + 1] as usize);
                let [held] = self.state.session_bits(p, s) else { continue };
                if to != from + 1 || *held == 0 {
                    continue;
                }
                let span = (u64::MAX << held.trailing_zeros()) & (u64::MAX >> held.leading_zeros());
                let idle = span & !held & !self.maybe[from];
                if idle != 0 {
                    least += m.run_cost + m.slot_cost * i64::from(idle.count_ones());
                }
            }
        }
        least
    }
}

fn maybe(m: &Model, order: &[Choice]) -> Vec<u64> {
    let mut bits = vec![0u64; m.words.last().map_or(0, |&n| n as usize)];
    for (wish, slots) in order {
        for (&t, p) in slots.iter().flat_map(|t| m.ends[*wish].map(|p| (t, p as usize))) {
            let at = p * m.sessions + usize::from(m.session_of[usize::from(t)]);
            let place = usize::from(m.place[p * m.slots + usize::from(t)]);
            bits[m.words[at] as usize + place / 64] |= 1 << (place % 64);
        }
    }
    bits
}

#[derive(Default)]
struct Saved {
    value: f64,
    part: f64,
    forced: u32,
    closed: Vec<bool>,
}

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

use super::model::Model;
use super::owner::{Owner, owners};

/// Of more sessions than this the patterns are not enumerated; the seats then bind through the tables only.
const MOST_SESSIONS: usize = 4;
/// Owners with more slots than this are too wide for dense assignments.
const MOST_COLUMNS: usize = 512;
/// More edges or prices than this do not fit the time of any search.
const MOST_EDGES: usize = 3_000_000;
/// Sums up to this are exact multiples of a power of two that is 1 at most.
const EXACT: f64 = (1u64 << 50) as f64;

/// What is maximised, as a sum of figures, and what is known of those before it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Aim {
    /// 1 where the weight is maximised, else 0.
    pub(super) weight: f64,
    /// Proven best values of empty, shortfall, changes, which the price of the same figure refers to.
    pub(super) known: [i64; 3],
    /// Price of each, at first.
    pub(super) price: [f64; 3],
    /// Does its price move with the others?
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
    pub(super) base: Vec<u32>,
    /// P: most meetings besides.
    pub(super) room: Vec<u32>,
    pub(super) tables: Vec<f64>,
    pub(super) enumerates_sessions: bool,
    /// Does it matter in which slot a meeting is?
    pub(super) has_slots: bool,
    /// Sum of the weights of what is fixed; how many of them keep their planned slot.
    pub(super) fixed_weight: f64,
    pub(super) fixed_kept: f64,
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

impl<'m> Relaxation<'m> {
    /// Absent: the day is too wide for it, or its weights too heavy for exact sums.
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
        let room = room(m, &base, &taken);
        let tables = (0..m.slots).map(|t| f64::from(m.tables[t].saturating_sub(load[t]))).collect();
        let relaxation = Self {
            m,
            owners,
            priced,
            number,
            base,
            room,
            tables,
            enumerates_sessions,
            has_slots: true,
            fixed_weight,
            fixed_kept,
            lure,
        };
        let heaviest = m.weight.iter().max().copied().unwrap_or(0) as f64;
        (relaxation.size(heaviest * 3.0) <= EXACT).then_some(relaxation)
    }

    /// No sum is larger where the prices of what is unfair or changed are at most `price`: a price never exceeds a few
    /// times the largest value, and each is paid at most once per participant and slot.
    pub(super) fn size(&self, price: f64) -> f64 {
        let total: f64 = self.m.weight.iter().map(|&w| w as f64).sum();
        (self.m.people * (self.m.slots + 8)) as f64 * price.max(1.0) + total * 8.0 + self.lure * self.m.wishes as f64
    }

    pub(super) fn layout(&self) -> Layout {
        let slots = self.m.slots;
        let pi = self.priced.len();
        let tau = pi + self.priced.len() * slots;
        let sigma = tau + slots;
        let mu = sigma + self.m.sessions;
        Layout { slots, pi, tau, sigma, mu, length: mu + 3 }
    }

    /// How many of the first prices may be of either sign: those of the numbers of meetings.
    pub(super) fn free_prices(&self) -> usize {
        self.priced.len()
    }
}

/// P: most meetings besides what is fixed, as many as there are wishes and free slots to hold them in.
fn room(m: &Model, base: &[u32], taken: &[bool]) -> Vec<u32> {
    let mut room = Vec::with_capacity(m.people);
    for p in 0..m.people {
        let mut usable = taken[p * m.slots..(p + 1) * m.slots].to_vec();
        let own = m.own.get(p).iter().filter(|&&i| !m.is_fixed(i as usize));
        let mut slots = 0;
        for &t in own.clone().flat_map(|&i| m.options.get(i as usize)) {
            slots += u32::from(!std::mem::replace(&mut usable[usize::from(t)], true));
        }
        room.push(m.max[p].saturating_sub(base[p]).min(own.count() as u32).min(slots));
    }
    room
}

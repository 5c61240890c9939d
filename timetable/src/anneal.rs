//! Simulated annealing over the steps of `moves`: wishes come in with ejections, slots are exchanged along Kempe chains.

use super::instance::Mode;
use super::model::NO_SLOT;
use super::moves::{self, Scratch};
use super::random::Random;
use super::state::State;

/// How one run goes: from `hot` to `cold` (in units of weight price) over `moves` steps.
#[derive(Clone, Copy, Debug)]
pub(super) struct Schedule {
    pub(super) moves: u64,
    pub(super) hot: f64,
    pub(super) cold: f64,
    /// What one unit of `gaps` costs, in units of weight.
    pub(super) gap_price: f64,
    /// Share of the steps that look at somebody who waits.
    pub(super) patience: f64,
    /// What one unit of shortfall costs.
    pub(super) unfair_price: f64,
    /// What one change of the previous timetable costs.
    pub(super) change_price: f64,
}

/// The best timetable so far.
#[derive(Clone, Debug)]
pub(super) struct Best {
    pub(super) slots: Vec<u16>,
    pub(super) key: [i64; 7],
}

impl Best {
    pub(super) fn of(state: &State<'_>) -> Self {
        Self { slots: state.slot_of.clone(), key: state.key() }
    }

    /// Keeps what is better. Gives whether it was.
    pub(super) fn offer(&mut self, state: &State<'_>) -> bool {
        let key = state.key();
        let better = key < self.key;
        if better {
            self.slots.clone_from(&state.slot_of);
            self.key = key;
        }
        better
    }
}

fn cost(state: &State<'_>, s: &Schedule) -> f64 {
    let f = &state.figures;
    let fair = (f.empty * 3 + f.shortfall) as f64 * s.unfair_price;
    let waits = f.gaps as f64 * s.gap_price + state.excess as f64 * s.unfair_price;
    match state.m.mode {
        Mode::Choose => fair + waits - f.weight as f64,
        Mode::Repair => fair + waits - f.weight as f64 + f.changes as f64 * s.change_price,
        Mode::All => waits - state.held as f64 * s.unfair_price,
    }
}

/// One run. `best` keeps the best met; every 256 steps `stop` is asked with what `best` is. Gives the number of steps made.
pub(super) fn run(
    state: &mut State<'_>,
    best: &mut Best,
    random: &mut Random,
    schedule: &Schedule,
    stop: &mut dyn FnMut(&Best, u64) -> bool,
) -> u64 {
    let m = state.m;
    let movable: Vec<u32> =
        (0..m.wishes as u32).filter(|&i| !m.is_fixed(i as usize) && !m.options.get(i as usize).is_empty()).collect();
    if movable.is_empty() {
        return 0;
    }
    let mut scratch = Scratch::new(m.wishes);
    let mut now = cost(state, schedule);
    let mut least = now;
    let mut heat = schedule.hot;
    state.commit();
    for step in 0..schedule.moves {
        if step % 256 == 0 {
            if stop(best, step) {
                return step;
            }
            let done = step as f64 / schedule.moves as f64;
            heat = schedule.hot * (schedule.cold / schedule.hot).powf(done);
        }
        if !one(state, &mut scratch, random, &movable, schedule) {
            state.undo();
            continue;
        }
        let next = cost(state, schedule);
        let accepted = next <= now || next - now < -heat * random.unit().ln();
        if !accepted {
            state.undo();
            continue;
        }
        state.commit();
        now = next;
        if now <= least + 1e-9 {
            least = least.min(now);
            best.offer(state);
        }
    }
    stop(best, schedule.moves);
    schedule.moves
}

/// One step, chosen at random. False: it came to nothing.
fn one(
    state: &mut State<'_>,
    scratch: &mut Scratch,
    random: &mut Random,
    movable: &[u32],
    schedule: &Schedule,
) -> bool {
    let m = state.m;
    if random.unit() < schedule.patience {
        let waiters = state.waiters();
        if !waiters.is_empty() {
            let p = waiters[random.below(waiters.len())] as usize;
            if let Some((wish, t)) = moves::waiting(state, random, p) {
                return moves::exchange(state, scratch, random, wish, t);
            }
        }
    }
    let wish = movable[random.below(movable.len())] as usize;
    let held = state.slot_of[wish] != NO_SLOT;
    let options = m.options.get(wish);
    if !held {
        let t = options[random.below(options.len())];
        return moves::insert(state, scratch, random, wish, t);
    }
    match random.below(8) {
        0 => {
            let t = options[random.below(options.len())];
            moves::insert(state, scratch, random, wish, t)
        }
        1..4 => {
            let t = options[random.below(options.len())];
            moves::exchange(state, scratch, random, wish, t)
        }
        _ => {
            let end = m.ends[wish][random.below(2)] as usize;
            let waits = state.waits_of(end) > 0;
            let mended = waits.then(|| moves::waiting(state, random, end)).flatten();
            let (wish, t) = mended.unwrap_or_else(|| (wish, options[random.below(options.len())]));
            moves::exchange(state, scratch, random, wish, t)
        }
    }
}

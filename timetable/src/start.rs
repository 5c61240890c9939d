//! Where searches begin.

use super::model::{Lists, Model, NO_SLOT};
use super::moves;
use super::random::Random;
use super::relaxation::Relaxation;
use super::state::State;

/// The same day with what the relaxation closed, or hardly ever uses, left out.
pub(super) fn reduced(m: &Model, narrow: &Relaxation<'_>, usage: &[Vec<f64>]) -> Model {
    let mut options: Vec<Vec<u16>> = vec![Vec::new(); m.wishes];
    for i in (0..m.wishes).filter(|&i| m.is_fixed(i)) {
        options[i] = m.options.get(i).to_vec();
    }
    for (owner, usage) in narrow.owners.iter().zip(usage) {
        for (row, &wish) in owner.wishes.iter().enumerate() {
            let open = owner.start[row]..owner.start[row + 1];
            if usage[open.start as usize..open.end as usize].iter().sum::<f64>() < 0.02 {
                continue;
            }
            let open = open.filter(|&edge| !owner.closed[edge as usize] && narrow.may_sit(owner, edge as usize));
            options[wish as usize] = open.map(|edge| owner.edges[edge as usize].1).collect();
        }
    }
    Model { options: Lists::new(options), ..m.clone() }
}

/// Fills a timetable: what is planned first, then the heaviest wishes of those who have least.
pub(super) fn greedy(state: &mut State<'_>, random: &mut Random) {
    let m = state.m;
    for i in 0..m.wishes {
        if m.planned[i] != NO_SLOT && state.slot_of[i] == NO_SLOT && state.fits(i, m.planned[i]) {
            state.put(i, m.planned[i]);
        }
    }
    let mut order: Vec<u32> = (0..m.wishes as u32).filter(|&i| state.slot_of[i as usize] == NO_SLOT).collect();
    order.sort_by_key(|&i| std::cmp::Reverse(m.weight[i as usize]));
    let mut free = Vec::new();
    for promised in [true, false] {
        for &i in &order {
            let wish = i as usize;
            let lacks = m.ends[wish].iter().any(|&p| state.degree[p as usize] < m.need[p as usize]);
            if state.slot_of[wish] == NO_SLOT && (lacks || !promised) {
                moves::place(state, &mut free, random, wish);
            }
        }
    }
    state.commit();
}

/// A timetable that takes the wishes in the order of `wanted`, the largest first.
pub(super) fn most_wanted<'m>(m: &'m Model, wanted: &[f64], random: &mut Random) -> State<'m> {
    let mut state = State::new(m);
    let mut order: Vec<u32> = (0..m.wishes as u32).collect();
    order.sort_by(|x, y| wanted[*y as usize].total_cmp(&wanted[*x as usize]).then(x.cmp(y)));
    let mut free = Vec::new();
    for &i in &order {
        if state.slot_of[i as usize] == NO_SLOT {
            moves::place(&mut state, &mut free, random, i as usize);
        }
    }
    state.commit();
    state
}

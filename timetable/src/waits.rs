//! Waits that a participant cannot avoid whatever the others do.

use super::model::Model;
use super::possible::most_slots;

/// More ways to wait nowhere than this are not tried for one participant, and for all together.
const MOST_PATTERNS: usize = 20_000;
const MOST_OF_ALL: usize = 400_000;
/// Days of more sessions are not looked at.
const MOST_SESSIONS: usize = 64;

/// In mode `all` everybody's meetings are known: a lower bound of `gaps`. A participant whose meetings fit no set of slots
/// without a wait, one unbroken run at most in each session, has one wait of one slot at least.
pub(super) fn forced(m: &Model) -> i64 {
    if m.sessions > MOST_SESSIONS {
        return 0;
    }
    let mut owner = vec![u32::MAX; m.slots];
    let mut left = MOST_OF_ALL;
    (0..m.people).filter(|&p| must_wait(m, p, &mut owner, &mut left)).count() as i64 * (m.run_cost + m.slot_cost)
}

fn must_wait(m: &Model, p: usize, owner: &mut [u32], left: &mut usize) -> bool {
    let own: Vec<&[u16]> = m.own.get(p).iter().map(|&i| m.options.get(i as usize)).collect();
    if own.len() < 2 || *left == 0 {
        return false;
    }
    let mut usable = vec![false; m.slots];
    own.iter().flat_map(|slots| slots.iter()).for_each(|&t| usable[usize::from(t)] = true);
    let mut there: Vec<Vec<u16>> = vec![Vec::new(); m.sessions];
    for t in (0..m.slots).filter(|&t| m.place[p * m.slots + t] != super::model::NO_SLOT) {
        there[usize::from(m.session_of[t])].push(t as u16);
    }
    let mut tries = 0;
    let mut chosen = vec![false; m.slots];
    let fits = try_sessions(&there, own.len(), &usable, &mut chosen, &mut tries, &mut |chosen| {
        let kept: Vec<Vec<u16>> =
            own.iter().map(|slots| slots.iter().copied().filter(|&t| chosen[usize::from(t)]).collect()).collect();
        let kept: Vec<&[u16]> = kept.iter().map(Vec::as_slice).collect();
        most_slots(&kept, owner) == kept.len()
    });
    *left = left.saturating_sub(tries);
    !fits && tries < MOST_PATTERNS
}

/// Chooses a run in each session, `left` slots in all, and asks `fits`. True where it does, or where there are too many.
fn try_sessions(
    there: &[Vec<u16>],
    left: usize,
    usable: &[bool],
    chosen: &mut Vec<bool>,
    tries: &mut usize,
    fits: &mut dyn FnMut(&[bool]) -> bool,
) -> bool {
    *tries += 1;
    if *tries >= MOST_PATTERNS {
        return true;
    }
    let Some((first, rest)) = there.split_first() else { return left == 0 && fits(chosen) };
    if left > there.iter().map(Vec::len).sum() {
        return false;
    }
    if try_sessions(rest, left, usable, chosen, tries, fits) {
        return true;
    }
    for start in 0..first.len() {
        for (length, &t) in first[start..].iter().take(left).enumerate() {
            let t = usize::from(t);
            if !usable[t] {
                break;
            }
            chosen[t] = true;
            if try_sessions(rest, left - (length + 1), usable, chosen, tries, fits) {
                return true;
            }
        }
        for &t in first {
            chosen[usize::from(t)] = false;
        }
    }
    false
}

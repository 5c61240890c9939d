//! Two or three ways to mend a timetable, for an organiser to choose from: what each gains, and whom it disturbs.

use std::collections::BTreeSet;

use super::answer::{Answer, answer};
use super::checker::{self, Timetable};
use super::effort::Effort;
use super::figures::Figures;
use super::instance::{Instance, Mode};
use super::possible::may_hold;

/// How much may move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Everything that still can be held stays where it is; only free places are filled.
    NothingMoves,
    /// What would leave somebody without a promised meeting may move, as little as possible.
    FewChanges,
    /// Everything to come is planned anew.
    Anew,
}

/// A way to mend the timetable.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// How much may move.
    pub manner: Manner,
    /// The timetable, one of the day to be mended.
    pub timetable: Timetable,
    /// What it is worth, changes included.
    pub figures: Figures,
    /// Participants with a planned meeting that is moved or dropped.
    pub disturbed: usize,
    /// Is it the best of its manner?
    pub optimal: bool,
}

/// The ways to mend `day`, which is in mode `repair`, those that come to the same left out; fewest changes first. Empty
/// where none was found. The time left is shared among them; the work of `effort` is spent on
/// each.
#[must_use]
pub fn proposals(day: &Instance, seed: u64, effort: &Effort<'_>) -> Vec<Proposal> {
    let mut found: Vec<Proposal> = Vec::new();
    let manners = [Manner::NothingMoves, Manner::FewChanges, Manner::Anew];
    for (n, manner) in manners.into_iter().enumerate() {
        let now = (effort.seconds)();
        let share = |end: f64| now + (end - now) / (manners.len() - n) as f64;
        let effort = &Effort { deadline: effort.deadline.map(share), ..*effort };
        let Answer::Timetable { timetable, optimal, .. } = answer(&asked(day, manner), seed, 1, effort) else {
            continue;
        };
        // Every manner only asks for more than the day to be mended does, so its timetables are timetables of that day.
        let Ok(timetable) = Timetable::checked(day, timetable.meetings().to_vec()) else { continue };
        let figures = checker::figures(day, timetable.meetings());
        if found.iter().all(|known| known.figures != figures) {
            let disturbed = disturbed(day, &timetable);
            found.push(Proposal { manner, timetable, figures, disturbed, optimal });
        }
    }
    found.sort_by_key(|proposal| (proposal.figures.changes, proposal.disturbed));
    found
}

/// The day as each manner asks for it.
fn asked(day: &Instance, manner: Manner) -> Instance {
    let mut asked = day.clone();
    let Some(previous) = &day.previous else { return asked };
    match manner {
        Manner::FewChanges => {}
        Manner::NothingMoves => {
            let possible = previous.meetings.iter().filter(|(wish, slot)| may_hold(day, *wish, *slot, day.frozen()));
            let known: BTreeSet<usize> = day.pinned.iter().map(|pin| pin.0).collect();
            asked.pinned.extend(possible.filter(|(wish, _)| !known.contains(wish)));
        }
        Manner::Anew => {
            let past: BTreeSet<(usize, usize)> =
                previous.meetings.iter().copied().filter(|(_, slot)| *slot < day.frozen()).collect();
            for (wish, pair) in asked.wishes.iter_mut().enumerate() {
                if past.iter().all(|meeting| meeting.0 != wish) {
                    let to_come = day.frozen()..day.slots();
                    let allowed = |t: &usize| pair.slots.as_ref().is_none_or(|slots| slots.contains(t));
                    pair.slots = Some(to_come.filter(allowed).collect());
                }
            }
            asked.pinned.extend(past);
            asked.mode = Mode::Choose;
            asked.previous = None;
        }
    }
    asked
}

fn disturbed(day: &Instance, timetable: &Timetable) -> usize {
    let planned = day.previous.iter().flat_map(|previous| &previous.meetings);
    let changed = planned.filter(|m| m.1 >= day.frozen() && timetable.meetings().binary_search(m).is_err());
    let pairs = changed.filter_map(|m| day.wishes.get(m.0)).flat_map(|wish| [wish.a, wish.b]);
    pairs.collect::<BTreeSet<usize>>().len()
}

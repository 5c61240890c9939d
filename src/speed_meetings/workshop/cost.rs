//! What a change costs and gains, before it is done: pure.

use std::collections::{BTreeMap, BTreeSet};

use super::board::{Board, Placed};
use super::trouble::troubles;
use crate::speed_meetings::meeting::Seat;

/// One line of what a change does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Effect {
    /// Whether it is for the worse.
    pub(super) is_worse: bool,
    /// « Collège X attendra un créneau de plus. »
    pub(super) sentence: String,
}

/// What a timetable is worth, in few figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Worth {
    /// Appointments.
    pub(super) held: usize,
    /// Wishes held, counted at both ends.
    pub(super) wishes: usize,
    /// Slots waited between two appointments of a session, by all.
    pub(super) waits: usize,
    /// Participants with less than was promised.
    pub(super) short: usize,
    /// Conflicts.
    pub(super) troubles: usize,
}

impl Worth {
    /// Of the timetable.
    pub(super) fn of(board: &Board, placed: &[Placed]) -> Self {
        let (held, waits) = (held(placed), waits(board, placed));
        let is_short = |id: &&i64| held.get(*id).copied().unwrap_or_default() < board.promised(**id);
        let ranks = |(meeting, _): &Placed| {
            let (canteen, supplier) = meeting.pair();
            let both = [board.rank(canteen, supplier), board.rank(supplier, canteen)];
            both.into_iter().flatten().count()
        };
        Self {
            held: placed.len(),
            wishes: placed.iter().map(ranks).sum(),
            waits: waits.values().sum(),
            short: board.guests.keys().filter(is_short).count(),
            troubles: troubles(board, placed).len(),
        }
    }

    /// Each figure with its name.
    pub(super) fn named(&self) -> [(&'static str, usize); 5] {
        [
            ("Rendez-vous", self.held),
            ("Souhaits tenus", self.wishes),
            ("Créneaux d’attente", self.waits),
            ("Participants en dessous de la promesse", self.short),
            ("Conflits", self.troubles),
        ]
    }
}

/// Appointments of each participant.
pub(super) fn held(placed: &[Placed]) -> BTreeMap<i64, usize> {
    let mut held = BTreeMap::new();
    for (meeting, _) in placed {
        *held.entry(meeting.canteen.participant).or_default() += 1;
        *held.entry(meeting.supplier.participant).or_default() += 1;
    }
    held
}

/// Slots that each participant is in the room and idle between two appointments of one session.
pub(super) fn waits(board: &Board, placed: &[Placed]) -> BTreeMap<i64, usize> {
    let mut slots: BTreeMap<(Seat, usize), BTreeSet<i32>> = BTreeMap::new();
    for (meeting, _) in placed {
        for seat in [meeting.canteen, meeting.supplier] {
            slots.entry((seat, board.session_of(meeting.slot))).or_default().insert(meeting.slot);
        }
    }
    let mut waits = BTreeMap::new();
    for ((seat, _), slots) in slots {
        let (Some(first), Some(last)) = (slots.first(), slots.last()) else { continue };
        let idle = |slot: &i32| !slots.contains(slot) && board.is_there(seat.participant, *slot);
        *waits.entry(seat.participant).or_default() += (*first..=*last).filter(idle).count();
    }
    waits
}

/// What lies between two timetables, the worse first.
pub(super) fn effects(board: &Board, before: &[Placed], after: &[Placed]) -> Vec<Effect> {
    let mut effects = Vec::new();
    conflicts(board, before, after, &mut effects);
    let (had, has) = (held(before), held(after));
    let (waited, waits) = (waits(board, before), waits(board, after));
    let of = |all: &BTreeMap<i64, usize>, id: i64| all.get(&id).copied().unwrap_or_default();
    for id in board.guests.keys().copied() {
        let (name, promised) = (board.name(id), board.promised(id));
        let (old, new) = (of(&had, id), of(&has, id));
        if old != new {
            let promise = if promised > 0 { format!(" ({promised} promis)") } else { String::new() };
            let sentence = format!("{name} aura {new}\u{a0}rendez-vous au lieu de {old}{promise}.");
            effects.push(Effect { is_worse: new < old, sentence });
        }
        let (old, new) = (of(&waited, id), of(&waits, id));
        if old != new {
            let (much, way) = (old.abs_diff(new), if new > old { "plus" } else { "moins" });
            let sentence = format!("{name} attendra {} de {way}.", slots(much));
            effects.push(Effect { is_worse: new > old, sentence });
        }
    }
    wishes(board, before, after, &mut effects);
    effects.sort_by_key(|effect| !effect.is_worse);
    effects
}

fn slots(count: usize) -> String {
    if count == 1 { "un créneau".to_owned() } else { format!("{count}\u{a0}créneaux") }
}

fn conflicts(board: &Board, before: &[Placed], after: &[Placed], effects: &mut Vec<Effect>) {
    let sentences =
        |placed| troubles(board, placed).into_iter().map(|trouble| trouble.sentence).collect::<BTreeSet<_>>();
    let (old, new) = (sentences(before), sentences(after));
    let worse = new.difference(&old).map(|sentence| Effect { is_worse: true, sentence: sentence.clone() });
    effects.extend(worse);
    let better = old.difference(&new);
    effects.extend(better.map(|sentence| Effect { is_worse: false, sentence: format!("Réglé\u{a0}: {sentence}") }));
}

fn wishes(board: &Board, before: &[Placed], after: &[Placed], effects: &mut Vec<Effect>) {
    let pairs = |placed: &[Placed]| placed.iter().map(|(meeting, _)| meeting.pair()).collect::<BTreeSet<_>>();
    let (old, new) = (pairs(before), pairs(after));
    let changed = old.difference(&new).map(|pair| (pair, true)).chain(new.difference(&old).map(|pair| (pair, false)));
    for ((canteen, supplier), is_worse) in changed {
        for (from, to) in [(canteen, supplier), (supplier, canteen)] {
            let Some(rank) = board.rank(*from, *to) else { continue };
            let then = if is_worse { "n’est plus tenu" } else { "est tenu" };
            let sentence = format!("Le choix n°\u{a0}{rank} de {} {then}.", board.name(*from));
            effects.push(Effect { is_worse, sentence });
        }
    }
}

//! Why a wish is not held: looked for in the rules first, then by a small search that holds it all the same and sees what
//! that costs.

use super::checker::{self, Timetable};
use super::effort::Effort;
use super::figures::Figures;
use super::instance::{Instance, Mode};
use super::possible::feasible_slots;
use super::refusal::refusals;
use super::solve::{Status, solve_from};

/// Steps of the small search, and of each of those that hold the wish in one slot.
const STEPS: u64 = 150_000;
const STEPS_IN_A_SLOT: u64 = 40_000;

/// Slots in which small searches hold the wish, one after the other.
const MOST_TRIED: usize = 6;

/// The true reason, and what would change it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhyNot {
    /// The wish.
    pub wish: usize,
    /// What stands against it.
    pub cause: Cause,
    /// In French, for those who wished it.
    pub text: String,
    /// What would make it possible, in French.
    pub changes: Vec<String>,
    /// Is it proven? Else it is as the best timetables found show it.
    pub proven: bool,
}

/// What stands against a wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The two are never in the room together.
    NeverTogether,
    /// They are, but not in a slot that is open and allowed.
    NoOpenSlot,
    /// This participant holds as many meetings as it wants or has slots for, all worth at least as much.
    Full(usize),
    /// Holding it costs others meetings: how many fewer there would be, and how much weight.
    Costs {
        /// Fewer meetings.
        meetings: i64,
        /// Less weight.
        weight: i64,
    },
    /// Holding it leaves somebody without what was promised.
    Unfair,
    /// It could be held at no cost: the timetable is not the best, or another is as good.
    Free,
    /// No timetable with it was found.
    NotFound,
}

/// Why `wish` is not held by `timetable`; absent where it is.
#[must_use]
pub fn why_not(day: &Instance, timetable: &Timetable, wish: usize) -> Option<WhyNot> {
    let pair = day.wishes.get(wish)?;
    if timetable.meetings().iter().any(|meeting| meeting.0 == wish) {
        return None;
    }
    let (a, b) = day.names(wish);
    let answer =
        |cause, text: String, changes: Vec<String>, proven| Some(WhyNot { wish, cause, text, changes, proven });
    let both = || day.participants[pair.a].available.intersection(&day.participants[pair.b].available);
    if both().next().is_none() {
        let text = format!("{a} et {b} n’étaient jamais là en même temps.");
        return answer(Cause::NeverTogether, text, vec!["que l’un des deux vienne plus longtemps".to_owned()], true);
    }
    let feasible = feasible_slots(day);
    if feasible[wish].is_empty() {
        let text = format!("{a} et {b} ne sont là ensemble qu’à des créneaux fermés ou déjà passés.");
        return answer(Cause::NoOpenSlot, text, vec!["ouvrir une table à l’un de ces créneaux".to_owned()], true);
    }
    let changes = changes(day, timetable, &feasible[wish], wish);
    if let Some((full, count)) = [pair.a, pair.b].into_iter().find_map(|p| full_of_better(day, timetable, p, wish)) {
        let id = &day.participants[full].id;
        let text = match count {
            0 => format!("{id} ne prend aucun rendez-vous."),
            1 => format!("{id} était complet\u{a0}: son seul rendez-vous est au moins aussi souhaité que celui-ci."),
            _ => format!(
                "{id} était complet\u{a0}: ses {count} rendez-vous sont tous au moins aussi souhaités que celui-ci."
            ),
        };
        return answer(Cause::Full(full), text, changes, true);
    }
    let unfair = format!("Réunir {a} et {b} priverait quelqu’un des rendez-vous qui lui sont promis.");
    let (figures, held, proven) = match hold_all_the_same(day, timetable, &feasible[wish], wish) {
        Held::At(figures, held, proven) => (figures, held, proven),
        Held::Unfair => return answer(Cause::Unfair, unfair, changes, true),
        Held::NotFound => {
            let text = format!("Aucun planning trouvé ne réunit {a} et {b} en tenant les rendez-vous imposés.");
            return answer(Cause::NotFound, text, changes, false);
        }
    };
    let now = timetable.figures();
    if (figures.empty, figures.shortfall) > (now.empty, now.shortfall) {
        return answer(Cause::Unfair, unfair, changes, proven);
    }
    if figures.key(day.mode) <= now.key(day.mode) {
        let text = format!("Réunir {a} et {b} est possible sans rien enlever à personne.");
        return answer(Cause::Free, text, vec!["refaire le planning".to_owned()], true);
    }
    let fewer = timetable.meetings().len() as i64 - held;
    let weight = now.weight - figures.weight;
    let text = match (fewer, proven) {
        (..=0, _) => {
            format!("Possible, mais à la place de rendez-vous plus souhaités ({weight} points de moins au total).")
        }
        // It takes the place of one, and of as many more as there are fewer.
        (_, true) => format!("Possible, mais coûterait {} rendez-vous à d’autres.", fewer + 1),
        (_, false) => format!("Possible, mais coûterait {} rendez-vous à d’autres, d’après nos essais.", fewer + 1),
    };
    answer(Cause::Costs { meetings: fewer, weight }, text, changes, proven)
}

/// What holding a wish all the same comes to.
enum Held {
    /// The best timetable found that holds it, its number of meetings, whether no better one does.
    At(Figures, i64, bool),
    /// Not without breaking a promise: proven.
    Unfair,
    NotFound,
}

fn hold_all_the_same(day: &Instance, timetable: &Timetable, slots: &[u16], wish: usize) -> Held {
    if day.mode == Mode::Choose {
        // Worth more than all others together: it is held unless somebody would be treated less fairly.
        let mut asked = day.clone();
        asked.wishes[wish].weight = 1 + day.wishes.iter().map(|w| w.weight).sum::<i64>();
        let outcome = solve_from(&asked, timetable.meetings(), 1, &effort(STEPS));
        let proven = outcome.status == Status::Optimal;
        if outcome.meetings.iter().any(|meeting| meeting.0 == wish) {
            let figures = checker::figures(day, &outcome.meetings);
            return Held::At(figures, outcome.meetings.len() as i64, proven);
        }
        if proven {
            return Held::Unfair;
        }
    }
    in_a_slot(day, timetable, slots, wish)
}

/// Holds the wish in one slot after the other.
fn in_a_slot(day: &Instance, timetable: &Timetable, slots: &[u16], wish: usize) -> Held {
    let mut best: Option<(Figures, i64)> = None;
    for &slot in slots.iter().take(MOST_TRIED) {
        let mut asked = day.clone();
        asked.pinned.push((wish, usize::from(slot)));
        if !refusals(&asked).is_empty() {
            continue;
        }
        let outcome = solve_from(&asked, timetable.meetings(), 1, &effort(STEPS_IN_A_SLOT));
        if !matches!(outcome.status, Status::Optimal | Status::Feasible) {
            continue;
        }
        let found = (checker::figures(day, &outcome.meetings), outcome.meetings.len() as i64);
        if best.is_none_or(|best| found.0.key(day.mode) < best.0.key(day.mode)) {
            best = Some(found);
        }
    }
    best.map_or(Held::NotFound, |(figures, held)| Held::At(figures, held, false))
}

fn effort(steps: u64) -> Effort<'static> {
    Effort { work: Some(steps), deadline: None, seconds: &|| 0.0, stop: &|| false, progress: &|_| () }
}

/// Where this participant holds as many meetings as it wants or has open slots for, each worth at least this wish: it,
/// and how many they are.
fn full_of_better(day: &Instance, timetable: &Timetable, p: usize, wish: usize) -> Option<(usize, usize)> {
    let mine = timetable.meetings().iter().map(|meeting| &day.wishes[meeting.0]).filter(|w| w.a == p || w.b == p);
    let weights: Vec<i64> = mine.map(|w| w.weight).collect();
    let person = &day.participants[p];
    let slots = person.available.iter().filter(|slot| day.tables[**slot] > 0).count();
    let is_full = weights.len() >= slots || weights.len() as u64 >= person.max;
    (is_full && weights.iter().all(|w| *w >= day.wishes[wish].weight)).then_some((p, weights.len()))
}

/// What by itself would let the two meet with nobody else moved.
fn changes(day: &Instance, timetable: &Timetable, slots: &[u16], wish: usize) -> Vec<String> {
    let pair = &day.wishes[wish];
    let at = |p: usize| -> Vec<usize> {
        let mine = timetable.meetings().iter().filter(|m| day.wishes[m.0].a == p || day.wishes[m.0].b == p);
        mine.map(|m| m.1).collect()
    };
    let (mine, theirs) = (at(pair.a), at(pair.b));
    let load = |slot: usize| timetable.meetings().iter().filter(|m| m.1 == slot).count() as u64;
    let free = slots.iter().map(|&t| usize::from(t)).filter(|t| !mine.contains(t) && !theirs.contains(t));
    let free: Vec<usize> = free.collect();
    let full: Vec<usize> = [(pair.a, mine.len()), (pair.b, theirs.len())]
        .into_iter()
        .filter(|(p, held)| *held as u64 >= day.participants[*p].max)
        .map(|(p, _)| p)
        .collect();
    let open = free.iter().copied().find(|&t| load(t) < day.tables[t]);
    let mut changes = Vec::new();
    match (open, free.first()) {
        (Some(t), _) if !full.is_empty() => {
            let who: Vec<&str> = full.iter().map(|&p| day.participants[p].id.as_str()).collect();
            let accept = if who.len() == 1 { "accepte" } else { "acceptent" };
            changes.push(format!("que {} {accept} un rendez-vous de plus, au créneau {}", who.join(" et "), t + 1));
        }
        (None, Some(t)) if full.is_empty() => changes.push(format!("une table de plus au créneau {}", t + 1)),
        (None, None) => changes.push("un créneau de plus où les deux soient libres".to_owned()),
        _ => {}
    }
    changes
}

//! Why a wish is not held: looked for in the rules first, then by a small search that holds it all the same and sees what
//! that costs.

use std::collections::BTreeSet;

use super::checker::{self, Timetable};
use super::effort::Effort;
use super::instance::{Instance, Mode, Wish};
use super::possible::feasible_slots;
use super::refusal::refusals;
use super::solve::{Outcome, Status, solve_from};

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
    /// They are, but not in a slot that is open, to come and allowed.
    NoOpenSlot,
    /// This participant holds as many meetings as it wants or has slots for, all worth at least as much.
    Full(usize),
    /// Holding it leaves somebody without what was promised.
    Unfair,
    /// What is fixed, the tables or an order leave it no place.
    Blocked,
    /// Holding it moves or drops meetings that were announced: how many more.
    Moves(i64),
    /// It takes the place of other meetings: how many fewer others have, and how much weight is lost.
    Costs {
        /// Fewer meetings of others.
        meetings: usize,
        /// Less weight; 0 where those are worth as much.
        weight: i64,
    },
    /// Holding it makes people wait longer.
    Waits,
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
    let feasible = feasible_slots(day);
    let answer = |cause, text, changes, proven| Some(WhyNot { wish, cause, text, changes, proven });
    if feasible[wish].is_empty() {
        let (cause, text, change) = apart(day, pair, a, b);
        return answer(cause, text, vec![change.to_owned()], true);
    }
    let changes = changes(day, timetable, &feasible[wish], wish);
    if let Some((full, count)) = [pair.a, pair.b].into_iter().find_map(|p| full_of_better(day, timetable, p, wish)) {
        let id = &day.participants[full].id;
        let text = match count {
            0 => format!("{id} ne prend aucun rendez-vous."),
            1 => format!("{id} n’avait plus de place\u{a0}: son seul rendez-vous est au moins aussi souhaité."),
            _ => {
                format!("{id} n’avait plus de place\u{a0}: ses {count} rendez-vous sont tous au moins aussi souhaités.")
            }
        };
        return answer(Cause::Full(full), text, changes, true);
    }
    match hold_all_the_same(day, timetable, &feasible[wish], wish) {
        Held::At(meetings, proven) => {
            let (cause, text) = price(day, timetable, &meetings, wish, proven);
            let changes = if cause == Cause::Free { vec!["refaire le planning".to_owned()] } else { changes };
            answer(cause, text, changes, proven || cause == Cause::Free)
        }
        Held::Unfair => answer(Cause::Unfair, unfair(day, wish), changes, true),
        Held::Blocked => {
            let text = format!(
                "Les rendez-vous déjà fixés, les tables ou l’ordre demandé ne laissent aucune place pour réunir {a} et {b}."
            );
            answer(Cause::Blocked, text, changes, true)
        }
        Held::NotFound => {
            let text = format!("Aucun planning trouvé ne réunit {a} et {b} avec les rendez-vous déjà fixés.");
            answer(Cause::NotFound, text, changes, false)
        }
    }
}

/// Why the two share no slot.
fn apart(day: &Instance, pair: &Wish, a: &str, b: &str) -> (Cause, String, &'static str) {
    let there = |p: usize| &day.participants[p].available;
    if let Some(p) = [pair.a, pair.b].into_iter().find(|&p| there(p).is_empty()) {
        let text = format!("{} est absent.", day.participants[p].id);
        return (Cause::NeverTogether, text, "que l’absent vienne");
    }
    let mut common = there(pair.a).intersection(there(pair.b)).copied().peekable();
    if common.peek().is_none() {
        let text = format!("{a} et {b} n’étaient jamais là en même temps.");
        return (Cause::NeverTogether, text, "que l’un des deux vienne plus longtemps");
    }
    let to_come: Vec<usize> = common.filter(|t| *t >= day.frozen()).collect();
    if to_come.is_empty() {
        let text = format!("{a} et {b} n’étaient là ensemble qu’à des créneaux déjà passés.");
        return (Cause::NoOpenSlot, text, "que l’un des deux reste plus longtemps");
    }
    if to_come.iter().any(|&t| day.tables[t] > 0) {
        let text = format!("Ce rendez-vous n’est permis qu’à des créneaux où {a} et {b} ne sont pas là ensemble.");
        return (Cause::NoOpenSlot, text, "permettre ce rendez-vous à d’autres créneaux");
    }
    let text = format!("{a} et {b} ne sont là ensemble qu’à des créneaux sans table.");
    (Cause::NoOpenSlot, text, "ouvrir une table à l’un de ces créneaux")
}

fn unfair(day: &Instance, wish: usize) -> String {
    let (a, b) = day.names(wish);
    format!("Réunir {a} et {b} priverait quelqu’un des rendez-vous qui lui sont promis.")
}

/// What holding the wish costs, by the first figure that differs.
fn price(day: &Instance, now: &Timetable, instead: &[(usize, usize)], wish: usize, proven: bool) -> (Cause, String) {
    let (figures, before) = (checker::figures(day, instead), now.figures());
    let held: BTreeSet<usize> = instead.iter().map(|meeting| meeting.0).collect();
    let lost: Vec<usize> = now.meetings().iter().map(|meeting| meeting.0).filter(|w| !held.contains(w)).collect();
    let tried = if proven { "" } else { ", d’après nos essais" };
    if (figures.empty, figures.shortfall) > (before.empty, before.shortfall) {
        return (Cause::Unfair, unfair(day, wish));
    }
    let moved = figures.changes - before.changes;
    if day.mode == Mode::Repair && moved > 0 {
        let text = match moved {
            1 => format!("Possible, mais changerait un rendez-vous déjà annoncé{tried}."),
            _ => format!("Possible, mais changerait {moved} rendez-vous déjà annoncés{tried}."),
        };
        return (Cause::Moves(moved), text);
    }
    if lost.is_empty() && figures.key(day.mode) <= before.key(day.mode) {
        let (a, b) = day.names(wish);
        return (Cause::Free, format!("Réunir {a} et {b} est possible sans rien enlever à personne."));
    }
    let weight = before.weight - figures.weight;
    // One meeting fewer in all is two fewer for others: the wish takes one of those that stay.
    let fewer = (now.meetings().len() + 1).saturating_sub(instead.len());
    let text = match lost[..] {
        [] => return (Cause::Waits, format!("Possible, mais ferait attendre davantage entre les rendez-vous{tried}.")),
        [one] => {
            let (a, b) = day.names(one);
            let worth = if weight > 0 { "plus souhaité" } else { "aussi souhaité" };
            format!("Possible, mais à la place du rendez-vous entre {a} et {b}, {worth}{tried}.")
        }
        _ if fewer > 1 => format!("Possible, mais coûterait {fewer} rendez-vous à d’autres{tried}."),
        _ if weight > 0 => format!("Possible, mais à la place de rendez-vous plus souhaités{tried}."),
        _ => format!("Possible, mais à la place d’autres rendez-vous, aussi souhaités{tried}."),
    };
    (Cause::Costs { meetings: fewer, weight }, text)
}

/// What holding a wish all the same comes to.
enum Held {
    /// The best timetable found that holds it, and whether no better one does.
    At(Vec<(usize, usize)>, bool),
    /// Not without breaking a promise: proven.
    Unfair,
    /// Not at all: proven.
    Blocked,
    /// Nothing was found.
    NotFound,
}

fn hold_all_the_same(day: &Instance, timetable: &Timetable, slots: &[u16], wish: usize) -> Held {
    if day.mode == Mode::Choose {
        // Worth more than all others together: it is held unless somebody would be treated less fairly.
        let mut asked = day.clone();
        asked.wishes[wish].weight = 1 + day.wishes.iter().map(|w| w.weight).sum::<i64>();
        let holds = |outcome: &Outcome| outcome.meetings.iter().any(|meeting| meeting.0 == wish);
        let outcome = solve_from(&asked, timetable.meetings(), 1, &effort(STEPS));
        let proven = outcome.status == Status::Optimal;
        if holds(&outcome) {
            return Held::At(outcome.meetings, proven);
        }
        if proven {
            asked.participants.iter_mut().for_each(|p| p.min = 0);
            let outcome = solve_from(&asked, timetable.meetings(), 1, &effort(STEPS));
            let blocked = !holds(&outcome) && outcome.status == Status::Optimal;
            return if blocked { Held::Blocked } else { Held::Unfair };
        }
    }
    in_a_slot(day, timetable, slots, wish)
}

/// Holds the wish in one slot after the other.
fn in_a_slot(day: &Instance, timetable: &Timetable, slots: &[u16], wish: usize) -> Held {
    let mut best: Option<Timetable> = None;
    let mut tried = 0;
    for &slot in slots {
        let mut asked = day.clone();
        asked.pinned.push((wish, usize::from(slot)));
        if tried == MOST_TRIED || !refusals(&asked).is_empty() {
            continue;
        }
        tried += 1;
        let outcome = solve_from(&asked, timetable.meetings(), 1, &effort(STEPS_IN_A_SLOT));
        if !matches!(outcome.status, Status::Optimal | Status::Feasible) {
            continue;
        }
        let Ok(found) = Timetable::checked(day, outcome.meetings) else { continue };
        let is_better = |best: &Timetable| found.figures().key(day.mode) < best.figures().key(day.mode);
        if best.as_ref().is_none_or(is_better) {
            best = Some(found);
        }
    }
    match best {
        Some(best) => Held::At(best.meetings().to_vec(), false),
        None if tried == 0 => Held::Blocked,
        None => Held::NotFound,
    }
}

fn effort(steps: u64) -> Effort<'static> {
    Effort { work: Some(steps), deadline: None, seconds: &|| 0.0, stop: &|| false, progress: &|_| () }
}

/// Where this participant holds as many meetings as it wants or has slots for, each worth at least this wish: it, and how
/// many they are.
fn full_of_better(day: &Instance, timetable: &Timetable, p: usize, wish: usize) -> Option<(usize, usize)> {
    let mine: Vec<&(usize, usize)> = timetable
        .meetings()
        .iter()
        .filter(|meeting| day.wishes[meeting.0].a == p || day.wishes[meeting.0].b == p)
        .collect();
    let person = &day.participants[p];
    let to_come = person.available.iter().filter(|slot| **slot >= day.frozen() && day.tables[**slot] > 0).count();
    let over = mine.iter().filter(|meeting| meeting.1 < day.frozen()).count();
    let is_full = mine.len() >= to_come + over || mine.len() as u64 >= person.max;
    let is_better = mine.iter().all(|meeting| day.wishes[meeting.0].weight >= day.wishes[wish].weight);
    (is_full && is_better).then_some((p, mine.len()))
}

/// What by itself would let the two meet with nobody else moved, as the checker says.
fn changes(day: &Instance, timetable: &Timetable, slots: &[u16], wish: usize) -> Vec<String> {
    let pair = &day.wishes[wish];
    let held = |p: usize| timetable.meetings().iter().filter(move |m| day.wishes[m.0].a == p || day.wishes[m.0].b == p);
    let is_full = |p: &usize| held(*p).count() as u64 >= day.participants[*p].max;
    let full: Vec<usize> = [pair.a, pair.b].into_iter().filter(is_full).collect();
    let is_free = |t: &usize| [pair.a, pair.b].iter().all(|&p| held(p).all(|meeting| meeting.1 != *t));
    let free: Vec<usize> = slots.iter().map(|&t| usize::from(t)).filter(is_free).collect();
    if free.is_empty() {
        return vec!["un créneau de plus où les deux soient libres".to_owned()];
    }
    for table in [0, 1] {
        for &t in &free {
            let load = timetable.meetings().iter().filter(|meeting| meeting.1 == t).count() as u64;
            if (load >= day.tables[t]) != (table == 1) {
                continue;
            }
            let mut wider = day.clone();
            wider.tables[t] += table;
            for &p in &full {
                wider.participants[p].max += 1;
            }
            let mut meetings = timetable.meetings().to_vec();
            meetings.push((wish, t));
            if checker::faults(&wider, &meetings).is_empty() {
                let who: Vec<&str> = full.iter().map(|&p| day.participants[p].id.as_str()).collect();
                return vec![match (table, who.len()) {
                    (0, 0) => format!("les réunir au créneau {}", t + 1),
                    (0, 1) => format!("que {} accepte un rendez-vous de plus, au créneau {}", who[0], t + 1),
                    (0, _) => {
                        format!("que {} acceptent un rendez-vous de plus, au créneau {}", who.join(" et "), t + 1)
                    }
                    (_, 0) => format!("une table de plus au créneau {}", t + 1),
                    _ => format!("une table et un rendez-vous de plus au créneau {} pour {}", t + 1, who.join(" et ")),
                }];
            }
        }
    }
    Vec::new()
}

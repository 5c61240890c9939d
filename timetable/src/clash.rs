//! Which facts clash where only search can tell that there is no timetable: a set such that none can be left out.

use std::collections::{BTreeMap, BTreeSet};

use super::effort::{Effort, Meter};
use super::instance::{Instance, Mode};
use super::possible::fixed;
use super::reason::{Code, Reason};
use super::refusal::{at, counted, meeting, refusals};
use super::solve::{Status, solve};

/// Steps of each small search.
const STEPS: u64 = 60_000;
/// Most of them.
const MOST_SEARCHES: u32 = 400;
/// Meetings named in a sentence.
const MOST_NAMED: usize = 6;

/// Something that an organiser asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fact {
    /// This wish must be held: as all are, or in the slot to which it is fixed.
    Held(usize),
    /// This pair of wishes has an order, by its position among those.
    Order(usize),
    /// This slot has no more tables than it has.
    Tables(usize),
    /// The numbers of waits may not differ more than they may.
    Spread,
}

/// The facts that clash in a day without a timetable, as a reason. What comes last goes first: meetings are named where
/// nothing else explains it. Ends early, with more facts than needed, where `effort` does.
#[must_use]
pub(super) fn clash(day: &Instance, effort: &Effort<'_>) -> Reason {
    let mut facts = facts(day);
    // Halves first, then single ones: few searches where few facts clash.
    let mut size = facts.len().div_ceil(2);
    let mut searches = 0;
    while size > 0 {
        let mut from = 0;
        while from < facts.len() && searches < MOST_SEARCHES && !Meter::new(effort).is_over() {
            searches += 1;
            let to = (from + size).min(facts.len());
            let fewer: Vec<Fact> = facts[..from].iter().chain(&facts[to..]).copied().collect();
            if is_impossible(&with(day, &fewer), effort) {
                facts = fewer;
            } else {
                from = to;
            }
        }
        size = if size == 1 { 0 } else { size.div_ceil(2) };
    }
    reason(day, &facts)
}

fn facts(day: &Instance) -> Vec<Fact> {
    let mut facts = Vec::new();
    if day.gap_spread.is_some() {
        facts.push(Fact::Spread);
    }
    facts.extend((0..day.slots()).filter(|&t| day.tables[t] > 0).map(Fact::Tables));
    facts.extend((0..day.before.len()).map(Fact::Order));
    let pinned: BTreeSet<usize> = day.pinned.iter().map(|pin| pin.0).collect();
    facts.extend((0..day.wishes.len()).filter(|w| day.mode == Mode::All || pinned.contains(w)).map(Fact::Held));
    facts
}

/// The day with these facts alone; presence, minimums and the past stay as they are.
fn with(day: &Instance, facts: &[Fact]) -> Instance {
    let mut asked = day.clone();
    if !facts.contains(&Fact::Spread) {
        asked.gap_spread = None;
    }
    for (t, tables) in asked.tables.iter_mut().enumerate() {
        if *tables > 0 && !facts.contains(&Fact::Tables(t)) {
            *tables = day.participants.len().max(1) as u64;
        }
    }
    let orders = (0..day.before.len()).filter(|n| facts.contains(&Fact::Order(*n)));
    asked.before = orders.map(|n| day.before[n]).collect();
    let held: BTreeSet<usize> =
        facts.iter().filter_map(|f| if let Fact::Held(w) = f { Some(*w) } else { None }).collect();
    if day.mode != Mode::All {
        asked.pinned.retain(|pin| held.contains(&pin.0));
        return asked;
    }
    let number: BTreeMap<usize, usize> = held.iter().enumerate().map(|(n, &w)| (w, n)).collect();
    asked.wishes = held.iter().map(|&w| day.wishes[w].clone()).collect();
    let pinned = day.pinned.iter().filter_map(|&(w, t)| Some((*number.get(&w)?, t)));
    asked.pinned = pinned.collect();
    let before = asked.before.iter().filter_map(|(i, j)| Some((*number.get(i)?, *number.get(j)?)));
    asked.before = before.collect();
    asked
}

/// Proven; a search without an end counts as possible.
fn is_impossible(day: &Instance, effort: &Effort<'_>) -> bool {
    if !refusals(day).is_empty() {
        return true;
    }
    let small = Effort { work: Some(STEPS), progress: &|_| (), ..*effort };
    solve(day, 1, &small).status == Status::Impossible
}

fn reason(day: &Instance, facts: &[Fact]) -> Reason {
    let mut held: Vec<usize> = Vec::new();
    let (mut said, mut changes): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for &fact in facts {
        match fact {
            Fact::Held(wish) => held.push(wish),
            Fact::Order(n) => {
                let (i, j) = day.before[n];
                said.push(format!("{} doit venir avant {}", meeting(day, i), meeting(day, j)));
                changes.push(format!("ne plus exiger que {} vienne avant {}", meeting(day, i), meeting(day, j)));
            }
            Fact::Tables(t) => {
                let few = if day.tables[t] == 1 { "qu’" } else { "que " };
                said.push(format!("il n’y a {few}{} {}", counted(day.tables[t], "une table", "tables"), at(t)));
                changes.push(format!("ouvrir plus de tables {}", at(t)));
            }
            Fact::Spread => {
                let spread = day.gap_spread.unwrap_or(0);
                said.push(format!("le nombre d’attentes de deux personnes ne doit pas différer de plus de {spread}"));
                changes.push("permettre des attentes plus inégales".to_owned());
            }
        }
    }
    let fix = fixed(day);
    let name = |&wish: &usize| {
        let (a, b) = day.names(wish);
        let slot = fix.get(&wish).map_or(String::new(), |&t| format!(" ({})", at(t)));
        format!("{a} et {b}{slot}")
    };
    let named: Vec<String> = held.iter().take(MOST_NAMED).map(name).collect();
    let more = held.len().saturating_sub(MOST_NAMED);
    let more = match more {
        0 => String::new(),
        more => format!("\u{a0}; et {}", counted(more as u64, "un autre", "autres")),
    };
    let meetings = match held.len() {
        0 => "aucun planning n’est possible".to_owned(),
        1 => format!("ce rendez-vous ne peut pas être tenu\u{a0}: {}", named.join("")),
        _ => format!("ces rendez-vous ne peuvent pas être tenus tous ensemble\u{a0}: {}{more}", named.join("\u{a0}; ")),
    };
    if !held.is_empty() {
        changes.push(
            if day.mode == Mode::All {
                "retirer l’un de ces rendez-vous"
            } else {
                "ne plus fixer l’un de ces rendez-vous"
            }
            .to_owned(),
        );
    }
    let text = if said.is_empty() { meetings } else { format!("{meetings}, car {}", said.join(", et ")) };
    let reason = Reason::new(Code::NoTimetable, text);
    let reason = Reason { changes, ..reason };
    if let [wish] = held[..] { reason.wish(wish) } else { reason }
}

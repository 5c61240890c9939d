//! Which days no timetable can satisfy, as far as it shows without search, and what could be changed.

use std::collections::{BTreeMap, BTreeSet};

use super::instance::{Instance, Mode};
use super::possible::{feasible_slots, fixed, may_hold, reach};
use super::reason::{Code, Reason};

/// Everything that contradicts itself. Empty: in modes `choose` and `repair` without `gap_spread`, the pins alone are a
/// timetable. O(pins + wishes × slots).
#[must_use]
pub(super) fn refusals(day: &Instance) -> Vec<Reason> {
    let mut reasons = Vec::new();
    let pins = pins(day, &mut reasons);
    of_people(day, &pins, &mut reasons);
    of_slots(day, &pins, &mut reasons);
    for &(i, j) in &day.before {
        if let (Some(&first), Some(&second)) = (pins.get(&i), pins.get(&j))
            && first >= second
        {
            let (one, two) = (meeting(day, i), meeting(day, j));
            let text = format!("{one} doit venir avant {two}, mais ils sont fixés {} et {}", at(first), at(second));
            reasons.push(
                Reason::new(Code::PinBefore, text)
                    .wish(i)
                    .change("changer l’un des deux créneaux fixés")
                    .change("ne plus exiger cet ordre"),
            );
        }
    }
    if day.mode == Mode::All {
        of_all(day, &mut reasons);
    }
    reasons
}

/// « le rendez-vous entre X et Y »
pub(super) fn meeting(day: &Instance, wish: usize) -> String {
    let (a, b) = day.names(wish);
    format!("le rendez-vous entre {a} et {b}")
}

/// « au créneau 3 »: people count from 1.
pub(super) fn at(slot: usize) -> String {
    format!("au créneau {}", slot + 1)
}

/// « une table », « 3 tables »: `one` as it stands, `many` after the number.
pub(super) fn counted(n: u64, one: &str, many: &str) -> String {
    if n == 1 { one.to_owned() } else { format!("{n} {many}") }
}

/// The first few of some meetings, for a sentence.
fn some_of(day: &Instance, wishes: &[usize]) -> String {
    const MOST: usize = 6;
    let pair = |&wish: &usize| {
        let (a, b) = day.names(wish);
        format!("{a} et {b}")
    };
    let named: Vec<String> = wishes.iter().take(MOST).map(pair).collect();
    let more = if wishes.len() > MOST { "\u{a0}; …" } else { "" };
    format!("{}{more}", named.join("\u{a0}; "))
}

/// What must be held, each wish once.
fn pins(day: &Instance, reasons: &mut Vec<Reason>) -> BTreeMap<usize, usize> {
    let frozen = day.frozen();
    let planned = day.previous.iter().flat_map(|previous| previous.meetings.iter().copied());
    let past: BTreeMap<usize, usize> = planned.filter(|&(_, slot)| slot < frozen).collect();
    let mut pins = BTreeMap::new();
    for &(wish, slot) in &day.pinned {
        let first = *pins.entry(wish).or_insert(slot);
        if first != slot {
            let text = format!("{} est fixé {} et {}", meeting(day, wish), at(first), at(slot));
            reasons.push(Reason::new(Code::PinTwice, text).wish(wish).change("garder un seul des deux créneaux"));
        } else if past.get(&wish) != Some(&slot) && (past.contains_key(&wish) || !may_hold(day, wish, slot, frozen)) {
            reasons.push(impossible(day, wish, slot, &past));
        }
    }
    for (&wish, &slot) in &past {
        if !may_hold(day, wish, slot, 0) {
            let text =
                format!("{} aurait été tenu {}, mais {}", meeting(day, wish), at(slot), why_not(day, wish, slot));
            reasons.push(
                Reason::new(Code::PastImpossible, text)
                    .wish(wish)
                    .slot(slot)
                    .change("retirer ce rendez-vous du passé s’il n’a pas eu lieu"),
            );
        }
        pins.entry(wish).or_insert(slot);
    }
    pins
}

fn impossible(day: &Instance, wish: usize, slot: usize, past: &BTreeMap<usize, usize>) -> Reason {
    let reason = |text| Reason::new(Code::PinImpossible, text).wish(wish).slot(slot);
    if let Some(&held) = past.get(&wish).filter(|&&held| held != slot) {
        let text = format!("{} est fixé {}, mais a déjà eu lieu {}", meeting(day, wish), at(slot), at(held));
        return reason(text).change("ne plus le fixer");
    }
    let why = if slot < day.frozen() { "ce créneau est déjà passé".to_owned() } else { why_not(day, wish, slot) };
    let text = format!("{} est fixé {}, mais {why}", meeting(day, wish), at(slot));
    let pair = day.wishes.get(wish).map(|pair| [pair.a, pair.b]).unwrap_or_default();
    let meets = |w: usize| day.wishes.get(w).is_some_and(|w| pair.contains(&w.a) || pair.contains(&w.b));
    let taken = |t: usize| day.pinned.iter().any(|&(w, at)| w != wish && at == t && meets(w));
    let other = (day.frozen()..day.slots()).find(|&t| may_hold(day, wish, t, day.frozen()) && !taken(t));
    let change = match other {
        Some(t) => format!("le fixer à un créneau possible, par exemple {}", at(t)),
        None => "ne plus le fixer\u{a0}: aucun créneau n’est possible".to_owned(),
    };
    reason(text).change(change)
}

/// The first rule that keeps a wish out of a slot.
pub(super) fn why_not(day: &Instance, wish: usize, slot: usize) -> String {
    if day.tables.get(slot).is_none_or(|&tables| tables == 0) {
        return "aucune table n’est ouverte à ce créneau".to_owned();
    }
    let Some(pair) = day.wishes.get(wish) else { return "ce souhait n’existe pas".to_owned() };
    for p in [pair.a, pair.b] {
        if let Some(person) = day.participants.get(p).filter(|person| !person.available.contains(&slot)) {
            return format!("{} n’est pas là à ce créneau", person.id);
        }
    }
    "ce rendez-vous n’est permis qu’à d’autres créneaux".to_owned()
}

fn of_people(day: &Instance, pins: &BTreeMap<usize, usize>, reasons: &mut Vec<Reason>) {
    let mut held: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let mut own: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (&wish, &slot) in pins {
        let Some(pair) = day.wishes.get(wish) else { continue };
        for p in [pair.a, pair.b] {
            own.entry(p).or_default().push(wish);
            let first = *held.entry((p, slot)).or_insert(wish);
            if first != wish {
                let id = name(day, p);
                let (one, two) = (meeting(day, first), meeting(day, wish));
                let text = format!("{id} aurait deux rendez-vous {}\u{a0}: {one} et {two}", at(slot));
                reasons.push(
                    Reason::new(Code::PinClash, text)
                        .participant(p)
                        .slot(slot)
                        .wish(wish)
                        .change("déplacer ou ne plus fixer l’un des deux"),
                );
            }
        }
    }
    for (p, own) in own {
        let (count, max) = (own.len() as u64, day.participants.get(p).map_or(0, |p| p.max));
        if count > max {
            let text = format!(
                "{} a {}, mais n’en accepte que {max}\u{a0}: {}",
                name(day, p),
                counted(count, "un rendez-vous fixé", "rendez-vous fixés"),
                some_of(day, &own)
            );
            reasons.push(
                Reason::new(Code::PinMax, text)
                    .participant(p)
                    .change(format!("ne plus fixer {} d’entre eux", count - max))
                    .change(format!("porter son maximum à {count}")),
            );
        }
    }
}

fn of_slots(day: &Instance, pins: &BTreeMap<usize, usize>, reasons: &mut Vec<Reason>) {
    let mut held = vec![Vec::new(); day.slots()];
    for (&wish, &slot) in pins {
        held[slot].push(wish);
    }
    for (slot, (held, &tables)) in held.iter().zip(&day.tables).enumerate() {
        let load = held.len() as u64;
        if load > tables {
            let open = match tables {
                0 => "aucune table n’est ouverte".to_owned(),
                tables => format!("il n’y a que {}", counted(tables, "1 table", "tables")),
            };
            let fixed = counted(load, "un rendez-vous est fixé", "rendez-vous sont fixés");
            let text = format!("{fixed} {}, où {open}\u{a0}: {}", at(slot), some_of(day, held));
            reasons.push(
                Reason::new(Code::PinTables, text)
                    .slot(slot)
                    .change(format!("ouvrir {} de plus", counted(load - tables, "une table", "tables")))
                    .change(format!("en déplacer {}", load - tables)),
            );
        }
    }
    if day.seated.is_none() {
        return;
    }
    for session in day.sessions() {
        let inside = pins.iter().filter(|(_, slot)| session.contains(slot));
        let pairs = inside.filter_map(|(&wish, _)| day.wishes.get(wish)).flat_map(|pair| [pair.a, pair.b]);
        let people: BTreeSet<usize> = pairs.filter(|&p| day.is_seated(p)).collect();
        let tables = session.clone().map(|slot| day.tables[slot]).min().unwrap_or(0);
        if people.len() as u64 > tables {
            let excess = people.len() as u64 - tables;
            let names: Vec<&str> = people.iter().map(|&p| name(day, p)).collect();
            let text = format!(
                "du créneau {} au créneau {}, chacun garde sa table\u{a0}: il en faut {} pour ces rendez-vous fixés, \
                 mais il n’y en a que {tables} ({})",
                session.start + 1,
                session.end,
                people.len(),
                names.join(", ")
            );
            reasons.push(
                Reason::new(Code::PinSeats, text)
                    .slot(session.start)
                    .change(format!("ouvrir {} de plus", counted(excess, "une table", "tables")))
                    .change(format!("déplacer hors de ces créneaux les rendez-vous de {excess} d’entre eux")),
            );
        }
    }
}

fn of_all(day: &Instance, reasons: &mut Vec<Reason>) {
    let feasible = feasible_slots(day);
    let fixed = fixed(day);
    let places = day.tables.iter().fold(0u64, |sum, tables| sum.saturating_add(*tables));
    if day.wishes.len() as u64 > places {
        let text = format!(
            "{} rendez-vous doivent être tenus, mais les tables n’en permettent que {places}",
            day.wishes.len()
        );
        let missing = day.wishes.len() as u64 - places;
        reasons.push(
            Reason::new(Code::NoTimetable, text)
                .change(format!(
                    "ouvrir {} de plus, par des tables ou des créneaux",
                    counted(missing, "une place", "places")
                ))
                .change(format!("retirer {missing} rendez-vous")),
        );
    }
    let mut degree = vec![0u64; day.participants.len()];
    for (i, (wish, slots)) in day.wishes.iter().zip(&feasible).enumerate() {
        degree[wish.a] += 1;
        degree[wish.b] += 1;
        if slots.is_empty() && !fixed.contains_key(&i) {
            let text = format!("{} n’a aucun créneau possible", meeting(day, i));
            reasons.push(
                Reason::new(Code::WishImpossible, text)
                    .wish(i)
                    .change("élargir la présence de l’un des deux")
                    .change("permettre d’autres créneaux"),
            );
        } else if slots.is_empty() {
            reasons
                .push(Reason::new(Code::WishImpossible, format!("{} ne peut pas être tenu", meeting(day, i))).wish(i));
        }
    }
    for (p, (degree, reach)) in degree.into_iter().zip(reach(day, &feasible)).enumerate() {
        let Some(person) = day.participants.get(p) else { continue };
        let room = person.max.min(reach as u64);
        if degree > room {
            let id = &person.id;
            let text = format!("{id} doit tenir {degree} rendez-vous, mais il n’y a de place que pour {room}");
            let reason = Reason::new(Code::TooMany, text).participant(p);
            reasons.push(if reach as u64 >= degree {
                reason.change(format!("porter son maximum à {degree}"))
            } else if person.max < degree {
                reason.change(format!("élargir sa présence et porter son maximum à {degree}"))
            } else {
                reason.change("élargir sa présence").change("retirer l’un de ses rendez-vous")
            });
        }
    }
}

fn name(day: &Instance, p: usize) -> &str {
    day.participants.get(p).map_or("?", |p| p.id.as_str())
}

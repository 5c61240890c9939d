//! How good a timetable is, for people: what was held of what was wished, who came off worst, how the room is used.

use std::collections::BTreeMap;

use super::checker::Timetable;
use super::figures::{Figure, Figures};
use super::instance::{Instance, Wish};
use super::possible::{feasible_slots, reach};
use super::refusal::counted;
use super::tables::{Tables, number_tables};

/// Wishes of one side at one rank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RankLine {
    /// The side that ranked.
    pub side: String,
    /// 1 = the most wanted.
    pub rank: u64,
    /// Wishes of this rank, and how many are held.
    pub wished: usize,
    /// Held.
    pub held: usize,
}

/// What one participant came off with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// By position.
    pub participant: usize,
    /// Meetings held.
    pub held: usize,
    /// Meetings that could have been held at most, as its wishes, its maximum and its presence go.
    pub possible: usize,
}

/// A participant who holds fewer meetings than the organiser wished to promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Short {
    /// By position.
    pub participant: usize,
    /// Meetings wished for, that could be reached at most, and held.
    pub wanted: u64,
    /// See `wanted`.
    pub reachable: usize,
    /// See `wanted`.
    pub held: usize,
    /// Why, in French.
    pub text: String,
}

/// The quality sheet.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The figures compared, and the proven limit of each.
    pub figures: Figures,
    /// Proven limits.
    pub bounds: Vec<(Figure, i64)>,
    /// By side, then rank.
    pub ranks: Vec<RankLine>,
    /// Mutual wishes, and how many are held.
    pub mutual: (usize, usize),
    /// Participants with a wish that can be held, the worst served first.
    pub shares: Vec<Share>,
    /// Those below their minimum, and why.
    pub short: Vec<Short>,
    /// Waits per participant, in slots, the longest first; those without are left out.
    pub waits: Vec<(usize, usize)>,
    /// Meetings held, and meetings that the tables allow.
    pub tables: (usize, u64),
    /// Table numbers.
    pub numbers: Tables,
    /// Meetings of the previous timetable that are not held in their slot any more: wish, slot then, slot now.
    pub moved: Vec<(usize, usize, Option<usize>)>,
    /// Meetings that it did not have: wish, slot.
    pub added: Vec<(usize, usize)>,
}

impl Sheet {
    /// Draws the sheet of a checked timetable.
    #[must_use]
    pub fn of(day: &Instance, timetable: &Timetable, bounds: &[(Figure, i64)]) -> Self {
        let mut slot_of = vec![None; day.wishes.len()];
        timetable.meetings().iter().for_each(|&(wish, slot)| slot_of[wish] = Some(slot));
        let mutual: Vec<usize> = (0..day.wishes.len()).filter(|&w| day.wishes[w].is_mutual()).collect();
        let held = mutual.iter().filter(|&&w| slot_of[w].is_some()).count();
        let previous: Vec<(usize, usize)> = day.previous.iter().flat_map(|p| p.meetings.iter().copied()).collect();
        let to_come = previous.iter().filter(|(_, slot)| *slot >= day.frozen());
        let moved = to_come.filter(|(wish, slot)| slot_of[*wish] != Some(*slot));
        let added = timetable.meetings().iter().filter(|(wish, _)| !previous.iter().any(|(known, _)| known == wish));
        Self {
            figures: timetable.figures(),
            bounds: bounds.to_vec(),
            ranks: ranks(day, &slot_of),
            mutual: (mutual.len(), held),
            short: short(day, &slot_of, bounds, &timetable.figures()),
            shares: shares(day, &slot_of),
            waits: waits(day, timetable),
            tables: (timetable.meetings().len(), day.tables.iter().fold(0, |sum, n| sum.saturating_add(*n))),
            numbers: number_tables(day, timetable),
            moved: moved.map(|&(wish, slot)| (wish, slot, slot_of[wish])).collect(),
            added: if previous.is_empty() { Vec::new() } else { added.copied().collect() },
        }
    }

    /// Held and possible meetings of the worst, the median and the best served.
    #[must_use]
    pub fn extremes(&self) -> Option<[&Share; 3]> {
        Some([self.shares.first()?, self.shares.get(self.shares.len() / 2)?, self.shares.last()?])
    }

    /// By how much the weight may still be below the best, in thousandths of the limit; 0 where it is the best.
    #[must_use]
    pub fn distance(&self) -> Option<f64> {
        let limit = self.bounds.iter().find(|bound| bound.0 == Figure::Weight)?.1;
        (limit > 0).then(|| (limit - self.figures.weight) as f64 * 1000.0 / limit as f64)
    }
}

fn ranks(day: &Instance, slot_of: &[Option<usize>]) -> Vec<RankLine> {
    let mut lines: BTreeMap<(&str, u64), (usize, usize)> = BTreeMap::new();
    for (w, wish) in day.wishes.iter().enumerate() {
        let ends = [(wish.a, wish.rank_a), (wish.b, wish.rank_b)];
        for (p, rank) in ends.into_iter().filter_map(|(p, rank)| Some((p, rank?))) {
            let (wished, held) = lines.entry((day.participants[p].side.as_str(), rank)).or_default();
            *wished += 1;
            *held += usize::from(slot_of[w].is_some());
        }
    }
    let line =
        |((side, rank), (wished, held)): ((&str, u64), _)| RankLine { side: side.to_owned(), rank, wished, held };
    lines.into_iter().map(line).collect()
}

fn shares(day: &Instance, slot_of: &[Option<usize>]) -> Vec<Share> {
    let feasible = feasible_slots(day);
    let mut shares: Vec<Share> =
        (0..day.participants.len()).map(|participant| Share { participant, held: 0, possible: 0 }).collect();
    for (share, reach) in shares.iter_mut().zip(reach(day, &feasible)) {
        share.possible = reach;
    }
    for (w, wish) in day.wishes.iter().enumerate() {
        for p in [wish.a, wish.b] {
            shares[p].held += usize::from(slot_of[w].is_some());
        }
    }
    for share in &mut shares {
        let max = usize::try_from(day.participants[share.participant].max).unwrap_or(usize::MAX);
        share.possible = share.possible.min(max);
    }
    shares.retain(|share| share.possible > 0);
    // held / possible without a division.
    shares.sort_by_key(|share| (share.held * 1_000_000 / share.possible, share.participant));
    shares
}

fn short(day: &Instance, slot_of: &[Option<usize>], bounds: &[(Figure, i64)], figures: &Figures) -> Vec<Short> {
    let feasible = feasible_slots(day);
    let reach = reach(day, &feasible);
    let fair = |f: Figure| bounds.iter().any(|bound| bound.0 == f && bound.1 == figures.get(f));
    let is_best = fair(Figure::Empty) && fair(Figure::Shortfall);
    let mut short = Vec::new();
    for (participant, person) in day.participants.iter().enumerate() {
        let own = || day.wishes.iter().enumerate().filter(|(_, w)| w.a == participant || w.b == participant);
        let held = own().filter(|(w, _)| slot_of[*w].is_some()).count();
        let (wanted, reachable) = (person.min.min(person.max), reach[participant]);
        if held as u64 >= wanted {
            continue;
        }
        let possible = own().filter(|(w, _)| !feasible[*w].is_empty()).count();
        let there = person.available.iter().filter(|slot| day.tables[**slot] > 0).count();
        let id = &person.id;
        let text = if person.available.is_empty() {
            format!("{id} est absent.")
        } else if (possible as u64) < wanted {
            let wishes = match possible {
                0 => "n’a aucun souhait possible".to_owned(),
                1 => "n’a qu’un souhait possible".to_owned(),
                possible => format!("n’a que {possible} souhaits possibles"),
            };
            format!("{id} {wishes} pour {wanted} rendez-vous promis.")
        } else if (there as u64) < wanted {
            format!("{id} n’est là que pour {}, et non {wanted}.", counted(there as u64, "un créneau", "créneaux"))
        } else if (reachable as u64) < wanted {
            format!(
                "{id} ne peut en tenir que {reachable} sur {wanted}\u{a0}: ses souhaits demandent les mêmes créneaux."
            )
        } else if is_best {
            format!("{id} en a {held} sur {wanted}\u{a0}: davantage en priverait d’autres.")
        } else {
            format!("{id} en a {held} sur {wanted}\u{a0}: un planning plus juste n’a pas été trouvé.")
        };
        short.push(Short { participant, wanted, reachable, held, text });
    }
    short
}

fn waits(day: &Instance, timetable: &Timetable) -> Vec<(usize, usize)> {
    let mut waits = vec![0; day.participants.len()];
    let mut slots = vec![Vec::new(); day.participants.len()];
    for &(wish, slot) in timetable.meetings() {
        let Wish { a, b, .. } = day.wishes[wish];
        slots[a].push(slot);
        slots[b].push(slot);
    }
    for session in day.sessions() {
        for (p, slots) in slots.iter().enumerate() {
            let mine = || slots.iter().copied().filter(|slot| session.contains(slot));
            if let (Some(first), Some(last)) = (mine().min(), mine().max()) {
                let there = day.participants[p].available.range(first..=last).count();
                waits[p] += there.saturating_sub(mine().count());
            }
        }
    }
    let mut waits: Vec<(usize, usize)> = waits.into_iter().enumerate().filter(|(_, n)| *n > 0).collect();
    waits.sort_by_key(|&(p, n)| (std::cmp::Reverse(n), p));
    waits
}

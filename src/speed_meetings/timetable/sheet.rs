//! How good a timetable is, for people: what was held of what was wished, who came off worst, how the room is used.

use super::checker::Timetable;
use super::figures::{Figure, Figures};
use super::instance::{Instance, Wish};
use super::possible::feasible_slots;
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
    let mut lines: Vec<RankLine> = Vec::new();
    for (w, wish) in day.wishes.iter().enumerate() {
        let ends = [(wish.a, wish.rank_a), (wish.b, wish.rank_b)];
        for (p, rank) in ends.into_iter().filter_map(|(p, rank)| Some((p, rank?))) {
            let side = day.participants[p].side.as_str();
            let held = usize::from(slot_of[w].is_some());
            match lines.iter_mut().find(|line| line.side == side && line.rank == rank) {
                Some(line) => {
                    line.wished += 1;
                    line.held += held;
                }
                None => lines.push(RankLine { side: side.to_owned(), rank, wished: 1, held }),
            }
        }
    }
    lines.sort_by(|x, y| (&x.side, x.rank).cmp(&(&y.side, y.rank)));
    lines
}

fn shares(day: &Instance, slot_of: &[Option<usize>]) -> Vec<Share> {
    let feasible = feasible_slots(day);
    let mut shares: Vec<Share> =
        (0..day.participants.len()).map(|participant| Share { participant, held: 0, possible: 0 }).collect();
    for (w, wish) in day.wishes.iter().enumerate() {
        for p in [wish.a, wish.b] {
            shares[p].possible += usize::from(!feasible[w].is_empty());
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

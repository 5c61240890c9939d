//! How good a timetable is, kept with the search that found it: figures and names, ready to be put in words.

use serde::{Deserialize, Serialize};

use timetable::{Figure, Instance, Phase, Progress, Sheet, Timetable};

/// Most sentences on those who have less than was promised.
const MOST_SENTENCES: usize = 12;

/// Wishes of one side at one rank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RankLine {
    /// Whether canteens gave it; else suppliers.
    pub(super) of_canteens: bool,
    /// 1 = the most wanted.
    pub(super) rank: u64,
    /// How many there are.
    pub(super) wished: usize,
    /// How many are held.
    pub(super) held: usize,
}

/// The quality sheet of a timetable.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Quality {
    /// Meetings held, and what the tables allow.
    pub(super) held: (usize, u64),
    /// Participants who were promised a meeting and hold none.
    pub(super) empty: i64,
    /// Points of the wishes held.
    pub(super) weight: i64,
    /// Wishes held by side and rank.
    pub(super) ranks: Vec<RankLine>,
    /// Wishes of both, and how many of them are held.
    pub(super) mutual: (usize, usize),
    /// Why some hold less than was promised.
    pub(super) short: Vec<String>,
    /// How many hold less than was promised.
    pub(super) short_count: usize,
    /// The one worst served: name, meetings held, meetings possible.
    pub(super) worst: Option<(String, usize, usize)>,
    /// How many wait, and slots waited by all.
    pub(super) waits: (usize, usize),
    /// Who waits the longest, and how many slots.
    pub(super) longest: Option<(String, usize)>,
    /// Tables walked past by all.
    pub(super) walked: usize,
    /// By how much the points may still be below the best, in thousandths.
    pub(super) distance: Option<f64>,
    /// Whether nothing is better, in any figure.
    pub(super) is_best: bool,
    /// Of the timetable before, meetings moved or dropped; and meetings that it did not have.
    pub(super) changed: Option<(usize, usize)>,
    /// Meetings of the first slot, and of the fullest one.
    pub(super) opening: Option<(usize, usize)>,
}

impl Quality {
    /// Of a timetable, with what is proven of it.
    pub(super) fn of(day: &Instance, timetable: &Timetable, is_best: bool, bounds: &[(Figure, i64)]) -> Self {
        let sheet = Sheet::of(day, timetable, bounds);
        let name = |p: usize| day.participants.get(p).map(|p| p.id.clone()).unwrap_or_default();
        let rank = |line: &timetable::RankLine| RankLine {
            of_canteens: line.side == "canteen",
            rank: line.rank,
            wished: line.wished,
            held: line.held,
        };
        Self {
            held: sheet.tables,
            empty: sheet.figures.empty,
            weight: sheet.figures.weight,
            ranks: sheet.ranks.iter().map(rank).collect(),
            mutual: sheet.mutual,
            short: sheet.short.iter().take(MOST_SENTENCES).map(|short| short.text.clone()).collect(),
            short_count: sheet.short.len(),
            worst: sheet.shares.first().map(|share| (name(share.participant), share.held, share.possible)),
            waits: (sheet.waits.len(), sheet.waits.iter().map(|(_, slots)| slots).sum()),
            longest: sheet.waits.first().map(|(p, slots)| (name(*p), *slots)),
            walked: sheet.numbers.walked,
            distance: sheet.distance(),
            is_best,
            opening: opening(timetable),
            changed: day.is_repair().then_some((sheet.moved.len(), sheet.added.len())),
        }
    }
}

/// Meetings of the first slot of the day, and of the fullest one.
fn opening(timetable: &Timetable) -> Option<(usize, usize)> {
    let held = |slot: usize| timetable.meetings().iter().filter(|(_, other)| *other == slot).count();
    let fullest = timetable.meetings().iter().map(|(_, slot)| held(*slot)).max()?;
    Some((held(0), fullest))
}

/// Where a search stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Standpoint {
    /// What it is at: `search`, `proof` or `exact`.
    pub(super) phase: String,
    /// Meetings of the best so far.
    pub(super) held: usize,
    /// Participants without a promised meeting in it.
    pub(super) empty: i64,
    /// Its points.
    pub(super) weight: i64,
    /// No timetable has more points.
    pub(super) limit: Option<i64>,
}

impl From<&Progress> for Standpoint {
    fn from(progress: &Progress) -> Self {
        let phase = match progress.phase {
            Phase::Search => "search",
            Phase::Proof => "proof",
            Phase::Exact => "exact",
        };
        Self {
            phase: phase.to_owned(),
            held: progress.held,
            empty: progress.best.empty,
            weight: progress.best.weight,
            limit: progress.bounds.iter().find(|bound| bound.0 == Figure::Weight).map(|bound| bound.1),
        }
    }
}

impl Standpoint {
    /// « 287 rendez-vous, au mieux 1 % de mieux possible »
    pub(super) fn said(&self) -> String {
        let held = format!("{}\u{a0}rendez-vous", self.held);
        match self.limit.filter(|_| self.weight > 0) {
            Some(limit) if limit <= self.weight => format!("{held}, les meilleurs souhaits possibles"),
            Some(limit) => {
                // In whole percents, rounded up: never promises more than is proven.
                let percent = ((limit - self.weight) * 100 + self.weight - 1) / self.weight;
                format!("{held}, au mieux {percent}\u{a0}% de mieux possible")
            }
            None => held,
        }
    }

    /// What it is at.
    pub(super) fn doing(&self) -> &'static str {
        match self.phase.as_str() {
            "proof" => "cherche à prouver qu’il n’y a pas mieux",
            "exact" => "essaie toutes les possibilités qui restent",
            _ => "cherche de meilleurs plannings",
        }
    }
}

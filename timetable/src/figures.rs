//! What a timetable is worth, and the order in which the figures decide.

use super::instance::Mode;

/// The figures of FORMAT.md, 3. Those that a mode does not look at are computed all the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Participants who were promised a meeting and hold none.
    pub empty: i64,
    /// Sum over participants of m(m+1)/2, m = meetings missing to the promised minimum.
    pub shortfall: i64,
    /// Meetings of the previous timetable, still to come, that are not held in their slot.
    pub changes: i64,
    /// Sum of the weights of the wishes held.
    pub weight: i64,
    /// Price of all waits.
    pub gaps: i64,
}

/// One figure by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// See [`Figures::empty`].
    Empty,
    /// See [`Figures::shortfall`].
    Shortfall,
    /// See [`Figures::changes`].
    Changes,
    /// See [`Figures::weight`].
    Weight,
    /// See [`Figures::gaps`].
    Gaps,
}

impl Figure {
    /// The figures that a mode compares, in order.
    #[must_use]
    pub fn order(mode: Mode) -> &'static [Self] {
        match mode {
            Mode::Choose => &[Self::Empty, Self::Shortfall, Self::Weight, Self::Gaps],
            Mode::Repair => &[Self::Empty, Self::Shortfall, Self::Changes, Self::Weight, Self::Gaps],
            Mode::All => &[Self::Gaps],
        }
    }

    /// As the format spells it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Shortfall => "shortfall",
            Self::Changes => "changes",
            Self::Weight => "weight",
            Self::Gaps => "gaps",
        }
    }
}

impl Figures {
    /// The value of one figure.
    #[must_use]
    pub fn get(&self, figure: Figure) -> i64 {
        match figure {
            Figure::Empty => self.empty,
            Figure::Shortfall => self.shortfall,
            Figure::Changes => self.changes,
            Figure::Weight => self.weight,
            Figure::Gaps => self.gaps,
        }
    }

    /// Smaller is better, figure by figure.
    #[must_use]
    pub fn key(&self, mode: Mode) -> [i64; 5] {
        let changes = if mode == Mode::Repair { self.changes } else { 0 };
        match mode {
            Mode::All => [0, 0, 0, 0, self.gaps],
            _ => [self.empty, self.shortfall, changes, -self.weight, self.gaps],
        }
    }
}

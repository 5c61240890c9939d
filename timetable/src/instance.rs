//! What is asked of a timetable: one day of short appointments between people who wish to meet (format meet/1).

use std::collections::BTreeSet;

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Choose among the wishes.
    Choose,
    /// Mend the timetable in force with few changes.
    Repair,
    /// Hold every wish; only the waits can differ.
    All,
}

/// Somebody who meets others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participant {
    /// For messages.
    pub id: String,
    /// `supplier`, `canteen`, or `any` where nobody has a side.
    pub side: String,
    /// Slots in which this participant is in the room.
    pub available: BTreeSet<usize>,
    /// Meetings that the organiser promises, as far as they can be reached.
    pub min: u64,
    /// Most meetings of the day; at least `min`.
    pub max: u64,
}

/// A pair who may meet, at least one of whom asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// First participant, by position.
    pub a: usize,
    /// Second participant, by position; another than `a`.
    pub b: usize,
    /// Rank that `a` gave, 1 = the most wanted; absent: did not ask.
    pub rank_a: Option<u64>,
    /// Rank that `b` gave.
    pub rank_b: Option<u64>,
    /// What the meeting is worth.
    pub weight: i64,
    /// If present, the only slots in which it may be held.
    pub slots: Option<BTreeSet<usize>>,
}

impl Wish {
    /// Did both sides ask?
    #[must_use]
    pub fn is_mutual(&self) -> bool {
        self.rank_a.is_some() && self.rank_b.is_some()
    }
}

/// The timetable in force, when it is to be mended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Previous {
    /// Slots before this one are over.
    pub frozen: usize,
    /// Wish and slot of what was held or is planned.
    pub meetings: Vec<(usize, usize)>,
}

/// Price of a wait of n slots: `run + n · slot`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GapCost {
    /// Of waiting at all.
    pub run: i64,
    /// Of each slot waited.
    pub slot: i64,
}

/// One day. Participants, wishes and slots are named by their position from 0. The reader gives only days whose every
/// number lies within the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// Repeated in the solution.
    pub name: String,
    /// What is asked.
    pub mode: Mode,
    /// Slots that are followed by a pause.
    pub breaks: BTreeSet<usize>,
    /// Tables that can be used in each slot; its length is the number of slots.
    pub tables: Vec<u64>,
    /// The side that keeps its table for a whole session.
    pub seated: Option<String>,
    /// Price of a wait.
    pub gap_cost: GapCost,
    /// By how much the numbers of waits of two participants may differ.
    pub gap_spread: Option<u64>,
    /// Who takes part.
    pub participants: Vec<Participant>,
    /// Who may meet.
    pub wishes: Vec<Wish>,
    /// Wish and slot of what must be held there.
    pub pinned: Vec<(usize, usize)>,
    /// If both wishes are held, the first is held earlier.
    pub before: Vec<(usize, usize)>,
    /// The timetable in force; present if and only if `mode` is `Repair`.
    pub previous: Option<Previous>,
}

impl Instance {
    /// Number of slots of the day.
    #[must_use]
    pub fn slots(&self) -> usize {
        self.tables.len()
    }

    /// Slots between two pauses, in order: at least one session where there is a slot.
    #[must_use]
    pub fn sessions(&self) -> Vec<std::ops::Range<usize>> {
        let (mut sessions, mut start) = (Vec::new(), 0);
        for slot in 0..self.slots() {
            if self.breaks.contains(&slot) || slot + 1 == self.slots() {
                sessions.push(start..slot + 1);
                start = slot + 1;
            }
        }
        sessions
    }

    /// Number of slots that are over.
    #[must_use]
    pub fn frozen(&self) -> usize {
        self.previous.as_ref().map_or(0, |previous| previous.frozen.min(self.slots()))
    }

    /// Does this participant keep a table for a whole session?
    #[must_use]
    pub fn is_seated(&self, participant: usize) -> bool {
        self.seated.as_ref().is_some_and(|side| self.participants.get(participant).is_some_and(|p| p.side == *side))
    }

    /// What both ends of a wish are called.
    #[must_use]
    pub fn names(&self, wish: usize) -> (&str, &str) {
        let name = |p: usize| self.participants.get(p).map_or("?", |p| p.id.as_str());
        self.wishes.get(wish).map_or(("?", "?"), |w| (name(w.a), name(w.b)))
    }

    /// Is a timetable in force to be mended?
    #[must_use]
    pub fn is_repair(&self) -> bool {
        self.mode == Mode::Repair
    }
}

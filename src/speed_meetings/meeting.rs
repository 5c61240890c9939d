//! One appointment of a day, in work or published: who, when, where.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::edition::Side;

/// Somebody at a table: an organisation that sits at two tables at once is there twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) struct Seat {
    /// Which participant.
    pub(super) participant: i64,
    /// Which of its representatives, 1 or 2.
    pub(super) copy: i32,
}

/// One appointment. The order is that of the day: slot, then table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) struct Meeting {
    /// Which slot of the day, from 1.
    pub(super) slot: i32,
    /// Number of the table, from 1.
    pub(super) table: i32,
    /// Who cooks.
    pub(super) canteen: Seat,
    /// Who sells.
    pub(super) supplier: Seat,
}

impl Meeting {
    /// Canteen and supplier: a pair meets once a day.
    pub(super) fn pair(&self) -> (i64, i64) {
        (self.canteen.participant, self.supplier.participant)
    }

    /// Who sits there on this side.
    pub(super) fn on(&self, side: Side) -> Seat {
        match side {
            Side::Canteen => self.canteen,
            Side::Supplier => self.supplier,
        }
    }

    /// The other end, and on which side it sits, when this participant is one of the two.
    pub(super) fn other(&self, participant: i64) -> Option<(Seat, Side)> {
        if self.canteen.participant == participant {
            Some((self.supplier, Side::Supplier))
        } else {
            (self.supplier.participant == participant).then_some((self.canteen, Side::Canteen))
        }
    }
}

/// What lies between two timetables of one day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Difference {
    /// Pairs that meet at another time or table: before, after.
    pub(super) moved: Vec<(Meeting, Meeting)>,
    /// Not there any more.
    pub(super) dropped: Vec<Meeting>,
    /// New.
    pub(super) added: Vec<Meeting>,
}

impl Difference {
    /// From one timetable to the next.
    pub(super) fn between(before: &[Meeting], after: &[Meeting]) -> Self {
        let by_pair = |all: &[Meeting]| -> BTreeMap<(i64, i64), Meeting> {
            all.iter().map(|meeting| (meeting.pair(), *meeting)).collect()
        };
        let (old, new) = (by_pair(before), by_pair(after));
        let mut found = Self::default();
        for (pair, meeting) in &old {
            match new.get(pair) {
                None => found.dropped.push(*meeting),
                Some(now) if now != meeting => found.moved.push((*meeting, *now)),
                Some(_) => {}
            }
        }
        found.added.extend(new.iter().filter(|(pair, _)| !old.contains_key(pair)).map(|(_, meeting)| *meeting));
        found
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.moved.is_empty() && self.dropped.is_empty() && self.added.is_empty()
    }

    /// The participants whose day is another.
    pub(super) fn participants(&self) -> BTreeSet<i64> {
        let moved = self.moved.iter().flat_map(|(before, after)| [before, after]);
        let all = moved.chain(&self.dropped).chain(&self.added);
        all.flat_map(|meeting| [meeting.canteen.participant, meeting.supplier.participant]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meeting(slot: i32, table: i32, canteen: i64, supplier: i64) -> Meeting {
        let seat = |participant| Seat { participant, copy: 1 };
        Meeting { slot, table, canteen: seat(canteen), supplier: seat(supplier) }
    }

    #[test]
    fn only_those_whose_day_is_another_are_concerned() {
        let before = [meeting(1, 1, 1, 11), meeting(1, 2, 2, 12), meeting(2, 1, 3, 11)];
        let after = [meeting(1, 1, 1, 11), meeting(2, 2, 2, 12), meeting(2, 3, 4, 13)];
        let found = Difference::between(&before, &after);
        assert_eq!(found.moved, [(before[1], after[1])]);
        assert_eq!((found.dropped.as_slice(), found.added.as_slice()), (&before[2..], &after[2..]));
        assert_eq!(found.participants().into_iter().collect::<Vec<_>>(), [2, 3, 4, 11, 12, 13]);
        assert!(Difference::between(&before, &before).is_empty());
    }
}

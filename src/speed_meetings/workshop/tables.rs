//! Where meetings sit: pure. Whoever meets as before stays at the table that is printed on the sheet.

use std::collections::{BTreeMap, BTreeSet};

use crate::speed_meetings::edition::Side;
use crate::speed_meetings::meeting::{Meeting, Seat};

/// The hall as far as tables go.
#[derive(Clone, Debug)]
pub(super) struct Room {
    /// The session of each slot, from 0: one keeps a table from pause to pause.
    pub(super) sessions: Vec<usize>,
    /// The side that keeps its table for a session.
    pub(super) seated: Option<Side>,
    /// How many tables there are.
    pub(super) tables: i32,
    /// How many slots have begun: what is held there stays where it is, even at a table that is gone.
    pub(super) begun: i32,
}

/// Gives each of `after` its table: the one it has in `before` when it meets in the same slot; else the one of whoever keeps
/// a table that session; else one that one of the two had in that slot; else the one it came with; else the first that is
/// free. What comes first in `before` goes first.
pub(super) fn keep_tables(before: &[Meeting], after: &mut [Meeting], room: &Room) {
    let mut sitting = Sitting { room, before, taken: BTreeSet::new(), homes: BTreeMap::new(), left: BTreeSet::new() };
    let mut open = sitting.as_before(after);
    let present: BTreeSet<_> = after.iter().filter_map(|meeting| sitting.home(meeting)).collect();
    sitting.keep_homes(&present);
    for way in Sitting::WAYS {
        open.retain(|place| {
            let found = sitting.kept(&after[*place]).or_else(|| way(&sitting, &after[*place]));
            if let Some(table) = found {
                after[*place].table = table;
                sitting.sit(&after[*place]);
            }
            found.is_none()
        });
    }
}

/// Whoever keeps a table, and in which session.
type Home = (usize, Seat);

/// Who sits where so far.
struct Sitting<'a> {
    room: &'a Room,
    before: &'a [Meeting],
    /// Slots and tables.
    taken: BTreeSet<(i32, i32)>,
    /// Which table somebody keeps.
    homes: BTreeMap<Home, i32>,
    /// Sessions and tables of those who were to keep them and are not there any more.
    left: BTreeSet<(usize, i32)>,
}

impl Sitting<'_> {
    /// How those who do not meet as before find a table, one way after the other.
    const WAYS: [fn(&Self, &Meeting) -> Option<i32>; 5] =
        [Self::kept, Self::own, Self::unowned, Self::left_behind, Self::first];

    fn home(&self, meeting: &Meeting) -> Option<Home> {
        let slot = usize::try_from(meeting.slot - 1).unwrap_or(usize::MAX);
        let session = self.room.sessions.get(slot).copied().unwrap_or(usize::MAX);
        self.room.seated.map(|side| (session, meeting.on(side)))
    }

    fn is_free(&self, slot: i32, table: i32) -> bool {
        !self.taken.contains(&(slot, table))
    }

    fn is_owned(&self, session: usize, table: i32) -> bool {
        self.homes.iter().any(|((of, _), known)| (*of, *known) == (session, table))
    }

    fn sit(&mut self, meeting: &Meeting) {
        self.taken.insert((meeting.slot, meeting.table));
        if let Some(home) = self.home(meeting).filter(|_| meeting.table <= self.room.tables) {
            self.homes.entry(home).or_insert(meeting.table);
        }
    }

    /// Seats those who meet as before; gives the places of the others.
    fn as_before(&mut self, after: &mut [Meeting]) -> Vec<usize> {
        let mut open: BTreeMap<((i64, i64), i32), usize> =
            after.iter().enumerate().map(|(place, meeting)| ((meeting.pair(), meeting.slot), place)).collect();
        for meeting in self.before {
            let stays = meeting.table <= self.room.tables || meeting.slot <= self.room.begun;
            let key = (meeting.pair(), meeting.slot);
            if let Some(place) = open.get(&key).filter(|_| stays && self.is_free(meeting.slot, meeting.table)) {
                after[*place].table = meeting.table;
                self.sit(&after[*place]);
                open.remove(&key);
            }
        }
        let mut open: Vec<usize> = open.into_values().collect();
        open.sort_unstable();
        open
    }

    /// Who meets nobody as before still has a table for the session. Hers who is not there any more is given away last.
    fn keep_homes(&mut self, present: &BTreeSet<Home>) {
        for meeting in self.before.iter().filter(|meeting| meeting.table <= self.room.tables) {
            let Some(home) = self.home(meeting) else { continue };
            if !present.contains(&home) {
                self.left.insert((home.0, meeting.table));
            } else if !self.is_owned(home.0, meeting.table) {
                self.homes.entry(home).or_insert(meeting.table);
            }
        }
    }

    /// The table that somebody keeps, or that one of the two had in that slot.
    fn kept(&self, meeting: &Meeting) -> Option<i32> {
        let is_free = |table: &i32| self.is_free(meeting.slot, *table);
        if let Some(home) = self.home(meeting) {
            return self.homes.get(&home).copied().filter(is_free);
        }
        let both = [meeting.canteen, meeting.supplier];
        let had = |one: &&Meeting| both.contains(&one.canteen) || both.contains(&one.supplier);
        let there = self.before.iter().filter(|one| one.slot == meeting.slot).filter(had);
        there.map(|one| one.table).filter(|table| *table <= self.room.tables).find(is_free)
    }

    /// The table it came with, unless it is somebody's.
    fn own(&self, meeting: &Meeting) -> Option<i32> {
        let is_there = (1..=self.room.tables).contains(&meeting.table);
        (is_there && self.is_nobodys(meeting, meeting.table)).then_some(meeting.table)
    }

    /// The first that is nobody's.
    fn unowned(&self, meeting: &Meeting) -> Option<i32> {
        (1..=self.room.tables).find(|table| self.is_nobodys(meeting, *table))
    }

    /// The first that is nobody's any more.
    fn left_behind(&self, meeting: &Meeting) -> Option<i32> {
        let (session, _) = self.home(meeting)?;
        (1..=self.room.tables).find(|table| !self.is_owned(session, *table) && self.is_free(meeting.slot, *table))
    }

    /// The first that nobody has in that slot.
    fn first(&self, meeting: &Meeting) -> Option<i32> {
        (1..i32::MAX).find(|table| self.is_free(meeting.slot, *table))
    }

    fn is_nobodys(&self, meeting: &Meeting, table: i32) -> bool {
        let is_somebodys = self
            .home(meeting)
            .is_some_and(|(session, _)| self.is_owned(session, table) || self.left.contains(&(session, table)));
        !is_somebodys && self.is_free(meeting.slot, table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meeting(slot: i32, table: i32, canteen: i64, supplier: i64) -> Meeting {
        let seat = |participant| Seat { participant, copy: 1 };
        Meeting { slot, table, canteen: seat(canteen), supplier: seat(supplier) }
    }

    /// Two sessions of two slots, three tables; nobody comes with a table.
    fn tables(before: &[Meeting], after: &[(i32, i64, i64)], seated: Option<Side>) -> Vec<i32> {
        let after: Vec<Meeting> = after.iter().map(|(slot, one, other)| meeting(*slot, 99, *one, *other)).collect();
        given(before, &after, (seated, 0))
    }

    fn given(before: &[Meeting], after: &[Meeting], (seated, begun): (Option<Side>, i32)) -> Vec<i32> {
        let mut after = after.to_vec();
        keep_tables(before, &mut after, &Room { sessions: vec![0, 0, 1, 1], seated, tables: 3, begun });
        after.iter().map(|meeting| meeting.table).collect()
    }

    #[test]
    fn who_meets_as_before_stays_and_the_others_find_a_place() {
        let before = [meeting(1, 3, 1, 11), meeting(1, 1, 2, 12), meeting(2, 2, 1, 12)];
        assert_eq!(tables(&before, &[(1, 1, 11), (2, 1, 12)], None), [3, 2]);
        assert_eq!(tables(&before, &[(1, 2, 11), (1, 1, 12)], None), [3, 1], "at a table that one of the two had");
        assert_eq!(tables(&before, &[(1, 1, 11), (1, 3, 13)], None), [3, 1], "the first that is free");
    }

    #[test]
    fn who_keeps_a_table_keeps_it_for_the_session() {
        let before = [meeting(1, 3, 1, 11), meeting(1, 1, 2, 12), meeting(3, 2, 1, 11)];
        let after = [(1, 1, 11), (2, 2, 11), (2, 1, 12), (3, 1, 11), (4, 2, 11), (2, 3, 13)];
        assert_eq!(tables(&before, &after, Some(Side::Supplier)), [3, 3, 1, 2, 2, 2]);
    }

    #[test]
    fn a_table_of_somebody_who_is_not_there_any_more_is_given_away_last() {
        let before = [meeting(1, 1, 1, 11), meeting(1, 2, 2, 12)];
        assert_eq!(tables(&before, &[(1, 1, 12), (2, 1, 13)], Some(Side::Supplier)), [2, 3]);
        let three = [(1, 1, 12), (1, 2, 13), (2, 1, 13), (2, 3, 14)];
        assert_eq!(tables(&before, &three, Some(Side::Supplier)), [2, 3, 3, 1], "nobody shares a table");
    }

    #[test]
    fn no_table_is_given_twice() {
        let before = [meeting(1, 1, 1, 11), meeting(1, 2, 2, 12), meeting(1, 3, 3, 13)];
        for seated in [None, Some(Side::Supplier), Some(Side::Canteen)] {
            let mut given = tables(&before, &[(1, 1, 12), (1, 2, 13), (1, 3, 11)], seated);
            given.sort_unstable();
            assert_eq!(given, [1, 2, 3], "{seated:?}");
        }
    }

    #[test]
    fn what_is_new_stays_at_the_table_it_came_with_where_nobody_sits() {
        let after = [meeting(1, 2, 1, 11), meeting(1, 1, 2, 12), meeting(1, 3, 3, 13)];
        assert_eq!(given(&[], &after, (None, 0)), [2, 1, 3]);
        let pin = meeting(1, 2, 2, 12);
        assert_eq!(given(&[pin], &after, (None, 0)), [1, 2, 3], "who is pushed away goes where it is free");
        let twice = [pin, meeting(1, 2, 1, 11)];
        assert_eq!(given(&twice, &after, (None, 0))[1], 2, "of two who had one table the first has it");
    }

    #[test]
    fn what_has_begun_stays_at_a_table_that_is_gone_and_what_is_to_come_does_not() {
        let before = [meeting(1, 7, 1, 11), meeting(2, 7, 2, 12)];
        for seated in [None, Some(Side::Canteen)] {
            assert_eq!(given(&before, &before, (seated, 1)), [7, 1], "{seated:?}");
        }
    }
}

//! Where the meetings of a mended timetable sit: pure. Whoever meets as before stays at the table that is printed on the sheet.

use std::collections::{BTreeMap, BTreeSet};

use super::delay::Hour;
use crate::speed_meetings::edition::Side;
use crate::speed_meetings::meeting::{Meeting, Seat};

/// The hall as far as tables go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room<'a> {
    /// The slots.
    pub(super) hours: &'a [Hour],
    /// The side that keeps its table for a session.
    pub(super) seated: Option<Side>,
    /// How many tables there are.
    pub(super) tables: i32,
    /// How many slots have begun: what is held there stays where it is, even at a table that is gone.
    pub(super) begun: i32,
}

impl Room<'_> {
    fn session(&self, slot: i32) -> usize {
        self.hours.iter().find(|hour| hour.slot == slot).map_or(0, |hour| hour.session)
    }
}

/// Gives each of `after` its table: the one it had in `before` when it meets in the same slot; else the one of whoever keeps
/// a table that session; else one that one of the two had in that slot; else the first that is free.
pub(super) fn keep_tables(before: &[Meeting], after: &mut [Meeting], room: &Room<'_>) {
    let known: BTreeMap<((i64, i64), i32), i32> =
        before.iter().map(|meeting| ((meeting.pair(), meeting.slot), meeting.table)).collect();
    let mut taken: BTreeSet<(i32, i32)> = BTreeSet::new();
    let mut homes: BTreeMap<(Seat, usize), i32> = BTreeMap::new();
    let mut open = Vec::new();
    for (place, meeting) in after.iter_mut().enumerate() {
        let stays = |table: &&i32| **table <= room.tables || meeting.slot <= room.begun;
        let Some(table) = known.get(&(meeting.pair(), meeting.slot)).filter(stays) else {
            open.push(place);
            continue;
        };
        meeting.table = *table;
        taken.insert((meeting.slot, *table));
        if let Some(side) = room.seated {
            if *table <= room.tables {
                homes.insert((meeting.on(side), room.session(meeting.slot)), *table);
            }
        }
    }
    // Who meets nobody as before still has a table for the session.
    if let Some(side) = room.seated {
        for meeting in before.iter().filter(|meeting| meeting.table <= room.tables) {
            homes.entry((meeting.on(side), room.session(meeting.slot))).or_insert(meeting.table);
        }
    }
    for place in open {
        let meeting = after[place];
        let is_free = |table: &i32| !taken.contains(&(meeting.slot, *table));
        let home = room.seated.map(|side| (meeting.on(side), room.session(meeting.slot)));
        let own = home.and_then(|home| homes.get(&home).copied()).filter(is_free);
        let had = before.iter().filter(|one| one.slot == meeting.slot).filter(|one| {
            [one.canteen, one.supplier].iter().any(|seat| [meeting.canteen, meeting.supplier].contains(seat))
        });
        let had =
            had.map(|one| one.table).filter(|table| *table <= room.tables).find(is_free).filter(|_| home.is_none());
        let unowned = |table: &i32| {
            let session = room.session(meeting.slot);
            !homes.iter().any(|((_, of), known)| *of == session && known == table)
        };
        let fresh = (1..=room.tables).filter(is_free).find(|table| home.is_none() || unowned(table));
        let table = own.or(had).or(fresh).or_else(|| (1..=room.tables).find(is_free)).unwrap_or(meeting.table);
        taken.insert((meeting.slot, table));
        if let Some(home) = home {
            homes.entry(home).or_insert(table);
        }
        after[place].table = table;
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn hours() -> Vec<Hour> {
        let hour = |slot: i32| Hour {
            slot,
            session: usize::from(slot > 2),
            from: DateTime::from_timestamp(i64::from(slot) * 600, 0).unwrap(),
            to: DateTime::from_timestamp(i64::from(slot) * 600 + 500, 0).unwrap(),
            late: 0,
        };
        (1..=4).map(hour).collect()
    }

    fn meeting(slot: i32, table: i32, canteen: i64, supplier: i64) -> Meeting {
        let seat = |participant| Seat { participant, copy: 1 };
        Meeting { slot, table, canteen: seat(canteen), supplier: seat(supplier) }
    }

    fn tables(before: &[Meeting], after: &[(i32, i64, i64)], seated: Option<Side>) -> Vec<i32> {
        let hours = hours();
        let mut after: Vec<Meeting> = after.iter().map(|(slot, one, other)| meeting(*slot, 99, *one, *other)).collect();
        keep_tables(before, &mut after, &Room { hours: &hours, seated, tables: 3, begun: 0 });
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
    fn no_table_is_given_twice() {
        let before = [meeting(1, 1, 1, 11), meeting(1, 2, 2, 12), meeting(1, 3, 3, 13)];
        for seated in [None, Some(Side::Supplier), Some(Side::Canteen)] {
            let mut given = tables(&before, &[(1, 1, 12), (1, 2, 13), (1, 3, 11)], seated);
            given.sort_unstable();
            assert_eq!(given, [1, 2, 3], "{seated:?}");
        }
    }
}

//! Where the day stands at a moment: pure. Pages get all its moments at once, so that they go on without a network.

use chrono::{DateTime, Utc};

use super::delay::Hour;
use crate::speed_meetings::meeting::Meeting;

/// What happens in the hall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// The first slot has not begun.
    Before,
    /// In this slot people meet.
    Round(Hour),
    /// People go to their next table.
    ChangeOver,
    /// Between two sessions.
    Pause,
    /// The last slot has ended.
    Over,
}

/// The hall from one moment on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    /// Since when; nothing when it was so all along.
    pub(super) from: Option<DateTime<Utc>>,
    /// Until when; nothing once the day is over.
    pub(super) until: Option<DateTime<Utc>>,
    /// What happens.
    pub(super) phase: Phase,
    /// The slot that begins next.
    pub(super) next: Option<Hour>,
}

/// One participant's part of a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Own {
    /// The hall.
    pub(super) moment: Moment,
    /// Whom it meets now: one a representative.
    pub(super) now: Vec<Meeting>,
    /// When it meets somebody next, and whom.
    pub(super) next: Option<(Hour, Vec<Meeting>)>,
}

/// All moments of a day, each until the next.
pub(super) fn moments(hours: &[Hour]) -> Vec<Moment> {
    let mut all = Vec::with_capacity(hours.len() * 2 + 1);
    let first = hours.first().copied();
    let before = if first.is_some() { Phase::Before } else { Phase::Over };
    all.push(Moment { from: None, until: first.map(|hour| hour.from), phase: before, next: first });
    for (place, hour) in hours.iter().enumerate() {
        let next = hours.get(place + 1).copied();
        all.push(Moment { from: Some(hour.from), until: Some(hour.to), phase: Phase::Round(*hour), next });
        let phase = match next {
            Some(next) if next.from == hour.to => continue,
            Some(next) if next.session == hour.session => Phase::ChangeOver,
            Some(_) => Phase::Pause,
            None => Phase::Over,
        };
        all.push(Moment { from: Some(hour.to), until: next.map(|next| next.from), phase, next });
    }
    all
}

/// The place of the moment it is.
pub(super) fn current(moments: &[Moment], now: DateTime<Utc>) -> usize {
    moments.iter().rposition(|moment| moment.from.is_none_or(|from| from <= now)).unwrap_or_default()
}

/// What a moment is for somebody who has these meetings.
pub(super) fn own(moment: Moment, hours: &[Hour], meetings: &[Meeting]) -> Own {
    let of = |slot: i32| -> Vec<Meeting> { meetings.iter().filter(|meeting| meeting.slot == slot).copied().collect() };
    let now = match moment.phase {
        Phase::Round(hour) => of(hour.slot),
        _ => Vec::new(),
    };
    let to_come = hours.iter().skip_while(|hour| moment.next.is_some_and(|next| hour.slot < next.slot));
    let mut to_come = to_come.take_while(|_| moment.next.is_some());
    let next = to_come.find_map(|hour| Some((*hour, of(hour.slot))).filter(|(_, own)| !own.is_empty()));
    Own { moment, now, next }
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDate, TimeDelta};

    use super::*;
    use crate::speed_meetings::day::delay::hours;
    use crate::speed_meetings::meeting::Seat;
    use crate::speed_meetings::slots::{Day, Rhythm, Stretch};

    fn day(change_over_minutes: u16) -> Vec<Hour> {
        let rhythm = Rhythm { appointment_minutes: 10, change_over_minutes };
        let stretch = |hours: u16, appointments| Stretch { starts_at: hours * 60, appointments };
        let held_on = NaiveDate::from_ymd_opt(2027, 5, 20).unwrap();
        let day = Day::cut(held_on, chrono_tz::Europe::Paris, rhythm, &[stretch(9, 3), stretch(14, 1)]).unwrap();
        hours(&day, &[])
    }

    fn meeting(slot: i32, table: i32) -> Meeting {
        let seat = |participant| Seat { participant, copy: 1 };
        Meeting { slot, table, canteen: seat(1), supplier: seat(10 + i64::from(slot)) }
    }

    /// What is so at a second of the day after nine o’clock: the phase, the tables now, the slot and tables next.
    fn said(hours: &[Hour], meetings: &[Meeting], seconds: i64) -> String {
        let all = moments(hours);
        let now = hours[0].from + TimeDelta::seconds(seconds);
        let own = own(all[current(&all, now)], hours, meetings);
        let phase = match own.moment.phase {
            Phase::Before => "before".to_owned(),
            Phase::Round(hour) => format!("round {}", hour.slot),
            Phase::ChangeOver => "change".to_owned(),
            Phase::Pause => "pause".to_owned(),
            Phase::Over => "over".to_owned(),
        };
        let tables =
            |meetings: &[Meeting]| meetings.iter().map(|one| one.table.to_string()).collect::<Vec<_>>().join("+");
        let next =
            own.next.map(|(hour, meetings)| format!("{} at {}", hour.slot, tables(&meetings))).unwrap_or_default();
        format!("{phase} | {} | {next}", tables(&own.now))
    }

    #[test]
    fn each_moment_of_a_day_says_where_to_be_and_where_to_go() {
        let (hours, meetings) = (day(2), [meeting(1, 7), meeting(3, 4), meeting(4, 2)]);
        for (seconds, expected) in [
            (-1, "before |  | 1 at 7"),
            (0, "round 1 | 7 | 3 at 4"),
            (599, "round 1 | 7 | 3 at 4"),
            (600, "change |  | 3 at 4"),
            (719, "change |  | 3 at 4"),
            (720, "round 2 |  | 3 at 4"),
            (1_319, "round 2 |  | 3 at 4"),
            (1_320, "change |  | 3 at 4"),
            (1_440, "round 3 | 4 | 4 at 2"),
            (2_039, "round 3 | 4 | 4 at 2"),
            (2_040, "pause |  | 4 at 2"),
            (17_999, "pause |  | 4 at 2"),
            (18_000, "round 4 | 2 | "),
            (18_599, "round 4 | 2 | "),
            (18_600, "over |  | "),
            (99_999, "over |  | "),
        ] {
            assert_eq!(said(&hours, &meetings, seconds), expected, "{seconds} seconds after nine");
        }
    }

    #[test]
    fn without_time_to_change_one_round_follows_the_other() {
        let (hours, meetings) = (day(0), [meeting(2, 5)]);
        assert_eq!(said(&hours, &meetings, 599), "round 1 |  | 2 at 5");
        assert_eq!(said(&hours, &meetings, 600), "round 2 | 5 | ");
    }

    #[test]
    fn two_representatives_sit_at_two_tables() {
        let mut other = meeting(1, 8);
        (other.canteen.copy, other.supplier.participant) = (2, 20);
        assert_eq!(said(&day(2), &[meeting(1, 7), other], 0), "round 1 | 7+8 | ");
    }

    #[test]
    fn a_day_without_slots_is_over() {
        assert_eq!(moments(&[]).last().unwrap().phase, Phase::Over);
    }

    #[test]
    fn moments_follow_each_other_without_a_gap() {
        for change in [0, 2] {
            let all = moments(&day(change));
            assert!(all.windows(2).all(|pair| pair[0].until == pair[1].from), "{all:?}");
        }
    }
}

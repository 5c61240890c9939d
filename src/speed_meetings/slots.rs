//! The time slots of a day, worked out from its sessions: pure, of the clock on the wall where the hall stands.

use chrono::{DateTime, NaiveDate, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use crate::web::french;

/// How a day is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rhythm {
    /// How long one appointment lasts, in minutes, at least 1.
    pub appointment_minutes: u16,
    /// How long one has to go to the next table, in minutes.
    pub change_over_minutes: u16,
}

/// One session of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// When it begins by the clock on the wall, in minutes since midnight.
    pub starts_at: u16,
    /// How many appointments follow each other, at least 1.
    pub appointments: u16,
}

/// One appointment's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Its number in the day, from 1.
    pub number: usize,
    /// Which session, as given, from 0.
    pub session: usize,
    /// When it begins.
    pub starts_at: DateTime<Tz>,
    /// When it ends.
    pub ends_at: DateTime<Tz>,
}

/// The time between two sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// When the last appointment before it ends.
    pub starts_at: DateTime<Tz>,
    /// When the first after it begins.
    pub ends_at: DateTime<Tz>,
}

/// A day cut into slots.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Day {
    /// In their order.
    pub slots: Vec<Slot>,
    /// Between the sessions, in their order; none where one session follows the other at once.
    pub pauses: Vec<Pause>,
}

/// Why sessions make no day; sessions are counted as they are given, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongDay {
    /// There is no session.
    #[error("no session")]
    Empty,
    /// A session has no appointment, or one lasts no time.
    #[error("session {0} holds nothing")]
    Nothing(usize),
    /// The clocks jump over the hour at which it begins.
    #[error("session {0} begins at an hour that this day does not have")]
    NoSuchHour(usize),
    /// It ends on the next day.
    #[error("session {0} runs past midnight")]
    PastMidnight(usize),
    /// The second begins before the first has ended.
    #[error("session {1} begins before session {0} has ended")]
    Overlap(usize, usize),
}

impl Day {
    /// Cuts a day, at a place in this zone, into the slots of its sessions, which may be given in any order. Appointments last
    /// as long as they say even on the night when clocks change.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn cut(day: NaiveDate, zone: Tz, rhythm: Rhythm, sessions: &[Stretch]) -> Result<Self, WrongDay> {
        if sessions.is_empty() {
            return Err(WrongDay::Empty);
        }
        let mut stretches = Vec::with_capacity(sessions.len());
        for (place, session) in sessions.iter().enumerate() {
            stretches.push((place, session, beginning(day, zone, place, *session, rhythm)?));
        }
        stretches.sort_by_key(|(place, _, starts_at)| (*starts_at, *place));
        let mut cut = Self::default();
        let mut before: Option<(usize, DateTime<Tz>)> = None;
        for (place, session, starts_at) in stretches {
            if let Some((other, ended)) = before {
                if starts_at < ended {
                    return Err(WrongDay::Overlap(other, place));
                }
                if starts_at > ended {
                    cut.pauses.push(Pause { starts_at: ended, ends_at: starts_at });
                }
            }
            let last = cut.push(place, starts_at, rhythm, session.appointments);
            if last.date_naive() != day {
                return Err(WrongDay::PastMidnight(place));
            }
            before = Some((place, last));
        }
        Ok(cut)
    }

    /// A slot by its number, from 1.
    #[must_use]
    pub fn slot(&self, number: i32) -> Option<&Slot> {
        usize::try_from(number).ok()?.checked_sub(1).and_then(|place| self.slots.get(place))
    }

    /// Adds the slots of a session and says when the last ends.
    fn push(&mut self, session: usize, begins: DateTime<Tz>, rhythm: Rhythm, appointments: u16) -> DateTime<Tz> {
        let minutes = |count: u16| TimeDelta::minutes(i64::from(count));
        let mut ends_at = begins;
        for place in 0..i32::from(appointments) {
            let starts_at =
                begins + (minutes(rhythm.appointment_minutes) + minutes(rhythm.change_over_minutes)) * place;
            ends_at = starts_at + minutes(rhythm.appointment_minutes);
            self.slots.push(Slot { number: self.slots.len() + 1, session, starts_at, ends_at });
        }
        ends_at
    }

    /// When the first appointment begins and the last one ends.
    #[must_use]
    pub fn span(&self) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let (first, last) = self.slots.first().zip(self.slots.last())?;
        Some((first.starts_at.to_utc(), last.ends_at.to_utc()))
    }
}

fn beginning(
    day: NaiveDate,
    zone: Tz,
    place: usize,
    session: Stretch,
    rhythm: Rhythm,
) -> Result<DateTime<Tz>, WrongDay> {
    if session.appointments == 0 || rhythm.appointment_minutes == 0 {
        return Err(WrongDay::Nothing(place));
    }
    let wall = day.and_hms_opt(u32::from(session.starts_at / 60), u32::from(session.starts_at % 60), 0);
    let wall = wall.ok_or(WrongDay::PastMidnight(place))?;
    zone.from_local_datetime(&wall).earliest().ok_or(WrongDay::NoSuchHour(place))
}

/// When a slot of a day begins: « 10 h 12 », or « créneau 12 » of a day that has no such slot.
pub(super) fn begins(day: &Day, number: i32) -> String {
    day.slot(number).map_or_else(|| format!("créneau {number}"), |slot| french::time(slot.starts_at.time()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PARIS: Tz = chrono_tz::Europe::Paris;
    const RHYTHM: Rhythm = Rhythm { appointment_minutes: 10, change_over_minutes: 2 };

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2027, month, day).unwrap()
    }

    fn stretch(hours: u16, minutes: u16, appointments: u16) -> Stretch {
        Stretch { starts_at: hours * 60 + minutes, appointments }
    }

    fn shown(at: DateTime<Tz>) -> String {
        at.format("%H:%M").to_string()
    }

    #[test]
    fn a_morning_and_an_afternoon_with_lunch_between() {
        let sessions = [stretch(14, 0, 2), stretch(9, 30, 3)];
        let cut = Day::cut(day(5, 20), PARIS, RHYTHM, &sessions).unwrap();
        let slots: Vec<_> = cut
            .slots
            .iter()
            .map(|slot| (slot.number, slot.session, shown(slot.starts_at), shown(slot.ends_at)))
            .collect();
        let expected = [
            (1, 1, "09:30", "09:40"),
            (2, 1, "09:42", "09:52"),
            (3, 1, "09:54", "10:04"),
            (4, 0, "14:00", "14:10"),
            (5, 0, "14:12", "14:22"),
        ];
        assert_eq!(
            slots,
            expected.map(|(number, session, from, to)| (number, session, from.to_owned(), to.to_owned()))
        );
        assert_eq!(cut.pauses.len(), 1);
        assert_eq!((shown(cut.pauses[0].starts_at), shown(cut.pauses[0].ends_at)), ("10:04".into(), "14:00".into()));
        assert_eq!(cut.span().unwrap().0.to_rfc3339(), "2027-05-20T07:30:00+00:00", "summer in Le Puy");
    }

    #[test]
    fn what_makes_no_day_is_refused() {
        let cut = |sessions: &[Stretch]| Day::cut(day(5, 20), PARIS, RHYTHM, sessions);
        assert_eq!(cut(&[]), Err(WrongDay::Empty));
        assert_eq!(cut(&[stretch(9, 0, 0)]), Err(WrongDay::Nothing(0)));
        assert_eq!(cut(&[stretch(9, 0, 5), stretch(9, 57, 1)]), Err(WrongDay::Overlap(0, 1)));
        assert!(cut(&[stretch(9, 0, 5), stretch(9, 58, 1)]).unwrap().pauses.is_empty(), "one after the other at once");
        assert_eq!(cut(&[stretch(23, 50, 1)]), Err(WrongDay::PastMidnight(0)), "midnight is another day");
        assert!(cut(&[stretch(23, 49, 1)]).is_ok());
        assert_eq!(cut(&[stretch(24, 0, 1)]), Err(WrongDay::PastMidnight(0)));
        let night = Day::cut(day(3, 28), PARIS, RHYTHM, &[stretch(2, 30, 1)]);
        assert_eq!(night, Err(WrongDay::NoSuchHour(0)), "the clocks jump from two to three");
    }

    #[test]
    fn appointments_keep_their_length_when_the_clocks_change() {
        let cut = Day::cut(day(3, 28), PARIS, RHYTHM, &[stretch(1, 48, 2)]).unwrap();
        assert_eq!((shown(cut.slots[0].ends_at), shown(cut.slots[1].starts_at)), ("01:58".into(), "03:00".into()));
        assert_eq!(cut.slots[1].starts_at - cut.slots[0].ends_at, TimeDelta::minutes(2));
    }

    fn days() -> impl Strategy<Value = (Rhythm, Vec<Stretch>)> {
        let rhythm = (1u16..40, 0u16..15)
            .prop_map(|(appointment_minutes, change_over_minutes)| Rhythm { appointment_minutes, change_over_minutes });
        let sessions = (0u16..1440, 1u16..12).prop_map(|(starts_at, appointments)| Stretch { starts_at, appointments });
        (rhythm, proptest::collection::vec(sessions, 1..5))
    }

    /// When a session ends, in minutes since midnight.
    fn end(rhythm: Rhythm, session: Stretch) -> u32 {
        let (length, change) = (u32::from(rhythm.appointment_minutes), u32::from(rhythm.change_over_minutes));
        let count = u32::from(session.appointments);
        u32::from(session.starts_at) + count * length + (count - 1) * change
    }

    proptest! {
        #[test]
        fn a_day_is_cut_exactly_when_its_sessions_fit((rhythm, sessions) in days()) {
            let ends: Vec<(u32, u32)> = sessions.iter().map(|one| (u32::from(one.starts_at), end(rhythm, *one))).collect();
            let late = ends.iter().any(|(_, end)| *end >= 24 * 60);
            let meet = (0..ends.len()).any(|a| (0..a).any(|b| ends[a].0 < ends[b].1 && ends[b].0 < ends[a].1));
            let cut = Day::cut(day(5, 20), PARIS, rhythm, &sessions);
            prop_assert_eq!(cut.is_ok(), !late && !meet, "{:?}", cut);
        }

        #[test]
        fn slots_follow_each_other_and_pauses_fill_what_is_between((rhythm, sessions) in days()) {
            let Ok(cut) = Day::cut(day(5, 20), PARIS, rhythm, &sessions) else { return Ok(()) };
            let asked: usize = sessions.iter().map(|one| usize::from(one.appointments)).sum();
            prop_assert_eq!(cut.slots.len(), asked);
            let (length, change) =
                (TimeDelta::minutes(rhythm.appointment_minutes.into()), TimeDelta::minutes(rhythm.change_over_minutes.into()));
            for slot in &cut.slots {
                prop_assert_eq!(slot.ends_at - slot.starts_at, length);
                prop_assert_eq!(slot.starts_at.date_naive(), day(5, 20));
            }
            let mut pauses = cut.pauses.iter();
            for (place, pair) in cut.slots.windows(2).enumerate() {
                prop_assert_eq!(pair[0].number, place + 1);
                let between = pair[1].starts_at - pair[0].ends_at;
                if pair[0].session == pair[1].session {
                    prop_assert_eq!(between, change);
                } else if between > TimeDelta::zero() {
                    let pause = pauses.next();
                    prop_assert_eq!(pause, Some(&Pause { starts_at: pair[0].ends_at, ends_at: pair[1].starts_at }));
                } else {
                    prop_assert_eq!(between, TimeDelta::zero());
                }
            }
            prop_assert_eq!(pauses.next(), None);
        }
    }
}

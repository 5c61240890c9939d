use std::fmt;

use chrono::{DateTime, Days, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::Tz;

/// How often something is done. Days and hours are those of the clock on the wall where the territory lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Every {
    /// So many minutes after the last time.
    Minutes(u32),
    /// Each day at this time.
    Day(NaiveTime),
    /// Each week on this day at this time.
    Week(Weekday, NaiveTime),
}

impl Every {
    /// Each day at this hour and minute; midnight for a time that no clock shows.
    #[must_use]
    pub fn day_at(hour: u32, minute: u32) -> Self {
        Self::Day(NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default())
    }

    /// The first time after `after`. A time that the clock skips is the first one after the gap; of a time that it shows
    /// twice, the first: each day has one.
    #[must_use]
    pub fn next(self, zone: Tz, after: DateTime<Utc>) -> DateTime<Utc> {
        let (time, weekday) = match self {
            Self::Minutes(minutes) => return after + TimeDelta::minutes(i64::from(minutes.max(1))),
            Self::Day(time) => (time, None),
            Self::Week(weekday, time) => (time, Some(weekday)),
        };
        let today = after.with_timezone(&zone).date_naive();
        let days = (0..=8).filter_map(|n| today.checked_add_days(Days::new(n)));
        let fitting = days.filter(|day| weekday.is_none_or(|weekday| chrono::Datelike::weekday(day) == weekday));
        let mut times = fitting.map(|day: NaiveDate| instant(zone, day.and_time(time)));
        times.find(|&at| at > after).unwrap_or(after + TimeDelta::days(1))
    }
}

/// A gap is an hour, and in one zone of the Pacific it was a day.
fn instant(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    let shown = (0..=24 * 60).map(|minute| zone.from_local_datetime(&(local + TimeDelta::minutes(minute))));
    let mut shown = shown.filter_map(|found| match found {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Some(at.to_utc()),
        LocalResult::None => None,
    });
    shown.next().unwrap_or_else(|| local.and_utc())
}

impl fmt::Display for Every {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Minutes(minutes) => write!(f, "every {minutes} min"),
            Self::Day(time) => write!(f, "daily {}", time.format("%H:%M")),
            Self::Week(day, time) => write!(f, "{day} {}", time.format("%H:%M")),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::{Europe::Paris, Indian::Reunion, Pacific::Tahiti};
    use proptest::prelude::*;

    use super::*;

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_daily_time_stays_on_the_wall_when_the_clock_changes() {
        let evening = Every::day_at(18, 0);
        assert_eq!(evening.next(Paris, utc("2027-03-27T17:00:00Z")), utc("2027-03-28T16:00:00Z"));
        assert_eq!(evening.next(Paris, utc("2027-10-30T16:00:00Z")), utc("2027-10-31T17:00:00Z"));
    }

    #[test]
    fn a_time_that_is_skipped_comes_just_after_and_one_that_is_shown_twice_comes_once() {
        let night = Every::day_at(2, 30);
        assert_eq!(night.next(Paris, utc("2027-03-28T00:00:00Z")), utc("2027-03-28T01:00:00Z"));
        let first = night.next(Paris, utc("2027-10-30T22:00:00Z"));
        assert_eq!(first, utc("2027-10-31T00:30:00Z"));
        assert_eq!(night.next(Paris, first), utc("2027-11-01T01:30:00Z"));
    }

    #[test]
    fn overseas_zones_have_their_own_day() {
        let night = Every::day_at(3, 30);
        assert_eq!(night.next(Reunion, utc("2027-03-28T00:00:00Z")), utc("2027-03-28T23:30:00Z"));
        assert_eq!(night.next(Tahiti, utc("2027-03-28T00:00:00Z")), utc("2027-03-28T13:30:00Z"));
    }

    #[test]
    fn a_week_later_is_the_same_day_of_the_week() {
        let monday = Every::Week(Weekday::Mon, NaiveTime::from_hms_opt(8, 0, 0).unwrap());
        assert_eq!(monday.next(Paris, utc("2027-03-16T07:30:00Z")), utc("2027-03-22T07:00:00Z"));
        assert_eq!(monday.next(Paris, utc("2027-03-22T07:00:00Z")), utc("2027-03-29T06:00:00Z"));
    }

    proptest! {
        #[test]
        fn the_next_time_is_later_and_within_two_days(minute in 0_i64..4_000_000, hour in 0_u32..24, zone in 0_usize..4) {
            let zone = [Paris, Reunion, Tahiti, chrono_tz::America::Miquelon][zone];
            let after = utc("2024-01-01T00:00:00Z") + TimeDelta::minutes(minute);
            let next = Every::day_at(hour, 30).next(zone, after);
            prop_assert!(next > after && next - after <= TimeDelta::hours(49), "{after} {next}");
        }
    }
}

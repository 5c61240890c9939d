//! How long an offered place is kept: the longer before the visit, the longer; and never until a moment at which nobody
//! reads mail.

use chrono::{DateTime, Datelike, Days, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::Tz;

/// From when on a working day an offer may end, and until when.
const OPENS: NaiveTime = NaiveTime::from_hms_opt(10, 0, 0).unwrap();
const CLOSES: NaiveTime = NaiveTime::from_hms_opt(18, 0, 0).unwrap();

/// Until when a place offered `now` is kept for a visit that begins at `starts_at`, by the clock on the wall of `zone`:
/// two days when it is two weeks away, one when it is four days away, six hours when it is more than a day and a half away,
/// else two; an end in the night or on a weekend is put off to ten o’clock of the next working day, and none lies after
/// `closes_at`. Nothing when registration is over.
pub(super) fn offer_until(
    now: DateTime<Utc>,
    (starts_at, closes_at): (DateTime<Utc>, DateTime<Utc>),
    zone: Tz,
) -> Option<DateTime<Utc>> {
    if now >= closes_at {
        return None;
    }
    let ahead = starts_at - now;
    let hours = match ahead {
        _ if ahead >= TimeDelta::days(14) => 48,
        _ if ahead >= TimeDelta::days(4) => 24,
        _ if ahead >= TimeDelta::hours(36) => 6,
        _ => 2,
    };
    let ends = (now + TimeDelta::hours(hours)).with_timezone(&zone).naive_local();
    let ends = zone.from_local_datetime(&worked(ends)).latest().map(|at| at.to_utc());
    Some(ends.unwrap_or(closes_at).min(closes_at))
}

/// The first moment of a working day from `at` on.
fn worked(at: NaiveDateTime) -> NaiveDateTime {
    let mut day = at.date();
    let mut time = at.time();
    if time > CLOSES {
        day = day + Days::new(1);
        time = OPENS;
    }
    while matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
        day = day + Days::new(1);
        time = OPENS;
    }
    day.and_time(time.max(OPENS))
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use chrono_tz::{Europe::Paris, Indian::Reunion, Tz};

    use super::offer_until;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn kept(now: &str, starts: &str, zone: Tz) -> String {
        let (starts, closes) = (at(starts), at(starts) - chrono::TimeDelta::hours(20));
        offer_until(at(now), (starts, closes), zone)
            .map_or_else(|| "over".to_owned(), |until| until.with_timezone(&zone).format("%a %d %H:%M").to_string())
    }

    #[test]
    fn the_nearer_the_visit_the_shorter_and_never_by_night_on_a_weekend_or_after_the_deadline() {
        let visit = "2027-04-22T08:00:00Z";
        assert_eq!(kept("2027-04-01T09:00:00Z", visit, Paris), "Mon 05 10:00", "Saturday is put off");
        assert_eq!(kept("2027-04-05T09:00:00Z", visit, Paris), "Wed 07 11:00", "two days");
        assert_eq!(kept("2027-04-13T09:00:00Z", visit, Paris), "Wed 14 11:00", "one day");
        assert_eq!(kept("2027-04-20T07:00:00Z", visit, Paris), "Tue 20 15:00", "six hours");
        assert_eq!(kept("2027-04-20T15:00:00Z", visit, Paris), "Wed 21 10:00", "not by night");
        assert_eq!(kept("2027-04-21T08:00:00Z", visit, Paris), "Wed 21 12:00", "two hours");
        assert_eq!(kept("2027-04-21T11:00:00Z", visit, Paris), "Wed 21 14:00", "the deadline comes first");
        assert_eq!(kept("2027-04-21T12:00:00Z", visit, Paris), "over");
    }

    #[test]
    fn the_clock_on_the_wall_counts_on_the_days_it_is_changed_and_overseas() {
        assert_eq!(kept("2027-03-26T16:30:00Z", "2027-03-30T08:00:00Z", Paris), "Mon 29 10:00", "Friday evening");
        assert_eq!(kept("2027-03-26T10:30:00Z", "2027-04-20T08:00:00Z", Reunion), "Mon 29 10:00");
        assert_eq!(kept("2027-03-24T10:30:00Z", "2027-04-20T08:00:00Z", Reunion), "Fri 26 14:30");
    }
}

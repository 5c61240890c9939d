//! What is due before a date: those who come are reminded of it, organisers learn that too few do.

use chrono::{DateTime, Days, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use sea_orm::{DatabaseTransaction, DbErr};

use super::visit_date::{self, State, VisitDate};
use super::{farm_visit, minimum, reminder};
use crate::app::App;
use crate::schedule::{self, Failed, Next};

/// Work that is due before a date.
pub const BEFORE: &str = "farm_visits.before";
/// When people are reminded, by the clock on the wall.
const MORNING: NaiveTime = NaiveTime::from_hms_opt(9, 0, 0).unwrap();
/// How long before the end of registration organisers learn that too few come.
pub(super) const NEAR: TimeDelta = TimeDelta::days(3);

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// Those who come are reminded a week before.
    Week,
    /// They are reminded the day before.
    Eve,
    /// Too few come, and registration ends soon.
    Few,
    /// Too few come, and registration ends.
    Last,
}

impl Step {
    const ALL: [Self; 4] = [Self::Week, Self::Eve, Self::Few, Self::Last];

    fn word(self) -> &'static str {
        match self {
            Self::Week => "week",
            Self::Eve => "eve",
            Self::Few => "few",
            Self::Last => "last",
        }
    }

    fn due(self, date: &VisitDate, zone: Tz) -> DateTime<Utc> {
        match self {
            Self::Week => morning(date, 7, zone),
            Self::Eve => morning(date, 1, zone),
            Self::Few => date.closes_at - NEAR,
            Self::Last => date.closes_at,
        }
    }
}

/// Nine o’clock so many days before a date.
fn morning(date: &VisitDate, days: u64, zone: Tz) -> DateTime<Utc> {
    let day = date.starts_at.with_timezone(&zone).date_naive() - Days::new(days);
    let at = zone.from_local_datetime(&day.and_time(MORNING)).earliest();
    at.map_or(date.starts_at - Days::new(days), |at| at.to_utc())
}

/// Plans what is still to come before a date, whenever its hours are written. Each moment is work of its own: what was planned
/// for other hours finds that they changed; and nobody who writes a date waits for work that waits for the date.
///
/// # Errors
/// What the database said.
pub(super) async fn plan(txn: &DatabaseTransaction, app: &App, date: &VisitDate) -> Result<(), DbErr> {
    for step in Step::ALL {
        let due = step.due(date, app.config.time_zone);
        if due > app.clock.now() {
            schedule::plan(txn, BEFORE, &subject(date.id, step, due), due).await?;
        }
    }
    Ok(())
}

fn subject(date: i64, step: Step, due: DateTime<Utc>) -> String {
    format!("visit_dates/{date}/{}/{}", step.word(), due.timestamp())
}

/// Does what is due before a date, as `plan` named it; nothing when the date moved since, was called off or began.
///
/// # Errors
/// When a mail cannot be written or the database does not answer.
pub async fn before(app: &App, txn: &DatabaseTransaction, named: &str, now: DateTime<Utc>) -> Result<Next, Failed> {
    let key = named.split('/').nth(1).and_then(|key| key.parse().ok());
    let Some(date) = visit_date::lock(txn, key.unwrap_or_default()).await? else { return Ok(Next::Done) };
    let due = |step: Step| step.due(&date, app.config.time_zone);
    let step = Step::ALL.into_iter().find(|step| subject(date.id, *step, due(*step)) == named);
    let Some(step) = step.filter(|_| matches!(date.state, State::Open | State::Closed) && now < date.starts_at) else {
        return Ok(Next::Done);
    };
    let Some(visit) = farm_visit::by_key(txn, date.farm_visit_id).await? else { return Ok(Next::Done) };
    let about = (&visit, &date);
    match step {
        // Whoever reads late reads the later one alone.
        Step::Week if now >= due(Step::Eve) => {}
        Step::Few if now >= due(Step::Last) => {}
        Step::Week | Step::Eve => reminder::remind(txn, app, about, due(step)).await?,
        Step::Few | Step::Last => minimum::warn(txn, app, about, due(step)).await?,
    }
    Ok(Next::Done)
}

#[cfg(test)]
mod tests {
    use chrono::{TimeDelta, Utc};
    use chrono_tz::{Europe::Paris, Indian::Reunion, Tz};

    use super::{Step, VisitDate};

    fn reminded(starts_at: &str, zone: Tz) -> [String; 2] {
        let starts_at: chrono::DateTime<Utc> = starts_at.parse().unwrap();
        let ends_at = starts_at + TimeDelta::hours(2);
        let date = VisitDate { starts_at, ends_at, closes_at: starts_at, ..VisitDate::new(1, starts_at) };
        [Step::Week, Step::Eve].map(|step| step.due(&date, zone).format("%d/%m %H:%M").to_string())
    }

    #[test]
    fn reminders_leave_at_nine_by_the_clock_on_the_wall() {
        assert_eq!(reminded("2027-05-20T07:30:00Z", Paris), ["13/05 07:00", "19/05 07:00"]);
        assert_eq!(reminded("2027-03-28T08:00:00Z", Paris), ["21/03 08:00", "27/03 08:00"], "the day it changes");
        assert_eq!(reminded("2027-03-29T08:00:00Z", Paris), ["22/03 08:00", "28/03 07:00"], "the day after");
        assert_eq!(reminded("2027-10-31T09:00:00Z", Paris), ["24/10 07:00", "30/10 07:00"]);
        assert_eq!(reminded("2027-11-01T09:00:00Z", Paris), ["25/10 07:00", "31/10 08:00"]);
        assert_eq!(reminded("2027-10-30T21:30:00Z", Reunion), ["24/10 05:00", "30/10 05:00"], "Sunday over there");
    }
}

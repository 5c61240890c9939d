//! By how much the day runs late, from which slot on, and its hours then.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use sea_orm::{ActiveValue::Set, DatabaseTransaction, QueryOrder, entity::prelude::*};

use super::turn;
use crate::speed_meetings::plan::Plan;
use crate::speed_meetings::slots::Day;

/// Most minutes that a day may run late.
pub(super) const MOST: i32 = 120;

/// By how much the slots from one on begin later than planned.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "edition_delays")]
pub(super) struct Model {
    /// Which edition.
    #[sea_orm(primary_key, auto_increment = false)]
    pub edition_id: i64,
    /// The first slot it holds for, from 1; those after it too, up to the next row.
    #[sea_orm(primary_key, auto_increment = false)]
    pub from_slot: i32,
    /// 0 to 120, against what was planned.
    pub minutes: i32,
    /// Who said so; none once that account is gone.
    pub changed_by: Option<i64>,
    /// When.
    pub changed_at: DateTimeUtc,
}

/// By how much the slots from one on begin later than planned.
pub(super) type Delay = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// By how many minutes what is to come at an edition is put off.
///
/// # Errors
/// What the database said.
pub(in crate::speed_meetings) async fn minutes_now(db: &impl ConnectionTrait, edition: i64) -> Result<i32, DbErr> {
    Ok(of(db, edition).await?.last().map_or(0, |last| last.minutes))
}

/// One slot of the day as it is really held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hour {
    /// Which slot, from 1.
    pub(super) slot: i32,
    /// Which session, from 0.
    pub(super) session: usize,
    /// When it begins.
    pub(super) from: DateTime<Utc>,
    /// When it ends.
    pub(super) to: DateTime<Utc>,
    /// By how many minutes it begins later than planned.
    pub(super) late: i64,
}

/// The hours of a day that runs late. What was late catches up where there is time between two slots: none begins before the
/// one before it has ended.
pub(super) fn hours(day: &Day, delays: &[Delay]) -> Vec<Hour> {
    let mut hours: Vec<Hour> = Vec::with_capacity(day.slots.len());
    for slot in &day.slots {
        let number = i32::try_from(slot.number).unwrap_or(i32::MAX);
        let delay = delays.iter().filter(|delay| delay.from_slot <= number).max_by_key(|delay| delay.from_slot);
        let minutes = TimeDelta::minutes(delay.map_or(0, |delay| delay.minutes.into()));
        let planned = slot.starts_at.to_utc();
        let ended = hours.last().map_or(planned, |before| before.to);
        let from = (planned + minutes).max(ended);
        let to = from + (slot.ends_at - slot.starts_at);
        hours.push(Hour { slot: number, session: slot.session, from, to, late: (from - planned).num_minutes() });
    }
    hours
}

/// How many slots of a day have begun.
pub(super) fn begun(hours: &[Hour], now: DateTime<Utc>) -> usize {
    hours.iter().take_while(|hour| hour.from <= now).count()
}

/// How many slots of an edition have begun, as late as it runs.
///
/// # Errors
/// What the database said.
pub(in crate::speed_meetings) async fn now_begun(
    db: &impl ConnectionTrait,
    plan: &Plan,
    zone: Tz,
    now: DateTime<Utc>,
) -> Result<usize, DbErr> {
    let day = plan.day(zone).unwrap_or_default();
    Ok(begun(&hours(&day, &of(db, plan.edition.id).await?), now))
}

/// Forgets how late a locked edition runs.
///
/// # Errors
/// What the database said.
pub(super) async fn forget(txn: &DatabaseTransaction, edition: i64) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::EditionId.eq(edition)).exec(txn).await.map(drop)
}

/// What an edition says of it, in the order of its day.
///
/// # Errors
/// What the database said.
pub(super) async fn of(db: &impl ConnectionTrait, edition: i64) -> Result<Vec<Delay>, DbErr> {
    Entity::find().filter(Column::EditionId.eq(edition)).order_by_asc(Column::FromSlot).all(db).await
}

/// Lets the slots from one on begin so many minutes later than planned; false when that was known. The edition is locked.
///
/// # Errors
/// What the database said.
pub(super) async fn shift(
    txn: &DatabaseTransaction,
    edition: i64,
    (from_slot, minutes): (i32, i32),
    by: i64,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let known = of(txn, edition).await?;
    if known.last().map_or(0, |last| last.minutes) == minutes {
        return Ok(false);
    }
    Entity::delete_many()
        .filter(Column::EditionId.eq(edition))
        .filter(Column::FromSlot.gte(from_slot))
        .exec(txn)
        .await?;
    let row = ActiveModel {
        edition_id: Set(edition),
        from_slot: Set(from_slot),
        minutes: Set(minutes),
        changed_by: Set(Some(by)),
        changed_at: Set(now),
    };
    Entity::insert(row).exec_without_returning(txn).await?;
    turn::count(txn, edition).await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::speed_meetings::slots::{Rhythm, Stretch};

    fn day() -> Day {
        let rhythm = Rhythm { appointment_minutes: 10, change_over_minutes: 2 };
        let stretch = |hours: u16, appointments| Stretch { starts_at: hours * 60, appointments };
        let held_on = NaiveDate::from_ymd_opt(2027, 5, 20).unwrap();
        Day::cut(held_on, chrono_tz::Europe::Paris, rhythm, &[stretch(9, 3), stretch(14, 2)]).unwrap()
    }

    fn delay(from_slot: i32, minutes: i32) -> Delay {
        Delay { edition_id: 1, from_slot, minutes, changed_by: None, changed_at: DateTime::UNIX_EPOCH }
    }

    fn said(delays: &[Delay]) -> Vec<String> {
        hours(&day(), delays).iter().map(|hour| format!("{} {}", hour.from.format("%H:%M"), hour.late)).collect()
    }

    #[test]
    fn a_day_that_runs_late_catches_up_where_there_is_time() {
        assert_eq!(said(&[]), ["07:00 0", "07:12 0", "07:24 0", "12:00 0", "12:12 0"]);
        assert_eq!(said(&[delay(2, 5)]), ["07:00 0", "07:17 5", "07:29 5", "12:05 5", "12:17 5"]);
        assert_eq!(said(&[delay(1, 5), delay(4, 0)])[2..], ["07:29 5", "12:00 0", "12:12 0"], "lunch was shorter");
        assert_eq!(said(&[delay(1, 10), delay(2, 0)])[..3], ["07:10 10", "07:20 8", "07:30 6"], "two minutes a slot");
    }

    #[test]
    fn a_slot_has_begun_from_its_first_minute_on() {
        let hours = hours(&day(), &[delay(2, 5)]);
        let at = |minutes: i64| begun(&hours, hours[0].from + TimeDelta::minutes(minutes));
        assert_eq!([at(-1), at(0), at(16), at(17), at(1_000)], [0, 1, 1, 2, 5]);
    }
}

use chrono::{DateTime, Days, Months, NaiveDate, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{DatabaseTransaction, IntoActiveModel, entity::prelude::*};

use super::outcome::is_open;
use crate::speed_meetings::edition::Edition;

/// When deliveries are asked for.
const DELIVERIES: Months = Months::new(3);
/// After so long nobody is asked any more.
const OUTCOMES_END: Days = Days::new(30);
const DELIVERIES_END: Months = Months::new(5);

/// What was asked of everybody after an edition, and when.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "follow_ups")]
pub(super) struct Model {
    /// Which edition.
    #[sea_orm(primary_key, auto_increment = false)]
    pub edition_id: i64,
    /// When it was asked what came of the appointments.
    pub outcomes_asked_at: Option<DateTimeUtc>,
    /// When it was asked what was delivered.
    pub deliveries_asked_at: Option<DateTimeUtc>,
    /// Since when organisers want nothing to be asked.
    pub stopped_at: Option<DateTimeUtc>,
}

/// What was asked of everybody after an edition, and when.
pub(super) type FollowUp = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    /// What came of the appointments.
    Outcomes,
    /// Whether a delivery followed.
    Deliveries,
}

impl Question {
    /// The first and the last day on which it is asked.
    pub(super) fn days(self, held_on: NaiveDate) -> (NaiveDate, NaiveDate) {
        match self {
            Self::Outcomes => (held_on + Days::new(1), held_on + OUTCOMES_END),
            Self::Deliveries => (held_on + DELIVERIES, held_on + DELIVERIES_END),
        }
    }

    /// What tells its mails from those of the other question.
    pub(super) fn number(self) -> u32 {
        match self {
            Self::Outcomes => 1,
            Self::Deliveries => 2,
        }
    }
}

impl Model {
    /// When a question was asked.
    pub(super) fn asked_at(&self, question: Question) -> Option<DateTime<Utc>> {
        match question {
            Question::Outcomes => self.outcomes_asked_at,
            Question::Deliveries => self.deliveries_asked_at,
        }
    }

    /// What is to be asked today.
    pub(super) fn due(&self, edition: &Edition, today: NaiveDate) -> Option<Question> {
        if self.stopped_at.is_some() || !is_open(edition) {
            return None;
        }
        [Question::Outcomes, Question::Deliveries].into_iter().find(|question| {
            let (first, last) = question.days(edition.held_on);
            self.asked_at(*question).is_none() && first <= today && today <= last
        })
    }
}

/// What was asked after an edition.
///
/// # Errors
/// What the database said.
pub(super) async fn of(db: &impl ConnectionTrait, edition: i64) -> Result<FollowUp, DbErr> {
    let blank = Model { edition_id: edition, outcomes_asked_at: None, deliveries_asked_at: None, stopped_at: None };
    Ok(Entity::find_by_id(edition).one(db).await?.unwrap_or(blank))
}

/// Whether anything was asked after an edition.
///
/// # Errors
/// What the database said.
pub(in crate::speed_meetings) async fn was_asked(db: &impl ConnectionTrait, edition: i64) -> Result<bool, DbErr> {
    let row = of(db, edition).await?;
    Ok(row.outcomes_asked_at.or(row.deliveries_asked_at).is_some())
}

/// Writes down that a question is asked; the edition must be locked.
///
/// # Errors
/// What the database said.
pub(super) async fn mark(
    txn: &DatabaseTransaction,
    mut row: FollowUp,
    question: Question,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    match question {
        Question::Outcomes => row.outcomes_asked_at = Some(now),
        Question::Deliveries => row.deliveries_asked_at = Some(now),
    }
    write(txn, row).await
}

/// Writes down that nothing more is to be asked, or that it is; the edition must be locked. False when it is so already.
///
/// # Errors
/// What the database said.
pub(super) async fn stop(
    txn: &DatabaseTransaction,
    edition: i64,
    is_stopped: bool,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let mut row = of(txn, edition).await?;
    if row.stopped_at.is_some() == is_stopped {
        return Ok(false);
    }
    row.stopped_at = is_stopped.then_some(now);
    write(txn, row).await.map(|()| true)
}

async fn write(txn: &DatabaseTransaction, row: FollowUp) -> Result<(), DbErr> {
    let said = [Column::OutcomesAskedAt, Column::DeliveriesAskedAt, Column::StoppedAt];
    let known = OnConflict::column(Column::EditionId).update_columns(said).to_owned();
    Entity::insert(row.into_active_model().reset_all()).on_conflict(known).exec_without_returning(txn).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speed_meetings::edition::State;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn each_question_is_asked_once_and_in_its_time() {
        let now = DateTime::<Utc>::UNIX_EPOCH;
        let mut edition = Edition::new("Rencontre", day("2027-05-20"), day("2027-03-16"), now);
        let mut known = Model { edition_id: 1, outcomes_asked_at: None, deliveries_asked_at: None, stopped_at: None };
        assert_eq!(known.due(&edition, day("2027-05-21")), None, "not of a day that was not held");
        edition.state = State::Running;
        assert_eq!(known.due(&edition, day("2027-05-20")), None, "not on the day itself");
        assert_eq!(known.due(&edition, day("2027-05-21")), Some(Question::Outcomes));
        edition.state = State::Closed;
        assert_eq!(known.due(&edition, day("2027-06-20")), None, "nor a month later");
        known.outcomes_asked_at = Some(now);
        assert_eq!(known.due(&edition, day("2027-05-21")), None, "once");
        assert_eq!(known.due(&edition, day("2027-08-19")), None);
        assert_eq!(known.due(&edition, day("2027-08-20")), Some(Question::Deliveries));
        known.stopped_at = Some(now);
        assert_eq!(known.due(&edition, day("2027-08-20")), None, "organisers stopped it");
        known.stopped_at = None;
        edition.state = State::FollowedUp;
        assert_eq!(known.due(&edition, day("2027-08-20")), None, "all is known");
    }
}

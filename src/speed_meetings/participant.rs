//! An organisation at an edition: the row, and what it says of its day.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use sea_orm::{DatabaseTransaction, IntoActiveModel, QueryOrder, QuerySelect, entity::prelude::*};

use super::edition::Side;
use crate::web::french;

/// An organisation at an edition.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "participants")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Which edition.
    pub edition_id: i64,
    /// Which organisation; once an edition.
    pub organisation_id: i64,
    /// On which side of the tables.
    pub side: Side,
    /// Whether it comes.
    pub state: Standing,
    /// Its place among those of its side who come, from 1; nobody else has it.
    pub seat: Option<i32>,
    /// Its turn among all who asked: whoever has the lowest moves up first.
    pub turn: i64,
    /// When it asked last.
    pub asked_at: DateTimeUtc,
    /// When it arrives, in minutes since midnight by the clock on the wall; none: when the day begins.
    pub arrives_at: Option<i32>,
    /// When it leaves; none: when the day ends.
    pub leaves_at: Option<i32>,
    /// From when it is away in between; there with the end or not at all.
    pub absent_from: Option<i32>,
    /// Until when.
    pub absent_until: Option<i32>,
    /// From when it is away once more, later or earlier; there with the end or not at all.
    pub absent_again_from: Option<i32>,
    /// Until when.
    pub absent_again_until: Option<i32>,
    /// At how many tables it can sit at once, 1 or 2.
    pub tables_at_once: i32,
    /// How many appointments it wants at least.
    pub minimum_wished: Option<i32>,
    /// How many at most.
    pub maximum_wished: Option<i32>,
    /// Products to show or sought, at most 2,000 characters; may be empty.
    pub words: String,
    /// What it needs to come in and take part, at most 1,000 characters; may be empty.
    pub needs: String,
    /// How many eat there, 0 to 20.
    pub meals: i32,
    /// Rises whenever calendars are to be told otherwise.
    pub sequence: i32,
    /// Rises with every change.
    pub version: i64,
}

/// An organisation at an edition.
pub type Participant = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Whether an organisation comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Standing {
    /// It has a place.
    #[sea_orm(string_value = "registered")]
    Registered,
    /// It waits for one.
    #[sea_orm(string_value = "waiting")]
    Waiting,
    /// It does not come.
    #[sea_orm(string_value = "withdrawn")]
    Withdrawn,
}

impl Standing {
    /// As lists say it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Registered => "inscrit",
            Self::Waiting => "en liste d’attente",
            Self::Withdrawn => "désinscrit",
        }
    }
}

/// What an organisation says of its day; see [`Model`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Coming {
    pub(super) arrives_at: Option<i32>,
    pub(super) leaves_at: Option<i32>,
    /// From and until when it is away in between, once or twice, in the order of the day.
    pub(super) absences: Vec<(i32, i32)>,
    pub(super) tables_at_once: i32,
    pub(super) minimum_wished: Option<i32>,
    pub(super) maximum_wished: Option<i32>,
    pub(super) words: String,
    pub(super) needs: String,
    pub(super) meals: i32,
    /// Who comes, in the order of the form.
    pub(super) names: Vec<String>,
    /// Number of the question and answer.
    pub(super) answers: Vec<(i32, String)>,
}

impl Coming {
    /// What calendars and mails tell of it.
    pub(super) fn hours(&self) -> (Option<i32>, Option<i32>) {
        (self.arrives_at, self.leaves_at)
    }
}

impl Model {
    /// Puts into the row what an organisation says of its day.
    pub(super) fn take(&mut self, coming: &Coming) {
        (self.arrives_at, self.leaves_at) = coming.hours();
        let mut absences = coming.absences.iter().copied();
        (self.absent_from, self.absent_until) = absences.next().unzip();
        (self.absent_again_from, self.absent_again_until) = absences.next().unzip();
        self.tables_at_once = coming.tables_at_once;
        (self.minimum_wished, self.maximum_wished) = (coming.minimum_wished, coming.maximum_wished);
        (self.words, self.needs) = (coming.words.clone(), coming.needs.clone());
        self.meals = coming.meals;
    }

    /// What the row says of its day, without who comes and what was answered.
    pub(super) fn coming(&self) -> Coming {
        Coming {
            arrives_at: self.arrives_at,
            leaves_at: self.leaves_at,
            absences: self.absences(),
            tables_at_once: self.tables_at_once,
            minimum_wished: self.minimum_wished,
            maximum_wished: self.maximum_wished,
            words: self.words.clone(),
            needs: self.needs.clone(),
            meals: self.meals,
            names: Vec::new(),
            answers: Vec::new(),
        }
    }

    /// From and until when it is away in between, in the order of the day, in minutes since midnight.
    pub(super) fn absences(&self) -> Vec<(i32, i32)> {
        let both = [self.absent_from.zip(self.absent_until), self.absent_again_from.zip(self.absent_again_until)];
        both.into_iter().flatten().collect()
    }

    /// When it is there, as it is noted: « arrive à 10 h », « absent de 12 h à 13 h », « part à 15 h ».
    pub(super) fn presence_in_words(&self) -> Vec<String> {
        let hour = |minutes| french::time(clock(minutes));
        let arrives = self.arrives_at.map(|at| format!("arrive à {}", hour(at)));
        let absent = self.absences().into_iter().map(|(from, to)| format!("absent de {} à {}", hour(from), hour(to)));
        let leaves = self.leaves_at.map(|at| format!("part à {}", hour(at)));
        arrives.into_iter().chain(absent).chain(leaves).collect()
    }

    /// Its own span of a day that lasts from one moment to another.
    pub(super) fn span(
        &self,
        (from, to): (DateTime<Utc>, DateTime<Utc>),
        day: NaiveDate,
        zone: Tz,
    ) -> (DateTime<Utc>, DateTime<Utc>) {
        let at =
            |minutes: i32| zone.from_local_datetime(&day.and_time(clock(minutes))).earliest().map(|at| at.to_utc());
        let begins = self.arrives_at.and_then(at).map_or(from, |at| at.max(from));
        let ends = self.leaves_at.and_then(at).map_or(to, |at| at.min(to));
        if begins < ends { (begins, ends) } else { (from, to) }
    }
}

/// A time of the day of so many minutes since midnight.
pub(super) fn clock(minutes: i32) -> NaiveTime {
    let seconds = u32::try_from(minutes).unwrap_or_default() * 60;
    NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0).unwrap_or_default()
}

/// The row of an organisation, whatever its state.
///
/// # Errors
/// What the database said.
pub(super) async fn of_organisation(
    db: &impl ConnectionTrait,
    edition: i64,
    organisation: i64,
) -> Result<Option<Participant>, DbErr> {
    let own = Entity::find().filter(Column::EditionId.eq(edition)).filter(Column::OrganisationId.eq(organisation));
    own.one(db).await
}

/// A row by its key.
///
/// # Errors
/// What the database said.
pub(super) async fn by_key(db: &impl ConnectionTrait, key: i64) -> Result<Option<Participant>, DbErr> {
    Entity::find_by_id(key).one(db).await
}

/// All who are or were to come, in the order of their turns.
///
/// # Errors
/// What the database said.
pub(super) async fn of(db: &impl ConnectionTrait, edition: i64) -> Result<Vec<Participant>, DbErr> {
    Entity::find().filter(Column::EditionId.eq(edition)).order_by_asc(Column::Turn).all(db).await
}

/// Those of a side in a state, in the order of their turns.
///
/// # Errors
/// What the database said.
pub(super) async fn in_state(
    db: &impl ConnectionTrait,
    edition: i64,
    side: Side,
    state: Standing,
) -> Result<Vec<Participant>, DbErr> {
    let own = Entity::find().filter(Column::EditionId.eq(edition)).filter(Column::Side.eq(side));
    own.filter(Column::State.eq(state)).order_by_asc(Column::Turn).all(db).await
}

/// The place in its waiting list of one who waits, from 1.
///
/// # Errors
/// What the database said.
pub(super) async fn place(db: &impl ConnectionTrait, participant: &Participant) -> Result<u64, DbErr> {
    use sea_orm::PaginatorTrait;
    let before = Entity::find().filter(Column::EditionId.eq(participant.edition_id));
    let before = before.filter(Column::Side.eq(participant.side)).filter(Column::State.eq(Standing::Waiting));
    Ok(before.filter(Column::Turn.lt(participant.turn)).count(db).await? + 1)
}

/// The turn of whoever asks next; the edition must be locked.
///
/// # Errors
/// What the database said.
pub(super) async fn next_turn(txn: &DatabaseTransaction, edition: i64) -> Result<i64, DbErr> {
    let last = Entity::find().select_only().column_as(Column::Turn.max(), "turn");
    let last: Option<Option<i64>> = last.filter(Column::EditionId.eq(edition)).into_tuple().one(txn).await?;
    Ok(last.flatten().unwrap_or_default() + 1)
}

/// Writes a row; one that is new gets its key.
///
/// # Errors
/// What the database said.
pub(super) async fn write(txn: &DatabaseTransaction, participant: &Participant) -> Result<Participant, DbErr> {
    let mut row = participant.clone().into_active_model().reset_all();
    if participant.id == 0 {
        row.id = sea_orm::ActiveValue::NotSet;
        return row.insert(txn).await;
    }
    row.update(txn).await
}

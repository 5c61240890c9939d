//! Who is there, as the desk at the door wrote it down. Of whom there is no row is expected.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, IntoActiveModel, QuerySelect, QueryTrait, entity::prelude::*};

use super::{delay, turn};
use crate::speed_meetings::edition;
use crate::speed_meetings::participant::{self, Participant};

/// What the desk knows of a participant.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "presences")]
pub(in crate::speed_meetings) struct Model {
    /// Which participant.
    #[sea_orm(primary_key, auto_increment = false)]
    pub participant_id: i64,
    /// What is known.
    pub state: State,
    /// When one who is late will be there, in minutes since midnight by the clock on the wall.
    pub expected_at: Option<i32>,
    /// When one who does not stay to the end leaves, likewise.
    pub leaves_at: Option<i32>,
    /// Who wrote it down; none once that account is gone.
    pub changed_by: Option<i64>,
    /// When.
    pub changed_at: DateTimeUtc,
    /// Rises with every change.
    pub version: i64,
}

/// What the desk knows of a participant.
pub(in crate::speed_meetings) type Presence = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(in crate::speed_meetings) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What is known of one who was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub(in crate::speed_meetings) enum State {
    /// In the room.
    #[sea_orm(string_value = "arrived")]
    Arrived,
    /// Does not come.
    #[sea_orm(string_value = "no_show")]
    NoShow,
    /// Comes later.
    #[sea_orm(string_value = "late")]
    Late,
}

/// What the desk says of a participant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::speed_meetings) enum Said {
    /// In the room.
    Arrived,
    /// Does not come.
    NoShow,
    /// Comes at so many minutes since midnight.
    Late(i32),
    /// Leaves at so many minutes since midnight: soon, or it is gone already.
    Leaves(i32),
}

/// When a participant is missing, as far as the desk knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::speed_meetings) enum Away {
    /// Does not come at all.
    AllDay,
    /// Is there from one time to another, each in minutes since midnight; none: from the beginning, to the end.
    But {
        /// When it comes.
        comes_at: Option<i32>,
        /// When it leaves.
        leaves_at: Option<i32>,
    },
}

impl Model {
    /// Whether and when it is missing.
    pub(in crate::speed_meetings) fn away(&self) -> Option<Away> {
        match (self.state, self.expected_at, self.leaves_at) {
            (State::NoShow, ..) => Some(Away::AllDay),
            (_, None, None) => None,
            (_, comes_at, leaves_at) => Some(Away::But { comes_at, leaves_at }),
        }
    }
}

/// What is known of the participants of an edition, by key.
///
/// # Errors
/// What the database said.
pub(in crate::speed_meetings) async fn of(
    db: &impl ConnectionTrait,
    edition: i64,
) -> Result<BTreeMap<i64, Presence>, DbErr> {
    let own = participant::Entity::find().select_only().column(participant::Column::Id);
    let own = own.filter(participant::Column::EditionId.eq(edition)).into_query();
    let rows = Entity::find().filter(Column::ParticipantId.in_subquery(own)).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.participant_id, row)).collect())
}

/// Whether anybody was noted at the door of an edition.
///
/// # Errors
/// What the database said.
pub(in crate::speed_meetings) async fn is_noted(db: &impl ConnectionTrait, edition: i64) -> Result<bool, DbErr> {
    Ok(!of(db, edition).await?.is_empty())
}

/// Writes down what the desk says of a participant of a locked edition; false when that was known.
///
/// Two desks may say different things: what is said last is true.
///
/// # Errors
/// What the database said.
pub(in crate::speed_meetings) async fn say(
    txn: &DatabaseTransaction,
    participant: &Participant,
    said: Said,
    by: i64,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let known = Entity::find_by_id(participant.id).one(txn).await?;
    // Who does not come neither arrives later nor leaves.
    let comes = known.as_ref().filter(|known| known.state != State::NoShow);
    let leaves_at = comes.and_then(|known| known.leaves_at);
    let (state, expected_at, leaves_at) = match said {
        Said::Arrived => (State::Arrived, None, leaves_at),
        Said::NoShow => (State::NoShow, None, None),
        Said::Late(minutes) => (State::Late, Some(minutes), leaves_at),
        Said::Leaves(minutes) => {
            let (state, expected_at) = comes.map_or((State::Arrived, None), |known| (known.state, known.expected_at));
            (state, expected_at, Some(minutes))
        }
    };
    let says = |known: &Presence| (known.state, known.expected_at, known.leaves_at);
    if known.as_ref().map(says) == Some((state, expected_at, leaves_at)) {
        return Ok(false);
    }
    let row = ActiveModel {
        participant_id: Set(participant.id),
        state: Set(state),
        expected_at: Set(expected_at),
        leaves_at: Set(leaves_at),
        changed_by: Set(Some(by)),
        // When she came stays, whatever is said later of when she leaves.
        changed_at: Set(known
            .as_ref()
            .filter(|known| known.state == state && state == State::Arrived)
            .map_or(now, |known| known.changed_at)),
        version: Set(known.as_ref().map_or(1, |known| known.version + 1)),
    };
    let written = match &known {
        None => row.insert(txn).await?,
        Some(_) => row.update(txn).await?,
    };
    note(txn, participant.edition_id, known.and_then(|known| known.away()) != written.away()).await?;
    Ok(true)
}

/// Forgets what was said of a participant of a locked edition, as long as it is what one saw: a desk that did not know
/// better takes back nothing. False when it is something else by now.
///
/// # Errors
/// What the database said.
pub(in crate::speed_meetings) async fn take_back(
    txn: &DatabaseTransaction,
    participant: &Participant,
    seen: i64,
) -> Result<bool, DbErr> {
    let Some(known) = Entity::find_by_id(participant.id).one(txn).await? else { return Ok(false) };
    if known.version != seen {
        return Ok(false);
    }
    let was_away = known.away().is_some();
    Entity::delete_by_id(participant.id).exec(txn).await?;
    note(txn, participant.edition_id, was_away).await?;
    Ok(true)
}

/// Forgets that a participant of a locked edition leaves, as long as what is known is what one saw; false otherwise.
///
/// # Errors
/// What the database said.
pub(in crate::speed_meetings) async fn keep_to_the_end(
    txn: &DatabaseTransaction,
    participant: &Participant,
    seen: i64,
) -> Result<bool, DbErr> {
    let known = Entity::find_by_id(participant.id).one(txn).await?;
    let Some(known) = known.filter(|known| known.version == seen && known.leaves_at.is_some()) else {
        return Ok(false);
    };
    let version = known.version + 1;
    let row = ActiveModel { leaves_at: Set(None), version: Set(version), ..known.into_active_model() };
    row.update(txn).await?;
    note(txn, participant.edition_id, true).await?;
    Ok(true)
}

/// Forgets all that was said in a rehearsal of a locked edition.
///
/// # Errors
/// What the database said.
pub(in crate::speed_meetings) async fn forget_all(txn: &DatabaseTransaction, edition: i64) -> Result<(), DbErr> {
    delay::forget(txn, edition).await?;
    let known: Vec<i64> = of(txn, edition).await?.into_keys().collect();
    Entity::delete_many().filter(Column::ParticipantId.is_in(known)).exec(txn).await?;
    note(txn, edition, true).await
}

/// Tells open pages: those of desks always, those of people who take part when somebody they meet is missing or is back.
async fn note(txn: &DatabaseTransaction, edition: i64, changes_days: bool) -> Result<(), DbErr> {
    if changes_days { turn::count(txn, edition).await } else { edition::stir(txn, edition).await }
}

//! The history of who came: each note that was sent, by whom, and what became of it. A note that is sent again is
//! answered from here.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseTransaction,
    entity::prelude::*,
};

use super::attendance::{Note, Of};

/// A note that was sent.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attendance_notes")]
pub(super) struct Model {
    /// Key, in the order in which they arrived.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// About which date.
    pub visit_date_id: i64,
    /// The key that its telephone gave it.
    pub note_key: String,
    /// Of which registration.
    pub registration_id: Option<i64>,
    /// Of whom who walked in.
    pub walk_in_key: Option<String>,
    /// How many came; nothing when it takes back what was noted.
    pub came: Option<i32>,
    /// What became of it.
    pub outcome: Outcome,
    /// When it was said.
    pub said_at: DateTimeUtc,
    /// Who sent it.
    pub made_by: Option<i64>,
    /// When it arrived.
    pub made_at: DateTimeUtc,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What became of a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub(super) enum Outcome {
    /// It is so.
    #[sea_orm(string_value = "kept")]
    Kept,
    /// Another telephone said otherwise later.
    #[sea_orm(string_value = "overtaken")]
    Overtaken,
    /// Nobody of that date is meant: the registration moved to another date, or went.
    #[sea_orm(string_value = "unknown")]
    Unknown,
    /// More than can come along.
    #[sea_orm(string_value = "too_many")]
    TooMany,
    /// The date does not take place.
    #[sea_orm(string_value = "called_off")]
    CalledOff,
}

impl Outcome {
    /// Why it is not written down; nothing when it needs no word.
    pub(super) fn refusal(self) -> Option<&'static str> {
        match self {
            Self::Kept | Self::Overtaken => None,
            Self::Unknown => Some("cette inscription n’est plus à cette date."),
            Self::TooMany => {
                Some("c’est plus de personnes que possible. Ajoutez les autres comme venues sans inscription.")
            }
            Self::CalledOff => Some("la date est annulée, ou encore en brouillon."),
        }
    }
}

/// What became of a note that was sent before.
///
/// # Errors
/// What the database said.
pub(super) async fn answered(txn: &DatabaseTransaction, date: i64, key: &str) -> Result<Option<Outcome>, DbErr> {
    let own = Entity::find().filter(Column::VisitDateId.eq(date)).filter(Column::NoteKey.eq(key));
    Ok(own.one(txn).await?.map(|known| known.outcome))
}

/// Remembers a note with what became of it.
///
/// # Errors
/// What the database said.
pub(super) async fn remember(
    txn: &DatabaseTransaction,
    date: i64,
    note: &Note,
    outcome: Outcome,
    by: Option<i64>,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let (registration_id, walk_in_key) = match &note.of {
        Of::Registration(key) => {
            // One that was not found cannot be named.
            let is_found = matches!(outcome, Outcome::Kept | Outcome::Overtaken | Outcome::TooMany);
            (is_found.then_some(*key), None)
        }
        Of::WalkIn(key) | Of::NewWalkIn(key, _) => (None, Some(key.clone())),
    };
    let row = ActiveModel {
        id: NotSet,
        visit_date_id: Set(date),
        note_key: Set(note.key.clone()),
        registration_id: Set(registration_id),
        walk_in_key: Set(walk_in_key),
        came: Set(note.came),
        outcome: Set(outcome),
        said_at: Set(note.said_at),
        made_by: Set(by),
        made_at: Set(now),
    };
    Entity::insert(row).exec_without_returning(txn).await.map(drop)
}

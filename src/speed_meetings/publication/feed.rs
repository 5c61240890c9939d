//! The calendar of a participant's own appointments: whoever knows its address reads it, so the address can be changed.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, entity::prelude::*, sea_query::OnConflict};

use crate::app::digest;

/// The address of a participant's calendar.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "planning_feeds")]
pub(super) struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub participant_id: i64,
    /// Hash of the address's token, which is kept nowhere.
    pub token_hash: String,
    /// Since when.
    pub opened_at: DateTimeUtc,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Gives a participant's calendar this token; the one before ends.
///
/// # Errors
/// What the database said.
pub(super) async fn open(
    txn: &DatabaseTransaction,
    participant: i64,
    token: &str,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let hash = digest(token.as_bytes());
    let row = ActiveModel { participant_id: Set(participant), token_hash: Set(hash), opened_at: Set(now) };
    let mut anew = OnConflict::column(Column::ParticipantId);
    anew.update_columns([Column::TokenHash, Column::OpenedAt]);
    Entity::insert(row).on_conflict(anew).exec_without_returning(txn).await.map(drop)
}

/// Since when a participant's calendar can be read, when it can.
///
/// # Errors
/// What the database said.
pub(super) async fn open_since(db: &impl ConnectionTrait, participant: i64) -> Result<Option<DateTime<Utc>>, DbErr> {
    Ok(Entity::find_by_id(participant).one(db).await?.map(|feed| feed.opened_at))
}

/// Whose calendar a token opens.
///
/// # Errors
/// What the database said.
pub(super) async fn of_token(db: &impl ConnectionTrait, token: &str) -> Result<Option<i64>, DbErr> {
    let feed = Entity::find().filter(Column::TokenHash.eq(digest(token.as_bytes()))).one(db).await?;
    Ok(feed.map(|feed| feed.participant_id))
}

/// Nobody reads a participant's calendar any more.
///
/// # Errors
/// What the database said.
pub(super) async fn close(txn: &DatabaseTransaction, participant: i64) -> Result<(), DbErr> {
    Entity::delete_by_id(participant).exec(txn).await.map(drop)
}

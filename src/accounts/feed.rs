//! A calendar of one's own that a telephone reads: whoever knows its address reads it, so the address can be changed.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, entity::prelude::*, sea_query::OnConflict};

use super::person::{self, Person};
use super::secret::hash;

/// The address of a person's calendar.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "calendar_feeds")]
pub(super) struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: i64,
    /// Hash of the address's token.
    pub token_hash: String,
    /// Since when.
    pub created_at: DateTimeUtc,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Gives a person's calendar this token; the one before ends.
///
/// # Errors
/// What the database said.
pub(super) async fn open(
    txn: &DatabaseTransaction,
    person: &Person,
    token: &str,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let row = ActiveModel { person_id: Set(person.id), token_hash: Set(hash(token)), created_at: Set(now) };
    let anew = OnConflict::column(Column::PersonId).update_columns([Column::TokenHash, Column::CreatedAt]).to_owned();
    Entity::insert(row).on_conflict(anew).exec_without_returning(txn).await.map(drop)
}

/// Since when a person's calendar can be read, when it can.
///
/// # Errors
/// What the database said.
pub(super) async fn open_since(db: &impl ConnectionTrait, person: &Person) -> Result<Option<DateTime<Utc>>, DbErr> {
    Ok(Entity::find_by_id(person.id).one(db).await?.map(|feed| feed.created_at))
}

/// Whose calendar a token opens.
///
/// # Errors
/// What the database said.
pub(super) async fn of_token(db: &impl ConnectionTrait, token: &str) -> Result<Option<Person>, DbErr> {
    let Some(feed) = Entity::find().filter(Column::TokenHash.eq(hash(token))).one(db).await? else { return Ok(None) };
    person::by_id(db, feed.person_id).await
}

/// Nobody reads a person's calendar any more.
///
/// # Errors
/// What the database said.
pub(super) async fn close(txn: &DatabaseTransaction, person: &Person) -> Result<(), DbErr> {
    Entity::delete_by_id(person.id).exec(txn).await.map(drop)
}

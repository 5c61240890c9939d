use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseTransaction, DbBackend, QueryOrder, QuerySelect,
    entity::prelude::*,
    sea_query::OnConflict,
};

use super::organisation::Stays;
use crate::mail::EmailAddress;

/// Somebody who may sign in.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "people")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Where sign-in mails go; nobody else has it.
    #[sea_orm(unique)]
    pub email: String,
    /// As others read it; may be empty.
    pub name: String,
    /// Whether the person runs the territory.
    pub is_organiser: bool,
    /// First invited.
    pub created_at: DateTimeUtc,
    /// Last seen, to the hour.
    pub last_seen_at: Option<DateTimeUtc>,
    /// When she was told that her account would be erased unless she comes back.
    pub inactivity_warned_at: Option<DateTimeUtc>,
}

/// Somebody who may sign in.
pub type Person = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The name, or the address of who has not given one.
    #[must_use]
    pub fn called(&self) -> &str {
        if self.name.is_empty() { &self.email } else { &self.name }
    }
}

/// The person who has this address.
///
/// # Errors
/// What the database said.
pub(super) async fn by_email(db: &impl ConnectionTrait, email: &EmailAddress) -> Result<Option<Person>, DbErr> {
    Entity::find().filter(Column::Email.eq(email.as_str())).one(db).await
}

/// One person.
///
/// # Errors
/// What the database said.
pub(super) async fn by_id(db: &impl ConnectionTrait, id: i64) -> Result<Option<Person>, DbErr> {
    Entity::find_by_id(id).one(db).await
}

/// Holds a person until the transaction ends: what she does twice at once waits here for its turn.
///
/// # Errors
/// What the database said.
pub async fn lock_person(txn: &DatabaseTransaction, id: i64) -> Result<(), DbErr> {
    Entity::find_by_id(id).lock_exclusive().one(txn).await.map(drop)
}

/// The people with these keys.
///
/// # Errors
/// What the database said.
pub async fn by_ids(db: &impl ConnectionTrait, ids: &[i64]) -> Result<Vec<Person>, DbErr> {
    Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(db).await
}

/// The person who has this address, known from now on if need be.
///
/// # Errors
/// What the database said.
pub(super) async fn known_or_new(
    txn: &DatabaseTransaction,
    email: &EmailAddress,
    now: DateTime<Utc>,
) -> Result<Person, DbErr> {
    let row = ActiveModel {
        id: NotSet,
        email: Set(email.to_string()),
        name: Set(String::new()),
        is_organiser: Set(false),
        created_at: Set(now),
        last_seen_at: Set(None),
        inactivity_warned_at: Set(None),
    };
    // An update that changes nothing, so that the row comes back either way.
    let known = OnConflict::column(Column::Email).update_column(Column::Email).to_owned();
    Entity::insert(row).on_conflict(known).exec_with_returning(txn).await
}

/// The organisers, the first ones first.
///
/// # Errors
/// What the database said.
pub async fn organisers(db: &impl ConnectionTrait) -> Result<Vec<Person>, DbErr> {
    Entity::find().filter(Column::IsOrganiser.eq(true)).order_by_asc(Column::Id).all(db).await
}

/// Makes somebody an organiser, or no longer one; false when there is nobody.
///
/// # Errors
/// What the database said.
pub(super) async fn set_organiser(txn: &DatabaseTransaction, id: i64, is_organiser: bool) -> Result<bool, DbErr> {
    let update = Entity::update_many().col_expr(Column::IsOrganiser, Expr::value(is_organiser));
    Ok(update.filter(Column::Id.eq(id)).exec(txn).await?.rows_affected == 1)
}

/// Makes somebody no longer an organiser, but for the last one: nobody could let others in.
///
/// # Errors
/// What the database said.
pub(super) async fn resign(txn: &DatabaseTransaction, id: i64) -> Result<Result<(), Stays>, DbErr> {
    // Of the last two who leave at once, the second waits here and finds herself alone.
    let all = Entity::find().filter(Column::IsOrganiser.eq(true)).order_by_asc(Column::Id);
    let locked = if txn.get_database_backend() == DbBackend::Postgres { all.lock_exclusive() } else { all };
    let organisers = locked.all(txn).await?;
    if organisers.iter().all(|organiser| organiser.id != id) {
        return Ok(Err(Stays::NoMember));
    }
    if organisers.len() == 1 {
        return Ok(Err(Stays::Last));
    }
    set_organiser(txn, id, false).await.map(|_| Ok(()))
}

/// Gives a person another name, 120 characters at most.
///
/// # Errors
/// What the database said.
pub(super) async fn rename(txn: &DatabaseTransaction, person: &Person, name: &str) -> Result<(), DbErr> {
    let name: String = name.chars().filter(|c| !c.is_control()).take(120).collect();
    let row = ActiveModel { id: Set(person.id), name: Set(name.trim().to_owned()), ..Default::default() };
    row.update(txn).await.map(drop)
}

/// Writes down a visit: the account is in use.
///
/// # Errors
/// What the database said.
pub(super) async fn seen(txn: &DatabaseTransaction, id: i64, now: DateTime<Utc>) -> Result<(), DbErr> {
    let row = ActiveModel {
        id: Set(id),
        last_seen_at: Set(Some(now)),
        inactivity_warned_at: Set(None),
        ..Default::default()
    };
    row.update(txn).await.map(drop)
}

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseTransaction,
    entity::prelude::*,
    sea_query::OnConflict,
};

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

/// The organiser with this address, known from now on if need be.
///
/// # Errors
/// What the database said.
pub(super) async fn make_organiser(
    txn: &DatabaseTransaction,
    email: &EmailAddress,
    now: DateTime<Utc>,
) -> Result<Person, DbErr> {
    let row = ActiveModel {
        id: NotSet,
        email: Set(email.to_string()),
        name: Set(String::new()),
        is_organiser: Set(true),
        created_at: Set(now),
        last_seen_at: Set(None),
    };
    let known = OnConflict::column(Column::Email).update_column(Column::IsOrganiser).to_owned();
    Entity::insert(row).on_conflict(known).exec_with_returning(txn).await
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

pub(super) async fn seen(txn: &DatabaseTransaction, id: i64, now: DateTime<Utc>) -> Result<(), DbErr> {
    ActiveModel { id: Set(id), last_seen_at: Set(Some(now)), ..Default::default() }.update(txn).await.map(drop)
}

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseTransaction, PaginatorTrait, QueryOrder, QuerySelect, Select,
    entity::prelude::*,
};

/// How long an entry is kept.
const KEPT: TimeDelta = TimeDelta::days(365);

/// Something that was done.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entries")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// When.
    pub at: DateTimeUtc,
    /// What kind of actor.
    pub actor: Actor,
    /// Who, while that person is known.
    pub person_id: Option<i64>,
    /// What, as it follows a name: "a suspendu l’envoi".
    pub act: String,
    /// The row it was done to: `outgoing_mails/12`; may be empty.
    pub subject: String,
    /// What else one must know of it; no personal data; may be empty.
    pub detail: String,
}

/// Something that was done.
pub type Entry = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What kind of actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Actor {
    /// Somebody who was signed in.
    #[sea_orm(string_value = "person")]
    Person,
    /// Whoever runs the machine, by a command.
    #[sea_orm(string_value = "operator")]
    Operator,
    /// The program, by itself.
    #[sea_orm(string_value = "program")]
    Program,
}

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The person with this key, who was signed in.
    Person(i64),
    /// Whoever runs the machine, by a command.
    Operator,
    /// The program, by itself.
    Program,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// As it follows a name, 120 characters at most: "a suspendu l’envoi".
    pub what: &'static str,
    /// Table and key of the row: `outgoing_mails/12`; may be empty.
    pub on: String,
    /// What else one must know; no personal data, cut at 500 characters; may be empty.
    pub detail: String,
}

impl Act {
    /// An act that needs no further words.
    #[must_use]
    pub fn new(what: &'static str, on: impl Into<String>) -> Self {
        Self { what, on: on.into(), detail: String::new() }
    }

    /// With what else one must know.
    #[must_use]
    pub fn with(self, detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), ..self }
    }
}

/// Writes down what was done, in the transaction that does it.
///
/// # Errors
/// What the database said.
pub async fn record(txn: &DatabaseTransaction, by: By, act: Act, now: DateTime<Utc>) -> Result<(), DbErr> {
    let (actor, person) = match by {
        By::Person(id) => (Actor::Person, Some(id)),
        By::Operator => (Actor::Operator, None),
        By::Program => (Actor::Program, None),
    };
    let row = ActiveModel {
        id: NotSet,
        at: Set(now),
        actor: Set(actor),
        person_id: Set(person),
        act: Set(act.what.to_owned()),
        subject: Set(act.on),
        detail: Set(act.detail.chars().take(500).collect()),
    };
    Entity::insert(row).exec_without_returning(txn).await.map(drop)
}

/// One page of entries, the latest first; of one person when `person` says so.
///
/// # Errors
/// What the database said.
pub async fn page(db: &impl ConnectionTrait, person: Option<i64>, offset: u64, most: u64) -> Result<Vec<Entry>, DbErr> {
    of(person).order_by_desc(Column::Id).offset(offset).limit(most).all(db).await
}

/// One page of what was done with one of these rows, `organisations/12`, the latest first.
///
/// # Errors
/// What the database said.
pub async fn about(db: &impl ConnectionTrait, rows: &[String], offset: u64, most: u64) -> Result<Vec<Entry>, DbErr> {
    on(rows).order_by_desc(Column::Id).offset(offset).limit(most).all(db).await
}

/// How many entries are about one of these rows.
///
/// # Errors
/// What the database said.
pub async fn count_about(db: &impl ConnectionTrait, rows: &[String]) -> Result<u64, DbErr> {
    on(rows).count(db).await
}

fn on(rows: &[String]) -> Select<Entity> {
    Entity::find().filter(Column::Subject.is_in(rows.iter().map(String::as_str)))
}

/// How many entries there are.
///
/// # Errors
/// What the database said.
pub async fn count(db: &impl ConnectionTrait, person: Option<i64>) -> Result<u64, DbErr> {
    of(person).count(db).await
}

fn of(person: Option<i64>) -> Select<Entity> {
    let all = Entity::find();
    match person {
        Some(id) => all.filter(Column::PersonId.eq(id)),
        None => all,
    }
}

/// Forgets what was done more than a year ago.
///
/// # Errors
/// What the database said.
pub async fn forget_old(txn: &DatabaseTransaction, now: DateTime<Utc>) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::At.lt(now - KEPT)).exec(txn).await.map(drop)
}

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseTransaction, DbBackend, QueryOrder, QuerySelect, Select,
    entity::prelude::*,
    sea_query::{LockBehavior, LockType, OnConflict},
};

/// A piece of work and when it is due.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "scheduled_works")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Which duty: `audit.forget`.
    pub kind: String,
    /// The row it is about, `visit_dates/12`; empty when it is about none.
    pub subject: String,
    /// When it comes again, `daily 03:30 Europe/Paris`; empty when it is done once.
    pub rule: String,
    /// When it is due.
    pub due_at: DateTimeUtc,
    /// Attempts that failed since it was last done.
    pub failures: i32,
    /// When it was last done.
    pub done_at: Option<DateTimeUtc>,
}

/// A piece of work and when it is due.
pub type Work = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Plans work about a row, or moves it when it is planned already.
///
/// # Errors
/// What the database said.
pub async fn plan(txn: &DatabaseTransaction, kind: &str, subject: &str, due_at: DateTime<Utc>) -> Result<(), DbErr> {
    write(txn, kind, subject, "", due_at).await
}

/// Takes work off, done or not.
///
/// # Errors
/// What the database said.
pub async fn cancel(txn: &DatabaseTransaction, kind: &str, subject: &str) -> Result<(), DbErr> {
    let named = Entity::delete_many().filter(Column::Kind.eq(kind)).filter(Column::Subject.eq(subject));
    named.exec(txn).await.map(drop)
}

/// When work about a row is due; nothing when it is not planned.
///
/// # Errors
/// What the database said.
pub async fn due_at(db: &impl ConnectionTrait, kind: &str, subject: &str) -> Result<Option<DateTime<Utc>>, DbErr> {
    Ok(named(db, kind, subject).await?.map(|work| work.due_at))
}

pub(super) async fn named(db: &impl ConnectionTrait, kind: &str, subject: &str) -> Result<Option<Work>, DbErr> {
    Entity::find().filter(Column::Kind.eq(kind)).filter(Column::Subject.eq(subject)).one(db).await
}

pub(super) async fn write(
    txn: &DatabaseTransaction,
    kind: &str,
    subject: &str,
    rule: &str,
    due_at: DateTime<Utc>,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        id: NotSet,
        kind: Set(kind.to_owned()),
        subject: Set(subject.to_owned()),
        rule: Set(rule.to_owned()),
        due_at: Set(due_at),
        failures: Set(0),
        done_at: Set(None),
    };
    let moved = OnConflict::columns([Column::Kind, Column::Subject])
        .update_columns([Column::Rule, Column::DueAt, Column::Failures])
        .to_owned();
    Entity::insert(row).on_conflict(moved).exec_without_returning(txn).await.map(drop)
}

/// Whether work of these kinds is due.
pub(super) async fn is_due(db: &impl ConnectionTrait, kinds: &[&str], now: DateTime<Utc>) -> Result<bool, DbErr> {
    Ok(due(kinds, now).one(db).await?.is_some())
}

/// The work of these kinds that has been due for longest; until the end of the transaction nobody else gets it. SQLite has
/// one writer; on PostgreSQL whoever comes second goes on with something else.
pub(super) async fn take(txn: &DatabaseTransaction, kinds: &[&str], now: DateTime<Utc>) -> Result<Option<Work>, DbErr> {
    let first = due(kinds, now);
    if txn.get_database_backend() == DbBackend::Postgres {
        return first.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked).one(txn).await;
    }
    first.one(txn).await
}

fn due(kinds: &[&str], now: DateTime<Utc>) -> Select<Entity> {
    let due = Entity::find().filter(Column::DueAt.lte(now)).filter(Column::Kind.is_in(kinds.iter().copied()));
    due.order_by_asc(Column::DueAt).order_by_asc(Column::Id).limit(1)
}

/// Done: due again at `next`, or never.
pub(super) async fn done(
    txn: &DatabaseTransaction,
    work: &Work,
    next: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    // Work that moved its own date while it was done keeps that date.
    let unmoved = Column::DueAt.eq(work.due_at);
    let Some(next) = next else {
        return Entity::delete_many().filter(Column::Id.eq(work.id)).filter(unmoved).exec(txn).await.map(drop);
    };
    let update = Entity::update_many()
        .col_expr(Column::DueAt, Expr::value(next))
        .col_expr(Column::DoneAt, Expr::value(Some(now)))
        .col_expr(Column::Failures, Expr::value(0));
    update.filter(Column::Id.eq(work.id)).filter(unmoved).exec(txn).await.map(drop)
}

/// Failed: tried again at `next`.
pub(super) async fn failed(txn: &DatabaseTransaction, work: &Work, next: DateTime<Utc>) -> Result<(), DbErr> {
    let update = Entity::update_many()
        .col_expr(Column::DueAt, Expr::value(next))
        .col_expr(Column::Failures, Expr::value(work.failures + 1));
    let unmoved = Column::DueAt.eq(work.due_at);
    update.filter(Column::Id.eq(work.id)).filter(unmoved).exec(txn).await.map(drop)
}

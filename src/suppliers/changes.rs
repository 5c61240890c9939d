use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ConnectionTrait, DatabaseTransaction, DbBackend, QueryOrder, QuerySelect,
    entity::prelude::*,
};

/// One line of the change log that every search node follows.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "supplier_changes")]
pub struct Model {
    /// Rises in the order in which changes become visible.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The supplier that was written or deleted; nobody: everything must be read again.
    pub supplier_id: Option<i64>,
    /// When.
    pub changed_at: DateTimeUtc,
}

/// A change that nodes must follow.
pub type Change = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Any number, the same for all writers of the log.
const LOCK: i64 = 4308;
const ROWS_PER_INSERT: usize = 5_000;
/// How long a change is kept for nodes that were away.
const KEPT: TimeDelta = TimeDelta::days(30);

/// Writes in the log that a supplier, its offers or certificates changed. To be called once all rows are written, in
/// the same transaction.
///
/// # Errors
/// What the database said.
pub async fn record_change(txn: &DatabaseTransaction, supplier_id: i64, now: DateTime<Utc>) -> Result<(), DbErr> {
    record_changes(txn, &[supplier_id], now).await
}

/// The same for many suppliers.
///
/// # Errors
/// What the database said.
pub async fn record_changes(txn: &DatabaseTransaction, supplier_ids: &[i64], now: DateTime<Utc>) -> Result<(), DbErr> {
    if supplier_ids.is_empty() {
        return Ok(());
    }
    take_turn(txn).await?;
    insert(txn, supplier_ids.iter().map(|&id| Some(id)), now).await
}

/// Writes in the log that every node must read everything again, because something all listings rest on changed (the
/// communes' points…).
///
/// # Errors
/// What the database said.
pub async fn record_rebuild(txn: &DatabaseTransaction, now: DateTime<Utc>) -> Result<(), DbErr> {
    take_turn(txn).await?;
    insert(txn, [None], now).await
}

/// The changes after the number `id`, oldest first, at most `limit`.
///
/// # Errors
/// What the database said.
pub async fn changes_since(db: &impl ConnectionTrait, id: i64, limit: u64) -> Result<Vec<Change>, DbErr> {
    Entity::find().filter(Column::Id.gt(id)).order_by_asc(Column::Id).limit(limit).all(db).await
}

/// The number of the last change, 0 when there is none. A node that reads it before it reads the listings misses
/// nothing.
///
/// # Errors
/// What the database said.
pub async fn last_change(db: &impl ConnectionTrait) -> Result<i64, DbErr> {
    let last =
        Entity::find().select_only().column_as(Column::Id.max(), "last").into_tuple::<Option<i64>>().one(db).await?;
    Ok(last.flatten().unwrap_or(0))
}

/// Whether the log still holds a change: a node whose last one is gone has missed others.
///
/// # Errors
/// What the database said.
pub async fn knows_change(db: &impl ConnectionTrait, id: i64) -> Result<bool, DbErr> {
    Ok(id == 0 || Entity::find_by_id(id).one(db).await?.is_some())
}

/// Drops changes older than thirty days; the last one stays, so that numbers go on from it.
///
/// # Errors
/// What the database said.
pub async fn forget_old_changes(txn: &DatabaseTransaction, now: DateTime<Utc>) -> Result<(), DbErr> {
    let last = last_change(txn).await?;
    let old = Entity::delete_many().filter(Column::Id.lt(last)).filter(Column::ChangedAt.lt(now - KEPT));
    old.exec(txn).await.map(drop)
}

/// Numbers are given when a row is inserted but seen when it is committed: without taking turns, number 7 could be seen
/// before number 6, and a node that has read up to 7 would never ask for 6. SQLite has one writer at a time anyway.
pub(super) async fn take_turn(txn: &DatabaseTransaction) -> Result<(), DbErr> {
    if txn.get_database_backend() == DbBackend::Postgres {
        txn.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK})")).await?;
    }
    Ok(())
}

async fn insert(
    txn: &DatabaseTransaction,
    suppliers: impl IntoIterator<Item = Option<i64>>,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let rows: Vec<ActiveModel> = suppliers
        .into_iter()
        .map(|supplier_id| ActiveModel { id: NotSet, supplier_id: Set(supplier_id), changed_at: Set(now) })
        .collect();
    for rows in rows.chunks(ROWS_PER_INSERT) {
        Entity::insert_many(rows.iter().cloned()).exec_without_returning(txn).await?;
    }
    Ok(())
}

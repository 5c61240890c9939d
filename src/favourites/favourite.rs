use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::Set, DatabaseTransaction, PaginatorTrait, QueryOrder, Select, entity::prelude::*,
    sea_query::OnConflict,
};

use super::list;
use crate::accounts;

/// Most suppliers in a list.
const MOST: u64 = 200;
/// Most characters of a note.
pub(super) const LONGEST_NOTE: usize = 200;
/// How long what was taken out can be put back.
const KEPT: TimeDelta = TimeDelta::days(1);

/// A supplier in a list.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "favourites")]
pub(super) struct Model {
    /// In which list.
    #[sea_orm(primary_key, auto_increment = false)]
    pub list_id: i64,
    /// Which supplier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub supplier_id: i64,
    /// What the canteen says of it, at most 200 characters; may be empty.
    pub note: String,
    /// When it was put in.
    pub added_at: DateTimeUtc,
    /// When it was taken out; it can be put back for a day.
    pub removed_at: Option<DateTimeUtc>,
}

/// A supplier in a list.
pub(super) type Favourite = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What became of a supplier that was put into a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is in.
    New,
    /// It was in.
    Already,
    /// The list is full.
    Full,
    /// The canteen has no such list.
    NoList,
}

/// Puts a supplier into a list of a canteen; one that was just taken out comes back to its place, with its note.
///
/// # Errors
/// What the database said.
pub async fn keep(
    txn: &DatabaseTransaction,
    organisation: i64,
    list: i64,
    supplier: i64,
    now: DateTime<Utc>,
) -> Result<Kept, DbErr> {
    // Two at once would both find the last place: the second waits here for the first.
    accounts::lock_organisation(txn, organisation).await?;
    forget_removed(txn, now).await?;
    if list::by_key(txn, organisation, list).await?.is_none() {
        return Ok(Kept::NoList);
    }
    if inside(list).filter(Column::SupplierId.eq(supplier)).one(txn).await?.is_some() {
        return Ok(Kept::Already);
    }
    if inside(list).count(txn).await? >= MOST {
        return Ok(Kept::Full);
    }
    let row = ActiveModel {
        list_id: Set(list),
        supplier_id: Set(supplier),
        note: Set(String::new()),
        added_at: Set(now),
        removed_at: Set(None),
    };
    let back = OnConflict::columns([Column::ListId, Column::SupplierId]).update_column(Column::RemovedAt).to_owned();
    Entity::insert(row).on_conflict(back).exec_without_returning(txn).await?;
    Ok(Kept::New)
}

/// Takes a supplier out of a list of a canteen; false when it is not in.
///
/// # Errors
/// What the database said.
pub(super) async fn remove(
    txn: &DatabaseTransaction,
    organisation: i64,
    list: i64,
    supplier: i64,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    if list::by_key(txn, organisation, list).await?.is_none() {
        return Ok(false);
    }
    let out = Entity::update_many().col_expr(Column::RemovedAt, Expr::value(Some(now)));
    Ok(still(out, list, supplier).exec(txn).await?.rows_affected == 1)
}

/// Forgets what was taken out of lists more than a day ago.
///
/// # Errors
/// What the database said.
pub async fn forget_removed(txn: &DatabaseTransaction, now: DateTime<Utc>) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::RemovedAt.lt(now - KEPT)).exec(txn).await.map(drop)
}

/// Writes what a canteen says of a supplier in one of its lists; false when it is not in.
///
/// # Errors
/// What the database said.
pub async fn annotate(
    txn: &DatabaseTransaction,
    organisation: i64,
    list: i64,
    supplier: i64,
    note: &str,
) -> Result<bool, DbErr> {
    if list::by_key(txn, organisation, list).await?.is_none() {
        return Ok(false);
    }
    let noted = Entity::update_many().col_expr(Column::Note, Expr::value(note));
    Ok(still(noted, list, supplier).exec(txn).await?.rows_affected == 1)
}

fn still(update: sea_orm::UpdateMany<Entity>, list: i64, supplier: i64) -> sea_orm::UpdateMany<Entity> {
    let one = update.filter(Column::ListId.eq(list)).filter(Column::SupplierId.eq(supplier));
    one.filter(Column::RemovedAt.is_null())
}

/// What is in a list, in the order in which it was put in.
///
/// # Errors
/// What the database said.
pub(super) async fn of_list(db: &impl ConnectionTrait, list: i64) -> Result<Vec<Favourite>, DbErr> {
    inside(list).order_by_asc(Column::AddedAt).order_by_asc(Column::SupplierId).all(db).await
}

/// A supplier of a list, in it or just taken out.
///
/// # Errors
/// What the database said.
pub(super) async fn of(db: &impl ConnectionTrait, list: i64, supplier: i64) -> Result<Option<Favourite>, DbErr> {
    Entity::find_by_id((list, supplier)).one(db).await
}

/// In which of these lists a supplier is.
///
/// # Errors
/// What the database said.
pub(super) async fn lists_with(
    db: &impl ConnectionTrait,
    lists: impl IntoIterator<Item = i64>,
    supplier: i64,
) -> Result<Vec<i64>, DbErr> {
    let with = Entity::find().filter(Column::SupplierId.eq(supplier)).filter(Column::RemovedAt.is_null());
    let with = with.filter(Column::ListId.is_in(lists)).all(db).await?;
    Ok(with.into_iter().map(|row| row.list_id).collect())
}

fn inside(list: i64) -> Select<Entity> {
    Entity::find().filter(Column::ListId.eq(list)).filter(Column::RemovedAt.is_null())
}

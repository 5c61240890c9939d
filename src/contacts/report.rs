//! Messages that a supplier shows the organisers.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set,
    DatabaseTransaction, QueryOrder, QuerySelect, QueryTrait, TryInsertResult,
    entity::prelude::*,
    sea_query::{OnConflict, SelectStatement},
};

/// What is wrong with a message.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contact_reports")]
pub(super) struct Model {
    /// Which message.
    #[sea_orm(primary_key, auto_increment = false)]
    pub contact_id: i64,
    /// What its supplier says of it, 1 to 1,000 characters.
    pub words: String,
    /// When.
    pub created_at: DateTimeUtc,
    /// When an organiser was done with it.
    pub closed_at: Option<DateTimeUtc>,
}

/// What is wrong with a message.
pub(super) type ContactReport = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Shows a message to the organisers; false when they were shown it already.
///
/// # Errors
/// What the database said.
pub(super) async fn report(
    txn: &DatabaseTransaction,
    contact: i64,
    words: &str,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let row = ActiveModel {
        contact_id: Set(contact),
        words: Set(words.to_owned()),
        created_at: Set(now),
        closed_at: Set(None),
    };
    let once = OnConflict::column(Column::ContactId).do_nothing().to_owned();
    let written = Entity::insert(row).on_conflict(once).try_insert().exec_without_returning(txn).await?;
    Ok(matches!(written, TryInsertResult::Inserted(rows) if rows > 0))
}

/// The reports that wait for an organiser, the oldest first, at most `most`.
///
/// # Errors
/// What the database said.
pub(super) async fn open(db: &impl ConnectionTrait, most: u64) -> Result<Vec<ContactReport>, DbErr> {
    let open = Entity::find().filter(Column::ClosedAt.is_null());
    open.order_by_asc(Column::CreatedAt).order_by_asc(Column::ContactId).limit(most).all(db).await
}

/// The messages of these that were shown to the organisers.
///
/// # Errors
/// What the database said.
pub(super) async fn reported(db: &impl ConnectionTrait, contacts: &[i64]) -> Result<Vec<i64>, DbErr> {
    let own = Entity::find().select_only().column(Column::ContactId);
    own.filter(Column::ContactId.is_in(contacts.iter().copied())).into_tuple().all(db).await
}

/// The messages that were shown to the organisers, as a query.
pub(super) fn all() -> SelectStatement {
    Entity::find().select_only().column(Column::ContactId).into_query()
}

/// An organiser is done with a report; false when one was already.
///
/// # Errors
/// What the database said.
pub(super) async fn close(txn: &DatabaseTransaction, contact: i64, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let closing = Entity::update_many().col_expr(Column::ClosedAt, Expr::value(Some(now)));
    let closing = closing.filter(Column::ContactId.eq(contact)).filter(Column::ClosedAt.is_null());
    Ok(closing.exec(txn).await?.rows_affected == 1)
}

//! Canteens from which a supplier wants no more messages.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, QuerySelect, entity::prelude::*, sea_query::OnConflict};

/// A canteen that writes to a supplier no more.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contact_blocks")]
pub(super) struct Model {
    /// Who wants no messages.
    #[sea_orm(primary_key, auto_increment = false)]
    pub supplier_id: i64,
    /// From whom.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: i64,
    /// Since when.
    pub since: DateTimeUtc,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// No more messages of a canteen.
///
/// # Errors
/// What the database said.
pub(super) async fn block(
    txn: &DatabaseTransaction,
    supplier: i64,
    organisation: i64,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let row = ActiveModel { supplier_id: Set(supplier), organisation_id: Set(organisation), since: Set(now) };
    let once = OnConflict::columns([Column::SupplierId, Column::OrganisationId]).do_nothing().to_owned();
    Entity::insert(row).on_conflict(once).try_insert().exec_without_returning(txn).await.map(drop)
}

/// Messages of a canteen again.
///
/// # Errors
/// What the database said.
pub(super) async fn unblock(txn: &DatabaseTransaction, supplier: i64, organisation: i64) -> Result<(), DbErr> {
    Entity::delete_by_id((supplier, organisation)).exec(txn).await.map(drop)
}

/// Whether a supplier wants no messages of a canteen.
///
/// # Errors
/// What the database said.
pub(super) async fn is_blocked(db: &impl ConnectionTrait, supplier: i64, organisation: i64) -> Result<bool, DbErr> {
    Ok(Entity::find_by_id((supplier, organisation)).one(db).await?.is_some())
}

/// The canteens of which a supplier wants no messages.
///
/// # Errors
/// What the database said.
pub async fn blocked_by(db: &impl ConnectionTrait, supplier: i64) -> Result<Vec<i64>, DbErr> {
    let own = Entity::find().select_only().column(Column::OrganisationId).filter(Column::SupplierId.eq(supplier));
    own.into_tuple().all(db).await
}

/// Every block: supplier and canteen.
///
/// # Errors
/// What the database said.
pub(super) async fn all(db: &impl ConnectionTrait) -> Result<HashSet<(i64, i64)>, DbErr> {
    let columns = [Column::SupplierId, Column::OrganisationId];
    let all: Vec<(i64, i64)> = Entity::find().select_only().columns(columns).into_tuple().all(db).await?;
    Ok(all.into_iter().collect())
}

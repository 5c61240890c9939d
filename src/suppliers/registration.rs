//! What somebody typed to register before her address was proven.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, entity::prelude::*, sea_query::OnConflict};

use super::Siret;
use crate::mail::EmailAddress;

/// How long it is kept.
const KEPT: TimeDelta = TimeDelta::days(7);

/// A registration that was begun.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "supplier_registrations")]
pub(super) struct Model {
    /// The address that is to be proven.
    #[sea_orm(primary_key, auto_increment = false)]
    pub email: String,
    /// Number of the establishment, when it has one.
    pub siret: Option<String>,
    /// When it was typed.
    pub created_at: DateTimeUtc,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Keeps what was typed; the last words count.
///
/// # Errors
/// What the database said.
pub(super) async fn begin(
    txn: &DatabaseTransaction,
    email: &EmailAddress,
    siret: Option<&Siret>,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let row =
        ActiveModel { email: Set(email.to_string()), siret: Set(siret.map(ToString::to_string)), created_at: Set(now) };
    let again = OnConflict::column(Column::Email).update_columns([Column::Siret, Column::CreatedAt]).to_owned();
    Entity::insert(row).on_conflict(again).exec_without_returning(txn).await.map(drop)
}

/// The SIRET that was typed with this address, which is proven now; empty when there was none.
///
/// # Errors
/// What the database said.
pub(super) async fn begun_by(db: &impl ConnectionTrait, email: &str) -> Result<Option<String>, DbErr> {
    Ok(Entity::find_by_id(email).one(db).await?.map(|row| row.siret.unwrap_or_default()))
}

/// Forgets what was typed with this address.
///
/// # Errors
/// What the database said.
pub async fn forget_registration(txn: &DatabaseTransaction, email: &str) -> Result<(), DbErr> {
    Entity::delete_by_id(email).exec(txn).await.map(drop)
}

/// Forgets what nobody came back to.
///
/// # Errors
/// What the database said.
pub async fn forget_old_registrations(txn: &DatabaseTransaction, now: DateTime<Utc>) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::CreatedAt.lt(now - KEPT)).exec(txn).await.map(drop)
}

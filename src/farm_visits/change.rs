//! The history of a registration: each state it was in, since when, by whom.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseTransaction,
    entity::prelude::*,
};

use super::registration::{Registration, Standing};

/// A step of a registration's life.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "registration_changes")]
pub(super) struct Model {
    /// Key, in the order in which they happened.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Whose.
    pub registration_id: i64,
    /// Where it stood from then on.
    pub state: Standing,
    /// With how many.
    pub party_size: i32,
    /// Who did it, when it was a person who is known.
    pub made_by: Option<i64>,
    /// When.
    pub made_at: DateTimeUtc,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Notes where a registration stands now.
///
/// # Errors
/// What the database said.
pub(super) async fn note(
    txn: &DatabaseTransaction,
    registration: &Registration,
    by: Option<i64>,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        id: NotSet,
        registration_id: Set(registration.id),
        state: Set(registration.state),
        party_size: Set(registration.party_size),
        made_by: Set(by),
        made_at: Set(now),
    };
    Entity::insert(row).exec_without_returning(txn).await.map(drop)
}

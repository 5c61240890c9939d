//! The history of a registration: each state it was in, since when, by whom.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseTransaction, QuerySelect, QueryTrait,
    entity::prelude::*,
};

use super::registration::{self, Registration, Standing};

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

/// The registrations of a date that were confirmed by a moment, whatever became of them.
///
/// # Errors
/// What the database said.
pub(super) async fn confirmed_at(
    db: &impl ConnectionTrait,
    date: i64,
    moment: DateTime<Utc>,
) -> Result<HashSet<i64>, DbErr> {
    let own = registration::Entity::find().select_only().column(registration::Column::Id);
    let own = own.filter(registration::Column::VisitDateId.eq(date)).into_query();
    let steps = Entity::find().select_only().column(Column::RegistrationId).filter(Column::MadeAt.lte(moment));
    let steps = steps.filter(Column::State.eq(Standing::Confirmed)).filter(Column::RegistrationId.in_subquery(own));
    let keys: Vec<i64> = steps.into_tuple().all(db).await?;
    Ok(keys.into_iter().collect())
}

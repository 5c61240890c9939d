//! A car and somebody who might go along: who asked whom, and what became of it.

use sea_orm::{ActiveValue::NotSet, Condition, DatabaseTransaction, IntoActiveModel, QueryOrder, entity::prelude::*};

use super::entry::Side;

/// A car and somebody who might go along.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "carpool_pairs")]
pub(in crate::farm_visits) struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The car.
    pub offer_id: i64,
    /// Who might go along.
    pub request_id: i64,
    /// Which of both asked.
    pub asked_by: Side,
    /// What became of it.
    pub state: Stage,
    /// When it was asked.
    pub asked_at: DateTimeUtc,
}

/// A car and somebody who might go along.
pub(in crate::farm_visits) type Pair = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(in crate::farm_visits) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Where two stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub(in crate::farm_visits) enum Stage {
    /// One asked, the other has not answered.
    #[sea_orm(string_value = "asked")]
    Asked,
    /// They go together and know each other.
    #[sea_orm(string_value = "agreed")]
    Agreed,
    /// Who was asked would not; who asked does not ask again.
    #[sea_orm(string_value = "declined")]
    Declined,
}

impl Model {
    /// Whether one of both is that.
    pub(super) fn is_of(&self, entry: i64) -> bool {
        self.offer_id == entry || self.request_id == entry
    }

    /// The other of both.
    pub(super) fn other(&self, entry: i64) -> i64 {
        if self.offer_id == entry { self.request_id } else { self.offer_id }
    }
}

/// All pairs of these.
///
/// # Errors
/// What the database said.
pub(super) async fn of_entries(db: &impl ConnectionTrait, entries: &[i64]) -> Result<Vec<Pair>, DbErr> {
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    let mine = Condition::any()
        .add(Column::OfferId.is_in(entries.iter().copied()))
        .add(Column::RequestId.is_in(entries.iter().copied()));
    Entity::find().filter(mine).order_by_asc(Column::Id).all(db).await
}

/// Writes one; what is new gets its key.
///
/// # Errors
/// What the database said.
pub(super) async fn write(txn: &DatabaseTransaction, pair: &Pair) -> Result<(), DbErr> {
    let mut row = pair.clone().into_active_model().reset_all();
    if pair.id == 0 {
        row.id = NotSet;
        return Entity::insert(row).exec_without_returning(txn).await.map(drop);
    }
    row.update(txn).await.map(drop)
}

/// Erases these.
///
/// # Errors
/// What the database said.
pub(super) async fn erase(txn: &DatabaseTransaction, keys: &[i64]) -> Result<(), DbErr> {
    if keys.is_empty() {
        return Ok(());
    }
    Entity::delete_many().filter(Column::Id.is_in(keys.iter().copied())).exec(txn).await.map(drop)
}

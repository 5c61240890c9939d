use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, entity::prelude::*, sea_query::OnConflict};

use super::person::Person;
use super::second_factor;

/// Since when organisers must have a second factor.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "access_rules")]
pub(super) struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i16,
    /// Since when.
    pub since: DateTimeUtc,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Whether organisers must have a second factor.
///
/// # Errors
/// What the database said.
pub(super) async fn asks_second_factor(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    Ok(Entity::find_by_id(1_i16).one(db).await?.is_some())
}

/// Whether somebody may act as an organiser now: she is one, and has the second factor that is asked of them.
///
/// # Errors
/// What the database said.
pub(super) async fn lets_organise(db: &impl ConnectionTrait, person: &Person) -> Result<bool, DbErr> {
    Ok(person.is_organiser && (!asks_second_factor(db).await? || second_factor::is_active(db, person.id).await?))
}

/// From now on they must, or need not.
///
/// # Errors
/// What the database said.
pub(super) async fn ask_second_factor(txn: &DatabaseTransaction, must: bool, now: DateTime<Utc>) -> Result<(), DbErr> {
    if !must {
        return Entity::delete_many().exec(txn).await.map(drop);
    }
    let once = OnConflict::column(Column::Id).do_nothing().to_owned();
    let row = ActiveModel { id: Set(1), since: Set(now) };
    Entity::insert(row).on_conflict(once).try_insert().exec_without_returning(txn).await.map(drop)
}

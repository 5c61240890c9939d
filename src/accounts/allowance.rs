use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, ExprTrait, entity::prelude::*, sea_query::OnConflict};

use super::secret::hash;

/// How often something was done in an hour, whichever node was asked.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "allowances")]
pub(super) struct Model {
    /// What and for whom, the latter as a hash.
    #[sea_orm(primary_key, auto_increment = false)]
    pub what: String,
    /// The hour it began in.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hour: DateTimeUtc,
    /// How often.
    pub used: i32,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Counts one use of `what` by `whom`; false when it is one more than `most` in this hour. What is older is forgotten.
///
/// # Errors
/// What the database said.
pub(super) async fn take(
    txn: &DatabaseTransaction,
    what: &str,
    whom: &str,
    most: i32,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let hour = now.duration_trunc(TimeDelta::hours(1)).unwrap_or(now);
    Entity::delete_many().filter(Column::Hour.lt(hour)).exec(txn).await?;
    let row = ActiveModel { what: Set(format!("{what}/{}", hash(whom))), hour: Set(hour), used: Set(1) };
    let again = OnConflict::columns([Column::What, Column::Hour])
        .value(Column::Used, Expr::col((Entity, Column::Used)).add(1))
        .to_owned();
    let counted = Entity::insert(row).on_conflict(again).exec_with_returning(txn).await?;
    Ok(counted.used <= most)
}

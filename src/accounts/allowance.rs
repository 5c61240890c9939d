use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, ExprTrait, entity::prelude::*, sea_query::OnConflict};

use super::secret::hash;

/// How often something was done in a while, whichever node was asked.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "allowances")]
pub(super) struct Model {
    /// What and for whom, the latter as a hash.
    #[sea_orm(primary_key, auto_increment = false)]
    pub what: String,
    /// When the hour or the day began.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hour: DateTimeUtc,
    /// How often.
    pub used: i32,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// How often something may be done.
#[derive(Clone, Copy, Debug)]
pub(super) struct Allowance {
    what: &'static str,
    most: i32,
    hours: i64,
}

impl Allowance {
    /// So often in an hour.
    pub(super) const fn per_hour(what: &'static str, most: i32) -> Self {
        Self { what, most, hours: 1 }
    }

    /// So often in a day.
    pub(super) const fn per_day(what: &'static str, most: i32) -> Self {
        Self { what, most, hours: 24 }
    }
}

/// Counts one use by `whom`; false when it is one more than allowed.
///
/// # Errors
/// What the database said.
pub(super) async fn take(
    txn: &DatabaseTransaction,
    allowance: Allowance,
    whom: &str,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    Entity::delete_many().filter(Column::Hour.lte(now - TimeDelta::hours(24))).exec(txn).await?;
    let begun = now.duration_trunc(TimeDelta::hours(allowance.hours)).unwrap_or(now);
    let row = ActiveModel { what: Set(key(allowance, whom)), hour: Set(begun), used: Set(1) };
    let again = OnConflict::columns([Column::What, Column::Hour])
        .value(Column::Used, Expr::col((Entity, Column::Used)).add(1))
        .to_owned();
    let counted = Entity::insert(row).on_conflict(again).exec_with_returning(txn).await?;
    Ok(counted.used <= allowance.most)
}

/// Whether one more use is allowed; counts nothing.
///
/// # Errors
/// What the database said.
pub(super) async fn is_left(
    db: &impl ConnectionTrait,
    allowance: Allowance,
    whom: &str,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let begun = now.duration_trunc(TimeDelta::hours(allowance.hours)).unwrap_or(now);
    let used = Entity::find_by_id((key(allowance, whom), begun)).one(db).await?;
    Ok(used.is_none_or(|used| used.used < allowance.most))
}

/// Forgets what `whom` used: it was right in the end.
///
/// # Errors
/// What the database said.
pub(super) async fn give_back(txn: &DatabaseTransaction, allowance: Allowance, whom: &str) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::What.eq(key(allowance, whom))).exec(txn).await.map(drop)
}

fn key(allowance: Allowance, whom: &str) -> String {
    format!("{}/{}", allowance.what, hash(whom))
}

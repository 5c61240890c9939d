//! What counts for the pages of those who take part. Each arrival is news for the desk at the door, and for nobody else: a
//! hundred telephones do not ask again for it.

use sea_orm::{ActiveValue::Set, DatabaseTransaction, entity::prelude::*};

use crate::speed_meetings::edition;

/// How often the day of an edition changed for those who take part, publications apart.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "edition_turns")]
pub(super) struct Model {
    /// Which edition.
    #[sea_orm(primary_key, auto_increment = false)]
    pub edition_id: i64,
    /// From 1; no row: never.
    pub turns: i64,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// How often it changed.
///
/// # Errors
/// What the database said.
pub(super) async fn of(db: &impl ConnectionTrait, edition: i64) -> Result<i64, DbErr> {
    Ok(Entity::find_by_id(edition).one(db).await?.map_or(0, |row| row.turns))
}

/// Says to all open pages of a locked edition that there is something new.
///
/// # Errors
/// What the database said.
pub(in crate::speed_meetings) async fn count(txn: &DatabaseTransaction, edition: i64) -> Result<(), DbErr> {
    let known = Entity::find_by_id(edition).one(txn).await?;
    let row = ActiveModel { edition_id: Set(edition), turns: Set(known.as_ref().map_or(1, |known| known.turns + 1)) };
    match known {
        None => row.insert(txn).await.map(drop)?,
        Some(_) => row.update(txn).await.map(drop)?,
    }
    edition::stir(txn, edition).await
}

use std::collections::HashSet;

use sea_orm::{ActiveValue::Set, DatabaseTransaction, entity::prelude::*};

/// Rows written at once: the databases take some ten thousand values in a query.
const BATCH: usize = 2_000;

/// A supplier that is no news of a search any more.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "saved_search_suppliers")]
pub(super) struct Model {
    /// Of which search.
    #[sea_orm(primary_key, auto_increment = false)]
    pub search_id: i64,
    /// Which supplier: the organiser's own key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub reference: String,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// References that are no news of a search.
///
/// # Errors
/// What the database said.
pub(super) async fn of_search(db: &impl ConnectionTrait, search: i64) -> Result<HashSet<String>, DbErr> {
    let rows = Entity::find().filter(Column::SearchId.eq(search)).all(db).await?;
    Ok(rows.into_iter().map(|row| row.reference).collect())
}

/// Writes down that these references, none of which is written yet, are no news of a search any more.
///
/// # Errors
/// What the database said.
pub(super) async fn add(
    txn: &DatabaseTransaction,
    search: i64,
    references: impl IntoIterator<Item = &String>,
) -> Result<(), DbErr> {
    let row = |reference: &String| ActiveModel { search_id: Set(search), reference: Set(reference.clone()) };
    let rows: Vec<ActiveModel> = references.into_iter().map(row).collect();
    for rows in rows.chunks(BATCH) {
        Entity::insert_many(rows.iter().cloned()).exec_without_returning(txn).await?;
    }
    Ok(())
}

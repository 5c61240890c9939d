use std::collections::BTreeMap;

use sea_orm::{DatabaseTransaction, IntoActiveModel, QueryOrder, entity::prelude::*, sea_query::OnConflict};

use crate::suppliers::{ProductFamily, Stored};

/// Most tables of a hall.
pub(super) const MOST: i32 = 120;

/// A table of the hall.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "edition_tables")]
pub struct Model {
    /// Of which edition.
    #[sea_orm(primary_key, auto_increment = false)]
    pub edition_id: i64,
    /// From 1, without gaps.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// « Table 7 », « Estrade »: 1 to 60 characters.
    pub name: String,
    /// The family of products whose zone it stands in.
    pub zone: Option<Stored<ProductFamily>>,
}

/// A table of the hall.
pub type Table = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// A table that has its number for a name.
    pub(super) fn numbered(number: i32) -> Self {
        Self { edition_id: 0, number, name: format!("Table {number}"), zone: None }
    }
}

/// What tables are called, by number.
pub(super) type Names = BTreeMap<i32, String>;

/// What these tables are called.
pub(super) fn names(tables: &[Table]) -> Names {
    tables.iter().map(|table| (table.number, table.name.clone())).collect()
}

/// What tables are called here, and where nothing is said of one, there.
pub(super) fn here_or_there(here: &Names, there: &Names) -> Names {
    let mut all = there.clone();
    all.extend(here.clone());
    all
}

/// Whether a table was called otherwise; false when nobody knows what it was called.
pub(super) fn is_renamed(before: &Names, after: &Names, number: i32) -> bool {
    before.get(&number).is_some_and(|name| after.get(&number).is_some_and(|now| now != name))
}

/// The tables of an edition, in their order.
///
/// # Errors
/// What the database said.
pub(super) async fn of(db: &impl ConnectionTrait, edition: i64) -> Result<Vec<Table>, DbErr> {
    Entity::find().filter(Column::EditionId.eq(edition)).order_by_asc(Column::Number).all(db).await
}

/// Keeps these tables of an edition and no others.
///
/// # Errors
/// What the database said.
pub(super) async fn keep(txn: &DatabaseTransaction, edition: i64, tables: &[Table]) -> Result<(), DbErr> {
    let others = Entity::delete_many().filter(Column::EditionId.eq(edition));
    others.filter(Column::Number.is_not_in(tables.iter().map(|one| one.number))).exec(txn).await?;
    if tables.is_empty() {
        return Ok(());
    }
    let rows = tables.iter().map(|one| Model { edition_id: edition, ..one.clone() }.into_active_model().reset_all());
    let known = OnConflict::columns([Column::EditionId, Column::Number])
        .update_columns([Column::Name, Column::Zone])
        .to_owned();
    Entity::insert_many(rows).on_conflict(known).exec_without_returning(txn).await.map(drop)
}

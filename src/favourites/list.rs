use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseTransaction, PaginatorTrait, QueryOrder, QuerySelect,
    entity::prelude::*,
};

use super::favourite;
use crate::accounts;
use crate::tables::fold;
use crate::web::line_of;

/// Most lists of a canteen.
const MOST: u64 = 50;
/// Most characters of the name of a list.
const LONGEST_NAME: usize = 80;

/// A list of suppliers, of a canteen.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "favourite_lists")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Of which canteen.
    pub organisation_id: i64,
    /// As its people call it, 1 to 80 characters.
    pub name: String,
    /// The same without case and accents: a canteen has it once.
    pub folded_name: String,
    /// When it was opened.
    pub created_at: DateTimeUtc,
}

/// A list of suppliers, of a canteen.
pub type FavouriteList = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What became of a new list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opened {
    /// It is there.
    New(FavouriteList),
    /// It was there: the canteen has one of this name.
    Known(FavouriteList),
    /// The canteen has enough of them.
    TooMany,
}

/// What became of a new name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Renamed {
    /// The list is called so.
    Done,
    /// Another one is.
    Taken,
    /// The canteen has no such list.
    Missing,
}

/// Opens a list of a canteen, unless it has one of this name.
///
/// # Errors
/// What the database said.
pub async fn open(
    txn: &DatabaseTransaction,
    organisation: i64,
    name: &str,
    now: DateTime<Utc>,
) -> Result<Opened, DbErr> {
    // Two at once would both find room and no list of this name: the second waits here for the first.
    accounts::lock_organisation(txn, organisation).await?;
    let of_canteen = || Entity::find().filter(Column::OrganisationId.eq(organisation));
    if let Some(known) = of_canteen().filter(Column::FoldedName.eq(fold(name))).one(txn).await? {
        return Ok(Opened::Known(known));
    }
    if of_canteen().count(txn).await? >= MOST {
        return Ok(Opened::TooMany);
    }
    let row = ActiveModel {
        id: NotSet,
        organisation_id: Set(organisation),
        name: Set(name.to_owned()),
        folded_name: Set(fold(name)),
        created_at: Set(now),
    };
    Ok(Opened::New(row.insert(txn).await?))
}

/// Gives a list of a canteen another name.
///
/// # Errors
/// What the database said.
pub(super) async fn rename(
    txn: &DatabaseTransaction,
    organisation: i64,
    id: i64,
    name: &str,
) -> Result<Renamed, DbErr> {
    accounts::lock_organisation(txn, organisation).await?;
    let of_canteen = || Entity::find().filter(Column::OrganisationId.eq(organisation));
    let others = of_canteen().filter(Column::FoldedName.eq(fold(name))).filter(Column::Id.ne(id));
    if others.one(txn).await?.is_some() {
        return Ok(Renamed::Taken);
    }
    let named = Entity::update_many()
        .col_expr(Column::Name, Expr::value(name))
        .col_expr(Column::FoldedName, Expr::value(fold(name)))
        .filter(Column::Id.eq(id))
        .filter(Column::OrganisationId.eq(organisation));
    Ok(if named.exec(txn).await?.rows_affected == 1 { Renamed::Done } else { Renamed::Missing })
}

/// Removes a list of a canteen with all that is in it; false when the canteen has none such.
///
/// # Errors
/// What the database said.
pub(super) async fn remove(txn: &DatabaseTransaction, organisation: i64, id: i64) -> Result<bool, DbErr> {
    let own = Entity::delete_many().filter(Column::OrganisationId.eq(organisation)).filter(Column::Id.eq(id));
    Ok(own.exec(txn).await?.rows_affected == 1)
}

/// A list of a canteen by its key.
///
/// # Errors
/// What the database said.
pub(super) async fn by_key(
    db: &impl ConnectionTrait,
    organisation: i64,
    id: i64,
) -> Result<Option<FavouriteList>, DbErr> {
    Entity::find_by_id(id).filter(Column::OrganisationId.eq(organisation)).one(db).await
}

/// The lists of these canteens, by name.
///
/// # Errors
/// What the database said.
pub(super) async fn of_canteens(db: &impl ConnectionTrait, organisations: &[i64]) -> Result<Vec<FavouriteList>, DbErr> {
    let own = Entity::find().filter(Column::OrganisationId.is_in(organisations.iter().copied()));
    own.order_by_asc(Column::FoldedName).order_by_asc(Column::Id).all(db).await
}

/// How many suppliers are in each of these lists; those that are empty are left out.
///
/// # Errors
/// What the database said.
pub(super) async fn sizes(db: &impl ConnectionTrait, lists: &[FavouriteList]) -> Result<HashMap<i64, i64>, DbErr> {
    let counted = favourite::Entity::find()
        .select_only()
        .column(favourite::Column::ListId)
        .column_as(favourite::Column::SupplierId.count(), "suppliers")
        .filter(favourite::Column::ListId.is_in(lists.iter().map(|list| list.id)))
        .filter(favourite::Column::RemovedAt.is_null())
        .group_by(favourite::Column::ListId);
    Ok(counted.into_tuple().all(db).await?.into_iter().collect())
}

/// The name of a list as it was typed.
///
/// # Errors
/// A sentence when there is none, or it is too long.
pub(super) fn read_name(typed: &str) -> Result<String, String> {
    match line_of(typed, LONGEST_NAME)? {
        name if name.is_empty() => Err("Donnez un nom à la liste.".to_owned()),
        name => Ok(name),
    }
}

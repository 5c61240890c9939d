use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseTransaction, QueryOrder, QuerySelect,
    entity::prelude::*,
};

use super::told;
use crate::accounts;
use crate::directory::Standing;

/// Most searches of a person.
pub(super) const MOST: usize = 20;

/// A search whose news a person wants.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "saved_searches")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Whose.
    pub person_id: i64,
    /// What stands after `?` in its address, always written alike; empty when it asks for everybody.
    pub query: String,
    /// What it asks, in French, 1 to 200 characters.
    pub name: String,
    /// When it was saved.
    pub created_at: DateTimeUtc,
    /// The day on which its news were last looked for.
    pub looked_on: Date,
}

/// A search whose news a person wants.
pub type SavedSearch = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What became of a search to be saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Saved {
    /// It is there.
    New,
    /// It was there.
    Already,
    /// She has enough of them.
    TooMany,
}

/// Saves a search of a person, who is told from now on what it finds beside `found`, the references it finds now.
///
/// # Errors
/// What the database said.
pub(super) async fn save(
    txn: &DatabaseTransaction,
    person: i64,
    search: &Standing,
    found: &HashSet<String>,
    (now, today): (DateTime<Utc>, NaiveDate),
) -> Result<Saved, DbErr> {
    // Two clicks at once would both find nothing: the second waits here for the first.
    accounts::lock_person(txn, person).await?;
    let own = of_person(txn, person).await?;
    if own.iter().any(|known| known.query == search.query) {
        return Ok(Saved::Already);
    }
    if own.len() >= MOST {
        return Ok(Saved::TooMany);
    }
    let row = ActiveModel {
        id: NotSet,
        person_id: Set(person),
        query: Set(search.query.clone()),
        name: Set(search.name.clone()),
        created_at: Set(now),
        looked_on: Set(today),
    };
    let saved = row.insert(txn).await?;
    told::add(txn, saved.id, found).await?;
    Ok(Saved::New)
}

/// The searches of a person, the first first.
///
/// # Errors
/// What the database said.
pub async fn of_person(db: &impl ConnectionTrait, person: i64) -> Result<Vec<SavedSearch>, DbErr> {
    Entity::find().filter(Column::PersonId.eq(person)).order_by_asc(Column::Id).all(db).await
}

/// A search of a person by its key.
///
/// # Errors
/// What the database said.
pub(super) async fn by_key(db: &impl ConnectionTrait, person: i64, id: i64) -> Result<Option<SavedSearch>, DbErr> {
    Entity::find_by_id(id).filter(Column::PersonId.eq(person)).one(db).await
}

/// Removes a search of a person; false when she has none such.
///
/// # Errors
/// What the database said.
pub(super) async fn remove(txn: &DatabaseTransaction, person: i64, id: i64) -> Result<bool, DbErr> {
    // Whoever looks for her news this moment writes down what it told of this search: it waits for that.
    accounts::lock_person(txn, person).await?;
    let own = Entity::delete_many().filter(Column::PersonId.eq(person)).filter(Column::Id.eq(id));
    Ok(own.exec(txn).await?.rows_affected == 1)
}

/// People whose searches were not all looked at on this day, by key.
///
/// # Errors
/// What the database said.
pub(super) async fn people_due(db: &impl ConnectionTrait, today: NaiveDate, most: u64) -> Result<Vec<i64>, DbErr> {
    let due = Entity::find().select_only().column(Column::PersonId).distinct();
    let due = due.filter(Column::LookedOn.lt(today)).order_by_asc(Column::PersonId).limit(most);
    due.into_tuple().all(db).await
}

/// Writes down that all searches of a person were looked at on this day.
///
/// # Errors
/// What the database said.
pub(super) async fn note_look(txn: &DatabaseTransaction, person: i64, today: NaiveDate) -> Result<(), DbErr> {
    let looked = Entity::update_many().col_expr(Column::LookedOn, Expr::value(today));
    looked.filter(Column::PersonId.eq(person)).exec(txn).await.map(drop)
}

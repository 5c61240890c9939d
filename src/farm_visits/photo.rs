//! Photographs of a visit, in their order. One that is taken off may be put back for a day.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseTransaction, FromQueryResult, IntoActiveModel, PaginatorTrait, QueryOrder, QuerySelect, QueryTrait,
    entity::prelude::*,
};

use super::visit_date::{self, State};
use crate::pictures::{Picture, WrongPicture};

/// Photographs of one visit.
pub(super) const MOST: usize = 6;
/// How long one that was taken off may be put back.
const KEPT: TimeDelta = TimeDelta::days(1);

/// A photograph of a visit.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "visit_photos")]
pub(super) struct Model {
    /// Key; it never names another picture.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Of which visit.
    pub farm_visit_id: i64,
    /// Those with a lower one are shown before it.
    pub position: i32,
    /// What it shows, for who does not see it, 1 to 200 characters.
    pub words: String,
    /// JPEG, each side at most 1,600 pixels.
    pub content: Vec<u8>,
    /// JPEG, 288 pixels square.
    pub thumbnail: Vec<u8>,
    /// When it came.
    pub made_at: DateTimeUtc,
    /// When it was taken off; nothing while it is shown.
    pub removed_at: Option<DateTimeUtc>,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A photograph as pages show it, without the picture.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub(super) struct Photo {
    /// Key.
    pub(super) id: i64,
    /// Of which visit.
    pub(super) farm_visit_id: i64,
    /// What it shows, for who does not see it.
    pub(super) words: String,
}

impl Photo {
    /// Where it is served.
    pub(super) fn path(&self) -> String {
        format!("/photos/visites/{}", self.id)
    }

    /// Where it is served in little.
    pub(super) fn thumbnail(&self) -> String {
        format!("{}/vignette", self.path())
    }
}

/// A photograph found right.
#[derive(Clone, Debug)]
pub(super) struct NewPhoto {
    content: Vec<u8>,
    thumbnail: Vec<u8>,
}

impl NewPhoto {
    /// Looks at what a browser sent. Takes up to a second: not for a thread that answers others.
    ///
    /// # Errors
    /// Why it is not taken.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, WrongPicture> {
        let picture = Picture::read(bytes)?;
        Ok(Self { content: picture.jpeg()?, thumbnail: picture.thumbnail()? })
    }
}

/// The photographs of visits that are shown, in their order.
///
/// # Errors
/// What the database said.
pub(super) async fn of(db: &impl ConnectionTrait, visits: &[i64]) -> Result<Vec<Photo>, DbErr> {
    if visits.is_empty() {
        return Ok(Vec::new());
    }
    let own = shown().filter(Column::FarmVisitId.is_in(visits.iter().copied()));
    let own = own.select_only().columns([Column::Id, Column::FarmVisitId, Column::Words]);
    own.order_by_asc(Column::Position).order_by_asc(Column::Id).into_model().all(db).await
}

fn shown() -> Select<Entity> {
    Entity::find().filter(Column::RemovedAt.is_null())
}

/// A photograph of a visit, whole or in little: for everybody once the visit has a date that is shown.
///
/// # Errors
/// What the database said.
pub(super) async fn bytes(
    db: &impl ConnectionTrait,
    key: i64,
    is_little: bool,
    is_organiser: bool,
) -> Result<Option<Vec<u8>>, DbErr> {
    let known = visit_date::Entity::find().select_only().column(visit_date::Column::FarmVisitId);
    let known = known.filter(visit_date::Column::State.ne(State::Draft)).into_query();
    let found = shown().filter(Column::Id.eq(key));
    let found = if is_organiser { found } else { found.filter(Column::FarmVisitId.in_subquery(known)) };
    let column = if is_little { Column::Thumbnail } else { Column::Content };
    found.select_only().column(column).into_tuple().one(db).await
}

/// Adds a photograph after the others of a locked visit; false when there are enough.
///
/// # Errors
/// What the database said.
pub(super) async fn add(
    txn: &DatabaseTransaction,
    visit: i64,
    new: NewPhoto,
    words: &str,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    if of(txn, &[visit]).await?.len() >= MOST {
        return Ok(false);
    }
    let row = ActiveModel {
        id: NotSet,
        farm_visit_id: Set(visit),
        position: Set(last(txn, visit).await? + 1),
        words: Set(words.to_owned()),
        content: Set(new.content),
        thumbnail: Set(new.thumbnail),
        made_at: Set(now),
        removed_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(txn).await?;
    Ok(true)
}

/// The last position of a visit's photographs; -1 when it has none.
async fn last(txn: &DatabaseTransaction, visit: i64) -> Result<i32, DbErr> {
    let all = Entity::find().filter(Column::FarmVisitId.eq(visit)).select_only();
    let last = all.column_as(Column::Position.max(), "last");
    Ok(last.into_tuple::<Option<i32>>().one(txn).await?.flatten().unwrap_or(-1))
}

/// Puts a photograph of a locked visit before the others; false when it is not there.
///
/// # Errors
/// What the database said.
pub(super) async fn put_first(txn: &DatabaseTransaction, visit: i64, key: i64) -> Result<bool, DbErr> {
    let all = of(txn, &[visit]).await?;
    if all.iter().all(|photo| photo.id != key) {
        return Ok(false);
    }
    let rest = all.iter().filter(|photo| photo.id != key).map(|photo| photo.id);
    for (position, id) in (0..).zip(std::iter::once(key).chain(rest)) {
        let moved = Entity::update_many().col_expr(Column::Position, Expr::value::<i32>(position));
        moved.filter(Column::Id.eq(id)).exec(txn).await?;
    }
    Ok(true)
}

/// Takes a photograph of a visit off; false when it is not there.
///
/// # Errors
/// What the database said.
pub(super) async fn take_off(
    txn: &DatabaseTransaction,
    visit: i64,
    key: i64,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let own = Entity::update_many().col_expr(Column::RemovedAt, Expr::value(now)).filter(Column::Id.eq(key));
    let own = own.filter(Column::FarmVisitId.eq(visit)).filter(Column::RemovedAt.is_null());
    Ok(own.exec(txn).await?.rows_affected == 1)
}

/// What became of a photograph that was to be put back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PutBack {
    /// It is shown again, where it stood.
    Shown,
    /// The visit has six others now.
    Full,
    /// There is nothing to put back.
    Gone,
}

/// Puts a photograph of a locked visit back that was taken off.
///
/// # Errors
/// What the database said.
pub(super) async fn put_back(txn: &DatabaseTransaction, visit: i64, key: i64) -> Result<PutBack, DbErr> {
    if of(txn, &[visit]).await?.len() >= MOST {
        return Ok(PutBack::Full);
    }
    let own = Entity::update_many().col_expr(Column::RemovedAt, Expr::value(None::<DateTime<Utc>>));
    let own = own.filter(Column::Id.eq(key)).filter(Column::FarmVisitId.eq(visit));
    let rows = own.filter(Column::RemovedAt.is_not_null()).exec(txn).await?.rows_affected;
    Ok(if rows == 1 { PutBack::Shown } else { PutBack::Gone })
}

/// Whether a photograph of a visit was taken off and may be put back.
///
/// # Errors
/// What the database said.
pub(super) async fn is_off(db: &impl ConnectionTrait, visit: i64, key: i64) -> Result<bool, DbErr> {
    let own = Entity::find().filter(Column::Id.eq(key)).filter(Column::FarmVisitId.eq(visit));
    Ok(own.filter(Column::RemovedAt.is_not_null()).count(db).await? == 1)
}

/// Gives a visit the photographs of another.
///
/// # Errors
/// What the database said.
pub(super) async fn copy(txn: &DatabaseTransaction, from: i64, to: i64) -> Result<(), DbErr> {
    for photo in shown().filter(Column::FarmVisitId.eq(from)).order_by_asc(Column::Id).all(txn).await? {
        let row = ActiveModel { id: NotSet, farm_visit_id: Set(to), ..photo.into_active_model().reset_all() };
        Entity::insert(row).exec_without_returning(txn).await?;
    }
    Ok(())
}

/// Erases what was taken off more than a day ago.
///
/// # Errors
/// What the database said.
pub(super) async fn forget_old(txn: &DatabaseTransaction, now: DateTime<Utc>) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::RemovedAt.lt(now - KEPT)).exec(txn).await.map(drop)
}

//! One day on which a visit takes place: the row, its places, where it stands.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::NotSet, DatabaseTransaction, IntoActiveModel, QueryOrder, QuerySelect, entity::prelude::*};

/// A date of a visit.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "visit_dates")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Which visit.
    pub farm_visit_id: i64,
    /// When it begins.
    pub starts_at: DateTimeUtc,
    /// When it ends, after it begins.
    pub ends_at: DateTimeUtc,
    /// How many people fit on the farm, 1 to 100,000.
    pub places: i32,
    /// How many of these are held, offered or given; only [`super::waiting_list`] changes it.
    pub places_taken: i32,
    /// Whether somebody waits whom nobody may pass.
    pub is_waited_for: bool,
    /// How many must come for it to take place; 0: it takes place.
    pub minimum: i32,
    /// From when one registers.
    pub opens_at: DateTimeUtc,
    /// Until when; nothing is offered after that.
    pub closes_at: DateTimeUtc,
    /// Where it stands.
    pub state: State,
    /// Whether organisers said that it takes place.
    pub is_confirmed: bool,
    /// What organisers said when they moved or cancelled it; may be empty.
    pub words: String,
    /// Rises whenever calendars are to be told otherwise.
    pub sequence: i32,
    /// Rises with every change that organisers make.
    pub version: i64,
}

/// A date of a visit.
pub type VisitDate = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Where organisers put a date. Full and past are not put: they follow from places and clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum State {
    /// Only organisers see it.
    #[sea_orm(string_value = "draft")]
    Draft,
    /// One registers.
    #[sea_orm(string_value = "open")]
    Open,
    /// One does not register any more.
    #[sea_orm(string_value = "closed")]
    Closed,
    /// It does not take place.
    #[sea_orm(string_value = "cancelled")]
    Cancelled,
}

/// Why nobody registers for a date now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shut {
    /// Organisers have not shown it yet, or registration begins later.
    NotYet,
    /// The last day for it is over, or organisers closed it.
    Closed,
    /// It does not take place.
    Cancelled,
    /// It has begun.
    Past,
}

impl Model {
    /// A draft of a date of a visit, of which nothing else is known yet.
    #[must_use]
    pub fn new(farm_visit_id: i64, now: DateTime<Utc>) -> Self {
        Self {
            id: 0,
            farm_visit_id,
            starts_at: now,
            ends_at: now,
            places: 1,
            places_taken: 0,
            is_waited_for: false,
            minimum: 0,
            opens_at: now,
            closes_at: now,
            state: State::Draft,
            is_confirmed: false,
            words: String::new(),
            sequence: 0,
            version: 1,
        }
    }

    /// Places that nobody has.
    #[must_use]
    pub fn free(&self) -> i32 {
        self.places - self.places_taken
    }

    /// Whether who registers now can only wait: no place is free, or a larger party waits for those that are.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.free() <= 0 || self.is_waited_for
    }

    /// Why nobody registers now; nothing when one does.
    #[must_use]
    pub fn shut(&self, now: DateTime<Utc>) -> Option<Shut> {
        match self.state {
            State::Cancelled => Some(Shut::Cancelled),
            _ if now >= self.starts_at => Some(Shut::Past),
            State::Draft => Some(Shut::NotYet),
            State::Closed => Some(Shut::Closed),
            State::Open if now < self.opens_at => Some(Shut::NotYet),
            State::Open if now >= self.closes_at => Some(Shut::Closed),
            State::Open => None,
        }
    }
}

/// A date, locked until the end of the transaction: whoever else would register waits.
///
/// # Errors
/// What the database said.
pub(super) async fn lock(txn: &DatabaseTransaction, key: i64) -> Result<Option<VisitDate>, DbErr> {
    Entity::find_by_id(key).lock_exclusive().one(txn).await
}

/// A date.
///
/// # Errors
/// What the database said.
pub(super) async fn by_key(db: &impl ConnectionTrait, key: i64) -> Result<Option<VisitDate>, DbErr> {
    Entity::find_by_id(key).one(db).await
}

/// The dates of visits, the first first.
///
/// # Errors
/// What the database said.
pub(super) async fn of_visits(db: &impl ConnectionTrait, visits: &[i64]) -> Result<Vec<VisitDate>, DbErr> {
    let own = Entity::find().filter(Column::FarmVisitId.is_in(visits.iter().copied()));
    own.order_by_asc(Column::StartsAt).order_by_asc(Column::Id).all(db).await
}

/// Writes a locked date; one that is new gets its key.
///
/// # Errors
/// What the database said.
pub(super) async fn write(txn: &DatabaseTransaction, date: &VisitDate) -> Result<VisitDate, DbErr> {
    let mut row = date.clone().into_active_model().reset_all();
    if date.id == 0 {
        row.id = NotSet;
        return row.insert(txn).await;
    }
    row.update(txn).await
}

/// A draft that is already there with the hours and places of a new one.
///
/// # Errors
/// What the database said.
pub(super) async fn same_draft(txn: &DatabaseTransaction, new: &VisitDate) -> Result<Option<VisitDate>, DbErr> {
    let own = Entity::find().filter(Column::FarmVisitId.eq(new.farm_visit_id)).filter(Column::State.eq(State::Draft));
    let own = own.filter(Column::StartsAt.eq(new.starts_at)).filter(Column::EndsAt.eq(new.ends_at));
    own.filter(Column::Places.eq(new.places)).one(txn).await
}

/// Erases a draft to which nobody is registered; false when it is none.
///
/// # Errors
/// What the database said.
pub(super) async fn erase(txn: &DatabaseTransaction, key: i64) -> Result<bool, DbErr> {
    let draft = Entity::delete_many().filter(Column::Id.eq(key)).filter(Column::State.eq(State::Draft));
    Ok(draft.filter(Column::PlacesTaken.eq(0)).exec(txn).await?.rows_affected == 1)
}

/// Writes how many places of a locked date are taken.
///
/// # Errors
/// What the database said.
pub(super) async fn count(txn: &DatabaseTransaction, date: &VisitDate) -> Result<(), DbErr> {
    let counted = Entity::update_many()
        .col_expr(Column::PlacesTaken, Expr::value(date.places_taken))
        .col_expr(Column::IsWaitedFor, Expr::value(date.is_waited_for));
    counted.filter(Column::Id.eq(date.id)).exec(txn).await.map(drop)
}

//! A listing that was shown once and is not for now: why, until when, and its return.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ActiveValue::Set, DatabaseTransaction, QueryOrder, QuerySelect, entity::prelude::*, sea_query::OnConflict,
};

use super::{State, Supplier, question, supplier};

/// Why nobody sees a listing.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "listing_absences")]
pub(super) struct Model {
    /// Whose listing.
    #[sea_orm(primary_key, auto_increment = false)]
    pub supplier_id: i64,
    /// Why.
    pub reason: Reason,
    /// The day on which it comes back by itself.
    pub returns_on: Option<Date>,
    /// What the organiser said of it, at most 1,000 characters.
    pub words: String,
    /// Since when.
    pub since: DateTimeUtc,
}

/// Why nobody sees a listing.
pub(super) type Absence = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Why a listing is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub(super) enum Reason {
    /// Its supplier has nothing to sell for a while.
    #[sea_orm(string_value = "pause")]
    Pause,
    /// Its supplier did not say whether it is still true.
    #[sea_orm(string_value = "silence")]
    Silence,
    /// Its supplier took it out.
    #[sea_orm(string_value = "withdrawal")]
    Withdrawal,
    /// An organiser took it out.
    #[sea_orm(string_value = "closing")]
    Closing,
}

impl Model {
    /// Whether it is a pause that ends on this day or before.
    pub(super) fn has_ended(&self, today: NaiveDate) -> bool {
        self.reason == Reason::Pause && self.returns_on.is_some_and(|day| day <= today)
    }
}

impl Reason {
    /// Who sees a listing that is absent for this reason.
    pub(super) const fn state(self) -> State {
        match self {
            Self::Pause | Self::Silence => State::Paused,
            Self::Withdrawal | Self::Closing => State::Withdrawn,
        }
    }

    /// Whether its supplier may bring it back alone.
    pub(super) const fn is_own(self) -> bool {
        !matches!(self, Self::Closing)
    }
}

/// Why a listing is not shown; nothing for one that is, or never was. What a file took out without saying why is a pause
/// or an organiser's closing.
///
/// # Errors
/// What the database said.
pub(super) async fn absence_of(db: &impl ConnectionTrait, supplier: &Supplier) -> Result<Option<Absence>, DbErr> {
    let reason = match supplier.state {
        State::Draft | State::Published => return Ok(None),
        State::Paused => Reason::Pause,
        State::Withdrawn => Reason::Closing,
    };
    let unsaid = || Absence {
        supplier_id: supplier.id,
        reason,
        returns_on: None,
        words: String::new(),
        since: supplier.updated_at,
    };
    // A file may have changed what is seen since.
    let said = said(db, supplier.id).await?.filter(|said| said.reason.state() == supplier.state);
    Ok(Some(said.unwrap_or_else(unsaid)))
}

async fn said(db: &impl ConnectionTrait, supplier: i64) -> Result<Option<Absence>, DbErr> {
    Entity::find_by_id(supplier).one(db).await
}

/// A listing by its key, to change who sees it: others wait.
///
/// # Errors
/// What the database said.
pub(super) async fn lock(txn: &DatabaseTransaction, supplier: i64) -> Result<Option<Supplier>, DbErr> {
    supplier::Entity::find_by_id(supplier).lock_exclusive().one(txn).await
}

/// Takes a listing out of everybody's sight. Whoever says so has answered the yearly question; of one that left for want of
/// an answer, the links still answer.
///
/// # Errors
/// What the database said.
pub(super) async fn leave(txn: &DatabaseTransaction, absence: Absence, now: DateTime<Utc>) -> Result<(), DbErr> {
    let (id, state) = (absence.supplier_id, absence.reason.state());
    if absence.reason != Reason::Silence {
        question::forget(txn, id).await?;
    }
    let row = ActiveModel {
        supplier_id: Set(id),
        reason: Set(absence.reason),
        returns_on: Set(absence.returns_on),
        words: Set(absence.words),
        since: Set(absence.since),
    };
    let columns = [Column::Reason, Column::ReturnsOn, Column::Words, Column::Since];
    let again = OnConflict::column(Column::SupplierId).update_columns(columns).to_owned();
    Entity::insert(row).on_conflict(again).exec_without_returning(txn).await?;
    supplier::change(txn, id, supplier::Column::State, Expr::value(state), now).await
}

/// Shows a listing again; what was asked about it before is asked no more.
///
/// # Errors
/// What the database said.
pub(super) async fn come_back(txn: &DatabaseTransaction, supplier: i64, now: DateTime<Utc>) -> Result<(), DbErr> {
    forget(txn, supplier).await?;
    question::forget(txn, supplier).await?;
    supplier::change(txn, supplier, supplier::Column::State, Expr::value(State::Published), now).await
}

/// What is shown again for another reason is absent no more.
///
/// # Errors
/// What the database said.
pub(super) async fn forget(txn: &DatabaseTransaction, supplier: i64) -> Result<(), DbErr> {
    Entity::delete_by_id(supplier).exec(txn).await.map(drop)
}

/// The pauses that end today or should have, the oldest first.
///
/// # Errors
/// What the database said.
pub(super) async fn ended(txn: &DatabaseTransaction, today: NaiveDate, most: u64) -> Result<Vec<i64>, DbErr> {
    let ended = Entity::find().select_only().column(Column::SupplierId).filter(Column::Reason.eq(Reason::Pause));
    let ended = ended.filter(Column::ReturnsOn.lte(today)).order_by_asc(Column::ReturnsOn);
    ended.order_by_asc(Column::SupplierId).limit(most).into_tuple().all(txn).await
}

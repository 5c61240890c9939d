//! A canteen that registered by itself: until an organiser has said yes it neither writes to suppliers nor is shown to them.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, DatabaseTransaction, QueryOrder, QuerySelect, QueryTrait, entity::prelude::*,
    sea_query::SelectStatement,
};

/// A canteen that an organiser has not accepted.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "canteen_requests")]
pub struct Model {
    /// Which.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: i64,
    /// What an organiser said.
    pub state: RequestState,
    /// In which words, at most 1,000 characters.
    pub words: String,
    /// When it registered.
    pub asked_at: DateTimeUtc,
}

/// A canteen that an organiser has not accepted.
pub type CanteenRequest = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What an organiser said of a canteen; one that is accepted has no row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum RequestState {
    /// Nothing yet.
    #[sea_orm(string_value = "waiting")]
    Waiting,
    /// No.
    #[sea_orm(string_value = "refused")]
    Refused,
}

/// A canteen has registered.
///
/// # Errors
/// What the database said.
pub(super) async fn ask(txn: &DatabaseTransaction, organisation: i64, now: DateTime<Utc>) -> Result<(), DbErr> {
    let row = ActiveModel {
        organisation_id: Set(organisation),
        state: Set(RequestState::Waiting),
        words: Set(String::new()),
        asked_at: Set(now),
    };
    Entity::insert(row).exec_without_returning(txn).await.map(drop)
}

/// Why a canteen may not write to suppliers yet; nothing for one that may.
///
/// # Errors
/// What the database said.
pub async fn request_of(db: &impl ConnectionTrait, organisation: i64) -> Result<Option<CanteenRequest>, DbErr> {
    Entity::find_by_id(organisation).one(db).await
}

/// Those of these canteens that no organiser has accepted.
///
/// # Errors
/// What the database said.
pub async fn requests_of(db: &impl ConnectionTrait, organisations: &[i64]) -> Result<Vec<CanteenRequest>, DbErr> {
    Entity::find().filter(Column::OrganisationId.is_in(organisations.iter().copied())).all(db).await
}

/// The canteens that no organiser has accepted, as a query.
pub(super) fn unaccepted() -> SelectStatement {
    Entity::find().select_only().column(Column::OrganisationId).into_query()
}

/// The canteens that no organiser has accepted.
///
/// # Errors
/// What the database said.
pub async fn not_accepted(db: &impl ConnectionTrait) -> Result<Vec<i64>, DbErr> {
    Entity::find().select_only().column(Column::OrganisationId).into_tuple().all(db).await
}

/// The canteens that wait for an organiser, the longest first, at most `most`.
///
/// # Errors
/// What the database said.
pub(super) async fn waiting(db: &impl ConnectionTrait, most: u64) -> Result<Vec<CanteenRequest>, DbErr> {
    let waiting = Entity::find().filter(Column::State.eq(RequestState::Waiting));
    waiting.order_by_asc(Column::AskedAt).order_by_asc(Column::OrganisationId).limit(most).all(db).await
}

/// The canteens that organisers refused, the latest first, at most `most`.
///
/// # Errors
/// What the database said.
pub(super) async fn refused(db: &impl ConnectionTrait, most: u64) -> Result<Vec<CanteenRequest>, DbErr> {
    let refused = Entity::find().filter(Column::State.eq(RequestState::Refused));
    refused.order_by_desc(Column::AskedAt).order_by_desc(Column::OrganisationId).limit(most).all(db).await
}

/// An organiser says yes; false when nobody waits for that.
///
/// # Errors
/// What the database said.
pub(super) async fn accept(txn: &DatabaseTransaction, organisation: i64) -> Result<bool, DbErr> {
    Ok(Entity::delete_by_id(organisation).exec(txn).await?.rows_affected == 1)
}

/// An organiser says no, and why; false when somebody has decided already.
///
/// # Errors
/// What the database said.
pub(super) async fn refuse(txn: &DatabaseTransaction, organisation: i64, words: &str) -> Result<bool, DbErr> {
    let refusal = Entity::update_many()
        .col_expr(Column::State, Expr::value(RequestState::Refused))
        .col_expr(Column::Words, Expr::value(words));
    let refusal =
        refusal.filter(Column::OrganisationId.eq(organisation)).filter(Column::State.eq(RequestState::Waiting));
    Ok(refusal.exec(txn).await?.rows_affected == 1)
}

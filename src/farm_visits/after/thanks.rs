//! The day after a visit, those who came are thanked: once, with the organiser's words, and the way to say what it was like.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    DatabaseTransaction, IntoActiveModel, QueryOrder, QuerySelect, QueryTrait, entity::prelude::*,
    sea_query::OnConflict,
};

use super::mail;
use crate::app::App;
use crate::farm_visits::attendance;
use crate::farm_visits::memory::is_erased;
use crate::farm_visits::registration::{self, Registration, Standing};
use crate::farm_visits::visit_date::{self, State, VisitDate};
use crate::farm_visits::{farm_visit, mail::Desk, photo};
use crate::schedule::{Failed, Next};

/// How long after a visit one is still thanked: a machine may have been off.
pub(super) const LATEST: TimeDelta = TimeDelta::days(7);

/// What is written to those who came to a date.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "visit_thanks")]
pub(super) struct Model {
    /// Which date.
    #[sea_orm(primary_key, auto_increment = false)]
    pub visit_date_id: i64,
    /// The organiser's words, at most 2,000 characters; may be empty.
    pub words: String,
    /// When it left.
    pub sent_at: Option<DateTimeUtc>,
}

/// What is written to those who came to a date.
pub(super) type Thanks = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What is written to those who came to a date.
///
/// # Errors
/// What the database said.
pub(super) async fn of(db: &impl ConnectionTrait, date: i64) -> Result<Thanks, DbErr> {
    let known = Entity::find_by_id(date).one(db).await?;
    Ok(known.unwrap_or(Thanks { visit_date_id: date, words: String::new(), sent_at: None }))
}

/// Writes the organiser's words down, as long as nothing left; false when it has.
///
/// # Errors
/// What the database said.
pub(super) async fn say(txn: &DatabaseTransaction, date: &VisitDate, words: &str) -> Result<bool, DbErr> {
    if of(txn, date.id).await?.sent_at.is_some() {
        return Ok(false);
    }
    let row = Thanks { visit_date_id: date.id, words: words.to_owned(), sent_at: None };
    keep(txn, row, Column::Words).await?;
    Ok(true)
}

async fn keep(txn: &DatabaseTransaction, row: Thanks, changed: Column) -> Result<(), DbErr> {
    let known = OnConflict::column(Column::VisitDateId).update_column(changed).to_owned();
    Entity::insert(row.into_active_model().reset_all()).on_conflict(known).exec_without_returning(txn).await.map(drop)
}

/// Thanks those who came to what was over before this day began, and were not thanked.
///
/// # Errors
/// When a mail cannot be written or the database does not answer.
pub async fn thank(app: &App, txn: &DatabaseTransaction, now: DateTime<Utc>) -> Result<Next, Failed> {
    let thanked = Entity::find().select_only().column(Column::VisitDateId).filter(Column::SentAt.is_not_null());
    let over = visit_date::Entity::find()
        .filter(visit_date::Column::EndsAt.between(now - LATEST, now))
        .filter(visit_date::Column::State.is_in([State::Open, State::Closed]))
        .filter(visit_date::Column::Id.not_in_subquery(thanked.into_query()))
        .order_by_asc(visit_date::Column::Id);
    let is_of_before = |date: &VisitDate| app.local(date.ends_at).date() < app.today();
    for known in over.all(txn).await?.into_iter().filter(is_of_before) {
        // Another node may thank at this moment: the second finds it done.
        let Some(date) = visit_date::lock(txn, known.id).await? else { continue };
        let thanks = of(txn, date.id).await?;
        let Some(visit) = farm_visit::by_key(txn, date.farm_visit_id).await? else { continue };
        if thanks.sent_at.is_some() {
            continue;
        }
        let desk = Desk::new(app, &visit, &date)?;
        let has_photos = !photo::of(txn, &[visit.id]).await?.is_empty();
        let is_noted = attendance::of_date(txn, date.id).await?.is_known();
        for row in who_came(txn, date.id).await? {
            mail::thank(&desk, txn, &row, (&thanks.words, is_noted, has_photos)).await?;
        }
        keep(txn, Thanks { sent_at: Some(now), ..thanks }, Column::SentAt).await?;
    }
    Ok(Next::Done)
}

/// Those who came to a date, as far as is known: where nobody was noted as being there, who was to come and was not noted
/// as missing.
///
/// # Errors
/// What the database said.
pub(in crate::farm_visits) async fn who_came(db: &impl ConnectionTrait, date: i64) -> Result<Vec<Registration>, DbErr> {
    let mut rows = registration::in_states(db, date, &[Standing::Confirmed]).await?;
    let noted = attendance::of_date(db, date).await?;
    rows.retain(|row| noted.came_of(row) > 0 && !is_erased(&row.name));
    Ok(rows)
}

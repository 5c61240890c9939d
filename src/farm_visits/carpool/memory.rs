//! What is known of rides: shown to whom it is about, forgotten a week after the visit.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{DatabaseTransaction, QuerySelect, QueryTrait, entity::prelude::*};

use super::entry::{self, Side};
use super::pair;
use crate::farm_visits::{registration, visit_date};

/// How long after a visit rides are known.
const KEPT: TimeDelta = TimeDelta::days(7);

/// What an address offers or looks for: « propose » or « cherche », INSEE code, minutes since midnight, seats, telephone,
/// words.
///
/// # Errors
/// What the database said.
pub async fn carpooled_by(
    db: &impl ConnectionTrait,
    email: &str,
) -> Result<Vec<(&'static str, String, i32, i32, String, String)>, DbErr> {
    let own = registration::Entity::find().select_only().column(registration::Column::Id);
    let own = own.filter(registration::Column::Email.eq(email)).into_query();
    let rows = entry::Entity::find().filter(entry::Column::RegistrationId.in_subquery(own)).all(db).await?;
    let said = |row: entry::Entry| {
        let what = if row.side == Side::Offer { "propose" } else { "cherche" };
        (what, row.insee_code, row.leaves_at, row.seats, row.phone, row.words)
    };
    Ok(rows.into_iter().map(said).collect())
}

/// Forgets what a registration offers or looks for, which nobody waits for any more.
///
/// # Errors
/// What the database said.
pub(in crate::farm_visits) async fn forget(txn: &DatabaseTransaction, registration: i64) -> Result<(), DbErr> {
    let Some(own) = entry::of_registration(txn, registration).await? else { return Ok(()) };
    let pairs = pair::of_entries(txn, &[own.id]).await?;
    pair::erase(txn, &pairs.iter().map(|pair| pair.id).collect::<Vec<_>>()).await?;
    entry::erase(txn, &[own.id]).await
}

/// Forgets the rides to visits that are over for a week.
///
/// # Errors
/// What the database said.
pub(in crate::farm_visits) async fn forget_old(txn: &DatabaseTransaction, now: DateTime<Utc>) -> Result<(), DbErr> {
    let over = visit_date::Entity::find().select_only().column(visit_date::Column::Id);
    let over = over.filter(visit_date::Column::EndsAt.lt(now - KEPT)).into_query();
    let old = entry::Entity::find().select_only().column(entry::Column::Id);
    let old = old.filter(entry::Column::VisitDateId.in_subquery(over.clone())).into_query();
    pair::Entity::delete_many().filter(pair::Column::OfferId.in_subquery(old)).exec(txn).await?;
    entry::Entity::delete_many().filter(entry::Column::VisitDateId.in_subquery(over)).exec(txn).await.map(drop)
}

//! What is known of a person here: shown to her, forgotten when she wishes or when it has served.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{DatabaseTransaction, QueryOrder, QuerySelect, QueryTrait, UpdateMany, entity::prelude::*};

use super::act::Act;
use super::after::review::{self, Review};
use super::registration::{self, Standing};
use super::{attendance, carpool, counter, farm_visit, link, needs, photo, program_answer, proposal, visit_date};
use crate::app::App;
use crate::mail::NotEnqueued;

/// How long after a visit what a party needed is kept.
const NEEDED: TimeDelta = TimeDelta::days(1);
/// How long after a visit the links of its mails work, and how long it is known who came.
const LINKED: TimeDelta = TimeDelta::days(30);
const NAMED: TimeDelta = TimeDelta::days(400);
const NEVER_OFFERED: &str = "NOT EXISTS (SELECT 1 FROM registration_changes past
    WHERE past.registration_id = registrations.id AND past.state = 'offered')";
/// Who stands where somebody was erased; a domain that cannot exist (RFC 2606).
const NOBODY: &str = "efface@manger-local.invalid";
const ERASED: &str = "Personne effacée";

/// Whether a name stands for somebody who was erased.
pub(super) fn is_erased(name: &str) -> bool {
    name == ERASED
}

/// The registrations of an address: visit, when it begins, how many, where it stands, what she needs and answered.
///
/// # Errors
/// What the database said.
pub async fn registered_by(
    db: &impl ConnectionTrait,
    email: &str,
) -> Result<Vec<(String, DateTime<Utc>, i32, &'static str, Vec<String>)>, DbErr> {
    let mut found = Vec::new();
    for row in of_address(email).all(db).await? {
        let Some(date) = visit_date::by_key(db, row.visit_date_id).await? else { continue };
        if let Some(visit) = farm_visit::by_key(db, date.farm_visit_id).await? {
            let mut said = needs::said_by(db, visit.id, &[row.id]).await?.remove(&row.id).unwrap_or_default();
            said.extend(review::of(db, &[row.id]).await?.values().flat_map(Review::said));
            found.push((visit.title, date.starts_at, row.party_size, row.state.label(), said));
        }
    }
    Ok(found)
}

/// Visits to which an address came, registered or not: visit, when it began, how many came.
///
/// # Errors
/// What the database said.
pub async fn attended_by(db: &impl ConnectionTrait, email: &str) -> Result<Vec<(String, DateTime<Utc>, i32)>, DbErr> {
    let mut came = Vec::new();
    for row in of_address(email).all(db).await? {
        came.extend(attendance::of_registration(db, &row).await?.map(|came| (row.visit_date_id, came)));
    }
    let walked_in = attendance::Entity::find().filter(attendance::Column::Email.eq(email)).all(db).await?;
    came.extend(walked_in.into_iter().filter_map(|one| Some((one.visit_date_id, one.came?))));
    let mut found = Vec::new();
    for (date, came) in came {
        let Some(date) = visit_date::by_key(db, date).await? else { continue };
        if let Some(visit) = farm_visit::by_key(db, date.farm_visit_id).await? {
            found.push((visit.title, date.starts_at, came));
        }
    }
    Ok(found)
}

/// What a person proposed to show: when, what can be seen, whom to call.
///
/// # Errors
/// What the database said.
pub async fn proposed_by(
    db: &impl ConnectionTrait,
    person: i64,
) -> Result<Vec<(DateTime<Utc>, String, String)>, DbErr> {
    let made = proposal::made_by(db, person).await?;
    Ok(made.into_iter().map(|one| (one.made_at, one.sights, one.contact)).collect())
}

/// Takes whom to call off what a person proposed.
///
/// # Errors
/// What the database said.
pub async fn forget_proposer(txn: &DatabaseTransaction, person: i64) -> Result<(), DbErr> {
    proposal::forget_proposer(txn, person).await
}

fn of_address(email: &str) -> Select<registration::Entity> {
    let own = registration::Entity::find().filter(registration::Column::Email.eq(email));
    own.order_by_asc(registration::Column::VisitDateId).order_by_asc(registration::Column::Id)
}

/// Takes an address off the visits to come, whose places go to others, and its name off those that have been: of these the
/// number and the organisation are left.
///
/// # Errors
/// When a mail to others cannot be written or the database does not answer.
pub async fn forget_address(txn: &DatabaseTransaction, app: &App, email: &str) -> Result<(), NotEnqueued> {
    // In the order of the dates: who is erased by two nodes at once is waited for, not locked out.
    let rows = of_address(email).all(txn).await?;
    for row in rows.iter().filter(|row| row.state.is_alive()) {
        counter::act(txn, app, row.visit_date_id, Act::Cancel(row.id), (None, true)).await?;
    }
    for row in rows {
        needs::forget(txn, row.id).await?;
        review::forget(txn, row.id).await?;
        carpool::forget(txn, row.id).await?;
        link::Entity::delete_many().filter(link::Column::RegistrationId.eq(row.id)).exec(txn).await?;
        // A row for each: of one date no address stands twice among those who come.
        let nobody = format!("{}-{NOBODY}", row.id);
        let blank = registration::Entity::update_many()
            .col_expr(registration::Column::Email, Expr::value(nobody))
            .col_expr(registration::Column::Name, Expr::value(ERASED));
        blank.filter(registration::Column::Id.eq(row.id)).exec(txn).await?;
    }
    nameless().filter(attendance::Column::Email.eq(email)).exec(txn).await?;
    Ok(())
}

/// Of those who walked in the number and the organisation are left.
fn nameless() -> UpdateMany<attendance::Entity> {
    attendance::Entity::update_many()
        .col_expr(attendance::Column::Email, Expr::value(""))
        .col_expr(attendance::Column::Name, Expr::value(ERASED))
}

/// Forgets what has served: what parties needed, rides, links, who came, what farms proposed, what programs were answered.
///
/// # Errors
/// What the database said.
pub async fn forget_old(txn: &DatabaseTransaction, now: DateTime<Utc>) -> Result<(), DbErr> {
    let over = visit_date::Entity::find().select_only().column(visit_date::Column::Id);
    let over = over.filter(visit_date::Column::EndsAt.lt(now - NEEDED)).into_query();
    let gone = registration::Entity::find().select_only().column(registration::Column::Id);
    let gone = gone.filter(registration::Column::VisitDateId.in_subquery(over)).into_query();
    needs::forget_those(txn, gone).await?;
    // Whoever was called off or withdrew needs nothing either.
    let left = registration::Entity::find().select_only().column(registration::Column::Id);
    let left = left.filter(registration::Column::State.is_in([Standing::Cancelled, Standing::Lapsed])).into_query();
    needs::forget_those(txn, left).await?;
    // An address that nobody proved may be a stranger's: it was never offered anything.
    let unproven = registration::Entity::delete_many().filter(registration::Column::State.eq(Standing::Lapsed));
    let unproven = unproven.filter(registration::Column::AskedAt.lt(now - NEEDED)).filter(Expr::cust(NEVER_OFFERED));
    unproven.exec(txn).await?;
    let before = |days| {
        let dates = visit_date::Entity::find().select_only().column(visit_date::Column::Id);
        dates.filter(visit_date::Column::EndsAt.lt(now - days)).into_query()
    };
    let led = registration::Entity::find()
        .select_only()
        .column(registration::Column::Id)
        .filter(registration::Column::VisitDateId.in_subquery(before(LINKED)));
    link::Entity::delete_many().filter(link::Column::RegistrationId.in_subquery(led.into_query())).exec(txn).await?;
    let blank = registration::Entity::update_many()
        .col_expr(registration::Column::Email, Expr::cust(format!("CAST(id AS TEXT) || '-{NOBODY}'")))
        .col_expr(registration::Column::Name, Expr::value(ERASED));
    let blank = blank.filter(registration::Column::VisitDateId.in_subquery(before(NAMED)));
    blank.filter(registration::Column::Name.ne(ERASED)).exec(txn).await?;
    let named = registration::Entity::find()
        .select_only()
        .column(registration::Column::Id)
        .filter(registration::Column::VisitDateId.in_subquery(before(NAMED)));
    review::forget_words(txn, named.into_query()).await?;
    let walked_in = nameless().filter(attendance::Column::VisitDateId.in_subquery(before(NAMED)));
    let named = attendance::Column::Name.is_not_in(["", ERASED]);
    walked_in.filter(attendance::Column::WalkInKey.is_not_null()).filter(named).exec(txn).await?;
    carpool::forget_old(txn, now).await?;
    photo::forget_old(txn, now).await?;
    proposal::forget_answered(txn, now - NAMED).await?;
    program_answer::forget_old(txn, now).await
}

//! A node at work on a search: it claims it, says that it lives and where it stands, and what it came to.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::sea_query::{LockBehavior, LockType};
use sea_orm::{Condition, DatabaseTransaction, DbBackend, QueryOrder, QuerySelect, entity::prelude::*};

use super::run::{Column, Entity, Run, RunState};

/// How long a node that says nothing is believed to live.
const LEASE: TimeDelta = TimeDelta::seconds(30);

/// Searches that nobody is at: those that wait, and those whose node has gone silent.
fn claimable(now: DateTime<Utc>) -> Condition {
    let silent = Condition::all().add(Column::State.eq(RunState::Running)).add(Column::ClaimedUntil.lt(now));
    Condition::any().add(Column::State.eq(RunState::Waiting)).add(silent)
}

/// Whether [`claim`] would find something.
///
/// # Errors
/// What the database said.
pub(super) async fn is_due(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let first = Entity::find().select_only().column(Column::Id).filter(claimable(now)).limit(1);
    Ok(first.into_tuple::<i64>().one(db).await?.is_some())
}

/// The search that has waited for longest, now this node's.
///
/// # Errors
/// What the database said.
pub(super) async fn claim(txn: &DatabaseTransaction, node: &str, now: DateTime<Utc>) -> Result<Option<Run>, DbErr> {
    let first = Entity::find().filter(claimable(now)).order_by_asc(Column::Id).limit(1);
    let first = if txn.get_database_backend() == DbBackend::Postgres {
        first.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
    } else {
        first
    };
    let Some(run) = first.one(txn).await? else { return Ok(None) };
    let taken = Entity::update_many()
        .col_expr(Column::State, Expr::value(RunState::Running))
        .col_expr(Column::Claim, Expr::value(node))
        .col_expr(Column::ClaimedUntil, Expr::value(Some(now + LEASE)))
        .filter(Column::Id.eq(run.id))
        .filter(Column::Claim.eq(&run.claim))
        .exec(txn)
        .await?;
    Ok((taken.rows_affected == 1).then(|| Run { state: RunState::Running, claim: node.to_owned(), ..run }))
}

/// A search that is still this node's.
fn mine(run: &Run) -> sea_orm::UpdateMany<Entity> {
    Entity::update_many()
        .filter(Column::Id.eq(run.id))
        .filter(Column::State.eq(RunState::Running))
        .filter(Column::Claim.eq(&run.claim))
}

/// Says that the node lives and where it stands; whether it may go on: an organiser may want no more, another node may have
/// the search.
///
/// # Errors
/// What the database said.
pub(super) async fn report(
    txn: &DatabaseTransaction,
    run: &Run,
    progress: &str,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let said = mine(run)
        .col_expr(Column::Progress, Expr::value(progress))
        .col_expr(Column::ClaimedUntil, Expr::value(Some(now + LEASE)))
        .exec(txn)
        .await?;
    if said.rows_affected == 0 {
        return Ok(false);
    }
    let asked = Entity::find_by_id(run.id).select_only().column(Column::IsStopAsked).into_tuple::<bool>();
    Ok(asked.one(txn).await? == Some(false))
}

/// What a search came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Where it ended.
    pub(super) state: RunState,
    /// meet-solution/1.
    pub(super) solution: String,
    /// Empty when nothing was found.
    pub(super) quality: String,
}

/// Says what a search came to; false when it is another node's by now.
///
/// # Errors
/// What the database said.
pub(super) async fn end(
    txn: &DatabaseTransaction,
    run: &Run,
    found: &Found,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let ended = mine(run)
        .col_expr(Column::State, Expr::value(found.state))
        .col_expr(Column::Solution, Expr::value(Some(found.solution.clone())))
        .col_expr(Column::Quality, Expr::value(found.quality.clone()))
        .col_expr(Column::ClaimedUntil, Expr::value(None::<DateTime<Utc>>))
        .col_expr(Column::EndedAt, Expr::value(Some(now)));
    Ok(ended.exec(txn).await?.rows_affected == 1)
}

/// Gives a search back, for another node: this one stops.
///
/// # Errors
/// What the database said.
pub(super) async fn give_back(txn: &DatabaseTransaction, run: &Run) -> Result<(), DbErr> {
    let free = mine(run)
        .col_expr(Column::State, Expr::value(RunState::Waiting))
        .col_expr(Column::Claim, Expr::value(""))
        .col_expr(Column::ClaimedUntil, Expr::value(None::<DateTime<Utc>>));
    free.exec(txn).await.map(drop)
}

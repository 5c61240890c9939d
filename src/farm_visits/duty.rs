//! What time brings: places kept for nobody go to others.

use chrono::{DateTime, Utc};
use sea_orm::{DatabaseTransaction, DbErr};

use super::act::Act;
use super::{counter, registration};
use crate::app::App;
use crate::schedule::{self, Failed, Next};

/// Work about a date of which something is overdue.
pub const SETTLE: &str = "farm_visits.settle";

/// Plans it for when the next thing of a locked date is overdue. Each moment is work of its own: who registers while one is
/// being done, which holds its work and waits for the date, does not wait for it in turn.
///
/// # Errors
/// What the database said.
pub(super) async fn plan_settling(txn: &DatabaseTransaction, date: i64) -> Result<(), DbErr> {
    match registration::next_due(txn, date).await? {
        Some(due) => schedule::plan(txn, SETTLE, &subject(date, due), due).await,
        None => Ok(()),
    }
}

/// Ends what is overdue at a date and offers the places that came free.
///
/// # Errors
/// When a mail cannot be written or the database does not answer.
pub async fn settle(app: &App, txn: &DatabaseTransaction, subject: &str) -> Result<Next, Failed> {
    let key = subject.strip_prefix("visit_dates/").and_then(|rest| rest.split('/').next());
    if let Some(date) = key.and_then(|key| key.parse().ok()) {
        counter::act(txn, app, date, Act::Settle, (None, false)).await?;
        plan_settling(txn, date).await?;
    }
    Ok(Next::Done)
}

fn subject(date: i64, due: DateTime<Utc>) -> String {
    format!("visit_dates/{date}/{}", due.timestamp_micros())
}

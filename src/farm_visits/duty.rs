//! What time brings: places kept for nobody go to others.

use sea_orm::{DatabaseTransaction, DbErr};

use super::act::Act;
use super::{counter, registration};
use crate::app::App;
use crate::schedule::{self, Failed, Next};

/// Work about a date of which something is overdue.
pub const SETTLE: &str = "farm_visits.settle";

/// Plans it for when the next thing of a locked date is overdue.
///
/// # Errors
/// What the database said.
pub(super) async fn plan_settling(txn: &DatabaseTransaction, date: i64) -> Result<(), DbErr> {
    match registration::next_due(txn, date).await? {
        Some(due) => schedule::plan(txn, SETTLE, &subject(date), due).await,
        None => Ok(()),
    }
}

/// Ends what is overdue at a date and offers the places that came free.
///
/// # Errors
/// When a mail cannot be written or the database does not answer.
pub async fn settle(app: &App, txn: &DatabaseTransaction, subject: &str) -> Result<Next, Failed> {
    if let Some(date) = subject.strip_prefix("visit_dates/").and_then(|key| key.parse().ok()) {
        counter::act(txn, app, date, Act::Settle, (None, false)).await?;
        plan_settling(txn, date).await?;
    }
    Ok(Next::Done)
}

fn subject(date: i64) -> String {
    format!("visit_dates/{date}")
}

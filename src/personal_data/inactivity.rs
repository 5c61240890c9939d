use chrono::{DateTime, Months, TimeDelta, Utc};
use sea_orm::DatabaseTransaction;

use super::erasure::erase;
use super::mail;
use crate::accounts;
use crate::app::App;
use crate::mail::NotEnqueued;
use crate::schedule::Next;

/// After that an account that nobody uses is erased.
const KEPT: Months = Months::new(24);
/// So long before, its person is told.
const WARNED: TimeDelta = TimeDelta::days(30);
/// People looked after in one transaction.
const AT_ONCE: u64 = 50;

/// Warns those who have not come for almost two years, and erases those who were warned a month ago and have not come since.
/// Whoever cannot be erased, the last organiser, is left as she is.
///
/// # Errors
/// When a mail cannot be written down or the database does not answer.
pub async fn look_after(app: &App, txn: &DatabaseTransaction, now: DateTime<Utc>) -> Result<Next, NotEnqueued> {
    let long_ago = now.checked_sub_months(KEPT).unwrap_or_default();
    let (mut warned, mut erased) = (0, 0);
    for person in accounts::unseen_since(txn, long_ago + WARNED, None, AT_ONCE).await? {
        // She has a month, counted from the mail, though it may come late.
        let until = (person.last_seen_at.unwrap_or(person.created_at) + TimeDelta::days(730)).max(now + WARNED);
        mail::inactivity(txn, app, &person, until).await?;
        accounts::note_warning(txn, &person, now).await?;
        warned += 1;
    }
    for person in accounts::unseen_since(txn, long_ago, Some(now - WARNED), AT_ONCE).await? {
        if erase(txn, app, &person, "a effacé un compte inactif depuis deux ans").await?.is_ok() {
            erased += 1;
        }
    }
    Ok(if warned == AT_ONCE || erased == AT_ONCE { Next::More } else { Next::Done })
}

use chrono::{DateTime, Utc};
use sea_orm::{DatabaseTransaction, DbErr};

use crate::accounts::{self, Person};
use crate::audit::{self, Act, By};
use crate::speed_meetings::after;
use crate::{mail, suppliers};

/// Why somebody is not erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    /// Nobody else runs the territory.
    LastOrganiser,
}

/// Erases a person: her account and what hangs on it, her mails, her address wherever it stands. What was done stays in the
/// journal, without her.
///
/// # Errors
/// What the database said.
pub(super) async fn erase(
    txn: &DatabaseTransaction,
    person: &Person,
    why: &'static str,
    now: DateTime<Utc>,
) -> Result<Result<(), Kept>, DbErr> {
    if accounts::is_last_organiser(txn, person).await? {
        return Ok(Err(Kept::LastOrganiser));
    }
    // While it is known who wrote it.
    after::forget_written(txn, person.id).await?;
    if !accounts::erase(txn, person).await? {
        return Ok(Err(Kept::LastOrganiser));
    }
    mail::forget_address(txn, &person.email).await?;
    suppliers::forget_reporter(txn, &person.email).await?;
    suppliers::forget_registration(txn, &person.email).await?;
    audit::record(txn, By::Program, Act::new(why, format!("people/{}", person.id)), now).await?;
    Ok(Ok(()))
}

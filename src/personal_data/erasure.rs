use sea_orm::DatabaseTransaction;

use crate::accounts::{self, Person};
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::farm_visits;
use crate::mail::NotEnqueued;
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
/// When a mail to those who get her places cannot be written or the database does not answer.
pub(super) async fn erase(
    txn: &DatabaseTransaction,
    app: &App,
    person: &Person,
    why: &'static str,
) -> Result<Result<(), Kept>, NotEnqueued> {
    if accounts::is_last_organiser(txn, person).await? {
        return Ok(Err(Kept::LastOrganiser));
    }
    farm_visits::forget_address(txn, app, &person.email).await?;
    // While it is known who wrote it.
    farm_visits::forget_proposer(txn, person.id).await?;
    after::forget_written(txn, person.id).await?;
    if !accounts::erase(txn, person).await? {
        return Ok(Err(Kept::LastOrganiser));
    }
    mail::forget_address(txn, &person.email).await?;
    suppliers::forget_reporter(txn, &person.email).await?;
    suppliers::forget_registration(txn, &person.email).await?;
    audit::record(txn, By::Program, Act::new(why, format!("people/{}", person.id)), app.clock.now()).await?;
    Ok(Ok(()))
}

//! The one way in which a timetable reaches people: the next version, and word to each whose day is another.

use sea_orm::DatabaseTransaction;

use super::version::{self, Publication};
use crate::app::App;
use crate::mail::NotEnqueued;
use crate::speed_meetings::meeting::{Difference, Meeting};
use crate::speed_meetings::plan::Plan;
use crate::speed_meetings::workshop::appointment::{self, Appointment};

/// Publishes the timetable in work of a locked edition as its next version, and tells those whose day is another; nothing
/// when it is the version in force.
///
/// # Errors
/// When it cannot be written down, or a mail cannot be made.
pub(in crate::speed_meetings) async fn publish(
    txn: &DatabaseTransaction,
    app: &App,
    plan: &Plan,
    (by, words): (Option<i64>, &str),
) -> Result<Option<(Publication, Difference)>, NotEnqueued> {
    let rows = appointment::of(txn, plan.edition.id).await?;
    let wanted: Vec<Meeting> = rows.iter().map(Appointment::meeting).collect();
    Ok(version::write_down(txn, plan.edition.id, &wanted, (by, words), app.clock.now()).await?)
}

//! Made-up visits for the demonstration, by the same decisions as real ones.

use sea_orm::DatabaseTransaction;

use super::act::Act;
use super::before;
use super::counter;
use super::farm_visit::{self, FarmVisit};
use super::registration::NewRegistration;
use super::visit_date::{self, VisitDate};
use crate::app::App;
use crate::mail::{EmailAddress, NotEnqueued};

/// Who comes to a made-up visit: name, address, organisation, how many.
pub type Guest<'a> = (&'a str, &'a str, &'a str, i32);

/// Prepares a visit with its dates, each with those who ask for a place, in their order; who comes to the visit later than
/// there is room waits.
///
/// # Errors
/// When a mail cannot be made or the database does not answer.
pub async fn rehearse(
    txn: &DatabaseTransaction,
    app: &App,
    visit: &FarmVisit,
    dates: &[(VisitDate, &[Guest<'_>])],
) -> Result<(), NotEnqueued> {
    let visit = farm_visit::write_down(txn, visit).await?;
    for (date, guests) in dates {
        let date = visit_date::write(txn, &VisitDate { farm_visit_id: visit.id, ..date.clone() }).await?;
        before::plan(txn, app, &date).await?;
        for (name, email, organisation, party_size) in *guests {
            let email = EmailAddress::parse(email).map_err(|_| NotEnqueued::Address)?;
            let new = NewRegistration::on_behalf(email, (*name).to_owned(), (*organisation).to_owned(), *party_size);
            counter::act(txn, app, date.id, Act::Register(new), (None, true)).await?;
        }
    }
    Ok(())
}

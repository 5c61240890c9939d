//! Made-up rides, for the demonstration.

use sea_orm::{DatabaseTransaction, QueryOrder, entity::prelude::*};

use super::board::Act;
use super::decide;
use super::entry::{Entry, Side};
use crate::app::App;
use crate::farm_visits::registration::{self, Standing};
use crate::mail::NotEnqueued;

/// A made-up ride of somebody who comes: address, whether she drives, INSEE code, minutes since midnight, seats.
pub type Ride<'a> = (&'a str, bool, &'a str, i32, i32);

/// Lets somebody who comes to a visit offer seats or look for some; nothing happens when she comes to none.
///
/// # Errors
/// When a mail cannot be made or the database does not answer.
pub async fn rehearse_ride(
    txn: &DatabaseTransaction,
    app: &App,
    (email, is_car, commune, leaves_at, seats): Ride<'_>,
) -> Result<(), NotEnqueued> {
    let own = registration::Entity::find().filter(registration::Column::Email.eq(email));
    let own = own.filter(registration::Column::State.eq(Standing::Confirmed));
    let Some(row) = own.order_by_asc(registration::Column::Id).one(txn).await? else {
        return Ok(());
    };
    let new = Entry {
        id: 0,
        visit_date_id: row.visit_date_id,
        registration_id: row.id,
        side: if is_car { Side::Offer } else { Side::Request },
        insee_code: commune.to_owned(),
        leaves_at,
        seats,
        seats_taken: 0,
        is_return: true,
        is_doubtful: false,
        phone: String::new(),
        words: String::new(),
        version: 0,
    };
    decide::act(txn, app, (row.visit_date_id, row.id), Act::Put(new)).await?.ok();
    Ok(())
}

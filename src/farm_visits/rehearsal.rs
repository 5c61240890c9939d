//! Made-up visits for the demonstration, by the same decisions as real ones.

use sea_orm::{DatabaseTransaction, DbErr};

use super::act::Act;
use super::attendance::{self, Guest as WalkIn, Note, Of};
use super::before;
use super::counter;
use super::farm_visit::{self, FarmVisit};
use super::photo::{self, NewPhoto};
use super::proposal::{self, NewProposal};
use super::registration::{self, NewRegistration, Registration, Standing};
use super::visit_date::{self, VisitDate};
use crate::app::App;
use crate::mail::{EmailAddress, NotEnqueued};

/// Who comes to a made-up visit: name, address, organisation, how many.
pub type Guest<'a> = (&'a str, &'a str, &'a str, i32);

/// A picture of a made-up visit, and what it shows.
pub(super) type Picture<'a> = (&'a [u8], &'a str);

/// What a made-up farm proposes: what can be seen, when, how many people fit, how to get there, whom to call.
pub(super) type Offer<'a> = (&'a str, &'a str, i32, &'a str, &'a str);

/// Prepares a visit with its photographs and its dates, each with those who ask for a place, in their order; who comes to the visit later than
/// there is room waits.
///
/// # Errors
/// When a mail cannot be made or the database does not answer.
pub async fn rehearse(
    txn: &DatabaseTransaction,
    app: &App,
    (visit, pictures): (&FarmVisit, &[Picture<'_>]),
    dates: &[(VisitDate, &[Guest<'_>])],
) -> Result<FarmVisit, NotEnqueued> {
    let visit = farm_visit::write_down(txn, visit).await?;
    for (bytes, words) in pictures {
        // What cannot be drawn is missing, no more.
        if let Ok(new) = NewPhoto::read(bytes) {
            photo::add(txn, visit.id, new, words, app.clock.now()).await?;
        }
    }
    for (date, guests) in dates {
        let date = visit_date::write(txn, &VisitDate { farm_visit_id: visit.id, ..date.clone() }).await?;
        before::plan(txn, app, &date).await?;
        for (name, email, organisation, party_size) in *guests {
            let email = EmailAddress::parse(email).map_err(|_| NotEnqueued::Address)?;
            let new = NewRegistration::on_behalf(email, (*name).to_owned(), (*organisation).to_owned(), *party_size);
            counter::act(txn, app, date.id, Act::Register(new), (None, true)).await?;
        }
    }
    Ok(visit)
}

/// Remembers a date that has been, with how many came of each party, and one who walked in. Nobody is written to about it.
///
/// # Errors
/// What the database said.
pub async fn recall(
    txn: &DatabaseTransaction,
    date: &VisitDate,
    guests: &[(Guest<'_>, i32)],
    (name, organisation): (&str, &str),
) -> Result<(), DbErr> {
    let places_taken = guests.iter().map(|((.., party_size), _)| party_size).sum();
    let date = visit_date::write(txn, &VisitDate { places_taken, ..date.clone() }).await?;
    let said = |key: String, of: Of, came: i32| {
        let said_at = date.starts_at;
        Note { key, telephone: "demo".to_owned(), said_at, of, came: Some(came) }
    };
    for ((name, email, organisation, party_size), came) in guests {
        let row = Registration {
            id: 0,
            visit_date_id: date.id,
            state: Standing::Confirmed,
            email: (*email).to_owned(),
            name: (*name).to_owned(),
            organisation: (*organisation).to_owned(),
            organisation_id: None,
            party_size: *party_size,
            may_be_passed: false,
            hold_until: None,
            offer_until: None,
            sequence: 0,
            version: 1,
            asked_at: date.opens_at,
        };
        let row = registration::write(txn, &row).await?;
        let noted = said(format!("inscription-{}", row.id), Of::Registration(row.id), *came);
        attendance::note(txn, &date, &noted, None, date.ends_at).await?;
    }
    let guest = WalkIn { name: name.to_owned(), organisation: organisation.to_owned(), email: None };
    let noted = said("passage".to_owned(), Of::NewWalkIn("passage".to_owned(), guest), 1);
    attendance::note(txn, &date, &noted, None, date.ends_at).await.map(drop)
}

/// Lets a farm in a commune propose a visit; nobody is written to.
///
/// # Errors
/// What the database said.
pub async fn rehearse_proposal(
    txn: &DatabaseTransaction,
    app: &App,
    (organisation, insee_code, by): (i64, &str, i64),
    (sights, season, people, access, contact): Offer<'_>,
) -> Result<(), DbErr> {
    let new = NewProposal {
        insee_code: insee_code.to_owned(),
        sights: sights.to_owned(),
        season: season.to_owned(),
        people,
        access: access.to_owned(),
        contact: contact.to_owned(),
    };
    proposal::propose(txn, organisation, (&new, 0), by, app.clock.now()).await.map(drop)
}

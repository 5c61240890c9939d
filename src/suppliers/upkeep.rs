//! What is done for listings by itself each day: pauses end, questions are asked, certificates that end are told.

use chrono::{DateTime, Days, Utc};
use sea_orm::{DatabaseTransaction, QueryOrder, QuerySelect, QueryTrait, entity::prelude::*};

use super::absence::Reason;
use super::certification;
use super::mail::{self, About};
use super::question::{self, Step};
use super::{Certification, Proof, State, absence, draft, listing, supplier};
use crate::accounts;
use crate::app::App;
use crate::mail::first_about;
use crate::schedule::{Failed, Next};

/// Listings looked after in one transaction.
const BATCH: u64 = 50;
/// Days before its end on which a certificate is told.
const BEFORE: Days = Days::new(30);

/// Looks after the listings; to be called again at once when it answers [`Next::More`].
///
/// # Errors
/// When a mail cannot be made or the database does not answer.
pub async fn look_after(app: &App, txn: &DatabaseTransaction, now: DateTime<Utc>) -> Result<Next, Failed> {
    if end_pauses(app, txn, now).await? || ask(app, txn, now).await? {
        return Ok(Next::More);
    }
    tell_of_certificates(app, txn, now).await?;
    Ok(Next::Done)
}

/// Shows what was paused until today; whether there may be more.
async fn end_pauses(app: &App, txn: &DatabaseTransaction, now: DateTime<Utc>) -> Result<bool, Failed> {
    let ended = absence::ended(txn, app.local(now).date(), BATCH).await?;
    let mut back = Vec::new();
    for &id in &ended {
        // Meanwhile it may have been taken out, or paused for longer.
        let Some(supplier) = absence::lock(txn, id).await? else { continue };
        let away = absence::absence_of(txn, &supplier).await?;
        if away.as_ref().is_some_and(|away| away.has_ended(app.local(now).date())) {
            absence::come_back(txn, id, now).await?;
            back.push(id);
        } else if away.is_none_or(|away| away.reason != Reason::Pause) {
            // A file has changed who sees it: that row is of another time.
            absence::forget(txn, id).await?;
        }
    }
    for listing in listing::load_many(txn, &back).await? {
        if let Some((_, organisation)) = draft::held_among(txn, &[listing.supplier.id]).await? {
            mail::back(txn, app, About { supplier: &listing.supplier, organisation }).await?;
        }
    }
    Ok(ended.len() as u64 == BATCH)
}

/// Asks what is to be asked and hides what nobody answered; whether there may be more.
async fn ask(app: &App, txn: &DatabaseTransaction, now: DateTime<Utc>) -> Result<bool, Failed> {
    let today = app.local(now).date();
    let due = question::due(txn, now, BATCH).await?;
    let first = question::to_ask(txn, today, now, BATCH).await?;
    let again = due.iter().map(|question| (question.supplier_id, Some(question)));
    for (id, before) in again.chain(first.iter().map(|(id, _)| (*id, None))) {
        // Meanwhile somebody may have answered, or taken it out.
        let Some(supplier) = absence::lock(txn, id).await? else { continue };
        let is_same = question::of_listing(txn, id).await?.as_ref() == before;
        if !is_same || !supplier.is_public() || (before.is_none() && !question::is_old(&supplier, today)) {
            continue;
        }
        let Some(listing) = listing::load_many(txn, &[id]).await?.pop() else { continue };
        let Some((_, organisation)) = draft::held_among(txn, &[id]).await? else {
            // Whoever was asked has left: nobody is left who could answer.
            question::forget(txn, id).await?;
            continue;
        };
        match question::go_on(txn, id, before, now).await? {
            Step::Ask(question) => mail::question(txn, app, &listing, organisation, &question).await?,
            Step::Hide => mail::hidden(txn, app, About { supplier: &listing.supplier, organisation }).await?,
        }
    }
    Ok(due.len() as u64 == BATCH || first.len() as u64 == BATCH)
}

/// Tells of the proofs that end within a month, each once.
async fn tell_of_certificates(app: &App, txn: &DatabaseTransaction, now: DateTime<Utc>) -> Result<(), Failed> {
    let today = app.local(now).date();
    let shown = supplier::Entity::find().select_only().column(supplier::Column::Id);
    let shown = shown.filter(supplier::Column::State.eq(State::Published));
    let shown = shown.filter(supplier::Column::Id.in_subquery(draft::held())).into_query();
    let ending = certification::Entity::find()
        .filter(certification::Column::ValidUntil.between(today, today + BEFORE))
        .filter(certification::Column::SupplierId.in_subquery(shown))
        .order_by_asc(certification::Column::SupplierId)
        .order_by_asc(certification::Column::ValidUntil);
    let ending = ending.all(txn).await?.into_iter().filter(|held| held.proof(today) == Proof::Proven);
    let ending: Vec<Certification> = ending.collect();
    for same in ending.chunk_by(|a, b| (a.supplier_id, a.valid_until) == (b.supplier_id, b.valid_until)) {
        let (id, last) = (same[0].supplier_id, same[0].valid_until.unwrap_or(today));
        let Some((_, organisation)) = draft::held_among(txn, &[id]).await? else { continue };
        let people = accounts::people(txn, organisation).await?;
        let rows: Vec<String> = people.iter().map(|person| format!("certificates/{id}/{last}/{}", person.id)).collect();
        if first_about(txn, &["certificates_end"], &rows).await?.len() == rows.len() {
            continue;
        }
        let Some(listing) = listing::load_many(txn, &[id]).await?.pop() else { continue };
        let about = About { supplier: &listing.supplier, organisation };
        mail::certificates_end(txn, app, about, same, last).await?;
    }
    Ok(())
}

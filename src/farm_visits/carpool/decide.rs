//! Where it is written what becomes of a date's cars: the date is locked, the board decides, rows and mails follow in the
//! same transaction.

use sea_orm::DatabaseTransaction;

use super::board::{Act, Board};
use super::mail::Post;
use super::refusal::Refusal;
use super::road::Road;
use super::{entry, pair};
use crate::app::App;
use crate::farm_visits::act::{Moved, News};
use crate::farm_visits::farm_visit;
use crate::farm_visits::registration::{self, Standing};
use crate::farm_visits::visit_date::{self, Shut, VisitDate};
use crate::mail::NotEnqueued;

/// All that is offered, looked for, asked and agreed at a date.
///
/// # Errors
/// What the database said.
pub(super) async fn read(db: &impl sea_orm::ConnectionTrait, date: i64) -> Result<Board, sea_orm::DbErr> {
    let entries = entry::of_date(db, date).await?;
    let keys: Vec<i64> = entries.iter().map(|entry| entry.id).collect();
    Ok(Board { pairs: pair::of_entries(db, &keys).await?, entries })
}

/// Does what a registration asks, whose place must be confirmed. The date is locked until the end of the transaction: its
/// seats are counted by one at a time.
///
/// # Errors
/// When a mail cannot be written or the database does not answer.
pub(super) async fn act(
    txn: &DatabaseTransaction,
    app: &App,
    (date, registration): (i64, i64),
    act: Act,
) -> Result<Result<(), Refusal>, NotEnqueued> {
    let Some(date) = visit_date::lock(txn, date).await? else { return Ok(Err(Refusal::Over)) };
    let row = registration::by_key(txn, registration).await?;
    let comes = row.is_some_and(|row| row.state == Standing::Confirmed && row.visit_date_id == date.id);
    if !comes || matches!(date.shut(app.clock.now()), Some(Shut::Past | Shut::Cancelled)) {
        return Ok(Err(Refusal::Over));
    }
    on_locked(txn, app, &date, act).await
}

/// Lets the cars of a locked date follow what became of its registrations.
///
/// # Errors
/// When a mail cannot be written or the database does not answer.
pub(in crate::farm_visits) async fn follow(
    txn: &DatabaseTransaction,
    app: &App,
    date: &VisitDate,
    moved: &[Moved],
) -> Result<(), NotEnqueued> {
    // All are told of the same together.
    for (news, act) in [(News::CalledOff, Act::CallOff), (News::DateMoved, Act::Move)] {
        if moved.iter().any(|one| one.news == news) {
            on_locked(txn, app, date, act).await?.ok();
        }
    }
    for Moved { registration, was, news } in moved {
        let act = match news {
            News::CalledOff | News::DateMoved => continue,
            News::Resized => Act::Resize(registration.id, registration.party_size),
            _ if *was == Some(Standing::Confirmed) && registration.state != Standing::Confirmed => {
                Act::Withdraw(registration.id)
            }
            _ => continue,
        };
        on_locked(txn, app, date, act).await?.ok();
    }
    Ok(())
}

/// Takes a registration that comes to another date off the cars of this one, which is locked.
///
/// # Errors
/// When a mail cannot be written or the database does not answer.
pub(in crate::farm_visits) async fn leave(
    txn: &DatabaseTransaction,
    app: &App,
    date: &VisitDate,
    registration: i64,
) -> Result<(), NotEnqueued> {
    on_locked(txn, app, date, Act::Withdraw(registration)).await?.ok();
    Ok(())
}

async fn on_locked(
    txn: &DatabaseTransaction,
    app: &App,
    date: &VisitDate,
    act: Act,
) -> Result<Result<(), Refusal>, NotEnqueued> {
    let before = read(txn, date.id).await?;
    if before.entries.is_empty() && !matches!(act, Act::Put(_)) {
        return Ok(Ok(()));
    }
    let Some(visit) = farm_visit::by_key(txn, date.farm_visit_id).await? else { return Ok(Err(Refusal::Over)) };
    let mut after = before.clone();
    let told = {
        let road = Road::new(app, &visit, date);
        match after.apply(act, &|one, other| road.way(one, other).is_some(), app.clock.now()) {
            Ok(told) => told,
            Err(refusal) => return Ok(Err(refusal)),
        }
    };
    write(txn, &before, &after).await?;
    if !told.is_empty() {
        Post::new(app, &visit, date)?.tell(txn, &told).await?;
    }
    Ok(Ok(()))
}

/// Writes what changed.
async fn write(txn: &DatabaseTransaction, before: &Board, after: &Board) -> Result<(), sea_orm::DbErr> {
    let gone = |pair: &&pair::Pair| !after.pairs.iter().any(|kept| kept.id == pair.id);
    let gone: Vec<i64> = before.pairs.iter().filter(gone).map(|pair| pair.id).collect();
    pair::erase(txn, &gone).await?;
    let gone = |entry: &&entry::Entry| after.entry(entry.id).is_none();
    let gone: Vec<i64> = before.entries.iter().filter(gone).map(|entry| entry.id).collect();
    entry::erase(txn, &gone).await?;
    for entry in after.entries.iter().filter(|entry| !before.entries.contains(entry)) {
        entry::write(txn, entry).await?;
    }
    for pair in after.pairs.iter().filter(|pair| !before.pairs.contains(pair)) {
        pair::write(txn, pair).await?;
    }
    Ok(())
}

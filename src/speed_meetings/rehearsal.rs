//! A made-up day for the demonstration, by the same decisions as a real one.

use sea_orm::{DatabaseTransaction, DbErr};

use super::after;
use super::edition::{self, Side, State};
use super::participant::{Coming, Participant};
use super::plan::Plan;
use super::publication::{publish, version};
use super::registration::{self, Asks, Registered};
use super::table;
use super::wishes::{self, Wish};
use super::workshop::{self, appointment};
use crate::app::App;
use crate::mail::NotEnqueued;

/// Whom each guest would meet.
const WISHES: usize = 9;
/// From one wish to the next, in the list of the other side.
const STRIDE: usize = 5;

/// Who comes to a made-up day.
#[derive(Clone, Copy, Debug)]
pub struct Guest<'a> {
    /// Its organisation.
    pub organisation: i64,
    /// On which side of the tables.
    pub side: Side,
    /// Who sits there.
    pub name: &'a str,
    /// Products to show or sought.
    pub words: &'a str,
}

/// Brings an edition at which one chooses as far as `state`: guests, wishes, and then, as far as it goes, timetable,
/// publication and what came of it. Nobody is written to of a day that has been.
///
/// # Errors
/// What the database said, or when a mail cannot be made.
pub async fn rehearse(
    txn: &DatabaseTransaction,
    app: &App,
    (key, state): (i64, State),
    guests: &[Guest<'_>],
) -> Result<(), NotEnqueued> {
    let Some(mut plan) = Plan::lock(txn, key).await? else { return Ok(()) };
    let rows = register(txn, app, &plan, guests).await?;
    wish(txn, app, &rows).await?;
    if state >= State::Timetable {
        let best = workshop::best(txn, &plan, app.config.time_zone).await?;
        let placed: Vec<_> = best.iter().map(|meeting| (*meeting, false)).collect();
        appointment::hold(txn, key, &placed).await?;
        plan.edition.state = State::Timetable;
        if state.is_over() {
            let told = (best.as_slice(), &table::names(&plan.tables));
            version::write_down(txn, key, told, (None, ""), app.clock.now()).await?;
            after::rehearse(txn, (&rows, &best), app.clock.now()).await?;
        } else if state >= State::Published {
            publish(txn, app, &plan, (None, "")).await?;
        }
    }
    plan.edition.state = state;
    Ok(edition::keep(txn, &plan.edition).await?)
}

async fn register(
    txn: &DatabaseTransaction,
    app: &App,
    plan: &Plan,
    guests: &[Guest<'_>],
) -> Result<Vec<Participant>, DbErr> {
    let (today, now) = (app.today(), app.clock.now());
    let mut rows = Vec::new();
    for guest in guests {
        let coming = Coming {
            tables_at_once: 1,
            words: guest.words.to_owned(),
            names: vec![guest.name.to_owned()],
            meals: 1,
            ..Coming::default()
        };
        let whom = (guest.organisation, guest.side);
        let when = (Asks::Organiser, today);
        if let Registered::Confirmed(row) =
            registration::register(txn, &plan.edition, whom, (&coming, None), when, now).await?
        {
            rows.push(row);
        }
    }
    Ok(rows)
}

/// Gives everybody wishes that differ and often answer each other.
async fn wish(txn: &DatabaseTransaction, app: &App, rows: &[Participant]) -> Result<(), DbErr> {
    for (place, row) in rows.iter().enumerate() {
        let others: Vec<i64> = rows.iter().filter(|other| other.side != row.side).map(|other| other.id).collect();
        let mut wanted: Vec<i64> = Vec::new();
        for step in 0..others.len() {
            let other = others[(place + step * STRIDE) % others.len()];
            if !wanted.contains(&other) && wanted.len() < WISHES {
                wanted.push(other);
            }
        }
        let made_at = app.clock.now();
        let wishes = (1..).zip(wanted).map(|(rank, wished_id)| Wish {
            participant_id: row.id,
            wished_id,
            rank: Some(rank),
            made_at,
        });
        wishes::keep(txn, row.id, &wishes.collect::<Vec<_>>()).await?;
    }
    Ok(())
}

//! How mails about an edition leave: all of a mailing in one transaction, with the trace it leaves.

use std::collections::BTreeMap;

use sea_orm::DatabaseTransaction;

use super::audience::Audience;
use super::invitation::{self, Reached};
use super::mail::{Invites, Wishes};
use crate::app::App;
use crate::mail::NotEnqueued;
use crate::speed_meetings::plan::Plan;

/// What an invitation says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::speed_meetings) enum Errand {
    /// Registrations are open.
    Invite,
    /// There is still time.
    Remind,
}

/// Invites the people of an audience to a locked edition and writes down that their organisations were; how many mails
/// were written.
///
/// # Errors
/// When a mail cannot be made or written down.
pub(in crate::speed_meetings) async fn invite(
    txn: &DatabaseTransaction,
    app: &App,
    plan: &Plan,
    (errand, audience): (Errand, &Audience),
    by: i64,
) -> Result<i32, NotEnqueued> {
    let edition = plan.edition.id;
    let round = invitation::next_round(txn, edition).await?;
    let invites = Invites::new(app, plan, errand, round);
    let (mut written, mut reached) = (0, BTreeMap::<i64, Reached>::new());
    for letter in &audience.letters {
        if !invites.write(txn, app, letter).await? {
            continue;
        }
        written += 1;
        for guest in &letter.guests {
            let row = reached.entry(guest.id).or_insert_with(|| (guest.id, guest.name.clone(), guest.side, 0));
            row.3 += 1;
        }
    }
    let reached: Vec<Reached> = reached.into_values().collect();
    invitation::write_round(txn, (edition, round), &reached, by, (app.today(), app.clock.now())).await?;
    Ok(written)
}

/// Asks the people of an audience, all of whose organisations have a place, whom they would meet; how many mails were written.
///
/// # Errors
/// When a mail cannot be made or written down.
pub(in crate::speed_meetings) async fn ask_for_wishes(
    txn: &DatabaseTransaction,
    app: &App,
    plan: &Plan,
    audience: &Audience,
) -> Result<i32, NotEnqueued> {
    let wishes = Wishes::new(app, plan)?;
    let mut written = 0;
    for letter in &audience.letters {
        written += i32::from(wishes.write(txn, app, letter).await?);
    }
    Ok(written)
}

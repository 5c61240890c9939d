//! The workers that send what waits. They see bytes and know no domain.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::{DbBackend, DbErr};
use tokio::{
    sync::{Notify, watch},
    task::JoinSet,
};

use super::carrier::{Carrier, WrongCarrier};
use super::claim::{self, Ending};
use super::outgoing_mail::OutgoingMail;
use crate::app::App;

/// Workers of one server, each with its own connection.
const WORKERS: usize = 4;
/// Mails claimed at a time.
const BATCH: u64 = 20;
/// How often somebody looks whether a mail is due.
const PAUSE: Duration = Duration::from_millis(500);
/// Looks after which mails of workers that are gone are looked for: half a minute.
const LOOKS_PER_ROUND: u64 = 60;

/// Sends what waits until `stop` turns true; then each worker finishes the mail in its hands.
///
/// # Errors
/// When the settings of mail cannot be used.
pub fn start(app: &App, stop: &watch::Receiver<bool>) -> Result<JoinSet<()>, WrongCarrier> {
    let mut workers = JoinSet::new();
    let due = Arc::new(Notify::new());
    for _ in 0..WORKERS {
        let carrier = Carrier::new(&app.config)?;
        workers.spawn(work(app.clone(), carrier, Arc::clone(&due), stop.clone()));
    }
    workers.spawn(watch_over(app.clone(), due, stop.clone()));
    Ok(workers)
}

async fn work(app: App, mut carrier: Carrier, due: Arc<Notify>, mut stop: watch::Receiver<bool>) {
    let name = app.random.token();
    while !*stop.borrow() {
        // Who missed the call hears the next one: it is repeated while something is due.
        tokio::select! { () = due.notified() => {}, _ = stop.changed() => break }
        while !*stop.borrow() {
            match step(&app, &mut carrier, &name, &stop).await {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, "mails could not be sent; trying again");
                    break;
                }
            }
        }
    }
    carrier.close().await;
}

/// Wakes the workers when something is due, and looks after those that are gone. On SQLite there is one server: what is
/// being sent when it starts is nobody's.
async fn watch_over(app: App, due: Arc<Notify>, mut stop: watch::Receiver<bool>) {
    let mut alone = app.db.get_database_backend() == DbBackend::Sqlite;
    for look in 0_u64.. {
        if look % LOOKS_PER_ROUND == 0 {
            match recover(&app, alone).await {
                Ok(mails) if mails > 0 => tracing::warn!(mails, "mails of a worker that is gone were taken back"),
                Ok(_) => {}
                Err(error) => tracing::warn!(%error, "mails of workers that are gone could not be looked for"),
            }
            alone = false;
        }
        match claim::is_due(&app.db, app.clock.now()).await {
            Ok(true) => due.notify_waiters(),
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "waiting mails could not be looked for"),
        }
        tokio::select! { () = tokio::time::sleep(PAUSE) => {}, _ = stop.changed() => {} }
        if *stop.borrow() {
            break;
        }
    }
}

/// Takes the mails of workers that are gone.
///
/// # Errors
/// What the database said.
pub async fn recover(app: &App, all: bool) -> Result<usize, DbErr> {
    let txn = app.write().await?;
    let taken = claim::recover(&txn, all, app.clock.now()).await?;
    txn.commit().await?;
    Ok(taken)
}

/// Claims what is due and sends it; how many were claimed. Told to stop, gives the rest back.
///
/// # Errors
/// What the database said; what was claimed is taken back later.
pub async fn step(
    app: &App,
    carrier: &mut Carrier,
    worker: &str,
    stop: &watch::Receiver<bool>,
) -> Result<usize, DbErr> {
    let txn = app.write().await?;
    let mails = claim::claim(&txn, worker, BATCH, app.clock.now()).await?;
    txn.commit().await?;
    let mut reachable = true;
    for mail in &mails {
        if reachable && !*stop.borrow() {
            reachable = send(app, carrier, mail).await?;
        } else {
            let txn = app.write().await?;
            claim::give_back(&txn, mail).await?;
            txn.commit().await?;
        }
    }
    Ok(mails.len())
}

/// Sends one mail; false when the other side cannot be reached at all.
async fn send(app: &App, carrier: &mut Carrier, mail: &OutgoingMail) -> Result<bool, DbErr> {
    let ending = match carrier.offer(mail).await {
        Err(ending) => ending,
        Ok(()) if carrier.delivers_twice() && !hand_over(app, mail).await? => {
            carrier.withdraw();
            return Ok(true);
        }
        Ok(()) => carrier.give(mail).await,
    };
    let txn = app.write().await?;
    claim::end(&txn, mail, &ending, app.clock.now()).await?;
    txn.commit().await?;
    count(&ending);
    Ok(!matches!(ending, Ending::Postponed(_)))
}

async fn hand_over(app: &App, mail: &OutgoingMail) -> Result<bool, DbErr> {
    let txn = app.write().await?;
    let held = claim::hand_over(&txn, mail, app.clock.now()).await?;
    txn.commit().await?;
    Ok(held)
}

fn count(ending: &Ending) {
    let ending = match ending {
        Ending::Sent(_) => "sent",
        Ending::Refused(_) => "refused",
        Ending::Postponed(_) => "postponed",
        Ending::Unknown(_) => "unknown",
    };
    metrics::describe_counter!("mails_total", "Attempts to send a mail, by how they ended");
    metrics::counter!("mails_total", "ending" => ending).increment(1);
}

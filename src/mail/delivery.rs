//! The workers that send what waits. They see bytes and know no domain.

use std::time::Duration;

use sea_orm::{DbBackend, DbErr};
use tokio::sync::watch;

use super::carrier::{Carrier, WrongCarrier};
use super::claim::{self, Ending};
use super::outgoing_mail::OutgoingMail;
use crate::app::App;

/// Workers of one server, each with its own connection.
const WORKERS: usize = 4;
/// Mails claimed at a time.
const BATCH: u64 = 20;
/// How often a worker with nothing to do looks again.
const PAUSE: Duration = Duration::from_millis(500);
/// How often mails of workers that are gone are looked for.
const ROUND: Duration = Duration::from_secs(30);

/// Sends what waits until `stop` turns true; then each worker finishes the mail in its hands.
///
/// # Errors
/// When the settings of mail cannot be used.
pub fn start(app: &App, stop: &watch::Receiver<bool>) -> Result<tokio::task::JoinSet<()>, WrongCarrier> {
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..WORKERS {
        let carrier = Carrier::new(&app.config)?;
        workers.spawn(work(app.clone(), carrier, stop.clone()));
    }
    workers.spawn(watch_over(app.clone(), stop.clone()));
    Ok(workers)
}

async fn work(app: App, mut carrier: Carrier, mut stop: watch::Receiver<bool>) {
    let name = app.random.token();
    while !*stop.borrow() {
        match step(&app, &mut carrier, &name, &stop).await {
            Ok(sent) if sent > 0 => continue,
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "mails could not be sent; trying again"),
        }
        tokio::select! { () = tokio::time::sleep(PAUSE) => {}, _ = stop.changed() => {} }
    }
    carrier.close().await;
}

/// Looks after workers that are gone. On SQLite there is one server: what is being sent when it starts is nobody's.
async fn watch_over(app: App, mut stop: watch::Receiver<bool>) {
    let mut alone = app.db.get_database_backend() == DbBackend::Sqlite;
    while !*stop.borrow() {
        match recover(&app, alone).await {
            Ok(0) => alone = false,
            Ok(mails) => {
                alone = false;
                tracing::warn!(mails, "mails of a worker that is gone were taken back");
            }
            Err(error) => tracing::warn!(%error, "mails of workers that are gone could not be looked for"),
        }
        tokio::select! { () = tokio::time::sleep(ROUND) => {}, _ = stop.changed() => {} }
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

//! The workers that send what waits. They see bytes and know no domain.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::{DbBackend, DbErr};
use tokio::{
    sync::{Notify, watch},
    task::JoinSet,
};

use super::carrier::{Carrier, WrongCarrier};
use super::claim::{self, Ending, Gone};
use super::outgoing_mail::OutgoingMail;
use crate::app::App;

/// Workers of one server, each with its own connection.
const WORKERS: usize = 4;
/// Mails claimed at a time.
const BATCH: u64 = 20;
/// How often somebody looks whether a mail is due.
const PAUSE: Duration = Duration::from_millis(500);
/// How long a worker leaves a server alone that cannot be reached.
const REST: Duration = Duration::from_secs(30);
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
        // Now rather than in the worker: settings that cannot be used end the program.
        let carrier = Carrier::new(&app.config)?;
        workers.spawn(keep_working(app.clone(), carrier, Arc::clone(&due), stop.clone()));
    }
    workers.spawn(watch_over(app.clone(), due, stop.clone()));
    Ok(workers)
}

/// A worker that breaks down is followed by another; the mail that broke it is taken back, and waits or is unknown.
async fn keep_working(app: App, carrier: Carrier, due: Arc<Notify>, stop: watch::Receiver<bool>) {
    let mut next = Some(carrier);
    while let Some(carrier) = next.take().or_else(|| Carrier::new(&app.config).ok()) {
        let name = app.random.token();
        let working = tokio::spawn(work(app.clone(), carrier, name.clone(), Arc::clone(&due), stop.clone()));
        let Err(broken) = working.await else { return };
        tracing::error!(%broken, "a worker that sends mail broke down; another follows");
        rest(&mut stop.clone()).await;
        if *stop.borrow() {
            return;
        }
        if let Err(error) = recover(&app, Gone::Worker(&name)).await {
            tracing::warn!(%error, "mails of a worker that broke down wait until its claim is over");
        }
    }
}

async fn work(app: App, mut carrier: Carrier, name: String, due: Arc<Notify>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        // Who missed the call hears the next one: it is repeated while something is due.
        tokio::select! { () = due.notified() => {}, _ = stop.changed() => break }
        match work_off(&app, &mut carrier, &name, &stop).await {
            Ok(true) => carrier.close().await,
            Ok(false) => rest(&mut stop).await,
            Err(error) => {
                tracing::warn!(%error, "mails could not be sent; trying again");
                carrier.withdraw();
                rest(&mut stop).await;
                if let Err(error) = recover(&app, Gone::Worker(&name)).await {
                    tracing::warn!(%error, "mails of a worker that failed wait until its claim is over");
                }
            }
        }
    }
    carrier.close().await;
}

/// Sends batch after batch until nothing is due; false when nothing can leave.
async fn work_off(app: &App, carrier: &mut Carrier, worker: &str, stop: &watch::Receiver<bool>) -> Result<bool, DbErr> {
    while !*stop.borrow() {
        match step(app, carrier, worker, stop).await? {
            Round::Sent(_) => {}
            Round::Done => break,
            Round::Unreachable => return Ok(false),
        }
    }
    Ok(true)
}

/// Leaves the other side alone for a while.
async fn rest(stop: &mut watch::Receiver<bool>) {
    tokio::select! { () = tokio::time::sleep(REST) => {}, _ = stop.changed() => {} }
}

/// Wakes the workers when something is due, and looks after those that are gone. On SQLite there is one server: what is
/// being sent when it starts is nobody's.
async fn watch_over(app: App, due: Arc<Notify>, mut stop: watch::Receiver<bool>) {
    let mut alone = app.db.get_database_backend() == DbBackend::Sqlite;
    for look in 0_u64.. {
        if look % LOOKS_PER_ROUND == 0 {
            let gone = if alone { Gone::All } else { Gone::Silent };
            match recover(&app, gone).await {
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
pub async fn recover(app: &App, gone: Gone<'_>) -> Result<usize, DbErr> {
    let txn = app.write().await?;
    let taken = claim::recover(&txn, gone, app.clock.now()).await?;
    txn.commit().await?;
    Ok(taken)
}

/// What became of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Round {
    /// Nothing was due.
    Done,
    /// So many mails were tried.
    Sent(usize),
    /// Nothing can leave; what was not tried waits.
    Unreachable,
}

/// Claims what is due and sends it. Told to stop, gives the rest back.
///
/// # Errors
/// What the database said; what was claimed is taken back later.
pub async fn step(
    app: &App,
    carrier: &mut Carrier,
    worker: &str,
    stop: &watch::Receiver<bool>,
) -> Result<Round, DbErr> {
    let txn = app.write().await?;
    let mails = claim::claim(&txn, worker, BATCH, app.clock.now()).await?;
    txn.commit().await?;
    for (tried, mail) in mails.iter().enumerate() {
        let told_to_stop = *stop.borrow();
        if told_to_stop || !send(app, carrier, mail).await? {
            let txn = app.write().await?;
            claim::give_back(&txn, &mails[tried + usize::from(!told_to_stop)..]).await?;
            txn.commit().await?;
            return Ok(if told_to_stop { Round::Done } else { Round::Unreachable });
        }
    }
    Ok(if mails.is_empty() { Round::Done } else { Round::Sent(mails.len()) })
}

/// Sends one mail; false when no other can leave now either.
async fn send(app: &App, carrier: &mut Carrier, mail: &OutgoingMail) -> Result<bool, DbErr> {
    let ending = if mail.useful_until.is_some_and(|until| until < app.clock.now()) {
        Ending::Late
    } else {
        match carrier.offer(mail).await {
            Err(ending) => ending,
            Ok(()) if carrier.delivers_twice() && !hand_over(app, mail).await? => {
                carrier.withdraw();
                let txn = app.write().await?;
                claim::give_back(&txn, std::slice::from_ref(mail)).await?;
                txn.commit().await?;
                return Ok(true);
            }
            Ok(()) => carrier.give(mail).await,
        }
    };
    let txn = app.write().await?;
    claim::end(&txn, mail, &ending, app.clock.now()).await?;
    txn.commit().await?;
    count(&ending);
    Ok(!matches!(ending, Ending::Unreachable(_)))
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
        Ending::Unreachable(_) => "unreachable",
        Ending::Late => "late",
        Ending::Unknown(_) => "unknown",
    };
    metrics::describe_counter!("mails_total", "Attempts to send a mail, by how they ended");
    metrics::counter!("mails_total", "ending" => ending).increment(1);
}

use std::{pin::Pin, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{DatabaseTransaction, DbErr};
use tokio::sync::watch;

use super::rule::Every;
use super::work::{self, Work};
use crate::app::App;

/// How often somebody looks whether work is due.
const PAUSE: Duration = Duration::from_secs(1);
/// Minutes until work that failed is tried again, by the number of failures before; the last one is repeated.
const DELAYS: [i64; 5] = [1, 5, 15, 60, 240];

/// What is to be done, in the transaction that also moves the work on: all of it happens, or nothing.
pub struct Duty {
    /// Its name in the rows: `audit.forget`.
    pub kind: &'static str,
    /// When it comes again; nothing for work that is planned for each row.
    pub every: Option<Every>,
    /// Does it, for the row that the work is about.
    pub run: Run,
}

/// Takes the node, the transaction, the row's name and the time.
pub type Run = for<'a> fn(&'a App, &'a DatabaseTransaction, &'a str, DateTime<Utc>) -> Answer<'a>;
/// What work answers.
pub type Answer<'a> = Pin<Box<dyn Future<Output = Result<Next, Failed>> + Send + 'a>>;
/// Why work failed; it is tried again.
pub type Failed = Box<dyn std::error::Error + Send + Sync>;

/// What comes after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It is done.
    Done,
    /// A part is done, and the rest is due at once: a long transaction would keep others from writing.
    More,
}

/// Writes down the work that comes again and again; what is there already keeps its date, unless its rule or the zone of
/// the territory changed.
///
/// # Errors
/// What the database said.
pub async fn prepare(app: &App, duties: &[Duty]) -> Result<(), DbErr> {
    let txn = app.write().await?;
    for duty in duties {
        let Some(every) = duty.every else { continue };
        let rule = format!("{every} {}", app.config.time_zone);
        if work::named(&txn, duty.kind, "").await?.is_none_or(|known| known.rule != rule) {
            let first = every.next(app.config.time_zone, app.clock.now());
            work::write(&txn, duty.kind, "", &rule, first).await?;
        }
    }
    txn.commit().await
}

/// Does what is due until `stop` turns true.
pub async fn run(app: App, duties: &'static [Duty], mut stop: watch::Receiver<bool>) {
    let mut is_prepared = false;
    while !*stop.borrow() {
        if !is_prepared {
            is_prepared = prepare(&app, duties).await.is_ok();
        }
        match step(&app, duties).await {
            Ok(true) => {}
            Ok(false) => tokio::select! { () = tokio::time::sleep(PAUSE) => {}, _ = stop.changed() => {} },
            Err(error) => {
                tracing::warn!(%error, "work that is due could not be looked for; trying again");
                tokio::select! { () = tokio::time::sleep(PAUSE * 10) => {}, _ = stop.changed() => {} }
            }
        }
    }
}

/// Does one piece of work that is due; false when there is none.
///
/// # Errors
/// What the database said.
pub async fn step(app: &App, duties: &'static [Duty]) -> Result<bool, DbErr> {
    let kinds: Vec<&str> = duties.iter().map(|duty| duty.kind).collect();
    let now = app.clock.now();
    if !work::is_due(&app.db, &kinds, now).await? {
        return Ok(false);
    }
    let txn = app.write().await?;
    let Some(work) = work::take(&txn, &kinds, now).await? else { return Ok(false) };
    let Some(duty) = duties.iter().find(|duty| duty.kind == work.kind) else { return Ok(false) };
    // In a task of its own: work that panics has failed, and the others go on.
    let doing = tokio::spawn(perform(app.clone(), txn, duty, work.clone()));
    let failure = match doing.await {
        Ok(Ok(())) => return Ok(true),
        Ok(Err(failure)) => failure,
        Err(panicked) => panicked.into(),
    };
    tracing::error!(kind = duty.kind, %failure, "work failed and is tried again later");
    let delay = DELAYS[usize::try_from(work.failures).unwrap_or(0).min(DELAYS.len() - 1)];
    let txn = app.write().await?;
    work::failed(&txn, &work, now + TimeDelta::minutes(delay)).await?;
    txn.commit().await?;
    Ok(true)
}

async fn perform(app: App, txn: DatabaseTransaction, duty: &'static Duty, work: Work) -> Result<(), Failed> {
    let now = app.clock.now();
    let next = match ((duty.run)(&app, &txn, &work.subject, now).await?, duty.every) {
        (Next::More, _) => Some(now),
        (Next::Done, Some(every)) => Some(every.next(app.config.time_zone, now)),
        (Next::Done, None) => None,
    };
    work::done(&txn, &work, next, now).await?;
    Ok(txn.commit().await?)
}

//! Keeps this node's index in step with the database: built when the node starts, then fed by the change log that every
//! writer appends to in its own transaction.

use std::time::{Duration, Instant};

use sea_orm::DbErr;
use tokio::sync::watch;

use super::entry::entry;
use super::query::day_number;
use crate::app::App;
use crate::suppliers;

/// How often the log is looked at: what is committed is found within a second.
const PAUSE: Duration = Duration::from_millis(300);
/// Suppliers read at a time.
const BATCH: u64 = 1_000;
/// Changes read at a time.
const CHANGES: u64 = 500;

/// Names of the figures.
const SUPPLIERS: &str = "index_suppliers";
const BUILD_SECONDS: &str = "index_build_seconds";
const FOLLOWED: &str = "index_followed_timestamp_seconds";

/// Where the node is in the change log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// Number of the last change the index holds; nothing before the first build.
    pub seen: Option<i64>,
}

/// Builds the index, then follows the change log until `stop` turns true. A failure is logged and tried again.
pub async fn follow(app: App, mut stop: watch::Receiver<bool>) {
    let mut position = Position::default();
    metrics::describe_gauge!(FOLLOWED, "When the index last was in step with the database, or came nearer to it");
    loop {
        match step(&app, position).await {
            Ok(next) => {
                #[expect(clippy::cast_precision_loss, reason = "whole seconds stay far below 2^53")]
                metrics::gauge!(FOLLOWED).set(app.clock.now().timestamp() as f64);
                if next != position {
                    position = next;
                    continue;
                }
            }
            Err(error) => tracing::warn!(%error, "the index could not follow the database; trying again"),
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            changed = stop.changed() => if changed.is_err() || *stop.borrow() { return },
        }
    }
}

/// Takes in what came since `position`; the same position when nothing did.
///
/// # Errors
/// What the database said; the index is left as it was.
pub async fn step(app: &App, position: Position) -> Result<Position, DbErr> {
    let Some(seen) = position.seen else { return rebuild(app).await };
    let changes = suppliers::changes_since(&app.db, seen, CHANGES).await?;
    let Some(last) = changes.last().map(|change| change.id) else { return Ok(position) };
    let ids: Option<Vec<i64>> = changes.iter().map(|change| change.supplier_id).collect::<Option<_>>();
    match ids {
        Some(ids) if !app.index.is_worn() && suppliers::knows_change(&app.db, seen).await? => {
            update(app, &ids).await?;
            Ok(Position { seen: Some(last) })
        }
        _ => rebuild(app).await,
    }
}

/// Reads every listing again; searches go on in the old index until the new one is whole.
async fn rebuild(app: &App) -> Result<Position, DbErr> {
    // Read first: what is written while the listings are read comes again with the log.
    let seen = suppliers::last_change(&app.db).await?;
    let started = Instant::now();
    let mut fresh = app.index.rebuild();
    let mut after = 0;
    loop {
        let listings = suppliers::load_page(&app.db, after, BATCH).await?;
        let Some(last) = listings.last() else { break };
        after = last.supplier.id;
        for listing in listings.iter().filter_map(|listing| entry(listing, &app.places, app.index.lexicon())) {
            fresh.put(&listing);
        }
        tokio::task::yield_now().await;
    }
    let suppliers = fresh.len();
    app.index.install(fresh, day_number(app.today()));
    let seconds = started.elapsed().as_secs_f64();
    metrics::describe_gauge!(BUILD_SECONDS, "Seconds the last build of the index took");
    metrics::gauge!(BUILD_SECONDS).set(seconds);
    count(app);
    tracing::info!(suppliers, seconds = %format_args!("{seconds:.2}"), "index built");
    Ok(Position { seen: Some(seen) })
}

async fn update(app: &App, ids: &[i64]) -> Result<(), DbErr> {
    let listings = suppliers::load_many(&app.db, ids).await?;
    let entries: Vec<index::Listing> =
        listings.iter().filter_map(|listing| entry(listing, &app.places, app.index.lexicon())).collect();
    app.index.update(ids, &entries, day_number(app.today()));
    count(app);
    Ok(())
}

fn count(app: &App) {
    metrics::describe_gauge!(SUPPLIERS, "Suppliers that a search can find");
    #[expect(clippy::cast_precision_loss, reason = "a count of suppliers")]
    metrics::gauge!(SUPPLIERS).set(app.index.len() as f64);
}

/// Tells every node to read everything again: what `index rebuild` does.
///
/// # Errors
/// What the database said.
pub async fn order_rebuild(app: &App) -> Result<(), DbErr> {
    let txn = app.write().await?;
    suppliers::record_rebuild(&txn, app.clock.now()).await?;
    txn.commit().await
}

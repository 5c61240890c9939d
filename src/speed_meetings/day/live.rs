//! What tells open pages that theirs is another. It goes through the database, so that it does not matter which node wrote
//! and which one holds the page: while somebody watches, one small question a quarter of a second for all editions.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, Statement};
use tokio::sync::watch;
use tokio::time::{self, MissedTickBehavior};

/// How often the database is asked while somebody watches.
const EVERY: Duration = Duration::from_millis(250);
/// Most pages of a node that are told at once; the others ask by themselves.
const MOST: usize = 2_000;

/// Where an edition stands, as pages compare it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pulse {
    /// Rises with everything.
    pub(super) version: i64,
    /// Differs whenever the pages of those who take part do.
    pub(super) page: String,
}

/// The pages of a node that are told. Clones share them.
#[derive(Clone)]
pub struct Live(Arc<Shared>);

struct Shared {
    watched: Mutex<Watched>,
    open: AtomicUsize,
    is_closed: watch::Sender<bool>,
}

#[derive(Default)]
struct Watched {
    editions: HashMap<i64, watch::Sender<Pulse>>,
    is_looking: bool,
}

impl Watched {
    /// What a page waits for that was told `now`; what the others have heard since is news for it.
    fn subscribe(&mut self, edition: i64, now: Pulse) -> watch::Receiver<Pulse> {
        let version = now.version;
        let mut pulses = self.editions.entry(edition).or_insert_with(|| watch::Sender::new(now)).subscribe();
        if pulses.borrow().version > version {
            pulses.mark_changed();
        }
        pulses
    }
}

/// The place of one page; it is free again when this is dropped.
pub(super) struct Listener {
    shared: Arc<Shared>,
    pulses: watch::Receiver<Pulse>,
    closed: watch::Receiver<bool>,
}

impl Default for Live {
    fn default() -> Self {
        Self(Arc::new(Shared {
            watched: Mutex::default(),
            open: AtomicUsize::new(0),
            is_closed: watch::Sender::new(false),
        }))
    }
}

impl Live {
    /// Ends what pages listen to: the node stops, and they turn to another one.
    pub fn close(&self) {
        self.0.is_closed.send_replace(true);
    }

    /// Listens for an edition that stands at `now`; nothing when too many do.
    pub(super) fn listen(&self, db: &DatabaseConnection, edition: i64, now: Pulse) -> Option<Listener> {
        if self.0.open.fetch_add(1, Ordering::Relaxed) >= MOST {
            self.0.open.fetch_sub(1, Ordering::Relaxed);
            return None;
        }
        let mut watched = self.0.watched();
        let pulses = watched.subscribe(edition, now);
        if !watched.is_looking {
            watched.is_looking = true;
            tokio::spawn(look(Arc::clone(&self.0), db.clone()));
        }
        drop(watched);
        let closed = self.0.is_closed.subscribe();
        Some(Listener { shared: Arc::clone(&self.0), pulses, closed })
    }
}

impl Shared {
    fn watched(&self) -> MutexGuard<'_, Watched> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The editions that somebody watches; where there is none, nobody looks any more.
    fn wanted(&self) -> Option<Vec<i64>> {
        let mut watched = self.watched();
        watched.editions.retain(|_, sender| sender.receiver_count() > 0);
        let wanted: Vec<i64> = watched.editions.keys().copied().collect();
        watched.is_looking = !wanted.is_empty() && !*self.is_closed.borrow();
        watched.is_looking.then_some(wanted)
    }
}

impl Listener {
    /// What is new, or the same again after `silence`; nothing once the node stops.
    pub(super) async fn next(&mut self, silence: Duration) -> Option<Pulse> {
        if *self.closed.borrow() {
            return None;
        }
        tokio::select! {
            changed = self.pulses.changed() => changed.ok()?,
            _ = self.closed.changed() => return None,
            () = time::sleep(silence) => {}
        }
        Some(self.pulses.borrow_and_update().clone())
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.shared.open.fetch_sub(1, Ordering::Relaxed);
    }
}

async fn look(shared: Arc<Shared>, db: DatabaseConnection) {
    let mut ticks = time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let Some(wanted) = shared.wanted() else { return };
        match pulses(&db, &wanted).await {
            Ok(found) => {
                let watched = shared.watched();
                for (edition, pulse) in found {
                    if let Some(sender) = watched.editions.get(&edition) {
                        sender.send_if_modified(|known| {
                            let is_new = *known != pulse;
                            *known = pulse;
                            is_new
                        });
                    }
                }
            }
            Err(error) => tracing::warn!(%error, "what open pages show could not be asked for; trying again"),
        }
    }
}

/// Where these editions stand.
///
/// # Errors
/// What the database said.
pub(super) async fn pulses(db: &impl ConnectionTrait, editions: &[i64]) -> Result<Vec<(i64, Pulse)>, DbErr> {
    let keys = editions.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
    let asked = format!(
        "SELECT e.id, e.live_version, e.state, COALESCE(t.turns, 0) AS turns,
            CAST(COALESCE((SELECT MAX(p.number) FROM publications p WHERE p.edition_id = e.id), 0) AS BIGINT) AS number
        FROM editions e LEFT JOIN edition_turns t ON t.edition_id = e.id WHERE e.id IN ({keys})"
    );
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), asked)).await?;
    let read = |row: sea_orm::QueryResult| {
        let (number, turns): (i64, i64) = (row.try_get("", "number")?, row.try_get("", "turns")?);
        let state: String = row.try_get("", "state")?;
        let pulse = Pulse { version: row.try_get("", "live_version")?, page: format!("{number}.{turns}.{state}") };
        Ok((row.try_get("", "id")?, pulse))
    };
    rows.into_iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pulse(version: i64) -> Pulse {
        Pulse { version, page: format!("1.{version}.running") }
    }

    #[test]
    fn what_changed_while_a_page_was_on_its_way_is_not_missed() {
        let mut watched = Watched::default();
        let first = watched.subscribe(7, pulse(1));
        watched.editions[&7].send_replace(pulse(2));
        assert!(first.has_changed().unwrap(), "it was told the first");
        assert!(watched.subscribe(7, pulse(1)).has_changed().unwrap(), "it asked before and listens after");
        assert!(!watched.subscribe(7, pulse(2)).has_changed().unwrap(), "it knows");
        assert!(!watched.subscribe(7, pulse(3)).has_changed().unwrap(), "it knows more than those who listen");
    }
}

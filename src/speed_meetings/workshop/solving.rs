//! The worker that searches: it claims a search, looks for a timetable beside everything else, and says how far it is.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono_tz::Tz;
use sea_orm::{DatabaseTransaction, DbErr};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::board::Board;
use super::claim::{self, Found};
use super::puzzle::Weights;
use super::quality::{Quality, Standpoint};
use super::run::{Run, RunState};
use crate::app::App;
use crate::speed_meetings::meeting::Meeting;
use crate::speed_meetings::plan::Plan;
use timetable::{self, Answer, Effort, Progress};

/// How often somebody looks whether a search waits, and says how far one is.
const PAUSE: Duration = Duration::from_secs(1);
/// How long a worker rests when the database does not answer.
const REST: Duration = Duration::from_secs(10);

/// Searches until `stop` turns true; a search in its hands is given back.
pub async fn keep_solving(app: App, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let pause = match solve_next(&app, &stop).await {
            Ok(true) => continue,
            Ok(false) => PAUSE,
            Err(error) => {
                tracing::warn!(%error, "a timetable could not be searched for; trying again");
                REST
            }
        };
        tokio::select! { () = tokio::time::sleep(pause) => {}, _ = stop.changed() => {} }
    }
}

/// Steps of a short search.
const SHORT: u64 = 300_000;

/// What the search and who watches over it tell each other.
#[derive(Debug, Default)]
struct Talk {
    /// End now, keeping the best.
    is_over: AtomicBool,
    /// Where the search stands.
    stands: Mutex<Option<Standpoint>>,
}

impl Talk {
    fn stands(&self) -> String {
        let stands = self.stands.lock().unwrap_or_else(PoisonError::into_inner);
        stands.as_ref().and_then(|stands| serde_json::to_string(stands).ok()).unwrap_or_default()
    }

    fn tell(&self, progress: &Progress) {
        *self.stands.lock().unwrap_or_else(PoisonError::into_inner) = Some(Standpoint::from(progress));
    }
}

/// A search on a thread of its own, and the talk with it. Let go, whatever the reason, it ends: nobody listens any more.
struct Search {
    talk: Arc<Talk>,
    thread: JoinHandle<Found>,
}

impl Search {
    fn begin(search: impl FnOnce(&Talk) -> Found + Send + 'static) -> Self {
        let talk = Arc::new(Talk::default());
        let shared = Arc::clone(&talk);
        Self { talk, thread: tokio::task::spawn_blocking(move || search(&shared)) }
    }

    fn stop(&self) {
        self.talk.is_over.store(true, Ordering::Relaxed);
    }
}

impl Drop for Search {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Searches for one timetable that somebody asked for; false when nobody did.
///
/// # Errors
/// What the database said; the search is taken again later.
pub async fn solve_next(app: &App, stop: &watch::Receiver<bool>) -> Result<bool, DbErr> {
    if !claim::is_due(&app.db, app.clock.now()).await? {
        return Ok(false);
    }
    let txn = app.write().await?;
    let Some(run) = claim::claim(&txn, &app.random.token(), app.clock.now()).await? else { return Ok(false) };
    txn.commit().await?;
    let (asked, mut stop) = (run.clone(), stop.clone());
    let mut search = Search::begin(move |talk| search(&asked, talk));
    let (mut is_leaving, mut is_wanted) = (false, true);
    let found = loop {
        tokio::select! {
            found = &mut search.thread => break found,
            () = tokio::time::sleep(PAUSE) => {
                if is_wanted && !report(app, &run, &search.talk).await? {
                    is_wanted = false;
                    search.stop();
                }
            }
            Ok(()) = stop.changed(), if !is_leaving => {
                is_leaving = true;
                search.stop();
            }
        }
    };
    let txn = app.write().await?;
    if is_leaving && is_wanted {
        claim::give_back(&txn, &run).await?;
    } else {
        let mut found = found.unwrap_or_else(|error| {
            tracing::error!(%error, "a search for a timetable broke down");
            failed()
        });
        if !is_wanted && found.state != RunState::Refused {
            found.state = RunState::Stopped;
        }
        claim::report(&txn, &run, &search.talk.stands(), app.clock.now()).await?;
        claim::end(&txn, &run, &found, app.clock.now()).await?;
    }
    txn.commit().await?;
    Ok(true)
}

/// The best timetable of a locked edition that a short search finds; none where there is none. The same edition gives the
/// same one.
///
/// # Errors
/// What the database said.
pub(in crate::speed_meetings) async fn best(
    txn: &DatabaseTransaction,
    plan: &Plan,
    zone: Tz,
) -> Result<Vec<Meeting>, DbErr> {
    let puzzle = Board::load(txn, plan.clone(), zone).await?.puzzle(Weights::default());
    let effort = Effort { work: Some(SHORT), deadline: None, seconds: &|| 0.0, stop: &|| false, progress: &|_| {} };
    Ok(match timetable::answer(&puzzle.instance, 1, 1, &effort) {
        Answer::Timetable { timetable, .. } => puzzle.meetings(&timetable),
        Answer::Refused(_) | Answer::Unknown | Answer::Wrong(_) => Vec::new(),
    })
}

/// Whether the search may go on.
async fn report(app: &App, run: &Run, talk: &Talk) -> Result<bool, DbErr> {
    let txn = app.write().await?;
    let goes_on = claim::report(&txn, run, &talk.stands(), app.clock.now()).await?;
    txn.commit().await?;
    Ok(goes_on)
}

fn failed() -> Found {
    Found { state: RunState::Failed, solution: timetable::unknown(""), quality: String::new() }
}

fn search(run: &Run, talk: &Talk) -> Found {
    let started = Instant::now();
    let Ok(day) = timetable::read(&run.instance) else {
        tracing::error!(run = run.id, "the day of a search cannot be read");
        return failed();
    };
    let effort = Effort {
        work: None,
        deadline: Some(run.seconds.into()),
        seconds: &|| started.elapsed().as_secs_f64(),
        stop: &|| talk.is_over.load(Ordering::Relaxed),
        progress: &|progress| talk.tell(progress),
    };
    match timetable::answer(&day, run.seed.unsigned_abs(), 1, &effort) {
        Answer::Timetable { timetable, optimal, bounds } => {
            let quality = Quality::of(&day, &timetable, optimal, &bounds);
            Found {
                state: RunState::Found,
                solution: timetable::solution(&day, &timetable, optimal, &bounds),
                quality: serde_json::to_string(&quality).unwrap_or_default(),
            }
        }
        Answer::Refused(reasons) => {
            let solution = timetable::refusal(&day.name, &reasons);
            Found { state: RunState::Refused, solution, quality: String::new() }
        }
        Answer::Unknown => {
            Found { state: RunState::Failed, solution: timetable::unknown(&day.name), quality: String::new() }
        }
        Answer::Wrong(faults) => {
            tracing::error!(?faults, "the timetable found breaks a rule");
            failed()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Searches until it is told to end, or long enough for the test to fail; tells whether it was told.
    fn endless(talk: &Talk, told: &std::sync::mpsc::Sender<bool>) -> Found {
        let began = Instant::now();
        while !talk.is_over.load(Ordering::Relaxed) && began.elapsed() < Duration::from_secs(20) {
            std::thread::yield_now();
        }
        let _ = told.send(talk.is_over.load(Ordering::Relaxed));
        failed()
    }

    #[tokio::test]
    async fn a_search_that_nobody_listens_to_any_more_ends() {
        let (tell, told) = std::sync::mpsc::channel();
        let search = Search::begin(move |talk| endless(talk, &tell));
        let interrupted: Result<bool, DbErr> = async {
            let _search = search;
            Err(DbErr::Custom("the database does not answer".to_owned()))
        }
        .await;
        assert!(interrupted.is_err());
        assert_eq!(tokio::task::spawn_blocking(move || told.recv()).await.unwrap(), Ok(true));
    }
}

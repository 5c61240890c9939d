//! Where registrations are taken. Those that arrive while others are being written are written together, in one
//! transaction: a hundred at once cost one write to the disk, and each is told only after it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use sea_orm::{DatabaseTransaction, DbErr};
use tokio::sync::oneshot;

use super::act::{Act, Circumstances, Done, Moved, News, Refusal};
use super::carpool;
use super::duty;
use super::farm_visit::{self, FarmVisit};
use super::mail::Desk;
use super::program_answer::{self, Known, Question};
use super::registration::{self, NewRegistration, Registration, Standing};
use super::visit_date::{self, Shut, VisitDate};
use super::waiting_list::apply;
use crate::app::App;
use crate::audit::{self, Act as Deed, By};
use crate::mail::NotEnqueued;
use crate::web::Error;

/// How many are written together at most.
const TOGETHER: usize = 64;
/// After each writing the counter rests so many times as long as it took, up to [`REST`]: however many come at once, there
/// is time for whoever searches or reads. A registration that comes alone does not wait.
const CALM: u32 = 3;
const REST: Duration = Duration::from_millis(100);

/// Where registrations are taken, one for each node.
#[derive(Clone, Debug, Default)]
pub struct Counter(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    line: Mutex<Vec<Waiting>>,
    /// Whoever holds it serves all who wait.
    turn: tokio::sync::Mutex<()>,
}

/// Somebody who would come.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// Key of the date.
    pub(super) date: i64,
    pub(super) new: NewRegistration,
    /// Who asks, when it is a person who is known.
    pub(super) by: Option<i64>,
    /// Whether an organiser asks, whom deadlines do not bind.
    pub(super) is_organiser: bool,
    /// What the journal says of it; nothing when it says nothing.
    pub(super) deed: Option<&'static str>,
    /// Under which key a program asks.
    pub(super) question: Option<Question>,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It is written; with the place in the waiting list, from 1, of who waits.
    Written(Registration, u64),
    /// It cannot be.
    Refused(Refusal),
    /// There is no such date.
    Nowhere,
    /// The same was asked before and answered so: status and JSON.
    Again(i32, String),
    /// Something else was asked under this key.
    KeyTaken,
}

#[derive(Debug)]
struct Waiting {
    asked: Asked,
    answer: oneshot::Sender<Result<Outcome, NotEnqueued>>,
}

impl Counter {
    /// Registers somebody, together with whoever else asks at this moment.
    ///
    /// # Errors
    /// When a mail cannot be written or the database does not answer; nothing is written then.
    pub(super) async fn register(&self, app: &App, asked: Asked) -> Result<Outcome, Error> {
        let (answer, told) = oneshot::channel();
        self.0.line.lock().unwrap_or_else(PoisonError::into_inner).push(Waiting { asked, answer });
        // In a task of its own: whoever goes away while it serves takes nobody along.
        tokio::spawn(serve(Arc::clone(&self.0), app.clone()));
        let told = told.await.map_err(Error::broken("waiting for one's turn to register"))?;
        Ok(told?)
    }
}

impl Shared {
    /// The first who wait.
    fn next(&self) -> Vec<Waiting> {
        let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        let first = line.len().min(TOGETHER);
        line.drain(..first).collect()
    }
}

/// Serves all who wait; whoever comes meanwhile waits for the next turn.
async fn serve(shared: Arc<Shared>, app: App) {
    let _turn = shared.turn.lock().await;
    let served = shared.next();
    let (asked, answers): (Vec<_>, Vec<_>) = served.into_iter().map(|one| (one.asked, one.answer)).unzip();
    if asked.is_empty() {
        return;
    }
    let began = Instant::now();
    match together(&app, &asked).await {
        Ok(outcomes) => {
            for (answer, outcome) in answers.into_iter().zip(outcomes) {
                // Who went away asks again, and reads what was answered.
                drop(answer.send(Ok(outcome)));
            }
        }
        // No database answers: each would wait as long again for the same.
        Err(NotEnqueued::Database(DbErr::ConnectionAcquire(_) | DbErr::Conn(_))) => {
            for answer in answers {
                drop(answer.send(Err(DbErr::Custom("the database was not reached".to_owned()).into())));
            }
        }
        // One of them failed: the others do not fail with it.
        Err(_) => {
            for (answer, asked) in answers.into_iter().zip(asked) {
                let alone = together(&app, &[asked]).await.map(|mut outcomes| outcomes.pop());
                let outcome = alone.and_then(|outcome| outcome.ok_or_else(|| DbErr::RecordNotInserted.into()));
                drop(answer.send(outcome));
            }
        }
    }
    tokio::time::sleep(REST.min(began.elapsed() * CALM)).await;
}

/// Writes registrations in one transaction, date by date so that no two nodes wait for each other; within a date, in the
/// order in which they came.
async fn together(app: &App, asked: &[Asked]) -> Result<Vec<Outcome>, NotEnqueued> {
    let mut dates: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for (at, one) in asked.iter().enumerate() {
        dates.entry(one.date).or_default().push(at);
    }
    let mut outcomes = vec![Outcome::Nowhere; asked.len()];
    let txn = app.write().await?;
    for (key, mine) in dates {
        let Some(mut open) = Open::lock(&txn, app, key).await? else { continue };
        for at in mine {
            outcomes[at] = open.take(&asked[at]).await?;
        }
        open.close().await?;
    }
    txn.commit().await?;
    Ok(outcomes)
}

/// A locked date, with what is written about it.
struct Open<'a> {
    txn: &'a DatabaseTransaction,
    app: &'a App,
    date: VisitDate,
    desk: Desk<'a>,
    /// Places taken, and whether somebody waits, as they are kept.
    kept: (i32, bool),
    /// Whether the line of those who wait may be another.
    is_other_line: bool,
    /// Whether something was begun that ends by itself.
    is_due: bool,
}

impl<'a> Open<'a> {
    async fn lock(txn: &'a DatabaseTransaction, app: &'a App, key: i64) -> Result<Option<Self>, NotEnqueued> {
        let Some(date) = visit_date::lock(txn, key).await? else { return Ok(None) };
        let Some(visit) = farm_visit::by_key(txn, date.farm_visit_id).await? else { return Ok(None) };
        let (desk, kept) = (Desk::new(app, &visit, &date)?, (date.places_taken, date.is_waited_for));
        Ok(Some(Self { txn, app, date, desk, kept, is_other_line: false, is_due: false }))
    }

    /// Does one thing and writes the mails that follow from it.
    async fn act(&mut self, act: Act, around: Circumstances) -> Result<Done, NotEnqueued> {
        if let Act::Move(before) = &act {
            self.desk.before.clone_from(before);
        }
        let done = apply(self.txn, &mut self.date, act, around).await?;
        self.desk.tell(self.txn, &done.moved).await?;
        carpool::follow(self.txn, self.app, &self.date, &done.moved).await?;
        let begins = |one: &Moved| matches!(one.news, News::Held | News::Unproven | News::Offered);
        self.is_due |= done.moved.iter().any(begins);
        let waits = |one: &Moved| [Some(one.registration.state), one.was].contains(&Some(Standing::Waiting));
        self.is_other_line |= done.moved.iter().any(waits);
        Ok(done)
    }

    async fn take(&mut self, asked: &Asked) -> Result<Outcome, NotEnqueued> {
        if let Some(question) = &asked.question {
            match program_answer::known(self.txn, question).await? {
                Some(Known::Answered(status, body)) => return Ok(Outcome::Again(status, body)),
                Some(Known::Other) => return Ok(Outcome::KeyTaken),
                None => {}
            }
        }
        let around = circumstances(self.app, asked.by, asked.is_organiser);
        let outcome = match self.act(Act::Register(asked.new.clone()), around).await?.asked {
            Ok(Some(row)) if row.state == Standing::Waiting => {
                let position = registration::position(self.txn, &row).await?;
                Outcome::Written(row, position)
            }
            Ok(Some(row)) => Outcome::Written(row, 0),
            Ok(None) => Outcome::Nowhere,
            Err(refusal) => Outcome::Refused(refusal),
        };
        if let (Outcome::Written(row, _), Some(by), Some(deed)) = (&outcome, asked.by, asked.deed) {
            let deed = Deed::new(deed, format!("registrations/{}", row.id));
            audit::record(self.txn, By::Person(by), deed, around.now).await?;
        }
        if let Some(question) = &asked.question {
            let (status, body) = program_answer::said(&outcome);
            program_answer::remember(self.txn, question, (status, &body), around.now).await?;
        }
        Ok(outcome)
    }

    /// Writes what is left to write of the date.
    async fn close(mut self) -> Result<(), NotEnqueued> {
        if self.is_other_line {
            self.date.is_waited_for = registration::is_waited_for(self.txn, self.date.id).await?;
        }
        if (self.date.places_taken, self.date.is_waited_for) != self.kept {
            visit_date::count(self.txn, &self.date).await?;
        }
        if self.is_due {
            duty::plan_settling(self.txn, self.date.id).await?;
        }
        Ok(())
    }
}

/// Does one thing with a date, its mails included; nothing when there is no such date.
///
/// # Errors
/// When a mail cannot be written or the database does not answer.
pub(super) async fn act(
    txn: &DatabaseTransaction,
    app: &App,
    date: i64,
    act: Act,
    (by, is_organiser): (Option<i64>, bool),
) -> Result<Option<Done>, NotEnqueued> {
    let Some(mut open) = Open::lock(txn, app, date).await? else { return Ok(None) };
    let done = open.act(act, circumstances(app, by, is_organiser)).await?;
    open.close().await?;
    Ok(Some(done))
}

/// Tells whoever comes to a date of a visit that is still to come that one meets elsewhere, their calendars too.
///
/// # Errors
/// When a mail cannot be written or the database does not answer.
pub(super) async fn tell_of_place(
    txn: &DatabaseTransaction,
    app: &App,
    visit: &FarmVisit,
    by: i64,
) -> Result<(), NotEnqueued> {
    let mut dates = visit_date::of_visits(txn, &[visit.id]).await?;
    dates.sort_by_key(|date| date.id);
    for date in dates {
        let Some(mut date) = visit_date::lock(txn, date.id).await? else { continue };
        if matches!(date.shut(app.clock.now()), Some(Shut::Past | Shut::Cancelled)) {
            continue;
        }
        date.sequence += 1;
        // What was said of another hour says nothing of the place.
        date.words.clear();
        visit_date::write(txn, &date).await?;
        act(txn, app, date.id, Act::Move(String::new()), (Some(by), true)).await?;
    }
    Ok(())
}

/// Lets a registration that is confirmed come to another date of the same visit: there, and not here any more, or neither
/// changes. Dates are locked in the order of their keys, so that two who change places do not wait for each other.
///
/// # Errors
/// When a mail cannot be written or the database does not answer.
pub(super) async fn change_date(
    txn: &DatabaseTransaction,
    app: &App,
    (key, to): (i64, i64),
    by: Option<i64>,
) -> Result<Option<Result<Registration, Refusal>>, NotEnqueued> {
    let Some(known) = registration::by_key(txn, key).await? else { return Ok(None) };
    let from = known.visit_date_id;
    let mut open = Vec::new();
    for date in [from.min(to), from.max(to)] {
        let Some(date) = Open::lock(txn, app, date).await? else { return Ok(None) };
        open.push(date);
    }
    let [mut here, mut there] = [open.remove(usize::from(from > to)), open.remove(0)];
    if from == to || here.date.farm_visit_id != there.date.farm_visit_id {
        return Ok(None);
    }
    let around = circumstances(app, by, false);
    // Read again under the lock: it may be over by now, or elsewhere.
    let row = registration::by_key(txn, key).await?;
    let comes = |row: &Registration| row.visit_date_id == from && row.state == Standing::Confirmed;
    let Some(row) = row.filter(comes).filter(|_| around.now < here.date.starts_at) else {
        return Ok(Some(Err(Refusal::Over)));
    };
    let size = row.party_size;
    let asked = there.act(Act::Arrive(Box::new(row)), around).await?.asked;
    if let Ok(Some(_)) = &asked {
        here.act(Act::Release(size), around).await?;
        carpool::leave(txn, app, &here.date, key).await?;
    }
    there.close().await?;
    here.close().await?;
    Ok(asked.transpose())
}

fn circumstances(app: &App, by: Option<i64>, is_organiser: bool) -> Circumstances {
    Circumstances { now: app.clock.now(), zone: app.config.time_zone, by, is_organiser }
}

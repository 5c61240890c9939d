//! Searches for a timetable: an organiser asks for one, and what it found is kept beside the others.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{DatabaseTransaction, QueryOrder, QuerySelect, entity::prelude::*};
use serde::{Deserialize, Serialize};

use super::appointment::{self, Appointment};
use super::board::Board;
use super::puzzle::{Puzzle, Weights};
use super::quality::Quality;
use crate::speed_meetings::day;
use crate::speed_meetings::edition::State;
use crate::speed_meetings::meeting::{Meeting, Seat};
use crate::speed_meetings::plan::Plan;
use crate::speed_meetings::publication::version;
use timetable::{self, Timetable};

/// Seconds that an organiser may ask for.
pub(super) const SECONDS: std::ops::RangeInclusive<i32> = 5..=120;
/// Most searches that a page shows.
const SHOWN: u64 = 12;
/// How many of the latest may be the one that a timetable comes from.
const LATEST: u64 = 30;

/// A search.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "timetable_runs")]
pub(super) struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// For which edition.
    pub edition_id: i64,
    /// From 1, without gaps.
    pub number: i32,
    /// What became of it.
    pub state: RunState,
    /// What it looks for.
    pub mode: RunMode,
    /// What a meeting is worth, as JSON.
    pub weights: String,
    /// How long it may take.
    pub seconds: i32,
    /// Where chance begins.
    pub seed: i64,
    /// The timetable in work that it began with.
    pub timetable_version: i64,
    /// The day, meet/1.
    pub instance: String,
    /// Who each participant of the day is, and what keeps its table: [`Cast`], as JSON.
    pub seats: String,
    /// What it found, meet-solution/1.
    pub solution: Option<String>,
    /// How good that is: [`Quality`], as JSON; else empty.
    pub quality: String,
    /// Where it stands: [`super::quality::Standpoint`], as JSON; else empty.
    pub progress: String,
    /// Which node has it; empty while none has.
    pub claim: String,
    /// Who asked for it; none once that account is gone.
    pub asked_by: Option<i64>,
    /// When.
    pub asked_at: DateTimeUtc,
    /// Until when the node is believed to live.
    pub claimed_until: Option<DateTimeUtc>,
    /// When it ended.
    pub ended_at: Option<DateTimeUtc>,
    /// Whether an organiser wants no more than what there is.
    pub is_stop_asked: bool,
}

/// A search.
pub(super) type Run = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What became of a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub(super) enum RunState {
    /// No node has it yet.
    #[sea_orm(string_value = "waiting")]
    Waiting,
    /// A node is at it.
    #[sea_orm(string_value = "running")]
    Running,
    /// It found a timetable.
    #[sea_orm(string_value = "found")]
    Found,
    /// There is none, and it says why.
    #[sea_orm(string_value = "refused")]
    Refused,
    /// An organiser ended it; it may have found one.
    #[sea_orm(string_value = "stopped")]
    Stopped,
    /// It found none in its time, or broke down.
    #[sea_orm(string_value = "failed")]
    Failed,
}

/// What a search looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub(super) enum RunMode {
    /// The best of all.
    #[sea_orm(string_value = "choose")]
    Choose,
    /// The best of those that change least.
    #[sea_orm(string_value = "repair")]
    Repair,
}

/// Who sits where.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cast {
    /// Who each participant of the day is.
    seats: Vec<Seat>,
    /// Meetings that keep their table where they can, the first ones first.
    kept: Vec<Meeting>,
}

/// What a search found, as it is kept.
struct Answer {
    /// The day.
    puzzle: Puzzle,
    /// Meetings that keep their table where they can, the first ones first.
    kept: Vec<Meeting>,
    /// Wishes with their slots, both from 0.
    held: Vec<(usize, usize)>,
}

/// What an organiser asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) mode: RunMode,
    pub(super) weights: Weights,
    pub(super) seconds: i32,
}

/// What became of asking.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Asked {
    /// It waits for a node.
    New(i32),
    /// It waits for a node; the same search in a day that is another by now was stopped.
    Anew(i32),
    /// The same is being looked for: pressed twice.
    Already(i32),
    /// There is nothing to search in.
    Refused(&'static str),
}

impl Model {
    /// Whether it is not over.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.state, RunState::Waiting | RunState::Running)
    }

    /// What it was asked to value.
    pub(super) fn weights(&self) -> Weights {
        serde_json::from_str(&self.weights).unwrap_or_default()
    }

    /// How good what it found is; nothing when it found nothing.
    pub(super) fn quality(&self) -> Option<Quality> {
        serde_json::from_str(&self.quality).ok()
    }

    /// The meetings it found, with their tables, in the order of the day; nothing when it found nothing.
    pub(super) fn meetings(&self) -> Option<Vec<Meeting>> {
        let Answer { puzzle, kept, held } = self.answer()?;
        let timetable = Timetable::checked(&puzzle.instance, held).ok()?;
        let mut meetings = puzzle.meetings(&timetable);
        puzzle.keep_tables((&kept, 0), &mut meetings);
        meetings.sort_unstable();
        Some(meetings)
    }

    /// What it found, as it is kept.
    fn answer(&self) -> Option<Answer> {
        let instance = timetable::read(&self.instance).ok()?;
        let cast: Cast = serde_json::from_str(&self.seats).ok()?;
        let (held, _) = timetable::read_solution(self.solution.as_deref()?).ok()?;
        let is_whole = !self.quality.is_empty() && cast.seats.len() == instance.participants.len();
        is_whole.then_some(Answer { puzzle: Puzzle { instance, seats: cast.seats }, kept: cast.kept, held })
    }

    /// How many of these meetings it found, in the same slot.
    fn shared(&self, held: &BTreeSet<((i64, i64), i32)>) -> usize {
        let Some(Answer { puzzle, held: own, .. }) = self.answer() else { return 0 };
        let place = |(wish, slot): (usize, usize)| {
            let wish = puzzle.instance.wishes.get(wish)?;
            let pair = (puzzle.seats.get(wish.a)?.participant, puzzle.seats.get(wish.b)?.participant);
            Some((pair, i32::try_from(slot + 1).ok()?))
        };
        own.into_iter().filter_map(place).filter(|place| held.contains(place)).count()
    }
}

/// Asks for a search in a locked edition.
///
/// # Errors
/// What the database said.
pub(super) async fn ask(
    txn: &DatabaseTransaction,
    (plan, zone): (&Plan, Tz),
    wanted: Wanted,
    by: i64,
    now: DateTime<Utc>,
) -> Result<Asked, DbErr> {
    let edition = plan.edition.id;
    let weights = serde_json::to_string(&wanted.weights).unwrap_or_default();
    let last = Entity::find().filter(Column::EditionId.eq(edition)).order_by_desc(Column::Number).limit(1);
    let last = last.one(txn).await?;
    let (puzzle, kept) = match puzzle(txn, plan, zone, (wanted, now)).await? {
        Ok(found) => found,
        Err(why) => return Ok(Asked::Refused(why)),
    };
    let instance = timetable::write_instance(&puzzle.instance);
    let seats = serde_json::to_string(&Cast { seats: puzzle.seats, kept }).unwrap_or_default();
    let asked = (wanted.mode, &weights, wanted.seconds);
    let number = last.as_ref().map_or(1, |last| last.number + 1);
    let same = last.filter(|last| last.is_open() && (last.mode, &last.weights, last.seconds) == asked);
    if let Some(same) = same.as_ref().filter(|same| (&same.instance, &same.seats) == (&instance, &seats)) {
        return Ok(Asked::Already(same.number));
    }
    if let Some(same) = &same {
        ask_stop(txn, edition, same.number, now).await?;
    }
    let row = ActiveModel {
        id: NotSet,
        edition_id: Set(edition),
        number: Set(number),
        state: Set(RunState::Waiting),
        mode: Set(wanted.mode),
        weights: Set(weights),
        seconds: Set(wanted.seconds),
        seed: Set(number.into()),
        timetable_version: Set(plan.edition.timetable_version),
        instance: Set(instance),
        seats: Set(seats),
        solution: Set(None),
        quality: Set(String::new()),
        progress: Set(String::new()),
        claim: Set(String::new()),
        asked_by: Set(Some(by)),
        asked_at: Set(now),
        claimed_until: Set(None),
        ended_at: Set(None),
        is_stop_asked: Set(false),
    };
    Entity::insert(row).exec_without_returning(txn).await?;
    Ok(if same.is_some() { Asked::Anew(number) } else { Asked::New(number) })
}

/// The day as it stands, and the meetings that keep their table.
async fn puzzle(
    txn: &DatabaseTransaction,
    plan: &Plan,
    zone: Tz,
    (wanted, now): (Wanted, DateTime<Utc>),
) -> Result<Result<(Puzzle, Vec<Meeting>), &'static str>, DbErr> {
    let board = Board::load(txn, plan.clone(), zone).await?;
    if board.day.slots.is_empty() || plan.tables.is_empty() {
        return Ok(Err("Il faut d’abord des séances qui tiennent dans la journée, et des tables."));
    }
    let mut kept: Vec<Meeting> = board.pins();
    let puzzle = board.puzzle(wanted.weights);
    // Once the day runs, what has begun stays.
    let is_running = plan.edition.state == State::Running;
    let begun = if is_running { day::now_begun(txn, plan, zone, now).await? } else { 0 };
    let puzzle = if wanted.mode == RunMode::Repair || is_running {
        let rows = appointment::of(txn, plan.edition.id).await?;
        let mut before: Vec<Meeting> = rows.iter().map(Appointment::meeting).collect();
        if before.is_empty() {
            before = version::in_force(txn, plan.edition.id).await?.map(|last| last.meetings).unwrap_or_default();
        }
        if before.is_empty() {
            return Ok(Err("Il n’y a pas encore de planning à changer le moins possible."));
        }
        before.retain(|meeting| !board.is_avoided(meeting.pair()));
        kept.extend(before.iter().copied());
        puzzle.mending(begun, &before)
    } else {
        puzzle
    };
    if puzzle.instance.wishes.is_empty() {
        return Ok(Err("Aucun inscrit n’a encore dit qui rencontrer."));
    }
    Ok(Ok((puzzle, kept)))
}

/// The last searches of an edition, the last first.
///
/// # Errors
/// What the database said.
pub(super) async fn of(db: &impl ConnectionTrait, edition: i64) -> Result<Vec<Run>, DbErr> {
    Entity::find().filter(Column::EditionId.eq(edition)).order_by_desc(Column::Number).limit(SHOWN).all(db).await
}

/// A search by its number.
///
/// # Errors
/// What the database said.
pub(super) async fn by_number(db: &impl ConnectionTrait, edition: i64, number: i32) -> Result<Option<Run>, DbErr> {
    Entity::find().filter(Column::EditionId.eq(edition)).filter(Column::Number.eq(number)).one(db).await
}

/// Wants no more than what there is. A search that no node has is over at once.
///
/// # Errors
/// What the database said.
pub(super) async fn ask_stop(
    txn: &DatabaseTransaction,
    edition: i64,
    number: i32,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let own = || Entity::update_many().filter(Column::EditionId.eq(edition)).filter(Column::Number.eq(number));
    let waiting = own().filter(Column::State.eq(RunState::Waiting));
    waiting
        .col_expr(Column::State, Expr::value(RunState::Stopped))
        .col_expr(Column::EndedAt, Expr::value(Some(now)))
        .exec(txn)
        .await?;
    let running = own().filter(Column::State.eq(RunState::Running));
    running.col_expr(Column::IsStopAsked, Expr::value(true)).exec(txn).await.map(drop)
}

/// What the search valued that a timetable comes from: the one that found most of its meetings, of several the last. One that
/// no search found is valued as is usual.
///
/// # Errors
/// What the database said.
pub(in crate::speed_meetings) async fn weights_of(
    db: &impl ConnectionTrait,
    edition: i64,
    meetings: &[Meeting],
) -> Result<Weights, DbErr> {
    let held = meetings.iter().map(|meeting| (meeting.pair(), meeting.slot)).collect();
    let found = Entity::find().filter(Column::EditionId.eq(edition)).filter(Column::Quality.ne(""));
    let all = found.order_by_desc(Column::Number).limit(LATEST).all(db).await?;
    let shared = all.iter().map(|run| (run.shared(&held), run)).filter(|(shared, _)| *shared > 0);
    let origin = shared.max_by_key(|(shared, run)| (*shared, run.number));
    Ok(origin.map(|(_, run)| run.weights()).unwrap_or_default())
}

//! What the rows say, to compare with what people were told.

use sea_orm::{ConnectionTrait, QueryResult, Statement};

use crate::support::Site;

/// Slots of each of the two sessions.
pub(super) const SESSION: i32 = 7;
/// When the sessions begin, in minutes since midnight.
const BEGIN: [i32; 2] = [9 * 60 + 30, 14 * 60];
const LENGTH: i32 = 10;
const CHANGE_OVER: i32 = 2;

/// A participant, as its row says.
#[derive(Clone, Debug)]
pub(super) struct Who {
    pub(super) id: i64,
    pub(super) organisation: i64,
    pub(super) is_canteen: bool,
    /// `registered`, `waiting` or `withdrawn`.
    pub(super) state: String,
    arrives: Option<i32>,
    leaves: Option<i32>,
    absent: Option<(i32, i32)>,
    pub(super) tables: i32,
}

/// An appointment: ends are a participant and which of its representatives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Meeting {
    pub(super) slot: i32,
    pub(super) table: i32,
    pub(super) canteen: (i64, i32),
    pub(super) supplier: (i64, i32),
}

impl Who {
    pub(super) fn comes(&self) -> bool {
        self.state == "registered"
    }

    /// Whether it is in the room in a slot, by what it said when it registered.
    pub(super) fn is_there(&self, slot: i32) -> bool {
        let (from, to) = hours(slot);
        self.arrives.is_none_or(|at| at <= from)
            && self.leaves.is_none_or(|at| to <= at)
            && self.absent.is_none_or(|(gone, back)| to <= gone || back <= from)
    }
}

impl Meeting {
    pub(super) fn pair(&self) -> (i64, i64) {
        (self.canteen.0, self.supplier.0)
    }

    pub(super) fn has(&self, participant: i64) -> bool {
        self.canteen.0 == participant || self.supplier.0 == participant
    }

    /// Which representative of this participant goes there, and whom she meets.
    pub(super) fn own(&self, participant: i64) -> Option<(i32, i64)> {
        if self.canteen.0 == participant {
            Some((self.canteen.1, self.supplier.0))
        } else {
            (self.supplier.0 == participant).then_some((self.supplier.1, self.canteen.0))
        }
    }
}

/// When a slot begins and ends, in minutes since midnight.
pub(super) fn hours(slot: i32) -> (i32, i32) {
    let (session, place) = ((slot - 1) / SESSION, (slot - 1) % SESSION);
    let from = BEGIN[usize::try_from(session).unwrap()] + place * (LENGTH + CHANGE_OVER);
    (from, from + LENGTH)
}

/// « 9 h 30 »
fn clock(minutes: i32) -> String {
    if minutes % 60 == 0 { format!("{} h", minutes / 60) } else { format!("{} h {:02}", minutes / 60, minutes % 60) }
}

/// « 9 h 30 – 9 h 40 »
pub(super) fn times(slot: i32) -> String {
    let (from, to) = hours(slot);
    format!("{} – {}", clock(from), clock(to))
}

async fn ask(site: &Site, question: &str) -> Vec<QueryResult> {
    let db = &site.app.db;
    db.query_all_raw(Statement::from_string(db.get_database_backend(), question)).await.unwrap()
}

fn key(row: &QueryResult, at: usize) -> i64 {
    row.try_get_by_index(at).unwrap()
}

fn number(row: &QueryResult, at: usize) -> i32 {
    row.try_get_by_index(at).unwrap()
}

fn text(row: &QueryResult, at: usize) -> String {
    row.try_get_by_index(at).unwrap()
}

/// Everybody who ever asked for a place.
pub(super) async fn everybody(site: &Site) -> Vec<Who> {
    let question =
        "SELECT id, organisation_id, side, state, arrives_at, leaves_at, absent_from, absent_until, tables_at_once
        FROM participants ORDER BY id";
    let maybe = |row: &QueryResult, at: usize| row.try_get_by_index::<Option<i32>>(at).unwrap();
    let who = |row: QueryResult| Who {
        id: key(&row, 0),
        organisation: key(&row, 1),
        is_canteen: text(&row, 2) == "canteen",
        state: text(&row, 3),
        arrives: maybe(&row, 4),
        leaves: maybe(&row, 5),
        absent: maybe(&row, 6).zip(maybe(&row, 7)),
        tables: number(&row, 8),
    };
    ask(site, question).await.into_iter().map(who).collect()
}

/// How many of a side are in a state.
pub(super) async fn count(site: &Site, is_canteen: bool, state: &str) -> usize {
    everybody(site).await.iter().filter(|who| who.is_canteen == is_canteen && who.state == state).count()
}

fn meeting(row: &QueryResult) -> Meeting {
    let end = |at| (key(row, at), number(row, at + 1));
    Meeting { slot: number(row, 0), table: number(row, 1), canteen: end(2), supplier: end(4) }
}

/// The version in force, 0 before the first, and its appointments in the order of the day.
pub(super) async fn in_force(site: &Site) -> (i32, Vec<Meeting>) {
    let last = ask(site, "SELECT number, id FROM publications ORDER BY number DESC LIMIT 1").await;
    let Some(last) = last.first() else { return (0, Vec::new()) };
    let held = format!(
        "SELECT slot, table_number, canteen_id, canteen_copy, supplier_id, supplier_copy FROM published_appointments
         WHERE publication_id = {} ORDER BY slot, table_number",
        key(last, 1)
    );
    (number(last, 0), ask(site, &held).await.iter().map(meeting).collect())
}

/// The timetable in work: key and appointment of each, in the order of the day.
pub(super) async fn in_work(site: &Site) -> Vec<(i64, Meeting)> {
    let question =
        "SELECT slot, table_number, canteen_id, canteen_copy, supplier_id, supplier_copy, id FROM appointments
        ORDER BY slot, table_number";
    ask(site, question).await.iter().map(|row| (key(row, 6), meeting(row))).collect()
}

/// What was wished: who, whom, and at which rank; without one, she would rather not.
pub(super) async fn wishes(site: &Site) -> Vec<(i64, i64, Option<i32>)> {
    let question = "SELECT participant_id, wished_id, rank FROM wishes ORDER BY participant_id, rank";
    let wish = |row: QueryResult| (key(&row, 0), key(&row, 1), row.try_get_by_index(2).unwrap());
    ask(site, question).await.into_iter().map(wish).collect()
}

/// The quality sheet of a search by its number, as JSON, and its state.
pub(super) async fn search(site: &Site, number: usize) -> (String, serde_json::Value) {
    let question = format!("SELECT state, quality FROM timetable_runs WHERE number = {number}");
    let row = ask(site, &question).await.remove(0);
    (text(&row, 0), serde_json::from_str(&text(&row, 1)).unwrap_or_default())
}

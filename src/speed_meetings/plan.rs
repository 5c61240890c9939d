use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};

use super::day;
use super::edition::{self, Edition, Side, State};
use super::question::{self, Question};
use super::session::{self, Session};
use super::slots::{Day, Rhythm, WrongDay};
use super::table::{self, Table};

/// Tables of a hall of which nobody said more.
const TABLES: i32 = 18;

/// An edition with all that was planned for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Itself.
    pub edition: Edition,
    /// Its sessions, in the order of the day.
    pub sessions: Vec<Session>,
    /// Its tables, by number.
    pub tables: Vec<Table>,
    /// What one is asked when one registers.
    pub questions: Vec<Question>,
}

/// What is missing before everybody may see an edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lack {
    /// Its day is over.
    Day,
    /// One could not register any more.
    Deadline,
    /// No hall or no commune.
    Place,
    /// No sessions, or they do not fit in the day.
    Hours,
    /// No table.
    Tables,
}

impl Plan {
    /// Sensible values for an edition that has nothing but a name and a day.
    #[must_use]
    pub fn new(title: &str, held_on: NaiveDate, today: NaiveDate, now: DateTime<Utc>) -> Self {
        let session = |number, label: &str, starts_at| Session {
            edition_id: 0,
            number,
            label: label.to_owned(),
            starts_at,
            appointments: 10,
        };
        let question = |number, text: &str, side| Question {
            edition_id: 0,
            number,
            text: text.to_owned(),
            side: Some(side),
            is_required: false,
        };
        Self {
            edition: Edition::new(title, held_on, today, now),
            sessions: vec![session(1, "Matin", 9 * 60 + 30), session(2, "Après-midi", 14 * 60)],
            tables: (1..=TABLES).map(Table::numbered).collect(),
            questions: vec![
                question(1, "Quels produits apporterez-vous à goûter ?", Side::Supplier),
                question(2, "Quels produits cherchez-vous en priorité ?", Side::Canteen),
            ],
        }
    }

    /// All of an edition.
    ///
    /// # Errors
    /// What the database said.
    pub async fn of(db: &impl ConnectionTrait, edition: Edition) -> Result<Self, DbErr> {
        let (sessions, tables) = (session::of(db, edition.id).await?, table::of(db, edition.id).await?);
        Ok(Self { questions: question::of(db, edition.id).await?, edition, sessions, tables })
    }

    /// All of an edition, to change it: others wait.
    ///
    /// # Errors
    /// What the database said.
    pub(super) async fn lock(txn: &DatabaseTransaction, key: i64) -> Result<Option<Self>, DbErr> {
        match edition::lock(txn, key).await? {
            Some(edition) => Self::of(txn, edition).await.map(Some),
            None => Ok(None),
        }
    }

    /// Its slots.
    ///
    /// # Errors
    /// Why its sessions make no day.
    pub fn day(&self, zone: Tz) -> Result<Day, WrongDay> {
        let minutes = |count: i32| u16::try_from(count).unwrap_or_default();
        let rhythm = Rhythm {
            appointment_minutes: minutes(self.edition.appointment_minutes),
            change_over_minutes: minutes(self.edition.change_over_minutes),
        };
        let sessions: Vec<_> = self.sessions.iter().map(Session::stretch).collect();
        Day::cut(self.edition.held_on, zone, rhythm, &sessions)
    }

    /// The highest number that one of its questions ever had.
    pub(super) fn last_question(&self) -> i32 {
        let there = self.questions.iter().map(|one| one.number).max().unwrap_or_default();
        self.edition.last_question.max(there)
    }

    /// What is missing before everybody may see it.
    pub(super) fn lacks(&self, today: NaiveDate, zone: Tz) -> Vec<Lack> {
        let edition = &self.edition;
        let all = [
            (Lack::Day, edition.held_on < today),
            (Lack::Deadline, edition.held_on >= today && edition.registration_until < today),
            (Lack::Place, edition.hall.is_empty() || edition.insee_code.is_none()),
            (Lack::Hours, self.day(zone).is_err()),
            (Lack::Tables, self.tables.is_empty()),
        ];
        all.into_iter().filter_map(|(lack, is_there)| is_there.then_some(lack)).collect()
    }

    /// Where and when: what calendars show of it, and once the timetable is out each slot.
    fn appointment(&self, zone: Tz) -> impl PartialEq + use<> {
        let edition = &self.edition;
        let place = (edition.hall.clone(), edition.address.clone(), edition.insee_code.clone(), edition.position());
        let day = self.day(zone).ok();
        let span = day.as_ref().and_then(Day::span);
        (edition.held_on, span, day.filter(|_| edition.state >= State::Published), place)
    }
}

/// Writes a locked edition back with what it says now.
///
/// # Errors
/// What the database said.
pub(super) async fn keep(txn: &DatabaseTransaction, before: &Plan, plan: &mut Plan, zone: Tz) -> Result<(), DbErr> {
    plan.edition.version += 1;
    plan.edition.last_question = plan.last_question();
    if plan.appointment(zone) != before.appointment(zone) {
        plan.edition.sequence += 1;
    }
    edition::keep(txn, &plan.edition).await?;
    if plan.edition.state >= State::Published {
        day::turned(txn, plan.edition.id).await?;
    }
    // Whoever is reading what a publication would tell reads something else now.
    let renamed = table::names(&plan.tables) != table::names(&before.tables);
    if renamed && plan.edition.state >= State::Timetable {
        edition::turn(txn, plan.edition.id).await?;
    }
    keep_parts(txn, plan).await
}

/// Keeps the parts of an edition: its sessions, tables and questions.
///
/// # Errors
/// What the database said.
pub(super) async fn keep_parts(txn: &DatabaseTransaction, plan: &Plan) -> Result<(), DbErr> {
    session::keep(txn, plan.edition.id, &plan.sessions).await?;
    table::keep(txn, plan.edition.id, &plan.tables).await?;
    question::keep(txn, plan.edition.id, &plan.questions).await
}

//! Who came to a date: of those who registered, and of those who walked in. What is noted on a telephone without network
//! arrives later, perhaps twice, perhaps after somebody else noted otherwise: each note has a key, and the last word said
//! counts, not the last that arrived.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::NotSet, DatabaseTransaction, IntoActiveModel, QueryOrder, entity::prelude::*};

use super::attendance_note::{self, Outcome};
use super::registration::{self, Registration, Standing};
use super::visit_date::{State, VisitDate};
use crate::mail::EmailAddress;

/// How many more than were registered may come along.
const MORE: i32 = 5;
/// How many of one organisation may walk in.
pub(super) const WALK_IN_MOST: i32 = 50;

/// How many came of those who registered together, or walked in together.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "visit_attendances")]
pub(super) struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Which date.
    pub visit_date_id: i64,
    /// Whose registration it is; nothing of those who walked in.
    pub registration_id: Option<i64>,
    /// The key under which a telephone wrote down those who walked in.
    pub walk_in_key: Option<String>,
    /// Who walked in; empty of those who registered.
    pub name: String,
    /// For whom; may be empty.
    pub organisation: String,
    /// Her address; may be empty.
    pub email: String,
    /// How many came; nothing when it was noted and taken back.
    pub came: Option<i32>,
    /// Which telephone said so: its own notes count in the order in which it sent them, whatever its clock says.
    pub telephone: String,
    /// When it was said.
    pub said_at: DateTimeUtc,
}

/// How many came of those who registered together, or walked in together.
pub(super) type Attendance = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What somebody notes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Note {
    /// By which it is known when it is sent again, 1 to 64 characters.
    pub key: String,
    /// Which telephone it was noted on, at most 64 characters.
    pub telephone: String,
    /// When, not later than now.
    pub said_at: DateTime<Utc>,
    /// Of whom.
    pub of: Of,
    /// How many came, 0 to 100; nothing takes back what was noted.
    pub came: Option<i32>,
}

/// Of whom something is noted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// Those of a registration.
    Registration(i64),
    /// Those who walked in and were written down under this key.
    WalkIn(String),
    /// Those who walk in now, to be written down under this key.
    NewWalkIn(String, Guest),
}

/// Who walks in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Guest {
    /// Who, 1 to 120 characters.
    pub name: String,
    /// For whom, at most 200 characters; may be empty.
    pub organisation: String,
    /// How to write to her, when she said so.
    pub email: Option<EmailAddress>,
}

/// What became of a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Noted {
    pub(super) outcome: Outcome,
    /// Whether it was not sent before.
    pub(super) is_new: bool,
}

/// How many may come of a registration.
pub(super) fn most(registration: &Registration) -> i32 {
    registration.party_size + MORE
}

/// Writes down what was noted about a locked date, and says what became of it; what was sent before is not done again.
///
/// # Errors
/// What the database said.
pub(super) async fn note(
    txn: &DatabaseTransaction,
    date: &VisitDate,
    note: &Note,
    by: Option<i64>,
    now: DateTime<Utc>,
) -> Result<Noted, DbErr> {
    if let Some(outcome) = attendance_note::answered(txn, date.id, &note.key).await? {
        return Ok(Noted { outcome, is_new: false });
    }
    let outcome = if matches!(date.state, State::Draft | State::Cancelled) {
        Outcome::CalledOff
    } else {
        decide(txn, date, note).await?
    };
    attendance_note::remember(txn, date.id, note, outcome, by, now).await?;
    Ok(Noted { outcome, is_new: true })
}

async fn decide(txn: &DatabaseTransaction, date: &VisitDate, note: &Note) -> Result<Outcome, DbErr> {
    let is_too_many = |most: i32| note.came.is_some_and(|came| came > most);
    let (before, blank) = match &note.of {
        Of::Registration(key) => {
            let row = registration::by_key(txn, *key).await?.filter(|row| row.visit_date_id == date.id);
            let Some(row) = row else { return Ok(Outcome::Unknown) };
            if is_too_many(most(&row)) {
                return Ok(Outcome::TooMany);
            }
            let before = Entity::find().filter(Column::RegistrationId.eq(*key)).one(txn).await?;
            (before, Attendance { registration_id: Some(*key), ..blank(date, note) })
        }
        Of::WalkIn(_) | Of::NewWalkIn(..) if is_too_many(WALK_IN_MOST) => return Ok(Outcome::TooMany),
        Of::WalkIn(key) => {
            // Taken off meanwhile by another telephone, she is nobody any more.
            let before = walk_in(txn, date, key).await?;
            let Some(before) = before.filter(|one| !one.name.is_empty() || note.came.unwrap_or_default() == 0) else {
                return Ok(Outcome::Unknown);
            };
            (Some(before.clone()), before)
        }
        Of::NewWalkIn(key, guest) => {
            // Under another key of its own, the same telephone wrote her down already.
            if walk_in(txn, date, key).await?.is_some() {
                return Ok(Outcome::Overtaken);
            }
            let email = guest.email.as_ref().map(ToString::to_string).unwrap_or_default();
            let (name, organisation) = (guest.name.clone(), guest.organisation.clone());
            (None, Attendance { walk_in_key: Some(key.clone()), name, organisation, email, ..blank(date, note) })
        }
    };
    // Noted of another date, from which the registration has moved since, it says nothing of this one.
    let last = before.as_ref().filter(|last| last.visit_date_id == date.id);
    if last.is_some_and(|last| last.telephone != note.telephone && last.said_at > note.said_at) {
        return Ok(Outcome::Overtaken);
    }
    let mut row = Attendance { id: before.as_ref().map_or(0, |before| before.id), ..blank };
    row.said_at = note.said_at.max(last.map_or(note.said_at, |last| last.said_at));
    (row.came, row.telephone) = (note.came, note.telephone.clone());
    if row.came.unwrap_or_default() == 0 && row.walk_in_key.is_some() {
        // Who was written down by mistake, or left again, is not kept by name.
        (row.came, row.name, row.organisation, row.email) = (None, String::new(), String::new(), String::new());
    }
    write(txn, &row).await?;
    Ok(Outcome::Kept)
}

/// An attendance of which nothing else is known yet.
fn blank(date: &VisitDate, note: &Note) -> Attendance {
    Attendance {
        id: 0,
        visit_date_id: date.id,
        registration_id: None,
        walk_in_key: None,
        name: String::new(),
        organisation: String::new(),
        email: String::new(),
        came: None,
        telephone: note.telephone.clone(),
        said_at: note.said_at,
    }
}

async fn walk_in(txn: &DatabaseTransaction, date: &VisitDate, key: &str) -> Result<Option<Attendance>, DbErr> {
    let own = Entity::find().filter(Column::VisitDateId.eq(date.id));
    own.filter(Column::WalkInKey.eq(key)).one(txn).await
}

async fn write(txn: &DatabaseTransaction, attendance: &Attendance) -> Result<(), DbErr> {
    let mut row = attendance.clone().into_active_model().reset_all();
    if attendance.id == 0 {
        row.id = NotSet;
        return Entity::insert(row).exec_without_returning(txn).await.map(drop);
    }
    row.update(txn).await.map(drop)
}

/// Who came to a date, as far as it is noted.
#[derive(Clone, Debug, Default)]
pub(super) struct Attendances {
    /// How many came of a registration, by its key.
    pub registered: HashMap<i64, i32>,
    /// Who walked in, the first first; each with at least one.
    pub walked_in: Vec<Attendance>,
}

impl Attendances {
    /// Whether somebody was noted as being there: without that it is not known who came.
    pub(super) fn is_known(&self) -> bool {
        self.people() > 0
    }

    /// How many came of a registration, as far as is known: all who were to come, unless they are noted as missing or
    /// others as being there.
    pub(super) fn came_of(&self, row: &Registration) -> i32 {
        match self.registered.get(&row.id) {
            Some(came) => *came,
            None if self.is_known() || row.state != Standing::Confirmed => 0,
            None => row.party_size,
        }
    }

    /// How many people came, all together.
    pub(super) fn people(&self) -> i32 {
        let walked_in: i32 = self.walked_in.iter().filter_map(|one| one.came).sum();
        self.registered.values().sum::<i32>() + walked_in
    }
}

/// Who came to a date.
///
/// # Errors
/// What the database said.
pub(super) async fn of_date(db: &impl ConnectionTrait, date: i64) -> Result<Attendances, DbErr> {
    Ok(of_dates(db, &[date]).await?.remove(&date).unwrap_or_default())
}

/// Who came to each of these dates; those of which nothing is noted are left out.
///
/// # Errors
/// What the database said.
pub(super) async fn of_dates(db: &impl ConnectionTrait, dates: &[i64]) -> Result<HashMap<i64, Attendances>, DbErr> {
    let noted = Entity::find().filter(Column::VisitDateId.is_in(dates.iter().copied()));
    let noted = noted.filter(Column::Came.is_not_null()).order_by_asc(Column::Id);
    let mut all: HashMap<i64, Attendances> = HashMap::new();
    for one in noted.all(db).await? {
        let own = all.entry(one.visit_date_id).or_default();
        match (one.registration_id, one.came) {
            (Some(key), Some(came)) => drop(own.registered.insert(key, came)),
            _ => own.walked_in.push(one),
        }
    }
    Ok(all)
}

/// How many came of a registration; nothing when nobody noted it.
///
/// # Errors
/// What the database said.
pub(super) async fn of_registration(
    db: &impl ConnectionTrait,
    registration: &Registration,
) -> Result<Option<i32>, DbErr> {
    let own = Entity::find().filter(Column::RegistrationId.eq(registration.id));
    let own = own.filter(Column::VisitDateId.eq(registration.visit_date_id)).one(db).await?;
    Ok(own.and_then(|own| own.came))
}

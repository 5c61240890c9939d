//! What publishing the timetable in work would change, for whom, and what is in its way.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use sea_orm::{ConnectionTrait, DbErr};

use super::own_day::{Change, Hall};
use super::version::{self, InForce};
use crate::accounts;
use crate::speed_meetings::day;
use crate::speed_meetings::edition::State;
use crate::speed_meetings::meeting::Meeting;
use crate::speed_meetings::plan::Plan;
use crate::speed_meetings::table;
use crate::speed_meetings::workshop::appointment::Appointment;
use crate::speed_meetings::workshop::{Board, Trouble, troubles};

/// The timetable in work beside what everybody was told.
pub(super) struct Draft {
    /// The hall.
    pub(super) hall: Hall,
    /// What everybody was told; nothing before the first version.
    pub(super) before: Option<InForce>,
    /// What they would be told.
    pub(super) wanted: Vec<Meeting>,
    /// What does not fit.
    pub(super) conflicts: Vec<Conflict>,
}

/// What does not fit in a timetable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Conflict {
    /// Nobody has an appointment, and some come.
    Empty,
    /// What the workshop says is wrong.
    Wrong(Trouble),
    /// The day has gone past it, and it would be another.
    Begun(Meeting),
}

impl Conflict {
    /// Whether it must be mended before one publishes.
    pub(super) fn is_in_the_way(&self) -> bool {
        match self {
            Self::Empty | Self::Begun(_) => true,
            Self::Wrong(trouble) => trouble.is_in_the_way(),
        }
    }

    /// « Ferme du Suc ne vient plus : 2 rendez-vous encore au planning. »
    pub(super) fn said(&self, hall: &Hall) -> String {
        let at = |meeting: &Meeting| format!("{}, {}", hall.time(meeting.slot), hall.table(meeting.table));
        let pair = |meeting: &Meeting| {
            format!("{} et {}", hall.name(meeting.canteen.participant), hall.name(meeting.supplier.participant))
        };
        match self {
            Self::Empty => "Le planning est vide\u{a0}: personne n’aurait de rendez-vous.".to_owned(),
            Self::Wrong(trouble) => trouble.sentence.clone(),
            Self::Begun(meeting) => {
                format!(
                    "{}, {}\u{a0}: cette heure a commencé, ce qui s’y passe ne change plus.",
                    at(meeting),
                    pair(meeting)
                )
            }
        }
    }
}

/// What a participant would be told.
pub(super) struct News {
    /// Which.
    pub(super) participant: i64,
    /// What is new for it.
    pub(super) changes: Vec<Change>,
}

impl Draft {
    /// The timetable in work of a plan.
    ///
    /// # Errors
    /// What the database said.
    pub(super) async fn of(
        db: &impl ConnectionTrait,
        plan: &Plan,
        zone: Tz,
        now: DateTime<Utc>,
    ) -> Result<Self, DbErr> {
        let before = version::in_force(db, plan.edition.id).await?;
        let were = before.as_ref().map(|before| before.tables.clone()).unwrap_or_default();
        let hall = Hall::of(db, plan, zone).await?.calling(&table::names(&plan.tables), &were);
        let board = Board::load(db, plan.clone(), zone).await?;
        let wanted: Vec<Meeting> = board.rows.iter().map(Appointment::meeting).collect();
        let mut conflicts = Vec::new();
        if wanted.is_empty() && hall.registered().next().is_some() {
            conflicts.push(Conflict::Empty);
        }
        conflicts.extend(troubles(&board, &board.placed()).into_iter().map(Conflict::Wrong));
        if let Some(before) = before.as_ref().filter(|_| plan.edition.state == State::Running) {
            let begun = day::now_begun(db, plan, zone, now).await?;
            conflicts.extend(rewritten(&before.meetings, &wanted, begun).into_iter().map(Conflict::Begun));
        }
        Ok(Self { hall, before, wanted, conflicts })
    }

    /// The number of the version in force, 0 before the first.
    pub(super) fn number(&self) -> i32 {
        self.before.as_ref().map_or(0, |before| before.publication.number)
    }

    /// Whether it is what everybody was told already.
    pub(super) fn is_same(&self) -> bool {
        self.before.as_ref().is_some_and(|before| {
            let (mut old, mut new) = (before.meetings.clone(), self.wanted.clone());
            old.sort_unstable();
            new.sort_unstable();
            old == new && !new.iter().any(|meeting| self.hall.is_renamed(meeting.table))
        })
    }

    /// Whether something must be mended before one publishes.
    pub(super) fn is_refused(&self) -> bool {
        self.conflicts.iter().any(Conflict::is_in_the_way)
    }

    /// Those who would be told, each with what is new.
    pub(super) fn news(&self, plan: &Plan) -> Vec<News> {
        let before = self.before.as_ref().map(|before| before.meetings.as_slice());
        news(&self.hall, before, &self.wanted, is_first(plan))
    }
}

/// What differs between two timetables in slots that have begun.
fn rewritten(before: &[Meeting], after: &[Meeting], begun: usize) -> Vec<Meeting> {
    let has_begun = |meeting: &&Meeting| usize::try_from(meeting.slot).is_ok_and(|slot| slot <= begun);
    let missing = |some: &[Meeting], all: &[Meeting]| -> Vec<Meeting> {
        some.iter().filter(has_begun).filter(|meeting| !all.contains(meeting)).copied().collect()
    };
    let mut found = missing(before, after);
    found.extend(missing(after, before));
    found
}

/// Whether nobody was told anything so far: everybody will be, those without an appointment too.
pub(super) fn is_first(plan: &Plan) -> bool {
    plan.edition.state <= State::Timetable
}

/// Those whose own day is another, or all who come when it is the first time.
pub(super) fn news(hall: &Hall, before: Option<&[Meeting]>, after: &[Meeting], is_first: bool) -> Vec<News> {
    let known = before.unwrap_or_default();
    let told = hall.registered().map(|guest| {
        let id = guest.row.id;
        News { participant: id, changes: hall.changes(id, known, after) }
    });
    told.filter(|news| is_first || before.is_none() || !news.changes.is_empty()).collect()
}

/// Whether the hours of a plan have no room for an appointment that everybody was told of.
///
/// # Errors
/// What the database said.
pub(in crate::speed_meetings) async fn loses_hours(
    db: &impl ConnectionTrait,
    plan: &Plan,
    zone: Tz,
) -> Result<bool, DbErr> {
    let held = version::in_force(db, plan.edition.id).await?.filter(|_| !is_first(plan));
    let slots = plan.day(zone).map_or(0, |day| day.slots.len());
    let is_lost = |meeting: &Meeting| usize::try_from(meeting.slot).map_or(true, |slot| slot > slots);
    Ok(held.is_some_and(|held| held.meetings.iter().any(is_lost)))
}

/// How many people each of these participants has.
///
/// # Errors
/// What the database said.
pub(super) async fn people(
    db: &impl ConnectionTrait,
    hall: &Hall,
    participants: impl Iterator<Item = i64>,
) -> Result<BTreeMap<i64, u64>, DbErr> {
    let of = |id: i64| Some((hall.guest(id)?.row.organisation_id, id));
    let organisations: BTreeMap<i64, i64> = participants.filter_map(of).collect();
    let keys: Vec<i64> = organisations.keys().copied().collect();
    let mut counts = BTreeMap::new();
    for (organisation, _) in accounts::people_of(db, &keys).await? {
        *counts.entry(organisations[&organisation]).or_default() += 1;
    }
    Ok(counts)
}

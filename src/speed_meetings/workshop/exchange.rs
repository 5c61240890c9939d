//! The timetable for programs: the day as meet/1, a timetable of it as meet-solution/1, and one that a program found, which
//! becomes the timetable in work as one change that can be undone.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};
use serde_json::Value;

use super::appointment::Appointment;
use super::board::{Board, Placed};
use super::change;
use super::edit::{Next, fits};
use super::puzzle::{Puzzle, Weights};
use crate::app::digest;
use crate::speed_meetings::meeting::Meeting;
use crate::speed_meetings::plan::Plan;
use crate::speed_meetings::publication::version;
use timetable::{self, Fault, Timetable};

/// Faults that one refusal names.
const NAMED: usize = 10;
/// As the change follows a name.
const SAID: &str = "a mis au planning celui qu’un programme a calculé";

/// Which timetable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::speed_meetings) enum Which {
    /// The one in work.
    InWork,
    /// The one that everybody was told last.
    InForce,
    /// A published version, by its number.
    Version(i32),
}

/// A day as programs read it, with a timetable of it.
#[derive(Clone, Debug)]
pub(in crate::speed_meetings) struct Sheet {
    board: Board,
    puzzle: Puzzle,
    meetings: Vec<Meeting>,
    instance: String,
}

/// What became of a timetable that a program sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::speed_meetings) enum Put {
    /// It is the timetable in work, of so many appointments; whether it was another before.
    Held { appointments: usize, is_new: bool },
    /// The timetable is not to be changed at this stage.
    Closed,
    /// Day or timetable are others than those that were read.
    Stale,
    /// It is no timetable of this day: sentences.
    Refused(String),
}

impl Sheet {
    /// Reads a day with one of its timetables; nothing when there is no such version.
    ///
    /// The day holds every pair of the timetable, with the representatives it has there. Of the timetable in work those are
    /// left out of which one would rather not meet the other, unless an organiser fixed them: no program is to hold them.
    ///
    /// # Errors
    /// What the database said.
    pub(in crate::speed_meetings) async fn load(
        db: &impl ConnectionTrait,
        plan: Plan,
        zone: Tz,
        which: Which,
    ) -> Result<Option<Self>, DbErr> {
        let edition = plan.edition.id;
        let board = Board::load(db, plan, zone).await?;
        let mut puzzle = board.puzzle(Weights::default());
        let number = match which {
            Which::InWork => {
                let meetings: Vec<Meeting> = board.rows.iter().map(Appointment::meeting).collect();
                let known: Vec<Meeting> =
                    meetings.iter().filter(|one| !board.is_avoided(one.pair())).copied().collect();
                return Ok(Some(Self::new(board, puzzle.knowing(&known), meetings)));
            }
            Which::InForce => None,
            Which::Version(number) => Some(number),
        };
        let published = version::all(db, edition).await?.into_iter();
        let Some(version) = published.into_iter().find(|one| number.is_none_or(|number| one.number == number)) else {
            return Ok(None);
        };
        let meetings = version::meetings(db, version.id).await?;
        // What is fixed now says nothing of what was published then.
        puzzle.instance.pinned.clear();
        Ok(Some(Self::new(board, puzzle.knowing(&meetings), meetings)))
    }

    fn new(board: Board, puzzle: Puzzle, meetings: Vec<Meeting>) -> Self {
        let instance = timetable::write_instance(&puzzle.instance);
        Self { board, puzzle, meetings, instance }
    }

    /// The day, meet/1.
    pub(in crate::speed_meetings) fn instance(&self) -> &str {
        &self.instance
    }

    /// Names day and timetable in work, between quotes: it is another after every change of one of them.
    pub(in crate::speed_meetings) fn tag(&self) -> String {
        let named = format!("{}\n{}", self.board.plan.edition.timetable_version, self.instance);
        format!("\"{}\"", &digest(named.as_bytes())[..32])
    }

    /// The timetable, meet-solution/1.
    ///
    /// # Errors
    /// In sentences, which rules of the day it breaks: organisers may, by hand, and people change their minds.
    pub(in crate::speed_meetings) fn solution(&self) -> Result<String, String> {
        let is_lost = |one: &&Meeting| self.puzzle.positions(std::slice::from_ref(one)).is_empty();
        let lost: Vec<String> = self.meetings.iter().filter(is_lost).map(|one| self.lost(one)).collect();
        if !lost.is_empty() {
            return Err(listed(&lost));
        }
        let day = &self.puzzle.instance;
        let timetable = Timetable::checked(day, self.puzzle.positions(&self.meetings));
        timetable.map(|found| timetable::solution(day, &found, false, &[])).map_err(|faults| self.words(&faults))
    }

    /// Why the day does not hold an appointment that the timetable has.
    fn lost(&self, meeting: &Meeting) -> String {
        let names = self.board.names(meeting.pair());
        let hour = self.board.hour(meeting.slot);
        if self.board.is_avoided(meeting.pair()) {
            return format!("{names}, à {hour}\u{a0}: l’un des deux préfère ne pas rencontrer l’autre.");
        }
        format!("{names}, à {hour}\u{a0}: l’un des deux ne vient plus, ou ce créneau n’existe plus.")
    }

    /// The timetable of a file.
    fn read(&self, text: &str) -> Result<Timetable, String> {
        let day = &self.puzzle.instance;
        let wrong = |why: &str| format!("Ce n’est pas un planning au format meet-solution/1\u{a0}: {why}.");
        let (meetings, _) = timetable::read_solution(text).map_err(|why| wrong(&why))?;
        let file: Value = serde_json::from_str(text).map_err(|error| wrong(&error.to_string()))?;
        if !matches!(file["status"].as_str(), Some("optimal" | "feasible")) {
            return Err(
                "Ce fichier ne contient pas de planning\u{a0}: son status n’est ni optimal ni feasible.".to_owned()
            );
        }
        if file["instance"] != day.name.as_str() {
            return Err(format!(
                "Ce planning n’est pas celui de cette rencontre\u{a0}: instance devrait être {}.",
                day.name
            ));
        }
        Timetable::checked(day, meetings).map_err(|faults| self.words(&faults))
    }

    /// Broken rules, in sentences.
    fn words(&self, faults: &[Fault]) -> String {
        let all: Vec<String> = faults.iter().take(NAMED + 1).map(|fault| self.sentence(fault)).collect();
        listed(&all)
    }

    fn sentence(&self, fault: &Fault) -> String {
        let day = &self.puzzle.instance;
        let both = |wish: usize| {
            let (one, other) = day.names(wish);
            format!("{one} et {other}")
        };
        let name = |participant: usize| day.participants.get(participant).map_or("?", |one| one.id.as_str());
        let hour = |slot: usize| self.board.hour(i32::try_from(slot + 1).unwrap_or(i32::MAX));
        match *fault {
            Fault::Unknown { wish, slot } => {
                format!(
                    "Le souhait {wish} ou le créneau {slot} n’existe pas ce jour-là (ils se comptent à partir de 0)."
                )
            }
            Fault::Twice { wish } => format!("{} se rencontreraient deux fois.", both(wish)),
            Fault::Impossible { wish, slot } => format!(
                "{} ne peuvent pas se rencontrer à {}\u{a0}: l’un des deux est absent, ou il n’y a pas de table.",
                both(wish),
                hour(slot)
            ),
            Fault::Past { wish, slot } => {
                format!("{} ne se sont pas rencontrés à {}\u{a0}: ce créneau est passé.", both(wish), hour(slot))
            }
            Fault::Clash { participant, slot } => {
                format!("{} aurait deux rendez-vous à {}.", name(participant), hour(slot))
            }
            Fault::TooMany { participant, held } => {
                format!("{} aurait {held}\u{a0}rendez-vous, plus qu’il n’en veut.", name(participant))
            }
            Fault::Tables { slot, held } => {
                format!("{held}\u{a0}rendez-vous à {}\u{a0}: il n’y a pas autant de tables.", hour(slot))
            }
            Fault::Seats { slot, seated } => format!(
                "{seated}\u{a0}participants garderaient leur table dans la séance de {}\u{a0}: il n’y en a pas autant.",
                hour(slot)
            ),
            Fault::NotFixed { wish, slot } => {
                format!("Le rendez-vous de {} est fixé à {}.", both(wish), hour(slot))
            }
            Fault::Order { first, second } => {
                format!("{} doivent se rencontrer avant {}.", both(first), both(second))
            }
            Fault::NotHeld { wish } => format!("{} doivent se rencontrer.", both(wish)),
            Fault::Spread { difference } => {
                format!("Les attentes des uns et des autres diffèrent de {difference}, plus que permis.")
            }
        }
    }

    /// The appointments of a timetable, pinned as now; tables stay where they can.
    fn placed(&self, timetable: &Timetable) -> Vec<Placed> {
        let pins = self.board.pins();
        let mut meetings = self.puzzle.meetings(timetable);
        let kept: Vec<Meeting> = pins.iter().chain(&self.meetings).copied().collect();
        self.puzzle.keep_tables((&kept, 0), &mut meetings);
        meetings.into_iter().map(|meeting| (meeting, pins.contains(&meeting))).collect()
    }
}

/// The first of these sentences, and how many more there are.
fn listed(all: &[String]) -> String {
    let shown = all[..all.len().min(NAMED)].join(" ");
    if all.len() > NAMED { format!("{shown} Il y a d’autres fautes.") } else { shown }
}

/// Makes a timetable that a program sent the timetable in work of a locked edition; `seen` is the tag under which the day was
/// read.
///
/// # Errors
/// What the database said.
pub(in crate::speed_meetings) async fn put(
    txn: &DatabaseTransaction,
    (plan, zone): (Plan, Tz),
    (text, seen): (&str, &str),
    by: i64,
    now: DateTime<Utc>,
) -> Result<Put, DbErr> {
    let Some(sheet) = Sheet::load(txn, plan, zone, Which::InWork).await? else { return Ok(Put::Stale) };
    let board = &sheet.board;
    if !board.is_open() {
        return Ok(Put::Closed);
    }
    let tag = sheet.tag();
    if !seen.split(',').any(|one| one.trim().trim_start_matches("W/") == tag) {
        return Ok(Put::Stale);
    }
    let wanted = match sheet.read(text) {
        Ok(timetable) => sheet.placed(&timetable),
        Err(sentence) => return Ok(Put::Refused(sentence)),
    };
    if let Some(pin) = board.pins().into_iter().find(|pin| !wanted.contains(&(*pin, true))) {
        let place = board.place(pin.slot, pin.table);
        return Ok(Put::Refused(format!("Le rendez-vous de {} est fixé à {place}.", board.names(pin.pair()))));
    }
    if let Err(sentence) = fits(board, &wanted) {
        return Ok(Put::Refused(sentence));
    }
    let next = Next::between(&board.placed(), &wanted, SAID.to_owned());
    let is_new = !next.before.is_empty() || !next.after.is_empty();
    if is_new {
        change::write_down(txn, board, &next, by, now).await?;
    }
    Ok(Put::Held { appointments: wanted.len(), is_new })
}

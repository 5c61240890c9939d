//! All that is known of a day while it happens.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeZone, Utc};
use chrono_tz::Tz;
use sea_orm::{ConnectionTrait, DbErr};

use super::delay::{self, Delay, Hour, hours};
use super::presence::{self, Away, Presence};
use crate::speed_meetings::edition::State;
use crate::speed_meetings::guest::{self, Guests};
use crate::speed_meetings::meeting::Meeting;
use crate::speed_meetings::participant::{Standing, clock};
use crate::speed_meetings::plan::Plan;
use crate::speed_meetings::publication::version::{self, Publication};
use crate::speed_meetings::slots::Day;
use crate::speed_meetings::table::{self, Names};
use crate::web::french;

/// All that is known of a day while it happens.
#[derive(Clone, Debug)]
pub(super) struct Hall {
    /// The edition with its sessions and tables.
    pub(super) plan: Plan,
    /// Where its clock is.
    pub(super) zone: Tz,
    /// Its slots as they were planned.
    pub(super) day: Day,
    /// By how much it runs late.
    pub(super) delays: Vec<Delay>,
    /// Its slots as they are held.
    pub(super) hours: Vec<Hour>,
    /// What was published last.
    pub(super) publication: Option<Publication>,
    /// Who meets whom, as it was published last.
    pub(super) meetings: Vec<Meeting>,
    /// What the tables were called then.
    pub(super) told_tables: Names,
    /// Who is or was to come, by key.
    pub(super) guests: Guests,
    /// What the desk knows of them.
    pub(super) presences: BTreeMap<i64, Presence>,
    tables: Names,
}

/// Whether the pages of the day are open: for rehearsal, and on the day.
pub(super) fn is_open(state: State) -> bool {
    matches!(state, State::Published | State::Running)
}

impl Hall {
    /// The day of a plan. One whose sessions make no day has no hours.
    ///
    /// # Errors
    /// What the database said.
    pub(super) async fn of(db: &impl ConnectionTrait, plan: Plan, zone: Tz) -> Result<Self, DbErr> {
        let key = plan.edition.id;
        let day = plan.day(zone).unwrap_or_default();
        let delays = delay::of(db, key).await?;
        let in_force = version::in_force(db, key).await?;
        let (publication, meetings, told_tables) = match in_force {
            Some(in_force) => (Some(in_force.publication), in_force.meetings, in_force.tables),
            None => (None, Vec::new(), Names::new()),
        };
        Ok(Self {
            tables: table::here_or_there(&table::names(&plan.tables), &told_tables),
            hours: hours(&day, &delays),
            presences: presence::of(db, key).await?,
            guests: guest::of(db, key).await?,
            plan,
            zone,
            day,
            delays,
            publication,
            meetings,
            told_tables,
        })
    }

    /// The day as it is planned, until it runs: what is noted before is a rehearsal, of which those who take part see nothing.
    pub(super) fn for_guests(mut self) -> Self {
        if self.plan.edition.state < State::Running {
            self.presences.clear();
            self.delays.clear();
            self.hours = hours(&self.day, &self.delays);
            self.tables = table::here_or_there(&self.told_tables, &self.tables);
        }
        self
    }

    /// What a participant is called.
    pub(super) fn name(&self, participant: i64) -> String {
        guest::name(&self.guests, participant).to_owned()
    }

    /// What a table is called.
    pub(super) fn table(&self, number: i32) -> String {
        let named = self.tables.get(&number);
        named.map_or_else(|| format!("Table {number}"), french::typographic)
    }

    /// What a table was called when the timetable was published, when it is called otherwise now.
    pub(super) fn table_before(&self, number: i32) -> Option<String> {
        let before =
            self.told_tables.get(&number).filter(|_| table::is_renamed(&self.told_tables, &self.tables, number));
        before.map(french::typographic)
    }

    /// Whether the hall has no such table any more.
    pub(super) fn is_gone(&self, table: i32) -> bool {
        !self.plan.tables.iter().any(|known| known.number == table)
    }

    /// The hour of a slot.
    pub(super) fn hour(&self, slot: i32) -> Option<&Hour> {
        self.hours.iter().find(|hour| hour.slot == slot)
    }

    /// A moment as the clock of the hall shows it: « 10 h 22 ».
    pub(super) fn time(&self, at: DateTime<Utc>) -> String {
        french::time(at.with_timezone(&self.zone).time())
    }

    /// When a slot begins, as the clock of the hall shows it.
    pub(super) fn begins(&self, slot: i32) -> String {
        self.hour(slot).map(|hour| self.time(hour.from)).unwrap_or_default()
    }

    /// The moment of so many minutes since midnight.
    pub(super) fn moment(&self, minutes: i32) -> Option<DateTime<Utc>> {
        let wall = self.plan.edition.held_on.and_time(clock(minutes));
        self.zone.from_local_datetime(&wall).earliest().map(|at| at.to_utc())
    }

    /// Whether a participant is missing, as far as one knows.
    pub(super) fn away(&self, participant: i64) -> Option<Away> {
        if self.guests.get(&participant).is_none_or(|one| one.row.state != Standing::Registered) {
            return Some(Away::AllDay);
        }
        self.presences.get(&participant).and_then(Presence::away)
    }

    /// Whether a participant is missing in a slot.
    pub(super) fn is_away(&self, participant: i64, slot: i32) -> bool {
        match self.away(participant) {
            None => false,
            Some(Away::AllDay) => true,
            Some(Away::But { comes_at, leaves_at }) => {
                let at = |minutes: Option<i32>| minutes.and_then(|minutes| self.moment(minutes));
                let (comes, leaves) = (at(comes_at), at(leaves_at));
                self.hour(slot).is_some_and(|hour| {
                    comes.is_some_and(|comes| hour.from < comes) || leaves.is_some_and(|leaves| hour.to > leaves)
                })
            }
        }
    }

    /// The meetings of a participant, in the order of the day.
    pub(super) fn meetings_of(&self, participant: i64) -> Vec<Meeting> {
        self.meetings.iter().filter(|meeting| meeting.other(participant).is_some()).copied().collect()
    }

    /// How many slots have begun.
    pub(super) fn begun(&self, now: DateTime<Utc>) -> usize {
        delay::begun(&self.hours, now)
    }

    /// By how many minutes what is to come begins later than planned, at most.
    pub(super) fn late(&self, now: DateTime<Utc>) -> i64 {
        self.hours.iter().filter(|hour| hour.to > now).map(|hour| hour.late).max().unwrap_or_default()
    }

    /// The meetings to come of which one end is missing, or the table.
    pub(super) fn broken(&self, now: DateTime<Utc>) -> Vec<Meeting> {
        let begun = self.begun(now);
        let to_come = |meeting: &&Meeting| usize::try_from(meeting.slot).is_ok_and(|slot| slot > begun);
        let missing = |meeting: &&Meeting| {
            let (canteen, supplier) = meeting.pair();
            self.is_away(canteen, meeting.slot) || self.is_away(supplier, meeting.slot) || self.is_gone(meeting.table)
        };
        self.meetings.iter().filter(to_come).filter(missing).copied().collect()
    }
}

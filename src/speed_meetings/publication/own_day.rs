//! The day of one participant, and what became of it between two versions, in words.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use sea_orm::{ConnectionTrait, DbErr};

use crate::speed_meetings::guest::{self, Guest, Guests};
use crate::speed_meetings::meeting::Meeting;
use crate::speed_meetings::participant::Standing;
use crate::speed_meetings::plan::Plan;
use crate::speed_meetings::slots::{Day, Pause, Slot, begins};
use crate::speed_meetings::table::{self, Names};
use crate::web::french;

/// An appointment as one of the two sees it. The order is that of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::speed_meetings) struct Own {
    /// Which slot of the day, from 1.
    pub(in crate::speed_meetings) slot: i32,
    /// Number of the table.
    pub(in crate::speed_meetings) table: i32,
    /// Which of one's own representatives, 1 or 2.
    pub(in crate::speed_meetings) copy: i32,
    /// Whom one meets.
    pub(in crate::speed_meetings) other: i64,
}

/// What became of an appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// It was not there.
    New(Own),
    /// It was elsewhere: before, now.
    Moved(Own, Own),
    /// It is where it was, and its table is called otherwise.
    Renamed(Own),
    /// It is no more.
    Gone(Own),
}

impl Change {
    /// The slot in which it is seen.
    fn slot(&self) -> i32 {
        match self {
            Self::New(own) | Self::Moved(_, own) | Self::Renamed(own) | Self::Gone(own) => own.slot,
        }
    }
}

/// The appointments of a participant, in the order of the day.
pub(super) fn own_day(meetings: &[Meeting], participant: i64) -> Vec<Own> {
    let own = |meeting: &Meeting| {
        let (other, _) = meeting.other(participant)?;
        let mine = [meeting.canteen, meeting.supplier].into_iter().find(|seat| seat.participant == participant)?;
        Some(Own { slot: meeting.slot, table: meeting.table, copy: mine.copy, other: other.participant })
    };
    let mut day: Vec<Own> = meetings.iter().filter_map(own).collect();
    day.sort_unstable();
    day
}

/// What became of a day, in the order of the day as it is now.
fn changes(before: &[Own], after: &[Own]) -> Vec<Change> {
    let known: BTreeMap<i64, Own> = before.iter().map(|own| (own.other, *own)).collect();
    let met: BTreeSet<i64> = after.iter().map(|own| own.other).collect();
    let mut found = Vec::new();
    for own in after {
        match known.get(&own.other) {
            None => found.push(Change::New(*own)),
            Some(was) if was != own => found.push(Change::Moved(*was, *own)),
            Some(_) => {}
        }
    }
    let gone = before.iter().filter(|own| !met.contains(&own.other));
    found.extend(gone.map(|own| Change::Gone(*own)));
    found.sort_by_key(Change::slot);
    found
}

/// The hall on the day: what appointments are called in.
pub(in crate::speed_meetings) struct Hall {
    day: Day,
    tables: Names,
    /// What they were called before.
    were: Names,
    guests: Guests,
}

impl Hall {
    /// The hall of a plan, with all who are or were to come.
    ///
    /// # Errors
    /// What the database said.
    pub(in crate::speed_meetings) async fn of(db: &impl ConnectionTrait, plan: &Plan, zone: Tz) -> Result<Self, DbErr> {
        Ok(Self {
            day: plan.day(zone).unwrap_or_default(),
            tables: table::names(&plan.tables),
            were: Names::new(),
            guests: guest::of(db, plan.edition.id).await?,
        })
    }

    /// The same with what tables are called at a time, and what they were called before.
    pub(in crate::speed_meetings) fn calling(mut self, now: &Names, before: &Names) -> Self {
        self.tables = table::here_or_there(now, &table::here_or_there(&self.tables, before));
        self.were = before.clone();
        self
    }

    /// What became of the day of a participant, in its order.
    pub(super) fn changes(&self, participant: i64, before: &[Meeting], after: &[Meeting]) -> Vec<Change> {
        let (before, after) = (own_day(before, participant), own_day(after, participant));
        let mut found = changes(&before, &after);
        let stays = after.iter().filter(|own| before.contains(own) && self.is_renamed(own.table));
        found.extend(stays.map(|own| Change::Renamed(*own)));
        found.sort_by_key(Change::slot);
        found
    }

    /// Whether a table was called otherwise before.
    pub(super) fn is_renamed(&self, table: i32) -> bool {
        table::is_renamed(&self.were, &self.tables, table)
    }

    /// A participant.
    pub(in crate::speed_meetings) fn guest(&self, participant: i64) -> Option<&Guest> {
        self.guests.get(&participant)
    }

    /// All who are or were to come, in the order of their keys.
    pub(in crate::speed_meetings) fn all(&self) -> impl Iterator<Item = &Guest> {
        self.guests.values()
    }

    /// Those who come, in the order of their keys.
    pub(in crate::speed_meetings) fn registered(&self) -> impl Iterator<Item = &Guest> {
        self.guests.values().filter(|guest| guest.row.state == Standing::Registered)
    }

    /// The name of a participant.
    pub(in crate::speed_meetings) fn name(&self, participant: i64) -> &str {
        guest::name(&self.guests, participant)
    }

    /// The slots of the day.
    pub(in crate::speed_meetings) fn slots(&self) -> &[Slot] {
        &self.day.slots
    }

    /// When a slot begins and ends; none when the day has no such slot.
    pub(in crate::speed_meetings) fn span(&self, slot: i32) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let slot = self.day.slot(slot)?;
        Some((slot.starts_at.to_utc(), slot.ends_at.to_utc()))
    }

    /// The pauses between two slots: « 12 h 10 – 13 h 30 ».
    pub(super) fn pauses(&self, from: i32, to: i32) -> Vec<String> {
        let Some((from, to)) = self.day.slot(from).zip(self.day.slot(to)) else { return Vec::new() };
        let between = |pause: &&Pause| pause.starts_at >= from.ends_at && pause.ends_at <= to.starts_at;
        let said = |pause: &Pause| {
            let [from, to] = [pause.starts_at, pause.ends_at].map(|at| french::time(at.time()));
            format!("{from} – {to}")
        };
        self.day.pauses.iter().filter(between).map(said).collect()
    }

    /// « 10 h 12 »
    pub(in crate::speed_meetings) fn time(&self, slot: i32) -> String {
        begins(&self.day, slot)
    }

    /// « 10 h 12 – 10 h 22 »
    pub(in crate::speed_meetings) fn times(&self, slot: i32) -> String {
        let ends = self.day.slot(slot).map(|slot| format!(" – {}", french::time(slot.ends_at.time())));
        format!("{}{}", self.time(slot), ends.unwrap_or_default())
    }

    /// « Table 7 »
    pub(in crate::speed_meetings) fn table(&self, number: i32) -> String {
        self.tables.get(&number).cloned().unwrap_or_else(|| format!("Table {number}"))
    }

    /// What a table was called before.
    fn table_before(&self, number: i32) -> String {
        self.were.get(&number).cloned().unwrap_or_else(|| self.table(number))
    }

    /// Who of two goes there: nothing of an organisation that sits at one table.
    pub(in crate::speed_meetings) fn which(&self, participant: i64, copy: i32) -> &'static str {
        match (self.guest(participant).is_some_and(|guest| guest.row.tables_at_once == 2), copy) {
            (false, _) => "",
            (true, 1) => "première personne",
            (true, _) => "deuxième personne",
        }
    }

    /// « nouveau : 10 h 12, Table 7, avec Ferme du Suc », as a participant reads it.
    pub(super) fn said(&self, participant: i64, change: Change) -> String {
        let who = |own: Own| match self.which(participant, own.copy) {
            "" => String::new(),
            which => format!(" ({which})"),
        };
        match change {
            Change::New(own) => {
                let (time, table, name) = (self.time(own.slot), self.table(own.table), self.name(own.other));
                format!("nouveau\u{a0}: {time}, {table}, avec {name}{}", who(own))
            }
            Change::Gone(own) => format!("annulé\u{a0}: {}, avec {}", self.time(own.slot), self.name(own.other)),
            Change::Moved(was, own) if was.slot != own.slot => {
                let (from, to) = (self.time(was.slot), self.time(own.slot));
                let (table, name) = (self.table(own.table), self.name(own.other));
                format!("déplacé de {from} à {to}\u{a0}: {table}, avec {name}{}", who(own))
            }
            Change::Moved(was, own) if was.table != own.table => {
                let (from, to) = (self.table_before(was.table), self.table(own.table));
                let (time, name) = (self.time(own.slot), self.name(own.other));
                format!("autre table à {time}\u{a0}: {to} au lieu de {from}, avec {name}{}", who(own))
            }
            Change::Renamed(own) => {
                let (from, to) = (self.table_before(own.table), self.table(own.table));
                let (time, name) = (self.time(own.slot), self.name(own.other));
                format!("autre nom de table à {time}\u{a0}: {to} au lieu de {from}, avec {name}{}", who(own))
            }
            Change::Moved(_, own) => {
                let (time, name) = (self.time(own.slot), self.name(own.other));
                format!("autre personne de votre équipe à {time}\u{a0}: avec {name}{}", who(own))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(slot: i32, table: i32, other: i64) -> Own {
        Own { slot, table, copy: 1, other }
    }

    #[test]
    fn a_day_is_told_by_whom_one_meets() {
        let before = [own(1, 1, 10), own(2, 2, 11), own(3, 3, 12)];
        let after = [own(1, 1, 10), own(2, 4, 13), own(4, 2, 11)];
        let expected = [Change::New(after[1]), Change::Gone(before[2]), Change::Moved(before[1], after[2])];
        assert_eq!(changes(&before, &after), expected);
        assert!(changes(&before, &before).is_empty());
    }
}

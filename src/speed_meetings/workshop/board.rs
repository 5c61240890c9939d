//! All that a decision on the timetable in work looks at: the day, who comes when, who wishes whom, what is planned.

use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::Tz;
use sea_orm::{ConnectionTrait, DbErr};

use super::appointment::{self, Appointment};
use super::puzzle::{Puzzle, Weights, Wished, available};
use crate::speed_meetings::edition::{Side, State};
use crate::speed_meetings::guest::{self, Guest, Guests};
use crate::speed_meetings::meeting::{Meeting, Seat};
use crate::speed_meetings::participant::Standing;
use crate::speed_meetings::plan::Plan;
use crate::speed_meetings::slots::{Day, begins};
use crate::speed_meetings::wishes;

/// An appointment with whether it is pinned.
pub(in crate::speed_meetings) type Placed = (Meeting, bool);

/// The timetable in work with all that it depends on.
#[derive(Clone, Debug)]
pub(in crate::speed_meetings) struct Board {
    /// The edition with its sessions and tables.
    pub(super) plan: Plan,
    /// Its slots; none where its sessions make no day.
    pub(super) day: Day,
    /// Who comes or was to come, by key.
    pub(super) guests: Guests,
    /// Whom those who come would meet, and whom rather not.
    pub(super) wishes: Vec<Wished>,
    /// The timetable, in the order of the day.
    pub(in crate::speed_meetings) rows: Vec<Appointment>,
    /// The slots in which each is in the room, from 0.
    there: BTreeMap<i64, BTreeSet<usize>>,
    zone: Tz,
}

impl Board {
    /// Reads everything.
    ///
    /// # Errors
    /// What the database said.
    pub(in crate::speed_meetings) async fn load(
        db: &impl ConnectionTrait,
        plan: Plan,
        zone: Tz,
    ) -> Result<Self, DbErr> {
        let edition = plan.edition.id;
        let guests = guest::of(db, edition).await?;
        let as_said = |wish: wishes::Wish| Wished { from: wish.participant_id, to: wish.wished_id, rank: wish.rank };
        let wishes = wishes::of_edition(db, edition).await?.into_iter().map(as_said).collect();
        let rows = appointment::of(db, edition).await?;
        Ok(Self::new(plan, zone, guests.into_values().collect(), wishes, rows))
    }

    /// Puts together what was read.
    pub(super) fn new(plan: Plan, zone: Tz, guests: Vec<Guest>, wishes: Vec<Wished>, rows: Vec<Appointment>) -> Self {
        let day = plan.day(zone).unwrap_or_default();
        let there = guests.iter().map(|one| (one.row.id, available(&one.row, &day, plan.edition.held_on, zone)));
        let there = there.collect();
        let guests = guests.into_iter().map(|guest| (guest.row.id, guest)).collect();
        Self { plan, day, guests, wishes, rows, there, zone }
    }

    /// Whether organisers may change the timetable now.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.plan.edition.state, State::Timetable | State::Published | State::Running)
    }

    /// The timetable as it is.
    pub(in crate::speed_meetings) fn placed(&self) -> Vec<Placed> {
        self.rows.iter().map(|row| (row.meeting(), row.is_pinned)).collect()
    }

    /// Who comes.
    pub(super) fn comers(&self) -> Vec<Guest> {
        self.guests.values().filter(|guest| guest.row.state == Standing::Registered).cloned().collect()
    }

    /// Whether somebody comes.
    pub(super) fn comes(&self, participant: i64) -> bool {
        self.guests.get(&participant).is_some_and(|guest| guest.row.state == Standing::Registered)
    }

    /// Whether somebody is in the room in a slot, counted from 1.
    pub(super) fn is_there(&self, participant: i64, slot: i32) -> bool {
        let slot = usize::try_from(slot).ok().and_then(|slot| slot.checked_sub(1));
        slot.is_some_and(|slot| self.there.get(&participant).is_some_and(|there| there.contains(&slot)))
    }

    /// How many slots somebody is in the room.
    pub(super) fn presence(&self, participant: i64) -> usize {
        self.there.get(&participant).map_or(0, BTreeSet::len)
    }

    /// What somebody is called.
    pub(super) fn name(&self, participant: i64) -> &str {
        self.guests.get(&participant).map_or("?", |guest| guest.name.as_str())
    }

    /// « Collège des Hauts et Ferme du Lac »
    pub(super) fn names(&self, (canteen, supplier): (i64, i64)) -> String {
        format!("{} et {}", self.name(canteen), self.name(supplier))
    }

    /// When a slot begins: « 9 h 30 ».
    pub(super) fn hour(&self, slot: i32) -> String {
        begins(&self.day, slot)
    }

    /// « table 3 », « Estrade »
    pub(super) fn table(&self, number: i32) -> String {
        let named = self.plan.tables.iter().find(|table| table.number == number).map(|table| table.name.as_str());
        match named {
            Some(name) if name != format!("Table {number}") => name.to_owned(),
            _ => format!("table {number}"),
        }
    }

    /// « 9 h 30, table 3 »
    pub(super) fn place(&self, slot: i32, table: i32) -> String {
        format!("{}, {}", self.hour(slot), self.table(table))
    }

    /// Slots of the day.
    pub(super) fn slots(&self) -> i32 {
        i32::try_from(self.day.slots.len()).unwrap_or(i32::MAX)
    }

    /// Slots in sessions: those between two pauses, as [`Puzzle`] sees them.
    pub(super) fn session_of(&self, slot: i32) -> usize {
        let slot = usize::try_from(slot - 1).unwrap_or_default();
        let ends = |place: &usize| {
            let (one, next) = (&self.day.slots[*place], &self.day.slots[*place + 1]);
            one.session != next.session && self.day.pauses.iter().any(|pause| pause.starts_at == one.ends_at)
        };
        (0..slot.min(self.day.slots.len().saturating_sub(1))).filter(ends).count()
    }

    /// What a participant ranks another: from 1; nothing when it did not ask.
    pub(super) fn rank(&self, from: i64, to: i64) -> Option<i32> {
        self.wishes.iter().find(|wish| (wish.from, wish.to) == (from, to)).and_then(|wish| wish.rank)
    }

    /// Whether one of a pair would rather not meet the other.
    pub(super) fn is_avoided(&self, (canteen, supplier): (i64, i64)) -> bool {
        let both = [(canteen, supplier), (supplier, canteen)];
        self.wishes.iter().any(|wish| wish.rank.is_none() && both.contains(&(wish.from, wish.to)))
    }

    /// Pairs of those who come of which at least one asked and neither refuses.
    pub(super) fn wished(&self) -> BTreeSet<(i64, i64)> {
        let key = |wish: &Wished| match self.guests.get(&wish.from)?.row.side {
            Side::Canteen => Some((wish.from, wish.to)),
            Side::Supplier => Some((wish.to, wish.from)),
        };
        let avoided: BTreeSet<_> = self.wishes.iter().filter(|wish| wish.rank.is_none()).filter_map(key).collect();
        self.wishes.iter().filter_map(key).filter(|pair| !avoided.contains(pair)).collect()
    }

    /// How many appointments somebody was promised, as far as it wants and is there.
    pub(super) fn promised(&self, participant: i64) -> usize {
        let Some(guest) = self.guests.get(&participant).filter(|_| self.comes(participant)) else { return 0 };
        let row = &guest.row;
        let promised = row.minimum_wished.unwrap_or(i32::MAX).min(self.plan.edition.minimum_appointments);
        let promised = promised.min(row.maximum_wished.unwrap_or(i32::MAX));
        usize::try_from(promised).unwrap_or_default().min(self.presence(participant))
    }

    /// Pinned appointments of those who come, within the day: what every search keeps.
    pub(super) fn pins(&self) -> Vec<Meeting> {
        let pinned = self.rows.iter().filter(|row| row.is_pinned).map(Appointment::meeting);
        let stands = |meeting: &Meeting| {
            [meeting.canteen, meeting.supplier].iter().all(|seat| self.has(*seat)) && meeting.slot <= self.slots()
        };
        pinned.filter(stands).collect()
    }

    /// Whether somebody comes with this representative.
    pub(super) fn has(&self, seat: Seat) -> bool {
        let guest = self.guests.get(&seat.participant);
        self.comes(seat.participant) && guest.is_some_and(|guest| seat.copy <= guest.row.tables_at_once.clamp(1, 2))
    }

    /// The day as the solver asks for it.
    pub(super) fn puzzle(&self, weights: Weights) -> Puzzle {
        Puzzle::new(&self.plan, (&self.day, self.zone), &self.comers(), &self.wishes, weights, &self.pins())
    }

    /// The appointment of a key.
    pub(super) fn row(&self, id: i64) -> Option<&Appointment> {
        self.rows.iter().find(|row| row.id == id)
    }
}

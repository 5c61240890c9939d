//! What organisers do to the timetable in work by hand: what it becomes, or why not. Pure.

use std::collections::{BTreeMap, BTreeSet};

use super::appointment::Appointment;
use super::board::{Board, Placed};
use crate::speed_meetings::edition::Side;
use crate::speed_meetings::meeting::{Meeting, Seat};

/// An appointment as somebody saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    /// Its key.
    pub(super) id: i64,
    /// Its version.
    pub(super) version: i64,
}

/// A change by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edit {
    /// To another slot or table.
    Move { what: Seen, slot: i32, table: i32 },
    /// Two appointments change places.
    Swap { what: Seen, with: Seen },
    /// Out of the timetable.
    Remove(Seen),
    /// Searches leave it where it is, or no longer do.
    Pin { what: Seen, is_pinned: bool },
    /// A pair that does not meet yet.
    Add { canteen: i64, supplier: i64, slot: i32, table: i32 },
    /// All appointments of one participant out of the timetable.
    Clear(i64),
}

/// A change, worked out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Next {
    /// Appointments as they are, which it touches.
    pub(super) before: Vec<Placed>,
    /// What becomes of them.
    pub(super) after: Vec<Placed>,
    /// As it follows a name: « a déplacé… ».
    pub(super) said: String,
}

/// Why a change is not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The timetable is not to be changed now.
    Closed,
    /// Somebody else changed what it is about.
    Meanwhile(Vec<(i64, i64)>),
    /// It does not fit: a sentence.
    Impossible(String),
}

impl Next {
    /// The difference between two timetables.
    pub(super) fn between(before: &[Placed], after: &[Placed], said: String) -> Self {
        let (old, new): (BTreeSet<_>, BTreeSet<_>) = (before.iter().collect(), after.iter().collect());
        let only =
            |these: &BTreeSet<&Placed>, those: &BTreeSet<&Placed>| these.difference(those).map(|one| **one).collect();
        Self { before: only(&old, &new), after: only(&new, &old), said }
    }

    /// The timetable after it.
    pub(super) fn applied(&self, placed: &[Placed]) -> Vec<Placed> {
        let stays = |one: &&Placed| !self.before.contains(one);
        placed.iter().filter(stays).chain(&self.after).copied().collect()
    }

    /// The pairs it touches.
    pub(super) fn pairs(&self) -> BTreeSet<(i64, i64)> {
        self.before.iter().chain(&self.after).map(|(meeting, _)| meeting.pair()).collect()
    }
}

/// Works a change out; nothing when all is so already.
pub(super) fn work_out(board: &Board, edit: Edit) -> Result<Option<Next>, Refusal> {
    if !board.is_open() {
        return Err(Refusal::Closed);
    }
    let next = match edit {
        Edit::Move { what, slot, table } => moved(board, what, slot, table)?,
        Edit::Swap { what, with } => swapped(board, what, with)?,
        Edit::Remove(what) => removed(board, what)?,
        Edit::Pin { what, is_pinned } => pinned(board, what, is_pinned)?,
        Edit::Add { canteen, supplier, slot, table } => Some(added(board, (canteen, supplier), slot, table)?),
        Edit::Clear(participant) => cleared(board, participant),
    };
    if let Some(next) = &next {
        fits(board, &next.applied(&board.placed())).map_err(Refusal::Impossible)?;
    }
    Ok(next)
}

/// The appointment as it was seen.
fn seen(board: &Board, what: Seen) -> Result<&Appointment, Refusal> {
    let row = board.row(what.id).ok_or(Refusal::Meanwhile(Vec::new()))?;
    if row.version == what.version { Ok(row) } else { Err(Refusal::Meanwhile(vec![row.meeting().pair()])) }
}

fn moved(board: &Board, what: Seen, slot: i32, table: i32) -> Result<Option<Next>, Refusal> {
    let now = board.row(what.id).map(|row| (row.slot, row.table_number));
    if now == Some((slot, table)) {
        return Ok(None);
    }
    let row = seen(board, what)?;
    is_in_the_hall(board, slot, table)?;
    let (old, is_pinned) = (row.meeting(), row.is_pinned);
    let others: Vec<Placed> = board.placed().into_iter().filter(|one| one.0 != old).collect();
    let seat = |seat| free_seat(board, &others, seat, slot).unwrap_or(seat);
    let new = Meeting { slot, table, canteen: seat(old.canteen), supplier: seat(old.supplier) };
    let (from, to) = (board.place(old.slot, old.table), board.place(slot, table));
    let said = format!("a déplacé le rendez-vous de {}\u{a0}: {to} au lieu de {from}", board.names(old.pair()));
    Ok(Some(Next { before: vec![(old, is_pinned)], after: vec![(new, is_pinned)], said }))
}

fn swapped(board: &Board, what: Seen, with: Seen) -> Result<Option<Next>, Refusal> {
    let (one, other) = (seen(board, what)?, seen(board, with)?);
    if one.id == other.id {
        return Ok(None);
    }
    let (a, b) = (one.meeting(), other.meeting());
    let before = vec![(a, one.is_pinned), (b, other.is_pinned)];
    let at = |meeting: Meeting, place: Meeting| Meeting { slot: place.slot, table: place.table, ..meeting };
    let after = vec![(at(a, b), one.is_pinned), (at(b, a), other.is_pinned)];
    let said = format!(
        "a échangé les rendez-vous de {} ({}) et de {} ({})",
        board.names(a.pair()),
        board.place(a.slot, a.table),
        board.names(b.pair()),
        board.place(b.slot, b.table)
    );
    Ok(Some(Next { before, after, said }))
}

fn removed(board: &Board, what: Seen) -> Result<Option<Next>, Refusal> {
    if board.row(what.id).is_none() {
        return Ok(None);
    }
    let row = seen(board, what)?;
    let meeting = row.meeting();
    let place = board.place(meeting.slot, meeting.table);
    let said = format!("a retiré le rendez-vous de {} ({place})", board.names(meeting.pair()));
    Ok(Some(Next { before: vec![(meeting, row.is_pinned)], after: Vec::new(), said }))
}

fn pinned(board: &Board, what: Seen, is_pinned: bool) -> Result<Option<Next>, Refusal> {
    if board.row(what.id).is_some_and(|row| row.is_pinned == is_pinned) {
        return Ok(None);
    }
    let row = seen(board, what)?;
    let meeting = row.meeting();
    let what = if is_pinned { "a fixé" } else { "ne fixe plus" };
    let place = board.place(meeting.slot, meeting.table);
    let said = format!("{what} le rendez-vous de {} ({place})", board.names(meeting.pair()));
    Ok(Some(Next { before: vec![(meeting, row.is_pinned)], after: vec![(meeting, is_pinned)], said }))
}

fn added(board: &Board, (canteen, supplier): (i64, i64), slot: i32, table: i32) -> Result<Next, Refusal> {
    let is_on =
        |id: i64, side: Side| board.comes(id) && board.guests.get(&id).is_some_and(|guest| guest.row.side == side);
    if !is_on(canteen, Side::Canteen) || !is_on(supplier, Side::Supplier) {
        return Err(Refusal::Impossible("L’un des deux ne vient pas à cette rencontre.".to_owned()));
    }
    if board.rows.iter().any(|row| row.meeting().pair() == (canteen, supplier)) {
        return Err(Refusal::Meanwhile(vec![(canteen, supplier)]));
    }
    is_in_the_hall(board, slot, table)?;
    let placed = board.placed();
    let seat = |participant| {
        let first = Seat { participant, copy: 1 };
        free_seat(board, &placed, first, slot).unwrap_or(first)
    };
    let meeting = Meeting { slot, table, canteen: seat(canteen), supplier: seat(supplier) };
    let said =
        format!("a ajouté un rendez-vous de {} ({})", board.names((canteen, supplier)), board.place(slot, table));
    Ok(Next { before: Vec::new(), after: vec![(meeting, false)], said })
}

fn cleared(board: &Board, participant: i64) -> Option<Next> {
    let own = |row: &&Appointment| row.meeting().other(participant).is_some();
    let before: Vec<Placed> = board.rows.iter().filter(own).map(|row| (row.meeting(), row.is_pinned)).collect();
    let said = format!("a retiré {}\u{a0}rendez-vous, tous ceux de {}", before.len(), board.name(participant));
    (!before.is_empty()).then_some(Next { before, after: Vec::new(), said })
}

fn is_in_the_hall(board: &Board, slot: i32, table: i32) -> Result<(), Refusal> {
    let is_slot = (1..=board.slots()).contains(&slot);
    if is_slot && board.plan.tables.iter().any(|one| one.number == table) {
        return Ok(());
    }
    Err(Refusal::Impossible("Ce créneau ou cette table n’existe pas.".to_owned()))
}

/// The same representative, or the other one, who is free in a slot.
pub(super) fn free_seat(board: &Board, placed: &[Placed], seat: Seat, slot: i32) -> Option<Seat> {
    let is_busy = |one: &Seat| {
        placed.iter().any(|(meeting, _)| meeting.slot == slot && [meeting.canteen, meeting.supplier].contains(one))
    };
    let other = Seat { copy: 3 - seat.copy, ..seat };
    [seat, other].into_iter().find(|one| board.has(*one) && !is_busy(one))
}

/// Whether everybody is at one place at a time, every table has one appointment, and every pair meets once.
pub(super) fn fits(board: &Board, placed: &[Placed]) -> Result<(), String> {
    let (mut pairs, mut seats, mut tables) = (BTreeSet::new(), BTreeMap::new(), BTreeMap::new());
    for (meeting, _) in placed {
        let hour = board.hour(meeting.slot);
        if !pairs.insert(meeting.pair()) {
            return Err(format!("{} se rencontrent déjà.", board.names(meeting.pair())));
        }
        for seat in [meeting.canteen, meeting.supplier] {
            if let Some(other) = seats.insert((meeting.slot, seat), meeting.pair()) {
                let name = board.name(seat.participant);
                let whom = [other, meeting.pair()].map(|pair| board.names(pair));
                return Err(format!("{name} aurait deux rendez-vous à {hour}\u{a0}: {} et {}.", whom[0], whom[1]));
            }
        }
        if let Some(other) = tables.insert((meeting.slot, meeting.table), meeting.pair()) {
            let (table, whom) = (board.table(meeting.table), [other, meeting.pair()].map(|pair| board.names(pair)));
            return Err(format!("Deux rendez-vous à {hour}, {table}\u{a0}: {} et {}.", whom[0], whom[1]));
        }
    }
    Ok(())
}

/// Where an appointment of these two could be held, one place a slot: slots in which both are free and in the room, each
/// with the free table nearest to the wanted one. Who keeps her table is offered that one.
pub(super) fn places(
    board: &Board,
    others: &[Placed],
    (canteen, supplier): (Seat, Seat),
    near: i32,
) -> Vec<(i32, i32)> {
    let is_free = |slot: i32, seat: Seat| {
        board.is_there(seat.participant, slot) && free_seat(board, others, seat, slot).is_some()
    };
    let mut found = Vec::new();
    for slot in (1..=board.slots()).filter(|slot| is_free(*slot, canteen) && is_free(*slot, supplier)) {
        let own = board.plan.edition.seated.and_then(|side| {
            let seat = if side == Side::Canteen { canteen } else { supplier };
            let session = board.session_of(slot);
            let here = |(meeting, _): &&Placed| board.session_of(meeting.slot) == session && meeting.on(side) == seat;
            others.iter().find(here).map(|(meeting, _)| meeting.table)
        });
        let free = free_tables(board, others, slot);
        let best = match own {
            Some(own) => free.into_iter().find(|table| *table == own),
            None => free.into_iter().min_by_key(|table| (table.abs_diff(near), *table)),
        };
        found.extend(best.map(|table| (slot, table)));
    }
    found
}

/// The tables that nobody has in a slot; where one side keeps its table, those that nobody keeps in the session.
pub(super) fn free_tables(board: &Board, others: &[Placed], slot: i32) -> Vec<i32> {
    let session = board.session_of(slot);
    let is_taken = |table: i32| others.iter().any(|(meeting, _)| meeting.slot == slot && meeting.table == table);
    let is_kept = |table: i32| {
        board.plan.edition.seated.is_some()
            && others.iter().any(|(meeting, _)| board.session_of(meeting.slot) == session && meeting.table == table)
    };
    let numbers: Vec<i32> = board.plan.tables.iter().map(|table| table.number).filter(|one| !is_taken(*one)).collect();
    let (kept, free): (Vec<i32>, Vec<i32>) = numbers.into_iter().partition(|table| is_kept(*table));
    free.into_iter().chain(kept).collect()
}

//! All that is offered and looked for at one date, in memory: what may become of it is decided here, by [`Board::apply`],
//! without database, clock or web. `decide` calls it with the date locked: of two who would have the last seat of a car,
//! the second reads that it is taken.
//!
//! Whoever is left without an answer, or without the seat she had, by what another did, is told; so is who looks for a seat
//! when there is one for her that was not there before. Nobody is told of what she did herself, except with whom she goes.

use chrono::{DateTime, Utc};

use super::entry::{Entry, Side};
use super::pair::{Pair, Stage};
use super::refusal::Refusal;

/// Questions of one person that wait for an answer.
pub(super) const MOST: usize = 5;

/// What is offered, looked for, asked and agreed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Board {
    pub(super) entries: Vec<Entry>,
    pub(super) pairs: Vec<Pair>,
}

/// What somebody does. Registrations and pairs are named by their keys.
#[derive(Clone, Debug)]
pub(super) enum Act {
    /// Offers or looks for seats, or changes what she wrote: key, version and taken seats of it do not count.
    Put(Entry),
    /// Does not any more.
    Withdraw(i64),
    /// Asks whether they go together, by what she has seen of the other ([`Entry::mark`]).
    Ask { by: i64, with: i64, seen: String },
    /// Would, by what she has seen of the other; without that, would not.
    Answer { by: i64, pair: i64, seen: Option<String> },
    /// They had agreed and do not go together.
    Part { by: i64, pair: i64 },
    /// So many come of a registration.
    Resize(i64, i32),
    /// The visit is at another time or place.
    Move,
    /// The visit does not take place.
    CallOff,
}

/// What somebody is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum News {
    /// Somebody asks.
    Asked,
    /// They go together: with whom.
    Agreed,
    /// Whom she asked would not.
    Declined,
    /// Whom she had agreed with does not go with her.
    Parted,
    /// Whom she had asked, or who had asked her, is not to be had any more.
    Gone,
    /// Whom she goes with leaves at another hour or place, or with more or fewer.
    Changed,
    /// The visit is at another time or place: they agree again.
    Moved,
    /// A car that could take her along is offered only now.
    Found,
}

/// A mail: to whom, about whom she goes or might have gone with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) to: Entry,
    pub(super) other: Option<Entry>,
    pub(super) news: News,
}

/// Whether two go well together.
pub(super) type Suits<'a> = &'a (dyn Fn(&Entry, &Entry) -> bool + Sync);

impl Board {
    /// Does one thing and brings what follows from it to its end. What is refused changes nothing. New rows have the key 0.
    ///
    /// # Errors
    /// Why it is refused.
    pub(super) fn apply(&mut self, act: Act, suits: Suits<'_>, now: DateTime<Utc>) -> Result<Vec<Told>, Refusal> {
        let (before, mut told) = (self.clone(), Vec::new());
        match act {
            Act::Put(new) => self.put(new, &mut told)?,
            Act::Withdraw(registration) => self.withdraw(registration, &mut told),
            Act::Ask { by, with, seen } => self.ask((by, with, &seen), suits, now, &mut told)?,
            Act::Answer { by, pair, seen } => self.answer((by, pair), seen.as_deref(), &mut told)?,
            Act::Part { by, pair } => self.part((by, pair), &mut told)?,
            Act::Resize(registration, people) => self.resize(registration, people, &mut told),
            Act::Move => self.moved(&mut told),
            Act::CallOff => *self = Self::default(),
        }
        self.announce(&before, suits, &mut told);
        Ok(told)
    }

    /// What a registration offers or looks for.
    pub(super) fn of(&self, registration: i64) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.registration_id == registration)
    }

    /// One by its key.
    pub(super) fn entry(&self, key: i64) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == key)
    }

    fn entry_mut(&mut self, key: i64) -> Option<&mut Entry> {
        self.entries.iter_mut().find(|entry| entry.id == key)
    }

    /// Those with whom one goes.
    pub(super) fn companions(&self, key: i64) -> Vec<i64> {
        let agreed = self.pairs.iter().filter(|pair| pair.state == Stage::Agreed && pair.is_of(key));
        agreed.map(|pair| pair.other(key)).collect()
    }

    /// Whether who looks for a seat has one.
    pub(super) fn is_seated(&self, key: i64) -> bool {
        self.pairs.iter().any(|pair| pair.state == Stage::Agreed && pair.request_id == key)
    }

    /// Whether a car has seats enough for somebody who looks for some, whichever of both is the car.
    pub(super) fn may_go(&self, one: &Entry, other: &Entry) -> bool {
        let (car, guest) = if one.side == Side::Offer { (one, other) } else { (other, one) };
        car.free() >= guest.seats && !self.is_seated(guest.id)
    }

    fn tell(&mut self, to: i64, other: Option<Entry>, news: News, told: &mut Vec<Told>) {
        if let Some(entry) = self.entry_mut(to) {
            entry.version += 1;
            told.push(Told { to: entry.clone(), other, news });
        }
    }

    fn put(&mut self, new: Entry, told: &mut Vec<Told>) -> Result<(), Refusal> {
        let Some(known) = self.of(new.registration_id).cloned() else {
            self.entries.push(Entry { id: 0, seats_taken: 0, version: 1, ..new });
            return Ok(());
        };
        let companions = self.companions(known.id);
        let more = new.seats - known.seats;
        if new.side != known.side {
            if !companions.is_empty() {
                return Err(Refusal::Agreed);
            }
            self.close(&known, told);
            self.pairs.retain(|pair| !pair.is_of(known.id));
        } else if known.side == Side::Offer && new.seats < known.seats_taken {
            return Err(Refusal::Given(known.seats_taken));
        } else if known.side == Side::Request {
            self.take(&companions, more)?;
        }
        let after = Entry { id: known.id, seats_taken: known.seats_taken, version: known.version + 1, ..new };
        if let Some(entry) = self.entry_mut(known.id) {
            *entry = after.clone();
        }
        let is_other = |entry: &Entry| (entry.insee_code.clone(), entry.leaves_at, entry.is_return);
        let is_changed = is_other(&after) != is_other(&known) || after.side == Side::Request && more != 0;
        if is_changed {
            for companion in &companions {
                self.tell(*companion, Some(after.clone()), News::Changed, told);
            }
        }
        for car in [known.id].iter().chain(&companions) {
            self.tidy(*car, told);
        }
        Ok(())
    }

    /// Tells who looks for a seat, as before, that a car has one for her now that it had not: it is new, leaves at another
    /// hour, or somebody stepped out.
    fn announce(&mut self, before: &Self, suits: Suits<'_>, told: &mut Vec<Told>) {
        let had = |car: &Entry, guest: &Entry| {
            let known = before.of(car.registration_id).filter(|known| known.side == Side::Offer);
            known.is_some_and(|known| before.may_go(known, guest) && suits(known, guest))
        };
        let mut found = Vec::new();
        for guest in self.entries.iter().filter(|one| one.side == Side::Request && before.is_looking(one)) {
            let asked = |car: &Entry| self.pairs.iter().any(|pair| pair.is_of(guest.id) && pair.is_of(car.id));
            let fits = |car: &&Entry| car.side == Side::Offer && self.may_go(car, guest) && suits(car, guest);
            let cars = self.entries.iter().filter(fits).filter(|car| !asked(car) && !had(car, guest));
            found.extend(cars.map(|car| (guest.id, car.clone())));
        }
        for (guest, car) in found {
            self.tell(guest, Some(car), News::Found, told);
        }
    }

    /// Whether the same was looked for here, by somebody who had no seat.
    fn is_looking(&self, one: &Entry) -> bool {
        let known = self.entry(one.id).filter(|known| known.side == one.side && known.mark() == one.mark());
        known.is_some_and(|known| !self.is_seated(known.id))
    }

    /// Takes so many seats more of the cars, or fewer.
    fn take(&mut self, cars: &[i64], more: i32) -> Result<(), Refusal> {
        if cars.iter().filter_map(|car| self.entry(*car)).any(|car| car.free() < more) {
            return Err(Refusal::Full);
        }
        for car in cars {
            if let Some(car) = self.entry_mut(*car) {
                car.seats_taken += more;
                car.version += 1;
            }
        }
        Ok(())
    }

    fn withdraw(&mut self, registration: i64, told: &mut Vec<Told>) {
        let Some(gone) = self.of(registration).cloned() else { return };
        let companions = self.companions(gone.id);
        for companion in companions {
            if let Some(car) = self.entry_mut(companion).filter(|entry| entry.side == Side::Offer) {
                car.seats_taken -= gone.seats;
            }
            self.tell(companion, Some(gone.clone()), News::Parted, told);
        }
        self.close(&gone, told);
        self.pairs.retain(|pair| !pair.is_of(gone.id));
        self.entries.retain(|entry| entry.id != gone.id);
    }

    /// Ends the questions about one that wait for an answer.
    fn close(&mut self, gone: &Entry, told: &mut Vec<Told>) {
        let open = |pair: &Pair| pair.state == Stage::Asked && pair.is_of(gone.id);
        let others: Vec<i64> = self.pairs.iter().filter(|pair| open(pair)).map(|pair| pair.other(gone.id)).collect();
        self.pairs.retain(|pair| !open(pair));
        for other in others {
            self.tell(other, Some(gone.clone()), News::Gone, told);
        }
    }

    /// Ends the questions about a car that has not enough seats left for them.
    fn tidy(&mut self, key: i64, told: &mut Vec<Told>) {
        let questions: Vec<Pair> =
            self.pairs.iter().filter(|pair| pair.state == Stage::Asked && pair.is_of(key)).cloned().collect();
        for pair in questions {
            let (Some(car), Some(guest)) = (self.entry(pair.offer_id), self.entry(pair.request_id)) else { continue };
            if car.free() >= guest.seats {
                continue;
            }
            let (other, about) = if key == car.id { (guest.id, car.clone()) } else { (car.id, guest.clone()) };
            self.pairs.retain(|known| (known.offer_id, known.request_id) != (pair.offer_id, pair.request_id));
            self.tell(other, Some(about), News::Gone, told);
        }
    }

    fn ask(
        &mut self,
        (by, with, seen): (i64, i64, &str),
        suits: Suits<'_>,
        now: DateTime<Utc>,
        told: &mut Vec<Told>,
    ) -> Result<(), Refusal> {
        let me = self.of(by).cloned().ok_or(Refusal::Nothing)?;
        let other = self.entry(with).cloned().filter(|other| other.side != me.side).ok_or(Refusal::Over)?;
        let (car, guest) = if me.side == Side::Offer { (&me, &other) } else { (&other, &me) };
        let known = self.pairs.iter().position(|pair| (pair.offer_id, pair.request_id) == (car.id, guest.id));
        match known.map(|at| (self.pairs[at].state, self.pairs[at].asked_by == me.side, self.pairs[at].id)) {
            Some((Stage::Agreed, ..) | (Stage::Asked, true, _)) => return Ok(()),
            Some((Stage::Asked, false, pair)) => return self.answer((by, pair), Some(seen), told),
            Some((Stage::Declined, true, _)) => return Err(Refusal::Declined),
            Some((Stage::Declined, false, _)) | None => {}
        }
        if other.mark() != seen {
            return Err(Refusal::Changed);
        }
        let mine = |pair: &&Pair| pair.state == Stage::Asked && pair.is_of(me.id) && pair.asked_by == me.side;
        if self.is_seated(guest.id) {
            return Err(Refusal::Seated);
        }
        if car.free() < guest.seats {
            return Err(Refusal::Full);
        }
        if !suits(car, guest) {
            return Err(Refusal::Hours);
        }
        if self.pairs.iter().filter(mine).count() >= MOST {
            return Err(Refusal::TooMany);
        }
        let id = known.map_or(0, |at| self.pairs.remove(at).id);
        let (offer_id, request_id) = (car.id, guest.id);
        self.pairs.push(Pair { id, offer_id, request_id, asked_by: me.side, state: Stage::Asked, asked_at: now });
        self.tell(other.id, Some(me), News::Asked, told);
        Ok(())
    }

    fn answer(&mut self, (by, key): (i64, i64), seen: Option<&str>, told: &mut Vec<Told>) -> Result<(), Refusal> {
        let me = self.of(by).cloned().ok_or(Refusal::Nothing)?;
        let at = self.pairs.iter().position(|pair| pair.id == key && pair.is_of(me.id)).ok_or(Refusal::Over)?;
        let pair = self.pairs[at].clone();
        if pair.state != Stage::Asked || pair.asked_by == me.side {
            // Pressed twice.
            return if pair.state == Stage::Agreed && seen.is_some() { Ok(()) } else { Err(Refusal::Over) };
        }
        let Some(seen) = seen else {
            self.pairs[at].state = Stage::Declined;
            self.tell(pair.other(me.id), Some(me), News::Declined, told);
            return Ok(());
        };
        if self.entry(pair.other(me.id)).is_some_and(|other| other.mark() != seen) {
            return Err(Refusal::Changed);
        }
        let guest = self.entry(pair.request_id).cloned().ok_or(Refusal::Over)?;
        if self.is_seated(guest.id) {
            return Err(Refusal::Seated);
        }
        self.take(&[pair.offer_id], guest.seats)?;
        self.pairs[at].state = Stage::Agreed;
        let car = self.entry(pair.offer_id).cloned();
        self.tell(guest.id, car, News::Agreed, told);
        self.tell(pair.offer_id, Some(guest.clone()), News::Agreed, told);
        self.close(&guest, told);
        self.tidy(pair.offer_id, told);
        Ok(())
    }

    fn part(&mut self, (by, key): (i64, i64), told: &mut Vec<Told>) -> Result<(), Refusal> {
        let me = self.of(by).cloned().ok_or(Refusal::Nothing)?;
        let mine = |pair: &Pair| pair.id == key && pair.is_of(me.id) && pair.state == Stage::Agreed;
        let at = self.pairs.iter().position(mine).ok_or(Refusal::Over)?;
        let pair = self.pairs.remove(at);
        let seats = self.entry(pair.request_id).map_or(0, |guest| guest.seats);
        self.take(&[pair.offer_id], -seats)?;
        self.tell(pair.other(me.id), Some(me), News::Parted, told);
        Ok(())
    }

    /// Who comes with fewer looks for no more seats than they are.
    fn resize(&mut self, registration: i64, people: i32, told: &mut Vec<Told>) {
        let Some(known) = self.of(registration).filter(|one| one.side == Side::Request && one.seats > people) else {
            return;
        };
        let fewer = Entry { seats: people, ..known.clone() };
        // Fewer seats always fit.
        self.put(fewer, told).ok();
    }

    fn moved(&mut self, told: &mut Vec<Told>) {
        for at in 0..self.entries.len() {
            self.entries[at].is_doubtful = true;
            let key = self.entries[at].id;
            if !self.companions(key).is_empty() {
                self.tell(key, None, News::Moved, told);
            }
        }
    }
}

#[cfg(test)]
mod tests;

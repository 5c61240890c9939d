//! Who gets places, who waits for them, whom they are offered to when some come free. All of it is decided here, by
//! [`apply`], with the date locked: of two who would have the last place, the second reads that it is taken.
//!
//! The rule, as pages say it: first come, first served; a party stays together; when the places that are free do not
//! suffice for the party whose turn it is, it is passed over only if it agreed to be.

use chrono::TimeDelta;
use sea_orm::{DatabaseTransaction, DbErr};

use super::act::{Act, Circumstances, Done, Moved, News, Refusal};
use super::change;
use super::needs::{self, Needs};
use super::office_hours::offer_until;
use super::registration::{self, NewRegistration, Registration, Standing};
use super::visit_date::{Shut, State, VisitDate};
use crate::mail::EmailAddress;

/// How long places are kept for an address that is not proven.
pub(super) const HOLD: TimeDelta = TimeDelta::minutes(30);
/// How many of those who wait are looked at together.
const LOOK: u64 = 50;

/// A locked date at work.
struct Work<'a> {
    txn: &'a DatabaseTransaction,
    date: &'a mut VisitDate,
    around: Circumstances,
    moved: Vec<Moved>,
}

/// Does one thing with a locked date and brings what follows from it to its end: what is overdue lapses, places that came
/// free are offered. The caller writes `places_taken` ([`super::visit_date::count`]) and the mails.
///
/// # Errors
/// What the database said.
pub(super) async fn apply(
    txn: &DatabaseTransaction,
    date: &mut VisitDate,
    act: Act,
    around: Circumstances,
) -> Result<Done, DbErr> {
    let mut work = Work { txn, date, around, moved: Vec::new() };
    match act {
        Act::Settle => work.shorten(Some(News::Offered)).await?,
        // They are told of the other hours.
        Act::Move(_) => work.shorten(None).await?,
        _ => {}
    }
    work.lapse().await?;
    // Whoever registers leaves no place that was not free before.
    let is_offering = !matches!(act, Act::Register(_));
    let asked = match act {
        Act::Register(new) => work.register(new).await?.map(Some),
        Act::Prove(key) => work.prove(key).await?.map(Some),
        Act::Accept(key) => work.accept(key).await?.map(Some),
        Act::Resize(key, size) => work.resize(key, size).await?.map(Some),
        Act::Cancel(key) => work.cancel(key).await?.map(Some),
        Act::Settle => Ok(None),
        Act::Arrive(row) => work.arrive(*row).await?.map(Some),
        Act::Release(size) => {
            work.date.places_taken -= size;
            Ok(None)
        }
        Act::Move(_) => work.tell_all(News::DateMoved).await.map(|()| Ok(None))?,
        Act::Assure => work.assure().await.map(|()| Ok(None))?,
        Act::CallOff => work.tell_all(News::CalledOff).await.map(|()| Ok(None))?,
    };
    if is_offering {
        work.offer(None).await?;
    }
    Ok(Done { moved: work.moved, asked })
}

type Asked = Result<Result<Registration, Refusal>, DbErr>;

impl Work<'_> {
    /// Puts a registration where it stands from now on.
    async fn put(&mut self, mut row: Registration, state: Standing, news: Option<News>) -> Result<Registration, DbErr> {
        let was = (row.id != 0).then_some(row.state);
        if was.is_some_and(Standing::takes) {
            self.date.places_taken -= row.party_size;
        }
        if state.takes() {
            self.date.places_taken += row.party_size;
        }
        row.state = state;
        row.offer_until = row.offer_until.filter(|_| state == Standing::Offered);
        row.hold_until = row.hold_until.filter(|_| matches!(state, Standing::Held | Standing::Waiting));
        row.version += 1;
        if [was, Some(state)].contains(&Some(Standing::Confirmed)) {
            row.sequence += 1;
        }
        let row = registration::write(self.txn, &row).await?;
        change::note(self.txn, &row, self.around.by, self.around.now).await?;
        if let Some(news) = news {
            self.moved.push(Moved { registration: row.clone(), was, news });
        }
        Ok(row)
    }

    /// Organisers brought the end of registration forward: nothing is offered beyond it.
    async fn shorten(&mut self, news: Option<News>) -> Result<(), DbErr> {
        let closes_at = self.date.closes_at;
        for mut row in registration::in_states(self.txn, self.date.id, &[Standing::Offered]).await? {
            if row.offer_until.is_none_or(|until| until <= closes_at) {
                continue;
            }
            row.offer_until = Some(closes_at);
            match news.filter(|_| closes_at > self.around.now) {
                Some(news) => drop(self.put(row, Standing::Offered, Some(news)).await?),
                None => drop(registration::write(self.txn, &row).await?),
            }
        }
        Ok(())
    }

    /// What is overdue is over. Nobody is told of an address that was not proven: it may be a stranger's.
    async fn lapse(&mut self) -> Result<(), DbErr> {
        let shut = self.date.shut(self.around.now);
        let (is_closed, is_past) = (shut == Some(Shut::Closed), shut == Some(Shut::Past));
        for row in registration::overdue(self.txn, self.date.id, self.around.now).await? {
            let was_offered = row.state == Standing::Offered;
            // Who had until the end of registration to answer keeps her turn: an organiser may still give her places.
            let state = if was_offered && is_closed { Standing::Waiting } else { Standing::Lapsed };
            // After the visit there is nothing left to say.
            self.put(row, state, (was_offered && !is_past).then_some(News::Lapsed)).await?;
        }
        Ok(())
    }

    /// Offers the places that are free to those whose turn it is; whoever `arrived` in this moment takes them at once.
    /// Returns whether somebody is left whom nobody may pass.
    async fn offer(&mut self, arrived: Option<i64>) -> Result<bool, DbErr> {
        let (date, around) = (&*self.date, self.around);
        if date.shut(around.now).is_some() {
            return Ok(false);
        }
        let span = (date.starts_at, date.closes_at);
        let Some(until) = offer_until(around.now, span, around.zone) else { return Ok(false) };
        let mut after = 0;
        while self.date.free() > 0 {
            let line = registration::waiting(self.txn, self.date.id, after, LOOK).await?;
            let Some(last) = line.last() else { return Ok(false) };
            after = last.id;
            for mut row in line {
                if row.party_size > self.date.free() {
                    if row.may_be_passed {
                        continue;
                    }
                    return Ok(true);
                }
                if arrived == Some(row.id) {
                    self.put(row, Standing::Confirmed, Some(News::Confirmed)).await?;
                } else {
                    row.offer_until = Some(until);
                    self.put(row, Standing::Offered, Some(News::Offered)).await?;
                }
            }
        }
        Ok(true)
    }

    async fn register(&mut self, new: NewRegistration) -> Asked {
        let (now, shut) = (self.around.now, self.date.shut(self.around.now));
        let bars = |shut: &Shut| !self.around.is_organiser || matches!(shut, Shut::Cancelled | Shut::Past);
        let shut = shut.filter(|shut| bars(shut) || self.date.state == State::Draft);
        if let Some(shut) = shut {
            return Ok(Err(Refusal::Shut(shut)));
        }
        if new.party_size > self.date.places {
            return Ok(Err(Refusal::TooLarge(self.date.places)));
        }
        if let Some(known) = registration::of_address(self.txn, self.date.id, &new.email).await? {
            return Ok(Err(Refusal::Already(Box::new(known))));
        }
        let is_blocked = self.offer(None).await?;
        let fits = !is_blocked && new.party_size <= self.date.free();
        let (state, news) = match (fits, new.is_proven) {
            (true, true) => (Standing::Confirmed, News::Confirmed),
            (true, false) => (Standing::Held, News::Held),
            (false, true) => (Standing::Waiting, News::Waiting),
            (false, false) => (Standing::Waiting, News::Unproven),
        };
        let row = Registration {
            id: 0,
            visit_date_id: self.date.id,
            state,
            email: new.email.to_string(),
            name: new.name,
            organisation: new.organisation,
            organisation_id: new.organisation_id,
            party_size: new.party_size,
            may_be_passed: new.may_be_passed,
            hold_until: (!new.is_proven).then(|| now + HOLD),
            offer_until: None,
            sequence: 0,
            version: 0,
            asked_at: now,
        };
        let row = self.put(row, state, Some(news)).await?;
        if new.needs != Needs::default() {
            needs::keep(self.txn, row.id, &new.needs).await?;
        }
        if !new.answers.is_empty() {
            needs::answer(self.txn, row.id, &new.answers).await?;
        }
        Ok(Ok(row))
    }

    /// Whoever comes to another date and would come to this one keeps the other until there is a place here.
    async fn arrive(&mut self, mut row: Registration) -> Asked {
        if let Some(shut) = self.date.shut(self.around.now) {
            return Ok(Err(Refusal::Shut(shut)));
        }
        let email = EmailAddress::parse(&row.email).ok();
        let known = match &email {
            Some(email) => registration::of_address(self.txn, self.date.id, email).await?,
            None => None,
        };
        if let Some(known) = known {
            return Ok(Err(Refusal::Already(Box::new(known))));
        }
        if self.offer(None).await? || row.party_size > self.date.free() {
            return Ok(Err(Refusal::NoRoom));
        }
        // `put` takes off what it had here, which was nothing.
        self.date.places_taken += row.party_size;
        row.visit_date_id = self.date.id;
        Ok(Ok(self.put(row, Standing::Confirmed, Some(News::Confirmed)).await?))
    }

    async fn prove(&mut self, key: i64) -> Asked {
        let mut row = match self.own(key).await? {
            Ok(row) if row.hold_until.is_some() => row,
            Ok(_) => return Ok(Err(Refusal::Over)),
            Err(refusal) => return Ok(Err(refusal)),
        };
        if row.state == Standing::Held {
            return Ok(Ok(self.put(row, Standing::Confirmed, Some(News::Confirmed)).await?));
        }
        row.hold_until = None;
        let row = registration::write(self.txn, &row).await?;
        self.offer(Some(key)).await?;
        let row = registration::by_key(self.txn, key).await?.unwrap_or(row);
        if row.state == Standing::Confirmed {
            return Ok(Ok(row));
        }
        Ok(Ok(self.put(row, Standing::Waiting, Some(News::Waiting)).await?))
    }

    async fn accept(&mut self, key: i64) -> Asked {
        let row = match self.own(key).await? {
            Ok(row) => row,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let is_given = self.around.is_organiser
            && row.state == Standing::Waiting
            && self.date.shut(self.around.now) == Some(Shut::Closed);
        if is_given && row.party_size > self.date.free() {
            return Ok(Err(Refusal::NoRoom));
        }
        if !is_given && row.state != Standing::Offered {
            return Ok(Err(Refusal::Over));
        }
        Ok(Ok(self.put(row, Standing::Confirmed, Some(News::Confirmed)).await?))
    }

    async fn resize(&mut self, key: i64, size: i32) -> Asked {
        let mut row = match self.own(key).await? {
            // Who has not proven the address does that first.
            Ok(row) if row.hold_until.is_none() && matches!(row.state, Standing::Confirmed | Standing::Waiting) => row,
            Ok(_) => return Ok(Err(Refusal::Over)),
            Err(refusal) => return Ok(Err(refusal)),
        };
        if size > self.date.places {
            return Ok(Err(Refusal::TooLarge(self.date.places)));
        }
        let more = size - row.party_size;
        if more == 0 {
            return Ok(Ok(row));
        }
        if more > 0 {
            let shut = self.date.shut(self.around.now).filter(|_| !self.around.is_organiser);
            if let Some(shut) = shut {
                return Ok(Err(Refusal::Shut(shut)));
            }
            if row.state == Standing::Confirmed && (self.offer(None).await? || more > self.date.free()) {
                return Ok(Err(Refusal::NoRoom));
            }
        }
        if row.state == Standing::Confirmed {
            self.date.places_taken += more;
        }
        row.party_size = size;
        needs::clip(self.txn, key, size).await?;
        let state = row.state;
        Ok(Ok(self.put(row, state, Some(News::Resized)).await?))
    }

    async fn cancel(&mut self, key: i64) -> Asked {
        let row = match self.own(key).await? {
            Ok(row) => row,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let (state, news) = Self::ended(&row, News::Cancelled);
        Ok(Ok(self.put(row, state, news).await?))
    }

    /// How one ends that does not come. An address that nobody proved may be a stranger's: it is not written to again, and
    /// not kept.
    fn ended(row: &Registration, news: News) -> (Standing, Option<News>) {
        match row.hold_until {
            None => (Standing::Cancelled, Some(news)),
            Some(_) => (Standing::Lapsed, None),
        }
    }

    /// A registration of this date that is not over, before the visit begins.
    async fn own(&self, key: i64) -> Asked {
        let row = registration::by_key(self.txn, key).await?;
        let Some(row) = row.filter(|row| row.visit_date_id == self.date.id && row.state.is_alive()) else {
            return Ok(Err(Refusal::Over));
        };
        let shut = self.date.shut(self.around.now);
        Ok(match shut.filter(|shut| matches!(shut, Shut::Past | Shut::Cancelled)) {
            Some(shut) => Err(Refusal::Shut(shut)),
            None => Ok(row),
        })
    }

    /// Those who come learn that it takes place. Nothing about their registration changes.
    async fn assure(&mut self) -> Result<(), DbErr> {
        let comers = registration::in_states(self.txn, self.date.id, &[Standing::Confirmed]).await?;
        let told = comers.into_iter().map(|row| Moved { was: Some(row.state), registration: row, news: News::Sure });
        self.moved.extend(told);
        Ok(())
    }

    /// What organisers did to the date is told to everybody whom it concerns.
    async fn tell_all(&mut self, news: News) -> Result<(), DbErr> {
        for row in registration::in_states(self.txn, self.date.id, &Standing::ALIVE).await? {
            let (state, news) = match news {
                News::CalledOff => Self::ended(&row, news),
                // Who has not proven the address reads the hours when she does.
                _ if row.hold_until.is_some() => continue,
                _ => (row.state, Some(news)),
            };
            self.put(row, state, news).await?;
        }
        Ok(())
    }
}

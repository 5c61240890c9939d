//! Whom a mail about an edition goes to: each person once, whatever the number of her organisations.

use std::collections::{BTreeMap, HashSet};

use chrono::{NaiveDate, TimeDelta};
use sea_orm::{ConnectionTrait, DbErr};

use super::invitation::{self, Way};
use crate::accounts::{self, OrganisationKind, Person};
use crate::canteens;
use crate::mail::suppression::{Category, unwilling};
use crate::speed_meetings::edition::Side;
use crate::speed_meetings::participant::{self, Standing};
use crate::speed_meetings::registration::side_of;
use crate::suppliers::draft;

/// Who did not answer is reminded at most once in so long.
const REMIND_AFTER: TimeDelta = TimeDelta::days(7);

/// An organisation that may come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Guest {
    /// Its key.
    pub(super) id: i64,
    /// Its name.
    pub(super) name: String,
    /// Where it sits.
    pub(super) side: Side,
}

/// One mail.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Letter {
    /// To whom.
    pub(super) person: Person,
    /// For which of her organisations; at least one.
    pub(super) guests: Vec<Guest>,
}

/// Whom a mail goes to.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::speed_meetings) struct Audience {
    /// One each person, the first known first.
    pub(super) letters: Vec<Letter>,
    /// Organisations that no mail reaches: they have nobody, or nobody who wants it.
    pub(super) out_of_reach: Vec<Guest>,
}

impl Audience {
    async fn of(db: &impl ConnectionTrait, guests: Vec<Guest>, unwilling: &HashSet<String>) -> Result<Self, DbErr> {
        let keys: Vec<i64> = guests.iter().map(|guest| guest.id).collect();
        let mut people: BTreeMap<i64, Letter> = BTreeMap::new();
        let mut reached = HashSet::new();
        let named: BTreeMap<i64, &Guest> = guests.iter().map(|guest| (guest.id, guest)).collect();
        for (organisation, person) in accounts::people_of(db, &keys).await? {
            if unwilling.contains(&person.email) {
                continue;
            }
            let letter = people.entry(person.id).or_insert_with(|| Letter { person, guests: Vec::new() });
            letter.guests.extend(named.get(&organisation).map(|guest| (*guest).clone()));
            reached.insert(organisation);
        }
        let out_of_reach = guests.iter().filter(|guest| !reached.contains(&guest.id)).cloned().collect();
        Ok(Self { letters: people.into_values().collect(), out_of_reach })
    }

    /// The part of it that sits on these sides.
    pub(in crate::speed_meetings) fn on(mut self, sides: &[Side]) -> Self {
        for letter in &mut self.letters {
            letter.guests.retain(|guest| sides.contains(&guest.side));
        }
        self.letters.retain(|letter| !letter.guests.is_empty());
        self.out_of_reach.retain(|guest| sides.contains(&guest.side));
        self
    }

    /// How many mails that makes.
    pub(in crate::speed_meetings) fn count(&self) -> i32 {
        i32::try_from(self.letters.len()).unwrap_or(i32::MAX)
    }

    /// How many organisations they are about.
    pub(super) fn organisations(&self) -> usize {
        self.letters.iter().flat_map(|letter| &letter.guests).map(|guest| guest.id).collect::<HashSet<_>>().len()
    }
}

/// The organisations that could register: canteens that organisers accepted, suppliers whose listing everybody sees.
async fn guests(db: &impl ConnectionTrait) -> Result<Vec<Guest>, DbErr> {
    let refused: HashSet<i64> = canteens::not_accepted(db).await?.into_iter().collect();
    let public: HashSet<i64> = draft::public_holders(db).await?.into_iter().collect();
    let may = |id: &i64, kind| match kind {
        OrganisationKind::Canteen => !refused.contains(id),
        OrganisationKind::Supplier => public.contains(id),
    };
    let all = accounts::all_organisations(db).await?.into_iter().filter(|team| may(&team.id, team.kind));
    Ok(all.map(|team| Guest { id: team.id, name: team.name, side: side_of(team.kind) }).collect())
}

/// The people of all organisations that were not yet invited by mail and did not register.
///
/// # Errors
/// What the database said.
pub(in crate::speed_meetings) async fn not_yet_invited(
    db: &impl ConnectionTrait,
    edition: i64,
) -> Result<Audience, DbErr> {
    let invited = invitation::of(db, edition).await?.into_iter().filter(|one| one.way == Way::Mail);
    let mut known: HashSet<i64> = invited.filter_map(|one| one.organisation_id).collect();
    known.extend(participant::of(db, edition).await?.into_iter().map(|one| one.organisation_id));
    let fresh = guests(db).await?.into_iter().filter(|guest| !known.contains(&guest.id)).collect();
    Audience::of(db, fresh, &unwilling(db, Category::Meeting).await?).await
}

/// The people of the organisations that were invited, a week ago at least, and did not answer.
///
/// # Errors
/// What the database said.
pub(super) async fn silent(db: &impl ConnectionTrait, edition: i64, today: NaiveDate) -> Result<Audience, DbErr> {
    let mut last: BTreeMap<i64, NaiveDate> = BTreeMap::new();
    for (organisation, on) in
        invitation::of(db, edition).await?.into_iter().filter_map(|one| Some((one.organisation_id?, one.invited_on)))
    {
        last.insert(organisation, on);
    }
    for answered in participant::of(db, edition).await? {
        last.remove(&answered.organisation_id);
    }
    let is_due = |guest: &Guest| last.get(&guest.id).is_some_and(|on| *on <= today - REMIND_AFTER);
    let due = guests(db).await?.into_iter().filter(is_due).collect();
    Audience::of(db, due, &unwilling(db, Category::Meeting).await?).await
}

/// The people of all organisations that have a place: what concerns their registration nobody can do without.
///
/// # Errors
/// What the database said.
pub(in crate::speed_meetings) async fn registered(db: &impl ConnectionTrait, edition: i64) -> Result<Audience, DbErr> {
    let coming = participant::of(db, edition).await?.into_iter().filter(|one| one.state == Standing::Registered);
    let coming: Vec<(i64, Side)> = coming.map(|one| (one.organisation_id, one.side)).collect();
    let keys: Vec<i64> = coming.iter().map(|(organisation, _)| *organisation).collect();
    let names: BTreeMap<i64, String> = accounts::names_of(db, &keys).await?.into_iter().collect();
    let guest = |(id, side): (i64, Side)| Guest { id, name: names.get(&id).cloned().unwrap_or_default(), side };
    Audience::of(db, coming.into_iter().map(guest).collect(), &HashSet::new()).await
}

//! All that the report of an edition needs, read at once.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use sea_orm::{ConnectionTrait, DbErr};

use super::outcome::{self, Outcome};
use super::review::{self, Review};
use crate::speed_meetings::day::presence::{self, Presence, State as Seen};
use crate::speed_meetings::edition::Side;
use crate::speed_meetings::guest;
use crate::speed_meetings::invitations::{self, Count};
use crate::speed_meetings::meeting::Meeting;
use crate::speed_meetings::participant::{Participant, Standing};
use crate::speed_meetings::plan::Plan;
use crate::speed_meetings::publication::version;
use crate::speed_meetings::representative;
use crate::speed_meetings::wishes::{self, Wish};
use crate::suppliers::{ProductFamily, draft, load_many};

/// An edition with all that was said of it.
pub(super) struct Gathered {
    pub(super) plan: Plan,
    /// Everybody who asked for a place, in the order of their turns.
    pub(super) participants: Vec<Participant>,
    /// The version in force.
    pub(super) meetings: Vec<Meeting>,
    /// What had been told when the day began; nothing when nothing had.
    pub(super) told: Vec<Meeting>,
    pub(super) wishes: Vec<Wish>,
    pub(super) outcomes: Vec<Outcome>,
    pub(super) reviews: Vec<Review>,
    /// How many were invited, in what way and with what answer.
    pub(super) invited: Vec<Count>,
    /// What the desk at the door noted, by participant.
    presences: BTreeMap<i64, Presence>,
    /// The name of each participant.
    names: BTreeMap<i64, String>,
    /// Who came for it.
    people: BTreeMap<i64, Vec<String>>,
    /// What each supplier sells.
    families: BTreeMap<i64, Vec<ProductFamily>>,
}

/// Whether two met, as far as is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Held {
    /// One of the two says so.
    Yes,
    /// One says that they did not, and the other does not say that they did; or neither says anything and one was absent.
    No,
    /// Nobody said anything.
    Unsaid,
}

impl Held {
    /// As a table says it.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Yes => "oui",
            Self::No => "non",
            Self::Unsaid => "pas noté",
        }
    }
}

impl Gathered {
    /// Reads it.
    ///
    /// # Errors
    /// What the database said.
    pub(super) async fn of(db: &impl ConnectionTrait, plan: Plan, zone: Tz) -> Result<Self, DbErr> {
        let edition = plan.edition.id;
        let presences = presence::of(db, edition).await?;
        // The day begins with the first bell, or with the first who was noted at the door.
        let bell = plan.day(zone).ok().and_then(|day| Some(day.slots.first()?.starts_at.to_utc()));
        let door = presences.values().map(|known| known.changed_at).min();
        let begins = bell.into_iter().chain(door).min();
        let all = guest::as_written(db, edition).await?;
        let names = all.iter().map(|(one, name)| (one.id, name.clone())).collect();
        let participants: Vec<Participant> = all.into_iter().map(|(one, _)| one).collect();
        let keys: Vec<i64> = participants.iter().map(|one| one.id).collect();
        let mut people: BTreeMap<i64, Vec<String>> = BTreeMap::new();
        for (participant, name) in representative::names_of(db, &keys).await? {
            people.entry(participant).or_default().push(name);
        }
        Ok(Self {
            meetings: version::in_force(db, edition).await?.map(|version| version.meetings).unwrap_or_default(),
            told: match begins {
                Some(begins) => version::before(db, edition, begins).await?,
                None => Vec::new(),
            },
            wishes: wishes::of_edition(db, edition).await?,
            outcomes: outcome::of_edition(db, edition).await?,
            reviews: review::of(db, &keys).await?,
            invited: invitations::tally(db, edition).await?,
            presences,
            names,
            people,
            families: families(db, &participants).await?,
            participants,
            plan,
        })
    }

    /// What a participant is called.
    pub(super) fn name(&self, participant: i64) -> &str {
        self.names.get(&participant).map(String::as_str).unwrap_or_default()
    }

    /// Who came for it.
    pub(super) fn people(&self, participant: i64) -> &[String] {
        self.people.get(&participant).map(Vec::as_slice).unwrap_or_default()
    }

    /// What a supplier sells.
    pub(super) fn families(&self, supplier: i64) -> &[ProductFamily] {
        self.families.get(&supplier).map(Vec::as_slice).unwrap_or_default()
    }

    /// What a side says of the appointment of two.
    pub(super) fn said(&self, pair: (i64, i64), side: Side) -> Option<&Outcome> {
        self.outcomes.iter().find(|one| one.pair() == pair && one.side == side)
    }

    /// Whether two met.
    pub(super) fn held(&self, pair: (i64, i64)) -> Held {
        let said = [Side::Canteen, Side::Supplier].map(|side| self.said(pair, side).filter(|one| one.said().is_some()));
        let said: Vec<bool> = said.into_iter().flatten().map(|one| one.was_held).collect();
        match said.as_slice() {
            [] if self.is_absent(pair.0) || self.is_absent(pair.1) => Held::No,
            [] => Held::Unsaid,
            all if all.contains(&true) => Held::Yes,
            _ => Held::No,
        }
    }

    /// Those of a side who have a place.
    pub(super) fn registered(&self, side: Side) -> impl Iterator<Item = &Participant> {
        self.participants.iter().filter(move |one| one.side == side && one.state == Standing::Registered)
    }

    /// The appointments of a participant.
    pub(super) fn of_participant(&self, own: &Participant) -> impl Iterator<Item = &Meeting> {
        let (side, id) = (own.side, own.id);
        self.meetings.iter().filter(move |meeting| meeting.on(side).participant == id)
    }

    /// Of the appointments of a participant, those that took place as far as is known: nobody says otherwise.
    pub(super) fn held_by(&self, own: &Participant) -> usize {
        self.of_participant(own).filter(|meeting| self.held(meeting.pair()) != Held::No).count()
    }

    /// What the desk at the door noted of a participant last.
    pub(super) fn seen(&self, participant: i64) -> Option<Seen> {
        self.presences.get(&participant).map(|known| known.state)
    }

    /// Whether the desk noted that a participant does not come.
    pub(super) fn is_absent(&self, participant: i64) -> bool {
        self.seen(participant) == Some(Seen::NoShow)
    }

    /// Whether the desk noted anything of anybody.
    pub(super) fn has_desk(&self) -> bool {
        !self.presences.is_empty()
    }

    /// Whether a participant came: the desk has the say. Of whom it is silent, an appointment must have taken place; where the
    /// desk welcomed nobody at all, it is enough that nobody says that none did.
    pub(super) fn has_come(&self, own: &Participant) -> bool {
        let welcomes = || self.presences.values().any(|known| known.state == Seen::Arrived);
        match self.seen(own.id) {
            Some(Seen::Arrived) => true,
            Some(Seen::NoShow) => false,
            Some(Seen::Late) | None if welcomes() => {
                self.of_participant(own).any(|meeting| self.held(meeting.pair()) == Held::Yes)
            }
            Some(Seen::Late) | None => self.held_by(own) > 0,
        }
    }

    /// Of the appointments of a participant, those of which it said something.
    pub(super) fn noted_by(&self, own: &Participant) -> usize {
        let said = |meeting: &&Meeting| self.said(meeting.pair(), own.side).is_some_and(|one| one.said().is_some());
        self.of_participant(own).filter(said).count()
    }
}

async fn families(
    db: &impl ConnectionTrait,
    participants: &[Participant],
) -> Result<BTreeMap<i64, Vec<ProductFamily>>, DbErr> {
    let holders: BTreeMap<i64, i64> =
        draft::holders(db).await?.into_iter().map(|(listing, organisation)| (organisation, listing)).collect();
    let suppliers = participants.iter().filter(|one| one.side == Side::Supplier);
    let listings: Vec<(i64, i64)> =
        suppliers.filter_map(|one| Some((one.id, *holders.get(&one.organisation_id)?))).collect();
    let keys: Vec<i64> = listings.iter().map(|(_, listing)| *listing).collect();
    let loaded = load_many(db, &keys).await?;
    let sold = |listing: i64| {
        let offers = loaded.iter().filter(|one| one.supplier.id == listing).flat_map(|one| &one.offers);
        let mut families: Vec<ProductFamily> = Vec::new();
        for offer in offers {
            if !families.contains(&offer.family) {
                families.push(*offer.family);
            }
        }
        families
    };
    Ok(listings.iter().map(|(participant, listing)| (*participant, sold(*listing))).collect())
}

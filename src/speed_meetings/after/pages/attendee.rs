use poem::{FromRequest, Request, RequestBody};

use crate::accounts::{self, Person};
use crate::app::App;
use crate::audit::Act;
use crate::speed_meetings::after::outcome;
use crate::speed_meetings::edition::State;
use crate::speed_meetings::meeting::Meeting;
use crate::speed_meetings::pages::speaker::Speaker;
use crate::speed_meetings::participant::{self, Participant, Standing};
use crate::speed_meetings::plan::Plan;
use crate::speed_meetings::registration::Asks;
use crate::web::{Error, Result, french};

/// An organisation that has a place at an edition whose day has begun, for those who may speak for it; there is nothing for
/// anybody else.
pub(crate) struct Attendee {
    /// Who looks.
    pub(super) me: Person,
    pub(super) plan: Plan,
    pub(super) row: Participant,
    pub(super) name: String,
    pub(super) asks: Asks,
}

/// For one of its people.
pub(crate) struct Own(pub(super) Attendee);

/// For an organiser.
pub(crate) struct OnBehalf(pub(super) Attendee);

impl<'a> FromRequest<'a> for Own {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let app = <&App>::from_request(request, body).await?;
        Ok(Self(Attendee::of(app, Speaker::own(request, body).await?).await?))
    }
}

impl<'a> FromRequest<'a> for OnBehalf {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let app = <&App>::from_request(request, body).await?;
        Ok(Self(Attendee::of(app, Speaker::on_behalf(request, body).await?).await?))
    }
}

impl Attendee {
    async fn of(app: &App, speaker: Speaker) -> Result<Self> {
        let Speaker { me, edition, id, name, asks, .. } = speaker;
        if !edition.state.has_begun() {
            return Err(Error::NotFound);
        }
        let row = participant::of_organisation(&app.db, edition.id, id).await?;
        let row = row.filter(|row| row.state == Standing::Registered).ok_or(Error::NotFound)?;
        Ok(Self { me, plan: Plan::of(&app.db, edition).await?, row, name, asks })
    }

    /// Address of one of its pages: `suites`, `livraisons`.
    pub(super) fn at(&self, page: &str) -> String {
        let (edition, id) = (&self.plan.edition, self.row.organisation_id);
        match self.asks {
            Asks::Own => format!("{}/{page}/{id}", edition.path()),
            Asks::Organiser => format!("{}/{page}/{id}", edition.desk()),
        }
    }

    /// Where one came from: address and name.
    pub(super) fn back(&self) -> (String, &'static str) {
        match self.asks {
            Asks::Own => (self.plan.edition.path(), "La rencontre"),
            Asks::Organiser => (format!("{}/suites", self.plan.edition.desk()), "Suites"),
        }
    }

    pub(super) fn is_own(&self) -> bool {
        self.asks == Asks::Own
    }

    /// Whether something may still be written down.
    pub(super) fn is_open(&self) -> bool {
        outcome::is_open(&self.plan.edition)
    }

    pub(super) fn title(&self) -> String {
        french::typographic(&self.plan.edition.title)
    }

    pub(super) fn act(&self, what: &'static str) -> Act {
        let edition = &self.plan.edition;
        Act::new(what, format!("editions/{}", edition.id)).with(format!("{}, {}", self.name, edition.title))
    }

    /// Its appointments in the order of the day, each with the key and the name of the other, hour and table.
    pub(super) async fn encounters(&self, app: &App) -> Result<Vec<Encounter>> {
        let meetings = outcome::appointments(&app.db, &self.row).await?;
        let others: Vec<i64> =
            meetings.iter().filter_map(|meeting| Some(meeting.other(self.row.id)?.0.participant)).collect();
        let names = names(app, self.plan.edition.id).await?;
        let day = self.plan.day(app.config.time_zone).unwrap_or_default();
        let (is_running, now) = (self.plan.edition.state == State::Running, app.clock.now());
        let when = |meeting: &Meeting| {
            let slot = usize::try_from(meeting.slot).unwrap_or_default();
            let at = day.slots.iter().find(|one| one.number == slot).map(|slot| french::time(slot.starts_at.time()));
            let table = self.plan.tables.iter().find(|table| table.number == meeting.table);
            at.into_iter().chain(table.map(|table| table.name.clone())).collect::<Vec<_>>().join(", ")
        };
        let encounter = |(meeting, other): (&Meeting, i64)| Encounter {
            other,
            pair: meeting.pair(),
            name: names
                .iter()
                .find(|(id, _)| *id == other)
                .map(|(_, name)| french::typographic(name))
                .unwrap_or_default(),
            when: when(meeting),
            is_ahead: is_running && day.slot(meeting.slot).is_some_and(|slot| slot.starts_at > now),
        };
        Ok(meetings.iter().zip(others).map(encounter).collect())
    }
}

/// An appointment as its people know it.
pub(super) struct Encounter {
    /// The participant they met.
    pub(super) other: i64,
    pub(super) pair: (i64, i64),
    pub(super) name: String,
    /// « 9 h 30, Table 7 »
    pub(super) when: String,
    /// Whether it has not begun: nothing can have come of it.
    pub(super) is_ahead: bool,
}

/// The name of each participant of an edition.
async fn names(app: &App, edition: i64) -> Result<Vec<(i64, String)>> {
    let all = participant::of(&app.db, edition).await?;
    let organisations: Vec<i64> = all.iter().map(|one| one.organisation_id).collect();
    let names = accounts::names_of(&app.db, &organisations).await?;
    let name =
        |one: &Participant| names.iter().find(|(id, _)| *id == one.organisation_id).map(|(_, name)| name.clone());
    Ok(all.iter().map(|one| (one.id, name(one).unwrap_or_default())).collect())
}

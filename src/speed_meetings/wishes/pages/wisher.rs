//! Who chooses: an organisation at an edition, by one of its own people or by an organiser on its behalf.

use poem::{FromRequest, Request, RequestBody};

use crate::accounts::Person;
use crate::app::App;
use crate::speed_meetings::edition::{Edition, State};
use crate::speed_meetings::pages::speaker::Speaker;
use crate::speed_meetings::participant::{self, Participant, Standing};
use crate::speed_meetings::registration::Asks;
use crate::web::{Result, french};

/// An organisation at an edition, for those who may speak for it; there is nothing for anybody else.
pub(crate) struct Wisher {
    pub(super) me: Person,
    pub(super) edition: Edition,
    pub(super) id: i64,
    pub(super) name: String,
    /// Its row, when it ever asked to come.
    pub(super) row: Option<Participant>,
    pub(super) asks: Asks,
}

/// For one of its people.
pub(crate) struct Own(pub(super) Wisher);

/// For an organiser.
pub(crate) struct OnBehalf(pub(super) Wisher);

impl<'a> FromRequest<'a> for Own {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let app = <&App>::from_request(request, body).await?;
        Ok(Self(Wisher::of(app, Speaker::own(request, body).await?).await?))
    }
}

impl<'a> FromRequest<'a> for OnBehalf {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let app = <&App>::from_request(request, body).await?;
        Ok(Self(Wisher::of(app, Speaker::on_behalf(request, body).await?).await?))
    }
}

impl Wisher {
    async fn of(app: &App, speaker: Speaker) -> Result<Self> {
        let Speaker { me, edition, id, name, asks, .. } = speaker;
        let row = participant::of_organisation(&app.db, edition.id, id).await?;
        Ok(Self { me, edition, id, name, row, asks })
    }

    /// Its row, while it has a place and one may see the other side.
    pub(super) fn comer(&self) -> Option<&Participant> {
        self.row.as_ref().filter(|row| row.state == Standing::Registered && self.edition.state >= State::Wishes)
    }

    pub(super) fn is_organiser(&self) -> bool {
        self.asks == Asks::Organiser
    }

    /// Address of its page.
    pub(super) fn here(&self) -> String {
        match self.asks {
            Asks::Own => format!("{}/souhaits/{}", self.edition.path(), self.id),
            Asks::Organiser => format!("{}/souhaits/{}", self.edition.desk(), self.id),
        }
    }

    /// Where its registration is.
    pub(super) fn registration(&self) -> String {
        match self.asks {
            Asks::Own => format!("{}/inscription/{}", self.edition.path(), self.id),
            Asks::Organiser => format!("{}/participants/{}", self.edition.desk(), self.id),
        }
    }

    pub(super) fn title(&self) -> String {
        french::typographic(&self.edition.title)
    }
}

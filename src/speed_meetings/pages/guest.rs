//! An organisation at an edition, and who may speak for it there.

use poem::{FromRequest, Request, RequestBody};

use super::participants;
use super::speaker::Speaker;
use crate::accounts::{OrganisationKind, Person};
use crate::app::App;
use crate::audit::Act;
use crate::speed_meetings::edition::Side;
use crate::speed_meetings::plan::Plan;
use crate::speed_meetings::registration::{self, Asks};
use crate::web::Result;

/// An organisation at an edition, for those who may speak for it; there is nothing for anybody else.
pub(crate) struct Guest {
    /// Who looks.
    pub(super) me: Person,
    pub(super) plan: Plan,
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) kind: OrganisationKind,
    pub(super) asks: Asks,
}

/// For one of its people.
pub(crate) struct Own(pub(super) Guest);

/// For an organiser.
pub(crate) struct OnBehalf(pub(super) Guest);

impl<'a> FromRequest<'a> for Own {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let app = <&App>::from_request(request, body).await?;
        Ok(Self(Guest::of(app, Speaker::own(request, body).await?).await?))
    }
}

impl<'a> FromRequest<'a> for OnBehalf {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let app = <&App>::from_request(request, body).await?;
        Ok(Self(Guest::of(app, Speaker::on_behalf(request, body).await?).await?))
    }
}

impl Guest {
    pub(super) async fn of(app: &App, speaker: Speaker) -> Result<Self> {
        let Speaker { me, edition, id, name, kind, asks } = speaker;
        Ok(Self { me, plan: Plan::of(&app.db, edition).await?, id, name, kind, asks })
    }

    /// Address of its page.
    pub(super) fn here(&self) -> String {
        match self.asks {
            Asks::Own => format!("{}/inscription/{}", self.plan.edition.path(), self.id),
            Asks::Organiser => format!("{}/{}", participants::path(&self.plan.edition), self.id),
        }
    }

    /// Where one says whom it would meet.
    pub(super) fn wishes(&self) -> String {
        match self.asks {
            Asks::Own => format!("{}/souhaits/{}", self.plan.edition.path(), self.id),
            Asks::Organiser => format!("{}/souhaits/{}", self.plan.edition.desk(), self.id),
        }
    }

    /// Where one came from.
    pub(super) fn back(&self) -> String {
        match self.asks {
            Asks::Own => self.plan.edition.path(),
            Asks::Organiser => participants::path(&self.plan.edition),
        }
    }

    pub(super) fn side(&self) -> Side {
        registration::side_of(self.kind)
    }

    pub(super) fn act(&self, what: &'static str) -> Act {
        let edition = &self.plan.edition;
        Act::new(what, format!("editions/{}", edition.id)).with(format!("{}, {}", self.name, edition.title))
    }
}

//! Who speaks for an organisation at an edition: one of its people, or an organiser on its behalf. The one place where that
//! is decided for the pages of an organisation; each room asks it and adds what it needs.

use askama::Template;
use poem::{FromRequest, Request, RequestBody, Response};

use crate::accounts::{self, Listed, OrganisationKind, Organiser, Person, SignedIn};
use crate::app::App;
use crate::speed_meetings::edition::{self, Edition, State};
use crate::speed_meetings::registration::Asks;
use crate::speed_meetings::{exit, participant};
use crate::web::{Error, Frame, Result, filters, french, page, private, see_other};

/// An organisation at an edition that everybody may see, for those who may speak for it; there is nothing for anybody else.
pub(in crate::speed_meetings) struct Speaker {
    /// Who looks.
    pub(in crate::speed_meetings) me: Person,
    pub(in crate::speed_meetings) edition: Edition,
    /// Key, name and kind of the organisation.
    pub(in crate::speed_meetings) id: i64,
    pub(in crate::speed_meetings) name: String,
    pub(in crate::speed_meetings) kind: OrganisationKind,
    pub(in crate::speed_meetings) asks: Asks,
}

/// The same for whoever may read what was written for an organisation: its people, and organisers.
pub(in crate::speed_meetings) struct Reader(pub(in crate::speed_meetings) Speaker);

impl<'a> FromRequest<'a> for Reader {
    /// By `:slug` and `:id` of the address.
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let app = <&App>::from_request(request, body).await?;
        let SignedIn { person, .. } = SignedIn::from_request(request, body).await?;
        let (slug, id) = (request.raw_path_param("slug").unwrap_or_default(), number(request, "id")?);
        Ok(Self(Speaker::of_reader(app, person, slug, id).await?))
    }
}

impl Speaker {
    /// For one of its people, by `:slug` and `:id` of the address.
    ///
    /// # Errors
    /// To sign in first, or that there is nothing.
    pub(in crate::speed_meetings) async fn own(request: &Request, body: &mut RequestBody) -> poem::Result<Self> {
        let app = <&App>::from_request(request, body).await?;
        let SignedIn { person, .. } = SignedIn::from_request(request, body).await?;
        let (slug, id) = (request.raw_path_param("slug").unwrap_or_default(), number(request, "id")?);
        Ok(Self::of_person(app, person, slug, id).await?)
    }

    /// For an organiser, by `:key` and `:id` of the address.
    ///
    /// # Errors
    /// To sign in first, or that there is nothing.
    pub(in crate::speed_meetings) async fn on_behalf(request: &Request, body: &mut RequestBody) -> poem::Result<Self> {
        let app = <&App>::from_request(request, body).await?;
        let Organiser(me) = Organiser::from_request(request, body).await?;
        Ok(Self::of_organiser(app, me, number(request, "key")?, number(request, "id")?).await?)
    }

    /// For the person to whom the link of a mail was sent, while she belongs to the organisation; by `:token` of the address.
    ///
    /// # Errors
    /// That there is nothing.
    pub(in crate::speed_meetings) async fn by_link(request: &Request, body: &mut RequestBody) -> poem::Result<Self> {
        let app = <&App>::from_request(request, body).await?;
        let token = request.raw_path_param("token").unwrap_or_default();
        Ok(Self::of_token(app, token).await?)
    }

    async fn of_token(app: &App, token: &str) -> Result<Self> {
        let (participant, person) = exit::of_token(&app.db, token).await?.ok_or(Error::NotFound)?;
        let row = participant::by_key(&app.db, participant).await?.ok_or(Error::NotFound)?;
        let edition = edition::by_key(&app.db, row.edition_id).await?.ok_or(Error::NotFound)?;
        let me = accounts::people_by_ids(&app.db, &[person]).await?.pop().ok_or(Error::NotFound)?;
        Self::of_person(app, me, &edition.slug, row.organisation_id).await
    }

    async fn of_person(app: &App, me: Person, slug: &str, id: i64) -> Result<Self> {
        Self::of_reader(app, me, slug, id).await.and_then(|own| match own.asks {
            Asks::Own => Ok(own),
            Asks::Organiser => Err(Error::NotFound),
        })
    }

    async fn of_reader(app: &App, me: Person, slug: &str, id: i64) -> Result<Self> {
        let edition = public(edition::by_slug(&app.db, slug).await?)?;
        let teams = accounts::of_person(&app.db, me.id).await?;
        if let Some(team) = teams.into_iter().find(|team| team.id == id) {
            return Ok(Self { me, edition, id, name: team.name, kind: team.kind, asks: Asks::Own });
        }
        let team = accounts::visible_to(&app.db, &me, id).await?.ok_or(Error::NotFound)?;
        Ok(Self { me, edition, id, name: team.name, kind: team.kind, asks: Asks::Organiser })
    }

    async fn of_organiser(app: &App, me: Person, key: i64, id: i64) -> Result<Self> {
        let edition = public(edition::by_key(&app.db, key).await?)?;
        let team = accounts::visible_to(&app.db, &me, id).await?.ok_or(Error::NotFound)?;
        Ok(Self { me, edition, id, name: team.name, kind: team.kind, asks: Asks::Organiser })
    }
}

/// What a person came for who may speak for several organisations: she says for which.
pub(in crate::speed_meetings) struct Purpose {
    /// What the page is called.
    pub(in crate::speed_meetings) name: &'static str,
    pub(in crate::speed_meetings) heading: String,
    /// Last part of the address, before the key of the organisation.
    pub(in crate::speed_meetings) page: &'static str,
    /// The question; what to say instead when she speaks for none.
    pub(in crate::speed_meetings) lead: String,
    pub(in crate::speed_meetings) nobody: String,
    /// Where she may go then: address and words.
    pub(in crate::speed_meetings) ways: &'static [(&'static str, &'static str)],
}

#[derive(Template)]
#[template(path = "speed_meetings/choice.html")]
struct ChoicePage {
    title: String,
    name: &'static str,
    heading: String,
    lead: String,
    ways: &'static [(&'static str, &'static str)],
    path: String,
    teams: Vec<Listed>,
    frame: Frame,
}

/// Leads to the only one of these organisations, or asks for which a person speaks.
///
/// # Errors
/// When the page cannot be drawn.
pub(in crate::speed_meetings) fn which(
    edition: &Edition,
    teams: Vec<Listed>,
    purpose: Purpose,
    frame: Frame,
) -> Result<Response> {
    let path = format!("{}/{}", edition.path(), purpose.page);
    if let [team] = teams.as_slice() {
        return Ok(see_other(&format!("{path}/{}", team.id)));
    }
    let Purpose { name, heading, lead, nobody, ways, .. } = purpose;
    let lead = if teams.is_empty() { nobody } else { lead };
    let title = french::typographic(&edition.title);
    Ok(private(page(&ChoicePage { title, name, heading, lead, ways, path, teams, frame })?))
}

/// An edition that is no draft.
///
/// # Errors
/// That there is none.
pub(in crate::speed_meetings) fn public(edition: Option<Edition>) -> Result<Edition> {
    edition.filter(|edition| edition.state != State::Draft).ok_or(Error::NotFound)
}

fn number(request: &Request, name: &str) -> Result<i64> {
    request.raw_path_param(name).and_then(|text| text.parse().ok()).ok_or(Error::NotFound)
}

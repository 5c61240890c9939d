//! Who asks: the person whose session the browser's cookie names. A page that is not for everybody takes a [`SignedIn`] or
//! an [`Organiser`], so that nobody forgets to look.

use poem::{
    FromRequest, Request, RequestBody,
    http::{Method, header},
};

use super::person::Person;
use super::session::{self, Session};
use crate::app::App;
use crate::web::{Cookie, Error, SESSION, see_other};

/// Whoever is signed in. A stranger who reads is led to the sign-in page and back; what a stranger sends finds nothing.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub person: Person,
    /// With which browser.
    pub(super) session: Session,
}

/// An organiser of the territory. For anybody else who is signed in there is nothing at this address.
#[derive(Clone, Debug)]
pub struct Organiser(pub Person);

impl<'a> FromRequest<'a> for SignedIn {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let app = <&App>::from_request(request, body).await?;
        let found = match cookie(request, app) {
            Some(token) => find(app, token).await.map_err(Error::broken("reading a session"))?,
            None => None,
        };
        found.ok_or_else(|| outside(request))
    }
}

impl<'a> FromRequest<'a> for Organiser {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let SignedIn { person, .. } = SignedIn::from_request(request, body).await?;
        if person.is_organiser { Ok(Self(person)) } else { Err(Error::NotFound.into()) }
    }
}

/// The cookie that names a session.
pub(super) fn cookie<'a>(request: &'a Request, app: &App) -> Option<&'a str> {
    SESSION.token(request.headers(), &app.config)
}

async fn find(app: &App, token: &str) -> Result<Option<SignedIn>, sea_orm::DbErr> {
    let now = app.clock.now();
    let Some((session, person)) = session::of_token(&app.db, token, now).await? else { return Ok(None) };
    if session::is_stale(&session, now)
        && let Err(error) = note(app, &session).await
    {
        // A long import may hold the database: the page is worth more than the hour of the visit.
        tracing::warn!(%error, "a visit was not noted");
    }
    Ok(Some(SignedIn { person, session }))
}

async fn note(app: &App, session: &Session) -> Result<(), sea_orm::DbErr> {
    let txn = app.write().await?;
    session::note(&txn, session, app.clock.now()).await?;
    txn.commit().await
}

fn outside(request: &Request) -> poem::Error {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Error::NotFound.into();
    }
    let here = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let query = serde_urlencoded::to_string([("suite", here)]).unwrap_or_default();
    let to = format!("/connexion?{query}");
    poem::Error::from_response(see_other(&to))
}

/// The kind of browser, as its owner knows it.
pub(super) struct Device(pub(super) String);

impl<'a> FromRequest<'a> for Device {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        Ok(Self(session::device(request.header(header::USER_AGENT).unwrap_or_default())))
    }
}

/// The cookie of a browser that asked for a sign-in mail.
pub(super) struct AskedBy(pub(super) Option<String>);

/// The browser that asked for a sign-in mail.
pub(super) const ASKED: Cookie = Cookie("sign-in");

impl<'a> FromRequest<'a> for AskedBy {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let app = <&App>::from_request(request, body).await?;
        Ok(Self(ASKED.token(request.headers(), &app.config).map(ToOwned::to_owned)))
    }
}

/// The session's cookie, whether it still names one or not.
pub(super) struct SessionCookie(pub(super) Option<String>);

impl<'a> FromRequest<'a> for SessionCookie {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let app = <&App>::from_request(request, body).await?;
        Ok(Self(cookie(request, app).map(ToOwned::to_owned)))
    }
}

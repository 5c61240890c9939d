//! Who asks: the person whose session the browser's cookie names. A page that is not for everybody takes a [`SignedIn`] or
//! an [`Organiser`], so that nobody forgets to look.

use poem::{
    FromRequest, Request, RequestBody,
    http::{Method, StatusCode, header},
};
use sea_orm::DbErr;

use super::access_rule::lets_organise;
use super::api_token::{self, ApiToken, Scope};
use super::person::Person;
use super::session::{self, Session};
use crate::app::App;
use crate::web::{Cookie, Error, SESSION, see_other, signed_out};

/// Whoever is signed in. A stranger who reads is led to the sign-in page and back; one who sends is told that nothing is kept.
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

/// Somebody who has shown her mailbox and not yet her second factor: nothing but the page that asks for it is hers.
pub(super) struct Halfway {
    pub(super) person: Person,
    pub(super) session: Session,
}

/// A program that shows a token, and whose token it is.
#[derive(Clone, Debug)]
pub struct Program {
    /// Whose.
    pub person: Person,
    token: ApiToken,
    may_organise: bool,
}

impl<'a> FromRequest<'a> for SignedIn {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        match found(request, body).await? {
            Some((session, person)) if !session.awaits_second_factor => Ok(Self { person, session }),
            Some(_) => Err(outside(request, body, "/connexion/second-facteur").await),
            None => Err(outside(request, body, "/connexion").await),
        }
    }
}

/// Whoever is signed in, on a page that is for everybody.
#[derive(Clone, Debug)]
pub struct SignedInOrNot(pub Option<SignedIn>);

impl<'a> FromRequest<'a> for SignedInOrNot {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let found = found(request, body).await?.filter(|(session, _)| !session.awaits_second_factor);
        Ok(Self(found.map(|(session, person)| SignedIn { person, session })))
    }
}

impl<'a> FromRequest<'a> for Halfway {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        match found(request, body).await? {
            Some((session, person)) if session.awaits_second_factor => Ok(Self { person, session }),
            _ => Err(poem::Error::from_response(see_other("/connexion"))),
        }
    }
}

impl<'a> FromRequest<'a> for Organiser {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let SignedIn { person, .. } = SignedIn::from_request(request, body).await?;
        if !person.is_organiser {
            return Err(Error::NotFound.into());
        }
        let app = <&App>::from_request(request, body).await?;
        if !may_organise(app, &person).await? {
            return Err(if reads(request) {
                led(request, "/mon-espace/second-facteur")
            } else {
                Error::NotFound.into()
            });
        }
        Ok(Self(person))
    }
}

impl<'a> FromRequest<'a> for Program {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let app = <&App>::from_request(request, body).await?;
        let shown = request.header(header::AUTHORIZATION).and_then(|value| value.split_once(' '));
        let Some((_, text)) = shown.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Bearer")) else {
            return Err(unknown_token().into());
        };
        let broken = Error::broken("reading an API token");
        let Some((token, person)) = api_token::of_text(&app.db, text.trim()).await.map_err(broken)? else {
            return Err(unknown_token().into());
        };
        if api_token::is_stale(&token, app.clock.now())
            && let Err(error) = note_use(app, &token).await
        {
            tracing::warn!(%error, "a use of a token was not noted");
        }
        let may_organise = may_organise(app, &person).await?;
        Ok(Self { person, token, may_organise })
    }
}

impl Program {
    /// Goes on when the token has this scope, and its person may still do that.
    ///
    /// # Errors
    /// 403 when not.
    pub fn may(&self, scope: Scope) -> Result<(), Error> {
        let allowed = self.may_organise || !scope.is_for_organisers();
        if allowed && self.token.scopes().any(|held| held == scope) {
            return Ok(());
        }
        Err(Error::Forbidden(format!("Cette clé n’a pas le droit « {scope} ».").into()))
    }

    /// What its person calls the token.
    #[must_use]
    pub fn token_name(&self) -> &str {
        &self.token.name
    }

    /// What the token may do.
    pub fn scopes(&self) -> impl Iterator<Item = Scope> {
        self.token.scopes()
    }
}

async fn may_organise(app: &App, person: &Person) -> Result<bool, Error> {
    lets_organise(&app.db, person).await.map_err(Error::broken("reading who may organise"))
}

fn unknown_token() -> Error {
    let sentence = "Il manque une clé d’accès valable : Authorization: Bearer ml_….";
    Error::Refused { status: StatusCode::UNAUTHORIZED, sentence: sentence.into() }
}

async fn note_use(app: &App, token: &ApiToken) -> Result<(), DbErr> {
    let txn = app.write().await?;
    api_token::note(&txn, token, app.clock.now()).await?;
    txn.commit().await
}

/// The cookie that names a session.
pub(super) fn cookie<'a>(request: &'a Request, app: &App) -> Option<&'a str> {
    SESSION.token(request.headers(), &app.config)
}

async fn found(request: &Request, body: &mut RequestBody) -> poem::Result<Option<(Session, Person)>> {
    let app = <&App>::from_request(request, body).await?;
    let Some(token) = cookie(request, app) else { return Ok(None) };
    Ok(find(app, token).await.map_err(Error::broken("reading a session"))?)
}

async fn find(app: &App, token: &str) -> Result<Option<(Session, Person)>, DbErr> {
    let now = app.clock.now();
    let Some((session, person)) = session::of_token(&app.db, token, now).await? else { return Ok(None) };
    if session::is_stale(&session, now)
        && let Err(error) = note(app, &session).await
    {
        // A long import may hold the database: the page is worth more than the hour of the visit.
        tracing::warn!(%error, "a visit was not noted");
    }
    Ok(Some((session, person)))
}

async fn note(app: &App, session: &Session) -> Result<(), DbErr> {
    let txn = app.write().await?;
    session::note(&txn, session, app.clock.now()).await?;
    txn.commit().await
}

/// Whoever reads is led to where the door is, and comes back afterwards; who sends is shown the door, and what was written.
async fn outside(request: &Request, body: &mut RequestBody, door: &str) -> poem::Error {
    if reads(request) {
        return led(request, door);
    }
    signed_out(request, body, door).await.map_or_else(|error| error, poem::Error::from_response)
}

fn reads(request: &Request) -> bool {
    matches!(*request.method(), Method::GET | Method::HEAD)
}

/// Led to a door, and back here afterwards.
fn led(request: &Request, door: &str) -> poem::Error {
    let here = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let query = serde_urlencoded::to_string([("suite", here)]).unwrap_or_default();
    poem::Error::from_response(see_other(&format!("{door}?{query}")))
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

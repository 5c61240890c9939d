//! Leaving for the provider of identities, and coming back.

use std::sync::Arc;

use askama::Template;
use poem::http::StatusCode;
use poem::web::Data;
use poem::{FromRequest, Request, RequestBody, Response, handler};
use serde::Deserialize;

use super::departure::{self, Proofs, VALID};
use super::failure::Failure;
use super::identity::{self, Outside};
use super::provider::Provider;
use crate::accounts::pages::sign_in::{Entrance, HOME, Typed, enter};
use crate::accounts::sign_in;
use crate::accounts::visit::{Device, SessionCookie};
use crate::app::{App, TooMany};
use crate::mail::EmailAddress;
use crate::web::{Cookie, Error, Form, Frame, Result, Visitor, filters, page, page_with, private};

/// The browser that left for the provider.
const LEFT: Cookie = Cookie("open-id");

/// The cookie of a browser that left for the provider.
pub(crate) struct LeftBy(Option<String>);

impl<'a> FromRequest<'a> for LeftBy {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let app = <&App>::from_request(request, body).await?;
        Ok(Self(LEFT.token(request.headers(), &app.config).map(ToOwned::to_owned)))
    }
}

/// What the provider sends back with the browser.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Returned {
    code: String,
    state: String,
    error: String,
}

/// Why somebody comes back and is not let in.
enum Trouble {
    /// It was used, is too old, or another browser began it.
    Over,
    /// The provider does not want to, or the person does not.
    Declined,
    /// The provider does not answer, or what it answers proves nothing.
    Broken,
    /// The provider answers for no address.
    NoAddress,
    /// Nobody has this address.
    Unknown(EmailAddress),
}

#[derive(Template)]
#[template(path = "accounts/departure.html")]
struct LeavePage {
    way: String,
    frame: Frame,
}

#[derive(Template)]
#[template(path = "accounts/not_in.html")]
struct NotInPage {
    trouble: Trouble,
    /// The sign-in page, which leads on to where the person was going.
    again: String,
    frame: Frame,
}

/// `POST /connexion/fournisseur`: shows the way out rather than redirect, since the security policy lets no form of ours lead to
/// another site, be it by a redirect.
#[handler]
pub(crate) async fn leave(
    app: Data<&App>,
    provider: Data<&Option<Arc<Provider>>>,
    Visitor(address): Visitor,
    frame: Frame,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let provider = provider.as_ref().ok_or(Error::NotFound)?;
    let browser = app.random.token();
    let (proofs, now) = (Proofs::of(&browser), app.clock.now());
    let txn = app.write().await?;
    let may = sign_in::count_sender(&txn, address, now).await?;
    txn.commit().await?;
    if !may {
        return Err(Error::TooMany(TooMany { retry_after: 3600 }));
    }
    let way = match asked(provider, move |provider| provider.way_out(&proofs, now)).await? {
        Ok(way) => way.into(),
        Err(failure) => return broken(&failure, typed.next(), frame),
    };
    let next = Some(typed.next()).filter(|next| next.len() <= 2000).unwrap_or(HOME);
    let txn = app.write().await?;
    departure::begin(&txn, &browser, next, now).await?;
    txn.commit().await?;
    let mut response = private(page(&LeavePage { way, frame })?);
    LEFT.set(&mut response, &app.config, &browser, u32::try_from(VALID.num_seconds()).ok());
    Ok(response)
}

/// `GET /connexion/fournisseur/retour`: the one address that is read and lets somebody in, as the protocol has it. Nobody else's
/// link does: it takes the cookie of the browser that left, the state made from that cookie, and works once.
#[handler]
pub(crate) async fn come_back(
    app: Data<&App>,
    provider: Data<&Option<Arc<Provider>>>,
    LeftBy(browser): LeftBy,
    SessionCookie(before): SessionCookie,
    Device(device): Device,
    frame: Frame,
) -> Result<Response> {
    let provider = provider.as_ref().ok_or(Error::NotFound)?;
    let query = frame.uri().query().unwrap_or_default();
    let returned: Returned = serde_urlencoded::from_str(query).unwrap_or_default();
    let Some(browser) = browser else { return outside(Trouble::Over, HOME, frame) };
    let (proofs, now) = (Proofs::of(&browser), app.clock.now());
    if returned.state != proofs.state {
        return outside(Trouble::Over, HOME, frame);
    }
    let txn = app.write().await?;
    let departed = departure::end(&txn, &browser, now).await?;
    txn.commit().await?;
    let Some(next) = departed else { return outside(Trouble::Over, HOME, frame) };
    if returned.code.is_empty() {
        let error: String = returned.error.chars().filter(|c| c.is_ascii_lowercase() || *c == '_').take(60).collect();
        tracing::info!(error, "the provider of identities lets nobody in");
        return outside(Trouble::Declined, &next, frame);
    }
    let arrival = match asked(provider, move |provider| provider.arrival(&returned.code, &proofs, now)).await? {
        Ok(arrival) => arrival,
        Err(failure) => return broken(&failure, &next, frame),
    };
    let txn = app.write().await?;
    let person = match identity::recognise(&txn, arrival, now).await? {
        Ok(person) => person,
        Err(Outside::NoAddress) => return outside(Trouble::NoAddress, &next, frame),
        Err(Outside::Unknown(email)) => return outside(Trouble::Unknown(email), &next, frame),
    };
    let entrance = Entrance { person, before: before.as_deref(), device: &device, next: &next, is_kept: true };
    let mut response = enter(&app, txn, entrance).await?;
    LEFT.take(&mut response, &app.config);
    Ok(response)
}

/// Asks the provider where waiting for it holds up nobody else.
async fn asked<T: Send + 'static>(
    provider: &Arc<Provider>,
    question: impl FnOnce(&Provider) -> T + Send + 'static,
) -> Result<T> {
    let provider = Arc::clone(provider);
    let answer = tokio::task::spawn_blocking(move || question(&provider)).await;
    answer.map_err(Error::broken("asking the provider of identities"))
}

fn broken(failure: &Failure, next: &str, frame: Frame) -> Result<Response> {
    let cause = std::error::Error::source(failure).map(ToString::to_string);
    tracing::warn!(%failure, cause, "the provider of identities does not say who somebody is");
    outside(Trouble::Broken, next, frame)
}

fn outside(trouble: Trouble, next: &str, frame: Frame) -> Result<Response> {
    let status = match trouble {
        Trouble::Broken => StatusCode::BAD_GATEWAY,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let query = serde_urlencoded::to_string([("suite", next)]).unwrap_or_default();
    Ok(private(page_with(status, &NotInPage { trouble, again: format!("/connexion?{query}"), frame })?))
}

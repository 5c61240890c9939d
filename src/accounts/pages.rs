//! Signing in by mail, one's own page, one's browsers.

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Response, handler};
use sea_orm::DatabaseTransaction;
use serde::Deserialize;

use super::sign_in::{self, Closed, NoMail};
use super::visit::{ASKED, AskedBy, Device, SessionCookie, SignedIn};
use super::{mail, person, session};
use crate::app::App;
use crate::mail::EmailAddress;
use crate::web::{
    Csrf, Error, FieldErrors, Form, Frame, Result, SESSION, Visitor, filters, page, page_with, private,
    see_other as see,
};

/// Where one goes when nothing else is said.
pub(super) const HOME: &str = "/mon-espace";
/// How long a browser keeps its session's cookie; the session itself ends after 30 idle days.
const KEPT: u32 = 400 * 24 * 3600;
/// How long it keeps the cookie that lets it use the code.
const ASKED_FOR: u32 = 15 * 60;

/// What was typed, and where the person was going.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    courriel: String,
    code: String,
    nom: String,
    suite: String,
}

impl Typed {
    /// A page of this site to go on to; addresses of others are not followed.
    pub(super) fn next(&self) -> &str {
        let path = self.suite.as_str();
        let ours = path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n', '\t']);
        if ours { path } else { HOME }
    }
}

#[derive(Template)]
#[template(path = "accounts/sign_in.html")]
struct SignInPage {
    typed: Typed,
    errors: FieldErrors,
    csrf: Csrf,
    frame: Frame,
}

#[derive(Template)]
#[template(path = "accounts/code.html")]
struct CodePage {
    email: String,
    typed: Typed,
    errors: FieldErrors,
    csrf: Csrf,
    frame: Frame,
}

#[derive(Template)]
#[template(path = "accounts/link.html")]
struct LinkPage {
    link: String,
    email: String,
    csrf: Csrf,
    frame: Frame,
}

#[derive(Template)]
#[template(path = "accounts/closed.html")]
struct ClosedPage {
    frame: Frame,
}

#[derive(Template)]
#[template(path = "accounts/home.html")]
struct HomePage {
    person: person::Person,
    csrf: Csrf,
    frame: Frame,
}

#[derive(Template)]
#[template(path = "accounts/devices.html")]
struct DevicesPage {
    own: i64,
    sessions: Vec<(session::Session, String)>,
    csrf: Csrf,
    frame: Frame,
}

/// `GET /connexion`
#[handler]
pub(crate) fn sign_in_form(frame: Frame, csrf: Csrf) -> Result<Response> {
    let typed: Typed = serde_urlencoded::from_str(frame.uri().query().unwrap_or_default()).unwrap_or_default();
    let typed = Typed { suite: typed.suite, ..Typed::default() };
    page(&SignInPage { typed, errors: FieldErrors::default(), csrf, frame })
}

/// `POST /connexion`
#[handler]
pub(crate) async fn ask(
    app: Data<&App>,
    frame: Frame,
    csrf: Csrf,
    Visitor(address): Visitor,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    let Ok(email) = EmailAddress::parse(&typed.courriel) else {
        errors.add("courriel", "Écrivez votre adresse de courriel, par exemple cuisine@college.fr.");
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &SignInPage { typed, errors, csrf, frame });
    };
    if let Err(too_many) = app.limits.count_sign_in(address) {
        let minutes = too_many.retry_after.div_ceil(60);
        errors.add(
            "courriel",
            format!("Beaucoup de codes ont été demandés depuis votre connexion. Réessayez dans {minutes} min."),
        );
        return page_with(StatusCode::TOO_MANY_REQUESTS, &SignInPage { typed, errors, csrf, frame });
    }
    let browser = app.random.token();
    let now = app.clock.now();
    let txn = app.write().await?;
    match sign_in::ask(&txn, &email, &browser, &app.random, now).await? {
        Ok((secrets, person)) => {
            mail::sign_in(&txn, &app, &email, &secrets, person.is_some())
                .await
                .map_err(Error::broken("writing a sign-in mail"))?;
            txn.commit().await?;
        }
        Err(NoMail::TooMany) => {
            txn.commit().await?;
            errors.add("courriel", "Plusieurs messages sont déjà partis à cette adresse. Utilisez le dernier reçu, ou réessayez dans une heure.");
            return page_with(StatusCode::TOO_MANY_REQUESTS, &SignInPage { typed, errors, csrf, frame });
        }
    }
    let mut response = see(&with_next("/connexion/code", &typed));
    ASKED.set(&mut response, &app.config, &browser, Some(ASKED_FOR));
    Ok(response)
}

/// `GET /connexion/code`
#[handler]
pub(crate) async fn code_form(
    app: Data<&App>,
    frame: Frame,
    csrf: Csrf,
    AskedBy(browser): AskedBy,
) -> Result<Response> {
    let typed: Typed = serde_urlencoded::from_str(frame.uri().query().unwrap_or_default()).unwrap_or_default();
    show_code(&app, frame, csrf, browser, Typed { suite: typed.suite, ..Typed::default() }, FieldErrors::default())
        .await
}

/// `POST /connexion/code`
#[handler]
pub(crate) async fn use_code(
    app: Data<&App>,
    frame: Frame,
    csrf: Csrf,
    AskedBy(browser): AskedBy,
    SessionCookie(before): SessionCookie,
    Device(device): Device,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let code: String = typed.code.chars().filter(char::is_ascii_digit).collect();
    let mut errors = FieldErrors::default();
    if code.len() != 6 {
        errors.add("code", "Le code a six chiffres. Recopiez-le du message reçu.");
        return show_code(&app, frame, csrf, browser, typed, errors).await;
    }
    let browser_token = browser.clone().unwrap_or_default();
    let txn = app.write().await?;
    match sign_in::use_code(&txn, &code, &browser_token, app.clock.now()).await? {
        Ok(person) => enter(&app, txn, person, before.as_deref(), &device, typed.next()).await,
        Err(closed) => {
            txn.commit().await?;
            match closed {
                Closed::Wrong { left: 1 } => errors.add("code", "Ce n’est pas le bon code. Il vous reste un essai."),
                Closed::Wrong { left } => {
                    errors.add("code", format!("Ce n’est pas le bon code. Il vous reste {left} essais."));
                }
                Closed::Over => return closed_page(frame),
            }
            show_code(&app, frame, csrf, browser, typed, errors).await
        }
    }
}

/// `GET /connexion/lien/{link}`: shows a button; nothing is used yet, since mail programs open links by themselves.
#[handler]
pub(crate) async fn link_form(app: Data<&App>, Path(link): Path<String>, frame: Frame, csrf: Csrf) -> Result<Response> {
    match sign_in::of_link(&app.db, &link, app.clock.now()).await? {
        Some(way) if way.person_id.is_some() => Ok(private(page(&LinkPage { link, email: way.email, csrf, frame })?)),
        _ => closed_page(frame),
    }
}

/// `POST /connexion/lien/{link}`
#[handler]
pub(crate) async fn use_link(
    app: Data<&App>,
    Path(link): Path<String>,
    frame: Frame,
    SessionCookie(before): SessionCookie,
    Device(device): Device,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let txn = app.write().await?;
    match sign_in::use_link(&txn, &link, app.clock.now()).await? {
        Ok(person) => enter(&app, txn, person, before.as_deref(), &device, typed.next()).await,
        Err(_) => closed_page(frame),
    }
}

/// `POST /deconnexion`
#[handler]
pub(crate) async fn sign_out(app: Data<&App>, SessionCookie(token): SessionCookie, _: Form<Typed>) -> Result<Response> {
    if let Some(token) = token {
        let txn = app.write().await?;
        session::close(&txn, &token).await?;
        txn.commit().await?;
    }
    let mut response = see("/");
    SESSION.take(&mut response, &app.config);
    Ok(response)
}

/// `GET /mon-espace`
#[handler]
pub(crate) fn home(signed_in: SignedIn, frame: Frame, csrf: Csrf) -> Result<Response> {
    Ok(private(page(&HomePage { person: signed_in.person, csrf, frame })?))
}

/// `POST /mon-espace/nom`
#[handler]
pub(crate) async fn rename(app: Data<&App>, signed_in: SignedIn, Form(typed): Form<Typed>) -> Result<Response> {
    let txn = app.write().await?;
    person::rename(&txn, &signed_in.person, &typed.nom).await?;
    txn.commit().await?;
    Ok(see("/mon-espace?fait=nom"))
}

/// `GET /mon-espace/appareils`
#[handler]
pub(crate) async fn devices(app: Data<&App>, signed_in: SignedIn, frame: Frame, csrf: Csrf) -> Result<Response> {
    let sessions = session::of_person(&app.db, &signed_in.person, app.clock.now()).await?;
    let told = |session: session::Session| {
        let seen = session.last_seen_at.with_timezone(&app.config.time_zone);
        let words = crate::web::french::date(seen.date_naive());
        (session, words)
    };
    let sessions = sessions.into_iter().map(told).collect();
    Ok(private(page(&DevicesPage { own: signed_in.session.id, sessions, csrf, frame })?))
}

/// `POST /mon-espace/appareils/{id}/fin`
#[handler]
pub(crate) async fn revoke(
    app: Data<&App>,
    signed_in: SignedIn,
    Path(id): Path<i64>,
    _: Form<Typed>,
) -> Result<Response> {
    let txn = app.write().await?;
    let ended = session::revoke(&txn, &signed_in.person, id).await?;
    txn.commit().await?;
    if !ended {
        return Err(Error::NotFound);
    }
    Ok(see(if id == signed_in.session.id { "/" } else { "/mon-espace/appareils?fait=fin" }))
}

/// The code's form while the mail is awaited; without a mail, the way to ask for one.
async fn show_code(
    app: &App,
    frame: Frame,
    csrf: Csrf,
    browser: Option<String>,
    typed: Typed,
    errors: FieldErrors,
) -> Result<Response> {
    let awaited = match &browser {
        Some(browser) => sign_in::awaited(&app.db, browser, app.clock.now()).await?,
        None => None,
    };
    let Some(way) = awaited else { return Ok(see(&with_next("/connexion", &typed))) };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(private(page_with(status, &CodePage { email: way.email, typed, errors, csrf, frame })?))
}

fn closed_page(frame: Frame) -> Result<Response> {
    page_with(StatusCode::GONE, &ClosedPage { frame })
}

/// Signs the browser in and leads it on.
pub(super) async fn enter(
    app: &App,
    txn: DatabaseTransaction,
    person: i64,
    before: Option<&str>,
    device: &str,
    next: &str,
) -> Result<Response> {
    let token = app.random.token();
    session::open(&txn, person, &token, before, device, app.clock.now()).await?;
    txn.commit().await?;
    let mut response = see(next);
    SESSION.set(&mut response, &app.config, &token, Some(KEPT));
    ASKED.take(&mut response, &app.config);
    Ok(response)
}

fn with_next(path: &str, typed: &Typed) -> String {
    if typed.next() == HOME {
        return path.to_owned();
    }
    format!("{path}?{}", serde_urlencoded::to_string([("suite", typed.next())]).unwrap_or_default())
}

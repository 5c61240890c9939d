//! Signing in by mail: the address, the code, the link; signing out.

use std::net::IpAddr;

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Response, handler};
use sea_orm::DatabaseTransaction;
use serde::Deserialize;

use crate::accounts::person::Person;
use crate::accounts::session::{self, Opening};
use crate::accounts::sign_in::{self, Closed, NoMail};
use crate::accounts::visit::{ASKED, AskedBy, Device, SessionCookie, SignedInOrNot};
use crate::accounts::{mail, second_factor};
use crate::app::App;
use crate::mail::{EmailAddress, first_about};
use crate::web::{
    Csrf, FieldErrors, Form, Frame, Result, SESSION, Visitor, filters, page, page_with, private, see_other as see,
};

/// Where one goes when nothing else is said.
pub(in crate::accounts) const HOME: &str = "/mon-espace";
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
    suite: String,
    /// `partage` on a computer that others use.
    appareil: String,
}

impl Typed {
    /// A page of this site to go on to; addresses of others are not followed.
    pub(in crate::accounts) fn next(&self) -> &str {
        next(&self.suite)
    }

    fn entrance<'a>(&'a self, person: i64, before: Option<&'a str>, device: &'a str) -> Entrance<'a> {
        Entrance { person, before, device, next: self.next(), is_kept: self.appareil != "partage" }
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
    /// What became of the mail.
    news: Option<String>,
    /// Whether more is to be known soon.
    is_on_its_way: bool,
    typed: Typed,
    errors: FieldErrors,
    csrf: Csrf,
    frame: Frame,
}

impl CodePage {
    /// Whether one comes to register: then any address gets a code.
    fn registers(&self) -> bool {
        self.typed.next().ends_with("/inscription")
    }

    /// Where another code is asked for.
    fn again(&self) -> String {
        door("/connexion", self.typed.next())
    }
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
    /// Whether this browser is signed in all the same.
    is_in: bool,
    /// Where the person was going.
    next: String,
    frame: Frame,
}

impl ClosedPage {
    /// Where another code is asked for.
    fn again(&self) -> String {
        door("/connexion", &self.next)
    }

    fn leads_home(&self) -> bool {
        self.next == HOME
    }
}

/// `GET /connexion`; who is in already is led on.
#[handler]
pub(crate) fn sign_in_form(SignedInOrNot(signed_in): SignedInOrNot, frame: Frame, csrf: Csrf) -> Result<Response> {
    let typed: Typed = serde_urlencoded::from_str(frame.uri().query().unwrap_or_default()).unwrap_or_default();
    let typed = Typed { suite: typed.suite, ..Typed::default() };
    if signed_in.is_some() {
        return Ok(see(typed.next()));
    }
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
    match send_code(&app, &email, address, typed.next(), Knock::ToComeIn).await? {
        Ok(response) => Ok(response),
        Err(sentence) => {
            errors.add("courriel", sentence);
            page_with(StatusCode::TOO_MANY_REQUESTS, &SignInPage { typed, errors, csrf, frame })
        }
    }
}

/// Why somebody asks for a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Knock {
    /// She has an account, or was invited.
    ToComeIn,
    /// She may be unknown: her address, once proven, is an account.
    ToRegister,
}

/// Sends a code and a link to an address and leads the browser to the page that waits for the code, which leads on to
/// `next`; or says why no mail leaves.
///
/// # Errors
/// When the mail cannot be written down.
pub(crate) async fn send_code(
    app: &App,
    email: &EmailAddress,
    sender: IpAddr,
    next: &str,
    knock: Knock,
) -> Result<std::result::Result<Response, &'static str>> {
    let browser = app.random.token();
    let now = app.clock.now();
    let txn = app.write().await?;
    let opens_account = knock == Knock::ToRegister;
    let asked = sign_in::ask(&txn, email, (&browser, sender), opens_account, &app.random, now).await?;
    let (secrets, is_known) = match asked {
        Ok(made) => made,
        Err(refusal) => {
            txn.commit().await?;
            return Ok(Err(match refusal {
                NoMail::TooMany => {
                    "Plusieurs messages sont déjà partis à cette adresse. Ouvrez le lien du dernier message reçu\u{a0}: il sert sur n’importe quel appareil. Sinon, réessayez dans une heure."
                }
                NoMail::SenderTooMany => {
                    "Beaucoup de codes ont été demandés depuis votre connexion. Réessayez dans une heure."
                }
            }));
        }
    };
    mail::sign_in(&txn, app, email, &secrets, is_known).await?;
    txn.commit().await?;
    let mut response = see(&door("/connexion/code", next));
    ASKED.set(&mut response, &app.config, &browser, Some(ASKED_FOR));
    Ok(Ok(response))
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
    let typed = Typed { suite: typed.suite, ..Typed::default() };
    let to_ask = see(&door("/connexion", typed.next()));
    let shown = show_code(&app, frame, csrf, browser, typed, FieldErrors::default()).await?;
    Ok(shown.unwrap_or(to_ask))
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
    if code.len() == 6 {
        let browser_token = browser.clone().unwrap_or_default();
        let txn = app.write().await?;
        match sign_in::use_code(&txn, &code, &browser_token, app.clock.now()).await? {
            Ok(person) => return enter(&app, txn, typed.entrance(person, before.as_deref(), &device)).await,
            Err(closed) => {
                txn.commit().await?;
                match wrong_code(closed) {
                    Some(sentence) => errors.add("code", sentence),
                    None => return closed_page(&app, before.as_deref(), typed.next(), frame).await,
                }
            }
        }
    } else {
        errors.add("code", "Le code a six chiffres. Recopiez-le du message reçu.");
    }
    let next = typed.next().to_owned();
    match show_code(&app, frame.clone(), csrf, browser, typed, errors).await? {
        Some(shown) => Ok(shown),
        None => closed_page(&app, before.as_deref(), &next, frame).await,
    }
}

/// What is said beside a code that lets nobody in; nothing when only another mail helps.
fn wrong_code(closed: Closed) -> Option<String> {
    match closed {
        Closed::Wrong { left: 1 } => Some("Ce n’est pas le bon code. Il vous reste un essai.".to_owned()),
        Closed::Wrong { left } => Some(format!("Ce n’est pas le bon code. Il vous reste {left} essais.")),
        Closed::TooMany => Some(
            "Trop de codes faux ont été tapés pour cette adresse aujourd’hui. Ouvrez plutôt le lien du message."
                .to_owned(),
        ),
        Closed::Over => None,
    }
}

/// `GET /connexion/lien/{link}`: shows a button; nothing is used yet, since mail programs open links by themselves.
#[handler]
pub(crate) async fn link_form(
    app: Data<&App>,
    Path(link): Path<String>,
    SessionCookie(session): SessionCookie,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    match sign_in::of_link(&app.db, &link, app.clock.now()).await? {
        Some(way) if sign_in::admits(&app.db, &way, app.clock.now()).await? => {
            Ok(private(page(&LinkPage { link, email: way.email, csrf, frame })?))
        }
        _ => closed_page(&app, session.as_deref(), HOME, frame).await,
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
    if let Ok(person) = sign_in::use_link(&txn, &link, app.clock.now()).await? {
        return enter(&app, txn, typed.entrance(person, before.as_deref(), &device)).await;
    }
    drop(txn);
    closed_page(&app, before.as_deref(), typed.next(), frame).await
}

/// `POST /deconnexion`: leads to the first page, or on to where somebody else signs in.
#[handler]
pub(crate) async fn sign_out(
    app: Data<&App>,
    SessionCookie(token): SessionCookie,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    if let Some(token) = token {
        let txn = app.write().await?;
        session::close(&txn, &token).await?;
        txn.commit().await?;
    }
    let mut response = see(if typed.suite.is_empty() { "/" } else { typed.next() });
    SESSION.take(&mut response, &app.config);
    Ok(response)
}

/// The code's form while the mail is awaited; nothing without a mail.
async fn show_code(
    app: &App,
    frame: Frame,
    csrf: Csrf,
    browser: Option<String>,
    typed: Typed,
    errors: FieldErrors,
) -> Result<Option<Response>> {
    let awaited = match &browser {
        Some(browser) => sign_in::awaited(&app.db, browser, app.clock.now()).await?,
        None => None,
    };
    let Some(way) = awaited else { return Ok(None) };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let mail = first_about(&app.db, &mail::SIGN_IN_KINDS, &[format!("sign_in/{}", way.id)]).await?.into_values().next();
    let (news, is_on_its_way) =
        (mail.as_ref().map(|mail| mail.news(app)), mail.is_some_and(|mail| mail.is_on_its_way()));
    let view = CodePage { email: way.email, news, is_on_its_way, typed, errors, csrf, frame };
    Ok(Some(private(page_with(status, &view)?)))
}

/// Says that a link or a code is over, and whether this browser is in all the same; either way leads on to `next`.
async fn closed_page(app: &App, session: Option<&str>, next: &str, frame: Frame) -> Result<Response> {
    let is_in = who_is_in(app, session).await?.is_some();
    page_with(StatusCode::GONE, &ClosedPage { is_in, next: next.to_owned(), frame })
}

/// Who is signed in by the cookie of a session; nobody who has still to show a second factor.
pub(super) async fn who_is_in(app: &App, session: Option<&str>) -> Result<Option<Person>> {
    let Some(token) = session else { return Ok(None) };
    let found = session::of_token(&app.db, token, app.clock.now()).await?;
    Ok(found.and_then(|(session, person)| (!session.awaits_second_factor).then_some(person)))
}

/// Somebody who has shown who she is.
#[derive(Clone, Copy, Debug)]
pub(in crate::accounts) struct Entrance<'a> {
    /// Who.
    pub person: i64,
    /// The cookie of the session this browser had.
    pub before: Option<&'a str>,
    /// `Firefox sur Windows`.
    pub device: &'a str,
    /// Where she was going: a path of this site.
    pub next: &'a str,
    /// Whether the browser is hers alone.
    pub is_kept: bool,
}

/// Signs the browser in and leads it on, by the second factor of who has one.
pub(in crate::accounts) async fn enter(
    app: &App,
    txn: DatabaseTransaction,
    entrance: Entrance<'_>,
) -> Result<Response> {
    let Entrance { person, before, device, next, is_kept } = entrance;
    let awaits_second_factor = second_factor::is_active(&txn, person).await?;
    let to = if awaits_second_factor { door("/connexion/second-facteur", next) } else { next.to_owned() };
    let token = &app.random.token();
    let opening = Opening { person, token, before, device, awaits_second_factor, is_kept };
    session::open(&txn, opening, app.clock.now()).await?;
    txn.commit().await?;
    let mut response = signed_in(app, &to, token, is_kept);
    ASKED.take(&mut response, &app.config);
    Ok(response)
}

/// Leads on a browser that holds its session from now on.
pub(super) fn signed_in(app: &App, to: &str, token: &str, is_kept: bool) -> Response {
    let mut response = see(to);
    SESSION.set(&mut response, &app.config, token, is_kept.then_some(KEPT));
    response
}

/// A page on the way to another.
pub(super) fn door(path: &str, next: &str) -> String {
    if next == HOME {
        return path.to_owned();
    }
    format!("{path}?{}", serde_urlencoded::to_string([("suite", next)]).unwrap_or_default())
}

/// A page of this site to go on to; addresses of others are not followed.
pub(super) fn next(path: &str) -> &str {
    let ours = path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n', '\t']);
    if ours { path } else { HOME }
}

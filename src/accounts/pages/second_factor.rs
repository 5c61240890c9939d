//! The second factor: begun, confirmed, asked for at the door, taken off.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Data;
use poem::{Response, handler};
use sea_orm::DatabaseTransaction;
use serde::Deserialize;

use super::sign_in::{next, signed_in};
use crate::accounts::access_rule;
use crate::accounts::note_change;
use crate::accounts::person::Person;
use crate::accounts::second_factor::{self, Checked, Standing};
use crate::accounts::session::{self, Opening};
use crate::accounts::visit::{Device, Halfway, SessionCookie, SignedIn};
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::web::{
    Csrf, FieldErrors, Form, Frame, Result, code_picture, filters, page, page_with, private, see_other as see,
};

const PATH: &str = "/mon-espace/second-facteur";

/// What was typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    code: String,
    suite: String,
}

#[derive(Template)]
#[template(path = "accounts/second_factor/door.html")]
struct DoorPage {
    email: String,
    typed: Typed,
    errors: FieldErrors,
    csrf: Csrf,
    frame: Frame,
}

#[derive(Template)]
#[template(path = "accounts/second_factor/own.html")]
struct OwnPage {
    stage: Stage,
    /// Whether organisers must have one, and this is one of them.
    must: bool,
    typed: Typed,
    errors: FieldErrors,
    csrf: Csrf,
    frame: Frame,
}

impl DoorPage {
    /// Where somebody else signs in.
    fn another(&self) -> String {
        super::sign_in::door("/connexion", next(&self.typed.suite))
    }
}

/// Where the person stands, as the page draws it.
enum Stage {
    None,
    /// Picture for the telephone, the same as text.
    Begun {
        picture: String,
        spelled: String,
    },
    Active {
        codes_left: u64,
    },
}

#[derive(Template)]
#[template(path = "accounts/second_factor/codes.html")]
struct CodesPage {
    codes: Vec<String>,
    /// Whether it was just switched on.
    is_new: bool,
    next: String,
    frame: Frame,
}

/// `GET /connexion/second-facteur`
#[handler]
pub(crate) fn door(halfway: Halfway, frame: Frame, csrf: Csrf) -> Result<Response> {
    let typed: Typed = serde_urlencoded::from_str(frame.uri().query().unwrap_or_default()).unwrap_or_default();
    let typed = Typed { suite: typed.suite, ..Typed::default() };
    let view = DoorPage { email: halfway.person.email, typed, errors: FieldErrors::default(), csrf, frame };
    Ok(private(page(&view)?))
}

/// `POST /connexion/second-facteur`
#[handler]
pub(crate) async fn enter(
    app: Data<&App>,
    halfway: Halfway,
    frame: Frame,
    csrf: Csrf,
    SessionCookie(before): SessionCookie,
    Device(device): Device,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let Halfway { person, session } = halfway;
    let txn = app.write().await?;
    let checked = second_factor::check(&txn, &person, &typed.code, app.clock.now()).await?;
    if checked != Checked::Right {
        txn.commit().await?;
        let (status, errors) = refusal(checked);
        let view = DoorPage { email: person.email, typed, errors, csrf, frame };
        return Ok(private(page_with(status, &view)?));
    }
    let token = app.random.token();
    let opening = Opening {
        person: person.id,
        token: &token,
        before: before.as_deref(),
        device: &device,
        awaits_second_factor: false,
        is_kept: session.is_kept,
    };
    session::open(&txn, opening, app.clock.now()).await?;
    txn.commit().await?;
    Ok(signed_in(&app, next(&typed.suite), &token, session.is_kept))
}

/// `GET /mon-espace/second-facteur`
#[handler]
pub(crate) async fn own(app: Data<&App>, signed_in: SignedIn, frame: Frame, csrf: Csrf) -> Result<Response> {
    let typed: Typed = serde_urlencoded::from_str(frame.uri().query().unwrap_or_default()).unwrap_or_default();
    show(&app, &signed_in.person, typed, FieldErrors::default(), StatusCode::OK, (frame, csrf)).await
}

/// `POST /mon-espace/second-facteur`: a new secret for the telephone.
#[handler]
pub(crate) async fn begin(app: Data<&App>, signed_in: SignedIn, Form(typed): Form<Typed>) -> Result<Response> {
    let txn = app.write().await?;
    second_factor::begin(&txn, &signed_in.person, &app.random, app.clock.now()).await?;
    txn.commit().await?;
    Ok(see(&super::sign_in::door(PATH, next(&typed.suite))))
}

/// `POST /mon-espace/second-facteur/confirmation`: the first code.
#[handler]
pub(crate) async fn confirm(
    app: Data<&App>,
    signed_in: SignedIn,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let (person, now) = (&signed_in.person, app.clock.now());
    if !matches!(second_factor::standing(&app.db, person).await?, Standing::Begun(_)) {
        return Ok(see(PATH));
    }
    let next = next(&typed.suite).to_owned();
    let txn = match prove(&app, person, typed, &frame, csrf).await? {
        Ok(txn) => txn,
        Err(refused) => return Ok(refused),
    };
    let codes = second_factor::confirm(&txn, person, &app.random, now).await?;
    let told = "un second facteur est activé\u{a0}: à chaque connexion, un code de votre téléphone sera demandé";
    let act = Act::new("a activé son second facteur", "");
    note_change(&txn, &app, person, By::Person(person.id), act, told).await?;
    txn.commit().await?;
    Ok(private(page(&CodesPage { codes, is_new: true, next, frame })?))
}

/// `POST /mon-espace/second-facteur/codes`: other codes on paper.
#[handler]
pub(crate) async fn renew_codes(
    app: Data<&App>,
    signed_in: SignedIn,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let (person, now) = (&signed_in.person, app.clock.now());
    if !second_factor::is_active(&app.db, person.id).await? {
        return Ok(see(PATH));
    }
    let txn = match prove(&app, person, typed, &frame, csrf).await? {
        Ok(txn) => txn,
        Err(refused) => return Ok(refused),
    };
    let codes = second_factor::new_recovery_codes(&txn, person, &app.random).await?;
    audit::record(&txn, By::Person(person.id), Act::new("a demandé d’autres codes de secours", ""), now).await?;
    txn.commit().await?;
    Ok(private(page(&CodesPage { codes, is_new: false, next: super::sign_in::HOME.to_owned(), frame })?))
}

/// `POST /mon-espace/second-facteur/retrait`
#[handler]
pub(crate) async fn remove(
    app: Data<&App>,
    signed_in: SignedIn,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let person = &signed_in.person;
    if !second_factor::is_active(&app.db, person.id).await? {
        return Ok(see(PATH));
    }
    let txn = match prove(&app, person, typed, &frame, csrf).await? {
        Ok(txn) => txn,
        Err(refused) => return Ok(refused),
    };
    second_factor::remove(&txn, person.id).await?;
    let told = "votre second facteur est retiré\u{a0}: le courriel suffit de nouveau pour entrer";
    let act = Act::new("a retiré son second facteur", "");
    note_change(&txn, &app, person, By::Person(person.id), act, told).await?;
    txn.commit().await?;
    Ok(see(&format!("{PATH}?fait=retrait")))
}

/// A transaction in which the typed code was right; else the page again. A wrong code is counted.
async fn prove(
    app: &App,
    person: &Person,
    typed: Typed,
    frame: &Frame,
    csrf: Csrf,
) -> Result<Result<DatabaseTransaction, Response>> {
    let txn = app.write().await?;
    let checked = second_factor::check(&txn, person, &typed.code, app.clock.now()).await?;
    if checked == Checked::Right {
        return Ok(Ok(txn));
    }
    txn.commit().await?;
    let (status, errors) = refusal(checked);
    Ok(Err(show(app, person, typed, errors, status, (frame.clone(), csrf)).await?))
}

fn refusal(checked: Checked) -> (StatusCode, FieldErrors) {
    let (status, sentence) = match checked {
        Checked::TooMany => {
            (StatusCode::TOO_MANY_REQUESTS, "Trop de codes faux ont été tapés. Réessayez dans une heure.")
        }
        Checked::Missing => (StatusCode::UNPROCESSABLE_ENTITY, "Tapez le code que votre téléphone affiche."),
        Checked::WrongOnPaper => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "Ce n’est pas l’un de vos codes de secours, ou il a déjà servi. Relisez-le, ou prenez le suivant de votre liste.",
        ),
        Checked::Wrong | Checked::Right => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "Ce n’est pas le bon code, ou il a déjà servi. Attendez le suivant et recopiez-le.",
        ),
    };
    let mut errors = FieldErrors::default();
    errors.add("code", sentence);
    (status, errors)
}

async fn show(
    app: &App,
    person: &Person,
    typed: Typed,
    errors: FieldErrors,
    status: StatusCode,
    (frame, csrf): (Frame, Csrf),
) -> Result<Response> {
    let stage = match second_factor::standing(&app.db, person).await? {
        Standing::None => Stage::None,
        Standing::Begun(secret) => Stage::Begun {
            picture: code_picture(&second_factor::address(&secret, frame.site(), person)),
            spelled: second_factor::spelled(&secret),
        },
        Standing::Active { codes_left } => Stage::Active { codes_left },
    };
    let must = person.is_organiser && access_rule::asks_second_factor(&app.db).await?;
    Ok(private(page_with(status, &OwnPage { stage, must, typed, errors, csrf, frame })?))
}

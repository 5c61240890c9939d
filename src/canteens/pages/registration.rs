//! The first page of a canteen: an address, its name or its line of the registry, and it begins.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Data;
use poem::{Response, handler};
use sea_orm::DatabaseTransaction;
use serde::Deserialize;

use super::{RegistryCanteen, alike, in_department};
use crate::accounts::{self, Knock, OrganisationKind, Person, SignedInOrNot};
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::canteens::{mail, profile, request};
use crate::mail::EmailAddress;
use crate::web::{Csrf, FieldErrors, Form, Frame, Result, Visitor, filters, one_line, page_with, private, see_other};

const PATH: &str = "/cantines/inscription";

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    courriel: String,
    nom: String,
    /// The line of the registry, by its key.
    registre: String,
}

#[derive(Template)]
#[template(path = "canteens/registration.html")]
struct RegistrationPage {
    me: Option<Person>,
    /// Canteens one has already: address and name.
    own: Vec<(String, String)>,
    /// What was looked for in the registry, and what was found with the name of its commune.
    asked: String,
    found: Vec<(RegistryCanteen, String)>,
    /// The canteen that keeps one from beginning another.
    held: Option<Held>,
    typed: Typed,
    errors: FieldErrors,
    csrf: Csrf,
    frame: Frame,
}

/// What was looked for.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    cherche: String,
}

/// Why the form is shown again.
#[derive(Default)]
struct Refused {
    errors: FieldErrors,
    held: Option<Held>,
}

/// The canteen that keeps one from beginning another.
enum Held {
    /// A team of others has it.
    ByOthers(String),
    /// One's own, which no organiser has accepted.
    Waits(String),
}

/// `GET /cantines/inscription`; `?cherche=` looks for it in the registry.
#[handler]
pub(crate) async fn form(
    app: Data<&App>,
    SignedInOrNot(signed_in): SignedInOrNot,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    let me = signed_in.map(|signed_in| signed_in.person);
    draw(&app, StatusCode::OK, me, Typed::default(), Refused::default(), frame, csrf).await
}

async fn draw(
    app: &App,
    status: StatusCode,
    me: Option<Person>,
    typed: Typed,
    refused: Refused,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    let own = match &me {
        Some(me) => accounts::of_person(&app.db, me.id).await?,
        None => Vec::new(),
    };
    let own = own.into_iter().filter(|team| team.kind == OrganisationKind::Canteen);
    let own = own.map(|team| (format!("/cantine/{}", team.id), team.name)).collect();
    let Asked { cherche: asked } =
        serde_urlencoded::from_str(frame.uri().query().unwrap_or_default()).unwrap_or_default();
    let asked = asked.trim().to_owned();
    let rows = match &me {
        Some(_) if !asked.is_empty() => in_department(&app.db, &app.config.territory).await?,
        _ => Vec::new(),
    };
    let commune =
        |code: Option<&str>| code.and_then(|code| app.places.commune(code)).map(|commune| commune.name.clone());
    let found = alike(app, rows, &asked).into_iter();
    let found = found.map(|row| {
        let commune = commune(row.insee_code.as_deref()).unwrap_or_default();
        (row, commune)
    });
    let Refused { errors, held } = refused;
    let view = RegistrationPage { me, own, asked, found: found.collect(), held, typed, errors, csrf, frame };
    Ok(private(page_with(status, &view)?))
}

/// `POST /cantines/inscription`
#[handler]
pub(crate) async fn begin(
    app: Data<&App>,
    SignedInOrNot(signed_in): SignedInOrNot,
    Visitor(sender): Visitor,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let mut refused = Refused::default();
    let Some(me) = signed_in.map(|signed_in| signed_in.person) else {
        let Ok(email) = EmailAddress::parse(&typed.courriel) else {
            refused.errors.add("courriel", "Écrivez votre adresse de courriel, par exemple cuisine@college.fr.");
            return draw(&app, StatusCode::UNPROCESSABLE_ENTITY, None, typed, refused, frame, csrf).await;
        };
        match accounts::send_code(&app, &email, sender, PATH, Knock::ToRegister).await? {
            Ok(response) => return Ok(response),
            Err(sentence) => refused.errors.add("courriel", sentence),
        }
        return draw(&app, StatusCode::TOO_MANY_REQUESTS, None, typed, refused, frame, csrf).await;
    };
    let row = match typed.registre.as_str() {
        "" => None,
        key => {
            let rows = in_department(&app.db, &app.config.territory).await?;
            rows.into_iter().find(|row| row.registry_key == key)
        }
    };
    let name = row.as_ref().map_or_else(|| one_line(&typed.nom), |row| one_line(&row.name));
    if name.is_empty() || name.chars().count() > 200 {
        refused.errors.add("nom", "Écrivez le nom de votre établissement, en 200 caractères au plus.");
        return draw(&app, StatusCode::UNPROCESSABLE_ENTITY, Some(me), typed, refused, frame, csrf).await;
    }
    match found(&app, &me, &name, row.as_ref()).await? {
        Ok(path) => Ok(see_other(&path)),
        Err(held) => {
            refused.held = Some(held);
            draw(&app, StatusCode::CONFLICT, Some(me), typed, refused, frame, csrf).await
        }
    }
}

/// Founds the canteen and leads to its first page; or names the one that others hold.
async fn found(
    app: &App,
    me: &Person,
    name: &str,
    row: Option<&RegistryCanteen>,
) -> Result<std::result::Result<String, Held>> {
    let txn = app.write().await?;
    // Pressed twice, there is one.
    accounts::lock_person(&txn, me.id).await?;
    let own = accounts::of_person(&txn, me.id).await?;
    if let Some(team) = own.iter().find(|team| team.kind == OrganisationKind::Canteen && team.name == name) {
        return Ok(Ok(format!("/cantine/{}", team.id)));
    }
    if let Some(row) = row
        && let Some(holder) = profile::of_registry(&txn, &row.registry_key).await?
    {
        let is_mine = own.iter().any(|team| team.id == holder);
        return Ok(if is_mine { Ok(format!("/cantine/{holder}")) } else { Err(Held::ByOthers(name.to_owned())) });
    }
    // Each one is mailed to the organisers: one at a time.
    for team in own.iter().filter(|team| team.kind == OrganisationKind::Canteen) {
        if request::request_of(&txn, team.id).await?.is_some() {
            return Ok(Err(Held::Waits(team.name.clone())));
        }
    }
    let organisation = team(&txn, app, me, name).await?;
    txn.commit().await?;
    let registry = row.map(|row| format!("?reprendre={}", encoded(&row.registry_key)));
    Ok(Ok(format!("/cantine/{organisation}{}", registry.unwrap_or_default())))
}

async fn team(txn: &DatabaseTransaction, app: &App, me: &Person, name: &str) -> Result<i64> {
    let now = app.clock.now();
    let founded = accounts::found(txn, OrganisationKind::Canteen, name, now).await?;
    accounts::join(txn, founded.id, me.id, now).await?;
    request::ask(txn, founded.id, now).await?;
    mail::waiting(txn, app, founded.id, name, me).await?;
    let act = Act::new("a inscrit une cantine", format!("organisations/{}", founded.id));
    audit::record(txn, By::Person(me.id), act, now).await?;
    Ok(founded.id)
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

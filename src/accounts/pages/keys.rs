//! One's tokens for programs: made, shown once, taken back.

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Deserialize;

use crate::accounts::access_rule::lets_organise;
use crate::accounts::api_token::{self, ApiToken, Scope};
use crate::accounts::issue_token;
use crate::accounts::visit::{Program, SignedIn};
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::web::{
    Csrf, Error, FieldErrors, Form, Frame, Pressed, Result, filters, french, page, page_with, private, see_other as see,
};

const PATH: &str = "/mon-espace/cles";
/// Tokens one person may have.
const MOST: usize = 20;

/// What was typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    nom: String,
    identity: String,
    #[serde(rename = "delivery-status")]
    delivery_status: String,
    meetings: String,
    visits: String,
    registrations: String,
}

impl Typed {
    fn scopes(&self, organises: bool) -> Vec<Scope> {
        let chosen = |scope| match scope {
            Scope::Identity => !self.identity.is_empty(),
            Scope::DeliveryStatus => !self.delivery_status.is_empty(),
            Scope::Meetings => !self.meetings.is_empty(),
            Scope::Visits => !self.visits.is_empty(),
            Scope::Registrations => !self.registrations.is_empty(),
        };
        let open = Scope::ALL.into_iter().filter(|scope| organises || !scope.is_for_organisers());
        open.filter(|scope| chosen(*scope)).collect()
    }
}

#[derive(Template)]
#[template(path = "accounts/keys.html")]
struct KeysPage {
    keys: Vec<Key>,
    scopes: Vec<(Scope, bool)>,
    typed: Typed,
    errors: FieldErrors,
    csrf: Csrf,
    frame: Frame,
}

struct Key {
    id: i64,
    name: String,
    scopes: String,
    made: String,
    used: Option<String>,
}

#[derive(Template)]
#[template(path = "accounts/key.html")]
struct KeyPage {
    name: String,
    text: String,
    frame: Frame,
}

/// `GET /mon-espace/cles`
#[handler]
pub(crate) async fn own(app: Data<&App>, signed_in: SignedIn, frame: Frame, csrf: Csrf) -> Result<Response> {
    show(&app, &signed_in, Typed::default(), FieldErrors::default(), frame, csrf).await
}

async fn show(
    app: &App,
    signed_in: &SignedIn,
    typed: Typed,
    errors: FieldErrors,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    let keys = api_token::of_person(&app.db, signed_in.person.id).await?;
    let keys = keys.into_iter().map(|token| key(app, token)).collect();
    let organises = lets_organise(&app.db, &signed_in.person).await?;
    let chosen = typed.scopes(organises);
    let open = Scope::ALL.into_iter().filter(|scope| organises || !scope.is_for_organisers());
    let scopes = open.map(|scope| (scope, chosen.contains(&scope))).collect();
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(private(page_with(status, &KeysPage { keys, scopes, typed, errors, csrf, frame })?))
}

fn key(app: &App, token: ApiToken) -> Key {
    let day = |at: chrono::DateTime<chrono::Utc>| french::date(app.local(at).date());
    Key {
        id: token.id,
        scopes: token.scopes().map(Scope::label).collect::<Vec<_>>().join(", "),
        made: day(token.created_at),
        used: token.last_used_at.map(day),
        name: token.name,
    }
}

/// `POST /mon-espace/cles`: the token is shown in the answer, and never again.
#[handler]
pub(crate) async fn create(
    app: Data<&App>,
    signed_in: SignedIn,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let person = &signed_in.person;
    let organises = lets_organise(&app.db, person).await?;
    let (name, scopes) = (typed.nom.trim().to_owned(), typed.scopes(organises));
    let mut errors = FieldErrors::default();
    if name.is_empty() || name.chars().count() > 80 {
        errors.add("nom", "Donnez un nom à cette clé, en 80 caractères au plus : le programme qui s’en servira.");
    }
    if scopes.is_empty() {
        errors.add("droits", "Choisissez au moins une chose que cette clé permet.");
    }
    let txn = app.write().await?;
    if api_token::of_person(&txn, person.id).await?.len() >= MOST {
        errors.add("nom", format!("Vous avez déjà {MOST} clés. Retirez d’abord celles qui ne servent plus."));
    }
    if !errors.is_empty() {
        drop(txn);
        return show(&app, &signed_in, typed, errors, frame, csrf).await;
    }
    let text = issue_token(&txn, &app, person, &name, &scopes, By::Person(person.id)).await?;
    txn.commit().await?;
    Ok(private(page(&KeyPage { name, text, frame })?))
}

/// `POST /mon-espace/cles/{id}/retrait`
#[handler]
pub(crate) async fn revoke(
    app: Data<&App>,
    signed_in: SignedIn,
    Path(id): Path<i64>,
    _: Form<Pressed>,
) -> Result<Response> {
    let (person, now) = (&signed_in.person, app.clock.now());
    let txn = app.write().await?;
    if !api_token::revoke(&txn, person, id).await? {
        return Err(Error::NotFound);
    }
    let act = Act::new("a retiré une clé d’accès", format!("api_tokens/{id}"));
    audit::record(&txn, By::Person(person.id), act, now).await?;
    txn.commit().await?;
    Ok(see(&format!("{PATH}?fait=retrait")))
}

/// `GET /api/v1/token`: whose token is shown, and what it may do.
#[handler]
pub(crate) fn identity(program: Program) -> Result<Response> {
    program.may(Scope::Identity)?;
    let scopes: Vec<&str> = program.scopes().map(Scope::code).collect();
    let told = serde_json::json!({
        "name": program.token_name(),
        "person": program.person.called(),
        "is_organiser": program.person.is_organiser,
        "scopes": scopes,
    });
    Ok(private(Response::builder().content_type("application/json").body(told.to_string())))
}

//! Farm visits for programs, version 1. Those that everybody may see need no key; a key of scope `visits` prepares visits and
//! dates, one of scope `registrations` registers people, both of an organiser.

use chrono::{DateTime, TimeDelta, Utc};
use poem::http::{HeaderMap, StatusCode};
use poem::web::{Data, Path};
use poem::{Body, Response, handler};
use sea_orm::ActiveEnum;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::before;
use super::counter::{Asked, Counter};
use super::farm_visit::{self, FarmVisit};
use super::host;
use super::program_answer::{self, Question};
use super::registration::NewRegistration;
use super::visit_date::{self, State, VisitDate};
use crate::accounts::{Program, Scope};
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::mail::EmailAddress;
use crate::web::{Error, Result, one_line, private};

/// What is sent is no longer than this, in bytes.
const LARGEST: usize = 64 * 1024;
/// How long a visit lasts, and how long before it registration ends, when nobody says.
const LASTS: TimeDelta = TimeDelta::hours(3);
const CLOSES_BEFORE: TimeDelta = TimeDelta::hours(24);
/// People of one registration.
const PARTY: std::ops::RangeInclusive<i32> = 1..=50;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VisitSent {
    title: String,
    commune: String,
    #[serde(default)]
    farm: String,
    #[serde(default)]
    address: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DateSent {
    starts_at: DateTime<Utc>,
    places: i32,
    ends_at: Option<DateTime<Utc>>,
    opens_at: Option<DateTime<Utc>>,
    closes_at: Option<DateTime<Utc>>,
    #[serde(default)]
    minimum: i32,
    state: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegistrationSent {
    name: String,
    email: String,
    #[serde(default)]
    organisation: String,
    party_size: i32,
    #[serde(default)]
    may_be_passed: bool,
}

/// `POST /api/v1/farm-visits`: `title`, `commune` (INSEE code); 201 with `id`.
#[handler]
pub(crate) async fn prepare(app: Data<&App>, program: Program, body: Body) -> Result<Response> {
    program.may(Scope::Visits)?;
    let sent: VisitSent = read(body).await?.1;
    let (title, commune) = (one_line(&sent.title), sent.commune.trim());
    within("title", &title, 1, 120)?;
    let known = app.places.commune(commune);
    let known = known.ok_or_else(|| wrong("commune", commune, "le code INSEE d’une commune, comme 43268"))?;
    let mut draft = FarmVisit::new(&title, &known.insee_code.to_string(), app.clock.now());
    (draft.farm, draft.address) = (one_line(&sent.farm), one_line(&sent.address));
    within("farm", &draft.farm, 0, 150)?;
    within("address", &draft.address, 0, 300)?;
    let txn = app.write().await?;
    let visit = farm_visit::write_down(&txn, &draft).await?;
    note(&txn, &app, &program, "a préparé une visite de ferme", &visit).await?;
    txn.commit().await?;
    Ok(answered(StatusCode::CREATED, &json!({ "id": visit.id, "slug": visit.slug })))
}

/// `POST /api/v1/farm-visits/{id}/dates`: `starts_at` (RFC 3339), `places`; 201 with `id`. It is open at once, unless
/// `state` is `draft`.
#[handler]
pub(crate) async fn add_date(app: Data<&App>, program: Program, Path(key): Path<i64>, body: Body) -> Result<Response> {
    program.may(Scope::Visits)?;
    let sent: DateSent = read(body).await?.1;
    let visit = farm_visit::by_key(&app.db, key).await?.ok_or(Error::NotFound)?;
    let date = date(&sent, visit.id, app.clock.now())?;
    let txn = app.write().await?;
    let date = visit_date::write(&txn, &date).await?;
    before::plan(&txn, &app, &date).await?;
    if date.state == State::Open {
        host::tell(&txn, &app, (&visit, &date), host::News::Opened).await?;
    }
    note(&txn, &app, &program, "a ajouté une date à une visite de ferme", &visit).await?;
    txn.commit().await?;
    Ok(answered(StatusCode::CREATED, &json!({ "id": date.id, "state": date.state.to_value() })))
}

fn date(sent: &DateSent, visit: i64, now: DateTime<Utc>) -> Result<VisitDate> {
    let starts_at = sent.starts_at;
    let state = match sent.state.as_deref() {
        None | Some("open") => State::Open,
        Some("draft") => State::Draft,
        Some(other) => return Err(wrong("state", other, "open ou draft")),
    };
    let date = VisitDate {
        starts_at,
        ends_at: sent.ends_at.or_else(|| starts_at.checked_add_signed(LASTS)).unwrap_or(starts_at),
        places: sent.places,
        minimum: sent.minimum,
        opens_at: sent.opens_at.unwrap_or(now.min(starts_at)),
        closes_at: sent.closes_at.unwrap_or_else(|| {
            starts_at.checked_sub_signed(CLOSES_BEFORE).unwrap_or(starts_at).max(now.min(starts_at))
        }),
        state,
        ..VisitDate::new(visit, now)
    };
    let (at, number) = (|at: DateTime<Utc>| at.to_rfc3339(), |number: i32| number.to_string());
    if !(1..=100_000).contains(&date.places) {
        return Err(wrong("places", &number(date.places), "un nombre de 1 à 100000"));
    }
    if !(0..=date.places).contains(&date.minimum) {
        return Err(wrong("minimum", &number(date.minimum), "un nombre de 0 au nombre de places"));
    }
    if date.ends_at <= starts_at {
        return Err(wrong("ends_at", &at(date.ends_at), "un moment après starts_at"));
    }
    if date.closes_at > starts_at {
        return Err(wrong("closes_at", &at(date.closes_at), "un moment avant starts_at"));
    }
    if date.opens_at > date.closes_at {
        return Err(wrong("opens_at", &at(date.opens_at), "un moment avant closes_at"));
    }
    Ok(date)
}

/// `POST /api/v1/visit-dates/{id}/registrations`: `name`, `email`, `organisation`, `party_size`. 201: it comes; 202: it waits,
/// with `position`; 409: it cannot be, with `reason`. The same `Idempotency-Key` gives the same answer.
#[handler]
pub(crate) async fn register(
    app: Data<&App>,
    counter: Data<&Counter>,
    program: Program,
    Path(date): Path<i64>,
    headers: &HeaderMap,
    body: Body,
) -> Result<Response> {
    program.may(Scope::Registrations)?;
    let (text, sent): (String, RegistrationSent) = read(body).await?;
    let new = registration(&sent)?;
    let by = program.person.id;
    let question = headers.get("Idempotency-Key").map(|key| {
        let asked = format!("registrations {date} {text}");
        Question::new(by, &String::from_utf8_lossy(key.as_bytes()), &asked)
    });
    let asked = Asked { date, new, by: Some(by), is_organiser: false, deed: None, question };
    let (status, body) = program_answer::said(&counter.register(&app, asked).await?);
    let status = u16::try_from(status).ok().and_then(|code| StatusCode::from_u16(code).ok()).unwrap_or_default();
    let kind = if status.is_success() { "application/json" } else { "application/problem+json" };
    Ok(private(Response::builder().status(status).content_type(kind).body(body)))
}

fn registration(sent: &RegistrationSent) -> Result<NewRegistration> {
    let email = EmailAddress::parse(&sent.email).map_err(|_| wrong("email", &sent.email, "une adresse de courriel"))?;
    let (name, organisation) = (one_line(&sent.name), one_line(&sent.organisation));
    within("name", &name, 1, 120)?;
    within("organisation", &organisation, 0, 200)?;
    if !PARTY.contains(&sent.party_size) {
        return Err(wrong("party_size", &sent.party_size.to_string(), "un nombre de 1 à 50"));
    }
    Ok(NewRegistration {
        may_be_passed: sent.may_be_passed,
        // Whoever has the key answers for the address.
        ..NewRegistration::on_behalf(email, name, organisation, sent.party_size)
    })
}

/// `GET /api/v1/farm-visits/{id}`: a visit with the dates that everybody may see.
#[handler]
pub(crate) async fn one(app: Data<&App>, Path(key): Path<i64>) -> Result<Response> {
    let visit = farm_visit::by_key(&app.db, key).await?.ok_or(Error::NotFound)?;
    let dates = visit_date::of_visits(&app.db, &[visit.id]).await?;
    let dates: Vec<Value> = dates.iter().filter(|date| date.state != State::Draft).map(shape).collect();
    // Until it has a date that is shown, only organisers know of it.
    if dates.is_empty() {
        return Err(Error::NotFound);
    }
    let told = json!({
        "id": visit.id,
        "slug": visit.slug,
        "title": visit.title,
        "farm": visit.farm,
        "commune": visit.insee_code,
        "dates": dates,
    });
    Ok(answered(StatusCode::OK, &told))
}

fn shape(date: &VisitDate) -> Value {
    json!({
        "id": date.id,
        "starts_at": date.starts_at,
        "ends_at": date.ends_at,
        "places": date.places,
        "places_free": date.free(),
        "opens_at": date.opens_at,
        "closes_at": date.closes_at,
        "state": date.state.to_value(),
        "is_confirmed": date.is_confirmed,
    })
}

async fn note(
    txn: &sea_orm::DatabaseTransaction,
    app: &App,
    program: &Program,
    what: &'static str,
    visit: &FarmVisit,
) -> Result<()> {
    let act = Act::new(what, format!("farm_visits/{}", visit.id)).with(visit.title.clone());
    Ok(audit::record(txn, By::Person(program.person.id), act, app.clock.now()).await?)
}

/// The text that was sent, and what it says.
async fn read<T: DeserializeOwned>(body: Body) -> Result<(String, T)> {
    let unreadable = |_| Error::bad_request("Ce qui est envoyé est trop long ou n’a pas pu être lu.");
    let bytes = body.into_bytes_limit(LARGEST).await.map_err(unreadable)?;
    let text = String::from_utf8(bytes.to_vec()).map_err(|_| Error::bad_request("Attendu\u{a0}: du JSON en UTF-8."))?;
    let sent = serde_json::from_str(&text).map_err(|error| {
        Error::bad_request(format!(
            "Attendu\u{a0}: un objet JSON (ligne {}, colonne {}).",
            error.line(),
            error.column()
        ))
    })?;
    Ok((text, sent))
}

fn within(field: &str, text: &str, least: usize, most: usize) -> Result<()> {
    let length = text.chars().count();
    let fits = (least..=most).contains(&length);
    if fits { Ok(()) } else { Err(wrong(field, text, &format!("un texte de {least} à {most} caractères"))) }
}

/// 422: the field, what it says, what was expected.
fn wrong(field: &str, value: &str, expected: &str) -> Error {
    let shown: String = value.chars().take(60).collect();
    let sentence = format!("{field} = «\u{a0}{shown}\u{a0}»\u{a0}: attendu {expected}");
    Error::Refused { status: StatusCode::UNPROCESSABLE_ENTITY, sentence: sentence.into() }
}

fn answered(status: StatusCode, told: &Value) -> Response {
    Response::builder().status(status).content_type("application/json").body(told.to_string())
}

//! Editions for programs, version 1: those that everybody may see need no key; who comes, who wishes whom and the timetable
//! need one of scope `meetings`, of an organiser, which sees drafts too.

use std::collections::BTreeMap;

use poem::http::{HeaderMap, StatusCode, header};
use poem::web::{Data, Path, Query};
use poem::{Body, Response, handler};
use sea_orm::ActiveEnum;
use serde::Deserialize;
use serde_json::{Value, json};

use super::edition::{self, Edition, State};
use super::participant::{self, Participant, clock};
use super::plan::Plan;
use super::session::Session;
use super::slots::Slot;
use super::table::Table;
use super::workshop::exchange::{self, Put, Sheet, Which};
use super::{event, wishes};
use crate::accounts::{self, Program, Scope};
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::mail::{Sender, calendar};
use crate::web::{Error, Result, french, private};

/// Editions in one answer.
const MOST: u64 = 200;
/// Editions in one calendar.
const MOST_IN_CALENDAR: u64 = 50;
/// A timetable is no longer than this, in bytes: what the gate lets in.
const LARGEST: usize = 1024 * 1024;

/// Whether whoever asks sees drafts: whoever shows a key must show one that is known.
fn sees_drafts(headers: &HeaderMap, program: poem::Result<Program>) -> poem::Result<bool> {
    if !headers.contains_key(header::AUTHORIZATION) {
        return Ok(false);
    }
    Ok(program?.may(Scope::Meetings).is_ok())
}

/// `GET /api/v1/editions`: the latest day first.
#[handler]
pub(crate) async fn editions(
    app: Data<&App>,
    headers: &HeaderMap,
    program: poem::Result<Program>,
) -> poem::Result<Response> {
    let drafts = sees_drafts(headers, program)?;
    let all = edition::page(&app.db, 0, MOST).await.map_err(Error::from)?;
    let shown = all.iter().filter(|edition| drafts || edition.state != State::Draft);
    let all: Vec<Value> = shown.map(|edition| shape(&app, edition)).collect();
    Ok(kept(drafts, written(&json!({ "editions": all }))))
}

/// `GET /api/v1/editions/{key}`: with its sessions, slots and tables.
#[handler]
pub(crate) async fn one(
    app: Data<&App>,
    Path(key): Path<i64>,
    headers: &HeaderMap,
    program: poem::Result<Program>,
) -> poem::Result<Response> {
    let drafts = sees_drafts(headers, program)?;
    let plan = found(&app, key).await?;
    if plan.edition.state == State::Draft && !drafts {
        return Err(Error::NotFound.into());
    }
    let day = plan.day(app.config.time_zone).unwrap_or_default();
    let session = |one: &Session| {
        json!({
            "number": one.number,
            "label": one.label,
            "starts_at": wall(Some(one.starts_at)),
            "appointments": one.appointments,
        })
    };
    let slot = |slot: &Slot| {
        json!({
            "number": slot.number,
            "session": slot.session + 1,
            "starts_at": slot.starts_at.to_rfc3339(),
            "ends_at": slot.ends_at.to_rfc3339(),
        })
    };
    let table = |table: &Table| json!({ "number": table.number, "name": table.name, "family": table.zone.map(|zone| zone.code()) });
    let mut told = shape(&app, &plan.edition);
    told["access"] = json!(plan.edition.access);
    told["sessions"] = plan.sessions.iter().map(session).collect();
    told["slots"] = day.slots.iter().map(slot).collect();
    told["tables"] = plan.tables.iter().map(table).collect();
    Ok(kept(drafts, written(&told)))
}

/// `GET /api/v1/editions.ics`: the editions to come that everybody may see, as a calendar.
#[handler]
pub(crate) async fn feed(app: Data<&App>) -> Result<Response> {
    let sender = Sender::new(&app.config).map_err(Error::broken("reading the sender of mails"))?;
    let mut events = Vec::new();
    for edition in edition::coming(&app.db, app.today(), MOST_IN_CALENDAR).await? {
        let plan = Plan::of(&app.db, edition).await?;
        let event = event::appointment(&app, &plan, &format!("edition-{}", plan.edition.id));
        events.extend(event.map(|event| (event, app.clock.now())));
    }
    let text = calendar::feed(&app.config.presented().site_name, &sender, &events);
    Ok(Response::builder().content_type("text/calendar; charset=utf-8").body(text))
}

/// What everybody may know of an edition.
fn shape(app: &App, edition: &Edition) -> Value {
    let (latitude, longitude) = edition.position().unzip();
    let commune = event::commune(edition, &app.places);
    json!({
        "id": edition.id,
        "slug": edition.slug,
        "title": edition.title,
        "held_on": edition.held_on,
        "state": edition.state.to_value(),
        "hall": edition.hall,
        "address": edition.address,
        "commune": edition.insee_code,
        "commune_name": commune.map(|commune| &commune.name),
        "lat": latitude,
        "lon": longitude,
        "registration_until": edition.registration_until,
        "wishes_until": edition.wishes_until,
        "canteen_capacity": edition.canteen_capacity,
        "supplier_capacity": edition.supplier_capacity,
        "appointment_minutes": edition.appointment_minutes,
        "change_over_minutes": edition.change_over_minutes,
        "seated": edition.seated.map(|side| side.to_value()),
        "url": format!("{}{}", app.config.public_url(), edition.path()),
    })
}

/// « 09:30 », by the clock on the wall.
fn wall(minutes: Option<i32>) -> Option<String> {
    minutes.map(|minutes| clock(minutes).format("%H:%M").to_string())
}

/// An edition by the key in an address, drafts too.
async fn found(app: &App, key: i64) -> Result<Plan> {
    let edition = edition::by_key(&app.db, key).await?.ok_or(Error::NotFound)?;
    Ok(Plan::of(&app.db, edition).await?)
}

/// `GET /api/v1/editions/{key}/participants`: organisations, not people.
#[handler]
pub(crate) async fn participants(app: Data<&App>, program: Program, Path(key): Path<i64>) -> Result<Response> {
    program.may(Scope::Meetings)?;
    let plan = found(&app, key).await?;
    let rows = participant::of(&app.db, plan.edition.id).await?;
    let organisations: Vec<i64> = rows.iter().map(|row| row.organisation_id).collect();
    let names: BTreeMap<i64, String> = accounts::names_of(&app.db, &organisations).await?.into_iter().collect();
    let shape = |row: &Participant| {
        json!({
            "id": row.id,
            "organisation": row.organisation_id,
            "name": names.get(&row.organisation_id).map(french::typographic),
            "side": row.side.to_value(),
            "state": row.state.to_value(),
            "asked_at": row.asked_at,
            "arrives_at": wall(row.arrives_at),
            "leaves_at": wall(row.leaves_at),
            "absent_from": wall(row.absent_from),
            "absent_until": wall(row.absent_until),
            "absent_again_from": wall(row.absent_again_from),
            "absent_again_until": wall(row.absent_again_until),
            "tables_at_once": row.tables_at_once,
            "minimum": row.minimum_wished,
            "maximum": row.maximum_wished,
        })
    };
    let all: Vec<Value> = rows.iter().map(shape).collect();
    Ok(private(written(&json!({ "participants": all }))))
}

/// `GET /api/v1/editions/{key}/wishes`: of those who come, for those who come; without a rank: would rather not meet.
#[handler]
pub(crate) async fn wish_lists(app: Data<&App>, program: Program, Path(key): Path<i64>) -> Result<Response> {
    program.may(Scope::Meetings)?;
    let plan = found(&app, key).await?;
    let all = wishes::of_edition(&app.db, plan.edition.id).await?;
    let shape = |wish: &wishes::Wish| json!({ "from": wish.participant_id, "to": wish.wished_id, "rank": wish.rank });
    let all: Vec<Value> = all.iter().map(shape).collect();
    Ok(private(written(&json!({ "wishes": all }))))
}

/// What is asked of a timetable.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    part: String,
    version: String,
}

impl Asked {
    fn which(&self) -> Result<Which> {
        match self.version.as_str() {
            "" => Ok(Which::InWork),
            "published" => Ok(Which::InForce),
            number => number.parse().map(Which::Version).map_err(|_| {
                let wrong = format!("version = «\u{a0}{number}\u{a0}»\u{a0}: attendu un numéro, ou published");
                Error::bad_request(wrong)
            }),
        }
    }
}

/// `GET /api/v1/editions/{key}/timetable?part=instance|solution`: the day as meet/1, or a timetable of it as meet-solution/1:
/// the one in work, or a published one. The `ETag` names the day and the timetable in work.
#[handler]
pub(crate) async fn timetable(
    app: Data<&App>,
    program: Program,
    Path(key): Path<i64>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    program.may(Scope::Meetings)?;
    let is_solution = match asked.part.as_str() {
        "instance" => false,
        "solution" => true,
        part => {
            let wrong = format!("part = «\u{a0}{part}\u{a0}»\u{a0}: attendu instance ou solution");
            return Err(Error::bad_request(wrong));
        }
    };
    let which = asked.which()?;
    let plan = found(&app, key).await?;
    if plan.tables.is_empty() || plan.day(app.config.time_zone).is_err() {
        let wrong = "Il faut d’abord des séances qui tiennent dans la journée, et des tables.".to_owned();
        return Err(refused(StatusCode::CONFLICT, wrong));
    }
    let sheet = Sheet::load(&app.db, plan, app.config.time_zone, which).await?.ok_or(Error::NotFound)?;
    let text = if is_solution {
        sheet.solution().map_err(|wrong| refused(StatusCode::CONFLICT, wrong))?
    } else {
        sheet.instance().to_owned()
    };
    let answer = Response::builder().content_type("application/json").header(header::ETAG, sheet.tag());
    Ok(private(answer.body(text)))
}

/// `PUT /api/v1/editions/{key}/timetable`: a meet-solution/1 of the day that `part=instance` gave becomes the timetable in
/// work; nothing is published. `If-Match` holds the `ETag` under which the day was read.
#[handler]
pub(crate) async fn put_timetable(
    app: Data<&App>,
    program: Program,
    Path(key): Path<i64>,
    headers: &HeaderMap,
    body: Body,
) -> Result<Response> {
    program.may(Scope::Meetings)?;
    let known = found(&app, key).await?.edition;
    let Some(seen) = headers.get(header::IF_MATCH).and_then(|seen| seen.to_str().ok()) else {
        let missing = "Il manque If-Match\u{a0}: l’étiquette ETag sous laquelle la journée a été lue.".to_owned();
        return Err(refused(StatusCode::PRECONDITION_REQUIRED, missing));
    };
    let unreadable = |_| Error::bad_request("Le planning est trop long ou n’a pas pu être lu.");
    let bytes = body.into_bytes_limit(LARGEST).await.map_err(unreadable)?;
    let text = String::from_utf8_lossy(&bytes);
    let (me, now) = (program.person.id, app.clock.now());
    let txn = app.write().await?;
    let plan = Plan::lock(&txn, known.id).await?.ok_or(Error::NotFound)?;
    match exchange::put(&txn, (plan, app.config.time_zone), (&text, seen), me, now).await? {
        Put::Held { appointments, is_new } => {
            if is_new {
                let act = Act::new("a envoyé un planning calculé par un programme", format!("editions/{}", known.id));
                audit::record(&txn, By::Person(me), act.with(known.title), now).await?;
                txn.commit().await?;
            }
            Ok(private(written(&json!({ "appointments": appointments, "changed": is_new }))))
        }
        Put::Closed => {
            let wrong = "Le planning ne se change pas à cette étape de la rencontre.".to_owned();
            Err(refused(StatusCode::CONFLICT, wrong))
        }
        Put::Stale => {
            let wrong = "La journée ou son planning a changé depuis sa lecture\u{a0}: lisez-la de nouveau.".to_owned();
            Err(refused(StatusCode::PRECONDITION_FAILED, wrong))
        }
        Put::Refused(wrong) => Err(refused(StatusCode::UNPROCESSABLE_ENTITY, wrong)),
    }
}

fn refused(status: StatusCode, sentence: String) -> Error {
    Error::Refused { status, sentence: sentence.into() }
}

fn written(told: &Value) -> Response {
    Response::builder().content_type("application/json").body(told.to_string())
}

/// An answer that only one program may keep, where it holds drafts.
fn kept(drafts: bool, answer: Response) -> Response {
    if drafts { private(answer) } else { answer }
}

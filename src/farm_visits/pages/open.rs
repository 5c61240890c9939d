//! What everybody reads of a visit: its texts and dates, and the calendars.

use std::collections::HashMap;

use askama::Template;
use chrono::{DateTime, TimeDelta, Utc};
use poem::web::{Data, Path};
use poem::{Response, handler};
use serde_json::{Value, json};

use crate::accounts::Organiser;
use crate::app::App;
use crate::farm_visits::announced::{AHEAD, Wanted};
use crate::farm_visits::carpool;
use crate::farm_visits::farm_visit::{self, FarmVisit};
use crate::farm_visits::mail::{hours, location};
use crate::farm_visits::photo::{self, Photo};
use crate::farm_visits::practical::lines;
use crate::farm_visits::visit_date::{self, Shut, State, VisitDate};
use crate::mail::Sender;
use crate::mail::calendar::{self, Event, Method};
use crate::places::postal_address;
use crate::web::{Error, Frame, Result, data_block, filters, french, page, private};

/// Dates in the calendar.
const SHOWN: u64 = 100;

/// Whether one can register for a date, as everybody reads it.
pub(in crate::farm_visits) struct Standing {
    pub(in crate::farm_visits) words: String,
    pub(in crate::farm_visits) icon: &'static str,
    pub(in crate::farm_visits) class: &'static str,
    /// Whether one may ask: for a place, or to wait for one.
    pub(in crate::farm_visits) is_open: bool,
}

/// « jeudi 20 mai 2027 »
pub(in crate::farm_visits) fn day(app: &App, date: &VisitDate) -> String {
    french::day(app.local(date.starts_at).date())
}

/// Whether one can register for a date.
pub(in crate::farm_visits) fn standing(app: &App, date: &VisitDate) -> Standing {
    let moment = |at| french::moment(app.local(at));
    let now = app.clock.now();
    let closed = |words: String| Standing { words, icon: "clock", class: "info", is_open: false };
    match date.shut(now) {
        Some(Shut::Cancelled) => {
            Standing { words: "Annulée".to_owned(), icon: "circle-x", class: "warning", is_open: false }
        }
        Some(Shut::Past) if now < date.ends_at => closed("La visite est en cours".to_owned()),
        Some(Shut::Past) => closed("Cette visite a déjà eu lieu".to_owned()),
        Some(Shut::NotYet) if date.state == State::Draft => closed("Brouillon".to_owned()),
        Some(Shut::NotYet) => closed(format!("Inscriptions à partir du {}", moment(date.opens_at))),
        Some(Shut::Closed) => closed("Les inscriptions sont closes".to_owned()),
        None if date.is_full() => Standing {
            words: "Complet\u{a0}: il reste la liste d’attente".to_owned(),
            icon: "clock",
            class: "info",
            is_open: true,
        },
        None => {
            let free = u64::try_from(date.free()).unwrap_or_default();
            let words = format!(
                "{}, inscriptions jusqu’au {}",
                french::count(free, "place libre", "places libres"),
                moment(date.closes_at)
            );
            Standing { words, icon: "circle-check", class: "success", is_open: true }
        }
    }
}

#[derive(Template)]
#[template(path = "farm_visits/open.html")]
struct OpenPage {
    title: String,
    summary: String,
    visit: FarmVisit,
    location: String,
    photos: Vec<Photo>,
    dates: Vec<DateLine>,
    /// Title and paragraphs of what there is to know.
    texts: Vec<(&'static str, &'static str, Vec<String>)>,
    /// What the meal costs.
    price: Option<String>,
    tiles: Option<(String, String)>,
    /// Address of the farm's page in the directory.
    supplier: Option<String>,
    json_ld: String,
    frame: Frame,
}

/// A date as it is shown.
struct DateLine {
    key: i64,
    starts_at: DateTime<Utc>,
    day: String,
    hours: String,
    standing: Standing,
    /// What organisers said of it.
    words: String,
    is_confirmed: bool,
    is_over: bool,
    /// Whether one can only wait.
    is_full: bool,
    /// From where cars with free seats leave, « Brioude, Langeac »; may be empty.
    cars: String,
}

impl OpenPage {
    fn has_map(&self) -> bool {
        self.visit.position().is_some()
    }
}

/// The dates to come, the first first; then those that are over, the last first.
fn coming_first(dates: &[VisitDate], now: DateTime<Utc>) -> Vec<&VisitDate> {
    let (over, mut coming): (Vec<_>, Vec<_>) = dates.iter().partition(|date| date.ends_at <= now);
    coming.extend(over.into_iter().rev());
    coming
}

/// `GET /visites/{slug}`
#[handler]
pub(crate) async fn profile(
    app: Data<&App>,
    organiser: Option<Organiser>,
    Path(slug): Path<String>,
    frame: Frame,
) -> Result<Response> {
    let (visit, dates) = visible(&app, &slug, organiser.is_some()).await?;
    let supplier = match visit.supplier_id {
        Some(key) => crate::suppliers::load_many(&app.db, &[key]).await?.pop(),
        None => None,
    };
    let supplier = supplier.filter(|listing| listing.supplier.is_public());
    let title = french::typographic(&visit.title);
    let place = app.places.commune(&visit.insee_code).map(|one| format!(" à {}", one.name)).unwrap_or_default();
    let cars = cars(&app, &dates).await?;
    let line = |date: &VisitDate| DateLine {
        key: date.id,
        starts_at: date.starts_at,
        day: day(&app, date),
        hours: hours(&app, date),
        standing: standing(&app, date),
        words: french::typographic(&date.words),
        is_confirmed: date.is_confirmed && date.state != State::Cancelled,
        is_over: date.starts_at <= app.clock.now(),
        is_full: date.is_full(),
        cars: cars.get(&date.id).cloned().unwrap_or_default(),
    };
    let view = OpenPage {
        summary: format!("{title}\u{a0}: visite de ferme pour les cantines{place}. Dates, places et inscription."),
        location: location(&app, &visit),
        photos: photo::of(&app.db, &[visit.id]).await?,
        dates: coming_first(&dates, app.clock.now()).into_iter().map(line).collect(),
        texts: texts(&visit),
        price: visit.meal_cents.map(|cents| french::price(i64::from(cents))),
        tiles: app.config.map_tiles(),
        supplier: supplier.map(|listing| format!("/annuaire/{}", listing.supplier.slug)),
        json_ld: metadata(&app, &visit, &dates, &frame),
        title,
        visit,
        frame,
    };
    let answer = page(&view)?;
    Ok(if organiser.is_some() { private(answer) } else { answer })
}

/// From where cars with free seats leave for the dates that are still to come.
async fn cars(app: &App, dates: &[VisitDate]) -> Result<HashMap<i64, String>> {
    let now = app.clock.now();
    let ahead = dates.iter().filter(|date| !matches!(date.shut(now), Some(Shut::Past | Shut::Cancelled)));
    let keys: Vec<i64> = ahead.map(|date| date.id).collect();
    let name = |code: &String| app.places.commune(code).map(|commune| commune.name.clone());
    let words =
        |(date, codes): (i64, Vec<String>)| (date, codes.iter().filter_map(name).collect::<Vec<_>>().join(", "));
    Ok(carpool::departures(&app.db, &keys).await?.into_iter().map(words).collect())
}

/// A visit with the dates that may be seen: an organiser sees drafts, and visits that have no date yet.
pub(in crate::farm_visits) async fn visible(
    app: &App,
    slug: &str,
    is_organiser: bool,
) -> Result<(FarmVisit, Vec<VisitDate>)> {
    let visit = farm_visit::by_slug(&app.db, slug).await?.ok_or(Error::NotFound)?;
    let mut dates = visit_date::of_visits(&app.db, &[visit.id]).await?;
    dates.retain(|date| is_organiser || date.state != State::Draft);
    if dates.is_empty() && !is_organiser {
        return Err(Error::NotFound);
    }
    Ok((visit, dates))
}

/// What there is to know, as far as organisers wrote it.
fn texts(visit: &FarmVisit) -> Vec<(&'static str, &'static str, Vec<String>)> {
    let all = [
        ("a-voir", "Ce que vous verrez", &visit.sights),
        ("pour-qui", "Pour qui", &visit.audience),
        ("programme", "Programme", &visit.programme),
        ("prevoir", "À prévoir", &visit.advice),
        ("meteo", "Selon la météo", &visit.weather),
        ("accessibilite", "Accessibilité", &visit.accessibility),
        ("repas", "Repas", &visit.meal),
    ];
    let all = all.into_iter().map(|(id, title, text)| (id, title, lines(text)));
    all.filter(|(.., lines)| !lines.is_empty()).collect()
}

/// Each date as an event that search engines understand (schema.org).
fn metadata(app: &App, visit: &FarmVisit, dates: &[VisitDate], frame: &Frame) -> String {
    let commune = app.places.commune(&visit.insee_code);
    let name = if visit.farm.is_empty() {
        commune.map(|one| one.name.clone()).unwrap_or_default()
    } else {
        visit.farm.clone()
    };
    let mut place = json!({ "@type": "Place", "name": name, "address": postal_address(&visit.address, commune) });
    if let Some((lat, lon)) = visit.position() {
        place["geo"] = json!({ "@type": "GeoCoordinates", "latitude": lat, "longitude": lon });
    }
    let event = |date: &VisitDate| {
        let status = if date.state == State::Cancelled { "EventCancelled" } else { "EventScheduled" };
        json!({
            "@context": "https://schema.org",
            "@type": "Event",
            "name": visit.title,
            "url": frame.canonical(),
            "inLanguage": "fr",
            "startDate": date.starts_at.with_timezone(&app.config.time_zone).to_rfc3339(),
            "endDate": date.ends_at.with_timezone(&app.config.time_zone).to_rfc3339(),
            "eventStatus": format!("https://schema.org/{status}"),
            "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
            "maximumAttendeeCapacity": date.places,
            "remainingAttendeeCapacity": if date.is_full() { 0 } else { date.free() },
            "location": place,
            "organizer": { "@type": "Organization", "name": frame.publisher().unwrap_or(frame.site()), "url": frame.absolute("/") },
        })
    };
    let shown = dates.iter().filter(|date| date.state != State::Draft);
    data_block(&Value::Array(shown.map(event).collect()))
}

/// `GET /visites/{slug}/lieu.geojson`: where one meets.
#[handler]
pub(crate) async fn meeting_point(
    app: Data<&App>,
    organiser: Option<Organiser>,
    Path(slug): Path<String>,
) -> Result<Response> {
    let (visit, _) = visible(&app, &slug, organiser.is_some()).await?;
    let (lat, lon) = visit.position().ok_or(Error::NotFound)?;
    let point = json!({
        "type": "Feature",
        "geometry": { "type": "Point", "coordinates": [lon, lat] },
        "properties": { "name": location(&app, &visit) },
    });
    Ok(Response::builder().content_type("application/geo+json").body(point.to_string()))
}

/// `GET /visites.ics`: the visits to come, as a calendar to subscribe to.
#[handler]
pub(crate) async fn feed(app: Data<&App>, frame: Frame) -> Result<Response> {
    let now = app.clock.now();
    let found = Wanted::between(now - TimeDelta::days(30), now + AHEAD, SHOWN).find(&app.db).await?;
    let events: Vec<_> = found.iter().map(|(date, visit)| (event(&app, visit, date), now)).collect();
    calendar_file(&app, &format!("Visites de fermes, {}", frame.site()), &events)
}

/// `GET /visites/{slug}/dates/{key}/visite.ics`
#[handler]
pub(crate) async fn date_file(
    app: Data<&App>,
    organiser: Option<Organiser>,
    Path((slug, key)): Path<(String, i64)>,
) -> Result<Response> {
    let (visit, dates) = visible(&app, &slug, organiser.is_some()).await?;
    let date = dates.iter().find(|date| date.id == key).ok_or(Error::NotFound)?;
    calendar_file(&app, &visit.title, &[(event(&app, &visit, date), app.clock.now())])
}

fn calendar_file(app: &App, name: &str, events: &[(Event, DateTime<Utc>)]) -> Result<Response> {
    let sender = Sender::new(&app.config).map_err(Error::broken("reading the sender of mails"))?;
    let text = calendar::feed(name, &sender, events);
    Ok(Response::builder().content_type("text/calendar; charset=utf-8").body(text))
}

fn event(app: &App, visit: &FarmVisit, date: &VisitDate) -> Event {
    Event {
        uid: format!("visit-date-{}@{}", date.id, app.config.public_host()),
        sequence: u32::try_from(date.sequence).unwrap_or_default(),
        method: if date.state == State::Cancelled { Method::Cancel } else { Method::Request },
        starts_at: date.starts_at,
        ends_at: date.ends_at,
        zone: app.config.time_zone,
        summary: visit.title.clone(),
        description: format!("{}{}", app.config.public_url(), visit.path()),
        location: location(app, visit),
        position: visit.position(),
    }
}

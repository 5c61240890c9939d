//! What everybody reads of editions: which ones there are, each of them, where it is, and its calendar file.

use askama::Template;
use chrono::NaiveDate;
use poem::web::{Data, Path};
use poem::{Response, handler};
use serde_json::{Value, json};

use super::hours::Hours;
use super::list;
use crate::accounts::Organiser;
use crate::app::App;
use crate::mail::Sender;
use crate::mail::calendar;
use crate::places::{Places, postal_address};
use crate::speed_meetings::Plan;
use crate::speed_meetings::edition::{self, Edition, State};
use crate::speed_meetings::event::{self, address, commune};
use crate::speed_meetings::wishes::remaining;
use crate::web::{Error, Frame, Result, data_block, filters, french, page, private};

/// Editions of either kind on the page.
const SHOWN: u64 = 50;

#[derive(Template)]
#[template(path = "speed_meetings/open_list.html")]
struct OpenListPage {
    title: &'static str,
    summary: String,
    coming: Vec<Line>,
    past: Vec<Line>,
    frame: Frame,
}

/// An edition.
struct Line {
    href: String,
    title: String,
    day: String,
    place: String,
    standing: String,
}

/// `GET /rencontres`
#[handler]
pub(crate) async fn overview(app: Data<&App>, frame: Frame) -> Result<Response> {
    let today = app.today();
    let line = |edition: Edition| Line {
        href: edition.path(),
        day: french::day(edition.held_on),
        place: list::place(&edition, &app.places),
        standing: standing(&edition, today).words,
        title: french::typographic(&edition.title),
    };
    let coming = edition::coming(&app.db, today, SHOWN).await?.into_iter().map(line).collect();
    let past = edition::past(&app.db, today, SHOWN).await?.into_iter().map(line).collect();
    let summary =
        format!("Les rencontres entre cantines et fournisseurs {}\u{a0}: dates, lieux, inscriptions.", frame.place());
    page(&OpenListPage { title: "Rencontres entre cantines et fournisseurs", summary, coming, past, frame })
}

#[derive(Template)]
#[template(path = "speed_meetings/open.html")]
struct OpenPage {
    title: String,
    summary: String,
    edition: Edition,
    day: String,
    place: Place,
    hours: Option<Hours>,
    standing: Standing,
    /// How long one may still say whom one would meet.
    wishes: Option<String>,
    tiles: Option<(String, String)>,
    json_ld: String,
    frame: Frame,
}

/// Where it is.
struct Place {
    hall: String,
    /// Street, postal code and commune.
    address: String,
    is_on_map: bool,
}

/// Whether one can register, as everybody reads it.
struct Standing {
    words: String,
    icon: &'static str,
    class: &'static str,
}

impl OpenPage {
    fn is_draft(&self) -> bool {
        self.edition.state == State::Draft
    }

    /// Whether those who come know whom they meet.
    fn is_out(&self) -> bool {
        matches!(self.edition.state, State::Published | State::Running)
    }

    /// Whether it is the day.
    fn is_running(&self) -> bool {
        self.edition.state == State::Running
    }

    /// Whether one may still come.
    fn is_open(&self) -> bool {
        self.standing.class == "success"
    }

    /// Whether one registers no more, and the day is still to come.
    fn is_closed(&self) -> bool {
        !self.is_draft() && !self.is_open() && self.edition.state < State::Running
    }

    /// Who moves.
    fn moving(&self) -> &'static str {
        match self.edition.seated {
            Some(edition::Side::Supplier) => {
                "Les fournisseurs gardent leur table, les cantines passent de l’une à l’autre."
            }
            Some(edition::Side::Canteen) => {
                "Les cantines gardent leur table, les fournisseurs passent de l’une à l’autre."
            }
            None => "Chacun passe d’une table à l’autre, avec son planning en main.",
        }
    }

    /// Paragraphs of a text that somebody typed.
    #[expect(clippy::unused_self, reason = "templates call methods of their page")]
    fn paragraphs(&self, text: &str) -> Vec<String> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        lines.map(|line| french::typographic(&line)).collect()
    }
}

/// `GET /rencontres/{slug}`
#[handler]
pub(crate) async fn profile(
    app: Data<&App>,
    organiser: Option<Organiser>,
    Path(slug): Path<String>,
    frame: Frame,
) -> Result<Response> {
    let plan = visible(&app, &slug, organiser.is_some()).await?;
    let is_draft = plan.edition.state == State::Draft;
    let view = OpenPage::new(&app, plan, frame);
    Ok(if is_draft { private(page(&view)?) } else { page(&view)? })
}

/// An edition that is no draft, or a draft for organisers.
pub(in crate::speed_meetings) async fn visible(app: &App, slug: &str, is_organiser: bool) -> Result<Plan> {
    let edition = edition::by_slug(&app.db, slug).await?.filter(|one| is_organiser || one.state != State::Draft);
    Ok(Plan::of(&app.db, edition.ok_or(Error::NotFound)?).await?)
}

impl OpenPage {
    fn new(app: &App, plan: Plan, frame: Frame) -> Self {
        let (edition, zone) = (&plan.edition, app.config.time_zone);
        let commune = commune(edition, &app.places);
        let place = Place {
            hall: french::typographic(&edition.hall),
            address: address(edition, commune),
            is_on_map: position(edition, &app.places).is_some(),
        };
        let day = french::day(edition.held_on);
        let at = commune.map(|commune| format!(", {}", commune.name)).unwrap_or_default();
        let title = french::typographic(&edition.title);
        let summary = format!(
            "{title}, {day}{at}. Cantines et fournisseurs s’y rencontrent en rendez-vous de {}\u{a0}minutes.",
            edition.appointment_minutes
        );
        Self {
            summary,
            day,
            place,
            hours: Hours::new(&plan, zone),
            standing: standing(edition, app.today()),
            wishes: remaining(edition, app.today()),
            tiles: app.config.map_tiles(),
            json_ld: metadata(app, &plan, &frame),
            title,
            edition: plan.edition,
            frame,
        }
    }
}

/// Whether one can register.
fn standing(edition: &Edition, today: NaiveDate) -> Standing {
    let (words, icon, class) = match edition.state {
        State::Draft => ("Brouillon\u{a0}: les organisateurs sont seuls à voir cette page.".to_owned(), "eye", "info"),
        state if state.is_over() || edition.held_on < today => {
            ("Cette rencontre est passée.".to_owned(), "clock", "info")
        }
        State::Registration if edition.registration_until >= today => {
            let until = french::day(edition.registration_until);
            (format!("Inscriptions ouvertes jusqu’au {until} inclus."), "circle-check", "success")
        }
        _ => ("Les inscriptions sont closes.".to_owned(), "clock", "info"),
    };
    Standing { words, icon, class }
}

/// Latitude and longitude of the hall, or else of its commune.
fn position(edition: &Edition, places: &Places) -> Option<(f64, f64)> {
    let near = || commune(edition, places)?.point.map(|point| (point.lat, point.lon));
    edition.position().or_else(near)
}

/// The event as search engines read it (schema.org).
fn metadata(app: &App, plan: &Plan, frame: &Frame) -> String {
    let (edition, commune) = (&plan.edition, commune(&plan.edition, &app.places));
    let address = postal_address(&edition.address, commune);
    let hall = Some(&edition.hall).filter(|hall| !hall.is_empty()).cloned();
    let mut place =
        json!({ "@type": "Place", "name": hall.or_else(|| commune.map(|one| one.name.clone())), "address": address });
    if let Some((lat, lon)) = edition.position() {
        place["geo"] = json!({ "@type": "GeoCoordinates", "latitude": lat, "longitude": lon });
    }
    let day = plan.day(app.config.time_zone).ok();
    let slots = day.as_ref().and_then(|day| day.slots.first().zip(day.slots.last()));
    let mut event = json!({
        "@context": "https://schema.org",
        "@type": "Event",
        "name": edition.title,
        "url": frame.canonical(),
        "inLanguage": "fr",
        "startDate": edition.held_on,
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "isAccessibleForFree": true,
        "location": place,
        "organizer": { "@type": "Organization", "name": frame.publisher().unwrap_or(frame.site()), "url": frame.absolute("/") },
    });
    if let Some((first, last)) = slots {
        event["startDate"] = Value::from(first.starts_at.to_rfc3339());
        event["endDate"] = Value::from(last.ends_at.to_rfc3339());
    }
    data_block(&event)
}

/// `GET /rencontres/{slug}/lieu.geojson`
#[handler]
pub(crate) async fn whereabouts(
    app: Data<&App>,
    organiser: Option<Organiser>,
    Path(slug): Path<String>,
) -> Result<Response> {
    let edition = visible(&app, &slug, organiser.is_some()).await?.edition;
    let (lat, lon) = position(&edition, &app.places).ok_or(Error::NotFound)?;
    let name = if edition.hall.is_empty() { &edition.title } else { &edition.hall };
    let feature = json!({
        "type": "Feature",
        "properties": { "kind": "hall", "name": name, "exact": edition.position().is_some() },
        "geometry": { "type": "Point", "coordinates": [lon, lat] },
    });
    let collection = json!({ "type": "FeatureCollection", "features": [feature] });
    Ok(Response::builder().content_type("application/geo+json").body(collection.to_string()))
}

/// `GET /rencontres/{slug}/rencontre.ics`
#[handler]
pub(crate) async fn calendar_file(
    app: Data<&App>,
    organiser: Option<Organiser>,
    Path(slug): Path<String>,
    frame: Frame,
) -> Result<Response> {
    let plan = visible(&app, &slug, organiser.is_some()).await?;
    let event = event::appointment(&app, &plan, &format!("edition-{}", plan.edition.id)).ok_or(Error::NotFound)?;
    let sender = Sender::new(&app.config).map_err(Error::broken("reading the sender of mails"))?;
    let name = format!("{} {}", frame.site(), frame.place());
    let text = calendar::feed(&name, &sender, &[(event, app.clock.now())]);
    Ok(Response::builder().content_type("text/calendar; charset=utf-8").body(text))
}

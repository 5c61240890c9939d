//! Which visits there are, for everybody: a list, a map, a month.

use askama::Template;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use poem::web::Data;
use poem::{Response, handler};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::month::{self, Beside, Month, in_short};
use crate::app::App;
use crate::farm_visits::announced::{self, AHEAD, Announced, Wanted};
use crate::farm_visits::farm_visit::FarmVisit;
use crate::farm_visits::visit_date::VisitDate;
use crate::web::{Frame, Result, filters, french, page};

/// Dates of a page.
const SHOWN: u64 = 200;
/// Dates that have been, in the list.
const REMEMBERED: u64 = 50;
/// How far back visits are remembered.
const BACK: TimeDelta = TimeDelta::days(200);
const PATH: &str = "/visites";
const TITLE: &str = "Visites de fermes";

/// What the address asks for, as it is written there.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
struct Asked {
    /// `carte` or `mois`; else the list.
    #[serde(skip_serializing_if = "String::is_empty")]
    vue: String,
    /// `2027-05`
    #[serde(skip_serializing_if = "String::is_empty")]
    mois: String,
    /// SIREN of an intercommunality.
    #[serde(skip_serializing_if = "String::is_empty")]
    epci: String,
    /// `libres`: those with places left only.
    #[serde(skip_serializing_if = "String::is_empty")]
    places: String,
}

impl Asked {
    /// Reads the address; what is not understood is left out.
    fn read(app: &App, frame: &Frame) -> Self {
        let query = frame.uri().query().unwrap_or_default();
        let mut asked: Self = serde_urlencoded::from_str(query).unwrap_or_default();
        if !["carte", "mois"].contains(&asked.vue.as_str()) {
            asked.vue.clear();
        }
        if asked.vue != "mois" || month::parse(&asked.mois).is_none() {
            asked.mois.clear();
        }
        if app.places.epci(&asked.epci).is_none() {
            asked.epci.clear();
        }
        if asked.places != "libres" {
            asked.places.clear();
        }
        asked
    }

    /// The address that asks for it.
    fn link(&self, path: &str) -> String {
        match serde_urlencoded::to_string(self) {
            Ok(query) if !query.is_empty() => format!("{path}?{query}"),
            _ => path.to_owned(),
        }
    }

    fn seen_as(&self, view: &str) -> Self {
        Self { vue: view.to_owned(), mois: String::new(), ..self.clone() }
    }

    fn is_narrowed(&self) -> bool {
        !self.epci.is_empty() || !self.places.is_empty()
    }

    /// The dates of a time that it asks for.
    fn wanted(&self, app: &App, (from, to): (DateTime<Utc>, DateTime<Utc>)) -> Wanted {
        let communes = || app.places.communes_of_epci(&self.epci).map(|one| one.insee_code.to_string()).collect();
        Wanted {
            communes: (!self.epci.is_empty()).then(communes),
            free_at: (!self.places.is_empty()).then(|| app.clock.now()),
            ..Wanted::between(from, to, SHOWN)
        }
    }
}

#[derive(Template)]
#[template(path = "farm_visits/open_list.html")]
struct OverviewPage {
    title: &'static str,
    summary: String,
    asked: Asked,
    coming: Vec<Announced>,
    past: Vec<Announced>,
    month: Option<Month>,
    /// Code, name and whether it is chosen, of the intercommunalities of the territory.
    epcis: Vec<(String, String, bool)>,
    tiles: Option<(String, String)>,
    frame: Frame,
}

impl OverviewPage {
    /// The ways to look at it: address, icon, name, whether it is this one.
    fn views(&self) -> [(String, &'static str, &'static str, bool); 3] {
        [("", "list", "Liste"), ("carte", "map", "Carte"), ("mois", "calendar-days", "Mois")]
            .map(|(view, icon, name)| (self.asked.seen_as(view).link(PATH), icon, name, self.asked.vue == view))
    }

    /// Whether it is the list of all, as search engines may keep it.
    fn is_plain(&self) -> bool {
        self.asked.vue.is_empty() && !self.asked.is_narrowed()
    }

    fn is_map(&self) -> bool {
        self.asked.vue == "carte"
    }

    fn is_narrowed(&self) -> bool {
        self.asked.is_narrowed()
    }

    /// The same without what narrows it.
    fn all(&self) -> String {
        Asked { vue: self.asked.vue.clone(), mois: self.asked.mois.clone(), ..Asked::default() }.link(PATH)
    }

    /// What the map draws.
    fn geojson(&self) -> String {
        self.asked.seen_as("").link("/visites.geojson")
    }

    fn is_free_only(&self) -> bool {
        !self.asked.places.is_empty()
    }
}

/// `GET /visites`
#[handler]
pub(crate) async fn overview(app: Data<&App>, frame: Frame) -> Result<Response> {
    let (now, asked) = (app.clock.now(), Asked::read(&app, &frame));
    let is_month = asked.vue == "mois";
    let (mut coming, mut past) = (Vec::new(), Vec::new());
    if !is_month {
        coming = announced::cards(&app, &asked.wanted(&app, (now, now + AHEAD))).await?;
    }
    if asked.vue.is_empty() && !asked.is_narrowed() {
        let been = Wanted { is_latest_first: true, ..Wanted::between(now - BACK, now, REMEMBERED) };
        past = announced::cards(&app, &been).await?;
    }
    let month = if is_month { Some(draw_month(&app, &asked).await?) } else { None };
    let epcis = app.places.epcis_of_department(&app.config.territory);
    let epcis = epcis.into_iter().map(|one| (one.code.clone(), french::typographic(&one.name), one.code == asked.epci));
    page(&OverviewPage {
        title: TITLE,
        summary: format!(
            "Les visites de fermes pour les cantines {}\u{a0}: dates, lieux, places et inscription.",
            frame.place()
        ),
        epcis: epcis.collect(),
        coming,
        past,
        month,
        asked,
        tiles: app.config.map_tiles(),
        frame,
    })
}

/// The month that is asked for; else that of the next visit; else this one.
async fn draw_month(app: &App, asked: &Asked) -> Result<Month> {
    let now = app.clock.now();
    let first = if let Some(first) = month::parse(&asked.mois) {
        first
    } else {
        let next = Wanted { most: 1, ..asked.wanted(app, (now, now + AHEAD)) }.find(&app.db).await?;
        month::first_of(next.first().map_or_else(|| app.today(), |(date, _)| app.local(date.starts_at).date()))
    };
    let (before, after) = month::beside(first);
    // A day more on each side: days begin at different hours in different places.
    let edge = |day: Option<NaiveDate>| day.map_or(now, |day| day.and_time(NaiveTime::MIN).and_utc());
    let span =
        (edge(first.checked_sub_days(Days::new(1))), edge(after.and_then(|day| day.checked_add_days(Days::new(1)))));
    let found = asked.wanted(app, span).find(&app.db).await?;
    let known = month::first_of((app.local(now) - BACK).date())..=month::first_of((app.local(now) + AHEAD).date());
    let way = |to: Option<NaiveDate>| {
        let to = to.filter(|to| known.contains(to))?;
        Some(Beside::new(Asked { mois: month::written(to), ..asked.clone() }.link(PATH), to))
    };
    Ok(Month { before: way(before), after: way(after), ..Month::new(app, first, &found) })
}

/// `GET /visites.geojson`: where the visits to come are; those without a point stand in their commune.
#[handler]
pub(crate) async fn geojson(app: Data<&App>, frame: Frame) -> Result<Response> {
    let now = app.clock.now();
    let found = Asked::read(&app, &frame).wanted(&app, (now, now + AHEAD)).find(&app.db).await?;
    let mut visits: Vec<(&FarmVisit, Vec<&VisitDate>)> = Vec::new();
    for (date, visit) in &found {
        match visits.iter_mut().find(|(known, _)| known.id == visit.id) {
            Some((_, dates)) => dates.push(date),
            None => visits.push((visit, vec![date])),
        }
    }
    let features: Vec<Value> = visits.into_iter().filter_map(|(visit, dates)| feature(&app, visit, &dates)).collect();
    let body = json!({ "type": "FeatureCollection", "features": features });
    Ok(Response::builder().content_type("application/geo+json").body(body.to_string()))
}

fn feature(app: &App, visit: &FarmVisit, dates: &[&VisitDate]) -> Option<Value> {
    let commune = app.places.commune(&visit.insee_code);
    let (lat, lon) = visit.position().or_else(|| Some(commune?.point?).map(|point| (point.lat, point.lon)))?;
    let line =
        |date: &&VisitDate| format!("{}, {}", french::day(app.local(date.starts_at).date()), in_short(app, date));
    Some(json!({
        "type": "Feature",
        "geometry": { "type": "Point", "coordinates": [lon, lat] },
        "properties": {
            "name": french::typographic(&visit.title),
            "url": visit.path(),
            "commune": commune.map(|one| one.name.clone()).unwrap_or_default(),
            "lines": dates.iter().map(line).collect::<Vec<_>>(),
        },
    }))
}

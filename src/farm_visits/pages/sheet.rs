//! All that one takes along to a visit, on one sheet of paper.

use askama::Template;
use poem::web::Data;
use poem::{Response, handler};

use super::open::day;
use super::own::Own;
use crate::app::App;
use crate::farm_visits::carpool::pages as carpool;
use crate::farm_visits::mail::{hours, location, party};
use crate::farm_visits::needs;
use crate::farm_visits::practical::{self, Part};
use crate::farm_visits::registration::Standing;
use crate::farm_visits::sketch::Sketch;
use crate::places::Point;
use crate::web::{Frame, Result, code_picture, filters, french, page, private, see_other};

#[derive(Template)]
#[template(path = "farm_visits/sheet.html")]
struct SheetPage {
    own: Own,
    title: String,
    day: String,
    hours: String,
    location: String,
    party: String,
    parts: Vec<Part>,
    programme: Vec<String>,
    /// How much there is to print: `usual`, `dense` or `full`.
    room: &'static str,
    guide: String,
    phone: String,
    /// The telephone as a link has it: digits, and a plus in front.
    dial: String,
    sketch: Option<Sketch>,
    /// « 45.32833, 3.85119 », when the meeting point is on the map.
    coordinates: Option<String>,
    /// What a telephone reads to open its map there, as SVG.
    picture: String,
    tiles: Option<(String, String)>,
    frame: Frame,
}

/// `GET /visites/inscription/{way}/fiche`: for who comes; others are led to where their registration stands.
#[handler]
pub(crate) async fn sheet(app: Data<&App>, own: Own, frame: Frame) -> Result<Response> {
    if own.registration.state != Standing::Confirmed {
        return Ok(see_other(&own.here()));
    }
    let visit = &own.visit;
    let commune = app.places.commune(&visit.insee_code);
    let exact = visit.position().map(|(lat, lon)| Point { lat, lon });
    let middle = exact.or_else(|| commune.and_then(|commune| commune.point));
    let coordinates = exact.map(|point| format!("{:.5}, {:.5}", point.lat, point.lon));
    let (mut parts, programme) = (practical::parts(visit), practical::lines(&visit.programme));
    let rides = carpool::agreed(&app, &own).await?;
    let asked = needs::of_registration(&app.db, own.registration.id).await?.said();
    if !asked.is_empty() {
        parts.push(Part { title: "Ce que vous avez demandé", lines: asked });
    }
    if !rides.is_empty() {
        parts.insert(0, Part { title: "Covoiturage", lines: rides });
    }
    let view = SheetPage {
        title: french::typographic(&visit.title),
        day: day(&app, &own.date),
        hours: hours(&app, &own.date),
        location: location(&app, visit),
        party: party(own.registration.party_size),
        room: room(parts.iter().flat_map(|part| &part.lines).chain(&programme)),
        parts,
        programme,
        guide: french::typographic(&visit.guide),
        phone: visit.guide_phone.clone(),
        dial: visit.guide_phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect(),
        sketch: middle.map(|point| Sketch::around(point, &visit.insee_code, app.places.communes())),
        picture: exact.map(|point| code_picture(&geo(point))).unwrap_or_default(),
        coordinates,
        tiles: app.config.map_tiles(),
        own,
        frame,
    };
    Ok(private(page(&view)?))
}

/// A sheet holds some 2,300 letters beside the map, 4,000 without it, more in small print; a short line takes a whole one.
fn room<'a>(lines: impl Iterator<Item = &'a String>) -> &'static str {
    match lines.map(|line| line.chars().count().max(40)).sum() {
        0..=2_300 => "usual",
        2_301..=4_000 => "dense",
        _ => "full",
    }
}

/// The point as an address that maps open (RFC 5870).
fn geo(point: Point) -> String {
    format!("geo:{:.5},{:.5}", point.lat, point.lon)
}

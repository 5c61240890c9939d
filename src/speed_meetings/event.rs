//! What calendars show of an edition.

use chrono::{DateTime, Utc};

use super::edition::Edition;
use super::plan::Plan;
use crate::app::App;
use crate::mail::calendar::{Event, Method};
use crate::places::{Commune, Places};
use crate::web::french;

/// The commune of its hall.
pub(super) fn commune<'p>(edition: &Edition, places: &'p Places) -> Option<&'p Commune> {
    edition.insee_code.as_deref().and_then(|code| places.commune(code))
}

/// Street, postal code and commune, as far as they are known.
pub(super) fn address(edition: &Edition, commune: Option<&Commune>) -> String {
    let town = commune.map(Commune::town);
    let parts = [Some(edition.address.clone()).filter(|street| !street.is_empty()), town];
    french::typographic(&parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
}

/// Hall and address on one line.
pub(super) fn location(edition: &Edition, places: &Places) -> String {
    let hall = Some(edition.hall.clone()).filter(|hall| !hall.is_empty());
    let street = Some(address(edition, commune(edition, places))).filter(|street| !street.is_empty());
    hall.into_iter().chain(street).collect::<Vec<_>>().join(", ")
}

/// Begin and end of the day; none while its sessions make no day.
pub(super) fn span(app: &App, plan: &Plan) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    plan.day(app.config.time_zone).ok().and_then(|day| day.span())
}

/// « de 9 h 30 à 15 h 58 », or nothing while its sessions make no day.
pub(super) fn hours(app: &App, plan: &Plan) -> String {
    let clock = |at| french::time(app.local(at).time());
    span(app, plan).map(|(from, to)| format!("de {} à {}", clock(from), clock(to))).unwrap_or_default()
}

/// The day as an appointment of this name; `edition-12` makes its UID.
pub(super) fn appointment(app: &App, plan: &Plan, name: &str) -> Option<Event> {
    let edition = &plan.edition;
    let (starts_at, ends_at) = span(app, plan)?;
    Some(Event {
        uid: format!("{name}@{}", app.config.public_host()),
        sequence: u32::try_from(edition.sequence).unwrap_or_default(),
        method: Method::Request,
        starts_at,
        ends_at,
        zone: app.config.time_zone,
        summary: edition.title.clone(),
        description: format!("{}{}", app.config.public_url(), edition.path()),
        location: location(edition, &app.places),
        position: edition.position(),
    })
}

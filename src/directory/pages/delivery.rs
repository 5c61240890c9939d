//! Where a supplier delivers, as shapes for a map. What its owner keeps off the map is not in it.

use index::geo::{EARTH_KM, Point};
use poem::web::Path;
use poem::{Response, handler};
use serde_json::{Value, json};

use crate::app::App;
use crate::places::{InseeCode, Perimeter, Places};
use crate::suppliers::{Listing, PublicPlace, public_by_slug};
use crate::web::{Error, Result};

/// Sides of the polygon that stands for a circle.
const SIDES: u32 = 64;
/// Communes whose outlines are looked for: beyond, the map says nothing more.
const COMMUNES: usize = 100;

/// `GET /annuaire/{slug}/livraison.geojson`
#[handler]
pub(crate) async fn area(app: &App, Path(slug): Path<String>) -> Result<Response> {
    let listing = public_by_slug(&app.db, &slug).await?.ok_or(Error::NotFound)?;
    let mut shapes = outlines(&listing, app).await?;
    shapes.extend(own_shapes(&listing, &app.places));
    let collection = json!({ "type": "FeatureCollection", "features": shapes });
    Ok(Response::builder().content_type("application/geo+json").body(collection.to_string()))
}

/// Whether a map would show anything.
pub(super) fn has_map(listing: &Listing) -> bool {
    let outlined = !listing.zones.departments.is_empty() || !listing.zones.epcis.is_empty();
    outlined || listing.supplier.is_on_map()
}

/// Its radius and its pin.
fn own_shapes(listing: &Listing, places: &Places) -> Vec<Value> {
    let place = listing.supplier.place_on_map(places);
    let circle = place.zip(listing.supplier.delivery_radius_km).map(|(centre, km)| {
        let geometry = json!({ "type": "Polygon", "coordinates": [circle(centre.point, km)] });
        feature(&json!({ "kind": "area", "radius_km": km }), &geometry)
    });
    let pin = place.map(|PublicPlace { point: at, is_exact: exact }| {
        let properties = json!({ "kind": "supplier", "name": listing.supplier.name, "exact": exact });
        feature(&properties, &json!({ "type": "Point", "coordinates": [rounded(at.lon), rounded(at.lat)] }))
    });
    circle.into_iter().chain(pin).collect()
}

/// The departments and intercommunalities it serves, and those of its communes that an operator imported the outlines of.
async fn outlines(listing: &Listing, app: &App) -> Result<Vec<Value>> {
    let departments = listing.zones.departments.iter().cloned().map(Perimeter::Department);
    let epcis = listing.zones.epcis.iter().cloned().map(Perimeter::Epci);
    let communes = listing.zones.communes.iter().filter_map(|code| InseeCode::parse(code).ok());
    let communes = communes.map(Perimeter::Commune).take(COMMUNES);
    let mut shapes = Vec::new();
    for perimeter in departments.chain(epcis).chain(communes) {
        let Some(text) = app.places.outline(&app.db, &perimeter).await? else { continue };
        let mut outline: Value = serde_json::from_str(&text).map_err(Error::broken("reading an outline"))?;
        let name = app.places.perimeter_name(&perimeter);
        shapes.push(feature(&json!({ "kind": "area", "name": name }), &outline["geometry"].take()));
    }
    Ok(shapes)
}

fn feature(properties: &Value, geometry: &Value) -> Value {
    json!({ "type": "Feature", "properties": properties, "geometry": geometry })
}

/// The points at `km` around `centre`, on the sphere that distances are measured on; longitude first, closed.
fn circle(centre: Point, km: f64) -> Vec<[f64; 2]> {
    let angle = km / EARTH_KM;
    let (lat, lon) = (centre.lat.to_radians(), centre.lon.to_radians());
    let at = |side: u32| {
        // Against the clock, as GeoJSON wants the outer ring (RFC 7946, 3.1.6).
        let bearing = -std::f64::consts::TAU * f64::from(side % SIDES) / f64::from(SIDES);
        let north = (lat.sin() * angle.cos() + lat.cos() * angle.sin() * bearing.cos()).asin();
        let east = lon + (bearing.sin() * angle.sin() * lat.cos()).atan2(angle.cos() - lat.sin() * north.sin());
        [rounded(east.to_degrees()), rounded(north.to_degrees())]
    };
    (0..=SIDES).map(at).collect()
}

/// Five decimals: about a metre.
fn rounded(degrees: f64) -> f64 {
    (degrees * 1e5).round() / 1e5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_is_closed_and_everywhere_at_its_radius() {
        let centre = Point { lat: 45.0435, lon: 3.8837 };
        let ring = circle(centre, 30.0);
        assert_eq!(ring.len(), 65);
        assert_eq!(ring.first(), ring.last());
        for [lon, lat] in ring {
            assert!((centre.distance_km(Point { lat, lon }) - 30.0).abs() < 0.01);
        }
    }
}

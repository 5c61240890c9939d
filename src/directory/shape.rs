//! GeoJSON geometries as the engine's polygons.

use index::geo::{Point, Polygon};
use serde_json::Value;

/// Most points a polygon may have.
const MOST_POINTS: usize = 10_000;
/// A triangle that is closed.
const FEWEST_POINTS: usize = 4;

/// The polygon of a GeoJSON `Polygon` or `MultiPolygon` (WGS84, longitude first, rings of at least four points: RFC 7946, 3.1.6);
/// nothing for anything else.
#[must_use]
pub(super) fn polygon(geometry: &Value) -> Option<Polygon> {
    let coordinates = geometry.get("coordinates")?.as_array()?;
    let rings: Vec<&Value> = match geometry.get("type")?.as_str()? {
        "Polygon" => coordinates.iter().collect(),
        "MultiPolygon" => {
            let polygons: Vec<&Vec<Value>> = coordinates.iter().map(Value::as_array).collect::<Option<_>>()?;
            polygons.into_iter().flatten().collect()
        }
        _ => return None,
    };
    let mut left = MOST_POINTS;
    let mut read = Vec::new();
    for ring in rings {
        let points = ring.as_array()?;
        if points.len() < FEWEST_POINTS {
            return None;
        }
        left = left.checked_sub(points.len())?;
        read.push(points.iter().map(point).collect::<Option<Vec<Point>>>()?);
    }
    Polygon::new(read)
}

/// Longitude, latitude and perhaps an altitude.
fn point(value: &Value) -> Option<Point> {
    let numbers: Vec<f64> = value.as_array()?.iter().take(4).map(Value::as_f64).collect::<Option<_>>()?;
    match numbers[..] {
        [lon, lat] | [lon, lat, _] => Point::new(lat, lon),
        _ => None,
    }
}

//! GeoJSON polygons and the program's, one made from the other.

use geo::{Coord, LineString, MultiPolygon, Polygon};
use geojson::{Geometry, GeometryValue, Position};

/// Why a GeoJSON geometry is no area. The messages, in French, say what was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum NotAnArea {
    /// Its type is another.
    #[error("un Polygon ou un MultiPolygon")]
    Kind,
    /// It holds nothing.
    #[error("une géométrie qui ne soit pas vide")]
    Empty,
    /// A ring that is not closed or has too few corners.
    #[error("des contours fermés, d’au moins quatre sommets, le dernier égal au premier")]
    Ring,
    /// Coordinates that are not degrees.
    #[error("des positions en degrés WGS84, longitude puis latitude (trouvé {0})")]
    Position(String),
}

/// The area of a GeoJSON `Polygon` or `MultiPolygon`.
///
/// # Errors
/// When the geometry has another type, is empty, has an open ring or coordinates that are not degrees.
pub(super) fn area(geometry: &Geometry) -> Result<MultiPolygon<f64>, NotAnArea> {
    let polygons = match &geometry.value {
        GeometryValue::Polygon { coordinates } => std::slice::from_ref(coordinates),
        GeometryValue::MultiPolygon { coordinates } => coordinates.as_slice(),
        _ => return Err(NotAnArea::Kind),
    };
    let area = polygons.iter().map(|rings| polygon(rings)).collect::<Result<MultiPolygon<f64>, _>>()?;
    if area.0.is_empty() { Err(NotAnArea::Empty) } else { Ok(area) }
}

fn polygon(rings: &[Vec<Position>]) -> Result<Polygon<f64>, NotAnArea> {
    let mut rings = rings.iter().map(|ring| line(ring));
    let outside = rings.next().ok_or(NotAnArea::Empty)??;
    Ok(Polygon::new(outside, rings.collect::<Result<_, _>>()?))
}

fn line(ring: &[Position]) -> Result<LineString<f64>, NotAnArea> {
    let corners = ring.iter().map(|position| coord(position.as_slice())).collect::<Result<Vec<_>, _>>()?;
    if corners.len() < 4 || corners.first() != corners.last() {
        return Err(NotAnArea::Ring);
    }
    Ok(LineString::new(corners))
}

/// Longitude and latitude; an altitude is dropped.
fn coord(position: &[f64]) -> Result<Coord<f64>, NotAnArea> {
    match *position {
        [lon, lat, ..] if super::Point::new(lat, lon).is_some() => Ok(Coord { x: lon, y: lat }),
        _ => Err(NotAnArea::Position(format!("{position:?}"))),
    }
}

/// The GeoJSON of an area: a `Polygon` when it is in one piece.
pub(super) fn geometry(area: &MultiPolygon<f64>) -> Geometry {
    let rings = |polygon: &Polygon<f64>| -> Vec<Vec<Position>> {
        let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
        rings.map(|ring| ring.coords().map(|corner| Position::from([corner.x, corner.y])).collect()).collect()
    };
    Geometry::new(match area.0.as_slice() {
        [polygon] => GeometryValue::Polygon { coordinates: rings(polygon) },
        polygons => GeometryValue::MultiPolygon { coordinates: polygons.iter().map(rings).collect() },
    })
}

#[cfg(test)]
mod tests {
    use super::{NotAnArea, area, geometry};

    fn read(text: &str) -> Result<String, NotAnArea> {
        area(&text.parse().expect("GeoJSON")).map(|area| geometry(&area).to_string())
    }

    #[test]
    fn an_area_comes_back_as_it_was() {
        let square = r#"{"type":"Polygon","coordinates":[[[3.0,44.0],[5.0,44.0],[5.0,46.0],[3.0,44.0]]]}"#;
        assert_eq!(read(square).as_deref(), Ok(square));
        let two = r#"{"type":"MultiPolygon","coordinates":[[[[3.0,44.0],[5.0,44.0],[5.0,46.0],[3.0,44.0]]],[[[6.0,44.0],[7.0,44.0],[7.0,46.0],[6.0,44.0]]]]}"#;
        assert_eq!(read(two).as_deref(), Ok(two));
    }

    #[test]
    fn what_is_no_area_is_refused() {
        assert_eq!(read(r#"{"type":"Point","coordinates":[3.0,44.0]}"#), Err(NotAnArea::Kind));
        assert_eq!(read(r#"{"type":"MultiPolygon","coordinates":[]}"#), Err(NotAnArea::Empty));
        assert_eq!(read(r#"{"type":"Polygon","coordinates":[]}"#), Err(NotAnArea::Empty));
        let open = r#"{"type":"Polygon","coordinates":[[[3.0,44.0],[5.0,44.0],[5.0,46.0],[4.0,44.0]]]}"#;
        assert_eq!(read(open), Err(NotAnArea::Ring));
        let lambert = r#"{"type":"Polygon","coordinates":[[[769000.0,6430000.0],[5.0,44.0],[5.0,46.0],[4.0,44.0]]]}"#;
        assert!(matches!(read(lambert), Err(NotAnArea::Position(_))));
    }
}

//! The outlines of departments and intercommunalities that maps show: those an operator imported, otherwise drawn from the
//! communes' points.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use geo::orient::Direction;
use geo::{BoundingRect, MapCoords, MultiPolygon, Orient, Simplify};
use geojson::{Feature, JsonObject};
use sea_orm::{ConnectionTrait, entity::prelude::*};

use super::{Commune, Perimeter, Places, Point, cells, shape};

/// Degrees by which a border may be straightened: about 30 m.
const STRAIGHTENED: f64 = 0.0003;

/// An imported outline.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "outlines")]
pub(super) struct Model {
    /// `department`, `epci` or `commune`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub(super) kind: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(super) code: String,
    /// A GeoJSON `Feature`, ready to be shown.
    pub(super) geojson: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Outlines drawn so far.
#[derive(Debug, Default)]
pub(super) struct Drawn(RwLock<HashMap<Perimeter, Arc<str>>>);

impl Drawn {
    fn get(&self, perimeter: &Perimeter) -> Option<Arc<str>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(perimeter).cloned()
    }

    fn keep(&self, perimeter: &Perimeter, outline: &Arc<str>) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(perimeter.clone(), Arc::clone(outline));
    }
}

impl Places {
    /// The outline of a perimeter: a GeoJSON `Feature` with its `bbox`, whose properties are `kind`, `code`, `name`, and
    /// `source`, which is `imported` or `approximate`; WGS84 degrees with 4 decimals.
    ///
    /// An imported one is read from the database; otherwise it is drawn from the communes' points, some ten milliseconds
    /// the first time. Nothing for a commune without import, or when no member has a point.
    ///
    /// # Errors
    /// What the database said.
    pub async fn outline(&self, db: &impl ConnectionTrait, perimeter: &Perimeter) -> Result<Option<Arc<str>>, DbErr> {
        let (kind, code) = perimeter.parts();
        if let Some(row) = Entity::find_by_id((kind.to_owned(), code.to_owned())).one(db).await? {
            return Ok(Some(row.geojson.into()));
        }
        Ok(self.drawn_outline(perimeter))
    }

    fn drawn_outline(&self, perimeter: &Perimeter) -> Option<Arc<str>> {
        if matches!(perimeter, Perimeter::Commune(_)) {
            return None;
        }
        if let Some(outline) = self.drawn().get(perimeter) {
            return Some(outline);
        }
        let outline: Arc<str> =
            feature(perimeter, self.perimeter_name(perimeter)?, "approximate", &self.ground(perimeter)?).into();
        self.drawn().keep(perimeter, &outline);
        Some(outline)
    }

    /// The cells of the communes of a perimeter, united.
    fn ground(&self, perimeter: &Perimeter) -> Option<MultiPolygon<f64>> {
        let whole = self.communes().iter().filter(|commune| commune.insee_code.city() == commune.insee_code);
        let (members, others): (Vec<&Commune>, Vec<&Commune>) = whole.partition(|commune| perimeter.holds(commune));
        let points =
            |communes: Vec<&Commune>| communes.into_iter().filter_map(|commune| commune.point).collect::<Vec<Point>>();
        cells::ground(&points(members), &points(others))
    }
}

/// A GeoJSON `Feature` ready for a map.
pub(super) fn feature(perimeter: &Perimeter, name: &str, source: &str, area: &MultiPolygon<f64>) -> String {
    let (kind, code) = perimeter.parts();
    let properties = [("kind", kind), ("code", code), ("name", name), ("source", source)];
    let area = tidy(area);
    let feature = Feature {
        bbox: area.bounding_rect().map(|bounds| vec![bounds.min().x, bounds.min().y, bounds.max().x, bounds.max().y]),
        geometry: Some(shape::geometry(&area)),
        properties: Some(
            properties.into_iter().map(|(key, value)| (key.to_owned(), value.into())).collect::<JsonObject>(),
        ),
        ..Feature::default()
    };
    feature.to_string()
}

/// Borders straightened, 4 decimals, outer rings counter-clockwise (RFC 7946, 3.1.6).
fn tidy(area: &MultiPolygon<f64>) -> MultiPolygon<f64> {
    let straight = area.simplify(STRAIGHTENED).orient(Direction::Default);
    let round = |degrees: f64| (degrees * 10_000.0).round() / 10_000.0;
    let rounded = straight.map_coords(|corner| geo::Coord { x: round(corner.x), y: round(corner.y) });
    rounded.into_iter().filter(|polygon| polygon.exterior().0.len() > 3).collect()
}

#[cfg(test)]
mod tests {
    use geo::{Area, ChamberlainDuquetteArea, Contains};

    use crate::places::{Perimeter, Places, shape};

    fn ground(perimeter: &str) -> geo::MultiPolygon {
        let places = Places::embedded();
        let perimeter = places.perimeter(perimeter).expect(perimeter);
        let outline = places.drawn_outline(&perimeter).expect("an outline");
        let feature: geojson::Feature = outline.parse().expect("a feature");
        shape::area(&feature.geometry.expect("a geometry")).expect("an area")
    }

    #[test]
    fn the_haute_loire_has_nearly_its_area() {
        let area = ground("department:43");
        let square_kilometres = area.chamberlain_duquette_unsigned_area() / 1e6;
        assert!((square_kilometres - 4_977.0).abs() < 50.0, "{square_kilometres} km²");
        assert_eq!(area.0.len(), 1);
    }

    #[test]
    fn an_outline_holds_its_communes_and_not_those_around() {
        let places = Places::embedded();
        let area = ground("epci:200073419");
        let inside = |code: &str| {
            let point = places.commune(code).and_then(|commune| commune.point).expect(code);
            area.contains(&geo::Point::new(point.lon, point.lat))
        };
        assert!(inside("43157") && !inside("43040"));
        let members: Vec<&str> =
            places.communes_of_epci("200073419").map(|commune| commune.insee_code.as_str()).collect();
        assert!(members.iter().all(|code| inside(code)));
    }

    #[test]
    fn an_enclave_and_a_coast_are_drawn_as_they_are() {
        assert_eq!(ground("department:84").0.len(), 2, "Vaucluse has Valréas inside the Drôme");
        assert!(ground("department:26").0.iter().any(|polygon| !polygon.interiors().is_empty()));
        let sea = geo::Point::new(-5.5, 48.0);
        assert!(!ground("department:29").contains(&sea));
        assert!(ground("department:973").unsigned_area() > 5.0, "Guyane is large");
    }

    #[test]
    fn outlines_of_communes_are_not_drawn() {
        let places = Places::embedded();
        let commune = places.perimeter("commune:43157").expect("Le Puy");
        assert_eq!(places.drawn_outline(&commune), None);
        assert_eq!(places.drawn_outline(&Perimeter::Department("975".to_owned())), None, "its communes have no points");
    }
}

//! Outlines of departments, intercommunalities and communes, from JSON.

use std::collections::{HashMap, HashSet};

use geo::{BoundingRect, Intersects, MultiPolygon};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, sea_query::OnConflict};

use super::items::{self, Item};
use super::{ImportError, is_change};
use crate::places::outline::{self, ActiveModel, Column as Stored, Entity};
use crate::places::{Perimeter, Places, shape};
use crate::tables::{Problem, Report};

/// SQLite takes statements of a million bytes without settings; an outline has some thousand.
const ROWS_PER_INSERT: usize = 50;

/// An outline that is right, as it will be shown.
#[derive(Debug)]
pub(super) struct NewOutline {
    perimeter: Perimeter,
    geojson: String,
}

/// The outlines of a file that are right; what is wrong goes into the report.
pub(super) fn read(bytes: &[u8], places: &Places, report: &mut Report) -> Result<Vec<NewOutline>, ImportError> {
    let items = items::read(bytes, &["contour"], report)?;
    let (mut known, mut new) = (HashSet::new(), Vec::new());
    for item in &items {
        match from_item(item, places) {
            Ok(outline) if !known.insert(outline.perimeter.clone()) => {
                report.refused += 1;
                let code = outline.perimeter.parts().1;
                report.problems.push(item.wrong("code", code, "un seul contour par code : le premier est gardé"));
            }
            Ok(outline) => new.push(outline),
            Err(problem) => {
                report.refused += 1;
                report.problems.push(problem);
            }
        }
    }
    Ok(new)
}

fn from_item(item: &Item, places: &Places) -> Result<NewOutline, Problem> {
    let code = item.text(&["code", "insee_code", "siren"]).unwrap_or_default();
    let kind = match item.text(&["kind"]) {
        Some(kind) => kind,
        None => kind_of(&code).ok_or_else(|| item.wrong("code", &code, EXPECTED_CODE))?.to_owned(),
    };
    let perimeter =
        places.perimeter(&format!("{kind}:{code}")).map_err(|_| item.wrong("code", &code, EXPECTED_CODE))?;
    let geometry = item.geometry()?;
    let area = shape::area(&geometry)
        .map_err(|error| item.wrong("geometry", geometry.value.type_name(), &error.to_string()))?;
    if !holds_its_communes(&area, &perimeter, places) {
        let name = places.perimeter_name(&perimeter).unwrap_or_default();
        let expected =
            format!("un contour qui contienne les communes de {name} (longitude avant latitude, degrés WGS84)");
        return Err(item.wrong("geometry", geometry.value.type_name(), &expected));
    }
    let name = places.perimeter_name(&perimeter).unwrap_or_default();
    Ok(NewOutline { geojson: outline::feature(&perimeter, name, "imported", &area), perimeter })
}

const EXPECTED_CODE: &str = "le code d’un département, le SIREN d’une intercommunalité ou le code INSEE d’une commune";

/// geo.api.gouv.fr does not say the kind: the code does.
fn kind_of(code: &str) -> Option<&'static str> {
    match code.len() {
        2 | 3 => Some("department"),
        4 | 5 => Some("commune"),
        9 => Some("epci"),
        _ => None,
    }
}

/// Most of the communes' points lie inside. A point may stand a little outside its own commune, hence the box for one.
fn holds_its_communes(area: &MultiPolygon<f64>, perimeter: &Perimeter, places: &Places) -> bool {
    let points: Vec<geo::Point> = places
        .communes_of(perimeter)
        .into_iter()
        .filter_map(|commune| commune.point)
        .map(|point| geo::Point::new(point.lon, point.lat))
        .collect();
    if matches!(perimeter, Perimeter::Commune(_)) {
        return points.iter().all(|point| area.bounding_rect().is_some_and(|bounds| bounds.intersects(point)));
    }
    let inside = points.iter().filter(|point| area.intersects(*point)).count();
    inside * 2 >= points.len()
}

/// The outlines that the database does not have yet as they are; counts them.
pub(super) async fn changes<'a>(
    db: &impl ConnectionTrait,
    new: &'a [NewOutline],
    report: &mut Report,
) -> Result<Vec<&'a NewOutline>, DbErr> {
    let stored = Entity::find().all(db).await?;
    let stored: HashMap<(&str, &str), &str> =
        stored.iter().map(|row| ((row.kind.as_str(), row.code.as_str()), row.geojson.as_str())).collect();
    let known = |new: &NewOutline| stored.get(&new.perimeter.parts()).copied();
    Ok(new.iter().filter(|new| is_change(known(new), new.geojson.as_str(), report)).collect())
}

pub(super) async fn save(txn: &DatabaseTransaction, changed: &[&NewOutline]) -> Result<(), DbErr> {
    for outlines in changed.chunks(ROWS_PER_INSERT) {
        let rows = outlines.iter().map(|new| {
            let (kind, code) = new.perimeter.parts();
            ActiveModel { kind: Set(kind.to_owned()), code: Set(code.to_owned()), geojson: Set(new.geojson.clone()) }
        });
        let replace = OnConflict::columns([Stored::Kind, Stored::Code]).update_column(Stored::Geojson).to_owned();
        Entity::insert_many(rows).on_conflict(replace).exec_without_returning(txn).await?;
    }
    Ok(())
}

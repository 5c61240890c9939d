//! Points of communes, from JSON or a table.

use std::collections::HashSet;

use geojson::GeometryValue;
use sea_orm::{ActiveValue::Set, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, sea_query::OnConflict};

use super::items::{self, Item};
use super::{ImportError, is_change};
use crate::places::commune_point::{self, ActiveModel, Column as Stored, Entity};
use crate::places::{InseeCode, Places, Point};
use crate::tables::{Column, Columns, Line, Problem, Report, Row, Severity, Table, parse_number};

/// Kilometres by which a better point may differ: the largest commune is 150 km long.
const FARTHEST_KM: f64 = 100.0;
const ROWS_PER_INSERT: usize = 5_000;

const COLUMNS: [Column; 3] = [
    Column { heading: "insee_code", aliases: &["code", "code insee"], required: true },
    Column { heading: "lat", aliases: &["latitude"], required: true },
    Column { heading: "lon", aliases: &["lng", "long", "longitude"], required: true },
];

/// A point and where it stands in the file.
#[derive(Debug)]
pub(super) struct NewPoint {
    line: u64,
    insee_code: InseeCode,
    point: Point,
}

/// The points of a file that are right; what is wrong goes into the report.
pub(super) fn read(bytes: &[u8], places: &Places, report: &mut Report) -> Result<Vec<NewPoint>, ImportError> {
    let read = if items::is_json(bytes) {
        let items = items::read(bytes, &["centre", "mairie"], report)?;
        items.iter().map(|item| from_item(item, places)).collect()
    } else {
        from_table(bytes, places, report)?
    };
    let mut known = HashSet::new();
    let mut new = Vec::new();
    for point in read {
        match point {
            Ok(point) if known.insert(point.insee_code) => new.push(point),
            Ok(point) => refuse(report, vec![point.repeated()]),
            Err(problems) => refuse(report, problems),
        }
    }
    Ok(new)
}

fn refuse(report: &mut Report, mut problems: Vec<Problem>) {
    report.refused += 1;
    report.problems.append(&mut problems);
}

impl NewPoint {
    fn repeated(&self) -> Problem {
        Problem {
            line: self.line,
            column: "code".to_owned(),
            value: self.insee_code.to_string(),
            expected: "un seul point par commune : le premier est gardé".to_owned(),
            refused: true,
        }
    }
}

fn from_item(item: &Item, places: &Places) -> Result<NewPoint, Vec<Problem>> {
    let wrong = |property: &str, value: &str, expected: &str| vec![item.wrong(property, value, expected)];
    let code = item.text(&["code", "insee_code"]).unwrap_or_default();
    let insee_code = known_code(&code, places).map_err(|expected| wrong("code", &code, &expected))?;
    let geometry = item.geometry().map_err(|problem| vec![problem])?;
    let point = match &geometry.value {
        GeometryValue::Point { coordinates } => degrees(coordinates.as_slice()),
        other => return Err(wrong("geometry", other.type_name(), "un point (type Point)")),
    };
    let shown = geometry.value.to_string();
    let point = point.ok_or_else(|| wrong("geometry", &shown, "longitude puis latitude, en degrés WGS84"))?;
    near(insee_code, point, places).map_err(|expected| wrong("geometry", &shown, &expected))?;
    Ok(NewPoint { line: item.number, insee_code, point })
}

fn degrees(position: &[f64]) -> Option<Point> {
    let [lon, lat, ..] = *position else { return None };
    Point::new(lat, lon)
}

fn from_table(
    bytes: &[u8],
    places: &Places,
    report: &mut Report,
) -> Result<Vec<Result<NewPoint, Vec<Problem>>>, ImportError> {
    let table = Table::read(bytes)?;
    let columns = Columns::find(&table.headings, &COLUMNS)?;
    let rows: Vec<_> = table.rows().collect();
    report.read = rows.len();
    Ok(rows.iter().map(|row| from_line(row, &columns, places)).collect())
}

fn from_line(row: &Row, columns: &Columns, places: &Places) -> Result<NewPoint, Vec<Problem>> {
    let mut line = Line::new(row, columns);
    let code = line.parse("insee_code", Severity::Line, |code| known_code(code, places));
    let code = line.require("insee_code", code, "un code INSEE");
    let degrees =
        |limit: f64| move |text: &str| parse_number(text).filter(|degrees| degrees.abs() <= limit).ok_or("des degrés");
    let lat = line.parse("lat", Severity::Line, degrees(90.0));
    let lat = line.require("lat", lat, "une latitude en degrés");
    let lon = line.parse("lon", Severity::Line, degrees(180.0));
    let lon = line.require("lon", lon, "une longitude en degrés");
    let (Some(insee_code), Some(lat), Some(lon)) = (code, lat, lon) else { return Err(line.into_problems()) };
    let point = Point { lat, lon };
    if let Err(expected) = near(insee_code, point, places) {
        line.report("lat", &format!("{lat}, {lon}"), &expected, Severity::Line);
    }
    if line.is_refused() { Err(line.into_problems()) } else { Ok(NewPoint { line: row.line, insee_code, point }) }
}

/// The code of a commune that exists.
fn known_code(text: &str, places: &Places) -> Result<InseeCode, String> {
    let code = InseeCode::parse(text).map_err(|error| error.to_string())?;
    let commune = places.commune(code.as_str());
    commune.map(|commune| commune.insee_code).ok_or_else(|| "le code INSEE d’une commune actuelle".to_owned())
}

/// A point far from where the commune is known to be has its coordinates exchanged, or is another commune's.
fn near(insee_code: InseeCode, point: Point, places: &Places) -> Result<(), String> {
    let known = places.commune(insee_code.as_str()).and_then(|commune| Some((&commune.name, commune.point?)));
    match known {
        Some((name, at)) if at.distance_km(point) > FARTHEST_KM => Err(format!(
            "un point à moins de {FARTHEST_KM:.0} km de {name} (latitude {:.2}, longitude {:.2})",
            at.lat, at.lon
        )),
        _ => Ok(()),
    }
}

/// The points that the database does not have yet; counts them.
pub(super) async fn changes<'a>(
    db: &impl ConnectionTrait,
    new: &'a [NewPoint],
    report: &mut Report,
) -> Result<Vec<&'a NewPoint>, DbErr> {
    let stored = commune_point::points(db).await?;
    Ok(new.iter().filter(|new| is_change(stored.get(&new.insee_code), &new.point, report)).collect())
}

pub(super) async fn save(txn: &DatabaseTransaction, changed: &[&NewPoint]) -> Result<(), DbErr> {
    for points in changed.chunks(ROWS_PER_INSERT) {
        let rows = points.iter().map(|new| ActiveModel {
            insee_code: Set(new.insee_code.to_string()),
            latitude: Set(new.point.lat),
            longitude: Set(new.point.lon),
        });
        let replace =
            OnConflict::column(Stored::InseeCode).update_columns([Stored::Latitude, Stored::Longitude]).to_owned();
        Entity::insert_many(rows).on_conflict(replace).exec_without_returning(txn).await?;
    }
    Ok(())
}

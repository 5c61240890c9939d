//! The point of an address, told by a geocoder (Géoplateforme) when one is set.

use serde::Deserialize;

use super::{Commune, InseeCode, Point};
use crate::{
    app::App,
    config::Remote,
    outside::{self, Heard},
};

/// Below this score (0 to 1) an address is another one than what was asked for.
const LIKELY: f64 = 0.5;

/// Where an address is.
#[derive(Clone, Debug, PartialEq)]
pub struct Located {
    /// The point.
    pub point: Point,
    /// The address as the geocoder writes it.
    pub label: String,
    /// How near that is.
    pub precision: Precision,
}

/// How near a point is to its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// At its number.
    Number,
    /// Somewhere in its street.
    Street,
    /// In its hamlet.
    Hamlet,
}

/// Asks `geocoder` on behalf of a person where an address of a commune is.
pub async fn locate(app: &App, geocoder: &Remote, person: i64, address: &str, commune: &Commune) -> Heard<Located> {
    let query = [
        ("q", address),
        ("citycode", commune.insee_code.as_str()),
        ("index", "address"),
        ("autocomplete", "0"),
        ("limit", "1"),
    ];
    let read = |body: &[u8]| read(body, commune.insee_code);
    outside::ask(app, person, geocoder, "/search", &query, read).await
}

#[derive(Deserialize)]
struct Collection {
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    geometry: Geometry,
    properties: Properties,
}

#[derive(Deserialize)]
struct Geometry {
    /// Longitude, latitude.
    coordinates: (f64, f64),
}

#[derive(Deserialize)]
struct Properties {
    label: String,
    score: f64,
    #[serde(rename = "type")]
    kind: String,
    citycode: String,
    /// The commune that was merged into that one.
    oldcitycode: Option<String>,
}

/// Reads an answer about an address of a commune.
fn read(body: &[u8], commune: InseeCode) -> Heard<Located> {
    let Ok(answer) = serde_json::from_slice::<Collection>(body) else { return Heard::NoAnswer };
    let Some(found) = answer.features.into_iter().next() else { return Heard::Unknown };
    let told = found.properties;
    let is_its = |code: &str| InseeCode::parse(code).is_ok_and(|code| code == commune || code.city() == commune);
    let is_inside = is_its(&told.citycode) || told.oldcitycode.as_deref().is_some_and(is_its);
    let precision = match told.kind.as_str() {
        "housenumber" => Precision::Number,
        "street" => Precision::Street,
        "locality" => Precision::Hamlet,
        // The centre of the commune is known already, and is not where one goes to fetch cheese.
        _ => return Heard::Unknown,
    };
    if !is_inside || told.score < LIKELY {
        return Heard::Unknown;
    }
    let (longitude, latitude) = found.geometry.coordinates;
    let label = told.label.chars().filter(|c| !c.is_control()).take(200).collect();
    let Some(point) = Point::new(latitude, longitude) else { return Heard::NoAnswer };
    Heard::Told(Located { point, label, precision })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn told(kind: &str, citycode: &str, score: f64) -> Value {
        let properties = json!({ "label": "Le Suc 43000 Le Puy-en-Velay", "score": score, "type": kind, "citycode": citycode, "x": 1.5 });
        let geometry = json!({ "type": "Point", "coordinates": [3.88, 45.04] });
        json!({ "type": "FeatureCollection", "features": [{ "type": "Feature", "geometry": geometry, "properties": properties }] })
    }

    fn asked(answer: &Value, commune: &str) -> Heard<Located> {
        read(answer.to_string().as_bytes(), InseeCode::parse(commune).unwrap())
    }

    #[test]
    fn an_address_of_the_commune_has_a_point_and_says_how_near() {
        let Heard::Told(Located { point, label, precision }) = asked(&told("locality", "43157", 0.8), "43157") else {
            panic!("found")
        };
        assert_eq!((point.lat, point.lon, precision), (45.04, 3.88, Precision::Hamlet));
        assert_eq!(label, "Le Suc 43000 Le Puy-en-Velay");
        assert!(matches!(asked(&told("housenumber", "75104", 0.8), "75056"), Heard::Told(_)));
    }

    #[test]
    fn another_commune_a_doubtful_address_and_a_mere_commune_are_nowhere() {
        for wrong in [
            told("street", "43040", 0.9),
            told("street", "43157", 0.4),
            told("municipality", "43157", 0.9),
            json!({ "type": "FeatureCollection", "features": [] }),
        ] {
            assert_eq!(asked(&wrong, "43157"), Heard::Unknown, "{wrong}");
        }
    }

    #[test]
    fn another_shape_is_no_answer() {
        for wrong in [json!({}), json!({ "features": [{}] }), json!([]), json!({ "features": null })] {
            assert_eq!(asked(&wrong, "43157"), Heard::NoAnswer, "{wrong}");
        }
    }
}

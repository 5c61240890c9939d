//! What a JSON file lists: features of a GeoJSON, or objects of geo.api.gouv.fr, each with a code and a geometry.

use geojson::Geometry;
use serde_json::{Map, Value};

use super::ImportError;
use crate::tables::{Problem, Report, decode};

/// One thing of the list.
#[derive(Debug)]
pub(super) struct Item {
    /// From 1 on.
    pub(super) number: u64,
    properties: Map<String, Value>,
    /// Where the geometry was found, and what it is.
    geometry: Option<(&'static str, Value)>,
}

/// Whether a file is JSON rather than a table.
pub(super) fn is_json(bytes: &[u8]) -> bool {
    decode(&bytes[..bytes.len().min(1_000)]).trim_start().starts_with(['{', '['])
}

/// The items of a JSON file. `geometries` are the keys under which geo.api.gouv.fr gives the wanted geometry, the best first.
pub(super) fn read(bytes: &[u8], geometries: &[&'static str], report: &mut Report) -> Result<Vec<Item>, ImportError> {
    let values = list(serde_json::from_str(&decode(bytes))?).ok_or(ImportError::NoItems)?;
    report.read = values.len();
    report.notes.push("les numéros de ligne sont ceux des éléments du fichier, à partir de 1".to_owned());
    Ok(values.into_iter().zip(1..).map(|(value, number)| item(value, number, geometries)).collect())
}

fn list(value: Value) -> Option<Vec<Value>> {
    match value {
        Value::Array(values) => Some(values),
        Value::Object(mut object) => match object.remove("features") {
            Some(Value::Array(features)) => Some(features),
            Some(_) => None,
            None => Some(vec![Value::Object(object)]).filter(|values| is_item(&values[0])),
        },
        _ => None,
    }
}

/// A lone feature or a lone commune, rather than JSON of any other kind.
fn is_item(value: &Value) -> bool {
    value["type"] == "Feature" || value.get("code").is_some()
}

fn item(value: Value, number: u64, geometries: &[&'static str]) -> Item {
    let Value::Object(mut object) = value else { return Item { number, properties: Map::new(), geometry: None } };
    let mut properties = match object.remove("properties") {
        Some(Value::Object(properties)) => properties,
        _ => std::mem::take(&mut object),
    };
    let mut taken = |key: &str| properties.remove(key).or_else(|| object.remove(key)).filter(|value| !value.is_null());
    let geometry = geometries.iter().chain(&["geometry"]).find_map(|key| Some((*key, taken(key)?)));
    Item { number, properties, geometry }
}

impl Item {
    /// A property under one of its names; a number will do.
    pub(super) fn text(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| match self.properties.get(*name)? {
            Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        })
    }

    /// Its geometry.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn geometry(&self) -> Result<Geometry, Problem> {
        let Some((key, value)) = &self.geometry else {
            return Err(self.wrong("geometry", "", "une géométrie GeoJSON"));
        };
        serde_json::from_value(value.clone())
            .map_err(|error| self.wrong(key, &value.to_string(), &format!("une géométrie GeoJSON ({error})")))
    }

    /// A problem that costs the item.
    pub(super) fn wrong(&self, property: &str, value: &str, expected: &str) -> Problem {
        let name = self.text(&["nom", "name"]).map(|name| format!("{property} de {name}"));
        Problem {
            line: self.number,
            column: name.unwrap_or_else(|| property.to_owned()),
            value: value.chars().take(60).collect(),
            expected: expected.to_owned(),
            refused: true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{is_json, read};
    use crate::tables::Report;

    fn codes(text: &str) -> Vec<(Option<String>, bool)> {
        let items = read(text.as_bytes(), &["centre", "mairie"], &mut Report::default()).expect("a list");
        items.iter().map(|item| (item.text(&["code"]), item.geometry().is_ok())).collect()
    }

    #[test]
    fn features_and_answers_of_the_api_are_lists_of_items() {
        let point = r#"{"type":"Point","coordinates":[3.9,45.0]}"#;
        let expected = [(Some("43157".to_owned()), true)];
        let feature = format!(r#"{{"type":"Feature","properties":{{"code":"43157"}},"geometry":{point}}}"#);
        assert_eq!(codes(&feature), expected);
        assert_eq!(codes(&format!(r#"{{"type":"FeatureCollection","features":[{feature}]}}"#)), expected);
        assert_eq!(codes(&format!(r#"[{{"nom":"Le Puy","code":"43157","centre":{point}}}]"#)), expected);
        assert_eq!(codes(&format!("\u{feff}[{{\"code\":43157,\"mairie\":{point}}}]")), expected);
        assert_eq!(codes("[3, {}]"), [(None, false), (None, false)]);
        assert_eq!(codes(r#"[{"code":"43157","centre":{"type":"Cube"}}]"#), [(Some("43157".to_owned()), false)]);
    }

    #[test]
    fn other_files_are_no_lists() {
        for text in ["{}", "3", r#"{"features":3}"#, "{", ""] {
            assert!(read(text.as_bytes(), &[], &mut Report::default()).is_err(), "{text}");
        }
        assert!(is_json(b" \n[") && is_json("\u{feff}{".as_bytes()) && !is_json(b"insee_code;lat;lon"));
    }
}

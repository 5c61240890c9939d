//! The API explained: the OpenAPI document read out, in French.

use std::collections::HashMap;
use std::sync::LazyLock;

use askama::Template;
use poem::web::Data;
use poem::{Response, handler};
use serde_json::Value;

use crate::app::App;
use crate::directory::api;
use crate::directory::query::Query;
use crate::web::{Frame, Result, filters, page};

/// Our French for what the document says in English, by operation, parameter and status.
const FRENCH: &str = include_str!("../api/french.csv");

static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| operations(&api::document(), &french()));

#[derive(Template)]
#[template(path = "directory/api.html")]
struct Guide {
    frame: Frame,
    operations: &'static [Operation],
    links: HashMap<&'static str, Vec<String>>,
    base: String,
    per_minute: u32,
}

/// One thing the API can be asked.
struct Operation {
    id: String,
    method: String,
    path: String,
    title: String,
    more: String,
    parameters: Vec<Parameter>,
    /// A body to send, as an example.
    body: Option<String>,
    answers: Vec<(String, String)>,
    /// What comes back, as an example.
    shown: Option<String>,
}

struct Parameter {
    name: String,
    text: String,
    /// Its type and limits, in French.
    values: String,
    example: Option<String>,
}

/// `GET /api`
#[handler]
pub(crate) fn guide(app: Data<&App>, frame: Frame) -> Result<Response> {
    let base = frame.absolute("");
    let (operations, links, per_minute) = (&*OPERATIONS, links(&app), app.config.requests_per_minute.get());
    page(&Guide { frame, operations, links, base, per_minute })
}

impl Guide {
    fn links_of(&self, operation: &Operation) -> &[String] {
        self.links.get(operation.id.as_str()).map_or(&[], Vec::as_slice)
    }
}

/// Requests that find something here: the largest commune, a supplier that exists.
fn links(app: &App) -> HashMap<&'static str, Vec<String>> {
    let communes = app.places.communes_of_department(&app.config.territory);
    let commune = communes.max_by_key(|commune| commune.population).map(|commune| commune.insee_code.to_string());
    let commune = commune.unwrap_or_default();
    let mut request = Query::all().request(&app.places, app.today());
    request.limit = 1;
    let supplier = app.index.search(&request).hits.into_iter().next();
    let mut links = HashMap::from([
        (
            "searchSuppliers",
            vec![
                format!("/api/v1/suppliers?q=lentilles&near={commune}&radius_km=30"),
                format!(
                    "/api/v1/suppliers?family=PRODUITS_LAITIERS&certification=organic&near={commune}&delivers_to=true"
                ),
                "/api/v1/suppliers?q=oeufs+bio&month=2&sort=freshness&per_page=5".to_owned(),
            ],
        ),
        ("mapSuppliers", vec![format!("/api/v1/suppliers.geojson?q=pommes&near={commune}&radius_km=50")]),
        ("suggestions", vec!["/api/v1/suggestions?q=lent".to_owned()]),
        ("communes", vec!["/api/v1/communes?q=saint+j".to_owned()]),
        ("products", vec!["/api/v1/products".to_owned()]),
        ("editions", vec!["/api/v1/editions".to_owned()]),
        ("editionsCalendar", vec!["/api/v1/editions.ics".to_owned()]),
    ]);
    let reference = supplier.and_then(|hit| serde_urlencoded::to_string([("", hit.reference)]).ok());
    if let Some(reference) = reference {
        links.insert(
            "supplier",
            vec![format!("/api/v1/suppliers/{}", reference.trim_start_matches('=').replace('+', "%20"))],
        );
    }
    links
}

fn french() -> HashMap<String, String> {
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(FRENCH.as_bytes());
    reader.records().flatten().map(|row| (row[0].to_owned(), row[1].to_owned())).collect()
}

fn operations(document: &Value, french: &HashMap<String, String>) -> Vec<Operation> {
    let paths = document["paths"].as_object().into_iter().flatten();
    let each = paths.flat_map(|(path, methods)| {
        methods.as_object().into_iter().flatten().map(move |(method, operation)| (path, method, operation))
    });
    let say = |key: &str| french.get(key).cloned();
    each.map(|(path, method, operation)| {
        let id = operation["operationId"].as_str().unwrap_or_default();
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let answers = operation["responses"].as_object().into_iter().flatten();
        let pretty = |example: &Value| match example {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            _ => serde_json::to_string_pretty(example).ok(),
        };
        Operation {
            id: id.to_owned(),
            method: method.to_uppercase(),
            path: path.clone(),
            title: say(id).unwrap_or_else(|| id.to_owned()),
            more: say(&format!("{id}.more")).unwrap_or_default(),
            parameters: parameters
                .map(|parameter| self::parameter(resolved(document, parameter), id, french))
                .collect(),
            body: pretty(&operation["requestBody"]["content"]["application/json"]["example"]),
            answers: answers
                .map(|(status, _)| {
                    let own = say(&format!("status.{id}.{status}"));
                    (status.clone(), own.or_else(|| say(&format!("status.{status}"))).unwrap_or_default())
                })
                .collect(),
            shown: ["200", "201"]
                .iter()
                .find_map(|status| example_of(&operation["responses"][status]))
                .and_then(pretty),
        }
    })
    .collect()
}

fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let pointer = value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    pointer.and_then(|pointer| document.pointer(pointer)).unwrap_or(value)
}

fn example_of(answer: &Value) -> Option<&Value> {
    answer["content"].as_object()?.values().next().map(|media| &media["example"])
}

fn parameter(parameter: &Value, operation: &str, french: &HashMap<String, String>) -> Parameter {
    let name = parameter["name"].as_str().unwrap_or_default();
    let own = french.get(&format!("param.{operation}.{name}")).or_else(|| french.get(&format!("param.{name}")));
    let written = |value: &Value| value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
    Parameter {
        name: name.to_owned(),
        text: own.cloned().unwrap_or_default(),
        values: values(&parameter["schema"]),
        example: Some(&parameter["example"]).filter(|example| !example.is_null()).map(written),
    }
}

/// `nombre, de -90 à 90`, `aop, igp…`: what a schema allows, in French.
fn values(schema: &Value) -> String {
    if schema["type"] == "array" {
        return values(&schema["items"]);
    }
    if let Some(codes) = schema["enum"].as_array() {
        return codes.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ");
    }
    let word = match schema["type"].as_str().unwrap_or_default() {
        "number" => "nombre",
        "integer" => "nombre entier",
        "boolean" => "true ou false",
        _ => "texte",
    };
    match (schema["minimum"].as_f64(), schema["maximum"].as_f64()) {
        (Some(low), Some(high)) => format!("{word}, de {low} à {high}"),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_the_document_offers_is_said_in_french() {
        for operation in OPERATIONS.iter() {
            assert!(!operation.more.is_empty() && operation.title != operation.id, "{}", operation.id);
            for parameter in &operation.parameters {
                assert!(!parameter.text.is_empty(), "{} {}", operation.id, parameter.name);
            }
            for (status, text) in &operation.answers {
                assert!(!text.is_empty(), "{} {status}", operation.id);
            }
            assert!(operation.shown.is_some(), "{} has no example", operation.id);
        }
        assert!(OPERATIONS.len() >= 18);
    }
}

//! The OpenAPI document: what the code declares, with the parameters, examples and licence that are kept as data.

use bytes::Bytes;
use poem::{Endpoint, Request, Response};
use serde_json::{Map, Value, json};

const PARAMETERS: &str = include_str!("parameters.json");
const EXAMPLES: &str = include_str!("examples.json");
/// What speed meetings answer, outside of the declarations: their room answers it.
const MEETINGS: &str = include_str!("meetings.json");
/// What farm visits answer, likewise.
const VISITS: &str = include_str!("visits.json");
/// Operations that take the parameters of a search.
const SEARCHES: [&str; 2] = ["/api/v1/suppliers", "/api/v1/suppliers.geojson"];
/// Where a search may be sent as JSON.
pub(super) const SEARCH_IN: &str = "/api/v1/suppliers/search";

/// `GET /api/v1/openapi.json`
#[derive(Clone)]
pub(super) struct Document {
    written: Bytes,
}

impl Document {
    /// Completes what the code declares.
    #[must_use]
    pub(super) fn of(declared: &str) -> Self {
        let mut document: Value = serde_json::from_str(declared).unwrap_or_default();
        describe(&mut document["info"]);
        let parameters = parameters();
        let found = json!({ "$ref": "#/components/schemas/SearchBody" });
        for path in SEARCHES {
            let references = parameters.iter().map(|parameter| {
                json!({ "$ref": format!("#/components/parameters/{}", parameter["name"].as_str().unwrap_or_default()) })
            });
            document["paths"][path]["get"]["parameters"] = references.collect();
        }
        document["paths"][SEARCH_IN]["post"]["requestBody"] = json!({
            "required": true,
            "content": { "application/json": { "schema": found, "example": example("searchBody") } },
        });
        let rooms: [Value; 2] = [MEETINGS, VISITS].map(|text| serde_json::from_str(text).unwrap_or_default());
        for room in &rooms {
            add_room(&mut document, room);
        }
        document["paths"]["/api/v1/editions/{key}/timetable"]["put"]["requestBody"]["content"]["application/json"]["example"] =
            example("solutionBody");
        allow_nothing(&mut document);
        document["components"]["schemas"]["SearchBody"] = search_body(&parameters);
        document["components"]["parameters"] = parameters
            .into_iter()
            .map(|parameter| (parameter["name"].as_str().unwrap_or_default().to_owned(), parameter))
            .chain(rooms.iter().filter_map(|room| room["parameters"].as_object().cloned()).flatten())
            .collect::<Map<String, Value>>()
            .into();
        show_answers(&mut document);
        Self { written: document.to_string().into() }
    }

    /// Itself as a tree.
    pub(super) fn content(&self) -> Value {
        serde_json::from_slice(&self.written).unwrap_or_default()
    }
}

impl Endpoint for Document {
    type Output = Response;

    async fn call(&self, _: Request) -> poem::Result<Response> {
        Ok(Response::builder().content_type("application/json").body(self.written.clone()))
    }
}

fn describe(info: &mut Value) {
    info["description"] = "Suppliers of public canteens: what they sell, where, when and with which proof. What everybody may \
        read needs no key; who comes to speed meetings and their timetables, and what is written, need one of an organiser. There are no contacts. Codes are those of the import format. Errors are `application/problem+json` (RFC 9457); \
        answers carry an `ETag`; one address may ask a limited number of times a minute."
        .into();
    info["license"] = json!({
        "name": "Licence Ouverte 2.0 (data)",
        "url": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
    });
}

/// Puts in what a room answers, each operation with the refusals it names.
fn add_room(document: &mut Value, room: &Value) {
    let problem = json!({ "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } });
    for (path, methods) in room["paths"].as_object().into_iter().flatten() {
        let mut methods = methods.clone();
        for operation in methods.as_object_mut().into_iter().flat_map(|methods| methods.values_mut()) {
            let refusals = operation.as_object_mut().and_then(|operation| operation.remove("refusals"));
            for status in refusals.iter().filter_map(Value::as_array).flatten().filter_map(Value::as_str) {
                let mut answer = json!({ "description": room["refusals"][status] });
                if status != "304" {
                    answer["content"] = problem.clone();
                }
                operation["responses"][status] = answer;
            }
        }
        document["paths"][path] = methods;
    }
    for (name, schema) in room["schemas"].as_object().into_iter().flatten() {
        document["components"]["schemas"][name] = schema.clone();
    }
    for (name, scheme) in room["securitySchemes"].as_object().into_iter().flatten() {
        document["components"]["securitySchemes"][name] = scheme.clone();
    }
    if let (Some(tags), Some(own)) = (document["tags"].as_array_mut(), room["tags"].as_array()) {
        tags.extend(own.iter().cloned());
    }
}

/// What is not required may be `null`, which the declarations do not say.
fn allow_nothing(document: &mut Value) {
    let Some(schemas) = document["components"]["schemas"].as_object_mut() else { return };
    for schema in schemas.values_mut() {
        let required: Vec<Value> = schema["required"].as_array().cloned().unwrap_or_default();
        let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else { continue };
        let optional = properties.iter_mut().filter(|(name, _)| !required.contains(&Value::from(name.as_str())));
        for (_, property) in optional {
            match property.get("$ref") {
                Some(_) => *property = json!({ "nullable": true, "allOf": [property.take()] }),
                None => property["nullable"] = true.into(),
            }
        }
    }
}

/// The parameters of a search as OpenAPI objects.
fn parameters() -> Vec<Value> {
    let mut parameters: Vec<Value> = serde_json::from_str(PARAMETERS).unwrap_or_default();
    for parameter in &mut parameters {
        parameter["in"] = "query".into();
        parameter["required"] = false.into();
        // A form sends the fields that were left empty too.
        parameter["allowEmptyValue"] = true.into();
        if parameter["schema"]["type"] == "array" {
            parameter["style"] = "form".into();
            parameter["explode"] = true.into();
        }
    }
    parameters
}

/// The same parameters as the members of a JSON body, and a polygon.
fn search_body(parameters: &[Value]) -> Value {
    let mut properties = Map::new();
    for parameter in parameters {
        let mut schema = parameter["schema"].clone();
        schema["description"] = parameter["description"].clone();
        if schema["type"] != "array" {
            schema["nullable"] = true.into();
            if let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut) {
                values.push(Value::Null);
            }
        }
        properties.insert(parameter["name"].as_str().unwrap_or_default().to_owned(), schema);
    }
    properties.insert("polygon".to_owned(), polygon());
    json!({ "type": "object", "additionalProperties": false, "properties": properties })
}

fn polygon() -> Value {
    let position = json!({ "type": "array", "minItems": 2, "maxItems": 3, "items": { "type": "number" } });
    let ring = json!({ "type": "array", "minItems": 4, "items": position });
    let rings = json!({ "type": "array", "minItems": 1, "items": ring });
    let geometry = |name: &str, coordinates: Value| {
        json!({
            "type": "object",
            "required": ["type", "coordinates"],
            "properties": { "type": { "type": "string", "enum": [name] }, "coordinates": coordinates },
        })
    };
    json!({
        "description": "GeoJSON geometry, longitude first, of at most 10,000 points, that the public point lies in.",
        "nullable": true,
        "oneOf": [
            geometry("Polygon", rings.clone()),
            geometry("MultiPolygon", json!({ "type": "array", "minItems": 1, "items": rings })),
        ],
    })
}

/// Puts an example beside each answer.
fn show_answers(document: &mut Value) {
    let examples = examples();
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else { return };
    let operations = paths.values_mut().filter_map(Value::as_object_mut).flat_map(|path| path.values_mut());
    for operation in operations {
        let id = operation["operationId"].as_str().unwrap_or_default().to_owned();
        let Some(answers) = operation.get_mut("responses").and_then(Value::as_object_mut) else { continue };
        for (status, answer) in answers {
            let Some(content) = answer.get_mut("content").and_then(Value::as_object_mut) else { continue };
            // An answer of this operation alone goes before what others answer with that status.
            let own = examples.get(format!("{id}.{status}"));
            let shown = own.unwrap_or(&examples[if status.starts_with('2') { &id } else { status }]);
            for media in content.values_mut() {
                media["example"] = shown.clone();
            }
        }
    }
}

fn example(name: &str) -> Value {
    examples()[name].clone()
}

fn examples() -> Value {
    serde_json::from_str(EXAMPLES).unwrap_or_default()
}

//! The public API, version 1: search, one supplier, suggestions, communes, products. Reading needs no account.

use std::time::Instant;

use index::Suggestion;
use poem::web::Data;
use poem::{Request, Route};
use poem_openapi::param::{Path, Query as Parameter};
use poem_openapi::payload::{Json, Payload};
use poem_openapi::registry::{MetaSchemaRef, Registry};
use poem_openapi::types::{ToJSON, Type};
use poem_openapi::{ApiResponse, Object, OpenApi, OpenApiService};
use serde::{Deserialize, Serialize};

use super::detail::SupplierDetail;
use super::query::{Query, sentences};
use super::shapes::{PlaceShape, SearchAnswer, Written};
use crate::app::App;
use crate::suppliers;
use crate::web::{Error, french};

/// An error, as RFC 9457 says it.
#[derive(Debug, Object, Serialize)]
pub struct Problem {
    /// Kind of problem; `about:blank`: the status says it.
    pub r#type: String,
    /// The status in words.
    pub title: String,
    /// The status.
    pub status: u16,
    /// What happened and what to do.
    pub detail: Option<String>,
    /// Names the request in the log.
    pub instance: String,
}

/// Describes `application/problem+json` answers; the gate writes them.
pub struct ProblemBody;

impl Payload for ProblemBody {
    const CONTENT_TYPE: &'static str = "application/problem+json";

    fn schema_ref() -> MetaSchemaRef {
        Problem::schema_ref()
    }

    fn register(registry: &mut Registry) {
        Problem::register(registry);
    }
}

impl poem::IntoResponse for ProblemBody {
    fn into_response(self) -> poem::Response {
        poem::http::StatusCode::INTERNAL_SERVER_ERROR.into()
    }
}

/// Every answer of a search; errors are raised as [`Error`] and written by the gate.
#[derive(ApiResponse)]
#[expect(dead_code, reason = "the refusals stand here for the OpenAPI document only")]
enum Answered<T: ToJSON + Serialize + Send> {
    /// Found, possibly nothing.
    #[oai(status = 200)]
    Ok(Written<T>),
    /// A parameter was not understood.
    #[oai(status = 400)]
    Refused(ProblemBody),
    /// There is no such thing, or it is not public.
    #[oai(status = 404)]
    NotFound(ProblemBody),
    /// Sent with another method.
    #[oai(status = 405)]
    WrongMethod(ProblemBody),
    /// More than a body may weigh.
    #[oai(status = 413)]
    TooLarge(ProblemBody),
    /// A body that is not JSON.
    #[oai(status = 415)]
    WrongType(ProblemBody),
    /// This address asked too much; `Retry-After` says when to come back.
    #[oai(status = 429)]
    TooMany(ProblemBody),
}

/// A search as JSON: the parameters of `GET /suppliers`, and a polygon.
#[derive(Debug, Default, Deserialize, Object)]
#[oai(default, example)]
#[serde(default)]
struct SearchBody {
    /// Words; no operators.
    #[oai(validator(max_length = 10_000))]
    q: Option<String>,
    /// INSEE code of a commune.
    near: Option<String>,
    /// Latitude, with `lon`, instead of `near`.
    #[oai(validator(minimum(value = "-90"), maximum(value = "90")))]
    lat: Option<f64>,
    /// Longitude.
    #[oai(validator(minimum(value = "-180"), maximum(value = "180")))]
    lon: Option<f64>,
    /// Kilometres around the place.
    #[oai(validator(minimum(value = "0.1"), maximum(value = "20000")))]
    radius_km: Option<f64>,
    /// `department:43` or `epci:200073419`.
    perimeter: Option<String>,
    /// Only suppliers that deliver to the place.
    delivers_to: Option<bool>,
    /// Codes of families: alternatives.
    family: Vec<String>,
    /// Codes of products: alternatives.
    product: Vec<String>,
    /// Codes of certifications, proven: alternatives.
    certification: Vec<String>,
    /// Codes of kinds: alternatives.
    kind: Vec<String>,
    /// Months, 1 to 12: alternatives.
    month: Vec<u8>,
    /// relevance, distance, name or freshness.
    sort: Option<String>,
    /// Page, from 1.
    #[oai(validator(minimum(value = "1"), maximum(value = "10000")))]
    page: Option<u32>,
    /// Hits on a page.
    #[oai(validator(minimum(value = "1"), maximum(value = "100")))]
    per_page: Option<u32>,
    /// GeoJSON geometry (Polygon or `MultiPolygon`, longitude first) the public point lies in.
    polygon: Option<serde_json::Value>,
}

impl poem_openapi::types::Example for SearchBody {
    fn example() -> Self {
        Self {
            q: Some("lentilles".to_owned()),
            near: Some("43157".to_owned()),
            polygon: Some(
                serde_json::json!({"type": "Polygon", "coordinates": [[[3.7, 44.9], [4.2, 44.9], [4.2, 45.2], [3.7, 45.2], [3.7, 44.9]]]}),
            ),
            ..Self::default()
        }
    }
}

/// What may complete the words being typed.
#[derive(Debug, Object, Serialize)]
struct SuggestionShape {
    /// product, supplier or commune.
    kind: String,
    /// What to put in the box.
    label: String,
    /// More about it: how many suppliers, or the commune.
    detail: String,
    /// Code of the product, slug of the supplier or INSEE code of the commune.
    value: String,
}

/// A product that canteens buy.
#[derive(Debug, Object, Serialize)]
struct ProductShape {
    /// Code, for `product=`.
    code: String,
    /// French name of one.
    name: String,
    /// French name of several.
    plural: String,
    /// Code of the family.
    family: String,
    /// Code of the broader product.
    broader: Option<String>,
    /// Usual months (1 to 12) at this latitude.
    months: Vec<u32>,
}

/// The operations, and the document that describes them at `openapi.json`.
#[must_use]
pub fn service(public_url: &str) -> Route {
    let api = OpenApiService::new(Api, "Manger local", env!("CARGO_PKG_VERSION"))
        .description("Suppliers of public canteens: what they sell, where, when and with which proof. Reading is open, under Licence Ouverte 2.0; errors are `application/problem+json`.")
        .server(public_url);
    let document = api.spec_endpoint();
    Route::new().at("/api/v1/openapi.json", document).nest_no_strip("/api/v1", api)
}

/// The operations.
struct Api;

#[expect(clippy::unused_async, reason = "the macro of poem-openapi takes async functions only")]
#[OpenApi(prefix_path = "/api/v1")]
impl Api {
    /// Search suppliers
    ///
    /// Values of one parameter are alternatives; parameters combine. `family`, `product`, `certification`, `month` and the words must hold on one and the same offer.
    #[oai(path = "/suppliers", method = "get", operation_id = "searchSuppliers")]
    #[expect(clippy::too_many_arguments, reason = "each parameter is declared for the OpenAPI document")]
    async fn search(
        &self,
        app: Data<&App>,
        request: &Request,
        /// Words: products, a place, a sign, a name. No operators.
        #[oai(validator(max_length = 10_000))]
        q: Parameter<Option<String>>,
        /// INSEE code of a commune, such as 43157.
        near: Parameter<Option<String>>,
        /// Latitude, with `lon`.
        #[oai(validator(minimum(value = "-90"), maximum(value = "90")))]
        lat: Parameter<Option<f64>>,
        /// Longitude, with `lat`.
        #[oai(validator(minimum(value = "-180"), maximum(value = "180")))]
        lon: Parameter<Option<f64>>,
        /// Kilometres around the place.
        #[oai(validator(minimum(value = "0.1"), maximum(value = "20000")))]
        radius_km: Parameter<Option<f64>>,
        /// department:CODE or epci:CODE.
        perimeter: Parameter<Option<String>>,
        /// west,south,east,north in degrees.
        bbox: Parameter<Option<String>>,
        /// true: only suppliers that deliver to the place.
        delivers_to: Parameter<Option<String>>,
        /// Code of a family; repeatable.
        family: Parameter<Vec<String>>,
        /// Code of a product; repeatable.
        product: Parameter<Vec<String>>,
        /// Code of a certification, proven; repeatable.
        certification: Parameter<Vec<String>>,
        /// Code of a kind; repeatable.
        kind: Parameter<Vec<String>>,
        /// Month from 1 to 12; repeatable.
        month: Parameter<Vec<u8>>,
        /// relevance, distance, name or freshness.
        sort: Parameter<Option<String>>,
        /// Page, from 1.
        #[oai(validator(minimum(value = "1"), maximum(value = "10000")))]
        page: Parameter<Option<u32>>,
        /// Hits on a page, at most 100.
        #[oai(validator(minimum(value = "1"), maximum(value = "100")))]
        per_page: Parameter<Option<u32>>,
        /// commune or certification: a reading of the words to take away; repeatable.
        without: Parameter<Vec<String>>,
    ) -> poem::Result<Answered<SearchAnswer>> {
        // Declared above, read below from the address itself, as the page reads them.
        let _ = (
            q,
            near,
            lat,
            lon,
            radius_km,
            perimeter,
            bbox,
            delivers_to,
            family,
            product,
            certification,
            kind,
            month,
            sort,
            page,
            per_page,
            without,
        );
        let text = request.uri().query().unwrap_or_default();
        let (query, problems) = Query::read(text, &app.places, app.index.lexicon(), &app.config.territory);
        if !problems.is_empty() {
            return Err(Error::bad_request(sentences(&problems)).into());
        }
        Ok(Answered::Ok(Written(answer(&app, &query))))
    }

    /// Search suppliers, with a polygon
    #[oai(path = "/suppliers/search", method = "post", operation_id = "searchSuppliersIn")]
    async fn search_in(&self, app: Data<&App>, body: Json<SearchBody>) -> poem::Result<Answered<SearchAnswer>> {
        let query = body.0.query(&app)?;
        Ok(Answered::Ok(Written(answer(&app, &query))))
    }

    /// One supplier
    ///
    /// Everything public about it: offers, seasons, certifications with what proves them, delivery. No contacts.
    #[oai(path = "/suppliers/:reference", method = "get", operation_id = "supplier")]
    async fn supplier(&self, app: Data<&App>, reference: Path<String>) -> poem::Result<Answered<SupplierDetail>> {
        let found = suppliers::by_reference(&app.db, &reference.0).await.map_err(Error::from)?;
        let public = found.filter(|listing| listing.supplier.is_public()).ok_or(Error::NotFound)?;
        Ok(Answered::Ok(Written(SupplierDetail::of(&public, &app))))
    }

    /// Complete what is being typed
    #[oai(path = "/suggestions", method = "get", operation_id = "suggestions")]
    async fn suggestions(
        &self,
        app: Data<&App>,
        /// What was typed so far.
        #[oai(validator(max_length = 10_000))]
        q: Parameter<Option<String>>,
    ) -> Answered<Vec<SuggestionShape>> {
        let typed = q.0.unwrap_or_default();
        let found = app.index.suggest(&typed, 5);
        Answered::Ok(Written(found.into_iter().filter_map(|suggestion| shape(&app, suggestion)).collect()))
    }

    /// Communes by name or postal code
    #[oai(path = "/communes", method = "get", operation_id = "communes")]
    async fn communes(
        &self,
        app: Data<&App>,
        /// Name, beginning of a name or postal code.
        #[oai(validator(max_length = 10_000))]
        q: Parameter<Option<String>>,
    ) -> Answered<Vec<PlaceShape>> {
        let typed: String = q.0.unwrap_or_default().chars().take(100).collect();
        let found = app.places.search(&typed, Some(&app.config.territory), 8);
        Answered::Ok(Written(
            found.into_iter().filter_map(|commune| PlaceShape::of(&app.places, commune.insee_code.as_str())).collect(),
        ))
    }

    /// Products canteens buy
    #[oai(path = "/products", method = "get", operation_id = "products")]
    async fn products(&self, app: Data<&App>) -> Answered<Vec<ProductShape>> {
        let lexicon = app.index.lexicon();
        let shape = |product: &index::lexicon::Product| ProductShape {
            code: product.code.clone(),
            name: french::typographic(&product.singular),
            plural: french::typographic(&product.plural),
            family: product.family.code().to_owned(),
            broader: product.broader.map(|id| lexicon.product(id).code.clone()),
            months: (1..=12).filter(|month| product.months & (1 << (month - 1)) != 0).collect(),
        };
        Answered::Ok(Written(lexicon.products().iter().map(shape).collect()))
    }
}

fn answer(app: &App, query: &Query) -> SearchAnswer {
    let request = query.request(&app.places, app.today());
    let started = Instant::now();
    let answer = app.index.search(&request);
    let took_ms = started.elapsed().as_secs_f64() * 1000.0;
    SearchAnswer::of(answer, (took_ms * 1000.0).round() / 1000.0, &app.places, app.index.lexicon())
}

impl SearchBody {
    fn query(self, app: &App) -> Result<Query, Error> {
        let mut pairs: Vec<(&str, String)> = Vec::new();
        let mut one = |name, value: Option<String>| pairs.extend(value.map(|value| (name, value)));
        one("q", self.q);
        one("near", self.near);
        one("lat", self.lat.map(|n| n.to_string()));
        one("lon", self.lon.map(|n| n.to_string()));
        one("radius_km", self.radius_km.map(|n| n.to_string()));
        one("perimeter", self.perimeter);
        one("delivers_to", self.delivers_to.map(|b| b.to_string()));
        one("sort", self.sort);
        one("page", self.page.map(|n| n.to_string()));
        one("per_page", self.per_page.map(|n| n.to_string()));
        for (name, values) in [
            ("family", self.family),
            ("product", self.product),
            ("certification", self.certification),
            ("kind", self.kind),
        ] {
            pairs.extend(values.into_iter().map(|value| (name, value)));
        }
        pairs.extend(self.month.iter().map(|month| ("month", month.to_string())));
        let pairs = pairs.iter().map(|(name, value)| (*name, value.as_str()));
        let (mut query, problems) = Query::from_pairs(pairs, &app.places, app.index.lexicon(), &app.config.territory);
        if !problems.is_empty() {
            return Err(Error::bad_request(sentences(&problems)));
        }
        if let Some(geometry) = self.polygon {
            query.polygon = Some(super::shape::polygon(&geometry).ok_or_else(|| {
                Error::bad_request("polygon : attendu une géométrie GeoJSON Polygon ou MultiPolygon, longitude d’abord, d’au plus 10 000 points")
            })?);
        }
        Ok(query)
    }
}

fn shape(app: &App, suggestion: Suggestion) -> Option<SuggestionShape> {
    Some(match suggestion {
        Suggestion::Product(id, suppliers) => {
            let product = app.index.lexicon().product(id);
            let detail = match suppliers {
                0 => "aucun fournisseur pour l’instant".to_owned(),
                1 => "1 fournisseur".to_owned(),
                n => format!("{n} fournisseurs"),
            };
            SuggestionShape {
                kind: "product".to_owned(),
                label: french::typographic(&product.plural),
                detail,
                value: product.code.clone(),
            }
        }
        Suggestion::Supplier(slug, name, commune) => {
            let detail = app.places.commune(&commune).map(|c| c.name.clone()).unwrap_or_default();
            SuggestionShape { kind: "supplier".to_owned(), label: name, detail, value: slug }
        }
        Suggestion::Commune(number) => {
            let commune = app.places.communes().get(number)?;
            let detail = commune.postal_codes.first().cloned().unwrap_or_default();
            SuggestionShape {
                kind: "commune".to_owned(),
                label: commune.name.clone(),
                detail,
                value: commune.insee_code.to_string(),
            }
        }
    })
}

//! The public API, version 1: search, one supplier, suggestions, communes, products. Reading needs no account.

mod answers;
mod body;
mod document;
mod lists;

use std::time::Instant;

use poem::web::Data;
use poem::{Endpoint, EndpointExt, IntoEndpoint, Request, Route, get};
use poem_openapi::param::{Path, Query as Parameter};
use poem_openapi::payload::Json;
use poem_openapi::types::Any;
use poem_openapi::{OpenApi, OpenApiService, Tags};

use self::answers::{Asked, Geo, Read};
use self::body::{Members, SearchBody};
use self::document::{Document, SEARCH_IN};
use self::lists::{ProductShape, SuggestionShape};
use super::detail::SupplierDetail;
use super::features::{Addresses, SupplierFeatures};
use super::pages::downloads::MOST;
use super::query::{Query, sentences};
use super::shapes::{PlaceShape, SearchAnswer};
use super::{found, query};
use crate::app::App;
use crate::suppliers;
use crate::web::{Allowed, Error};

/// A reference is no longer than this.
const LONGEST_REFERENCE: usize = 40;

/// The operations, and the document that describes them at `openapi.json`.
#[must_use]
pub fn service(public_url: &str) -> Route {
    let api = declared(public_url);
    let document = Document::of(&api.spec());
    let api = api.into_endpoint().around(|api, request| async move {
        let only_sent = request.uri().path() == SEARCH_IN;
        api.call(request).await.map_err(|mut error| {
            if only_sent {
                error.set_data(Allowed("POST"));
            }
            error
        })
    });
    Route::new().at("/api/v1/openapi.json", get(document)).nest_no_strip("/api/v1", api)
}

/// The document, for the page that explains it.
pub(super) fn document() -> serde_json::Value {
    Document::of(&declared("/").spec()).content()
}

fn declared(public_url: &str) -> OpenApiService<Api, ()> {
    OpenApiService::new(Api, "Manger local", env!("CARGO_PKG_VERSION")).server(public_url)
}

/// What an operation is about.
#[derive(Tags)]
enum Tag {
    /// Suppliers and what they sell.
    Suppliers,
    /// Names and codes that a search may use.
    Names,
}

/// The operations. The parameters of a search stand in `parameters.json`, once for all that take them.
struct Api;

#[expect(clippy::unused_async, reason = "the macro of poem-openapi takes async functions only")]
#[OpenApi(prefix_path = "/api/v1")]
impl Api {
    /// Search suppliers
    ///
    /// Values of one parameter are alternatives; parameters combine. `family`, `product`, `certification`, `month` and the words
    /// must hold on one and the same offer. The page `/annuaire` takes the same parameters.
    #[oai(path = "/suppliers", method = "get", operation_id = "searchSuppliers", tag = "Tag::Suppliers")]
    async fn search(&self, app: Data<&App>, request: &Request) -> poem::Result<Read<SearchAnswer>> {
        let query = asked(&app, request)?;
        Ok(Read::found(answer(&app, &query)))
    }

    /// Suppliers found, on a map
    ///
    /// The same search as GeoJSON: suppliers that may be on the map, at their public points, at most 5,000; pages do not apply.
    #[oai(path = "/suppliers.geojson", method = "get", operation_id = "mapSuppliers", tag = "Tag::Suppliers")]
    async fn map(&self, app: Data<&App>, request: &Request) -> poem::Result<Read<SupplierFeatures, Geo>> {
        let query = asked(&app, request)?;
        let addresses = Addresses { base: &app.config.public_url(), kitchen: None };
        Ok(Read::found(SupplierFeatures::of(&found::answer(&app, &query, MOST), &app.places, &addresses)))
    }

    /// Search suppliers, with a polygon
    ///
    /// The parameters of the search as JSON, and a polygon that the public point lies in.
    #[oai(path = "/suppliers/search", method = "post", operation_id = "searchSuppliersIn", tag = "Tag::Suppliers")]
    async fn search_in(&self, app: Data<&App>, body: Json<Any<Members>>) -> poem::Result<Asked<SearchAnswer>> {
        found::built(&app)?;
        let query = SearchBody::read(body.0.0)?.query(&app)?;
        Ok(Asked::found(answer(&app, &query)))
    }

    /// One supplier
    ///
    /// Everything public about it: offers, seasons, certifications with what proves them, delivery. No contacts.
    #[oai(path = "/suppliers/:reference", method = "get", operation_id = "supplier", tag = "Tag::Suppliers")]
    async fn supplier(
        &self,
        app: Data<&App>,
        /// The organiser's own key, as a search gives it.
        #[oai(example = "example_reference")]
        reference: Path<String>,
    ) -> poem::Result<Read<SupplierDetail>> {
        // No database keeps a NUL, and PostgreSQL refuses to be asked for one.
        let is_one = reference.0.chars().count() <= LONGEST_REFERENCE && !reference.0.contains(char::is_control);
        if !is_one {
            return Err(Error::NotFound.into());
        }
        let found = suppliers::by_reference(&app.db, &reference.0).await.map_err(Error::from)?;
        let public = found.filter(|listing| listing.supplier.is_public()).ok_or(Error::NotFound)?;
        Ok(Read::found(SupplierDetail::of(&public, &app)))
    }

    /// Complete what is being typed
    ///
    /// Products that somebody sells first, then suppliers, then communes, at most five of each.
    #[oai(path = "/suggestions", method = "get", operation_id = "suggestions", tag = "Tag::Names")]
    async fn suggestions(
        &self,
        app: Data<&App>,
        /// What was typed so far.
        #[oai(example = "example_typed")]
        q: Parameter<Option<String>>,
    ) -> Read<Vec<SuggestionShape>> {
        let typed = query::clean(&q.0.unwrap_or_default());
        let found = app.index.suggest(&typed, 5);
        Read::found(found.into_iter().filter_map(|suggestion| SuggestionShape::of(&app, suggestion)).collect())
    }

    /// Communes by name or postal code
    ///
    /// At most eight, those of the territory first.
    #[oai(path = "/communes", method = "get", operation_id = "communes", tag = "Tag::Names")]
    async fn communes(
        &self,
        app: Data<&App>,
        /// Name, beginning of a name or postal code.
        #[oai(example = "example_commune")]
        q: Parameter<Option<String>>,
    ) -> Read<Vec<PlaceShape>> {
        let typed = query::clean(&q.0.unwrap_or_default());
        let found = app.places.search(&typed, Some(&app.config.territory), 8);
        let shapes = found.into_iter().filter_map(|it| PlaceShape::of(&app.places, it.insee_code.as_str()));
        Read::found(shapes.collect())
    }

    /// Products canteens buy
    ///
    /// Every product the search knows, with its code, its family and its usual months.
    #[oai(path = "/products", method = "get", operation_id = "products", tag = "Tag::Names")]
    async fn products(&self, app: Data<&App>) -> Read<Vec<ProductShape>> {
        let lexicon = app.index.lexicon();
        Read::found(lexicon.products().iter().map(|product| ProductShape::of(product, lexicon)).collect())
    }
}

fn example_reference() -> String {
    "ML042".to_owned()
}

#[expect(clippy::unnecessary_wraps, reason = "of the type of the parameter")]
fn example_typed() -> Option<String> {
    Some("lent".to_owned())
}

#[expect(clippy::unnecessary_wraps, reason = "of the type of the parameter")]
fn example_commune() -> Option<String> {
    Some("le puy".to_owned())
}

fn asked(app: &App, request: &Request) -> Result<Query, Error> {
    found::built(app)?;
    let text = request.uri().query().unwrap_or_default();
    let (query, problems) = Query::read(text, &app.places, app.index.lexicon(), &app.config.territory);
    if problems.is_empty() { Ok(query) } else { Err(Error::bad_request(sentences(&problems))) }
}

fn answer(app: &App, query: &Query) -> SearchAnswer {
    let request = query.request(&app.places, app.today());
    let started = Instant::now();
    let answer = app.index.search(&request);
    let took_ms = started.elapsed().as_secs_f64() * 1000.0;
    SearchAnswer::of(answer, (took_ms * 1000.0).round() / 1000.0, &app.places, app.index.lexicon())
}

//! How the API answers: JSON written straight out, and problems as RFC 9457 says them.

use std::hash::{DefaultHasher, Hasher};
use std::marker::PhantomData;

use poem::{IntoResponse, Response, http::header};
use poem_openapi::payload::Payload;
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, MetaSchemaRef, Registry};
use poem_openapi::types::{ToJSON, Type};
use poem_openapi::{ApiResponse, Object};
use serde::Serialize;

/// Plain JSON.
pub(super) struct Plain;
/// GeoJSON.
pub(super) struct Geo;

/// The media type of what is written.
pub(super) trait Format: Send {
    /// As `Content-Type` says it.
    const CONTENT_TYPE: &'static str;
}

impl Format for Plain {
    const CONTENT_TYPE: &'static str = "application/json; charset=utf-8";
}

impl Format for Geo {
    const CONTENT_TYPE: &'static str = "application/geo+json";
}

/// JSON written straight into the answer, without a tree of values between.
pub(super) struct Written<T, F = Plain>(T, PhantomData<F>);

impl<T, F> Written<T, F> {
    /// What is to be written.
    pub(super) fn new(content: T) -> Self {
        Self(content, PhantomData)
    }
}

impl<T: Type, F: Format> Payload for Written<T, F> {
    const CONTENT_TYPE: &'static str = F::CONTENT_TYPE;

    fn schema_ref() -> MetaSchemaRef {
        T::schema_ref()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: Serialize + Send, F: Format> IntoResponse for Written<T, F> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => Response::builder().content_type(F::CONTENT_TYPE).header(header::ETAG, tag(&body)).body(body),
            Err(_) => poem::http::StatusCode::INTERNAL_SERVER_ERROR.into(),
        }
    }
}

/// Names what was found. The time it took, last in the answer of a search, says nothing of that.
fn tag(body: &[u8]) -> String {
    const TIME: &[u8] = b",\"took_ms\":";
    let tail = body.len().saturating_sub(48);
    let end = body[tail..].windows(TIME.len()).position(|window| window == TIME).map_or(body.len(), |at| tail + at);
    let mut hasher = DefaultHasher::new();
    hasher.write(&body[..end]);
    format!("W/\"{:016x}\"", hasher.finish())
}

impl<T: ToJSON, F: Format> ApiResponse for Written<T, F> {
    fn meta() -> MetaResponses {
        let content = vec![MetaMediaType { content_type: F::CONTENT_TYPE, schema: T::schema_ref() }];
        let (status, status_range, headers) = (Some(200), None, Vec::new());
        MetaResponses { responses: vec![MetaResponse { description: "", status, status_range, content, headers }] }
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

/// An error, as RFC 9457 says it.
#[derive(Debug, Object, Serialize)]
pub(super) struct Problem {
    /// Kind of problem; `about:blank`: the status says it.
    pub r#type: String,
    /// The status in words.
    pub title: String,
    /// The status.
    pub status: u16,
    /// What happened and what to do; it names the parameters that were not understood.
    pub detail: Option<String>,
    /// Names the request in the log.
    pub instance: String,
}

/// Describes `application/problem+json` answers; the gate writes them.
pub(super) struct ProblemBody;

impl Payload for ProblemBody {
    const CONTENT_TYPE: &'static str = "application/problem+json";

    fn schema_ref() -> MetaSchemaRef {
        Problem::schema_ref()
    }

    fn register(registry: &mut Registry) {
        Problem::register(registry);
    }
}

impl IntoResponse for ProblemBody {
    fn into_response(self) -> Response {
        poem::http::StatusCode::INTERNAL_SERVER_ERROR.into()
    }
}

/// Every answer of an address that is read; errors are raised as [`crate::web::Error`] and written by the gate.
#[derive(ApiResponse)]
#[expect(dead_code, reason = "the refusals stand here for the OpenAPI document only")]
pub(super) enum Read<T: ToJSON + Serialize + Send, F: Format = Plain> {
    /// Found, possibly nothing.
    #[oai(status = 200)]
    Ok(Written<T, F>),
    /// What `If-None-Match` names is still true.
    #[oai(status = 304)]
    NotModified,
    /// A parameter was not understood; `detail` names it and says what was expected.
    #[oai(status = 400)]
    Refused(ProblemBody),
    /// There is no such thing, or it is not public.
    #[oai(status = 404)]
    NotFound(ProblemBody),
    /// Sent with another method; `Allow` says which ones there are.
    #[oai(status = 405)]
    WrongMethod(ProblemBody),
    /// More than a body may weigh, and this address reads none.
    #[oai(status = 413)]
    TooLarge(ProblemBody),
    /// This address asked too much; `Retry-After` says when to come back.
    #[oai(status = 429)]
    TooMany(ProblemBody),
    /// Our fault; `instance` names the request in our log.
    #[oai(status = 500)]
    Broken(ProblemBody),
    /// The database does not answer for the moment, or the index is being built.
    #[oai(status = 503)]
    Away(ProblemBody),
}

/// Every answer of an address that reads a body.
#[derive(ApiResponse)]
#[expect(dead_code, reason = "the refusals stand here for the OpenAPI document only")]
pub(super) enum Asked<T: ToJSON + Serialize + Send> {
    /// Found, possibly nothing.
    #[oai(status = 200)]
    Ok(Written<T>),
    /// The body was not understood; `detail` names what, and says what was expected.
    #[oai(status = 400)]
    Refused(ProblemBody),
    /// Sent with another method; `Allow` says which ones there are.
    #[oai(status = 405)]
    WrongMethod(ProblemBody),
    /// A body without its length.
    #[oai(status = 411)]
    NoLength(ProblemBody),
    /// More than a body may weigh: one mebibyte.
    #[oai(status = 413)]
    TooLarge(ProblemBody),
    /// A body that is not JSON.
    #[oai(status = 415)]
    WrongType(ProblemBody),
    /// This address asked too much; `Retry-After` says when to come back.
    #[oai(status = 429)]
    TooMany(ProblemBody),
    /// Our fault; `instance` names the request in our log.
    #[oai(status = 500)]
    Broken(ProblemBody),
    /// The index is being built, for some seconds after a start.
    #[oai(status = 503)]
    Away(ProblemBody),
}

impl<T: ToJSON + Serialize + Send, F: Format> Read<T, F> {
    /// The answer that was found.
    pub(super) fn found(content: T) -> Self {
        Self::Ok(Written::new(content))
    }
}

impl<T: ToJSON + Serialize + Send> Asked<T> {
    /// The answer that was found.
    pub(super) fn found(content: T) -> Self {
        Self::Ok(Written::new(content))
    }
}

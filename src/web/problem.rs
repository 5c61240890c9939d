//! Errors for programs: `application/problem+json` (RFC 9457).

use poem::{Body, Response, http::StatusCode};
use serde::Serialize;

use super::{error::Error, visit::RequestId};

#[derive(Serialize)]
struct Problem {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    instance: String,
}

/// What failed, in English for programs; causes on our side stay in the log.
pub(super) fn answer(failure: &poem::Error, status: StatusCode, id: RequestId) -> Response {
    let detail = match failure.downcast_ref::<Error>() {
        Some(Error::Forbidden(sentence) | Error::Refused { sentence, .. }) => Some(sentence.to_string()),
        None if status.is_client_error() => Some(failure.to_string()),
        Some(_) | None => None,
    };
    let problem = Problem {
        r#type: "about:blank",
        title: status.canonical_reason().unwrap_or("Error"),
        status: status.as_u16(),
        detail,
        instance: format!("urn:request:{id}"),
    };
    let body = Body::from_json(problem).unwrap_or_default();
    Response::builder().status(status).content_type("application/problem+json").body(body)
}

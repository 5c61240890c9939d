//! The gate every request passes, once in and once out.

use std::{
    future::{Future, poll_fn},
    hash::{DefaultHasher, Hasher},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::Poll,
};

use bytes::Bytes;
use poem::{
    Body, Endpoint, Request, Response,
    http::{HeaderValue, Method, StatusCode, header},
};

use super::{
    csrf::NewToken,
    encoding::{EVENT_STREAM, compress_answer, is_compressible},
    error::{self, Error},
    figures,
    form::LARGEST,
    headers::SecurityHeaders,
    upload::{LARGEST_UPLOAD, is_multipart},
    visit::{Kind, Visit, client_address},
};
use crate::app::App;

/// Admits requests to `inner`, and makes of what it gives an answer fit to be sent.
pub struct Gate<E> {
    inner: E,
    app: App,
    security: SecurityHeaders,
}

impl<E: Endpoint<Output = Response>> Gate<E> {
    /// The gate of a node.
    #[must_use]
    pub fn new(inner: E, app: App) -> Self {
        let security = SecurityHeaders::new(&app.config);
        Self { inner, app, security }
    }

    fn admit(&self, request: &Request, visit: &Visit) -> Result<(), Error> {
        if matches!(visit.kind, Kind::Page | Kind::Api) {
            let address = client_address(request, &self.app.config.trusted_proxies);
            let limits = &self.app.limits;
            let counted = if visit.follows_a_day() { limits.count_follower(address) } else { limits.count(address) };
            counted.map_err(Error::TooMany)?;
        }
        // PostgreSQL keeps no NUL in a text and would say so with an error; nothing has such an address.
        if visit.uri.path().contains("%00") {
            return Err(Error::NotFound);
        }
        let refused = |status| Err(Error::Refused { status, sentence: error::words(status).1.into() });
        let most = if is_multipart(request) { LARGEST_UPLOAD } else { LARGEST as u64 };
        match request.headers().get(header::CONTENT_LENGTH).map(|length| length.to_str().map(str::parse::<u64>)) {
            Some(Ok(Ok(length))) if length <= most => Ok(()),
            Some(Ok(Ok(_))) => refused(StatusCode::PAYLOAD_TOO_LARGE),
            Some(_) => refused(StatusCode::BAD_REQUEST),
            // Without a length the body would have to be read to know that it is too large; HTTP/2 announces one by no header at all.
            None if sends_a_body(request) => refused(StatusCode::LENGTH_REQUIRED),
            None => Ok(()),
        }
    }

    async fn enter(&self, mut request: Request, visit: &Visit, token: &NewToken) -> poem::Result<Response> {
        self.admit(&request, visit)?;
        // A HEAD is answered as the GET it stands for; `send` leaves the body out.
        if visit.method == Method::HEAD {
            request.set_method(Method::GET);
        }
        request.set_data(self.app.clone());
        request.set_data(visit.id);
        if visit.kind == Kind::Page {
            request.set_data(token.clone());
        }
        without_panic(self.inner.call(request)).await
    }

    async fn send(&self, mut response: Response, visit: &Visit) -> Response {
        let headers = response.headers_mut();
        self.security.set(headers);
        if let Ok(id) = HeaderValue::try_from(visit.id.to_string()) {
            headers.insert("x-request-id", id);
        }
        if visit.kind != Kind::Asset {
            headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache"));
        }
        response = lighten(response, visit).await;
        if visit.method == Method::HEAD {
            response = without_body(response).await;
        }
        response
    }
}

impl<E: Endpoint<Output = Response>> Endpoint for Gate<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let visit = Visit::of(&request, &self.app.config);
        let token = NewToken::default();
        let mut response = match self.enter(request, &visit, &token).await {
            Ok(response) => response,
            Err(failure) => error::answer(failure, &visit, &self.app),
        };
        token.set_cookie(&mut response, &self.app.config);
        let response = self.send(response, &visit).await;
        record(&visit, response.status());
        Ok(response)
    }
}

/// Whether a request without a length may bring a body. A browser gives even an empty form its length (RFC 9110, 8.6).
fn sends_a_body(request: &Request) -> bool {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    !reads || request.headers().contains_key(header::TRANSFER_ENCODING)
}

/// A panic is one failed request, not a connection cut. What it said stays in the log.
async fn without_panic<F: Future<Output = poem::Result<Response>>>(answer: F) -> poem::Result<Response> {
    let mut answer = pin!(answer);
    poll_fn(|context| {
        catch_unwind(AssertUnwindSafe(|| answer.as_mut().poll(context)))
            .unwrap_or_else(|_| Poll::Ready(Err(Error::broken("answering")("panic").into())))
    })
    .await
}

/// Names the representation, spares what the browser still has, compresses the rest.
///
/// Files bring their own tag and encoding; downloads may be long and are sent as they come.
async fn lighten(mut response: Response, visit: &Visit) -> Response {
    let headers = response.headers();
    let drawn = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).is_some_and(is_compressible);
    let own = [header::CONTENT_ENCODING, header::CONTENT_DISPOSITION, header::CONTENT_LENGTH];
    if !drawn || visit.kind == Kind::Asset || own.iter().any(|name| headers.contains_key(name)) {
        return response;
    }
    let Ok(body) = response.take_body().into_bytes().await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into();
    };
    response.headers_mut().append(header::VARY, HeaderValue::from_static("accept-encoding"));
    if response.status() == StatusCode::OK && matches!(visit.method, Method::GET | Method::HEAD) {
        let tag = response.headers_mut().entry(header::ETAG).or_insert_with(|| weak_tag(&body)).clone();
        if visit.if_none_match.as_ref().is_some_and(|known| matches_tag(known, &tag)) {
            response.set_status(StatusCode::NOT_MODIFIED);
            response.headers_mut().remove(header::CONTENT_TYPE);
            return response;
        }
    }
    match compress_answer(&body, visit.encoding).zip(visit.encoding.header()) {
        Some((smaller, encoding)) => {
            response.headers_mut().insert(header::CONTENT_ENCODING, encoding);
            response.set_body(smaller);
        }
        None => response.set_body(body),
    }
    response
}

fn weak_tag(body: &Bytes) -> HeaderValue {
    let mut hasher = DefaultHasher::new();
    hasher.write(body);
    HeaderValue::try_from(format!("W/\"{:016x}\"", hasher.finish())).expect("hexadecimal digits")
}

/// Whether `If-None-Match` names `tag`, compared weakly (RFC 9110, 13.1.2).
pub(super) fn matches_tag(known: &HeaderValue, tag: &HeaderValue) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let (Ok(known), Ok(tag)) = (known.to_str(), tag.to_str()) else { return false };
    known.trim() == "*" || known.split(',').any(|known| opaque(known) == opaque(tag))
}

/// Keeps the length that a GET would have given.
async fn without_body(mut response: Response) -> Response {
    // A stream of events has no end to wait for.
    let is_endless = response.content_type() == Some(EVENT_STREAM);
    if !is_endless && !response.headers().contains_key(header::CONTENT_LENGTH) {
        let length = response.take_body().into_bytes().await.map_or(0, |body| body.len());
        response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    response.set_body(Body::empty());
    response
}

/// One line a request, without address, query or anything typed.
fn record(visit: &Visit, status: StatusCode) {
    let took = visit.started.elapsed();
    figures::count(visit.kind, status, took);
    let (id, path, milliseconds) = (visit.id, visit.logged_path(), took.as_secs_f64() * 1000.0);
    match visit.kind {
        Kind::Page | Kind::Api => {
            tracing::info!(target: "manger_local::access", %id, method = %visit.method, path, status = status.as_u16(), ms = %format_args!("{milliseconds:.1}"));
        }
        Kind::Asset | Kind::Service => {
            tracing::debug!(target: "manger_local::access", %id, method = %visit.method, path, status = status.as_u16());
        }
    }
}

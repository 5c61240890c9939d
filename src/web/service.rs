//! Addresses for monitors, crawlers and browsers rather than for people.

use std::error::Error as _;

use poem::{
    Request, Response, handler,
    http::{HeaderValue, StatusCode, header},
};
use serde_json::json;

use super::{
    Error, Frame, Result, asset,
    assets::shown,
    figures::render,
    visit::{client_address, is_forwarded},
};
use crate::app::App;

/// `GET /health`: the process lives.
#[handler]
pub(crate) fn health() -> &'static str {
    "ok\n"
}

/// `GET /ready`: pages can be answered.
#[handler]
pub(crate) async fn ready(app: &App) -> Response {
    match app.ready().await {
        Ok(()) => "ready\n".into(),
        Err(missing) => {
            tracing::warn!(error = missing.source().map(tracing::field::display), "{missing}");
            Response::builder().status(StatusCode::SERVICE_UNAVAILABLE).body(format!("{missing}\n"))
        }
    }
}

/// `GET /metrics`: for this machine, or with the token of the settings.
#[handler]
pub(crate) fn metrics(request: &Request, app: &App) -> Result<Response> {
    let config = &app.config;
    // A request that a proxy on this machine passed on comes from elsewhere.
    let local = client_address(request, &config.trusted_proxies).is_loopback() && !is_forwarded(request.headers());
    let bearer = request.header(header::AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
    let known = config.metrics_token.as_deref().is_some_and(|token| bearer.is_some_and(|given| same(given, token)));
    if !local && !known {
        return Err(Error::NotFound);
    }
    Ok(Response::builder().content_type("text/plain; version=0.0.4; charset=utf-8").body(render()))
}

/// Compares without telling by its time how much was right.
pub(super) fn same(given: &str, secret: &str) -> bool {
    let differences = given.bytes().zip(secret.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b));
    given.len() == secret.len() && differences == 0
}

/// `GET /robots.txt`: everything public may be found.
#[handler]
pub(crate) fn robots(frame: Frame) -> Response {
    let text = format!("User-agent: *\nDisallow: /api/v1/\nSitemap: {}\n", frame.absolute("/sitemap.xml"));
    Response::builder().content_type("text/plain; charset=utf-8").header(header::CACHE_CONTROL, DAY).body(text)
}

/// `GET /manifest.webmanifest`: name and colours when the site is kept on a phone.
#[handler]
pub(crate) fn manifest(frame: Frame) -> Response {
    let manifest = json!({
        "name": format!("{} {}", frame.site(), frame.place()), "short_name": frame.site(), "lang": "fr",
        "start_url": "/", "display": "browser", "background_color": "#FBF8F1", "theme_color": frame.palette().day.main.to_string(),
        "icons": [
            { "src": asset("pictures/favicon.svg"), "sizes": "any", "type": "image/svg+xml" },
            { "src": asset("pictures/icon-maskable.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "maskable" },
        ],
    });
    let answer = Response::builder().content_type("application/manifest+json");
    answer.header(header::CACHE_CONTROL, DAY).body(manifest.to_string())
}

/// `GET /favicon.ico`: for what asks without reading the page.
#[handler]
pub(crate) fn favicon() -> Response {
    let to = HeaderValue::from_static(asset("pictures/favicon.svg"));
    Response::builder().status(StatusCode::TEMPORARY_REDIRECT).header(header::LOCATION, to).finish()
}

/// `GET /service-worker.js`: what shows pages that a browser keeps where there is no network. At the root, because a worker
/// sees what lies beneath it: pages of all rooms may be kept, and signing out is noticed wherever it happens.
#[handler]
pub(crate) fn service_worker() -> Result<Response> {
    let script = shown("js/service-worker.js").ok_or(Error::NotFound)?;
    // Asked for anew each time: a mistake in it must not stay.
    Ok(Response::builder().content_type("text/javascript; charset=utf-8").body(script))
}

const DAY: &str = "public, max-age=86400";

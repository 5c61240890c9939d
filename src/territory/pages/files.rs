//! The style sheet of the colour and the logo, under addresses that change with them.

use poem::{Response, handler, http::header};
use serde::Deserialize;

use crate::app::App;
use crate::config::Served;
use crate::web::{Error, Frame, Result};

#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    v: String,
}

/// `GET /territoire.css`
#[handler]
pub(crate) fn style(app: &App, frame: Frame) -> Result<Response> {
    let chosen = app.config.presentation.chosen();
    serve(chosen.style.as_ref(), "text/css; charset=utf-8", &frame)
}

/// `GET /territoire/logo.png`
#[handler]
pub(crate) fn logo(app: &App, frame: Frame) -> Result<Response> {
    let chosen = app.config.presentation.chosen();
    serve(chosen.logo.as_ref().map(|logo| &logo.file), "image/png", &frame)
}

/// A node that has not yet read what another saved answers with what it has, for this time only.
fn serve(file: Option<&Served>, kind: &str, frame: &Frame) -> Result<Response> {
    let file = file.ok_or(Error::NotFound)?;
    let asked: Asked = serde_urlencoded::from_str(frame.uri().query().unwrap_or_default()).unwrap_or_default();
    let is_current = asked.v == file.version;
    let keep = if is_current { "public, max-age=31536000, immutable" } else { "no-cache" };
    let answer = Response::builder().content_type(kind).header(header::CACHE_CONTROL, keep);
    Ok(answer.body(file.bytes.clone()))
}

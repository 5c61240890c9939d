//! The token that proves that a form was drawn for this browser.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use poem::{
    FromRequest, Request, RequestBody, Response,
    http::{HeaderMap, HeaderValue, header},
};

use super::service::same;
use crate::{app::App, config::Config};

/// The name of the hidden field.
pub(super) const FIELD: &str = "_token";
/// Over TLS the prefix keeps a neighbouring site from planting a token of its own (RFC 6265bis, 4.1.3.2).
const SECURE_COOKIE: &str = "__Host-form";
const PLAIN_COOKIE: &str = "form";

/// A page that holds a form asks for it, and writes `{{ csrf.field()|safe }}` into the form.
///
/// A browser that has no token yet is given one with the answer.
#[derive(Clone, Debug)]
pub struct Csrf(String);

impl Csrf {
    /// The hidden field.
    #[must_use]
    pub fn field(&self) -> String {
        format!(r#"<input type="hidden" name="{FIELD}" value="{}">"#, self.0)
    }

    /// Whether `given` is the token of this browser.
    pub(super) fn holds(request: &Request, config: &Config, given: &str) -> bool {
        cookie(request.headers(), config).is_some_and(|token| same(given, token))
    }
}

impl<'a> FromRequest<'a> for Csrf {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let app = <&App>::from_request(request, body).await?;
        if let Some(token) = cookie(request.headers(), &app.config) {
            return Ok(Self(token.to_owned()));
        }
        let token = app.random.token();
        Ok(Self(request.data::<NewToken>().map_or(token.clone(), |new| new.0.get_or_init(|| token).clone())))
    }
}

impl fmt::Display for Csrf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn name(config: &Config) -> &'static str {
    if config.is_secure() { SECURE_COOKIE } else { PLAIN_COOKIE }
}

fn cookie<'a>(headers: &'a HeaderMap, config: &Config) -> Option<&'a str> {
    let name = name(config);
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let token = pairs.find(|(key, _)| *key == name).map(|(_, token)| token)?;
    let good = token.len() == 32 && token.bytes().all(|byte| byte.is_ascii_hexdigit());
    good.then_some(token)
}

/// A token made while a page was drawn, on its way to the browser.
#[derive(Clone, Default)]
pub(super) struct NewToken(Arc<OnceLock<String>>);

impl NewToken {
    pub(super) fn set_cookie(&self, response: &mut Response, config: &Config) {
        let Some(token) = self.0.get() else { return };
        let secure = if config.is_secure() { "; Secure" } else { "" };
        let cookie = format!("{}={token}; Path=/; HttpOnly; SameSite=Lax{secure}", name(config));
        if let Ok(cookie) = HeaderValue::try_from(cookie) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        }
    }
}

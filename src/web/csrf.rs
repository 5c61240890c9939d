//! The token that proves that a form was drawn for this browser.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use poem::{FromRequest, Request, RequestBody, Response};

use super::{cookies::Cookie, service::same};
use crate::{app::App, config::Config};

/// The name of the hidden field.
pub(super) const FIELD: &str = "_token";
const COOKIE: Cookie = Cookie("form");

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

    /// Whether the browser has a token: one that refuses cookies never does.
    pub(super) fn is_kept(request: &Request, config: &Config) -> bool {
        COOKIE.token(request.headers(), config).is_some()
    }

    /// Whether `given` is the token of this browser.
    pub(super) fn holds(request: &Request, config: &Config, given: &str) -> bool {
        COOKIE.token(request.headers(), config).is_some_and(|token| same(given, token))
    }
}

impl<'a> FromRequest<'a> for Csrf {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let app = <&App>::from_request(request, body).await?;
        if let Some(token) = COOKIE.token(request.headers(), &app.config) {
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

/// A token made while a page was drawn, on its way to the browser.
#[derive(Clone, Default)]
pub(super) struct NewToken(Arc<OnceLock<String>>);

impl NewToken {
    pub(super) fn set_cookie(&self, response: &mut Response, config: &Config) {
        let Some(token) = self.0.get() else { return };
        COOKIE.set(response, config, token, None);
    }
}

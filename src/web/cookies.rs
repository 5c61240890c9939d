//! Cookies of ours: names that a neighbouring site cannot plant, and no script can read.

use poem::{
    Response,
    http::{HeaderMap, HeaderValue, header},
};

use crate::config::Config;

/// A cookie by its plain name. Over TLS the prefix keeps a neighbouring site from planting one of its own
/// (RFC 6265bis, 4.1.3.2).
#[derive(Clone, Copy, Debug)]
pub struct Cookie(pub &'static str);

/// Names the session of who is signed in.
pub const SESSION: Cookie = Cookie("session");

impl Cookie {
    fn name(self, config: &Config) -> String {
        if config.is_secure() { format!("__Host-{}", self.0) } else { self.0.to_owned() }
    }

    /// What the browser sent, when it has the shape of a token of ours.
    #[must_use]
    pub fn token<'a>(self, headers: &'a HeaderMap, config: &Config) -> Option<&'a str> {
        let name = self.name(config);
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let token = pairs.find(|(key, _)| *key == name).map(|(_, token)| token)?;
        let good = token.len() == 32 && token.bytes().all(|byte| byte.is_ascii_hexdigit());
        good.then_some(token)
    }

    /// Gives it to the browser, for so many seconds or until it is closed.
    pub fn set(self, response: &mut Response, config: &Config, token: &str, seconds: Option<u32>) {
        let secure = if config.is_secure() { "; Secure" } else { "" };
        let age = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
        let cookie = format!("{}={token}; Path=/; HttpOnly; SameSite=Lax{secure}{age}", self.name(config));
        if let Ok(cookie) = HeaderValue::try_from(cookie) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
            let stricter = response.header(header::CACHE_CONTROL).is_some_and(|value| value.contains("no-store"));
            if !stricter {
                let value = HeaderValue::from_static("private, no-cache");
                response.headers_mut().insert(header::CACHE_CONTROL, value);
            }
        }
    }

    /// Takes it from the browser.
    pub fn take(self, response: &mut Response, config: &Config) {
        self.set(response, config, "", Some(0));
    }
}

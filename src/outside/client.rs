use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use ureq::{
    Agent, Body, Proxy,
    http::{Response, StatusCode, header},
};
use url::form_urlencoded::byte_serialize;

use crate::config::Remote;

/// What a service may answer at most, in bytes.
const LARGEST: u64 = 256 * 1024;

/// Asks a service, within its time; it blocks. It follows no redirect: what is asked for stands where the service says.
pub struct Client(Agent);

/// What was answered with 200.
pub struct Answer {
    /// Whether it says that it is signed: `application/jwt`.
    pub is_jwt: bool,
    /// At most 256 KB.
    pub body: Vec<u8>,
}

/// Why a service does not tell. Nothing of what it said stands in it: it goes to the log.
#[derive(Debug, thiserror::Error)]
pub enum NoAnswer {
    /// It does not answer, not in time, or at too much length.
    #[error("no answer: {0}")]
    Silent(Box<ureq::Error>),
    /// It answers something else than 200.
    #[error("refused with {0}")]
    Refused(u16),
}

impl Client {
    /// Asks over TLS only, through the proxy of the machine if it has one, unless the service is on this machine.
    #[must_use]
    pub fn new(service: &Remote, timeout: Duration) -> Self {
        let proxy = if service.is_secure() { Proxy::try_from_env() } else { None };
        let settings = Agent::config_builder()
            .https_only(service.is_secure())
            .proxy(proxy)
            .timeout_global(Some(timeout))
            .max_redirects(0)
            .http_status_as_error(false)
            .user_agent("manger-local");
        Self(settings.build().new_agent())
    }

    /// Reads an address, as the bearer of a token if there is one.
    ///
    /// # Errors
    /// Why nothing is told.
    pub fn get(&self, address: &str, bearer: Option<&str>) -> Result<Answer, NoAnswer> {
        let mut request = self.0.get(address);
        if let Some(token) = bearer {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        answer(request.call())
    }

    /// Sends a form, with name and password if they do not stand in it.
    ///
    /// # Errors
    /// Why nothing is told.
    pub fn post(&self, address: &str, form: &[(&str, &str)], basic: Option<(&str, &str)>) -> Result<Answer, NoAnswer> {
        let mut request = self.0.post(address);
        if let Some((name, password)) = basic {
            // Each is encoded as in a form first (RFC 6749, 2.3.1).
            let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
            let both = STANDARD.encode(format!("{}:{}", encoded(name), encoded(password)));
            request = request.header(header::AUTHORIZATION, format!("Basic {both}"));
        }
        answer(request.send_form(form.iter().copied()))
    }
}

fn answer(response: Result<Response<Body>, ureq::Error>) -> Result<Answer, NoAnswer> {
    let silent = |cause| NoAnswer::Silent(Box::new(cause));
    let response = response.map_err(silent)?;
    if response.status() != StatusCode::OK {
        return Err(NoAnswer::Refused(response.status().as_u16()));
    }
    let mut body = response.into_body();
    let is_jwt = body.mime_type().is_some_and(|kind| kind.eq_ignore_ascii_case("application/jwt"));
    let body = body.with_config().limit(LARGEST).read_to_vec().map_err(silent)?;
    Ok(Answer { is_jwt, body })
}

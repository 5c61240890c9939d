//! Headers that tell the browser what a page of ours may do: almost nothing.

use poem::{
    Response,
    http::{HeaderMap, HeaderName, HeaderValue, header},
};

use crate::config::{Config, PublicUrl};

const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");

/// The same headers for every answer, made once.
pub(super) struct SecurityHeaders(Vec<(HeaderName, HeaderValue)>);

impl SecurityHeaders {
    pub(super) fn new(config: &Config) -> Self {
        let mut headers = vec![
            (header::CONTENT_SECURITY_POLICY, policy(config, "'none'")),
            (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            (header::REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin")),
            (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
            (PERMISSIONS, permissions("camera=()")),
        ];
        if config.is_secure() {
            // Not for its subdomains: they are other people's.
            let year = HeaderValue::from_static("max-age=31536000");
            headers.push((header::STRICT_TRANSPORT_SECURITY, year));
        }
        Self(headers)
    }

    /// Sets what the page has not set itself.
    pub(super) fn set(&self, headers: &mut HeaderMap) {
        for (name, value) in &self.0 {
            headers.entry(name).or_insert_with(|| value.clone());
        }
    }
}

/// Lets the sites of `EMBED_ORIGINS` frame this answer.
#[must_use]
pub fn embeddable(mut response: Response, config: &Config) -> Response {
    let origins: Vec<&str> = config.embed_origins.iter().map(PublicUrl::origin).collect();
    let ancestors = if origins.is_empty() { "'none'".to_owned() } else { origins.join(" ") };
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy(config, &ancestors));
    response
}

/// Lets this answer show pages of ours in a frame.
#[must_use]
pub fn framing(mut response: Response, config: &Config) -> Response {
    let frames = format!("{}; frame-src 'self'", policy(config, "'none'").to_str().unwrap_or_default());
    if let Ok(policy) = HeaderValue::try_from(frames) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Lets this answer ask for the camera.
#[must_use]
pub fn with_camera(mut response: Response) -> Response {
    response.headers_mut().insert(PERMISSIONS, permissions("camera=(self)"));
    response
}

fn permissions(camera: &str) -> HeaderValue {
    let policy = format!("{camera}, geolocation=(self), microphone=(), payment=(), usb=()");
    HeaderValue::try_from(policy).expect("plain words")
}

fn policy(config: &Config, ancestors: &str) -> HeaderValue {
    let tiles = config.tiles_url.as_ref().map(|url| format!(" {}", url.origin())).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:{tiles}; font-src 'self'; \
         connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
    );
    HeaderValue::from_str(&policy).expect("the settings refuse what no header can hold")
}

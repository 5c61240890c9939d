//! The frame of a page, and drawing a template into an answer.

use std::sync::Arc;

use askama::Template;
use poem::{
    FromRequest, Request, RequestBody, Response,
    error::GetDataError,
    http::{StatusCode, Uri, header},
};
use serde_json::Value;

use super::{cookies::SESSION, error::Result};
use crate::{
    app::App,
    config::{Chosen, Config, Palette, Presented},
};

/// What `layout.html` needs: a page struct holds it as `frame` and extends the layout.
#[derive(Clone)]
pub struct Frame {
    config: Arc<Config>,
    presented: Presented,
    uri: Uri,
    has_session: bool,
}

impl Frame {
    pub(super) fn new(app: &App, uri: Uri, has_session: bool) -> Self {
        Self { config: app.config.clone(), presented: app.config.presented(), uri, has_session }
    }

    /// Name of the site.
    #[must_use]
    pub fn site(&self) -> &str {
        &self.presented.site_name
    }

    /// "en Haute-Loire".
    #[must_use]
    pub fn place(&self) -> &str {
        &self.presented.place
    }

    /// Who runs the site, when somebody said so.
    #[must_use]
    pub fn publisher(&self) -> Option<&str> {
        self.presented.publisher.as_deref()
    }

    /// E-mail address of the organiser, when somebody gave one.
    #[must_use]
    pub fn contact(&self) -> Option<&str> {
        self.presented.contact_email.as_deref()
    }

    /// What organisers chose besides.
    #[must_use]
    pub fn chosen(&self) -> &Chosen {
        &self.presented.chosen
    }

    /// The shades of the site's colour.
    #[must_use]
    pub fn palette(&self) -> Palette {
        self.presented.palette()
    }

    /// "non conforme": how far the site meets the RGAA.
    #[must_use]
    pub fn accessibility(&self) -> &'static str {
        self.config.accessibility.label()
    }

    /// Name of the provider of identities by which one may come in, when there is one.
    #[must_use]
    pub fn provider(&self) -> Option<&str> {
        self.config.open_id.name()
    }

    /// Whether public registers are asked when a supplier registers.
    #[must_use]
    pub fn asks_registers(&self) -> bool {
        self.config.registers.any()
    }

    /// Whether the browser says that it is signed in; nothing is open to it for that.
    #[must_use]
    pub fn has_session(&self) -> bool {
        self.has_session
    }

    /// Whether the data is fictional.
    #[must_use]
    pub fn is_demo(&self) -> bool {
        self.config.demo
    }

    /// Whether the page shown is `path` or lies beneath it: marks the entry of the menu.
    #[must_use]
    pub fn is_at(&self, path: &str) -> bool {
        let rest = self.uri.path().strip_prefix(path);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The public address of `path` on this site.
    #[must_use]
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.config.public_url())
    }

    /// The address under which search engines should know this page: without its query.
    #[must_use]
    pub fn canonical(&self) -> String {
        self.absolute(self.uri.path())
    }

    /// What a form before this page has done: the word after `fait=`, for a line that says so.
    #[must_use]
    pub fn done(&self) -> &str {
        self.uri.query().and_then(|query| query.strip_prefix("fait=")).unwrap_or_default()
    }

    /// What was asked for, as it came.
    #[must_use]
    pub fn uri(&self) -> &Uri {
        &self.uri
    }
}

impl<'a> FromRequest<'a> for Frame {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let app = <&App>::from_request(request, body).await?;
        let has_session = SESSION.token(request.headers(), &app.config).is_some();
        Ok(Self::new(app, request.uri().clone(), has_session))
    }
}

impl<'a> FromRequest<'a> for &'a App {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        request.data::<App>().ok_or_else(|| GetDataError("App").into())
    }
}

/// Draws `template` as the answer.
///
/// # Errors
/// When the template cannot be drawn.
pub fn page(template: &impl Template) -> Result<Response> {
    page_with(StatusCode::OK, template)
}

/// Draws `template` as an answer of this `status`: 422 for a form shown again with its errors.
///
/// # Errors
/// When the template cannot be drawn.
pub fn page_with(status: StatusCode, template: &impl Template) -> Result<Response> {
    let html = template.render()?;
    Ok(Response::builder().status(status).content_type("text/html; charset=utf-8").body(html))
}

/// Sends the browser on to another page of ours, after a form.
#[must_use]
pub fn see_other(path: &str) -> Response {
    Response::builder().status(StatusCode::SEE_OTHER).header(header::LOCATION, path).finish()
}

/// What only one person may read is kept by no cache.
#[must_use]
pub fn private(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("private, no-store"));
    response
}

/// A file to keep under this name, which is ASCII without quotation marks.
#[must_use]
pub fn attached(name: &str, content_type: &str, body: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    Response::builder().content_type(content_type).header(header::CONTENT_DISPOSITION, disposition).body(body)
}

/// Text that can stand in XML or HTML, between tags or in an attribute.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            c => out.push(c),
        }
    }
    out
}

/// JSON that can stand inside `<script>`: no `<` of a name ends it (WHATWG HTML, 4.12.1.3).
#[must_use]
pub fn data_block(value: &Value) -> String {
    let text = value.to_string();
    text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn no_name_ends_the_script_it_stands_in() {
        let name = "</script><script>alert('&amp;')//";
        let text = data_block(&json!({ "name": name }));
        assert!(!text.contains(['<', '>', '&']), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["name"], name);
    }
}

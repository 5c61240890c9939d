//! Forms: what was typed, and what is wrong with it.

use askama::Template;
use poem::{
    FromRequest, Request, RequestBody, Response,
    http::{HeaderValue, StatusCode, header},
};
use serde::de::DeserializeOwned;

use super::{
    csrf::{Csrf, FIELD},
    error::Error,
    filters,
    page::{Frame, page_with},
    upload::is_multipart,
};
use crate::app::App;

/// What a form without files may send at most, in bytes.
pub(super) const LARGEST: usize = 1024 * 1024;

/// What was typed into a form that was drawn for this browser.
///
/// A form without a good token never reaches the page function: the visitor sees what was typed, and can send it again.
#[derive(Clone, Debug)]
pub struct Form<T>(pub T);

/// Names and values, in the order of the form.
pub(super) type Fields = Vec<(String, String)>;

impl<'a, T: DeserializeOwned> FromRequest<'a> for Form<T> {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        from_here(request)?;
        let bytes = body.take()?.into_bytes_limit(LARGEST).await?;
        checked(request, body, fields(&bytes)?).await.map(Self)
    }
}

/// Refuses what stood on another site.
pub(super) fn from_here(request: &Request) -> Result<(), Error> {
    if comes_from_elsewhere(request) {
        return Err(Error::Forbidden(
            "Ce formulaire a été envoyé depuis un autre site : rien n’a été enregistré.".into(),
        ));
    }
    Ok(())
}

/// The fields of a form without files.
pub(super) fn fields(bytes: &[u8]) -> Result<Fields, Error> {
    serde_urlencoded::from_bytes(bytes).map_err(|_| unreadable())
}

/// What was typed, when the form was drawn for this browser; else the visitor is shown what was typed, to send it again.
pub(super) async fn checked<T: DeserializeOwned>(
    request: &Request,
    body: &mut RequestBody,
    fields: Fields,
) -> poem::Result<T> {
    let app = <&App>::from_request(request, body).await?;
    if fields.iter().any(|(_, value)| value.contains('\0')) {
        return Err(unreadable_character().into());
    }
    let token = fields.iter().find(|(name, _)| name == FIELD).map_or("", |(_, token)| token);
    if !Csrf::holds(request, &app.config, token) {
        return Err(poem::Error::from_response(offer_again(request, body, fields).await?));
    }
    let text = serde_urlencoded::to_string(&fields).map_err(|_| unreadable())?;
    serde_urlencoded::from_str(&text).map_err(|_| unreadable().into())
}

/// PostgreSQL keeps no NUL in a text.
fn unreadable_character() -> Error {
    Error::bad_request(
        "Un texte contient un caractère invisible qui ne peut pas être enregistré. Effacez-le et écrivez-le de nouveau.",
    )
}

pub(super) fn unreadable() -> Error {
    Error::bad_request("Ce formulaire n’est pas complet. Revenez à la page précédente et remplissez-le de nouveau.")
}

/// What browsers say of where a form stood; those that say nothing are judged by the token alone.
fn comes_from_elsewhere(request: &Request) -> bool {
    request.header("sec-fetch-site").is_some_and(|site| !matches!(site, "same-origin" | "none"))
}

#[derive(Template)]
#[template(path = "errors/stale.html")]
struct Stale {
    frame: Frame,
    csrf: Csrf,
    action: String,
    fields: Fields,
    had_files: bool,
}

impl Stale {
    fn readable(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }
}

async fn offer_again(request: &Request, body: &mut RequestBody, mut fields: Fields) -> poem::Result<Response> {
    let frame = Frame::from_request(request, body).await?;
    let csrf = Csrf::from_request(request, body).await?;
    fields.retain(|(name, _)| name != FIELD);
    let action = request.uri().to_string();
    let had_files = is_multipart(request);
    let mut response = page_with(StatusCode::FORBIDDEN, &Stale { frame, csrf, action, fields, had_files })?;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// What is wrong with a form, field by field, in the order found.
///
/// The page function shows the form again with status 422: `errors.of("email")` gives the sentence beside a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<(&'static str, String)>);

impl FieldErrors {
    /// Says what is wrong with `field`; the first sentence of a field is kept.
    pub fn add(&mut self, field: &'static str, sentence: impl Into<String>) {
        if self.of(field).is_none() {
            self.0.push((field, sentence.into()));
        }
    }

    /// The sentence to show beside `field`.
    #[must_use]
    pub fn of(&self, field: &str) -> Option<&str> {
        self.iter().find(|(name, _)| *name == field).map(|(_, sentence)| sentence)
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Field and sentence, for the summary above the form.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(field, sentence)| (*field, sentence.as_str()))
    }
}

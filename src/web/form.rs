//! Forms: what was typed, and what is wrong with it.

use askama::Template;
use poem::{
    FromRequest, Request, RequestBody, Response,
    http::{HeaderValue, StatusCode, Uri, header},
};
use serde::{Deserialize, de::DeserializeOwned};

use super::{
    csrf::{Csrf, FIELD},
    error::Error,
    filters,
    page::{Frame, page_with, private},
    upload::is_multipart,
};
use crate::{app::App, config::Config};

/// What a form without files may send at most, in bytes.
pub(super) const LARGEST: usize = 1024 * 1024;

/// Nothing is typed: the button says it all.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct Pressed {}

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
            "Ce formulaire a été envoyé depuis un autre site\u{a0}: rien n’a été enregistré. Ouvrez-le sur ce site, puis envoyez-le de là.".into(),
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
    /// Whether the browser keeps our cookies, as far as it shows.
    keeps_cookies: bool,
}

impl Stale {
    fn written(&self) -> Vec<&str> {
        written(&self.fields)
    }
}

/// Fields that nobody writes: what a page remembers, and what buttons, lists and boxes say in codes of ours.
const NOT_WRITTEN: &[&str] = &[
    "appareil",
    "assis",
    "avec",
    "cantine",
    "cle",
    "commune",
    "compris",
    "cote",
    "creneau",
    "dans",
    "delivery-status",
    "epci",
    "famille",
    "fournisseur",
    "genre",
    "geste",
    "identity",
    "inscription",
    "jours",
    "livre",
    "meetings",
    "mode",
    "mois",
    "montree",
    "mutuels",
    "obligatoire",
    "participant",
    "passage",
    "pastille",
    "position",
    "rdv",
    "recherche",
    "retard",
    "satisfaction",
    "second_facteur",
    "secondes",
    "signe",
    "signes",
    "solution",
    "suite",
    "sujet",
    "sur",
    "table",
    "tables",
    "venus",
    "version",
    "vu",
    "vu_avec",
    "zone",
];

/// What a person wrote, in the order of the form. A field of the third row of a form ends in `-3`.
fn written(fields: &Fields) -> Vec<&str> {
    let row = |c: char| c == '-' || c.is_ascii_digit();
    let own = fields.iter().filter(|(name, _)| name != FIELD && !NOT_WRITTEN.contains(&name.trim_end_matches(row)));
    own.map(|(_, value)| value.trim()).filter(|value| !value.is_empty()).collect()
}

async fn offer_again(request: &Request, body: &mut RequestBody, mut fields: Fields) -> poem::Result<Response> {
    let app = <&App>::from_request(request, body).await?;
    let frame = Frame::from_request(request, body).await?;
    let csrf = Csrf::from_request(request, body).await?;
    fields.retain(|(name, _)| name != FIELD);
    let action = request.uri().to_string();
    let had_files = is_multipart(request);
    let keeps_cookies = Csrf::is_kept(request, &app.config);
    let view = Stale { frame, csrf, action, fields, had_files, keeps_cookies };
    let mut response = page_with(StatusCode::FORBIDDEN, &view)?;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

#[derive(Template)]
#[template(path = "errors/signed_out.html")]
struct SignedOut {
    frame: Frame,
    /// Where one signs in, and is led back to the form.
    door: String,
    fields: Fields,
    had_files: bool,
}

impl SignedOut {
    fn written(&self) -> Vec<&str> {
        written(&self.fields)
    }
}

/// The answer to a form that came without a session: nothing is kept, what was written is shown, and `door` leads back to
/// where the form stood. It is the same for every address, whatever there is.
///
/// # Errors
/// When the form stood on another site, or its page cannot be drawn.
pub async fn signed_out(request: &Request, body: &mut RequestBody, door: &str) -> poem::Result<Response> {
    from_here(request)?;
    let app = <&App>::from_request(request, body).await?;
    let had_files = is_multipart(request);
    let sent = if had_files { Fields::new() } else { fields(&body.take()?.into_bytes_limit(LARGEST).await?)? };
    let back = stood_on(request, &app.config).and_then(|path| serde_urlencoded::to_string([("suite", path)]).ok());
    let door = back.map_or_else(|| door.to_owned(), |query| format!("{door}?{query}"));
    let frame = Frame::new(app, request.uri().clone(), false);
    Ok(private(page_with(StatusCode::FORBIDDEN, &SignedOut { frame, door, fields: sent, had_files })?))
}

/// The page of ours on which a form stood, as browsers tell it, without what an earlier form had done there.
fn stood_on(request: &Request, config: &Config) -> Option<String> {
    let page: Uri = request.header(header::REFERER)?.parse().ok()?;
    let host = page.authority()?.as_str();
    let ours: Uri = config.public_url().parse().ok()?;
    let is_ours = request.header(header::HOST) == Some(host) || ours.authority()?.as_str() == host;
    let query = page.query().filter(|query| !query.starts_with("fait="));
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    is_ours.then(|| format!("{}{query}", page.path()))
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

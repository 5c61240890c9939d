//! What can go wrong with a request, and the page that says so and offers the way on.

use std::borrow::Cow;

use askama::Template;
use poem::{
    Response,
    error::ResponseError,
    http::{HeaderValue, Method, StatusCode, header},
};
use sea_orm::{DbErr, RuntimeErr, sqlx};
use thiserror::Error;

use super::{
    filters,
    page::{Frame, page_with},
    problem,
    visit::{Kind, Visit},
};
use crate::app::{App, TooMany};

/// What a page function gives.
pub type Result<T, E = Error> = std::result::Result<T, E>;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why a request gets no answer of its own. The sentences are French: people read them.
#[derive(Debug, Error)]
pub enum Error {
    /// There is nothing at this address, or nothing this person may know of.
    #[error("not found")]
    NotFound,
    /// It exists publicly, and is not for this person.
    #[error("forbidden")]
    Forbidden(Cow<'static, str>),
    /// The request itself is wrong: what happened and what to do next.
    #[error("refused with {status}")]
    Refused {
        /// A 4xx status.
        status: StatusCode,
        /// What happened, what to do next.
        sentence: Cow<'static, str>,
    },
    /// One address asked too much.
    #[error("too many requests")]
    TooMany(TooMany),
    /// Our fault. The cause is logged and never shown.
    #[error("{attempt}")]
    Broken {
        /// What was attempted, in English, for the log: "reading the suppliers".
        attempt: &'static str,
        /// Why it failed.
        #[source]
        cause: Cause,
    },
}

impl Error {
    /// For `map_err`: what was attempted when it broke.
    pub fn broken<C: Into<Cause>>(attempt: &'static str) -> impl FnOnce(C) -> Self {
        move |cause| Self::Broken { attempt, cause: cause.into() }
    }

    /// 400: what was asked makes no sense.
    pub fn bad_request(sentence: impl Into<Cow<'static, str>>) -> Self {
        Self::Refused { status: StatusCode::BAD_REQUEST, sentence: sentence.into() }
    }
}

impl ResponseError for Error {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::Refused { status, .. } => *status,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Broken { cause, .. } if is_overload(cause) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Broken { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    // The gate draws the page; poem would send the text of the error, database and all.
    fn as_response(&self) -> Response {
        self.status().into()
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        Self::Broken { attempt: "asking the database", cause: error.into() }
    }
}

impl From<askama::Error> for Error {
    fn from(error: askama::Error) -> Self {
        Self::Broken { attempt: "drawing a page", cause: error.into() }
    }
}

/// No connection came free, or the database is away: it may work in a moment.
fn is_overload(cause: &Cause) -> bool {
    match cause.downcast_ref::<DbErr>() {
        Some(DbErr::ConnectionAcquire(_)) => true,
        Some(DbErr::Conn(RuntimeErr::SqlxError(error))) => {
            matches!(**error, sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed)
        }
        _ => false,
    }
}

#[derive(Template)]
#[template(path = "errors/error.html")]
struct ErrorPage<'a> {
    frame: Frame,
    status: u16,
    title: &'static str,
    sentence: Cow<'a, str>,
    reference: Option<String>,
}

/// The answer to a failed request: the cause goes to the log, a page or a problem to the visitor.
pub(super) fn answer(failure: poem::Error, visit: &Visit, app: &App) -> Response {
    let status = status_of(&failure);
    let retry_after = match failure.downcast_ref::<Error>() {
        Some(Error::TooMany(too_many)) => Some(too_many.retry_after),
        _ if status == StatusCode::SERVICE_UNAVAILABLE => Some(5),
        _ => None,
    };
    log(&failure, status, visit);
    // An extractor or a page that made its own answer to a failure.
    if failure.is_from_response() {
        return failure.into_response();
    }
    let mut response = match visit.kind {
        Kind::Page => error_page(&failure, status, visit, app),
        _ => problem::answer(&failure, status, visit.id),
    };
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if status == StatusCode::METHOD_NOT_ALLOWED {
        let allowed = failure.data::<Allowed>().map_or_else(|| other_methods(&visit.method), |allowed| allowed.0);
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
    }
    response
}

/// Set as data on a 405 by who knows which methods the address takes, such as `POST`.
#[derive(Clone, Copy, Debug)]
pub struct Allowed(pub &'static str);

/// Poem does not tell which methods an address takes: what is no reading is a form, and the other way round.
fn other_methods(refused: &Method) -> &'static str {
    if matches!(*refused, Method::GET | Method::HEAD) { "POST" } else { "GET, HEAD" }
}

/// A piece of the path that is no number or no code names nothing: 404 rather than 400.
fn status_of(failure: &poem::Error) -> StatusCode {
    if failure.is::<poem::error::ParsePathError>() { StatusCode::NOT_FOUND } else { failure.status() }
}

fn log(failure: &poem::Error, status: StatusCode, visit: &Visit) {
    if !status.is_server_error() {
        return;
    }
    let causes: Vec<String> = std::iter::successors(std::error::Error::source(failure), |&error| error.source())
        .map(ToString::to_string)
        .collect();
    tracing::error!(id = %visit.id, path = visit.logged_path(), causes = causes.join(": "), "request failed");
}

fn error_page(failure: &poem::Error, status: StatusCode, visit: &Visit, app: &App) -> Response {
    let (title, usual) = words(status);
    let sentence = match failure.downcast_ref::<Error>() {
        Some(Error::Forbidden(sentence) | Error::Refused { sentence, .. }) => sentence.as_ref(),
        _ => usual,
    };
    let reference = status.is_server_error().then(|| visit.id.to_string());
    let frame = Frame::new(app, visit.uri.clone(), visit.has_session);
    let drawn =
        page_with(status, &ErrorPage { frame, status: status.as_u16(), title, sentence: sentence.into(), reference });
    drawn.unwrap_or_else(|_| status.into())
}

/// Title and sentence of a status, when the error brings no sentence of its own.
pub(super) fn words(status: StatusCode) -> (&'static str, &'static str) {
    match status {
        StatusCode::BAD_REQUEST => (
            "Cette demande n’est pas comprise",
            "Une partie de l’adresse ou du formulaire n’a pas la forme attendue. Revenez en arrière et corrigez, ou repartez de la recherche.",
        ),
        StatusCode::FORBIDDEN => (
            "Cette demande est refusée",
            "Cette page est réservée à d’autres personnes. Si vous pensez y avoir droit, demandez-le à l’organisateur.",
        ),
        StatusCode::NOT_FOUND => {
            ("Cette page n’existe pas", "L’adresse est peut-être mal recopiée, ou ce qu’elle montrait a été retiré.")
        }
        StatusCode::METHOD_NOT_ALLOWED => (
            "Cette action n’est pas possible ici",
            "Revenez à la page précédente et recommencez depuis son formulaire.",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => {
            ("Cet envoi est trop lourd", "Raccourcissez le texte ou réduisez le fichier, puis envoyez-le de nouveau.")
        }
        StatusCode::TOO_MANY_REQUESTS => (
            "Trop de demandes en peu de temps",
            "Votre connexion a demandé beaucoup de pages en une minute. Attendez quelques instants, puis rechargez la page.",
        ),
        StatusCode::SERVICE_UNAVAILABLE => (
            "Le site est momentanément très occupé",
            "Rien n’est perdu. Attendez quelques secondes, puis rechargez la page.",
        ),
        status if status.is_client_error() => {
            ("Cette demande n’est pas acceptée", "Revenez à la page précédente et recommencez.")
        }
        _ => (
            "Une erreur est survenue de notre côté",
            "Elle est enregistrée et nous la corrigerons. Rechargez la page ; si cela continue, écrivez-nous en donnant la référence ci-dessous.",
        ),
    }
}

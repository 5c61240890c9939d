use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::task;
use url::Url;

use super::{Client, NoAnswer};
use crate::{app::App, config::Remote};

/// How long a service may take: somebody waits for the page.
const PATIENCE: Duration = Duration::from_secs(3);

/// What became of a question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Heard<T> {
    /// The service tells this.
    Told(T),
    /// It knows nothing of what was asked.
    Unknown,
    /// It does not answer, or nothing that can be read.
    NoAnswer,
}

impl<T> Heard<T> {
    /// What the service tells.
    #[must_use]
    pub fn told(&self) -> Option<&T> {
        if let Self::Told(told) = self { Some(told) } else { None }
    }
}

/// Asks a service on behalf of a person, where waiting for it holds up nobody else: what `read` makes of its answer. It has no
/// answer when it does not come within three seconds, when it cannot be read, or when it was asked too much; the log
/// tells which, without what was asked. Not to be called while a transaction is open: others would wait too.
pub async fn ask<T>(
    app: &App,
    person: i64,
    service: &Remote,
    path: &str,
    query: &[(&str, &str)],
    read: impl FnOnce(&[u8]) -> Heard<T>,
) -> Heard<T> {
    if app.limits.count_question(person).is_err() {
        tracing::warn!(service = service.as_str(), "a service elsewhere is not asked: too many questions");
        return Heard::NoAnswer;
    }
    let address = format!("{}{path}", if path.is_empty() { service.as_str() } else { bare(service) });
    let Ok(address) = Url::parse_with_params(&address, query) else { return Heard::NoAnswer };
    let client = Client::new(service, PATIENCE);
    let answer = task::spawn_blocking(move || client.get(address.as_str(), None)).await;
    let told = match answer {
        Ok(Ok(answer)) => read(&answer.body),
        Ok(Err(failure)) => {
            warn(service, &failure);
            return Heard::NoAnswer;
        }
        Err(_) => Heard::NoAnswer,
    };
    if matches!(told, Heard::NoAnswer) {
        tracing::warn!(service = service.as_str(), "what a service elsewhere answers cannot be read");
    }
    told
}

/// Its address without the slash at its end, to which a path is added.
fn bare(service: &Remote) -> &str {
    service.as_str().trim_end_matches('/')
}

/// What `ureq` says of an address would tell whom was asked about.
fn warn(service: &Remote, failure: &NoAnswer) {
    let failure = match failure {
        NoAnswer::Silent(cause) => match &**cause {
            ureq::Error::Timeout(_) => "not in time".to_owned(),
            ureq::Error::Io(cause) => cause.kind().to_string(),
            ureq::Error::BodyExceedsLimit(_) => "too long an answer".to_owned(),
            _ => "not reached".to_owned(),
        },
        NoAnswer::Refused(status) => format!("refused with {status}"),
    };
    tracing::warn!(service = service.as_str(), failure, "a service elsewhere does not answer");
}

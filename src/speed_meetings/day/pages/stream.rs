//! What open pages listen to, or ask for when they cannot: which version there is, and nothing of anybody.

use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use poem::http::{HeaderName, StatusCode, header};
use poem::web::{Data, Path};
use poem::{Body, Response, handler};
use serde_json::json;

use crate::app::App;
use crate::speed_meetings::day::live::{Listener, Live, Pulse, pulses};
use crate::speed_meetings::edition::{self, State};
use crate::web::{Error, Result};

/// A page that hears nothing for so long hears at least that all is as before.
const SILENCE: Duration = Duration::from_secs(15);

/// `GET /rencontres/{slug}/fil`: a stream of events.
#[handler]
pub(crate) async fn listen(app: Data<&App>, live: Data<&Live>, Path(slug): Path<String>) -> Result<Response> {
    let (key, now) = pulse(&app, &slug).await?;
    let Some(listener) = live.listen(&app.db, key, now.clone()) else {
        return Err(Error::Refused {
            status: StatusCode::SERVICE_UNAVAILABLE,
            sentence: "Trop de pages suivent la rencontre en direct. Celle-ci se met à jour toutes les dix secondes."
                .into(),
        });
    };
    let clock = app.clock.clone();
    let first = Bytes::from(format!("retry: 1000\n\n{}", event(&now, clock.now().timestamp_millis())));
    let next = move |(first, mut listener): (Option<Bytes>, Listener)| {
        let clock = clock.clone();
        async move {
            if let Some(first) = first {
                return Some((Ok::<_, std::io::Error>(first), (None, listener)));
            }
            let pulse = listener.next(SILENCE).await?;
            Some((Ok(Bytes::from(event(&pulse, clock.now().timestamp_millis()))), (None, listener)))
        }
    };
    Ok(Response::builder()
        .content_type("text/event-stream")
        .header(header::CACHE_CONTROL, "no-store")
        .header(HeaderName::from_static("x-accel-buffering"), "no")
        .body(Body::from_bytes_stream(stream::unfold((Some(first), listener), next))))
}

/// `GET /rencontres/{slug}/version`: the same once, for pages that cannot listen.
#[handler]
pub(crate) async fn version(app: Data<&App>, Path(slug): Path<String>) -> Result<Response> {
    let (_, now) = pulse(&app, &slug).await?;
    Ok(Response::builder()
        .content_type("application/json")
        .header(header::CACHE_CONTROL, "no-store")
        .body(said(&now, app.clock.now().timestamp_millis())))
}

/// Where a published edition stands.
async fn pulse(app: &App, slug: &str) -> Result<(i64, Pulse)> {
    let edition = edition::by_slug(&app.db, slug).await?.filter(|edition| edition.state >= State::Published);
    let key = edition.ok_or(Error::NotFound)?.id;
    let found = pulses(&app.db, &[key]).await?.into_iter().next();
    Ok((key, found.ok_or(Error::NotFound)?.1))
}

fn event(pulse: &Pulse, at: i64) -> String {
    format!("data: {}\n\n", said(pulse, at))
}

/// `at` is the clock of the site, in milliseconds since 1970: pages set theirs by it.
fn said(pulse: &Pulse, at: i64) -> String {
    json!({ "version": pulse.version, "page": pulse.page, "at": at }).to_string()
}

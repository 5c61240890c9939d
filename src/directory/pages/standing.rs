//! A search that stands: asked once, and again every week.

use poem::{FromRequest, Request, RequestBody};

use super::chips::chosen;
use super::results::{PATH, heading};
use crate::accounts::{Person, SignedInOrNot};
use crate::app::App;
use crate::directory::query::{PER_PAGE, Query, sentences};
use crate::web::{Csrf, french};

/// Most characters of the address of such a search.
const LONGEST: usize = 2_000;
/// Most characters of its name.
const LONGEST_NAME: usize = 200;

/// A search as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// What stands after `?` in its address, without order, page and view: the same search is always written alike.
    pub query: String,
    /// What it asks, in French, 1 to 200 characters.
    pub name: String,
}

/// A supplier that a standing search finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answering {
    /// Key of its row.
    pub id: i64,
    /// The organiser's own key.
    pub reference: String,
}

/// The search that an address asks, as it is kept.
///
/// # Errors
/// A sentence when a part of it is not understood, or it is too long to be kept.
pub fn standing(app: &App, text: &str) -> Result<Standing, String> {
    let (query, problems) = Query::read(text, &app.places, app.index.lexicon(), &app.config.territory);
    if !problems.is_empty() {
        return Err(sentences(&problems));
    }
    let kept = Standing { query: written(app, &query), name: name(app, &query) };
    if kept.query.len() > LONGEST {
        return Err("Cette recherche est trop longue pour être suivie : retirez des filtres.".to_owned());
    }
    Ok(kept)
}

/// The parameters in a fixed order, whatever the order in which they were chosen.
pub(super) fn written(app: &App, query: &Query) -> String {
    let plain = query.with(|q| {
        (q.map, q.print, q.sort, q.per_page) = (false, false, None, PER_PAGE);
    });
    let mut pairs = plain.pairs(app.index.lexicon());
    pairs.sort();
    pairs.dedup();
    serde_urlencoded::to_string(pairs).unwrap_or_default()
}

/// `Lentilles près du Puy-en-Velay, à moins de 30 km, Bio`; only what was chosen when neither words nor a place are there.
fn name(app: &App, query: &Query) -> String {
    let commune = query.commune(&app.places);
    let mut parts = Vec::new();
    if commune.is_none() && query.point.is_some() {
        parts.push("près de ma position".to_owned());
    }
    if let Some(km) = query.radius_km.filter(|_| commune.is_some() || query.point.is_some()) {
        parts.push(format!("à moins de {}\u{a0}km", french::decimal(km)));
    }
    parts.extend(chosen(app, query));
    if parts.is_empty() || !query.q.is_empty() || commune.is_some() {
        parts.insert(0, french::typographic(&heading(query, commune)));
    }
    let name = parts.join(", ");
    if name.chars().count() <= LONGEST_NAME {
        return name;
    }
    name.chars().take(LONGEST_NAME - 1).chain(['…']).collect()
}

/// Everybody that a search as it is kept finds now, in its order; nobody when a part of it is not understood any more: all
/// that the part left out would be taken for new.
#[must_use]
pub fn found_by(app: &App, query: &str) -> Vec<Answering> {
    let (query, problems) = Query::read(query, &app.places, app.index.lexicon(), &app.config.territory);
    if !problems.is_empty() {
        return Vec::new();
    }
    let request = index::Request { limit: usize::MAX, ..query.request(&app.places, app.today()) };
    let hits = app.index.search(&request).hits.into_iter();
    hits.map(|hit| Answering { id: hit.id, reference: hit.reference }).collect()
}

/// The address of a search as it is kept.
#[must_use]
pub fn address(query: &str) -> String {
    if query.is_empty() { PATH.to_owned() } else { format!("{PATH}?{query}") }
}

/// Whoever is signed in, with the token of her form; a page without the form gives nobody a cookie.
pub(super) struct OwnForm(pub(super) Option<(Person, Csrf)>);

impl<'a> FromRequest<'a> for OwnForm {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let SignedInOrNot(signed_in) = SignedInOrNot::from_request(request, body).await?;
        Ok(Self(match signed_in {
            Some(signed_in) => Some((signed_in.person, Csrf::from_request(request, body).await?)),
            None => None,
        }))
    }
}

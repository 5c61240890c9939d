//! What the words may have meant besides: another commune of that name, or nothing that the directory knows.

use index::request::Answer;

use super::results::PATH;
use crate::app::App;
use crate::directory::query::Query;
use crate::directory::words;
use crate::places::Commune;

/// Other communes offered at most.
const MOST: usize = 8;

/// A commune that was taken among several.
pub(super) struct Doubt {
    /// `de Monistrol-sur-Loire`
    pub(super) taken: String,
    /// Names and addresses of the same search near the others.
    pub(super) others: Vec<(String, String)>,
}

/// Whether the words that named a commune name others too: `Monistrol`, `43200`.
pub(super) fn doubt(app: &App, query: &Query, answer: &Answer) -> Option<Doubt> {
    let (places, home) = (&app.places, app.config.territory.as_str());
    let (commune, typed) = match query.commune(places) {
        Some(commune) => (commune, query.near_text.as_str()),
        None if query.point.is_some() => return None,
        None => {
            let (code, typed) = answer.understood.commune.as_ref()?;
            (places.commune(code)?, typed.as_str())
        }
    };
    let others = places.namesakes(typed, commune, home);
    let name = |other: &Commune| if other.department == home { other.name.clone() } else { other.label() };
    let link = |other: &Commune| {
        let there = query.with(|q| (q.near, q.near_text) = (Some(other.insee_code.to_string()), String::new()));
        there.link(PATH, app.index.lexicon())
    };
    let others: Vec<_> = others.into_iter().take(MOST).map(|other| (name(other), link(other))).collect();
    (!others.is_empty()).then(|| Doubt { taken: words::of_place(&commune.name), others })
}

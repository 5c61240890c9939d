//! Ways on from a search that finds nobody: each is a search that does find somebody, with the number.

use index::codes::Sense;
use index::request::Answer;

use super::facets::count;
use super::results::PATH;
use crate::app::App;
use crate::directory::query::Query;
use crate::directory::words;
use crate::web::french;

/// A search that finds somebody.
pub(super) struct Way {
    /// What it changes.
    pub label: String,
    /// Its address.
    pub href: String,
    /// How many it finds.
    pub count: String,
}

/// At most six, nearest to what was asked first.
pub(super) fn ways(app: &App, query: &Query, answer: &Answer) -> Vec<Way> {
    let mut found = Vec::new();
    let mut offer = |label: String, changed: Query| {
        let n = count(app, &changed);
        if n > 0 && found.len() < 6 {
            found.push(Way { label, href: changed.link(PATH, app.index.lexicon()), count: words::suppliers(n) });
        }
        n > 0
    };
    if let Some(corrected) = &answer.correction {
        offer(format!("Chercher « {corrected} »"), query.with(|q| q.q.clone_from(corrected)));
    }
    wider(query, &mut offer, app);
    fewer(query, answer, &mut offer);
    neighbours(app, query, answer, &mut offer);
    if !query.q.is_empty() && query.has_filters() {
        offer(
            format!("Chercher seulement « {} »", query.q),
            Query { q: query.q.clone(), page: 1, per_page: query.per_page, ..Query::default() },
        );
    }
    offer("Voir tous les fournisseurs".to_owned(), Query { page: 1, per_page: query.per_page, ..Query::default() });
    found
}

type Offer<'a> = dyn FnMut(String, Query) -> bool + 'a;

/// The next radius that finds somebody.
fn wider(query: &Query, offer: &mut Offer<'_>, app: &App) {
    let Some(km) = query.radius_km else { return };
    let place = query.commune(&app.places).map(|c| format!(" autour {}", words::of_place(&c.name))).unwrap_or_default();
    for wider in [20.0, 30.0, 50.0, 100.0].into_iter().filter(|wider| *wider > km) {
        if offer(format!("Élargir à {} km{place}", french::decimal(wider)), query.with(|q| q.radius_km = Some(wider)))
        {
            return;
        }
    }
    offer("Chercher sans limite de distance".to_owned(), query.with(|q| q.radius_km = None));
}

/// The same without one of the filters.
fn fewer(query: &Query, answer: &Answer, offer: &mut Offer<'_>) {
    if query.delivers_to {
        offer("Inclure ceux qui ne livrent pas chez vous".to_owned(), query.with(|q| q.delivers_to = false));
    }
    if !query.certifications.is_empty() {
        offer("Sans signe de qualité exigé".to_owned(), query.with(|q| q.certifications.clear()));
    }
    if answer.understood.months != 0 {
        offer("À n’importe quel mois".to_owned(), query.with(|q| q.ignore.push(Sense::Month)));
    }
    if !query.months.is_empty() {
        offer("À n’importe quel mois".to_owned(), query.with(|q| q.months.clear()));
    }
    if !query.families.is_empty() || !query.products.is_empty() {
        offer(
            "Dans toutes les familles".to_owned(),
            query.with(|q| {
                q.families.clear();
                q.products.clear();
            }),
        );
    }
    if !query.kinds.is_empty() {
        offer("Chez tous les types de fournisseurs".to_owned(), query.with(|q| q.kinds.clear()));
    }
    if query.bounds.is_some() || query.perimeter.is_some() {
        offer("Sur tout le territoire".to_owned(), query.with(|q| (q.bounds, q.perimeter) = (None, None)));
    }
}

/// The broader product and its sisters.
fn neighbours(app: &App, query: &Query, answer: &Answer, offer: &mut Offer<'_>) {
    let lexicon = app.index.lexicon();
    for id in answer.understood.products.iter().take(2) {
        let product = lexicon.product(*id);
        for near in product.broader.iter().chain(&product.related).take(4) {
            let name = french::typographic(&lexicon.product(*near).plural);
            offer(format!("Voir plutôt : {name}"), query.with(|q| q.q.clone_from(&lexicon.product(*near).plural)));
        }
    }
}

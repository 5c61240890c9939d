//! The filters in force, each with the address of the search without it.

use index::request::Answer;

use super::results::PATH;
use crate::app::App;
use crate::directory::query::Query;
use crate::directory::words;
use crate::places::Perimeter;
use crate::web::french;

/// A filter in force, and the address without it.
pub(super) struct Chip {
    pub(super) icon: Option<&'static str>,
    pub(super) label: String,
    pub(super) without: String,
}

pub(super) fn chips(app: &App, query: &Query, answer: &Answer) -> Vec<Chip> {
    let (lexicon, places) = (app.index.lexicon(), &app.places);
    let mut chips = Vec::new();
    let mut add = |icon: Option<&'static str>, label: String, change: &dyn Fn(&mut Query)| {
        chips.push(Chip { icon, label, without: query.with(change).link(PATH, lexicon) });
    };
    let around = query.radius_km.map(|km| format!(", {} km", french::decimal(km))).unwrap_or_default();
    if let Some(commune) = query.commune(places) {
        add(Some("map-pin"), format!("{}{around}", commune.name), &|q| {
            (q.near, q.near_text, q.radius_km, q.delivers_to) = (None, String::new(), None, false);
        });
    } else if query.point.is_some() {
        add(Some("map-pin"), format!("Ma position{around}"), &|q| {
            (q.point, q.radius_km, q.delivers_to) = (None, None, false);
        });
    } else if let Some((code, _)) = &answer.understood.commune {
        let name = places.commune(code).map(|c| words::of_place(&c.name)).unwrap_or_default();
        add(Some("map-pin"), format!("près {name}, lu dans vos mots"), &|q| q.ignore.commune = true);
    }
    if let Some((sign, firm)) = answer.understood.certification {
        let how = if firm { "avec preuve" } else { "en premier" };
        add(Some("badge-check"), format!("{} {how}, lu dans vos mots", words::certification(sign)), &|q| {
            q.ignore.certification = true;
        });
    }
    if answer.understood.months != 0 {
        let season = words::season(answer.understood.months);
        add(Some("calendar"), format!("{season}, lu dans vos mots"), &|q| q.ignore.month = true);
    }
    if query.delivers_to {
        add(Some("truck"), "Livre chez moi".to_owned(), &|q| q.delivers_to = false);
    }
    if let Some(perimeter) = &query.perimeter {
        add(Some("map"), perimeter_name(app, perimeter), &|q| q.perimeter = None);
    }
    if query.bounds.is_some() {
        add(Some("map"), "Zone de la carte".to_owned(), &|q| q.bounds = None);
    }
    for family in &query.families {
        add(None, words::family(*family).to_owned(), &|q| q.families.retain(|f| f != family));
    }
    for product in &query.products {
        add(None, french::typographic(&lexicon.product(*product).plural), &|q| q.products.retain(|p| p != product));
    }
    for sign in &query.certifications {
        add(Some("badge-check"), words::certification(*sign).to_owned(), &|q| q.certifications.retain(|s| s != sign));
    }
    for kind in &query.kinds {
        add(None, words::kind(*kind).to_owned(), &|q| q.kinds.retain(|k| k != kind));
    }
    for month in &query.months {
        add(Some("calendar"), french::MONTHS[usize::from(*month) - 1].to_owned(), &|q| q.months.retain(|m| m != month));
    }
    chips
}

fn perimeter_name(app: &App, perimeter: &Perimeter) -> String {
    app.places.perimeter_name(perimeter).map_or_else(|| perimeter.to_string(), ToOwned::to_owned)
}

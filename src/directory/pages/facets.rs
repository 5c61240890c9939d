//! The choices that narrow a search, with the number each leads to.

use index::codes::{Certification, Family, Kind};
use index::request::Answer;

use crate::app::App;
use crate::directory::query::Query;
use crate::directory::words;
use crate::places::Commune;

/// The choices of one filter.
pub(super) struct Group {
    pub(super) legend: &'static str,
    pub(super) name: &'static str,
    pub(super) choices: Vec<Choice>,
}

/// One choice of a filter.
pub(super) struct Choice {
    pub(super) value: &'static str,
    pub(super) label: String,
    pub(super) checked: bool,
    /// `34`, or `+ 6` beside a choice already made.
    pub(super) count: String,
}

/// Whether a facet may count a supplier for another offer than the one that answers: then the click is tried.
fn is_about_offers(query: &Query) -> bool {
    let filters = query.families.len() + query.products.len() + query.certifications.len() + query.months.len();
    !query.q.is_empty() || filters > 0
}

/// How many suppliers a changed search would find.
pub(super) fn count(app: &App, query: &Query) -> usize {
    let mut request = query.request(&app.places, app.today());
    (request.offset, request.limit) = (0, 0);
    app.index.search(&request).total
}

pub(super) fn groups(app: &App, query: &Query, answer: &Answer) -> Vec<Group> {
    let facets = &answer.facets;
    let total = answer.total;
    let tried = is_about_offers(query);
    // The facet is never less than what the click finds.
    let exact = |n: u32, is_told: bool, click: &dyn Fn() -> usize| {
        if tried && !is_told && n > 0 { u32::try_from(click()).unwrap_or(n) } else { n }
    };
    let families = Family::ALL.iter().zip(facets.families).map(|(family, n)| {
        let checked = query.families.contains(family);
        let more = || count(app, &query.with(|q| q.families.push(*family)));
        let n = exact(n, checked || !query.families.is_empty(), &more);
        choice(family.code(), words::family(*family), checked, query.families.is_empty(), n, total, more)
    });
    let families = families.flatten().collect();
    let signs = Certification::ALL.iter().zip(facets.certifications).map(|(sign, n)| {
        let checked = query.certifications.contains(sign);
        let more = || count(app, &query.with(|q| q.certifications.push(*sign)));
        let n = exact(n, checked || !query.certifications.is_empty(), &more);
        choice(sign.code(), words::certification(*sign), checked, query.certifications.is_empty(), n, total, more)
    });
    let signs = signs.flatten().collect();
    let kinds = Kind::ALL.iter().zip(facets.kinds).map(|(kind, n)| {
        let checked = query.kinds.contains(kind);
        let more = || count(app, &query.with(|q| q.kinds.push(*kind)));
        choice(kind.code(), words::kind(*kind), checked, query.kinds.is_empty(), n, total, more)
    });
    let kinds = kinds.flatten().collect();
    let all = [
        Group { legend: "Famille de produits", name: "family", choices: families },
        Group { legend: "Signe de qualité, avec preuve", name: "certification", choices: signs },
        Group { legend: "Type de fournisseur", name: "kind", choices: kinds },
    ];
    all.into_iter().filter(|group| !group.choices.is_empty()).collect()
}

/// A choice with its count, or with what it would add to those already made; left out when it leads nowhere.
fn choice(
    value: &'static str,
    label: &str,
    checked: bool,
    alone: bool,
    n: u32,
    total: usize,
    with: impl FnOnce() -> usize,
) -> Option<Choice> {
    let count = if checked || alone {
        (checked || n > 0).then(|| n.to_string())
    } else {
        let more = with().saturating_sub(total);
        (more > 0).then(|| format!("+ {more}"))
    };
    count.map(|count| Choice { value, label: label.to_owned(), checked, count })
}

pub(super) fn delivers(app: &App, query: &Query, kitchen: Option<&Commune>, total: usize) -> Option<Choice> {
    let placed = query.near.is_some() || query.point.is_some();
    if !placed {
        return None;
    }
    let where_to = kitchen.map_or_else(|| "chez moi".to_owned(), |commune| words::to_place(&commune.name));
    let n = if query.delivers_to { total } else { count(app, &query.with(|q| q.delivers_to = true)) };
    (n > 0 || query.delivers_to).then(|| Choice {
        value: "true",
        label: format!("Livre {where_to}"),
        checked: query.delivers_to,
        count: n.to_string(),
    })
}

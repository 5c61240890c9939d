//! The filters in force, each with the address of the search without it.

use index::codes::Sense;
use index::request::Answer;

use super::facets::count;
use super::results::PATH;
use crate::app::App;
use crate::directory::query::Query;
use crate::directory::words;
use crate::places::Perimeter;
use crate::suppliers::{Weekdays, Word};
use crate::web::french;

/// A filter in force, and the address without it.
pub(super) struct Chip {
    pub(super) icon: Option<&'static str>,
    pub(super) label: String,
    pub(super) without: String,
}

/// The place, then what was read in the words, then what was chosen.
pub(super) fn chips(app: &App, query: &Query, answer: &Answer) -> Vec<Chip> {
    let mut chips = Chips { app, query, found: Vec::new() };
    chips.place(answer);
    chips.words(answer);
    chips.chosen();
    chips.found
}

/// What was chosen, in words, without the place.
pub(super) fn chosen(app: &App, query: &Query) -> Vec<String> {
    let mut chips = Chips { app, query, found: Vec::new() };
    chips.chosen();
    chips.found.into_iter().map(|chip| chip.label).collect()
}

/// The search that takes a sign read in the words as a condition, which only puts its bearers first: words, address.
pub(super) fn firm_sign(app: &App, query: &Query, answer: &Answer) -> Option<(String, String)> {
    let (sign, _) = answer.understood.certification.filter(|(_, is_condition)| !is_condition)?;
    let firm = query.with(|q| {
        q.certifications = vec![sign];
        q.ignore.push(Sense::Certification);
    });
    let found = count(app, &firm);
    let label = format!("Seulement {}, avec preuve ({found})", words::certification(sign));
    (found > 0 && query.certifications.is_empty()).then(|| (label, firm.link(PATH, app.index.lexicon())))
}

struct Chips<'a> {
    app: &'a App,
    query: &'a Query,
    found: Vec<Chip>,
}

impl Chips<'_> {
    fn add(&mut self, icon: Option<&'static str>, label: impl Into<String>, change: impl Fn(&mut Query)) {
        let without = self.query.with(change).link(PATH, self.app.index.lexicon());
        self.found.push(Chip { icon, label: label.into(), without });
    }

    fn place(&mut self, answer: &Answer) {
        let (query, places) = (self.query, &self.app.places);
        let around = query.radius_km.map(|km| format!(", {} km", french::decimal(km))).unwrap_or_default();
        let pin = Some("map-pin");
        if let Some(commune) = query.commune(places) {
            self.add(pin, format!("{}{around}", commune.name), |q| {
                (q.near, q.near_text, q.radius_km, q.delivers_to) = (None, String::new(), None, false);
            });
        } else if query.point.is_some() {
            self.add(pin, format!("Ma position{around}"), |q| {
                (q.point, q.radius_km, q.delivers_to) = (None, None, false);
            });
        } else if let Some((code, _)) = &answer.understood.commune {
            let name = places.commune(code).map(|c| words::of_place(&c.name)).unwrap_or_default();
            self.add(pin, format!("près {name}{around}, lu dans vos mots"), |q| q.ignore.push(Sense::Commune));
        }
    }

    fn words(&mut self, answer: &Answer) {
        if let Some((sign, is_condition)) = answer.understood.certification {
            let how = if is_condition { "avec preuve" } else { "en premier" };
            let label = format!("{} {how}, lu dans vos mots", words::certification(sign));
            self.add(Some("badge-check"), label, |q| q.ignore.push(Sense::Certification));
        }
        if answer.understood.months != 0 {
            let label = format!("{}, lu dans vos mots", words::season(answer.understood.months));
            self.add(Some("calendar"), label, |q| q.ignore.push(Sense::Month));
        }
        let days = Weekdays::from_mask(answer.understood.delivery_days);
        if !days.is_empty() {
            let label = format!("livraison {} en premier, lu dans vos mots", words::days(days));
            self.add(Some("truck"), label, |q| q.ignore.push(Sense::DeliveryDay));
        }
    }

    fn chosen(&mut self) {
        let (query, lexicon) = (self.query, self.app.index.lexicon());
        if query.delivers_to {
            self.add(Some("truck"), "Livre chez moi", |q| q.delivers_to = false);
        }
        for day in &query.delivery_days {
            self.add(Some("truck"), format!("Livre le {}", day.label()), |q| q.delivery_days.retain(|d| d != day));
        }
        if let Some(perimeter) = &query.perimeter {
            self.add(Some("map"), perimeter_name(self.app, perimeter), |q| q.perimeter = None);
        }
        if query.bounds.is_some() {
            self.add(Some("map"), "Zone de la carte", |q| q.bounds = None);
        }
        for family in &query.families {
            self.add(None, words::family(*family), |q| q.families.retain(|f| f != family));
        }
        for product in &query.products {
            let name = french::typographic(&lexicon.product(*product).plural);
            self.add(None, name, |q| q.products.retain(|p| p != product));
        }
        for sign in &query.certifications {
            self.add(Some("badge-check"), words::certification(*sign), |q| q.certifications.retain(|s| s != sign));
        }
        for kind in &query.kinds {
            self.add(None, words::kind(*kind), |q| q.kinds.retain(|k| k != kind));
        }
        for month in &query.months {
            let name = french::MONTHS[usize::from(*month) - 1];
            self.add(Some("calendar"), name, |q| q.months.retain(|m| m != month));
        }
    }
}

fn perimeter_name(app: &App, perimeter: &Perimeter) -> String {
    app.places.perimeter_name(perimeter).map_or_else(|| perimeter.to_string(), ToOwned::to_owned)
}

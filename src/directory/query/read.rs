//! Parameters of an address, one after the other, and what was not understood of them.

use index::Lexicon;
use index::codes::{Certification, Family, Kind, Sense};
use index::geo::{Bounds, Point};
use index::request::Sort;

use super::{LONGEST_TEXT, MOST_PER_PAGE, OWN_POSITION, Problem, Query, clean, sort_code};
use crate::places::{Commune, Places};
use crate::suppliers::{Weekday, Word};

/// Pages beyond are refused: nobody reads them, and programs have the export.
const MOST_PAGES: usize = 10_000;

/// What a parameter may name.
pub(super) struct Reader<'a> {
    pub(super) places: &'a Places,
    pub(super) lexicon: &'a Lexicon,
    pub(super) home: &'a str,
    pub(super) lat: Option<f64>,
    pub(super) lon: Option<f64>,
    /// The place was wiped out of the form, which still carries the code of the one before.
    pub(super) place_emptied: bool,
    /// The words that readings were taken away from, as a form says.
    pub(super) taken_away_for: Option<String>,
    pub(super) problems: Vec<Problem>,
}

impl Reader<'_> {
    /// Takes in one parameter.
    pub(super) fn take(&mut self, query: &mut Query, name: &str, value: &str) {
        match name {
            "q" => query.q = clean(value),
            "near" | "near_text" | "lat" | "lon" | "radius_km" | "perimeter" | "bbox" | "delivers_to" => {
                self.take_place(query, name, value);
            }
            "family" | "product" | "certification" | "kind" | "month" | "delivery_day" => {
                self.take_filter(query, name, value);
            }
            "sort" => match sort(value) {
                Some(sort) => query.sort = Some(sort),
                None => self.refuse(name, value, "relevance, distance, name ou freshness"),
            },
            "page" => self.count(&mut query.page, name, value, MOST_PAGES, "un numéro de page, de 1 à 10000"),
            "per_page" => self.count(&mut query.per_page, name, value, MOST_PER_PAGE, "un nombre de 1 à 100"),
            "without_for" => self.taken_away_for = Some(clean(value)),
            "without" => {
                let sense = Sense::from_code(value);
                self.push(&mut query.ignore, name, value, sense, "commune, certification, month ou delivery_day");
            }
            "view" => (query.map, query.print) = (value == "map", value == "print"),
            _ => {}
        }
    }

    fn take_place(&mut self, query: &mut Query, name: &str, value: &str) {
        match name {
            "near" => self.near(query, value),
            "near_text" => query.near_text = value.chars().take(LONGEST_TEXT).collect(),
            "lat" => self.lat = self.number(name, value, -90.0..=90.0, "un nombre de -90 à 90"),
            "lon" => self.lon = self.number(name, value, -180.0..=180.0, "un nombre de -180 à 180"),
            "radius_km" => {
                query.radius_km = self.number(name, value, 0.1..=20_000.0, "un nombre de kilomètres, de 0,1 à 20000");
            }
            "perimeter" => match self.places.perimeter(value) {
                Ok(perimeter) => query.perimeter = Some(perimeter),
                Err(_) => self.refuse(name, value, "department:43 ou epci:200073419, avec un code existant"),
            },
            "bbox" => match bounds(value) {
                Some(bounds) => query.bounds = Some(bounds),
                None => self.refuse(name, value, "ouest,sud,est,nord en degrés"),
            },
            _ => match value {
                "true" | "1" | "on" => query.delivers_to = true,
                "false" | "0" => query.delivers_to = false,
                _ => self.refuse(name, value, "true ou false"),
            },
        }
    }

    fn take_filter(&mut self, query: &mut Query, name: &str, value: &str) {
        match name {
            "family" => {
                let family = Family::from_code(value);
                self.push(
                    &mut query.families,
                    name,
                    value,
                    family,
                    "un code de famille, par exemple FRUITS_ET_LEGUMES",
                );
            }
            "product" => {
                let product = self.lexicon.by_code(value);
                self.push(&mut query.products, name, value, product, "un code de /api/v1/products");
            }
            "certification" => {
                let sign = Certification::from_code(value);
                self.push(
                    &mut query.certifications,
                    name,
                    value,
                    sign,
                    "un code de certification, par exemple organic",
                );
            }
            "kind" => {
                let kind = Kind::from_code(value);
                self.push(&mut query.kinds, name, value, kind, "un code de type, par exemple producer");
            }
            "delivery_day" => {
                let day = Weekday::from_code(value);
                self.push(&mut query.delivery_days, name, value, day, "un jour, de monday à sunday");
            }
            _ => {
                let month = value.parse().ok().filter(|month| (1..=12).contains(month));
                self.push(&mut query.months, name, value, month, "un mois de 1 à 12");
            }
        }
    }

    fn near(&mut self, query: &mut Query, value: &str) {
        match self.places.commune(value) {
            Some(commune) if commune.point.is_some() => query.near = Some(commune.insee_code.to_string()),
            _ => self.refuse("near", value, "le code INSEE d’une commune, par exemple 43157"),
        }
    }

    fn number(
        &mut self,
        name: &str,
        value: &str,
        range: std::ops::RangeInclusive<f64>,
        expected: &'static str,
    ) -> Option<f64> {
        let number = value.replace(',', ".").parse().ok().filter(|number| range.contains(number));
        if number.is_none() {
            self.refuse(name, value, expected);
        }
        number
    }

    fn count(&mut self, slot: &mut usize, name: &str, value: &str, most: usize, expected: &'static str) {
        match value.parse().ok().filter(|number| (1..=most).contains(number)) {
            Some(number) => *slot = number,
            None => self.refuse(name, value, expected),
        }
    }

    fn push<T: PartialEq>(
        &mut self,
        list: &mut Vec<T>,
        name: &str,
        value: &str,
        read: Option<T>,
        expected: &'static str,
    ) {
        match read {
            Some(item) if list.contains(&item) => {}
            Some(item) => list.push(item),
            None => self.refuse(name, value, expected),
        }
    }

    fn refuse(&mut self, name: &str, value: &str, expected: &'static str) {
        self.problems.push(Problem { parameter: name.to_owned(), value: value.chars().take(60).collect(), expected });
    }

    /// Joins what belongs together.
    pub(super) fn finish(&mut self, query: &mut Query) {
        if self.taken_away_for.as_ref().is_some_and(|words| *words != query.q) {
            // Other words: nothing was taken away from what they may mean.
            query.ignore.clear();
        }
        match (self.lat, self.lon) {
            (Some(lat), Some(lon)) => query.point = Some(Point { lat, lon }),
            (None, None) => {}
            _ => self.refuse("lat", "", "lat et lon ensemble"),
        }
        if self.place_emptied {
            (query.near, query.point) = (None, None);
        } else if !query.near_text.is_empty() {
            self.finish_place(query);
        }
        let placed = query.near.is_some() || query.point.is_some();
        if !placed && self.problems.is_empty() {
            // A radius without a centre waits for a place, which the words may name.
            query.delivers_to = false;
        }
    }

    /// Without a script the commune comes as typed, beside the place the form had before; that one stays when the field still shows it.
    fn finish_place(&mut self, query: &mut Query) {
        if query.point.is_some() && query.near_text == OWN_POSITION {
            return;
        }
        query.point = None;
        if query.commune(self.places).is_some_and(|commune| shows(&query.near_text, commune)) {
            return;
        }
        let found = self.typed_commune(&query.near_text).filter(|commune| commune.point.is_some());
        query.near = found.map(|commune| commune.insee_code.to_string());
        if query.near.is_none() {
            let typed = query.near_text.clone();
            self.refuse("near_text", &typed, "le nom ou le code postal d’une commune");
        }
    }

    /// `Brioude`, `43100`, `Brioude (43)`, `Brioude (43100)`.
    fn typed_commune(&self, text: &str) -> Option<&Commune> {
        let labelled = text.strip_suffix(')').and_then(|text| text.rsplit_once('('));
        let found = match labelled {
            Some((name, code)) if code.len() == 5 => self.places.search(&format!("{name}{code}"), Some(self.home), 1),
            Some((name, department)) => self.places.search(name, Some(&department.to_uppercase()), 1),
            None => self.places.search(text, Some(self.home), 1),
        };
        found.first().copied()
    }
}

/// Whether the field shows this very commune: as the page writes it, or as the completion does.
fn shows(text: &str, commune: &Commune) -> bool {
    let rest = text.strip_prefix(commune.name.as_str()).map(str::trim);
    let bare = rest.map(|rest| rest.trim_start_matches('(').trim_end_matches(')'));
    bare.is_some_and(|bare| {
        bare.is_empty() || bare == commune.department || commune.postal_codes.iter().any(|c| c == bare)
    })
}

fn bounds(value: &str) -> Option<Bounds> {
    let numbers: Vec<f64> = value.split(',').map(|part| part.trim().parse().ok()).collect::<Option<_>>()?;
    let [west, south, east, north] = numbers[..] else { return None };
    let fits = (-180.0..=180.0).contains(&west)
        && (-180.0..=180.0).contains(&east)
        && (-90.0..=90.0).contains(&south)
        && (-90.0..=90.0).contains(&north)
        && south <= north;
    fits.then_some(Bounds { west, south, east, north })
}

fn sort(value: &str) -> Option<Sort> {
    [Sort::Relevance, Sort::Distance, Sort::Name, Sort::Freshness].into_iter().find(|sort| sort_code(*sort) == value)
}

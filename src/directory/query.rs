//! What is asked of the directory, as the parameters of an address: the page, its links, the map, the exports and the API all
//! read and write the same ones, so that a filtered page can be shared.

use std::fmt::Write;

use chrono::NaiveDate;
use index::codes::{Certification, Family, Kind};
use index::geo::{Bounds, Point, Polygon};
use index::request::{Ignore, Origin, Sort};
use index::{Lexicon, ProductId, Request};

use crate::places::{Commune, Perimeter, Places};

/// Hits on a page unless said otherwise, and at most.
pub const PER_PAGE: usize = 20;
/// See [`PER_PAGE`].
pub const MOST_PER_PAGE: usize = 100;
/// Pages beyond are refused: nobody reads them, and programs have the export.
const MOST_PAGES: usize = 10_000;
/// What the field of the place shows for a point without a name.
pub const OWN_POSITION: &str = "Ma position";
/// Longest text looked at, in characters.
const LONGEST_TEXT: usize = 300;

/// A search as typed or linked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// Words.
    pub q: String,
    /// INSEE code of the commune distances start from.
    pub near: Option<String>,
    /// The same as typed, when no script chose a commune.
    pub near_text: String,
    /// A point distances start from, instead of a commune.
    pub point: Option<Point>,
    /// Kilometres around.
    pub radius_km: Option<f64>,
    /// `department:43` or `epci:200073419`.
    pub perimeter: Option<Perimeter>,
    /// Box on the map.
    pub bounds: Option<Bounds>,
    /// Polygon, over the API only.
    pub polygon: Option<Polygon>,
    /// Only those that deliver there.
    pub delivers_to: bool,
    /// Families.
    pub families: Vec<Family>,
    /// Products.
    pub products: Vec<ProductId>,
    /// Proven certifications.
    pub certifications: Vec<Certification>,
    /// Kinds.
    pub kinds: Vec<Kind>,
    /// Months, 1 to 12.
    pub months: Vec<u16>,
    /// Order, when chosen.
    pub sort: Option<Sort>,
    /// Page, from 1.
    pub page: usize,
    /// Hits on a page.
    pub per_page: usize,
    /// Readings of the words that were taken away.
    pub ignore: Ignore,
    /// Shown on the map.
    pub map: bool,
    /// Shown as a list to print.
    pub print: bool,
}

/// A parameter that was not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Its name.
    pub parameter: String,
    /// What it held, cut to 60 characters.
    pub value: String,
    /// What was expected, in French.
    pub expected: &'static str,
}

/// What a parameter may name.
struct Reader<'a> {
    places: &'a Places,
    lexicon: &'a Lexicon,
    home: &'a str,
    lat: Option<f64>,
    lon: Option<f64>,
    /// The place was wiped out of the form, which still carries the code of the one before.
    place_emptied: bool,
    problems: Vec<Problem>,
}

impl Query {
    /// The search that asks nothing: everybody, from the first page.
    #[must_use]
    pub fn all() -> Self {
        Self { page: 1, per_page: PER_PAGE, ..Self::default() }
    }

    /// Reads the part of an address after `?`. What is not understood is left out and told; unknown names are ignored.
    #[must_use]
    pub fn read(text: &str, places: &Places, lexicon: &Lexicon, home: &str) -> (Self, Vec<Problem>) {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(text).unwrap_or_default();
        Self::from_pairs(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())), places, lexicon, home)
    }

    /// The same from names and values.
    #[must_use]
    pub fn from_pairs<'a>(
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
        places: &Places,
        lexicon: &Lexicon,
        home: &str,
    ) -> (Self, Vec<Problem>) {
        let mut query = Self::all();
        let mut reader =
            Reader { places, lexicon, home, lat: None, lon: None, place_emptied: false, problems: Vec::new() };
        for (name, value) in pairs {
            let value = value.trim();
            if !value.is_empty() {
                reader.take(&mut query, name, value);
            } else if name == "near_text" {
                reader.place_emptied = true;
            }
        }
        reader.finish(&mut query);
        (query, reader.problems)
    }

    /// Whether nothing is asked.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.q.is_empty() && !self.has_filters() && self.near.is_none() && self.point.is_none()
    }

    /// Whether something besides the words and the place narrows the search.
    #[must_use]
    pub fn has_filters(&self) -> bool {
        self.delivers_to
            || self.perimeter.is_some()
            || self.bounds.is_some()
            || self.polygon.is_some()
            || self.radius_km.is_some()
            || !(self.families.is_empty()
                && self.products.is_empty()
                && self.certifications.is_empty()
                && self.kinds.is_empty()
                && self.months.is_empty())
    }

    /// The commune distances start from.
    #[must_use]
    pub fn commune<'a>(&self, places: &'a Places) -> Option<&'a Commune> {
        places.commune(self.near.as_deref()?)
    }

    /// What the engine is asked, on a day.
    #[must_use]
    pub fn request(&self, places: &Places, today: NaiveDate) -> Request {
        let near = match (self.point, self.commune(places)) {
            (Some(point), _) => Some(origin_at(places, point)),
            (None, Some(commune)) => origin_of(commune),
            (None, None) => None,
        };
        let mut request = Request {
            q: self.q.clone(),
            ignore: self.ignore,
            near,
            radius_km: self.radius_km,
            bounds: self.bounds,
            polygon: self.polygon.clone(),
            delivers_to: self.delivers_to,
            kinds: self.kinds.iter().fold(0, |mask, kind| mask | kind.bit()),
            families: self.families.iter().fold(0, |mask, family| mask | family.bit()),
            products: self.products.clone(),
            certifications: self.certifications.iter().fold(0, |mask, sign| mask | sign.bit()),
            months: self.months.iter().fold(0, |mask, month| mask | 1 << (month - 1)),
            sort: self.sort.unwrap_or_default(),
            offset: (self.page - 1) * self.per_page,
            limit: self.per_page,
            today: day_number(today),
            ..Request::default()
        };
        match &self.perimeter {
            Some(Perimeter::Department(code)) => request.department = Some(code.clone()),
            Some(Perimeter::Epci(code)) => request.intercommunality = Some(code.clone()),
            Some(Perimeter::Commune(code)) => request.commune = Some(code.to_string()),
            None => {}
        }
        request
    }

    /// The parameters, in a fixed order, without those that say nothing; `page` only beyond the first.
    #[must_use]
    pub fn pairs(&self, lexicon: &Lexicon) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        let mut add = |name: &'static str, value: String| pairs.push((name, value));
        if !self.q.is_empty() {
            add("q", self.q.clone());
        }
        if let Some(point) = self.point {
            add("lat", point.lat.to_string());
            add("lon", point.lon.to_string());
        } else if let Some(code) = &self.near {
            add("near", code.clone());
        }
        if let Some(km) = self.radius_km {
            add("radius_km", km.to_string());
        }
        if let Some(perimeter) = &self.perimeter {
            add("perimeter", perimeter.to_string());
        }
        if let Some(b) = self.bounds {
            add("bbox", format!("{},{},{},{}", b.west, b.south, b.east, b.north));
        }
        if self.delivers_to {
            add("delivers_to", "true".to_owned());
        }
        self.families.iter().for_each(|family| add("family", family.code().to_owned()));
        self.products.iter().for_each(|product| add("product", lexicon.product(*product).code.clone()));
        self.certifications.iter().for_each(|sign| add("certification", sign.code().to_owned()));
        self.kinds.iter().for_each(|kind| add("kind", kind.code().to_owned()));
        self.months.iter().for_each(|month| add("month", month.to_string()));
        if let Some(sort) = self.sort {
            add("sort", sort_code(sort).to_owned());
        }
        if self.ignore.commune {
            add("without", "commune".to_owned());
        }
        if self.ignore.certification {
            add("without", "certification".to_owned());
        }
        if self.ignore.month {
            add("without", "month".to_owned());
        }
        if self.map || self.print {
            add("view", if self.map { "map" } else { "print" }.to_owned());
        }
        if self.per_page != PER_PAGE {
            add("per_page", self.per_page.to_string());
        }
        if self.page > 1 {
            add("page", self.page.to_string());
        }
        pairs
    }

    /// The address of this search under `path`.
    #[must_use]
    pub fn link(&self, path: &str, lexicon: &Lexicon) -> String {
        let pairs = self.pairs(lexicon);
        if pairs.is_empty() {
            return path.to_owned();
        }
        format!("{path}?{}", serde_urlencoded::to_string(pairs).unwrap_or_default())
    }

    /// The same search changed, from its first page.
    #[must_use]
    pub fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut query = Self { page: 1, ..self.clone() };
        change(&mut query);
        query
    }
}

impl Reader<'_> {
    fn take(&mut self, query: &mut Query, name: &str, value: &str) {
        match name {
            "q" => query.q = clean(value),
            "near" | "near_text" | "lat" | "lon" | "radius_km" | "perimeter" | "bbox" | "delivers_to" => {
                self.take_place(query, name, value);
            }
            "family" | "product" | "certification" | "kind" | "month" => self.take_filter(query, name, value),
            "sort" => match sort(value) {
                Some(sort) => query.sort = Some(sort),
                None => self.refuse(name, value, "relevance, distance, name ou freshness"),
            },
            "page" => self.count(&mut query.page, name, value, MOST_PAGES, "un numéro de page, de 1 à 10000"),
            "per_page" => self.count(&mut query.per_page, name, value, MOST_PER_PAGE, "un nombre de 1 à 100"),
            "without" => match value {
                "commune" => query.ignore.commune = true,
                "certification" => query.ignore.certification = true,
                "month" => query.ignore.month = true,
                _ => self.refuse(name, value, "commune, certification ou month"),
            },
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
    fn finish(&mut self, query: &mut Query) {
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
            // A radius without a centre asks nothing; the page keeps the choice for when a place is given.
            query.radius_km = None;
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

/// Words without control characters, cut to a length nobody types.
#[must_use]
pub fn clean(value: &str) -> String {
    let text: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST_TEXT).collect();
    text.trim().to_owned()
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

/// The public word of an order.
#[must_use]
pub fn sort_code(sort: Sort) -> &'static str {
    match sort {
        Sort::Relevance => "relevance",
        Sort::Distance => "distance",
        Sort::Name => "name",
        Sort::Freshness => "freshness",
    }
}

/// Days since 1970-01-01.
#[must_use]
pub fn day_number(day: NaiveDate) -> i32 {
    i32::try_from(day.signed_duration_since(NaiveDate::default()).num_days()).unwrap_or(i32::MAX)
}

/// A commune as the place distances start from; nothing for the few that have no point.
#[must_use]
pub fn origin_of(commune: &Commune) -> Option<Origin> {
    Some(Origin {
        point: commune.point?,
        commune: Some(commune.insee_code.to_string()),
        department: Some(commune.department.clone()),
        intercommunality: commune.epci.clone(),
    })
}

/// A point, and the commune nearest to it for delivery areas.
fn origin_at(places: &Places, point: Point) -> Origin {
    let nearest = places.nearest(point).and_then(origin_of);
    Origin { point, ..nearest.unwrap_or(Origin { point, commune: None, department: None, intercommunality: None }) }
}

/// What was not understood, in one sentence a line.
#[must_use]
pub fn sentences(problems: &[Problem]) -> String {
    let mut text = String::new();
    for problem in problems {
        let _ = writeln!(text, "{} = « {} » : attendu {}", problem.parameter, problem.value, problem.expected);
    }
    text.trim_end().to_owned()
}

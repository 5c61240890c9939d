//! What is asked of the directory, as the parameters of an address: the page, its links, the map, the exports and the API all
//! read and write the same ones, so that a filtered page can be shared.

mod read;

use std::fmt::Write;

use chrono::NaiveDate;
use index::codes::{Certification, Family, Kind, Sense};
use index::geo::{Bounds, Point, Polygon};
use index::request::{Origin, Sort};
use index::{Lexicon, ProductId, Request};

use self::read::Reader;
use crate::places::{Commune, Perimeter, Places};
use crate::suppliers::{Weekday, Weekdays, Word};

/// Hits on a page unless said otherwise, and at most.
pub const PER_PAGE: usize = 20;
/// See [`PER_PAGE`].
pub const MOST_PER_PAGE: usize = 100;
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
    /// Only those whose round is on one of these days.
    pub delivery_days: Vec<Weekday>,
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
    pub ignore: Vec<Sense>,
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
        let mut reader = Reader {
            places,
            lexicon,
            home,
            lat: None,
            lon: None,
            place_emptied: false,
            taken_away_for: None,
            problems: Vec::new(),
        };
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
            || !self.delivery_days.is_empty()
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
            ignore: self.ignore.iter().fold(0, |mask, sense| mask | sense.bit()),
            near,
            radius_km: self.radius_km,
            bounds: self.bounds,
            polygon: self.polygon.clone(),
            delivers_to: self.delivers_to,
            delivery_days: self.delivery_days.iter().copied().collect::<Weekdays>().mask(),
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
        self.delivery_days.iter().for_each(|day| add("delivery_day", day.code().to_owned()));
        self.families.iter().for_each(|family| add("family", family.code().to_owned()));
        self.products.iter().for_each(|product| add("product", lexicon.product(*product).code.clone()));
        self.certifications.iter().for_each(|sign| add("certification", sign.code().to_owned()));
        self.kinds.iter().for_each(|kind| add("kind", kind.code().to_owned()));
        self.months.iter().for_each(|month| add("month", month.to_string()));
        if let Some(sort) = self.sort {
            add("sort", sort_code(sort).to_owned());
        }
        self.ignore.iter().for_each(|sense| add("without", sense.code().to_owned()));
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

/// Words without control characters, cut to a length nobody types.
#[must_use]
pub fn clean(value: &str) -> String {
    let text: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST_TEXT).collect();
    text.trim().to_owned()
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

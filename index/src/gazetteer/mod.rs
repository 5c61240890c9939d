//! The communes by name: completion for a text box (`search`) and recognition in running words (`read`).
//!
//! Everything lies in a few sorted tables over one text, about 5 MB for the 35,000 communes of France: a look-up is a
//! binary search. Communes are designated by their position in what [`Gazetteer::new`] was given.

mod everyday;
mod key;
mod pull;
mod read;
mod search;
mod tables;
mod typo;

pub use key::{key, telling_words};
pub use typo::slips;

use pull::Departments;
use tables::{Kind, Name, Names, Towns};

/// A commune as the gazetteer is told about it.
#[derive(Debug, Clone, Default)]
pub struct Entry<'a> {
    /// Five characters: `"43157"`, `"2A004"`.
    pub insee_code: &'a str,
    /// Official name: `"Le Puy-en-Velay"`.
    pub name: &'a str,
    /// Five digits each.
    pub postal_codes: Vec<&'a str>,
    /// Latitude and longitude, WGS84 degrees.
    pub point: Option<(f64, f64)>,
    /// Code of the department: `"43"`, `"2A"`, `"974"`.
    pub department: &'a str,
    /// Inhabitants.
    pub population: u32,
    /// Names of communes merged into this one, and names it bore itself.
    pub former_names: Vec<&'a str>,
}

/// The communes, found by name, postal code or INSEE code.
#[derive(Debug)]
pub struct Gazetteer {
    places: Vec<Place>,
    departments: Departments,
    names: Names,
    towns: Towns,
    /// Postal code as a number, commune; sorted.
    postal_codes: Vec<(u32, u32)>,
    /// INSEE code, commune; sorted.
    insee_codes: Vec<([u8; 5], u32)>,
}

/// What ordering needs to know of a commune.
#[derive(Debug)]
struct Place {
    department: u16,
    population: u32,
    point: Option<(f32, f32)>,
}

impl Gazetteer {
    /// Builds the tables; a tenth of a second for the whole country.
    #[must_use]
    pub fn new<'a>(entries: impl IntoIterator<Item = Entry<'a>>) -> Self {
        let (mut places, mut departments, mut names) = (Vec::new(), Departments::default(), tables::Builder::default());
        let (mut postal_codes, mut insee_codes) = (Vec::new(), Vec::new());
        for (entry, commune) in entries.into_iter().zip(0_u32..) {
            names.add(entry.name, Kind::Own, commune);
            entry.former_names.iter().for_each(|name| names.add(name, Kind::Former, commune));
            postal_codes.extend(entry.postal_codes.iter().filter_map(|code| Some((postal_number(code)?, commune))));
            insee_codes.extend(insee_bytes(entry.insee_code).map(|code| (code, commune)));
            places.push(Place {
                department: departments.add(entry.department, entry.point),
                population: entry.population,
                point: entry.point.map(single),
            });
        }
        postal_codes.sort_unstable();
        insee_codes.sort_unstable();
        departments.settle();
        let names = names.build();
        let towns = Towns::new(&names, |commune| {
            let place = &places[commune as usize];
            (place.population > read::TOWN).then_some(place.department)
        });
        Self { places, departments, names, towns, postal_codes, insee_codes }
    }

    /// Number of communes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether it knows no commune.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The commune with this INSEE code (`"43157"`, `"2a004"`).
    #[must_use]
    pub fn by_insee_code(&self, code: &str) -> Option<usize> {
        let code = insee_bytes(code)?;
        let at = self.insee_codes.binary_search_by_key(&code, |(code, _)| *code).ok()?;
        Some(self.insee_codes[at].1 as usize)
    }

    /// The communes one of whose postal codes begins with these digits.
    pub fn with_postal_code(&self, digits: &str) -> impl Iterator<Item = usize> + '_ {
        let (low, high) = postal_range(digits).unwrap_or((1, 0));
        let start = self.postal_codes.partition_point(|(code, _)| *code < low);
        self.postal_codes[start..]
            .iter()
            .take_while(move |(code, _)| *code <= high)
            .map(|(_, commune)| *commune as usize)
    }

    /// The communes that bear or bore exactly this name, whatever its case, accents, hyphens, article and small words.
    #[must_use]
    pub fn named(&self, name: &str) -> Vec<usize> {
        let typed = key(name);
        let without_article = &typed[key::article_len(&typed)..];
        let bare = key::bare(&typed);
        let spellings = [Some(typed.as_str()), Some(without_article), bare.as_deref()];
        let mut found: Vec<usize> = spellings
            .into_iter()
            .flatten()
            .flat_map(|spelling| self.names.equal(spelling))
            .map(|name| name.commune as usize)
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    fn is_home(&self, name: &Name, home: Option<u16>) -> bool {
        self.lies_home(name.commune, home)
    }

    fn lies_home(&self, commune: u32, home: Option<u16>) -> bool {
        home == Some(self.places[commune as usize].department)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "ordering by distance needs no more than 10 metres")]
fn single((lat, lon): (f64, f64)) -> (f32, f32) {
    (lat as f32, lon as f32)
}

fn postal_number(code: &str) -> Option<u32> {
    (code.len() == 5).then(|| postal_range(code)).flatten().map(|(low, _)| low)
}

/// `"432"` → 43200 to 43299.
fn postal_range(digits: &str) -> Option<(u32, u32)> {
    if digits.is_empty() || digits.len() > 5 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let step = (digits.len()..5).fold(1, |step, _| step * 10);
    let low = digits.parse::<u32>().ok()? * step;
    Some((low, low + step - 1))
}

fn insee_bytes(code: &str) -> Option<[u8; 5]> {
    code.to_ascii_uppercase().as_bytes().try_into().ok()
}

#[cfg(test)]
mod tests;

use std::collections::{HashMap, hash_map::Entry};

use thiserror::Error;

use super::fold::fold;

/// A column that a table may or must have.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its heading.
    pub heading: &'static str,
    /// Other headings under which it is known.
    pub aliases: &'static [&'static str],
    /// Whether the table makes no sense without it.
    pub required: bool,
}

/// Where each wanted column stands in one file.
#[derive(Debug)]
pub struct Columns {
    places: HashMap<String, usize>,
    headings: Vec<String>,
    /// Headings that nobody asked for, or that stand twice: reported, and not read.
    pub ignored: Vec<String>,
}

/// The headings are not those of the table that was asked for.
#[derive(Debug, Error, PartialEq)]
#[error(
    "il manque {} : {}. Les en-têtes doivent être sur la première ligne, qui contient : {}",
    if missing.len() > 1 { "les colonnes" } else { "la colonne" },
    quoted(missing), quoted(found)
)]
pub struct MissingColumns {
    /// Required headings that were not found.
    pub missing: Vec<String>,
    /// What the first line holds, shortened.
    pub found: Vec<String>,
}

impl Columns {
    /// Finds the `wanted` columns among `headings`. A numbered column (`Certification #`) is written with `#` and may
    /// stand any number of times.
    ///
    /// # Errors
    /// When a required column is missing.
    pub fn find(headings: &[String], wanted: &[Column]) -> Result<Self, MissingColumns> {
        let mut places = HashMap::new();
        let mut ignored = Vec::new();
        for (place, heading) in headings.iter().enumerate() {
            let Some(name) = known_name(heading, wanted) else {
                if !heading.is_empty() {
                    ignored.push(heading.clone());
                }
                continue;
            };
            match places.entry(name) {
                Entry::Occupied(_) => ignored.push(format!("{heading} (en double)")),
                Entry::Vacant(free) => {
                    free.insert(place);
                }
            }
        }
        let missing: Vec<String> = wanted
            .iter()
            .filter(|column| column.required && !places.contains_key(column.heading))
            .map(|column| column.heading.to_owned())
            .collect();
        if missing.is_empty() {
            return Ok(Self { places, headings: headings.to_vec(), ignored });
        }
        Err(MissingColumns {
            missing,
            found: headings
                .iter()
                .filter(|heading| !heading.is_empty())
                .take(12)
                .map(|heading| shorten(heading))
                .collect(),
        })
    }

    /// The place of a column, by its heading as it was wanted, a number in place of `#`.
    #[must_use]
    pub fn place(&self, heading: &str) -> Option<usize> {
        self.places.get(heading).copied()
    }

    /// How many headings the file has.
    #[must_use]
    pub fn count(&self) -> usize {
        self.headings.len()
    }

    /// The numbers that stand in place of `#` in a numbered heading, in ascending order.
    #[must_use]
    pub fn numbers_of(&self, heading: &str) -> Vec<u32> {
        let mut numbers: Vec<u32> = self.places.keys().filter_map(|name| number_in(name, heading)).collect();
        numbers.sort_unstable();
        numbers
    }
}

/// The heading that was wanted, of a heading in any spelling.
fn known_name(heading: &str, wanted: &[Column]) -> Option<String> {
    let folded = fold(heading);
    wanted.iter().find_map(|column| {
        let name = fold(column.heading);
        if name.contains('#') {
            return number_in(&folded, &name).map(|number| column.heading.replace('#', &number.to_string()));
        }
        let known = folded == name || column.aliases.iter().any(|alias| fold(alias) == folded);
        known.then(|| column.heading.to_owned())
    })
}

fn number_in(folded: &str, pattern: &str) -> Option<u32> {
    let (before, after) = pattern.split_once('#')?;
    folded.strip_prefix(before)?.strip_suffix(after)?.trim().parse().ok().filter(|number| (1..=99).contains(number))
}

fn quoted(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("« {word} »")).collect();
    words.join(", ")
}

fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(40).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().count() > 40 {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    const WANTED: [Column; 3] = [
        Column { heading: "Référence", aliases: &["Réf."], required: true },
        Column { heading: "Valable jusqu'au #", aliases: &[], required: false },
        Column { heading: "Nom", aliases: &[], required: true },
    ];

    fn headings(line: &str) -> Vec<String> {
        line.split(';').map(str::to_owned).collect()
    }

    #[test]
    fn case_accents_apostrophes_and_order_do_not_matter() {
        let columns =
            Columns::find(&headings("NOM;valable jusqu’au 2;reference;Valable jusqu'au 1;Note"), &WANTED).unwrap();
        assert_eq!(columns.place("Référence"), Some(2));
        assert_eq!(columns.place("Valable jusqu'au 1"), Some(3));
        assert_eq!(columns.numbers_of("Valable jusqu'au #"), [1, 2]);
        assert_eq!(columns.ignored, ["Note"]);
    }

    #[test]
    fn a_missing_column_names_what_was_found() {
        let error = Columns::find(&headings("siret;nom"), &WANTED).unwrap_err();
        assert_eq!(
            error.to_string(),
            "il manque la colonne : « Référence ». Les en-têtes doivent être sur la première ligne, qui contient : « siret », « nom »"
        );
    }

    #[test]
    fn a_column_that_stands_twice_is_read_once() {
        let columns = Columns::find(&headings("Nom;Référence;nom"), &WANTED).unwrap();
        assert_eq!(columns.place("Nom"), Some(0));
        assert_eq!(columns.ignored, ["nom (en double)"]);
    }
}

//! The commune that an imported line means, from a town and a postal code as people write them.

use std::collections::BTreeSet;
use std::fmt;

use index::gazetteer::key;

use super::spelling::{Likeness, Spelling, Town};
use super::{Commune, Places};

/// Kilometres within which a commune is taken for one served by a neighbour's post office.
const POSTAL_ROUND_KM: f64 = 20.0;
const MOST_SUGGESTIONS: usize = 6;

/// Why no commune was found, and which ones are near.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unresolved {
    /// The town as it was written.
    pub name: String,
    /// The postal code as it was written.
    pub postal_code: Option<String>,
    /// What is wrong.
    pub reason: Reason,
    /// Communes that may be meant, the likeliest first, as shown: `"Barges (43340)"`.
    pub near: Vec<String>,
}

/// What is wrong with a town and its postal code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// No town is given, and the postal code has several communes or none.
    NoName,
    /// The postal code exists, but none of its communes has such a name.
    NotThere,
    /// Neither the postal code nor the name is known.
    Unknown,
    /// Several communes have this name.
    Several,
}

impl fmt::Display for Unresolved {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name.trim();
        match (self.reason, self.postal_code.as_deref()) {
            (Reason::NoName, _) => write!(formatter, "commune non indiquée"),
            (Reason::NotThere, Some(postal)) => {
                write!(formatter, "aucune commune « {name} » sous le code postal {postal}")
            }
            (Reason::Several, Some(postal)) => {
                write!(formatter, "plusieurs communes peuvent être « {name} » ({postal})")
            }
            (Reason::Several, None) => {
                write!(formatter, "plusieurs communes s’appellent « {name} » : indiquez le code postal")
            }
            (_, Some(postal)) => write!(formatter, "commune « {name} » ({postal}) inconnue"),
            (_, None) => write!(formatter, "commune « {name} » inconnue"),
        }?;
        if !self.near.is_empty() {
            write!(formatter, " ; attendu par exemple : {}", self.near.join(", "))?;
        }
        Ok(())
    }
}

impl std::error::Error for Unresolved {}

/// Communes, by position, and how far a name may differ from theirs.
struct Among {
    communes: Vec<usize>,
    least: Likeness,
}

impl Places {
    /// The commune that a town and a postal code, as people write them, mean.
    ///
    /// `St` is `Saint`; case, accents, hyphens, articles and small words do not matter; former names lead to today's commune;
    /// `CEDEX` codes, a postal code written in the town, a name cut short, a hamlet before or after the name, and a slip or
    /// two are understood where only one commune fits. `department` narrows the choice when the postal code does not.
    ///
    /// # Errors
    /// When no commune or more than one fits; the error says in French what is wrong and which communes are near.
    pub fn resolve(
        &self,
        name: &str,
        postal_code: Option<&str>,
        department: Option<&str>,
    ) -> Result<&Commune, Unresolved> {
        let town = Town::read(name, postal_code);
        let postal: Vec<usize> =
            town.postal_code.iter().flat_map(|code| self.gazetteer().with_postal_code(code)).collect();
        let found = self.among_candidates(&town, &postal, department);
        let refused = |reason, near: Vec<usize>| Unresolved {
            name: name.to_owned(),
            postal_code: postal_code.map(|code| code.trim().to_owned()).filter(|code| !code.is_empty()),
            reason,
            near: self.suggestions(near, &town, department),
        };
        // « Vergné » and « La Vergne » are spelt alike but for accents and article: as written, one of them fits better.
        let as_written = |at: &usize| self.communes()[*at].name.to_lowercase() == name.trim().to_lowercase();
        let found = match found.iter().filter(|at| as_written(at)).count() {
            1 => found.into_iter().filter(as_written).collect(),
            _ => found,
        };
        match found.as_slice() {
            [commune] => Ok(&self.communes()[*commune]),
            [] if town.spellings.is_empty() => Err(refused(Reason::NoName, postal)),
            [] if postal.is_empty() => Err(refused(Reason::Unknown, Vec::new())),
            [] => Err(refused(Reason::NotThere, postal)),
            _ => Err(refused(if town.spellings.is_empty() { Reason::NoName } else { Reason::Several }, found)),
        }
    }

    /// The communes that fit best, from the narrowest group where some do.
    fn among_candidates(&self, town: &Town, postal: &[usize], department: Option<&str>) -> Vec<usize> {
        if town.spellings.is_empty() {
            return postal.to_vec();
        }
        let departments = self.departments_meant(town, postal, department);
        let there = departments.iter().flat_map(|code| self.positions_of(code)).copied().collect();
        // A known postal code contradicts a name that only resembles: elsewhere the name must be right.
        let least = if postal.is_empty() { Likeness::Slips } else { Likeness::Former };
        let groups = [
            Among { communes: postal.to_vec(), least: Likeness::Part },
            Among { communes: there, least },
            Among { communes: self.elsewhere(town, postal, &departments), least: Likeness::Former },
        ];
        groups.iter().map(|among| self.alike(town, among)).find(|found| !found.is_empty()).unwrap_or_default()
    }

    /// The communes of a group whose name is most like the town's.
    fn alike(&self, town: &Town, among: &Among) -> Vec<usize> {
        let likeness = |at: &usize| Some((self.likeness(town, *at)?, *at));
        let mut alike: Vec<(Likeness, usize)> = among.communes.iter().filter_map(likeness).collect();
        alike.retain(|(likeness, _)| *likeness <= among.least);
        alike.sort_unstable();
        alike.dedup();
        let best = alike.first().map(|(likeness, _)| *likeness);
        alike.into_iter().filter(|(likeness, _)| Some(*likeness) == best).map(|(_, at)| at).collect()
    }

    fn likeness(&self, town: &Town, at: usize) -> Option<Likeness> {
        let commune = &self.communes()[at];
        let own = town.likeness(&Spelling::new(&commune.name));
        let former = commune.former_names.iter().filter_map(|(_, name)| town.likeness(&Spelling::new(name)));
        // The name of today wins over the same name borne in the past.
        own.into_iter().chain(former.map(Likeness::of_former_name)).min()
    }

    /// The department given, otherwise those of the communes whose postal code begins alike: their codes are data, for the
    /// first two digits of a postal code are not those of the department everywhere.
    fn departments_meant(&self, town: &Town, postal: &[usize], department: Option<&str>) -> BTreeSet<&str> {
        if let Some(department) = department.and_then(|code| self.department(code)) {
            return BTreeSet::from([department.code.as_str()]);
        }
        let of = |at: usize| self.communes()[at].department.as_str();
        if !postal.is_empty() {
            return postal.iter().map(|at| of(*at)).collect();
        }
        let beginning =
            town.postal_code.as_deref().and_then(|code| code.get(..if code.starts_with('9') { 3 } else { 2 }));
        beginning.into_iter().flat_map(|digits| self.gazetteer().with_postal_code(digits)).map(of).collect()
    }

    /// Communes of exactly this name in other departments: any when nothing else is known, otherwise those close to where
    /// the postal code is.
    fn elsewhere(&self, town: &Town, postal: &[usize], departments: &BTreeSet<&str>) -> Vec<usize> {
        let named = town.spellings.iter().flat_map(|spelling| self.gazetteer().named(spelling.text()));
        if departments.is_empty() {
            return named.collect();
        }
        let around: Vec<usize> = if postal.is_empty() {
            departments.iter().flat_map(|code| self.positions_of(code)).copied().collect()
        } else {
            postal.to_vec()
        };
        named.filter(|at| around.iter().any(|near| self.are_close(*at, *near))).collect()
    }

    fn are_close(&self, one: usize, other: usize) -> bool {
        let points = self.communes()[one].point.zip(self.communes()[other].point);
        points.is_some_and(|(one, other)| one.distance_km(other) <= POSTAL_ROUND_KM)
    }

    fn suggestions(&self, mut near: Vec<usize>, town: &Town, department: Option<&str>) -> Vec<String> {
        if near.is_empty() {
            let spelling = town.spellings.first().map_or("", |spelling| spelling.text());
            near = self.gazetteer().search(spelling, department, MOST_SUGGESTIONS);
        }
        let spelling = town.spellings.first().map_or("", |spelling| spelling.text());
        near.sort_by_cached_key(|at| {
            let name = key(&self.communes()[*at].name);
            index::gazetteer::slips(spelling, &name, 40).unwrap_or(usize::MAX)
        });
        near.truncate(MOST_SUGGESTIONS);
        near.into_iter().map(|at| shown(&self.communes()[at], town.postal_code.as_deref())).collect()
    }
}

/// The name with the postal code that was asked for, or its first.
fn shown(commune: &Commune, asked: Option<&str>) -> String {
    let codes = commune.postal_codes.iter().map(String::as_str);
    let postal = codes.clone().find(|code| Some(*code) == asked).or_else(|| codes.clone().next());
    format!("{} ({})", commune.name, postal.unwrap_or(&commune.department))
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, LazyLock};

    use super::Reason;
    use crate::places::Places;

    static PLACES: LazyLock<Arc<Places>> = LazyLock::new(Places::embedded);

    fn code(name: &str, postal: &str, department: Option<&str>) -> Result<&'static str, Reason> {
        let postal = Some(postal).filter(|postal| !postal.is_empty());
        PLACES
            .resolve(name, postal, department)
            .map(|commune| commune.insee_code.as_str())
            .map_err(|error| error.reason)
    }

    #[test]
    fn of_two_names_alike_the_one_written_is_meant() {
        assert_eq!(code("Vergné", "", Some("17")), Ok("17464"));
        assert_eq!(code("La Vergne", "", Some("17")), Ok("17465"));
    }

    #[test]
    fn towns_as_people_write_them_are_understood() {
        for (name, postal, expected) in [
            ("SAINT-GERMAIN-LAPRADE", "43700", "43190"),
            ("St germain laprade", "43700", "43190"),
            ("LE PUY EN VELAY CEDEX 9", "43009", "43157"),
            ("43200 SAINT-JEURES", "", "43199"),
            ("SAINT GENEYS PRÈS SAINT PAULIE", "43350", "43187"),
            ("ST CHRISTOPHE SUR DOLAISON", "43370", "43174"),
            ("BOUCHET SAINT NICOLAS", "43510", "43037"),
            ("Le Bourg, Cayres", "43510", "43042"),
            ("Saint George Lagricol", "43500", "43189"),
            ("LE MAZET ST VOY", "43520", "43130"),
            ("Vorey-sur-Arzon", "43800", "43267"),
            ("Vazeilles-près-Saugues", "43580", "43090"),
            ("Coucouron", "43740", "07071"),
            ("Marseille 10e  Arrondissement", "13010", "13210"),
            ("MARSEILLE 15", "13015", "13055"),
            ("Lyon", "69003", "69123"),
            ("Leyvaux", "43450", "15105"),
            ("AJACCIO", "20090", "2A004"),
            ("monistrol/loire", "43120", "43137"),
        ] {
            assert_eq!(code(name, postal, None), Ok(expected), "{name} {postal}");
        }
    }

    #[test]
    fn a_department_stands_in_for_a_postal_code() {
        assert_eq!(code("Saint-Julien-Chapteuil", "", Some("43")), Ok("43200"));
        assert_eq!(code("Le Puy", "", Some("43")), Ok("43157"));
        assert_eq!(code("Valence", "", Some("26")), Ok("26362"));
        assert_eq!(code("Brioude", "", None), Ok("43040"));
    }

    #[test]
    fn what_is_not_found_says_why_and_what_is_near() {
        assert_eq!(code("Saint-Julien", "", None), Err(Reason::Several));
        assert_eq!(code("", "43510", None), Err(Reason::NoName));
        assert_eq!(code("Non Renseigné", "", None), Err(Reason::Unknown));
        let error = PLACES.resolve("La Grange", Some("43510"), None).expect_err("a hamlet");
        assert_eq!(error.reason, Reason::NotThere);
        assert!(
            error
                .to_string()
                .starts_with("aucune commune « La Grange » sous le code postal 43510 ; attendu par exemple : ")
        );
        assert!(error.near.iter().any(|near| near == "Cayres (43510)"), "{error}");
    }

    #[test]
    fn a_postal_code_of_one_commune_needs_no_name() {
        assert_eq!(code("", "43000", None), Err(Reason::NoName));
        assert_eq!(code("", "43400", None), Ok("43051"));
    }

    proptest::proptest! {
        // What is not found is searched through all names, which takes its time unoptimised.
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]

        #[test]
        fn any_town_and_postal_code_get_an_answer(name in ".{0,30}", postal in ".{0,6}|43[0-9]{3}", department in "[0-9]{2}|2A") {
            let answer = PLACES.resolve(&name, Some(&postal), Some(&department));
            if let Err(error) = &answer {
                proptest::prop_assert!(!error.to_string().is_empty() && error.near.len() <= 6);
            }
            proptest::prop_assert_eq!(answer, PLACES.resolve(&name, Some(&postal), Some(&department)));
        }
    }
}

//! A department, an intercommunality or a commune as a limit: `department:43`, `epci:200073419`, `commune:43157`.

use std::fmt;

use super::{Commune, InseeCode, Places};

/// What a search or a right may be limited to. Belonging is a matter of codes, not of geometry.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Perimeter {
    /// Code of a department.
    Department(String),
    /// SIREN of an intercommunality.
    Epci(String),
    /// A commune; the arrondissements of a city belong to it.
    Commune(InseeCode),
}

/// Why a text is not a perimeter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAPerimeter {
    /// It is not a kind and a code.
    #[error("« {0} » n’est pas un périmètre : attendu department:43, epci:200073419 ou commune:43157")]
    Shape(String),
    /// There is no such department.
    #[error("aucun département ne porte le code « {0} »")]
    Department(String),
    /// There is no such intercommunality.
    #[error("aucune intercommunalité ne porte le numéro « {0} » (SIREN, 9 chiffres)")]
    Epci(String),
    /// There is no such commune.
    #[error("aucune commune ne porte le code INSEE « {0} »")]
    Commune(String),
}

impl Perimeter {
    /// `("department", "43")`.
    #[must_use]
    pub fn parts(&self) -> (&'static str, &str) {
        match self {
            Self::Department(code) => ("department", code),
            Self::Epci(code) => ("epci", code),
            Self::Commune(code) => ("commune", code.as_str()),
        }
    }

    /// Whether a commune lies in it.
    #[must_use]
    pub fn holds(&self, commune: &Commune) -> bool {
        match self {
            Self::Department(code) => commune.department == *code,
            Self::Epci(code) => commune.epci.as_deref() == Some(code),
            Self::Commune(code) => commune.insee_code == *code || commune.insee_code.city() == *code,
        }
    }
}

impl fmt::Display for Perimeter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, code) = self.parts();
        write!(formatter, "{kind}:{code}")
    }
}

impl Places {
    /// Reads a perimeter; what it names must exist.
    ///
    /// # Errors
    /// When the text has another shape or the code is unknown; the message, in French, says what was expected.
    pub fn perimeter(&self, text: &str) -> Result<Perimeter, NotAPerimeter> {
        let (kind, code) = text.trim().split_once(':').ok_or_else(|| NotAPerimeter::Shape(text.to_owned()))?;
        match kind.trim() {
            "department" => {
                let known = self.department(code).ok_or_else(|| NotAPerimeter::Department(code.to_owned()))?;
                Ok(Perimeter::Department(known.code.clone()))
            }
            "epci" => {
                let known = self.epci(code).ok_or_else(|| NotAPerimeter::Epci(code.to_owned()))?;
                Ok(Perimeter::Epci(known.code.clone()))
            }
            "commune" => {
                let known = self.commune(code).ok_or_else(|| NotAPerimeter::Commune(code.to_owned()))?;
                Ok(Perimeter::Commune(known.insee_code))
            }
            _ => Err(NotAPerimeter::Shape(text.to_owned())),
        }
    }

    /// The name a perimeter is shown by: `"Haute-Loire"`.
    #[must_use]
    pub fn perimeter_name(&self, perimeter: &Perimeter) -> Option<&str> {
        match perimeter {
            Perimeter::Department(code) => self.department(code).map(|department| department.name.as_str()),
            Perimeter::Epci(code) => self.epci(code).map(|epci| epci.name.as_str()),
            Perimeter::Commune(code) => self.commune(code.as_str()).map(|commune| commune.name.as_str()),
        }
    }

    /// The communes of a perimeter, by INSEE code.
    #[must_use]
    pub fn communes_of(&self, perimeter: &Perimeter) -> Vec<&Commune> {
        match perimeter {
            Perimeter::Department(code) => self.communes_of_department(code).collect(),
            Perimeter::Epci(code) => self.communes_of_epci(code).collect(),
            Perimeter::Commune(code) => {
                let department = self.commune(code.as_str()).map_or("", |commune| commune.department.as_str());
                self.communes_of_department(department).filter(|commune| perimeter.holds(commune)).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::NotAPerimeter;
    use crate::places::Places;

    #[test]
    fn a_perimeter_is_a_kind_and_a_known_code() {
        let places = Places::embedded();
        for text in ["department:43", "department:2A", "epci:200073419", "commune:43157"] {
            let perimeter = places.perimeter(text).expect(text);
            assert_eq!(perimeter.to_string(), text);
            assert!(places.perimeter_name(&perimeter).is_some());
            assert!(!places.communes_of(&perimeter).is_empty());
        }
        assert_eq!(
            places.perimeter("department:2a").map(|perimeter| perimeter.to_string()).as_deref(),
            Ok("department:2A")
        );
        assert_eq!(places.perimeter("43"), Err(NotAPerimeter::Shape("43".to_owned())));
        assert_eq!(places.perimeter("region:84"), Err(NotAPerimeter::Shape("region:84".to_owned())));
        assert_eq!(places.perimeter("department:99"), Err(NotAPerimeter::Department("99".to_owned())));
        assert_eq!(places.perimeter("epci:1"), Err(NotAPerimeter::Epci("1".to_owned())));
        assert_eq!(places.perimeter("commune:43999"), Err(NotAPerimeter::Commune("43999".to_owned())));
    }

    #[test]
    fn belonging_goes_by_codes() {
        let places = Places::embedded();
        let lyon = places.perimeter("commune:69123").expect("Lyon");
        let in_lyon = |code| places.commune(code).is_some_and(|commune| lyon.holds(commune));
        assert!(in_lyon("69123") && in_lyon("69383") && !in_lyon("69266"));
        // Its postal code begins with 43.
        let leyvaux = places.commune("15105").expect("Leyvaux");
        assert!(places.perimeter("department:15").is_ok_and(|perimeter| perimeter.holds(leyvaux)));
    }
}

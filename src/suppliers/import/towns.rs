use std::{cell::RefCell, collections::HashMap};

use crate::{
    places::{Commune, InseeCode, Places},
    tables::fold,
};

/// The communes that a file names. Its suppliers name the same ones over and over: each is looked up once.
pub(super) struct Towns<'p> {
    places: &'p Places,
    found: RefCell<HashMap<(String, String), Found<'p>>>,
}

/// The commune, or those that are near.
type Found<'p> = Result<&'p Commune, Vec<String>>;

impl<'p> Towns<'p> {
    pub(super) fn new(places: &'p Places) -> Self {
        Self { places, found: RefCell::default() }
    }

    pub(super) fn places(&self) -> &'p Places {
        self.places
    }

    /// By INSEE code, whose zero a spreadsheet may have taken.
    pub(super) fn by_code(&self, code: &str) -> Option<&'p Commune> {
        self.places.commune(InseeCode::parse(code).ok()?.as_str())
    }

    /// By name and postal code.
    pub(super) fn by_postal_code(&self, name: &str, postal_code: &str) -> Found<'p> {
        self.once(name, postal_code, || {
            self.places.resolve(name, Some(postal_code), None).map_err(|unresolved| unresolved.near)
        })
    }

    /// By name in a département: the very name first, so that `Vergné` is not also `La Vergne`.
    pub(super) fn in_department(&self, name: &str, department: &str) -> Found<'p> {
        self.once(name, department, || {
            let folded = fold(name);
            let mut same =
                self.places.communes_of_department(department).filter(|commune| fold(&commune.name) == folded);
            if let (Some(commune), None) = (same.next(), same.next()) {
                return Ok(commune);
            }
            let found = self.places.resolve(name, None, Some(department)).map_err(|unresolved| unresolved.near)?;
            if found.department == department { Ok(found) } else { Err(vec![found.label()]) }
        })
    }

    fn once(&self, name: &str, place: &str, find: impl FnOnce() -> Found<'p>) -> Found<'p> {
        let key = (name.to_owned(), place.to_owned());
        if let Some(found) = self.found.borrow().get(&key) {
            return found.clone();
        }
        let found = find();
        self.found.borrow_mut().insert(key, found.clone());
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_very_name_wins_over_the_one_with_an_article() {
        let places = Places::embedded();
        let towns = Towns::new(&places);
        for _ in 0..2 {
            assert_eq!(towns.in_department("Vergné", "17").unwrap().name, "Vergné");
            assert_eq!(towns.in_department("St Privat d'Allier", "43").unwrap().insee_code.as_str(), "43221");
            assert!(towns.in_department("Atlantis", "43").is_err());
            assert_eq!(towns.in_department("Brioude", "63").unwrap_err(), ["Brioude (43)"]);
        }
    }
}

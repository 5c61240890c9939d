//! The columns of suppliers and of offers, and the numbers that stand for codes.

use std::collections::HashMap;

use crate::codes::Kind;
use crate::geo::Point;
use crate::listing::Certificate;
use crate::texts::{Runs, Texts};

use super::NONE;

/// One column a fact, one line a supplier.
#[derive(Debug, Default)]
pub(crate) struct Suppliers {
    pub ids: Vec<i64>,
    pub gone: Vec<bool>,
    pub kinds: Vec<Kind>,
    pub communes: Vec<u32>,
    pub departments: Vec<u16>,
    pub intercommunalities: Vec<u16>,
    pub points: Vec<Option<Point>>,
    pub units: Vec<[f32; 3]>,
    pub exact: Vec<bool>,
    pub on_map: Vec<bool>,
    pub radii: Vec<f32>,
    pub delivery_departments: Runs<u16>,
    pub delivery_intercommunalities: Runs<u16>,
    pub delivery_communes: Runs<u32>,
    pub delivery_days: Vec<u8>,
    pub confirmed: Vec<i32>,
    pub certificates: Runs<Certificate>,
    /// Families with an offer.
    pub families: Vec<u16>,
    /// Signs carried by an offer.
    pub signs: Vec<u16>,
    /// Kinds of certificates that hold on the day of [`super::Corpus::prove`].
    pub proven: Vec<u16>,
    /// First offer; one more entry than suppliers.
    pub first_offer: Vec<u32>,
    /// Place in the alphabetical order of names.
    pub name_rank: Vec<u32>,
    pub references: Texts,
    pub slugs: Texts,
    pub names: Texts,
    pub folded_names: Texts,
    pub descriptions: Texts,
    /// Meaningful words in the name.
    pub name_lengths: Vec<u8>,
}

/// One column a fact, one line an offer; the offers of a supplier are neighbours.
#[derive(Debug, Default)]
pub(crate) struct Offers {
    pub suppliers: Vec<u32>,
    pub products: Vec<u16>,
    pub families: Vec<u8>,
    pub months: Vec<u16>,
    pub signs: Vec<u16>,
    pub names: Vec<u32>,
    pub prices: Vec<u32>,
    pub units: Vec<u16>,
    pub packagings: Vec<u16>,
}

/// Codes met so far, by number.
#[derive(Debug, Default)]
pub(crate) struct Codes {
    numbers: HashMap<Box<str>, u32>,
    codes: Vec<Box<str>>,
}

impl Codes {
    pub(crate) fn add(&mut self, code: &str) -> u32 {
        if let Some(number) = self.numbers.get(code) {
            return *number;
        }
        let number = u32::try_from(self.codes.len()).expect("fewer than 4 billion codes");
        self.numbers.insert(code.into(), number);
        self.codes.push(code.into());
        number
    }

    pub(super) fn add_short(&mut self, code: &str) -> u16 {
        u16::try_from(self.add(code)).unwrap_or(NONE)
    }

    pub(crate) fn number(&self, code: &str) -> Option<u32> {
        self.numbers.get(code).copied()
    }

    pub(crate) fn code(&self, number: u32) -> &str {
        &self.codes[number as usize]
    }
}

//! The columns of suppliers and of offers, and the numbers that stand for codes.

use std::collections::HashMap;

use crate::codes::Kind;
use crate::geo::Point;
use crate::listing::Certificate;
use crate::texts::{Runs, Texts};

use super::NONE;

/// What every supplier found is asked, side by side: one line of the processor's memory instead of seven.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Brief {
    /// On the unit sphere; far outside it without a point.
    pub unit: [f32; 3],
    pub confirmed: i32,
    /// Families with an offer.
    pub families: u16,
    /// Signs carried by an offer.
    pub signs: u16,
    /// Kinds of certificates that hold on the day of [`super::Corpus::prove`].
    pub proven: u16,
    pub kind: Kind,
    pub gone: bool,
}

impl Brief {
    /// Signs carried and proven.
    pub(crate) fn proven_signs(&self) -> u16 {
        self.signs & self.proven
    }
}

/// One column a fact, one line a supplier.
#[derive(Debug, Default)]
pub(crate) struct Suppliers {
    pub ids: Vec<i64>,
    pub briefs: Vec<Brief>,
    pub communes: Vec<u32>,
    pub departments: Vec<u16>,
    pub intercommunalities: Vec<u16>,
    pub points: Vec<Option<Point>>,
    pub exact: Vec<bool>,
    pub on_map: Vec<bool>,
    pub radii: Vec<f32>,
    pub delivery_departments: Runs<u16>,
    pub delivery_intercommunalities: Runs<u16>,
    pub delivery_communes: Runs<u32>,
    pub delivery_days: Vec<u8>,
    pub certificates: Runs<Certificate>,
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

/// What every offer found is asked, side by side.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OfferBrief {
    pub supplier: u32,
    pub product: u16,
    pub months: u16,
    pub signs: u16,
    pub family: u8,
}

/// One column a fact, one line an offer; the offers of a supplier are neighbours.
#[derive(Debug, Default)]
pub(crate) struct Offers {
    pub briefs: Vec<OfferBrief>,
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

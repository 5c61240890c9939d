//! The suppliers and their offers as columns. Numbers (ordinals) are places in the columns; an update appends the new
//! state and marks the old ordinal gone, so that a reader never sees half of it.

mod columns;
mod put;

use std::collections::HashMap;
use std::sync::Arc;

pub(crate) use columns::Codes;
use columns::{Offers, Suppliers};

use crate::lexicon::{Lexicon, ProductId};
use crate::text::fold;
use crate::understand::Asked;
use crate::vocabulary::{Places, Vocabulary, WordId};

/// No product recognised, no code given.
pub(crate) const NONE: u16 = u16::MAX;

/// Everything a search reads.
#[derive(Debug)]
pub(crate) struct Corpus {
    pub lexicon: Arc<Lexicon>,
    pub suppliers: Suppliers,
    pub offers: Offers,
    pub vocabulary: Vocabulary,
    pub communes: Codes,
    pub departments: Codes,
    pub intercommunalities: Codes,
    /// Units and packagings.
    pub measures: Codes,
    /// Distinct names of offers, and the offers that bear each.
    pub offer_names: Codes,
    pub offers_by_name: Vec<Vec<u32>>,
    /// Offers of each product itself.
    pub by_product: Vec<Vec<u32>>,
    /// Distinct offer names that mention a product beside their own.
    pub named: Vec<Vec<u32>>,
    /// Suppliers whose description mentions a product.
    pub mentioned: Vec<Vec<u32>>,
    /// Ordinal of each row that is there.
    by_id: HashMap<i64, u32>,
    by_name: Vec<u32>,
    ranked_up_to: usize,
    proven_on: i32,
    proven_until: i32,
}

impl Corpus {
    pub(crate) fn new(lexicon: Arc<Lexicon>) -> Self {
        let products = lexicon.products().len();
        let lists = || vec![Vec::new(); products];
        Self {
            lexicon,
            suppliers: Suppliers { first_offer: vec![0], ..Suppliers::default() },
            offers: Offers::default(),
            vocabulary: Vocabulary::default(),
            communes: Codes::default(),
            departments: Codes::default(),
            intercommunalities: Codes::default(),
            measures: Codes::default(),
            offer_names: Codes::default(),
            offers_by_name: Vec::new(),
            by_product: lists(),
            named: lists(),
            mentioned: lists(),
            by_id: HashMap::new(),
            by_name: Vec::new(),
            ranked_up_to: 0,
            proven_on: i32::MIN,
            proven_until: i32::MIN,
        }
    }

    /// Number of ordinals, those gone included.
    pub(crate) fn len(&self) -> usize {
        self.suppliers.ids.len()
    }

    /// Number of suppliers that are there.
    pub(crate) fn present(&self) -> usize {
        self.by_id.len()
    }

    pub(crate) fn offers_of(&self, supplier: usize) -> std::ops::Range<usize> {
        self.suppliers.first_offer[supplier] as usize..self.suppliers.first_offer[supplier + 1] as usize
    }

    /// Where the words occur that an asked one may stand for.
    pub(crate) fn places<'a>(&'a self, asked: &'a Asked) -> impl Iterator<Item = &'a Places> {
        asked.candidates.iter().map(|(word, _)| self.vocabulary.places(*word))
    }

    /// Number of offers of a product and of its kinds.
    pub(crate) fn offer_count(&self, product: ProductId) -> usize {
        let narrower = &self.lexicon.product(product).narrower;
        std::iter::once(&product).chain(narrower).map(|id| self.by_product[usize::from(*id)].len()).sum()
    }

    /// Whether offers of a product, or of a kind of it, bear a word.
    pub(crate) fn is_said_of(&self, word: WordId, product: ProductId) -> bool {
        let narrower = &self.lexicon.product(product).narrower;
        let offers = self
            .vocabulary
            .places(word)
            .offer_names
            .iter()
            .filter_map(|name| self.offers_by_name[*name as usize].first());
        offers
            .map(|offer| self.offers.briefs[*offer as usize].product)
            .any(|sold| sold == product || narrower.contains(&sold))
    }

    /// Whether a text is the whole name of a supplier.
    pub(crate) fn is_name(&self, text: &str) -> bool {
        let key = sort_key(text);
        self.by_name.binary_search_by(|at| self.suppliers.folded_names.get(*at).cmp(&key)).is_ok()
    }

    /// Whether [`Self::prove`] must run before certificates are judged on this day.
    pub(crate) fn is_proven_on(&self, today: i32) -> bool {
        (self.proven_on..=self.proven_until).contains(&today)
    }

    /// Judges every certificate on a day, in days since 1970-01-01.
    pub(crate) fn prove(&mut self, today: i32) {
        let mut next = i32::MAX;
        for supplier in 0..self.len() {
            let mut mask = 0;
            for certificate in self.suppliers.certificates.get(supplier) {
                if certificate.first_day > today {
                    next = next.min(certificate.first_day - 1);
                } else if certificate.last_day >= today {
                    mask |= certificate.kind.bit();
                    next = next.min(certificate.last_day);
                }
            }
            self.suppliers.briefs[supplier].proven = mask;
        }
        self.proven_on = today;
        self.proven_until = next;
    }

    /// Signs this offer carries with a certificate that holds.
    pub(crate) fn proven(&self, offer: usize) -> u16 {
        let offer = &self.offers.briefs[offer];
        offer.signs & self.suppliers.briefs[offer.supplier as usize].proven
    }
}

/// Names in the order of a French reader: without accents, capitals, hyphens or apostrophes.
fn sort_key(name: &str) -> String {
    let folded = fold(name);
    let mut key = String::with_capacity(folded.len());
    for part in folded.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()) {
        if !key.is_empty() {
            key.push(' ');
        }
        key.push_str(part);
    }
    key
}

//! The suppliers and their offers as columns. Numbers (ordinals) are places in the columns; an update appends the new
//! state and marks the old ordinal gone, so that a reader never sees half of it.

use std::collections::HashMap;
use std::sync::Arc;

use crate::codes::Kind;
use crate::geo::Point;
use crate::lexicon::{Lexicon, ProductId};
use crate::listing::{Certificate, Listing, Offer};
use crate::text::{Word, fold, is_function_word, words};
use crate::texts::{Runs, Texts};
use crate::understand::Asked;
use crate::vocabulary::{Places, Vocabulary, WordId};

/// No product recognised, no code given.
pub(crate) const NONE: u16 = u16::MAX;

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
    pub confirmed: Vec<i32>,
    pub certificates: Runs<Certificate>,
    /// Families with an offer.
    pub families: Vec<u16>,
    /// Signs carried by an offer.
    pub signs: Vec<u16>,
    /// Kinds of certificates that hold on the day of [`Corpus::prove`].
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

    fn add_short(&mut self, code: &str) -> u16 {
        u16::try_from(self.add(code)).unwrap_or(NONE)
    }

    pub(crate) fn number(&self, code: &str) -> Option<u32> {
        self.numbers.get(code).copied()
    }

    pub(crate) fn code(&self, number: u32) -> &str {
        &self.codes[number as usize]
    }
}

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
            .map(|offer| self.offers.products[*offer as usize])
            .any(|sold| sold == product || narrower.contains(&sold))
    }

    /// Whether a text is the whole name of a supplier.
    pub(crate) fn is_name(&self, text: &str) -> bool {
        let key = sort_key(text);
        self.by_name.binary_search_by(|at| self.suppliers.folded_names.get(*at).cmp(&key)).is_ok()
    }

    /// Forgets a supplier.
    pub(crate) fn remove(&mut self, id: i64) {
        if let Some(ordinal) = self.by_id.remove(&id) {
            self.suppliers.gone[ordinal as usize] = true;
        }
    }

    /// Adds a supplier, or replaces what was known of it. [`Self::settle`] follows the last of a batch.
    pub(crate) fn put(&mut self, listing: &Listing) {
        self.remove(listing.id);
        let ordinal = u32::try_from(self.len()).expect("fewer than 4 billion suppliers");
        self.by_id.insert(listing.id, ordinal);
        self.put_supplier(listing);
        self.put_words(ordinal, listing);
        let mut families = 0;
        let mut signs = 0;
        for offer in &listing.offers {
            families |= offer.family.bit();
            signs |= offer.signs;
            self.put_offer(ordinal, offer);
        }
        self.suppliers.families.push(families);
        self.suppliers.signs.push(signs);
        self.suppliers
            .first_offer
            .push(u32::try_from(self.offers.suppliers.len()).expect("fewer than 4 billion offers"));
    }

    fn put_supplier(&mut self, listing: &Listing) {
        let s = &mut self.suppliers;
        s.ids.push(listing.id);
        s.gone.push(false);
        s.kinds.push(listing.kind);
        s.communes.push(self.communes.add(&listing.commune));
        s.departments.push(self.departments.add_short(&listing.department));
        s.intercommunalities
            .push(listing.intercommunality.as_ref().map_or(NONE, |code| self.intercommunalities.add_short(code)));
        s.points.push(listing.point);
        s.units.push(listing.point.map_or([2.0; 3], Point::unit));
        s.exact.push(listing.exact);
        s.on_map.push(listing.on_map && listing.point.is_some());
        let delivery = &listing.delivery;
        #[expect(clippy::cast_possible_truncation, reason = "a radius in kilometres")]
        s.radii.push(delivery.radius_km.map_or(0.0, |km| km as f32));
        s.delivery_departments.push(delivery.departments.iter().map(|code| self.departments.add_short(code)));
        s.delivery_intercommunalities
            .push(delivery.intercommunalities.iter().map(|code| self.intercommunalities.add_short(code)));
        s.delivery_communes.push(delivery.communes.iter().map(|code| self.communes.add(code)));
        s.confirmed.push(listing.confirmed.unwrap_or(i32::MIN));
        s.certificates.push(listing.certificates.iter().copied());
        s.references.push(&listing.reference);
        s.slugs.push(&listing.slug);
        s.names.push(&listing.name);
        s.folded_names.push(&sort_key(&listing.name));
        s.descriptions.push(&listing.description);
        self.proven_on = i32::MIN;
    }

    fn put_words(&mut self, ordinal: u32, listing: &Listing) {
        let mut length = 0_u8;
        for word in words(&listing.name).iter().filter(|w| !is_function_word(&w.folded)) {
            length = length.saturating_add(1);
            let id = self.vocabulary.add(&word.folded);
            push_once(&mut self.vocabulary.places_mut(id).names, ordinal);
        }
        self.suppliers.name_lengths.push(length);
        let text = words(&listing.description);
        for word in text.iter().filter(|w| !is_function_word(&w.folded)) {
            let id = self.vocabulary.add(&word.folded);
            push_once(&mut self.vocabulary.places_mut(id).texts, ordinal);
        }
        for mention in self.lexicon.mentions(&text) {
            push_once(&mut self.mentioned[usize::from(mention.product)], ordinal);
        }
    }

    fn put_offer(&mut self, supplier: u32, offer: &Offer) {
        let ordinal = u32::try_from(self.offers.suppliers.len()).expect("fewer than 4 billion offers");
        let name = self.offer_name(&offer.name, offer.product);
        self.offers_by_name[name as usize].push(ordinal);
        if let Some(product) = offer.product {
            self.by_product[usize::from(product)].push(ordinal);
        }
        let o = &mut self.offers;
        o.suppliers.push(supplier);
        o.products.push(offer.product.unwrap_or(NONE));
        o.families.push(offer.family as u8);
        o.months.push(offer.months);
        o.signs.push(offer.signs);
        o.names.push(name);
        o.prices.push(offer.price_cents.unwrap_or(u32::MAX));
        o.units.push(self.measures.add_short(&offer.unit));
        o.packagings.push(self.measures.add_short(&offer.packaging));
    }

    /// The number of an offer's name; its words are looked at once, however many offers bear it.
    fn offer_name(&mut self, name: &str, product: Option<ProductId>) -> u32 {
        let known = self.offers_by_name.len();
        let number = self.offer_names.add(name);
        if number as usize == known {
            self.offers_by_name.push(Vec::new());
            let content = words(name);
            for word in content.iter().filter(|w| !is_function_word(&w.folded)) {
                let id = self.vocabulary.add(&word.folded);
                push_once(&mut self.vocabulary.places_mut(id).offer_names, number);
            }
            self.put_named(number, product, &content);
        }
        number
    }

    /// Notes the products an offer's name mentions beside its own: *tarte aux pommes* is a hint for apples. A variety of
    /// its own product is none: *tomate cœur de bœuf* says nothing of beef.
    fn put_named(&mut self, number: u32, product: Option<ProductId>, content: &[Word]) {
        for mention in self.lexicon.mentions(content) {
            let own = product.is_some_and(|p| {
                p == mention.product
                    || (0..=mention.from).rev().take(3).any(|from| {
                        self.lexicon.variety(p, &content[from..]).is_some_and(|used| from + used >= mention.to)
                    })
            });
            if !own {
                push_once(&mut self.named[usize::from(mention.product)], number);
            }
        }
    }

    /// Brings orders up to date after a batch of changes.
    pub(crate) fn settle(&mut self) {
        self.vocabulary.sort();
        if self.ranked_up_to == self.len() {
            return;
        }
        let fresh = u32::try_from(self.ranked_up_to).expect("as in put")..u32::try_from(self.len()).expect("as in put");
        self.by_name.extend(fresh);
        let (names, ids) = (&self.suppliers.folded_names, &self.suppliers.ids);
        self.by_name.sort_by(|a, b| names.get(*a).cmp(names.get(*b)).then(ids[*a as usize].cmp(&ids[*b as usize])));
        self.suppliers.name_rank.resize(self.by_name.len(), 0);
        for (rank, ordinal) in self.by_name.iter().enumerate() {
            self.suppliers.name_rank[*ordinal as usize] = u32::try_from(rank).expect("as in put");
        }
        self.ranked_up_to = self.len();
    }

    /// Gives back what growing took too much, after a rebuild.
    pub(crate) fn shrink(&mut self) {
        self.vocabulary.shrink();
        for lists in [&mut self.offers_by_name, &mut self.by_product, &mut self.named, &mut self.mentioned] {
            lists.iter_mut().for_each(Vec::shrink_to_fit);
        }
        let s = &mut self.suppliers;
        for texts in [&mut s.references, &mut s.slugs, &mut s.names, &mut s.folded_names, &mut s.descriptions] {
            texts.shrink();
        }
        s.certificates.shrink();
        let o = &mut self.offers;
        o.suppliers.shrink_to_fit();
        o.names.shrink_to_fit();
        o.prices.shrink_to_fit();
        for column in [&mut o.products, &mut o.months, &mut o.signs, &mut o.units, &mut o.packagings] {
            column.shrink_to_fit();
        }
    }

    /// Whether [`Self::prove`] must run before certificates are judged on this day.
    pub(crate) fn is_proven_on(&self, today: i32) -> bool {
        (self.proven_on..=self.proven_until).contains(&today)
    }

    /// Judges every certificate on a day, in days since 1970-01-01.
    pub(crate) fn prove(&mut self, today: i32) {
        self.suppliers.proven.clear();
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
            self.suppliers.proven.push(mask);
        }
        self.proven_on = today;
        self.proven_until = next;
    }

    /// Signs this offer carries with a certificate that holds.
    pub(crate) fn proven(&self, offer: usize) -> u16 {
        self.offers.signs[offer] & self.suppliers.proven[self.offers.suppliers[offer] as usize]
    }
}

fn push_once(list: &mut Vec<u32>, value: u32) {
    if list.last() != Some(&value) {
        list.push(value);
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

//! What is shown of a hit: the offers that answer, why, and a piece of the description. Only the page asked for gets here.

mod snippet;

use std::cmp::Reverse;

use crate::corpus::{Corpus, NONE};
use crate::filter::Filter;
use crate::lexicon::ProductId;
use crate::matching::{degree, degrees};
use crate::request::{Fragment, Hit, OFFERS_SHOWN, OfferHit, Origin, Reason};
use crate::text::{is_function_word, words};
use crate::understand::{Asked, Meaning};
use snippet::fragments;

/// Most reasons given for a hit.
const REASONS: usize = 6;

/// What the hits of one answer are seen with.
pub(crate) struct Shown<'a> {
    corpus: &'a Corpus,
    filter: &'a Filter<'a>,
    meaning: &'a Meaning,
    origin: Option<&'a Origin>,
    /// Degree of each product, for each product wanted.
    degrees: Vec<Vec<u8>>,
}

impl<'a> Shown<'a> {
    pub(crate) fn new(
        corpus: &'a Corpus,
        filter: &'a Filter<'a>,
        meaning: &'a Meaning,
        origin: Option<&'a Origin>,
    ) -> Self {
        let degrees = meaning.wanted.iter().map(|wanted| degrees(corpus, wanted)).collect();
        Self { corpus, filter, meaning, origin, degrees }
    }

    pub(crate) fn hit(&self, supplier: u32) -> Hit {
        let (s, at) = (&self.corpus.suppliers, supplier as usize);
        let offers = self.offers(at);
        Hit {
            id: s.ids[at],
            reference: s.references.get(supplier).to_owned(),
            slug: s.slugs.get(supplier).to_owned(),
            name: s.names.get(supplier).to_owned(),
            kind: s.briefs[at].kind,
            commune: self.corpus.communes.code(s.communes[at]).to_owned(),
            point: s.points[at].filter(|_| s.on_map[at]),
            exact: s.exact[at],
            distance_km: self.origin.and_then(|origin| Some(s.points[at]?.distance_km(origin.point))),
            families: s.briefs[at].families,
            signs: s.briefs[at].signs,
            proven: s.briefs[at].proven_signs(),
            confirmed: Some(s.briefs[at].confirmed).filter(|day| *day != i32::MIN),
            months: offers.iter().fold(0, |mask, offer| mask | self.corpus.offers.briefs[*offer].months),
            matched: self.reasons(&offers, supplier),
            offer_count: offers.len(),
            offers: offers.iter().take(OFFERS_SHOWN).map(|offer| offer_hit(self.corpus, *offer)).collect(),
            snippet: self.snippet(supplier),
        }
    }

    /// Offers that answer, best first; all that pass the filter when none does.
    fn offers(&self, supplier: usize) -> Vec<usize> {
        let mut ranked: Vec<(u8, usize)> =
            self.filter.offers(supplier).map(|offer| (self.rank(offer), offer)).collect();
        if ranked.iter().any(|(rank, _)| *rank > 0) {
            ranked.retain(|(rank, _)| *rank > 0);
        }
        ranked.sort_by_key(|(rank, offer)| (Reverse(*rank), *offer));
        ranked.into_iter().map(|(_, offer)| offer).collect()
    }

    /// Best degree of an offer, four times, plus one for each word it carries.
    fn rank(&self, offer: usize) -> u8 {
        let product = usize::from(self.corpus.offers.briefs[offer].product);
        let degree = self.degrees.iter().filter_map(|degrees| degrees.get(product)).max().copied().unwrap_or(0);
        let name = self.corpus.offers.names[offer];
        let bears = |asked: &&Asked| self.corpus.places(asked).any(|p| p.offer_names.binary_search(&name).is_ok());
        let carried = self.words().filter(bears).count();
        let named = (0..self.degrees.len()).any(|wanted| self.is_named(wanted, name));
        if degree == 0 && !named && (carried == 0 || !self.degrees.is_empty()) {
            return 0;
        }
        4 * degree.max(u8::from(named)) + u8::try_from(carried.min(3)).unwrap_or(3)
    }

    /// Words that say which kind, and words that are no product.
    fn words(&self) -> impl Iterator<Item = &Asked> {
        self.meaning.wanted.iter().flat_map(|w| &w.qualifiers).chain(&self.meaning.words)
    }

    /// Whether the name of an offer mentions what is wanted beside its own product.
    fn is_named(&self, wanted: usize, name: u32) -> bool {
        let products = &self.meaning.wanted[wanted].products;
        products.iter().any(|product| self.corpus.named[usize::from(*product)].binary_search(&name).is_ok())
    }

    /// Whether the description mentions what is wanted.
    fn is_mentioned(&self, wanted: usize, supplier: u32) -> bool {
        let lists = self.corpus.mentioned.iter().zip(&self.degrees[wanted]);
        lists.filter(|(_, degree)| **degree >= degree::NARROWER).any(|(list, _)| list.binary_search(&supplier).is_ok())
    }

    fn reasons(&self, offers: &[usize], supplier: u32) -> Vec<Reason> {
        let mut reasons = Vec::new();
        let mut give = |reason: Reason| {
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        };
        let corpus = self.corpus;
        for (at, degrees) in self.degrees.iter().enumerate() {
            let asked = self.meaning.wanted[at].products[0];
            let products =
                offers.iter().map(|offer| corpus.offers.briefs[*offer].product).filter(|product| *product != NONE);
            match products.map(|product| (degrees[usize::from(product)], product)).max_by_key(|(degree, _)| *degree) {
                Some((degree, product)) if degree > 0 => give(reason(asked, product, degree)),
                _ if self.is_mentioned(at, supplier) => give(Reason::Mention(asked)),
                _ if offers.iter().any(|offer| self.is_named(at, corpus.offers.names[*offer])) => {
                    give(Reason::Mention(asked));
                }
                _ => {}
            }
        }
        let met = |list: &[u32], value: u32| list.binary_search(&value).is_ok();
        for (word, _) in self.words().flat_map(|asked| &asked.candidates) {
            let places = corpus.vocabulary.places(*word);
            let written = || corpus.vocabulary.word(*word).to_owned();
            if offers.iter().any(|offer| met(&places.offer_names, corpus.offers.names[*offer])) {
                give(Reason::OfferWord(written()));
            }
            if met(&places.names, supplier) {
                give(Reason::Name(written()));
            } else if met(&places.texts, supplier) {
                give(Reason::Text(written()));
            }
        }
        reasons.truncate(REASONS);
        reasons
    }

    /// A piece of the description around what was asked, or its beginning.
    fn snippet(&self, supplier: u32) -> Vec<Fragment> {
        let text = self.corpus.suppliers.descriptions.get(supplier);
        let bears = |asked: &Asked| self.corpus.places(asked).any(|p| p.texts.binary_search(&supplier).is_ok());
        let mentions = (0..self.degrees.len()).any(|wanted| self.is_mentioned(wanted, supplier));
        if !mentions && !self.words().any(bears) {
            return fragments(text, &[]);
        }
        let found = words(text);
        let mut marks: Vec<(usize, usize)> = Vec::new();
        for mention in self.corpus.lexicon.mentions(&found) {
            if self.degrees.iter().any(|degrees| degrees[usize::from(mention.product)] >= degree::NARROWER) {
                marks.push((found[mention.from].start, found[mention.to - 1].end));
            }
        }
        let candidates = self.words().flat_map(|asked| &asked.candidates);
        let asked: Vec<&str> = candidates.map(|(word, _)| self.corpus.vocabulary.word(*word)).collect();
        let is_asked = |folded: &str| !is_function_word(folded) && asked.contains(&folded);
        marks.extend(found.iter().filter(|word| is_asked(&word.folded)).map(|word| (word.start, word.end)));
        marks.sort_unstable();
        marks.dedup_by(|next, mark| next.0 < mark.1);
        fragments(text, &marks)
    }
}

fn offer_hit(corpus: &Corpus, offer: usize) -> OfferHit {
    let o = &corpus.offers;
    let brief = &o.briefs[offer];
    let measure =
        |number: u16| if number == NONE { String::new() } else { corpus.measures.code(u32::from(number)).to_owned() };
    OfferHit {
        name: corpus.offer_names.code(o.names[offer]).to_owned(),
        product: Some(brief.product).filter(|p| *p != NONE),
        family: brief.family,
        months: brief.months,
        signs: brief.signs,
        proven: corpus.proven(offer),
        price_cents: Some(o.prices[offer]).filter(|p| *p != u32::MAX),
        unit: measure(o.units[offer]),
        packaging: measure(o.packagings[offer]),
    }
}

fn reason(asked: ProductId, sold: ProductId, degree: u8) -> Reason {
    match degree {
        degree::EXACT => Reason::Product(sold),
        degree::NARROWER => Reason::Narrower(asked, sold),
        degree::BROADER | degree::BROADER_CLOSE => Reason::Broader(asked, sold),
        _ => Reason::Near(asked, sold),
    }
}

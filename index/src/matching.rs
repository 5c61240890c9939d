//! How well each supplier answers the words of a query.
//!
//! Products are matched on offers, and the degree says how: the very product, a kind of it, the broader one, something
//! near, or a mere mention. Words left over are matched in names, offers and descriptions.

use std::cell::RefCell;
use std::thread::LocalKey;

use crate::corpus::Corpus;
use crate::filter::Filter;
use crate::lexicon::ProductId;
use crate::phrases::Closeness;
use crate::sparse::{Spare, Sparse};
use crate::understand::{Asked, Meaning, Wanted};

/// Degrees of an answer, best last.
pub(crate) mod degree {
    pub(crate) const MENTION: u8 = 1;
    pub(crate) const NEAR: u8 = 2;
    pub(crate) const SISTER: u8 = 3;
    pub(crate) const BROADER: u8 = 4;
    pub(crate) const BROADER_CLOSE: u8 = 5;
    pub(crate) const NARROWER: u8 = 6;
    pub(crate) const EXACT: u8 = 7;
}

/// What a degree is worth: the product or a kind of it, then what replaces it, then a hint, then a mention.
pub(crate) fn worth(degree: u8) -> u32 {
    match degree {
        degree::NARROWER.. => 6,
        degree::BROADER_CLOSE => 4,
        degree::NEAR..=degree::BROADER => 2,
        degree::MENTION => 1,
        0 => 0,
    }
}

/// How a supplier answers.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Match {
    /// Sum over the products of [`worth`].
    pub worth: u8,
    /// Sum over the products of the degree.
    pub degree: u8,
    /// Qualifiers and signs met on the matching offers, and words met elsewhere.
    pub extra: u8,
    /// Words met in the name: all of them and nothing else 3, all of them 2, some 1.
    pub name: u8,
    /// Products asked that something answers.
    pub answered: u8,
    seen: bool,
}

/// How suppliers answer; only those that do are looked at again.
pub(crate) type Found = Sparse<Match>;

impl Spare for Match {
    fn is_blank(&self) -> bool {
        !self.seen
    }

    fn spares() -> &'static LocalKey<RefCell<Vec<Vec<Self>>>> {
        thread_local!(static SPARES: RefCell<Vec<Vec<Match>>> = const { RefCell::new(Vec::new()) });
        &SPARES
    }
}

fn answer(found: &mut Found, supplier: u32) -> &mut Match {
    let answer = found.at(supplier);
    answer.seen = true;
    answer
}

/// A figure for each supplier, mostly 0.
type Figures = Sparse<u8>;

impl Spare for u8 {
    fn is_blank(&self) -> bool {
        *self == 0
    }

    fn spares() -> &'static LocalKey<RefCell<Vec<Vec<Self>>>> {
        thread_local!(static SPARES: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) });
        &SPARES
    }
}

/// Keeps the figure of a supplier that ranks higher; no figure is 0.
fn raise(figures: &mut Figures, supplier: u32, figure: u8, rank: impl Fn(u8) -> u32) {
    let at = figures.at(supplier);
    if *at == 0 || rank(figure) > rank(*at) {
        *at = figure;
    }
}

/// Degree of each product for one that is wanted; 0 for the others.
pub(crate) fn degrees(corpus: &Corpus, wanted: &Wanted) -> Vec<u8> {
    let lexicon = &corpus.lexicon;
    let mut degrees = vec![0_u8; lexicon.products().len()];
    let mut raise = |id: ProductId, to: u8| {
        let at = &mut degrees[usize::from(id)];
        *at = (*at).max(to);
    };
    for id in &wanted.others {
        raise(*id, degree::NARROWER);
        lexicon.product(*id).narrower.iter().for_each(|n| raise(*n, degree::NARROWER));
    }
    // What a guess may mean besides the likeliest brings no hints of its own.
    let guessed = wanted.closeness >= Closeness::Prefix;
    for (at, id) in wanted.products.iter().enumerate() {
        let product = lexicon.product(*id);
        raise(*id, degree::EXACT);
        product.narrower.iter().for_each(|n| raise(*n, degree::NARROWER));
        if guessed && at > 0 {
            continue;
        }
        product.related.iter().for_each(|n| raise(*n, degree::NEAR));
        let mut child = product;
        let mut first = true;
        while let Some(broader) = child.broader {
            let parent = lexicon.product(broader);
            raise(broader, if child.close && first { degree::BROADER_CLOSE } else { degree::BROADER });
            if !child.close {
                break;
            }
            parent
                .narrower
                .iter()
                .filter(|n| !first || lexicon.product(**n).broader == Some(broader))
                .for_each(|n| raise(*n, degree::SISTER));
            if !parent.close {
                break;
            }
            (child, first) = (parent, false);
        }
    }
    degrees
}

/// How suppliers answer the words; the filter's conditions on offers are applied, those on suppliers are not.
pub(crate) fn matches(corpus: &Corpus, filter: &Filter<'_>, meaning: &Meaning) -> Found {
    let mut found = Found::new(corpus.len());
    for wanted in &meaning.wanted {
        for (supplier, best) in product_matches(corpus, filter, wanted, meaning).iter() {
            let (all, degree) = (answer(&mut found, supplier), best & DEGREE);
            all.worth = all.worth.saturating_add(u8::try_from(worth(degree)).unwrap_or(0));
            all.degree += degree;
            all.extra = all.extra.saturating_add(best >> EXTRA);
            all.answered += 1;
        }
    }
    if meaning.wanted.is_empty() {
        word_matches(corpus, filter, meaning, &mut found);
    } else {
        extra_words(corpus, meaning, &mut found);
    }
    name_matches(corpus, meaning, &mut found);
    found
}

/// The best offer of a supplier for one product in one byte: its degree, and above it what else speaks for it.
const DEGREE: u8 = 7;
const EXTRA: u8 = 3;

/// What replaces the product comes after it, whatever its qualifiers.
fn merit(best: u8) -> u32 {
    worth(best & DEGREE) << 8 | u32::from(best)
}

/// Best offer of each supplier for one product.
fn product_matches(corpus: &Corpus, filter: &Filter<'_>, wanted: &Wanted, meaning: &Meaning) -> Figures {
    let mut best = Figures::new(corpus.len());
    let named = qualified_names(corpus, wanted.qualifiers.iter().chain(&meaning.words));
    let qualified = |offer: u32| if named.is_empty() { 0 } else { named[corpus.offers.names[offer as usize] as usize] };
    let signs = meaning.signs.iter().fold(0, |mask, sign| mask | sign.bit());
    let check = filter.asks_offers();
    let mut look = |offer: u32, degree: u8| {
        let at = offer as usize;
        if check && !filter.offer(at) {
            return;
        }
        let mut extra = qualified(offer);
        if signs != 0 && corpus.offers.briefs[at].signs & signs != 0 {
            extra += if corpus.proven(at) & signs != 0 { 2 } else { 1 };
        }
        raise(&mut best, corpus.offers.briefs[at].supplier, extra.min(7) << EXTRA | degree, merit);
    };
    let degrees = degrees(corpus, wanted);
    let products = || degrees.iter().enumerate().filter(|(_, degree)| **degree > 0);
    for (product, degree) in products() {
        // Who asks for red cabbage is not served by broccoli, though it is a kind of cabbage, nor by vegetables.
        let vague = wanted.strict && !matches!(*degree, degree::EXACT | degree::BROADER_CLOSE);
        let offers = corpus.by_product[product].iter().filter(|offer| !vague || qualified(**offer) > 0);
        offers.for_each(|offer| look(*offer, *degree));
    }
    let meant = || products().filter(|(_, degree)| **degree >= degree::NARROWER);
    for name in meant().flat_map(|(product, _)| &corpus.named[product]) {
        corpus.offers_by_name[*name as usize].iter().for_each(|offer| look(*offer, degree::MENTION));
    }
    for supplier in meant().flat_map(|(product, _)| &corpus.mentioned[product]) {
        if best.get(*supplier) == 0 && (!check || filter.has_offer(*supplier as usize)) {
            raise(&mut best, *supplier, degree::MENTION, merit);
        }
    }
    best
}

/// By distinct offer name, how many of the qualifiers it has (twice each); empty without qualifiers.
fn qualified_names<'a>(corpus: &Corpus, qualifiers: impl Iterator<Item = &'a Asked>) -> Vec<u8> {
    let mut counts = Vec::new();
    for (at, asked) in qualifiers.enumerate() {
        counts.resize(corpus.offers_by_name.len(), 0_u8);
        let mark = u8::try_from(2 * at + 2).unwrap_or(u8::MAX);
        for name in corpus.places(asked).flat_map(|places| &places.offer_names) {
            let count = &mut counts[*name as usize];
            *count = (*count + 2).min(mark);
        }
    }
    counts
}

/// A word beside a product, met in the description, is a small plus.
fn extra_words(corpus: &Corpus, meaning: &Meaning, found: &mut Found) {
    for supplier in meaning.words.iter().flat_map(|asked| corpus.places(asked)).flat_map(|places| &places.texts) {
        if found.get(*supplier).degree > 0 {
            let slot = answer(found, *supplier);
            slot.extra = slot.extra.saturating_add(1);
        }
    }
}

/// Without a product, every word must be met; where none meets all, those that meet most.
fn word_matches(corpus: &Corpus, filter: &Filter<'_>, meaning: &Meaning, found: &mut Found) {
    let mut met = Figures::new(corpus.len());
    for asked in &meaning.words {
        for (supplier, value) in one_word(corpus, filter, asked).iter() {
            *met.at(supplier) += 1;
            let slot = answer(found, supplier);
            slot.extra = slot.extra.saturating_add(value);
        }
    }
    let passes = |supplier: u32| filter.supplier(supplier as usize) && filter.has_offer(supplier as usize);
    let most = met.iter().filter(|(supplier, _)| passes(*supplier)).map(|(_, met)| met).max().unwrap_or(0);
    for (supplier, met) in met.iter() {
        let slot = answer(found, supplier);
        if met < most || most == 0 {
            slot.extra = 0;
        } else {
            slot.degree = 1;
        }
    }
}

/// How well each supplier meets a word: as written before misspelt, in the name before an offer before the text.
fn one_word(corpus: &Corpus, filter: &Filter<'_>, asked: &Asked) -> Figures {
    let mut best = Figures::new(corpus.len());
    let check = filter.asks_offers();
    for (word, closeness) in &asked.candidates {
        let near = 4 * match closeness {
            Closeness::Exact => 3,
            Closeness::Stem => 2,
            Closeness::Prefix => 1,
            Closeness::Typo => 0,
        };
        let places = corpus.vocabulary.places(*word);
        places.names.iter().for_each(|supplier| raise(&mut best, *supplier, near + 3, u32::from));
        for offer in places.offer_names.iter().flat_map(|name| &corpus.offers_by_name[*name as usize]) {
            if !check || filter.offer(*offer as usize) {
                raise(&mut best, corpus.offers.briefs[*offer as usize].supplier, near + 2, u32::from);
            }
        }
        places.texts.iter().for_each(|supplier| raise(&mut best, *supplier, near + 1, u32::from));
    }
    best
}

/// A supplier called by its name. The words must be more than a product's name: *truite* is no name, *Les Chèvres de Léa* is.
fn name_matches(corpus: &Corpus, meaning: &Meaning, found: &mut Found) {
    let words = &meaning.name;
    if words.is_empty() || words.len() == 1 && meaning.name_only == 0 {
        return;
    }
    let bears = |supplier: u32, asked: &Asked| corpus.places(asked).any(|p| p.names.binary_search(&supplier).is_ok());
    let bearers = |asked: &Asked| corpus.places(asked).map(|places| places.names.len()).sum::<usize>();
    let rarest = words.iter().min_by_key(|asked| bearers(asked));
    for supplier in rarest.into_iter().flat_map(|asked| corpus.places(asked)).flat_map(|places| &places.names) {
        if words.iter().all(|asked| bears(*supplier, asked)) {
            let whole = usize::from(corpus.suppliers.name_lengths[*supplier as usize]) == words.len();
            if meaning.name_only > 0 || whole {
                answer(found, *supplier).name = if whole { 3 } else { 2 };
            }
        }
    }
    for supplier in meaning.words.iter().flat_map(|asked| corpus.places(asked)).flat_map(|places| &places.names) {
        if found.get(*supplier).degree > 0 {
            let slot = answer(found, *supplier);
            slot.name = slot.name.max(1);
        }
    }
}

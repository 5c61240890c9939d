//! How well each supplier answers the words of a query.
//!
//! Products are matched on offers, and the degree says how: the very product, a kind of it, the broader one, something
//! near, or a mere mention. Words left over are matched in names, offers and descriptions.

use crate::corpus::Corpus;
use crate::filter::Filter;
use crate::lexicon::ProductId;
use crate::phrases::Closeness;
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
    /// Products asked that nothing answers.
    pub missing: u8,
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

/// Matches by supplier; `degree` 0 and `name` 0 and `extra` 0 where nothing answers.
pub(crate) fn matches(corpus: &Corpus, filter: &Filter<'_>, meaning: &Meaning) -> Vec<Match> {
    let mut found = vec![Match::default(); corpus.len()];
    for wanted in &meaning.wanted {
        let best = product_matches(corpus, filter, wanted, meaning);
        for (all, one) in found.iter_mut().zip(best) {
            let degree = one & 7;
            all.worth = all.worth.saturating_add(u8::try_from(worth(degree)).unwrap_or(0));
            all.degree += degree;
            all.extra = all.extra.saturating_add(one >> 3 & 15);
            all.missing += u8::from(degree == 0);
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

/// Best offer of each supplier for one product: degree in the low three bits, qualifiers above.
fn product_matches(corpus: &Corpus, filter: &Filter<'_>, wanted: &Wanted, meaning: &Meaning) -> Vec<u8> {
    let mut best = vec![0_u8; corpus.len()];
    let named = qualified_names(corpus, wanted.qualifiers.iter().chain(&meaning.words));
    let signs = meaning.signs.iter().fold(0, |mask, sign| mask | sign.bit());
    let check = filter.asks_offers();
    let mut look = |offer: u32, degree: u8| {
        let at = offer as usize;
        if check && !filter.offer(at) {
            return;
        }
        let mut extra = if named.is_empty() { 0 } else { named[corpus.offers.names[at] as usize] };
        if signs != 0 && corpus.offers.signs[at] & signs != 0 {
            extra += if corpus.proven(at) & signs != 0 { 2 } else { 1 };
        }
        // What replaces the product comes after it, whatever its qualifiers.
        let value = (extra.min(7) << 3) | degree;
        let slot = &mut best[corpus.offers.suppliers[at] as usize];
        if (worth(degree), value) > (worth(*slot & 7), *slot) {
            *slot = value;
        }
    };
    let degrees = degrees(corpus, wanted);
    let mut look_at = |offer: u32, degree: u8| {
        // Who asks for red cabbage is not served by broccoli, though it is a kind of cabbage, nor by vegetables.
        let vague = wanted.strict && !matches!(degree, degree::EXACT | degree::BROADER_CLOSE);
        if !vague || named[corpus.offers.names[offer as usize] as usize] > 0 {
            look(offer, degree);
        }
    };
    for (product, degree) in degrees.iter().enumerate().filter(|(_, degree)| **degree > 0) {
        corpus.by_product[product].iter().for_each(|offer| look_at(*offer, *degree));
    }
    for (product, _) in degrees.iter().enumerate().filter(|(_, degree)| **degree >= degree::NARROWER) {
        for name in &corpus.named[product] {
            corpus.offers_by_name[*name as usize].iter().for_each(|offer| look(*offer, degree::MENTION));
        }
    }
    for (product, _) in degrees.iter().enumerate().filter(|(_, degree)| **degree >= degree::NARROWER) {
        for supplier in &corpus.mentioned[product] {
            let slot = &mut best[*supplier as usize];
            if *slot == 0 && (!check || filter.has_offer(*supplier as usize)) {
                *slot = degree::MENTION;
            }
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
        for (word, _) in &asked.candidates {
            for name in &corpus.vocabulary.places(*word).offer_names {
                let count = &mut counts[*name as usize];
                *count = (*count + 2).min(mark);
            }
        }
    }
    counts
}

/// A word beside a product, met in the description, is a small plus.
fn extra_words(corpus: &Corpus, meaning: &Meaning, found: &mut [Match]) {
    for asked in &meaning.words {
        for (word, _) in &asked.candidates {
            for supplier in &corpus.vocabulary.places(*word).texts {
                let slot = &mut found[*supplier as usize];
                if slot.degree > 0 {
                    slot.extra += 1;
                }
            }
        }
    }
}

/// Without a product, every word must be met; where none meets all, those that meet most.
fn word_matches(corpus: &Corpus, filter: &Filter<'_>, meaning: &Meaning, found: &mut [Match]) {
    let check = filter.asks_offers();
    let mut met = vec![0_u8; found.len()];
    for asked in &meaning.words {
        let mut best = vec![0_u8; found.len()];
        for (word, closeness) in &asked.candidates {
            let near = 4 * match closeness {
                Closeness::Exact => 3,
                Closeness::Stem => 2,
                Closeness::Prefix => 1,
                Closeness::Typo => 0,
            };
            let places = corpus.vocabulary.places(*word);
            let mut raise = |supplier: usize, value: u8| best[supplier] = best[supplier].max(value);
            places.names.iter().for_each(|s| raise(*s as usize, near + 3));
            for offer in places.offer_names.iter().flat_map(|name| &corpus.offers_by_name[*name as usize]) {
                if !check || filter.offer(*offer as usize) {
                    raise(corpus.offers.suppliers[*offer as usize] as usize, near + 2);
                }
            }
            places.texts.iter().for_each(|s| raise(*s as usize, near + 1));
        }
        for (supplier, value) in best.iter().enumerate().filter(|(_, value)| **value > 0) {
            met[supplier] += 1;
            found[supplier].extra = found[supplier].extra.saturating_add(*value);
        }
    }
    let passes = |supplier: usize| filter.supplier(supplier) && filter.has_offer(supplier);
    let most =
        met.iter().enumerate().filter(|(s, met)| **met > 0 && passes(*s)).map(|(_, met)| *met).max().unwrap_or(0);
    for (slot, met) in found.iter_mut().zip(&met) {
        if *met < most || most == 0 {
            slot.extra = 0;
        } else {
            slot.degree = 1;
        }
    }
}

/// A supplier called by its name. The words must be more than a product's name: *truite* is no name, *Les Chèvres de Léa* is.
fn name_matches(corpus: &Corpus, meaning: &Meaning, found: &mut [Match]) {
    let words = &meaning.name[..meaning.name.len().min(16)];
    if words.is_empty() || words.len() == 1 && meaning.name_only == 0 {
        return;
    }
    let mut met = vec![0_u16; found.len()];
    for (at, asked) in words.iter().enumerate() {
        for (word, _) in &asked.candidates {
            for supplier in &corpus.vocabulary.places(*word).names {
                met[*supplier as usize] |= 1 << at;
            }
        }
    }
    let all = if words.len() == 16 { u16::MAX } else { (1 << words.len()) - 1 };
    for (supplier, met) in met.iter().enumerate().filter(|(_, met)| **met != 0) {
        let slot = &mut found[supplier];
        let whole = usize::from(corpus.suppliers.name_lengths[supplier]) == words.len();
        if *met == all && (meaning.name_only > 0 || whole) {
            slot.name = if whole { 3 } else { 2 };
        } else if meaning.words.iter().any(|asked| {
            asked.candidates.iter().any(|(word, _)| {
                corpus
                    .vocabulary
                    .places(*word)
                    .names
                    .binary_search(&(u32::try_from(supplier).unwrap_or(u32::MAX)))
                    .is_ok()
            })
        }) {
            slot.name = u8::from(slot.degree > 0);
        }
    }
}

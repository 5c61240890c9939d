//! Completions of what is being typed.

use crate::corpus::Corpus;
use crate::gazetteer::Gazetteer;
use crate::lexicon::ProductId;
use crate::phrases::Closeness;
use crate::text::{is_function_word, words};

/// A completion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Suggestion {
    /// A product, and how many suppliers sell it or a kind of it.
    Product(ProductId, usize),
    /// A supplier: slug, name and INSEE code of its commune.
    Supplier(String, String, String),
    /// A commune, by its number in the gazetteer.
    Commune(usize),
}

/// Products that somebody sells first, then suppliers, then communes; at most `limit` of each. Communes of elsewhere only
/// when nothing else is meant: half of France has a village called after a vegetable.
pub(crate) fn suggest(
    corpus: &Corpus,
    gazetteer: &Gazetteer,
    home: Option<&str>,
    typed: &str,
    limit: usize,
    is_home: &dyn Fn(usize) -> bool,
) -> Vec<Suggestion> {
    let typed: String = typed.chars().take(80).collect();
    if typed.trim().is_empty() {
        return Vec::new();
    }
    let mut found = products(corpus, &typed, limit);
    found.extend(suppliers(corpus, &typed, limit));
    let alone = found.is_empty();
    let communes = gazetteer.search(&typed, home, limit).into_iter().filter(|commune| alone || is_home(*commune));
    found.extend(communes.map(Suggestion::Commune));
    found
}

fn products(corpus: &Corpus, typed: &str, limit: usize) -> Vec<Suggestion> {
    let words = words(typed);
    if words.is_empty() {
        return Vec::new();
    }
    let phrases = corpus.lexicon.phrases();
    let whole = |limit| phrases.longest(&words, limit).filter(|r| r.words == words.len());
    let written = whole(Closeness::Exact).map(|r| r.products).unwrap_or_default();
    let mut ids = written.clone();
    ids.extend(phrases.unfinished(&words, Closeness::Stem).into_iter().flat_map(|r| r.products));
    if ids.is_empty() {
        ids.extend(whole(Closeness::Typo).into_iter().flat_map(|r| r.products));
    }
    ids.sort_unstable();
    ids.dedup();
    let mut found: Vec<(ProductId, usize)> = ids.into_iter().map(|id| (id, sellers(corpus, id))).collect();
    found.sort_by_key(|(id, sellers)| (!written.contains(id), std::cmp::Reverse(*sellers), *id));
    found.into_iter().take(limit).map(|(id, sellers)| Suggestion::Product(id, sellers)).collect()
}

/// Suppliers there that sell the product or a kind of it.
fn sellers(corpus: &Corpus, id: ProductId) -> usize {
    let narrower = &corpus.lexicon.product(id).narrower;
    let mut suppliers: Vec<u32> = std::iter::once(&id)
        .chain(narrower)
        .flat_map(|product| &corpus.by_product[usize::from(*product)])
        .map(|offer| corpus.offers.briefs[*offer as usize].supplier)
        .filter(|supplier| !corpus.suppliers.briefs[*supplier as usize].gone)
        .collect();
    suppliers.sort_unstable();
    suppliers.dedup();
    suppliers.len()
}

fn suppliers(corpus: &Corpus, typed: &str, limit: usize) -> Vec<Suggestion> {
    let words: Vec<_> = words(typed).into_iter().filter(|w| !is_function_word(&w.folded)).collect();
    let Some((last, before)) = words.split_last() else { return Vec::new() };
    if last.folded.len() < 2 {
        return Vec::new();
    }
    let bearers = |ids: &mut dyn Iterator<Item = u32>| {
        let mut all: Vec<u32> = ids.flat_map(|word| corpus.vocabulary.places(word).names.iter().copied()).collect();
        all.sort_unstable();
        all.dedup();
        all
    };
    let mut found = bearers(
        &mut corpus
            .vocabulary
            .beginning(&last.folded, 200)
            .chain(corpus.vocabulary.same(&last.folded).into_iter().map(|(word, _)| word)),
    );
    for word in before {
        let with = bearers(&mut corpus.vocabulary.same(&word.folded).into_iter().map(|(word, _)| word));
        found.retain(|supplier| with.binary_search(supplier).is_ok());
    }
    found.retain(|supplier| !corpus.suppliers.briefs[*supplier as usize].gone);
    found.sort_by_key(|supplier| {
        (corpus.suppliers.name_lengths[*supplier as usize], corpus.suppliers.name_rank[*supplier as usize])
    });
    let s = &corpus.suppliers;
    found
        .into_iter()
        .take(limit)
        .map(|ordinal| {
            Suggestion::Supplier(
                s.slugs.get(ordinal).to_owned(),
                s.names.get(ordinal).to_owned(),
                corpus.communes.code(s.communes[ordinal as usize]).to_owned(),
            )
        })
        .collect()
}

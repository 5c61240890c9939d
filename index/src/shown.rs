//! What is shown of a hit: the offers that answer, why, and a piece of the description. Only the page asked for gets here.

use crate::corpus::{Corpus, NONE};
use crate::filter::Filter;
use crate::lexicon::ProductId;
use crate::matching::{degree, degrees};
use crate::request::{Fragment, Hit, OFFERS_SHOWN, OfferHit, Origin, Reason, Request};
use crate::text::{is_function_word, words};
use crate::understand::Meaning;

/// Length of a snippet, in bytes, more or less.
const SNIPPET: usize = 170;

pub(crate) fn hit(
    corpus: &Corpus,
    filter: &Filter<'_>,
    request: &Request,
    meaning: &Meaning,
    origin: Option<&Origin>,
    supplier: usize,
) -> Hit {
    let s = &corpus.suppliers;
    let number = u32::try_from(supplier).unwrap_or(u32::MAX);
    let wanted: Vec<Vec<u8>> = meaning.wanted.iter().map(|w| degrees(corpus, w)).collect();
    let mut offers: Vec<(u8, usize)> =
        filter.offers(supplier).map(|offer| (rank(corpus, meaning, &wanted, offer), offer)).collect();
    if offers.iter().any(|(rank, _)| *rank > 0) {
        offers.retain(|(rank, _)| *rank > 0);
    }
    offers.sort_by_key(|(rank, offer)| (std::cmp::Reverse(*rank), *offer));
    let months = offers.iter().fold(0, |mask, (_, offer)| mask | corpus.offers.months[*offer]);
    let distance_km = origin.and_then(|o| Some(s.points[supplier]?.distance_km(o.point)));
    Hit {
        id: s.ids[supplier],
        reference: s.references.get(number).to_owned(),
        slug: s.slugs.get(number).to_owned(),
        name: s.names.get(number).to_owned(),
        kind: s.kinds[supplier],
        commune: corpus.communes.code(s.communes[supplier]).to_owned(),
        point: s.points[supplier].filter(|_| s.on_map[supplier]),
        exact: s.exact[supplier],
        distance_km,
        families: s.families[supplier],
        signs: s.signs[supplier],
        proven: s.signs[supplier] & s.proven[supplier],
        confirmed: Some(s.confirmed[supplier]).filter(|day| *day != i32::MIN),
        months,
        matched: reasons(corpus, meaning, &wanted, &offers, number),
        offer_count: offers.len(),
        offers: offers.iter().take(OFFERS_SHOWN).map(|(_, offer)| offer_hit(corpus, *offer)).collect(),
        snippet: if request.q.trim().is_empty() {
            opening(s.descriptions.get(number))
        } else {
            snippet(corpus, meaning, &wanted, s.descriptions.get(number))
        },
    }
}

/// Best degree of an offer, four times, plus one for each word it carries.
fn rank(corpus: &Corpus, meaning: &Meaning, wanted: &[Vec<u8>], offer: usize) -> u8 {
    let product = corpus.offers.products[offer];
    let degree =
        if product == NONE { 0 } else { wanted.iter().map(|degrees| degrees[usize::from(product)]).max().unwrap_or(0) };
    let name = corpus.offers.names[offer];
    let asked = meaning.wanted.iter().flat_map(|w| &w.qualifiers).chain(&meaning.words);
    let carried = asked
        .filter(|a| {
            a.candidates
                .iter()
                .any(|(word, _)| corpus.vocabulary.places(*word).offer_names.binary_search(&name).is_ok())
        })
        .count();
    let mentions = meaning
        .wanted
        .iter()
        .any(|w| w.products.iter().any(|p| corpus.named[usize::from(*p)].binary_search(&name).is_ok()));
    if degree == 0 && !mentions && (carried == 0 || !meaning.wanted.is_empty()) {
        return 0;
    }
    4 * degree.max(u8::from(mentions)) + u8::try_from(carried.min(3)).unwrap_or(3)
}

fn offer_hit(corpus: &Corpus, offer: usize) -> OfferHit {
    let o = &corpus.offers;
    let measure =
        |number: u16| if number == NONE { String::new() } else { corpus.measures.code(u32::from(number)).to_owned() };
    OfferHit {
        name: corpus.offer_names.code(o.names[offer]).to_owned(),
        product: Some(o.products[offer]).filter(|p| *p != NONE),
        family: o.families[offer],
        months: o.months[offer],
        signs: o.signs[offer],
        proven: corpus.proven(offer),
        price_cents: Some(o.prices[offer]).filter(|p| *p != u32::MAX),
        unit: measure(o.units[offer]),
        packaging: measure(o.packagings[offer]),
    }
}

fn reasons(
    corpus: &Corpus,
    meaning: &Meaning,
    wanted: &[Vec<u8>],
    offers: &[(u8, usize)],
    supplier: u32,
) -> Vec<Reason> {
    let mut reasons = Vec::new();
    let mut give = |reason: Reason| {
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    };
    for (asked, degrees) in meaning.wanted.iter().zip(wanted) {
        let best = offers
            .iter()
            .filter_map(|(_, offer)| Some(corpus.offers.products[*offer]).filter(|p| *p != NONE))
            .max_by_key(|p| degrees[usize::from(*p)]);
        match best.map(|product| (product, degrees[usize::from(product)])) {
            Some((product, degree)) if degree > 0 => give(reason(asked.products[0], product, degree)),
            _ => give(Reason::Mention(asked.products[0])),
        }
    }
    let met = |list: &[u32], value: u32| list.binary_search(&value).is_ok();
    let qualifiers = meaning.wanted.iter().flat_map(|w| &w.qualifiers).chain(&meaning.words);
    for (word, _) in qualifiers.flat_map(|asked| &asked.candidates) {
        let places = corpus.vocabulary.places(*word);
        let written = || corpus.vocabulary.word(*word).to_owned();
        if offers.iter().any(|(_, offer)| met(&places.offer_names, corpus.offers.names[*offer])) {
            give(Reason::OfferWord(written()));
        }
        if met(&places.names, supplier) {
            give(Reason::Name(written()));
        } else if met(&places.texts, supplier) {
            give(Reason::Text(written()));
        }
    }
    reasons.truncate(6);
    reasons
}

fn reason(asked: ProductId, sold: ProductId, degree: u8) -> Reason {
    match degree {
        degree::EXACT => Reason::Product(sold),
        degree::NARROWER => Reason::Narrower(asked, sold),
        degree::BROADER | degree::BROADER_CLOSE => Reason::Broader(asked, sold),
        _ => Reason::Near(asked, sold),
    }
}

/// The beginning of a text.
fn opening(text: &str) -> Vec<Fragment> {
    if text.is_empty() {
        return Vec::new();
    }
    fragments(text, &[])
}

fn snippet(corpus: &Corpus, meaning: &Meaning, wanted: &[Vec<u8>], text: &str) -> Vec<Fragment> {
    if text.is_empty() {
        return Vec::new();
    }
    let found = words(text);
    let mut marks: Vec<(usize, usize)> = Vec::new();
    for mention in corpus.lexicon.mentions(&found) {
        if wanted.iter().any(|degrees| degrees[usize::from(mention.product)] >= degree::NARROWER) {
            marks.push((found[mention.from].start, found[mention.to - 1].end));
        }
    }
    let asked: Vec<&str> = meaning
        .words
        .iter()
        .chain(meaning.wanted.iter().flat_map(|w| &w.qualifiers))
        .flat_map(|a| &a.candidates)
        .map(|(word, _)| corpus.vocabulary.word(*word))
        .collect();
    for word in found.iter().filter(|w| !is_function_word(&w.folded) && asked.contains(&w.folded.as_str())) {
        marks.push((word.start, word.end));
    }
    marks.sort_unstable();
    marks.dedup_by(|b, a| b.0 < a.1);
    fragments(text, &marks)
}

/// A window of the text around the first mark, cut between words, with an ellipsis where it is cut.
fn fragments(text: &str, marks: &[(usize, usize)]) -> Vec<Fragment> {
    let first = marks.first().map_or(0, |(start, _)| *start);
    let mut from = if text.len() <= SNIPPET + 30 { 0 } else { first.saturating_sub(SNIPPET / 3) };
    from = between_words(text, from);
    let mut to = text.len();
    if to - from > SNIPPET + 30 {
        to = between_words(text, from + SNIPPET);
    }
    let mut out = Vec::new();
    let mut push = |piece: &str, marked: bool| {
        if !piece.is_empty() {
            out.push(Fragment { text: piece.to_owned(), marked });
        }
    };
    if from > 0 {
        push("… ", false);
    }
    let mut at = from;
    for (start, end) in marks.iter().filter(|(start, end)| *start >= from && *end <= to) {
        push(&text[at..*start], false);
        push(&text[*start..*end], true);
        at = *end;
    }
    push(&text[at..to], false);
    if to < text.len() {
        push(" …", false);
    }
    out
}

/// The last place between two words at or before a byte.
fn between_words(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    if at == 0 || at == text.len() {
        return at;
    }
    text[..at].rfind(' ').map_or(0, |space| space + 1)
}

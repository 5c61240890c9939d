//! What a query means: products, certifications, a place, a wish to be delivered, and words left over.
//!
//! The words are read once from left to right; at each place the longest reading wins, a product before a place before a
//! word. Every word with a meaning is accounted for: what nobody knows and nothing is near makes the query find nothing,
//! unless a product was read.

use crate::codes::Certification;
use crate::lexicon::{Lexicon, ProductId};
use crate::phrases::{Closeness, Reading, Standing};
use crate::request::Ignore;
use crate::signs::{announces_place, asks_delivery, certification, dresses};
use crate::text::{Word, is_function_word, words};
use crate::vocabulary::{Vocabulary, WordId};

/// Longest query looked at, in bytes and in words.
const LONGEST: usize = 300;
const MOST_WORDS: usize = 24;

/// A product asked for.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    /// Alternatives, the likeliest first.
    pub products: Vec<ProductId>,
    pub closeness: Closeness,
    /// Words that say which kind: *golden* in *pommes golden*.
    pub qualifiers: Vec<Asked>,
}

/// A word asked for, and the words of the corpus it may stand for.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub typed: String,
    pub candidates: Vec<(WordId, Closeness)>,
}

/// A query read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Meaning {
    pub wanted: Vec<Wanted>,
    /// Words that are neither product, sign nor place.
    pub words: Vec<Asked>,
    /// Every word with a meaning, as it may stand in a supplier's name.
    pub name: Vec<Asked>,
    /// Words of the name that only the name can explain.
    pub name_only: usize,
    pub signs: Vec<Certification>,
    /// Number of the commune in the gazetteer, and the words that named it.
    pub place: Option<(usize, String)>,
    pub delivery: bool,
    /// Something was asked that nobody knows.
    pub unknown: bool,
    pub correction: Option<String>,
    /// Nothing was asked at all.
    pub empty: bool,
}

/// Reads the name of a commune at a place of the words: its number in the gazetteer and how many words it takes.
pub(crate) type ReadPlace<'a> = dyn Fn(&[Word], usize, bool) -> Option<(usize, usize)> + 'a;

/// Reads a query.
pub(crate) fn understand(
    q: &str,
    ignore: Ignore,
    lexicon: &Lexicon,
    vocabulary: &Vocabulary,
    read_place: &ReadPlace<'_>,
) -> Meaning {
    let q: String = clip(q).chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let q = q.trim();
    let mut words = words(q);
    words.truncate(MOST_WORDS);
    let ends_open = q.ends_with(|c: char| c.is_alphanumeric());
    let mut reader = Reader {
        q,
        words: &words,
        lexicon,
        vocabulary,
        ignore,
        ends_open,
        meaning: Meaning::default(),
        corrections: Vec::new(),
    };
    reader.read(read_place);
    reader.finish()
}

fn clip(q: &str) -> &str {
    let mut end = q.len().min(LONGEST);
    while !q.is_char_boundary(end) {
        end -= 1;
    }
    &q[..end]
}

struct Reader<'a> {
    q: &'a str,
    words: &'a [Word],
    lexicon: &'a Lexicon,
    vocabulary: &'a Vocabulary,
    ignore: Ignore,
    /// The last word may be unfinished.
    ends_open: bool,
    meaning: Meaning,
    /// Words written otherwise than meant: bytes of the query and what was meant.
    corrections: Vec<(usize, usize, String)>,
}

impl Reader<'_> {
    fn read(&mut self, read_place: &ReadPlace<'_>) {
        let mut at = 0;
        while at < self.words.len() {
            at += self.read_at(at, read_place).max(1);
        }
    }

    /// Takes the longest reading at `at`; returns how many words it takes.
    fn read_at(&mut self, at: usize, read_place: &ReadPlace<'_>) -> usize {
        let rest = &self.words[at..];
        let exact = self.product(at, Closeness::Stem);
        if let Some((sign, used)) = certification(rest)
            .filter(|(_, used)| !self.ignore.certification && exact.as_ref().is_none_or(|r| r.words < *used))
        {
            self.meaning.signs.push(sign);
            self.add_name(at, used);
            return used;
        }
        let strong = announces_place(&self.words[..at]);
        let place =
            if self.meaning.place.is_some() || self.ignore.commune { None } else { read_place(self.words, at, strong) };
        if let Some((commune, used)) = place.filter(|(_, used)| {
            exact.as_ref().is_none_or(|r| r.words < *used || strong && r.words <= *used && self.has_product())
        }) {
            let (start, end) = (self.words[at].start, self.words[at + used - 1].end);
            self.meaning.place = Some((commune, self.q[start..end].to_owned()));
            self.add_name(at, used);
            return used;
        }
        if is_function_word(&rest[0].folded) {
            return 1;
        }
        if asks_delivery(&rest[0].folded) {
            self.meaning.delivery = true;
            return 1;
        }
        if let Some(reading) = exact.or_else(|| self.guess(at)) {
            return self.take_product(at, reading);
        }
        self.take_word(at);
        1
    }

    fn has_product(&self) -> bool {
        !self.meaning.wanted.is_empty()
    }

    /// The longest product phrase at `at`; the last word of the query may be unfinished.
    fn product(&self, at: usize, limit: Closeness) -> Option<Reading> {
        let rest = &self.words[at..];
        let whole = self.lexicon.phrases().longest(rest, limit);
        let unfinished = if self.ends_open && !is_function_word(&rest[0].folded) {
            self.lexicon.phrases().unfinished(rest, limit)
        } else {
            None
        };
        match (whole, unfinished) {
            (Some(whole), Some(open)) if open.words > whole.words => Some(open),
            (None, open) => open.filter(|_| rest[0].folded.len() >= 2),
            (whole, _) => whole,
        }
    }

    /// A product near what was typed, when the word itself is not one that the corpus knows well.
    fn guess(&self, at: usize) -> Option<Reading> {
        let word = &self.words[at];
        if dresses(&word.folded) || self.known(&word.folded) {
            return None;
        }
        self.product(at, Closeness::Typo)
    }

    /// Whether a word stands in names of suppliers, or in texts more than by accident.
    fn known(&self, folded: &str) -> bool {
        self.vocabulary.same(folded).iter().any(|(id, closeness)| {
            let places = self.vocabulary.places(*id);
            *closeness == Closeness::Exact
                && (!places.names.is_empty() || places.texts.len() > 3 || places.offer_names.len() > 3)
        })
    }

    fn take_product(&mut self, at: usize, reading: Reading) -> usize {
        let used = reading.words;
        let product = reading.products[0];
        if reading.closeness == Closeness::Typo || reading.standing == Standing::Misspelling {
            let (start, end) = (self.words[at].start, self.words[at + used - 1].end);
            let plural = self.words[at].folded.ends_with(['s', 'x']);
            let product = self.lexicon.product(product);
            self.corrections.push((start, end, if plural { product.plural.clone() } else { product.singular.clone() }));
        }
        self.add_name(at, used);
        let mut wanted = Wanted { products: reading.products, closeness: reading.closeness, qualifiers: Vec::new() };
        if reading.standing == Standing::Variety {
            wanted.qualifiers = self.asked(at, used);
        }
        let mut total = used;
        while let Some(more) = self.words.get(at + total..).and_then(|rest| self.lexicon.variety(product, rest)) {
            if certification(&self.words[at + total..]).is_some() {
                break;
            }
            self.add_name(at + total, more);
            wanted.qualifiers.extend(self.asked(at + total, more));
            total += more;
        }
        self.meaning.wanted.push(wanted);
        total
    }

    fn asked(&self, at: usize, used: usize) -> Vec<Asked> {
        self.words[at..at + used]
            .iter()
            .filter(|w| !is_function_word(&w.folded))
            .map(|w| Asked { typed: w.folded.clone(), candidates: self.vocabulary.same(&w.folded) })
            .collect()
    }

    /// Notes how the words may stand in a supplier's name.
    fn add_name(&mut self, at: usize, used: usize) {
        let asked = self.asked(at, used);
        self.meaning.name.extend(asked);
    }

    fn take_word(&mut self, at: usize) {
        let word = &self.words[at];
        let mut candidates = self.vocabulary.same(&word.folded);
        let last = at + 1 == self.words.len() && self.ends_open;
        if last && word.folded.len() >= 2 {
            let longer: Vec<(WordId, Closeness)> =
                self.vocabulary.beginning(&word.folded, 60).map(|id| (id, Closeness::Prefix)).collect();
            candidates.extend(
                longer
                    .into_iter()
                    .filter(|(id, _)| !candidates.iter().any(|(known, _)| known == id))
                    .collect::<Vec<_>>(),
            );
        }
        if dresses(&word.folded) {
            self.meaning.name.push(Asked { typed: word.folded.clone(), candidates });
            return;
        }
        if candidates.is_empty() {
            let near = self.vocabulary.near(&word.folded, |places| {
                !places.names.is_empty() || places.texts.len() + places.offer_names.len() > 2
            });
            if let Some(best) = near.first() {
                self.corrections.push((word.start, word.end, self.vocabulary.word(*best).to_owned()));
            }
            candidates = near.into_iter().map(|id| (id, Closeness::Typo)).collect();
        }
        self.meaning.name_only += 1;
        let asked = Asked { typed: word.folded.clone(), candidates };
        self.meaning.name.push(asked.clone());
        self.meaning.words.push(asked);
    }

    fn finish(mut self) -> Meaning {
        let meaning = &mut self.meaning;
        let nothing_known = meaning.words.iter().any(|asked| asked.candidates.is_empty());
        // Next to a word nobody knows, a guess is more likely noise than help.
        if nothing_known {
            meaning.wanted.retain(|wanted| wanted.closeness < Closeness::Typo);
            meaning.words.retain(|asked| asked.candidates.iter().any(|(_, closeness)| *closeness < Closeness::Typo));
        }
        let read = !meaning.wanted.is_empty() || !meaning.signs.is_empty() || meaning.place.is_some();
        meaning.unknown = nothing_known && !read && meaning.words.is_empty();
        meaning.empty = !read && meaning.words.is_empty() && !nothing_known && meaning.name.is_empty();
        if !meaning.unknown && !self.corrections.is_empty() {
            let mut corrected = String::new();
            let mut from = 0;
            for (start, end, meant) in &self.corrections {
                corrected.push_str(&self.q[from..*start]);
                corrected.push_str(meant);
                from = *end;
            }
            corrected.push_str(&self.q[from..]);
            meaning.correction = Some(corrected).filter(|c| !nothing_known && c != self.q);
        }
        self.meaning
    }
}

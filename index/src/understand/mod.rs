//! What a query means: products, certifications, a place, a wish to be delivered, and words left over.
//!
//! The words are read once from left to right; at each place the longest reading wins, a product before a place before a
//! word. Every word with a meaning is accounted for: what nobody knows and nothing is near makes the query find nothing,
//! unless a product was read.

mod product;

use std::collections::HashSet;

use crate::codes::{Certification, Sense};
use crate::corpus::Corpus;
use crate::lexicon::ProductId;
use crate::phrases::{Closeness, Reading};
use crate::signs::{announces_place, asks_delivery, certification, dresses, is_figure, months, refuses, weekdays};
use crate::text::{Word, is_function_word, stem, words};
use crate::vocabulary::WordId;

/// Longest query looked at, in bytes and in words.
const LONGEST: usize = 300;
const MOST_WORDS: usize = 24;

/// A product asked for.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    /// Alternatives, the likeliest first.
    pub products: Vec<ProductId>,
    /// What an unfinished word may mean with less right.
    pub others: Vec<ProductId>,
    pub closeness: Closeness,
    /// Words that say which kind: *golden* in *pommes golden*.
    pub qualifiers: Vec<Asked>,
    /// Other kinds are no answer; without it the qualifiers only order.
    pub strict: bool,
}

/// A word asked for, and the words of the corpus it may stand for.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
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
    /// Months asked for, bit 0 is January.
    pub months: u16,
    /// Days of delivery asked for, bit 0 is Monday.
    pub days: u8,
    /// Number of the commune in the gazetteer, and the words that named it.
    pub place: Option<(usize, String)>,
    pub delivery: bool,
    /// Something was asked that nobody knows.
    pub unknown: bool,
    pub correction: Option<String>,
}

impl Meaning {
    /// Whether anything is asked.
    pub(crate) fn asks(&self) -> bool {
        self.unknown || self.delivery || !self.words.is_empty() || self.asks_beside_words()
    }

    fn asks_beside_words(&self) -> bool {
        !(self.wanted.is_empty() && self.signs.is_empty()) || self.place.is_some() || self.months != 0 || self.days != 0
    }
}

/// Reads the name of a commune at a place of the words: its number in the gazetteer and how many words it takes. The flag
/// says that a place is expected there.
pub(crate) type ReadPlace<'a> = dyn Fn(&[Word], usize, bool) -> Option<(usize, usize)> + 'a;

/// Reads a query.
///
/// `is_home` says whether a commune lies in the territory: elsewhere no place is guessed from a misspelt word.
pub(crate) fn understand(
    q: &str,
    ignore: u16,
    corpus: &Corpus,
    read_place: &ReadPlace<'_>,
    is_home: &dyn Fn(usize) -> bool,
) -> Meaning {
    let q: String = clip(q).chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let q = q.trim_start();
    let mut words = words(q);
    words.truncate(MOST_WORDS);
    let mut reader = Reader {
        q,
        words: &words,
        corpus,
        read_place,
        is_home,
        ignore,
        ends_open: q.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '\'' | '’')),
        meaning: Meaning::default(),
        corrections: Vec::new(),
        last_product: None,
        figures: false,
        named: HashSet::new(),
    };
    let mut at = 0;
    while at < words.len() {
        at += reader.read_at(at).max(1);
    }
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
    corpus: &'a Corpus,
    read_place: &'a ReadPlace<'a>,
    is_home: &'a dyn Fn(usize) -> bool,
    ignore: u16,
    /// The last word may be unfinished.
    ends_open: bool,
    meaning: Meaning,
    /// Words written otherwise than meant: bytes of the query and what was meant.
    corrections: Vec<(usize, usize, String)>,
    /// Where the words of the last product begin and end, its qualifiers included.
    last_product: Option<(usize, usize)>,
    /// A quantity, a price or the like stood among the words.
    figures: bool,
    /// The words that may be of a name, stemmed: a word said twice is one word of it.
    named: HashSet<String>,
}

impl Reader<'_> {
    /// Whether words may be read so.
    fn reads(&self, sense: Sense) -> bool {
        self.ignore & sense.bit() == 0
    }

    /// Takes the longest reading at `at`; returns how many words it takes.
    fn read_at(&mut self, at: usize) -> usize {
        let written = self.product(at, Closeness::Stem);
        let sure = written.as_ref().filter(|r| r.closeness < Closeness::Prefix).map_or(0, |r| r.words);
        if let Some((sign, used)) = certification(&self.words[at..]).filter(|(_, used)| sure < *used)
            && self.reads(Sense::Certification)
        {
            if !self.is_refused(at) {
                self.meaning.signs.push(sign);
            }
            self.add_name(at, used);
            return used;
        }
        if let Some((mask, used)) =
            months(&self.words[at..]).filter(|(_, used)| sure <= *used && self.reads(Sense::Month))
        {
            self.meaning.months |= mask;
            self.add_name(at, used);
            return used;
        }
        if let Some((mask, used)) = weekdays(&self.words[at..]) {
            if self.reads(Sense::DeliveryDay) && !self.is_refused(at) {
                self.meaning.days |= mask;
            }
            self.add_name(at, used);
            return used;
        }
        if let Some(used) = self.place(at, sure) {
            return used;
        }
        let word = &self.words[at].folded;
        if is_figure(word) {
            self.figures = true;
            return 1;
        }
        if is_function_word(word) {
            return self.small_word(at, written);
        }
        if asks_delivery(word) {
            self.meaning.delivery = true;
            return 1;
        }
        self.product_or_word(at, written)
    }

    fn has_product(&self) -> bool {
        !self.meaning.wanted.is_empty()
    }

    /// *Mais* is a small word and *maïs* is none; so is the last word when nothing else was asked.
    fn small_word(&mut self, at: usize, written: Option<Reading>) -> usize {
        match written {
            Some(reading) if reading.closeness == Closeness::Exact && !self.has_product() => {
                self.take_product(at, reading)
            }
            _ => 1,
        }
    }

    /// Takes the place that begins at `at` when it explains more words than the product there, or is announced.
    fn place(&mut self, at: usize, sure: usize) -> Option<usize> {
        if !self.reads(Sense::Commune) || dresses(&self.words[at].folded) {
            return None;
        }
        let strong = announces_place(&self.words[..=at]);
        let (commune, used) =
            self.place_at(at).filter(|(_, used)| sure < *used || strong && sure <= *used && self.has_product())?;
        self.take_place(at, commune, used);
        Some(used)
    }

    fn place_at(&self, at: usize) -> Option<(usize, usize)> {
        (self.read_place)(self.words, at, announces_place(&self.words[..=at]))
    }

    fn take_place(&mut self, at: usize, commune: usize, used: usize) {
        let (start, end) = (self.words[at].start, self.words[at + used - 1].end);
        self.meaning.place.get_or_insert((commune, self.q[start..end].to_owned()));
        self.add_name(at, used);
    }

    fn product_or_word(&mut self, at: usize, written: Option<Reading>) -> usize {
        let word = &self.words[at].folded;
        let dressing = dresses(word) || word == "ferme" && self.has_product();
        let written = written.filter(|r| !(dressing && r.closeness == Closeness::Prefix && self.words.len() > 1));
        if let Some(reading) = written {
            let reading = self.longer_misspelt(at, &reading).unwrap_or(reading);
            if self.is_refused(at) {
                self.add_name(at, reading.words);
                return reading.words;
            }
            if self.is_product(&reading) {
                return self.take_product(at, reading);
            }
        } else if !dressing && (!self.known(word) || self.begins_misspelt_phrase(at)) {
            return self.guess(at);
        }
        self.take_word(at, dressing);
        1
    }

    /// A word nobody wrote that way: a place after a product, a product, or a word of names and texts, misspelt.
    fn guess(&mut self, at: usize) -> usize {
        if self.has_product()
            && self.reads(Sense::Commune)
            && let Some((commune, used)) = (self.read_place)(self.words, at, true)
            && (self.is_home)(commune)
        {
            self.take_place(at, commune, used);
            return used;
        }
        let near = |reading: &Reading| {
            let vocabulary = &self.corpus.vocabulary;
            let (_, slips) = vocabulary.near(&self.words[at].folded, |places| !places.names.is_empty());
            reading.words > 1 || reading.closeness < Closeness::Typo || reading.slips <= slips
        };
        let reading = self.product(at, Closeness::Typo).filter(|reading| self.is_product(reading) && near(reading));
        if let Some(reading) = reading {
            return self.take_product(at, reading);
        }
        self.take_word(at, false);
        1
    }

    /// Whether a word stands in names of suppliers, or in texts more than by accident.
    fn known(&self, folded: &str) -> bool {
        let vocabulary = &self.corpus.vocabulary;
        vocabulary.same(folded).iter().any(|(id, closeness)| {
            let places = vocabulary.places(*id);
            *closeness == Closeness::Exact
                && (!places.names.is_empty() || places.texts.len() > 3 || places.offer_names.len() > 3)
        })
    }

    fn asked(&self, at: usize, used: usize) -> Vec<Asked> {
        self.words[at..at + used]
            .iter()
            .filter(|w| !is_function_word(&w.folded))
            .map(|w| Asked { candidates: self.corpus.vocabulary.same(&w.folded) })
            .collect()
    }

    /// *Pas de porc*, *sans sel*, *-bio*: what follows is not wanted.
    fn is_refused(&self, at: usize) -> bool {
        let before = &self.q[..self.words[at].start];
        refuses(&self.words[..at]) || before.ends_with('-') && before.trim_end_matches('-').ends_with([' ', '\t'])
    }

    /// Notes how the words may stand in a supplier's name, each once.
    fn add_name(&mut self, at: usize, used: usize) {
        for at in at..at + used {
            if !is_function_word(&self.words[at].folded) && self.is_new_in_name(at) {
                let candidates = self.corpus.vocabulary.same(&self.words[at].folded);
                self.meaning.name.push(Asked { candidates });
            }
        }
    }

    fn is_new_in_name(&mut self, at: usize) -> bool {
        self.named.insert(stem(&self.words[at].folded))
    }

    fn take_word(&mut self, at: usize, dressing: bool) {
        if !self.is_new_in_name(at) {
            return;
        }
        let word = &self.words[at];
        let vocabulary = &self.corpus.vocabulary;
        let mut candidates = vocabulary.same(&word.folded);
        if self.may_go_on(at) {
            let longer = vocabulary.beginning(&word.folded, 60).map(|id| (id, Closeness::Prefix));
            let longer: Vec<_> = longer.filter(|(id, _)| !candidates.iter().any(|(known, _)| known == id)).collect();
            candidates.extend(longer);
        }
        if dressing {
            self.meaning.name.push(Asked { candidates });
            return;
        }
        if candidates.is_empty() {
            let (near, _) = vocabulary.near(&word.folded, |places| {
                !places.names.is_empty() || places.texts.len() + places.offer_names.len() > 2
            });
            if let Some(best) = near.first() {
                self.corrections.push((word.start, word.end, vocabulary.word(*best).to_owned()));
            }
            candidates = near.into_iter().map(|id| (id, Closeness::Typo)).collect();
        }
        self.meaning.name_only += 1;
        let asked = Asked { candidates };
        self.meaning.name.push(asked.clone());
        self.meaning.words.push(asked);
    }

    /// Whether the word is the last one and perhaps unfinished.
    fn may_go_on(&self, at: usize) -> bool {
        self.ends_open && at + 1 == self.words.len() && self.words[at].folded.len() >= 2
    }

    fn finish(mut self) -> Meaning {
        let meaning = &mut self.meaning;
        let nothing_known = meaning.words.iter().any(|asked| asked.candidates.is_empty());
        // Next to a word nobody knows, a guess is more likely noise than help.
        if nothing_known {
            meaning.wanted.retain(|wanted| wanted.closeness < Closeness::Typo);
            meaning.words.retain(|asked| asked.candidates.iter().any(|(_, closeness)| *closeness < Closeness::Typo));
        }
        let read = meaning.asks_beside_words();
        let only_figures = self.figures && meaning.name.is_empty();
        meaning.unknown = (nothing_known || only_figures) && !read && meaning.words.is_empty();
        if !meaning.unknown && !nothing_known {
            meaning.correction = corrected(self.q, &self.corrections);
        }
        self.meaning
    }
}

/// The query with what was meant in place of what was written.
fn corrected(q: &str, corrections: &[(usize, usize, String)]) -> Option<String> {
    let mut corrected = String::new();
    let mut from = 0;
    for (start, end, meant) in corrections {
        corrected.push_str(&q[from..*start]);
        corrected.push_str(meant);
        from = *end;
    }
    corrected.push_str(&q[from..]);
    Some(corrected).filter(|text| !corrections.is_empty() && text != q)
}

//! Products in a query, and the words after them that say which kind.

use super::{Asked, Reader, Wanted};
use crate::lexicon::ProductId;
use crate::phrases::{Closeness, Reading, Standing};
use crate::signs::{asks_delivery, certification, dresses};
use crate::text::{Word, is_function_word, links};

/// A guess that few sell stands aside for one that many sell.
const RARELY: usize = 4;

impl Reader<'_> {
    /// The longest product phrase at `at`; the last word of the query may be unfinished.
    pub(super) fn product(&self, at: usize, limit: Closeness) -> Option<Reading> {
        let phrases = self.corpus.lexicon.phrases();
        let clause = self.clause(at);
        let whole = phrases.longest(clause, limit);
        let open = self.ends_open && at + clause.len() == self.words.len() && !is_function_word(&clause[0].folded);
        let open = if open { phrases.unfinished(clause, limit) } else { None };
        match (whole, open) {
            (Some(whole), Some(open)) => {
                let slip = whole.closeness == Closeness::Stem || whole.standing == Standing::Misspelling;
                let unfinished = open.words == whole.words && slip;
                Some(if unfinished || open.words > whole.words { open } else { whole })
            }
            (None, open) => open.filter(|_| clause[0].folded.len() >= 2),
            (whole, None) => whole,
        }
    }

    /// The words from `at` to the next mark that separates.
    fn clause(&self, at: usize) -> &[Word] {
        let rest = &self.words[at..];
        let separates =
            |pair: &[Word]| self.q[pair[0].end..pair[1].start].contains([',', ';', '/', '+', '&', '?', '!']);
        let end = rest.windows(2).position(separates).map_or(rest.len(), |last| last + 1);
        &rest[..end]
    }

    /// *Pain au choolat* is more than bread: when the word after a product means nothing, a slip may be in it.
    pub(super) fn longer_misspelt(&self, at: usize, written: &Reading) -> Option<Reading> {
        let doubtful = written.standing == Standing::Misspelling || self.is_unexplained(at + written.words);
        let guess = if doubtful { self.product(at, Closeness::Typo) } else { None };
        guess.filter(|guess| guess.words > written.words)
    }

    /// Whether a phrase may begin with this word, but for a slip in the next.
    pub(super) fn begins_misspelt_phrase(&self, at: usize) -> bool {
        self.corpus.lexicon.phrases().knows(&self.words[at].folded) && self.is_unexplained(at + 1)
    }

    /// Whether the next word with a meaning is none that anybody knows.
    fn is_unexplained(&self, at: usize) -> bool {
        let Some(next) = (at..self.words.len()).find(|next| !links(&self.words[*next].folded)) else { return false };
        let folded = &self.words[next].folded;
        !(is_function_word(folded)
            || dresses(folded)
            || asks_delivery(folded)
            || certification(&self.words[next..]).is_some()
            || self.corpus.lexicon.phrases().knows(folded)
            || self.known(folded)
            || self.product(next, Closeness::Stem).is_some_and(|r| r.standing != Standing::Misspelling)
            || (at..=next).any(|at| self.place_at(at).is_some()))
    }

    /// Whether a reading stands for a product. A variety by itself does when it is one of few: *golden*, not *rouge*.
    pub(super) fn is_product(&self, reading: &Reading) -> bool {
        reading.standing != Standing::Variety || reading.products.len() <= 2 && !self.has_product()
    }

    pub(super) fn take_product(&mut self, at: usize, mut reading: Reading) -> usize {
        if reading.closeness >= Closeness::Prefix {
            self.put_likeliest_first(&mut reading);
        }
        let (product, used) = (reading.products[0], reading.words);
        self.note_correction(at, &reading);
        self.add_name(at, used);
        let start = match self.last_product {
            Some((start, end)) if end == at && self.clause(at - 1).len() > 1 => Some(start),
            _ => None,
        };
        if let Some(start) = start
            && let Some(qualifiers) = self.one_product(start, at, &reading)
            && let Some(wanted) = self.meaning.wanted.last_mut()
        {
            wanted.qualifiers.extend(qualifiers);
            (wanted.products, wanted.strict) = (reading.products, true);
        } else {
            self.want(at, reading);
        }
        let total = used + self.qualify(product, at + used);
        self.last_product = Some((start.unwrap_or(at), at + total));
        total
    }

    /// The qualifiers when a product just before and this one are one: *cerises burlat*, or *salers* before *bœuf*.
    fn one_product(&self, start: usize, at: usize, reading: &Reading) -> Option<Vec<Asked>> {
        let product = reading.products[0];
        if self.meaning.wanted.last()?.products[0] == product {
            return Some(self.asked(at, reading.words));
        }
        let before = &self.words[start..at];
        let is_variety = self.corpus.lexicon.variety(product, before) == Some(before.len());
        is_variety.then(|| self.asked(start, before.len()))
    }

    fn want(&mut self, at: usize, reading: Reading) {
        let strict = reading.standing == Standing::Variety;
        // Who writes *tarte aux abricots* has that one in mind, though it is one way to name a tart.
        let telling = strict || reading.standing == Standing::Synonym && reading.words > 1;
        let qualifiers = if telling { self.asked(at, reading.words) } else { Vec::new() };
        let others = if reading.closeness == Closeness::Prefix { reading.others } else { Vec::new() };
        let (products, closeness) = (reading.products, reading.closeness);
        self.meaning.wanted.push(Wanted { products, others, closeness, qualifiers, strict });
    }

    /// Takes the words after a product that say which kind of it; returns how many they are.
    fn qualify(&mut self, product: ProductId, from: usize) -> usize {
        let mut at = from;
        while let Some((used, qualifiers)) = self.qualifiers(product, at) {
            self.add_name(at, used);
            if let Some(wanted) = self.meaning.wanted.last_mut() {
                wanted.qualifiers.extend(qualifiers);
                wanted.strict = true;
            }
            at += used;
        }
        at - from
    }

    fn qualifiers(&self, product: ProductId, at: usize) -> Option<(usize, Vec<Asked>)> {
        if at >= self.words.len() || self.clause(at - 1).len() < 2 {
            return None;
        }
        let clause = self.clause(at);
        let small = clause.iter().take_while(|w| links(&w.folded)).count();
        if certification(&clause[small..]).is_some() {
            return None;
        }
        if let Some(used) = self.corpus.lexicon.variety(product, clause) {
            return Some((used, self.asked(at, used)));
        }
        // *Courge longue* is a way to say squash, and *longue de Nice* a variety of it.
        if let Some(used) = self.corpus.lexicon.variety(product, self.clause(at - 1)).filter(|used| *used > 1) {
            return Some((used - 1, self.asked(at, used - 1)));
        }
        let word = clause.get(small).filter(|w| !is_function_word(&w.folded) && !dresses(&w.folded))?;
        let read = self.product(at + small, Closeness::Stem);
        if read.is_some_and(|r| r.closeness < Closeness::Prefix && r.standing != Standing::Variety)
            || asks_delivery(&word.folded)
            || self.place_at(at).or_else(|| self.place_at(at + small)).is_some()
        {
            return None;
        }
        let asked = self.said_of(product, at + small)?;
        Some((small + 1, vec![asked]))
    }

    /// The word as suppliers use it in names of offers of the product: *plat* of parsley.
    fn said_of(&self, product: ProductId, at: usize) -> Option<Asked> {
        let vocabulary = &self.corpus.vocabulary;
        let typed = &self.words[at].folded;
        let mut candidates = vocabulary.same(typed);
        if self.may_go_on(at) {
            candidates.extend(vocabulary.beginning(typed, 60).map(|id| (id, Closeness::Prefix)));
        }
        candidates.retain(|(word, _)| self.corpus.is_said_of(*word, product));
        candidates.dedup_by_key(|(word, _)| *word);
        if candidates.is_empty() { None } else { Some(Asked { candidates }) }
    }

    fn note_correction(&mut self, at: usize, reading: &Reading) {
        if reading.closeness == Closeness::Typo || reading.standing == Standing::Misspelling {
            let (start, end) = (self.words[at].start, self.words[at + reading.words - 1].end);
            let plural = self.words[at].folded.ends_with(['s', 'x']);
            let product = self.corpus.lexicon.product(reading.products[0]);
            let meant = if plural { &product.plural } else { &product.singular };
            self.corrections.push((start, end, meant.clone()));
        }
    }

    /// Of several products a guess may mean, the one most suppliers sell; a misspelling does not mean the rare ones.
    fn put_likeliest_first(&self, reading: &mut Reading) {
        let sold = |product: &ProductId| self.corpus.offer_count(*product);
        reading.products.sort_by_cached_key(|product| std::cmp::Reverse(sold(product)));
        if reading.closeness == Closeness::Typo {
            let most = reading.products.first().map_or(0, sold);
            reading.products.retain(|product| sold(product) * RARELY >= most);
        }
    }
}

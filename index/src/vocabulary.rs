//! The words that occur in the corpus, where they occur, and which of them a typed word may stand for.

use std::collections::HashMap;

use crate::phrases::{Closeness, alike_cost};
use crate::text::{letters, singular, slips, sound, spelt_out, stem, tolerance, too_different};

/// Place of a word in the vocabulary.
pub(crate) type WordId = u32;

/// Where one word occurs; every list is ascending.
#[derive(Debug, Default)]
pub(crate) struct Places {
    /// Suppliers with the word in their name.
    pub names: Vec<u32>,
    /// Distinct offer names with the word.
    pub offer_names: Vec<u32>,
    /// Suppliers with the word in their description.
    pub texts: Vec<u32>,
}

/// All words of the corpus.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    ids: HashMap<Box<str>, WordId>,
    words: Vec<Box<str>>,
    places: Vec<Places>,
    letters: Vec<u32>,
    by_stem: HashMap<Box<str>, Vec<WordId>>,
    by_sound: HashMap<Box<str>, Vec<WordId>>,
    sorted: Vec<WordId>,
    sorted_up_to: usize,
}

impl Vocabulary {
    pub(crate) fn add(&mut self, folded: &str) -> WordId {
        let folded = spelt_out(folded);
        if let Some(id) = self.ids.get(folded) {
            return *id;
        }
        let id = WordId::try_from(self.words.len()).expect("fewer than 4 billion words");
        self.ids.insert(folded.into(), id);
        self.words.push(folded.into());
        self.places.push(Places::default());
        self.letters.push(letters(folded));
        self.by_stem.entry(stem(folded).into()).or_default().push(id);
        self.by_sound.entry(sound(folded).into()).or_default().push(id);
        id
    }

    pub(crate) fn word(&self, id: WordId) -> &str {
        &self.words[id as usize]
    }

    pub(crate) fn places(&self, id: WordId) -> &Places {
        &self.places[id as usize]
    }

    pub(crate) fn places_mut(&mut self, id: WordId) -> &mut Places {
        &mut self.places[id as usize]
    }

    /// Puts the words added since the last call in alphabetical order, for prefixes.
    pub(crate) fn sort(&mut self) {
        if self.sorted_up_to == self.words.len() {
            return;
        }
        let fresh = WordId::try_from(self.sorted_up_to).expect("as in add")
            ..WordId::try_from(self.words.len()).expect("as in add");
        self.sorted.extend(fresh);
        let words = &self.words;
        self.sorted.sort_by(|a, b| words[*a as usize].cmp(&words[*b as usize]));
        self.sorted_up_to = self.words.len();
    }

    pub(crate) fn shrink(&mut self) {
        for places in &mut self.places {
            places.names.shrink_to_fit();
            places.offer_names.shrink_to_fit();
            places.texts.shrink_to_fit();
        }
    }

    /// The same word: written alike, then in another number or gender.
    pub(crate) fn same(&self, folded: &str) -> Vec<(WordId, Closeness)> {
        let folded = spelt_out(folded);
        let mut found: Vec<(WordId, Closeness)> = Vec::new();
        for id in self.by_stem.get(stem(folded).as_str()).into_iter().flatten() {
            let exact = singular(self.word(*id)) == singular(folded);
            found.push((*id, if exact { Closeness::Exact } else { Closeness::Stem }));
        }
        found.sort_by_key(|(id, closeness)| (*closeness, *id));
        found
    }

    /// Words that begin with these letters, at most `limit`.
    pub(crate) fn beginning(&self, folded: &str, limit: usize) -> impl Iterator<Item = WordId> {
        let from = self.sorted.partition_point(|id| self.word(*id) < folded);
        self.sorted[from..].iter().copied().take_while(move |id| self.word(*id).starts_with(folded)).take(limit)
    }

    /// Words near this one by sound or by a slip or two: the nearest only, those that `count`, and what the slips cost.
    pub(crate) fn near(&self, folded: &str, counts: impl Fn(&Places) -> bool) -> (Vec<WordId>, u8) {
        let folded = spelt_out(folded);
        let most = tolerance(folded.len());
        let (mut found, mut best) = (Vec::new(), u8::MAX);
        if most == 0 {
            return (found, best);
        }
        let mut propose = |id: WordId, cost: u8| {
            if cost < best {
                best = cost;
                found.clear();
            }
            if cost == best && !found.contains(&id) {
                found.push(id);
            }
        };
        for id in self.by_sound.get(sound(folded).as_str()).into_iter().flatten() {
            let word = self.word(*id);
            if word.len() >= 4 && counts(self.places(*id)) {
                propose(*id, alike_cost(folded, word));
            }
        }
        let mine = letters(folded);
        for ((word, theirs), id) in self.words.iter().zip(&self.letters).zip(0..) {
            if !too_different(mine, *theirs, most)
                && word.len() >= 4
                && let Some(cost) = slips(folded, word, most)
                && counts(self.places(id))
            {
                propose(id, cost);
            }
        }
        (found, best)
    }
}

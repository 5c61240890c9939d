//! Phrases that name products, as a tree of words: reading a text walks it, keeping the longest phrase.

use std::collections::HashMap;

use crate::lexicon::ProductId;
use crate::text::{Word, edits, is_function_word, singular, sound, stem, words};

/// How near a written word is to the word of a phrase, nearest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Closeness {
    /// The same word, in the singular or the plural.
    Exact,
    /// The same word in another gender, or with a doubled letter.
    Stem,
    /// The beginning of the word (or phrase).
    Prefix,
    /// Sounds the same, or differs by a letter or two.
    Typo,
}

/// What a phrase is to its product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Standing {
    Name,
    Synonym,
    Misspelling,
    Variety,
}

/// A phrase found at the beginning of some words.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    /// Best first; several when the phrase is ambiguous or unfinished.
    pub products: Vec<ProductId>,
    /// Words it covers, function words between included.
    pub words: usize,
    pub closeness: Closeness,
    pub standing: Standing,
}

impl Reading {
    /// Puts the products that fit first, keeping the order otherwise.
    pub(crate) fn prefer(&mut self, fits: impl Fn(ProductId) -> bool) {
        self.products.sort_by_key(|id| !fits(*id));
    }
}

#[derive(Debug)]
struct Terminal {
    product: ProductId,
    standing: Standing,
    /// The phrase with its accents, to tell `pâte` from `pâté`.
    accented: String,
}

#[derive(Debug, Default)]
struct Node {
    terminals: Vec<Terminal>,
    children: HashMap<u32, u32>,
}

/// The tree and the words it is made of.
#[derive(Debug, Default)]
pub(crate) struct Phrases {
    nodes: Vec<Node>,
    tokens: Vec<String>,
    by_singular: HashMap<String, u32>,
    by_stem: HashMap<String, Vec<u32>>,
    by_sound: HashMap<String, Vec<u32>>,
}

/// Longest run of words a reading looks at.
const REACH: usize = 12;

impl Phrases {
    pub(crate) fn add(&mut self, phrase: &str, product: ProductId, standing: Standing) {
        if self.nodes.is_empty() {
            self.nodes.push(Node::default());
        }
        let content: Vec<Word> = words(phrase).into_iter().filter(|w| !is_function_word(&w.folded)).collect();
        let mut node = 0_usize;
        for word in &content {
            let token = self.token(singular(&word.folded));
            let fresh = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
            let next = *self.nodes[node].children.entry(token).or_insert(fresh);
            if next == fresh {
                self.nodes.push(Node::default());
            }
            node = next as usize;
        }
        if node == 0 {
            return;
        }
        let accented = accented(&content);
        let terminals = &mut self.nodes[node].terminals;
        if !terminals.iter().any(|t| t.product == product && t.accented == accented && t.standing <= standing) {
            terminals.push(Terminal { product, standing, accented });
            terminals.sort_by_key(|t| t.standing);
        }
    }

    fn token(&mut self, word: &str) -> u32 {
        if let Some(id) = self.by_singular.get(word) {
            return *id;
        }
        let id = u32::try_from(self.tokens.len()).unwrap_or(u32::MAX);
        self.tokens.push(word.to_owned());
        self.by_singular.insert(word.to_owned(), id);
        self.by_stem.entry(stem(word)).or_default().push(id);
        self.by_sound.entry(sound(word)).or_default().push(id);
        id
    }

    /// Whether a folded word is part of a phrase, in the singular or the plural.
    pub(crate) fn knows(&self, folded: &str) -> bool {
        self.by_singular.contains_key(singular(folded))
    }

    /// Words of phrases that a written word may stand for, no farther than `limit`, nearest first.
    fn candidates(&self, word: &Word, limit: Closeness) -> Vec<(u32, Closeness)> {
        if let Some(id) = self.by_singular.get(singular(&word.folded)) {
            return vec![(*id, Closeness::Exact)];
        }
        if limit >= Closeness::Stem
            && let Some(ids) = self.by_stem.get(&stem(&word.folded))
        {
            return ids.iter().map(|id| (*id, Closeness::Stem)).collect();
        }
        if limit < Closeness::Typo { Vec::new() } else { self.near(&word.folded) }
    }

    /// Words that sound like this one or differ by a letter (two when long), the nearest only.
    pub(crate) fn near(&self, folded: &str) -> Vec<(u32, Closeness)> {
        let one = singular(folded);
        let reach = match one.len() {
            0..=3 => return Vec::new(),
            4..=7 => 1,
            _ => 2,
        };
        let mut best = usize::MAX;
        let mut found: Vec<u32> = Vec::new();
        let mut propose = |id: u32, cost: usize| {
            if cost < best {
                best = cost;
                found.clear();
            }
            if cost == best && !found.contains(&id) {
                found.push(id);
            }
        };
        // One letter and the sound: cost 1. The sound alone or one letter alone: 2. Two letters: 4.
        for id in self.by_sound.get(&sound(one)).into_iter().flatten() {
            let close = edits(one, &self.tokens[*id as usize], 1).is_some();
            if close || one.len() >= 5 || self.tokens[*id as usize].len() >= 5 {
                propose(*id, if close { 1 } else { 2 });
            }
        }
        for (id, token) in self.tokens.iter().enumerate() {
            if token.len() >= 4
                && let Some(cost) = edits(one, token, reach)
            {
                propose(u32::try_from(id).unwrap_or(u32::MAX), 2 * cost);
            }
        }
        found.into_iter().map(|id| (id, Closeness::Typo)).collect()
    }

    /// A word of phrases, by its number.
    pub(crate) fn word(&self, token: u32) -> &str {
        &self.tokens[token as usize]
    }

    /// The longest phrase at the beginning of `words`; the nearest one among equally long.
    pub(crate) fn longest(&self, words: &[Word], limit: Closeness) -> Option<Reading> {
        let words = &words[..words.len().min(REACH)];
        if words.first().is_none_or(|w| is_function_word(&w.folded)) || self.nodes.is_empty() {
            return None;
        }
        let mut best: Option<(usize, Closeness, u32)> = None;
        self.walk(words, 0, 0, Closeness::Exact, limit, &mut best);
        let (used, closeness, node) = best?;
        let (products, standing) = self.settle(node, &words[..used]);
        Some(Reading { products, words: used, closeness, standing })
    }

    fn walk(
        &self,
        words: &[Word],
        at: usize,
        node: u32,
        so_far: Closeness,
        limit: Closeness,
        best: &mut Option<(usize, Closeness, u32)>,
    ) {
        let here = &self.nodes[node as usize];
        if at > 0 && !here.terminals.is_empty() && best.is_none_or(|(used, near, _)| (at, near) > (used, so_far)) {
            *best = Some((at, so_far, node));
        }
        let mut next = at;
        while next > 0 && words.get(next).is_some_and(|w| is_function_word(&w.folded)) {
            next += 1;
        }
        let Some(word) = words.get(next) else { return };
        if here.children.is_empty() {
            return;
        }
        for (token, closeness) in self.candidates(word, limit) {
            if let Some(child) = here.children.get(&token) {
                self.walk(words, next + 1, *child, so_far.max(closeness), limit, best);
            }
        }
    }

    /// The products a node stands for: those written with the same accents when that tells them apart.
    fn settle(&self, node: u32, words: &[Word]) -> (Vec<ProductId>, Standing) {
        let terminals = &self.nodes[node as usize].terminals;
        let content: Vec<Word> = words.iter().filter(|w| !is_function_word(&w.folded)).cloned().collect();
        let written = accented(&content);
        let exact = terminals.iter().any(|t| t.accented == written && t.standing != Standing::Variety);
        let mut products: Vec<ProductId> = Vec::new();
        let standing =
            terminals.iter().find(|t| !exact || t.accented == written).map_or(Standing::Name, |t| t.standing);
        for terminal in terminals {
            let same = !exact || terminal.accented == written;
            let varieties = terminal.standing == Standing::Variety && standing != Standing::Variety;
            if same && !varieties && !products.contains(&terminal.product) {
                products.push(terminal.product);
            }
        }
        (products, standing)
    }

    /// Products whose phrase begins with all of `words`, the last one unfinished. The shortest ways to finish come
    /// back; longer phrases are narrower products and follow from them.
    pub(crate) fn unfinished(&self, words: &[Word], limit: Closeness) -> Option<Reading> {
        let content: Vec<&Word> = words.iter().filter(|w| !is_function_word(&w.folded)).collect();
        let (last, before) = content.split_last()?;
        if content.len() > REACH || self.nodes.is_empty() {
            return None;
        }
        let mut node = 0;
        for word in before {
            let tokens = self.candidates(word, limit);
            node = tokens.iter().find_map(|(token, _)| self.nodes[node as usize].children.get(token).copied())?;
        }
        let mut products = Vec::new();
        let mut depth = usize::MAX;
        for (token, child) in &self.nodes[node as usize].children {
            let text = &self.tokens[*token as usize];
            if text.starts_with(&last.folded) || text == singular(&last.folded) {
                self.shallowest(*child, 0, &mut depth, &mut products);
            }
        }
        products.sort_unstable();
        products.dedup();
        (!products.is_empty()).then(|| Reading {
            products,
            words: words.len(),
            closeness: Closeness::Prefix,
            standing: Standing::Name,
        })
    }

    fn shallowest(&self, node: u32, level: usize, depth: &mut usize, products: &mut Vec<ProductId>) {
        let here = &self.nodes[node as usize];
        let mut named =
            here.terminals.iter().filter(|t| matches!(t.standing, Standing::Name | Standing::Synonym)).peekable();
        if named.peek().is_some() {
            products.extend(named.map(|t| t.product));
            *depth = level.min(*depth);
            return;
        }
        for child in here.children.values() {
            self.shallowest(*child, level + 1, depth, products);
        }
    }

    /// How many of the first words name a variety of a product that `fits`.
    pub(crate) fn variety(&self, words: &[Word], fits: impl Fn(ProductId) -> bool) -> Option<usize> {
        let mut node = 0;
        let mut longest = None;
        for (at, word) in words.iter().take(REACH).enumerate() {
            if at > 0 && is_function_word(&word.folded) {
                continue;
            }
            let tokens = self.candidates(word, Closeness::Stem);
            let Some(child) = tokens.iter().find_map(|(token, _)| self.nodes.get(node as usize)?.children.get(token))
            else {
                break;
            };
            node = *child;
            let here = &self.nodes[node as usize];
            if here.terminals.iter().any(|t| t.standing == Standing::Variety && fits(t.product)) {
                longest = Some(at + 1);
            }
        }
        longest
    }
}

/// The phrase in the singular with its accents.
fn accented(content: &[Word]) -> String {
    let mut out = String::new();
    for word in content {
        if !out.is_empty() {
            out.push(' ');
        }
        let cut = word.folded.len() - singular(&word.folded).len();
        let keep = word.accented.chars().count().saturating_sub(cut);
        out.extend(word.accented.chars().take(keep));
    }
    out
}

//! Phrases that name products, as a tree of words: reading a text walks it, keeping the longest phrase.

mod near;
mod read;

pub(crate) use near::alike_cost;

use std::collections::HashMap;

use crate::lexicon::ProductId;
use crate::text::{Word, is_function_word, letters, singular, sound, spelt_out, stem, words};

/// How near a written word is to the word of a phrase, nearest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Closeness {
    /// The same word, in the singular or the plural.
    Exact,
    /// The same word in another gender, or with a doubled letter.
    Stem,
    /// The beginning of the word (or phrase).
    Prefix,
    /// Sounds the same, or differs by a slip or two.
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
    /// Several when the phrase is ambiguous, misspelt or unfinished.
    pub products: Vec<ProductId>,
    /// Products the same letters may mean with less right: *pates* is pasta before it is pâté, *cail* is quail before it
    /// is curd.
    pub others: Vec<ProductId>,
    /// Words it covers, function words between included.
    pub words: usize,
    pub closeness: Closeness,
    /// What the slips of the pen in it cost.
    pub slips: u8,
    pub standing: Standing,
}

impl Reading {
    /// The product meant, when it is known what fits.
    pub(crate) fn meant(&self, fits: impl Fn(ProductId) -> bool) -> ProductId {
        self.products.iter().chain(&self.others).copied().find(|id| fits(*id)).unwrap_or(self.products[0])
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
    /// A small word may stand before the last word: *pomme de terre*, unlike *pomme golden*.
    linked: bool,
}

impl Node {
    /// Whether a phrase that is more than a variety ends here.
    fn is_name(&self) -> bool {
        self.terminals.iter().any(|t| t.standing < Standing::Variety)
    }
}

#[derive(Debug)]
struct Token {
    word: String,
    letters: u32,
    /// It stands in a phrase that is no misspelling.
    proper: bool,
}

/// The tree and the words it is made of.
#[derive(Debug)]
pub(crate) struct Phrases {
    nodes: Vec<Node>,
    tokens: Vec<Token>,
    by_singular: HashMap<String, u32>,
    by_stem: HashMap<String, Vec<u32>>,
    by_sound: HashMap<String, Vec<u32>>,
}

const ROOT: u32 = 0;

impl Phrases {
    pub(crate) fn new() -> Self {
        Self {
            nodes: vec![Node::default()],
            tokens: Vec::new(),
            by_singular: HashMap::new(),
            by_stem: HashMap::new(),
            by_sound: HashMap::new(),
        }
    }

    pub(crate) fn add(&mut self, phrase: &str, product: ProductId, standing: Standing) {
        let written = words(phrase);
        let content = content(&written);
        let mut node = ROOT;
        let mut end = 0;
        for word in &content {
            let token = self.token(&word.folded, standing != Standing::Misspelling);
            let fresh = u32::try_from(self.nodes.len()).expect("fewer than 4 billion nodes");
            let next = *self.nodes[node as usize].children.entry(token).or_insert(fresh);
            if next == fresh {
                self.nodes.push(Node::default());
            }
            node = next;
            let between = phrase[end..word.start].trim_matches(|c: char| !c.is_alphanumeric());
            self.nodes[node as usize].linked |= !between.is_empty();
            end = word.end;
        }
        if node == ROOT {
            return;
        }
        let accented = accented(&content);
        let terminals = &mut self.nodes[node as usize].terminals;
        if !terminals.iter().any(|t| t.product == product && t.accented == accented && t.standing <= standing) {
            terminals.push(Terminal { product, standing, accented });
            terminals.sort_by_key(|t| t.standing);
        }
    }

    fn token(&mut self, folded: &str, proper: bool) -> u32 {
        let word = singular(spelt_out(folded));
        if let Some(id) = self.by_singular.get(word) {
            self.tokens[*id as usize].proper |= proper;
            return *id;
        }
        let id = u32::try_from(self.tokens.len()).expect("fewer than 4 billion words");
        self.tokens.push(Token { word: word.to_owned(), letters: letters(word), proper });
        self.by_singular.insert(word.to_owned(), id);
        self.by_stem.entry(stem(word)).or_default().push(id);
        self.by_sound.entry(sound(word)).or_default().push(id);
        id
    }

    fn node(&self, at: u32) -> &Node {
        &self.nodes[at as usize]
    }

    /// Whether a folded word stands in a phrase.
    pub(crate) fn knows(&self, folded: &str) -> bool {
        self.by_singular.get(singular(folded)).is_some_and(|id| self.tokens[*id as usize].proper)
    }

    /// Whether a folded word by itself names a product.
    pub(crate) fn names(&self, folded: &str) -> bool {
        let child = self.by_singular.get(singular(folded)).and_then(|token| self.node(ROOT).children.get(token));
        child.is_some_and(|node| self.node(*node).is_name())
    }
}

/// The words of a phrase that tell it: function words go, unless they end it (*pain de son*, *maïs*).
fn content(words: &[Word]) -> Vec<&Word> {
    let last = words.len().saturating_sub(1);
    words.iter().enumerate().filter(|(at, w)| *at == last || !is_function_word(&w.folded)).map(|(_, w)| w).collect()
}

/// The phrase in the singular with its accents.
fn accented(content: &[&Word]) -> String {
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

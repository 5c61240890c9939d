//! Reading phrases in a text: the longest one, one that is not finished, a variety after a product.

use std::cell::OnceCell;
use std::cmp::Reverse;
use std::rc::Rc;

use super::near::Candidate;
use super::{Closeness, Phrases, ROOT, Reading, Standing, accented, content};
use crate::lexicon::ProductId;
use crate::text::{Word, is_function_word, links, singular};

/// Longest run of words a reading looks at.
const REACH: usize = 12;

/// What is wrong with the spelling: how near, and what the slips cost.
type Spelling = (Closeness, u8);

/// Phrases found so far that are equally good.
#[derive(Default)]
struct Best {
    /// More than a variety, words covered, then the spelling: the greater, the better.
    merit: Option<(bool, usize, Reverse<Spelling>)>,
    nodes: Vec<u32>,
}

/// The search for the longest phrase. What a word may stand for is looked up once, however many phrases reach it.
struct Walk<'a> {
    phrases: &'a Phrases,
    words: &'a [Word],
    limit: Closeness,
    near: Vec<OnceCell<Rc<[Candidate]>>>,
    best: Best,
}

impl Walk<'_> {
    fn step(&mut self, at: usize, node: u32, so_far: Spelling) {
        let here = self.phrases.node(node);
        if at > 0 && !here.terminals.is_empty() {
            // *Myrtilles sauvages* are berries before they are what a tart may be made with.
            let merit = Some((here.is_name(), at, Reverse(so_far)));
            if merit > self.best.merit {
                self.best = Best { merit, nodes: vec![node] };
            } else if merit == self.best.merit {
                self.best.nodes.push(node);
            }
        }
        for next in at..self.words.len() {
            if here.children.is_empty() {
                return;
            }
            let passed_over = next > 0 && is_function_word(&self.words[next].folded);
            let limit = if passed_over { Closeness::Exact } else { self.limit };
            let look_up = || self.phrases.candidates(&self.words[next].folded, limit).into();
            let near = Rc::clone(self.near[next].get_or_init(look_up));
            for (token, closeness, slips) in near.iter() {
                if let Some(child) = here.children.get(token) {
                    self.step(next + 1, *child, (so_far.0.max(*closeness), so_far.1.saturating_add(*slips)));
                }
            }
            if !passed_over {
                return;
            }
        }
    }
}

/// A way to finish what was typed: 0 for the name of a product, 1 for another word for it or a name of several words, 2
/// for both.
type Finish = (u8, ProductId);

impl Phrases {
    /// The longest phrase at the beginning of `words`; the nearest one among equally long.
    pub(crate) fn longest(&self, words: &[Word], limit: Closeness) -> Option<Reading> {
        let words = &words[..words.len().min(REACH)];
        let first = words.first()?;
        if is_function_word(&first.folded) && first.accented == first.folded && words.len() > 1 {
            return None;
        }
        let mut walk =
            Walk { phrases: self, words, limit, near: vec![OnceCell::new(); words.len()], best: Best::default() };
        walk.step(0, ROOT, (Closeness::Exact, 0));
        let (_, used, Reverse(spelling)) = walk.best.merit?;
        Some(self.settle(&walk.best.nodes, &words[..used], spelling))
    }

    /// The products that nodes stand for: those written with the same accents when that tells them apart, and a name
    /// before a way to call something else.
    fn settle(&self, nodes: &[u32], words: &[Word], (closeness, slips): Spelling) -> Reading {
        let terminals = || nodes.iter().flat_map(|node| &self.node(*node).terminals);
        let written = accented(&content(words));
        let exact = terminals().any(|t| t.accented == written && t.standing != Standing::Variety);
        let fitting = || terminals().filter(|t| !exact || t.accented == written);
        let standing = fitting().map(|t| t.standing).min().unwrap_or(Standing::Name);
        let (mut products, mut others): (Vec<ProductId>, Vec<ProductId>) = (Vec::new(), Vec::new());
        for terminal in fitting() {
            let list = if terminal.standing == standing { &mut products } else { &mut others };
            if !list.contains(&terminal.product) {
                list.push(terminal.product);
            }
        }
        Reading { products, others, words: words.len(), closeness, slips, standing }
    }

    /// Products whose phrase begins with all of `words`, the last one unfinished. The shortest ways to finish come
    /// back; longer phrases are narrower products and follow from them.
    pub(crate) fn unfinished(&self, words: &[Word], limit: Closeness) -> Option<Reading> {
        let (last, before) = words.split_last()?;
        if words.len() > REACH {
            return None;
        }
        let mut node = ROOT;
        let mut tied = true;
        for word in before {
            if is_function_word(&word.folded) {
                tied &= links(&word.folded);
                continue;
            }
            let tokens = self.candidates(&word.folded, limit);
            node = tokens.iter().find_map(|(token, ..)| self.node(node).children.get(token).copied())?;
            tied = true;
        }
        let mut found = self.beginning_with(node, &last.folded);
        if found.is_empty() && node != ROOT && tied && links(&last.folded) {
            // *Pommes de*: whatever is tied to apples by a small word.
            found = self.beginning_with(node, "");
        }
        // After a first word, *pommes de t* means the product of that name rather than a rarer way to call another.
        let best = found.iter().map(|finish| finish.0).min()?;
        found.retain(|finish| node == ROOT || finish.0 == best);
        found.sort_unstable();
        let (mut products, mut others): (Vec<ProductId>, Vec<ProductId>) = (Vec::new(), Vec::new());
        for (detour, product) in found {
            if !products.contains(&product) && !others.contains(&product) {
                if detour == best { products.push(product) } else { others.push(product) }
            }
        }
        Some(Reading {
            products,
            others,
            words: words.len(),
            closeness: Closeness::Prefix,
            slips: 0,
            standing: Standing::Name,
        })
    }

    /// Ways to finish below a node with a word that begins with these letters; without letters, those tied by a small
    /// word.
    fn beginning_with(&self, node: u32, letters: &str) -> Vec<Finish> {
        let mut found = Vec::new();
        for (token, child) in &self.node(node).children {
            let word = &self.tokens[*token as usize].word;
            let fits = word.starts_with(letters) || word == singular(letters);
            if fits && (!letters.is_empty() || self.node(*child).linked) {
                self.shallowest(*child, 0, &mut found);
            }
        }
        found
    }

    /// The nearest named products at or below a node, along each branch.
    fn shallowest(&self, node: u32, below: u8, found: &mut Vec<Finish>) {
        let here = self.node(node);
        let before = found.len();
        let named = here.terminals.iter().filter(|t| t.standing <= Standing::Synonym);
        found.extend(named.map(|t| (below + u8::from(t.standing == Standing::Synonym), t.product)));
        if found.len() == before {
            here.children.values().for_each(|child| self.shallowest(*child, 1, found));
        }
    }

    /// How many of the first words name a variety of a product that `fits`; small words may come first (*au miel*).
    pub(crate) fn variety(&self, words: &[Word], fits: impl Fn(ProductId) -> bool) -> Option<usize> {
        let mut node = ROOT;
        let mut longest = None;
        for (at, word) in words.iter().take(REACH).enumerate() {
            let tokens = self.candidates(&word.folded, Closeness::Stem);
            match tokens.iter().find_map(|(token, ..)| self.node(node).children.get(token)) {
                Some(child) => node = *child,
                None if links(&word.folded) => continue,
                None => break,
            }
            if self.node(node).terminals.iter().any(|t| t.standing == Standing::Variety && fits(t.product)) {
                longest = Some(at + 1);
            }
        }
        longest
    }
}

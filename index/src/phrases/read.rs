//! Reading phrases in a text: the longest one, one that is not finished, a variety after a product.

use super::{Closeness, Phrases, ROOT, Reading, Standing, accented, content};
use crate::lexicon::ProductId;
use crate::text::{Word, is_function_word, links, singular};

/// Longest run of words a reading looks at.
const REACH: usize = 12;

/// Phrases found so far that are equally good.
#[derive(Default)]
struct Best {
    /// More than a variety, words covered, then what is wrong with the spelling: the greater, the better.
    merit: Option<(bool, usize, std::cmp::Reverse<(Closeness, u8)>)>,
    nodes: Vec<u32>,
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
        let mut best = Best::default();
        self.walk(words, 0, ROOT, (Closeness::Exact, 0), limit, &mut best);
        let (_, used, std::cmp::Reverse(spelling)) = best.merit?;
        Some(self.settle(&best.nodes, &words[..used], spelling))
    }

    fn walk(&self, words: &[Word], at: usize, node: u32, so_far: (Closeness, u8), limit: Closeness, best: &mut Best) {
        let here = self.node(node);
        if at > 0 && !here.terminals.is_empty() {
            // *Myrtilles sauvages* are berries before they are what a tart may be made with.
            let merit = Some((here.is_name(), at, std::cmp::Reverse(so_far)));
            if merit > best.merit {
                *best = Best { merit, nodes: vec![node] };
            } else if merit == best.merit {
                best.nodes.push(node);
            }
        }
        for (next, word) in words.iter().enumerate().skip(at) {
            if here.children.is_empty() {
                return;
            }
            let passed_over = next > 0 && is_function_word(&word.folded);
            for (token, closeness, slips) in
                self.candidates(&word.folded, if passed_over { Closeness::Exact } else { limit })
            {
                if let Some(child) = here.children.get(&token) {
                    let so_far = (so_far.0.max(closeness), so_far.1.saturating_add(slips));
                    self.walk(words, next + 1, *child, so_far, limit, best);
                }
            }
            if !passed_over {
                return;
            }
        }
    }

    /// The products that nodes stand for: those written with the same accents when that tells them apart, and a name
    /// before a way to call something else.
    fn settle(&self, nodes: &[u32], words: &[Word], (closeness, slips): (Closeness, u8)) -> Reading {
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

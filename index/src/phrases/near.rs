//! Words of phrases that a written word may stand for.

use super::{Closeness, Phrases};
use crate::text::{letters, singular, slips, sound, spelt_out, stem, tolerance, too_different};

/// A word of phrases, how near it is and what the slips between cost.
pub(super) type Candidate = (u32, Closeness, u8);

impl Phrases {
    /// Words of phrases that a written word may stand for, no farther than `limit`, nearest first.
    pub(super) fn candidates(&self, folded: &str, limit: Closeness) -> Vec<Candidate> {
        let folded = singular(spelt_out(folded));
        let mut found: Vec<Candidate> = Vec::new();
        if let Some(id) = self.by_singular.get(folded) {
            found.push((*id, Closeness::Exact, 0));
            if self.tokens[*id as usize].proper {
                return found;
            }
        } else if limit >= Closeness::Stem
            && let Some(ids) = self.by_stem.get(&stem(folded))
        {
            found.extend(ids.iter().map(|id| (*id, Closeness::Stem, 0)));
        }
        if limit == Closeness::Typo {
            for (id, slips) in self.near(folded) {
                if !found.iter().any(|(known, ..)| *known == id) {
                    found.push((id, Closeness::Typo, slips));
                }
            }
        }
        found
    }

    /// Words that sound like this one or are a slip or two away, with what the slips cost.
    fn near(&self, folded: &str) -> Vec<(u32, u8)> {
        let most = tolerance(folded.len());
        if most == 0 {
            return Vec::new();
        }
        let mut found: Vec<(u32, u8)> = Vec::new();
        // A slip away from a misspelling is farther than a slip away from the word.
        let farther = |id: u32| u8::from(!self.tokens[id as usize].proper);
        for id in self.by_sound.get(&sound(folded)).into_iter().flatten() {
            let word = &self.tokens[*id as usize].word;
            if folded.len() >= 5 || word.len() >= 5 {
                found.push((*id, alike_cost(folded, word) + farther(*id)));
            }
        }
        let mine = letters(folded);
        for (token, id) in self.tokens.iter().zip(0..) {
            if !too_different(mine, token.letters, most)
                && token.word.len() >= 4
                && let Some(cost) = slips(folded, &token.word, most)
            {
                let cost = cost + farther(id);
                match found.iter_mut().find(|(known, _)| *known == id) {
                    Some((_, known)) => *known = cost.min(*known),
                    None => found.push((id, cost)),
                }
            }
        }
        found
    }
}

/// What it costs that two words only sound alike: their letters count little.
pub(crate) fn alike_cost(a: &str, b: &str) -> u8 {
    2 + slips(a, b, 15).unwrap_or(15) / 3
}

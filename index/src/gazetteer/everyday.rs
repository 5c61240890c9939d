//! Ordinary words that are also, or also begin, names of communes: `lentilles`, `bains`, `verger`, `bon`.

use std::sync::LazyLock;

/// Folded words, sorted: the French words found among the names of communes, less those (`puy`, `rennes`) whose
/// ordinary sense nobody thinks of.
static WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let mut words: Vec<&str> = include_str!("everyday.txt").split_ascii_whitespace().collect();
    words.sort_unstable();
    words
});

pub(super) fn is_everyday(word: &str) -> bool {
    WORDS.binary_search(&word).is_ok()
}

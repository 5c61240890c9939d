//! French text made comparable: folding, words with their place in the original, plural and gender stripped, and a
//! key of how a word sounds. Everything works on what people type: accents, capitals and apostrophes may be missing.

mod slips;
mod sound;
mod stem;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

pub use slips::slips;
pub(crate) use slips::{letters, tolerance, too_different};
pub use sound::sound;
pub use stem::{singular, stem};

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Lower case, without accents or ligatures: `Œufs` is `oeufs`.
    pub folded: String,
    /// Lower case with its accents, to tell `pâtes` from `pâté`.
    pub accented: String,
    /// First byte in the original text.
    pub start: usize,
    /// Byte after the last in the original text.
    pub end: usize,
}

/// Lower case, no accents, ligatures written out; every other character stays.
///
/// ```
/// assert_eq!(index::text::fold("Œufs de l’Étang"), "oeufs de l'etang");
/// ```
#[must_use]
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    if text.is_ascii() {
        out.extend(text.chars().map(|c| c.to_ascii_lowercase()));
        return out;
    }
    for c in text.nfd().filter(|c| !is_combining_mark(*c)) {
        push_folded(c, &mut out);
    }
    out
}

fn push_folded(c: char, out: &mut String) {
    match c {
        'œ' | 'Œ' => out.push_str("oe"),
        'æ' | 'Æ' => out.push_str("ae"),
        'ß' => out.push_str("ss"),
        '’' | '‘' | 'ʼ' | '`' | '´' => out.push('\''),
        c => out.extend(c.to_lowercase()),
    }
}

/// Words of a text in reading order. Elided articles (`l'`, `d'`, `qu'` …) are left out, hyphens separate.
///
/// ```
/// let words: Vec<String> = index::text::words("L’huile d'olive, chou-fleur").into_iter().map(|w| w.folded).collect();
/// assert_eq!(words, ["huile", "olive", "chou", "fleur"]);
/// ```
#[must_use]
pub fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices() {
        let letter = c.is_alphanumeric() || is_combining_mark(c);
        match (letter, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                start = None;
                if !(is_apostrophe(c) && is_elision(&text[from..at])) {
                    push_word(text, from, at, &mut found);
                }
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        push_word(text, from, text.len(), &mut found);
    }
    found
}

fn push_word(text: &str, start: usize, end: usize, found: &mut Vec<Word>) {
    let folded = fold(&text[start..end]);
    if !folded.is_empty() {
        found.push(Word { folded, accented: text[start..end].nfc().collect::<String>().to_lowercase(), start, end });
    }
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '´' | '`')
}

fn is_elision(word: &str) -> bool {
    matches!(
        word.to_lowercase().as_str(),
        "l" | "d" | "j" | "m" | "t" | "s" | "n" | "c" | "qu" | "jusqu" | "lorsqu" | "puisqu"
    )
}

/// Words that carry no meaning of their own: articles, prepositions, pronouns, politeness.
#[must_use]
pub fn is_function_word(folded: &str) -> bool {
    FUNCTION_WORDS.binary_search(&folded).is_ok()
}

/// Small words inside a name: *pommes de terre*, *yaourt au miel*; unlike *et* and *pour*, what follows belongs to it.
pub(crate) fn links(folded: &str) -> bool {
    matches!(folded, "a" | "au" | "aux" | "d" | "de" | "des" | "du" | "en" | "l" | "la" | "le" | "les" | "sans")
}

/// `st` → `saint`; any other word stays.
pub(crate) fn spelt_out(folded: &str) -> &str {
    match folded {
        "st" => "saint",
        "ste" => "sainte",
        _ => folded,
    }
}

/// Sorted, folded.
const FUNCTION_WORDS: &[&str] = &[
    "a", "afin", "ai", "ainsi", "alors", "apres", "as", "au", "aucun", "aucune", "aussi", "autre", "autres", "aux",
    "avant", "avec", "avez", "avoir", "avons", "ca", "car", "ce", "ceci", "cela", "celle", "celui", "ces", "cet",
    "cette", "chez", "comme", "comment", "d", "dans", "de", "des", "dont", "du", "elle", "elles", "en", "entre", "es",
    "est", "et", "etre", "eux", "il", "ils", "j", "je", "l", "la", "le", "les", "leur", "leurs", "lui", "ma", "mais",
    "me", "meme", "mes", "moi", "mon", "n", "ne", "ni", "nos", "notre", "nous", "on", "ont", "or", "ou", "par",
    "parce", "pas", "peut", "peuvent", "peux", "plus", "pour", "pourquoi", "qu", "quand", "que", "quel", "quelle",
    "quelles", "quels", "qui", "quoi", "s", "sa", "sans", "se", "ses", "si", "soit", "son", "sont", "sous", "sur",
    "ta", "te", "tes", "toi", "ton", "tous", "tout", "toute", "toutes", "tres", "tu", "un", "une", "vers", "vos",
    "votre", "vous", "y",
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn function_words_are_sorted() {
        assert!(FUNCTION_WORDS.is_sorted());
    }

    proptest! {
        #[test]
        fn any_text_gives_words_inside_it(text in ".{0,80}") {
            for word in words(&text) {
                prop_assert!(text.is_char_boundary(word.start) && text.is_char_boundary(word.end));
                prop_assert!(!word.folded.is_empty());
                let _ = (stem(&word.folded), sound(&word.folded));
            }
        }
    }
}

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
        out.push_str(text);
        out.make_ascii_lowercase();
        return out;
    }
    for c in text.chars() {
        if c.is_ascii() {
            out.push(c.to_ascii_lowercase());
        } else if let Some(plain) = without_accent(c) {
            out.push_str(plain);
        } else {
            c.nfd().filter(|c| !is_combining_mark(*c)).for_each(|c| out.extend(c.to_lowercase()));
        }
    }
    out
}

/// The letters of French and the apostrophes, looked up; other characters are taken apart by the rules of Unicode.
fn without_accent(c: char) -> Option<&'static str> {
    Some(match c {
        'à' | 'â' | 'ä' | 'À' | 'Â' | 'Ä' => "a",
        'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => "e",
        'î' | 'ï' | 'Î' | 'Ï' => "i",
        'ô' | 'ö' | 'Ô' | 'Ö' => "o",
        'ù' | 'û' | 'ü' | 'Ù' | 'Û' | 'Ü' => "u",
        'ç' | 'Ç' => "c",
        'œ' | 'Œ' => "oe",
        'æ' | 'Æ' => "ae",
        'ß' => "ss",
        '’' | '‘' | 'ʼ' | '´' => "'",
        _ => return None,
    })
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
    let written = &text[start..end];
    let folded = fold(written);
    if folded.is_empty() {
        return;
    }
    let composed = written.chars().all(|c| c.is_ascii() || without_accent(c).is_some());
    let accented = if written.is_ascii() {
        folded.clone()
    } else if composed {
        written.to_lowercase()
    } else {
        written.nfc().collect::<String>().to_lowercase()
    };
    found.push(Word { folded, accented, start, end });
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
        fn the_table_of_letters_folds_as_unicode_does(text in "[a-zàâäçéèêëîïôöùûüÀÇÉœŒ'’]{0,20}") {
            let long_way: String = text.nfd().collect();
            prop_assert_eq!(fold(&text), fold(&long_way));
            prop_assert_eq!(words(&text).len(), words(&long_way).len());
        }

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

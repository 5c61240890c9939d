//! How names of places are compared: what people leave out, abbreviate or accent differently is the same text.

use crate::text::fold;

/// Longest text that is read, in characters; the longest name in France has 45.
const LONGEST: usize = 120;

/// Small words inside a name that people drop or shorten: "Monistrol/Loire", "Chambon Lignon".
const CONNECTORS: [&str; 19] = [
    "a", "au", "aux", "d", "de", "des", "devant", "du", "en", "es", "et", "l", "la", "le", "les", "lez", "pres",
    "sous", "sur",
];

/// The text of a place name as it is compared: `"L'Abergement-de-Varey"` → `"abergement de varey"`.
///
/// Lower case ASCII words with one space between them: accents go, `œ` → `oe`, `St` → `saint`, `s/` → `sur`, an elided
/// article (`l'`, `d'`) is dropped. Text beyond 120 characters and letters of other alphabets are ignored.
#[must_use]
pub fn key(text: &str) -> String {
    let plain = plain(text);
    let mut key = String::with_capacity(plain.len() + 4);
    let mut words = plain.split_ascii_whitespace().peekable();
    while let Some(word) = words.next() {
        if is_elided(word) && words.peek().is_some() {
            continue;
        }
        push_word(&mut key, spelt_out(word));
    }
    key
}

/// Appends a word after a space.
pub(super) fn push_word(key: &mut String, word: &str) {
    if !key.is_empty() {
        key.push(' ');
    }
    key.push_str(word);
}

/// `st` → `saint`; any other word stays.
pub(super) fn spelt_out(word: &str) -> &str {
    match word {
        "st" => "saint",
        "ste" => "sainte",
        "sts" => "saints",
        "stes" => "saintes",
        _ => word,
    }
}

pub(super) fn is_elided(word: &str) -> bool {
    matches!(word, "l" | "d")
}

pub(super) fn is_connector(word: &str) -> bool {
    CONNECTORS.contains(&word)
}

/// Bytes of the leading article with its space: 3 for `"le puy"`, 0 for `"puy"` or a lone `"le"`.
pub(super) fn article_len(key: &str) -> usize {
    ["le ", "la ", "les "].into_iter().find(|article| key.starts_with(article)).map_or(0, str::len)
}

/// The words that tell one place from another: `"le puy en velay"` → `puy`, `velay`.
pub fn telling_words(key: &str) -> impl Iterator<Item = &str> {
    key.split(' ').filter(|word| !is_connector(word))
}

/// The key without its small words when at least two others remain: `"monistrol sur loire"` → `"monistrol loire"`.
pub(super) fn bare(key: &str) -> Option<String> {
    let words: Vec<&str> = telling_words(key).collect();
    let bare = words.join(" ");
    (words.len() > 1 && bare != key && bare != key[article_len(key)..]).then_some(bare)
}

/// ASCII words with spaces between them.
fn plain(text: &str) -> String {
    let text: String = text.chars().take(LONGEST).collect();
    let mut plain = String::with_capacity(text.len());
    for char in fold(&text).chars() {
        match char {
            '/' if plain == "s" || plain.ends_with(" s") => plain.push_str("ur "),
            _ if char.is_ascii_alphanumeric() => plain.push(char),
            _ => plain.push(' '),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::{bare, key};

    #[test]
    fn a_name_is_the_same_however_it_is_typed() {
        assert_eq!(key("Saint-Julien-Chapteuil"), key("  ST  JULIEN chapteuil"));
        assert_eq!(key("L'Abergement-de-Varey"), key("l’ABERGEMENT DE VAREY"));
        assert_eq!(key("Lavoûte-sur-Loire"), key("lavoute s/Loire"));
        assert_eq!(key("Mercœur"), "mercoeur");
        assert_eq!(key("Saint-Germain-l'Herm"), "saint germain herm");
        assert_eq!(key("Saint-Germain-l"), "saint germain l");
        assert_eq!(key("東京 \u{0} !"), "");
    }

    #[test]
    fn small_words_can_be_left_out_when_two_others_remain() {
        assert_eq!(bare("monistrol sur loire").as_deref(), Some("monistrol loire"));
        assert_eq!(bare("le puy en velay").as_deref(), Some("puy velay"));
        assert_eq!(bare("le puy"), None);
        assert_eq!(bare("saint germain laprade"), None);
    }
}

//! French text made comparable: folding, words with their place in the original, plural and gender stripped, and a
//! key of how a word sounds. Everything works on what people type: accents, capitals and apostrophes may be missing.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

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

/// The singular of a folded word, by the regular rules; a word that only looks plural is cut alike on both sides.
///
/// ```
/// use index::text::singular;
/// assert_eq!(singular("poireaux"), "poireau");
/// assert_eq!(singular("choux"), "chou");
/// assert_eq!(singular("chevaux"), "cheval");
/// ```
#[must_use]
pub fn singular(folded: &str) -> &str {
    let n = folded.len();
    if n <= 3 || !folded.is_ascii() {
        return folded;
    }
    if folded.ends_with("eaux") || folded.ends_with("yaux") || folded.ends_with("oux") || folded.ends_with("eux") {
        return &folded[..n - 1];
    }
    if folded.ends_with("aux") {
        // The one plural that changes letters; the table keeps the borrow.
        return IRREGULAR.iter().find(|(plural, _)| *plural == folded).map_or(folded, |(_, one)| one);
    }
    if folded.ends_with('s') && !folded.ends_with("ss") {
        return &folded[..n - 1];
    }
    folded
}

const IRREGULAR: &[(&str, &str)] = &[
    ("animaux", "animal"),
    ("bocaux", "bocal"),
    ("chevaux", "cheval"),
    ("locaux", "local"),
    ("medicinaux", "medicinal"),
    ("regionaux", "regional"),
    ("vegetaux", "vegetal"),
];

/// What is left when plural, gender and doubled letters are gone: `vertes` and `vert`, `lentille` and `lentile` meet.
#[must_use]
pub fn stem(folded: &str) -> String {
    let base = singular(folded);
    if !base.is_ascii() || base.len() <= 3 {
        return base.to_owned();
    }
    if matches!(base, "fraiche" | "frai" | "frais") {
        return "frais".to_owned();
    }
    let mut cut = base;
    for _ in 0..2 {
        if cut.len() > 3 && cut.ends_with('e') {
            cut = &cut[..cut.len() - 1];
        }
    }
    let mut out = String::with_capacity(cut.len());
    for c in cut.chars() {
        if !out.ends_with(c) || c.is_ascii_digit() {
            out.push(c);
        }
    }
    if out.len() > 3 && out.ends_with("ch") {
        out.pop();
    }
    out
}

/// How a folded French word sounds, roughly: `yahourt` and `yaourt`, `fromaje` and `fromage`, `poirot` and `poireau`
/// have one key. Two words with one key are not always the same word: the key proposes, the caller judges.
#[must_use]
pub fn sound(folded: &str) -> String {
    let letters: Vec<u8> = folded.bytes().filter(u8::is_ascii_alphanumeric).collect();
    let mut out = String::with_capacity(letters.len());
    let mut at = 0;
    while at < letters.len() {
        let (sound, used) = sound_at(&letters[at..], at > 0);
        for c in sound.chars() {
            if !out.ends_with(c) {
                out.push(c);
            }
        }
        at += used;
    }
    while out.len() > 2 && out.ends_with(['t', 'd', 'p', 'x', 's', 'e']) {
        out.pop();
    }
    out
}

/// The sound of the letters that begin `rest`, and how many they are.
fn sound_at(rest: &[u8], inside: bool) -> (&'static str, usize) {
    const GROUPS: &[(&[u8], &str)] = &[
        (b"eaux", "o"),
        (b"eau", "o"),
        (b"oeu", "e"),
        (b"aient", "e"),
        (b"tion", "si3"),
        (b"ssion", "si3"),
        (b"sch", "C"),
        (b"ain", "1"),
        (b"ein", "1"),
        (b"aim", "1"),
        (b"ill", "i"),
        (b"gea", "ja"),
        (b"geo", "jo"),
        (b"gue", "ge"),
        (b"gui", "gi"),
        (b"ph", "f"),
        (b"ch", "C"),
        (b"qu", "k"),
        (b"gn", "N"),
        (b"au", "o"),
        (b"oe", "e"),
        (b"ai", "e"),
        (b"ei", "e"),
        (b"eu", "e"),
        (b"ou", "u"),
        (b"oi", "wa"),
        (b"oy", "wai"),
        (b"ce", "se"),
        (b"ci", "si"),
        (b"cy", "si"),
        (b"ge", "je"),
        (b"gi", "ji"),
        (b"gy", "ji"),
        (b"sc", "s"),
        (b"ck", "k"),
        (b"th", "t"),
        (b"rh", "r"),
    ];
    if let Some((group, sound)) = GROUPS.iter().find(|(group, _)| rest.starts_with(group)) {
        return (sound, group.len());
    }
    if let Some(nasal) = nasal(rest) {
        return (nasal, 2);
    }
    let one = match rest[0] {
        b'a' => "a",
        b'b' => "b",
        b'c' | b'k' | b'q' => "k",
        b'd' => "d",
        b'e' => "e",
        b'f' => "f",
        b'g' => "g",
        b'h' => "",
        b'i' | b'y' => "i",
        b'j' => "j",
        b'l' => "l",
        b'm' => "m",
        b'n' => "n",
        b'o' => "o",
        b'p' => "p",
        b'r' => "r",
        b's' => "s",
        b't' => "t",
        b'u' => "u",
        b'v' | b'w' => "v",
        b'x' => {
            if inside {
                "ks"
            } else {
                "s"
            }
        }
        b'z' => "s",
        b'0' => "0",
        b'1' => "I",
        b'2' => "II",
        b'3' => "III",
        b'4' => "4",
        b'5' => "5",
        b'6' => "6",
        b'7' => "7",
        b'8' => "8",
        _ => "9",
    };
    (one, 1)
}

/// A vowel with `n` or `m` is nasal unless a vowel or another `n`, `m` follows.
fn nasal(rest: &[u8]) -> Option<&'static str> {
    let [vowel, consonant, tail @ ..] = rest else { return None };
    if !matches!(consonant, b'n' | b'm') || tail.first().is_some_and(|c| b"aeiouynmh".contains(c)) {
        return None;
    }
    match vowel {
        b'a' | b'e' => Some("2"),
        b'i' | b'y' | b'u' => Some("1"),
        b'o' => Some("3"),
        _ => None,
    }
}

/// Number of insertions, deletions, replacements and swaps of neighbours between two words, if at most `limit`.
///
/// ```
/// assert_eq!(index::text::edits("froamge", "fromage", 2), Some(1));
/// assert_eq!(index::text::edits("pain", "poire", 1), None);
/// ```
#[must_use]
pub fn edits(a: &str, b: &str, limit: usize) -> Option<usize> {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len().abs_diff(b.len()) > limit || a.len() > 40 || b.len() > 40 {
        return None;
    }
    let mut rows = [[0_usize; 41]; 3];
    for (j, cell) in rows[0].iter_mut().enumerate() {
        *cell = j;
    }
    for i in 1..=a.len() {
        let (now, last, before) = (i % 3, (i + 2) % 3, (i + 1) % 3);
        rows[now][0] = i;
        let mut smallest = i;
        for j in 1..=b.len() {
            let mut cost = (rows[last][j] + 1)
                .min(rows[now][j - 1] + 1)
                .min(rows[last][j - 1] + usize::from(a[i - 1] != b[j - 1]));
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                cost = cost.min(rows[before][j - 2] + 1);
            }
            rows[now][j] = cost;
            smallest = smallest.min(cost);
        }
        if smallest > limit {
            return None;
        }
    }
    Some(rows[a.len() % 3][b.len()]).filter(|d| *d <= limit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plural_and_gender_meet() {
        for (a, b) in [
            ("vertes", "vert"),
            ("lentilles", "lentile"),
            ("blanches", "blanc"),
            ("hachee", "hache"),
            ("fraiche", "frais"),
            ("fermieres", "fermier"),
            ("seches", "sec"),
        ] {
            assert_eq!(stem(a), stem(b), "{a} {b}");
        }
        assert_ne!(singular("sel"), singular("selle"));
    }

    #[test]
    fn words_that_sound_alike_share_a_key() {
        for (a, b) in [
            ("yahourt", "yaourt"),
            ("fromaje", "fromage"),
            ("echallote", "echalote"),
            ("sossisse", "saucisse"),
            ("poirot", "poireau"),
            ("cabillo", "cabillaud"),
            ("rubarbe", "rhubarbe"),
        ] {
            assert_eq!(sound(a), sound(b), "{a} {b}");
        }
        assert_ne!(sound("pain"), sound("poire"));
    }

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

        #[test]
        fn edits_are_symmetric(a in "[a-e]{0,8}", b in "[a-e]{0,8}") {
            prop_assert_eq!(edits(&a, &b, 3), edits(&b, &a, 3));
        }
    }
}

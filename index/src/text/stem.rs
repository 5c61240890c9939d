//! Number and gender of folded French words.

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
    ("integraux", "integral"),
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

#[cfg(test)]
mod tests {
    use super::{singular, stem};

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
}

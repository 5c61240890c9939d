/// `text` without case, accents, ligatures, typographic apostrophes and dashes and superfluous spaces: what headings
/// and fixed words are compared by.
///
/// ```
/// assert_eq!(manger_local::tables::fold("  Œufs d’été\u{a0}: À l’Étal "), "oeufs d'ete : a l'etal");
/// ```
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for character in index::text::fold(text).chars() {
        match character {
            '–' | '—' | '‐' | '‑' => folded.push('-'),
            c if c.is_whitespace() || c == '\u{feff}' => {
                if !folded.ends_with(' ') && !folded.is_empty() {
                    folded.push(' ');
                }
            }
            c => folded.push(c),
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decomposed_accents_fold_like_composed_ones() {
        assert_eq!(fold("De\u{301}partements livre\u{301}s"), fold("Départements livrés"));
    }

    #[test]
    fn narrow_and_hard_spaces_are_spaces() {
        assert_eq!(fold("Minimum de commande (€\u{202f}HT)"), fold("minimum  de commande (€\u{a0}ht)"));
    }
}

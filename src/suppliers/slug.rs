use crate::tables::fold;

const LONGEST: usize = 80;

/// The part of an address made of words: `GAEC des Genêts` gives `gaec-des-genets`. Letters of other scripts are
/// dropped; empty when nothing is left.
#[must_use]
pub fn slug(text: &str) -> String {
    let folded = fold(text);
    let words = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.fold(String::new(), |slug, word| {
        let joined = if slug.is_empty() { word.to_owned() } else { format!("{slug}-{word}") };
        if joined.len() <= LONGEST { joined } else { slug }
    })
}

/// The slugs a supplier may take, best first: its name, with its commune, with its reference, then numbered. The last
/// ones never end.
pub(super) fn candidates(name: &str, commune: &str, reference: &str) -> [String; 3] {
    let join = |more: &str| slug(&format!("{name} {more}"));
    let named = Some(slug(name)).filter(|slug| !slug.is_empty()).unwrap_or_else(|| "fournisseur".to_owned());
    let long: String = slug(&name.chars().take(30).collect::<String>());
    [named, join(commune), slug(&format!("{long} {commune} {reference}"))]
}

//! Certifications as people write them in a query, and words that only dress a request.

use crate::codes::Certification;
use crate::text::{Word, singular};

/// A certification named by the first words, and how many words that is.
pub(crate) fn certification(words: &[Word]) -> Option<(Certification, usize)> {
    SIGNS
        .iter()
        .filter_map(|(phrase, sign)| begins(words, phrase).map(|used| (*sign, used)))
        .max_by_key(|(_, used)| *used)
}

fn begins(words: &[Word], phrase: &str) -> Option<usize> {
    let mut used = 0;
    for part in phrase.split(' ') {
        if words.get(used).is_none_or(|w| singular(&w.folded) != part) {
            return None;
        }
        used += 1;
    }
    Some(used)
}

/// In the singular, folded, without elided articles.
const SIGNS: &[(&str, Certification)] = &[
    ("bio", Certification::Organic),
    ("biologique", Certification::Organic),
    ("agriculture biologique", Certification::Organic),
    ("ab", Certification::Organic),
    ("label ab", Certification::Organic),
    ("certifie bio", Certification::Organic),
    ("conversion", Certification::InConversion),
    ("en conversion", Certification::InConversion),
    ("label rouge", Certification::LabelRouge),
    ("aop", Certification::Aop),
    ("aoc", Certification::Aop),
    ("igp", Certification::Igp),
    ("stg", Certification::Stg),
    ("hve", Certification::Hve),
    ("haute valeur environnementale", Certification::Hve),
    ("peche durable", Certification::SustainableFishing),
    ("msc", Certification::SustainableFishing),
    ("rup", Certification::OutermostRegion),
    ("equitable", Certification::FairTrade),
    ("commerce equitable", Certification::FairTrade),
    ("fermier", Certification::Farmhouse),
    ("fermiere", Certification::Farmhouse),
];

/// Words of a request that ask for nothing by themselves: *je cherche … pour la cantine*.
pub(crate) fn dresses(folded: &str) -> bool {
    DRESSING.binary_search(&singular(folded)).is_ok()
}

/// Sorted, folded, in the singular where [`singular`] makes one.
const DRESSING: &[&str] = &[
    "achat",
    "acheter",
    "agriculteur",
    "aimerai",
    "aimerion",
    "alentour",
    "annee",
    "approvisionnement",
    "autour",
    "besoin",
    "bon",
    "bonjour",
    "bonne",
    "bonsoir",
    "cantine",
    "chaque",
    "cherche",
    "chercher",
    "cherchon",
    "college",
    "collective",
    "collectivite",
    "commande",
    "commander",
    "commune",
    "court",
    "creche",
    "cuisine",
    "cuisinier",
    "departement",
    "dispo",
    "disponible",
    "donner",
    "ecole",
    "ehpad",
    "environ",
    "est",
    "existe",
    "faire",
    "fournir",
    "fournisseur",
    "frai",
    "goute",
    "grand",
    "gros",
    "kg",
    "kilo",
    "local",
    "locale",
    "lycee",
    "madame",
    "mai",
    "maison",
    "merci",
    "midi",
    "moi",
    "moment",
    "monsieur",
    "pa",
    "plait",
    "pourrait",
    "pouvez",
    "pre",
    "pret",
    "prix",
    "proche",
    "producteur",
    "production",
    "produit",
    "propose",
    "proposer",
    "proposez",
    "proximite",
    "qualite",
    "quantite",
    "quel",
    "quelqu",
    "quelque",
    "recherche",
    "recherchon",
    "region",
    "repa",
    "restaurant",
    "restauration",
    "salut",
    "savoir",
    "scolaire",
    "secteur",
    "semaine",
    "service",
    "souhaite",
    "souhaiterai",
    "svp",
    "territoire",
    "trouve",
    "trouver",
    "vend",
    "vendre",
    "vente",
    "veut",
    "veux",
    "voudrai",
    "voudrait",
    "voudrion",
    "voulon",
    "vou",
];

/// Words that ask for a delivery.
pub(crate) fn asks_delivery(folded: &str) -> bool {
    folded.starts_with("livr") && !folded.starts_with("livre")
        || matches!(folded, "livre" | "livrer" | "livres" | "livree" | "livrez" | "livrent")
}

/// Prepositions after which a word is a place, written as the last words before it.
pub(crate) fn announces_place(before: &[Word]) -> bool {
    let Some(last) = before.last() else { return false };
    let word = last.folded.as_str();
    if matches!(word, "vers" | "autour" | "alentours" | "proche" | "pres" | "cote" | "depuis" | "chez") {
        return true;
    }
    if word == "a" {
        return true;
    }
    // Articles between: « près de Brioude », « autour du Puy », « à côté de … ».
    matches!(word, "de" | "du" | "d" | "des" | "la" | "le" | "les" | "au" | "aux")
        && announces_place(&before[..before.len() - 1])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words;

    #[test]
    fn the_table_is_sorted() {
        assert!(DRESSING.is_sorted(), "{:?}", DRESSING.windows(2).find(|w| w[0] > w[1]));
    }

    #[test]
    fn signs_are_read_as_written() {
        let read = |text: &str| certification(&words(text));
        assert_eq!(read("label rouge"), Some((Certification::LabelRouge, 2)));
        assert_eq!(read("Agriculture Biologique du Velay"), Some((Certification::Organic, 2)));
        assert_eq!(read("biodiversité"), None);
    }

    #[test]
    fn a_place_is_announced() {
        let before = |text: &str| announces_place(&words(text));
        assert!(before("des oeufs près du") && before("du pain à") && before("autour de la"));
        assert!(!before("du pain") && !before("lentilles du"));
    }
}

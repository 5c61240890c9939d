//! Certifications as people write them in a query, and words that only dress a request.

use std::sync::LazyLock;

use crate::codes::Certification;
use crate::text::{Word, links, singular};

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

/// Sorted, folded, in the singular.
static DRESSING: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let mut words: Vec<&str> = include_str!("dressing.txt").split_ascii_whitespace().map(singular).collect();
    words.sort_unstable();
    words
});

/// Words that ask for a delivery.
pub(crate) fn asks_delivery(folded: &str) -> bool {
    folded.starts_with("livr") && !folded.starts_with("livre")
        || matches!(folded, "livre" | "livrer" | "livres" | "livree" | "livrez" | "livrent")
}

/// Words before another that say it is not asked: *sans label*, *non bio*, *pas de porc*, *sauf le fromage*.
pub(crate) fn refuses(before: &[Word]) -> bool {
    let Some((last, rest)) = before.split_last() else { return false };
    match last.folded.as_str() {
        "non" | "sans" | "pas" | "hors" | "ni" | "sauf" => true,
        "de" | "du" | "des" | "le" | "la" | "les" => {
            rest.last().is_some_and(|w| matches!(w.folded.as_str(), "pas" | "sans" | "hors" | "sauf"))
        }
        _ => false,
    }
}

/// The months named by the first words, as a mask (bit 0 is January), and how many words that is: *décembre*, *de juin à août*.
pub(crate) fn months(words: &[Word]) -> Option<(u16, usize)> {
    let month = |at: usize| words.get(at).and_then(|word| MONTHS.iter().position(|name| *name == word.folded));
    let first = month(0)?;
    let last = month(2).filter(|_| matches!(words[1].folded.as_str(), "a" | "et"));
    let Some(last) = last else { return Some((1 << first, 1)) };
    if words[1].folded == "et" {
        return Some((1 << first | 1 << last, 3));
    }
    Some((stretch(first, last, 12).fold(0, |mask, month| mask | 1 << month), 3))
}

const MONTHS: [&str; 12] = [
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
];

/// The days of the week named by the first words, as a mask (bit 0 is Monday), and how many words that is: *jeudi*, *mardi et
/// jeudi*, *lundi au vendredi*.
pub(crate) fn weekdays(words: &[Word]) -> Option<(u8, usize)> {
    let day =
        |at: usize| words.get(at).and_then(|word| WEEKDAYS.iter().position(|name| *name == singular(&word.folded)));
    let first = day(0)?;
    match words.get(1).map(|word| word.folded.as_str()).zip(day(2)) {
        Some(("a" | "au", last)) => Some((stretch(first, last, 7).fold(0, |mask, day| mask | 1 << day), 3)),
        Some(("et" | "ou", last)) => Some((1 << first | 1 << last, 3)),
        _ => Some((1 << first, 1)),
    }
}

/// From the first to the last of a round of `length`, over its end if need be.
fn stretch(first: usize, last: usize, length: usize) -> impl Iterator<Item = usize> {
    (0..=(last + length - first) % length).map(move |more| (first + more) % length)
}

const WEEKDAYS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];

/// A figure: a quantity, a price, a distance. By itself it asks for nothing.
pub(crate) fn is_figure(folded: &str) -> bool {
    folded.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a place is announced at the last word: it stands after *près de*, *autour du*, or is *au* itself.
pub(crate) fn announces_place(words: &[Word]) -> bool {
    let Some((word, before)) = words.split_last() else { return false };
    matches!(word.folded.as_str(), "au" | "aux") || ends_with_announcement(before)
}

fn ends_with_announcement(before: &[Word]) -> bool {
    let Some((last, rest)) = before.split_last() else { return false };
    let word = singular(&last.folded);
    if matches!(
        word,
        "a" | "ver"
            | "autour"
            | "alentour"
            | "environ"
            | "proximite"
            | "secteur"
            | "proche"
            | "pre"
            | "cote"
            | "depui"
            | "chez"
            | "commune"
            | "ville"
            | "region"
    ) {
        return true;
    }
    // Articles between: « près de Brioude », « autour du Puy », « à côté de … ».
    links(word) && ends_with_announcement(rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words;

    #[test]
    fn politeness_dresses_and_food_does_not() {
        for word in include_str!("dressing.txt").split_ascii_whitespace().chain(["fournisseurs", "mois", "francais"]) {
            assert!(dresses(word), "{word}");
        }
        assert!(!dresses("carottes") && !dresses("bio"));
    }

    #[test]
    fn signs_are_read_as_written() {
        let read = |text: &str| certification(&words(text));
        assert_eq!(read("label rouge"), Some((Certification::LabelRouge, 2)));
        assert_eq!(read("Agriculture Biologique du Velay"), Some((Certification::Organic, 2)));
        assert_eq!(read("biodiversité"), None);
    }

    #[test]
    fn days_of_the_week_are_read() {
        let read = |text: &str| weekdays(&words(text));
        assert_eq!(read("jeudi"), Some((0b1000, 1)));
        assert_eq!(read("mardis et jeudis"), Some((0b1010, 3)));
        assert_eq!(read("lundi au vendredi"), Some((0b1_1111, 3)));
        assert_eq!(read("samedi à lundi"), Some((0b110_0001, 3)));
        assert_eq!(read("jeu"), None);
    }

    #[test]
    fn a_place_is_announced() {
        let before = |text: &str| announces_place(&words(text));
        assert!(before("des oeufs près du Puy") && before("du pain à Brioude") && before("autour de la Chaise"));
        assert!(before("lentilles au"));
        assert!(!before("du pain Brioude") && !before("lentilles du Puy") && !before("Brioude"));
    }
}

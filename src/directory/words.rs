//! What the directory says in French: labels of codes, places with their prepositions, delivery in one line, seasons.

use std::fmt::Write;

use index::codes::{Certification, Family, Kind};
use index::lexicon::Product;

use crate::places::{Commune, Places};
use crate::suppliers::{Listing, Months, Weekdays, Word};
use crate::web::french;

/// The name of a family.
#[must_use]
pub(super) fn family(family: Family) -> &'static str {
    match family {
        Family::Other => "Autres produits",
        named => named.label(),
    }
}

/// The picture of a family, under `pictures/`.
#[must_use]
pub(super) fn family_picture(family: Family) -> &'static str {
    match family {
        Family::Meat => "pictures/families/viandes_volailles.svg",
        Family::CuredMeat => "pictures/families/charcuterie.svg",
        Family::Seafood => "pictures/families/produits_de_la_mer.svg",
        Family::FruitAndVegetables => "pictures/families/fruits_et_legumes.svg",
        Family::Dairy => "pictures/families/produits_laitiers.svg",
        Family::Bakery => "pictures/families/boulangerie.svg",
        Family::Drinks => "pictures/families/boissons.svg",
        Family::Other => "pictures/families/autres.svg",
    }
}

/// What a kind of supplier is called.
#[must_use]
pub(super) fn kind(kind: Kind) -> &'static str {
    kind.label()
}

/// The short name of a sign.
#[must_use]
pub(super) fn certification(sign: Certification) -> &'static str {
    match sign {
        Certification::InConversion => "En conversion bio",
        named => named.label(),
    }
}

/// The sign written out, where there is room.
#[must_use]
pub(super) fn certification_in_full(sign: Certification) -> &'static str {
    match sign {
        Certification::Organic => "Agriculture biologique",
        Certification::InConversion => "En conversion vers l’agriculture biologique",
        Certification::LabelRouge => "Label Rouge",
        Certification::Aop => "Appellation d’origine protégée (AOP)",
        Certification::Igp => "Indication géographique protégée (IGP)",
        Certification::Stg => "Spécialité traditionnelle garantie (STG)",
        Certification::Hve => "Haute valeur environnementale (HVE)",
        Certification::SustainableFishing => "Pêche durable",
        Certification::OutermostRegion => "Région ultrapériphérique (RUP)",
        Certification::FairTrade => "Commerce équitable",
        Certification::Farmhouse => "Mention « fermier »",
    }
}

/// A name of a place after *de*: `du Puy-en-Velay`, `d’Yssingeaux`, `de Brioude`.
#[must_use]
pub(super) fn of_place(name: &str) -> String {
    contracted(name, "du ", "des ", "de ", Some("d’"))
}

/// A name of a place after *à*: `au Puy-en-Velay`, `à Brioude`.
#[must_use]
pub(super) fn to_place(name: &str) -> String {
    contracted(name, "au ", "aux ", "à ", None)
}

fn contracted(name: &str, le: &str, les: &str, plain: &str, elided: Option<&str>) -> String {
    let name = &name.replace('\'', "’");
    if let Some(rest) = name.strip_prefix("Le ") {
        return format!("{le}{rest}");
    }
    if let Some(rest) = name.strip_prefix("Les ") {
        return format!("{les}{rest}");
    }
    let first = index::text::fold(name).chars().next();
    match elided {
        Some(elided) if first.is_some_and(|c| "aeiouy".contains(c)) => format!("{elided}{name}"),
        _ => format!("{plain}{name}"),
    }
}

/// `lundi, mardi et jeudi`, with *le* before each: `le lundi et le jeudi`; `du lundi au vendredi` for a run of four or more.
#[must_use]
pub(super) fn days(days: Weekdays) -> String {
    let names: Vec<&str> = days.iter().map(Word::label).collect();
    let numbers: Vec<usize> = days.iter().map(|day| day as usize).collect();
    if names.len() >= 4 && numbers.windows(2).all(|pair| pair[1] == pair[0] + 1) {
        return format!("du {} au {}", names[0], names[names.len() - 1]);
    }
    let each: Vec<String> = names.iter().map(|name| format!("le {name}")).collect();
    enumerate(&each)
}

/// Products that are sold by weight or volume: one says *du miel*, not *des miels*.
const UNCOUNTED: [&str; 12] =
    ["beurre", "boeuf", "cidre", "farine", "lait", "miel", "pain", "porc", "poulet", "safran", "truite", "veau"];

/// What is sold, as one speaks of it: `carottes`, but `miel`.
#[must_use]
pub fn goods(product: &Product) -> String {
    let is_counted = !UNCOUNTED.contains(&product.code.as_str());
    french::typographic(if is_counted { &product.plural } else { &product.singular })
}

/// The same beginning with a capital: `Pommes de terre`.
#[must_use]
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A sales unit after a price: `le kg`, `la botte`, `l’unité`, `par plateau`.
#[must_use]
pub(super) fn per_unit(unit: &str) -> String {
    let unit = unit.trim().to_lowercase();
    match index::text::fold(&unit).as_str() {
        "kg" | "kilo" => "le\u{a0}kg".to_owned(),
        "l" | "litre" => "le\u{a0}litre".to_owned(),
        "unite" => "l’unité".to_owned(),
        "pot" | "sachet" | "sac" | "plateau" | "colis" | "lot" | "carton" | "bocal" => format!("le\u{a0}{unit}"),
        "piece" | "bouteille" | "part" | "botte" | "douzaine" | "barquette" | "caisse" | "tranche" | "boite" => {
            format!("la\u{a0}{unit}")
        }
        _ => format!("par {unit}"),
    }
}

/// `a`, `a et b`, `a, b et c`.
#[must_use]
pub(super) fn enumerate(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [before @ .., last] => format!("{} et {last}", before.join(", ")),
    }
}

/// Where a supplier delivers, as a phrase after *livre*; nothing when it does not.
#[must_use]
pub(super) fn delivery_area(listing: &Listing, places: &Places) -> Option<String> {
    let zones = &listing.zones;
    let mut parts = Vec::new();
    if let Some(km) = listing.supplier.delivery_radius_km {
        let home = places.commune(&listing.supplier.insee_code).map(|c| of_place(&c.name));
        parts.push(match home {
            Some(home) => format!("à moins de {} km {home}", french::decimal(km)),
            None => format!("à moins de {} km", french::decimal(km)),
        });
    }
    let departments = zones.departments.iter().filter_map(|code| places.department(code)).map(|d| d.name.clone());
    let departments: Vec<String> = departments.collect();
    match departments.len() {
        0 => {}
        1 => parts.push(format!("dans tout le département {}", departments[0])),
        _ => parts.push(format!("dans les départements {}", enumerate(&departments))),
    }
    let epcis = zones.epcis.iter().filter_map(|code| places.epci(code)).map(|e| e.name.clone());
    parts.extend(epcis.map(|name| format!("dans {name}")));
    let communes: Vec<String> =
        zones.communes.iter().filter_map(|code| places.commune(code)).map(|c| to_place(&c.name)).collect();
    match communes.len() {
        0 => {}
        1..=4 => parts.push(enumerate(&communes)),
        n => parts.push(format!("dans {n} communes, dont {}", enumerate(&communes[..3]))),
    }
    (!parts.is_empty()).then(|| enumerate(&parts))
}

/// Delivery in one line for a card: to the kitchen when one is known, on which days, from which amount.
#[must_use]
pub(super) fn delivery_line(listing: &Listing, kitchen: Option<&Commune>, places: &Places) -> String {
    if listing.is_delivery_unknown() {
        return "à demander au fournisseur".to_owned();
    }
    let Some(area) = delivery_area(listing, places) else { return "ne livre pas, à retirer sur place".to_owned() };
    let mut line = match kitchen {
        Some(commune) if listing.delivers_to(commune, places) => format!("livre {}", to_place(&commune.name)),
        Some(commune) => format!("ne livre pas {}", to_place(&commune.name)),
        None => format!("livre {area}"),
    };
    let reaches = kitchen.is_none_or(|commune| listing.delivers_to(commune, places));
    if reaches && !listing.supplier.delivery_days.is_empty() {
        line.push(' ');
        line.push_str(&days(listing.supplier.delivery_days));
    }
    if let Some(cents) = listing.supplier.minimum_order_cents.filter(|cents| reaches && cents.0 > 0) {
        let _ = write!(line, ", dès {} HT", french::round_price(cents.0));
    }
    line
}

/// The months of a mask (bit 0 is January) in words: `toute l’année`, `de juin à octobre`, `en mai`.
#[must_use]
pub(super) fn season(mask: u16) -> String {
    let Some(months) = Months::from_mask(mask) else { return String::new() };
    if months == Months::ALL_YEAR {
        return "toute l’année".to_owned();
    }
    let run = |(first, last): (usize, usize)| match (french::MONTHS[first], french::MONTHS[last]) {
        (only, _) if first == last => format!("en {only}"),
        (first, last) if first.starts_with(['a', 'o']) => format!("d’{first} à {last}"),
        (first, last) => format!("de {first} à {last}"),
    };
    enumerate(&months.runs().map(run).collect::<Vec<_>>())
}

/// `3 fournisseurs`, `1 fournisseur`.
#[must_use]
pub(super) fn suppliers(count: usize) -> String {
    match count {
        0 => "aucun fournisseur".to_owned(),
        1 => "1 fournisseur".to_owned(),
        n => format!("{} fournisseurs", french::number(n as u64)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_take_their_preposition() {
        assert_eq!(of_place("Le Puy-en-Velay"), "du Puy-en-Velay");
        assert_eq!(of_place("Yssingeaux"), "d’Yssingeaux");
        assert_eq!(of_place("Les Estables"), "des Estables");
        assert_eq!(to_place("Le Puy-en-Velay"), "au Puy-en-Velay");
        assert_eq!(to_place("La Chaise-Dieu"), "à La Chaise-Dieu");
    }

    #[test]
    fn months_read_as_one_says_them() {
        assert_eq!(season(0xFFF), "toute l’année");
        assert_eq!(season(0b1100_0000_0001), "de novembre à janvier");
        assert_eq!(season(0b0000_0001_0000), "en mai");
        assert_eq!(season(0b0000_1000_1000), "en avril et en août");
    }
}

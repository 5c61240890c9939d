//! What a canteen looks for, written as one writes a list of errands: `carottes bio 40 kg`.

use sea_orm::entity::prelude::*;

use crate::suppliers::{CertificationKind, ProductFamily, Signs, Stored, Word, lexicon};
use crate::tables::{fold, parse_number};

/// Lines of a list.
pub(super) const MOST: usize = 60;
/// Characters of a line.
pub(super) const LONGEST: usize = 200;

/// A line of a canteen's list, and what was understood of it.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "canteen_wants")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: i64,
    /// Its place in the list, from 0.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i16,
    /// As it was written, 1 to 200 characters.
    pub line: String,
    /// The product of `products.csv` it names.
    pub product_code: Option<String>,
    /// Its family, of a product or when only a family is named.
    pub family: Option<Stored<ProductFamily>>,
    /// How much in a week.
    pub quantity_per_week: Option<f64>,
    /// The unit of that: `kg`.
    pub sales_unit: Option<String>,
    /// The signs it must carry.
    pub signs: Signs,
}

/// A line of a canteen's list.
pub type Want = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Signs as cooks write them.
const SIGNS: [(&str, CertificationKind); 9] = [
    ("bio", CertificationKind::Organic),
    ("biologique", CertificationKind::Organic),
    ("label rouge", CertificationKind::LabelRouge),
    ("aop", CertificationKind::Aop),
    ("igp", CertificationKind::Igp),
    ("hve", CertificationKind::Hve),
    ("fermier", CertificationKind::Farmhouse),
    ("fermiers", CertificationKind::Farmhouse),
    ("equitable", CertificationKind::FairTrade),
];
/// Units as cooks write them, and as we do.
const UNITS: [(&str, &str); 16] = [
    ("kg", "kg"),
    ("kilo", "kg"),
    ("kilos", "kg"),
    ("l", "litre"),
    ("litre", "litre"),
    ("litres", "litre"),
    ("piece", "pièce"),
    ("pieces", "pièce"),
    ("unites", "pièce"),
    ("douzaine", "douzaine"),
    ("douzaines", "douzaine"),
    ("botte", "botte"),
    ("bottes", "botte"),
    ("pots", "pot"),
    ("barquettes", "barquette"),
    ("baguettes", "pièce"),
];

/// Reads a list, one product a line; what is not understood is kept as it was written.
#[must_use]
pub fn read_list(text: &str) -> Vec<Want> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    (0..).zip(lines.take(MOST)).map(|(position, line)| read(line, position)).collect()
}

fn read(line: &str, position: i16) -> Want {
    let line: String = line.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    let spaced = fold(&line).replace(['-', ':', '(', ')', ';'], " ");
    let words: Vec<&str> = spaced.split_whitespace().map(|word| word.trim_matches([',', '.'])).collect();
    let folded = format!(" {} ", words.join(" "));
    let signs: Signs =
        SIGNS.iter().filter(|(word, _)| folded.contains(&format!(" {word} "))).map(|&(_, sign)| sign).collect();
    let (quantity_per_week, sales_unit) = quantity(&folded);
    let known = lexicon();
    let of_words = |family: &ProductFamily| folded.contains(&format!(" {} ", fold(family.label())));
    let named = ProductFamily::WORDS.iter().map(|&(family, ..)| family).find(of_words);
    // A whole family is more than the product that bears its name.
    let product = known.tie(&line, None).filter(|_| named.is_none()).map(|id| known.product(id));
    Want {
        organisation_id: 0,
        position,
        line,
        product_code: product.map(|product| product.code.clone()),
        family: product.map(|product| product.family).or(named).map(Stored),
        quantity_per_week,
        sales_unit,
        signs,
    }
}

/// The first number that has a unit, beside it or after it.
fn quantity(folded: &str) -> (Option<f64>, Option<String>) {
    let words: Vec<&str> = folded.split_whitespace().collect();
    let unit = |word: &str| UNITS.iter().find(|(known, _)| *known == word).map(|(_, unit)| (*unit).to_owned());
    for (at, word) in words.iter().enumerate() {
        let digits = word.find(|c: char| !(c.is_ascii_digit() || c == ',' || c == '.')).unwrap_or(word.len());
        let Some(number) = parse_number(&word[..digits]).filter(|number| *number > 0.0) else { continue };
        let beside = if digits < word.len() { Some(&word[digits..]) } else { words.get(at + 1).copied() };
        if let Some(unit) = beside.and_then(unit) {
            return (Some(number), Some(unit));
        }
    }
    (None, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn understood(line: &str) -> (Option<String>, Option<f64>, Option<String>, Vec<CertificationKind>) {
        let want = read_list(line).pop().unwrap();
        (want.product_code, want.quantity_per_week, want.sales_unit, want.signs.iter().collect())
    }

    #[test]
    fn a_list_is_read_as_cooks_write_it() {
        let organic = vec![CertificationKind::Organic];
        for (line, product, quantity, unit, signs) in [
            ("carottes bio 40 kg", Some("carotte"), Some(40.0), Some("kg"), organic.clone()),
            ("40kg de carottes", Some("carotte"), Some(40.0), Some("kg"), vec![]),
            ("- Yaourts nature : 300 pièces", Some("yaourt"), Some(300.0), Some("pièce"), vec![]),
            ("Lait BIO, 12,5 litres", Some("lait"), Some(12.5), Some("litre"), organic),
            ("quelque chose de bon", None, None, None, vec![]),
        ] {
            let (found, number, said, held) = understood(line);
            let begins = |code: &String| product.is_some_and(|start| code.starts_with(start));
            assert_eq!(found.as_ref().is_some_and(begins), product.is_some(), "{line}: {found:?}");
            assert_eq!((number, said.as_deref(), held), (quantity, unit, signs), "{line}");
        }
        assert_eq!(read_list("Produits laitiers et œufs").pop().unwrap().family, Some(Stored(ProductFamily::Dairy)));
        assert_eq!(read_list("\n\n  \n").len(), 0);
    }
}

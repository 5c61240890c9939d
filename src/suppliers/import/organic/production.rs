use std::{collections::HashMap, sync::LazyLock};

use serde_json::Value;

use super::json::{list, text};
use crate::suppliers::{CertificationKind, Months, ProductFamily, Signs, lexicon, wanted::NewOffer};

/// The families of the register's production codes (products' classification CPF, NAF for trade). The longest prefix
/// counts; a prefix without family, like one that is not listed (fodder, seeds, fallow land, trade, services), is
/// nothing a canteen buys.
static FAMILIES: LazyLock<HashMap<&str, Option<ProductFamily>>> = LazyLock::new(|| {
    let lines = include_str!("families.csv").lines().skip(1).filter_map(|line| line.split_once(';'));
    lines.map(|(prefix, family)| (prefix, ProductFamily::from_code(family))).collect()
});

/// Live animals: an offer only when the name says which meat.
const ANIMALS: [&str; 5] = ["01.42", "01.45.1", "01.46", "01.47.1", "01.49.19"];

/// What the register says of one production.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Production {
    code: String,
    name: String,
    pub(super) signs: Signs,
}

impl Production {
    /// Reads `{code, nom, etatProductions: [{etatProduction}]}`; the states are AB (organic), C1 to C3 and CNS (in
    /// conversion), others say nothing.
    pub(super) fn read(item: &Value) -> Option<Self> {
        let states = list(item, "etatProductions").filter_map(|state| text(state, "etatProduction"));
        let signs = states.filter_map(|state| match state.as_str() {
            "AB" => Some(CertificationKind::Organic),
            "C1" | "C2" | "C3" | "CNS" => Some(CertificationKind::InConversion),
            _ => None,
        });
        Some(Self { signs: signs.collect(), code: text(item, "code").unwrap_or_default(), name: text(item, "nom")? })
    }

    /// The offer it makes, in the register's words; none for what canteens do not buy.
    pub(super) fn offer(&self) -> Option<NewOffer> {
        let name: String = self.name.chars().take(200).collect();
        let mut family = family(&self.code)?;
        let lexicon = lexicon();
        let product = lexicon.tie(&name, Some(family)).map(|id| lexicon.product(id).family);
        if ANIMALS.iter().any(|animal| self.code.starts_with(animal)) && product != Some(ProductFamily::Meat) {
            return None;
        }
        family = product.unwrap_or(family);
        Some(NewOffer {
            line: 0,
            name,
            family,
            packaging: None,
            sales_unit: None,
            price_cents: None,
            months: Months::ALL_YEAR,
            volume_per_week: None,
            signs: self.signs,
        })
    }
}

fn family(code: &str) -> Option<ProductFamily> {
    let mut lengths = (2..=code.len()).rev();
    lengths.find_map(|length| FAMILIES.get(code.get(..length)?)).copied().flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn offered(code: &str, name: &str) -> Option<&'static str> {
        let item = json!({"code": code, "nom": name, "etatProductions": [{"etatProduction": "AB"}, {"etatProduction": "EAC"}]});
        Production::read(&item)?.offer().map(|offer| offer.family.code())
    }

    #[test]
    fn productions_that_canteens_buy_become_offers() {
        assert_eq!(offered("01.11.74", "Lentilles, sèches"), Some("FRUITS_ET_LEGUMES"));
        assert_eq!(offered("01.41.2", "Lait de vache, brut"), Some("PRODUITS_LAITIERS"));
        assert_eq!(offered("01.45.11", "Agneaux"), Some("VIANDES_VOLAILLES"));
        assert_eq!(offered("10.71.11", "Pain frais"), Some("BOULANGERIE"));
        for (code, name) in [
            ("01.19.10.12", "Prairie permanente"),
            ("01.13.6", "Plants et semences potagers, à l'exclusion des semences de betteraves"),
            ("01.21.12", "Raisin de cuve"),
            ("47.00.16", "Commerce de détail de produits de boulangerie-pâtisserie"),
            ("GP.Commerce.de.détail", "Commerce de détail"),
            ("", "Lentilles"),
        ] {
            assert_eq!(offered(code, name), None, "{name}");
        }
    }

    #[test]
    fn every_family_of_the_list_is_known() {
        let lines = include_str!("families.csv").lines().skip(1);
        assert!(
            lines
                .filter_map(|line| line.split_once(';'))
                .all(|(_, family)| { family.is_empty() || ProductFamily::from_code(family).is_some() })
        );
    }

    #[test]
    fn organic_and_conversion_are_kept_apart() {
        let item =
            json!({"nom": "Noisettes", "etatProductions": [{"etatProduction": "C1"}, {"etatProduction": "EAC"}, 7]});
        let signs = Production::read(&item).unwrap().signs;
        assert_eq!(signs.iter().collect::<Vec<_>>(), [CertificationKind::InConversion]);
    }
}

use std::sync::{Arc, LazyLock};

use index::lexicon::Lexicon;

use super::ProductFamily;

static LEXICON: LazyLock<Arc<Lexicon>> =
    LazyLock::new(|| Arc::new(Lexicon::parse(include_str!("products.csv")).expect("a test reads this very file")));

/// The products that canteens buy, as `products.csv` names them.
#[must_use]
pub fn lexicon() -> Arc<Lexicon> {
    Arc::clone(&LEXICON)
}

/// The code of the product that the words of an offer name (`Pdt Agata 10kg` is `pomme-de-terre`), when they name one.
#[must_use]
pub fn tie_product(offer_name: &str, family: ProductFamily) -> Option<String> {
    let product = LEXICON.tie(offer_name, Some(family))?;
    Some(LEXICON.product(product).code.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_supplier_writes_is_tied_to_a_product() {
        let tie = |name, family| tie_product(name, family).unwrap_or_default();
        assert_eq!(tie("Pdt Agata 10kg", ProductFamily::FruitAndVegetables), "pomme-de-terre");
        assert_eq!(tie("LENTILLES VERTES DU PUY", ProductFamily::FruitAndVegetables), "lentille-verte-du-puy");
        assert_eq!(tie_product("Divers", ProductFamily::Other), None);
    }
}

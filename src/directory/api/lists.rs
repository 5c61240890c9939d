//! The small answers: completions and products.

use index::Suggestion;
use index::lexicon::{Lexicon, Product};
use poem_openapi::Object;
use serde::Serialize;

use crate::app::App;
use crate::web::french;

/// What may complete the words being typed.
#[derive(Debug, Object, Serialize)]
pub(super) struct SuggestionShape {
    /// product, supplier or commune.
    kind: String,
    /// What to put in the box.
    label: String,
    /// More about it: how many suppliers, or the commune.
    detail: String,
    /// Code of the product, slug of the supplier or INSEE code of the commune.
    value: String,
}

/// A product that canteens buy.
#[derive(Debug, Object, Serialize)]
pub(super) struct ProductShape {
    /// Code, for `product=`.
    code: String,
    /// French name of one.
    name: String,
    /// French name of several.
    plural: String,
    /// Code of the family.
    family: String,
    /// Code of the broader product.
    broader: Option<String>,
    /// Usual months (1 to 12) at this latitude.
    months: Vec<u32>,
}

impl ProductShape {
    /// The JSON of a product.
    #[must_use]
    pub(super) fn of(product: &Product, lexicon: &Lexicon) -> Self {
        Self {
            code: product.code.clone(),
            name: french::typographic(&product.singular),
            plural: french::typographic(&product.plural),
            family: product.family.code().to_owned(),
            broader: product.broader.map(|id| lexicon.product(id).code.clone()),
            months: (1..=12).filter(|month| product.months & (1 << (month - 1)) != 0).collect(),
        }
    }
}

impl SuggestionShape {
    /// The JSON of a completion.
    #[must_use]
    pub(super) fn of(app: &App, suggestion: Suggestion) -> Option<Self> {
        let (kind, label, detail, value) = match suggestion {
            Suggestion::Product(id, suppliers) => {
                let product = app.index.lexicon().product(id);
                let detail = match suppliers {
                    0 => "aucun fournisseur pour l’instant".to_owned(),
                    1 => "1 fournisseur".to_owned(),
                    n => format!("{n} fournisseurs"),
                };
                ("product", french::typographic(&product.plural), detail, product.code.clone())
            }
            Suggestion::Supplier(slug, name, commune) => {
                let detail = app.places.commune(&commune).map(|c| c.name.clone()).unwrap_or_default();
                ("supplier", name, detail, slug)
            }
            Suggestion::Commune(number) => {
                let commune = app.places.communes().get(number)?;
                let detail = commune.postal_codes.first().cloned().unwrap_or_default();
                ("commune", commune.name.clone(), detail, commune.insee_code.to_string())
            }
        };
        Some(Self { kind: kind.to_owned(), label, detail, value })
    }
}

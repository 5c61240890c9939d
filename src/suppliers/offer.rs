use sea_orm::{DeriveValueType, entity::prelude::*};

use super::{
    Cents, Months, Signs,
    word::{self, Word},
};

/// What a supplier offers.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "offers")]
pub struct Model {
    /// Key; a new import may give the offer another one.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Whose.
    pub supplier_id: i64,
    /// Order in which the supplier lists them, from 0.
    pub position: i32,
    /// The product as the supplier writes it, 1 to 200 characters.
    pub name: String,
    /// The product of `products.csv` it was tied to.
    pub product_code: Option<String>,
    /// Its family.
    pub family: ProductFamily,
    /// Packaging: `sac de 25 kg`.
    pub packaging: Option<String>,
    /// The unit the price is for: `kg`.
    pub sales_unit: Option<String>,
    /// Price of one unit without tax.
    pub price_cents: Option<Cents>,
    /// When it can be had.
    pub months: Months,
    /// How much can be had in a week, in sales units.
    pub volume_per_week: Option<f64>,
    /// The signs this very offer carries. Proven only when the supplier holds a proven certificate of that kind.
    pub signs: Signs,
}

/// What a supplier offers.
pub type Offer = Model;

/// Loaded by `listing`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Families of products, with the codes of the State's `ma-cantine`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, DeriveValueType)]
#[sea_orm(value_type = "String", from_str = "word::from_row", to_str = "word::to_row")]
pub enum ProductFamily {
    /// Meat and poultry.
    Meat,
    /// Cured meats.
    CuredMeat,
    /// Fish and shellfish.
    Seafood,
    /// Fruit, vegetables, pulses and nuts.
    FruitAndVegetables,
    /// Dairy and eggs.
    Dairy,
    /// Bread and pastry.
    Bakery,
    /// Drinks.
    Drinks,
    /// Groceries and the rest.
    Other,
}

impl Word for ProductFamily {
    const ALL: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Meat, "VIANDES_VOLAILLES", "Viandes et volailles"),
        (Self::CuredMeat, "CHARCUTERIE", "Charcuterie"),
        (Self::Seafood, "PRODUITS_DE_LA_MER", "Produits de la mer"),
        (Self::FruitAndVegetables, "FRUITS_ET_LEGUMES", "Fruits et légumes"),
        (Self::Dairy, "PRODUITS_LAITIERS", "Produits laitiers et œufs"),
        (Self::Bakery, "BOULANGERIE", "Boulangerie"),
        (Self::Drinks, "BOISSONS", "Boissons"),
        (Self::Other, "AUTRES", "Autres"),
    ];
}

use index::codes::Family;
use sea_orm::entity::prelude::*;

use super::{Cents, Months, Signs, word::Stored};

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
    pub family: Stored<Family>,
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

use chrono::{DateTime, Utc};
use sea_orm::{DatabaseTransaction, DeriveValueType, ExprTrait, entity::prelude::*};

use super::{
    Cents, Kind, Siret, Weekdays, changes,
    word::{self, Stored, Word},
};
use crate::places::{Places, Point};

/// A supplier as the database keeps it.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "suppliers")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The organiser's own key, 1 to 40 characters, unique.
    pub reference: String,
    /// Name in the address of its page, unique, kept when the name changes.
    pub slug: String,
    /// Name under which it is known, 1 to 200 characters.
    pub name: String,
    /// What kind of supplier.
    pub kind: Stored<Kind>,
    /// Number of the establishment.
    pub siret: Option<Siret>,
    /// Free text, at most 2,000 characters.
    pub description: String,
    /// Street or hamlet: never shown unless the exact position is.
    pub address: Option<String>,
    /// As it was written.
    pub postal_code: Option<String>,
    /// Its commune.
    pub insee_code: String,
    /// Exact position, WGS84 degrees: both or neither.
    pub latitude: Option<f64>,
    /// See `latitude`.
    pub longitude: Option<f64>,
    /// What the public may know of the position.
    pub published_position: PublishedPosition,
    /// For signed-in canteens only.
    pub phone: Option<String>,
    /// For signed-in canteens only.
    pub email: Option<String>,
    /// As it was written, `http`, `https` or no scheme.
    pub website: Option<String>,
    /// Delivers this far around its position, kilometres.
    pub delivery_radius_km: Option<f64>,
    /// Days of its round.
    pub delivery_days: Weekdays,
    /// Smallest order delivered, without tax.
    pub minimum_order_cents: Option<Cents>,
    /// Delivery is free from this amount, without tax.
    pub free_delivery_cents: Option<Cents>,
    /// Day it last confirmed its listing.
    pub confirmed_on: Option<Date>,
    /// Who sees it.
    pub state: State,
    /// Where the listing came from.
    pub origin: Origin,
    /// Whether the supplier took the listing over.
    pub claimed: bool,
    /// Rises with every change of the supplier or its offers.
    pub version: i64,
    /// First written.
    pub created_at: DateTimeUtc,
    /// Last changed.
    pub updated_at: DateTimeUtc,
}

/// A supplier.
pub type Supplier = Model;

/// The tables that hang on this one are loaded by `listing`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The exact position, whoever may know it.
    #[must_use]
    pub fn exact_position(&self) -> Option<Point> {
        self.latitude.zip(self.longitude).map(|(lat, lon)| Point { lat, lon })
    }

    /// The exact position when the supplier publishes it: a distance to a hidden one would give it away.
    #[must_use]
    pub fn public_position(&self) -> Option<Point> {
        self.exact_position().filter(|_| self.published_position == PublishedPosition::Exact)
    }

    /// Where the public is told it is, for distances and delivery: the exact point when published, else the commune's.
    #[must_use]
    pub fn public_place(&self, places: &Places) -> Option<PublicPlace> {
        let exact = self.public_position().map(|point| PublicPlace { point, is_exact: true });
        let commune = || places.commune(&self.insee_code)?.point;
        exact.or_else(|| commune().map(|point| PublicPlace { point, is_exact: false }))
    }

    /// The same for a map; nothing for who wants to be on none.
    #[must_use]
    pub fn place_on_map(&self, places: &Places) -> Option<PublicPlace> {
        self.public_place(places).filter(|_| self.is_on_map())
    }

    /// Whether maps may show it.
    #[must_use]
    pub fn is_on_map(&self) -> bool {
        self.published_position != PublishedPosition::None
    }

    /// The street, when the exact place is published.
    #[must_use]
    pub fn public_street(&self) -> Option<&str> {
        self.address.as_deref().filter(|_| self.published_position == PublishedPosition::Exact)
    }

    /// Whether only a public register speaks for it so far.
    #[must_use]
    pub fn is_unclaimed(&self) -> bool {
        self.origin == Origin::OfficialRegister && !self.claimed
    }

    /// Whether the public sees the listing.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.state == State::Published
    }
}

/// Changes one column of a supplier, and tells every node.
///
/// # Errors
/// What the database said.
pub(super) async fn change(
    txn: &DatabaseTransaction,
    id: i64,
    column: Column,
    value: Expr,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let update = Entity::update_many()
        .col_expr(column, value)
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(now));
    update.filter(Column::Id.eq(id)).exec(txn).await?;
    changes::record_change(txn, id, now).await
}

/// A place the public may know.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PublicPlace {
    /// WGS84.
    pub point: Point,
    /// The very place, not its commune's point.
    pub is_exact: bool,
}

/// Who sees a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, DeriveValueType)]
#[sea_orm(value_type = "String", from_str = "word::from_row", to_str = "word::to_row")]
pub enum State {
    /// Not yet shown.
    Draft,
    /// Shown to everybody.
    Published,
    /// Not shown for a while, by the supplier's wish.
    Paused,
    /// Taken out of the directory.
    Withdrawn,
}

/// Where a listing came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, DeriveValueType)]
#[sea_orm(value_type = "String", from_str = "word::from_row", to_str = "word::to_row")]
pub enum Origin {
    /// An organiser's file or hand.
    Organiser,
    /// The supplier itself.
    Supplier,
    /// A public register: holds what the register says, no contacts.
    OfficialRegister,
    /// Fictional.
    Demonstration,
}

/// What the public may know of a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, DeriveValueType)]
#[sea_orm(value_type = "String", from_str = "word::from_row", to_str = "word::to_row")]
pub enum PublishedPosition {
    /// The point itself.
    Exact,
    /// The commune only.
    Commune,
    /// Not on the map; distances still go by the commune.
    None,
}

impl Word for State {
    const WORDS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Draft, "draft", "Brouillon"),
        (Self::Published, "published", "Publiée"),
        (Self::Paused, "paused", "En pause"),
        (Self::Withdrawn, "withdrawn", "Retirée"),
    ];
}

impl Word for Origin {
    const WORDS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Organiser, "organiser", "Organisateur"),
        (Self::Supplier, "supplier", "Fournisseur"),
        (Self::OfficialRegister, "official_register", "Annuaire officiel"),
        (Self::Demonstration, "demonstration", "Démonstration"),
    ];
}

impl Word for PublishedPosition {
    const WORDS: &'static [(Self, &'static str, &'static str)] =
        &[(Self::Exact, "exact", "exacte"), (Self::Commune, "commune", "commune"), (Self::None, "none", "aucune")];
}

use sea_orm::entity::prelude::*;

/// A photograph of a listing.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "supplier_photos")]
pub(super) struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub supplier_id: i64,
    /// Order in which they are shown, from 0.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i16,
    /// The picture.
    pub file_id: i64,
    /// What it shows, for who does not see it.
    pub words: String,
}

/// Loaded by `listing`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A photograph of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Photo {
    /// Key of the picture, served as `/photos/{file_id}`.
    pub file_id: i64,
    /// What it shows, for who does not see it; may be empty.
    pub words: String,
}

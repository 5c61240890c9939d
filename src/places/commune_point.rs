//! Better points of communes that an operator imported.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, entity::prelude::*};

use super::{InseeCode, Point};

/// The point of a commune that stands in for the embedded one.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "commune_points")]
pub(super) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(super) insee_code: String,
    /// WGS84 degrees.
    pub(super) latitude: f64,
    pub(super) longitude: f64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// All of them.
pub(super) async fn points(db: &impl ConnectionTrait) -> Result<HashMap<InseeCode, Point>, DbErr> {
    let rows = Entity::find().all(db).await?;
    let point = |row: Model| Some((InseeCode::parse(&row.insee_code).ok()?, Point::new(row.latitude, row.longitude)?));
    Ok(rows.into_iter().filter_map(point).collect())
}

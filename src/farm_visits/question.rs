//! What organisers ask of those who register for a visit.

use sea_orm::{QueryOrder, entity::prelude::*};

/// A question.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "visit_questions")]
pub(super) struct Model {
    /// Of which visit.
    #[sea_orm(primary_key, auto_increment = false)]
    pub farm_visit_id: i64,
    /// Its number; a number is not given again.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// 1 to 300 characters.
    pub text: String,
    /// Whether it must be answered.
    pub is_required: bool,
}

/// A question.
pub(super) type Question = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The questions of a visit, in their order.
///
/// # Errors
/// What the database said.
pub(super) async fn of(db: &impl ConnectionTrait, visit: i64) -> Result<Vec<Question>, DbErr> {
    Entity::find().filter(Column::FarmVisitId.eq(visit)).order_by_asc(Column::Number).all(db).await
}

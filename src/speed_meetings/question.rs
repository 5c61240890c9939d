use sea_orm::{DatabaseTransaction, IntoActiveModel, QueryOrder, entity::prelude::*, sea_query::OnConflict};

use super::edition::Side;
use super::representative;

/// Most questions at a registration.
pub(super) const MOST: usize = 12;

/// A question that one answers when one registers.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "edition_questions")]
pub struct Model {
    /// Of which edition.
    #[sea_orm(primary_key, auto_increment = false)]
    pub edition_id: i64,
    /// From 1; stays with the question and is never given to another, so that answers stay with it too.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// 1 to 300 characters.
    pub text: String,
    /// Who is asked; none: both.
    pub side: Option<Side>,
    /// Whether one must answer.
    pub is_required: bool,
}

/// A question that one answers when one registers.
pub type Question = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The questions of an edition, in their order.
///
/// # Errors
/// What the database said.
pub(super) async fn of(db: &impl ConnectionTrait, edition: i64) -> Result<Vec<Question>, DbErr> {
    Entity::find().filter(Column::EditionId.eq(edition)).order_by_asc(Column::Number).all(db).await
}

/// Keeps these questions of an edition and no others; what was answered to others goes with them.
///
/// # Errors
/// What the database said.
pub(super) async fn keep(txn: &DatabaseTransaction, edition: i64, questions: &[Question]) -> Result<(), DbErr> {
    let numbers: Vec<i32> = questions.iter().map(|one| one.number).collect();
    let others = Entity::delete_many().filter(Column::EditionId.eq(edition));
    others.filter(Column::Number.is_not_in(numbers.iter().copied())).exec(txn).await?;
    representative::keep_answers_to(txn, edition, &numbers).await?;
    if questions.is_empty() {
        return Ok(());
    }
    let rows = questions.iter().map(|one| Model { edition_id: edition, ..one.clone() }.into_active_model().reset_all());
    let known = OnConflict::columns([Column::EditionId, Column::Number])
        .update_columns([Column::Text, Column::Side, Column::IsRequired])
        .to_owned();
    Entity::insert_many(rows).on_conflict(known).exec_without_returning(txn).await.map(drop)
}

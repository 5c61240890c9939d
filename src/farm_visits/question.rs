//! What organisers ask of those who register for a visit.

use sea_orm::{DatabaseTransaction, IntoActiveModel, QueryOrder, entity::prelude::*};

use super::farm_visit::FarmVisit;
use super::needs;

/// The places of questions in forms: a visit has no more.
pub(super) const PLACES: [&str; 5] = ["question-1", "question-2", "question-3", "question-4", "question-5"];

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

/// A question as organisers write it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wording {
    /// Its number, when it is asked already.
    pub(super) number: Option<i32>,
    /// 1 to 300 characters.
    pub(super) text: String,
    /// Whether it must be answered.
    pub(super) is_required: bool,
}

/// The questions with their numbers, and the number of the latest of all that a visit ever had: who has a form open answers
/// what stands there.
pub(super) fn numbered(visit: &FarmVisit, known: &[Question], wordings: Vec<Wording>) -> (Vec<Question>, i32) {
    let mut last = known.iter().map(|question| question.number).fold(visit.last_question, i32::max);
    let mut asked: Vec<Question> = Vec::new();
    for Wording { number, text, is_required } in wordings {
        let is_known = |number: &i32| known.iter().any(|question| question.number == *number);
        let number = number.filter(is_known).filter(|number| asked.iter().all(|other| other.number != *number));
        let number = number.unwrap_or_else(|| {
            last += 1;
            last
        });
        asked.push(Question { farm_visit_id: visit.id, number, text, is_required });
    }
    (asked, last)
}

/// Asks these from now on instead of those that are known; what was answered to one that is not asked any more is forgotten.
///
/// # Errors
/// What the database said.
pub(super) async fn replace(
    txn: &DatabaseTransaction,
    visit: i64,
    known: &[Question],
    asked: &[Question],
) -> Result<(), DbErr> {
    for question in known.iter().filter(|one| asked.iter().all(|kept| kept.number != one.number)) {
        needs::forget_answers(txn, visit, question.number).await?;
    }
    Entity::delete_many().filter(Column::FarmVisitId.eq(visit)).exec(txn).await?;
    let own = asked.iter().map(|question| Question { farm_visit_id: visit, ..question.clone() });
    let rows: Vec<_> = own.map(|question| question.into_active_model().reset_all()).collect();
    if rows.is_empty() {
        return Ok(());
    }
    Entity::insert_many(rows).exec_without_returning(txn).await.map(drop)
}

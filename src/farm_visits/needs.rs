//! What a party needs: kept apart, deleted after the visit.

use std::collections::HashMap;

use sea_orm::{
    ActiveValue::Set,
    DatabaseTransaction, IntoActiveModel, QueryOrder, QuerySelect, QueryTrait,
    entity::prelude::*,
    sea_query::{OnConflict, SelectStatement},
};

use super::{question, registration, visit_date};
use crate::web::french;

/// What a party needs.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "registration_needs")]
pub(super) struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub registration_id: i64,
    /// Who comes along, one a line; may be empty.
    pub names: String,
    /// How many eat there.
    pub meals: i32,
    /// What they do not eat; may be empty.
    pub diet: String,
    /// What they need to come in and go round; may be empty.
    pub access: String,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Answers to the questions of organisers.
pub(super) mod answer {
    use sea_orm::entity::prelude::*;

    /// An answer.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "registration_answers")]
    pub(in crate::farm_visits) struct Model {
        /// Whose.
        #[sea_orm(primary_key, auto_increment = false)]
        pub registration_id: i64,
        /// Of which question.
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i32,
        /// What was answered.
        pub text: String,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(in crate::farm_visits) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What a party needs, as it was said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Needs {
    /// Who comes along, one a line, at most 2,000 characters.
    pub names: String,
    /// How many eat there, 0 to 50.
    pub meals: i32,
    /// What they do not eat, at most 1,000 characters.
    pub diet: String,
    /// What they need to come in and go round, at most 1,000 characters.
    pub access: String,
}

impl Needs {
    /// One sentence for each.
    pub(super) fn said(&self) -> Vec<String> {
        let meals = u64::try_from(self.meals).unwrap_or_default();
        let meals = if meals > 0 { french::count(meals, "repas", "repas") } else { String::new() };
        let names = self.names.lines().map(str::trim).filter(|name| !name.is_empty()).collect::<Vec<_>>().join(", ");
        let all = [("Avec", names), ("Repas", meals), ("Régime", self.diet.clone()), ("Accès", self.access.clone())];
        let all = all.into_iter().filter(|(_, text)| !text.is_empty());
        all.map(|(what, text)| french::typographic(&format!("{what} : {text}"))).collect()
    }
}

/// What these parties said that they need, and answered to the questions of their visit: one sentence for each.
///
/// # Errors
/// What the database said.
pub(super) async fn said_by(
    db: &impl ConnectionTrait,
    visit: i64,
    registrations: &[i64],
) -> Result<HashMap<i64, Vec<String>>, DbErr> {
    let needs = of(db, registrations).await?;
    let mut said: HashMap<i64, Vec<String>> = needs.iter().map(|(key, needs)| (*key, needs.said())).collect();
    let questions = question::of(db, visit).await?;
    let answers = answer::Entity::find();
    let answers = answers.filter(answer::Column::RegistrationId.is_in(registrations.iter().copied()));
    for answer in answers.order_by_asc(answer::Column::Number).all(db).await? {
        if let Some(question) = questions.iter().find(|question| question.number == answer.number) {
            // « Venez-vous en car ? », or « Votre niveau »: a colon after a question mark is one too many.
            let colon = if question.text.ends_with('?') { "" } else { " :" };
            let sentence = french::typographic(&format!("{}{colon} {}", question.text, answer.text));
            said.entry(answer.registration_id).or_default().push(sentence);
        }
    }
    Ok(said)
}

/// Forgets what was answered to a question of a visit.
///
/// # Errors
/// What the database said.
pub(super) async fn forget_answers(txn: &DatabaseTransaction, visit: i64, number: i32) -> Result<(), DbErr> {
    let dates = visit_date::Entity::find().select_only().column(visit_date::Column::Id);
    let dates = dates.filter(visit_date::Column::FarmVisitId.eq(visit)).into_query();
    let own = registration::Entity::find().select_only().column(registration::Column::Id);
    let own = own.filter(registration::Column::VisitDateId.in_subquery(dates)).into_query();
    let those = answer::Entity::delete_many().filter(answer::Column::Number.eq(number));
    those.filter(answer::Column::RegistrationId.in_subquery(own)).exec(txn).await.map(drop)
}

/// What these parties need.
async fn of(db: &impl ConnectionTrait, registrations: &[i64]) -> Result<HashMap<i64, Needs>, DbErr> {
    let own = Entity::find().filter(Column::RegistrationId.is_in(registrations.iter().copied()));
    let said = |row: Model| {
        let Model { registration_id, names, meals, diet, access } = row;
        (registration_id, Needs { names, meals, diet, access })
    };
    Ok(own.all(db).await?.into_iter().map(said).collect())
}

/// Forgets what a party needs and answered.
///
/// # Errors
/// What the database said.
pub(super) async fn forget(txn: &DatabaseTransaction, registration: i64) -> Result<(), DbErr> {
    keep(txn, registration, &Needs::default()).await?;
    answer::Entity::delete_many().filter(answer::Column::RegistrationId.eq(registration)).exec(txn).await.map(drop)
}

/// Forgets what these parties need and answered: a query for their keys.
///
/// # Errors
/// What the database said.
pub(super) async fn forget_those(txn: &DatabaseTransaction, keys: SelectStatement) -> Result<(), DbErr> {
    let needs = Entity::delete_many().filter(Column::RegistrationId.in_subquery(keys.clone()));
    needs.exec(txn).await?;
    let answers = answer::Entity::delete_many().filter(answer::Column::RegistrationId.in_subquery(keys));
    answers.exec(txn).await.map(drop)
}

/// Writes what a party needs, in the place of what it said before; what needs nothing leaves no row.
///
/// # Errors
/// What the database said.
pub(super) async fn keep(txn: &DatabaseTransaction, registration: i64, needs: &Needs) -> Result<(), DbErr> {
    if *needs == Needs::default() {
        return Entity::delete_by_id(registration).exec(txn).await.map(drop);
    }
    let row = Model {
        registration_id: registration,
        names: needs.names.clone(),
        meals: needs.meals,
        diet: needs.diet.clone(),
        access: needs.access.clone(),
    };
    let mut anew = OnConflict::column(Column::RegistrationId);
    anew.update_columns([Column::Names, Column::Meals, Column::Diet, Column::Access]);
    let row = row.into_active_model().reset_all();
    Entity::insert(row).on_conflict(anew).exec_without_returning(txn).await.map(drop)
}

/// Nobody eats twice: so many people need at most as many meals.
///
/// # Errors
/// What the database said.
pub(super) async fn clip(txn: &DatabaseTransaction, registration: i64, people: i32) -> Result<(), DbErr> {
    let fewer = Entity::update_many().col_expr(Column::Meals, Expr::value(people));
    let fewer = fewer.filter(Column::RegistrationId.eq(registration)).filter(Column::Meals.gt(people));
    fewer.exec(txn).await.map(drop)
}

/// Writes what a party answered, once.
///
/// # Errors
/// What the database said.
pub(super) async fn answer(
    txn: &DatabaseTransaction,
    registration: i64,
    answers: &[(i32, String)],
) -> Result<(), DbErr> {
    let rows = answers.iter().map(|(number, text)| answer::ActiveModel {
        registration_id: Set(registration),
        number: Set(*number),
        text: Set(text.clone()),
    });
    answer::Entity::insert_many(rows).exec_without_returning(txn).await.map(drop)
}

/// What a party needs.
///
/// # Errors
/// What the database said.
pub(super) async fn of_registration(db: &impl ConnectionTrait, registration: i64) -> Result<Needs, DbErr> {
    Ok(of(db, &[registration]).await?.remove(&registration).unwrap_or_default())
}

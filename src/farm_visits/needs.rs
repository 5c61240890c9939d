//! What a party needs: kept apart, deleted after the visit.

use std::collections::HashMap;

use sea_orm::{ActiveValue::Set, DatabaseTransaction, IntoActiveModel, entity::prelude::*, sea_query::OnConflict};

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

/// What these parties need.
///
/// # Errors
/// What the database said.
pub(super) async fn of(db: &impl ConnectionTrait, registrations: &[i64]) -> Result<HashMap<i64, Needs>, DbErr> {
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
    keep(txn, registration, &Needs::default(), &[]).await
}

/// Writes what a party needs and answered; what needs nothing leaves no row.
///
/// # Errors
/// What the database said.
pub(super) async fn keep(
    txn: &DatabaseTransaction,
    registration: i64,
    needs: &Needs,
    answers: &[(i32, String)],
) -> Result<(), DbErr> {
    if *needs == Needs::default() {
        Entity::delete_by_id(registration).exec(txn).await?;
    } else {
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
        Entity::insert(row).on_conflict(anew).exec_without_returning(txn).await?;
    }
    answer::Entity::delete_many().filter(answer::Column::RegistrationId.eq(registration)).exec(txn).await?;
    let rows = answers.iter().map(|(number, text)| answer::ActiveModel {
        registration_id: Set(registration),
        number: Set(*number),
        text: Set(text.clone()),
    });
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        return Ok(());
    }
    answer::Entity::insert_many(rows).exec_without_returning(txn).await.map(drop)
}

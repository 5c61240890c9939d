//! What one who came says of a visit: three questions, and what her kitchen would buy from the farm.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    DatabaseTransaction, IntoActiveModel, QuerySelect, QueryTrait,
    entity::prelude::*,
    sea_query::{OnConflict, SelectStatement},
};

use crate::farm_visits::registration;
use crate::figures::SATISFACTION;
use crate::web::french;

/// What one who came says of a visit.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "visit_reviews")]
pub(in crate::farm_visits) struct Model {
    /// Who.
    #[sea_orm(primary_key, auto_increment = false)]
    pub registration_id: i64,
    /// From 1, not at all content, to 5.
    pub satisfaction: i32,
    /// What was most useful, at most 2,000 characters; may be empty.
    pub useful: String,
    /// Whether the kitchen will serve what the farm makes.
    pub serves: Serves,
    /// What it would buy there, at most 2,000 characters; may be empty.
    pub wants: String,
    /// When that was passed on to the farm.
    pub passed_on_at: Option<DateTimeUtc>,
    /// When it was said last.
    pub noted_at: DateTimeUtc,
}

/// What one who came says of a visit.
pub(in crate::farm_visits) type Review = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(in crate::farm_visits) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Whether a kitchen will serve what the farm makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub(in crate::farm_visits) enum Serves {
    /// It will.
    #[sea_orm(string_value = "yes")]
    Yes,
    /// It may.
    #[sea_orm(string_value = "maybe")]
    Maybe,
    /// It will not.
    #[sea_orm(string_value = "no")]
    No,
}

impl Serves {
    /// All, with the code of the form and the words of the page.
    pub(in crate::farm_visits) const ALL: [(Self, &str, &str); 3] =
        [(Self::Yes, "oui", "Oui"), (Self::Maybe, "peut-etre", "Peut-être"), (Self::No, "non", "Non")];

    /// As a form names it.
    pub(super) fn code(self) -> &'static str {
        Self::ALL.iter().find(|(one, ..)| *one == self).map_or("", |(_, code, _)| code)
    }

    /// What a form names so.
    pub(super) fn of_code(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known, _)| *known == code).map(|(one, ..)| *one)
    }

    /// As a page says it.
    pub(super) fn label(self) -> &'static str {
        Self::ALL.iter().find(|(one, ..)| *one == self).map_or("", |(.., label)| label)
    }
}

/// What these said.
///
/// # Errors
/// What the database said.
pub(in crate::farm_visits) async fn of(
    db: &impl ConnectionTrait,
    registrations: &[i64],
) -> Result<HashMap<i64, Review>, DbErr> {
    let own = Entity::find().filter(Column::RegistrationId.is_in(registrations.iter().copied()));
    Ok(own.all(db).await?.into_iter().map(|row| (row.registration_id, row)).collect())
}

/// What those said who asked to come to these dates.
///
/// # Errors
/// What the database said.
pub(super) async fn of_dates(db: &impl ConnectionTrait, dates: &[i64]) -> Result<HashMap<i64, Review>, DbErr> {
    let asked = registration::Entity::find().select_only().column(registration::Column::Id);
    let asked = asked.filter(registration::Column::VisitDateId.is_in(dates.iter().copied())).into_query();
    let own = Entity::find().filter(Column::RegistrationId.in_subquery(asked));
    Ok(own.all(db).await?.into_iter().map(|row| (row.registration_id, row)).collect())
}

/// Writes down what one says, in the place of what she said; what was passed on to the farm stays passed on.
///
/// # Errors
/// What the database said.
pub(super) async fn keep(txn: &DatabaseTransaction, said: Review) -> Result<(), DbErr> {
    let changed = [Column::Satisfaction, Column::Useful, Column::Serves, Column::Wants, Column::NotedAt];
    let known = OnConflict::column(Column::RegistrationId).update_columns(changed).to_owned();
    let row = said.into_active_model().reset_all();
    Entity::insert(row).on_conflict(known).exec_without_returning(txn).await.map(drop)
}

/// Notes that what one would buy is passed on to the farm; false when it was before.
///
/// # Errors
/// What the database said.
pub(super) async fn pass_on(txn: &DatabaseTransaction, registration: i64, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let first = Entity::update_many()
        .col_expr(Column::PassedOnAt, Expr::value(now))
        .filter(Column::RegistrationId.eq(registration))
        .filter(Column::PassedOnAt.is_null());
    Ok(first.exec(txn).await?.rows_affected == 1)
}

impl Model {
    /// One sentence for each thing that was said.
    pub(in crate::farm_visits) fn said(&self) -> Vec<String> {
        let content =
            SATISFACTION.iter().find(|(points, _)| *points == self.satisfaction).map_or("", |(_, label)| label);
        let all = [
            ("Avis", content),
            ("Utile", &self.useful),
            ("Servira des produits de la ferme", self.serves.label()),
            ("Aimerait acheter", &self.wants),
        ];
        let all = all.into_iter().filter(|(_, text)| !text.is_empty());
        all.map(|(what, text)| french::typographic(&format!("{what} : {text}"))).collect()
    }
}

/// Forgets the words of these, not how content they were.
///
/// # Errors
/// What the database said.
pub(in crate::farm_visits) async fn forget_words(
    txn: &DatabaseTransaction,
    registrations: SelectStatement,
) -> Result<(), DbErr> {
    let blank = Entity::update_many()
        .col_expr(Column::Useful, Expr::value(""))
        .col_expr(Column::Wants, Expr::value(""))
        .filter(Column::RegistrationId.in_subquery(registrations));
    blank.exec(txn).await.map(drop)
}

/// Forgets what one said.
///
/// # Errors
/// What the database said.
pub(in crate::farm_visits) async fn forget(txn: &DatabaseTransaction, registration: i64) -> Result<(), DbErr> {
    Entity::delete_by_id(registration).exec(txn).await.map(drop)
}

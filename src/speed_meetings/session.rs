use chrono::NaiveTime;
use sea_orm::{DatabaseTransaction, IntoActiveModel, QueryOrder, entity::prelude::*, sea_query::OnConflict};

use super::slots::Stretch;

/// Most sessions of a day.
pub(super) const MOST: usize = 6;

/// A part of the day in which appointments follow each other without a break.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "edition_sessions")]
pub struct Model {
    /// Of which edition.
    #[sea_orm(primary_key, auto_increment = false)]
    pub edition_id: i64,
    /// From 1, in the order of the day.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// « Matin »: 1 to 60 characters.
    pub label: String,
    /// When it begins by the clock on the wall, in minutes since midnight.
    pub starts_at: i32,
    /// How many appointments, 1 to 60.
    pub appointments: i32,
}

/// A part of the day in which appointments follow each other without a break.
pub type Session = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// When it begins, by the clock on the wall.
    #[must_use]
    pub fn begins(&self) -> NaiveTime {
        let seconds = u32::try_from(self.starts_at).unwrap_or_default() * 60;
        NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0).unwrap_or_default()
    }

    /// For the day's slots.
    pub(super) fn stretch(&self) -> Stretch {
        Stretch {
            starts_at: self.starts_at.try_into().unwrap_or(u16::MAX),
            appointments: self.appointments.try_into().unwrap_or_default(),
        }
    }
}

/// The sessions of an edition, in their order.
///
/// # Errors
/// What the database said.
pub(super) async fn of(db: &impl ConnectionTrait, edition: i64) -> Result<Vec<Session>, DbErr> {
    Entity::find().filter(Column::EditionId.eq(edition)).order_by_asc(Column::Number).all(db).await
}

/// Keeps these sessions of an edition and no others.
///
/// # Errors
/// What the database said.
pub(super) async fn keep(txn: &DatabaseTransaction, edition: i64, sessions: &[Session]) -> Result<(), DbErr> {
    let others = Entity::delete_many().filter(Column::EditionId.eq(edition));
    others.filter(Column::Number.is_not_in(sessions.iter().map(|one| one.number))).exec(txn).await?;
    if sessions.is_empty() {
        return Ok(());
    }
    let rows = sessions.iter().map(|one| Model { edition_id: edition, ..one.clone() }.into_active_model().reset_all());
    let known = OnConflict::columns([Column::EditionId, Column::Number])
        .update_columns([Column::Label, Column::StartsAt, Column::Appointments])
        .to_owned();
    Entity::insert_many(rows).on_conflict(known).exec_without_returning(txn).await.map(drop)
}

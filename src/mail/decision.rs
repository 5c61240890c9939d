//! What staff decide: to pause all sending, to send a mail again, to give one up.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, FromQueryResult,
    QueryFilter, QuerySelect,
};

use super::attempt::{AttemptOutcome, record};
use super::claim::{Update, ended};
use super::outgoing_mail::{Column, Entity, MailState};

/// Since when sending is paused.
mod pause {
    use sea_orm::entity::prelude::*;

    /// The one row there may be.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "mail_pauses")]
    pub(super) struct Model {
        /// Always 1.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i16,
        /// Since when.
        pub paused_at: DateTimeUtc,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Pauses all sending.
///
/// # Errors
/// What the database said.
pub async fn pause(txn: &DatabaseTransaction, now: DateTime<Utc>) -> Result<(), DbErr> {
    let row = pause::ActiveModel { id: Set(1), paused_at: Set(now) };
    let once = OnConflict::column(pause::Column::Id).do_nothing().to_owned();
    pause::Entity::insert(row).on_conflict(once).try_insert().exec_without_returning(txn).await.map(drop)
}

/// Goes on sending.
///
/// # Errors
/// What the database said.
pub async fn resume(txn: &DatabaseTransaction) -> Result<(), DbErr> {
    pause::Entity::delete_many().exec(txn).await.map(drop)
}

/// Since when sending is paused.
///
/// # Errors
/// What the database said.
pub async fn paused_since(db: &impl ConnectionTrait) -> Result<Option<DateTime<Utc>>, DbErr> {
    Ok(pause::Entity::find_by_id(1_i16).one(db).await?.map(|row| row.paused_at))
}

/// Sends a mail again whose fate is unknown, or that was refused or came back; false when it is none of these, or its text
/// is gone. Its text
/// and Message-ID stay, so that a reader's program can know it for the same.
///
/// # Errors
/// What the database said.
pub async fn resend(txn: &DatabaseTransaction, id: i64, who: &str, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let closed = Entity::update_many()
        .col_expr(Column::State, Expr::value(MailState::Waiting))
        .col_expr(Column::DueAt, Expr::value(now))
        .col_expr(Column::Attempts, Expr::value(0))
        .col_expr(Column::HandedOverAt, Expr::value(Option::<DateTime<Utc>>::None))
        .col_expr(Column::EndedAt, Expr::value(Option::<DateTime<Utc>>::None))
        .filter(Column::Id.eq(id))
        .filter(Column::Message.ne(""))
        .filter(Column::State.is_in([MailState::Unknown, MailState::Failed, MailState::Bounced]));
    decide(txn, id, closed, AttemptOutcome::Resent, who, now).await
}

/// Gives up a mail that waits or whose fate is unknown; false when it is neither.
///
/// # Errors
/// What the database said.
pub async fn give_up(txn: &DatabaseTransaction, id: i64, who: &str, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let open = ended(Entity::update_many(), now)
        .col_expr(Column::State, Expr::value(MailState::Failed))
        .filter(Column::Id.eq(id))
        .filter(Column::State.is_in([MailState::Unknown, MailState::Waiting]));
    decide(txn, id, open, AttemptOutcome::GivenUp, who, now).await
}

/// Gives up the mails of a kind about a row that wait: what they say is not so any more.
///
/// # Errors
/// What the database said.
pub async fn withdraw(
    txn: &DatabaseTransaction,
    (kind, about): (&str, &str),
    who: &str,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let waiting = Entity::find().select_only().column(Column::Id).filter(Column::SubjectKey.eq(about));
    let waiting = waiting.filter(Column::State.eq(MailState::Waiting)).filter(Column::Kind.eq(kind));
    let keys: Vec<i64> = waiting.into_tuple().all(txn).await?;
    for key in keys {
        give_up(txn, key, who, now).await?;
    }
    Ok(())
}

async fn decide(
    txn: &DatabaseTransaction,
    id: i64,
    update: Update,
    outcome: AttemptOutcome,
    who: &str,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let decided = update.exec(txn).await?.rows_affected == 1;
    if decided {
        record(txn, id, outcome, &format!("décidé par {who}"), now).await?;
    }
    Ok(decided)
}

/// How many mails are in each state.
///
/// # Errors
/// What the database said.
pub async fn counts(db: &impl ConnectionTrait) -> Result<Vec<(MailState, i64)>, DbErr> {
    #[derive(FromQueryResult)]
    struct Count {
        state: MailState,
        mails: i64,
    }
    let counted = Entity::find().select_only().column(Column::State).column_as(Column::Id.count(), "mails");
    let counted = counted.group_by(Column::State).into_model::<Count>().all(db).await?;
    Ok(counted.into_iter().map(|count| (count.state, count.mails)).collect())
}

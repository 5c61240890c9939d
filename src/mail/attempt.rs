use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseTransaction, QueryOrder, TryInsertResult,
    entity::prelude::*,
    sea_query::OnConflict,
};

/// What happened to a mail, once.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "mail_attempts")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// To which mail.
    pub mail_id: i64,
    /// When.
    pub at: DateTimeUtc,
    /// What.
    pub outcome: AttemptOutcome,
    /// The other server's words, or ours.
    pub answer: String,
    /// Hash by which the notification that said so is known again.
    pub notice: Option<String>,
}

/// What happened to a mail, once.
pub type Attempt = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum AttemptOutcome {
    /// The other server took it.
    #[sea_orm(string_value = "sent")]
    Sent,
    /// It will not have it.
    #[sea_orm(string_value = "refused")]
    Refused,
    /// Not now.
    #[sea_orm(string_value = "postponed")]
    Postponed,
    /// Nobody knows.
    #[sea_orm(string_value = "unknown")]
    Unknown,
    /// Staff had it sent again.
    #[sea_orm(string_value = "resent")]
    Resent,
    /// Staff gave it up, or a day was over.
    #[sea_orm(string_value = "given_up")]
    GivenUp,
    /// It is held up on its way; whoever holds it goes on trying.
    #[sea_orm(string_value = "delayed")]
    Delayed,
    /// It came back.
    #[sea_orm(string_value = "bounced")]
    Bounced,
}

/// Most characters kept of an answer.
const LONGEST: usize = 500;

/// Writes down what happened.
///
/// # Errors
/// What the database said.
pub(super) async fn record(
    txn: &DatabaseTransaction,
    mail_id: i64,
    outcome: AttemptOutcome,
    answer: &str,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    Entity::insert(row(mail_id, outcome, answer, None, now)).exec_without_returning(txn).await.map(drop)
}

/// Writes down what a notification says, known again by its hash; false when it was read before.
///
/// # Errors
/// What the database said.
pub(super) async fn record_notice(
    txn: &DatabaseTransaction,
    mail_id: i64,
    outcome: AttemptOutcome,
    (answer, notice): (&str, &str),
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let once = OnConflict::columns([Column::MailId, Column::Notice]).do_nothing().to_owned();
    let told = Entity::insert(row(mail_id, outcome, answer, Some(notice), now)).on_conflict(once).try_insert();
    Ok(matches!(told.exec_without_returning(txn).await?, TryInsertResult::Inserted(rows) if rows > 0))
}

fn row(mail_id: i64, outcome: AttemptOutcome, answer: &str, notice: Option<&str>, now: DateTime<Utc>) -> ActiveModel {
    let answer = answer.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect();
    ActiveModel {
        id: NotSet,
        mail_id: Set(mail_id),
        at: Set(now),
        outcome: Set(outcome),
        answer: Set(answer),
        notice: Set(notice.map(ToOwned::to_owned)),
    }
}

/// What happened to a mail, in its order.
///
/// # Errors
/// What the database said.
pub async fn attempts(db: &impl ConnectionTrait, mail_id: i64) -> Result<Vec<Attempt>, DbErr> {
    Entity::find().filter(Column::MailId.eq(mail_id)).order_by_asc(Column::Id).all(db).await
}

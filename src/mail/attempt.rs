use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseTransaction, QueryOrder,
    entity::prelude::*,
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
    let answer = answer.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect();
    let row =
        ActiveModel { id: NotSet, mail_id: Set(mail_id), at: Set(now), outcome: Set(outcome), answer: Set(answer) };
    Entity::insert(row).exec_without_returning(txn).await.map(drop)
}

/// What happened to a mail, in its order.
///
/// # Errors
/// What the database said.
pub async fn attempts(db: &impl ConnectionTrait, mail_id: i64) -> Result<Vec<Attempt>, DbErr> {
    Entity::find().filter(Column::MailId.eq(mail_id)).order_by_asc(Column::Id).all(db).await
}

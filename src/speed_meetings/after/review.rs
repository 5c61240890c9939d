use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{DatabaseTransaction, entity::prelude::*};

/// Most characters of what is added.
pub(super) const LONGEST: usize = 2_000;

/// How content a participant was with its day.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reviews")]
pub(super) struct Model {
    /// Which participant.
    #[sea_orm(primary_key, auto_increment = false)]
    pub participant_id: i64,
    /// From 1, not at all, to 5.
    pub satisfaction: i32,
    /// A word for organisers, who read it without a name, at most [`LONGEST`] characters; may be empty.
    pub words: String,
    /// Who wrote it, while she is known.
    pub written_by: Option<i64>,
    /// When.
    pub noted_at: DateTimeUtc,
}

/// How content a participant was with its day.
pub(super) type Review = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What these participants said.
///
/// # Errors
/// What the database said.
pub(super) async fn of(db: &impl ConnectionTrait, participants: &[i64]) -> Result<Vec<Review>, DbErr> {
    Entity::find().filter(Column::ParticipantId.is_in(participants.iter().copied())).all(db).await
}

/// Writes down what a participant says, in the place of what it said.
///
/// # Errors
/// What the database said.
pub(super) async fn keep(
    txn: &DatabaseTransaction,
    participant: i64,
    (satisfaction, words): (i32, &str),
    by: i64,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        participant_id: Set(participant),
        satisfaction: Set(satisfaction),
        words: Set(words.to_owned()),
        written_by: Set(Some(by)),
        noted_at: Set(now),
    };
    let said = [Column::Satisfaction, Column::Words, Column::WrittenBy, Column::NotedAt];
    let known = OnConflict::column(Column::ParticipantId).update_columns(said).to_owned();
    Entity::insert(row).on_conflict(known).exec_without_returning(txn).await.map(drop)
}

/// Writes down how content a participant says it was, when an organiser does so; its words stay its own.
///
/// # Errors
/// What the database said.
pub(super) async fn rate(
    txn: &DatabaseTransaction,
    participant: i64,
    satisfaction: i32,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        participant_id: Set(participant),
        satisfaction: Set(satisfaction),
        words: Set(String::new()),
        written_by: Set(None),
        noted_at: Set(now),
    };
    let rated = [Column::Satisfaction, Column::NotedAt];
    let known = OnConflict::column(Column::ParticipantId).update_columns(rated).to_owned();
    Entity::insert(row).on_conflict(known).exec_without_returning(txn).await.map(drop)
}

/// What a person wrote: words, when.
///
/// # Errors
/// What the database said.
pub(super) async fn words_of(
    db: &impl ConnectionTrait,
    person: i64,
) -> Result<Vec<(i32, String, DateTime<Utc>)>, DbErr> {
    let own = Entity::find().filter(Column::WrittenBy.eq(person)).all(db).await?;
    Ok(own.into_iter().map(|row| (row.satisfaction, row.words, row.noted_at)).collect())
}

/// Erases the words that a person wrote; how content her organisation was stays.
///
/// # Errors
/// What the database said.
pub(super) async fn forget_words(txn: &DatabaseTransaction, person: i64) -> Result<(), DbErr> {
    let own = Entity::update_many().col_expr(Column::Words, Expr::value("")).filter(Column::WrittenBy.eq(person));
    own.exec(txn).await.map(drop)
}

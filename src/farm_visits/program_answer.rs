//! What programs were answered: the same `Idempotency-Key` gives the same answer, also after a crash.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ActiveEnum, ActiveValue::Set, DatabaseTransaction, entity::prelude::*};
use serde_json::{Value, json};

use super::counter::Outcome;
use crate::app::digest;

/// How long an answer is remembered.
const KEPT: TimeDelta = TimeDelta::days(7);

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "program_answers")]
pub(super) struct Model {
    /// Whose program.
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: i64,
    /// Hash of the key it gave.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key_hash: String,
    /// Hash of what it asked.
    pub request_hash: String,
    /// HTTP status.
    pub status: i32,
    /// JSON.
    pub body: String,
    /// When.
    pub made_at: DateTimeUtc,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Under which key a program asks what.
#[derive(Clone, Debug)]
pub(super) struct Question {
    /// Whose program.
    person_id: i64,
    key_hash: String,
    request_hash: String,
}

impl Question {
    /// A question of a person's program, by the key it gave and all that it asks.
    pub(super) fn new(person_id: i64, key: &str, request: &str) -> Self {
        Self { person_id, key_hash: digest(key.as_bytes()), request_hash: digest(request.as_bytes()) }
    }
}

/// What is known of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// It was answered so: status and JSON.
    Answered(i32, String),
    /// Something else was asked under this key.
    Other,
}

/// What is known of a question; nothing when it is new.
///
/// # Errors
/// What the database said.
pub(super) async fn known(txn: &DatabaseTransaction, asked: &Question) -> Result<Option<Known>, DbErr> {
    let row = Entity::find_by_id((asked.person_id, asked.key_hash.clone())).one(txn).await?;
    Ok(row.map(|row| {
        if row.request_hash == asked.request_hash { Known::Answered(row.status, row.body) } else { Known::Other }
    }))
}

/// Remembers an answer, in the transaction that makes it true.
///
/// # Errors
/// What the database said; another node that answers the same question at once.
pub(super) async fn remember(
    txn: &DatabaseTransaction,
    asked: &Question,
    (status, body): (i32, &str),
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        person_id: Set(asked.person_id),
        key_hash: Set(asked.key_hash.clone()),
        request_hash: Set(asked.request_hash.clone()),
        status: Set(status),
        body: Set(body.to_owned()),
        made_at: Set(now),
    };
    Entity::insert(row).exec_without_returning(txn).await.map(drop)
}

/// Forgets answers of long ago.
///
/// # Errors
/// What the database said.
pub(super) async fn forget_old(txn: &DatabaseTransaction, now: DateTime<Utc>) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::MadeAt.lt(now - KEPT)).exec(txn).await.map(drop)
}

/// Status and JSON of what became of a registration; a refusal is a problem (RFC 9457) with the word for its reason.
pub(super) fn said(outcome: &Outcome) -> (i32, String) {
    let (status, told) = match outcome {
        Outcome::Written(row, position) => {
            let mut told = json!({ "id": row.id, "state": row.state.to_value(), "party_size": row.party_size });
            if *position > 0 {
                told["position"] = json!(position);
            }
            (if *position > 0 { 202 } else { 201 }, told)
        }
        Outcome::Refused(refusal) => refused(409, "Conflict", refusal.code(), &refusal.sentence()),
        Outcome::Nowhere => refused(404, "Not Found", "not_found", "Il n’y a pas de telle date."),
        Outcome::Again(status, body) => return (*status, body.clone()),
        Outcome::KeyTaken => {
            let sentence = "Cette clé Idempotency-Key a déjà servi à demander autre chose.";
            refused(422, "Unprocessable Entity", "key_reused", sentence)
        }
    };
    (status, told.to_string())
}

fn refused(status: i32, title: &str, reason: &str, sentence: &str) -> (i32, Value) {
    let problem =
        json!({ "type": "about:blank", "title": title, "status": status, "detail": sentence, "reason": reason });
    (status, problem)
}

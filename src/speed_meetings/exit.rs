//! The links in mails by which one of an organisation's people withdraws it without signing in. Each mail has its own.

use sea_orm::{ActiveValue::Set, DatabaseTransaction, entity::prelude::*};

use crate::app::{App, digest};

/// A link.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "participant_exits")]
pub(super) struct Model {
    /// Hash of its token, which is kept nowhere.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: String,
    /// Who is withdrawn by it.
    pub participant_id: i64,
    /// To whom it was sent.
    pub person_id: i64,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Makes a link for a person of a participant.
///
/// # Errors
/// What the database said.
pub(super) async fn open(txn: &DatabaseTransaction, app: &App, participant: i64, person: i64) -> Result<String, DbErr> {
    let token = app.random.token();
    let hash = digest(token.as_bytes());
    let row = ActiveModel { token_hash: Set(hash), participant_id: Set(participant), person_id: Set(person) };
    Entity::insert(row).exec_without_returning(txn).await?;
    Ok(format!("{}{}", app.config.public_url(), path(&token)))
}

/// Where a link leads on this site.
pub(super) fn path(token: &str) -> String {
    format!("/desinscription/{token}")
}

/// Participant and person of a token.
///
/// # Errors
/// What the database said.
pub(super) async fn of_token(db: &impl ConnectionTrait, token: &str) -> Result<Option<(i64, i64)>, DbErr> {
    let found = Entity::find_by_id(digest(token.as_bytes())).one(db).await?;
    Ok(found.map(|exit| (exit.participant_id, exit.person_id)))
}

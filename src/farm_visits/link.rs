//! The links in mails by which somebody without an account comes back to a registration. Each mail has its own; all of
//! them work until a month after the visit.

use sea_orm::{ActiveValue::Set, DatabaseTransaction, entity::prelude::*};

use crate::app::digest;

/// A link.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "registration_links")]
pub(super) struct Model {
    /// Hash of its token, which is kept nowhere.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: String,
    /// Where it leads.
    pub registration_id: i64,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Lets a token lead to a registration.
///
/// # Errors
/// What the database said.
pub(super) async fn open(txn: &DatabaseTransaction, registration: i64, token: &str) -> Result<(), DbErr> {
    let row = ActiveModel { token_hash: Set(digest(token.as_bytes())), registration_id: Set(registration) };
    Entity::insert(row).exec_without_returning(txn).await.map(drop)
}

/// The registration to which a token leads.
///
/// # Errors
/// What the database said.
pub(super) async fn of_token(db: &impl ConnectionTrait, token: &str) -> Result<Option<i64>, DbErr> {
    Ok(Entity::find_by_id(digest(token.as_bytes())).one(db).await?.map(|link| link.registration_id))
}

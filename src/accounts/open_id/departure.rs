use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseTransaction,
    entity::prelude::*,
};

use crate::accounts::secret::{hash, hash_code};

/// How long one may take to sign in at the provider.
pub(super) const VALID: TimeDelta = TimeDelta::minutes(10);

/// A browser that left for the provider and is not back yet.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "departures")]
pub(super) struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Hash of its cookie.
    #[sea_orm(unique)]
    pub browser_hash: String,
    /// The page of ours it goes on to.
    pub next: String,
    /// When it is too late.
    pub expires_at: DateTimeUtc,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What proves that a return belongs to a departure. All three come from the cookie by a hash: only the browser that left can
/// show them again, none tells the others, and none stands in the database.
#[derive(Clone, Debug)]
pub(super) struct Proofs {
    /// Comes back with the browser.
    pub(super) state: String,
    /// Comes back in the signed token.
    pub(super) nonce: String,
    /// Goes with the code; the provider was given its hash (PKCE, RFC 7636).
    pub(super) verifier: String,
}

impl Proofs {
    /// Those of a browser, by its cookie.
    pub(super) fn of(browser: &str) -> Self {
        let proof = |name| hash_code(name, browser);
        Self { state: proof("state"), nonce: proof("nonce"), verifier: proof("verifier") }
    }
}

/// Writes down that a browser leaves, and where it goes on to afterwards.
///
/// # Errors
/// What the database said.
pub(super) async fn begin(
    txn: &DatabaseTransaction,
    browser: &str,
    next: &str,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    forget_over(txn, now).await?;
    let row = ActiveModel {
        id: NotSet,
        browser_hash: Set(hash(browser)),
        next: Set(next.to_owned()),
        expires_at: Set(now + VALID),
    };
    Entity::insert(row).exec_without_returning(txn).await.map(drop)
}

/// Ends a departure, whatever becomes of the return: the page to go on to. Of two at once, one finds it; none, and it was
/// already used or is too old.
///
/// # Errors
/// What the database said.
pub(super) async fn end(txn: &DatabaseTransaction, browser: &str, now: DateTime<Utc>) -> Result<Option<String>, DbErr> {
    let found = Entity::find().filter(Column::BrowserHash.eq(hash(browser))).filter(Column::ExpiresAt.gt(now));
    let Some(departure) = found.one(txn).await? else { return Ok(None) };
    let ended = Entity::delete_by_id(departure.id).exec(txn).await?.rows_affected == 1;
    Ok(ended.then_some(departure.next))
}

/// Forgets browsers that did not come back in time.
///
/// # Errors
/// What the database said.
pub(in crate::accounts) async fn forget_over(txn: &DatabaseTransaction, now: DateTime<Utc>) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::ExpiresAt.lte(now)).exec(txn).await.map(drop)
}

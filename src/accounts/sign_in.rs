use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseTransaction, ExprTrait,
    entity::prelude::*,
};

use super::allowance::{self, Allowance};
use super::secret::{hash, hash_code};
use super::{invitation, person};
use crate::app::{Random, subscriber};
use crate::mail::EmailAddress;

/// How long a link and its code may be used.
const VALID: TimeDelta = TimeDelta::minutes(15);
/// Wrong codes after which only a new mail helps: one in 200,000 guesses a code.
const TRIES: i32 = 5;
/// Mails for one address.
const MAILS: Allowance = Allowance::per_hour("sign-in-mail", 5);
/// The same for one sender, whichever server is asked: a whole meeting room behind one address.
const SENDERS: Allowance = Allowance::per_hour("sign-in-sender", 120);
/// Wrong codes for one address, however many mails were asked for; afterwards only the links of the mails help.
const WRONG_CODES: Allowance = Allowance::per_day("wrong-code", 30);

/// A way in that was sent by mail.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_ins")]
pub(super) struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The address that was typed, as we write addresses.
    pub email: String,
    /// Hash of the link's token.
    #[sea_orm(unique)]
    pub link_hash: String,
    /// Hash of the code and of the browser that may use it.
    pub code_hash: Option<String>,
    /// Hash of the cookie of that browser.
    #[sea_orm(unique)]
    pub browser_hash: Option<String>,
    /// Whether it lets in whoever is not known yet: she comes to register.
    pub opens_account: bool,
    /// Wrong codes so far.
    pub tries: i32,
    /// When it was asked for.
    pub created_at: DateTimeUtc,
    /// When it ends.
    pub expires_at: DateTimeUtc,
    /// When it was used.
    pub used_at: Option<DateTimeUtc>,
}

/// A way in that was sent by mail.
pub(super) type SignIn = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What a mail must tell.
#[derive(Clone, Debug)]
pub(super) struct Secrets {
    /// Number of the row.
    pub id: i64,
    /// Last part of the link.
    pub link: String,
    /// Six digits.
    pub code: String,
    /// Until when they may be used.
    pub until: DateTime<Utc>,
}

/// Why no mail leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoMail {
    /// This address was sent enough of them in this hour.
    TooMany,
    /// Whoever asks has asked for enough of them in this hour.
    SenderTooMany,
}

/// Why a way in is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Closed {
    /// Unknown, used or too old: another mail is needed.
    Over,
    /// Too many wrong codes for this address today: only the link of the mail helps.
    TooMany,
    /// The code is not the one of the mail; so many tries are left.
    Wrong {
        /// Tries left, at least one.
        left: i32,
    },
}

/// Makes a way in for an address, known or not: what is done and how long it takes is the same. With it comes whether it
/// lets anybody in: somebody who is known, invited, or comes to register.
///
/// # Errors
/// What the database said.
pub(super) async fn ask(
    txn: &DatabaseTransaction,
    email: &EmailAddress,
    (browser, sender): (&str, IpAddr),
    opens_account: bool,
    random: &Random,
    now: DateTime<Utc>,
) -> Result<Result<(Secrets, bool), NoMail>, DbErr> {
    if !count_sender(txn, sender, now).await? {
        return Ok(Err(NoMail::SenderTooMany));
    }
    if !allowance::take(txn, MAILS, email.as_str(), now).await? {
        return Ok(Err(NoMail::TooMany));
    }
    forget_over(txn, now).await?;
    let is_admitted = invitation::admits(txn, email, now).await?;
    let (code, link) = (format!("{:06}", random.u64() % 1_000_000), random.token());
    let row = ActiveModel {
        id: NotSet,
        email: Set(email.to_string()),
        link_hash: Set(hash(&link)),
        code_hash: Set(Some(hash_code(&code, browser))),
        browser_hash: Set(Some(hash(browser))),
        opens_account: Set(opens_account),
        tries: Set(0),
        created_at: Set(now),
        expires_at: Set(now + VALID),
        used_at: Set(None),
    };
    let written = Entity::insert(row).exec_with_returning(txn).await?;
    let secrets = Secrets { id: written.id, link, code, until: now + VALID };
    Ok(Ok((secrets, is_admitted || opens_account)))
}

/// Counts one sign-in that this sender begins; false when it is one too many in this hour.
///
/// # Errors
/// What the database said.
pub(super) async fn count_sender(txn: &DatabaseTransaction, sender: IpAddr, now: DateTime<Utc>) -> Result<bool, DbErr> {
    allowance::take(txn, SENDERS, &subscriber(sender).to_string(), now).await
}

/// Forgets ways in that are over.
///
/// # Errors
/// What the database said.
pub(super) async fn forget_over(txn: &DatabaseTransaction, now: DateTime<Utc>) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::ExpiresAt.lt(now)).exec(txn).await.map(drop)
}

/// Forgets the ways in of an address.
///
/// # Errors
/// What the database said.
pub(super) async fn forget_address(txn: &DatabaseTransaction, email: &str) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::Email.eq(email)).exec(txn).await.map(drop)
}

/// What a browser waits for: the mail it asked for, still open.
///
/// # Errors
/// What the database said.
pub(super) async fn awaited(
    db: &impl ConnectionTrait,
    browser: &str,
    now: DateTime<Utc>,
) -> Result<Option<SignIn>, DbErr> {
    open(db, Column::BrowserHash.eq(hash(browser)), now).await
}

/// The way in of a link, still open. Looking at it changes nothing: mail programs follow links.
///
/// # Errors
/// What the database said.
pub(super) async fn of_link(
    db: &impl ConnectionTrait,
    link: &str,
    now: DateTime<Utc>,
) -> Result<Option<SignIn>, DbErr> {
    open(db, Column::LinkHash.eq(hash(link)), now).await
}

async fn open(db: &impl ConnectionTrait, which: Expr, now: DateTime<Utc>) -> Result<Option<SignIn>, DbErr> {
    let unused = Entity::find().filter(which).filter(Column::UsedAt.is_null());
    unused.filter(Column::ExpiresAt.gt(now)).filter(Column::Tries.lt(TRIES)).one(db).await
}

/// Uses a link: who comes in.
///
/// # Errors
/// What the database said.
pub(super) async fn use_link(
    txn: &DatabaseTransaction,
    link: &str,
    now: DateTime<Utc>,
) -> Result<Result<i64, Closed>, DbErr> {
    let Some(way) = of_link(txn, link, now).await? else { return Ok(Err(Closed::Over)) };
    spend(txn, &way, now).await
}

/// Whether it lets anybody in: somebody who is known, invited, or comes to register.
///
/// # Errors
/// What the database said.
pub(super) async fn admits(db: &impl ConnectionTrait, way: &SignIn, now: DateTime<Utc>) -> Result<bool, DbErr> {
    match EmailAddress::parse(&way.email) {
        Ok(email) => Ok(invitation::admits(db, &email, now).await? || way.opens_account),
        Err(_) => Ok(false),
    }
}

/// Uses a code in the browser that asked for it: who comes in. A wrong one is counted, so the caller commits either way.
///
/// # Errors
/// What the database said.
pub(super) async fn use_code(
    txn: &DatabaseTransaction,
    code: &str,
    browser: &str,
    now: DateTime<Utc>,
) -> Result<Result<i64, Closed>, DbErr> {
    let Some(way) = awaited(txn, browser, now).await? else { return Ok(Err(Closed::Over)) };
    if !allowance::is_left(txn, WRONG_CODES, &way.email, now).await? {
        return Ok(Err(Closed::TooMany));
    }
    // The try is counted before the code is looked at: of many at once, no more than are allowed get to look.
    let count = Entity::update_many().col_expr(Column::Tries, Expr::col(Column::Tries).add(1));
    let counted = count.filter(Column::Id.eq(way.id)).filter(Column::Tries.lt(TRIES)).exec(txn).await?;
    if counted.rows_affected == 0 {
        return Ok(Err(Closed::Over));
    }
    if way.code_hash.as_deref() == Some(hash_code(code, browser).as_str()) {
        return spend(txn, &way, now).await;
    }
    allowance::take(txn, WRONG_CODES, &way.email, now).await?;
    let left = TRIES - way.tries - 1;
    Ok(Err(if left > 0 { Closed::Wrong { left } } else { Closed::Over }))
}

/// Single use: of two at once, one finds it unused. Whoever is neither known nor invited, nor comes to register, stays
/// outside.
async fn spend(txn: &DatabaseTransaction, way: &SignIn, now: DateTime<Utc>) -> Result<Result<i64, Closed>, DbErr> {
    let Ok(email) = EmailAddress::parse(&way.email) else { return Ok(Err(Closed::Over)) };
    let first = Entity::update_many().col_expr(Column::UsedAt, Expr::value(now)).filter(Column::Id.eq(way.id));
    if first.filter(Column::UsedAt.is_null()).exec(txn).await?.rows_affected == 0 {
        return Ok(Err(Closed::Over));
    }
    if way.opens_account {
        return Ok(Ok(person::known_or_new(txn, &email, now).await?.id));
    }
    let person = invitation::admitted(txn, &email, now).await?;
    Ok(person.map(|person| person.id).ok_or(Closed::Over))
}

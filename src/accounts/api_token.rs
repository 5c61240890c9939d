//! What a program signs in with: `Authorization: Bearer …`. It may do what its scopes say, while its person may.

use std::{fmt, str::FromStr};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseTransaction, QueryOrder,
    entity::prelude::*,
};

use super::person::{self, Person};
use super::secret::hash;
use crate::app::Random;

/// What stands before the random part, so that a token found in a file is known for one of ours.
const MARK: &str = "ml_";
/// How often the last use is written down.
const NOTED: TimeDelta = TimeDelta::hours(1);

/// A token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_tokens")]
pub(super) struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Whose.
    pub person_id: i64,
    /// What its person calls it.
    pub name: String,
    /// Hash of the token.
    #[sea_orm(unique)]
    pub token_hash: String,
    /// Its scopes, by spaces.
    pub scopes: String,
    /// Made.
    pub created_at: DateTimeUtc,
    /// Last used, to the hour.
    pub last_used_at: Option<DateTimeUtc>,
}

/// A token, without its secret.
pub(super) type ApiToken = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What a token may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Read whose token it is.
    Identity,
    /// Say which mails could not be delivered.
    DeliveryStatus,
    /// Read who comes to speed meetings and who wishes whom, and change the timetable in work.
    Meetings,
    /// Prepare farm visits and their dates.
    Visits,
    /// Register people for farm visits.
    Registrations,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Identity, Self::DeliveryStatus, Self::Meetings, Self::Visits, Self::Registrations];

    /// The word of the command line and of the rows.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::DeliveryStatus => "delivery-status",
            Self::Meetings => "meetings",
            Self::Visits => "visits",
            Self::Registrations => "registrations",
        }
    }

    /// As a page says it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Identity => "lire à qui est la clé",
            Self::DeliveryStatus => "signaler les courriels revenus",
            Self::Meetings => {
                "lire les rencontres, leurs inscrits et leurs souhaits, et changer leur planning en cours"
            }
            Self::Visits => "préparer des visites de fermes et leurs dates",
            Self::Registrations => "inscrire des personnes aux visites de fermes",
        }
    }

    /// Whether only an organiser's token may do it.
    #[must_use]
    pub fn is_for_organisers(self) -> bool {
        !matches!(self, Self::Identity)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Scope {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = || Self::ALL.map(Self::code).join(", ");
        Self::ALL.into_iter().find(|scope| scope.code() == text).ok_or_else(|| format!("expected one of: {}", known()))
    }
}

impl Model {
    /// What it may do.
    pub(super) fn scopes(&self) -> impl Iterator<Item = Scope> {
        self.scopes.split(' ').filter_map(|code| code.parse().ok())
    }
}

/// Makes a token; returns its text, which is kept nowhere.
///
/// # Errors
/// What the database said.
pub(super) async fn create(
    txn: &DatabaseTransaction,
    person: &Person,
    name: &str,
    scopes: &[Scope],
    random: &Random,
    now: DateTime<Utc>,
) -> Result<(ApiToken, String), DbErr> {
    let text = format!("{MARK}{}", random.token());
    let row = ActiveModel {
        id: NotSet,
        person_id: Set(person.id),
        name: Set(name.to_owned()),
        token_hash: Set(hash(&text)),
        scopes: Set(scopes.iter().map(|scope| scope.code()).collect::<Vec<_>>().join(" ")),
        created_at: Set(now),
        last_used_at: Set(None),
    };
    Ok((row.insert(txn).await?, text))
}

/// The token with this text and whose it is.
///
/// # Errors
/// What the database said.
pub(super) async fn of_text(db: &impl ConnectionTrait, text: &str) -> Result<Option<(ApiToken, Person)>, DbErr> {
    let Some(token) = Entity::find().filter(Column::TokenHash.eq(hash(text))).one(db).await? else { return Ok(None) };
    let person = person::Entity::find_by_id(token.person_id).one(db).await?;
    Ok(person.map(|person| (token, person)))
}

/// Whether the last use should be written down anew.
pub(super) fn is_stale(token: &ApiToken, now: DateTime<Utc>) -> bool {
    token.last_used_at.is_none_or(|last| last + NOTED < now)
}

/// Writes down a use.
///
/// # Errors
/// What the database said.
pub(super) async fn note(txn: &DatabaseTransaction, token: &ApiToken, now: DateTime<Utc>) -> Result<(), DbErr> {
    let update = Entity::update_many().col_expr(Column::LastUsedAt, Expr::value(Some(now)));
    update.filter(Column::Id.eq(token.id)).exec(txn).await?;
    person::seen(txn, token.person_id, now).await
}

/// A person's tokens, the latest first.
///
/// # Errors
/// What the database said.
pub(super) async fn of_person(db: &impl ConnectionTrait, person: i64) -> Result<Vec<ApiToken>, DbErr> {
    Entity::find().filter(Column::PersonId.eq(person)).order_by_desc(Column::Id).all(db).await
}

/// Ends one of a person's own tokens; its name, or nothing when it is not theirs.
///
/// # Errors
/// What the database said.
pub(super) async fn revoke(txn: &DatabaseTransaction, person: &Person, id: i64) -> Result<bool, DbErr> {
    let own = Entity::delete_many().filter(Column::Id.eq(id)).filter(Column::PersonId.eq(person.id));
    Ok(own.exec(txn).await?.rows_affected == 1)
}

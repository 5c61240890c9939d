//! Somebody asks an address to join: an organisation, or the organisers of the territory. The person comes into being when
//! she accepts, or signs in with that address; nothing of her is kept before but the invitation, for two weeks.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseTransaction, QueryOrder,
    entity::prelude::*,
};

use super::allowance::{self, Allowance};
use super::organisation;
use super::person::{self, Person};
use super::secret::hash;
use crate::app::Random;
use crate::mail::EmailAddress;

/// How long an invitation stands.
const STANDS: TimeDelta = TimeDelta::days(14);
/// Mails with an invitation that one address may be sent in a day, whoever invites it.
const MAILS_PER_DAY: Allowance = Allowance::per_day("invitation-mail", 5);
/// Invitations that somebody who does not organise sends in a day: anybody may found a team, and its name is in them.
const SENT_PER_DAY: Allowance = Allowance::per_day("invitations_sent", 20);

/// An invitation that was neither accepted nor taken back.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitations")]
pub(super) struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// To join which organisation; none: the organisers.
    pub organisation_id: Option<i64>,
    /// Who is invited.
    pub email: String,
    /// Who invites; none: whoever runs the machine, or somebody who is gone.
    pub invited_by: Option<i64>,
    /// Hash of the link's token.
    #[sea_orm(unique)]
    pub token_hash: String,
    /// When it was sent.
    pub created_at: DateTimeUtc,
    /// When it ends.
    pub expires_at: DateTimeUtc,
}

/// An invitation that was neither accepted nor taken back.
pub(super) type Invitation = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What became of an invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Invited {
    /// Written down; its link holds this token.
    Sent(Invitation, String),
    /// The address belongs already.
    Already,
    /// The address was sent enough of them today.
    TooMany,
    /// Whoever invites has sent enough of them today.
    SenderTooMany,
}

/// Invites an address; who was invited before gets another link, and the one before ends.
///
/// # Errors
/// What the database said.
pub(super) async fn invite(
    txn: &DatabaseTransaction,
    into: Option<i64>,
    email: &EmailAddress,
    by: &Person,
    random: &Random,
    now: DateTime<Utc>,
) -> Result<Invited, DbErr> {
    if let Some(known) = person::by_email(txn, email).await?
        && belongs(txn, into, &known).await?
    {
        return Ok(Invited::Already);
    }
    if !by.is_organiser && !allowance::take(txn, SENT_PER_DAY, &by.id.to_string(), now).await? {
        return Ok(Invited::SenderTooMany);
    }
    if !allowance::take(txn, MAILS_PER_DAY, email.as_str(), now).await? {
        return Ok(Invited::TooMany);
    }
    let (invitation, token) = write(txn, into, email, Some(by.id), random, now).await?;
    Ok(Invited::Sent(invitation, token))
}

/// Invites an address to run the territory, though it may be an organiser's already: one who is locked out must come in.
///
/// # Errors
/// What the database said.
pub(super) async fn invite_by_operator(
    txn: &DatabaseTransaction,
    email: &EmailAddress,
    random: &Random,
    now: DateTime<Utc>,
) -> Result<(Invitation, String), DbErr> {
    write(txn, None, email, None, random, now).await
}

async fn write(
    txn: &DatabaseTransaction,
    into: Option<i64>,
    email: &EmailAddress,
    by: Option<i64>,
    random: &Random,
    now: DateTime<Utc>,
) -> Result<(Invitation, String), DbErr> {
    let before = Entity::delete_many().filter(Column::Email.eq(email.as_str()));
    before.filter(of(into)).exec(txn).await?;
    let token = random.token();
    let row = ActiveModel {
        id: NotSet,
        organisation_id: Set(into),
        email: Set(email.to_string()),
        invited_by: Set(by),
        token_hash: Set(hash(&token)),
        created_at: Set(now),
        expires_at: Set(now + STANDS),
    };
    Ok((row.insert(txn).await?, token))
}

async fn belongs(txn: &DatabaseTransaction, into: Option<i64>, person: &Person) -> Result<bool, DbErr> {
    match into {
        Some(organisation) => organisation::is_member(txn, organisation, person.id).await,
        None => Ok(person.is_organiser),
    }
}

fn of(into: Option<i64>) -> Expr {
    into.map_or_else(|| Column::OrganisationId.is_null(), |id| Column::OrganisationId.eq(id))
}

/// The invitation of a link. Looking at it changes nothing.
///
/// # Errors
/// What the database said.
pub(super) async fn of_token(
    db: &impl ConnectionTrait,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Option<Invitation>, DbErr> {
    open(now).filter(Column::TokenHash.eq(hash(token))).one(db).await
}

/// What an address is invited to, the first first.
///
/// # Errors
/// What the database said.
pub(super) async fn for_address(
    db: &impl ConnectionTrait,
    email: &str,
    now: DateTime<Utc>,
) -> Result<Vec<Invitation>, DbErr> {
    open(now).filter(Column::Email.eq(email)).order_by_asc(Column::Id).all(db).await
}

/// Whether somebody with this address may come in: she is known, or invited.
///
/// # Errors
/// What the database said.
pub(super) async fn admits(db: &impl ConnectionTrait, email: &EmailAddress, now: DateTime<Utc>) -> Result<bool, DbErr> {
    // Both are asked whatever the first says: an address with an account takes as long as one without.
    let (known, invited) = (person::by_email(db, email).await?, for_address(db, email.as_str(), now).await?);
    Ok(known.is_some() || !invited.is_empty())
}

/// Whoever has this address, which is proven: who was only invited is known from now on.
///
/// # Errors
/// What the database said.
pub(super) async fn admitted(
    txn: &DatabaseTransaction,
    email: &EmailAddress,
    now: DateTime<Utc>,
) -> Result<Option<Person>, DbErr> {
    if !admits(txn, email, now).await? {
        return Ok(None);
    }
    person::known_or_new(txn, email, now).await.map(Some)
}

/// Who is invited to join an organisation, or the organisers; the first first.
///
/// # Errors
/// What the database said.
pub(super) async fn to_join(
    db: &impl ConnectionTrait,
    into: Option<i64>,
    now: DateTime<Utc>,
) -> Result<Vec<Invitation>, DbErr> {
    open(now).filter(of(into)).order_by_asc(Column::Id).all(db).await
}

fn open(now: DateTime<Utc>) -> Select<Entity> {
    Entity::find().filter(Column::ExpiresAt.gt(now))
}

/// Accepts: whoever is invited belongs from now on. `person` has the invited address. False when it was taken back meanwhile.
///
/// # Errors
/// What the database said.
pub(super) async fn accept(
    txn: &DatabaseTransaction,
    invitation: &Invitation,
    person: &Person,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    if !end(txn, invitation.id).await? {
        return Ok(false);
    }
    match invitation.organisation_id {
        Some(organisation) => organisation::join(txn, organisation, person.id, now).await?,
        None => person::set_organiser(txn, person.id, true).await?,
    };
    Ok(true)
}

/// Takes an invitation back, or declines it; false when it is no longer there.
///
/// # Errors
/// What the database said.
pub(super) async fn end(txn: &DatabaseTransaction, id: i64) -> Result<bool, DbErr> {
    Ok(Entity::delete_by_id(id).exec(txn).await?.rows_affected == 1)
}

/// Forgets invitations that nobody accepted in time.
///
/// # Errors
/// What the database said.
pub(super) async fn forget_over(txn: &DatabaseTransaction, now: DateTime<Utc>) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::ExpiresAt.lte(now)).exec(txn).await.map(drop)
}

/// Forgets the invitations of an address.
///
/// # Errors
/// What the database said.
pub(super) async fn forget_address(txn: &DatabaseTransaction, email: &str) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::Email.eq(email)).exec(txn).await.map(drop)
}

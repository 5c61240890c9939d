//! What this room knows of a person, and its end.

use chrono::{DateTime, Utc};
use sea_orm::{Condition, ConnectionTrait, DatabaseTransaction, DbErr, QueryOrder, QuerySelect, entity::prelude::*};
use serde_json::{Value, json};

use super::person::{self, Column, Entity, Person};
use super::{api_token, invitation, organisation, second_factor, session, sign_in};

/// All that this room knows of a person, but for what is only kept as a hash.
///
/// # Errors
/// What the database said.
pub async fn known_of(db: &impl ConnectionTrait, person: &Person) -> Result<Value, DbErr> {
    let sessions = session::all_of_person(db, person).await?;
    let teams = organisation::of_person(db, person.id).await?;
    let tokens = api_token::of_person(db, person.id).await?;
    let invitations = invitation::for_address(db, &person.email, DateTime::UNIX_EPOCH).await?;
    Ok(json!({
        "adresse": person.email,
        "nom": person.name,
        "organisateur": person.is_organiser,
        "cree_le": person.created_at,
        "vu_le": person.last_seen_at,
        "second_facteur": second_factor::is_active(db, person.id).await?,
        "appareils": sessions.iter().map(|session| json!({
            "nom": session.device, "connecte_le": session.created_at, "vu_le": session.last_seen_at,
        })).collect::<Vec<_>>(),
        "equipes": teams.iter().map(|team| json!({ "nom": team.name, "genre": team.kind.label() })).collect::<Vec<_>>(),
        "cles": tokens.iter().map(|token| json!({
            "nom": token.name, "droits": token.scopes, "creee_le": token.created_at, "utilisee_le": token.last_used_at,
        })).collect::<Vec<_>>(),
        "invitations": invitations.iter().map(|invitation| json!({
            "le": invitation.created_at, "jusque": invitation.expires_at,
        })).collect::<Vec<_>>(),
    }))
}

/// Erases a person and what hangs on her here; false for the last organiser, who stays.
///
/// # Errors
/// What the database said.
pub async fn erase(txn: &DatabaseTransaction, person: &Person) -> Result<bool, DbErr> {
    if person.is_organiser && person::resign(txn, person.id).await? == Err(organisation::Stays::Last) {
        return Ok(false);
    }
    sign_in::forget_address(txn, &person.email).await?;
    invitation::forget_address(txn, &person.email).await?;
    Entity::delete_by_id(person.id).exec(txn).await?;
    Ok(true)
}

/// Whether nobody else runs the territory.
///
/// # Errors
/// What the database said.
pub async fn is_last_organiser(db: &impl ConnectionTrait, person: &Person) -> Result<bool, DbErr> {
    Ok(person.is_organiser && person::organisers(db).await?.len() == 1)
}

/// People who have not come since then, the longest away first: those who were not warned, or those who were warned before
/// `warned_before`. Never the last organiser.
///
/// # Errors
/// What the database said.
pub async fn unseen_since(
    db: &impl ConnectionTrait,
    since: DateTime<Utc>,
    warned_before: Option<DateTime<Utc>>,
    most: u64,
) -> Result<Vec<Person>, DbErr> {
    let never = Condition::all().add(Column::LastSeenAt.is_null()).add(Column::CreatedAt.lt(since));
    let away = Entity::find().filter(Condition::any().add(Column::LastSeenAt.lt(since)).add(never));
    let away = match warned_before {
        None => away.filter(Column::InactivityWarnedAt.is_null()),
        Some(before) => away.filter(Column::InactivityWarnedAt.lt(before)),
    };
    let away = away.order_by_asc(Column::LastSeenAt).order_by_asc(Column::Id).limit(most).all(db).await?;
    let alone = person::organisers(db).await?;
    let is_alone = |person: &Person| matches!(alone.as_slice(), [last] if last.id == person.id);
    Ok(away.into_iter().filter(|person| !is_alone(person)).collect())
}

/// Writes down that a person was told that her account would be erased.
///
/// # Errors
/// What the database said.
pub async fn note_warning(txn: &DatabaseTransaction, person: &Person, now: DateTime<Utc>) -> Result<(), DbErr> {
    let update = Entity::update_many().col_expr(Column::InactivityWarnedAt, Expr::value(Some(now)));
    update.filter(Column::Id.eq(person.id)).exec(txn).await.map(drop)
}

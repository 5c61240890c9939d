//! Those who take part in an edition, each with its name: what every decision and every page about a day begins with.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DbErr};

use super::participant::{self, Participant};
use crate::accounts;
use crate::web::french;

/// Who takes part, with the name that messages use.
#[derive(Clone, Debug)]
pub(super) struct Guest {
    /// Its row.
    pub(super) row: Participant,
    /// The name of its organisation.
    pub(super) name: String,
}

/// Those who take part, by key.
pub(super) type Guests = BTreeMap<i64, Guest>;

/// All who are or were to come to an edition, in the order of their turns, each with the name of its organisation as it was
/// written.
///
/// # Errors
/// What the database said.
pub(super) async fn as_written(db: &impl ConnectionTrait, edition: i64) -> Result<Vec<(Participant, String)>, DbErr> {
    let rows = participant::of(db, edition).await?;
    let organisations: Vec<i64> = rows.iter().map(|row| row.organisation_id).collect();
    let mut names: BTreeMap<i64, String> = accounts::names_of(db, &organisations).await?.into_iter().collect();
    Ok(rows
        .into_iter()
        .map(|row| {
            let name = names.remove(&row.organisation_id).unwrap_or_default();
            (row, name)
        })
        .collect())
}

/// All who are or were to come to an edition.
///
/// # Errors
/// What the database said.
pub(super) async fn of(db: &impl ConnectionTrait, edition: i64) -> Result<Guests, DbErr> {
    let all = as_written(db, edition).await?.into_iter();
    Ok(all.map(|(row, name)| (row.id, Guest { name: french::typographic(&name), row })).collect())
}

/// What a participant is called; nothing of one who is unknown.
pub(super) fn name(guests: &Guests, participant: i64) -> &str {
    guests.get(&participant).map_or("", |guest| guest.name.as_str())
}

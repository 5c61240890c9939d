//! How pages say who did what, when.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::DbErr;

use crate::accounts;
use crate::app::App;
use crate::speed_meetings::edition::Edition;
use crate::speed_meetings::workshop::change::{self, Change};
use crate::web::french;

/// Address of the timetable of an edition.
pub(super) fn path(edition: &Edition) -> String {
    format!("{}/planning", edition.desk())
}

/// A change as pages show it.
pub(super) struct Told {
    /// Its key.
    pub(super) id: i64,
    /// « Claire Fabre a déplacé… »
    pub(super) sentence: String,
    /// « il y a 5 minutes »
    pub(super) when: String,
    /// « annulé par Hugo Blanc », when it was undone.
    pub(super) undone: Option<String>,
}

/// These changes as pages show them.
pub(super) async fn told(app: &App, changes: Vec<Change>) -> Result<Vec<Told>, DbErr> {
    let ids: Vec<i64> = changes.iter().flat_map(|one| [one.made_by, one.undone_by]).flatten().collect();
    let names = names(app, &ids).await?;
    let now = app.clock.now();
    let told = |one: Change| Told {
        id: one.id,
        sentence: format!("{} {}.", name(&names, one.made_by), one.said),
        when: ago(app, now, one.last().1),
        undone: one.undone_at.map(|_| format!("annulé par {}", name(&names, one.undone_by))),
    };
    Ok(changes.into_iter().map(told).collect())
}

/// Names of people by key.
pub(super) async fn names(app: &App, ids: &[i64]) -> Result<BTreeMap<i64, String>, DbErr> {
    let people = accounts::people_by_ids(&app.db, ids).await?;
    Ok(people.into_iter().map(|person| (person.id, person.called().to_owned())).collect())
}

/// Who it was; accounts may be gone.
pub(super) fn name(names: &BTreeMap<i64, String>, person: Option<i64>) -> &str {
    person.and_then(|id| names.get(&id)).map_or("Quelqu’un", String::as_str)
}

/// What somebody did meanwhile to one of these pairs, or to the timetable when none is named.
pub(super) async fn meanwhile(app: &App, edition: i64, pairs: &[(i64, i64)]) -> Result<Option<String>, DbErr> {
    let last = change::last_about(&app.db, edition, pairs).await?;
    let told = told(app, last.into_iter().collect()).await?.pop();
    Ok(told.map(|one| match one.undone {
        Some(undone) => format!("{} ({undone}, {})", one.sentence, one.when),
        None => format!("{} C’était {}.", one.sentence, one.when),
    }))
}

/// « il y a 5 minutes »
pub(super) fn ago(app: &App, now: DateTime<Utc>, at: DateTime<Utc>) -> String {
    let minutes = (now - at).num_minutes();
    match minutes {
        ..1 => "à l’instant".to_owned(),
        1..60 => format!("il y a {minutes}\u{a0}min"),
        60..1440 => format!("il y a {}\u{a0}h", minutes / 60),
        _ => format!("le {}", french::moment(app.local(at))),
    }
}

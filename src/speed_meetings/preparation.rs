//! A new edition is written down: from nothing, or like an earlier one.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ActiveValue::NotSet, DatabaseTransaction, IntoActiveModel, TryInsertResult, entity::prelude::*,
    sea_query::OnConflict,
};

use super::edition::{self, Edition, State};
use super::plan::{self, Plan};
use crate::suppliers::slug;

/// What became of a wish to prepare an edition.
#[derive(Clone, Debug, PartialEq)]
pub enum Prepared {
    /// It is there.
    New(Edition),
    /// It was there and nobody has changed it since: pressed twice.
    Same(Edition),
    /// Another of this name on this day was there.
    Other(Edition),
}

impl Prepared {
    /// The edition of this name on this day.
    #[must_use]
    pub fn edition(&self) -> &Edition {
        let (Self::New(edition) | Self::Same(edition) | Self::Other(edition)) = self;
        edition
    }
}

/// Writes a draft down with all that is planned for it.
///
/// # Errors
/// What the database said.
pub async fn prepare(txn: &DatabaseTransaction, plan: &Plan) -> Result<Prepared, DbErr> {
    let draft = Edition { last_question: plan.last_question(), ..plan.edition.clone() };
    let prepared = write_down(txn, &draft).await?;
    if let Prepared::New(edition) = &prepared {
        plan::keep_parts(txn, &Plan { edition: edition.clone(), ..plan.clone() }).await?;
    }
    Ok(prepared)
}

/// A draft like an earlier edition, on another day: its deadlines stand as far before the day as there.
pub(super) fn copied(earlier: &Plan, title: &str, held_on: NaiveDate, now: DateTime<Utc>) -> Plan {
    let moved = held_on - earlier.edition.held_on;
    let edition = Edition {
        title: title.to_owned(),
        held_on,
        registration_until: earlier.edition.registration_until + moved,
        wishes_until: earlier.edition.wishes_until + moved,
        state: State::Draft,
        sequence: 0,
        version: 1,
        made_at: now,
        timetable_version: 0,
        live_version: 0,
        ..earlier.edition.clone()
    };
    Plan { edition, ..earlier.clone() }
}

/// Writes a draft down, under an address made of its name and year.
async fn write_down(txn: &DatabaseTransaction, draft: &Edition) -> Result<Prepared, DbErr> {
    let named = Some(slug(&draft.title)).filter(|slug| !slug.is_empty()).unwrap_or_else(|| "rencontre".to_owned());
    let year = draft.held_on.format("%Y").to_string();
    let base = if named.split('-').any(|word| word == year) { named } else { format!("{named}-{year}") };
    let mut slug = base.clone();
    for number in 2.. {
        let written = Edition { slug: slug.clone(), ..draft.clone() };
        let row = edition::ActiveModel { id: NotSet, ..written.into_active_model().reset_all() };
        let once = OnConflict::column(edition::Column::Slug).do_nothing().to_owned();
        let inserted = edition::Entity::insert(row).on_conflict(once).try_insert().exec_without_returning(txn).await?;
        let is_new = matches!(inserted, TryInsertResult::Inserted(rows) if rows > 0);
        match edition::by_slug(txn, &slug).await? {
            Some(edition) if is_new => return Ok(Prepared::New(edition)),
            Some(there) if there.title == draft.title && there.held_on == draft.held_on => {
                let asked = Edition { id: there.id, slug, made_at: there.made_at, ..draft.clone() };
                return Ok(if asked == there { Prepared::Same(there) } else { Prepared::Other(there) });
            }
            _ => slug = format!("{base}-{number}"),
        }
    }
    Err(DbErr::RecordNotInserted)
}

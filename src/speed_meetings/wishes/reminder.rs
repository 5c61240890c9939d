//! Who has said nobody yet is reminded: each three days at most, while one may still choose, unless organisers or the reader
//! want none.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Days, NaiveDate, TimeDelta, TimeZone, Utc};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, TryInsertResult, entity::prelude::*, sea_query::OnConflict};

use super::{mail, wish};
use crate::accounts::{self, Person};
use crate::app::App;
use crate::schedule::{Failed, Next};
use crate::speed_meetings::edition::{self, Edition, State};
use crate::speed_meetings::participant::{self, Participant, Standing};
use crate::speed_meetings::step;

/// Days between two reminders, and between the beginning of the wishes and the first.
const PAUSE: TimeDelta = TimeDelta::days(3);
/// Organisations reminded in one transaction.
const AT_ONCE: usize = 20;

/// The day on which a participant was last reminded.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "wish_reminders")]
pub(super) struct Model {
    /// Which.
    #[sea_orm(primary_key, auto_increment = false)]
    pub participant_id: i64,
    /// When.
    pub reminded_on: Date,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// An edition whose organisers want nobody reminded.
mod silence {
    use sea_orm::entity::prelude::*;

    /// One edition's.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "wish_silences")]
    pub(super) struct Model {
        /// Which.
        #[sea_orm(primary_key, auto_increment = false)]
        pub edition_id: i64,
        /// Since when.
        pub since: DateTimeUtc,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Whether organisers stopped the reminders of an edition.
///
/// # Errors
/// What the database said.
pub(super) async fn is_silent(db: &impl ConnectionTrait, edition: i64) -> Result<bool, DbErr> {
    Ok(silence::Entity::find_by_id(edition).one(db).await?.is_some())
}

/// Stops the reminders of a locked edition, or lets them go on; false when that was so.
///
/// # Errors
/// What the database said.
pub(super) async fn silence(
    txn: &DatabaseTransaction,
    edition: i64,
    stops: bool,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    if !stops {
        return Ok(silence::Entity::delete_by_id(edition).exec(txn).await?.rows_affected == 1);
    }
    let row = silence::ActiveModel { edition_id: Set(edition), since: Set(now) };
    let once = OnConflict::column(silence::Column::EditionId).do_nothing().to_owned();
    let inserted = silence::Entity::insert(row).on_conflict(once).try_insert().exec_without_returning(txn).await?;
    Ok(matches!(inserted, TryInsertResult::Inserted(rows) if rows > 0))
}

/// Reminds those who are due.
///
/// # Errors
/// When a mail cannot be made or written down, or the database does not answer.
pub async fn remind(app: &App, txn: &DatabaseTransaction, now: DateTime<Utc>) -> Result<Next, Failed> {
    let today = app.local(now).date();
    let mut left = AT_ONCE;
    let open = edition::Entity::find().filter(edition::Column::State.eq(State::Wishes));
    for found in open.filter(edition::Column::WishesUntil.gte(today)).all(txn).await? {
        // Somebody may choose this moment: she is not reminded of what she has done.
        let Some(edition) = edition::lock(txn, found.id).await? else { continue };
        let due = due(app, txn, &edition, today).await?;
        let now_due = &due[..due.len().min(left)];
        for letter in letters(txn, &due, now_due).await? {
            mail::reminder(txn, app, &edition, &letter, (today, useful_until(app, &edition))).await?;
        }
        for row in now_due {
            note(txn, row.id, today).await?;
        }
        if due.len() > left {
            return Ok(Next::More);
        }
        left -= due.len();
    }
    Ok(Next::Done)
}

/// A person and those of her organisations that are due: key and name.
pub(super) struct Letter {
    pub(super) person: Person,
    pub(super) teams: Vec<(i64, String)>,
}

/// One letter for each person of those who are due now; it names all of hers that are due, now or in a later transaction.
async fn letters(
    txn: &DatabaseTransaction,
    due: &[Participant],
    now_due: &[Participant],
) -> Result<Vec<Letter>, DbErr> {
    let organisations: Vec<i64> = due.iter().map(|row| row.organisation_id).collect();
    let names: HashMap<i64, String> = accounts::names_of(txn, &organisations).await?.into_iter().collect();
    let people = accounts::people_of(txn, &organisations).await?;
    let is_now = |organisation: i64| now_due.iter().any(|row| row.organisation_id == organisation);
    let reached: HashSet<i64> =
        people.iter().filter(|(organisation, _)| is_now(*organisation)).map(|(_, person)| person.id).collect();
    let mut letters: BTreeMap<i64, Letter> = BTreeMap::new();
    for organisation in organisations {
        for (_, person) in people.iter().filter(|(of, person)| *of == organisation && reached.contains(&person.id)) {
            let letter = letters.entry(person.id);
            let letter = letter.or_insert_with(|| Letter { person: person.clone(), teams: Vec::new() });
            letter.teams.push((organisation, names.get(&organisation).cloned().unwrap_or_default()));
        }
    }
    Ok(letters.into_values().collect())
}

/// Those of a locked edition to be reminded on a day.
async fn due(
    app: &App,
    txn: &DatabaseTransaction,
    edition: &Edition,
    today: NaiveDate,
) -> Result<Vec<Participant>, DbErr> {
    let is_over = edition.state != State::Wishes || edition.wishes_until < today;
    if is_over || is_silent(txn, edition.id).await? || begun_on(app, txn, edition).await? > Some(today - PAUSE) {
        return Ok(Vec::new());
    }
    let wishes = wish::of_edition(txn, edition.id).await?;
    let wishing: HashSet<i64> =
        wishes.into_iter().filter(|wish| wish.rank.is_some()).map(|wish| wish.participant_id).collect();
    let mut rows = participant::of(txn, edition.id).await?;
    rows.retain(|row| row.state == Standing::Registered && !wishing.contains(&row.id));
    let lately = Entity::find().filter(Column::ParticipantId.is_in(rows.iter().map(|row| row.id)));
    let lately = lately.filter(Column::RemindedOn.gt(today - PAUSE)).all(txn).await?;
    let lately: HashSet<i64> = lately.into_iter().map(|one| one.participant_id).collect();
    rows.retain(|row| !lately.contains(&row.id));
    Ok(rows)
}

/// The day on which one could first choose, when it is known.
async fn begun_on(app: &App, txn: &DatabaseTransaction, edition: &Edition) -> Result<Option<NaiveDate>, DbErr> {
    let steps = step::Entity::find().filter(step::Column::EditionId.eq(edition.id));
    let steps = steps.filter(step::Column::ToState.eq(State::Wishes)).filter(step::Column::UndoneAt.is_null());
    let begun = steps.all(txn).await?.into_iter().map(|step| step.taken_at).max();
    Ok(begun.map(|at| app.local(at).date()))
}

/// The end of the last day on which one may choose: who reads it later reads nothing of use.
fn useful_until(app: &App, edition: &Edition) -> Option<DateTime<Utc>> {
    let next = (edition.wishes_until + Days::new(1)).and_time(chrono::NaiveTime::MIN);
    app.config.time_zone.from_local_datetime(&next).earliest().map(|at| at.to_utc())
}

async fn note(txn: &DatabaseTransaction, participant: i64, today: NaiveDate) -> Result<(), DbErr> {
    let row = ActiveModel { participant_id: Set(participant), reminded_on: Set(today) };
    let again = OnConflict::column(Column::ParticipantId).update_column(Column::RemindedOn).to_owned();
    Entity::insert(row).on_conflict(again).exec_without_returning(txn).await.map(drop)
}

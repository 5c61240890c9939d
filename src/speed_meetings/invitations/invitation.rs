//! The trace: one row for each time that somebody was invited.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseTransaction, QueryOrder, QuerySelect, TryInsertResult,
    entity::prelude::*,
    sea_query::OnConflict,
};

use crate::speed_meetings::edition::Side;

/// Rows one query inserts.
const ROWS_PER_INSERT: usize = 500;

/// Somebody was invited to an edition.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "edition_invitations")]
pub(super) struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// To which edition.
    pub edition_id: i64,
    /// Which organisation, while it is known here.
    pub organisation_id: Option<i64>,
    /// What it was called then, 1 to 200 characters; of a notice, where it stood.
    pub name: String,
    /// On which side; none: both.
    pub side: Option<Side>,
    /// How.
    pub way: Way,
    /// On which day.
    pub invited_on: NaiveDate,
    /// Which mailing of the edition it was, from 1; none when an organiser wrote the row.
    pub round: Option<i32>,
    /// How many of its people our mail went to.
    pub people: i32,
    /// Which organiser decided or noted it, while she is known.
    pub invited_by: Option<i64>,
    /// When the row was written.
    pub noted_at: DateTimeUtc,
}

/// Somebody was invited to an edition.
pub(super) type Invitation = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// How somebody was invited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub(super) enum Way {
    /// By electronic mail.
    #[sea_orm(string_value = "mail")]
    Mail,
    /// By a letter on paper.
    #[sea_orm(string_value = "letter")]
    Letter,
    /// By telephone.
    #[sea_orm(string_value = "telephone")]
    Telephone,
    /// By a notice that everybody could read.
    #[sea_orm(string_value = "notice")]
    Notice,
    /// Otherwise.
    #[sea_orm(string_value = "other")]
    Other,
}

impl Way {
    /// All of them, in the order of pages.
    pub(super) const ALL: [Self; 5] = [Self::Mail, Self::Letter, Self::Telephone, Self::Notice, Self::Other];

    /// Its code in forms.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Mail => "courriel",
            Self::Letter => "courrier",
            Self::Telephone => "telephone",
            Self::Notice => "annonce",
            Self::Other => "autre",
        }
    }

    /// As pages say it: « par courriel ».
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Mail => "par courriel",
            Self::Letter => "par courrier postal",
            Self::Telephone => "par téléphone",
            Self::Notice => "par une annonce",
            Self::Other => "autrement",
        }
    }
}

/// What an organiser notes by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Noted {
    /// Which organisation, when it is one of this site.
    pub(super) organisation: Option<i64>,
    /// Its name.
    pub(super) name: String,
    /// On which side; none: both.
    pub(super) side: Option<Side>,
    /// How.
    pub(super) way: Way,
    /// On which day.
    pub(super) invited_on: NaiveDate,
}

/// What a mailing reached: organisation, name, side, how many of its people.
pub(super) type Reached = (i64, String, Side, i32);

/// All who were invited to an edition, the first first.
///
/// # Errors
/// What the database said.
pub(super) async fn of(db: &impl ConnectionTrait, edition: i64) -> Result<Vec<Invitation>, DbErr> {
    let own = Entity::find().filter(Column::EditionId.eq(edition));
    own.order_by_asc(Column::InvitedOn).order_by_asc(Column::Id).all(db).await
}

/// Whether a mail of ours invited somebody: it cannot be called back.
///
/// # Errors
/// What the database said.
pub(in crate::speed_meetings) async fn has_left(db: &impl ConnectionTrait, edition: i64) -> Result<bool, DbErr> {
    let own = Entity::find().filter(Column::EditionId.eq(edition)).filter(Column::Round.is_not_null());
    Ok(own.one(db).await?.is_some())
}

/// The number of the next mailing of a locked edition.
///
/// # Errors
/// What the database said.
pub(super) async fn next_round(txn: &DatabaseTransaction, edition: i64) -> Result<i32, DbErr> {
    let last = Entity::find().select_only().column_as(Column::Round.max(), "round");
    let last: Option<Option<i32>> = last.filter(Column::EditionId.eq(edition)).into_tuple().one(txn).await?;
    Ok(last.flatten().unwrap_or_default() + 1)
}

/// Writes down whom a mailing of a locked edition reached.
///
/// # Errors
/// What the database said.
pub(super) async fn write_round(
    txn: &DatabaseTransaction,
    (edition, round): (i64, i32),
    reached: &[Reached],
    by: i64,
    (today, now): (NaiveDate, DateTime<Utc>),
) -> Result<(), DbErr> {
    let row = |(organisation, name, side, people): &Reached| ActiveModel {
        id: NotSet,
        edition_id: Set(edition),
        organisation_id: Set(Some(*organisation)),
        name: Set(name.clone()),
        side: Set(Some(*side)),
        way: Set(Way::Mail),
        invited_on: Set(today),
        round: Set(Some(round)),
        people: Set(*people),
        invited_by: Set(Some(by)),
        noted_at: Set(now),
    };
    for rows in reached.chunks(ROWS_PER_INSERT) {
        Entity::insert_many(rows.iter().map(row)).exec_without_returning(txn).await?;
    }
    Ok(())
}

/// Writes down that an organiser invited somebody otherwise; false when the same was noted before. The edition must be locked.
///
/// # Errors
/// What the database said.
pub(super) async fn note(
    txn: &DatabaseTransaction,
    edition: i64,
    noted: &Noted,
    by: i64,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    if noted.organisation.is_none() {
        let same = Entity::find().filter(Column::EditionId.eq(edition)).filter(Column::OrganisationId.is_null());
        let same = same.filter(Column::Name.eq(&noted.name)).filter(Column::Way.eq(noted.way));
        if same.filter(Column::InvitedOn.eq(noted.invited_on)).one(txn).await?.is_some() {
            return Ok(false);
        }
    }
    let row = ActiveModel {
        id: NotSet,
        edition_id: Set(edition),
        organisation_id: Set(noted.organisation),
        name: Set(noted.name.clone()),
        side: Set(noted.side),
        way: Set(noted.way),
        invited_on: Set(noted.invited_on),
        round: Set(None),
        people: Set(0),
        invited_by: Set(Some(by)),
        noted_at: Set(now),
    };
    let columns = [Column::EditionId, Column::OrganisationId, Column::Way, Column::InvitedOn];
    let once = OnConflict::columns(columns).do_nothing().to_owned();
    let written = Entity::insert(row).on_conflict(once).try_insert().exec_without_returning(txn).await?;
    Ok(matches!(written, TryInsertResult::Inserted(rows) if rows > 0))
}

/// Takes out a row that an organiser wrote; false when there is none. What a mail of ours left stays.
///
/// # Errors
/// What the database said.
pub(super) async fn remove(txn: &DatabaseTransaction, edition: i64, key: i64) -> Result<bool, DbErr> {
    let own = Entity::delete_many().filter(Column::Id.eq(key)).filter(Column::EditionId.eq(edition));
    Ok(own.filter(Column::Round.is_null()).exec(txn).await?.rows_affected == 1)
}

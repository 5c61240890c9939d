use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    Condition, DatabaseTransaction, ExprTrait, QueryOrder,
    entity::prelude::*,
    sea_query::OnConflict,
};

use super::EmailAddress;
use super::calendar::{Event, Method};

/// How long a calendar shows what is past.
const PAST: TimeDelta = TimeDelta::days(365);
/// How long it says that something was cancelled, so that every device hears of it.
const CANCELLED: TimeDelta = TimeDelta::days(30);

/// An appointment as the latest mail told it to its reader.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "calendar_entries")]
pub(super) struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Whose calendar.
    pub recipient: String,
    /// The same for the life of the appointment.
    pub uid: String,
    /// See [`Event::sequence`].
    pub sequence: i32,
    /// Whether it does not take place.
    pub is_cancelled: bool,
    /// When it begins.
    pub starts_at: DateTimeUtc,
    /// When it ends.
    pub ends_at: DateTimeUtc,
    /// Zone of the place.
    pub zone: String,
    /// Title.
    pub summary: String,
    /// Text; may be empty.
    pub description: String,
    /// Where; may be empty.
    pub location: String,
    /// WGS84 degrees.
    pub latitude: Option<f64>,
    /// See `latitude`.
    pub longitude: Option<f64>,
    /// When it was last told.
    pub updated_at: DateTimeUtc,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Keeps what a mail tells of an appointment, unless a later one told otherwise already.
///
/// # Errors
/// What the database said.
pub(super) async fn keep(
    txn: &DatabaseTransaction,
    to: &EmailAddress,
    event: &Event,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        id: NotSet,
        recipient: Set(to.to_string()),
        uid: Set(event.uid.clone()),
        sequence: Set(i32::try_from(event.sequence).unwrap_or(i32::MAX)),
        is_cancelled: Set(event.method == Method::Cancel),
        starts_at: Set(event.starts_at),
        ends_at: Set(event.ends_at),
        zone: Set(event.zone.name().to_owned()),
        summary: Set(event.summary.clone()),
        description: Set(event.description.clone()),
        location: Set(event.location.clone()),
        latitude: Set(event.position.map(|(latitude, _)| latitude)),
        longitude: Set(event.position.map(|(_, longitude)| longitude)),
        updated_at: Set(now),
    };
    let told = [
        Column::Sequence,
        Column::IsCancelled,
        Column::StartsAt,
        Column::EndsAt,
        Column::Zone,
        Column::Summary,
        Column::Description,
        Column::Location,
        Column::Latitude,
        Column::Longitude,
        Column::UpdatedAt,
    ];
    let later = OnConflict::columns([Column::Recipient, Column::Uid])
        .update_columns(told)
        .action_and_where(Expr::col((Entity, Column::Sequence)).lte(Expr::cust("excluded.sequence")))
        .to_owned();
    Entity::insert(row).on_conflict(later).exec_without_returning(txn).await.map(drop)
}

/// What a calendar of this address shows, the first first, each with when it was last told.
///
/// # Errors
/// What the database said.
pub async fn events_of(
    db: &impl ConnectionTrait,
    email: &str,
    now: DateTime<Utc>,
) -> Result<Vec<(Event, DateTime<Utc>)>, DbErr> {
    let stands = Condition::all().add(Column::IsCancelled.eq(false)).add(Column::EndsAt.gt(now - PAST));
    let ended = Condition::all().add(Column::IsCancelled.eq(true)).add(Column::UpdatedAt.gt(now - CANCELLED));
    let shown = Entity::find().filter(Column::Recipient.eq(email)).filter(Condition::any().add(stands).add(ended));
    let rows = shown.order_by_asc(Column::StartsAt).order_by_asc(Column::Id).all(db).await?;
    Ok(rows.into_iter().map(told).collect())
}

fn told(row: Model) -> (Event, DateTime<Utc>) {
    let event = Event {
        uid: row.uid,
        sequence: u32::try_from(row.sequence).unwrap_or_default(),
        method: if row.is_cancelled { Method::Cancel } else { Method::Request },
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        zone: row.zone.parse().unwrap_or(Tz::UTC),
        summary: row.summary,
        description: row.description,
        location: row.location,
        position: row.latitude.zip(row.longitude),
    };
    (event, row.updated_at)
}

/// Forgets the appointments of an address.
///
/// # Errors
/// What the database said.
pub(super) async fn forget_address(txn: &DatabaseTransaction, email: &str) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::Recipient.eq(email)).exec(txn).await.map(drop)
}

/// Forgets what no calendar shows any more.
///
/// # Errors
/// What the database said.
pub(super) async fn forget_old(txn: &DatabaseTransaction, now: DateTime<Utc>) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::EndsAt.lt(now - PAST)).exec(txn).await.map(drop)
}

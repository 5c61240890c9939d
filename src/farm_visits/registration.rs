//! Who comes to a date, who waits: the row and what is read of it. What becomes of it is decided in `waiting_list`.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::NotSet, Condition, DatabaseTransaction, IntoActiveModel, PaginatorTrait, QueryOrder, QuerySelect,
    entity::prelude::*,
};

use super::needs::Needs;
use crate::mail::EmailAddress;

/// Who comes to a date, and with how many.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "registrations")]
pub struct Model {
    /// Key; of two who wait, the lower came first.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Which date.
    pub visit_date_id: i64,
    /// Where it stands.
    pub state: Standing,
    /// To whom mails go.
    pub email: String,
    /// Who, 1 to 120 characters.
    pub name: String,
    /// For whom, as it was typed; may be empty.
    pub organisation: String,
    /// The organisation, when it is known here.
    pub organisation_id: Option<i64>,
    /// How many come, 1 to 50; they stay together.
    pub party_size: i32,
    /// Whether smaller parties may come before it while it does not fit.
    pub may_be_passed: bool,
    /// Until when the address must be proven; nothing once it is.
    pub hold_until: Option<DateTimeUtc>,
    /// Until when an offered place must be taken.
    pub offer_until: Option<DateTimeUtc>,
    /// Rises whenever calendars are to be told otherwise.
    pub sequence: i32,
    /// Rises with every change; with it the mails of each are told apart.
    pub version: i64,
    /// When it was asked for.
    pub asked_at: DateTimeUtc,
}

/// Who comes to a date, and with how many.
pub type Registration = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Where a registration stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Standing {
    /// Its places are kept until the address is proven.
    #[sea_orm(string_value = "held")]
    Held,
    /// It waits for places.
    #[sea_orm(string_value = "waiting")]
    Waiting,
    /// Places came free and are kept for it until it answers.
    #[sea_orm(string_value = "offered")]
    Offered,
    /// It comes.
    #[sea_orm(string_value = "confirmed")]
    Confirmed,
    /// It does not come.
    #[sea_orm(string_value = "cancelled")]
    Cancelled,
    /// It was not proven, or an offer was not answered, in time.
    #[sea_orm(string_value = "lapsed")]
    Lapsed,
}

impl Standing {
    /// Those that keep places.
    pub const TAKING: [Self; 3] = [Self::Held, Self::Offered, Self::Confirmed];
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Held, Self::Waiting, Self::Offered, Self::Confirmed, Self::Cancelled, Self::Lapsed];
    /// Those that are not over.
    pub const ALIVE: [Self; 4] = [Self::Held, Self::Waiting, Self::Offered, Self::Confirmed];

    /// Whether it keeps places.
    #[must_use]
    pub fn takes(self) -> bool {
        Self::TAKING.contains(&self)
    }

    /// Whether it is not over.
    #[must_use]
    pub fn is_alive(self) -> bool {
        Self::ALIVE.contains(&self)
    }

    /// As lists say it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Held => "adresse à confirmer",
            Self::Waiting => "en liste d’attente",
            Self::Offered => "place proposée",
            Self::Confirmed => "inscrit",
            Self::Cancelled => "désinscrit",
            Self::Lapsed => "sans suite",
        }
    }
}

/// What is asked, once it is known to be true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NewRegistration {
    /// Who is written to.
    pub email: EmailAddress,
    /// Who, 1 to 120 characters.
    pub name: String,
    /// For whom, at most 200 characters; may be empty.
    pub organisation: String,
    /// The organisation, when it is known here.
    pub organisation_id: Option<i64>,
    /// How many come, 1 to 50.
    pub party_size: i32,
    /// Whether smaller parties may come before it while it does not fit.
    pub may_be_passed: bool,
    /// Whether whoever asks is known to read the address.
    pub is_proven: bool,
    /// What it needs.
    pub needs: Needs,
    /// Number of the question and answer.
    pub answers: Vec<(i32, String)>,
}

impl NewRegistration {
    /// Of somebody for whom whoever asks answers: a program with a key, an organiser.
    pub(super) fn on_behalf(email: EmailAddress, name: String, organisation: String, party_size: i32) -> Self {
        Self {
            email,
            name,
            organisation,
            organisation_id: None,
            party_size,
            may_be_passed: false,
            is_proven: true,
            needs: Needs::default(),
            answers: Vec::new(),
        }
    }
}

/// A registration.
///
/// # Errors
/// What the database said.
pub(super) async fn by_key(db: &impl ConnectionTrait, key: i64) -> Result<Option<Registration>, DbErr> {
    Entity::find_by_id(key).one(db).await
}

/// Registrations by their keys.
///
/// # Errors
/// What the database said.
pub(super) async fn by_keys(db: &impl ConnectionTrait, keys: &[i64]) -> Result<Vec<Registration>, DbErr> {
    Entity::find().filter(Column::Id.is_in(keys.iter().copied())).order_by_asc(Column::Id).all(db).await
}

/// The registration of an address at a date that is not over.
///
/// # Errors
/// What the database said.
pub(super) async fn of_address(
    db: &impl ConnectionTrait,
    date: i64,
    email: &EmailAddress,
) -> Result<Option<Registration>, DbErr> {
    let own = Entity::find().filter(Column::VisitDateId.eq(date)).filter(Column::Email.eq(email.as_str()));
    own.filter(Column::State.is_in(Standing::ALIVE)).one(db).await
}

/// Those of a date in these states, first come first.
///
/// # Errors
/// What the database said.
pub(super) async fn in_states(
    db: &impl ConnectionTrait,
    date: i64,
    states: &[Standing],
) -> Result<Vec<Registration>, DbErr> {
    let own = Entity::find().filter(Column::VisitDateId.eq(date)).filter(Column::State.is_in(states.iter().copied()));
    own.order_by_asc(Column::Id).all(db).await
}

/// Up to `most` of those who wait with a proven address and came after `after`, first come first.
///
/// # Errors
/// What the database said.
pub(super) async fn waiting(
    txn: &DatabaseTransaction,
    date: i64,
    after: i64,
    most: u64,
) -> Result<Vec<Registration>, DbErr> {
    let own = waiting_of(date).filter(Column::Id.gt(after));
    own.order_by_asc(Column::Id).limit(most).all(txn).await
}

/// Those whose address was to be proven, or whose offer was to be answered, until now.
///
/// # Errors
/// What the database said.
pub(super) async fn overdue(
    txn: &DatabaseTransaction,
    date: i64,
    now: DateTime<Utc>,
) -> Result<Vec<Registration>, DbErr> {
    let late = Condition::any().add(Column::HoldUntil.lte(now)).add(Column::OfferUntil.lte(now));
    let own = Entity::find().filter(Column::VisitDateId.eq(date));
    let open = [Standing::Held, Standing::Offered, Standing::Waiting];
    own.filter(Column::State.is_in(open)).filter(late).order_by_asc(Column::Id).all(txn).await
}

/// When the next one of a date is overdue.
///
/// # Errors
/// What the database said.
pub(super) async fn next_due(txn: &DatabaseTransaction, date: i64) -> Result<Option<DateTime<Utc>>, DbErr> {
    let mut first = None;
    for column in [Column::HoldUntil, Column::OfferUntil] {
        let own = Entity::find().select_only().column(column).filter(Column::VisitDateId.eq(date));
        let own = own.filter(Column::State.is_in(Standing::ALIVE)).filter(column.is_not_null());
        let due: Option<DateTime<Utc>> = own.order_by_asc(column).limit(1).into_tuple().one(txn).await?;
        first = [first, due].into_iter().flatten().min();
    }
    Ok(first)
}

/// The place in the waiting list of one who waits, from 1.
///
/// # Errors
/// What the database said.
pub(super) async fn position(db: &impl ConnectionTrait, registration: &Registration) -> Result<u64, DbErr> {
    let before = waiting_of(registration.visit_date_id).filter(Column::Id.lt(registration.id));
    Ok(before.count(db).await? + 1)
}

/// Whether somebody waits for a date whom nobody may pass.
///
/// # Errors
/// What the database said.
pub(super) async fn is_waited_for(txn: &DatabaseTransaction, date: i64) -> Result<bool, DbErr> {
    Ok(waiting_of(date).filter(Column::MayBePassed.eq(false)).limit(1).one(txn).await?.is_some())
}

/// Those who wait for a date with a proven address.
fn waiting_of(date: i64) -> Select<Entity> {
    let own = Entity::find().filter(Column::VisitDateId.eq(date)).filter(Column::State.eq(Standing::Waiting));
    own.filter(Column::HoldUntil.is_null())
}

/// Writes a registration; one that is new gets its key.
///
/// # Errors
/// What the database said.
pub(super) async fn write(txn: &DatabaseTransaction, registration: &Registration) -> Result<Registration, DbErr> {
    let mut row = registration.clone().into_active_model().reset_all();
    if registration.id == 0 {
        row.id = NotSet;
        return row.insert(txn).await;
    }
    row.update(txn).await
}

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseTransaction, FromQueryResult, PaginatorTrait, QueryOrder, QuerySelect,
    entity::prelude::*,
};

use super::block;
use crate::suppliers::{Origin, Supplier};
use crate::{accounts, canteens, schedule};

/// Work that reminds a supplier of a message, and work that asks a canteen what came of it.
pub const REMIND: &str = "contacts.remind";
/// See [`REMIND`].
pub const REVIEW: &str = "contacts.review";
/// When a supplier is reminded of a message without an answer.
const REMINDED: TimeDelta = TimeDelta::days(7);
/// When a canteen is asked what came of it.
const REVIEWED: TimeDelta = TimeDelta::days(60);
/// By when a supplier has answered, if it ever does.
const ANSWERED: TimeDelta = TimeDelta::days(14);
/// How long what it left without an answer counts.
const REMEMBERED: TimeDelta = TimeDelta::days(182);
/// Messages without an answer after which it is asked to pause.
pub(super) const SILENT: i64 = 3;
/// Messages of a canteen in a day.
const MOST_A_DAY: u64 = 20;

/// A message of a canteen to a supplier.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contacts")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// To whom.
    pub supplier_id: i64,
    /// Which canteen.
    pub organisation_id: i64,
    /// Who wrote it, while she is known.
    pub person_id: Option<i64>,
    /// What it says, 1 to 2,000 characters.
    pub message: String,
    /// How much and how often, at most 200 characters.
    pub quantity: String,
    /// What came of it.
    pub outcome: Outcome,
    /// When it was written.
    pub created_at: DateTimeUtc,
}

/// A message of a canteen to a supplier.
pub type Contact = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What came of a message, as the canteen says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Outcome {
    /// No answer so far.
    #[sea_orm(string_value = "open")]
    Open,
    /// An answer came.
    #[sea_orm(string_value = "answered")]
    Answered,
    /// They work together.
    #[sea_orm(string_value = "worked")]
    Worked,
    /// Nothing came of it.
    #[sea_orm(string_value = "nothing")]
    Nothing,
}

/// A message found right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NewContact {
    pub(super) supplier: i64,
    pub(super) organisation: i64,
    pub(super) person: i64,
    pub(super) message: String,
    pub(super) quantity: String,
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    /// It is written down.
    New(Contact),
    /// The same words stood there already: pressed twice.
    Already,
    /// The canteen has written enough of them today.
    TooMany,
    /// The supplier wants no messages of this canteen.
    Blocked,
}

/// Writes a message down and plans what follows.
///
/// # Errors
/// What the database said.
pub(super) async fn send(txn: &DatabaseTransaction, new: NewContact, now: DateTime<Utc>) -> Result<Sent, DbErr> {
    // Two clicks at once would both find nothing: the second waits here for the first.
    accounts::lock_organisation(txn, new.organisation).await?;
    if block::is_blocked(txn, new.supplier, new.organisation).await? {
        return Ok(Sent::Blocked);
    }
    let of_canteen = || Entity::find().filter(Column::OrganisationId.eq(new.organisation));
    let today = of_canteen().filter(Column::CreatedAt.gt(now - TimeDelta::days(1)));
    let same = today.clone().filter(Column::SupplierId.eq(new.supplier)).filter(Column::Message.eq(&new.message));
    if same.one(txn).await?.is_some() {
        return Ok(Sent::Already);
    }
    if today.count(txn).await? >= MOST_A_DAY {
        return Ok(Sent::TooMany);
    }
    let row = ActiveModel {
        id: NotSet,
        supplier_id: Set(new.supplier),
        organisation_id: Set(new.organisation),
        person_id: Set(Some(new.person)),
        message: Set(new.message),
        quantity: Set(new.quantity),
        outcome: Set(Outcome::Open),
        created_at: Set(now),
    };
    let written = row.insert(txn).await?;
    let subject = format!("contacts/{}", written.id);
    schedule::plan(txn, REMIND, &subject, now + REMINDED).await?;
    schedule::plan(txn, REVIEW, &subject, now + REVIEWED).await?;
    Ok(Sent::New(written))
}

/// A message by its key.
///
/// # Errors
/// What the database said.
pub(super) async fn by_id(db: &impl ConnectionTrait, id: i64) -> Result<Option<Contact>, DbErr> {
    Entity::find_by_id(id).one(db).await
}

/// Messages by their keys.
///
/// # Errors
/// What the database said.
pub(super) async fn by_ids(db: &impl ConnectionTrait, ids: &[i64]) -> Result<Vec<Contact>, DbErr> {
    Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(db).await
}

/// The suppliers that have left at least three messages without an answer since they last gave one, each with how many: those
/// that are two weeks to half a year old.
///
/// # Errors
/// What the database said.
pub(super) async fn silent(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Vec<(i64, i64)>, DbErr> {
    let told = Entity::find().filter(Column::CreatedAt.gt(now - REMEMBERED)).order_by_asc(Column::Id).all(db).await?;
    let mut unanswered: BTreeMap<i64, i64> = BTreeMap::new();
    for contact in told {
        match contact.outcome {
            Outcome::Answered | Outcome::Worked => drop(unanswered.remove(&contact.supplier_id)),
            Outcome::Open if contact.created_at <= now - ANSWERED => {
                *unanswered.entry(contact.supplier_id).or_default() += 1;
            }
            Outcome::Open | Outcome::Nothing => {}
        }
    }
    Ok(unanswered.into_iter().filter(|(_, count)| *count >= SILENT).collect())
}

/// The messages of a canteen, the latest first.
///
/// # Errors
/// What the database said.
pub(super) async fn of_canteen(db: &impl ConnectionTrait, organisation: i64) -> Result<Vec<Contact>, DbErr> {
    let own = Entity::find().filter(Column::OrganisationId.eq(organisation));
    own.order_by_desc(Column::Id).all(db).await
}

/// The messages to a supplier, the latest first.
///
/// # Errors
/// What the database said.
pub(super) async fn to_supplier(db: &impl ConnectionTrait, supplier: i64) -> Result<Vec<Contact>, DbErr> {
    Entity::find().filter(Column::SupplierId.eq(supplier)).order_by_desc(Column::Id).all(db).await
}

/// Whether one of these canteens has written to a supplier: it may see how to reach it.
///
/// # Errors
/// What the database said.
pub(super) async fn has_written(db: &impl ConnectionTrait, canteens: &[i64], supplier: i64) -> Result<bool, DbErr> {
    let own = Entity::find().filter(Column::OrganisationId.is_in(canteens.iter().copied()));
    Ok(own.filter(Column::SupplierId.eq(supplier)).one(db).await?.is_some())
}

/// A message without its words, to be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Happened {
    /// To whom.
    pub supplier_id: i64,
    /// Which canteen wrote.
    pub organisation_id: i64,
    /// What came of it.
    pub outcome: Outcome,
    /// When it was written.
    pub created_at: DateTimeUtc,
}

/// Every message since a moment, without its words.
///
/// # Errors
/// What the database said.
pub async fn since(db: &impl ConnectionTrait, from: DateTime<Utc>) -> Result<Vec<Happened>, DbErr> {
    let columns = [Column::SupplierId, Column::OrganisationId, Column::Outcome, Column::CreatedAt];
    let rows = Entity::find().select_only().columns(columns).filter(Column::CreatedAt.gte(from));
    rows.order_by_asc(Column::Id).into_model().all(db).await
}

/// Those of these suppliers that a canteen sees how to reach: it has written to them, or they can only be called. None for one
/// that no organiser has accepted.
///
/// # Errors
/// What the database said.
pub async fn reached(
    db: &impl ConnectionTrait,
    organisation: i64,
    suppliers: &[&Supplier],
) -> Result<HashSet<i64>, DbErr> {
    if canteens::request_of(db, organisation).await?.is_some() {
        return Ok(HashSet::new());
    }
    let own = Entity::find().filter(Column::OrganisationId.eq(organisation));
    let written = own.filter(Column::SupplierId.is_in(suppliers.iter().map(|supplier| supplier.id))).all(db).await?;
    let written = written.into_iter().map(|contact| contact.supplier_id);
    let called = suppliers.iter().filter(|supplier| can_only_be_called(supplier)).map(|supplier| supplier.id);
    Ok(written.chain(called).collect())
}

/// Whether somebody keeps the listing who expects to be written to.
pub(super) fn is_held(supplier: &Supplier) -> bool {
    supplier.claimed || supplier.origin == Origin::Demonstration
}

/// Whether somebody keeps the listing and reads no mail: canteens call.
pub(super) fn can_only_be_called(supplier: &Supplier) -> bool {
    is_held(supplier) && supplier.email.is_none()
}

/// Says what came of a message; false when the canteen has none such.
///
/// # Errors
/// What the database said.
pub(super) async fn conclude(
    txn: &DatabaseTransaction,
    organisation: i64,
    id: i64,
    outcome: Outcome,
) -> Result<bool, DbErr> {
    let own = Entity::update_many().col_expr(Column::Outcome, Expr::value(outcome)).filter(Column::Id.eq(id));
    let changed = own.filter(Column::OrganisationId.eq(organisation)).exec(txn).await?.rows_affected == 1;
    if changed {
        schedule::cancel(txn, REMIND, &format!("contacts/{id}")).await?;
        if outcome != Outcome::Answered {
            schedule::cancel(txn, REVIEW, &format!("contacts/{id}")).await?;
        }
    }
    Ok(changed)
}

/// The messages that a person wrote, the first first.
///
/// # Errors
/// What the database said.
pub async fn sent_by(db: &impl ConnectionTrait, person: i64) -> Result<Vec<Contact>, DbErr> {
    Entity::find().filter(Column::PersonId.eq(person)).order_by_asc(Column::Id).all(db).await
}

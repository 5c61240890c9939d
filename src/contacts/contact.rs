use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseTransaction, FromQueryResult, PaginatorTrait, QueryOrder, QuerySelect,
    entity::prelude::*,
};

use super::{block, report};
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
const SILENT: usize = 3;
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

/// The suppliers that have left at least three messages without an answer since they last gave one, each with how many and the
/// one that made the last three whole: of those that are two weeks to half a year old, blocked and reported ones left out.
///
/// # Errors
/// What the database said.
pub(super) async fn silent(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Vec<Silent>, DbErr> {
    let columns = [Column::Id, Column::SupplierId, Column::OrganisationId, Column::Outcome, Column::CreatedAt];
    let told = Entity::find().select_only().columns(columns).filter(Column::CreatedAt.gt(now - REMEMBERED));
    let told = told.filter(Column::Id.not_in_subquery(report::all())).order_by_asc(Column::Id);
    let told: Vec<(i64, i64, i64, Outcome, DateTime<Utc>)> = told.into_tuple().all(db).await?;
    let blocked = block::all(db).await?;
    let mut unanswered: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for (id, supplier, organisation, outcome, at) in told {
        match outcome {
            Outcome::Answered | Outcome::Worked => drop(unanswered.remove(&supplier)),
            Outcome::Open if at <= now - ANSWERED && !blocked.contains(&(supplier, organisation)) => {
                unanswered.entry(supplier).or_default().push(id);
            }
            Outcome::Open | Outcome::Nothing => {}
        }
    }
    let silent = |(supplier_id, ids): (i64, Vec<i64>)| {
        let third = ids.chunks_exact(SILENT).last()?.last().copied()?;
        Some(Silent { supplier_id, count: ids.len(), third })
    };
    Ok(unanswered.into_iter().filter_map(silent).collect())
}

/// A supplier that leaves messages without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Silent {
    /// Which.
    pub(super) supplier_id: i64,
    /// How many.
    pub(super) count: usize,
    /// The message that made the last three whole.
    pub(super) third: i64,
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

/// The supplier says that it has answered; false when the canteen has said what came of it, or it is said already.
///
/// # Errors
/// What the database said.
pub(super) async fn answer(txn: &DatabaseTransaction, id: i64) -> Result<bool, DbErr> {
    let said = Entity::update_many().col_expr(Column::Outcome, Expr::value(Outcome::Answered));
    let said = said.filter(Column::Id.eq(id)).filter(Column::Outcome.eq(Outcome::Open));
    let changed = said.exec(txn).await?.rows_affected == 1;
    if changed {
        schedule::cancel(txn, REMIND, &format!("contacts/{id}")).await?;
    }
    Ok(changed)
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

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseTransaction, PaginatorTrait, QueryOrder,
    entity::prelude::*,
};

use crate::suppliers::{Origin, Supplier};
use crate::{accounts, schedule};

/// Work that reminds a supplier of a message, and work that asks a canteen what came of it.
pub const REMIND: &str = "contacts.remind";
/// See [`REMIND`].
pub const REVIEW: &str = "contacts.review";
/// When a supplier is reminded of a message without an answer.
const REMINDED: TimeDelta = TimeDelta::days(7);
/// When a canteen is asked what came of it.
const REVIEWED: TimeDelta = TimeDelta::days(60);
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
}

/// Writes a message down and plans what follows.
///
/// # Errors
/// What the database said.
pub(super) async fn send(txn: &DatabaseTransaction, new: NewContact, now: DateTime<Utc>) -> Result<Sent, DbErr> {
    // Two clicks at once would both find nothing: the second waits here for the first.
    accounts::lock_organisation(txn, new.organisation).await?;
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

/// Those of these suppliers that a canteen sees how to reach: it has written to them, or they can only be called.
///
/// # Errors
/// What the database said.
pub async fn reached(
    db: &impl ConnectionTrait,
    organisation: i64,
    suppliers: &[&Supplier],
) -> Result<HashSet<i64>, DbErr> {
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

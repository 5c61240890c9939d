//! « Toujours à jour ? »: asked of each listing once a year, answered by a button. Whoever does not answer is asked twice
//! more, a month apart; a month later the listing leaves the results, and comes back with the answer.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::Set, Condition, DatabaseTransaction, QueryOrder, QuerySelect, QueryTrait, entity::prelude::*,
    sea_query::OnConflict,
};

use super::absence::{self, Absence, Reason};
use super::{State, Supplier, draft, supplier};
use crate::app::{App, digest};

/// How long a listing is believed after its supplier last said that it is true.
const BELIEVED: Days = Days::new(365);
/// Whoever takes a listing over is left in peace for so long, however old the listing is.
const TAKEN_OVER: TimeDelta = TimeDelta::days(30);
/// Days between a question and the next one.
const BETWEEN: TimeDelta = TimeDelta::days(30);
/// The question and two reminders.
const MOST: i16 = 3;

/// A question that nobody has answered.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "listing_questions")]
pub(super) struct Model {
    /// About which listing.
    #[sea_orm(primary_key, auto_increment = false)]
    pub supplier_id: i64,
    /// How often it was asked, from 1 to 3.
    pub asked: i16,
    /// When it was last asked.
    pub last_asked_at: DateTimeUtc,
}

/// A question that nobody has answered.
pub(super) type Question = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// When the listing leaves the results if nobody answers.
    pub(super) fn ends(&self) -> DateTime<Utc> {
        self.last_asked_at + BETWEEN * i32::from(MOST - self.asked + 1)
    }
}

/// The link in a mail, for one person.
mod link {
    use sea_orm::entity::prelude::*;

    /// One person's.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "listing_question_links")]
    pub(super) struct Model {
        /// Hash of its token.
        #[sea_orm(primary_key, auto_increment = false)]
        pub token_hash: String,
        /// About which listing.
        pub supplier_id: i64,
        /// Whose.
        pub person_id: i64,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The public listings that are to be asked about for the first time, with whose they are: held by a supplier for a month, not
/// confirmed for a year.
///
/// # Errors
/// What the database said.
pub(super) async fn to_ask(
    txn: &DatabaseTransaction,
    today: NaiveDate,
    now: DateTime<Utc>,
    most: u64,
) -> Result<Vec<(i64, i64)>, DbErr> {
    let asked = Entity::find().select_only().column(Column::SupplierId).into_query();
    let old = Condition::any()
        .add(supplier::Column::ConfirmedOn.is_null())
        .add(supplier::Column::ConfirmedOn.lte(today - BELIEVED));
    let old = supplier::Entity::find()
        .select_only()
        .column(supplier::Column::Id)
        .filter(supplier::Column::State.eq(State::Published))
        .filter(old)
        .filter(supplier::Column::Id.not_in_subquery(asked));
    draft::held_since(txn, old.into_query(), now - TAKEN_OVER, most).await
}

/// Whether a listing is to be asked about for the first time.
pub(super) fn is_old(listing: &Supplier, today: NaiveDate) -> bool {
    listing.is_public() && listing.confirmed_on.is_none_or(|day| day <= today - BELIEVED)
}

/// The questions whose next step is due, the oldest first.
///
/// # Errors
/// What the database said.
pub(super) async fn due(txn: &DatabaseTransaction, now: DateTime<Utc>, most: u64) -> Result<Vec<Question>, DbErr> {
    let due = Entity::find().filter(Column::LastAskedAt.lte(now - BETWEEN)).filter(Column::Asked.lte(MOST));
    let shown = supplier::Entity::find().select_only().column(supplier::Column::Id);
    let shown = shown.filter(supplier::Column::State.eq(State::Published)).into_query();
    let due = due.filter(Column::SupplierId.in_subquery(shown));
    due.order_by_asc(Column::LastAskedAt).order_by_asc(Column::SupplierId).limit(most).all(txn).await
}

/// What comes next of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// It is asked, for the `asked`th time.
    Ask(Question),
    /// Nobody answered: the listing is shown no more.
    Hide,
}

/// Asks about a listing, again or for the first time, or hides it.
///
/// # Errors
/// What the database said.
pub(super) async fn go_on(
    txn: &DatabaseTransaction,
    supplier: i64,
    before: Option<&Question>,
    now: DateTime<Utc>,
) -> Result<Step, DbErr> {
    let asked = before.map_or(0, |question| question.asked) + 1;
    if asked > MOST {
        let absence = Absence {
            supplier_id: supplier,
            reason: Reason::Silence,
            returns_on: None,
            words: String::new(),
            since: now,
        };
        absence::leave(txn, absence, now).await?;
        return Ok(Step::Hide);
    }
    let question = Question { supplier_id: supplier, asked, last_asked_at: now };
    let row = ActiveModel { supplier_id: Set(supplier), asked: Set(question.asked), last_asked_at: Set(now) };
    let again = OnConflict::column(Column::SupplierId).update_columns([Column::Asked, Column::LastAskedAt]).to_owned();
    Entity::insert(row).on_conflict(again).exec_without_returning(txn).await?;
    Ok(Step::Ask(question))
}

/// The last part of a link by which a person answers; only its hash is kept.
///
/// # Errors
/// What the database said.
pub(super) async fn link(txn: &DatabaseTransaction, app: &App, supplier: i64, person: i64) -> Result<String, DbErr> {
    let token = app.random.token();
    let row = link::ActiveModel {
        token_hash: Set(digest(token.as_bytes())),
        supplier_id: Set(supplier),
        person_id: Set(person),
    };
    link::Entity::insert(row).exec_without_returning(txn).await?;
    Ok(token)
}

/// The listing that a link asks about, and whom; nothing once it is answered.
///
/// # Errors
/// What the database said.
pub(super) async fn of_link(db: &impl ConnectionTrait, token: &str) -> Result<Option<(i64, i64)>, DbErr> {
    let found = link::Entity::find_by_id(digest(token.as_bytes())).one(db).await?;
    Ok(found.map(|link| (link.supplier_id, link.person_id)))
}

/// The open question about a listing.
///
/// # Errors
/// What the database said.
pub(super) async fn of_listing(db: &impl ConnectionTrait, supplier: i64) -> Result<Option<Question>, DbErr> {
    Entity::find_by_id(supplier).one(db).await
}

/// A listing is true as it is and is to be shown: the question has its answer, and what its supplier paused or took out comes
/// back. False for a listing that an organiser took out, or that nobody has shown yet.
///
/// # Errors
/// What the database said.
pub(super) async fn confirm(
    txn: &DatabaseTransaction,
    listing: &Supplier,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    match absence::absence_of(txn, listing).await? {
        None if listing.is_public() => {}
        Some(away) if away.reason.is_own() => absence::come_back(txn, listing.id, now).await?,
        _ => return Ok(false),
    }
    supplier::change(txn, listing.id, supplier::Column::ConfirmedOn, Expr::value(Some(today)), now).await?;
    forget(txn, listing.id).await?;
    Ok(true)
}

/// Nobody waits for an answer any more; the links in its mails end.
///
/// # Errors
/// What the database said.
pub(super) async fn forget(txn: &DatabaseTransaction, supplier: i64) -> Result<(), DbErr> {
    Entity::delete_by_id(supplier).exec(txn).await.map(drop)
}

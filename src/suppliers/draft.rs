//! What a supplier writes of itself, from the first word to the listing that everybody sees.
//!
//! - `content` what is written · `steps` its steps, `fields` how a form of them works, `reading` what is typed
//! - `advice` what is missing · `difference` what changed · `publication` the listing made of it

mod advice;
mod content;
mod difference;
mod fields;
mod publication;
mod reading;
mod steps;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseTransaction, PaginatorTrait, QueryOrder, QuerySelect, QueryTrait,
    entity::prelude::*,
    sea_query::SelectStatement,
};

use self::difference::is_small_change;
pub use self::{
    advice::{Advice, advice, missing},
    content::{Content, DraftCertificate, DraftOffer, DraftPhoto, Keyed},
    difference::{Difference, differences},
    fields::{Field, FieldKind, Step, Typed, fingerprint},
    publication::{preview, publish},
    reading::{commune, phone, point, siret},
    steps::{STEPS, steps},
};
pub(super) use self::{difference::offer_now, reading::amount};

use super::{State, Supplier, file, supplier};

/// A draft as the database keeps it.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "listing_drafts")]
pub(super) struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: i64,
    /// The listing made of it, once there is one.
    pub supplier_id: Option<i64>,
    /// What is written, as JSON.
    pub content: String,
    /// What was last shown to everybody, as JSON.
    pub accepted: Option<String>,
    /// Where it is.
    pub state: DraftState,
    /// What the organiser said of its steps, as JSON.
    pub remarks: String,
    /// Rises with every change.
    pub version: i64,
    /// Who changed it last, while she is known.
    pub edited_by: Option<i64>,
    /// First written.
    pub created_at: DateTimeUtc,
    /// Last changed.
    pub updated_at: DateTimeUtc,
    /// Last sent to the organisers.
    pub submitted_at: Option<DateTimeUtc>,
}

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(super) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Where a draft is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum DraftState {
    /// The supplier writes.
    #[sea_orm(string_value = "writing")]
    Writing,
    /// The organisers read.
    #[sea_orm(string_value = "submitted")]
    Submitted,
    /// The organisers ask for changes.
    #[sea_orm(string_value = "returned")]
    Returned,
    /// The organisers said no.
    #[sea_orm(string_value = "refused")]
    Refused,
    /// Everybody sees it as it is.
    #[sea_orm(string_value = "published")]
    Published,
}

/// What the organiser said: of a step by its path; of all under the empty path.
pub type Remarks = BTreeMap<String, String>;

/// What a supplier writes of itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Whose.
    pub organisation_id: i64,
    /// The listing made of it, once there is one.
    pub supplier_id: Option<i64>,
    /// What is written.
    pub content: Content,
    /// What was last shown to everybody.
    pub accepted: Option<Content>,
    /// Where it is.
    pub state: DraftState,
    /// What the organiser said.
    pub remarks: Remarks,
    /// Rises with every change.
    pub version: i64,
    /// Who changed it last, while she is known.
    pub edited_by: Option<i64>,
    /// Last changed.
    pub updated_at: DateTime<Utc>,
    /// Last sent to the organisers.
    pub submitted_at: Option<DateTime<Utc>>,
}

impl Draft {
    fn read(row: Model) -> Result<Self, DbErr> {
        Ok(Self {
            organisation_id: row.organisation_id,
            supplier_id: row.supplier_id,
            content: json(&row.content)?,
            accepted: row.accepted.as_deref().map(json).transpose()?,
            state: row.state,
            remarks: json(&row.remarks)?,
            version: row.version,
            edited_by: row.edited_by,
            updated_at: row.updated_at,
            submitted_at: row.submitted_at,
        })
    }

    /// What an organisation has written before its first word.
    #[must_use]
    pub fn empty(organisation_id: i64, name: &str, now: DateTime<Utc>) -> Self {
        Self {
            organisation_id,
            supplier_id: None,
            content: Content { name: name.to_owned(), ..Content::default() },
            accepted: None,
            state: DraftState::Writing,
            remarks: Remarks::new(),
            version: 0,
            edited_by: None,
            updated_at: now,
            submitted_at: None,
        }
    }

    /// Whether nothing that everybody sees changes but prices, months and amounts.
    #[must_use]
    pub fn is_small(&self) -> bool {
        self.accepted.as_ref().is_some_and(|before| is_small_change(before, &self.content))
    }

    /// Files that it or what everybody sees shows.
    fn files(&self) -> Vec<i64> {
        let shown = [Some(&self.content), self.accepted.as_ref()].into_iter().flatten();
        shown.flat_map(Content::files).collect()
    }

    /// Whether it says nothing but what everybody sees.
    #[must_use]
    pub fn is_as_published(&self) -> bool {
        self.accepted.as_ref() == Some(&self.content)
    }
}

fn json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, DbErr> {
    serde_json::from_str(text).map_err(|error| DbErr::Json(error.to_string()))
}

fn text(value: &impl serde::Serialize) -> Result<String, DbErr> {
    serde_json::to_string(value).map_err(|error| DbErr::Json(error.to_string()))
}

/// Begins the draft of an organisation, from nothing or from the listing it takes over. Of a listing that not everybody
/// sees nothing was accepted.
///
/// # Errors
/// What the database said; an organisation that has one is one.
pub async fn begin(
    txn: &DatabaseTransaction,
    organisation_id: i64,
    content: &Content,
    listing: Option<&Supplier>,
    by: i64,
    now: DateTime<Utc>,
) -> Result<Draft, DbErr> {
    let written = text(content)?;
    let is_public = listing.is_some_and(Supplier::is_public);
    let row = ActiveModel {
        organisation_id: Set(organisation_id),
        supplier_id: Set(listing.map(|supplier| supplier.id)),
        accepted: Set(is_public.then(|| written.clone())),
        content: Set(written),
        state: Set(if is_public { DraftState::Published } else { DraftState::Writing }),
        remarks: Set("{}".to_owned()),
        version: Set(1),
        edited_by: Set(Some(by)),
        created_at: Set(now),
        updated_at: Set(now),
        submitted_at: NotSet,
    };
    Draft::read(row.insert(txn).await?)
}

/// The draft of an organisation.
///
/// # Errors
/// What the database said.
pub async fn draft_of(db: &impl ConnectionTrait, organisation_id: i64) -> Result<Option<Draft>, DbErr> {
    Entity::find_by_id(organisation_id).one(db).await?.map(Draft::read).transpose()
}

/// The draft of an organisation, to change it: others wait.
///
/// # Errors
/// What the database said.
pub async fn lock_draft(txn: &DatabaseTransaction, organisation_id: i64) -> Result<Option<Draft>, DbErr> {
    Entity::find_by_id(organisation_id).lock_exclusive().one(txn).await?.map(Draft::read).transpose()
}

/// The listing of these that an organisation holds, and which organisation; of several the oldest.
///
/// # Errors
/// What the database said.
pub async fn held_among(db: &impl ConnectionTrait, suppliers: &[i64]) -> Result<Option<(i64, i64)>, DbErr> {
    let held = Entity::find().filter(Column::SupplierId.is_in(suppliers.iter().copied()));
    let row = held.order_by_asc(Column::SupplierId).one(db).await?;
    Ok(row.and_then(|row| Some((row.supplier_id?, row.organisation_id))))
}

/// The listings that suppliers hold, each with whose it is, in ascending order of key.
///
/// # Errors
/// What the database said.
pub async fn holders(db: &impl ConnectionTrait) -> Result<Vec<(i64, i64)>, DbErr> {
    let held = Entity::find().select_only().columns([Column::SupplierId, Column::OrganisationId]);
    let held = held.filter(Column::SupplierId.is_not_null());
    held.order_by_asc(Column::SupplierId).into_tuple().all(db).await
}

/// The organisations whose listing everybody sees.
///
/// # Errors
/// What the database said.
pub async fn public_holders(db: &impl ConnectionTrait) -> Result<Vec<i64>, DbErr> {
    holding_public().into_tuple().all(db).await
}

/// Those of these organisations whose listing everybody sees.
///
/// # Errors
/// What the database said.
pub async fn public_among(db: &impl ConnectionTrait, organisations: &[i64]) -> Result<Vec<i64>, DbErr> {
    let own = holding_public().filter(Column::OrganisationId.is_in(organisations.iter().copied()));
    own.into_tuple().all(db).await
}

fn holding_public() -> Select<Entity> {
    let public = supplier::Entity::find().select_only().column(supplier::Column::Id);
    let public = public.filter(supplier::Column::State.eq(State::Published)).into_query();
    let held = Entity::find().select_only().column(Column::OrganisationId);
    held.filter(Column::SupplierId.in_subquery(public))
}

/// The listings that a supplier holds, as a query.
pub(super) fn held() -> SelectStatement {
    let held = Entity::find().select_only().column(Column::SupplierId).filter(Column::SupplierId.is_not_null());
    held.into_query()
}

/// Listings among these that a supplier has held since before that time, each with whose it is, in ascending order of key.
///
/// # Errors
/// What the database said.
pub(super) async fn held_since(
    db: &impl ConnectionTrait,
    suppliers: SelectStatement,
    before: DateTime<Utc>,
    most: u64,
) -> Result<Vec<(i64, i64)>, DbErr> {
    let held = Entity::find().select_only().columns([Column::SupplierId, Column::OrganisationId]);
    let held = held.filter(Column::SupplierId.in_subquery(suppliers)).filter(Column::CreatedAt.lte(before));
    held.order_by_asc(Column::SupplierId).limit(most).into_tuple().all(db).await
}

/// Writes a locked draft back with what it says now. What waited for the organisers is the supplier's again: they read what
/// was sent.
///
/// # Errors
/// What the database said.
pub async fn keep(txn: &DatabaseTransaction, draft: &mut Draft, by: i64, now: DateTime<Utc>) -> Result<(), DbErr> {
    draft.state = match draft.state {
        _ if draft.is_as_published() => DraftState::Published,
        DraftState::Returned => DraftState::Returned,
        _ => DraftState::Writing,
    };
    draft.edited_by = Some(by);
    write(txn, draft, now).await
}

/// Sends a locked draft to the organisers.
///
/// # Errors
/// What the database said.
pub async fn submit(txn: &DatabaseTransaction, draft: &mut Draft, now: DateTime<Utc>) -> Result<(), DbErr> {
    draft.state = DraftState::Submitted;
    draft.submitted_at = Some(now);
    write(txn, draft, now).await
}

/// Gives a locked draft back to its supplier: with what is to be changed, or for good.
///
/// # Errors
/// What the database said.
pub async fn give_back(
    txn: &DatabaseTransaction,
    draft: &mut Draft,
    state: DraftState,
    remarks: Remarks,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    draft.state = state;
    draft.remarks = remarks;
    write(txn, draft, now).await
}

/// Files that nothing shows any more are forgotten.
async fn write(txn: &DatabaseTransaction, draft: &mut Draft, now: DateTime<Utc>) -> Result<(), DbErr> {
    draft.version += 1;
    draft.updated_at = now;
    file::forget_others(txn, draft.organisation_id, draft.files()).await?;
    let row = ActiveModel {
        organisation_id: Set(draft.organisation_id),
        supplier_id: Set(draft.supplier_id),
        content: Set(text(&draft.content)?),
        accepted: Set(draft.accepted.as_ref().map(text).transpose()?),
        state: Set(draft.state),
        remarks: Set(text(&draft.remarks)?),
        version: Set(draft.version),
        edited_by: Set(draft.edited_by),
        created_at: NotSet,
        updated_at: Set(draft.updated_at),
        submitted_at: Set(draft.submitted_at),
    };
    row.update(txn).await.map(drop)
}

/// Drafts that wait for the organisers, the longest first.
///
/// # Errors
/// What the database said.
pub async fn waiting(db: &impl ConnectionTrait, offset: u64, most: u64) -> Result<Vec<Draft>, DbErr> {
    let rows = waiting_rows().order_by_asc(Column::SubmittedAt).order_by_asc(Column::OrganisationId);
    rows.offset(offset).limit(most).all(db).await?.into_iter().map(Draft::read).collect()
}

/// How many drafts wait for the organisers.
///
/// # Errors
/// What the database said.
pub async fn count_waiting(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    waiting_rows().count(db).await
}

/// How many first drafts are written or waited for: no listing was made of them, and they were not refused.
///
/// # Errors
/// What the database said.
pub async fn count_first(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    let open = Entity::find().filter(Column::State.ne(DraftState::Refused));
    open.filter(Column::SupplierId.is_null()).count(db).await
}

fn waiting_rows() -> Select<Entity> {
    Entity::find().filter(Column::State.eq(DraftState::Submitted))
}

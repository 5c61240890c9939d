use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseTransaction, DeriveValueType, QueryOrder, QuerySelect,
    entity::prelude::*,
};

use super::{
    Supplier,
    listing::IDS_PER_QUERY,
    mail, supplier,
    word::{self, Word},
};
use crate::app::App;
use crate::mail::NotEnqueued;

/// What somebody found wrong in a listing (« signaler une erreur »).
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "reported_errors")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Whose listing.
    pub supplier_id: i64,
    /// What is wrong, 1 to 2,000 characters.
    pub message: String,
    /// Where to answer, when the person wants an answer.
    pub email: Option<String>,
    /// What became of it.
    pub state: ReportState,
    /// When it was sent.
    pub created_at: DateTimeUtc,
    /// When an organiser closed it.
    pub closed_at: Option<DateTimeUtc>,
}

/// An error that was reported.
pub type ReportedError = Model;

/// None.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What became of a reported error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, DeriveValueType)]
#[sea_orm(value_type = "String", from_str = "word::from_row", to_str = "word::to_row")]
pub enum ReportState {
    /// Nobody has looked yet.
    Open,
    /// The listing was corrected.
    Corrected,
    /// Nothing was wrong.
    Dismissed,
}

impl Word for ReportState {
    const WORDS: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Open, "open", "À traiter"),
        (Self::Corrected, "corrected", "Corrigée"),
        (Self::Dismissed, "dismissed", "Sans suite"),
    ];
}

/// A report, found right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewReportedError {
    message: String,
    email: Option<String>,
}

/// Why a report is not kept. Shown beside the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongReport {
    /// Nothing is said.
    #[error("Dites ce qui est faux ou ce qui a changé.")]
    NoMessage,
    /// Too much is said.
    #[error("Le message dépasse {} caractères.", NewReportedError::LONGEST)]
    LongMessage,
    /// The address is none.
    #[error("Cette adresse de courriel n’est pas complète ; un exemple : nom@college.fr")]
    Email,
}

impl NewReportedError {
    /// Most characters of a message.
    pub const LONGEST: usize = 2_000;

    /// Checks what was typed. Control characters other than line breaks are dropped.
    ///
    /// # Errors
    /// Which field is wrong.
    pub fn new(message: &str, email: &str) -> Result<Self, WrongReport> {
        let message: String = message.chars().filter(|c| !c.is_control() || *c == '\n').collect();
        let message = message.trim();
        match message.chars().count() {
            0 => return Err(WrongReport::NoMessage),
            length if length > Self::LONGEST => return Err(WrongReport::LongMessage),
            _ => {}
        }
        let email = Some(email.trim()).filter(|email| !email.is_empty());
        let email = email.map(super::contact::email).transpose().map_err(|_| WrongReport::Email)?;
        Ok(Self { message: message.to_owned(), email })
    }
}

/// Keeps a report about a supplier's listing; its key. The same words about the same listing, still open, are kept
/// once: a double click is one report.
///
/// # Errors
/// What the database said; a supplier that does not exist is one.
pub async fn report_error(
    txn: &DatabaseTransaction,
    supplier_id: i64,
    new: NewReportedError,
    now: DateTime<Utc>,
) -> Result<i64, DbErr> {
    // Two clicks at once would both find nothing: the second waits here for the first (SQLite's writers take turns anyway).
    supplier::Entity::find_by_id(supplier_id).lock_exclusive().one(txn).await?;
    let same = Entity::find()
        .filter(Column::SupplierId.eq(supplier_id))
        .filter(Column::State.eq(ReportState::Open))
        .filter(Column::Message.eq(new.message.as_str()));
    if let Some(known) = same.one(txn).await? {
        return Ok(known.id);
    }
    let row = ActiveModel {
        id: NotSet,
        supplier_id: Set(supplier_id),
        message: Set(new.message),
        email: Set(new.email),
        state: Set(ReportState::Open),
        created_at: Set(now),
        closed_at: Set(None),
    };
    Ok(row.insert(txn).await?.id)
}

/// Keeps a report, and tells the organisers when it is the first that waits about this listing: they read all of them on its
/// page.
///
/// # Errors
/// When a mail cannot be made or the database does not answer.
pub async fn report(
    txn: &DatabaseTransaction,
    app: &App,
    listing: &Supplier,
    new: NewReportedError,
    now: DateTime<Utc>,
) -> Result<(), NotEnqueued> {
    let words = new.message.clone();
    let id = report_error(txn, listing.id, new, now).await?;
    if open_of(txn, listing.id).await?.len() == 1 {
        mail::reported(txn, app, listing, id, &words).await?;
    }
    Ok(())
}

/// The open reports about a listing, oldest first.
///
/// # Errors
/// What the database said.
pub(super) async fn open_of(db: &impl ConnectionTrait, supplier_id: i64) -> Result<Vec<ReportedError>, DbErr> {
    let open = Entity::find().filter(Column::State.eq(ReportState::Open)).filter(Column::SupplierId.eq(supplier_id));
    open.order_by_asc(Column::Id).all(db).await
}

/// Closes an open report; false when it was closed already or there is none.
///
/// # Errors
/// What the database said.
pub async fn close_report(
    txn: &DatabaseTransaction,
    id: i64,
    outcome: ReportState,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let closing = Entity::update_many()
        .col_expr(Column::State, Expr::value(outcome))
        .col_expr(Column::ClosedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .filter(Column::State.eq(ReportState::Open));
    Ok(outcome != ReportState::Open && closing.exec(txn).await?.rows_affected == 1)
}

/// The open reports, oldest first, at most `limit`.
///
/// # Errors
/// What the database said.
pub async fn open_reports(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<ReportedError>, DbErr> {
    let open = Entity::find().filter(Column::State.eq(ReportState::Open));
    open.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).limit(limit).all(db).await
}

/// Every report with its supplier, oldest first.
pub(super) async fn reported(db: &impl ConnectionTrait) -> Result<Vec<(ReportedError, supplier::Model)>, DbErr> {
    let reports = Entity::find().order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).all(db).await?;
    let mut suppliers: HashMap<i64, supplier::Model> = HashMap::new();
    let mut ids: Vec<i64> = reports.iter().map(|report| report.supplier_id).collect();
    ids.sort_unstable();
    ids.dedup();
    for ids in ids.chunks(IDS_PER_QUERY) {
        let found = supplier::Entity::find().filter(supplier::Column::Id.is_in(ids.iter().copied())).all(db).await?;
        suppliers.extend(found.into_iter().map(|supplier| (supplier.id, supplier)));
    }
    let with_supplier = |report: ReportedError| {
        let supplier = suppliers.get(&report.supplier_id)?.clone();
        Some((report, supplier))
    };
    Ok(reports.into_iter().filter_map(with_supplier).collect())
}

/// The errors that somebody with this address reported, the first first.
///
/// # Errors
/// What the database said.
pub async fn reported_by(db: &impl ConnectionTrait, email: &str) -> Result<Vec<ReportedError>, DbErr> {
    Entity::find().filter(Column::Email.eq(email)).order_by_asc(Column::Id).all(db).await
}

/// Keeps the errors and forgets who reported them.
///
/// # Errors
/// What the database said.
pub async fn forget_reporter(txn: &DatabaseTransaction, email: &str) -> Result<(), DbErr> {
    let update = Entity::update_many().col_expr(Column::Email, Expr::value(Option::<String>::None));
    update.filter(Column::Email.eq(email)).exec(txn).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_says_something_of_a_fair_length() {
        assert_eq!(NewReportedError::new(" \u{0}\n", ""), Err(WrongReport::NoMessage));
        assert_eq!(NewReportedError::new(&"é".repeat(2_001), ""), Err(WrongReport::LongMessage));
        assert_eq!(NewReportedError::new("Fermé", "cuisine"), Err(WrongReport::Email));
        let kept = NewReportedError::new(&"é".repeat(2_000), " chef@college.fr ").unwrap();
        assert_eq!(kept.email.as_deref(), Some("chef@college.fr"));
    }
}

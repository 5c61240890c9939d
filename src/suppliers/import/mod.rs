//! Import of the two tables that organisers fill (`suppliers`, `offers`). A file is read whole before anything is
//! written, so that its report is complete; then it is saved in batches, each of them one transaction: what was said to
//! be saved stays saved.

#[cfg(test)]
mod hostile;
mod offer_lines;
mod organic;
mod place_cells;
mod supplier_lines;
mod towns;

use sea_orm::{DatabaseTransaction, DbErr, QuerySelect, entity::prelude::*};

use crate::{
    app::App,
    tables::{Problem, Report, Table},
};

pub use self::organic::organic_operators;
pub use crate::tables::{ImportError, OnProgress, Options, Progress};

pub(super) use self::{
    offer_lines::{OfferRow, offer_rows, read_offers},
    organic::{OrganicOperator, imported_operator, operator_in},
    supplier_lines::read_suppliers,
};
use super::{changes, save, supplier, wanted::NewOffers};

/// Suppliers saved in one transaction.
const BATCH: usize = 1_000;

/// Imports the table of suppliers.
///
/// # Errors
/// When the file is no such table, or the database fails.
pub async fn suppliers(
    app: &App,
    bytes: &[u8],
    options: &Options,
    progress: OnProgress<'_>,
) -> Result<Report, ImportError> {
    let (mut suppliers, mut report) = read_suppliers(&Table::read(bytes)?, &app.places, options)?;
    let held = held(app, suppliers.iter().map(|new| new.reference.as_str())).await?;
    suppliers.retain(|new| !held.contains(&new.reference));
    leave(&held, held.len(), &mut report);
    let total = suppliers.len();
    for (batch, saved) in suppliers.chunks(BATCH).zip((0..).step_by(BATCH)) {
        let outcome = in_turn(app, options, async |txn| save::suppliers::apply(txn, batch, options).await);
        let outcome = outcome.await.map_err(|source| ImportError::Database { saved, total, source })?;
        report.created += outcome.created.len();
        report.updated += outcome.updated.len();
        report.unchanged += outcome.unchanged;
        progress(Progress { saved: saved + batch.len(), total });
    }
    Ok(report)
}

/// Imports the table of offers: they replace those of the suppliers it names.
///
/// # Errors
/// When the file is no such table, or the database fails.
pub async fn offers(
    app: &App,
    bytes: &[u8],
    options: &Options,
    progress: OnProgress<'_>,
) -> Result<Report, ImportError> {
    let (mut suppliers, mut report) = read_offers(&Table::read(bytes)?, options)?;
    let held = held(app, suppliers.iter().map(|new| new.reference.as_str())).await?;
    let left = suppliers.iter().filter(|new| held.contains(&new.reference)).map(|new| new.offers.len()).sum();
    leave(&held, left, &mut report);
    suppliers.retain(|new| !held.contains(&new.reference));
    let total = suppliers.len();
    for (batch, saved) in suppliers.chunks(BATCH).zip((0..).step_by(BATCH)) {
        let outcome = in_turn(app, options, async |txn| save::offers::apply(txn, batch, options).await);
        let outcome = outcome.await.map_err(|source| ImportError::Database { saved, total, source })?;
        report.created += outcome.created;
        report.updated += outcome.updated;
        report.unchanged += outcome.unchanged;
        for unknown in batch.iter().filter(|new| outcome.unknown.contains(&new.reference)) {
            refuse(unknown, &mut report);
        }
        progress(Progress { saved: saved + batch.len(), total });
    }
    report.problems.sort_by_key(|problem| problem.line);
    Ok(report)
}

/// Those of these references whose supplier keeps its listing itself.
async fn held(app: &App, references: impl Iterator<Item = &str>) -> Result<Vec<String>, ImportError> {
    let references: Vec<&str> = references.collect();
    let mut held = Vec::new();
    for references in references.chunks(BATCH) {
        let own = supplier::Entity::find().select_only().column(supplier::Column::Reference);
        let own = own.filter(supplier::Column::Claimed.eq(true));
        let own = own.filter(supplier::Column::Reference.is_in(references.iter().copied()));
        let found = own.into_tuple::<String>().all(&app.db).await;
        held.extend(found.map_err(|source| ImportError::Database { saved: 0, total: references.len(), source })?);
    }
    Ok(held)
}

/// Says that a file changes nothing of what suppliers keep themselves.
fn leave(held: &[String], lines: usize, report: &mut Report) {
    if !held.is_empty() {
        let named = held.iter().take(20).cloned().collect::<Vec<_>>().join(", ");
        report.unchanged += lines;
        report.notes.push(format!(
            "{lines} lignes laissées telles quelles\u{a0}: leur fournisseur tient sa fiche lui-même ({named})"
        ));
    }
}

/// One batch, one transaction. A dry run does the same and takes it back.
async fn in_turn<T>(
    app: &App,
    options: &Options,
    write: impl AsyncFnOnce(&DatabaseTransaction) -> Result<T, DbErr>,
) -> Result<T, DbErr> {
    let txn = app.write().await?;
    // Before any row is touched: two imports at once on PostgreSQL would otherwise wait for each other's rows.
    changes::take_turn(&txn).await?;
    let outcome = write(&txn).await?;
    if options.dry_run {
        txn.rollback().await?;
    } else {
        txn.commit().await?;
    }
    Ok(outcome)
}

fn refuse(unknown: &NewOffers, report: &mut Report) {
    report.refused += unknown.offers.len();
    report.problems.extend(unknown.offers.iter().map(|offer| Problem {
        line: offer.line,
        column: "Référence fournisseur".to_owned(),
        value: unknown.reference.clone(),
        expected: "la référence d’un fournisseur de l’annuaire : importez d’abord les fournisseurs".to_owned(),
        refused: true,
    }));
}

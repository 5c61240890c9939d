//! Import of the two tables that organisers fill (`suppliers`, `offers`). A file is read whole before anything is written, so that its
//! report is complete; then it is saved in batches, each of them one transaction: what was said to be saved stays saved.

mod offer_lines;
mod place_cells;
mod save_offers;
mod save_suppliers;
mod supplier_lines;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{DatabaseTransaction, DbErr};
use thiserror::Error;

use crate::{
    app::App,
    tables::{MissingColumns, Problem, Report, Table, Unreadable},
};

#[cfg(test)]
pub(super) use self::{
    offer_lines::NewOffer,
    save_offers::offer_row,
    save_suppliers::{certificate, supplier_row},
    supplier_lines::{NewCertification, NewSupplier},
};
pub(super) use self::{
    offer_lines::{NewOffers, read_offers},
    supplier_lines::read_suppliers,
};
use super::changes;

/// How an import is to be done.
#[derive(Clone, Debug)]
pub struct Options {
    /// Name of the file, for the report.
    pub file: String,
    /// Do everything but write.
    pub dry_run: bool,
    /// New suppliers stay drafts.
    pub draft: bool,
    /// The instant of the import.
    pub now: DateTime<Utc>,
    /// The day of the import where the directory lives.
    pub today: NaiveDate,
}

/// How far an import got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Suppliers dealt with; what they changed is committed (unless nothing is to be written).
    pub saved: usize,
    /// Suppliers in the file.
    pub total: usize,
}

/// Why a file was not imported at all.
#[derive(Debug, Error)]
pub enum ImportError {
    /// It is no table.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// It is another table.
    #[error(transparent)]
    Columns(#[from] MissingColumns),
    /// The database refused or was lost; what was committed before stays.
    #[error(
        "l’enregistrement s’est arrêté après {saved} fournisseurs sur {total}, qui restent enregistrés ; relancez la même commande"
    )]
    Database {
        /// Suppliers whose changes are committed.
        saved: usize,
        /// Suppliers in the file.
        total: usize,
        /// What the database said.
        source: DbErr,
    },
}

/// Called after each batch.
pub type OnProgress<'a> = &'a mut (dyn FnMut(Progress) + Send);

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
    let (suppliers, mut report) = read_suppliers(&Table::read(bytes)?, &app.places, options)?;
    let total = suppliers.len();
    for (batch, saved) in suppliers.chunks(BATCH).zip((0..).step_by(BATCH)) {
        let outcome = in_turn(app, options, async |txn| save_suppliers::apply(txn, batch, options).await);
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
    let (suppliers, mut report) = read_offers(&Table::read(bytes)?, options)?;
    let total = suppliers.len();
    for (batch, saved) in suppliers.chunks(BATCH).zip((0..).step_by(BATCH)) {
        let outcome = in_turn(app, options, async |txn| save_offers::apply(txn, batch, options).await);
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
        txn.rollback().await?
    } else {
        txn.commit().await?
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

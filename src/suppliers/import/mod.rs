//! Import of the two tables that organisers fill (`suppliers`, `offers`). A file is read whole before anything is written, so that its
//! report is complete; then it is saved in batches, each of them one transaction: what was said to be saved stays saved.

mod offer_lines;
mod place_cells;
mod save_offers;
mod save_suppliers;
mod supplier_lines;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::DbErr;
use thiserror::Error;

use crate::{
    app::App,
    tables::{MissingColumns, Report, Table, Unreadable},
};

use self::{offer_lines::read_offers, supplier_lines::read_suppliers};

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
    let table = Table::read(bytes)?;
    let (suppliers, mut report) = read_suppliers(&table, &app.places, options)?;
    let total = suppliers.len();
    for (batch, saved) in suppliers.chunks(BATCH).zip((0..).step_by(BATCH)) {
        let failed = |source| ImportError::Database { saved, total, source };
        save_suppliers::save(app, batch, options, &mut report).await.map_err(failed)?;
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
    let table = Table::read(bytes)?;
    let (suppliers, mut report) = read_offers(&table, options)?;
    let total = suppliers.len();
    for (batch, saved) in suppliers.chunks(BATCH).zip((0..).step_by(BATCH)) {
        let failed = |source| ImportError::Database { saved, total, source };
        save_offers::save(app, batch, options, &mut report).await.map_err(failed)?;
        progress(Progress { saved: saved + batch.len(), total });
    }
    report.problems.sort_by_key(|problem| problem.line);
    Ok(report)
}

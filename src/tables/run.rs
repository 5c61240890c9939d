use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::DbErr;
use thiserror::Error;

use super::{MissingColumns, Unreadable};

/// How an import is to be done.
#[derive(Clone, Debug)]
pub struct Options {
    /// Name of the file, for the report.
    pub file: String,
    /// Do everything but keep it.
    pub dry_run: bool,
    /// What is new stays a draft.
    pub draft: bool,
    /// The instant of the import.
    pub now: DateTime<Utc>,
    /// The day of the import where the directory lives.
    pub today: NaiveDate,
}

impl Options {
    /// Keeps everything and publishes what is new.
    #[must_use]
    pub fn new(file: &str, now: DateTime<Utc>, today: NaiveDate) -> Self {
        Self { file: file.to_owned(), dry_run: false, draft: false, now, today }
    }
}

/// How far an import got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Entries dealt with; what they changed is committed (unless it is a dry run).
    pub saved: usize,
    /// Entries in the file.
    pub total: usize,
}

/// Called after each batch.
pub type OnProgress<'a> = &'a mut (dyn FnMut(Progress) + Send);

/// Why a file was not imported, or not to its end. Shown to the person who gave it.
#[derive(Debug, Error)]
pub enum ImportError {
    /// It is no table.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// It is another table.
    #[error(transparent)]
    Columns(#[from] MissingColumns),
    /// It is something else than what was asked for: what that would be.
    #[error("ce fichier n’est pas celui qui est attendu : {0}")]
    Other(&'static str),
    /// The database refused or was lost; what was committed before stays.
    #[error(
        "l’enregistrement s’est arrêté après {saved} fiches sur {total}, qui restent enregistrées ; relancez la même commande"
    )]
    Database {
        /// Entries whose changes are committed.
        saved: usize,
        /// Entries in the file.
        total: usize,
        /// What the database said.
        source: DbErr,
    },
}

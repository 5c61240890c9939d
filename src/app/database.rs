//! Opening the database: a SQLite file in the data folder, or PostgreSQL.

use std::time::Duration;

use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DbErr,
    sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use thiserror::Error;

use super::folder::FolderError;
use crate::config::{Config, NotWhole};

const FILE: &str = "manger-local.sqlite";
/// How long a write waits for another one, and a request for a free connection.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why a node cannot start.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The data folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The address of the database is none we know. It is not repeated: it may hold a password.
    #[error("DATABASE_URL must begin with postgres:// or sqlite:")]
    Address,
    /// The territory is none.
    #[error("TERRITORY={0} is no département: give its code, such as 43, 2A or 974")]
    Territory(String),
    /// The provider of identities is named by halves.
    #[error(transparent)]
    OpenId(#[from] NotWhole),
    /// The database does not answer.
    #[error("the database cannot be opened: check DATABASE_URL and that its server runs")]
    Connection(#[source] DbErr),
    /// Its tables could not be brought to today's shape.
    #[error("the database cannot be brought to the shape this version needs")]
    Migration(#[source] DbErr),
    /// What organisers chose could not be read.
    #[error("the settings of the territory cannot be read from the database")]
    Settings(#[source] DbErr),
    /// Imported points of communes could not be read.
    #[error("the points of communes cannot be read from the database")]
    Places(#[source] DbErr),
}

/// Opens the database that `config` names.
pub(super) async fn open(config: &Config) -> Result<DatabaseConnection, OpenError> {
    let file = config.data_dir.join(FILE);
    let options = match config.database_url.as_deref() {
        None => sqlite("sqlite:manger-local.sqlite", move |options| options.filename(&file)),
        Some(url) if url.starts_with("sqlite:") => sqlite(url, |options| options),
        Some(url) if url.starts_with("postgres:") || url.starts_with("postgresql:") => ConnectOptions::new(url),
        Some(_) => return Err(OpenError::Address),
    };
    Database::connect(common(options, config)).await.map_err(OpenError::Connection)
}

/// WAL lets readers read while one writes. FULL loses no commit even when the machine dies: what was said to be saved, and
/// that a mail was about to leave (<https://sqlite.org/pragma.html#pragma_synchronous>).
fn sqlite<F>(url: &str, place: F) -> ConnectOptions
where
    F: Fn(SqliteConnectOptions) -> SqliteConnectOptions + Send + Sync + 'static,
{
    let mut options = ConnectOptions::new(url);
    options.map_sqlx_sqlite_opts(move |options| {
        place(options)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(PATIENCE)
            .optimize_on_close(true, None)
    });
    options
}

fn common(mut options: ConnectOptions, config: &Config) -> ConnectOptions {
    // On PostgreSQL one connection holds the turn while another changes the tables.
    let fewest = if options.get_url().starts_with("postgres") { 2 } else { 1 };
    options
        .max_connections(config.database_connections.get().max(fewest))
        .acquire_timeout(PATIENCE)
        .connect_timeout(PATIENCE)
        .test_before_acquire_if_idle_for(Duration::from_secs(30))
        // A statement holds what people typed: it stays out of the logs.
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .set_application_name("manger-local");
    options
}

//! What every room is given: the database, the clock, the generator of randomness, the settings and the limits.

mod clock;
mod database;
mod digest;
mod folder;
mod limits;
mod random;

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use index::Index;
use migrations::Migrator;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use sea_orm_migration::MigratorTrait;

use crate::{config::Config, directory, places::Places, territory};

pub use self::{
    clock::Clock,
    database::OpenError,
    digest::digest,
    folder::{FolderError, ServerLock},
    limits::{Limits, TooMany, subscriber},
    random::Random,
};

/// One node of the site. Cloning it costs a few counters.
#[derive(Clone)]
pub struct App {
    /// For reading. A write begins with [`App::write`].
    pub db: DatabaseConnection,
    /// The search engine of the directory, fed by `directory::follow`.
    pub index: Arc<Index>,
    /// The communes of France.
    pub places: Arc<Places>,
    /// The time, which tests and the demonstration move.
    pub clock: Clock,
    /// Randomness, seeded in tests.
    pub random: Random,
    /// The settings.
    pub config: Arc<Config>,
    /// How much one address may ask, and what else a node counts.
    pub limits: Limits,
}

impl App {
    /// Opens the database, brings it to today's shape and readies a node.
    ///
    /// # Errors
    /// When there is no such territory, a setting misses another, the folder cannot be written or the database cannot be reached or changed; the message says what to do.
    pub async fn open(config: Config) -> Result<Self, OpenError> {
        if Places::embedded().department(&config.territory).is_none_or(|known| known.code != config.territory) {
            return Err(OpenError::Territory(config.territory));
        }
        config.open_id.provider()?;
        let _turn = folder::turn(&config.data_dir)?;
        let db = database::open(&config).await?;
        let clock = if config.demo { Clock::running() } else { Clock::system() };
        let mut app = Self::with(config, db, clock, Random::system());
        app.migrate().await.map_err(OpenError::Migration)?;
        territory::refresh(&app).await.map_err(OpenError::Settings)?;
        app.places = Places::load(&app.db).await.map_err(OpenError::Places)?;
        app.index = Arc::new(directory::new_index(&app.places, &app.config.territory));
        Ok(app)
    }

    /// Nodes that start together on one PostgreSQL take turns, or two would create the same table.
    async fn migrate(&self) -> Result<(), DbErr> {
        if self.db.get_database_backend() != DbBackend::Postgres {
            return Migrator::up(&self.db, None).await;
        }
        let turn = self.write().await?;
        turn.execute_unprepared("SELECT pg_advisory_xact_lock(4307)").await?;
        Migrator::up(&self.db, None).await?;
        turn.commit().await
    }

    /// A node on an open database: what [`App::open`] ends with, and what tests call with a clock and a generator of theirs.
    #[must_use]
    pub fn with(config: Config, db: DatabaseConnection, clock: Clock, random: Random) -> Self {
        let limits = Limits::new(config.requests_per_minute);
        let places = Places::embedded();
        let index = Arc::new(directory::new_index(&places, &config.territory));
        Self { db, index, places, clock, random, config: Arc::new(config), limits }
    }

    /// The day where the directory lives.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.clock.today(self.config.time_zone)
    }

    /// A moment as the clock on the wall shows it where the territory lies.
    #[must_use]
    pub fn local(&self, at: DateTime<Utc>) -> NaiveDateTime {
        at.with_timezone(&self.config.time_zone).naive_local()
    }

    /// Begins a write: the only place a transaction begins. The caller commits; dropped, it is rolled back.
    ///
    /// SQLite's write lock is taken at once (`BEGIN IMMEDIATE`): a transaction that first reads and then writes
    /// would otherwise fail when another one wrote in between. Do not read through [`App::db`] while it is open.
    ///
    /// # Errors
    /// When no connection is free in time or the database does not answer.
    #[expect(clippy::disallowed_methods, reason = "this is the place the lint sends everybody to")]
    pub async fn write(&self) -> Result<DatabaseTransaction, DbErr> {
        let mode = Some(SqliteTransactionMode::Immediate);
        self.db.begin_with_options(TransactionOptions { sqlite_transaction_mode: mode, ..Default::default() }).await
    }

    /// Whether pages can be answered now: the database answers, and the index was built once.
    ///
    /// # Errors
    /// What is missing.
    pub async fn ready(&self) -> Result<(), NotReady> {
        self.db.ping().await.map_err(NotReady::Database)?;
        if self.index.is_built() { Ok(()) } else { Err(NotReady::Index) }
    }
}

/// Why pages cannot be answered yet, or for the moment.
#[derive(Debug, thiserror::Error)]
pub enum NotReady {
    /// It does not answer.
    #[error("not ready: the database does not answer")]
    Database(#[source] DbErr),
    /// The listings are still being read.
    #[error("not ready: the index is being built")]
    Index,
}

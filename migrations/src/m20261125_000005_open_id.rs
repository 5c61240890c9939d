//! People who come in by a provider of identities.

use sea_orm_migration::prelude::*;

use crate::statements;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        statements::run(manager, &UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        statements::drop_tables(manager, &["identities", "departures"]).await
    }
}

const UP: [&str; 4] = [
    // Under which name a provider knows a person.
    "CREATE TABLE identities (
        id {id},
        person_id BIGINT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
        issuer TEXT NOT NULL CHECK (length(issuer) BETWEEN 1 AND 500),
        subject TEXT NOT NULL CHECK (length(subject) BETWEEN 1 AND 255),
        created_at {instant} NOT NULL,
        UNIQUE (issuer, subject)
    )",
    "CREATE INDEX identities_person ON identities (person_id)",
    // Browsers that left for a provider and are not back yet.
    "CREATE TABLE departures (
        id {id},
        browser_hash TEXT NOT NULL UNIQUE CHECK (length(browser_hash) = 64),
        next TEXT NOT NULL CHECK (length(next) BETWEEN 1 AND 2000),
        expires_at {instant} NOT NULL
    )",
    "CREATE INDEX departures_expires_at ON departures (expires_at)",
];

//! People who come in by a provider of identities.

use crate::statements::Change;

pub(crate) const CHANGE: Change =
    Change { name: "m20261125_000005_open_id", up: UP, tables: &["identities", "departures"], columns: &[] };

const UP: &[&str] = &[
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

//! Organisations and their people, second factors, tokens for programs.

use crate::statements::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261125_000010_organisations",
    up: UP,
    tables: &[
        "organisations",
        "memberships",
        "invitations",
        "second_factors",
        "recovery_codes",
        "access_rules",
        "api_tokens",
    ],
    columns: &[("people", "inactivity_warned_at"), ("sessions", "is_kept"), ("sessions", "awaits_second_factor")],
};

const UP: &[&str] = &[
    "CREATE TABLE organisations (
        id {id},
        kind TEXT NOT NULL CHECK (kind IN ('supplier', 'canteen')),
        name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
        created_at {instant} NOT NULL
    )",
    "CREATE TABLE memberships (
        id {id},
        organisation_id BIGINT NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
        person_id BIGINT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
        created_at {instant} NOT NULL,
        UNIQUE (organisation_id, person_id)
    )",
    "CREATE INDEX memberships_person ON memberships (person_id)",
    // Into an organisation, or among the organisers of the territory when there is none. One open at a time for an address.
    "CREATE TABLE invitations (
        id {id},
        organisation_id BIGINT REFERENCES organisations (id) ON DELETE CASCADE,
        email TEXT NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
        invited_by BIGINT REFERENCES people (id) ON DELETE SET NULL,
        token_hash TEXT NOT NULL UNIQUE CHECK (length(token_hash) = 64),
        created_at {instant} NOT NULL,
        expires_at {instant} NOT NULL
    )",
    "CREATE UNIQUE INDEX invitations_once ON invitations (email, COALESCE(organisation_id, 0))",
    "CREATE INDEX invitations_organisation ON invitations (organisation_id)",
    // The secret must be known to check a code. `last_step` is the time step of the last code used: each works once.
    "CREATE TABLE second_factors (
        person_id BIGINT PRIMARY KEY REFERENCES people (id) ON DELETE CASCADE,
        secret {bytes} NOT NULL,
        last_step BIGINT NOT NULL DEFAULT 0,
        created_at {instant} NOT NULL,
        confirmed_at {instant}
    )",
    "CREATE TABLE recovery_codes (
        id {id},
        person_id BIGINT NOT NULL REFERENCES second_factors (person_id) ON DELETE CASCADE,
        code_hash TEXT NOT NULL CHECK (length(code_hash) = 64),
        UNIQUE (person_id, code_hash)
    )",
    // At most one row: organisers must have a second factor.
    "CREATE TABLE access_rules (
        id SMALLINT PRIMARY KEY CHECK (id = 1),
        since {instant} NOT NULL
    )",
    "CREATE TABLE api_tokens (
        id {id},
        person_id BIGINT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
        name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
        token_hash TEXT NOT NULL UNIQUE CHECK (length(token_hash) = 64),
        scopes TEXT NOT NULL CHECK (length(scopes) BETWEEN 1 AND 200),
        created_at {instant} NOT NULL,
        last_used_at {instant}
    )",
    "CREATE INDEX api_tokens_person ON api_tokens (person_id)",
    "ALTER TABLE sessions ADD COLUMN awaits_second_factor BOOLEAN NOT NULL DEFAULT FALSE",
    // Not kept: the browser forgets it when it is closed, and it ends after a day without a visit.
    "ALTER TABLE sessions ADD COLUMN is_kept BOOLEAN NOT NULL DEFAULT TRUE",
    "ALTER TABLE people ADD COLUMN inactivity_warned_at {instant}",
];

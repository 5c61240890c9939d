//! People, how they come in, and the browsers that are in.

use crate::statements::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261125_000004_accounts",
    up: UP,
    tables: &["people", "sign_ins", "sessions", "allowances"],
    columns: &[],
};

const UP: &[&str] = &[
    "CREATE TABLE people (
        id {id},
        email TEXT NOT NULL UNIQUE CHECK (length(email) BETWEEN 3 AND 254),
        name TEXT NOT NULL DEFAULT '' CHECK (length(name) <= 120),
        is_organiser BOOLEAN NOT NULL DEFAULT FALSE,
        created_at {instant} NOT NULL,
        last_seen_at {instant}
    )",
    // What was sent by mail is kept as a hash; the code can only be tried by the browser that asked.
    "CREATE TABLE sign_ins (
        id {id},
        email TEXT NOT NULL,
        link_hash TEXT NOT NULL UNIQUE CHECK (length(link_hash) = 64),
        code_hash TEXT CHECK (length(code_hash) = 64),
        browser_hash TEXT UNIQUE CHECK (length(browser_hash) = 64),
        tries INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0),
        created_at {instant} NOT NULL,
        expires_at {instant} NOT NULL,
        used_at {instant},
        CHECK ((code_hash IS NULL) = (browser_hash IS NULL))
    )",
    "CREATE INDEX sign_ins_expires_at ON sign_ins (expires_at)",
    "CREATE TABLE sessions (
        id {id},
        person_id BIGINT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
        token_hash TEXT NOT NULL UNIQUE CHECK (length(token_hash) = 64),
        device TEXT NOT NULL CHECK (length(device) BETWEEN 1 AND 80),
        created_at {instant} NOT NULL,
        last_seen_at {instant} NOT NULL
    )",
    "CREATE INDEX sessions_person ON sessions (person_id)",
    // How often something was done in an hour; what it concerns is kept as a hash.
    "CREATE TABLE allowances (
        what TEXT NOT NULL CHECK (length(what) BETWEEN 1 AND 100),
        hour {instant} NOT NULL,
        used INTEGER NOT NULL CHECK (used > 0),
        PRIMARY KEY (what, hour)
    )",
    "CREATE INDEX allowances_hour ON allowances (hour)",
];

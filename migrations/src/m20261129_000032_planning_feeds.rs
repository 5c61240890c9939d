//! The calendars by which participants follow their own appointments, each under an address that only they know.

use crate::statements::Change;

pub(crate) const CHANGE: Change =
    Change { name: "m20261129_000032_planning_feeds", up: UP, tables: &["planning_feeds"], columns: &[] };

const UP: &[&str] = &["CREATE TABLE planning_feeds (
        participant_id BIGINT PRIMARY KEY REFERENCES participants (id) ON DELETE CASCADE,
        token_hash TEXT NOT NULL UNIQUE CHECK (length(token_hash) = 64),
        opened_at {instant} NOT NULL
    )"];

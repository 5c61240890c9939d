//! Canteens that registered by themselves and wait for an organiser.

use crate::statements::Change;

pub(crate) const CHANGE: Change =
    Change { name: "m20261128_000021_canteen_requests", up: UP, tables: &["canteen_requests"], columns: &[] };

const UP: &[&str] = &[
    // A row is there until an organiser has said yes.
    "CREATE TABLE canteen_requests (
        organisation_id BIGINT PRIMARY KEY REFERENCES organisations (id) ON DELETE CASCADE,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'refused')),
        words TEXT NOT NULL DEFAULT '' CHECK (length(words) <= 1000),
        asked_at {instant} NOT NULL
    )",
    "CREATE INDEX canteen_requests_state ON canteen_requests (state, asked_at)",
];

//! The day of a speed meeting: who is there, by how much it runs late, and what tells open pages that theirs is another.

use crate::statements::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261129_000030_day",
    up: UP,
    tables: &["presences", "edition_delays", "edition_turns"],
    columns: &[],
};

const UP: &[&str] = &[
    "CREATE TABLE presences (
        participant_id BIGINT PRIMARY KEY REFERENCES participants (id) ON DELETE CASCADE,
        state TEXT NOT NULL CHECK (state IN ('arrived', 'no_show', 'late')),
        expected_at INTEGER CHECK (expected_at BETWEEN 0 AND 1439),
        changed_by BIGINT REFERENCES people (id) ON DELETE SET NULL,
        changed_at {instant} NOT NULL,
        version BIGINT NOT NULL DEFAULT 1,
        CHECK ((state = 'late') = (expected_at IS NOT NULL))
    )",
    "CREATE TABLE edition_delays (
        edition_id BIGINT NOT NULL REFERENCES editions (id) ON DELETE CASCADE,
        from_slot INTEGER NOT NULL CHECK (from_slot >= 1),
        minutes INTEGER NOT NULL CHECK (minutes BETWEEN 0 AND 120),
        changed_by BIGINT REFERENCES people (id) ON DELETE SET NULL,
        changed_at {instant} NOT NULL,
        PRIMARY KEY (edition_id, from_slot)
    )",
    "CREATE TABLE edition_turns (
        edition_id BIGINT PRIMARY KEY REFERENCES editions (id) ON DELETE CASCADE,
        turns BIGINT NOT NULL CHECK (turns >= 1)
    )",
];

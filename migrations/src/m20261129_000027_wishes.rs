//! Whom a participant of an edition would meet, in its order, and whom it would rather not; who was reminded when, and where
//! organisers want nobody to be.

use crate::statements::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261129_000027_wishes",
    up: UP,
    tables: &["wishes", "wish_reminders", "wish_silences"],
    columns: &[],
};

const UP: &[&str] = &[
    "CREATE TABLE wishes (
        participant_id BIGINT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
        wished_id BIGINT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
        rank INTEGER CHECK (rank >= 1),
        made_at {instant} NOT NULL,
        PRIMARY KEY (participant_id, wished_id),
        CHECK (participant_id <> wished_id)
    )",
    "CREATE UNIQUE INDEX wishes_rank ON wishes (participant_id, rank)",
    "CREATE INDEX wishes_wished ON wishes (wished_id)",
    "CREATE TABLE wish_reminders (
        participant_id BIGINT PRIMARY KEY REFERENCES participants (id) ON DELETE CASCADE,
        reminded_on {date} NOT NULL
    )",
    "CREATE TABLE wish_silences (
        edition_id BIGINT PRIMARY KEY REFERENCES editions (id) ON DELETE CASCADE,
        since {instant} NOT NULL
    )",
];

//! What the tables were called when a version of a timetable was told, and when somebody leaves before the end of the day.

use crate::statements::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261129_000034_told",
    up: UP,
    tables: &["published_tables"],
    columns: &[("presences", "leaves_at")],
};

const UP: &[&str] = &[
    "CREATE TABLE published_tables (
        publication_id BIGINT NOT NULL REFERENCES publications (id) ON DELETE CASCADE,
        number INTEGER NOT NULL CHECK (number >= 1),
        name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
        PRIMARY KEY (publication_id, number)
    )",
    "ALTER TABLE presences ADD COLUMN leaves_at INTEGER CHECK (leaves_at BETWEEN 0 AND 1439)",
];

//! What each side says came of an appointment, how content each participant was, and what was asked of them when.

use crate::statements::Change;

pub(crate) const CHANGE: Change =
    Change { name: "m20261129_000031_outcomes", up: UP, tables: &["outcomes", "reviews", "follow_ups"], columns: &[] };

const UP: &[&str] = &[
    "CREATE TABLE outcomes (
        edition_id BIGINT NOT NULL REFERENCES editions (id) ON DELETE CASCADE,
        canteen_id BIGINT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
        supplier_id BIGINT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
        side TEXT NOT NULL CHECK (side IN ('supplier', 'canteen')),
        was_held BOOLEAN NOT NULL,
        result TEXT CHECK (result IN ('nothing', 'contact', 'sample', 'quote', 'order')),
        note TEXT NOT NULL DEFAULT '' CHECK (length(note) <= 2000),
        written_by BIGINT REFERENCES people (id) ON DELETE SET NULL,
        delivered BOOLEAN,
        noted_at {instant} NOT NULL,
        PRIMARY KEY (edition_id, canteen_id, supplier_id, side),
        CHECK (was_held OR result IS NULL),
        CHECK (delivered IS NULL OR (result IS NOT NULL AND result <> 'nothing'))
    )",
    "CREATE INDEX outcomes_canteen ON outcomes (canteen_id)",
    "CREATE INDEX outcomes_supplier ON outcomes (supplier_id)",
    "CREATE INDEX outcomes_written_by ON outcomes (written_by)",
    "CREATE TABLE reviews (
        participant_id BIGINT PRIMARY KEY REFERENCES participants (id) ON DELETE CASCADE,
        satisfaction INTEGER NOT NULL CHECK (satisfaction BETWEEN 1 AND 5),
        words TEXT NOT NULL DEFAULT '' CHECK (length(words) <= 2000),
        written_by BIGINT REFERENCES people (id) ON DELETE SET NULL,
        noted_at {instant} NOT NULL
    )",
    "CREATE INDEX reviews_written_by ON reviews (written_by)",
    "CREATE TABLE follow_ups (
        edition_id BIGINT PRIMARY KEY REFERENCES editions (id) ON DELETE CASCADE,
        outcomes_asked_at {instant},
        deliveries_asked_at {instant},
        stopped_at {instant}
    )",
];

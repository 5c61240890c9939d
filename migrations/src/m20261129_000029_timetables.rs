//! Who meets whom: the timetable in work with its changes and the searches for it, and what was published of it.

use crate::statements::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261129_000029_timetables",
    up: UP,
    tables: &["appointments", "timetable_runs", "timetable_changes", "publications", "published_appointments"],
    columns: &[("editions", "timetable_version"), ("editions", "live_version")],
};

const UP: &[&str] = &[
    "ALTER TABLE editions ADD COLUMN timetable_version BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE editions ADD COLUMN live_version BIGINT NOT NULL DEFAULT 0",
    "CREATE TABLE appointments (
        id {id},
        edition_id BIGINT NOT NULL REFERENCES editions (id) ON DELETE CASCADE,
        canteen_id BIGINT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
        canteen_copy INTEGER NOT NULL CHECK (canteen_copy BETWEEN 1 AND 2),
        supplier_id BIGINT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
        supplier_copy INTEGER NOT NULL CHECK (supplier_copy BETWEEN 1 AND 2),
        slot INTEGER NOT NULL CHECK (slot >= 1),
        table_number INTEGER NOT NULL CHECK (table_number >= 1),
        is_pinned BOOLEAN NOT NULL DEFAULT FALSE,
        version BIGINT NOT NULL DEFAULT 1,
        UNIQUE (edition_id, canteen_id, supplier_id),
        UNIQUE (edition_id, slot, canteen_id, canteen_copy),
        UNIQUE (edition_id, slot, supplier_id, supplier_copy),
        UNIQUE (edition_id, slot, table_number)
    )",
    "CREATE INDEX appointments_canteen ON appointments (canteen_id)",
    "CREATE INDEX appointments_supplier ON appointments (supplier_id)",
    "CREATE TABLE timetable_runs (
        id {id},
        edition_id BIGINT NOT NULL REFERENCES editions (id) ON DELETE CASCADE,
        number INTEGER NOT NULL CHECK (number >= 1),
        state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'found', 'refused', 'stopped', 'failed')),
        mode TEXT NOT NULL CHECK (mode IN ('choose', 'repair')),
        weights TEXT NOT NULL,
        seconds INTEGER NOT NULL CHECK (seconds BETWEEN 1 AND 600),
        seed BIGINT NOT NULL,
        timetable_version BIGINT NOT NULL,
        instance TEXT NOT NULL,
        seats TEXT NOT NULL,
        solution TEXT,
        quality TEXT NOT NULL DEFAULT '',
        progress TEXT NOT NULL DEFAULT '',
        claim TEXT NOT NULL DEFAULT '',
        asked_by BIGINT REFERENCES people (id) ON DELETE SET NULL,
        asked_at {instant} NOT NULL,
        claimed_until {instant},
        ended_at {instant},
        is_stop_asked BOOLEAN NOT NULL DEFAULT FALSE,
        UNIQUE (edition_id, number)
    )",
    "CREATE INDEX timetable_runs_state ON timetable_runs (state)",
    "CREATE TABLE timetable_changes (
        id {id},
        edition_id BIGINT NOT NULL REFERENCES editions (id) ON DELETE CASCADE,
        number INTEGER NOT NULL CHECK (number >= 1),
        said TEXT NOT NULL CHECK (length(said) BETWEEN 1 AND 500),
        before TEXT NOT NULL,
        after TEXT NOT NULL,
        made_by BIGINT REFERENCES people (id) ON DELETE SET NULL,
        made_at {instant} NOT NULL,
        undone_by BIGINT REFERENCES people (id) ON DELETE SET NULL,
        undone_at {instant},
        UNIQUE (edition_id, number)
    )",
    "CREATE TABLE publications (
        id {id},
        edition_id BIGINT NOT NULL REFERENCES editions (id) ON DELETE CASCADE,
        number INTEGER NOT NULL CHECK (number >= 1),
        published_by BIGINT REFERENCES people (id) ON DELETE SET NULL,
        published_at {instant} NOT NULL,
        words TEXT NOT NULL DEFAULT '' CHECK (length(words) <= 2000),
        UNIQUE (edition_id, number)
    )",
    "CREATE TABLE published_appointments (
        publication_id BIGINT NOT NULL REFERENCES publications (id) ON DELETE CASCADE,
        canteen_id BIGINT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
        canteen_copy INTEGER NOT NULL CHECK (canteen_copy BETWEEN 1 AND 2),
        supplier_id BIGINT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
        supplier_copy INTEGER NOT NULL CHECK (supplier_copy BETWEEN 1 AND 2),
        slot INTEGER NOT NULL CHECK (slot >= 1),
        table_number INTEGER NOT NULL CHECK (table_number >= 1),
        PRIMARY KEY (publication_id, canteen_id, supplier_id),
        UNIQUE (publication_id, slot, canteen_id, canteen_copy),
        UNIQUE (publication_id, slot, supplier_id, supplier_copy),
        UNIQUE (publication_id, slot, table_number)
    )",
    "CREATE INDEX published_appointments_canteen ON published_appointments (canteen_id)",
    "CREATE INDEX published_appointments_supplier ON published_appointments (supplier_id)",
];

//! Who came to a date of a farm visit, and each time it was noted.

use crate::statements::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261129_000038_attendance",
    up: UP,
    tables: &["visit_attendances", "attendance_notes"],
    columns: &[],
};

const UP: &[&str] = &[
    "CREATE TABLE visit_attendances (
        id {id},
        visit_date_id BIGINT NOT NULL REFERENCES visit_dates (id) ON DELETE CASCADE,
        registration_id BIGINT UNIQUE REFERENCES registrations (id) ON DELETE CASCADE,
        walk_in_key TEXT CHECK (length(walk_in_key) BETWEEN 1 AND 64),
        name TEXT NOT NULL DEFAULT '' CHECK (length(name) <= 120),
        organisation TEXT NOT NULL DEFAULT '' CHECK (length(organisation) <= 200),
        email TEXT NOT NULL DEFAULT '' CHECK (length(email) <= 254),
        came INTEGER CHECK (came BETWEEN 0 AND 100),
        telephone TEXT NOT NULL CHECK (length(telephone) <= 64),
        said_at {instant} NOT NULL,
        CHECK ((registration_id IS NULL) <> (walk_in_key IS NULL))
    )",
    // Whoever walked in is written down once, however often the telephone sends it.
    "CREATE UNIQUE INDEX visit_attendances_walk_in ON visit_attendances (visit_date_id, walk_in_key)",
    "CREATE INDEX visit_attendances_email ON visit_attendances (email)",
    "CREATE TABLE attendance_notes (
        id {id},
        visit_date_id BIGINT NOT NULL REFERENCES visit_dates (id) ON DELETE CASCADE,
        note_key TEXT NOT NULL CHECK (length(note_key) BETWEEN 1 AND 64),
        registration_id BIGINT REFERENCES registrations (id) ON DELETE SET NULL,
        walk_in_key TEXT CHECK (length(walk_in_key) BETWEEN 1 AND 64),
        came INTEGER CHECK (came BETWEEN 0 AND 100),
        outcome TEXT NOT NULL CHECK (outcome IN ('kept', 'overtaken', 'unknown', 'too_many', 'called_off')),
        said_at {instant} NOT NULL,
        made_by BIGINT REFERENCES people (id) ON DELETE SET NULL,
        made_at {instant} NOT NULL
    )",
    "CREATE UNIQUE INDEX attendance_notes_once ON attendance_notes (visit_date_id, note_key)",
    "CREATE INDEX attendance_notes_registration ON attendance_notes (registration_id)",
    "CREATE INDEX attendance_notes_made_by ON attendance_notes (made_by)",
];

//! Who did what, and work that is due at a time.

use crate::statements::Change;

pub(crate) const CHANGE: Change =
    Change { name: "m20261125_000009_audit", up: UP, tables: &["audit_entries", "scheduled_works"], columns: &[] };

const UP: &[&str] = &[
    // An entry outlives the person: it then says that somebody did it, no longer who.
    "CREATE TABLE audit_entries (
        id {id},
        at {instant} NOT NULL,
        actor TEXT NOT NULL CHECK (actor IN ('person', 'operator', 'program')),
        person_id BIGINT REFERENCES people (id) ON DELETE SET NULL,
        act TEXT NOT NULL CHECK (length(act) BETWEEN 1 AND 120),
        subject TEXT NOT NULL CHECK (length(subject) <= 120),
        detail TEXT NOT NULL CHECK (length(detail) <= 500),
        CHECK (actor = 'person' OR person_id IS NULL)
    )",
    "CREATE INDEX audit_entries_at ON audit_entries (at)",
    "CREATE INDEX audit_entries_person ON audit_entries (person_id)",
    // One row for each piece of work; an empty rule: once.
    "CREATE TABLE scheduled_works (
        id {id},
        kind TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 60),
        subject TEXT NOT NULL DEFAULT '' CHECK (length(subject) <= 120),
        rule TEXT NOT NULL DEFAULT '' CHECK (length(rule) <= 120),
        due_at {instant} NOT NULL,
        failures INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0),
        done_at {instant},
        UNIQUE (kind, subject)
    )",
    "CREATE INDEX scheduled_works_due ON scheduled_works (due_at, id)",
];

//! The editions of speed meetings: when and where, sessions, tables, questions.

use crate::statements::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261129_000024_editions",
    up: UP,
    tables: &["editions", "edition_sessions", "edition_tables", "edition_questions"],
    columns: &[],
};

const UP: &[&str] = &[
    "CREATE TABLE editions (
        id {id},
        slug TEXT NOT NULL UNIQUE CHECK (length(slug) BETWEEN 1 AND 100),
        title TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 120),
        held_on {date} NOT NULL,
        state TEXT NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'registration', 'wishes', 'timetable', 'published',
            'running', 'closed', 'followed_up')),
        hall TEXT NOT NULL DEFAULT '' CHECK (length(hall) <= 150),
        address TEXT NOT NULL DEFAULT '' CHECK (length(address) <= 300),
        insee_code TEXT CHECK (length(insee_code) = 5),
        latitude DOUBLE PRECISION CHECK (latitude BETWEEN -90 AND 90),
        longitude DOUBLE PRECISION CHECK (longitude BETWEEN -180 AND 180),
        access TEXT NOT NULL DEFAULT '' CHECK (length(access) <= 2000),
        seated TEXT CHECK (seated IN ('supplier', 'canteen')),
        appointment_minutes INTEGER NOT NULL CHECK (appointment_minutes BETWEEN 3 AND 120),
        change_over_minutes INTEGER NOT NULL CHECK (change_over_minutes BETWEEN 0 AND 60),
        registration_until {date} NOT NULL,
        wishes_until {date} NOT NULL,
        canteen_capacity INTEGER NOT NULL CHECK (canteen_capacity BETWEEN 1 AND 1000),
        supplier_capacity INTEGER NOT NULL CHECK (supplier_capacity BETWEEN 1 AND 1000),
        minimum_appointments INTEGER NOT NULL CHECK (minimum_appointments BETWEEN 0 AND 200),
        canteen_words TEXT NOT NULL DEFAULT '' CHECK (length(canteen_words) <= 4000),
        supplier_words TEXT NOT NULL DEFAULT '' CHECK (length(supplier_words) <= 4000),
        sequence INTEGER NOT NULL DEFAULT 0 CHECK (sequence >= 0),
        version BIGINT NOT NULL DEFAULT 1,
        made_at {instant} NOT NULL,
        CHECK (registration_until <= wishes_until AND wishes_until <= held_on),
        CHECK ((latitude IS NULL) = (longitude IS NULL))
    )",
    "CREATE INDEX editions_day ON editions (held_on)",
    "CREATE TABLE edition_sessions (
        edition_id BIGINT NOT NULL REFERENCES editions (id) ON DELETE CASCADE,
        number INTEGER NOT NULL CHECK (number >= 1),
        label TEXT NOT NULL CHECK (length(label) BETWEEN 1 AND 60),
        starts_at INTEGER NOT NULL CHECK (starts_at BETWEEN 0 AND 1439),
        appointments INTEGER NOT NULL CHECK (appointments BETWEEN 1 AND 60),
        PRIMARY KEY (edition_id, number)
    )",
    "CREATE TABLE edition_tables (
        edition_id BIGINT NOT NULL REFERENCES editions (id) ON DELETE CASCADE,
        number INTEGER NOT NULL CHECK (number >= 1),
        name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
        zone TEXT,
        PRIMARY KEY (edition_id, number)
    )",
    "CREATE TABLE edition_questions (
        edition_id BIGINT NOT NULL REFERENCES editions (id) ON DELETE CASCADE,
        number INTEGER NOT NULL CHECK (number >= 1),
        text TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 300),
        side TEXT CHECK (side IN ('supplier', 'canteen')),
        is_required BOOLEAN NOT NULL DEFAULT FALSE,
        PRIMARY KEY (edition_id, number)
    )",
];

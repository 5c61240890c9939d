//! Appointments that mails brought, and the private calendars that show them.

use crate::statements::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261125_000011_calendars",
    up: UP,
    tables: &["calendar_entries", "calendar_feeds"],
    columns: &[],
};

const UP: &[&str] = &[
    "CREATE TABLE calendar_entries (
        id {id},
        recipient TEXT NOT NULL CHECK (length(recipient) BETWEEN 3 AND 254),
        uid TEXT NOT NULL CHECK (length(uid) BETWEEN 1 AND 250),
        sequence INTEGER NOT NULL CHECK (sequence >= 0),
        is_cancelled BOOLEAN NOT NULL,
        starts_at {instant} NOT NULL,
        ends_at {instant} NOT NULL,
        zone TEXT NOT NULL,
        summary TEXT NOT NULL,
        description TEXT NOT NULL,
        location TEXT NOT NULL,
        latitude DOUBLE PRECISION,
        longitude DOUBLE PRECISION,
        updated_at {instant} NOT NULL,
        UNIQUE (recipient, uid),
        CHECK (starts_at < ends_at)
    )",
    // The address of a person's calendar holds a token; one at a time.
    "CREATE TABLE calendar_feeds (
        person_id BIGINT PRIMARY KEY REFERENCES people (id) ON DELETE CASCADE,
        token_hash TEXT NOT NULL UNIQUE CHECK (length(token_hash) = 64),
        created_at {instant} NOT NULL
    )",
];

//! After a visit of a farm: thanks, and what those who came say of it.

use crate::statements::Change;

pub(crate) const CHANGE: Change =
    Change { name: "m20261129_000042_after_visits", up: UP, tables: &["visit_thanks", "visit_reviews"], columns: &[] };

const UP: &[&str] = &[
    "CREATE TABLE visit_thanks (
        visit_date_id BIGINT PRIMARY KEY REFERENCES visit_dates (id) ON DELETE CASCADE,
        words TEXT NOT NULL DEFAULT '' CHECK (length(words) <= 2000),
        sent_at {instant}
    )",
    "CREATE TABLE visit_reviews (
        registration_id BIGINT PRIMARY KEY REFERENCES registrations (id) ON DELETE CASCADE,
        satisfaction INTEGER NOT NULL CHECK (satisfaction BETWEEN 1 AND 5),
        useful TEXT NOT NULL DEFAULT '' CHECK (length(useful) <= 2000),
        serves TEXT NOT NULL CHECK (serves IN ('yes', 'maybe', 'no')),
        wants TEXT NOT NULL DEFAULT '' CHECK (length(wants) <= 2000),
        passed_on_at {instant},
        noted_at {instant} NOT NULL
    )",
];

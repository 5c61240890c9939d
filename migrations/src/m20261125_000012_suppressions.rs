//! Mails that somebody does not want.

use crate::statements::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261125_000012_suppressions",
    up: UP,
    tables: &["mail_suppressions", "mail_ways_out"],
    columns: &[],
};

const UP: &[&str] = &[
    "CREATE TABLE mail_suppressions (
        recipient TEXT NOT NULL CHECK (length(recipient) BETWEEN 3 AND 254),
        category TEXT NOT NULL CHECK (length(category) BETWEEN 1 AND 60),
        since {instant} NOT NULL,
        PRIMARY KEY (recipient, category)
    )",
    // Each optional mail holds an address with a token, by which its reader gets no more of its category.
    "CREATE TABLE mail_ways_out (
        id {id},
        token_hash TEXT NOT NULL UNIQUE CHECK (length(token_hash) = 64),
        recipient TEXT NOT NULL,
        category TEXT NOT NULL,
        created_at {instant} NOT NULL
    )",
    "CREATE INDEX mail_ways_out_created_at ON mail_ways_out (created_at)",
];

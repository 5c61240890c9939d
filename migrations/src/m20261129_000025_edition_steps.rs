//! The steps that editions went, and what each sent: what was sent cannot be taken back.

use crate::statements::Change;

pub(crate) const CHANGE: Change =
    Change { name: "m20261129_000025_edition_steps", up: UP, tables: &["edition_steps"], columns: &[] };

const UP: &[&str] = &[
    "CREATE TABLE edition_steps (
        id {id},
        edition_id BIGINT NOT NULL REFERENCES editions (id) ON DELETE CASCADE,
        from_state TEXT NOT NULL,
        to_state TEXT NOT NULL,
        mails_sent INTEGER NOT NULL DEFAULT 0 CHECK (mails_sent >= 0),
        taken_at {instant} NOT NULL,
        undone_at {instant},
        CHECK (undone_at IS NULL OR mails_sent = 0)
    )",
    "CREATE INDEX edition_steps_edition ON edition_steps (edition_id)",
];

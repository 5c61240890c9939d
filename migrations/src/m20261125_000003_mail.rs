//! Mail that is to be sent, and what became of each attempt.

use crate::statements::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261125_000003_mail",
    up: UP,
    tables: &["outgoing_mails", "mail_attempts", "mail_pauses"],
    columns: &[],
};

const UP: &[&str] = &[
    // `sending` holds who sends it; `handed_over_at` says that the text may have reached the other server.
    "CREATE TABLE outgoing_mails (
        id {id},
        business_key TEXT NOT NULL UNIQUE CHECK (length(business_key) BETWEEN 1 AND 200),
        kind TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 60),
        subject_key TEXT NOT NULL CHECK (length(subject_key) BETWEEN 1 AND 120),
        recipient TEXT NOT NULL CHECK (length(recipient) BETWEEN 3 AND 254),
        title TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
        message_id TEXT NOT NULL UNIQUE,
        message TEXT NOT NULL,
        is_secret BOOLEAN NOT NULL DEFAULT FALSE,
        state TEXT NOT NULL DEFAULT 'waiting' 
            CHECK (state IN ('waiting', 'sending', 'sent', 'failed', 'unknown', 'bounced')),
        attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
        due_at {instant} NOT NULL,
        give_up_at {instant} NOT NULL,
        useful_until {instant},
        claim TEXT,
        claimed_until {instant},
        handed_over_at {instant},
        created_at {instant} NOT NULL,
        ended_at {instant},
        CHECK ((state = 'sending') = (claim IS NOT NULL)),
        CHECK ((state = 'sending') = (claimed_until IS NOT NULL)),
        CHECK ((state IN ('waiting', 'sending')) = (ended_at IS NULL)),
        CHECK (state <> 'waiting' OR handed_over_at IS NULL)
    )",
    "CREATE INDEX outgoing_mails_due ON outgoing_mails (due_at, id) WHERE state = 'waiting'",
    "CREATE INDEX outgoing_mails_open ON outgoing_mails (subject_key, id) WHERE state IN ('waiting', 'sending')",
    "CREATE INDEX outgoing_mails_recipient ON outgoing_mails (recipient, ended_at)",
    // What a delivery-status notification says is an attempt too; `notice` is the hash by which it is known again.
    "CREATE TABLE mail_attempts (
        id {id},
        mail_id BIGINT NOT NULL REFERENCES outgoing_mails (id) ON DELETE CASCADE,
        at {instant} NOT NULL,
        outcome TEXT NOT NULL CHECK (outcome IN
            ('sent', 'refused', 'postponed', 'unknown', 'resent', 'given_up', 'delayed', 'bounced')),
        answer TEXT NOT NULL,
        notice TEXT CHECK (length(notice) = 64),
        CHECK (notice IS NOT NULL OR outcome NOT IN ('delayed', 'bounced')),
        UNIQUE (mail_id, notice)
    )",
    "CREATE INDEX mail_attempts_mail ON mail_attempts (mail_id, id)",
    // At most one row: sending is paused since then.
    "CREATE TABLE mail_pauses (
        id SMALLINT PRIMARY KEY CHECK (id = 1),
        paused_at {instant} NOT NULL
    )",
];

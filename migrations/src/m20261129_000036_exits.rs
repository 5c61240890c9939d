//! The links of mails by which an organisation is withdrawn from an edition without signing in.

use crate::statements::Change;

pub(crate) const CHANGE: Change =
    Change { name: "m20261129_000036_exits", up: UP, tables: &["participant_exits"], columns: &[] };

const UP: &[&str] = &[
    "CREATE TABLE participant_exits (
        token_hash TEXT PRIMARY KEY CHECK (length(token_hash) = 64),
        participant_id BIGINT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
        person_id BIGINT NOT NULL REFERENCES people (id) ON DELETE CASCADE
    )",
    "CREATE INDEX participant_exits_participant ON participant_exits (participant_id)",
    "CREATE INDEX participant_exits_person ON participant_exits (person_id)",
];

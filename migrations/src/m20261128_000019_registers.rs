//! What public registers said when a supplier registered.

use crate::statements::Change;

pub(crate) const CHANGE: Change =
    Change { name: "m20261128_000019_registers", up: UP, tables: &["register_answers"], columns: &[] };

const UP: &[&str] = &[
    // `number` is what was asked about: a SIRET, or the number of an organic operator.
    "CREATE TABLE register_answers (
        organisation_id BIGINT NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
        register TEXT NOT NULL CHECK (register IN ('companies', 'organic')),
        number TEXT NOT NULL CHECK (length(number) BETWEEN 1 AND 100),
        answer TEXT NOT NULL,
        asked_at {instant} NOT NULL,
        PRIMARY KEY (organisation_id, register, number)
    )",
];

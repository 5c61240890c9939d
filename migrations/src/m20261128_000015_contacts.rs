//! What canteens write to suppliers, and what came of it.

use crate::statements::Change;

pub(crate) const CHANGE: Change =
    Change { name: "m20261128_000015_contacts", up: UP, tables: &["contacts"], columns: &[] };

const UP: &[&str] = &[
    "CREATE TABLE contacts (
        id {id},
        supplier_id BIGINT NOT NULL REFERENCES suppliers (id) ON DELETE CASCADE,
        organisation_id BIGINT NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
        person_id BIGINT REFERENCES people (id) ON DELETE SET NULL,
        message TEXT NOT NULL CHECK (length(message) BETWEEN 1 AND 2000),
        quantity TEXT NOT NULL DEFAULT '' CHECK (length(quantity) <= 200),
        outcome TEXT NOT NULL DEFAULT 'open' CHECK (outcome IN ('open', 'answered', 'worked', 'nothing')),
        created_at {instant} NOT NULL
    )",
    "CREATE INDEX contacts_supplier ON contacts (supplier_id)",
    "CREATE INDEX contacts_organisation ON contacts (organisation_id, created_at)",
];

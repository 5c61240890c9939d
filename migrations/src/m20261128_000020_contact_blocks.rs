//! Messages that a supplier does not want, and those it shows the organisers.

use crate::statements::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261128_000020_contact_blocks",
    up: UP,
    tables: &["contact_blocks", "contact_reports"],
    columns: &[],
};

const UP: &[&str] = &[
    "CREATE TABLE contact_blocks (
        supplier_id BIGINT NOT NULL REFERENCES suppliers (id) ON DELETE CASCADE,
        organisation_id BIGINT NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
        since {instant} NOT NULL,
        PRIMARY KEY (supplier_id, organisation_id)
    )",
    "CREATE TABLE contact_reports (
        contact_id BIGINT PRIMARY KEY REFERENCES contacts (id) ON DELETE CASCADE,
        words TEXT NOT NULL CHECK (length(words) BETWEEN 1 AND 1000),
        created_at {instant} NOT NULL,
        closed_at {instant}
    )",
    "CREATE INDEX contact_reports_open ON contact_reports (closed_at, created_at)",
];

//! Whether somebody waits for a date of a visit whom nobody may pass: the places that are free are not for others.

use crate::statements::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261130_000043_line",
    up: &[
        "ALTER TABLE visit_dates ADD COLUMN is_waited_for BOOLEAN NOT NULL DEFAULT FALSE",
        "UPDATE visit_dates SET is_waited_for = TRUE WHERE EXISTS (
            SELECT 1 FROM registrations WHERE visit_date_id = visit_dates.id AND registrations.state = 'waiting'
            AND hold_until IS NULL AND NOT may_be_passed
        )",
    ],
    tables: &[],
    columns: &[("visit_dates", "is_waited_for")],
};

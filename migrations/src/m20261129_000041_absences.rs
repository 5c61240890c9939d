//! A participant may be away twice in a day.

use crate::statements::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261129_000041_absences",
    up: UP,
    tables: &[],
    columns: &[("participants", "absent_again_from"), ("participants", "absent_again_until")],
};

const UP: &[&str] = &[
    "ALTER TABLE participants ADD COLUMN absent_again_from INTEGER CHECK (absent_again_from BETWEEN 0 AND 1439)",
    "ALTER TABLE participants ADD COLUMN absent_again_until INTEGER CHECK (absent_again_until BETWEEN 0 AND 1439)",
];

//! Who was told of whom, so that the weekly mail tells what is new.

use crate::statements::Change;

pub(crate) const CHANGE: Change =
    Change { name: "m20261128_000023_match_news", up: UP, tables: &["match_looks", "matches_told"], columns: &[] };

const UP: &[&str] = &[
    "CREATE TABLE match_looks (
        organisation_id BIGINT PRIMARY KEY REFERENCES organisations (id) ON DELETE CASCADE,
        looked_on {date} NOT NULL
    )",
    // Of a canteen the suppliers it was told of, of a supplier the canteens: keys of their rows.
    "CREATE TABLE matches_told (
        organisation_id BIGINT NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
        other_id BIGINT NOT NULL,
        PRIMARY KEY (organisation_id, other_id)
    )",
];

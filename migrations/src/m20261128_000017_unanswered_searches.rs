//! Searches that found nobody, counted by month: words and products, nothing of who asked.

use crate::statements::Change;

pub(crate) const CHANGE: Change =
    Change { name: "m20261128_000017_unanswered_searches", up: UP, tables: &["unanswered_searches"], columns: &[] };

const UP: &[&str] = &[
    // The month is its first day. What was not understood is empty rather than NULL, which no key holds twice.
    "CREATE TABLE unanswered_searches (
        month {date} NOT NULL,
        words TEXT NOT NULL DEFAULT '' CHECK (length(words) <= 60),
        product_code TEXT NOT NULL DEFAULT '',
        family TEXT NOT NULL DEFAULT '',
        searches INTEGER NOT NULL CHECK (searches > 0),
        PRIMARY KEY (month, words, product_code, family),
        CHECK (words <> '' OR product_code <> '' OR family <> '')
    )",
];

//! A small picture beside each photograph, for lists.

use crate::statements::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261128_000022_thumbnails",
    up: &["ALTER TABLE supplier_files ADD COLUMN thumbnail {bytes}"],
    tables: &[],
    columns: &[("supplier_files", "thumbnail")],
};

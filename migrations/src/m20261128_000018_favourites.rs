//! Suppliers that a canteen keeps in lists, and searches that a person is told the news of.

use crate::statements::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261128_000018_favourites",
    up: UP,
    tables: &["favourite_lists", "favourites", "saved_searches", "saved_search_suppliers"],
    columns: &[],
};

const UP: &[&str] = &[
    "CREATE TABLE favourite_lists (
        id {id},
        organisation_id BIGINT NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
        name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
        folded_name TEXT NOT NULL,
        created_at {instant} NOT NULL,
        UNIQUE (organisation_id, folded_name)
    )",
    // What was taken out is kept for a day, so that it can be put back as it was.
    "CREATE TABLE favourites (
        list_id BIGINT NOT NULL REFERENCES favourite_lists (id) ON DELETE CASCADE,
        supplier_id BIGINT NOT NULL REFERENCES suppliers (id) ON DELETE CASCADE,
        note TEXT NOT NULL DEFAULT '' CHECK (length(note) <= 200),
        added_at {instant} NOT NULL,
        removed_at {instant},
        PRIMARY KEY (list_id, supplier_id)
    )",
    "CREATE INDEX favourites_supplier ON favourites (supplier_id)",
    // `query` is what stands after `?` in the address of the search; PostgreSQL indexes no text much longer.
    "CREATE TABLE saved_searches (
        id {id},
        person_id BIGINT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
        query TEXT NOT NULL CHECK (length(query) <= 2000),
        name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
        created_at {instant} NOT NULL,
        looked_on {date} NOT NULL,
        UNIQUE (person_id, query)
    )",
    "CREATE INDEX saved_searches_looked_on ON saved_searches (looked_on, person_id)",
    // The suppliers that are no news any more.
    "CREATE TABLE saved_search_suppliers (
        search_id BIGINT NOT NULL REFERENCES saved_searches (id) ON DELETE CASCADE,
        reference TEXT NOT NULL CHECK (length(reference) BETWEEN 1 AND 40),
        PRIMARY KEY (search_id, reference)
    )",
];

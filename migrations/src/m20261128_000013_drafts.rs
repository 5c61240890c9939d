//! What suppliers write of themselves before it is shown: drafts, their files, photographs of listings.

use crate::statements::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261128_000013_drafts",
    up: UP,
    tables: &["supplier_files", "listing_drafts", "supplier_photos", "supplier_registrations"],
    columns: &[("sign_ins", "opens_account")],
};

const UP: &[&str] = &[
    "CREATE TABLE supplier_files (
        id {id},
        organisation_id BIGINT NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
        kind TEXT NOT NULL CHECK (kind IN ('certificate', 'photo')),
        name TEXT NOT NULL CHECK (length(name) <= 120),
        media_type TEXT NOT NULL CHECK (media_type IN ('application/pdf', 'image/jpeg')),
        content {bytes} NOT NULL,
        created_at {instant} NOT NULL
    )",
    "CREATE INDEX supplier_files_organisation ON supplier_files (organisation_id)",
    // One listing an organisation. `accepted` is the content that was last shown to everybody.
    "CREATE TABLE listing_drafts (
        organisation_id BIGINT PRIMARY KEY REFERENCES organisations (id) ON DELETE CASCADE,
        supplier_id BIGINT UNIQUE REFERENCES suppliers (id) ON DELETE SET NULL,
        content TEXT NOT NULL,
        accepted TEXT,
        state TEXT NOT NULL CHECK (state IN ('writing', 'submitted', 'returned', 'refused', 'published')),
        remarks TEXT NOT NULL DEFAULT '{}',
        version BIGINT NOT NULL DEFAULT 1 CHECK (version >= 1),
        edited_by BIGINT REFERENCES people (id) ON DELETE SET NULL,
        created_at {instant} NOT NULL,
        updated_at {instant} NOT NULL,
        submitted_at {instant}
    )",
    "CREATE INDEX listing_drafts_state ON listing_drafts (state, submitted_at)",
    "CREATE TABLE supplier_photos (
        supplier_id BIGINT NOT NULL REFERENCES suppliers (id) ON DELETE CASCADE,
        position SMALLINT NOT NULL CHECK (position >= 0),
        file_id BIGINT NOT NULL REFERENCES supplier_files (id) ON DELETE CASCADE,
        words TEXT NOT NULL DEFAULT '' CHECK (length(words) <= 200),
        PRIMARY KEY (supplier_id, position)
    )",
    "CREATE INDEX supplier_photos_file ON supplier_photos (file_id)",
    // What somebody typed before her address was proven.
    "CREATE TABLE supplier_registrations (
        email TEXT PRIMARY KEY CHECK (length(email) BETWEEN 3 AND 254),
        siret TEXT CHECK (length(siret) = 14),
        created_at {instant} NOT NULL
    )",
    // Whoever asked for it comes to register: she may be unknown so far.
    "ALTER TABLE sign_ins ADD COLUMN opens_account BOOLEAN NOT NULL DEFAULT FALSE",
];

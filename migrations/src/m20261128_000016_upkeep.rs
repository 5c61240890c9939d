//! Listings that stay true: the yearly question, absences, invitations to take a listing over.

use crate::statements::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261128_000016_upkeep",
    up: UP,
    tables: &["listing_absences", "listing_questions", "listing_question_links", "claim_invitations"],
    columns: &[],
};

const UP: &[&str] = &[
    // Why nobody sees a listing that was shown once.
    "CREATE TABLE listing_absences (
        supplier_id BIGINT PRIMARY KEY REFERENCES suppliers (id) ON DELETE CASCADE,
        reason TEXT NOT NULL CHECK (reason IN ('pause', 'silence', 'withdrawal', 'closing')),
        returns_on {date},
        words TEXT NOT NULL DEFAULT '' CHECK (length(words) <= 1000),
        since {instant} NOT NULL
    )",
    "CREATE INDEX listing_absences_return ON listing_absences (returns_on)",
    // Whether a listing is still true, asked and not answered.
    "CREATE TABLE listing_questions (
        supplier_id BIGINT PRIMARY KEY REFERENCES suppliers (id) ON DELETE CASCADE,
        asked SMALLINT NOT NULL CHECK (asked >= 1),
        last_asked_at {instant} NOT NULL
    )",
    // The links of its mails, each for one person.
    "CREATE TABLE listing_question_links (
        token_hash TEXT PRIMARY KEY CHECK (length(token_hash) = 64),
        supplier_id BIGINT NOT NULL REFERENCES listing_questions (supplier_id) ON DELETE CASCADE,
        person_id BIGINT NOT NULL REFERENCES people (id) ON DELETE CASCADE
    )",
    "CREATE INDEX listing_question_links_supplier ON listing_question_links (supplier_id)",
    // Whoever was invited to take listings over, or is about to be: once for ever, even once forgotten.
    "CREATE TABLE claim_invitations (
        address_hash TEXT PRIMARY KEY CHECK (length(address_hash) = 64),
        state TEXT NOT NULL CHECK (state IN ('waiting', 'written', 'left_out')),
        created_at {instant} NOT NULL,
        written_at {instant}
    )",
    "CREATE INDEX claim_invitations_state ON claim_invitations (state)",
];

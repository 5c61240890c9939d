//! Who goes to a date of a visit by car with whom: seats that are offered or looked for, who asked whom.

use crate::statements::Change;

pub(crate) const CHANGE: Change =
    Change { name: "m20261129_000040_carpools", up: UP, tables: &["carpools", "carpool_pairs"], columns: &[] };

const UP: &[&str] = &[
    "CREATE TABLE carpools (
        id {id},
        visit_date_id BIGINT NOT NULL REFERENCES visit_dates (id) ON DELETE CASCADE,
        registration_id BIGINT NOT NULL UNIQUE REFERENCES registrations (id) ON DELETE CASCADE,
        side TEXT NOT NULL CHECK (side IN ('offer', 'request')),
        insee_code TEXT NOT NULL CHECK (length(insee_code) = 5),
        leaves_at INTEGER NOT NULL CHECK (leaves_at BETWEEN 0 AND 1439),
        seats INTEGER NOT NULL CHECK (seats BETWEEN 1 AND 8),
        seats_taken INTEGER NOT NULL DEFAULT 0 CHECK (seats_taken BETWEEN 0 AND seats),
        is_return BOOLEAN NOT NULL DEFAULT FALSE,
        is_doubtful BOOLEAN NOT NULL DEFAULT FALSE,
        phone TEXT NOT NULL DEFAULT '' CHECK (length(phone) <= 40),
        words TEXT NOT NULL DEFAULT '' CHECK (length(words) <= 500),
        version BIGINT NOT NULL DEFAULT 1,
        CHECK (side = 'offer' OR seats_taken = 0)
    )",
    "CREATE INDEX carpools_date ON carpools (visit_date_id)",
    "CREATE TABLE carpool_pairs (
        id {id},
        offer_id BIGINT NOT NULL REFERENCES carpools (id) ON DELETE CASCADE,
        request_id BIGINT NOT NULL REFERENCES carpools (id) ON DELETE CASCADE,
        asked_by TEXT NOT NULL CHECK (asked_by IN ('offer', 'request')),
        state TEXT NOT NULL CHECK (state IN ('asked', 'agreed', 'declined')),
        asked_at {instant} NOT NULL,
        UNIQUE (offer_id, request_id)
    )",
    "CREATE INDEX carpool_pairs_request ON carpool_pairs (request_id)",
    // Nobody sits in two cars.
    "CREATE UNIQUE INDEX carpool_pairs_seat ON carpool_pairs (request_id) WHERE state = 'agreed'",
];

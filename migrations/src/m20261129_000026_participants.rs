//! Who comes to an edition: those registered, each with a place of its own, and those who wait, each with its turn.

use crate::statements::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261129_000026_participants",
    up: UP,
    tables: &["participants", "representatives", "participant_answers"],
    columns: &[],
};

const UP: &[&str] = &[
    "CREATE TABLE participants (
        id {id},
        edition_id BIGINT NOT NULL REFERENCES editions (id) ON DELETE CASCADE,
        organisation_id BIGINT NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
        side TEXT NOT NULL CHECK (side IN ('supplier', 'canteen')),
        state TEXT NOT NULL CHECK (state IN ('registered', 'waiting', 'withdrawn')),
        seat INTEGER CHECK (seat >= 1),
        turn BIGINT NOT NULL CHECK (turn >= 1),
        asked_at {instant} NOT NULL,
        arrives_at INTEGER CHECK (arrives_at BETWEEN 0 AND 1439),
        leaves_at INTEGER CHECK (leaves_at BETWEEN 0 AND 1439),
        absent_from INTEGER CHECK (absent_from BETWEEN 0 AND 1439),
        absent_until INTEGER CHECK (absent_until BETWEEN 0 AND 1439),
        tables_at_once INTEGER NOT NULL CHECK (tables_at_once BETWEEN 1 AND 2),
        minimum_wished INTEGER CHECK (minimum_wished BETWEEN 0 AND 200),
        maximum_wished INTEGER CHECK (maximum_wished BETWEEN 1 AND 200),
        words TEXT NOT NULL CHECK (length(words) <= 2000),
        needs TEXT NOT NULL CHECK (length(needs) <= 1000),
        meals INTEGER NOT NULL CHECK (meals BETWEEN 0 AND 20),
        sequence INTEGER NOT NULL DEFAULT 0 CHECK (sequence >= 0),
        version BIGINT NOT NULL DEFAULT 1,
        UNIQUE (edition_id, organisation_id),
        CHECK ((state = 'registered') = (seat IS NOT NULL)),
        CHECK ((absent_from IS NULL) = (absent_until IS NULL)),
        CHECK (arrives_at < leaves_at),
        CHECK (absent_from < absent_until),
        CHECK (minimum_wished <= maximum_wished)
    )",
    "CREATE UNIQUE INDEX participants_seat ON participants (edition_id, side, seat)",
    "CREATE UNIQUE INDEX participants_turn ON participants (edition_id, turn)",
    "CREATE INDEX participants_organisation ON participants (organisation_id)",
    "CREATE TABLE representatives (
        participant_id BIGINT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
        number INTEGER NOT NULL CHECK (number >= 1),
        name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
        person_id BIGINT REFERENCES people (id) ON DELETE CASCADE,
        PRIMARY KEY (participant_id, number)
    )",
    "CREATE INDEX representatives_person ON representatives (person_id)",
    "CREATE TABLE participant_answers (
        participant_id BIGINT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
        number INTEGER NOT NULL CHECK (number >= 1),
        text TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 1000),
        PRIMARY KEY (participant_id, number)
    )",
];

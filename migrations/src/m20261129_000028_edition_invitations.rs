//! Who was invited to an edition, when and how: sourcing is lawful when it is open to all and leaves a trace.

use crate::statements::Change;

pub(crate) const CHANGE: Change =
    Change { name: "m20261129_000028_edition_invitations", up: UP, tables: &["edition_invitations"], columns: &[] };

// The name stays when its organisation goes: it is what the trace is for. Only mails of ours have a round.
const UP: &[&str] = &[
    "CREATE TABLE edition_invitations (
        id {id},
        edition_id BIGINT NOT NULL REFERENCES editions (id) ON DELETE CASCADE,
        organisation_id BIGINT REFERENCES organisations (id) ON DELETE SET NULL,
        name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
        side TEXT CHECK (side IN ('supplier', 'canteen')),
        way TEXT NOT NULL CHECK (way IN ('mail', 'letter', 'telephone', 'notice', 'other')),
        invited_on {date} NOT NULL,
        round INTEGER CHECK (round >= 1),
        people INTEGER NOT NULL CHECK (people >= 0),
        invited_by BIGINT REFERENCES people (id) ON DELETE SET NULL,
        noted_at {instant} NOT NULL,
        UNIQUE (edition_id, organisation_id, way, invited_on),
        CHECK (round IS NULL OR (way = 'mail' AND people >= 1))
    )",
    "CREATE UNIQUE INDEX edition_invitations_round ON edition_invitations (edition_id, organisation_id, round)",
    "CREATE INDEX edition_invitations_organisation ON edition_invitations (organisation_id)",
    "CREATE INDEX edition_invitations_invited_by ON edition_invitations (invited_by)",
];

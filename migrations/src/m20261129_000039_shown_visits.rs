//! Photographs of visits; what farms propose to show.

use crate::statements::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261129_000039_shown_visits",
    up: UP,
    tables: &["visit_photos", "visit_proposals"],
    columns: &[],
};

const UP: &[&str] = &[
    // One that was taken off is kept for a while: it may be put back.
    "CREATE TABLE visit_photos (
        id {id},
        farm_visit_id BIGINT NOT NULL REFERENCES farm_visits (id) ON DELETE CASCADE,
        position INTEGER NOT NULL CHECK (position >= 0),
        words TEXT NOT NULL CHECK (length(words) BETWEEN 1 AND 200),
        content {bytes} NOT NULL,
        thumbnail {bytes} NOT NULL,
        made_at {instant} NOT NULL,
        removed_at {instant}
    )",
    "CREATE INDEX visit_photos_visit ON visit_photos (farm_visit_id, position)",
    "CREATE TABLE visit_proposals (
        id {id},
        organisation_id BIGINT NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'taken', 'declined')),
        insee_code TEXT NOT NULL CHECK (length(insee_code) = 5),
        sights TEXT NOT NULL CHECK (length(sights) BETWEEN 1 AND 4000),
        season TEXT NOT NULL CHECK (length(season) BETWEEN 1 AND 500),
        people INTEGER NOT NULL CHECK (people BETWEEN 1 AND 500),
        access TEXT NOT NULL DEFAULT '' CHECK (length(access) <= 2000),
        contact TEXT NOT NULL DEFAULT '' CHECK (length(contact) <= 200),
        version BIGINT NOT NULL DEFAULT 1,
        answer TEXT NOT NULL DEFAULT '' CHECK (length(answer) <= 1000),
        farm_visit_id BIGINT REFERENCES farm_visits (id) ON DELETE SET NULL,
        made_by BIGINT REFERENCES people (id) ON DELETE SET NULL,
        made_at {instant} NOT NULL,
        answered_at {instant},
        CHECK ((state = 'waiting') = (answered_at IS NULL))
    )",
    // A farm proposes one thing at a time.
    "CREATE UNIQUE INDEX visit_proposals_waiting ON visit_proposals (organisation_id) WHERE state = 'waiting'",
    "CREATE INDEX visit_proposals_organisation ON visit_proposals (organisation_id)",
    "CREATE INDEX visit_proposals_visit ON visit_proposals (farm_visit_id)",
    "CREATE INDEX visit_proposals_made_by ON visit_proposals (made_by)",
];

//! Visits of farms: the farm, the dates of a visit, who comes to them and who waits, and what programs were answered.

use crate::statements::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261129_000035_farm_visits",
    up: UP,
    tables: &[
        "farm_visits",
        "visit_questions",
        "visit_dates",
        "registrations",
        "registration_needs",
        "registration_answers",
        "registration_links",
        "registration_changes",
        "program_answers",
    ],
    columns: &[],
};

const UP: &[&str] = &[
    "CREATE TABLE farm_visits (
        id {id},
        slug TEXT NOT NULL UNIQUE CHECK (length(slug) BETWEEN 1 AND 100),
        title TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 120),
        supplier_id BIGINT REFERENCES suppliers (id) ON DELETE SET NULL,
        farm TEXT NOT NULL DEFAULT '' CHECK (length(farm) <= 150),
        insee_code TEXT NOT NULL CHECK (length(insee_code) = 5),
        address TEXT NOT NULL DEFAULT '' CHECK (length(address) <= 300),
        latitude DOUBLE PRECISION CHECK (latitude BETWEEN -90 AND 90),
        longitude DOUBLE PRECISION CHECK (longitude BETWEEN -180 AND 180),
        access TEXT NOT NULL DEFAULT '' CHECK (length(access) <= 2000),
        parking TEXT NOT NULL DEFAULT '' CHECK (length(parking) <= 1000),
        sights TEXT NOT NULL DEFAULT '' CHECK (length(sights) <= 4000),
        audience TEXT NOT NULL DEFAULT '' CHECK (length(audience) <= 1000),
        programme TEXT NOT NULL DEFAULT '' CHECK (length(programme) <= 4000),
        advice TEXT NOT NULL DEFAULT '' CHECK (length(advice) <= 1000),
        accessibility TEXT NOT NULL DEFAULT '' CHECK (length(accessibility) <= 1000),
        meal TEXT NOT NULL DEFAULT '' CHECK (length(meal) <= 1000),
        meal_cents INTEGER CHECK (meal_cents BETWEEN 0 AND 100000),
        guide TEXT NOT NULL DEFAULT '' CHECK (length(guide) <= 150),
        guide_phone TEXT NOT NULL DEFAULT '' CHECK (length(guide_phone) <= 40),
        version BIGINT NOT NULL DEFAULT 1,
        made_at {instant} NOT NULL,
        CHECK ((latitude IS NULL) = (longitude IS NULL))
    )",
    "CREATE INDEX farm_visits_supplier ON farm_visits (supplier_id)",
    "CREATE TABLE visit_questions (
        farm_visit_id BIGINT NOT NULL REFERENCES farm_visits (id) ON DELETE CASCADE,
        number INTEGER NOT NULL CHECK (number >= 1),
        text TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 300),
        is_required BOOLEAN NOT NULL DEFAULT FALSE,
        PRIMARY KEY (farm_visit_id, number)
    )",
    "CREATE TABLE visit_dates (
        id {id},
        farm_visit_id BIGINT NOT NULL REFERENCES farm_visits (id) ON DELETE CASCADE,
        starts_at {instant} NOT NULL,
        ends_at {instant} NOT NULL,
        places INTEGER NOT NULL CHECK (places BETWEEN 1 AND 100000),
        places_taken INTEGER NOT NULL DEFAULT 0 CHECK (places_taken BETWEEN 0 AND places),
        minimum INTEGER NOT NULL DEFAULT 0 CHECK (minimum BETWEEN 0 AND places),
        opens_at {instant} NOT NULL,
        closes_at {instant} NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('draft', 'open', 'closed', 'cancelled')),
        is_confirmed BOOLEAN NOT NULL DEFAULT FALSE,
        words TEXT NOT NULL DEFAULT '' CHECK (length(words) <= 2000),
        sequence INTEGER NOT NULL DEFAULT 0 CHECK (sequence >= 0),
        version BIGINT NOT NULL DEFAULT 1,
        CHECK (starts_at < ends_at),
        CHECK (opens_at <= closes_at),
        CHECK (closes_at <= starts_at)
    )",
    "CREATE INDEX visit_dates_visit ON visit_dates (farm_visit_id)",
    "CREATE INDEX visit_dates_starts_at ON visit_dates (starts_at)",
    "CREATE TABLE registrations (
        id {id},
        visit_date_id BIGINT NOT NULL REFERENCES visit_dates (id) ON DELETE CASCADE,
        state TEXT NOT NULL CHECK (state IN ('held', 'waiting', 'offered', 'confirmed', 'cancelled', 'lapsed')),
        email TEXT NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
        name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
        organisation TEXT NOT NULL DEFAULT '' CHECK (length(organisation) <= 200),
        organisation_id BIGINT REFERENCES organisations (id) ON DELETE SET NULL,
        party_size INTEGER NOT NULL CHECK (party_size BETWEEN 1 AND 50),
        may_be_passed BOOLEAN NOT NULL DEFAULT FALSE,
        hold_until {instant},
        offer_until {instant},
        sequence INTEGER NOT NULL DEFAULT 0 CHECK (sequence >= 0),
        version BIGINT NOT NULL DEFAULT 1,
        asked_at {instant} NOT NULL,
        CHECK (hold_until IS NULL OR state IN ('held', 'waiting')),
        CHECK (state <> 'held' OR hold_until IS NOT NULL),
        CHECK ((state = 'offered') = (offer_until IS NOT NULL))
    )",
    // One person comes once to a date; who cancelled may come back.
    "CREATE UNIQUE INDEX registrations_person ON registrations (visit_date_id, email)
        WHERE state IN ('held', 'waiting', 'offered', 'confirmed')",
    "CREATE INDEX registrations_state ON registrations (visit_date_id, state, id)",
    "CREATE INDEX registrations_email ON registrations (email)",
    "CREATE INDEX registrations_organisation ON registrations (organisation_id)",
    "CREATE TABLE registration_needs (
        registration_id BIGINT PRIMARY KEY REFERENCES registrations (id) ON DELETE CASCADE,
        names TEXT NOT NULL DEFAULT '' CHECK (length(names) <= 2000),
        meals INTEGER NOT NULL DEFAULT 0 CHECK (meals BETWEEN 0 AND 50),
        diet TEXT NOT NULL DEFAULT '' CHECK (length(diet) <= 1000),
        access TEXT NOT NULL DEFAULT '' CHECK (length(access) <= 1000)
    )",
    "CREATE TABLE registration_answers (
        registration_id BIGINT NOT NULL REFERENCES registrations (id) ON DELETE CASCADE,
        number INTEGER NOT NULL CHECK (number >= 1),
        text TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 1000),
        PRIMARY KEY (registration_id, number)
    )",
    "CREATE TABLE registration_links (
        token_hash TEXT PRIMARY KEY CHECK (length(token_hash) = 64),
        registration_id BIGINT NOT NULL REFERENCES registrations (id) ON DELETE CASCADE
    )",
    "CREATE INDEX registration_links_registration ON registration_links (registration_id)",
    "CREATE TABLE registration_changes (
        id {id},
        registration_id BIGINT NOT NULL REFERENCES registrations (id) ON DELETE CASCADE,
        state TEXT NOT NULL CHECK (state IN ('held', 'waiting', 'offered', 'confirmed', 'cancelled', 'lapsed')),
        party_size INTEGER NOT NULL CHECK (party_size BETWEEN 1 AND 50),
        made_by BIGINT REFERENCES people (id) ON DELETE SET NULL,
        made_at {instant} NOT NULL
    )",
    "CREATE INDEX registration_changes_registration ON registration_changes (registration_id)",
    "CREATE INDEX registration_changes_made_by ON registration_changes (made_by)",
    "CREATE TABLE program_answers (
        person_id BIGINT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
        key_hash TEXT NOT NULL CHECK (length(key_hash) = 64),
        request_hash TEXT NOT NULL CHECK (length(request_hash) = 64),
        status INTEGER NOT NULL CHECK (status BETWEEN 200 AND 499),
        body TEXT NOT NULL,
        made_at {instant} NOT NULL,
        PRIMARY KEY (person_id, key_hash)
    )",
    "CREATE INDEX program_answers_made_at ON program_answers (made_at)",
];

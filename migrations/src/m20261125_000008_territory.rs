//! How the site presents itself, as organisers change it in the browser.

use crate::statements::Change;

pub(crate) const CHANGE: Change =
    Change { name: "m20261125_000008_territory", up: UP, tables: &["territory_settings"], columns: &[] };

const UP: &[&str] = &[
    // Always one row. What is empty is left to the settings of the operator; every node asks for the version.
    "CREATE TABLE territory_settings (
        id SMALLINT PRIMARY KEY CHECK (id = 1),
        version BIGINT NOT NULL CHECK (version >= 1),
        site_name TEXT NOT NULL DEFAULT '' CHECK (length(site_name) <= 60),
        place TEXT NOT NULL DEFAULT '' CHECK (length(place) <= 80),
        publisher TEXT NOT NULL DEFAULT '' CHECK (length(publisher) <= 120),
        contact_email TEXT NOT NULL DEFAULT '' CHECK (length(contact_email) <= 254),
        welcome TEXT NOT NULL DEFAULT '' CHECK (length(welcome) <= 300),
        mail_foot TEXT NOT NULL DEFAULT '' CHECK (length(mail_foot) <= 400),
        legal_text TEXT NOT NULL DEFAULT '' CHECK (length(legal_text) <= 20000),
        data_text TEXT NOT NULL DEFAULT '' CHECK (length(data_text) <= 20000),
        accessibility_text TEXT NOT NULL DEFAULT '' CHECK (length(accessibility_text) <= 20000),
        colour TEXT NOT NULL DEFAULT '' CHECK (colour = '' OR length(colour) = 7),
        logo {bytes} CHECK (length(logo) BETWEEN 1 AND 2000000),
        logo_width SMALLINT CHECK (logo_width BETWEEN 1 AND 512),
        logo_height SMALLINT CHECK (logo_height BETWEEN 1 AND 512),
        updated_at {instant},
        CHECK ((logo IS NULL) = (logo_width IS NULL)),
        CHECK ((logo IS NULL) = (logo_height IS NULL))
    )",
    "INSERT INTO territory_settings (id, version) VALUES (1, 1)",
];

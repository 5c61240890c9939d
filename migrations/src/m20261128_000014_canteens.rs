//! What canteens say of themselves and what they look for.

use crate::statements::Change;

pub(crate) const CHANGE: Change =
    Change { name: "m20261128_000014_canteens", up: UP, tables: &["canteens", "canteen_wants"], columns: &[] };

const UP: &[&str] = &[
    "CREATE TABLE canteens (
        organisation_id BIGINT PRIMARY KEY REFERENCES organisations (id) ON DELETE CASCADE,
        registry_key TEXT,
        siret TEXT CHECK (length(siret) = 14),
        insee_code TEXT NOT NULL CHECK (length(insee_code) = 5),
        sector TEXT,
        production_type TEXT CHECK (production_type IN ('site', 'central', 'central_serving', 'site_cooked_elsewhere', 'groupe')),
        management_type TEXT CHECK (management_type IN ('direct_management', 'contracted_management')),
        daily_meal_count INTEGER CHECK (daily_meal_count BETWEEN 1 AND 100000),
        delivery_days SMALLINT NOT NULL DEFAULT 0 CHECK (delivery_days BETWEEN 0 AND 127),
        updated_at {instant} NOT NULL
    )",
    // A line of the list as it was written, and what was understood of it.
    "CREATE TABLE canteen_wants (
        organisation_id BIGINT NOT NULL REFERENCES canteens (organisation_id) ON DELETE CASCADE,
        position SMALLINT NOT NULL CHECK (position >= 0),
        line TEXT NOT NULL CHECK (length(line) BETWEEN 1 AND 200),
        product_code TEXT,
        family TEXT,
        quantity_per_week DOUBLE PRECISION CHECK (quantity_per_week > 0),
        sales_unit TEXT,
        signs SMALLINT NOT NULL DEFAULT 0 CHECK (signs BETWEEN 0 AND 2047),
        PRIMARY KEY (organisation_id, position)
    )",
    "CREATE INDEX canteen_wants_product ON canteen_wants (product_code)",
];

//! Suppliers, what they offer, where they deliver, which certificates they hold; the change log that search nodes
//! follow; and the rows of two public registers (organic operators, canteens), kept as they came.

use crate::statements::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261124_000001_suppliers",
    up: UP,
    tables: &[
        "suppliers",
        "delivery_zones",
        "certifications",
        "offers",
        "supplier_changes",
        "reported_errors",
        "organic_operators",
        "registry_canteens",
    ],
    columns: &[],
};

const UP: &[&str] = &[
    "CREATE TABLE suppliers (
        id {id},
        reference TEXT NOT NULL UNIQUE CHECK (length(reference) BETWEEN 1 AND 40),
        slug TEXT NOT NULL UNIQUE CHECK (length(slug) BETWEEN 1 AND 120),
        name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
        kind TEXT NOT NULL CHECK (kind IN ('producer', 'craft_producer', 'processor', 'wholesaler', 'producer_group')),
        siret TEXT CHECK (length(siret) = 14),
        description TEXT NOT NULL DEFAULT '' CHECK (length(description) <= 2000),
        address TEXT,
        postal_code TEXT,
        insee_code TEXT NOT NULL CHECK (length(insee_code) = 5),
        latitude DOUBLE PRECISION CHECK (latitude BETWEEN -90 AND 90),
        longitude DOUBLE PRECISION CHECK (longitude BETWEEN -180 AND 180),
        published_position TEXT NOT NULL DEFAULT 'commune' CHECK (published_position IN ('exact', 'commune', 'none')),
        phone TEXT,
        email TEXT,
        website TEXT,
        delivery_radius_km DOUBLE PRECISION CHECK (delivery_radius_km > 0),
        delivery_days SMALLINT NOT NULL DEFAULT 0 CHECK (delivery_days BETWEEN 0 AND 127),
        minimum_order_cents BIGINT CHECK (minimum_order_cents >= 0),
        free_delivery_cents BIGINT CHECK (free_delivery_cents >= 0),
        confirmed_on {date},
        state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'paused', 'withdrawn')),
        origin TEXT NOT NULL CHECK (origin IN ('organiser', 'supplier', 'official_register', 'demonstration')),
        claimed BOOLEAN NOT NULL DEFAULT FALSE,
        version BIGINT NOT NULL DEFAULT 1 CHECK (version >= 1),
        created_at {instant} NOT NULL,
        updated_at {instant} NOT NULL,
        CHECK ((latitude IS NULL) = (longitude IS NULL))
    )",
    "CREATE INDEX suppliers_insee_code ON suppliers (insee_code)",
    // Not unique: the organic register itself lists one establishment under two operator numbers, and a farm shop
    // shares its farm's number.
    "CREATE INDEX suppliers_siret ON suppliers (siret)",
    "CREATE INDEX suppliers_state_name ON suppliers (state, name)",
    "CREATE TABLE delivery_zones (
        supplier_id BIGINT NOT NULL REFERENCES suppliers (id) ON DELETE CASCADE,
        kind TEXT NOT NULL CHECK (kind IN ('department', 'epci', 'commune')),
        code TEXT NOT NULL CHECK (length(code) BETWEEN 2 AND 9),
        PRIMARY KEY (supplier_id, kind, code)
    )",
    "CREATE TABLE certifications (
        id {id},
        supplier_id BIGINT NOT NULL REFERENCES suppliers (id) ON DELETE CASCADE,
        position SMALLINT NOT NULL CHECK (position >= 0),
        kind TEXT NOT NULL CHECK (kind IN ('organic', 'in_conversion', 'label_rouge', 'aop', 'igp', 'stg', 'hve', 'sustainable_fishing',
            'outermost_region', 'fair_trade', 'farmhouse')),
        number TEXT,
        body TEXT,
        valid_from {date},
        valid_until {date},
        source TEXT NOT NULL CHECK (source IN ('statement', 'document', 'register')),
        checked_on {date},
        document TEXT,
        UNIQUE (supplier_id, position),
        CHECK (source <> 'register' OR checked_on IS NOT NULL),
        CHECK (valid_from IS NULL OR valid_until IS NULL OR valid_from <= valid_until)
    )",
    "CREATE INDEX certifications_number ON certifications (number)",
    "CREATE TABLE offers (
        id {id},
        supplier_id BIGINT NOT NULL REFERENCES suppliers (id) ON DELETE CASCADE,
        position INTEGER NOT NULL CHECK (position >= 0),
        name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
        product_code TEXT,
        family TEXT NOT NULL CHECK (family IN ('VIANDES_VOLAILLES', 'CHARCUTERIE', 'PRODUITS_DE_LA_MER', 'FRUITS_ET_LEGUMES',
            'PRODUITS_LAITIERS', 'BOULANGERIE', 'BOISSONS', 'AUTRES')),
        packaging TEXT,
        sales_unit TEXT,
        price_cents BIGINT CHECK (price_cents >= 0),
        months SMALLINT NOT NULL DEFAULT 4095 CHECK (months BETWEEN 1 AND 4095),
        volume_per_week DOUBLE PRECISION CHECK (volume_per_week > 0),
        signs SMALLINT NOT NULL DEFAULT 0 CHECK (signs BETWEEN 0 AND 2047),
        UNIQUE (supplier_id, position)
    )",
    "CREATE INDEX offers_product_code ON offers (product_code)",
    // No foreign key: a deleted supplier must still be announced. A row without supplier asks every node to rebuild.
    "CREATE TABLE supplier_changes (
        id {id},
        supplier_id BIGINT,
        changed_at {instant} NOT NULL
    )",
    "CREATE TABLE reported_errors (
        id {id},
        supplier_id BIGINT NOT NULL REFERENCES suppliers (id) ON DELETE CASCADE,
        message TEXT NOT NULL CHECK (length(message) BETWEEN 1 AND 2000),
        email TEXT,
        state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'corrected', 'dismissed')),
        created_at {instant} NOT NULL,
        closed_at {instant},
        CHECK ((state = 'open') = (closed_at IS NULL))
    )",
    "CREATE INDEX reported_errors_supplier ON reported_errors (supplier_id)",
    "CREATE INDEX reported_errors_state ON reported_errors (state, created_at)",
    "CREATE TABLE organic_operators (
        number BIGINT PRIMARY KEY CHECK (number > 0),
        supplier_id BIGINT REFERENCES suppliers (id) ON DELETE SET NULL,
        name TEXT NOT NULL,
        siret TEXT,
        certificate_state TEXT,
        body TEXT,
        engaged_on {date},
        suspended_on {date},
        stopped_on {date},
        item TEXT NOT NULL,
        updated_at {instant} NOT NULL
    )",
    "CREATE INDEX organic_operators_supplier ON organic_operators (supplier_id)",
    "CREATE TABLE registry_canteens (
        id {id},
        registry_key TEXT NOT NULL,
        year SMALLINT NOT NULL DEFAULT 0 CHECK (year BETWEEN 0 AND 2200),
        name TEXT NOT NULL,
        siret TEXT,
        insee_code TEXT,
        department TEXT,
        sectors TEXT NOT NULL DEFAULT '',
        unknown_sectors TEXT NOT NULL DEFAULT '',
        production_type TEXT,
        management_type TEXT,
        ownership TEXT,
        central_kitchen_siret TEXT,
        daily_meal_count INTEGER CHECK (daily_meal_count >= 0),
        yearly_meal_count INTEGER CHECK (yearly_meal_count >= 0),
        line TEXT NOT NULL,
        updated_at {instant} NOT NULL,
        UNIQUE (registry_key, year)
    )",
    "CREATE INDEX registry_canteens_department ON registry_canteens (department)",
    "CREATE INDEX registry_canteens_insee_code ON registry_canteens (insee_code)",
];

//! What an operator may import to better the gazetteer: points of communes, outlines of perimeters.

use crate::statements::Change;

pub(crate) const CHANGE: Change =
    Change { name: "m20261124_000002_places", up: UP, tables: &["commune_points", "outlines"], columns: &[] };

const UP: &[&str] = &[
    "CREATE TABLE commune_points (
        insee_code TEXT NOT NULL PRIMARY KEY CHECK (length(insee_code) = 5),
        latitude DOUBLE PRECISION NOT NULL CHECK (latitude BETWEEN -90 AND 90),
        longitude DOUBLE PRECISION NOT NULL CHECK (longitude BETWEEN -180 AND 180)
    )",
    "CREATE TABLE outlines (
        kind TEXT NOT NULL CHECK (kind IN ('department', 'epci', 'commune')),
        code TEXT NOT NULL CHECK (length(code) BETWEEN 2 AND 9),
        geojson TEXT NOT NULL,
        PRIMARY KEY (kind, code)
    )",
];

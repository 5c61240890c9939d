//! What an operator may import to better the gazetteer: points of communes, outlines of perimeters.

use sea_orm_migration::prelude::*;

use crate::statements;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        statements::run(manager, &UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        statements::drop_tables(manager, &["commune_points", "outlines"]).await
    }
}

const UP: [&str; 2] = [
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

//! Changes of the database.
//!
//! One dated file per change, in the order of [`Migrator::migrations`]. A change that has shipped is never edited.

use sea_orm_migration::prelude::*;

/// Brings a database to the shape the program expects.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![]
    }
}

//! The shape of the database.

use migrations::Migrator;
use sea_orm_migration::MigratorTrait;

use crate::support::{on_each_database, people::organiser};

#[tokio::test]
async fn every_change_can_be_undone_and_done_again() {
    on_each_database(async |site| {
        let applied = Migrator::get_applied_migrations(&site.app.db).await.unwrap().len();
        assert_eq!(applied, Migrator::migrations().len());
        Migrator::down(&site.app.db, None).await.unwrap();
        assert!(Migrator::get_applied_migrations(&site.app.db).await.unwrap().is_empty());
        Migrator::up(&site.app.db, None).await.unwrap();
        organiser(&site.app, &site.browser).await;
    })
    .await;
}

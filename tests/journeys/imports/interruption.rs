//! What happens when an import is cut, or when two write at once.

use std::{fmt::Write, fs, time::Duration};

use manger_local::suppliers;
use sea_orm::{ConnectionTrait, Database, DbBackend};

use crate::support::{Site, on_each_database, process};

const LINES: i64 = 8_000;

#[tokio::test]
async fn an_import_that_is_killed_keeps_whole_batches_and_goes_on() {
    let folder = process::Folder::new();
    let mut text = "Référence;Nom;Type;Code INSEE;Certification 1\n".to_owned();
    for number in 0..LINES {
        let _ = writeln!(text, "F{number};Ferme {number};Producteur;43157;Bio");
    }
    let file = folder.0.join("fournisseurs.csv");
    fs::write(&file, text).unwrap();
    let data = folder.0.join("data");
    let (file, data) = (file.to_str().unwrap(), data.to_str().unwrap());
    let arguments = ["import", "suppliers", file, "--data-dir", data];
    let mut child = process::command(&arguments, &folder.0).spawn().unwrap();
    let address = format!("sqlite:{data}/manger-local.sqlite?mode=ro");
    // Until the first batch is there, or the import is done.
    while count(&address, "suppliers").await == 0 && child.try_wait().unwrap().is_none() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    child.kill().unwrap();
    child.wait().unwrap();

    let kept = count(&address, "suppliers").await;
    assert!(kept > 0 && kept % 1_000 == 0, "{kept} suppliers: a batch was cut");
    assert_eq!(count(&address, "certifications").await, kept);
    assert_eq!(count(&address, "supplier_changes").await, kept);
    let finished = process::run(&arguments, &folder.0);
    let report = String::from_utf8(finished.stdout).unwrap();
    let expected = format!("nouvelles : {}, modifiées : 0, inchangées : {kept}", LINES - kept);
    assert!(report.contains(&expected), "{report}");
    assert_eq!(count(&address, "suppliers").await, LINES);
}

async fn count(address: &str, table: &str) -> i64 {
    let Ok(db) = Database::connect(address).await else { return 0 };
    let query = sea_orm::Statement::from_string(DbBackend::Sqlite, format!("SELECT count(*) FROM {table}"));
    let row = db.query_one_raw(query).await.ok().flatten();
    let count = row.and_then(|row| row.try_get_by_index(0).ok()).unwrap_or(0);
    db.close().await.unwrap();
    count
}

#[tokio::test]
async fn changes_become_visible_in_the_order_of_their_numbers() {
    on_each_database(async |site| {
        let first = site.app.write().await.unwrap();
        suppliers::record_change(&first, 1, site.app.clock.now()).await.unwrap();
        let second = tokio::spawn(record_second(site.app.clone()));
        // The second writer waits for its turn: were it served now, a reader would see its number first and never ask
        // for the other.
        let mut second = Box::pin(second);
        assert!(tokio::time::timeout(Duration::from_millis(200), &mut second).await.is_err());
        assert!(seen(site).await.is_empty());
        first.commit().await.unwrap();
        second.await.unwrap();
        assert_eq!(seen(site).await, [Some(1), Some(2)]);
    })
    .await;
}

async fn record_second(app: manger_local::app::App) {
    let second = app.write().await.unwrap();
    suppliers::record_change(&second, 2, app.clock.now()).await.unwrap();
    second.commit().await.unwrap();
}

async fn seen(site: &Site) -> Vec<Option<i64>> {
    let changes = suppliers::changes_since(&site.app.db, 0, 10).await.unwrap();
    changes.into_iter().map(|change| change.supplier_id).collect()
}

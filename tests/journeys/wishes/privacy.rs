//! What one wishes is nobody's business on the other side.

use std::io::Read;

use manger_local::directory::{self, Position};
use poem::http::StatusCode;

use super::{Cast, avoid, meet, open, page};
use crate::editions::{DESK, PAGE};
use crate::support::{on_each_database, people::Browser};

/// All that a person of an organisation reads of an edition: pages without the token of their forms, data as it came.
async fn seen_by(browser: &Browser<'_>, organisation: i64) -> Vec<String> {
    let mut all = Vec::new();
    for address in [
        PAGE.to_owned(),
        "/rencontres".to_owned(),
        page(organisation),
        format!("{}?tout=oui", page(organisation)),
        format!("{PAGE}/inscription/{organisation}"),
        "/mon-espace".to_owned(),
        "/mon-espace/donnees".to_owned(),
        format!("/fiche/{organisation}"),
        format!("/fiche/{organisation}/cantines"),
        "/annuaire/ferme-du-suc".to_owned(),
        "/api/v1/suppliers/F1".to_owned(),
        format!("{PAGE}/rencontre.ics"),
    ] {
        let body = String::from_utf8(browser.bytes(&address).await).unwrap();
        let token = browser.cookie("form").unwrap();
        all.push(format!("{address}\n{}", body.replace(&token, "")));
    }
    let mut zip =
        zip::ZipArchive::new(std::io::Cursor::new(browser.bytes("/mon-espace/donnees/export.zip").await)).unwrap();
    let mut json = String::new();
    zip.by_name("donnees.json").unwrap().read_to_string(&mut json).unwrap();
    all.push(json);
    all
}

#[tokio::test]
async fn nothing_that_the_other_side_reads_changes_with_a_wish() {
    on_each_database(async |site| {
        let Cast { cook, chef, julie, .. } = open(site).await;
        directory::step(&site.app, Position::default()).await.unwrap();
        let (before, own) = (seen_by(&julie, 3).await, cook.get(&page(1)).await.page.texts("main").concat());
        meet(&cook, 1, 3).await;
        meet(&cook, 1, 5).await;
        avoid(&chef, 2, 3).await;
        let after = seen_by(&julie, 3).await;
        for (before, after) in before.iter().zip(&after) {
            assert_eq!(before, after);
        }
        assert_ne!(cook.get(&page(1)).await.page.texts("main").concat(), own, "what would differ is looked at");
        let colleagues = chef.get(&page(2)).await.page.texts("main").concat();
        assert!(!colleagues.contains("Votre souhait"), "nor does another canteen see it");
    })
    .await;
}

#[tokio::test]
async fn to_strangers_there_is_nothing() {
    on_each_database(async |site| {
        let Cast { claire, cook, julie, .. } = open(site).await;
        for stranger in [&julie, &claire] {
            assert_eq!(stranger.get(&page(1)).await.status, StatusCode::NOT_FOUND);
            assert_eq!(stranger.post(&page(1), &[("minimum", "1")]).await.status, StatusCode::NOT_FOUND);
            let press = stranger.post(&format!("{}/3", page(1)), &[("geste", "rencontrer")]).await;
            assert_eq!(press.status, StatusCode::NOT_FOUND);
        }
        for address in ["souhaits", "souhaits/1", "souhaits.csv", "souhaits.xlsx"] {
            assert_eq!(cook.get(&format!("{DESK}/{address}")).await.status, StatusCode::NOT_FOUND, "{address}");
        }
        let nobody = Browser::new(&site.browser);
        assert_eq!(nobody.get(&page(1)).await.status, StatusCode::SEE_OTHER);
        assert!(crate::support::people::rows(&site.app, "wishes").await.is_empty());
    })
    .await;
}

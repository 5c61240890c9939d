//! What the stranger must never see.

use manger_local::suppliers::open_reports;
use poem::http::StatusCode;

use super::{fill, filled, opened, read, shown};
use crate::support::on_each_database;

#[tokio::test]
async fn the_stranger_finds_nothing_of_what_is_not_published() {
    on_each_database(async |site| {
        fill(site).await;
        for slug in ["ferme-en-brouillon", "ferme-en-pause", "ferme-retiree", "nulle-part", "..", "%00", "%3Cb%3E"] {
            for page in ["", "/livraison.geojson", "/signalement", "/signalement/recu"] {
                let (status, body) = read(site, &format!("/annuaire/{slug}{page}")).await;
                assert_eq!(status, StatusCode::NOT_FOUND, "/annuaire/{slug}{page}: {body}");
            }
            let (cookie, token) = opened(site, "gaec-des-genets").await;
            let fields = [("_token", token.as_str()), ("sujet", "other"), ("message", "Bonjour")];
            let path = format!("/annuaire/{slug}/signalement");
            let sent = site.browser.post(path).header("cookie", cookie).form(&fields).send().await;
            sent.assert_status(StatusCode::NOT_FOUND);
        }
        assert!(open_reports(&site.app.db, 10).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn no_page_gives_away_a_hidden_place_or_a_contact() {
    let site = filled().await;
    let mut pages = vec![shown(&site, "/").await, shown(&site, "/annuaire").await];
    for slug in ["gaec-des-genets", "ferme-cachee", "ferme-hors-carte"] {
        for page in ["", "?near=43157", "/livraison.geojson", "/signalement", "/signalement/recu"] {
            pages.push(shown(&site, &format!("/annuaire/{slug}{page}")).await);
        }
    }
    for page in &pages {
        for contact in ["04 65", "0465", "ferme.example", "genets.example"] {
            assert!(!page.contains(contact), "{contact} is shown: {page}");
        }
        for place in ["45.0654", "3.9234", "45.1444", "4.1111", "Combe Secr", "Bout du Monde"] {
            assert!(!page.contains(place), "{place} is shown: {page}");
        }
    }
}

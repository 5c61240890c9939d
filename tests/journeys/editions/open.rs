//! What everybody reads of an edition, and who reads none of it.

use chrono::TimeDelta;
use poem::http::StatusCode;
use serde_json::Value;

use super::{DESK, LIST, PAGE, prepare, save};
use crate::support::{
    Site, on_each_database,
    people::{Browser, member, organiser},
};

async fn open(claire: &Browser<'_>) {
    claire.post(&format!("{DESK}/etape"), &[("geste", "avancer"), ("vu", "draft")]).await;
}

/// The calendar file, its folded lines made whole.
async fn calendar(browser: &Browser<'_>) -> String {
    String::from_utf8(browser.bytes(&format!("{PAGE}/rencontre.ics")).await).unwrap().replace("\r\n ", "")
}

#[tokio::test]
async fn a_draft_is_seen_by_organisers_only() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let cook = member(&site.app, &claire, "Collège des Hauts", "cook@college.example").await;
        let stranger = Browser::new(&site.browser);
        prepare(&claire).await;
        let addresses = [PAGE.to_owned(), format!("{PAGE}/rencontre.ics"), format!("{PAGE}/lieu.geojson")];
        for address in &addresses {
            for (who, browser) in [("the stranger", &stranger), ("the cook", &cook)] {
                assert_eq!(browser.get(address).await.status, StatusCode::NOT_FOUND, "{who} {address}");
            }
            assert_eq!(claire.get(address).await.status, StatusCode::OK, "{address}");
        }
        let preview = claire.get(PAGE).await;
        assert_eq!(preview.cache.as_deref(), Some("private, no-store"));
        assert!(preview.page.texts(".notice").concat().contains("Brouillon"));
        for list in ["/rencontres", "/"] {
            assert!(!stranger.get(list).await.page.texts("main").concat().contains("Velay"), "{list}");
        }
        open(&claire).await;
        for address in &addresses {
            assert_eq!(stranger.get(address).await.status, StatusCode::OK, "{address}");
        }
        for list in ["/rencontres", "/"] {
            assert!(stranger.get(list).await.page.texts("main").concat().contains("Rencontre du Velay"), "{list}");
        }
        claire.post(&format!("{DESK}/etape"), &[("geste", "reculer"), ("vu", "registration")]).await;
        assert_eq!(stranger.get(PAGE).await.status, StatusCode::NOT_FOUND, "closed again");
    })
    .await;
}

#[tokio::test]
async fn organisers_pages_look_like_nothing_to_others() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let cook = member(&site.app, &claire, "Collège des Hauts", "cook@college.example").await;
        let stranger = Browser::new(&site.browser);
        prepare(&claire).await;
        for path in [
            LIST,
            DESK,
            &format!("{LIST}/ajout"),
            &format!("{DESK}/copie"),
            &format!("{DESK}/etape"),
            &format!("{DESK}/retrait"),
        ] {
            assert_eq!(cook.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
            assert_eq!(stranger.get(path).await.status, StatusCode::SEE_OTHER, "{path}");
            assert_eq!(claire.get(path).await.status, StatusCode::OK, "{path}");
        }
        for path in ["ajout", "1/lieu", "1/horaires", "1/copie", "1/etape", "1/retrait"] {
            let path = format!("{LIST}/{path}");
            assert_eq!(cook.post(&path, &[]).await.status, StatusCode::NOT_FOUND, "{path}");
            assert_eq!(stranger.post(&path, &[]).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        assert_eq!(claire.post(&format!("{DESK}/cuisine"), &[]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(claire.get(&format!("{LIST}/2")).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn the_public_page_says_when_where_for_whom_and_until_when() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        prepare(&claire).await;
        save(
            &claire,
            "lieu",
            &[("adresse", "2 rue des Genêts"), ("acces", "Parking derrière.\nBus 12."), ("point", "45.1419, 4.1236")],
        )
        .await;
        save(
            &claire,
            "textes",
            &[("texte_cantines", "Venez à deux </script>."), ("texte_fournisseurs", "Apportez vos tarifs.")],
        )
        .await;
        save(&claire, "tables", &[("assis", "fournisseur")]).await;
        open(&claire).await;
        let page = Browser::new(&site.browser).get(PAGE).await.page;
        let said = page.texts("main").concat().replace('\u{a0}', " ");
        for expected in [
            "jeudi 20 mai 2027",
            "Salle des fêtes",
            "2 rue des Genêts, 43200 Yssingeaux",
            "Bus 12.",
            "Inscriptions ouvertes jusqu’au jeudi 22 avril 2027 inclus.",
            "de 9 h 30 à 11 h 28",
            "30 pour les cantines, 40 pour les fournisseurs",
            "Venez à deux </script>.",
            "Apportez vos tarifs.",
            "Les fournisseurs gardent leur table",
        ] {
            assert!(said.contains(expected), "{expected}: {said}");
        }
        let data =
            page.all("script").into_iter().find(|one| one.attribute("type") == Some("application/ld+json")).unwrap();
        let event: Value = serde_json::from_str(&data.text).unwrap();
        assert_eq!((&event["@type"], &event["startDate"]), (&"Event".into(), &"2027-05-20T09:30:00+02:00".into()));
        assert_eq!(event["location"]["address"]["addressLocality"], "Yssingeaux");
        let graph = page.all("meta").into_iter().filter(|meta| meta.attribute("property") == Some("og:title"));
        assert_eq!(graph.map(|meta| meta.attribute("content").unwrap()).collect::<Vec<_>>(), ["Rencontre du Velay"]);
        let place = Browser::new(&site.browser).bytes(&format!("{PAGE}/lieu.geojson")).await;
        let place: Value = serde_json::from_slice(&place).unwrap();
        assert_eq!(place["features"][0]["geometry"]["coordinates"], serde_json::json!([4.1236, 45.1419]));
    })
    .await;
}

#[tokio::test]
async fn the_page_follows_the_calendar_from_open_to_past() {
    let site = Site::new().await;
    let claire = organiser(&site.app, &site.browser).await;
    prepare(&claire).await;
    open(&claire).await;
    let stranger = Browser::new(&site.browser);
    let standing = async || stranger.get(PAGE).await.page.texts(".notice").concat();
    assert!(standing().await.contains("Inscriptions ouvertes"));
    site.app.clock.advance(TimeDelta::days(37));
    assert!(standing().await.contains("Inscriptions ouvertes"), "the last day is one");
    site.app.clock.advance(TimeDelta::days(1));
    assert!(standing().await.contains("Les inscriptions sont closes"));
    assert!(stranger.get("/").await.page.texts("main").concat().contains("Prochaine rencontre"));
    site.app.clock.advance(TimeDelta::days(28));
    assert!(standing().await.contains("Cette rencontre est passée"));
    assert!(!stranger.get("/").await.page.texts("main").concat().contains("Prochaine rencontre"));
    assert!(stranger.get("/rencontres").await.page.texts("h2").contains(&"Passées"));
}

#[tokio::test]
async fn the_calendar_file_keeps_its_identity_and_rises_when_day_hours_or_place_change() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        prepare(&claire).await;
        open(&claire).await;
        let stranger = Browser::new(&site.browser);
        let first = calendar(&stranger).await;
        for expected in [
            "METHOD:PUBLISH\r\n",
            "UID:edition-1@127.0.0.1\r\n",
            "SEQUENCE:0\r\n",
            "DTSTART;TZID=Europe/Paris:20270520T093000\r\n",
            "DTEND;TZID=Europe/Paris:20270520T155800\r\n",
            "SUMMARY:Rencontre du Velay\r\n",
            "LOCATION:Salle des fêtes\\, 43200 Yssingeaux\r\n",
        ] {
            assert!(first.contains(expected), "{expected}: {first}");
        }
        assert!(!first.contains("ATTENDEE"));
        save(&claire, "textes", &[("texte_cantines", "Venez.")]).await;
        assert!(calendar(&stranger).await.contains("SEQUENCE:0\r\n"), "words are no other time or place");
        save(&claire, "lieu", &[("salle", "Gymnase")]).await;
        assert!(calendar(&stranger).await.contains("SEQUENCE:1\r\n"));
        save(&claire, "horaires", &[("nombre-2", "11")]).await;
        let moved = calendar(&stranger).await;
        assert!(moved.contains("SEQUENCE:2\r\n") && moved.contains("T161000\r\n"), "{moved}");
        save(&claire, "lieu", &[("jour", "27/05/2027")]).await;
        let moved = calendar(&stranger).await;
        assert!(moved.contains("SEQUENCE:3\r\n") && moved.contains("UID:edition-1@127.0.0.1\r\n"), "{moved}");
    })
    .await;
}

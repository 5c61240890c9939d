//! What programs are answered.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{address, date, date_at, kinds, program, register, send, standings};
use crate::support::{Site, on_each_database};

async fn asked(site: &Site, key: &str, once: &str, sent: &Value) -> super::Told {
    send(site, key, "/api/v1/visit-dates/1/registrations", once, sent).await
}

#[tokio::test]
async fn the_first_come_the_others_wait_and_each_is_told_once() {
    on_each_database(async |site| {
        let (_, key) = program(site).await;
        let date = date(site, &key, 3).await;
        let first = register(site, &key, date, "ana", 2).await;
        assert_eq!((first.status, first.body["state"].as_str()), (201, Some("confirmed")), "{first:?}");
        let large = register(site, &key, date, "ben", 2).await;
        assert_eq!(
            (large.status, large.body["position"].as_i64()),
            (202, Some(1)),
            "one place is left for a party of two"
        );
        let behind = register(site, &key, date, "cleo", 1).await;
        assert_eq!(
            (behind.status, behind.body["position"].as_i64()),
            (202, Some(2)),
            "nobody passes a party that waits"
        );
        let again = register(site, &key, date, "ana", 1).await;
        assert_eq!((again.status, again.body["reason"].as_str()), (409, Some("already_registered")));
        let crowd = register(site, &key, date, "dora", 4).await;
        assert_eq!((crowd.status, crowd.body["reason"].as_str()), (409, Some("party_too_large")));
        assert_eq!(kinds(site, "ana").await, ["visit_confirmed"]);
        assert_eq!(kinds(site, "ben").await, ["visit_waiting"]);
        assert!(kinds(site, "dora").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn the_same_key_gives_the_same_answer_and_another_question_under_it_is_refused() {
    on_each_database(async |site| {
        let (_, key) = program(site).await;
        date(site, &key, 1).await;
        let sent = json!({ "name": "Ana", "email": address("ana"), "party_size": 1 });
        let first = asked(site, &key, "a-1", &sent).await;
        assert_eq!(first.status, 201);
        let late = json!({ "name": "Ben", "email": address("ben"), "party_size": 1 });
        let waits = asked(site, &key, "b-1", &late).await;
        let refused = asked(site, &key, "a-2", &sent).await;
        assert_eq!((waits.status, refused.status), (202, 409));
        site.app.clock.advance(TimeDelta::days(1));
        for (once, sent, before) in [("a-1", &sent, &first), ("b-1", &late, &waits), ("a-2", &sent, &refused)] {
            let again = asked(site, &key, once, sent).await;
            assert_eq!((again.status, &again.body), (before.status, &before.body), "{once}");
        }
        let other = asked(site, &key, "a-1", &late).await;
        assert_eq!((other.status, other.body["reason"].as_str()), (422, Some("key_reused")));
        assert_eq!(standings(site, 1).await.len(), 2, "nobody was registered twice");
        assert_eq!(kinds(site, "ana").await, ["visit_confirmed"]);
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_is_named_and_nothing_is_kept() {
    on_each_database(async |site| {
        let (_, key) = program(site).await;
        let date = date(site, &key, 5).await;
        let good = json!({ "name": "Ana", "email": address("ana"), "party_size": 1 });
        for (field, value, expected) in [
            ("email", json!("ana"), "email = « ana » : attendu une adresse de courriel"),
            ("party_size", json!(0), "party_size = « 0 » : attendu un nombre de 1 à 50"),
            ("name", json!(" "), "name = «  » : attendu un texte de 1 à 120 caractères"),
        ] {
            let mut sent = good.clone();
            sent[field] = value;
            let told = asked(site, &key, "", &sent).await;
            let detail = told.body["detail"].as_str().unwrap_or_default().replace('\u{a0}', " ");
            assert_eq!((told.status, detail.as_str()), (422, expected));
        }
        assert_eq!(asked(site, &key, "", &json!({ "name": "Ana", "nom": "Ana" })).await.status, 400);
        assert_eq!(asked(site, "ml_0", "", &good).await.status, 401);
        let nowhere = send(site, &key, "/api/v1/visit-dates/99/registrations", "", &good).await;
        assert_eq!(nowhere.status, 404);
        let visit = json!({ "title": "Ferme", "commune": "99999" });
        assert_eq!(send(site, &key, "/api/v1/farm-visits", "", &visit).await.status, 422);
        let early = json!({ "starts_at": "2027-04-20T08:00:00Z", "ends_at": "2027-04-20T07:00:00Z", "places": 5 });
        assert_eq!(send(site, &key, "/api/v1/farm-visits/1/dates", "", &early).await.status, 422);
        assert!(standings(site, date).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn nobody_registers_before_it_opens_after_it_closes_or_with_another_key() {
    on_each_database(async |site| {
        let (claire, key) = program(site).await;
        let made = claire.post("/mon-espace/cles", &[("nom", "autre"), ("meetings", "oui")]).await;
        let other = made.page.texts(".spelled")[0].to_owned();
        let first = date_at(site, &key, 5, "2027-04-20T08:00:00Z").await;
        let sent = json!({ "starts_at": "2027-04-21T08:00:00Z", "places": 5, "state": "draft" });
        let draft = send(site, &key, "/api/v1/farm-visits/1/dates", "", &sent).await.body["id"].as_i64().unwrap();
        let reason = async |date, who| register(site, &key, date, who, 1).await.body["reason"].clone();
        assert_eq!(reason(draft, "ana").await, "not_open_yet");
        site.app.clock.advance(TimeDelta::days(35));
        assert_eq!(reason(first, "ana").await, "closed");
        site.app.clock.advance(TimeDelta::days(1));
        assert_eq!(reason(first, "ana").await, "past");
        assert_eq!(register(site, &other, first, "ana", 1).await.status, 403);
    })
    .await;
}

//! What programs are answered.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{address, date, date_at, kinds, program, register, send, standings};
use crate::support::{Site, on_each_database, routes_as_written};

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

#[tokio::test]
async fn the_document_describes_these_addresses() {
    let site = Site::new().await;
    let document = document(&site).await;
    let text = routes_as_written();
    let routes = text.lines().filter_map(|line| line.trim().strip_prefix(".at(\"")?.split('"').next());
    let ours = routes.filter(|path| path.starts_with("/api/v1/farm-visits") || path.starts_with("/api/v1/visit-dates"));
    let ours: Vec<String> = ours.map(|path| path.replace(":key", "{key}")).collect();
    assert_eq!(ours.len(), 4, "{ours:?}");
    for path in ours {
        for (method, operation) in document["paths"][&path].as_object().unwrap_or_else(|| panic!("{path}")) {
            for (status, answer) in operation["responses"].as_object().unwrap() {
                assert!(answer["description"].is_string(), "{method} {path} {status}");
                for media in answer["content"].as_object().into_iter().flat_map(|content| content.values()) {
                    assert!(!media["example"].is_null(), "{method} {path} {status}");
                }
            }
        }
    }
    let guide = site.browser.get("/api").send().await.0.into_body().into_string().await.unwrap();
    assert!(guide.contains("id=\"registerForVisit\"") && guide.contains("Idempotency-Key"), "{guide}");
}

#[tokio::test]
async fn what_the_document_shows_is_answered_as_it_says() {
    on_each_database(async |site| {
        let (_, key) = program(site).await;
        let document = document(site).await;
        let operation = |path: &str, method: &str| document["paths"][path][method].clone();
        let shown = |operation: &Value, status: u16| {
            let content = operation["responses"][status.to_string()]["content"].as_object().unwrap();
            content.values().next().unwrap()["example"].clone()
        };
        let sent = |operation: &Value| operation["requestBody"]["content"]["application/json"]["example"].clone();

        let prepare = operation("/api/v1/farm-visits", "post");
        let made = send(site, &key, "/api/v1/farm-visits", "", &sent(&prepare)).await;
        assert_eq!((made.status, members(&made.body)), (201, members(&shown(&prepare, 201))), "{made:?}");
        let add = operation("/api/v1/farm-visits/{key}/dates", "post");
        let made = send(site, &key, "/api/v1/farm-visits/1/dates", "", &sent(&add)).await;
        assert_eq!((made.status, &made.body), (201, &shown(&add, 201)));

        let register = operation("/api/v1/visit-dates/{key}/registrations", "post");
        let first = sent(&register);
        let comes = asked(site, &key, "once", &first).await;
        assert_eq!((comes.status, &comes.body), (201, &shown(&register, 201)));
        let crowd = json!({ "name": "Ben", "email": address("ben"), "party_size": 11 });
        let waits = asked(site, &key, "", &crowd).await;
        assert_eq!((waits.status, members(&waits.body)), (202, members(&shown(&register, 202))));
        let again = asked(site, &key, "", &first).await;
        assert_eq!((again.status, &again.body), (409, &shown(&register, 409)));
        let other = asked(site, &key, "once", &crowd).await;
        assert_eq!((other.status, &other.body), (422, &shown(&register, 422)));
        let nowhere = send(site, &key, "/api/v1/visit-dates/99/registrations", "", &first).await;
        assert_eq!((nowhere.status, &nowhere.body), (404, &shown(&register, 404)));

        let one = operation("/api/v1/farm-visits/{key}", "get");
        let answer = site.browser.get("/api/v1/farm-visits/1").send().await.0;
        let (read, shown): (Value, Value) = (answer.into_body().into_json().await.unwrap(), shown(&one, 200));
        assert_eq!(members(&read), members(&shown));
        assert_eq!(members(&read["dates"][0]), members(&shown["dates"][0]));
    })
    .await;
}

async fn document(site: &Site) -> Value {
    site.browser.get("/api/v1/openapi.json").send().await.0.into_body().into_json().await.unwrap()
}

/// The names in an object.
fn members(object: &Value) -> Vec<&String> {
    object.as_object().unwrap().keys().collect()
}

#[tokio::test]
async fn a_refusal_is_a_problem_with_its_reason() {
    let site = Site::new().await;
    let (_, key) = program(&site).await;
    let asked =
        site.browser.post("/api/v1/visit-dates/99/registrations").header("authorization", format!("Bearer {key}"));
    let sent = json!({ "name": "Ana", "email": address("ana"), "party_size": 1 });
    let answer = asked.content_type("application/json").body(sent.to_string()).send().await;
    answer.assert_content_type("application/problem+json");
    let told: Value = answer.0.into_body().into_json().await.unwrap();
    assert_eq!((told["status"].as_u64(), told["reason"].as_str()), (Some(404), Some("not_found")));
}

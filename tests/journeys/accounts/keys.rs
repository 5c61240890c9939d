//! What a program shows to be let in.

use chrono::{DateTime, TimeDelta, Utc};
use poem::http::StatusCode;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use crate::support::{
    Site, on_each_database,
    people::{Browser, accept, mail_to, member, organiser, rows},
    process::{run, same_database},
    second_factor::with_telephone,
};

const COOK: &str = "cook@college.example";
const KEYS: &str = "/mon-espace/cles";

/// Makes a key with these fields: its text.
async fn made(browser: &Browser<'_>, fields: &[(&str, &str)]) -> String {
    let made = browser.post(KEYS, fields).await;
    assert_eq!((made.status, made.cache.as_deref()), (StatusCode::OK, Some("private, no-store")));
    made.page.texts(".spelled")[0].to_owned()
}

/// Shows this at `/api/v1/token`: status, content type, how to come in, what is told.
async fn shown(site: &Site, authorization: &str) -> (StatusCode, String, Option<String>, Value) {
    let request = site.browser.get("/api/v1/token").header("authorization", authorization);
    let answer = request.send().await.0;
    let header = |name: &str| answer.header(name).map(str::to_owned);
    let (status, kind, way) = (answer.status(), header("content-type").unwrap(), header("www-authenticate"));
    (status, kind, way, serde_json::from_str(&answer.into_body().into_string().await.unwrap()).unwrap())
}

async fn used_at(site: &Site) -> Option<DateTime<Utc>> {
    let row = Statement::from_string(site.app.db.get_database_backend(), "SELECT last_used_at FROM api_tokens");
    site.app.db.query_one_raw(row).await.unwrap().unwrap().try_get("", "last_used_at").unwrap()
}

#[tokio::test]
async fn a_token_lets_a_program_do_what_its_scopes_say_while_its_person_may() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let fields = [("nom", "serveur de courrier"), ("delivery-status", "oui"), ("identity", "oui")];
        let made = claire.post("/mon-espace/cles", &fields).await;
        let token = made.page.texts(".spelled")[0].to_owned();
        assert!(rows(&site.app, "api_tokens").await.iter().all(|row| !row.contains(&token)));
        assert!(claire.get("/mon-espace/cles").await.page.texts(".spelled").is_empty(), "shown once");
        let ask = async |path: &str, token: &str| {
            let asked =
                if path.ends_with("token") { site.browser.get(path) } else { site.browser.post(path).body("?") };
            asked.header("authorization", format!("Bearer {token}")).send().await.0
        };
        let known = ask("/api/v1/token", &token).await;
        assert_eq!(known.status(), StatusCode::OK);
        assert!(known.into_body().into_string().await.unwrap().contains("serveur de courrier"));
        assert_eq!(ask("/api/v1/delivery-status", &token).await.status(), StatusCode::OK);
        let wrong = ask("/api/v1/delivery-status", "ml_00000000000000000000000000000000").await;
        assert_eq!((wrong.status(), wrong.header("www-authenticate")), (StatusCode::UNAUTHORIZED, Some("Bearer")));
        claire.post("/organisation/acces/invitations", &[("courriel", "luc@departement.example")]).await;
        let luc = accept(&site.app, &site.browser, "luc@departement.example").await;
        luc.post("/organisation/acces/1/retrait", &[]).await;
        assert_eq!(
            ask("/api/v1/delivery-status", &token).await.status(),
            StatusCode::FORBIDDEN,
            "no organiser any more"
        );
        assert_eq!(luc.post("/mon-espace/cles/1/retrait", &[]).await.status, StatusCode::NOT_FOUND);
        claire.post("/mon-espace/cles/1/retrait", &[]).await;
        assert_eq!(ask("/api/v1/token", &token).await.status(), StatusCode::UNAUTHORIZED);
    })
    .await;
}

#[tokio::test]
async fn a_key_says_whose_it_is_and_what_it_may_do() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        claire.post("/mon-espace/nom", &[("nom", "Claire Roux")]).await;
        let key = made(&claire, &[("nom", "tableur"), ("identity", "oui"), ("delivery-status", "oui")]).await;
        assert!(key.starts_with("ml_") && key.len() == 35);
        let (status, kind, _, told) = shown(site, &format!("Bearer {key}")).await;
        assert_eq!((status, kind.as_str()), (StatusCode::OK, "application/json"));
        let scopes = ["identity", "delivery-status"];
        assert_eq!(told, json!({ "name": "tableur", "person": "Claire Roux", "is_organiser": true, "scopes": scopes }));
        assert_eq!(
            shown(site, &format!("bearer  {key} ")).await.0,
            StatusCode::OK,
            "RFC 9110, 11.1: whatever the case"
        );
        let (kind, text) = mail_to(&site.app, "claire@departement.example").await.unwrap();
        assert!(kind == "security" && text.contains("clé d’accès") && !text.contains(&key), "{text}");
        for table in ["api_tokens", "audit_entries", "outgoing_mails"] {
            assert!(rows(&site.app, table).await.iter().all(|row| !row.contains(&key[3..])), "{table}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_no_key_is_told_how_to_come_in() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let key = made(&claire, &[("nom", "tableur"), ("identity", "oui")]).await;
        let session = claire.cookie("session").unwrap();
        let cut = &key[..key.len() - 1];
        for wrong in ["", "Bearer", "Bearer ", &format!("Basic {key}"), &key, &format!("Bearer {cut}")] {
            let (status, kind, way, told) = shown(site, wrong).await;
            assert_eq!((status, way.as_deref()), (StatusCode::UNAUTHORIZED, Some("Bearer")), "{wrong}");
            assert_eq!((kind.as_str(), &told["status"]), ("application/problem+json", &json!(401)));
        }
        assert_eq!(shown(site, &format!("Bearer {session}")).await.0, StatusCode::UNAUTHORIZED, "a session is none");
        assert_eq!(site.browser.get("/api/v1/token").send().await.0.status(), StatusCode::UNAUTHORIZED);
    })
    .await;
}

#[tokio::test]
async fn a_key_without_the_scope_is_refused_what_it_was_not_made_for() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let key = made(&claire, &[("nom", "courrier"), ("delivery-status", "oui")]).await;
        let (status, kind, _, told) = shown(site, &format!("Bearer {key}")).await;
        assert_eq!((status, kind.as_str()), (StatusCode::FORBIDDEN, "application/problem+json"));
        assert!(told["detail"].as_str().unwrap().contains("identity"), "{told}");
    })
    .await;
}

#[tokio::test]
async fn a_cook_is_given_no_scope_of_organisers_though_she_sends_it() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
        let offered = |page: &crate::support::html::Html| {
            page.inside("fieldset", "input").into_iter().filter_map(|it| it.attribute("name")).count()
        };
        assert_eq!(offered(&claire.get(KEYS).await.page), 5);
        assert_eq!(offered(&cook.get(KEYS).await.page), 1);
        let alone = cook.post(KEYS, &[("nom", "courrier"), ("delivery-status", "oui")]).await;
        assert!(alone.status == StatusCode::UNPROCESSABLE_ENTITY && alone.page.by_id("droits-error").is_some());
        let first = alone.page.by_id("droits").unwrap();
        assert_eq!(
            (first.name.as_str(), first.attribute("aria-invalid")),
            ("input", Some("true")),
            "the link leads to it"
        );
        let key = made(&cook, &[("nom", "tableur"), ("delivery-status", "oui"), ("identity", "oui")]).await;
        assert_eq!(shown(site, &format!("Bearer {key}")).await.3["scopes"], json!(["identity"]));
    })
    .await;
}

#[tokio::test]
async fn a_key_organises_no_more_than_its_person_who_lacks_the_second_factor() {
    on_each_database(async |site| {
        let (claire, _, _) = with_telephone(site).await;
        claire.post("/organisation/acces/invitations", &[("courriel", "luc@departement.example")]).await;
        let luc = accept(&site.app, &site.browser, "luc@departement.example").await;
        let fields = [("nom", "courrier"), ("delivery-status", "oui"), ("identity", "oui")];
        let (his, hers) = (made(&luc, &fields).await, made(&claire, &fields).await);
        claire.post("/organisation/acces/regle", &[("second_facteur", "oui")]).await;
        for (key, expected) in [(&his, StatusCode::FORBIDDEN), (&hers, StatusCode::OK)] {
            let request = site.browser.post("/api/v1/delivery-status").body("?");
            let answer = request.header("authorization", format!("Bearer {key}")).send().await.0;
            assert_eq!(answer.status(), expected);
        }
        assert_eq!(shown(site, &format!("Bearer {his}")).await.0, StatusCode::OK, "what everybody's key may do");
        assert_eq!(luc.get(KEYS).await.page.inside("fieldset", "input").len(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_last_use_of_a_key_is_noted_to_the_hour() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let key = made(&claire, &[("nom", "tableur"), ("identity", "oui")]).await;
        assert!(claire.get(KEYS).await.page.texts(".card")[0].contains("jamais utilisée"));
        site.app.clock.advance(TimeDelta::days(1));
        let first = site.app.clock.now();
        for minutes in [0, 20, 40] {
            site.app.clock.advance(TimeDelta::minutes(minutes));
            assert_eq!(shown(site, &format!("Bearer {key}")).await.0, StatusCode::OK);
            assert_eq!(used_at(site).await, Some(first), "after {minutes} more minutes");
        }
        assert!(claire.get(KEYS).await.page.texts(".card")[0].contains("utilisée le 17"));
        site.app.clock.advance(TimeDelta::seconds(1));
        shown(site, &format!("Bearer {key}")).await;
        assert_eq!(used_at(site).await, Some(site.app.clock.now()));
    })
    .await;
}

#[tokio::test]
async fn a_refused_key_keeps_what_was_typed_and_a_person_has_twenty() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let long = "x".repeat(81);
        let refused = claire.post(KEYS, &[("nom", long.as_str()), ("identity", "oui")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused.page.by_id("nom").unwrap().attribute("value"), Some(long.as_str()));
        let ticked =
            refused.page.inside("fieldset", "input").into_iter().find(|it| it.names().any(|it| it == "checked"));
        assert_eq!(ticked.unwrap().attribute("name"), Some("identity"));
        assert_eq!(claire.post(KEYS, &[]).await.page.inside(".refusal", "a").len(), 2);
        for number in 0..20 {
            made(&claire, &[("nom", &format!("clé {number}")), ("identity", "oui")]).await;
        }
        let more = claire.post(KEYS, &[("nom", "une de trop"), ("identity", "oui")]).await;
        assert!(more.page.texts(".error")[0].contains("20") && rows(&site.app, "api_tokens").await.len() == 20);
    })
    .await;
}

#[tokio::test]
async fn a_command_makes_a_key_and_prints_it_once() {
    on_each_database(async |site| {
        organiser(&site.app, &site.browser).await;
        let same = same_database(site);
        let create = |rest: &[&str]| {
            let line = [&["token", "create"], rest, &same.iter().map(String::as_str).collect::<Vec<_>>()].concat();
            let done = run(&line, &site.folder());
            let text = |bytes| String::from_utf8(bytes).unwrap();
            (done.status.code(), text(done.stdout), text(done.stderr))
        };
        let claire = "claire@departement.example";
        let (code, key, said) = create(&[claire, "--scope", "identity", "--name", "tableur"]);
        assert!(code == Some(0) && key.lines().count() == 1 && !said.contains(key.trim()), "{said}");
        let told = shown(site, &format!("Bearer {}", key.trim())).await.3;
        assert_eq!((&told["name"], &told["scopes"]), (&json!("tableur"), &json!(["identity"])));
        assert!(rows(&site.app, "audit_entries").await.concat().contains("operator | a créé une clé d’accès"));
        let (code, key, said) = create(&["nobody@departement.example", "--scope", "identity"]);
        assert!(code == Some(1) && key.is_empty() && said.contains("invite them first"), "{said}");
        let (code, _, said) = create(&[claire, "--scope", "everything"]);
        assert!(code == Some(2) && said.contains("identity, delivery-status"), "{said}");
        assert_eq!(create(&[claire]).0, Some(2), "a key that may do nothing");
        assert_eq!(create(&[claire, "--scope", "identity", "--name", " "]).0, Some(1));
        assert_eq!(rows(&site.app, "api_tokens").await.len(), 1);
    })
    .await;
}

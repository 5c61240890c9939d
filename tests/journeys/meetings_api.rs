//! What programs read of speed meetings, with a key and without, and the timetables they send.

mod sending;

use std::num::NonZeroU32;

use futures_util::future::join;
use poem::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::editions::{DESK, prepare};
use crate::support::{
    Site, on_each_database,
    people::{Browser, accept, member, organiser},
    routes_as_written,
};
use crate::workshop::{sql, stage, with_timetable};

const API: &str = "/api/v1/editions";
const TIMETABLE: &str = "/api/v1/editions/1/timetable";
const NOBODY: &str = "ml_00000000000000000000000000000000";

/// What was answered.
#[derive(Clone, Debug)]
struct Told {
    status: StatusCode,
    kind: String,
    tag: String,
    cache: String,
    body: String,
}

impl Told {
    fn value(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{self:?}"))
    }

    fn detail(&self) -> String {
        assert_eq!(self.kind, "application/problem+json", "{self:?}");
        self.value()["detail"].as_str().unwrap().to_owned()
    }
}

async fn ask(site: &Site, method: Method, path: &str, key: Option<&str>, sent: Option<(&str, &str)>) -> Told {
    let mut asked = site.browser.request(method, path);
    if let Some(key) = key {
        asked = asked.header("authorization", format!("Bearer {key}"));
    }
    if let Some((tag, body)) = sent {
        asked = asked.body(body.to_owned());
        if !tag.is_empty() {
            asked = asked.header("if-match", tag);
        }
    }
    let answer = asked.send().await.0;
    let header = |name: &str| answer.header(name).unwrap_or_default().to_owned();
    let (kind, tag, cache) = (header("content-type"), header("etag"), header("cache-control"));
    Told { status: answer.status(), kind, tag, cache, body: answer.into_body().into_string().await.unwrap() }
}

async fn read(site: &Site, path: &str, key: Option<&str>) -> Told {
    ask(site, Method::GET, path, key, None).await
}

async fn put(site: &Site, key: &str, tag: &str, body: &Value) -> Told {
    ask(site, Method::PUT, TIMETABLE, Some(key), Some((tag, &body.to_string()))).await
}

async fn told(site: &Site, path: &str, key: Option<&str>) -> Value {
    let told = read(site, path, key).await;
    assert_eq!(told.status, StatusCode::OK, "{path}: {told:?}");
    told.value()
}

async fn key(browser: &Browser<'_>, scope: &str) -> String {
    let made = browser.post("/mon-espace/cles", &[("nom", "tableur"), (scope, "oui")]).await;
    made.page.texts(".spelled")[0].to_owned()
}

/// The day as a program reads it, with its tag.
async fn day(site: &Site, key: &str) -> (Value, String) {
    let read = read(site, &format!("{TIMETABLE}?part=instance"), Some(key)).await;
    assert_eq!((read.status, read.cache.as_str()), (StatusCode::OK, "private, no-store"), "{read:?}");
    (read.value(), read.tag)
}

async fn solution(site: &Site, key: &str) -> Value {
    told(site, &format!("{TIMETABLE}?part=solution"), Some(key)).await
}

/// A timetable of the day with these meetings.
fn of(day: &Value, meetings: &Value) -> Value {
    json!({ "format": "meet-solution/1", "instance": day["name"], "status": "feasible", "meetings": meetings })
}

#[tokio::test]
async fn editions_are_read_without_a_key_and_drafts_with_one_of_an_organiser_only() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        prepare(&claire).await;
        let cook = member(&site.app, &claire, "Collège des Hauts", "cook@college.example").await;
        let (ours, theirs) = (key(&claire, "meetings").await, key(&cook, "identity").await);
        for hidden in [None, Some(&*theirs)] {
            assert_eq!(told(site, API, hidden).await["editions"], json!([]), "a draft is nobody’s");
            assert_eq!(read(site, &format!("{API}/1"), hidden).await.status, StatusCode::NOT_FOUND);
        }
        assert_eq!(read(site, API, Some(NOBODY)).await.status, StatusCode::UNAUTHORIZED, "a wrong key is told so");
        assert_eq!(told(site, API, Some(&ours)).await["editions"][0]["state"], "draft");
        let draft = read(site, &format!("{API}/1"), Some(&ours)).await;
        assert_eq!((draft.status, draft.cache.as_str()), (StatusCode::OK, "private, no-store"));
        assert!(!read(site, &format!("{API}.ics"), Some(&ours)).await.body.contains("Rencontre du Velay"));

        claire.post(&format!("{DESK}/etape"), &[("geste", "avancer"), ("vu", "draft")]).await;
        let open = told(site, API, None).await["editions"][0].clone();
        assert_eq!((&open["title"], &open["state"]), (&json!("Rencontre du Velay"), &json!("registration")));
        assert_eq!((&open["commune"], &open["commune_name"]), (&json!("43268"), &json!("Yssingeaux")));
        let one = told(site, &format!("{API}/1"), None).await;
        assert_eq!((&one["held_on"], &one["sessions"][0]["starts_at"]), (&json!("2027-05-20"), &json!("09:30")));
        assert_eq!(one["slots"][0]["starts_at"], "2027-05-20T09:30:00+02:00");
        assert_eq!(one["tables"].as_array().unwrap().len(), 18);
        assert!(one["url"].as_str().unwrap().ends_with("/rencontres/rencontre-du-velay-2027"), "{one}");
        let feed = read(site, &format!("{API}.ics"), None).await;
        assert!(feed.status == StatusCode::OK && feed.kind.starts_with("text/calendar"), "{feed:?}");
        assert!(feed.body.contains("SUMMARY:Rencontre du Velay"), "{feed:?}");
        for missing in ["9", "x", "-1", "99999999999999999999"] {
            let refused = read(site, &format!("{API}/{missing}"), None).await;
            let expected = (StatusCode::NOT_FOUND, "application/problem+json");
            assert_eq!((refused.status, refused.kind.as_str()), expected, "{missing}");
        }
    })
    .await;
}

#[tokio::test]
async fn who_comes_who_wishes_whom_and_the_timetable_are_for_keys_of_organisers_of_this_scope() {
    on_each_database(async |site| {
        let claire = stage(site).await;
        let cook = member(&site.app, &claire, "Collège des Hauts", "cook@college.example").await;
        let (ours, other) = (key(&claire, "meetings").await, key(&claire, "identity").await);
        let none = cook.post("/mon-espace/cles", &[("nom", "tableur"), ("meetings", "oui")]).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY, "a cook makes no key of organisers");
        let cooks = key(&cook, "identity").await;
        let parts = ["participants", "wishes", "timetable?part=instance", "timetable?part=solution"];
        let each = parts.iter().map(|part| (Method::GET, *part)).chain([(Method::PUT, "timetable")]);
        for (method, part) in each.clone() {
            let path = format!("{API}/1/{part}");
            let ask = async |path: &str, key| {
                let sent = (method == Method::PUT).then_some(("\"x\"", "{}"));
                let told = ask(site, method.clone(), path, key, sent).await;
                assert_eq!(told.status.is_success(), told.kind == "application/json", "{told:?}");
                told.status
            };
            for stranger in [None, Some(NOBODY)] {
                assert_eq!(ask(&path, stranger).await, StatusCode::UNAUTHORIZED, "{part}");
            }
            assert_eq!(ask(&path, Some(&other)).await, StatusCode::FORBIDDEN, "{part}: of another scope");
            assert_eq!(ask(&path, Some(&cooks)).await, StatusCode::FORBIDDEN, "{part}: of a cook");
            assert_eq!(ask(&format!("{API}/9/{part}"), Some(&cooks)).await, StatusCode::FORBIDDEN, "{part}");
            assert_eq!(ask(&format!("{API}/9/{part}"), Some(&ours)).await, StatusCode::NOT_FOUND, "{part}");
            let allowed = if method == Method::PUT { StatusCode::PRECONDITION_FAILED } else { StatusCode::OK };
            assert_eq!(ask(&path, Some(&ours)).await, allowed, "{part}");
        }
        // Neither is a browser’s session a key.
        assert_eq!(claire.get(&format!("{API}/1/wishes")).await.status, StatusCode::UNAUTHORIZED);
        claire.post("/organisation/acces/invitations", &[("courriel", "luc@departement.example")]).await;
        let luc = accept(&site.app, &site.browser, "luc@departement.example").await;
        luc.post("/organisation/acces/1/retrait", &[]).await;
        for (method, part) in each {
            let refused = ask(site, method, &format!("{API}/1/{part}"), Some(&ours), None).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{part}: no organiser any more");
        }
    })
    .await;
}

#[tokio::test]
async fn participants_and_wishes_are_told_as_organisers_see_them() {
    on_each_database(async |site| {
        let claire = stage(site).await;
        let ours = key(&claire, "meetings").await;
        sql(site, "UPDATE wishes SET rank = NULL WHERE participant_id = 1 AND wished_id = 6").await;
        sql(site, "UPDATE participants SET state = 'withdrawn', seat = NULL WHERE id = 5").await;
        sql(site, "UPDATE participants SET leaves_at = 720, maximum_wished = 2, needs = 'rampe' WHERE id = 1").await;
        let all = told(site, &format!("{API}/1/participants"), Some(&ours)).await["participants"].clone();
        assert_eq!(all.as_array().unwrap().len(), 6);
        let of = |id: i64| all.as_array().unwrap().iter().find(|one| one["id"] == id).unwrap().clone();
        assert_eq!((&of(1)["name"], &of(1)["side"]), (&json!("Cantine 1"), &json!("canteen")));
        assert_eq!((&of(1)["leaves_at"], &of(1)["maximum"]), (&json!("12:00"), &json!(2)));
        assert_eq!(of(5)["state"], "withdrawn");
        assert!(!all.to_string().contains("rampe"), "what somebody needs to come in is for the desk");
        let wishes = told(site, &format!("{API}/1/wishes"), Some(&ours)).await["wishes"].clone();
        let wishes = wishes.as_array().unwrap();
        assert!(wishes.contains(&json!({ "from": 1, "to": 6, "rank": null })), "{wishes:?}");
        assert!(wishes.contains(&json!({ "from": 1, "to": 4, "rank": 1 })), "{wishes:?}");
        assert!(wishes.iter().all(|wish| wish["from"] != 5 && wish["to"] != 5), "{wishes:?}");
    })
    .await;
}

#[tokio::test]
async fn published_versions_are_read_and_a_timetable_that_breaks_a_rule_says_which() {
    on_each_database(async |site| {
        let claire = with_timetable(site).await;
        let ours = key(&claire, "meetings").await;
        let path = |part: &str, version: &str| format!("{TIMETABLE}?part={part}&version={version}");
        for version in ["1", "published"] {
            assert_eq!(read(site, &path("solution", version), Some(&ours)).await.status, StatusCode::NOT_FOUND);
        }
        let all = solution(site, &ours).await;
        sql(site, "INSERT INTO publications (edition_id, number, published_at) VALUES (1, 1, '2027-03-16 07:20:00+00:00')").await;
        let frozen = "INSERT INTO published_appointments SELECT 1, canteen_id, canteen_copy, supplier_id, supplier_copy, slot, table_number FROM appointments";
        sql(site, frozen).await;
        // Organisers go on, and cannot hold what was published: nobody asked any more.
        sql(site, "DELETE FROM appointments WHERE canteen_id = 3").await;
        sql(site, "DELETE FROM wishes WHERE participant_id = 3 OR wished_id = 3").await;
        assert_eq!(solution(site, &ours).await["meetings"].as_array().unwrap().len(), 6);
        for version in ["1", "published"] {
            let (day, held) = join(
                told(site, &path("instance", version), Some(&ours)),
                told(site, &path("solution", version), Some(&ours)),
            )
            .await;
            assert_eq!(held["meetings"].as_array().unwrap().len(), all["meetings"].as_array().unwrap().len());
            assert_eq!(day["wishes"].as_array().unwrap().len(), 9, "each meeting is a wish of its own day");
        }
        for (query, name) in [("", "part"), ("?part=all", "part"), ("?part=solution&version=x", "version")] {
            let wrong = read(site, &format!("{TIMETABLE}{query}"), Some(&ours)).await;
            assert!(wrong.status == StatusCode::BAD_REQUEST && wrong.detail().starts_with(name), "{query}: {wrong:?}");
        }

        sql(site, "UPDATE wishes SET rank = NULL WHERE participant_id = 1 AND wished_id = 4").await;
        let avoided = read(site, &format!("{TIMETABLE}?part=solution"), Some(&ours)).await;
        assert_eq!(avoided.status, StatusCode::CONFLICT, "{avoided:?}");
        let said = avoided.detail();
        assert!(said.contains("Cantine 1 et Ferme 4") && said.contains("préfère ne pas rencontrer"), "{said}");
        let (day, _) = day(site, &ours).await;
        assert_eq!(day["wishes"].as_array().unwrap().len(), 5, "no program is to hold it");
        sql(site, "UPDATE participants SET state = 'withdrawn', seat = NULL WHERE id = 2").await;
        let gone = read(site, &format!("{TIMETABLE}?part=solution"), Some(&ours)).await;
        assert!(gone.detail().contains("Cantine 2 et Ferme 5") && gone.detail().contains("ne vient plus"), "{gone:?}");
        sql(site, "DELETE FROM edition_tables").await;
        let bare = read(site, &format!("{TIMETABLE}?part=instance"), Some(&ours)).await;
        assert!(bare.status == StatusCode::CONFLICT && bare.detail().contains("tables"), "{bare:?}");
    })
    .await;
}

#[tokio::test]
async fn who_asks_too_much_waits_here_too() {
    let site = Site::with(|config| config.requests_per_minute = NonZeroU32::new(2).unwrap()).await;
    for _ in 0..2 {
        assert_eq!(read(&site, API, None).await.status, StatusCode::OK);
    }
    let refused = ask(&site, Method::PUT, TIMETABLE, Some(NOBODY), None).await;
    assert_eq!((refused.status, refused.kind.as_str()), (StatusCode::TOO_MANY_REQUESTS, "application/problem+json"));
}

#[tokio::test]
async fn the_document_describes_these_addresses_with_examples() {
    let site = Site::new().await;
    let document = told(&site, "/api/v1/openapi.json", None).await;
    let text = routes_as_written();
    let routes = text.lines().filter_map(|line| line.trim().strip_prefix(".at(\"")?.split('"').next());
    let ours: Vec<String> =
        routes.filter(|path| path.starts_with(API)).map(|path| path.replace(":key", "{key}")).collect();
    assert!(ours.len() == 6, "{ours:?}");
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
    let put = &document["paths"][format!("{API}/{{key}}/timetable")]["put"];
    assert!(!put["requestBody"]["content"]["application/json"]["example"].is_null());
    assert_eq!(put["security"], json!([{ "key": [] }]));
    // Everything that is named is there.
    let text = document.to_string();
    for name in text.split("\"$ref\":\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(document.pointer(name).is_some(), "{name}");
    }
}

//! Every address of the site that is not for everybody, with everybody who may ask.

use std::fs;

use manger_local::accounts;
use manger_local::mail::EmailAddress;
use poem::http::StatusCode;
use sea_orm::ConnectionTrait;

use crate::support::{
    Site,
    people::{Browser, organiser, path_of},
    post,
};

/// Who may use the addresses under a heading of `routes.rs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum May {
    Everybody,
    SignedIn,
    Organisers,
    Nobody,
}

const HEADINGS: [(&str, May); 8] = [
    ("Everybody", May::Everybody),
    ("Whoever wants to come in", May::Everybody),
    ("Whoever is signed in", May::SignedIn),
    ("Organisers", May::Organisers),
    ("Everybody, in the demonstration", May::Nobody),
    ("Programs", May::Everybody),
    ("Browsers and crawlers", May::Everybody),
    ("Monitors", May::Everybody),
];

/// Each address with whether it is read, sent to, and who may.
fn routes() -> Vec<(String, bool, bool, May)> {
    let text = fs::read_to_string("src/routes.rs").unwrap();
    let (mut may, mut found) = (None, Vec::new());
    for line in text.lines().map(str::trim) {
        if let Some(heading) = line.strip_prefix("// ") {
            may = HEADINGS.iter().find(|(known, _)| *known == heading).map(|(_, may)| *may);
            assert!(may.is_some(), "nobody says who may use what stands under « {heading} »");
        }
        if let Some(path) = line.strip_prefix(".at(\"").and_then(|rest| rest.split('"').next()) {
            let rest = &line[line.find(path).unwrap() + path.len()..];
            found.push((
                path.to_owned(),
                rest.contains("get("),
                rest.contains("post("),
                may.expect("a heading before"),
            ));
        }
    }
    found
}

#[tokio::test]
async fn each_address_is_open_to_those_it_is_for_and_looks_like_nothing_to_others() {
    let site = Site::new().await;
    post::write(&site.app, "visit/1", 1).await;
    let claire = organiser(&site.app, &site.browser).await;
    let link =
        accounts::invite_organiser(&site.app, &EmailAddress::parse("cook@college.example").unwrap()).await.unwrap();
    let cook = Browser::new(&site.browser);
    cook.post(&path_of(&link), &[]).await;
    site.app.db.execute_unprepared("UPDATE people SET is_organiser = FALSE WHERE email LIKE 'cook%'").await.unwrap();
    let stranger = Browser::new(&site.browser);
    let (routes, mut looked_at) = (routes(), 0);
    for (path, is_read, is_sent, may) in &routes {
        // Their own journeys send to what everybody may use.
        if *may == May::Everybody {
            continue;
        }
        looked_at += 1;
        let path = path.replace(":id", "1");
        // What would end a session or change what the next address needs is asked of nobody who may.
        let harmless = !path.ends_with("/fin");
        for (who, browser, allowed) in [
            ("the stranger", &stranger, false),
            ("the cook", &cook, *may == May::SignedIn),
            ("the organiser", &claire, matches!(may, May::SignedIn | May::Organisers)),
        ] {
            if *is_read {
                let status = browser.get(&path).await.status;
                let led = who == "the stranger" && *may != May::Nobody;
                let expected = if allowed {
                    StatusCode::OK
                } else if led {
                    StatusCode::SEE_OTHER
                } else {
                    StatusCode::NOT_FOUND
                };
                assert_eq!(status, expected, "{who} reads {path}");
            }
            if *is_sent && (harmless || !allowed) {
                let status = browser.post(&path, &[("nom", "Quelqu’un")]).await.status;
                assert_eq!(
                    status,
                    if allowed { StatusCode::SEE_OTHER } else { StatusCode::NOT_FOUND },
                    "{who} sends to {path}"
                );
            }
        }
    }
    assert!(looked_at >= 15, "the routes are read: {looked_at} of {}", routes.len());
}

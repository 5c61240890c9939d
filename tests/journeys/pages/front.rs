//! The home page, the texts, the charter, and the links between all pages.

use chrono::TimeDelta;
use manger_local::web::french;
use poem::http::StatusCode;

use super::{fill, filled, json_ld, links, read, shown};
use crate::support::{Site, people::Browser};

#[tokio::test]
async fn the_home_page_shows_what_is_in_season_and_every_example_finds_somebody() {
    let site = filled().await;
    let page = shown(&site, "/").await;
    assert!(
        page.contains("En Haute-Loire, l’annuaire réunit 5 fournisseurs") && page.contains("En mars, en Haute-Loire"),
        "{page}"
    );
    assert!(page.contains("<b>Lentilles</b><span class=\"count\">3 fournisseurs</span>"), "{page}");
    assert!(page.contains("/annuaire?product=poireau&#38;month=3"), "leeks are sold in March: {page}");
    assert!(!page.contains("<b>Tomates</b>"), "nobody sells tomatoes in March");
    let tries = page.split("class=\"try\"").nth(1).unwrap().split("</p>").next().unwrap();
    assert!(!links(tries).is_empty(), "{tries}");
    for link in links(tries) {
        assert!(!shown(&site, &link).await.contains("class=\"empty\""), "{link} finds nobody");
    }
    let site_data = json_ld(&page);
    assert_eq!(site_data["@type"], "WebSite");
    let target = site_data["potentialAction"]["target"]["urlTemplate"].as_str().unwrap();
    assert!(target.ends_with("/annuaire?q={search_term_string}"), "{target}");
}

#[tokio::test]
async fn an_empty_directory_has_a_home_page_without_tiles() {
    let site = Site::new().await;
    let page = shown(&site, "/").await;
    assert!(page.contains("L’annuaire se prépare") && !page.contains("class=\"tiles"), "{page}");
}

#[tokio::test]
async fn an_operator_replaces_our_texts_by_theirs_and_the_policy_stays() {
    let site = Site::with(|config| {
        config.texts_dir = Some(config.data_dir.clone());
        config.contact_email = Some("annuaire@departement.example".to_owned());
    })
    .await;
    assert!(shown(&site, "/mentions-legales").await.contains("mailto:annuaire@departement.example"));
    let own = "<html><body><h1>Qui nous sommes</h1><script>alert(1)</script></body></html>";
    std::fs::write(site.folder().join("legal.html"), own).unwrap();
    let answer = site.browser.get("/mentions-legales").send().await;
    let policy = answer.0.header("content-security-policy").unwrap().to_owned();
    assert!(policy.contains("script-src 'self';"), "{policy}");
    let page = answer.0.into_body().into_string().await.unwrap();
    assert!(page.contains("<h1>Qui nous sommes</h1>") && !page.contains("<h1>Mentions légales"), "{page}");
    assert!(page.matches("<body").count() == 1 && page.contains("Manger local"), "{page}");
}

#[tokio::test]
async fn the_charter_is_shown_in_the_demonstration_only() {
    let site = filled().await;
    site.browser.get("/charte").send().await.assert_status(StatusCode::NOT_FOUND);
    assert!(!shown(&site, "/").await.contains("/charte"));
    let demo = Site::with(|config| config.demo = true).await;
    fill(&demo).await;
    let page = shown(&demo, "/charte").await;
    assert!(page.contains("preuve expirée") && page.contains("card supplier"), "{page}");
}

#[tokio::test]
async fn time_passes_in_the_demonstration_only() {
    for is_demo in [false, true] {
        let site = Site::with(|config| config.demo = is_demo).await;
        let visitor = Browser::new(&site.browser);
        let began = site.app.clock.now();
        let mut passed = TimeDelta::zero();
        for (word, by) in
            [("heure", TimeDelta::hours(1)), ("jour", TimeDelta::days(1)), ("semaine", TimeDelta::weeks(1))]
        {
            let answer = visitor.post("/demo/courrier/temps", &[("dans", word)]).await;
            passed += by;
            if is_demo {
                assert_eq!(site.app.clock.now() - began, passed, "{word}");
                let page = visitor.get(&answer.location.unwrap()).await.page.texts("main").concat();
                let day = french::moment(site.app.local(site.app.clock.now())).replace('\u{a0}', " ");
                assert!(page.contains(&day), "{day}: {page}");
            } else {
                assert_eq!(answer.status, StatusCode::NOT_FOUND);
                assert_eq!(site.app.clock.now(), began);
            }
        }
    }
}

#[tokio::test]
async fn no_page_links_to_nothing() {
    let site = filled().await;
    let mut waiting = vec!["/".to_owned(), "/annuaire/gaec-des-genets?near=43157".to_owned()];
    let mut seen = std::collections::HashSet::new();
    while let Some(path) = waiting.pop() {
        // Filters of the search lead to ever more filters.
        let is_search = path.starts_with("/annuaire?");
        if !seen.insert(path.clone()) || (is_search && seen.len() > 200) {
            continue;
        }
        let (status, page) = read(&site, &path).await;
        assert!(status.is_success() || status.is_redirection(), "{path}: {status}");
        if page.starts_with("<!doctype html>") && !is_search {
            waiting.extend(links(&page));
        }
    }
    assert!(seen.len() > 20, "{seen:?}");
}

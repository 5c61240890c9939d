//! What other sites, crawlers, browsers and printers find of the directory.

use index::codes::{Certification, Family, Kind};
use manger_local::directory::{self, Position};
use poem::http::StatusCode;
use serde_json::Value;

use crate::api::fill;
use crate::support::{Site, on_each_database};

async fn text(site: &Site, path: &str) -> String {
    let answer = site.browser.get(path.to_owned()).send().await;
    assert_eq!(answer.0.status(), StatusCode::OK, "{path}");
    answer.0.into_body().into_string().await.unwrap()
}

#[tokio::test]
async fn the_site_is_ready_once_the_index_was_built() {
    on_each_database(async |site| {
        let early = site.browser.get("/ready").send().await;
        early.assert_status(StatusCode::SERVICE_UNAVAILABLE);
        early.assert_text("not ready: the index is being built\n").await;
        directory::step(&site.app, Position::default()).await.unwrap();
        site.browser.get("/ready").send().await.assert_status_is_ok();
    })
    .await;
}

#[tokio::test]
async fn the_sitemap_names_every_published_listing_and_no_other() {
    on_each_database(async |site| {
        fill(site).await;
        let map = text(site, "/sitemap.xml").await;
        assert!(map.contains("/annuaire/ferme-des-lentilles</loc><lastmod>2027-03-16</lastmod>"), "{map}");
        assert_eq!(map.matches("<lastmod>").count(), 5);
        let robots = text(site, "/robots.txt").await;
        assert!(robots.contains("/sitemap.xml"), "{robots}");
        for loc in map.split("<loc>").skip(1).filter_map(|rest| rest.split("</loc>").next()) {
            let path = loc.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..])).unwrap();
            text(site, path).await;
        }
        assert_eq!(text(site, "/sitemap/1.xml").await.matches("<lastmod>").count(), 5);
        for beyond in ["/sitemap/2.xml", "/sitemap/0.xml", "/sitemap/x.xml", "/sitemap/99999999999999999999.xml"] {
            site.browser.get(beyond).send().await.assert_status(StatusCode::NOT_FOUND);
        }
    })
    .await;
}

#[tokio::test]
async fn a_browser_learns_how_to_search_from_its_address_bar() {
    let site = Site::with(|config| config.site_name = "Manger & boire <ici>".to_owned()).await;
    let home = text(&site, "/").await;
    assert!(home.contains("type=\"application/opensearchdescription+xml\" href=\"/opensearch.xml\""), "{home}");
    let description = text(&site, "/opensearch.xml").await;
    assert!(description.contains("/annuaire?q={searchTerms}"), "{description}");
    assert!(description.contains("<ShortName>Manger &amp; boire &lt;</ShortName>"), "{description}");
}

#[tokio::test]
async fn the_results_tell_search_engines_what_they_list() {
    let site = Site::new().await;
    fill(&site).await;
    let page = text(&site, "/annuaire?q=lentilles").await;
    let json = page.split("<script type=\"application/ld+json\">").nth(1).unwrap().split("</script>").next().unwrap();
    let graph: Value = serde_json::from_str(json).unwrap();
    assert_eq!(graph["@graph"][0]["@type"], "ItemList");
    let first = &graph["@graph"][0]["itemListElement"][0];
    assert!(first["url"].as_str().unwrap().ends_with("/annuaire/ferme-des-lentilles"), "{first}");
    assert_eq!(graph["@graph"][1]["@type"], "BreadcrumbList");
    assert!(page.contains("<meta property=\"og:title\" content=\"Lentilles\">"));
    // A name is a name, in a script too.
    let all = text(&site, "/annuaire?q=pain").await;
    assert!(all.contains("=HYPERLINK(") && !all.contains("</script><"), "{all}");
}

#[tokio::test]
async fn the_search_may_be_framed_by_the_sites_of_the_settings_only() {
    let site = Site::with(|config| config.embed_origins = vec!["https://www.hauteloire.fr".parse().unwrap()]).await;
    fill(&site).await;
    let framed = site.browser.get("/recherche/integree?q=lentilles").send().await;
    let policy = framed.0.header("content-security-policy").unwrap().to_owned();
    assert!(policy.ends_with("frame-ancestors https://www.hauteloire.fr"), "{policy}");
    let page = framed.0.into_body().into_string().await.unwrap();
    assert!(page.contains("Ferme des Lentilles") && !page.contains("site-head"), "{page}");
    let links = page.split("<a ").skip(1).filter_map(|rest| rest.split('>').next());
    assert!(links.clone().count() >= 2);
    for link in links {
        assert!(link.contains("target=\"_blank\" rel=\"noopener\"") && link.contains("href=\"http"), "{link}");
    }
    let other = site.browser.get("/annuaire").send().await;
    assert!(other.0.header("content-security-policy").unwrap().ends_with("frame-ancestors 'none'"));
    let guide = text(&site, "/recherche/integration").await;
    assert!(guide.contains("&#60;iframe src=") && guide.contains("https://www.hauteloire.fr"), "{guide}");
}

#[tokio::test]
async fn the_list_to_print_holds_everything_found() {
    on_each_database(async |site| {
        fill(site).await;
        let page = text(site, "/annuaire?view=print&per_page=1").await;
        for name in ["Ferme des Lentilles", "Ferme cachée", "Ferme hors de la carte", "Ferme à deux offres"] {
            assert!(page.contains(name), "{name}");
        }
        site.browser.get("/annuaire?view=print&month=13").send().await.assert_status(StatusCode::BAD_REQUEST);
        assert!(text(site, "/annuaire?q=carottes").await.contains("view=print"));
    })
    .await;
}

#[tokio::test]
async fn the_ground_of_the_map_is_drawn_once_and_kept_by_browsers() {
    on_each_database(async |site| {
        let answer = site.browser.get("/annuaire/contours.geojson").send().await;
        answer.assert_content_type("application/geo+json");
        let tag = answer.0.header("etag").unwrap().to_owned();
        assert!(answer.0.header("cache-control").unwrap().contains("max-age=86400"));
        let ground: Value = answer.0.into_body().into_json().await.unwrap();
        let kinds = |kind: &str| {
            let features = ground["features"].as_array().unwrap().iter();
            features.filter(|feature| feature["properties"]["kind"] == kind).count()
        };
        assert_eq!((kinds("department"), kinds("commune")), (1, 257));
        assert!(kinds("epci") >= 11);
        let again = site.browser.get("/annuaire/contours.geojson").header("if-none-match", &tag).send().await;
        again.assert_status(StatusCode::NOT_MODIFIED);
    })
    .await;
}

#[tokio::test]
async fn the_page_about_the_api_offers_requests_that_run() {
    let site = Site::new().await;
    fill(&site).await;
    let page = text(&site, "/api").await;
    let links: Vec<&str> = page.split("href=\"/api/v1/").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(links.len() >= 8, "{links:?}");
    for link in links {
        text(&site, &format!("/api/v1/{}", link.replace("&#38;", "&"))).await;
    }
}

#[tokio::test]
async fn the_document_describes_every_code_and_shows_answers_that_are_true_to_it() {
    let site = Site::new().await;
    let document: Value = serde_json::from_str(&text(&site, "/api/v1/openapi.json").await).unwrap();
    let codes = |name: &str| document["components"]["parameters"][name]["schema"]["items"]["enum"].clone();
    let all = |codes: Vec<&str>| Value::from(codes);
    assert_eq!(codes("family"), all(Family::ALL.iter().map(|code| code.code()).collect()));
    assert_eq!(codes("certification"), all(Certification::ALL.iter().map(|code| code.code()).collect()));
    assert_eq!(codes("kind"), all(Kind::ALL.iter().map(|code| code.code()).collect()));
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let answers = operation["responses"].as_object().unwrap();
            assert!(answers.contains_key("429") && answers.contains_key("405"), "{method} {path}");
            let refusals = answers.iter().filter(|(status, _)| status.starts_with(['4', '5']));
            for (status, answer) in refusals {
                let content = answer["content"].as_object().unwrap();
                assert!(content.contains_key("application/problem+json"), "{method} {path} {status}");
            }
        }
    }
}

//! What a visitor sees when something goes wrong.

use std::num::NonZeroU32;

use manger_local::web::{Error, Gate};
use poem::{
    Endpoint, EndpointExt, Request, Route, get, handler,
    http::{Method, StatusCode, Version},
    test::TestClient,
};
use serde_json::Value;

use crate::support::Site;

#[tokio::test]
async fn an_unknown_address_offers_the_way_on_in_french() {
    let site = Site::new().await;
    let answer = site.browser.get("/nulle-part").send().await;
    answer.assert_status(StatusCode::NOT_FOUND);
    answer.assert_content_type("text/html; charset=utf-8");
    let page = answer.0.into_body().into_string().await.unwrap();
    assert!(page.contains("Cette page n’existe pas") && page.contains("href=\"/annuaire\""), "{page}");
}

#[tokio::test]
async fn programs_get_a_problem_document() {
    let site = Site::new().await;
    let answer = site.browser.get("/api/v1/nothing").send().await;
    answer.assert_status(StatusCode::NOT_FOUND);
    answer.assert_content_type("application/problem+json");
    let problem: Value = answer.0.into_body().into_json().await.unwrap();
    assert_eq!((&problem["status"], &problem["title"]), (&404.into(), &"Not Found".into()));
}

#[tokio::test]
async fn a_method_that_makes_no_sense_is_refused() {
    let site = Site::new().await;
    let answer = site.browser.post("/robots.txt").send().await;
    answer.assert_status(StatusCode::METHOD_NOT_ALLOWED);
    answer.assert_header("allow", "GET, HEAD");
}

#[handler]
fn panics() -> String {
    panic!("the name of a cook")
}

#[handler]
fn breaks() -> Result<String, Error> {
    Err(Error::broken("reading the suppliers")("relation \"suppliers\" does not exist"))
}

#[tokio::test]
async fn our_own_faults_show_a_reference_and_no_detail() {
    let site = Site::new().await;
    let routes = Route::new().at("/panics", get(panics)).at("/breaks", get(breaks)).at("/api/breaks", get(breaks));
    let browser = TestClient::new(Gate::new(routes, site.app.clone()).boxed());
    for path in ["/panics", "/breaks", "/api/breaks"] {
        let answer = browser.get(path).send().await;
        answer.assert_status(StatusCode::INTERNAL_SERVER_ERROR);
        let id = answer.0.header("x-request-id").unwrap().to_owned();
        let body = answer.0.into_body().into_string().await.unwrap();
        assert!(body.contains(&id), "{path} does not say {id}: {body}");
        assert!(!body.contains("cook") && !body.contains("relation"), "{path}: {body}");
    }
}

#[tokio::test]
async fn what_is_too_heavy_is_refused_before_it_is_read() {
    let site = Site::new().await;
    let answer = site.browser.post("/").header("content-length", 5_000_000).send().await;
    answer.assert_status(StatusCode::PAYLOAD_TOO_LARGE);
    let answer = site.browser.post("/").header("transfer-encoding", "chunked").send().await;
    answer.assert_status(StatusCode::LENGTH_REQUIRED);
}

#[handler]
fn takes(body: String) -> String {
    body
}

#[tokio::test]
async fn a_body_of_unsaid_length_is_refused_whatever_the_version_of_http() {
    let site = Site::new().await;
    let gate = Gate::new(Route::new().at("/", get(takes).post(takes).put(takes).delete(takes)), site.app.clone());
    let ask = async |method: Method, version, length: Option<&str>| {
        let mut request = Request::builder().method(method).version(version);
        if let Some(length) = length {
            request = request.header("content-length", length);
        }
        gate.call(request.body("x".repeat(2_000_000))).await.unwrap().status()
    };
    for version in [Version::HTTP_11, Version::HTTP_2] {
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
            assert_eq!(ask(method, version, None).await, StatusCode::LENGTH_REQUIRED);
        }
        assert_eq!(ask(Method::POST, version, Some("0")).await, StatusCode::OK, "an empty form");
        assert_eq!(ask(Method::GET, version, None).await, StatusCode::OK);
    }
}

#[tokio::test]
async fn who_asks_too_much_is_told_when_to_come_back() {
    let site = Site::with(|config| config.requests_per_minute = NonZeroU32::new(3).unwrap()).await;
    for _ in 0..3 {
        site.browser.get("/").send().await.assert_status_is_ok();
    }
    let page = site.browser.get("/").send().await;
    page.assert_status(StatusCode::TOO_MANY_REQUESTS);
    page.assert_header_exist("retry-after");
    let problem = site.browser.get("/api/v1/nothing").send().await;
    problem.assert_status(StatusCode::TOO_MANY_REQUESTS);
    problem.assert_content_type("application/problem+json");
    // The style of the page that says so, and the monitor, are not refused.
    site.browser.get("/assets/css/base.css").send().await.assert_status_is_ok();
    site.browser.get("/health").send().await.assert_status_is_ok();
}

#[tokio::test]
async fn the_telephones_of_a_hall_share_an_address_and_are_not_refused() {
    let site = Site::with(|config| config.requests_per_minute = NonZeroU32::new(3).unwrap()).await;
    for path in ["fil", "version", "jour/1"] {
        for _ in 0..10 {
            let answer = site.browser.get(format!("/rencontres/du-velay/{path}")).send().await;
            assert_ne!(answer.0.status(), StatusCode::TOO_MANY_REQUESTS, "{path}");
        }
    }
    let refused = site.browser.get("/rencontres/du-velay/version").send().await;
    refused.assert_status(StatusCode::TOO_MANY_REQUESTS);
    // They took nothing from others, and what only looks like theirs is counted with those.
    for _ in 0..3 {
        let other = site.browser.get("/rencontres/du-velay/version/autre").send().await;
        other.assert_status(StatusCode::NOT_FOUND);
    }
    site.browser.get("/").send().await.assert_status(StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn an_address_said_by_a_stranger_does_not_escape_the_limit() {
    let site = Site::with(|config| config.requests_per_minute = NonZeroU32::MIN).await;
    site.browser.get("/").header("x-forwarded-for", "192.0.2.1").send().await.assert_status_is_ok();
    let again = site.browser.get("/").header("x-forwarded-for", "192.0.2.2").send().await;
    again.assert_status(StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_visitor_has_an_allowance() {
    let site = Site::with(|config| {
        config.requests_per_minute = NonZeroU32::MIN;
        config.trusted_proxies = vec!["0.0.0.0".parse().unwrap(), "10.0.0.0/8".parse().unwrap()];
    })
    .await;
    let ask = async |hops: &str| site.browser.get("/").header("x-forwarded-for", hops).send().await.0.status();
    assert_eq!(ask("192.0.2.1, 10.0.0.7").await, StatusCode::OK);
    assert_eq!(ask("192.0.2.2, 10.0.0.7").await, StatusCode::OK);
    // What a visitor writes in front of the proxy's word changes nothing.
    assert_eq!(ask("203.0.113.9, 192.0.2.1, 10.0.0.7").await, StatusCode::TOO_MANY_REQUESTS);
}

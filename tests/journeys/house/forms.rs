//! Forms that another site cannot send.

use manger_local::web::{Csrf, Form, Gate};
use poem::{Route, endpoint::BoxEndpoint, get, handler, http::StatusCode, test::TestClient};
use serde::Deserialize;

use crate::support::{Site, browser};

#[derive(Deserialize)]
struct Report {
    words: String,
}

#[handler]
fn show(csrf: Csrf) -> String {
    csrf.field()
}

#[handler]
fn report(Form(Report { words }): Form<Report>) -> String {
    words
}

async fn site_with_a_form() -> TestClient<BoxEndpoint<'static>> {
    let site = Site::new().await;
    let routes = Route::new().at("/report", get(show).post(report));
    browser(Gate::new(routes, site.app.clone()))
}

/// What a browser keeps of a page with a form: its cookie and the token of the form.
async fn opened(browser: &TestClient<BoxEndpoint<'static>>) -> (String, String) {
    let page = browser.get("/report").send().await;
    let cookie = page.0.header("set-cookie").unwrap().to_owned();
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let field = page.0.into_body().into_string().await.unwrap();
    (cookie, field.rsplit('"').nth(1).unwrap().to_owned())
}

#[tokio::test]
async fn a_form_drawn_for_this_browser_is_taken() {
    let browser = site_with_a_form().await;
    let (cookie, token) = opened(&browser).await;
    let again = browser.get("/report").header("cookie", &cookie).send().await;
    again.assert_header_is_not_exist("set-cookie");
    let fields = [("_token", token.as_str()), ("words", "Le numéro a changé")];
    let sent = browser.post("/report").header("cookie", &cookie).form(&fields).send().await;
    sent.assert_status_is_ok();
    sent.assert_text("Le numéro a changé").await;
}

#[tokio::test]
async fn without_its_token_a_form_is_refused_and_what_was_typed_is_kept() {
    let browser = site_with_a_form().await;
    let (cookie, token) = opened(&browser).await;
    let typed = "L’adresse <b>n’est plus</b> la bonne";
    for (cookie, token) in [(cookie.as_str(), "0123456789abcdef0123456789abcdef"), ("", token.as_str()), ("", "")] {
        let fields = [("_token", token), ("words", typed)];
        let sent = browser.post("/report").header("cookie", cookie).form(&fields).send().await;
        sent.assert_status(StatusCode::FORBIDDEN);
        let page = sent.0.into_body().into_string().await.unwrap();
        assert!(page.contains("Envoyer de nouveau") && page.contains("name=\"words\""), "{page}");
        assert!(page.contains("L’adresse &#60;b&#62;n’est plus"), "{page}");
        assert!(!page.contains("value=\"0123456789abcdef"), "the bad token is offered again: {page}");
    }
}

#[tokio::test]
async fn a_form_that_stood_on_another_site_is_refused_whatever_it_brings() {
    let browser = site_with_a_form().await;
    let (cookie, token) = opened(&browser).await;
    let fields = [("_token", token.as_str()), ("words", "Bonjour")];
    let sent = browser.post("/report").header("cookie", &cookie).header("sec-fetch-site", "cross-site").form(&fields);
    sent.send().await.assert_status(StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_form_cut_short_is_a_bad_request() {
    let browser = site_with_a_form().await;
    let (cookie, token) = opened(&browser).await;
    let sent = browser.post("/report").header("cookie", &cookie).form(&[("_token", token)]).send().await;
    sent.assert_status(StatusCode::BAD_REQUEST);
}

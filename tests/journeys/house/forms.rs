//! Forms that another site cannot send.

use manger_local::web::{Csrf, Form, Gate, Upload};
use poem::{
    Route,
    endpoint::BoxEndpoint,
    get, handler,
    http::StatusCode,
    test::{TestClient, TestForm, TestFormField},
};
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

/// What came with a file, and how large each was.
#[handler]
fn bring(upload: Upload<Report, { 64 * 1024 }>) -> String {
    let files = upload.files.iter().map(|file| format!("{}={}:{}", file.field, file.name, file.bytes.len()));
    [upload.typed.words.clone()].into_iter().chain(files).collect::<Vec<_>>().join(" ")
}

async fn site_with_a_form() -> TestClient<BoxEndpoint<'static>> {
    let site = Site::new().await;
    let routes = Route::new().at("/report", get(show).post(report)).at("/files", get(show).post(bring));
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
        assert_eq!(page.contains("Autorisez-les pour ce site"), cookie.is_empty(), "{page}");
    }
}

#[tokio::test]
async fn only_what_somebody_wrote_is_shown_again() {
    let browser = site_with_a_form().await;
    let fields = [("_token", ""), ("vu", "f00d"), ("suite", "/mon-espace"), ("words", " ")];
    let page = browser.post("/report").form(&fields).send().await.0.into_body().into_string().await.unwrap();
    assert!(page.contains("name=\"vu\" value=\"f00d\""), "it is sent again all the same: {page}");
    assert!(!page.contains("<blockquote>") && !page.contains("Ce que vous avez écrit"), "{page}");
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

fn file(field: &str, name: &str, bytes: usize) -> TestFormField {
    TestFormField::bytes(vec![b'x'; bytes]).name(field).filename(name)
}

#[tokio::test]
async fn a_form_with_files_is_taken_like_any_other_form() {
    let browser = site_with_a_form().await;
    let (cookie, token) = opened(&browser).await;
    let form = TestForm::new()
        .field(file("proof", "../etiquette.pdf", 40_000))
        .text("_token", &token)
        .field(file("proof", "empty.pdf", 0))
        .field(file("photo", "", 0))
        .text("words", "Deux preuves");
    let sent = browser.post("/files").header("cookie", &cookie).multipart(form).send().await;
    sent.assert_text("Deux preuves proof=etiquette.pdf:40000 proof=empty.pdf:0").await;
    let plain = browser.post("/files").header("cookie", &cookie).form(&[("_token", token.as_str()), ("words", "Sans")]);
    plain.send().await.assert_text("Sans").await;
}

#[tokio::test]
async fn files_from_elsewhere_without_their_token_or_too_heavy_are_refused() {
    let browser = site_with_a_form().await;
    let (cookie, token) = opened(&browser).await;
    let with = |token: &str, bytes| {
        TestForm::new().text("_token", token).text("words", "Mon texte").field(file("a", "a", bytes))
    };
    let elsewhere = browser.post("/files").header("cookie", &cookie).header("sec-fetch-site", "cross-site");
    elsewhere.multipart(with(&token, 10)).send().await.assert_status(StatusCode::FORBIDDEN);
    let stale = browser.post("/files").header("cookie", &cookie).multipart(with("", 10)).send().await;
    stale.assert_status(StatusCode::FORBIDDEN);
    let page = stale.0.into_body().into_string().await.unwrap();
    assert!(page.contains("value=\"Mon texte\"") && page.contains("choisir encore une fois"), "{page}");
    let heavy = browser.post("/files").header("cookie", &cookie).multipart(with(&token, 70_000)).send().await;
    heavy.assert_status(StatusCode::PAYLOAD_TOO_LARGE);
    let cut = browser.post("/files").header("cookie", &cookie).content_type("multipart/form-data; boundary=x");
    cut.body("--x\r\nContent-Disposition: form-data; name=\"words\"\r\n\r\nMon")
        .send()
        .await
        .assert_status(StatusCode::BAD_REQUEST);
    let nameless = browser.post("/files").header("cookie", &cookie).content_type("multipart/form-data").body("x");
    assert!(nameless.send().await.0.status().is_client_error());
    let large = browser.post("/report").header("cookie", &cookie).content_type("multipart/form-data; boundary=x");
    large.body(vec![b'x'; 2 * 1024 * 1024]).send().await.assert_status(StatusCode::PAYLOAD_TOO_LARGE);
}

//! Whatever is typed gets an answer.

use poem::http::StatusCode;

use super::cast::fill;
use crate::support::on_each_database;

/// Everything that is asked with words.
const ADDRESSES: [&str; 10] = [
    "/annuaire",
    "/annuaire.csv",
    "/annuaire.xlsx",
    "/annuaire.geojson",
    "/recherche/integree",
    "/api/v1/suppliers",
    "/api/v1/suppliers.geojson",
    "/api/v1/suggestions",
    "/api/v1/communes",
    "/annuaire?view=print",
];

#[tokio::test]
async fn hostile_words_get_an_answer() {
    on_each_database(async |site| {
        fill(site).await;
        let words = [
            "a".repeat(10_000),
            "é ".repeat(5_000),
            "\"lentilles\" AND (NOT pommes) OR *:* ~2 ^3 [a TO b] {x}".to_owned(),
            "'; DROP TABLE suppliers; --".to_owned(),
            "\\ % _ ' \" ` $(x) ${y} <script>alert(1)</script>".to_owned(),
            "🥕🍎👩‍🌾 lentilles".to_owned(),
            "\0\u{1}\u{2}\u{7f}\u{200b}\u{202e}\u{feff}".to_owned(),
            "ﷺ Ⅷ ǆ ﬁ ﬀ ß İ ı".to_owned(),
            "-".repeat(500),
            " \t\n ".to_owned(),
        ];
        for word in &words {
            let q = serde_urlencoded::to_string([("q", word)]).unwrap();
            for address in ADDRESSES {
                let join = if address.contains('?') { '&' } else { '?' };
                let answer = site.browser.get(format!("{address}{join}{q}")).send().await;
                assert_eq!(
                    answer.0.status(),
                    StatusCode::OK,
                    "{address} {}",
                    word.chars().take(30).collect::<String>()
                );
            }
        }
    })
    .await;
}

#[tokio::test]
async fn what_was_typed_is_shown_as_text() {
    on_each_database(async |site| {
        fill(site).await;
        for address in ["/annuaire", "/recherche/integree", "/annuaire?view=print&a=b"] {
            let join = if address.contains('?') { '&' } else { '?' };
            let asked = format!("{address}{join}q=%3C%2Fscript%3E%3Cimg+src%3Dx+onerror%3Dalert(1)%3E%22%27");
            let page = site.browser.get(asked).send().await.0.into_body().into_string().await.unwrap();
            assert!(!page.contains("<img src=x") && !page.contains("</script><img"), "{address}");
        }
    })
    .await;
}

#[tokio::test]
async fn odd_addresses_and_bodies_are_refused_in_good_order() {
    on_each_database(async |site| {
        fill(site).await;
        for query in ["%", "%zz=%zz", "q=%FF%FE", "a=b&&&==&q", "q=a&q=b&page=1&page=2", "lat=1e400&lon=1", "page=%00"]
        {
            let status = site.browser.get(format!("/api/v1/suppliers?{query}")).send().await.0.status();
            assert!(status == StatusCode::OK || status == StatusCode::BAD_REQUEST, "{query}: {status}");
        }
        let post = |kind: &'static str, body: &'static str| {
            site.browser
                .post("/api/v1/suppliers/search")
                .header("content-type", kind)
                .header("content-length", body.len())
                .body(body)
                .send()
        };
        for (kind, body, status) in [
            ("application/json", "", StatusCode::BAD_REQUEST),
            ("application/json", "{", StatusCode::BAD_REQUEST),
            ("application/json", "null", StatusCode::BAD_REQUEST),
            ("application/json", "[]", StatusCode::BAD_REQUEST),
            ("application/json", "{\"month\":[1e9]}", StatusCode::BAD_REQUEST),
            ("application/json", "{\"q\":5}", StatusCode::BAD_REQUEST),
            ("application/json", "{\"q\":\"\\u0000\"}", StatusCode::OK),
            ("application/json", "{}", StatusCode::OK),
            ("text/plain", "{}", StatusCode::UNSUPPORTED_MEDIA_TYPE),
            ("application/xml", "<q/>", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ] {
            let answer = post(kind, body).await;
            assert_eq!(answer.0.status(), status, "{kind} {body}");
        }
        for (method, path) in [("DELETE", "/api/v1/suppliers"), ("PUT", "/api/v1/suppliers/LENTILLES")] {
            let method = poem::http::Method::from_bytes(method.as_bytes()).unwrap();
            let answer = site.browser.request(method, path).send().await;
            answer.assert_status(StatusCode::METHOD_NOT_ALLOWED);
            answer.assert_content_type("application/problem+json");
        }
    })
    .await;
}

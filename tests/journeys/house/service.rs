//! Monitors, and headers on every answer.

use manger_local::directory;
use poem::http::StatusCode;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::support::{Site, on_each_database};

#[tokio::test]
async fn a_monitor_learns_that_the_site_lives_and_is_ready() {
    on_each_database(async |site| {
        site.browser.get("/health").send().await.assert_status_is_ok();
        site.browser.get("/ready").send().await.assert_status(StatusCode::SERVICE_UNAVAILABLE);
        directory::step(&site.app, directory::Position::default()).await.unwrap();
        site.browser.get("/ready").send().await.assert_status_is_ok();
    })
    .await;
}

#[tokio::test]
async fn without_its_database_the_site_lives_and_is_not_ready() {
    let site = Site::new().await;
    site.app.db.clone().close().await.unwrap();
    site.browser.get("/health").send().await.assert_status_is_ok();
    site.browser.get("/ready").send().await.assert_status(StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn figures_are_for_this_machine_or_for_who_has_the_token() {
    let site = Site::with(|config| config.metrics_token = Some("secret-of-the-monitor".to_owned())).await;
    let asked = site.browser.get("/metrics").send().await;
    asked.assert_status(StatusCode::NOT_FOUND);
    let asked = site.browser.get("/metrics").header("authorization", "Bearer wrong").send().await;
    asked.assert_status(StatusCode::NOT_FOUND);
    let asked = site.browser.get("/metrics").header("authorization", "Bearer secret-of-the-monitor").send().await;
    asked.assert_status_is_ok();
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let site = Site::new().await;
    for path in ["/", "/health", "/robots.txt", "/nothing-here", "/api/v1/nothing", "/manifest.webmanifest"] {
        let answer = site.browser.get(path).send().await;
        let headers = answer.0.headers();
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert!(policy.ends_with("frame-ancestors 'none'"), "{path}: {policy}");
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["cross-origin-opener-policy"], "same-origin", "{path}");
        assert!(headers.contains_key("x-request-id") && headers.contains_key("referrer-policy"), "{path}");
        assert!(!headers.contains_key("strict-transport-security"), "{path} is not on TLS");
        assert!(!headers.contains_key("set-cookie"), "{path} holds no form");
    }
}

#[tokio::test]
async fn on_tls_browsers_are_told_to_stay_on_it_and_map_tiles_are_allowed() {
    let site = Site::with(|config| {
        config.public_url = Some("https://manger.example.fr".parse().unwrap());
        config.tiles_url = Some("https://tiles.example.fr/{z}/{x}/{y}.png".parse().unwrap());
    })
    .await;
    let answer = site.browser.get("/").send().await;
    answer.assert_header("strict-transport-security", "max-age=31536000");
    let policy = answer.0.header("content-security-policy").unwrap();
    assert!(policy.contains("img-src 'self' data: https://tiles.example.fr;"), "{policy}");
}

#[tokio::test]
async fn a_head_says_the_length_and_sends_nothing() {
    let site = Site::new().await;
    let page = site.browser.get("/").send().await.0.into_body().into_bytes().await.unwrap();
    let head = site.browser.head("/").send().await;
    head.assert_status_is_ok();
    head.assert_header("content-length", page.len());
    head.assert_text("").await;
}

#[tokio::test]
async fn a_page_the_browser_still_has_is_not_sent_again() {
    let site = Site::new().await;
    let tag = site.browser.get("/").send().await.0.header("etag").unwrap().to_owned();
    let again = site.browser.get("/").header("if-none-match", &tag).send().await;
    again.assert_status(StatusCode::NOT_MODIFIED);
    again.assert_text("").await;
}

#[tokio::test]
async fn a_page_is_compressed_for_who_can_read_it() {
    let site = Site::new().await;
    let answer = site.browser.get("/").header("accept-encoding", "gzip, br").send().await;
    answer.assert_header("content-encoding", "br");
    answer.assert_header("vary", "accept-encoding");
    site.browser.get("/").send().await.assert_header_is_not_exist("content-encoding");
}

#[tokio::test]
async fn sqlite_is_opened_so_that_readers_and_one_writer_do_not_wait() {
    let site = Site::new().await;
    let pragma = async |name: &str| -> String {
        let statement = Statement::from_string(DbBackend::Sqlite, format!("PRAGMA {name}"));
        let row = site.app.db.query_one_raw(statement).await.unwrap().unwrap();
        row.try_get_by_index::<String>(0).or_else(|_| row.try_get_by_index::<i64>(0).map(|n| n.to_string())).unwrap()
    };
    assert_eq!(pragma("journal_mode").await, "wal");
    assert_eq!(pragma("foreign_keys").await, "1");
    assert_eq!(pragma("synchronous").await, "2");
    assert_eq!(pragma("busy_timeout").await, "10000");
}

#[tokio::test]
async fn one_reads_while_another_writes_and_a_dropped_write_leaves_no_trace() {
    on_each_database(async |site| {
        site.app.db.execute_unprepared("CREATE TABLE note (words TEXT)").await.unwrap();
        let count = async || {
            let statement =
                Statement::from_string(site.app.db.get_database_backend(), "SELECT count(*) AS n FROM note");
            site.app.db.query_one_raw(statement).await.unwrap().unwrap().try_get::<i64>("", "n").unwrap()
        };
        let write = site.app.write().await.unwrap();
        write.execute_unprepared("INSERT INTO note VALUES ('bonjour')").await.unwrap();
        assert_eq!(count().await, 0, "seen before the commit");
        drop(write);
        assert_eq!(count().await, 0, "a dropped write was kept");
        let write = site.app.write().await.unwrap();
        write.execute_unprepared("INSERT INTO note VALUES ('bonjour')").await.unwrap();
        write.commit().await.unwrap();
        assert_eq!(count().await, 1);
    })
    .await;
}

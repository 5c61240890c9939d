//! Several nodes on one database.

use manger_local::{
    app::{App, Random},
    config::{Config, Presentation},
    routes, territory,
};
use poem::http::StatusCode;

use super::{NAMES, fill, seen};
use crate::support::{Site, browser, cast::visit, on_each_database, people::organiser};

/// A node of its own, which shares nothing but the database.
async fn another_node(site: &Site) -> App {
    let config = Config { presentation: Presentation::default(), ..Config::clone(&site.app.config) };
    let opened = App::open(config).await.unwrap();
    let config = Config::clone(&opened.config);
    App::with(config, opened.db, site.app.clock.clone(), Random::seeded(44))
}

#[tokio::test]
async fn another_node_follows_when_it_looks_and_one_that_starts_knows() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let other = another_node(site).await;
        let there = browser(routes::site(&other));
        let name = async || visit(&there, "/").await.texts("title")[0].to_owned();
        fill(&claire, NAMES, &[("site", "Velay à table")]).await;
        assert!(name().await.ends_with("Manger local en Haute-Loire"), "not before it looks");
        territory::refresh(&other).await.unwrap();
        assert!(name().await.ends_with("Velay à table en Haute-Loire"));
        let newcomer = another_node(site).await;
        assert_eq!(newcomer.config.presented().site_name, "Velay à table");
        drop(there);
        other.db.close().await.unwrap();
        newcomer.db.close().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn of_two_who_save_at_the_same_moment_one_is_told() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let luc = organiser(&site.app, &site.browser).await;
        let both_saw = seen(&claire, NAMES).await;
        luc.get(NAMES).await;
        let first = [("site", "Un"), ("vu", both_saw.as_str())];
        let second = [("site", "Deux"), ("vu", both_saw.as_str())];
        let (first, second) = tokio::join!(claire.post(NAMES, &first), luc.post(NAMES, &second));
        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [StatusCode::SEE_OTHER, StatusCode::CONFLICT]);
    })
    .await;
}

//! Who opens what of a visit that is there: desks are for organisers, a registration for whoever it belongs to.

use poem::http::StatusCode;

use super::{address, date, program, register, standings};
use crate::support::{
    on_each_database,
    people::{Browser, member},
    routes_as_written,
};

/// Addresses of the site under a beginning, with the rows that are there; whether each is read and sent to.
fn addresses(under: &str) -> Vec<(String, bool, bool)> {
    let text = routes_as_written();
    let lines = text.lines().filter_map(|line| line.trim().strip_prefix(".at(\""));
    let split = lines.filter_map(|line| line.split_once('"')).filter(|(path, _)| path.starts_with(under));
    let named =
        |path: &str| path.replace(":key", "1").replace(":registration", "1").replace(":way", "1").replace(":file", "1");
    split.map(|(path, rest)| (named(path), rest.contains("get("), rest.contains("post("))).collect()
}

#[tokio::test]
async fn desks_are_for_organisers_and_a_registration_for_whom_it_belongs_to() {
    on_each_database(async |site| {
        let (claire, key) = program(site).await;
        let date = date(site, &key, 3).await;
        register(site, &key, date, "ana", 2).await;
        let ana = member(&site.app, &claire, "Collège ana", &address("ana")).await;
        let ben = member(&site.app, &claire, "Collège ben", &address("ben")).await;
        let stranger = Browser::new(&site.browser);
        let before = standings(site, date).await;
        let desks = addresses("/organisation/visites");
        let own = addresses("/visites/inscription/");
        assert!(desks.len() == 28 && own.len() == 14, "{desks:?} {own:?}");
        for (path, is_read, is_sent) in desks.iter().chain(&own) {
            if *is_read {
                assert_eq!(stranger.get(path).await.status, StatusCode::SEE_OTHER, "{path}");
                assert_eq!(ben.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
            }
            if *is_sent {
                assert_eq!(stranger.post(path, &[]).await.status, StatusCode::FORBIDDEN, "{path}");
                let fields = [("geste", "retirer"), ("personnes", "1"), ("raison", "Non"), ("sur", "oui")];
                assert_eq!(ben.post(path, &fields).await.status, StatusCode::NOT_FOUND, "{path}");
            }
        }
        assert_eq!(standings(site, date).await, before);
        for (path, is_read, _) in &desks {
            assert!(!is_read || claire.get(path).await.status == StatusCode::OK, "{path}");
        }
        assert_eq!(ana.get(&own[0].0).await.status, StatusCode::OK);
        assert_eq!(claire.get(&own[0].0).await.status, StatusCode::NOT_FOUND, "an organiser has the desk");
    })
    .await;
}

//! Organisations and their people, and those who run the territory.

use chrono::TimeDelta;
use futures_util::future::join;
use manger_local::accounts::{OrganisationKind, found, people};
use poem::http::StatusCode;
use sea_orm::ConnectionTrait;

use crate::support::{
    Site, on_each_database,
    people::{Browser, accept, invitation_of, member, organiser, rows},
};

const COOK: &str = "cook@college.example";
const HELPER: &str = "helper@college.example";
const CLAIRE: &str = "claire@departement.example";
/// The last page of 120 teams.
const THIRD: &str = "/organisation/equipes?page=3";
const LUC: &str = "luc@departement.example";

async fn status(browser: &Browser<'_>, path: &str) -> StatusCode {
    browser.post(path, &[]).await.status
}

#[tokio::test]
async fn the_last_one_stays_until_somebody_takes_over() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
        let asked = cook.get("/equipes/1/membres/2/retrait").await.page;
        assert!(
            asked.texts("h1")[0].contains("d’abord quelqu’un") && asked.texts("title")[0].contains("d’abord quelqu’un")
        );
        assert!(asked.texts(".lead")[0].contains("Sans vous"), "{:?}", asked.texts(".lead"));
        let of_others = claire.get("/equipes/1/membres/2/retrait").await.page;
        assert!(of_others.texts(".lead")[0].contains("Sans elle"), "{:?}", of_others.texts(".lead"));
        assert_eq!(cook.post("/equipes/1/membres/2/retrait", &[]).await.status, StatusCode::CONFLICT);
        assert_eq!(claire.post("/organisation/acces/1/retrait", &[]).await.status, StatusCode::CONFLICT);
        cook.post("/equipes/1/invitations", &[("courriel", HELPER)]).await;
        accept(&site.app, &site.browser, HELPER).await;
        let left = cook.post("/equipes/1/membres/2/retrait", &[]).await;
        assert_eq!(left.location.as_deref(), Some("/mon-espace?fait=depart"));
        assert_eq!(cook.get("/equipes/1").await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn several_people_act_for_one_team_and_each_may_take_out_another() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
        let mut others = Vec::new();
        for address in [HELPER, "steward@college.example"] {
            cook.post("/equipes/1/invitations", &[("courriel", address)]).await;
            others.push(accept(&site.app, &site.browser, address).await);
        }
        let home = others[1].get("/mon-espace").await.page;
        assert!(home.link("Collège des Hauts") == "/equipes/1" && home.texts("main")[0].contains("3 personnes"));
        let team = others[1].get("/equipes/1").await.page;
        assert_eq!(team.inside(".devices", "strong").len(), 3);
        let asked = others[1].get("/equipes/1/membres/2/retrait").await.page;
        assert!(asked.texts("h1")[0].contains(COOK), "it asks first, with the name");
        let taken_out = others[1].post("/equipes/1/membres/2/retrait", &[]).await;
        assert_eq!(taken_out.location.as_deref(), Some("/equipes/1?fait=retrait"));
        assert_eq!(cook.get("/equipes/1").await.status, StatusCode::NOT_FOUND);
        assert_eq!(cook.get("/mon-espace").await.status, StatusCode::OK, "her account stays");
    })
    .await;
}

#[tokio::test]
async fn a_neighbour_touches_nothing_of_a_team_not_even_by_her_own_address() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
        let grower = member(&site.app, &claire, "Ferme du Bas", "grower@ferme.example").await;
        cook.post("/equipes/1/invitations", &[("courriel", HELPER)]).await;
        let link = invitation_of(&site.app, HELPER).await;
        for path in ["/equipes/1", "/equipes/1/membres/2/retrait", "/equipes/2/membres/2/retrait", "/equipes/9"] {
            assert_eq!(grower.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        for path in ["/equipes/1/invitations/4/retrait", "/equipes/2/invitations/4/retrait"] {
            assert_eq!(status(&grower, path).await, StatusCode::NOT_FOUND, "{path}");
        }
        for path in ["/equipes/1/membres/2/retrait", "/equipes/2/membres/2/retrait", "/equipes/1/membres/3/retrait"] {
            assert_eq!(status(&grower, path).await, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(status(&cook, "/organisation/acces/invitations/4/retrait").await, StatusCode::NOT_FOUND);
        assert_eq!(cook.get("/equipes/1").await.page.inside(".devices", "strong").len(), 2, "one in, one invited");
        assert_eq!(Browser::new(&site.browser).get(&link).await.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn an_organiser_looks_at_any_team_and_mends_it() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
        assert_eq!(claire.get("/equipes/1").await.page.inside(".devices", "strong").len(), 1);
        let alone = claire.post("/equipes/1/membres/2/retrait", &[]).await;
        assert!(alone.status == StatusCode::CONFLICT && alone.page.texts(".lead")[0].contains("plus personne"));
        claire.post("/equipes/1/invitations", &[("courriel", HELPER)]).await;
        let helper = accept(&site.app, &site.browser, HELPER).await;
        let moved = claire.post("/equipes/1/membres/2/retrait", &[]).await;
        assert_eq!(moved.location.as_deref(), Some("/equipes/1?fait=retrait"));
        assert_eq!(cook.get("/equipes/1").await.status, StatusCode::NOT_FOUND);
        assert_eq!(helper.get("/equipes/1").await.status, StatusCode::OK);
        claire.post("/equipes/1/invitations", &[("courriel", COOK)]).await;
        assert_eq!(status(&claire, "/equipes/1/invitations/4/retrait").await, StatusCode::SEE_OTHER);
        assert_eq!(
            Browser::new(&site.browser).get(&invitation_of(&site.app, COOK).await).await.status,
            StatusCode::GONE
        );
    })
    .await;
}

/// Both leave at the same moment, twenty times over; each time the one who stayed lets the other in again.
async fn leave_at_once(site: &Site, mut two: [Browser<'_>; 2], team: &str, ways: [&str; 2], addresses: [&str; 2]) {
    for round in 0..20 {
        // One address may be sent five invitations a day.
        site.app.clock.advance(TimeDelta::days(1));
        let (first, second) = join(status(&two[0], ways[0]), status(&two[1], ways[1])).await;
        let stayed = match (first, second) {
            (StatusCode::CONFLICT, StatusCode::SEE_OTHER) => 0,
            (StatusCode::SEE_OTHER, StatusCode::CONFLICT) => 1,
            both => panic!("round {round}: {both:?}"),
        };
        let gone = 1 - stayed;
        let invited = two[stayed].post(&format!("{team}/invitations"), &[("courriel", addresses[gone])]).await;
        assert_eq!(invited.status, StatusCode::SEE_OTHER, "who stayed still belongs");
        two[gone] = accept(&site.app, &site.browser, addresses[gone]).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_the_last_two_of_a_team_who_leave_at_once_one_stays() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
        cook.post("/equipes/1/invitations", &[("courriel", HELPER)]).await;
        let helper = accept(&site.app, &site.browser, HELPER).await;
        let ways = ["/equipes/1/membres/2/retrait", "/equipes/1/membres/3/retrait"];
        leave_at_once(site, [cook, helper], "/equipes/1", ways, [COOK, HELPER]).await;
        assert_eq!(rows(&site.app, "memberships").await.len(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_the_last_two_organisers_who_resign_at_once_one_stays() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        claire.post("/organisation/acces/invitations", &[("courriel", LUC)]).await;
        let luc = accept(&site.app, &site.browser, LUC).await;
        let ways = ["/organisation/acces/1/retrait", "/organisation/acces/2/retrait"];
        leave_at_once(site, [claire, luc], "/organisation/acces", ways, [CLAIRE, LUC]).await;
    })
    .await;
}

/// The same when nobody waits for anybody: both read that they are two before either has left. This is what the lock of
/// the organisation prevents, and what shows that the races above can fail.
#[tokio::test]
async fn without_the_lock_a_team_is_left_with_nobody() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
        cook.post("/equipes/1/invitations", &[("courriel", HELPER)]).await;
        accept(&site.app, &site.browser, HELPER).await;
        let saw = [people(&site.app.db, 1).await.unwrap(), people(&site.app.db, 1).await.unwrap()];
        for (leaves, saw) in [2, 3].into_iter().zip(saw) {
            if saw.len() > 1 {
                let leave = format!("DELETE FROM memberships WHERE person_id = {leaves}");
                site.app.db.execute_unprepared(&leave).await.unwrap();
            }
        }
        assert!(rows(&site.app, "memberships").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn one_team_stands_once_on_the_pages_of_all_teams() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let txn = site.app.write().await.unwrap();
        for number in 0..120 {
            let name = format!("Cantine {:03}", number % 60);
            found(&txn, OrganisationKind::Canteen, &name, site.app.clock.now()).await.unwrap();
        }
        txn.commit().await.unwrap();
        let mut listed = Vec::new();
        for (page, shown) in [("", 50), ("?page=2", 50), ("?page=3", 20)] {
            let page = claire.get(&format!("/organisation/equipes{page}")).await.page;
            let links = page.inside(".letters", "a");
            assert_eq!(links.len(), shown);
            listed.extend(links.into_iter().filter_map(|link| link.attribute("href")).map(str::to_owned));
            assert!(
                page.texts("main")[0].contains("120 équipes")
                    && page.inside(".pagination", "a").iter().any(|it| it.attribute("href") == Some(THIRD))
            );
        }
        listed.sort_unstable();
        listed.dedup();
        assert_eq!(listed.len(), 120);
        assert_eq!(claire.get("/organisation/equipes?page=99").await.page.inside(".letters", "a").len(), 20);
    })
    .await;
}

#[tokio::test]
async fn a_refused_form_keeps_what_was_typed_and_founds_nothing() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let typed = [("genre", "fournisseur"), ("nom", "  Ferme <du> Bas "), ("courriel", "grower@ferme")];
        let refused = claire.post("/organisation/equipes", &typed).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.page.texts("title")[0].starts_with("À corriger"));
        let value = |id: &str| refused.page.by_id(id).unwrap().attribute("value").unwrap_or_default().to_owned();
        assert_eq!((value("nom"), value("courriel")), ("  Ferme <du> Bas ".to_owned(), "grower@ferme".to_owned()));
        let chosen = refused.page.all("input").into_iter().find(|it| it.names().any(|name| name == "checked"));
        assert_eq!(chosen.unwrap().attribute("value"), Some("fournisseur"));
        assert_eq!(refused.page.inside(".refusal", "a")[0].attribute("href"), Some("#courriel"));
        let empty = claire.post("/organisation/equipes", &[("nom", &"x".repeat(201))]).await;
        assert_eq!(empty.page.inside(".refusal", "a").len(), 3);
        let first = empty.page.by_id("genre").unwrap();
        assert_eq!(
            (first.name.as_str(), first.attribute("aria-invalid")),
            ("input", Some("true")),
            "the link leads to it"
        );
        let team = claire.post("/organisation/acces/invitations", &[("courriel", "luc at departement")]).await;
        assert!(team.status == StatusCode::UNPROCESSABLE_ENTITY && team.page.by_id("courriel-error").is_some());
        assert_eq!(team.page.by_id("courriel").unwrap().attribute("value"), Some("luc at departement"));
        assert!(rows(&site.app, "organisations").await.is_empty() && rows(&site.app, "invitations").await.is_empty());
    })
    .await;
}

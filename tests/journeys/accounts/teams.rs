//! Organisations, their people, and who is invited.

use chrono::TimeDelta;
use poem::http::StatusCode;

use crate::support::{
    on_each_database,
    people::{Browser, accept, invitation_of, mail_to, member, organiser, path_of, rows, secrets_of},
};

const COOK: &str = "cook@college.example";
const HELPER: &str = "helper@college.example";

#[tokio::test]
async fn a_cook_invites_her_helper_who_comes_into_being_by_accepting() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
        cook.post("/equipes/1/invitations", &[("courriel", HELPER)]).await;
        let link = invitation_of(&site.app, HELPER).await;
        assert!(rows(&site.app, "people").await.iter().all(|row| !row.contains(HELPER)));
        assert!(rows(&site.app, "invitations").await.iter().all(|row| !row.contains(link.rsplit('/').next().unwrap())));
        let stranger = Browser::new(&site.browser);
        for _ in 0..3 {
            assert_eq!(stranger.get(&link).await.status, StatusCode::OK, "a mail program follows links");
        }
        let seen = cook.get(&link).await;
        assert!(seen.page.texts(".notice")[0].contains(COOK), "somebody else is signed in here");
        let helper = accept(&site.app, &site.browser, HELPER).await;
        assert_eq!(stranger.post(&link, &[]).await.status, StatusCode::GONE, "once");
        assert_eq!(helper.get("/equipes/1").await.page.inside(".devices", "strong").len(), 2);
        let twice = cook.post("/equipes/1/invitations", &[("courriel", HELPER)]).await;
        assert!(twice.page.texts(".error")[0].contains("déjà partie"));
        assert_eq!(twice.page.by_id("courriel").unwrap().attribute("value"), Some(HELPER));
    })
    .await;
}

#[tokio::test]
async fn whoever_is_invited_comes_in_by_code_too_and_decides_on_her_own_page() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
        cook.post("/equipes/1/invitations", &[("courriel", HELPER)]).await;
        let helper = Browser::new(&site.browser);
        helper.post("/connexion", &[("courriel", HELPER)]).await;
        let (code, _) = secrets_of(&mail_to(&site.app, HELPER).await.unwrap().1);
        assert_eq!(helper.post("/connexion/code", &[("code", &code)]).await.location.as_deref(), Some("/mon-espace"));
        assert!(helper.get("/mon-espace").await.page.texts(".notice")[0].contains("Collège des Hauts"));
        assert_eq!(helper.get("/equipes/1").await.status, StatusCode::NOT_FOUND, "not before she says so");
        helper.post("/mon-espace/invitations/3/refus", &[]).await;
        assert!(helper.get("/mon-espace").await.page.texts(".notice").is_empty());
        cook.post("/equipes/1/invitations", &[("courriel", HELPER)]).await;
        helper.post("/mon-espace/invitations/4/acceptation", &[]).await;
        assert_eq!(helper.get("/equipes/1").await.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn an_invitation_ends_is_replaced_and_is_taken_back() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
        let gone = async |link: &str| Browser::new(&site.browser).get(link).await.status == StatusCode::GONE;
        cook.post("/equipes/1/invitations", &[("courriel", HELPER)]).await;
        let first = invitation_of(&site.app, HELPER).await;
        cook.post("/equipes/1/invitations", &[("courriel", HELPER)]).await;
        let second = invitation_of(&site.app, HELPER).await;
        assert!(gone(&first).await && !gone(&second).await);
        cook.post("/equipes/1/invitations/4/retrait", &[]).await;
        assert!(gone(&second).await);
        for _ in 0..3 {
            cook.post("/equipes/1/invitations", &[("courriel", HELPER)]).await;
        }
        let sixth = cook.post("/equipes/1/invitations", &[("courriel", HELPER)]).await;
        assert!(sixth.page.texts(".error")[0].contains("cinq invitations"), "five a day");
        let last = invitation_of(&site.app, HELPER).await;
        site.app.clock.advance(TimeDelta::days(14));
        assert!(gone(&last).await);
    })
    .await;
}

#[tokio::test]
async fn the_last_one_stays_until_somebody_takes_over() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
        assert!(cook.get("/equipes/1/membres/2/retrait").await.page.texts("h1")[0].contains("d’abord quelqu’un"));
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

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_who_leave_at_once_one_stays() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        for round in 1..=8 {
            let (first, second) = (format!("a{round}@college.example"), format!("b{round}@college.example"));
            let a = member(&site.app, &claire, &format!("Collège {round}"), &first).await;
            a.post(&format!("/equipes/{round}/invitations"), &[("courriel", &second)]).await;
            let b = accept(&site.app, &site.browser, &second).await;
            let page = a.get(&format!("/equipes/{round}")).await.page;
            let ways: Vec<String> = page
                .inside(".devices", "a")
                .into_iter()
                .filter_map(|way| way.attribute("href"))
                .map(str::to_owned)
                .collect();
            let left = tokio::join!(a.post(&ways[0], &[]), b.post(&ways[1], &[]));
            let stayed = [left.0.status, left.1.status].iter().filter(|it| **it == StatusCode::CONFLICT).count();
            assert_eq!(stayed, 1, "round {round}");
            assert_eq!(rows(&site.app, "memberships").await.len(), round);
        }
    })
    .await;
}

#[tokio::test]
async fn a_token_lets_a_program_do_what_its_scopes_say_while_its_person_may() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        let fields = [("nom", "serveur de courrier"), ("delivery-status", "oui"), ("identity", "oui")];
        let made = claire.post("/mon-espace/cles", &fields).await;
        let token = made.page.texts(".spelled")[0].to_owned();
        assert!(rows(&site.app, "api_tokens").await.iter().all(|row| !row.contains(&token)));
        assert!(claire.get("/mon-espace/cles").await.page.texts(".spelled").is_empty(), "shown once");
        let ask = async |path: &str, token: &str| {
            let asked =
                if path.ends_with("token") { site.browser.get(path) } else { site.browser.post(path).body("?") };
            asked.header("authorization", format!("Bearer {token}")).send().await.0
        };
        let known = ask("/api/v1/token", &token).await;
        assert_eq!(known.status(), StatusCode::OK);
        assert!(known.into_body().into_string().await.unwrap().contains("serveur de courrier"));
        assert_eq!(ask("/api/v1/delivery-status", &token).await.status(), StatusCode::OK);
        let wrong = ask("/api/v1/delivery-status", "ml_00000000000000000000000000000000").await;
        assert_eq!((wrong.status(), wrong.header("www-authenticate")), (StatusCode::UNAUTHORIZED, Some("Bearer")));
        claire.post("/organisation/acces/invitations", &[("courriel", "luc@departement.example")]).await;
        let luc = accept(&site.app, &site.browser, "luc@departement.example").await;
        luc.post("/organisation/acces/1/retrait", &[]).await;
        assert_eq!(
            ask("/api/v1/delivery-status", &token).await.status(),
            StatusCode::FORBIDDEN,
            "no organiser any more"
        );
        assert_eq!(luc.post("/mon-espace/cles/1/retrait", &[]).await.status, StatusCode::NOT_FOUND);
        claire.post("/mon-espace/cles/1/retrait", &[]).await;
        assert_eq!(ask("/api/v1/token", &token).await.status(), StatusCode::UNAUTHORIZED);
    })
    .await;
}

#[tokio::test]
async fn a_computer_that_others_use_forgets_by_the_evening() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        claire.post("/organisation/acces/invitations", &[("courriel", "luc@departement.example")]).await;
        let link = path_of(&format!("http://x{}", invitation_of(&site.app, "luc@departement.example").await));
        let luc = Browser::new(&site.browser);
        luc.post(&link, &[("appareil", "partage")]).await;
        site.app.clock.advance(TimeDelta::hours(11));
        assert_eq!(luc.get("/mon-espace").await.status, StatusCode::OK);
        site.app.clock.advance(TimeDelta::hours(12));
        assert_eq!(luc.get("/mon-espace").await.status, StatusCode::SEE_OTHER);
        assert_eq!(claire.get("/mon-espace").await.status, StatusCode::OK, "her own computer keeps her in");
    })
    .await;
}

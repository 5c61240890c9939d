use chrono::TimeDelta;
use mailparse::MailHeaderMap;
use manger_local::accounts;
use manger_local::directory::{self, Position};
use manger_local::favourites::tell_news;
use manger_local::mail::{EmailAddress, latest};
use manger_local::schedule::Next;
use poem::http::StatusCode;

use super::{execute, farm, filled, sells};
use crate::support::{
    Site, on_each_database,
    people::{Browser, mails_to, member, organiser, path_of, rows},
};

const COOK: &str = "cook@college.example";
const SEARCHES: &str = "/mon-espace/recherches";

async fn cook(site: &Site) -> Browser<'_> {
    let claire = organiser(&site.app, &site.browser).await;
    member(&site.app, &claire, "Collège des Hauts", COOK).await
}

/// Follows the search of an address by the form of its page.
async fn follow(browser: &Browser<'_>, address: &str) {
    let page = browser.get(address).await.page;
    let field = page.inside("form", "input").into_iter().find(|input| input.attribute("name") == Some("recherche"));
    let query = field.expect("the form stands under the results").attribute("value").unwrap().to_owned();
    let saved = browser.post(SEARCHES, &[("recherche", &query)]).await;
    assert_eq!(saved.location, Some(format!("{SEARCHES}?fait=suivi")), "{address}");
}

/// A part of the weekly work.
async fn part(site: &Site) -> Next {
    let txn = site.app.write().await.unwrap();
    let next = tell_news(&site.app, &txn, site.app.clock.now()).await.unwrap();
    txn.commit().await.unwrap();
    next
}

/// A week later, the weekly work.
async fn week(site: &Site) {
    site.app.clock.advance(TimeDelta::days(7));
    while part(site).await == Next::More {}
}

/// The digests to the cook, the latest first.
async fn digests(site: &Site) -> Vec<String> {
    let mails = mails_to(&site.app, COOK).await.into_iter();
    mails.filter(|(kind, _)| kind == "digest").map(|(_, text)| text).collect()
}

#[tokio::test]
async fn what_is_new_in_two_searches_is_told_in_one_mail_and_only_once() {
    on_each_database(async |site| {
        let position = filled(site).await;
        let cook = cook(site).await;
        follow(&cook, "/annuaire?q=carottes").await;
        follow(&cook, "/annuaire?near=43157&radius_km=20&family=FRUITS_ET_LEGUMES").await;
        let names = cook.get(SEARCHES).await.page.texts(".devices").concat();
        assert!(
            names.contains("Carottes") && names.contains("Fournisseurs près du Puy-en-Velay, à moins de 20"),
            "{names}"
        );
        week(site).await;
        assert!(digests(site).await.is_empty(), "what she saw when she asked is no news");
        let position = farm(site, position, "F3", "Ferme des Hauts", "Carottes").await;
        // One that sold something else sells carrots now.
        let position = sells(site, position, "F2", "Carottes jaunes").await;
        week(site).await;
        let told = digests(site).await;
        assert_eq!(told.len(), 1, "one mail for two searches");
        assert_eq!(told[0].matches("Ferme des Hauts").count(), 2, "in each of them: {}", told[0]);
        assert!(told[0].contains("2 fournisseurs répondent") && told[0].contains("Les Loges"), "{}", told[0]);
        assert!(told[0].contains("/annuaire/ferme-des-hauts") && !told[0].contains("Ferme du Suc"), "{}", told[0]);
        while part(site).await == Next::More {}
        week(site).await;
        assert_eq!(digests(site).await.len(), 1, "told once");
        // Whoever leaves and comes back is no news; whoever came and left meanwhile is not told.
        let position = farm(site, position, "F4", "Ferme passagère", "Carottes").await;
        execute(site, "UPDATE suppliers SET state = 'paused' WHERE reference IN ('F3', 'F4')").await.unwrap();
        week(site).await;
        assert_eq!(digests(site).await.len(), 1, "the engine still knows it, the directory shows it no more");
        execute(site, "UPDATE suppliers SET state = 'published' WHERE reference = 'F3'").await.unwrap();
        directory::step(&site.app, position).await.unwrap();
        week(site).await;
        assert_eq!(digests(site).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn work_that_runs_twice_a_day_or_breaks_off_mails_nobody_twice() {
    on_each_database(async |site| {
        let position = filled(site).await;
        cook(site).await;
        let txn = site.app.write().await.unwrap();
        for number in 0..23 {
            let email = EmailAddress::parse(&format!("cook{number}@college.example")).unwrap();
            accounts::enrol(&txn, &email, 1, site.app.clock.now()).await.unwrap();
        }
        txn.commit().await.unwrap();
        let all = "INSERT INTO saved_searches (person_id, query, name, created_at, looked_on)
            SELECT id, 'q=carottes', 'Carottes', created_at, '2027-03-16' FROM people WHERE email LIKE 'cook%'";
        assert_eq!(execute(site, all).await.unwrap(), 24);
        let count =
            async || latest(&site.app.db, 200).await.unwrap().iter().filter(|mail| mail.kind == "digest").count();
        site.app.clock.advance(TimeDelta::days(7));
        let broken = site.app.write().await.unwrap();
        tell_news(&site.app, &broken, site.app.clock.now()).await.unwrap();
        broken.rollback().await.unwrap();
        assert_eq!(count().await, 0);
        assert_eq!(part(site).await, Next::More, "a part of them");
        let some = count().await;
        assert!(some > 0 && some < 24, "{some}");
        while part(site).await == Next::More {}
        assert_eq!(count().await, 24);
        // Even if all that was noted were lost, and there were news again.
        farm(site, position, "F3", "Ferme des Hauts", "Carottes").await;
        execute(site, "UPDATE saved_searches SET looked_on = '2027-03-16'").await.unwrap();
        execute(site, "DELETE FROM saved_search_suppliers").await.unwrap();
        while part(site).await == Next::More {}
        assert_eq!(count().await, 24, "the key of the mail holds");
        week(site).await;
        assert_eq!(count().await, 48, "and it comes with the next one");
    })
    .await;
}

#[tokio::test]
async fn whoever_ends_the_digest_gets_none_until_she_wants_it_again() {
    on_each_database(async |site| {
        let position = filled(site).await;
        let cook = cook(site).await;
        follow(&cook, "/annuaire?q=carottes").await;
        let position = farm(site, position, "F3", "Ferme des Hauts", "Carottes").await;
        week(site).await;
        let mails = latest(&site.app.db, 100).await.unwrap();
        let digest = mails.iter().find(|mail| mail.kind == "digest").unwrap();
        let headers = mailparse::parse_mail(digest.message.as_bytes()).unwrap().headers;
        assert_eq!(headers.get_first_value("List-Unsubscribe-Post").as_deref(), Some("List-Unsubscribe=One-Click"));
        let way = headers.get_first_value("List-Unsubscribe").unwrap();
        let way = path_of(way.trim_matches(['<', '>']));
        let clicked = site.browser.post(way).content_type("application/x-www-form-urlencoded");
        clicked.body("List-Unsubscribe=One-Click").send().await.assert_status(StatusCode::NO_CONTENT);
        farm(site, position, "F4", "Ferme du Ruisseau", "Carottes").await;
        week(site).await;
        assert_eq!(digests(site).await.len(), 1);
        assert!(cook.get(SEARCHES).await.page.texts(".notice").concat().contains("arrêté le résumé"));
        cook.post(&format!("{SEARCHES}/reprise"), &[]).await;
        week(site).await;
        let told = digests(site).await;
        assert!(told.len() == 2 && told[0].contains("Ferme du Ruisseau"), "nothing is lost: {told:?}");
        assert!(!told[0].contains("Ferme des Hauts"), "{}", told[0]);
    })
    .await;
}

#[tokio::test]
async fn a_search_is_followed_once_twenty_at_most_and_is_its_persons_alone() {
    on_each_database(async |site| {
        filled(site).await;
        let claire = organiser(&site.app, &site.browser).await;
        let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
        let stranger = Browser::new(&site.browser);
        let public = stranger.get("/annuaire?q=carottes").await;
        assert!(!public.page.texts("button").concat().contains("nouveautés") && public.cookies.is_empty());
        follow(&cook, "/annuaire?kind=producer&month=5&q=carottes&month=4&page=2&sort=name&view=map").await;
        let twice = ["month=4&month=5&q=carottes&kind=producer", "q=carottes&kind=producer&month=5&month=4&month=4"];
        for query in twice {
            let again = cook.post(SEARCHES, &[("recherche", query)]).await;
            assert_eq!(again.location, Some(format!("{SEARCHES}?fait=deja")), "{query}");
        }
        let twins = [("recherche", "q=poireaux")];
        futures_util::future::join(cook.post(SEARCHES, &twins), cook.post(SEARCHES, &twins)).await;
        assert_eq!(rows(&site.app, "saved_searches").await.len(), 2);
        cook.post(SEARCHES, &[("recherche", "family=BOULANGERIE&month=5")]).await;
        for number in 0..17 {
            let saved = cook.post(SEARCHES, &[("recherche", &format!("q=carottes+{number}"))]).await;
            assert_eq!(saved.status, StatusCode::SEE_OTHER, "{number}");
        }
        let names = cook.get(SEARCHES).await.page.texts("strong").join(" | ");
        assert!(names.starts_with("Carottes, Producteur, avril, mai | Poireaux | Boulangerie, mai"), "{names}");
        let refused = cook.post(SEARCHES, &[("recherche", "q=lait")]).await;
        assert_eq!((refused.status, refused.page.link("Lait")), (StatusCode::CONFLICT, "/annuaire?q=lait"));
        assert_eq!(cook.post(SEARCHES, &[("recherche", "family=NONSENSE")]).await.status, StatusCode::BAD_REQUEST);
        let end = format!("{SEARCHES}/1/retrait");
        for (browser, status) in [(&claire, StatusCode::NOT_FOUND), (&cook, StatusCode::OK)] {
            assert_eq!(browser.get(&end).await.status, status);
        }
        assert_eq!(claire.post(&end, &[]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(cook.post(&end, &[]).await.location, Some(format!("{SEARCHES}?fait=retrait")));
        assert_eq!(rows(&site.app, "saved_searches").await.len(), 19);
    })
    .await;
}

#[tokio::test]
async fn an_index_that_is_not_built_makes_nobody_new() {
    on_each_database(async |site| {
        let cook = cook(site).await;
        assert_eq!(cook.post(SEARCHES, &[("recherche", "")]).await.status, StatusCode::SERVICE_UNAVAILABLE);
        let txn = site.app.write().await.unwrap();
        assert!(tell_news(&site.app, &txn, site.app.clock.now()).await.is_err(), "it is tried again");
        drop(txn);
        directory::step(&site.app, Position::default()).await.unwrap();
        assert_eq!(cook.post(SEARCHES, &[("recherche", "")]).await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn her_searches_are_in_her_file_and_go_with_her_account_while_lists_stay() {
    on_each_database(async |site| {
        filled(site).await;
        let cook = cook(site).await;
        follow(&cook, "/annuaire?q=carottes").await;
        cook.post("/annuaire/ferme-du-suc/listes", &[("cantine", "1"), ("nom", "Pour le printemps")]).await;
        let file = cook.bytes("/mon-espace/donnees/export.zip").await;
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(file)).unwrap();
        let known: serde_json::Value = serde_json::from_reader(zip.by_name("donnees.json").unwrap()).unwrap();
        assert_eq!(known["recherches_suivies"][0]["recherche"], "q=carottes");
        cook.post("/mon-espace/donnees/effacement", &[("compris", "oui")]).await;
        for table in ["saved_searches", "saved_search_suppliers"] {
            assert!(rows(&site.app, table).await.is_empty(), "{table}");
        }
        assert_eq!(rows(&site.app, "favourites").await.len(), 1, "the canteen's");
    })
    .await;
}

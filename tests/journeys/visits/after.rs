//! After a visit: thanks, once; what those who came say of it; what their kitchens would buy; figures.

use manger_local::farm_visits;
use poem::http::StatusCode;

use super::{address, date, kinds, link, program, register, shown, until};
use crate::support::{
    Site, on_each_database,
    people::{Browser, mail_to},
};

const PROGRESS: &str = "/organisation/visites/dates/1/suites";
const FIGURES: &str = "/organisation/visites/chiffres";

/// It is nine o’clock of a day: who is due is thanked, by two nodes at once.
async fn thank(site: &Site, moment: &str) {
    until(site, moment).await;
    let one = async || {
        let txn = site.app.write().await.unwrap();
        farm_visits::thank(&site.app, &txn, site.app.clock.now()).await.unwrap();
        txn.commit().await.unwrap();
    };
    futures_util::future::join(Box::pin(one()), Box::pin(one())).await;
}

/// Two registrations of a date, two people and one, and the organiser.
async fn two(site: &Site) -> Browser<'_> {
    let (claire, key) = program(site).await;
    let date = date(site, &key, 10).await;
    for (who, party) in [("ana", 2), ("ben", 1)] {
        assert_eq!(register(site, &key, date, who, party).await.status, 201);
    }
    // She looks in now and then: who does not for a month is signed out.
    until(site, "2027-04-05T08:00:00Z").await;
    claire.get("/mon-espace").await;
    claire
}

#[tokio::test]
async fn who_came_is_thanked_once_with_the_words_of_the_organiser() {
    on_each_database(async |site| {
        let claire = two(site).await;
        let ana = Browser::new(&site.browser);
        let own = link(site, "ana").await;
        assert_eq!(ana.get(&format!("{own}/avis")).await.status, StatusCode::NOT_FOUND, "it is still to come");
        let words = "Merci à tous, malgré la pluie\u{a0}!";
        assert_eq!(claire.post(PROGRESS, &[("mot", words)]).await.status, StatusCode::SEE_OTHER);
        thank(site, "2027-04-20T20:00:00Z").await;
        assert_eq!(kinds(site, "ana").await, ["visit_confirmed"], "not on the day itself");
        thank(site, "2027-04-21T07:00:00Z").await;
        thank(site, "2027-04-22T07:00:00Z").await;
        for who in ["ana", "ben"] {
            assert_eq!(kinds(site, who).await, ["visit_confirmed", "visit_thanks"], "{who}");
        }
        let (_, text) = mail_to(&site.app, &address("ana")).await.unwrap();
        assert!(text.contains(words) && text.contains("/avis"), "{text}");
        let late = claire.post(PROGRESS, &[("mot", "Encore merci")]).await;
        assert_eq!(late.location.as_deref(), Some(PROGRESS), "it has left");
        assert!(!claire.get(PROGRESS).await.page.texts("main").concat().contains("Encore merci"));
    })
    .await;
}

#[tokio::test]
async fn photographs_of_the_visit_are_announced_with_the_thanks_and_seen_where_one_says_what_it_was_like() {
    on_each_database(async |site| {
        let claire = two(site).await;
        let shown = shown::photo(&claire, "Les vaches au pré", &shown::picture(90)).await;
        assert_eq!(shown.status, StatusCode::SEE_OTHER);
        thank(site, "2027-04-21T07:00:00Z").await;
        let (_, text) = mail_to(&site.app, &address("ana")).await.unwrap();
        assert!(text.contains("photos de la visite"), "{text}");
        let page = link(site, "ana").await;
        assert_eq!(shown::alts(&Browser::new(&site.browser), &page).await, ["Les vaches au pré"]);
        let own = Browser::new(&site.browser).get(&page.replace("/avis", "")).await.page.texts("main").concat();
        assert!(own.contains("La visite a eu lieu") && !own.contains("Vous venez"), "nobody was noted: {own}");
    })
    .await;
}

#[tokio::test]
async fn who_was_not_there_is_not_thanked() {
    on_each_database(async |site| {
        let claire = two(site).await;
        until(site, "2027-04-20T12:00:00Z").await;
        let noted = [("inscription", "1"), ("venus", "2"), ("cle", "note-1")];
        claire.post("/organisation/visites/dates/1/presence", &noted).await;
        thank(site, "2027-04-21T07:00:00Z").await;
        assert_eq!(kinds(site, "ana").await, ["visit_confirmed", "visit_thanks"]);
        assert_eq!(kinds(site, "ben").await, ["visit_confirmed"], "somebody was noted, and not Ben");
        let ben = Browser::new(&site.browser);
        let own = async |who| ben.get(&link(site, who).await.replace("/avis", "")).await.page.texts("main").concat();
        let (came, missed) = (own("ana").await, own("ben").await);
        assert!(came.contains("Vous êtes venus : 2 personnes") && !came.contains("Vous venez"), "{came}");
        assert!(missed.contains("La visite a eu lieu") && !missed.contains("Vous venez"), "{missed}");
        let review = format!("{}/avis", link(site, "ben").await);
        assert_eq!(ben.get(&review).await.status, StatusCode::OK, "who was not noted may have been there");
        let absent = [("inscription", "2"), ("venus", "0"), ("cle", "note-2")];
        claire.post("/organisation/visites/dates/1/presence", &absent).await;
        assert!(own("ben").await.contains("votre absence est notée"));
        assert_eq!(ben.get(&review).await.status, StatusCode::NOT_FOUND);
        let figures = claire.get(FIGURES).await.page.texts("main").concat();
        assert!(figures.contains("3 sur 10"), "{figures}");
    })
    .await;
}

#[tokio::test]
async fn what_a_kitchen_would_buy_is_passed_on_once_and_everything_is_counted() {
    on_each_database(async |site| {
        let claire = two(site).await;
        thank(site, "2027-04-21T07:00:00Z").await;
        let (ana, form) = (Browser::new(&site.browser), link(site, "ana").await);
        let page = ana.get(&form).await.page.texts("main").concat();
        assert!(page.contains("Qu’avez-vous pensé"), "{page}");
        let half = ana.post(&form, &[("satisfaction", "4"), ("utile", "Les prix"), ("transmettre", "oui")]).await;
        assert_eq!(half.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(half.page.texts("main").concat().contains("Les prix"), "what was typed stays");
        let said = [
            ("satisfaction", "4"),
            ("utile", "Les prix"),
            ("servir", "oui"),
            ("achats", "40 kg de lentilles"),
            ("transmettre", "oui"),
        ];
        for _ in 0..2 {
            assert_eq!(ana.post(&form, &said).await.status, StatusCode::SEE_OTHER);
        }
        let (_, wanted) = mail_to(&site.app, "claire@departement.example").await.unwrap();
        assert!(wanted.contains("40 kg de lentilles") && wanted.contains(&address("ana")), "{wanted}");
        let all = manger_local::mail::latest(&site.app.db, 100).await.unwrap();
        assert_eq!(all.iter().filter(|mail| mail.kind == "visit_wanted").count(), 1, "passed on once");
        let page = ana.get(&form).await.page.texts("main").concat();
        assert!(page.contains("Transmis à la ferme le 21 avril 2027"), "{page}");
        let read = claire.get(PROGRESS).await.page.texts("main").concat();
        assert!(read.contains("Les prix") && read.contains("Collège ana, Cuisine ana"), "{read}");
        let figures = claire.get(FIGURES).await.page.texts("main").concat();
        assert!(figures.contains("2027") && figures.contains("3 sur 10") && figures.contains("Collèges"), "{figures}");
        assert!(claire.bytes(&format!("{FIGURES}.xlsx")).await.starts_with(b"PK"));
        let csv = String::from_utf8(claire.bytes(&format!("{FIGURES}.csv")).await).unwrap();
        assert!(csv.contains("Personnes venues") && !csv.contains("Cuisine ana"), "figures name nobody: {csv}");
    })
    .await;
}

//! A reader reports an error; organisers find it in their queue, answer, and keep the listing or take it out.

use poem::http::StatusCode;

use super::{accepted, import};
use crate::support::{
    on_each_database,
    people::{Browser, mail_to, mails_to, organiser, rows},
};

const REPORT: &str = "/annuaire/ferme-du-suc/signalement";
const PAGE: &str = "/organisation/annuaire/ferme-du-suc";

#[tokio::test]
async fn a_reported_listing_lands_in_the_queue_and_its_reader_hears_of_it() {
    on_each_database(async |site| {
        let (claire, julie, _) = accepted(site).await;
        let reader = Browser::new(&site.browser);
        reader.get(REPORT).await;
        let fields =
            [("sujet", "delivery"), ("message", "Ne livre plus le jeudi."), ("courriel", "chef@college.example")];
        assert_eq!(reader.post(REPORT, &fields).await.status, StatusCode::SEE_OTHER);
        reader.post(REPORT, &[("sujet", "offers"), ("message", "Plus de panais.")]).await;
        let told = mails_to(&site.app, "claire@departement.example").await;
        let told: Vec<_> = told.iter().filter(|(kind, _)| kind == "listing_reported").collect();
        assert!(told.len() == 1 && told[0].1.contains("Ne livre plus le jeudi."), "one mail while some wait: {told:?}");
        let queue = claire.get("/organisation/fiches").await.page;
        assert!(queue.texts(".letters").concat().contains("2 signalements"));
        assert_eq!(queue.link("Ferme du Suc"), PAGE);
        let page = claire.get(PAGE).await.page.texts("main").concat();
        assert!(page.contains("Plus de panais.") && page.contains("chef@college.example"), "{page}");
        claire.post(PAGE, &[("geste", "corrigee"), ("signalement", "1")]).await;
        claire.post(PAGE, &[("geste", "sans-suite"), ("signalement", "1")]).await;
        let answers = mails_to(&site.app, "chef@college.example").await;
        assert!(answers.len() == 1 && answers[0].1.contains("est corrigée"), "{answers:?}");
        claire.post(PAGE, &[("geste", "sans-suite"), ("signalement", "2")]).await;
        assert!(!claire.get("/organisation/fiches").await.page.texts("main").concat().contains("signalement"));
        for stranger in [&julie, &reader] {
            assert_ne!(stranger.get(PAGE).await.status, StatusCode::OK);
            assert_ne!(
                stranger.post(PAGE, &[("geste", "fermeture"), ("mot", "non")]).await.status,
                StatusCode::SEE_OTHER
            );
        }
        assert_eq!(site.browser.get("/annuaire/ferme-du-suc").send().await.0.status(), StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn a_listing_that_nobody_holds_is_found_by_its_name_and_taken_out() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        import(
            site,
            "Référence;Nom;Type;Code INSEE\nF1;Ferme du Suc;Producteur;43157\nF2;Ferme 100 %;Producteur;43157\n",
        )
        .await;
        for (asked, count) in [("du suc", 1), ("FERME", 2), ("%", 1), ("_", 0), ("\u{0}", 0), ("absente", 0)] {
            let encoded: String = url::form_urlencoded::byte_serialize(asked.as_bytes()).collect();
            let page = claire.get(&format!("/organisation/fiches?nom={encoded}")).await.page;
            let links = page.all("a").into_iter().filter_map(|link| link.attribute("href"));
            let found = links.filter(|href| href.starts_with("/organisation/annuaire/")).count();
            assert_eq!(found, count, "{asked}");
        }
        claire.post(PAGE, &[("geste", "fermeture"), ("mot", "Doublon.")]).await;
        assert_eq!(site.browser.get("/annuaire/ferme-du-suc").send().await.0.status(), StatusCode::NOT_FOUND);
        import(site, "Référence;Nom;Type;Code INSEE\nF1;Ferme du Suc;Producteur;43158\n").await;
        assert_eq!(site.browser.get("/annuaire/ferme-du-suc").send().await.0.status(), StatusCode::NOT_FOUND);
        claire.post(PAGE, &[("geste", "reouverture")]).await;
        assert_eq!(site.browser.get("/annuaire/ferme-du-suc").send().await.0.status(), StatusCode::OK);
        assert!(rows(&site.app, "outgoing_mails").await.iter().all(|mail| !mail.contains("listing_")));
        assert!(mail_to(&site.app, "claire@departement.example").await.is_some_and(|(kind, _)| kind == "invitation"));
    })
    .await;
}

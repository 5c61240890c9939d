//! Somebody leaves before the end of the day.

use poem::http::StatusCode;

use super::mending::{MENDING, choose, in_force, offered};
use super::tables::page;
use super::{Cast, DOOR, begin, day, later, shown};
use crate::support::{
    on_each_database,
    people::{Browser, rows},
};

/// What the desk says of everybody.
async fn desk(claire: &Browser<'_>) -> String {
    claire.get(DOOR).await.page.texts("main").concat()
}

/// Presses one button for one participant, and gives where it led.
async fn press(claire: &Browser<'_>, participant: &str, what: &str, more: &[(&str, &str)]) -> String {
    let fields = [&[("participant", participant), ("geste", what)], more].concat();
    claire.post(DOOR, &fields).await.location.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_early_meets_nobody_afterwards_and_what_was_before_stays() {
    on_each_database(async |site| {
        let Cast { claire, chef, .. } = day(site).await;
        begin(site).await;
        let before = page(site).await;
        // Its second appointment would end at 9 h 52.
        for _ in 0..2 {
            assert_eq!(press(&claire, "3", "depart", &[("heure", "9 h 50")]).await, format!("{DOOR}?dit=3"));
        }
        assert_ne!(page(site).await, before, "open pages hear of it");
        let door = claire.get(&format!("{DOOR}?dit=3")).await.page;
        let notice = door.texts(".notice").concat();
        assert!(notice.contains("Ferme du Haut : arrivé, part à 9 h 50. Réparer le planning"), "{notice}");
        let journal = claire.get("/organisation/journal").await.page.texts("main").concat();
        assert_eq!(journal.matches("a noté le départ").count(), 1, "twice pressed is once: {journal}");
        let broken = claire.get(MENDING).await.page.texts("main").concat();
        assert!(broken.contains("9 h 42, Table 1 : Lycée du Bas et Ferme du Haut (pas là à cette heure)"), "{broken}");
        assert!(!broken.contains("9 h 30"), "it is there for the first: {broken}");
        assert!(shown(&chef, 2).await.0.contains("9 h 30") && !shown(&chef, 2).await.1.contains("pas là"));
        let own = chef.get("/rencontres/rencontre-du-velay-2027/jour/2").await.page.texts(".own-day").concat();
        assert_eq!(own.matches("pas là").count(), 1, "{own}");

        let ways = offered(&claire).await;
        assert_eq!(choose(&claire, &ways[0]).await.status, StatusCode::SEE_OTHER);
        let after = in_force(site).await;
        let hers: Vec<_> = after.iter().filter(|one| one.3 == 3).collect();
        assert_eq!(hers, [&(1, 1, 1, 3)], "{after:?}");
        assert!(claire.get(MENDING).await.page.texts("main").concat().contains("Rien à réparer"));
        later(site, 85);
        let late = desk(&claire).await;
        assert!(late.contains("parti à 9 h 50") && late.contains("1 arrivé sur 5, 1 déjà reparti"), "{late}");
    })
    .await;
}

#[tokio::test]
async fn a_departure_is_taken_back_by_whoever_saw_it_and_the_arrival_stays() {
    on_each_database(async |site| {
        let Cast { claire, .. } = day(site).await;
        assert_eq!(
            press(&claire, "3", "depart", &[("heure", "bientôt")]).await,
            format!("{DOOR}?fait=heure&heure=bient%C3%B4t&pour=3&geste=depart")
        );
        assert!(rows(&site.app, "presences").await.is_empty());
        press(&claire, "3", "arrive", &[]).await;
        press(&claire, "3", "depart", &[("heure", "9 h 35")]).await;
        assert!(claire.get(MENDING).await.page.texts("main").concat().contains("9 h 42"));
        assert_eq!(press(&claire, "3", "reste", &[("vu", "1")]).await, format!("{DOOR}?fait=ailleurs"), "not seen");
        for _ in 0..2 {
            assert_eq!(press(&claire, "3", "reste", &[("vu", "2")]).await, format!("{DOOR}?dit=3"));
        }
        assert!(claire.get(MENDING).await.page.texts("main").concat().contains("Rien à réparer"));
        assert!(desk(&claire).await.contains("1 arrivé sur 5"));

        press(&claire, "4", "retard", &[("heure", "9 h 40")]).await;
        press(&claire, "4", "depart", &[("heure", "10 h")]).await;
        assert!(desk(&claire).await.contains("en retard, attendu à 9 h 40, part à 10 h"));
        press(&claire, "4", "arrive", &[]).await;
        assert!(desk(&claire).await.contains("arrivé, part à 10 h"), "who has come leaves all the same");
        press(&claire, "4", "absent", &[]).await;
        press(&claire, "4", "arrive", &[]).await;
        assert!(!desk(&claire).await.contains("part à"), "who did not come does not leave");
    })
    .await;
}

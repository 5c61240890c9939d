//! The day of one participant, its calendar, and what is printed.

use poem::http::StatusCode;
use sea_orm::ConnectionTrait;

use super::{CAST, DESK, FIRST, PAGE, arrange, gathered, of, publish};
use crate::support::{
    Site, on_each_database,
    people::{Browser, mail_to, rows, secrets_of},
};

/// Address of a participant's day: keys of organisations and participants are the same here.
fn planning(participant: usize) -> String {
    format!("{PAGE}/planning/{participant}")
}

/// A person of the cast, in by the code of a mail.
async fn enter<'a>(site: &'a Site, address: &str) -> Browser<'a> {
    let browser = Browser::new(&site.browser);
    browser.post("/connexion", &[("courriel", address)]).await;
    let (code, _) = secrets_of(&mail_to(&site.app, address).await.unwrap().1);
    let entered = browser.post("/connexion/code", &[("code", &code)]).await;
    assert_eq!(entered.location.as_deref(), Some("/mon-espace"));
    browser
}

#[tokio::test]
async fn her_own_people_and_organisers_read_a_day_and_who_wished_it_once_it_is_published() {
    on_each_database(async |site| {
        let claire = gathered(site).await;
        arrange(site, &FIRST).await;
        for (from, to, rank) in [(1, 4, "1"), (2, 4, "1"), (3, 4, "NULL")] {
            let wish = format!("INSERT INTO wishes (participant_id, wished_id, rank, made_at) VALUES ({from}, {to}, {rank}, '2027-03-16 07:00:00+00:00')");
            site.app.db.execute_unprepared(&wish).await.unwrap();
        }
        let grower = enter(site, of(4)).await;
        let early = grower.get(&planning(4)).await.page.texts("main").concat();
        assert!(early.contains("pas encore publié") && !early.contains("Hauts"), "nothing is known before: {early}");
        publish(&claire).await;
        let shown = grower.get(&planning(4)).await.page;
        let said = shown.texts("main").concat();
        assert!(said.contains("9 h 30 – 9 h 40 Table 1Collège des Hauts"), "{said}");
        assert!(said.contains("version 1") && said.contains("Lycée du Bas : vous avez rendez-vous"), "{said}");
        assert!(!said.contains("Crèche du Pré"), "who would rather not stays unknown: {said}");
        let cook = enter(site, of(1)).await;
        assert_eq!(cook.get(&planning(4)).await.status, StatusCode::NOT_FOUND, "others read nothing");
        assert_eq!(claire.get(&planning(4)).await.status, StatusCode::OK);
        assert_eq!(cook.get("/mon-espace").await.page.link("Lisez vos rendez-vous"), planning(1));
        let none = enter(site, of(6)).await.get(&planning(6)).await.page.texts("main").concat();
        assert!(none.contains("Pas de rendez-vous pour l’instant"), "{none}");
        let open = cook.get(PAGE).await.page.texts("main").concat();
        assert!(open.contains("Le planning est publié") && !open.contains("Ferme du Suc"), "{open}");
        assert_eq!(cook.get(&format!("{PAGE}/inscription/1")).await.page.link("mes rendez-vous"), planning(1));
    })
    .await;
}

#[tokio::test]
async fn a_calendar_has_each_appointment_under_an_address_that_is_shown_once_and_can_be_changed() {
    on_each_database(async |site| {
        let claire = gathered(site).await;
        arrange(site, &FIRST).await;
        publish(&claire).await;
        let cook = enter(site, of(1)).await;
        let opened = cook.post(&format!("{}/agenda", planning(1)), &[]).await.page;
        let address = opened.texts("code").concat();
        let path = format!("/{}", address.splitn(4, '/').nth(3).unwrap());
        let token = path.rsplit('/').next().unwrap().trim_end_matches(".ics").to_owned();
        assert!(!rows(&site.app, "planning_feeds").await.concat().contains(&token), "kept as a hash");
        assert!(!cook.get(&planning(1)).await.page.texts("main").concat().contains(&token), "shown once");
        let stranger = Browser::new(&site.browser);
        let text = String::from_utf8(stranger.bytes(&path).await).unwrap();
        assert!(text.contains("METHOD:PUBLISH") && text.matches("BEGIN:VEVENT").count() == 2, "{text}");
        assert!(text.contains("SUMMARY:Ferme du Suc\\, Table 1") && text.contains("T093000"), "{text}");
        assert!(!text.contains(&token), "no secret inside");
        let moved = path.replace("/planning/1/", "/planning/2/");
        for wrong in [moved.as_str(), &path.replace(".ics", ""), &path.replace(&token, "0123456789abcdef")] {
            assert_eq!(stranger.get(wrong).await.status, StatusCode::NOT_FOUND, "{wrong}");
        }
        cook.post(&format!("{}/agenda", planning(1)), &[]).await;
        assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND, "the one before ends");
        let second = cook.post(&format!("{}/agenda", planning(1)), &[]).await.page.texts("code").concat();
        let second = format!("/{}", second.splitn(4, '/').nth(3).unwrap());
        cook.post(&format!("{}/agenda/retrait", planning(1)), &[]).await;
        assert_eq!(stranger.get(&second).await.status, StatusCode::NOT_FOUND, "switched off");
    })
    .await;
}

#[tokio::test]
async fn what_is_printed_holds_everybody_and_every_table() {
    on_each_database(async |site| {
        let claire = gathered(site).await;
        arrange(site, &FIRST).await;
        let documents = format!("{DESK}/documents");
        let draft = claire.get(&format!("{documents}/plannings")).await.page.texts("footer").concat();
        assert!(draft.contains("projet, pas encore publié"), "{draft}");
        publish(&claire).await;
        let named = "INSERT INTO representatives (participant_id, number, name) VALUES (1, 1, 'Sophie Arnaud'), (1, 2, 'Paul Roche')";
        site.app.db.execute_unprepared(named).await.unwrap();
        let list = claire.get(&documents).await.page;
        let all = claire.get(list.link("Tous les documents")).await.page;
        for (what, count) in [(".planning", 6), (".sign", 18), (".hall", 1), (".desk", 1), (".badges", 1), (".wall", 1), (".bell", 1)] {
            assert_eq!(all.all(what).len(), count, "{what}");
        }
        let first = all.texts(".planning")[0];
        assert!(first.contains("Collège des HautsSophie Arnaud, Paul Roche"), "{first}");
        assert!(first.contains("9 h 30 – 9 h 40Table 1Ferme du Suc") && first.contains("version 1 du 16"), "{first}");
        let badges = all.inside(".badges", "li");
        assert_eq!(badges.len(), CAST.len() + 1, "each person one");
        assert!(all.inside(".badges", "svg").len() == badges.len(), "each with a picture to scan");
        let wall = all.texts(".wall").concat();
        assert!(wall.contains("14 h – 14 h 10") && wall.contains("Table 2 Lycée du BasFerme du Suc"), "{wall}");
        let bell = all.texts(".bell").concat();
        assert!(bell.contains("Pause jusqu’à 14 h") && bell.contains("9 h 30"), "{bell}");
        for (file, what) in [("badges", ".badges"), ("cloche", ".bell"), ("salle", ".hall")] {
            let alone = claire.get(&format!("{documents}/{file}")).await.page;
            assert_eq!((alone.all(what).len(), alone.all(".leaf").len()), (1, 1), "{file}");
        }
        assert_eq!(claire.get(&format!("{documents}/autre")).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

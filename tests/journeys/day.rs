//! The day of a speed meeting: who is at the door, what is mended, what telephones and the big screen show.

mod leaving;
mod live;
mod mending;
mod tables;

use chrono::TimeDelta;
use poem::http::{StatusCode, header};
use sea_orm::ConnectionTrait;

use crate::editions::{DESK, PAGE};
use crate::support::{
    Site, on_each_database,
    people::{Browser, member, organiser, rows},
};

const DOOR: &str = "/organisation/rencontres/1/accueil";
const COOK: &str = "cook@college.example";
const CHEF: &str = "chef@lycee.example";

/// The cast of a day. Its key is that of its organisation, too.
struct Cast<'a> {
    claire: Browser<'a>,
    /// Of the Collège des Hauts, participant 1.
    cook: Browser<'a>,
    /// Of the Lycée du Bas, participant 2.
    chef: Browser<'a>,
}

/// One of the forms of a page by what it sends to: hidden fields and their values.
pub(crate) fn hidden(page: &crate::support::html::Html, action: &str) -> Vec<Vec<(String, String)>> {
    let forms = page.all("form").into_iter().filter(|form| form.attribute("action") == Some(action));
    let fields = |form| {
        let inputs = page.all("input").into_iter().filter(|input| page.contains(form, input));
        let named = inputs.filter_map(|input| Some((input.attribute("name")?, input.attribute("value")?)));
        named.filter(|(name, _)| *name != "_token").map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    };
    forms.map(fields).collect()
}

/// A day that begins within the hour: two canteens (1, 2) and three suppliers (3 to 5), all wishing all; published:
///
/// | slot | | |
/// | --- | --- | --- |
/// | 1, 9 h 30 | 1 and 3 at table 1 | 2 and 4 at table 2 |
/// | 2, 9 h 42 | 1 and 4 at table 2 | 2 and 3 at table 1 |
/// | 3, 9 h 54 | 1 and 5 at table 1 | |
async fn day(site: &Site) -> Cast<'_> {
    let claire = organiser(&site.app, &site.browser).await;
    let fields = [
        ("titre", "Rencontre du Velay"),
        ("jour", "16/03/2027"),
        ("salle", "Salle des fêtes"),
        ("commune_nom", "Yssingeaux"),
    ];
    let begun = claire.post("/organisation/rencontres/ajout", &fields).await;
    assert_eq!(begun.location, Some(format!("{DESK}?fait=preparation")), "{:?}", begun.page.texts(".error"));
    step(&claire, "draft").await;
    let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
    let chef = member(&site.app, &claire, "Lycée du Bas", CHEF).await;
    for (name, address) in [
        ("Ferme du Haut", "haut@ferme.example"),
        ("Ferme du Milieu", "milieu@ferme.example"),
        ("Ferme du Fond", "fond@ferme.example"),
    ] {
        member(&site.app, &claire, name, address).await;
    }
    for (id, name) in [(1, "Sophie Arnaud"), (2, "Paul Roche"), (3, "Anne Vey"), (4, "Luc Pons"), (5, "Ève Brun")] {
        let kind = if id < 3 { "canteen" } else { "supplier" };
        write(
            site,
            &format!(
                "INSERT INTO participants (id, edition_id, organisation_id, side, state, seat, turn, asked_at, tables_at_once, words, needs, meals)
                 VALUES ({id}, 1, {id}, '{kind}', 'registered', {id}, {id}, '2027-03-16 07:00:00+00:00', 1, '', '', 0)"
            ),
        )
        .await;
        write(site, &format!("INSERT INTO representatives (participant_id, number, name) VALUES ({id}, 1, '{name}')"))
            .await;
    }
    for state in ["registration", "wishes"] {
        step(&claire, state).await;
    }
    write(site, "UPDATE editions SET state = 'published'").await;
    let pairs = [(1, 3), (1, 4), (1, 5), (2, 3), (2, 4), (2, 5)];
    for (rank, (canteen, supplier)) in pairs.into_iter().enumerate() {
        let rank = rank % 3 + 1;
        write(site, &format!("INSERT INTO wishes (participant_id, wished_id, rank, made_at) VALUES ({canteen}, {supplier}, {rank}, '2027-03-16 07:00:00+00:00')")).await;
    }
    publish(site, 1, &[(1, 1, 1, 3), (1, 2, 2, 4), (2, 2, 1, 4), (2, 1, 2, 3), (3, 1, 1, 5)]).await;
    Cast { claire, cook, chef }
}

async fn write(site: &Site, statement: &str) {
    site.app.db.execute_unprepared(statement).await.unwrap();
}

/// Puts a timetable in force, each meeting as slot, table, canteen and supplier.
async fn publish(site: &Site, number: i32, meetings: &[(i32, i32, i64, i64)]) {
    write(site, "DELETE FROM appointments").await;
    write(
        site,
        &format!("INSERT INTO publications (edition_id, number, published_at) VALUES (1, {number}, '2027-03-16 07:20:00+00:00')"),
    )
    .await;
    for (slot, table, canteen, supplier) in meetings {
        write(
            site,
            &format!(
                "INSERT INTO published_appointments VALUES ({number}, {canteen}, 1, {supplier}, 1, {slot}, {table})"
            ),
        )
        .await;
        write(
            site,
            &format!(
                "INSERT INTO appointments (edition_id, canteen_id, canteen_copy, supplier_id, supplier_copy, slot, table_number)
                 VALUES (1, {canteen}, 1, {supplier}, 1, {slot}, {table})"
            ),
        )
        .await;
    }
    write(site, "UPDATE editions SET live_version = live_version + 1").await;
}

/// One step forward from a state.
async fn step(claire: &Browser<'_>, from: &str) {
    let stepped = claire.post(&format!("{DESK}/etape"), &[("geste", "avancer"), ("vu", from)]).await;
    assert_eq!(stepped.status, StatusCode::SEE_OTHER, "{from}: {:?}", stepped.page.texts("main"));
}

/// Lets it be so many minutes after half past eight.
fn later(site: &Site, minutes: i64) {
    site.app.clock.advance(TimeDelta::minutes(minutes));
}

/// What one’s own page says now, and next.
async fn shown(browser: &Browser<'_>, organisation: i64) -> (String, String) {
    let page = browser.get(&format!("{PAGE}/jour/{organisation}")).await.page;
    (page.texts(".now").concat(), page.texts(".then").concat())
}

/// Lets it be the day: what is noted is no rehearsal any more.
pub(crate) async fn begin(site: &Site) {
    write(site, "UPDATE editions SET state = 'running'").await;
}

#[tokio::test]
async fn each_arrival_is_written_down_once_and_what_is_said_last_is_true() {
    on_each_database(async |site| {
        let Cast { claire, .. } = day(site).await;
        let door = claire.get(DOOR).await.page;
        let main = door.texts("main").concat();
        assert!(main.contains("0 arrivé sur 5") && main.contains("premier rendez-vous à 9 h 30, Table 1"), "{main}");
        let arrives = [("participant", "1"), ("geste", "arrive")];
        let (one, two) = futures_util::future::join(claire.post(DOOR, &arrives), claire.post(DOOR, &arrives)).await;
        assert_eq!((one.location, two.location), (Some(format!("{DOOR}?dit=1")), Some(format!("{DOOR}?dit=1"))));
        let noted = claire.get(&format!("{DOOR}?dit=1")).await.page;
        assert!(noted.texts(".notice").concat().contains("Collège des Hauts : arrivé à 8 h 30."));
        assert!(noted.texts("main").concat().contains("1 arrivé sur 5"));
        let journal = claire.get("/organisation/journal").await.page.texts("main").concat();
        assert_eq!(journal.matches("a noté l’arrivée").count(), 1, "twice pressed is once: {journal}");

        // Another tablet, which has not seen it.
        claire.post(DOOR, &[("participant", "1"), ("geste", "absent")]).await;
        assert!(claire.get(DOOR).await.page.texts("main").concat().contains("0 arrivé sur 5, 1 absent"));
        let stale = claire.post(DOOR, &[("participant", "1"), ("geste", "retour"), ("vu", "1")]).await;
        assert_eq!(stale.location, Some(format!("{DOOR}?fait=ailleurs")), "it takes back what it did not see");
        assert_eq!(rows(&site.app, "presences").await.len(), 1);
        claire.post(DOOR, &[("participant", "1"), ("geste", "retour"), ("vu", "2")]).await;
        assert!(rows(&site.app, "presences").await.is_empty());

        let refused = claire.post(DOOR, &[("participant", "2"), ("geste", "retard"), ("heure", "bientôt")]).await;
        assert_eq!(refused.location, Some(format!("{DOOR}?fait=heure&heure=bient%C3%B4t&pour=2&geste=retard")));
        claire.post(DOOR, &[("participant", "2"), ("geste", "retard"), ("heure", "10h15"), ("recherche", "bas")]).await;
        let late = claire.get(DOOR).await.page.texts("main").concat();
        assert!(late.contains("en retard, attendu à 10 h 15") && late.contains("1 en retard"), "{late}");
        for (id, status) in [("99", StatusCode::NOT_FOUND), ("x", StatusCode::NOT_FOUND)] {
            assert_eq!(claire.post(DOOR, &[("participant", id), ("geste", "arrive")]).await.status, status);
        }
        claire.post(DOOR, &[("geste", "effacer")]).await;
        assert!(rows(&site.app, "presences").await.is_empty(), "the rehearsal leaves nothing");
        step(&claire, "published").await;
        claire.post(DOOR, &arrives).await;
        claire.post(DOOR, &[("geste", "effacer")]).await;
        assert_eq!(rows(&site.app, "presences").await.len(), 1, "on the day nothing is swept away");
        step(&claire, "running").await;
        assert!(claire.get(DOOR).await.page.texts("main").concat().contains("se ferme à la fin"));
        claire.post(DOOR, &[("participant", "2"), ("geste", "arrive")]).await;
        assert_eq!(rows(&site.app, "presences").await.len(), 1, "it is over");
    })
    .await;
}

#[tokio::test]
async fn somebody_is_found_by_name_by_a_typed_code_or_by_the_code_of_a_badge() {
    on_each_database(async |site| {
        let Cast { claire, cook, .. } = day(site).await;
        let names = async |query: &str| {
            let page = claire.get(&format!("{DOOR}?{query}")).await.page;
            page.inside(".door-list", "strong").into_iter().map(|name| name.text.clone()).collect::<Vec<_>>()
        };
        assert_eq!(names("q=").await.len(), 5);
        assert_eq!(names("q=college").await, ["Collège des Hauts"]);
        assert_eq!(names("q=brun").await, ["Ferme du Fond"], "by who comes");
        let main = claire.get(&format!("{DOOR}?q=fond")).await.page.texts("main").concat();
        let code = main.split("code 0").nth(1).unwrap().split(',').next().unwrap();
        let code = format!("0{code}");
        for query in [format!("code={code}"), format!("q={}", code.to_lowercase())] {
            let page = claire.get(&format!("{DOOR}?{query}")).await.page;
            assert_eq!(page.by_id("badge").unwrap().text, "Ferme du Fond");
            assert!(page.texts(".badge-found").concat().contains("Arrivé"), "one tap");
        }
        let unknown = claire.get(&format!("{DOOR}?code=ZZZZZ")).await.page.texts(".notice").concat();
        assert!(unknown.contains("aucun inscrit"), "{unknown}");
        assert_eq!(cook.get(DOOR).await.status, StatusCode::NOT_FOUND);
        for (path, camera) in [(DOOR, "camera=(self)"), (DESK, "camera=()")] {
            let answer = site.browser.get(path).header(header::COOKIE, claire.cookies()).send().await;
            let policy = answer.0.headers().get("permissions-policy").unwrap().to_str().unwrap().to_owned();
            assert!(policy.contains(camera), "{path}: {policy}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_telephone_says_where_to_be_and_where_to_go() {
    on_each_database(async |site| {
        let Cast { claire, cook, chef } = day(site).await;
        let (now, next) = shown(&cook, 1).await;
        assert!(now.contains("Premier tour à 9 h 30"), "{now}");
        assert!(next.contains("Ensuite, à 9 h 30 Table 1Ferme du Haut"), "{next}");
        later(site, 60);
        let (now, next) = shown(&cook, 1).await;
        assert!(now.contains("Maintenant Table 1Ferme du Haut jusqu’à 9 h 40"), "{now}");
        assert!(next.contains("Ensuite, à 9 h 42 Table 2Ferme du Milieu"), "{next}");
        later(site, 10);
        let (now, _) = shown(&cook, 1).await;
        assert!(now.contains("Changement de table jusqu’à 9 h 42"), "{now}");
        later(site, 14);
        let (now, next) = shown(&chef, 2).await;
        assert!(
            now.contains("Pas de rendez-vous jusqu’à 10 h 04") && next.contains("plus de rendez-vous"),
            "{now} {next}"
        );
        let page = cook.get(&format!("{PAGE}/jour/1")).await.page;
        assert_eq!(page.all(".past").len(), 2);
        assert!(page.texts(".current").concat().contains("9 h 54 – 10 h 04 Table 1, Ferme du Fond"));
        assert!(page.texts(".own-day").concat().contains("Pause"), "lunch stands in the day");
        claire.post(DOOR, &[("participant", "5"), ("geste", "absent")]).await;
        let (now, _) = shown(&cook, 1).await;
        assert!(!now.contains("pas là"), "a rehearsal is nobody else’s: {now}");
        begin(site).await;
        let (now, _) = shown(&cook, 1).await;
        assert!(now.contains("pas là"), "{now}");
        later(site, 7 * 60);
        let (now, next) = shown(&cook, 1).await;
        assert!(now.contains("La journée est finie") && next.is_empty(), "{now} {next}");
        assert_eq!(chef.get(&format!("{PAGE}/jour/1")).await.status, StatusCode::NOT_FOUND, "another’s day");
        assert_eq!(Browser::new(&site.browser).get(&format!("{PAGE}/jour/1")).await.status, StatusCode::SEE_OTHER);
        for path in
            [format!("{PAGE}/jour/x"), "/rencontres/autre/jour/1".to_owned(), "/rencontres/autre/fil".to_owned()]
        {
            assert_eq!(cook.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_day_that_runs_late_is_late_everywhere_and_what_has_begun_is_not_shifted() {
    on_each_database(async |site| {
        let Cast { claire, cook, .. } = day(site).await;
        begin(site).await;
        let shift = format!("{DESK}/horaire");
        later(site, 65);
        for _ in 0..2 {
            let shifted = claire.post(&shift, &[("retard", "5")]).await;
            assert_eq!(shifted.location, Some(format!("{DOOR}?fait=horaire")));
        }
        assert_eq!(rows(&site.app, "edition_delays").await.len(), 1);
        let (now, next) = shown(&cook, 1).await;
        assert!(now.contains("jusqu’à 9 h 40") && next.contains("à 9 h 47"), "{now} {next}");
        assert!(cook.get(&format!("{PAGE}/jour/1")).await.page.texts("main").concat().contains("9 h 47 – 9 h 57"));
        let screen = claire.get(&format!("{DESK}/ecran")).await.page;
        assert!(screen.texts("body").concat().contains("Rendez-vous 1 sur 20"));
        later(site, 6);
        let screen = claire.get(&format!("{DESK}/ecran")).await.page;
        assert!(screen.texts("body").concat().contains("Prochain rendez-vous 2 à 9 h 47"));
        assert!(screen.texts("body").concat().contains("Horaires décalés de 5 minutes"));
        for wrong in ["-5", "121", "x", ""] {
            assert_eq!(claire.post(&shift, &[("retard", wrong)]).await.location, Some(DOOR.to_owned()), "{wrong}");
        }
        later(site, 6);
        claire.post(&shift, &[("retard", "0")]).await;
        let (_, next) = shown(&cook, 1).await;
        assert!(next.contains("à 9 h 57"), "no slot begins before the one before it has ended: {next}");
        assert_eq!(cook.post(&shift, &[("retard", "5")]).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn the_big_screen_holds_the_whole_day() {
    on_each_database(async |site| {
        let Cast { claire, cook, .. } = day(site).await;
        let path = format!("{DESK}/ecran");
        let page = claire.get(&path).await.page;
        assert_eq!(page.texts("h1"), ["Bienvenue"]);
        assert!(page.texts("ol").concat().contains("Table 1Ferme du HautCollège des Hauts"), "{:?}", page.texts("ol"));
        let body = String::from_utf8(claire.bytes(&path).await).unwrap();
        let data = body.split("id=\"journee\">").nth(1).unwrap().split("</script>").next().unwrap();
        let data: serde_json::Value = serde_json::from_str(data).unwrap();
        assert_eq!(data["rounds"].as_object().unwrap().len(), 20);
        assert_eq!(data["rounds"]["3"]["lines"][0]["supplier"], "Ferme du Fond");
        assert_eq!(data["moments"].as_array().unwrap().len(), 41, "before, twenty rounds, what is between, and after");
        assert_eq!(data["now"], site.app.clock.now().timestamp_millis());
        assert_eq!(cook.get(&path).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

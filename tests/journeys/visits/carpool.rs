//! Who goes to a visit by car with whom: found by detour and hour, agreed by both, told once, forgotten.

mod race;

use std::io::{Cursor, Read};

use manger_local::farm_visits::forget_old;
use poem::http::StatusCode;
use serde_json::{Value, json};

use super::{address, another, date, found, kinds, link, program, register};
use crate::support::{
    Site, on_each_database,
    people::{Answer, Browser, mail_to, member, rows},
};

/// Seats from Le Puy at eight, which come through Saint-Hostien.
const CAR: [(&str, &str); 6] = [
    ("cote", "propose"),
    ("commune", "43157"),
    ("heure", "8 h"),
    ("sieges", "3"),
    ("telephone", "06 11 22 33 44"),
    ("mot", "Devant la mairie"),
];
const GUEST: [(&str, &str); 5] =
    [("cote", "cherche"), ("commune", "43194"), ("heure", "8 h"), ("sieges", "1"), ("telephone", "06 99 88 77 66")];

/// The page of somebody's ride, by the link of her latest mail.
async fn way(site: &Site, who: &str) -> String {
    let path = link(site, who).await;
    format!("{}/covoiturage", path.trim_end_matches("/covoiturage"))
}

async fn post(site: &Site, who: &str, under: &str, fields: &[(&str, &str)]) -> Answer {
    Browser::new(&site.browser).post(&format!("{}{under}", way(site, who).await), fields).await
}

/// Writes what somebody offers or looks for, some of it otherwise.
async fn put(site: &Site, who: &str, usual: &[(&str, &str)], otherwise: &[(&str, &str)]) -> Answer {
    let kept = usual.iter().filter(|(name, _)| !otherwise.iter().any(|(other, _)| name == other));
    let fields: Vec<(&str, &str)> = kept.chain(otherwise).copied().collect();
    post(site, who, "", &fields).await
}

async fn read(site: &Site, who: &str) -> String {
    Browser::new(&site.browser).get(&way(site, who).await).await.page.texts("main").concat()
}

/// The key of what somebody offers or looks for.
async fn entry(site: &Site, who: &str) -> String {
    let question = format!(
        "SELECT carpools.id, side FROM carpools JOIN registrations ON registrations.id = registration_id
         WHERE email = '{}'",
        address(who)
    );
    found(site, &question).await[0].0.to_string()
}

/// Somebody asks somebody, by what is there now.
async fn ask(site: &Site, who: &str, whom: &str) -> Answer {
    let whom = entry(site, whom).await;
    post(site, who, "/demandes", &[("avec", &whom), ("vu", &seen(site, &whom).await)]).await
}

/// What the page says was shown of somebody.
async fn seen(site: &Site, entry: &str) -> String {
    let people = "CASE WHEN side = 'request' THEN seats ELSE 0 END";
    let back = "CASE WHEN is_return THEN 1 ELSE 0 END";
    let question = format!(
        "SELECT id, insee_code || '-' || leaves_at || '-' || {people} || '-' || {back} FROM carpools WHERE id = {entry}"
    );
    found(site, &question).await[0].1.clone()
}

/// Somebody answers the latest question about her.
async fn answer(site: &Site, who: &str, said: &str) -> Answer {
    let own = entry(site, who).await;
    let mine = format!("SELECT id, state FROM carpool_pairs WHERE {own} IN (offer_id, request_id) ORDER BY id DESC");
    let key = found(site, &mine).await[0].0;
    let other = format!("SELECT offer_id + request_id - {own}, state FROM carpool_pairs WHERE id = {key}");
    let other = found(site, &other).await[0].0.to_string();
    post(site, who, &format!("/demandes/{key}"), &[("geste", said), ("vu", &seen(site, &other).await)]).await
}

/// Who comes, one person each.
async fn comers(site: &Site, people: &[&str]) -> (String, i64) {
    let (_, key) = program(site).await;
    let date = date(site, &key, 20).await;
    for who in people {
        assert_eq!(register(site, &key, date, who, 1).await.status, 201);
    }
    (key, date)
}

/// Ana drives Ben.
async fn together(site: &Site, people: &[&str]) -> (String, i64) {
    let there = comers(site, people).await;
    assert_eq!(put(site, "ana", &CAR, &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(put(site, "ben", &GUEST, &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(ask(site, "ben", "ana").await.status, StatusCode::SEE_OTHER);
    assert_eq!(answer(site, "ana", "accepter").await.status, StatusCode::SEE_OTHER);
    there
}

async fn taken(site: &Site) -> Vec<(i64, String)> {
    found(site, "SELECT CAST(seats_taken AS BIGINT), side FROM carpools WHERE side = 'offer' ORDER BY id").await
}

/// Those of somebody's mails that are about rides.
async fn rides(site: &Site, who: &str) -> Vec<String> {
    let all = kinds(site, who).await;
    all.into_iter().filter_map(|kind| kind.strip_prefix("carpool_").map(str::to_owned)).collect()
}

#[tokio::test]
async fn cars_are_shown_by_detour_and_hour_and_nobody_is_named_before_both_agree() {
    on_each_database(async |site| {
        comers(site, &["ana", "ben", "cleo", "dora"]).await;
        put(site, "ana", &CAR, &[]).await;
        // From Monistrol it is a detour; from Le Puy at seven the car is gone before he can leave.
        put(site, "cleo", &CAR, &[("commune", "43137")]).await;
        put(site, "dora", &CAR, &[("heure", "7 h")]).await;
        put(site, "ben", &GUEST, &[]).await;
        let shown = read(site, "ben").await;
        let (near, far) = (shown.find("Le Puy-en-Velay, à 8").unwrap(), shown.find("Monistrol-sur-Loire").unwrap());
        assert!(near < far && shown.contains("km de détour"), "{shown}");
        assert!(!shown.contains("à 7 h"), "gone before he is there: {shown}");
        assert!(shown.contains("Collège ana"));
        for secret in ["Cuisine ana", "ana@cantine.example", "06 11 22", "Devant la mairie"] {
            assert!(!shown.contains(secret), "{secret}: {shown}");
        }
        assert!(read(site, "ana").await.contains("Saint-Hostien"), "who drives sees who looks for a seat");
        ask(site, "ben", "ana").await;
        ask(site, "ben", "ana").await;
        assert_eq!(rides(site, "ana").await, ["asked"], "asked twice, told once");
        let (_, text) = mail_to(&site.app, &address("ana")).await.unwrap();
        let page = read(site, "ana").await;
        for secret in ["Cuisine ben", "ben@cantine.example", "06 99 88"] {
            assert!(!text.contains(secret) && !page.contains(secret), "{secret}: {text} {page}");
        }
        answer(site, "ana", "accepter").await;
        let (_, text) = mail_to(&site.app, &address("ana")).await.unwrap();
        let page = read(site, "ana").await;
        for known in ["Cuisine ben", "ben@cantine.example", "06 99 88"] {
            assert!(text.contains(known) && page.contains(known), "{known}: {text} {page}");
        }
        let (_, text) = mail_to(&site.app, &address("ben")).await.unwrap();
        for known in ["Cuisine ana", "ana@cantine.example", "06 11 22", "Devant la mairie"] {
            assert!(text.contains(known), "{known}: {text}");
        }
        assert_eq!(
            (rides(site, "ana").await, rides(site, "ben").await),
            (both(&["asked", "agreed"]), both(&["agreed"]))
        );
        assert_eq!(taken(site).await[0].0, 1);
        assert!(!read(site, "cleo").await.contains("Saint-Hostien"), "he has a seat");
    })
    .await;
}

#[tokio::test]
async fn who_looks_for_a_seat_hears_of_a_car_that_fits_and_takes_the_driver_s_number_along_on_paper() {
    on_each_database(async |site| {
        comers(site, &["ana", "ben", "cleo", "dora"]).await;
        put(site, "ben", &GUEST, &[]).await;
        // From Le Puy at seven the car is gone before he can leave.
        put(site, "dora", &CAR, &[("heure", "7 h")]).await;
        assert!(rides(site, "ben").await.is_empty());
        put(site, "ana", &CAR, &[]).await;
        put(site, "ana", &CAR, &[("heure", "8 h 10")]).await;
        assert_eq!(rides(site, "ben").await, ["found"], "told once of a car");
        let (_, text) = mail_to(&site.app, &address("ben")).await.unwrap();
        assert!(text.contains("Le Puy-en-Velay") && text.contains("sans détour"), "{text}");
        for secret in ["Cuisine ana", "ana@cantine.example", "06 11 22", "Devant la mairie"] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
        let sheet = async |who| {
            let path = way(site, who).await.replace("/covoiturage", "/fiche");
            Browser::new(&site.browser).get(&path).await.page.texts("main").concat()
        };
        assert!(!sheet("ben").await.contains("Covoiturage"));
        ask(site, "ben", "ana").await;
        answer(site, "ana", "accepter").await;
        for (who, known) in [("ben", ["Cuisine ana", "06 11 22"]), ("ana", ["Cuisine ben", "06 99 88"])] {
            let text = sheet(who).await;
            assert!(text.contains("Covoiturage") && known.iter().all(|one| text.contains(one)), "{who}: {text}");
        }
        // Who has a seat is not told of others.
        put(site, "cleo", &CAR, &[]).await;
        assert_eq!(rides(site, "ben").await, ["found", "agreed"]);
    })
    .await;
}

fn both(kinds: &[&str]) -> Vec<String> {
    kinds.iter().map(|kind| (*kind).to_owned()).collect()
}

#[tokio::test]
async fn who_is_asked_may_say_no_and_is_not_asked_again() {
    on_each_database(async |site| {
        comers(site, &["ana", "ben", "cleo"]).await;
        put(site, "ana", &CAR, &[]).await;
        put(site, "ben", &GUEST, &[]).await;
        ask(site, "ana", "ben").await;
        assert!(mail_to(&site.app, &address("ben")).await.unwrap().1.contains("propose une place"));
        assert_eq!(answer(site, "ana", "accepter").await.status, StatusCode::CONFLICT, "it is for Ben to say");
        answer(site, "ben", "refuser").await;
        assert_eq!(ask(site, "ana", "ben").await.status, StatusCode::CONFLICT);
        assert_eq!((rides(site, "ana").await, rides(site, "ben").await), (both(&["declined"]), both(&["asked"])));
        // He may think better of it, of the car as it is now.
        let car = entry(site, "ana").await;
        let shown = seen(site, &car).await;
        put(site, "ana", &CAR, &[("heure", "8 h 30")]).await;
        let stale = post(site, "ben", "/demandes", &[("avec", &car), ("vu", &shown)]).await;
        assert!(
            stale.page.texts(".warning").concat().contains("a changé son départ"),
            "{:?}",
            stale.page.texts("main")
        );
        assert_eq!(ask(site, "ben", "ana").await.status, StatusCode::SEE_OTHER);
        answer(site, "ana", "accepter").await;
        assert_eq!(taken(site).await[0].0, 1);
        // What is not hers is not hers to end.
        put(site, "cleo", &GUEST, &[]).await;
        let pair = found(site, "SELECT id, state FROM carpool_pairs").await[0].0;
        let refused = post(site, "cleo", &format!("/demandes/{pair}"), &[("geste", "finir")]).await;
        assert_eq!((refused.status, taken(site).await[0].0), (StatusCode::CONFLICT, 1));
    })
    .await;
}

#[tokio::test]
async fn who_steps_out_frees_the_seat_and_a_driver_who_withdraws_tells_everybody_once() {
    on_each_database(async |site| {
        together(site, &["ana", "ben", "cleo", "dora"]).await;
        let pair = found(site, "SELECT id, state FROM carpool_pairs").await[0].0;
        for _ in 0..2 {
            post(site, "ben", &format!("/demandes/{pair}"), &[("geste", "finir")]).await;
        }
        assert_eq!((rides(site, "ana").await, taken(site).await[0].0), (both(&["asked", "agreed", "parted"]), 0));
        for who in ["cleo", "dora"] {
            put(site, who, &GUEST, &[]).await;
            ask(site, who, "ana").await;
        }
        answer(site, "dora", "accepter").await;
        ask(site, "ana", "cleo").await;
        assert_eq!(taken(site).await[0].0, 1, "who is asked and asks agrees");
        let few = put(site, "ana", &CAR, &[("cote", "cherche"), ("sieges", "1")]).await;
        assert_eq!(few.status, StatusCode::CONFLICT, "who takes somebody does not change sides");
        assert!(few.page.by_id("mot").is_some(), "what was typed is still there");
        put(site, "ana", &CAR, &[("heure", "8 h 10")]).await;
        put(site, "ana", &CAR, &[("heure", "8 h 10"), ("mot", "Devant l’école")]).await;
        assert_eq!(rides(site, "cleo").await, ["agreed", "changed"], "words are read on the page");
        post(site, "ana", "/retrait", &[]).await;
        post(site, "ana", "/retrait", &[]).await;
        assert_eq!(rides(site, "cleo").await, ["agreed", "changed", "parted"]);
        assert_eq!(rides(site, "dora").await, ["gone"]);
        assert!(taken(site).await.is_empty() && rows(&site.app, "carpool_pairs").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_registration_that_is_cancelled_or_goes_to_another_date_gives_its_seat_back() {
    on_each_database(async |site| {
        let (key, _) = together(site, &["ana", "ben", "cleo"]).await;
        let own = |path: String| path.trim_end_matches("/covoiturage").to_owned();
        let ben = own(way(site, "ben").await);
        Browser::new(&site.browser).post(&format!("{ben}/annulation"), &[]).await;
        assert_eq!((taken(site).await[0].0, rides(site, "ana").await.last().cloned()), (0, Some("parted".to_owned())));
        assert_eq!(rides(site, "ben").await, ["agreed"], "his own mail says the rest");
        put(site, "cleo", &GUEST, &[]).await;
        ask(site, "ana", "cleo").await;
        answer(site, "cleo", "accepter").await;
        let other = another(site, &key, 1, 5, "2027-04-27T08:00:00Z").await;
        let ana = own(way(site, "ana").await);
        let moved = Browser::new(&site.browser).post(&format!("{ana}/date"), &[("date", &other.to_string())]).await;
        assert_eq!(moved.status, StatusCode::SEE_OTHER);
        assert_eq!(rides(site, "cleo").await, ["asked", "agreed", "parted"]);
        assert!(taken(site).await.is_empty());
        assert!(read(site, "ana").await.contains("Je propose des places"));
    })
    .await;
}

#[tokio::test]
async fn a_visit_that_is_moved_asks_for_the_hour_again_and_one_that_is_called_off_ends_all() {
    on_each_database(async |site| {
        let (claire, key) = program(site).await;
        let date = date(site, &key, 20).await;
        for who in ["ana", "ben", "cleo"] {
            register(site, &key, date, who, 1).await;
        }
        put(site, "ana", &CAR, &[]).await;
        put(site, "ben", &GUEST, &[]).await;
        put(site, "cleo", &GUEST, &[]).await;
        ask(site, "ben", "ana").await;
        answer(site, "ana", "accepter").await;
        let desk = format!("/organisation/visites/dates/{date}");
        let page = claire.get(&desk).await.page;
        let shown = page.texts("main").concat();
        assert!(shown.contains("1 voiture, 3 places") && shown.contains("2 personnes"), "{shown}");
        assert!(!shown.contains("06 11 22"));
        let seen = page.all("input").into_iter().find(|input| input.attribute("name") == Some("vu")).unwrap();
        let seen = seen.attribute("value").unwrap().to_owned();
        let hours = [("jour", "20/04/2027"), ("debut", "14 h"), ("fin", "16 h"), ("places", "20"), ("vu", &seen)];
        assert_eq!(claire.post(&format!("{desk}/horaire"), &hours).await.status, StatusCode::SEE_OTHER);
        assert_eq!(rides(site, "ana").await, ["asked", "agreed", "moved"]);
        assert_eq!(rides(site, "ben").await, ["agreed", "moved"]);
        assert!(rides(site, "cleo").await.is_empty(), "the mail about the visit says it");
        assert!(read(site, "cleo").await.contains("La visite a changé d’heure"));
        put(site, "cleo", &GUEST, &[("heure", "12 h")]).await;
        assert!(!read(site, "cleo").await.contains("La visite a changé d’heure"));
        claire.post(&format!("{desk}/annulation"), &[("raison", "Neige"), ("sur", "oui")]).await;
        assert_eq!(rides(site, "ben").await, ["agreed", "moved"], "one mail says that it is called off");
        assert!(rows(&site.app, "carpools").await.is_empty());
        assert_eq!(put(site, "ana", &CAR, &[]).await.status, StatusCode::CONFLICT);
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_is_said_and_only_who_comes_may_ask() {
    on_each_database(async |site| {
        let (claire, key) = program(site).await;
        let date = date(site, &key, 2).await;
        for (who, party) in [("ana", 2), ("ben", 1)] {
            register(site, &key, date, who, party).await;
        }
        let wrong = put(site, "ana", &CAR, &[("commune", "Xyzzyville"), ("heure", "11 h"), ("sieges", "9")]).await;
        assert_eq!((wrong.status, wrong.page.texts(".error").len()), (StatusCode::UNPROCESSABLE_ENTITY, 3));
        assert!(wrong.page.texts("main").concat().contains("Devant la mairie"), "what was typed is kept");
        let many = put(site, "ana", &GUEST, &[("sieges", "3")]).await;
        assert!(many.page.texts(".error").concat().contains("de 1 à 2"), "{:?}", many.page.texts(".error"));
        assert_eq!(put(site, "ben", &GUEST, &[]).await.status, StatusCode::CONFLICT, "he waits for a place");
        assert!(read(site, "ben").await.contains("quand votre place à la visite est confirmée"));
        // Signed in with the address, without a link; nobody else.
        let ana = member(&site.app, &claire, "Collège ana", &address("ana")).await;
        let done = ana.post("/visites/inscription/1/covoiturage", &CAR).await;
        assert_eq!(done.location.as_deref(), Some("/visites/inscription/1/covoiturage?fait=place"));
        let cleo = member(&site.app, &claire, "Collège cleo", &address("cleo")).await;
        assert_eq!(cleo.get("/visites/inscription/1/covoiturage").await.status, StatusCode::NOT_FOUND);
        assert_eq!(cleo.post("/visites/inscription/1/covoiturage/retrait", &[]).await.status, StatusCode::NOT_FOUND);
        let open = Browser::new(&site.browser).get("/visites/ferme-des-genets").await.page.texts("main").concat();
        assert!(
            open.contains("Covoiturage") && open.contains("Le Puy-en-Velay") && !open.contains("Collège ana"),
            "{open}"
        );
    })
    .await;
}

#[tokio::test]
async fn rides_are_forgotten_a_week_after_and_who_is_erased_leaves_none() {
    on_each_database(async |site| {
        let (claire, key) = program(site).await;
        let cook = member(&site.app, &claire, "Collège ana", &address("ana")).await;
        let date = date(site, &key, 20).await;
        for who in ["ana", "ben", "cleo"] {
            register(site, &key, date, who, 1).await;
        }
        put(site, "ana", &CAR, &[]).await;
        put(site, "ben", &GUEST, &[]).await;
        put(site, "cleo", &CAR, &[]).await;
        ask(site, "ben", "ana").await;
        answer(site, "ana", "accepter").await;
        let file = cook.bytes("/mon-espace/donnees/export.zip").await;
        let mut json = String::new();
        let mut zip = zip::ZipArchive::new(Cursor::new(file)).unwrap();
        zip.by_name("donnees.json").unwrap().read_to_string(&mut json).unwrap();
        let known: Value = serde_json::from_str(&json).unwrap();
        let ride = json!([{
            "quoi": "propose", "commune": "43157", "heure": "8:00", "places": 3,
            "telephone": "06 11 22 33 44", "mot": "Devant la mairie",
        }]);
        assert_eq!(known["covoiturages"], ride);
        cook.post("/mon-espace/donnees/effacement", &[("compris", "oui")]).await;
        assert_eq!(rides(site, "ben").await, ["found", "agreed", "parted"]);
        assert_eq!(rows(&site.app, "carpools").await.len(), 2);
        ask(site, "ben", "cleo").await;
        answer(site, "cleo", "accepter").await;
        let forget = async |moment: &str| {
            let txn = site.app.write().await.unwrap();
            forget_old(&txn, moment.parse().unwrap()).await.unwrap();
            txn.commit().await.unwrap();
            (rows(&site.app, "carpools").await.len(), rows(&site.app, "carpool_pairs").await.len())
        };
        assert_eq!(forget("2027-04-27T07:00:00Z").await, (2, 1), "known for a week");
        assert_eq!(forget("2027-04-28T07:00:00Z").await, (0, 0));
    })
    .await;
}

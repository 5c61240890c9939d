//! How visits are shown: photographs, list, map and month; on the pages of farms and people; what farms propose.

use std::io::Cursor;

use image::{ImageFormat, RgbImage};
use manger_local::farm_visits::forget_old;
use poem::http::StatusCode;
use serde_json::Value;

use super::{another, date, date_at, found, kinds, program, register};
use crate::support::{
    Site,
    cast::bring_cast,
    on_each_database,
    people::{Answer, Browser, mail_to, mails_to, member, rows},
};

const PHOTOS: &str = "/organisation/visites/1/photos";
const LIST: &str = "/organisation/visites";

pub(super) fn picture(shade: u8) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::from_pixel(640, 480, image::Rgb([shade, 120, 60])).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

pub(super) async fn photo(claire: &Browser<'_>, words: &str, bytes: &[u8]) -> Answer {
    claire.post_files(PHOTOS, &[("description", words)], &[("photo", "photo.png", bytes)]).await
}

/// What pictures of a page show, those of visits only.
pub(super) async fn alts(browser: &Browser<'_>, path: &str) -> Vec<String> {
    let page = browser.get(path).await.page;
    let all = page.all("img").into_iter();
    let own = all.filter(|image| image.attribute("src").is_some_and(|at| at.starts_with("/photos/visites/")));
    own.map(|image| image.attribute("alt").unwrap().to_owned()).collect()
}

async fn text(browser: &Browser<'_>, path: &str) -> String {
    let answer = browser.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}");
    answer.page.texts("main").concat()
}

/// Sends the texts of a visit's desk, with one field otherwise.
async fn save(claire: &Browser<'_>, visit: i64, field: (&str, &str)) -> Answer {
    let path = format!("{LIST}/{visit}");
    let page = claire.get(&path).await.page;
    let value = |name: &str| page.by_id(name).and_then(|input| input.attribute("value")).unwrap_or_default().to_owned();
    let seen = page.all("input").into_iter().find(|input| input.attribute("name") == Some("vu")).unwrap();
    let seen = seen.attribute("value").unwrap().to_owned();
    let (title, farm, commune) = (value("titre"), value("ferme"), value("commune"));
    let all =
        [("titre", title.as_str()), ("ferme", farm.as_str()), ("commune", commune.as_str()), ("vu", seen.as_str())];
    let mut fields: Vec<(&str, &str)> = all.into_iter().filter(|(name, _)| *name != field.0).collect();
    fields.push(field);
    claire.post(&path, &fields).await
}

#[tokio::test]
async fn photographs_are_described_ordered_taken_off_and_put_back() {
    on_each_database(async |site| {
        let (claire, key) = program(site).await;
        date(site, &key, 4).await;
        let stranger = Browser::new(&site.browser);
        let unsaid = photo(&claire, "", &picture(30)).await;
        assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY, "who does not see it is told what it shows");
        let wrong = photo(&claire, "Les vaches", b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(wrong.page.by_id("description").unwrap().attribute("value"), Some("Les vaches"));
        for (shade, words) in [(30, "Les vaches"), (60, "La salle de traite"), (90, "Le chemin")] {
            let sent = photo(&claire, words, &picture(shade)).await;
            assert_eq!(sent.location, Some(format!("{PHOTOS}?fait=photo")), "{:?}", sent.page.texts(".error"));
        }
        assert_eq!(
            alts(&stranger, "/visites/ferme-des-genets").await,
            ["Les vaches", "La salle de traite", "Le chemin"]
        );
        assert_eq!(alts(&stranger, "/visites").await, [""], "the first, beside its title");
        claire.post(&format!("{PHOTOS}/3/premiere"), &[]).await;
        assert_eq!(
            alts(&stranger, "/visites/ferme-des-genets").await,
            ["Le chemin", "Les vaches", "La salle de traite"]
        );
        assert_eq!(image::guess_format(&stranger.bytes("/photos/visites/1").await).unwrap(), ImageFormat::Jpeg);
        let little = image::load_from_memory(&stranger.bytes("/photos/visites/1/vignette").await).unwrap();
        assert_eq!((little.width(), little.height()), (288, 288));
        let gone = claire.post(&format!("{PHOTOS}/1/retrait"), &[]).await.location.unwrap();
        claire.post(&format!("{PHOTOS}/1/retrait"), &[]).await;
        assert_eq!(stranger.get("/photos/visites/1").await.status, StatusCode::NOT_FOUND);
        assert!(text(&claire, &gone).await.contains("La remettre"));
        claire.post(&format!("{PHOTOS}/1/reprise"), &[]).await;
        assert_eq!(
            alts(&stranger, "/visites/ferme-des-genets").await,
            ["Le chemin", "Les vaches", "La salle de traite"]
        );
        for shade in [120, 150, 180] {
            photo(&claire, "Encore", &picture(shade)).await;
        }
        let much = photo(&claire, "Une de trop", &picture(210)).await;
        assert!(much.page.texts(".error").concat().contains("six photos"), "{:?}", much.page.texts(".error"));
        let copy = claire.post(&format!("{LIST}/1/copie"), &[]).await.location.unwrap();
        let copy = copy.split('?').next().unwrap();
        assert_eq!(alts(&claire, &format!("{copy}/photos")).await.len(), 6, "a copy has them too");
        assert_eq!(stranger.get("/photos/visites/7").await.status, StatusCode::NOT_FOUND, "nobody knows of the copy");
        assert_eq!(claire.get("/photos/visites/7").await.status, StatusCode::OK);
        // What was taken off is not kept for ever.
        claire.post(&format!("{PHOTOS}/2/retrait"), &[]).await;
        site.app.clock.advance(chrono::TimeDelta::days(2));
        let txn = site.app.write().await.unwrap();
        forget_old(&txn, site.app.clock.now()).await.unwrap();
        txn.commit().await.unwrap();
        assert_eq!(rows(&site.app, "visit_photos").await.len(), 11);
    })
    .await;
}

#[tokio::test]
async fn visits_are_seen_as_a_list_a_map_and_a_month_with_what_narrows_them() {
    on_each_database(async |site| {
        let (claire, key) = program(site).await;
        let first = date(site, &key, 1).await;
        let second = date_at(site, &key, 5, "2027-05-31T22:30:00Z").await;
        register(site, &key, first, "ana", 1).await;
        // The second visit is in another intercommunality than the first.
        let (other, _) = found(site, "SELECT farm_visit_id, state FROM visit_dates ORDER BY id DESC").await[0].clone();
        assert_eq!(save(&claire, other, ("commune", "43157")).await.status, StatusCode::SEE_OTHER);
        let code = |insee: &str| site.app.places.commune(insee).unwrap().epci.clone().unwrap();
        let (far, near) = (code("43268"), code("43157"));
        assert_ne!(far, near);
        let all = Browser::new(&site.browser);
        let titles = async |path: &str| {
            let page = all.get(path).await.page;
            page.inside("main", "a")
                .iter()
                .filter_map(|a| a.attribute("href"))
                .filter(|to| to.starts_with("/visites/"))
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        assert_eq!(titles("/visites").await.len(), 2);
        assert_eq!(titles("/visites?places=libres").await, ["/visites/ferme-des-genets-2"], "the first is full");
        assert_eq!(titles(&format!("/visites?epci={far}")).await, ["/visites/ferme-des-genets"]);
        assert_eq!(titles(&format!("/visites?epci={far}&places=libres")).await.len(), 0);
        // By the clock on the wall the second begins on 1 June at half past midnight.
        let april = format!("/visites?vue=mois&epci={far}");
        assert_eq!(titles(&april).await, ["/visites/ferme-des-genets"]);
        let page = all.get(&april).await.page;
        assert!(page.texts("h2").concat().contains("avril 2027"), "{:?}", page.texts("h2"));
        assert_eq!(page.all("th").len(), 7);
        assert_eq!(page.link("mai 2027"), format!("/visites?vue=mois&mois=2027-05&epci={far}"), "filters stay");
        assert_eq!(titles("/visites?vue=mois&mois=2027-05").await.len(), 0);
        assert_eq!(titles("/visites?vue=mois&mois=2027-06").await, ["/visites/ferme-des-genets-2"]);
        for odd in ["mois=2027-13", "mois=99999-01", "mois=%00", "epci=zut&mois=2027-05", "vue=mois&vue=carte"] {
            assert_eq!(all.get(&format!("/visites?vue=mois&{odd}")).await.status, StatusCode::OK, "{odd}");
        }
        assert!(titles("/visites?vue=carte").await.len() == 2, "without JavaScript the list stays");
        let drawn = async |path: &str| -> Value { serde_json::from_slice(&all.bytes(path).await).unwrap() };
        let points = drawn("/visites.geojson").await;
        assert_eq!(points["features"].as_array().unwrap().len(), 2, "without a point it stands in its commune");
        assert_eq!(points["features"][0]["properties"]["lines"][0], "mardi 20\u{a0}avril 2027, complet");
        assert_eq!(drawn(&format!("/visites.geojson?epci={near}")).await["features"].as_array().unwrap().len(), 1);
        claire.post(&format!("{LIST}/dates/{second}/annulation"), &[("raison", "Grippe"), ("sur", "oui")]).await;
        assert!(text(&all, "/visites?vue=mois&mois=2027-06").await.contains("annulée"));
    })
    .await;
}

#[tokio::test]
async fn a_farm_the_home_page_and_a_person_show_the_visits_to_come() {
    on_each_database(async |site| {
        bring_cast(&site.app).await;
        let (claire, key) = program(site).await;
        let first = date(site, &key, 4).await;
        for moment in ["2027-05-04T08:00:00Z", "2027-05-11T08:00:00Z", "2027-05-18T08:00:00Z"] {
            another(site, &key, 1, 4, moment).await;
        }
        let slug = "gaec-des-genets";
        let unknown = save(&claire, 1, ("fiche", "Personne")).await;
        assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(unknown.page.by_id("fiche").unwrap().attribute("value"), Some("Personne"));
        let linked = save(&claire, 1, ("fiche", &format!("https://annuaire.example/annuaire/{slug}"))).await;
        assert_eq!(linked.status, StatusCode::SEE_OTHER, "{:?}", linked.page.texts(".error"));
        let stranger = Browser::new(&site.browser);
        let farm = text(&stranger, &format!("/annuaire/{slug}")).await;
        assert!(farm.contains("mardi 20 avril 2027") && farm.contains("4 places libres"), "{farm}");
        let home = text(&stranger, "/").await;
        assert!(home.contains("11 mai 2027") && !home.contains("18 mai 2027"), "the next three: {home}");
        claire.post(&format!("{LIST}/dates/{first}/annulation"), &[("raison", "Grippe"), ("sur", "oui")]).await;
        assert!(!text(&stranger, &format!("/annuaire/{slug}")).await.contains("20 avril"));
        assert!(text(&stranger, "/").await.contains("18 mai 2027"));
        // Her own page.
        let cook = member(&site.app, &claire, "Collège des Hauts", "sophie@cantine.example").await;
        assert!(!text(&cook, "/mon-espace").await.contains("Mes visites"));
        cook.post("/visites/ferme-des-genets/dates/2/inscription", &[("nom", "Sophie"), ("personnes", "3")]).await;
        let own = cook.get("/mon-espace").await.page;
        assert!(own.texts("main").concat().contains("3 personnes, inscrit"), "{:?}", own.texts("main"));
        let links: Vec<_> = own.inside("main", "a").iter().filter_map(|a| a.attribute("href")).collect();
        assert!(links.contains(&"/visites/inscription/1"), "{links:?}");
        register(site, &key, 2, "ben", 2).await;
        cook.post("/visites/inscription/1/annulation", &[]).await;
        assert!(!text(&cook, "/mon-espace").await.contains("Mes visites"));
    })
    .await;
}

#[tokio::test]
async fn organisers_read_on_their_page_which_dates_need_them() {
    on_each_database(async |site| {
        let (claire, key) = program(site).await;
        let date = date(site, &key, 4).await;
        assert!(!text(&claire, "/mon-espace").await.contains("Décidez"));
        let page = claire.get(&format!("{LIST}/dates/{date}")).await.page;
        let seen = page.all("input").into_iter().find(|input| input.attribute("name") == Some("vu")).unwrap();
        let hours = [("jour", "20/04/2027"), ("debut", "10 h"), ("fin", "12 h"), ("places", "4"), ("minimum", "3")];
        let seen = [("vu", seen.attribute("value").unwrap())];
        claire.post(&format!("{LIST}/dates/{date}/horaire"), &[&hours[..], &seen].concat()).await;
        assert!(!text(&claire, "/mon-espace").await.contains("Décidez"), "there is time");
        for moment in ["2027-04-01T08:00:00Z", "2027-04-15T08:00:00Z"] {
            super::until(site, moment).await;
            claire.get("/mon-espace").await;
        }
        let told = text(&claire, "/mon-espace").await;
        assert!(told.contains("Décidez si la visite a lieu") && told.contains("sur 3 au moins"), "{told}");
        claire.post(&format!("{LIST}/dates/{date}/etat"), &[("geste", "confirmer")]).await;
        assert!(!text(&claire, "/mon-espace").await.contains("Décidez"));
    })
    .await;
}

#[tokio::test]
async fn a_date_that_is_added_twice_at_once_is_one() {
    on_each_database(async |site| {
        let (claire, key) = program(site).await;
        date(site, &key, 4).await;
        let fields = [("jour", "20/04/2027"), ("debut", "9 h 30"), ("fin", "12 h"), ("places", "12")];
        let press = || claire.post("/organisation/visites/1/dates", &fields);
        let (one, two) = tokio::join!(press(), press());
        let draft = format!("{LIST}/dates/2?fait=ajout");
        assert_eq!([one.location.as_deref(), two.location.as_deref()], [Some(draft.as_str()); 2]);
        assert_eq!(rows(&site.app, "visit_dates").await.len(), 2);
        claire.post("/organisation/visites/1/dates", &[&fields[..3], &[("places", "6")]].concat()).await;
        assert_eq!(rows(&site.app, "visit_dates").await.len(), 3, "another group at the same hour");
    })
    .await;
}

/// A farm whose listing says where it is.
async fn farm<'a>(site: &Site, claire: &Browser<'a>) -> Browser<'a> {
    let julie = member(&site.app, claire, "Ferme du Suc", "julie@cantine.example").await;
    for (step, fields) in [
        ("identite", [("nom", "Ferme du Suc"), ("type", "producer")]),
        ("lieu", [("commune", "43157"), ("position", "commune")]),
    ] {
        let page = format!("/fiche/1/{step}");
        let form = julie.get(&page).await.page;
        let seen = form.all("input").into_iter().find(|input| input.attribute("name") == Some("vu")).unwrap();
        let seen = [("vu", seen.attribute("value").unwrap())];
        assert_eq!(julie.post(&page, &[&fields[..], &seen].concat()).await.status, StatusCode::SEE_OTHER, "{step}");
    }
    julie
}

const SAID: [(&str, &str); 5] = [
    ("a_voir", "La traite et le fromage"),
    ("quand", "En mai, le mardi"),
    ("personnes", "12"),
    ("acces", "Après le pont"),
    ("contact", "Julie, 06 00 00 00 00"),
];
const PROPOSAL: &str = "/fiche/1/visite";

#[tokio::test]
async fn a_farm_proposes_once_and_organisers_make_one_visit_of_it() {
    on_each_database(async |site| {
        let (claire, _) = program(site).await;
        let julie = farm(site, &claire).await;
        let other = member(&site.app, &claire, "Ferme du Bas", "paul@cantine.example").await;
        assert_eq!(other.get(PROPOSAL).await.status, StatusCode::NOT_FOUND);
        let few = julie.post(PROPOSAL, &[("a_voir", "La traite")]).await;
        assert_eq!(few.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(few.page.texts("textarea").concat().contains("La traite"), "what was typed stays");
        let (one, two) = tokio::join!(julie.post(PROPOSAL, &SAID), julie.post(PROPOSAL, &SAID));
        assert_eq!([one.status, two.status], [StatusCode::SEE_OTHER; 2]);
        let told = mails_to(&site.app, "claire@departement.example").await;
        assert_eq!(told.iter().filter(|(kind, _)| kind == "visit_proposed").count(), 1);
        assert!(!told[0].1.contains("06 00"), "whom to call stands on the site");
        let more = [&SAID[..2], &[("personnes", "15")], &SAID[3..]].concat();
        let stale = julie.post(PROPOSAL, &more).await;
        assert_eq!(stale.status, StatusCode::CONFLICT, "somebody opened it before it was there");
        julie.post(PROPOSAL, &[&more[..], &[("vu", "1")]].concat()).await;
        assert_eq!(rows(&site.app, "visit_proposals").await.len(), 1);
        assert!(text(&claire, "/mon-espace").await.contains("Répondez aux fermes"));
        let list = text(&claire, LIST).await;
        assert!(list.contains("15 personnes") && list.contains("06 00") && list.contains("La traite"), "{list}");
        let way = format!("{LIST}/propositions/1");
        let take = || claire.post(&way, &[("geste", "reprise")]);
        let (one, two) = tokio::join!(take(), take());
        let desk = format!("{LIST}/1?fait=reprise");
        assert_eq!((one.location.as_deref(), two.location.as_deref()), (Some(&*desk), Some(&*desk)));
        assert_eq!(rows(&site.app, "farm_visits").await.len(), 1);
        assert_eq!(kinds(site, "julie").await, ["invitation", "visit_proposal_taken"]);
        let desk = claire.get(&desk).await.page;
        assert!(desk.texts("main").concat().contains("06 00") && desk.texts("main").concat().contains("En mai"));
        assert_eq!(desk.by_id("commune").unwrap().attribute("value"), Some("43157"));
        assert!(desk.texts("textarea").concat().contains("Après le pont"));
        let public = text(&claire, "/visites/visite-ferme-du-suc").await;
        assert!(public.contains("La traite") && !public.contains("06 00"), "{public}");
        assert!(!text(&claire, LIST).await.contains("06 00"), "answered");
        // Whom to call goes with her account.
        let done = julie.post("/mon-espace/donnees/effacement", &[("compris", "oui")]).await;
        assert_eq!(done.location.as_deref(), Some("/compte-efface"), "{:?}", done.page.texts(".error"));
        assert!(!rows(&site.app, "visit_proposals").await.concat().contains("06 00"));
    })
    .await;
}

#[tokio::test]
async fn what_is_declined_is_told_with_a_word_and_may_be_proposed_anew() {
    on_each_database(async |site| {
        let (claire, _) = program(site).await;
        let julie = farm(site, &claire).await;
        julie.post(PROPOSAL, &SAID).await;
        let way = format!("{LIST}/propositions/1");
        let mute = claire.post(&way, &[("geste", "refus"), ("mot", " ")]).await;
        assert_eq!(mute.status, StatusCode::UNPROCESSABLE_ENTITY, "the farm is told why");
        claire.post(&way, &[("geste", "refus"), ("mot", "Trop de fermes ce printemps")]).await;
        claire.post(&way, &[("geste", "refus"), ("mot", "Une autre raison")]).await;
        claire.post(&way, &[("geste", "reprise")]).await;
        assert_eq!(kinds(site, "julie").await, ["invitation", "visit_proposal_declined"]);
        let (_, told) = mail_to(&site.app, "julie@cantine.example").await.unwrap();
        assert!(told.contains("Trop de fermes ce printemps"), "{told}");
        assert!(rows(&site.app, "farm_visits").await.is_empty());
        assert!(text(&julie, PROPOSAL).await.contains("Trop de fermes"));
        julie.post(PROPOSAL, &SAID).await;
        julie.post(&format!("{PROPOSAL}/retrait"), &[]).await;
        julie.post(&format!("{PROPOSAL}/retrait"), &[]).await;
        assert_eq!(rows(&site.app, "visit_proposals").await.len(), 1, "taken back");
        assert_eq!(
            claire.post(&format!("{LIST}/propositions/2"), &[("geste", "reprise")]).await.location,
            Some(format!("{LIST}?fait=retiree"))
        );
    })
    .await;
}

#[tokio::test]
async fn crawlers_are_told_of_visits_to_come_and_of_no_draft() {
    on_each_database(async |site| {
        let (claire, key) = program(site).await;
        date(site, &key, 4).await;
        claire.post("/organisation/visites/1/copie", &[]).await;
        let map = site.browser.get("/sitemap.xml").send().await.0.into_body().into_string().await.unwrap();
        assert!(map.contains("/visites</loc>"), "{map}");
        assert_eq!(map.matches("/visites/").count(), 1, "{map}");
        assert!(map.contains("/visites/ferme-des-genets</loc>"), "{map}");
        super::until(site, "2027-04-21T08:00:00Z").await;
        let map = site.browser.get("/sitemap.xml").send().await.0.into_body().into_string().await.unwrap();
        assert_eq!(map.matches("/visites/").count(), 0, "a visit of the past is not looked for: {map}");
    })
    .await;
}

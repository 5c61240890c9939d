//! Canteens and suppliers of an edition say whom they would meet.

mod privacy;
mod race;
mod reminders;

use manger_local::suppliers::{
    draft::{self, Content},
    public_by_slug,
};
use poem::http::StatusCode;
use sea_orm::ConnectionTrait;

use crate::editions::{DESK, PAGE, prepare, save};
use crate::support::{
    Site,
    cast::{import_offers, import_suppliers},
    html::Html,
    on_each_database,
    people::{Browser, member, organiser, rows},
};

const COOK: &str = "cook@college.example";
const CHEF: &str = "chef@lycee.example";
const JULIE: &str = "julie@suc.example";
const SUPPLIERS: &str = "Référence;Nom;Type;Code INSEE;Téléphone;Courriel;Rayon de livraison (km);Jours de livraison;Certification 1;Numéro 1;Organisme 1;Valable jusqu'au 1;Provenance\n\
    F1;Ferme du Suc;Producteur;43157;04 71 11 22 33;julie@suc.example;30;lundi, jeudi;Bio;1;Ecocert;31/03/2031;Démonstration\n\
    F2;Ferme des Loges;Producteur;43221;04 71 44 55 66;marc@loges.example;3;mardi;;;;;Démonstration\n\
    F3;Ferme du Bois;Producteur;43157;04 71 77 88 99;lea@bois.example;30;mardi;;;;;Démonstration\n";
const OFFERS: &str = "Référence fournisseur;Produit;Famille;Certifications\n\
    F1;Carottes des sables;Fruits et légumes;Bio\n\
    F2;Fromage de vache;Produits laitiers et œufs;\n\
    F3;Pain de campagne;Boulangerie;\n";

/// Who plays: canteens 1 and 2, suppliers 3, 4 and 5; as participants they have the same numbers.
struct Cast<'a> {
    claire: Browser<'a>,
    cook: Browser<'a>,
    chef: Browser<'a>,
    julie: Browser<'a>,
}

/// Where an organisation chooses.
fn page(organisation: i64) -> String {
    format!("{PAGE}/souhaits/{organisation}")
}

/// Gives an organisation a listing that everybody sees.
async fn publish(site: &Site, organisation: i64, slug: &str) {
    let listing = public_by_slug(&site.app.db, slug).await.unwrap().unwrap();
    let (txn, now) = (site.app.write().await.unwrap(), site.app.clock.now());
    draft::begin(&txn, organisation, &Content::of(&listing), Some(&listing.supplier), 1, now).await.unwrap();
    txn.commit().await.unwrap();
}

async fn step(claire: &Browser<'_>, seen: &str) {
    let gone = claire.post(&format!("{DESK}/etape"), &[("geste", "avancer"), ("vu", seen)]).await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER, "{:?}", gone.page.texts("main"));
}

/// An edition for which two canteens and three suppliers are registered, until the 20th of March.
async fn registered(site: &Site) -> Cast<'_> {
    let claire = organiser(&site.app, &site.browser).await;
    prepare(&claire).await;
    let limits = [("fin_inscriptions", "18/03/2027"), ("fin_souhaits", "24/03/2027")];
    save(&claire, "inscription", &[&limits[..], &[("places_cantines", "30"), ("places_fournisseurs", "30")]].concat())
        .await;
    step(&claire, "draft").await;
    let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
    let chef = member(&site.app, &claire, "Lycée du Bas", CHEF).await;
    let julie = member(&site.app, &claire, "Ferme du Suc", JULIE).await;
    let marc = member(&site.app, &claire, "Ferme des Loges", "marc@loges.example").await;
    let lea = member(&site.app, &claire, "Ferme du Bois", "lea@bois.example").await;
    import_suppliers(&site.app, SUPPLIERS).await;
    import_offers(&site.app, OFFERS).await;
    for (organisation, slug) in [(3, "ferme-du-suc"), (4, "ferme-des-loges"), (5, "ferme-du-bois")] {
        publish(site, organisation, slug).await;
    }
    let list = [("commune_nom", "Le Puy-en-Velay"), ("liste", "carottes bio 40 kg"), ("repas", "420")];
    let saved = cook.post("/cantine/1", &list).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{:?}", saved.page.texts(".error"));
    for (browser, organisation, words) in [
        (&cook, 1, "Des légumes épluchés"),
        (&chef, 2, ""),
        (&julie, 3, "Un panier à goûter"),
        (&marc, 4, ""),
        (&lea, 5, ""),
    ] {
        let path = format!("{PAGE}/inscription/{organisation}");
        let done = browser.post(&path, &[("nom-1", "Quelqu’un"), ("produits", words)]).await;
        assert_eq!(done.location, Some(format!("{path}?fait=inscription")), "{:?}", done.page.texts(".error"));
    }
    Cast { claire, cook, chef, julie }
}

/// The same, and one chooses.
async fn open(site: &Site) -> Cast<'_> {
    let cast = registered(site).await;
    step(&cast.claire, "registration").await;
    cast
}

/// Presses a button about a participant of the other side; the word that says what became of it.
async fn press(browser: &Browser<'_>, organisation: i64, other: i64, fields: &[(&str, &str)]) -> String {
    let pressed = browser.post(&format!("{}/{other}", page(organisation)), fields).await;
    assert_eq!(pressed.status, StatusCode::SEE_OTHER);
    let location = pressed.location.unwrap();
    location.split_once("fait=").unwrap().1.split(['&', '#']).next().unwrap().to_owned()
}

async fn meet(browser: &Browser<'_>, organisation: i64, other: i64) -> String {
    press(browser, organisation, other, &[("geste", "rencontrer")]).await
}

async fn avoid(browser: &Browser<'_>, organisation: i64, other: i64) -> String {
    press(browser, organisation, other, &[("geste", "eviter")]).await
}

async fn place(browser: &Browser<'_>, organisation: i64, other: i64, rank: usize) -> String {
    press(browser, organisation, other, &[("geste", "placer"), ("position", &rank.to_string())]).await
}

/// The participants of a list, in their order.
fn ranks(page: &Html) -> Vec<i64> {
    let lines = page.elements.iter().filter_map(|one| one.attribute("id")?.strip_prefix("souhait-")?.parse().ok());
    lines.collect()
}

/// The participants of the catalogue, in its order.
fn cards(page: &Html) -> Vec<i64> {
    let cards = page.elements.iter().filter_map(|one| one.attribute("id")?.strip_prefix("carte-")?.parse().ok());
    cards.collect()
}

async fn execute(site: &Site, sql: &str) {
    site.app.db.execute_unprepared(sql).await.unwrap();
}

#[tokio::test]
async fn a_cook_reads_who_comes_and_orders_whom_she_would_meet() {
    on_each_database(async |site| {
        let Cast { claire: _, cook, chef, julie } = open(site).await;
        assert_eq!(cook.get(PAGE).await.page.link("Choisir qui rencontrer"), format!("{PAGE}/souhaits"));
        assert_eq!(cook.get(&format!("{PAGE}/souhaits")).await.location, Some(page(1)), "she has but one");
        assert_eq!(cook.get(&format!("{PAGE}/inscription/1")).await.page.link("Choisir qui rencontrer"), page(1));
        let home = cook.get("/mon-espace").await.page;
        assert_eq!(home.link("Dites qui vous voulez rencontrer"), page(1));
        assert!(home.texts(".tasks").concat().contains("encore 8 jours"), "{:?}", home.texts(".tasks"));

        let fresh = cook.get(&page(1)).await.page;
        assert!(fresh.texts(".empty-list").concat().contains("La liste est vide"));
        assert_eq!(cards(&fresh), [3, 4, 5], "who suits first, the others by name");
        let first = fresh.by_id("carte-3").unwrap().text.clone();
        for told in [
            "Vous irait : Carottes des sables (Bio prouvé)",
            "Fruits et légumes",
            "Bio, preuve à jour",
            "Un panier à goûter",
            "livre au Puy-en-Velay le lundi et le jeudi",
        ] {
            assert!(first.contains(told), "{told}: {first}");
        }
        assert!(fresh.by_id("carte-4").unwrap().text.contains("Saint-"), "{}", fresh.by_id("carte-4").unwrap().text);
        assert!(fresh.by_id("carte-4").unwrap().text.contains("environ"), "how far");
        assert_eq!(fresh.link("Ferme du Suc"), "/annuaire/ferme-du-suc?near=43157");

        for other in [4, 3, 5] {
            assert_eq!(meet(&cook, 1, other).await, "souhait");
        }
        assert_eq!(meet(&cook, 1, 3).await, "souhait", "pressed twice");
        assert_eq!(ranks(&cook.get(&page(1)).await.page), [4, 3, 5]);
        place(&cook, 1, 5, 1).await;
        place(&cook, 1, 5, 1).await;
        let shown = cook.get(&page(1)).await.page;
        assert_eq!(ranks(&shown), [5, 4, 3]);
        assert!(shown.by_id("monter-5").unwrap().names().any(|name| name == "disabled"), "no higher than that");
        assert!(shown.by_id("carte-4").unwrap().text.contains("Votre souhait n° 2"));
        avoid(&cook, 1, 4).await;
        press(&cook, 1, 5, &[("geste", "retirer")]).await;
        let shown = cook.get(&page(1)).await.page;
        assert_eq!(ranks(&shown), [3]);
        let quiet = shown.texts(".avoided").concat();
        assert!(quiet.contains("Ferme des Loges") && quiet.contains("Personne d’autre ne le voit"), "{quiet}");
        press(&cook, 1, 4, &[("geste", "ne-plus-eviter")]).await;
        assert_eq!(cook.get(&page(1)).await.page.texts(".avoided").len(), 0);
        assert!(cook.get("/mon-espace").await.page.texts(".tasks").concat().contains("1 souhait, encore 8 jours"));

        // The other side reads what the cook looks for.
        let other = julie.get(&page(3)).await.page;
        assert_eq!(cards(&other), [1, 2]);
        let card = other.by_id("carte-1").unwrap().text.clone();
        for told in [
            "420 repas par jour",
            "Vous irait : carottes, Bio, 40 kg par semaine",
            "Le Puy-en-Velay",
            "vous y livrez",
            "Des légumes épluchés",
        ] {
            assert!(card.contains(told), "{told}: {card}");
        }
        assert!(other.by_id("carte-2").unwrap().text.contains("Lycée du Bas"), "it says nothing of itself");
        assert_eq!(ranks(&chef.get(&page(2)).await.page), [0_i64; 0], "each has her own");
    })
    .await;
}

#[tokio::test]
async fn the_catalogue_is_sifted_and_a_press_leads_back_to_the_same_cards() {
    on_each_database(async |site| {
        let Cast { cook, .. } = open(site).await;
        for (query, found) in [
            ("q=loges", vec![4]),
            ("q=CAROTTE", vec![3]),
            ("q=go%C3%BBter", vec![3]),
            ("famille=PRODUITS_LAITIERS", vec![4]),
            ("signe=organic", vec![3]),
            ("livre=oui", vec![3, 5]),
            ("livre=oui&famille=BOULANGERIE", vec![5]),
            ("q=rien", vec![]),
            ("page=7", vec![3, 4, 5]),
        ] {
            assert_eq!(cards(&cook.get(&format!("{}?{query}", page(1))).await.page), found, "{query}");
        }
        let sifted = cook.get(&format!("{}?q=loges&fait=souhait", page(1))).await.page;
        let mut forms = sifted.all("form").into_iter().filter_map(|form| form.attribute("action"));
        let action = forms.find(|action| action.contains("/souhaits/1/4")).unwrap().to_owned();
        assert_eq!(action, format!("{}/4?q=loges", page(1)));
        let pressed = cook.post(&action, &[("geste", "rencontrer")]).await;
        assert_eq!(pressed.location, Some(format!("{}?fait=souhait&q=loges#carte-4", page(1))));
        let shown = cook.get(&format!("{}?fait=souhait&q=loges", page(1))).await.page;
        assert_eq!((cards(&shown), ranks(&shown)), (vec![4], vec![4]));
        assert_eq!(shown.texts(".said"), ["Enregistré."]);
        let odd = cook.post(&format!("{}/3", page(1)), &[("geste", "manger")]).await;
        assert_eq!(odd.status, StatusCode::BAD_REQUEST);
        let odd = cook.post(&format!("{}/3", page(1)), &[("geste", "placer"), ("position", "-1")]).await;
        assert_eq!(odd.status, StatusCode::BAD_REQUEST);
    })
    .await;
}

#[tokio::test]
async fn how_many_appointments_is_said_there_too() {
    on_each_database(async |site| {
        let Cast { claire, cook, .. } = open(site).await;
        for (fields, field) in
            [([("minimum", "9"), ("maximum", "8")], "maximum"), ([("minimum", "trois"), ("maximum", "")], "minimum")]
        {
            let refused = cook.post(&page(1), &fields).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(refused.page.by_id(&format!("{field}-error")).is_some());
            assert_eq!(refused.page.by_id("minimum").unwrap().attribute("value"), Some(fields[0].1));
        }
        let saved = cook.post(&page(1), &[("minimum", "2"), ("maximum", "6")]).await;
        assert_eq!(saved.location, Some(format!("{}?fait=souhait#combien", page(1))));
        let registration = cook.get(&format!("{PAGE}/inscription/1")).await.page;
        assert_eq!(registration.by_id("maximum").unwrap().attribute("value"), Some("6"), "said once for both pages");
        let late = cook.post(&format!("{PAGE}/inscription/1"), &[("nom-1", "Paul"), ("vu", "1")]).await;
        assert_eq!(late.status, StatusCode::CONFLICT, "a form drawn before does not undo it unseen");
        claire.post(&format!("{DESK}/souhaits/1"), &[("minimum", ""), ("maximum", "7")]).await;
        assert_eq!(cook.get(&page(1)).await.page.by_id("maximum").unwrap().attribute("value"), Some("7"));
    })
    .await;
}

#[tokio::test]
async fn one_chooses_in_time_only() {
    on_each_database(async |site| {
        let Cast { claire, cook, .. } = registered(site).await;
        let early = cook.get(&page(1)).await.page.texts("main").concat();
        assert!(early.contains("C’est encore un peu tôt"), "{early}");
        assert_eq!(meet(&cook, 1, 3).await, "clos");
        assert!(
            claire
                .get(&format!("{DESK}/souhaits"))
                .await
                .page
                .texts("main")
                .concat()
                .contains("à l’étape « Souhaits »")
        );
        step(&claire, "registration").await;
        assert_eq!(meet(&cook, 1, 3).await, "souhait");
        let last = chrono::TimeDelta::days(8);
        site.app.clock.advance(last);
        assert!(cook.get(&page(1)).await.page.texts("main").concat().contains("c’est le dernier jour"));
        assert_eq!(meet(&cook, 1, 4).await, "souhait", "the last day counts");
        site.app.clock.advance(chrono::TimeDelta::days(1));
        assert_eq!(meet(&cook, 1, 5).await, "clos");
        assert_eq!(place(&cook, 1, 4, 1).await, "clos");
        cook.post(&page(1), &[("minimum", "1"), ("maximum", "2")]).await;
        let shown = cook.get(&page(1)).await.page;
        assert!(shown.texts("main").concat().contains("Les souhaits sont clos"));
        assert_eq!((ranks(&shown), shown.texts(".moves").len()), (vec![3, 4], 0), "to read, not to change");
        assert!(!cook.get("/mon-espace").await.page.texts("main").concat().contains("souhaits"));
    })
    .await;
}

#[tokio::test]
async fn organisers_choose_for_others_until_the_day_begins() {
    on_each_database(async |site| {
        let Cast { claire, cook, .. } = open(site).await;
        for other in [3, 4] {
            meet(&cook, 1, other).await;
        }
        site.app.clock.advance(chrono::TimeDelta::days(9));
        let on_behalf = format!("{DESK}/souhaits/1");
        for (state, expected) in [("", vec![3, 4, 5]), ("wishes", vec![5, 3, 4]), ("timetable", vec![3, 4])] {
            if state == "timetable" {
                // Without a timetable there is nothing to publish.
                let published = "UPDATE editions SET state = 'published'";
                sea_orm::ConnectionTrait::execute_unprepared(&site.app.db, published).await.unwrap();
            } else if !state.is_empty() {
                step(&claire, state).await;
            }
            assert_eq!(meet(&cook, 1, 5).await, "clos", "{state}");
            let change: &[(&str, &str)] = match state {
                "" => &[("geste", "rencontrer")],
                "wishes" => &[("geste", "placer"), ("position", "1")],
                _ => &[("geste", "retirer")],
            };
            claire.post(&format!("{on_behalf}/5"), change).await;
            assert_eq!(ranks(&claire.get(&on_behalf).await.page), expected, "after {state}");
            let told = claire.get(&on_behalf).await.page.texts(".mine").concat();
            assert_eq!(told.contains("prochain calcul du planning"), !state.is_empty(), "{state}: {told}");
        }
        let told = cook.get(&page(1)).await.page.texts(".mine").concat();
        assert!(told.contains("il peut encore le noter pour vous"), "{told}");
        let registration = claire.get(&format!("{DESK}/participants/1")).await.page;
        assert_eq!(registration.link("Noter ses souhaits"), on_behalf);
        let all = claire.get(&format!("{DESK}/souhaits")).await.page.texts("main").concat();
        assert!(all.contains("Vous pouvez encore en noter"), "{all}");
        execute(site, "UPDATE editions SET state = 'running'").await;
        let late = claire.post(&format!("{on_behalf}/5"), &[("geste", "rencontrer")]).await;
        assert!(late.location.unwrap().contains("fait=clos"), "the day has begun");
        let shown = claire.get(&on_behalf).await.page;
        assert_eq!((ranks(&shown), shown.texts(".moves").len()), (vec![3, 4], 0), "to read, not to change");
        let told = cook.get(&page(1)).await.page.texts(".mine").concat();
        assert!(told.contains("Les souhaits sont clos") && !told.contains("encore"), "{told}");
        let journal = claire.get("/organisation/journal").await.page.texts("main").concat();
        assert!(journal.contains("a changé les souhaits d’une organisation"), "{journal}");
    })
    .await;
}

#[tokio::test]
async fn who_does_not_come_neither_wishes_nor_is_wished_for() {
    on_each_database(async |site| {
        let Cast { claire, cook, julie, .. } = open(site).await;
        for other in [3, 4, 5] {
            meet(&cook, 1, other).await;
        }
        assert_eq!(meet(&cook, 1, 2).await, "parti", "of her own side");
        assert_eq!(meet(&cook, 1, 99).await, "parti");
        julie.post(&format!("{PAGE}/inscription/3/retrait"), &[]).await;
        let shown = cook.get(&page(1)).await.page;
        assert_eq!((ranks(&shown), cards(&shown)), (vec![4, 5], vec![4, 5]), "the list closes up");
        assert_eq!(avoid(&cook, 1, 3).await, "parti");
        assert_eq!(meet(&julie, 3, 1).await, "clos");
        assert!(julie.get(&page(3)).await.page.texts("main").concat().contains("Il faut être inscrit"));
        let csv = String::from_utf8(claire.bytes(&format!("{DESK}/souhaits.csv")).await).unwrap();
        assert!(
            csv.contains("Collège des Hauts;cantine;à rencontrer;1;Ferme des Loges") && !csv.contains("Suc"),
            "{csv}"
        );
        assert!(claire.bytes(&format!("{DESK}/souhaits.xlsx")).await.starts_with(b"PK"));
        assert_eq!(rows(&site.app, "wishes").await.len(), 3, "it may come back");
        claire.post("/organisation/rencontres/1/participants/3", &[("nom-1", "Julie")]).await;
        assert_eq!(ranks(&cook.get(&page(1)).await.page), [3, 4, 5]);
        execute(site, "UPDATE participants SET state = 'waiting', seat = NULL WHERE id = 1").await;
        assert_eq!(meet(&cook, 1, 3).await, "clos", "who waits chooses nobody");
        assert!(cook.get(&page(1)).await.page.texts("main").concat().contains("Vous êtes en liste d’attente"));
        let all = claire.get(&format!("{DESK}/souhaits")).await.page.texts("main").concat();
        assert!(!all.contains("Collège des Hauts"), "{all}");
    })
    .await;
}

#[tokio::test]
async fn organisers_see_who_has_said_nobody_yet() {
    on_each_database(async |site| {
        let Cast { claire, cook, julie, .. } = open(site).await;
        meet(&cook, 1, 3).await;
        avoid(&cook, 1, 4).await;
        avoid(&julie, 3, 2).await;
        let all = claire.get(&format!("{DESK}/souhaits")).await.page;
        let said = all.texts("main").concat();
        assert!(
            said.contains("1 sur 2 a fait son choix") && said.contains("Personne n’a encore choisi, sur 3"),
            "{said}"
        );
        assert!(said.contains("1 souhait, 1 à éviter") && said.contains("aucun souhait, 1 à éviter"), "{said}");
        assert_eq!(all.link("Collège des Hauts"), format!("{DESK}/souhaits/1"));
        let without = claire.get(&format!("{DESK}/souhaits?sans=oui")).await.page.texts(".letters").concat();
        assert!(without.contains("Lycée du Bas") && !without.contains("Collège"), "{without}");
        let list = format!("{DESK}/participants");
        let shown = claire.get(&list).await.page;
        assert_eq!(shown.link("1 souhait, 1 à éviter"), format!("{DESK}/souhaits/1"));
        let without = claire.get(&format!("{list}?sans=oui")).await.page.texts(".letters").concat();
        assert!(without.contains("Ferme du Suc") && !without.contains("Collège"), "{without}");
        assert_eq!(claire.get(DESK).await.page.link("Souhaits"), format!("{DESK}/souhaits"));
    })
    .await;
}

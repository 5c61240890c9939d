use poem::http::StatusCode;

use super::{execute, filled};
use crate::support::{
    Site,
    cast::{farms, import_suppliers},
    on_each_database,
    people::{Browser, accept, member, organiser, rows},
};

const LISTS: &str = "/cantine/1/listes";
const LIST: &str = "/cantine/1/listes/1";
const KEEP: &str = "/annuaire/ferme-du-suc/listes";

/// Claire, and two cooks of one canteen.
async fn team(site: &Site) -> (Browser<'_>, Browser<'_>, Browser<'_>) {
    let claire = organiser(&site.app, &site.browser).await;
    let cook = member(&site.app, &claire, "Collège des Hauts", "cook@college.example").await;
    cook.post("/equipes/1/invitations", &[("courriel", "helper@college.example")]).await;
    let helper = accept(&site.app, &site.browser, "helper@college.example").await;
    (claire, cook, helper)
}

/// What the cards of a list say.
async fn cards(browser: &Browser<'_>) -> String {
    browser.get(LIST).await.page.texts(".kept").concat()
}

#[tokio::test]
async fn a_list_is_shared_by_the_people_of_a_canteen_and_is_nothing_to_others() {
    on_each_database(async |site| {
        filled(site).await;
        let (claire, cook, helper) = team(site).await;
        cook.post("/cantine/1", &[("commune_nom", "Le Puy-en-Velay")]).await;
        assert!(cook.get(LISTS).await.page.texts("main").concat().contains("Pas encore de liste"));
        let link = cook.get("/annuaire/ferme-du-suc").await.page.link("Garder dans une liste").to_owned();
        assert_eq!(link, KEEP);
        let kept = cook.post(KEEP, &[("cantine", "1"), ("nom", " Pour le  printemps ")]).await;
        assert_eq!(kept.location, Some(format!("{KEEP}?fait=garde")), "{:?}", kept.page.texts(".error"));
        assert_eq!(cook.get(KEEP).await.page.link("Pour le printemps"), LIST, "the page says where it is");
        helper.post(&format!("{LIST}/1/note"), &[("note", "Demander Lucie")]).await;
        let shown = cards(&cook).await;
        for told in ["Ferme du Suc", "Bio, preuve à jour", "Carottes", "moins de 1", "lundi", "Demander Lucie"] {
            assert!(shown.contains(told), "{told}: {shown}");
        }
        assert_eq!(cards(&claire).await, shown, "organisers see it too");
        let other = member(&site.app, &claire, "Lycée du Bas", "other@lycee.example").await;
        let grower = member(&site.app, &claire, "Ferme du Bas", "grower@ferme.example").await;
        for path in [LISTS, LIST, "/cantine/1/listes/1.csv", "/cantine/1/listes/1.xlsx", "/cantine/1/listes/1/retrait"]
        {
            for stranger in [&other, &grower] {
                assert_eq!(stranger.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
            }
        }
        for path in ["", "/retrait", "/1/note", "/1/retrait", "/1/reprise"] {
            for way in [format!("{LIST}{path}"), format!("/cantine/2/listes/1{path}")] {
                let sent = other.post(&way, &[("nom", "À moi"), ("note", "À moi")]).await;
                assert_eq!(sent.status, StatusCode::NOT_FOUND, "{way}");
            }
        }
        assert_eq!(other.post(KEEP, &[("dans", "1")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(other.post(KEEP, &[("cantine", "1"), ("nom", "X")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(grower.post(KEEP, &[("dans", "1")]).await.status, StatusCode::NOT_FOUND);
        assert!(grower.get("/annuaire/ferme-du-suc").await.page.all(".keep").is_empty(), "growers keep no lists");
        assert!(Browser::new(&site.browser).get("/annuaire/ferme-du-suc").await.page.all(".keep").is_empty());
        assert_eq!(cards(&cook).await, shown);
    })
    .await;
}

#[tokio::test]
async fn two_who_keep_the_same_supplier_at_once_keep_it_once_in_one_list() {
    on_each_database(async |site| {
        filled(site).await;
        let (_, cook, helper) = team(site).await;
        let new = [("cantine", "1"), ("nom", "Pour le printemps")];
        let other = [("cantine", "1"), ("nom", "POUR LE PRINTEMPS")];
        let both = futures_util::future::join(cook.post(KEEP, &new), helper.post(KEEP, &other)).await;
        let mut said = [both.0.location.unwrap(), both.1.location.unwrap()];
        said.sort();
        assert_eq!(said, [format!("{KEEP}?fait=deja"), format!("{KEEP}?fait=garde")]);
        let again = [("dans", "1")];
        futures_util::future::join(cook.post(KEEP, &again), helper.post(KEEP, &again)).await;
        assert_eq!(rows(&site.app, "favourite_lists").await.len(), 1);
        assert_eq!(rows(&site.app, "favourites").await.len(), 1);
        // Behind the lock stands the key: what went past it is refused.
        let twice =
            "INSERT INTO favourites (list_id, supplier_id, added_at) VALUES (1, 1, '2027-03-16 07:30:00+00:00')";
        assert!(execute(site, twice).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn what_is_taken_out_comes_back_with_its_note_for_a_day_and_a_list_ends_after_a_question() {
    on_each_database(async |site| {
        filled(site).await;
        let (_, cook, _) = team(site).await;
        cook.post(KEEP, &[("cantine", "1"), ("nom", "Pour le printemps")]).await;
        cook.post("/annuaire/les-loges/listes", &[("dans", "1")]).await;
        cook.post(&format!("{LIST}/1/note"), &[("note", "Demander Lucie")]).await;
        let out = cook.post(&format!("{LIST}/1/retrait"), &[]).await.location.unwrap();
        let page = cook.get(&out).await.page;
        assert!(page.texts(".notice").concat().contains("Ferme du Suc est retiré"));
        assert!(
            page.inside(".notice", "form")
                .iter()
                .any(|form| form.attribute("action") == Some("/cantine/1/listes/1/1/reprise"))
        );
        assert!(!cards(&cook).await.contains("Ferme du Suc"));
        assert_eq!(cook.post(&format!("{LIST}/1/retrait"), &[]).await.status, StatusCode::NOT_FOUND, "it is out");
        assert_eq!(cook.post(&format!("{LIST}/9/reprise"), &[]).await.status, StatusCode::NOT_FOUND, "never was in");
        cook.post(&format!("{LIST}/1/reprise"), &[]).await;
        let back = cards(&cook).await;
        assert!(back.contains("Demander Lucie") && back.starts_with("Ferme du Suc"), "at its place: {back}");
        assert!(cook.get(&out).await.page.all(".notice").is_empty(), "what is back is not offered again");
        cook.post(&format!("{LIST}/1/retrait"), &[]).await;
        site.app.clock.advance(chrono::TimeDelta::days(2));
        cook.post(&format!("{LIST}/2/retrait"), &[]).await;
        assert_eq!(cook.post(&format!("{LIST}/1/reprise"), &[]).await.status, StatusCode::NOT_FOUND, "a day is over");
        let asked = cook.get(&format!("{LIST}/retrait")).await.page;
        assert!(asked.texts("h1")[0].contains("Pour le printemps"));
        assert_eq!(rows(&site.app, "favourite_lists").await.len(), 1, "to ask ends nothing");
        let ended = cook.post(&format!("{LIST}/retrait"), &[]).await;
        assert_eq!(ended.location.as_deref(), Some("/cantine/1/listes?fait=retrait"));
        assert_eq!(cook.get(LIST).await.status, StatusCode::NOT_FOUND);
        assert!(rows(&site.app, "favourites").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_name_is_had_once_whatever_its_accents_and_what_was_typed_wrong_stays() {
    on_each_database(async |site| {
        filled(site).await;
        let (_, cook, _) = team(site).await;
        for name in ["Été", "Hiver"] {
            assert_eq!(cook.post(LISTS, &[("nom", name)]).await.status, StatusCode::SEE_OTHER);
        }
        let long = "x".repeat(81);
        for wrong in ["ete", "", " ", &long] {
            let refused = cook.post(LISTS, &[("nom", wrong)]).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
            assert_eq!(refused.page.by_id("nom").unwrap().attribute("value"), Some(wrong));
            let renamed = cook.post("/cantine/1/listes/2", &[("nom", wrong)]).await;
            assert_eq!(renamed.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
            assert_eq!(renamed.page.by_id("nom").unwrap().attribute("value"), Some(wrong));
        }
        assert_eq!(
            cook.post("/cantine/1/listes/2", &[("nom", "HIVER")]).await.status,
            StatusCode::SEE_OTHER,
            "its own"
        );
        cook.post(KEEP, &[("dans", "1")]).await;
        let note = "n".repeat(201);
        let refused = cook.post(&format!("{LIST}/1/note"), &[("note", &note)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused.page.by_id("note").unwrap().attribute("value"), Some(note.as_str()));
        for number in 0..48 {
            let opened = cook.post(LISTS, &[("nom", &format!("Liste {number}"))]).await;
            assert_eq!(opened.status, StatusCode::SEE_OTHER, "{number}");
        }
        assert_eq!(cook.post(LISTS, &[("nom", "De trop")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(rows(&site.app, "favourite_lists").await.len(), 50);
    })
    .await;
}

#[tokio::test]
async fn a_list_holds_two_hundred_suppliers_however_the_last_one_comes() {
    on_each_database(async |site| {
        import_suppliers(&site.app, &farms('R', 202)).await;
        let (_, cook, _) = team(site).await;
        cook.post("/annuaire/ferme-0000/listes", &[("cantine", "1"), ("nom", "Toutes")]).await;
        let most = "INSERT INTO favourites (list_id, supplier_id, added_at)
            SELECT 1, id, '2027-03-16 07:30:00+00:00' FROM suppliers WHERE reference BETWEEN 'R0001' AND 'R0199'";
        assert_eq!(execute(site, most).await.unwrap(), 199);
        let refused = cook.post("/annuaire/ferme-0200/listes", &[("dans", "1")]).await;
        assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.page.by_id("dans-error").is_some());
        cook.post(&format!("{LIST}/1/retrait"), &[]).await;
        assert_eq!(cook.post("/annuaire/ferme-0200/listes", &[("dans", "1")]).await.status, StatusCode::SEE_OTHER);
        let full = cook.post(&format!("{LIST}/1/reprise"), &[]).await.location.unwrap();
        assert!(full.ends_with("fait=pleine"), "{full}");
        assert_eq!(cook.get(LIST).await.page.inside(".kept", "h2").len(), 200);
    })
    .await;
}

#[tokio::test]
async fn a_file_of_a_list_tells_what_the_page_tells_and_who_has_left_is_only_named() {
    on_each_database(async |site| {
        filled(site).await;
        let (_, cook, _) = team(site).await;
        cook.post(KEEP, &[("cantine", "1"), ("nom", "Été 2027")]).await;
        cook.post("/annuaire/les-loges/listes", &[("dans", "1")]).await;
        cook.post(&format!("{LIST}/2/note"), &[("note", "=1+1")]).await;
        let csv = async || String::from_utf8(cook.bytes("/cantine/1/listes/1.csv").await).unwrap();
        let file = csv().await;
        assert!(file.contains("Ferme du Suc;Producteur;Le Puy-en-Velay;;Carottes des sables;Bio;"), "{file}");
        assert!(file.contains("'=1+1") && !file.contains("04 71 11 22 33"), "{file}");
        assert!(!cards(&cook).await.contains("04 71 11 22 33"), "not before she has written");
        cook.post("/annuaire/ferme-du-suc/contact", &[("cantine", "1"), ("message", "Bonjour")]).await;
        assert!(csv().await.contains("04 71 11 22 33") && cards(&cook).await.contains("04 71 11 22 33"));
        assert!(!csv().await.contains("04 71 44 55 66"), "only whom she has written to");
        assert!(cook.bytes("/cantine/1/listes/1.xlsx").await.starts_with(b"PK"));
        assert_eq!(cook.get("/cantine/1/listes/1.pdf").await.status, StatusCode::NOT_FOUND);
        for state in ["paused", "withdrawn"] {
            execute(site, &format!("UPDATE suppliers SET state = '{state}' WHERE reference = 'F1'")).await.unwrap();
            let (shown, file) = (cards(&cook).await, csv().await);
            for told in [&shown, &file] {
                assert!(told.contains("n’est plus dans l’annuaire pour le moment"), "{told}");
                assert!(told.contains("Ferme du Suc") && !told.contains("Carottes"), "{told}");
                assert!(!told.contains("04 71 11 22 33"), "{told}");
            }
        }
    })
    .await;
}

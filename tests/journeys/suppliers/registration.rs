//! From an address to a listing that is begun.

use manger_local::suppliers::forget_old_registrations;
use poem::http::StatusCode;

use super::{JULIE, SIRET, filled, import, registered};
use crate::support::{
    on_each_database,
    people::{Browser, mail_to, organiser, rows, secrets_of},
};

#[tokio::test]
async fn whoever_is_unknown_registers_with_a_code_and_her_steps_are_kept() {
    on_each_database(async |site| {
        let (julie, path) = registered(site, JULIE, "Ferme du Suc", SIRET).await;
        let first = julie.get(&format!("{path}/identite")).await;
        let nom = first.page.by_id("nom").and_then(|input| input.attribute("value")).unwrap();
        assert_eq!(nom, "Ferme du Suc");
        filled(&julie, &path, "Ferme du Suc").await;
        let desk = julie.get(&path).await;
        let said = desk.page.texts(".desk-steps").concat();
        assert!(said.contains("Le Puy-en-Velay") && said.contains("30 km") && said.contains("1 produit"), "{said}");
        assert_eq!(desk.cache.as_deref(), Some("private, no-store"));
        assert_eq!(rows(&site.app, "suppliers").await.len(), 0, "nobody sees it yet");
    })
    .await;
}

#[tokio::test]
async fn the_link_of_the_mail_goes_on_with_it_on_another_device() {
    on_each_database(async |site| {
        let telephone = Browser::new(&site.browser);
        telephone.post("/fournisseurs/inscription", &[("siret", SIRET), ("courriel", JULIE)]).await;
        let (_, link) = secrets_of(&mail_to(&site.app, JULIE).await.unwrap().1);
        let desk = Browser::new(&site.browser);
        desk.get(&link).await;
        assert_eq!(desk.post(&link, &[]).await.location.as_deref(), Some("/mon-espace"));
        assert_eq!(desk.get("/mon-espace").await.page.link("Inscrire"), "/fournisseurs/inscription");
        let form = desk.get("/fournisseurs/inscription").await.page;
        assert_eq!(form.by_id("siret").unwrap().attribute("value"), Some(SIRET), "what was typed is there");
    })
    .await;
}

#[tokio::test]
async fn the_answer_is_the_same_whether_the_address_is_known_or_not() {
    on_each_database(async |site| {
        let claire = organiser(&site.app, &site.browser).await;
        drop(claire);
        let mut answers = Vec::new();
        for address in ["claire@departement.example", "stranger@ferme.example"] {
            let browser = Browser::new(&site.browser);
            let asked = browser.post("/fournisseurs/inscription", &[("courriel", address)]).await;
            answers.push((asked.status, asked.location, mail_to(&site.app, address).await.unwrap().0));
        }
        assert_eq!(answers[0], answers[1]);
    })
    .await;
}

#[tokio::test]
async fn to_ask_for_a_code_the_usual_way_opens_no_account_to_a_stranger() {
    on_each_database(async |site| {
        let browser = Browser::new(&site.browser);
        browser.post("/connexion", &[("courriel", JULIE)]).await;
        assert_eq!(mail_to(&site.app, JULIE).await.unwrap().0, "sign_in_unknown");
        assert!(rows(&site.app, "people").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_refused_form_keeps_what_was_typed() {
    on_each_database(async |site| {
        let browser = Browser::new(&site.browser);
        let refused =
            browser.post("/fournisseurs/inscription", &[("siret", "732829320000 75"), ("courriel", "julie")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused.page.by_id("siret").unwrap().attribute("value"), Some("732829320000 75"));
        assert_eq!(refused.page.by_id("courriel").unwrap().attribute("value"), Some("julie"));
        let (julie, path) = registered(site, JULIE, "Ferme du Suc", "").await;
        let fields =
            [("nom", ""), ("type", "producer"), ("telephone", "12"), ("courriel", "x"), ("site", "javascript:a")];
        let refused = julie.post(&format!("{path}/identite"), &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        for (id, value) in [("telephone", "12"), ("courriel", "x"), ("site", "javascript:a")] {
            assert_eq!(refused.page.by_id(id).unwrap().attribute("value"), Some(value));
            assert!(refused.page.by_id(&format!("{id}-error")).is_some(), "{id} is said to be wrong");
        }
        let refused = julie.post(&format!("{path}/lieu"), &[("commune_nom", "Atlantis"), ("position", "exact")]).await;
        assert_eq!(refused.page.by_id("commune_nom").unwrap().attribute("value"), Some("Atlantis"));
        assert!(refused.page.by_id("point-error").is_some(), "the exact point is asked for");
    })
    .await;
}

#[tokio::test]
async fn who_reads_the_mails_of_a_listing_takes_it_over_and_others_begin_with_what_is_public() {
    on_each_database(async |site| {
        let listed = format!(
            "Référence;Nom;Type;Code INSEE;SIRET;Téléphone;Courriel;Adresse;Présentation\n\
             F1;Ferme du Suc;Producteur;43157;{SIRET};04 71 11 22 33;{JULIE};Le Suc;Des lentilles.\n"
        );
        import(site, &listed).await;
        let (thief, path) = registered(site, "thief@elsewhere.example", "Ferme du Suc", SIRET).await;
        let shown = thief.get(&format!("{path}/identite")).await.page;
        assert_eq!(shown.by_id("telephone").unwrap().attribute("value"), Some(""), "no hidden number");
        assert!(shown.texts("textarea").concat().contains("Des lentilles"));
        let place = thief.get(&format!("{path}/lieu")).await.page;
        assert_eq!(place.by_id("adresse").unwrap().attribute("value"), Some(""), "no hidden address");

        let (julie, own) = registered(site, JULIE, "Ferme du Suc", SIRET).await;
        assert_ne!(own, path);
        let shown = julie.get(&format!("{own}/identite")).await.page;
        assert_eq!(shown.by_id("telephone").unwrap().attribute("value"), Some("04 71 11 22 33"));
        assert!(julie.get(&own).await.page.texts(".lead").concat().contains("En ligne"));

        let third = Browser::new(&site.browser);
        third.post("/fournisseurs/inscription", &[("courriel", "third@ferme.example")]).await;
        let (code, _) = secrets_of(&mail_to(&site.app, "third@ferme.example").await.unwrap().1);
        third.post("/connexion/code", &[("code", &code)]).await;
        let refused = third.post("/fournisseurs/inscription", &[("siret", SIRET), ("nom", "Le Suc")]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "another team holds it");
        let again = julie.post("/fournisseurs/inscription", &[("siret", SIRET), ("nom", "Le Suc")]).await;
        assert_eq!(again.location, Some(own), "one's own is one's own");

        let report = import(site, &listed.replace("Des lentilles.", "Autre chose.")).await;
        assert_eq!((report.updated, report.unchanged), (0, 1), "a file changes nothing of what its supplier keeps");
        assert!(report.to_string().contains("tient sa fiche"));
    })
    .await;
}

#[tokio::test]
async fn a_listing_nobody_sees_is_read_by_an_organiser_before_it_shows_whoever_takes_it_over() {
    on_each_database(async |site| {
        let listed = format!(
            "Référence;Nom;Type;Code INSEE;SIRET;Courriel;Rayon de livraison (km);État\n\
             F1;Ferme du Suc;Producteur;43157;{SIRET};{JULIE};30;Brouillon\n"
        );
        import(site, &listed).await;
        let (julie, path) = registered(site, JULIE, "Ferme du Suc", SIRET).await;
        julie.post(&format!("{path}/produits/ajout"), &[("produit", "Panais"), ("prix", "2")]).await;
        let sent = julie.post(&format!("{path}/envoi"), &[]).await;
        assert_eq!(sent.location, Some(format!("{path}?fait=envoi")), "it waits for the organiser");
        let public = Browser::new(&site.browser).get("/annuaire/ferme-du-suc").await;
        assert_eq!(public.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn to_begin_twice_at_once_begins_one_listing() {
    on_each_database(async |site| {
        let (julie, path) = registered(site, JULIE, "Ferme du Suc", "").await;
        let fields = [("siret", ""), ("nom", "Ferme du Haut")];
        let twice =
            (julie.post("/fournisseurs/inscription", &fields), julie.post("/fournisseurs/inscription", &fields));
        let (one, two) = futures_util::future::join(twice.0, twice.1).await;
        let bare = |location: Option<String>| location.unwrap().trim_end_matches("/identite").to_owned();
        assert_eq!(bare(one.location), bare(two.location));
        assert_eq!(rows(&site.app, "organisations").await.len(), 2, "this one and {path}");
    })
    .await;
}

#[tokio::test]
async fn what_nobody_came_back_to_is_forgotten() {
    on_each_database(async |site| {
        let browser = Browser::new(&site.browser);
        browser.post("/fournisseurs/inscription", &[("siret", SIRET), ("courriel", JULIE)]).await;
        for (days, left) in [(6, 1), (2, 0)] {
            site.app.clock.advance(chrono::TimeDelta::days(days));
            let txn = site.app.write().await.unwrap();
            forget_old_registrations(&txn, site.app.clock.now()).await.unwrap();
            txn.commit().await.unwrap();
            assert_eq!(rows(&site.app, "supplier_registrations").await.len(), left);
        }
    })
    .await;
}

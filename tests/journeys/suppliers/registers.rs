//! What public registers say when a supplier registers: a help when they answer well, no hindrance when they do not.

mod operators;

use std::pin::pin;

use futures_util::future::{Either, select};
use poem::http::StatusCode;
use serde_json::json;

use super::{JULIE, SIRET, filled, registered, seen};
use crate::support::{
    Site,
    html::Html,
    on_each_database_with,
    people::{Browser, organiser, rows},
    process::{Folder, run},
    registers::{MISDEEDS, Misdeed, Registers, company, place},
};

const OTHER: &str = "35600000000048";
const ORGANIC: [(&str, &str); 2] = [("signe", "organic"), ("numero", "114386")];

fn value<'h>(page: &'h Html, id: &str) -> &'h str {
    page.by_id(id).and_then(|input| input.attribute("value")).unwrap_or_default()
}

fn said(page: &Html, words: &str) -> bool {
    page.texts("main").concat().replace('\u{a0}', " ").contains(words)
}

/// Julie, whose listing is whole but for her certificate, at the door of the registers that know her.
async fn farm(site: &Site) -> (Browser<'_>, String) {
    let (julie, path) = registered(site, JULIE, "Ferme du Suc", SIRET).await;
    filled(&julie, &path, "Ferme du Suc").await;
    (julie, path)
}

/// Saves a certificate: a new one, or the one at this address.
async fn certify(browser: &Browser<'_>, page: &str, fields: &[(&str, &str)]) -> String {
    let vu = if page.ends_with("/ajout") { String::new() } else { seen(browser, page).await };
    browser.get(page).await;
    let saved = browser.post_files(page, &[fields, &[("vu", vu.as_str())]].concat(), &[]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{:?}", saved.page.texts(".error"));
    saved.location.unwrap()
}

async fn moderation(claire: &Browser<'_>, path: &str) -> Html {
    claire.get(&path.replace("/fiche/", "/organisation/fiches/")).await.page
}

async fn accept(julie: &Browser<'_>, claire: &Browser<'_>, path: &str) {
    julie.post(&format!("{path}/envoi"), &[]).await;
    let page = path.replace("/fiche/", "/organisation/fiches/");
    let shown = claire.get(&page).await.page;
    let hidden = shown.all("input").into_iter().find(|input| input.attribute("name") == Some("version"));
    let version = hidden.unwrap().attribute("value").unwrap().to_owned();
    let accepted = claire.post(&page, &[("version", &version), ("geste", "acceptation")]).await;
    assert_eq!(accepted.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_siret_begins_the_listing_once_the_address_is_proven_and_not_before() {
    let registers = Registers::start().await;
    on_each_database_with(
        |config| registers.of(config),
        async |site| {
            let stranger = Browser::new(&site.browser);
            stranger.post("/fournisseurs/inscription", &[("siret", SIRET), ("courriel", JULIE)]).await;
            stranger.get("/fournisseurs/inscription").await;
            assert!(registers.asked().is_empty(), "a stranger learns nothing");
            let (julie, path) = registered(site, JULIE, "", SIRET).await;
            assert_eq!(
                registers.asked(),
                [format!(
                    "/companies/search?q={SIRET}&minimal=true&include=siege%2Cmatching_etablissements&page=1&per_page=5"
                )]
            );
            let identity = julie.get(&format!("{path}/identite")).await.page;
            assert_eq!(value(&identity, "nom"), "GAEC DU SUC");
            assert!(said(&identity, "Le registre des entreprises dit : GAEC DU SUC, 12 RUE DU BREUIL, 43000"));
            let place = julie.get(&format!("{path}/lieu")).await.page;
            assert_eq!(value(&place, "commune_nom"), "Le Puy-en-Velay (43)");
            assert_eq!(value(&place, "adresse"), "12 RUE DU BREUIL");
        },
    )
    .await;
}

#[tokio::test]
async fn what_is_typed_counts_and_the_organiser_reads_both() {
    let registers = Registers::start().await;
    on_each_database_with(
        |config| registers.of(config),
        async |site| {
            let claire = organiser(&site.app, &site.browser).await;
            let (julie, path) = farm(site).await;
            assert_eq!(value(&julie.get(&format!("{path}/identite")).await.page, "nom"), "Ferme du Suc");
            let read = moderation(&claire, &path).await;
            assert!(said(&read, "Registre des entreprises, lu le 16 mars 2027 : GAEC DU SUC, 12 RUE DU BREUIL"));
            assert!(!said(&read, "une autre commune"));
            let vu = seen(&julie, &format!("{path}/lieu")).await;
            let moved = [("commune_nom", "Brioude"), ("position", "commune"), ("vu", &vu)];
            julie.post(&format!("{path}/lieu"), &moved).await;
            assert!(said(&moderation(&claire, &path).await, "La fiche dit une autre commune."));
        },
    )
    .await;
}

#[tokio::test]
async fn what_is_not_public_is_neither_taken_nor_kept() {
    let registers = Registers::start().await;
    registers.state().companies = company(|it| it["statut_diffusion"] = json!("P"));
    on_each_database_with(
        |config| registers.of(config),
        async |site| {
            let (julie, path) = registered(site, JULIE, "Ferme du Suc", SIRET).await;
            let identity = julie.get(&format!("{path}/identite")).await.page;
            assert!(said(
                &identity,
                "Vos données ne sont pas publiques dans le registre : écrivez-les vous-même, ou non."
            ));
            let place = julie.get(&format!("{path}/lieu")).await.page;
            assert_eq!((value(&place, "commune_nom"), value(&place, "adresse")), ("", ""));
            let kept = rows(&site.app, "register_answers").await.concat();
            assert!(kept.contains(SIRET) && !kept.contains("GAEC") && !kept.contains("BREUIL"), "{kept}");
            let unnamed = julie.post("/fournisseurs/inscription", &[("siret", OTHER), ("nom", "")]).await;
            assert_eq!(unnamed.status, StatusCode::UNPROCESSABLE_ENTITY, "no name is made up");
        },
    )
    .await;
}

#[tokio::test]
async fn a_closed_establishment_is_said_and_the_organiser_decides() {
    let registers = Registers::start().await;
    registers.state().companies = company(|it| {
        it["matching_etablissements"][0]["etat_administratif"] = json!("F");
        it["matching_etablissements"][0]["date_fermeture"] = json!("2022-10-22");
    });
    on_each_database_with(
        |config| registers.of(config),
        async |site| {
            let claire = organiser(&site.app, &site.browser).await;
            let (julie, path) = farm(site).await;
            let words = "Le registre dit que cet établissement est fermé depuis le 22 octobre 2022.";
            for page in ["", "/identite", "/lieu"] {
                assert!(said(&julie.get(&format!("{path}{page}")).await.page, words), "{page}");
            }
            assert!(said(&moderation(&claire, &path).await, "Établissement fermé depuis le 22 octobre 2022."));
            accept(&julie, &claire, &path).await;
            assert_eq!(rows(&site.app, "suppliers").await.len(), 1);
        },
    )
    .await;
}

#[tokio::test]
async fn an_unknown_siret_is_said_and_a_register_that_answers_later_is_asked_again() {
    let registers = Registers::start().await;
    on_each_database_with(
        |config| registers.of(config),
        async |site| {
            registers.state().misdeed = Some(Misdeed::Status(503));
            let claire = organiser(&site.app, &site.browser).await;
            let (julie, path) = farm(site).await;
            assert!(said(&moderation(&claire, &path).await, "SIRET non vérifié"));
            registers.state().misdeed = None;
            registers.state().companies = json!({ "results": [], "total_results": 0 });
            registers.asked();
            let page = format!("{path}/identite");
            let again = async || {
                let vu = seen(&julie, &page).await;
                let fields =
                    [("nom", "Ferme du Suc"), ("type", "producer"), ("telephone", "04 71 00 00 00"), ("siret", SIRET)];
                julie.post(&page, &[&fields[..], &[("vu", vu.as_str())]].concat()).await;
            };
            again().await;
            assert!(said(&julie.get(&page).await.page, "ne connaît pas ce SIRET"));
            assert!(said(&moderation(&claire, &path).await, "ce SIRET y est inconnu"));
            assert_eq!(registers.asked().len(), 1);
            again().await;
            assert!(registers.asked().is_empty(), "what was answered is not asked again");
            registers.state().companies = company(|_| {});
        },
    )
    .await;
}

#[tokio::test]
async fn a_register_that_misbehaves_hinders_nobody() {
    let registers = Registers::start().await;
    for misdeed in MISDEEDS {
        // Each on a node of its own: a node asks twenty things at once and no more.
        let site = Site::with(|config| registers.of(config)).await;
        registers.state().misdeed = Some(misdeed);
        let (browser, path) = registered(&site, JULIE, "Ferme du Suc", SIRET).await;
        let identity = browser.get(&format!("{path}/identite")).await.page;
        assert!(said(&identity, "n’a pas répondu. Rien n’est perdu"), "{misdeed:?}");
        assert_eq!(value(&identity, "nom"), "Ferme du Suc");
        let location = certify(&browser, &format!("{path}/certifications/ajout"), &ORGANIC).await;
        let kept = browser.get(&location).await.page;
        assert!(said(&kept, "Non vérifié : l’annuaire officiel du bio n’a pas répondu"), "{misdeed:?}");
        let fields = [("geste", "point"), ("commune_nom", "Le Puy-en-Velay"), ("adresse", "12 rue du Breuil")];
        let asked = browser.post(&format!("{path}/lieu"), &fields).await;
        assert!(asked.status == StatusCode::OK && said(&asked.page, "n’a pas répondu. Réessayez"), "{misdeed:?}");
        assert_eq!(value(&asked.page, "adresse"), "12 rue du Breuil");
    }
    assert!(registers.asked().iter().all(|asked| !asked.starts_with("/elsewhere")), "no redirect is followed");
    // The same once they behave: what was not taken was not taken for the misdeed.
    registers.state().misdeed = None;
    let site = Site::with(|config| registers.of(config)).await;
    let (browser, path) = registered(&site, JULIE, "", SIRET).await;
    assert_eq!(value(&browser.get(&format!("{path}/identite")).await.page, "nom"), "GAEC DU SUC");
}

#[tokio::test]
async fn a_silent_register_holds_up_nobody_else_and_its_caller_for_three_seconds() {
    let registers = Registers::start().await;
    let site = Site::with(|config| registers.of(config)).await;
    let (neighbour, other) = registered(&site, "neighbour@ferme.example", "Ferme du Bas", "").await;
    let (julie, path) = registered(&site, JULIE, "Ferme du Suc", SIRET).await;
    registers.state().misdeed = Some(Misdeed::Silence);
    let page = format!("{path}/certifications/ajout");
    julie.get(&page).await;
    let slow = pin!(julie.post_files(&page, &ORGANIC, &[]));
    let page = format!("{other}/identite");
    let vu = seen(&neighbour, &page).await;
    let fields = [("nom", "Ferme d’en bas"), ("type", "producer"), ("vu", vu.as_str())];
    let quick = pin!(neighbour.post(&page, &fields));
    match select(slow, quick).await {
        Either::Right((saved, slow)) => {
            assert_eq!(saved.status, StatusCode::SEE_OTHER, "{:?}", saved.page.texts(".error"));
            assert_eq!(slow.await.status, StatusCode::SEE_OTHER);
        }
        Either::Left(_) => panic!("a write waited for a register"),
    }
}

#[tokio::test]
async fn an_address_has_its_point_found_and_nothing_is_kept_by_it() {
    let registers = Registers::start().await;
    on_each_database_with(
        |config| registers.of(config),
        async |site| {
            let (julie, path) = registered(site, JULIE, "Ferme du Suc", "").await;
            let page = format!("{path}/lieu");
            let before = rows(&site.app, "listing_drafts").await;
            let typed = [("commune_nom", "Le Puy-en-Velay"), ("position", "exact"), ("adresse", "12 rue du Breuil")];
            let ask = async |typed: &[(&str, &str)]| {
                let vu = seen(&julie, &page).await;
                julie.post(&page, &[typed, &[("geste", "point"), ("vu", vu.as_str())]].concat()).await
            };
            for (kind, words) in [
                ("locality", "au milieu du lieu-dit"),
                ("street", "quelque part dans la rue"),
                ("housenumber", "Point trouvé : 12 Rue du Breuil 43000 Le Puy-en-Velay, au numéro près."),
            ] {
                registers.state().places = place(kind, "43157", 0.9);
                let found = ask(&typed).await;
                assert_eq!((found.status, value(&found.page, "point")), (StatusCode::OK, "45.04124, 3.88456"));
                assert!(said(&found.page, words), "{words}");
            }
            let asked = registers.asked();
            let expected = "/places/search?q=12+rue+du+Breuil&citycode=43157&index=address&autocomplete=0&limit=1";
            assert!(asked.iter().all(|asked| asked == expected), "{asked:?}");
            registers.state().places = place("municipality", "43157", 0.9);
            let nowhere = ask(&[&typed[..], &[("point", "45.1, 3.9")]].concat()).await;
            assert!(said(&nowhere.page, "n’est pas trouvée à Le Puy-en-Velay"));
            assert_eq!((value(&nowhere.page, "point"), value(&nowhere.page, "adresse")), ("45.1, 3.9", typed[2].1));
            registers.asked();
            let empty = ask(&[("commune_nom", "Atlantis"), ("adresse", "")]).await;
            assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(empty.page.by_id("commune-error").is_some() && empty.page.by_id("adresse-error").is_some());
            assert!(registers.asked().is_empty(), "nothing to ask");
            assert_eq!(rows(&site.app, "listing_drafts").await, before);
        },
    )
    .await;
}

#[tokio::test]
async fn without_settings_all_is_as_before() {
    let site = Site::new().await;
    let (julie, path) = registered(&site, JULIE, "Ferme du Suc", SIRET).await;
    let unnamed = julie.post("/fournisseurs/inscription", &[("siret", OTHER), ("nom", "")]).await;
    assert!(said(&unnamed.page, "Écrivez le nom de votre exploitation ou entreprise."));
    assert!(!said(&unnamed.page, "registre des entreprises"));
    for page in ["identite", "lieu"] {
        let shown = julie.get(&format!("{path}/{page}")).await.page;
        assert!(!said(&shown, "registre des entreprises") && !said(&shown, "Trouver ce point"), "{page}");
    }
    let location = certify(&julie, &format!("{path}/certifications/ajout"), &ORGANIC).await;
    assert!(!said(&julie.get(&location).await.page, "annuaire officiel"));
    assert!(rows(&site.app, "register_answers").await.is_empty());
}

#[test]
fn a_register_elsewhere_is_reached_by_tls_or_refused() {
    let folder = Folder::new();
    let data = folder.0.join("data");
    for flag in ["--company-register-url", "--organic-register-url", "--geocoder-url"] {
        let done = run(&["serve", "--data-dir", data.to_str().unwrap(), flag, "http://registre.example"], &folder.0);
        let said = String::from_utf8(done.stderr).unwrap();
        assert!(done.status.code() == Some(2) && said.contains("for this machine only"), "{said}");
    }
}

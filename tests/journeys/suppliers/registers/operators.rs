//! What the register of organic operators says of a certificate.

use manger_local::suppliers::import::{self, Options};
use poem::http::StatusCode;
use serde_json::json;

use super::super::{JULIE, SIRET, registered, seen};
use super::{ORGANIC, OTHER, accept, certify, farm, moderation, said, value};
use crate::support::{
    on_each_database, on_each_database_with,
    people::{organiser, rows},
    registers::{Misdeed, Registers, company, operator},
};

#[tokio::test]
async fn an_operator_number_is_checked_and_the_register_is_its_proof() {
    let registers = Registers::start().await;
    on_each_database_with(
        |config| registers.of(config),
        async |site| {
            let claire = organiser(&site.app, &site.browser).await;
            let (julie, path) = farm(site).await;
            registers.asked();
            let add = format!("{path}/certifications/ajout");
            let forged = [&ORGANIC[..], &[("register_read_on", "2027-03-16"), ("key", "9")]].concat();
            let location = certify(&julie, &add, &forged).await;
            assert_eq!(registers.asked(), ["/operators/?numeroBio=114386"]);
            let list = julie.get(&location).await.page;
            assert!(said(&list, "lu dans l’annuaire officiel le 16 mars 2027"));
            assert!(said(&list, "Ecocert France"), "what is not typed is filled in");
            assert!(said(&moderation(&claire, &path).await, "Bio, n° 114386 : Vérifié dans l’annuaire"));
            accept(&julie, &claire, &path).await;
            let public = rows(&site.app, "certifications").await.concat();
            assert!(public.contains("register") && public.contains("Ecocert France"), "{public}");
        },
    )
    .await;
}

#[tokio::test]
async fn the_word_of_the_register_cannot_be_forged_nor_carried_over() {
    let registers = Registers::start().await;
    on_each_database_with(
        |config| registers.of(config),
        async |site| {
            let (julie, path) = farm(site).await;
            let add = format!("{path}/certifications/ajout");
            certify(&julie, &add, &ORGANIC).await;
            let draft = async || rows(&site.app, "listing_drafts").await.concat();
            let is_read = |draft: &str| draft.contains("\"register_read_on\":\"2027-03-16\"");
            assert!(is_read(&draft().await));
            let list = julie.get(&format!("{path}/certifications")).await.page;
            let one = list.link("Bio").to_owned();
            for (what, change) in [
                ("another number", vec![("signe", "organic"), ("numero", "7")]),
                ("another body", vec![("signe", "organic"), ("numero", "114386"), ("organisme", "Bureau Veritas")]),
                ("another sign", vec![("signe", "in_conversion"), ("numero", "114386")]),
                ("no number", vec![("signe", "organic"), ("numero", "")]),
                ("a sign the register does not know", vec![("signe", "hve"), ("numero", "114386")]),
            ] {
                if what == "another number" {
                    registers.state().operators = json!({ "nbTotal": "0", "items": [] });
                }
                let forged = [&change[..], &[("register_read_on", "2027-03-16")]].concat();
                certify(&julie, &one, &forged).await;
                assert!(!is_read(&draft().await), "{what}");
                registers.state().operators = operator(SIRET, |_| {});
                certify(&julie, &one, &ORGANIC).await;
                assert!(is_read(&draft().await), "{what}, and back");
            }
            // What was said of this establishment is not said of another, even when the register fell silent meanwhile.
            registers.state().misdeed = Some(Misdeed::Status(500));
            let same = [&ORGANIC[..], &[("organisme", "Ecocert France")]].concat();
            certify(&julie, &one, &same).await;
            assert!(is_read(&draft().await), "silence unsays nothing");
            registers.state().misdeed = None;
            registers.state().companies = json!({ "results": [] });
            let page = format!("{path}/identite");
            let vu = seen(&julie, &page).await;
            let fields =
                [("nom", "Ferme du Suc"), ("type", "producer"), ("siret", OTHER), ("telephone", "04 71 00 00 00")];
            let moved = julie.post(&page, &[&fields[..], &[("vu", vu.as_str())]].concat()).await;
            assert_eq!(moved.status, StatusCode::SEE_OTHER);
            assert!(!is_read(&draft().await), "another SIRET");
            registers.state().companies = company(|_| {});
        },
    )
    .await;
}

#[tokio::test]
async fn what_the_register_says_otherwise_is_said_beside_the_number_and_blocks_nobody() {
    let registers = Registers::start().await;
    on_each_database_with(
        |config| registers.of(config),
        async |site| {
            let claire = organiser(&site.app, &site.browser).await;
            let (julie, path) = farm(site).await;
            let stopped = |item: &mut serde_json::Value| item["certificats"][0]["etatCertification"] = json!("ARRETEE");
            for (answer, words) in [
                (
                    operator(OTHER, |_| {}),
                    "ce numéro est celui de « GAEC DU SUC », à Le Puy-en-Velay, SIRET 35600000000048",
                ),
                (operator(SIRET, stopped), "est arrêté ou suspendu"),
                (
                    operator(SIRET, |it| it["productions"][0]["etatProductions"][0]["etatProduction"] = json!("C1")),
                    "mais pas pour ce signe",
                ),
                (operator(SIRET, |it| it["certificats"][0]["organisme"] = json!("")), "ne dit pas quel organisme"),
                (json!({ "nbTotal": "0", "items": [] }), "ne connaît pas ce numéro"),
            ] {
                registers.state().operators = answer;
                let location = certify(&julie, &format!("{path}/certifications/ajout"), &ORGANIC).await;
                let form = julie.get(&location).await.page;
                assert!(form.by_id("numero-register").unwrap().text.replace('\u{a0}', " ").contains(words), "{words}");
                assert_eq!(value(&form, "numero"), "114386", "kept as typed");
                assert!(said(&moderation(&claire, &path).await, words), "{words}");
            }
            accept(&julie, &claire, &path).await;
            let public = rows(&site.app, "certifications").await;
            assert!(public.len() == 5 && public.iter().all(|row| row.contains("statement")), "{public:?}");
            registers.state().operators = operator(SIRET, |_| {});
        },
    )
    .await;
}

#[tokio::test]
async fn a_proof_ends_wherever_its_number_stands_when_the_register_says_otherwise() {
    let registers = Registers::start().await;
    on_each_database_with(
        |config| registers.of(config),
        async |site| {
            let claire = organiser(&site.app, &site.browser).await;
            let (julie, path) = farm(site).await;
            let add = format!("{path}/certifications/ajout");
            certify(&julie, &add, &ORGANIC).await;
            accept(&julie, &claire, &path).await;
            assert!(rows(&site.app, "certifications").await.concat().contains("register"));
            registers.state().operators = operator(OTHER, |_| {});
            certify(&julie, &add, &ORGANIC).await;
            accept(&julie, &claire, &path).await;
            let public = rows(&site.app, "certifications").await;
            assert!(public.len() == 2 && public.iter().all(|row| row.contains("statement")), "{public:?}");
            registers.state().operators = operator(SIRET, |_| {});
        },
    )
    .await;
}

#[tokio::test]
async fn without_the_register_the_operators_that_were_imported_are_read() {
    on_each_database(async |site| {
        let operators = operator(SIRET, |_| {}).to_string();
        let before = site.app.today() - chrono::Days::new(40);
        let now = site.app.clock.now() - chrono::TimeDelta::days(40);
        let options = Options { draft: true, ..Options::new("bio.json", now, before) };
        import::organic_operators(&site.app, operators.as_bytes(), &options, &mut |_| {}).await.unwrap();
        let (julie, path) = registered(site, JULIE, "Ferme du Suc", SIRET).await;
        let add = format!("{path}/certifications/ajout");
        let list = julie.get(&certify(&julie, &add, &ORGANIC).await).await.page;
        assert!(said(&list, "lu dans l’annuaire officiel le 4 février 2027"), "{:?}", list.texts("main"));
        let other = certify(&julie, &add, &[("signe", "organic"), ("numero", "999")]).await;
        assert!(said(&julie.get(&other).await.page, "ne connaît pas ce numéro"));
    })
    .await;
}

//! What is refused when one registers for an edition: it is said, and what was typed stays.

use poem::http::StatusCode;

use super::{COOK, LIST, open, page, publish, register};
use crate::editions::{DESK, save};
use crate::support::{
    on_each_database,
    people::{Browser, member, rows},
};

#[tokio::test]
async fn what_is_wrong_is_said_and_what_was_typed_stays() {
    on_each_database(async |site| {
        let claire = open(site, "3").await;
        save(&claire, "questions", &[("question-2", "Combien de convives ?"), ("obligatoire-2", "oui")]).await;
        let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
        let good = [("nom-1", "Sophie Arnaud"), ("reponse-2", "420")];
        for (field, typed, told) in [
            ("nom-1", "", "une personne au moins"),
            ("tables", "2", "venir à deux"),
            ("arrivee", "midi", "une heure"),
            ("depart", "25 h", "une heure"),
            ("absence_de", "12 h", "jusqu’à quelle heure"),
            ("absence_a", "12 h", "à partir de quelle heure"),
            ("minimum", "-1", "entre 0 et 200"),
            ("maximum", "0", "entre 1 et 200"),
            ("repas", "21", "entre 0 et 20"),
            ("reponse-2", "", "Combien de convives"),
        ] {
            let mut fields: Vec<_> = good.into_iter().filter(|(name, _)| *name != field).collect();
            fields.push((field, typed));
            let refused = cook.post(&page(1), &fields).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{field} {typed}");
            let errors = refused.page.texts(".error").concat();
            assert!(errors.contains(told), "{field}: {errors}");
            if !matches!(field, "tables" | "reponse-2") {
                assert_eq!(refused.page.by_id(field).unwrap().attribute("value"), Some(typed), "{field}");
            }
        }
        for (first, second, field) in [("arrivee", "depart", "depart"), ("absence_de", "absence_a", "absence_a")] {
            let refused = cook.post(&page(1), &[&good[..], &[(first, "14 h"), (second, "12 h")]].concat()).await;
            assert!(refused.page.by_id(&format!("{field}-error")).is_some(), "{field}");
        }
        let refused = cook.post(&page(1), &[&good[..], &[("minimum", "9"), ("maximum", "8")]].concat()).await;
        assert!(refused.page.by_id("maximum-error").is_some());
        assert!(rows(&site.app, "participants").await.is_empty(), "nothing was kept");
        register(&cook, 1, &good).await;
        let shown = cook.get(&page(1)).await.page;
        assert!(shown.texts("textarea").concat().contains("420"), "the answer is there again");
    })
    .await;
}

#[tokio::test]
async fn of_two_colleagues_the_second_sees_that_the_first_was_faster() {
    on_each_database(async |site| {
        let claire = open(site, "3").await;
        let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
        register(&cook, 1, &[("nom-1", "Sophie Arnaud")]).await;
        cook.post(&page(1), &[("nom-1", "Sophie Arnaud"), ("repas", "2"), ("vu", "1")]).await;
        let late = cook.post(&page(1), &[("nom-1", "Paul Roche"), ("vu", "1")]).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        assert_eq!(late.page.by_id("nom-1").unwrap().attribute("value"), Some("Paul Roche"), "her words are there");
        assert_eq!(cook.get(&page(1)).await.page.by_id("nom-1").unwrap().attribute("value"), Some("Sophie Arnaud"));
        let again = cook.post(&page(1), &[("nom-1", "Paul Roche"), ("vu", "2")]).await;
        assert_eq!(again.location, Some(format!("{}?fait=changement", page(1))));
    })
    .await;
}

#[tokio::test]
async fn who_may_not_come_reads_why_and_to_strangers_there_is_nothing() {
    on_each_database(async |site| {
        let claire = open(site, "3").await;
        let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
        let grower = member(&site.app, &claire, "Ferme du Suc", "grower@suc.example").await;
        for address in [page(1), format!("{}/retrait", page(1))] {
            assert_eq!(grower.get(&address).await.status, StatusCode::NOT_FOUND, "{address}");
            assert_eq!(grower.post(&address, &[("nom-1", "X")]).await.status, StatusCode::NOT_FOUND, "{address}");
        }
        assert_eq!(claire.get(&page(1)).await.status, StatusCode::NOT_FOUND, "organisers have pages of their own");
        assert_eq!(Browser::new(&site.browser).get(&page(1)).await.status, StatusCode::SEE_OTHER);
        for address in [LIST, &format!("{LIST}/1"), &format!("{LIST}.csv"), &format!("{LIST}/1/retrait")] {
            assert_eq!(cook.get(address).await.status, StatusCode::NOT_FOUND, "{address}");
        }
        // A supplier that nobody can read of.
        let why = grower.get(&page(2)).await.page.texts("main").concat();
        assert!(why.contains("n’est pas publiée"), "{why}");
        grower.post(&page(2), &[("nom-1", "Julie")]).await;
        assert!(rows(&site.app, "participants").await.is_empty());
        // An organiser knows who comes, and reads what canteens will miss.
        let page_for = format!("{LIST}/2");
        assert!(claire.get(&page_for).await.page.texts(".notice").concat().contains("ne liront que son nom"));
        claire.post(&page_for, &[("nom-1", "Julie")]).await;
        assert_eq!(rows(&site.app, "participants").await.len(), 1);
        claire.post(&format!("{page_for}/retrait"), &[]).await;
        publish(site, 2).await;
        register(&grower, 2, &[("nom-1", "Julie")]).await;
        assert_eq!(rows(&site.app, "participants").await.len(), 1);
        // A canteen that organisers have not accepted.
        let waits = "INSERT INTO canteen_requests (organisation_id, state, words, asked_at) VALUES (1, 'waiting', '', '2027-03-16 07:00:00+00:00')";
        sea_orm::ConnectionTrait::execute_unprepared(&site.app.db, waits).await.unwrap();
        let why = cook.get(&page(1)).await.page.texts("main").concat();
        assert!(why.contains("pas encore accepté cette cantine"), "{why}");
        cook.post(&page(1), &[("nom-1", "Sophie")]).await;
        claire.post(&format!("{LIST}/1"), &[("nom-1", "Sophie")]).await;
        assert_eq!(rows(&site.app, "participants").await.len(), 1, "not by an organiser either");
        // Too late.
        sea_orm::ConnectionTrait::execute_unprepared(&site.app.db, "DELETE FROM canteen_requests").await.unwrap();
        claire.post(&format!("{DESK}/etape"), &[("geste", "avancer"), ("vu", "registration")]).await;
        assert!(cook.get(&page(1)).await.page.texts("main").concat().contains("Les inscriptions sont closes"));
        cook.post(&page(1), &[("nom-1", "Sophie")]).await;
        assert_eq!(rows(&site.app, "participants").await.len(), 1);
        claire.post(&format!("{LIST}/1"), &[("nom-1", "Sophie")]).await;
        assert_eq!(rows(&site.app, "participants").await.len(), 2, "an organiser may");
    })
    .await;
}

//! Searches: claimed, followed, stopped, refused, repeated.

use chrono::TimeDelta;

use super::{PLANNING, facts, search, solve, sql, stage, sure, timetable, with_timetable};
use crate::support::{on_each_database, people::rows};

#[tokio::test]
async fn a_search_whose_node_died_is_taken_again() {
    on_each_database(async |site| {
        let claire = stage(site).await;
        claire.post(&format!("{PLANNING}/recherches"), &[("secondes", "5")]).await;
        sql(
            site,
            "UPDATE timetable_runs SET state = 'running', claim = 'gone', claimed_until = '2027-03-16T07:30:30+00:00'",
        )
        .await;
        assert!(!solve(site).await, "the other node is believed to live");
        let shown = claire.get(&format!("{PLANNING}/recherches/1")).await.page.texts("main").concat();
        assert!(shown.contains("en cours"), "{shown}");
        site.app.clock.advance(TimeDelta::seconds(31));
        assert!(solve(site).await);
        assert!(!solve(site).await, "once");
        let shown = claire.get(&format!("{PLANNING}/recherches/1")).await.page.texts("main").concat();
        assert!(shown.contains("terminée") && shown.contains("9, pour 18 places aux tables"), "{shown}");
    })
    .await;
}

#[tokio::test]
async fn pressed_twice_one_search_is_made_and_one_that_nobody_has_is_stopped_at_once() {
    on_each_database(async |site| {
        let claire = stage(site).await;
        let path = format!("{PLANNING}/recherches");
        let (one, two) = futures_util::future::join(claire.post(&path, &[]), claire.post(&path, &[])).await;
        assert_eq!((one.location.clone(), two.location), (one.location, Some(format!("{path}/1"))));
        assert_eq!(rows(&site.app, "timetable_runs").await.len(), 1);
        claire.post(&format!("{path}/1/arret"), &[]).await;
        assert!(!solve(site).await);
        let shown = claire.get(&format!("{path}/1")).await.page.texts("main").concat();
        assert!(shown.contains("arrêtée") && shown.contains("Arrêtée avant d’avoir trouvé"), "{shown}");
    })
    .await;
}

#[tokio::test]
async fn asked_for_again_after_a_wish_has_changed_the_search_starts_anew() {
    on_each_database(async |site| {
        let claire = stage(site).await;
        let path = format!("{PLANNING}/recherches");
        assert_eq!(claire.post(&path, &[]).await.location, Some(format!("{path}/1")));
        sql(site, "DELETE FROM wishes WHERE participant_id IN (1, 4) AND wished_id IN (1, 4)").await;
        let anew = claire.post(&path, &[]).await.location;
        assert_eq!(anew, Some(format!("{path}/2?fait=nouvelle")));
        let page = claire.get(&anew.unwrap()).await.page;
        assert!(page.texts(".notice").concat().contains("ont changé depuis la recherche précédente"));
        assert_eq!(claire.post(&path, &[]).await.location, Some(format!("{path}/2")), "nothing has changed since");
        let other = claire.post(&path, &[("cote", "cantine")]).await.location;
        assert_eq!(other, Some(format!("{path}/3")), "another question is kept beside it");
        assert!(solve(site).await && solve(site).await && !solve(site).await, "the first is over");
        let first = claire.get(&format!("{path}/1")).await.page.texts("main").concat();
        assert!(first.contains("arrêtée"), "{first}");
        let second = claire.get(&format!("{path}/2")).await.page.texts("main").concat();
        assert!(second.contains("terminée") && second.contains("8, pour 18 places"), "{second}");
    })
    .await;
}

#[tokio::test]
async fn pins_stay_where_they_are_and_pins_that_contradict_the_day_are_refused_in_words() {
    on_each_database(async |site| {
        let claire = with_timetable(site).await;
        // A pin away from where the search would put it: the last slot, the last table.
        let (id, canteen, supplier, ..) = timetable(site).await[0];
        sql(site, &format!("DELETE FROM appointments WHERE id <> {id}")).await;
        sql(site, &format!("UPDATE appointments SET slot = 6, table_number = 3 WHERE id = {id}")).await;
        let page = claire.get(&format!("{PLANNING}/rendez-vous/{id}")).await.page;
        let version = page.all("input").into_iter().find(|input| input.attribute("name") == Some("vu")).unwrap();
        let fields = [("rdv", &*id.to_string()), ("vu", version.attribute("value").unwrap()), ("geste", "fixer")];
        let pinned = claire.post(&format!("{PLANNING}/changement"), &fields).await;
        assert_eq!(pinned.location, Some(format!("{PLANNING}/rendez-vous/{id}?fait=fixer")));
        let (page, shown) = search(site, &claire, &[]).await;
        assert!(shown.texts("main").concat().contains("terminée"));
        sure(&claire, &claire.get(&format!("{page}/choix")).await.page).await;
        let taken = facts(site).await;
        assert_eq!(taken.len(), 9);
        assert!(taken.contains(&(canteen, supplier, 6, 3, true)), "hour, table and pin stay: {taken:?}");

        sql(site, &format!("UPDATE participants SET leaves_at = 720 WHERE id = {canteen}")).await;
        let (_, shown) = search(site, &claire, &[("cote", "cantine")]).await;
        let told = shown.texts(".notice").concat();
        assert!(
            told.contains("Aucun planning n’est possible ainsi") && told.contains(&format!("Cantine {canteen}")),
            "{told}"
        );
    })
    .await;
}

#[tokio::test]
async fn recomputed_with_few_changes_what_still_fits_stays() {
    on_each_database(async |site| {
        let claire = with_timetable(site).await;
        let before = facts(site).await;
        sql(site, "UPDATE participants SET state = 'withdrawn', seat = NULL WHERE id = 5").await;
        let (page, shown) = search(site, &claire, &[("mode", "changements")]).await;
        let told = shown.texts("main").concat();
        assert!(
            told.contains("Le moins de changements") && told.contains("à une autre heure ou retirés : 0 ; ajoutés : 0"),
            "{told}"
        );
        sure(&claire, &claire.get(&format!("{page}/choix")).await.page).await;
        let after = facts(site).await;
        let stays: Vec<_> = before.into_iter().filter(|(_, supplier, ..)| *supplier != 5).collect();
        assert_eq!(after, stays, "hours and tables");
        let (other, _) = search(site, &claire, &[]).await;
        assert_eq!(other, format!("{PLANNING}/recherches/3"));
        let compared = claire.get(&format!("{PLANNING}/recherches/comparaison?un=1&deux=3")).await.page;
        assert!(compared.texts("main").concat().contains("rendez-vous inchangés"));
    })
    .await;
}

#[tokio::test]
async fn a_search_is_not_taken_over_a_timetable_that_changed_since_it_was_shown() {
    on_each_database(async |site| {
        let claire = with_timetable(site).await;
        let asked = claire.get(&format!("{PLANNING}/recherches/1/choix")).await.page;
        let (id, ..) = timetable(site).await[0];
        sure(&claire, &claire.get(&format!("{PLANNING}/changement?geste=retirer&rdv={id}")).await.page).await;
        let kept = facts(site).await;
        let refused = sure(&claire, &asked).await;
        assert_eq!(refused.status, poem::http::StatusCode::CONFLICT);
        assert!(refused.page.texts(".notice").concat().contains("a retiré le rendez-vous"), "who did what");
        assert_eq!(facts(site).await, kept);
        assert_eq!(sure(&claire, &refused.page).await.location, Some(format!("{PLANNING}?fait=choix")));
        assert_eq!(facts(site).await.len(), 9);
    })
    .await;
}

//! Somebody is missing: the ways to mend the timetable, and the one that was chosen.

use poem::http::StatusCode;
use sea_orm::{ConnectionTrait, Statement};

use super::{Cast, DOOR, day, hidden, later, publish, shown, step};
use crate::editions::DESK;
use crate::support::{
    Site, on_each_database,
    people::{Answer, Browser},
};

pub(super) const MENDING: &str = "/organisation/rencontres/1/reparation";

/// The meetings in force, each as slot, table, canteen and supplier.
pub(super) async fn in_force(site: &Site) -> Vec<(i32, i32, i64, i64)> {
    let asked = "SELECT slot, table_number, canteen_id, supplier_id FROM published_appointments
        WHERE publication_id = (SELECT id FROM publications ORDER BY number DESC LIMIT 1) ORDER BY slot, table_number";
    let rows = site.app.db.query_all_raw(Statement::from_string(site.app.db.get_database_backend(), asked)).await;
    let number = |row: &sea_orm::QueryResult, at| row.try_get_by_index(at).unwrap();
    rows.unwrap()
        .iter()
        .map(|row| (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap(), number(row, 2), number(row, 3)))
        .collect()
}

/// The last ways that are offered, as their forms carry them: where the day stood, and the timetable.
pub(super) async fn offered(claire: &Browser<'_>) -> Vec<(String, String)> {
    let page = claire.get(MENDING).await.page;
    let value = |form: &[(String, String)], name: &str| {
        form.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()).unwrap()
    };
    hidden(&page, MENDING).iter().map(|form| (value(form, "vu"), value(form, "solution"))).collect()
}

pub(super) async fn choose(claire: &Browser<'_>, (seen, solution): &(String, String)) -> Answer {
    claire.post(MENDING, &[("vu", seen.as_str()), ("solution", solution.as_str())]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_come_is_replaced_in_what_is_to_come_and_what_has_been_stays() {
    on_each_database(async |site| {
        let Cast { claire, cook, chef } = day(site).await;
        step(&claire, "published").await;
        let idle = claire.get(MENDING).await.page.texts("main").concat();
        assert!(idle.contains("Rien à réparer"), "{idle}");
        later(site, 65);
        let noted = claire.post(DOOR, &[("participant", "3"), ("geste", "absent")]).await;
        let door = claire.get(&noted.location.unwrap()).await.page;
        assert_eq!(door.link("Réparer le planning"), MENDING);
        let page = claire.get(MENDING).await.page.texts("main").concat();
        assert!(page.contains("9 h 42, Table 1 : Lycée du Bas et Ferme du Haut (absent)"), "{page}");
        assert!(!page.contains("9 h 30, Table 1 : Collège"), "what has begun is not mended: {page}");
        let ways = offered(&claire).await;
        assert!((1..=3).contains(&ways.len()), "{ways:?}");

        let before = in_force(site).await;
        let chosen = choose(&claire, &ways[0]).await;
        assert_eq!(chosen.location, Some(format!("{MENDING}?fait=reparation")), "{:?}", chosen.page.texts("main"));
        let after = in_force(site).await;
        let past = |all: &[(i32, i32, i64, i64)]| all.iter().filter(|one| one.0 == 1).copied().collect::<Vec<_>>();
        assert_eq!(past(&before), past(&after), "slot 1 had begun");
        assert!(after.iter().all(|one| one.0 == 1 || one.3 != 3), "who is missing meets nobody: {after:?}");
        for kept in [(2, 2, 1, 4), (3, 1, 1, 5)] {
            assert!(after.contains(&kept), "nobody is moved without need: {after:?}");
        }
        assert!(after.iter().any(|one| (one.2, one.3) == (2, 5)), "a free place is filled: {after:?}");
        let page = chef.get("/rencontres/rencontre-du-velay-2027/jour/2").await.page;
        let said = page.texts("main").concat();
        assert!(said.contains("Annulé à 9 h 35 : votre rendez-vous de 9 h 42 avec Ferme du Haut."), "{said}");
        assert!(page.texts("mark").concat().contains("changé à 9 h 35"), "{said}");
        assert!(
            cook.get("/rencontres/rencontre-du-velay-2027/jour/1").await.page.all("mark").is_empty(),
            "hers is as it was"
        );
        let again = choose(&claire, &ways[0]).await;
        assert_eq!(again.location, Some(format!("{MENDING}?fait=reparation")), "pressed twice");
        assert_eq!(in_force(site).await, after);
        assert!(claire.get(MENDING).await.page.texts("main").concat().contains("Rien à réparer"));
        let journal = claire.get("/organisation/journal").await.page.texts("main").concat();
        assert_eq!(journal.matches("a réparé le planning").count(), 1, "{journal}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_way_is_not_taken_once_the_day_is_another() {
    on_each_database(async |site| {
        let Cast { claire, cook, .. } = day(site).await;
        claire.post(DOOR, &[("participant", "3"), ("geste", "absent")]).await;
        let ways = offered(&claire).await;
        let before = in_force(site).await;
        // Somebody else is late by now.
        claire.post(DOOR, &[("participant", "4"), ("geste", "retard"), ("heure", "10 h")]).await;
        let stale = choose(&claire, &ways[0]).await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        assert!(stale.page.texts(".notice").concat().contains("Rien n’a été changé"));
        let ways = offered(&claire).await;
        // A timetable of somebody’s own: who is missing meets a canteen, or two sit at one table.
        for forged in ["2.1.1.1.3.1", "1.1.1.1.3.1 5.1.1.1.4.1 5.1.2.1.5.1", "9.1.1.1.5.1 9.99.2.1.4.1", "90.1.1.1.5.1"]
        {
            let refused = choose(&claire, &(ways[0].0.clone(), forged.to_owned())).await;
            assert_eq!(refused.status, StatusCode::CONFLICT, "{forged}");
        }
        for nonsense in ["x", "1.2.3", "1.1.1.1.3.1.9", "-1.1.1.1.3.1"] {
            let refused = choose(&claire, &(ways[0].0.clone(), nonsense.to_owned())).await;
            assert_eq!(refused.location.as_deref(), Some(MENDING), "{nonsense}");
        }
        // The first two slots have begun since.
        later(site, 73);
        let late = choose(&claire, &ways[0]).await;
        assert_eq!(late.status, StatusCode::CONFLICT, "what was to change has begun");
        assert_eq!(in_force(site).await, before);
        assert_eq!(cook.get(MENDING).await.status, StatusCode::NOT_FOUND);
        assert_eq!(cook.post(MENDING, &[]).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_late_meets_later_and_who_arrives_after_all_is_expected_again() {
    on_each_database(async |site| {
        let Cast { claire, cook, .. } = day(site).await;
        super::begin(site).await;
        claire.post(DOOR, &[("participant", "3"), ("geste", "retard"), ("heure", "9 h 50")]).await;
        let page = claire.get(MENDING).await.page.texts("main").concat();
        assert!(page.contains("9 h 30") && page.contains("9 h 42"), "both of its meetings: {page}");
        let ways = offered(&claire).await;
        assert_eq!(choose(&claire, &ways[0]).await.status, StatusCode::SEE_OTHER);
        let after = in_force(site).await;
        assert!(after.iter().all(|one| one.3 != 3 || one.0 >= 3), "not before it is there: {after:?}");
        assert!(after.iter().any(|one| one.3 == 3), "later it meets somebody: {after:?}");

        publish(site, 3, &[(1, 1, 1, 3)]).await;
        claire.post(DOOR, &[("participant", "3"), ("geste", "absent")]).await;
        assert!(shown(&cook, 1).await.1.contains("pas là"));
        claire.post(DOOR, &[("participant", "3"), ("geste", "arrive")]).await;
        assert!(!shown(&cook, 1).await.1.contains("pas là"));
        assert!(claire.get(MENDING).await.page.texts("main").concat().contains("Rien à réparer"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_was_told_of_is_said_before_it_is_replaced_and_a_pin_stays() {
    on_each_database(async |site| {
        let Cast { claire, .. } = day(site).await;
        super::write(site, "UPDATE appointments SET is_pinned = TRUE WHERE canteen_id = 1 AND supplier_id = 5").await;
        claire.post(DOOR, &[("participant", "3"), ("geste", "absent")]).await;
        assert!(!claire.get(MENDING).await.page.texts("main").concat().contains("n’ont pas été publiés"));
        super::write(site, "UPDATE appointments SET slot = 7 WHERE canteen_id = 2 AND supplier_id = 4").await;
        assert!(claire.get(MENDING).await.page.texts("main").concat().contains("n’ont pas été publiés"));
        for way in offered(&claire).await {
            assert!(way.1.split(' ').any(|one| one == "3.1.1.1.5.1"), "{way:?}");
        }
        let desk = claire.get(DESK).await.page;
        assert_eq!(desk.link("Accueil du jour"), DOOR);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::print_stderr, reason = "the time it takes is a figure to read, not to check")]
async fn ways_to_mend_a_day_of_28_canteens_and_35_suppliers_when_three_are_missing() {
    on_each_database(async |site| {
        let Cast { claire, .. } = day(site).await;
        for table in ["wishes", "published_appointments", "appointments", "publications", "participants"] {
            super::write(site, &format!("DELETE FROM {table}")).await;
        }
        for id in 101..=163 {
            let side = if id <= 128 { "canteen" } else { "supplier" };
            super::write(site, &format!("INSERT INTO organisations (id, kind, name, created_at) VALUES ({id}, '{side}', 'Organisation {id}', '2027-03-16 07:00:00+00:00')")).await;
            super::write(
                site,
                &format!(
                    "INSERT INTO participants (id, edition_id, organisation_id, side, state, seat, turn, asked_at, tables_at_once, words, needs, meals)
                     VALUES ({id}, 1, {id}, '{side}', 'registered', {id}, {id}, '2027-03-16 07:00:00+00:00', 1, '', '', 0)"
                ),
            )
            .await;
        }
        let pair = |canteen: i64, step: i64| (101 + canteen, 129 + (canteen + step) % 35);
        for canteen in 0..28 {
            for step in 0..24 {
                let (one, other) = pair(canteen, step);
                super::write(site, &format!("INSERT INTO wishes (participant_id, wished_id, rank, made_at) VALUES ({one}, {other}, {}, '2027-03-16 07:00:00+00:00')", (step * 7) % 24 + 1)).await;
            }
        }
        let mut meetings = Vec::new();
        for slot in 0..20 {
            let sitting = (0..28).filter(|canteen| (canteen + slot) % 28 < 18);
            meetings.extend(sitting.zip(1..).map(|(canteen, table)| {
                let (one, other) = pair(canteen, slot);
                (i32::try_from(slot).unwrap() + 1, table, one, other)
            }));
        }
        publish_as(site, 50, &meetings).await;
        for missing in ["105", "140", "150"] {
            claire.post(DOOR, &[("participant", missing), ("geste", "absent")]).await;
        }
        let started = std::time::Instant::now();
        let ways = offered(&claire).await;
        eprintln!("{} ways to mend {} meetings were on the page after {} ms", ways.len(), meetings.len(), started.elapsed().as_millis());
        assert!((1..=3).contains(&ways.len()), "{}", ways.len());
        let started = std::time::Instant::now();
        assert_eq!(choose(&claire, &ways[0]).await.status, StatusCode::SEE_OTHER);
        eprintln!("the first was in force after {} ms", started.elapsed().as_millis());
        let after = in_force(site).await;
        let is_missing = |id: i64| [105, 140, 150].contains(&id);
        assert!(!after.is_empty() && after.iter().all(|one| !is_missing(one.2) && !is_missing(one.3)), "{after:?}");
    })
    .await;
}

/// Puts a timetable in force under a key that nothing had.
async fn publish_as(site: &Site, key: i64, meetings: &[(i32, i32, i64, i64)]) {
    super::write(site, &format!("INSERT INTO publications (id, edition_id, number, published_at) VALUES ({key}, 1, 1, '2027-03-16 07:20:00+00:00')")).await;
    for (slot, table, canteen, supplier) in meetings {
        super::write(
            site,
            &format!("INSERT INTO published_appointments VALUES ({key}, {canteen}, 1, {supplier}, 1, {slot}, {table})"),
        )
        .await;
        super::write(
            site,
            &format!(
                "INSERT INTO appointments (edition_id, canteen_id, canteen_copy, supplier_id, supplier_copy, slot, table_number)
                 VALUES (1, {canteen}, 1, {supplier}, 1, {slot}, {table})"
            ),
        )
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_by_hand_is_not_thrown_away_before_it_was_asked_about() {
    on_each_database(async |site| {
        let Cast { claire, .. } = day(site).await;
        claire.post(DOOR, &[("participant", "3"), ("geste", "absent")]).await;
        super::write(
            site,
            "UPDATE appointments SET slot = 7, is_pinned = TRUE WHERE canteen_id = 2 AND supplier_id = 4",
        )
        .await;
        let (way, before) = (offered(&claire).await.remove(0), in_force(site).await);
        let asked = choose(&claire, &way).await;
        assert_eq!(asked.status, StatusCode::OK);
        let told = asked.page.texts("main").concat();
        assert!(told.contains("Remplacer vos changements") && told.contains("Rendez-vous déplacés"), "{told}");
        assert!(told.contains("Lycée du Bas et Ferme du Milieu") && told.contains(", fixé)"), "{told}");
        assert_eq!(in_force(site).await, before, "to ask changes nothing");
        let form = hidden(&asked.page, MENDING).remove(0);
        let fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let chosen = claire.post(MENDING, &fields).await;
        assert_eq!(chosen.location, Some(format!("{MENDING}?fait=reparation")));
        assert_ne!(in_force(site).await, before);
    })
    .await;
}

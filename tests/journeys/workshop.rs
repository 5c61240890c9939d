//! Organisers have a timetable searched for, take one, change it by hand, and take that back.

mod chance;
mod day;
mod runs;
mod together;

use manger_local::accounts::{self, OrganisationKind};
use manger_local::speed_meetings::workshop::solve_next;
use poem::http::StatusCode;
use sea_orm::{ConnectionTrait, Statement};
use tokio::sync::watch;

use crate::editions::{DESK, prepare};
use crate::support::{
    Site,
    html::Html,
    on_each_database,
    people::{Answer, Browser, organiser},
};

const PLANNING: &str = "/organisation/rencontres/1/planning";

/// A row of the timetable: key, canteen, supplier, slot, table, whether pinned, version.
type Row = (i64, i64, i64, i32, i32, bool, i64);

pub(crate) async fn sql(site: &Site, statement: &str) {
    site.app.db.execute_unprepared(statement).await.unwrap();
}

/// The timetable in work, in the order of the day.
async fn timetable(site: &Site) -> Vec<Row> {
    let columns = "id, canteen_id, supplier_id, slot, table_number, is_pinned, version";
    let all = format!("SELECT {columns} FROM appointments ORDER BY slot, table_number");
    let db = &site.app.db;
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), all)).await.unwrap();
    let row = |row: sea_orm::QueryResult| {
        let key = |column: usize| row.try_get_by_index::<i64>(column).unwrap();
        let number = |column: usize| row.try_get_by_index::<i32>(column).unwrap();
        (key(0), key(1), key(2), number(3), number(4), row.try_get_by_index::<bool>(5).unwrap(), key(6))
    };
    rows.into_iter().map(row).collect()
}

/// Who meets whom, when and where.
pub(crate) async fn facts(site: &Site) -> Vec<(i64, i64, i32, i32, bool)> {
    let rows = timetable(site).await.into_iter();
    rows.map(|(_, canteen, supplier, slot, table, pinned, _)| (canteen, supplier, slot, table, pinned)).collect()
}

/// Three canteens (participants 1 to 3) and three suppliers (4 to 6) who all wish each other, three tables, six slots: two
/// sessions of three. The wishes are closed.
pub(crate) async fn stage(site: &Site) -> Browser<'_> {
    let claire = organiser(&site.app, &site.browser).await;
    prepare(&claire).await;
    let (txn, now) = (site.app.write().await.unwrap(), site.app.clock.now());
    for number in 1..=6 {
        let (kind, name, seat) = if number <= 3 {
            (OrganisationKind::Canteen, format!("Cantine {number}"), "canteen")
        } else {
            (OrganisationKind::Supplier, format!("Ferme {number}"), "supplier")
        };
        let organisation = accounts::found(&txn, kind, &name, now).await.unwrap().id;
        let row = format!(
            "INSERT INTO participants (edition_id, organisation_id, side, state, seat, turn, asked_at, tables_at_once, words, needs, meals)
             VALUES (1, {organisation}, '{seat}', 'registered', {number}, {number}, '2027-03-16 07:30:00+00:00', 1, '', '', 0)"
        );
        txn.execute_unprepared(&row).await.unwrap();
    }
    for from in 1..=6_i64 {
        let others: Vec<i64> = if from <= 3 { vec![4, 5, 6] } else { vec![1, 2, 3] };
        for (rank, to) in (1..).zip(others) {
            let row = format!("INSERT INTO wishes VALUES ({from}, {to}, {rank}, '2027-03-16 07:30:00+00:00')");
            txn.execute_unprepared(&row).await.unwrap();
        }
    }
    txn.execute_unprepared("UPDATE edition_sessions SET appointments = 3").await.unwrap();
    txn.execute_unprepared("DELETE FROM edition_tables WHERE number > 3").await.unwrap();
    txn.execute_unprepared("UPDATE editions SET state = 'timetable', minimum_appointments = 2").await.unwrap();
    txn.commit().await.unwrap();
    claire
}

/// Has a timetable searched for; the worker is driven by hand. Gives the page of the search.
async fn search(site: &Site, claire: &Browser<'_>, fields: &[(&str, &str)]) -> (String, Html) {
    let asked = claire.post(&format!("{PLANNING}/recherches"), &[fields, &[("secondes", "5")]].concat()).await;
    let page = asked.location.unwrap_or_else(|| panic!("{:?}", asked.page.texts(".notice")));
    assert!(solve(site).await, "somebody asked");
    let shown = claire.get(&page).await.page;
    (page, shown)
}

/// One step of the worker.
async fn solve(site: &Site) -> bool {
    let (_leave, left) = watch::channel(false);
    solve_next(&site.app, &left).await.unwrap()
}

/// The fields of the last form of a page, as a browser would send it.
fn hidden(page: &Html) -> Vec<(String, String)> {
    let inputs = page.inside("form", "input").into_iter();
    let named = inputs.filter_map(|input| Some((input.attribute("name")?, input.attribute("value")?)));
    named.filter(|(name, _)| *name != "_token").map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// Sends the form of a page that asks whether one is sure.
async fn sure(browser: &Browser<'_>, page: &Html) -> Answer {
    let action = page.inside("main", "form")[0].attribute("action").unwrap().to_owned();
    let fields = hidden(page);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post(&action, &fields).await
}

/// A search is taken: nine appointments.
pub(crate) async fn with_timetable(site: &Site) -> Browser<'_> {
    let claire = stage(site).await;
    let (page, shown) = search(site, &claire, &[]).await;
    assert!(shown.texts("h2").concat().contains("terminée"), "{:?}", shown.texts("main"));
    let taken = sure(&claire, &claire.get(&format!("{page}/choix")).await.page).await;
    assert_eq!(taken.location, Some(format!("{PLANNING}?fait=choix")), "{:?}", taken.page.texts(".notice"));
    assert_eq!(timetable(site).await.len(), 9, "every wish is held");
    claire
}

/// The page that asks whether one wants to move an appointment, and where to: the first or the second place offered.
async fn moving(browser: &Browser<'_>, id: i64, way: usize) -> Html {
    let page = browser.get(&format!("{PLANNING}/rendez-vous/{id}")).await.page;
    let links = page.inside(".ways", "a");
    let href = links[way].attribute("href").unwrap().to_owned();
    let asked = browser.get(&href).await;
    assert_eq!(asked.status, StatusCode::OK);
    asked.page
}

pub(crate) async fn turn(browser: &Browser<'_>, way: &str) -> Answer {
    let page = browser.get(PLANNING).await.page;
    let action = format!("{PLANNING}/{way}");
    let form = page.all("form").into_iter().find(|form| form.attribute("action") == Some(&action)).expect("a form");
    let inputs = page.all("input").into_iter().filter(|input| page.contains(form, input));
    let which = inputs.into_iter().find(|input| input.attribute("name") == Some("sujet")).unwrap();
    browser.post(&action, &[("sujet", which.attribute("value").unwrap())]).await
}

#[tokio::test]
async fn a_timetable_is_searched_for_taken_changed_by_hand_and_taken_back() {
    on_each_database(async |site| {
        let claire = with_timetable(site).await;
        let taken = facts(site).await;
        let grid = claire.get(PLANNING).await.page;
        assert_eq!(grid.all(".meet").len(), 9);
        let worth = grid.texts(".worth").concat();
        assert!(worth.contains("Rendez-vous9") && worth.contains("Souhaits tenus18"), "{worth}");

        let first = timetable(site).await[0];
        let asked = moving(&claire, first.0, 0).await;
        assert!(asked.texts("main").concat().contains("Ce que cela change"));
        assert_eq!(facts(site).await, taken, "to ask changes nothing");
        let moved = sure(&claire, &asked).await;
        assert_eq!(moved.location, Some(format!("{PLANNING}?fait=changement")), "{:?}", moved.page.texts(".notice"));
        let after_move = facts(site).await;
        assert_ne!(after_move, taken);
        let row = timetable(site).await.into_iter().find(|row| row.0 == first.0).expect("it keeps its key");
        assert_eq!(row.6, first.6 + 1, "and has a new version");

        let page = claire.get(&format!("{PLANNING}/rendez-vous/{}", first.0)).await.page;
        let other = page
            .inside("select", "option")
            .into_iter()
            .filter(|one| page.by_id("avec").is_some_and(|list| page.contains(list, one)));
        let other = other.into_iter().next().expect("an exchange is possible").attribute("value").unwrap().to_owned();
        let path = format!("{PLANNING}/changement?geste=echanger&rdv={}&avec={other}", first.0);
        let swapped = sure(&claire, &claire.get(&path).await.page).await;
        assert_eq!(
            swapped.location,
            Some(format!("{PLANNING}?fait=changement")),
            "{:?}",
            swapped.page.texts(".notice")
        );
        let after_swap = facts(site).await;
        assert_ne!(after_swap, after_move);

        assert_eq!(turn(&claire, "annulation").await.location, Some(format!("{PLANNING}?fait=annulation")));
        assert_eq!(facts(site).await, after_move);
        assert_eq!(turn(&claire, "retablissement").await.location, Some(format!("{PLANNING}?fait=retablissement")));
        assert_eq!(facts(site).await, after_swap);
        for expected in [after_move, taken, Vec::new()] {
            turn(&claire, "annulation").await;
            assert_eq!(facts(site).await, expected);
        }
        let history = claire.get(PLANNING).await.page.texts("ol").concat();
        assert!(history.contains("a échangé") && history.contains("annulé par"), "{history}");
        let journal = claire.get("/organisation/journal").await.page.texts("main").concat();
        assert!(journal.contains("a changé le planning d’une rencontre"));
    })
    .await;
}

#[tokio::test]
async fn who_withdraws_stays_marked_until_somebody_takes_her_out_and_that_can_be_undone() {
    on_each_database(async |site| {
        let claire = with_timetable(site).await;
        let full = facts(site).await;
        sql(site, "UPDATE participants SET state = 'withdrawn', seat = NULL WHERE id = 5").await;
        sql(site, "DELETE FROM edition_tables WHERE number = 3").await;
        assert_eq!(facts(site).await, full, "nothing is deleted silently");
        let page = claire.get(PLANNING).await.page;
        let told = page.texts("section").concat();
        assert!(told.contains("Ferme 5 ne vient plus") && told.contains("désinscrit"), "{told}");
        let is_used = full.iter().any(|(.., table, _)| *table == 3);
        assert_eq!(told.contains("la salle n’a plus de table 3"), is_used, "{told}");
        let day = claire.get(&format!("{PLANNING}/participants/5")).await.page;
        let asked = claire.get(day.link("Retirer ses rendez-vous")).await.page;
        assert_eq!(sure(&claire, &asked).await.location, Some(format!("{PLANNING}?fait=changement")));
        assert_eq!(facts(site).await.len(), 6);
        assert!(facts(site).await.iter().all(|(_, supplier, ..)| *supplier != 5));
        turn(&claire, "annulation").await;
        assert_eq!(facts(site).await, full);
    })
    .await;
}

#[tokio::test]
async fn a_wish_that_is_not_held_says_why_and_is_added_where_it_fits() {
    on_each_database(async |site| {
        let claire = with_timetable(site).await;
        let (id, canteen, supplier, ..) = timetable(site).await[0];
        let asked = claire.get(&format!("{PLANNING}/changement?geste=retirer&rdv={id}")).await.page;
        let cost = asked.texts(".effects").concat();
        assert!(cost.contains("aura 2 rendez-vous au lieu de 3") && cost.contains("n’est plus tenu"), "{cost}");
        sure(&claire, &asked).await;
        let list = claire.get(&format!("{PLANNING}/ajout")).await.page;
        assert!(list.texts("main").concat().contains("1 souhait sans rendez-vous"));
        let pair = claire.get(&format!("{PLANNING}/ajout?cantine={canteen}&fournisseur={supplier}")).await.page;
        let told = pair.texts("main").concat();
        assert!(told.contains("Pourquoi ils ne se rencontrent pas") && told.contains("refaire le planning"), "{told}");
        let href = pair.inside(".ways", "a")[0].attribute("href").unwrap().to_owned();
        let added = sure(&claire, &claire.get(&href).await.page).await;
        assert_eq!(added.location, Some(format!("{PLANNING}?fait=changement")));
        assert_eq!(timetable(site).await.len(), 9);
        let again = claire.get(&href).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "they meet");
    })
    .await;
}

#[tokio::test]
async fn who_got_a_place_late_is_met_once_an_organiser_noted_its_wishes() {
    on_each_database(async |site| {
        let claire = stage(site).await;
        sql(site, "DELETE FROM wishes WHERE participant_id = 1 OR wished_id = 1").await;
        let taken = async |fields: &[(&str, &str)]| {
            let (page, _) = search(site, &claire, fields).await;
            sure(&claire, &claire.get(&format!("{page}/choix")).await.page).await;
            facts(site)
                .await
                .into_iter()
                .filter(|(canteen, ..)| *canteen == 1)
                .map(|(_, supplier, ..)| supplier)
                .collect()
        };
        let met: Vec<i64> = taken(&[]).await;
        assert_eq!(met, [0_i64; 0], "nobody knows whom it would meet");
        sql(site, "UPDATE editions SET state = 'published'").await;
        let kept = facts(site).await;
        for other in [4, 6] {
            let noted = claire.post(&format!("{DESK}/souhaits/1/{other}"), &[("geste", "rencontrer")]).await;
            assert!(noted.location.unwrap().contains("fait=souhait"));
        }
        assert_eq!(facts(site).await, kept, "the timetable stays as it is");
        let mut met: Vec<i64> = taken(&[]).await;
        met.sort_unstable();
        assert_eq!(met, [4, 6]);
    })
    .await;
}

#[tokio::test]
async fn before_the_wishes_are_closed_and_after_the_day_nothing_changes() {
    on_each_database(async |site| {
        let claire = with_timetable(site).await;
        let (id, ..) = timetable(site).await[0];
        let kept = facts(site).await;
        let asked = claire.get(&format!("{PLANNING}/changement?geste=retirer&rdv={id}")).await.page;
        for state in ["wishes", "closed"] {
            sql(site, &format!("UPDATE editions SET state = '{state}'")).await;
            assert_eq!(sure(&claire, &asked).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{state}");
            claire.post(&format!("{PLANNING}/recherches"), &[]).await;
            assert!(!solve(site).await, "{state}: nobody searches");
            let page = claire.get(PLANNING).await.page;
            assert!(page.inside("main", "form").is_empty(), "{state}");
            assert_eq!(page.texts("main").concat().contains("une fois les souhaits clos"), state == "wishes");
        }
        assert_eq!(facts(site).await, kept);
        assert_eq!(claire.get(&format!("{DESK}/planning")).await.status, StatusCode::OK);
    })
    .await;
}

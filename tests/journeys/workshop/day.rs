//! What happens once the timetable is out: repairs and withdrawals stand in its history, and repairs value what it valued.

use poem::http::StatusCode;

use super::together::hugo;
use super::{PLANNING, facts, moving, search, sql, stage, sure, timetable, turn, with_timetable};
use crate::day::hidden;
use crate::editions::DESK;
use crate::publication::publish;
use crate::support::{Site, on_each_database, people::Browser};

const DOOR: &str = "/organisation/rencontres/1/accueil";
const MENDING: &str = "/organisation/rencontres/1/reparation";

/// Notes that somebody does not come, and chooses the first way that is offered to mend that.
async fn mend(browser: &Browser<'_>, absent: i64) {
    browser.post(DOOR, &[("participant", &absent.to_string()), ("geste", "absent")]).await;
    let fields = hidden(&browser.get(MENDING).await.page, MENDING).into_iter().next().expect("a way");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let mut mended = browser.post(MENDING, &fields).await;
    if mended.status == StatusCode::OK {
        // It would replace what was changed by hand: it asks once more.
        mended = sure(browser, &mended.page).await;
    }
    assert_eq!(mended.location, Some(format!("{MENDING}?fait=reparation")));
}

/// What a page that was opened at this version is told.
async fn news(browser: &Browser<'_>, since: i64) -> String {
    browser.get(&format!("{PLANNING}/nouvelles?depuis={since}")).await.page.texts(".notice").concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_repairs_and_who_withdraws_stand_in_the_history_and_an_open_page_names_them() {
    on_each_database(async |site| {
        let claire = with_timetable(site).await;
        let hugo = hugo(site, &claire).await;
        publish(&claire).await;
        let id = timetable(site).await[0].0;
        sure(&hugo, &moving(&hugo, id, 0).await).await;
        assert!(news(&claire, 0).await.starts_with("hugo@departement.example a déplacé"), "{}", news(&claire, 0).await);
        let moved = facts(site).await;
        mend(&claire, 6).await;
        let mended = facts(site).await;
        assert!(mended.iter().all(|(_, supplier, ..)| *supplier != 6), "{mended:?}");
        let told = news(&hugo, 0).await;
        assert!(told.starts_with("claire@departement.example a réparé le planning publié : "), "{told}");
        let gone = hugo.post(&format!("{DESK}/participants/5/retrait"), &[]).await;
        assert_eq!(gone.status, StatusCode::SEE_OTHER);
        let told = news(&claire, 0).await;
        let said = "hugo@departement.example a désinscrit Ferme 5 : 3 rendez-vous retirés du planning.";
        assert!(told.starts_with(said), "{told}");
        let history = claire.get(PLANNING).await.page.texts("ol").concat();
        for line in ["a désinscrit Ferme 5", "a réparé le planning publié", "a déplacé", "a pris le planning"] {
            assert!(history.contains(line), "{line}: {history}");
        }
        assert_eq!(facts(site).await.len(), 3);

        // Nobody is given back appointments with somebody who does not come.
        let refused = turn(&claire, "annulation").await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        let why = refused.page.texts(".notice").concat();
        assert!(why.contains("ne peut pas revenir : l’un des deux ne vient plus"), "{why}");
        assert_eq!(facts(site).await.len(), 3);
        // Once she comes again it can; then the repair too, in the timetable in work: what was told stays told.
        sql(site, "UPDATE participants SET state = 'registered', seat = 5 WHERE id = 5").await;
        turn(&claire, "annulation").await;
        assert_eq!(facts(site).await, mended);
        let undone = turn(&claire, "annulation").await.location.unwrap();
        assert_eq!(facts(site).await, moved);
        let page = claire.get(&undone).await.page.texts(".notice").concat();
        assert!(page.contains("Personne n’est prévenu tant que vous ne publiez pas"), "{page}");
    })
    .await;
}

/// One table and one slot. Canteen 1 meets supplier 4, whom it wants most; then 4 does not come. Supplier 5 is free for
/// canteen 1, whose second choice it is, or for canteen 2, which 5 wants most.
async fn contended<'a>(site: &'a Site, favoured: &str) -> Browser<'a> {
    let claire = stage(site).await;
    sql(site, "DELETE FROM wishes").await;
    for (from, to, rank) in [(1, 4, 1), (4, 1, 1), (1, 5, 2), (5, 2, 1)] {
        sql(site, &format!("INSERT INTO wishes VALUES ({from}, {to}, {rank}, '2027-03-16 07:30:00+00:00')")).await;
    }
    sql(site, "UPDATE participants SET state = 'withdrawn', seat = NULL WHERE id IN (3, 6)").await;
    sql(site, "DELETE FROM edition_sessions WHERE number > 1").await;
    sql(site, "UPDATE edition_sessions SET appointments = 1").await;
    sql(site, "DELETE FROM edition_tables WHERE number > 1").await;
    sql(site, "UPDATE editions SET minimum_appointments = 0").await;
    let (page, _) = search(site, &claire, &[("cote", favoured)]).await;
    sure(&claire, &claire.get(&format!("{page}/choix")).await.page).await;
    assert_eq!(facts(site).await, [(1, 4, 1, 1, false)]);
    publish(&claire).await;
    claire
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repair_values_what_the_search_valued_that_the_timetable_comes_from() {
    for (side, expected) in [("cantine", (1, 5)), ("fournisseur", (2, 5))] {
        on_each_database(async |site| {
            let claire = contended(site, side).await;
            mend(&claire, 4).await;
            let pairs: Vec<(i64, i64)> = facts(site).await.into_iter().map(|one| (one.0, one.1)).collect();
            assert_eq!(pairs, [expected], "{side}");
        })
        .await;
    }
}

//! Two organisers at one timetable.

use futures_util::future::join;
use poem::http::StatusCode;

use super::{PLANNING, facts, hidden, moving, sure, timetable, turn, with_timetable};
use crate::support::{
    Site, on_each_database,
    people::{Browser, accept},
};

pub(super) async fn hugo<'a>(site: &'a Site, claire: &Browser<'a>) -> Browser<'a> {
    let invited = claire.post("/organisation/acces/invitations", &[("courriel", "hugo@departement.example")]).await;
    assert_eq!(invited.status, StatusCode::SEE_OTHER);
    accept(&site.app, &site.browser, "hugo@departement.example").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_who_move_one_appointment_at_once_exactly_one_does_and_the_other_loses_nothing() {
    on_each_database(async |site| {
        let claire = with_timetable(site).await;
        let hugo = hugo(site, &claire).await;
        for _ in 0..4 {
            let id = timetable(site).await[0].0;
            let (one, two) = (moving(&claire, id, 0).await, moving(&hugo, id, 1).await);
            let (a, b) = join(sure(&claire, &one), sure(&hugo, &two)).await;
            let mut statuses = [a.status, b.status];
            statuses.sort();
            assert_eq!(statuses, [StatusCode::SEE_OTHER, StatusCode::CONFLICT]);
            let (loser, page) = if a.status == StatusCode::CONFLICT { (&claire, a.page) } else { (&hugo, b.page) };
            let told = page.texts(".notice").concat();
            assert!(told.contains("Rien n’est encore changé") && told.contains("a déplacé"), "{told}");
            assert_eq!(timetable(site).await.len(), 9);
            // What was asked is still in the form: sent again, it is done.
            let fields = hidden(&page);
            assert!(fields.iter().any(|(name, _)| name == "creneau"), "{fields:?}");
            let again = sure(loser, &page).await;
            assert_eq!(
                again.location,
                Some(format!("{PLANNING}?fait=changement")),
                "{:?}",
                again.page.texts(".notice")
            );
        }
    })
    .await;
}

/// What the version prevents, and what shows that the test above can fail: forms that do not say which version they saw are
/// both followed, and the second undoes the first unseen.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_the_version_both_would_be_followed() {
    on_each_database(async |site| {
        let claire = with_timetable(site).await;
        let hugo = hugo(site, &claire).await;
        let id = timetable(site).await[0].0;
        let (one, two) = (moving(&claire, id, 0).await, moving(&hugo, id, 1).await);
        let blind = |page| hidden(page).into_iter().filter(|(name, _)| name != "vu").collect::<Vec<_>>();
        let (one, two) = (blind(&one), blind(&two));
        let path = format!("{PLANNING}/changement");
        let send = async |browser: &Browser<'_>, fields: &[(String, String)]| {
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            browser.post(&path, &fields).await.status
        };
        let (a, b) = join(send(&claire, &one), send(&hugo, &two)).await;
        assert_eq!((a, b), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn changes_to_different_appointments_both_succeed_and_an_open_page_hears_of_them() {
    on_each_database(async |site| {
        let claire = with_timetable(site).await;
        let hugo = hugo(site, &claire).await;
        let before = timetable(site).await;
        let news = claire.get(PLANNING).await.page;
        let news = news.all("div").into_iter().find_map(|one| one.attribute("hx-get")).unwrap().to_owned();
        assert!(claire.get(&news).await.page.elements.is_empty(), "nothing new");
        let ask = async |browser: &Browser<'_>, id: i64| {
            browser.get(&format!("{PLANNING}/changement?geste=retirer&rdv={id}")).await.page
        };
        let (one, two) = (ask(&claire, before[0].0).await, ask(&hugo, before[1].0).await);
        let (a, b) = join(sure(&claire, &one), sure(&hugo, &two)).await;
        assert_eq!((a.status, b.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
        assert_eq!(timetable(site).await.len(), 7);
        let told = claire.get(&news).await.page.texts(".notice").concat();
        assert!(told.contains("a retiré le rendez-vous") && told.contains("Actualiser"), "{told}");
    })
    .await;
}

#[tokio::test]
async fn an_undo_whose_appointments_are_no_longer_as_it_left_them_is_refused_with_a_sentence() {
    on_each_database(async |site| {
        let claire = with_timetable(site).await;
        let id = timetable(site).await[0].0;
        sure(&claire, &moving(&claire, id, 0).await).await;
        // A hand in the database changes appointments without this list.
        let row = timetable(site).await.into_iter().find(|row| row.0 == id).unwrap();
        super::sql(site, &format!("DELETE FROM appointments WHERE id = {id}")).await;
        let kept = facts(site).await;
        let refused = turn(&claire, "annulation").await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        let told = refused.page.texts(".notice").concat();
        assert!(told.contains("n’est plus comme ce changement l’avait laissé"), "{told}");
        assert_eq!(facts(site).await, kept);
        // Put back as it was, it goes.
        let back = format!(
            "INSERT INTO appointments (edition_id, canteen_id, canteen_copy, supplier_id, supplier_copy, slot, table_number) VALUES (1, {}, 1, {}, 1, {}, {})",
            row.1, row.2, row.3, row.4
        );
        super::sql(site, &back).await;
        assert_eq!(turn(&claire, "annulation").await.location, Some(format!("{PLANNING}?fait=annulation")));
    })
    .await;
}

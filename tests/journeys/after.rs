//! After the day: each side says what came of its appointments, is asked once, and organisers read what the edition gave.

mod papers;
mod questions;

use chrono::TimeDelta;
use futures_util::future::join;
use poem::http::StatusCode;
use sea_orm::ConnectionTrait;

use crate::editions::{DESK, PAGE, prepare};
use crate::support::{
    Site, on_each_database,
    people::{Browser, member, organiser, rows},
};

const COOK: &str = "cook@college.example";
const CHEF: &str = "chef@lycee.example";
const GROWER: &str = "grower@suc.example";
const BAKER: &str = "baker@fournil.example";

/// Those who were there. The cook of organisation 1 met organisations 3 and 4, the chef of 2 met 3; keys of participants are
/// those of organisations and ten.
struct Cast<'a> {
    claire: Browser<'a>,
    cook: Browser<'a>,
    chef: Browser<'a>,
    grower: Browser<'a>,
    baker: Browser<'a>,
}

async fn sql(site: &Site, statement: &str) {
    site.app.db.execute_unprepared(statement).await.unwrap();
}

/// An edition whose day is today and whose timetable is published.
async fn day<'a>(site: &'a Site, state: &str) -> Cast<'a> {
    let claire = organiser(&site.app, &site.browser).await;
    prepare(&claire).await;
    let cook = member(&site.app, &claire, "Collège des Hauts", COOK).await;
    let chef = member(&site.app, &claire, "Lycée du Bas", CHEF).await;
    let grower = member(&site.app, &claire, "Ferme du Suc", GROWER).await;
    let baker = member(&site.app, &claire, "Ferme du Fournil", BAKER).await;
    sql(site, &format!("UPDATE editions SET state = '{state}', registration_until = '2027-03-01', wishes_until = '2027-03-05', held_on = '2027-03-16' WHERE id = 1")).await;
    for (key, side, seat) in [(1, "canteen", 1), (2, "canteen", 2), (3, "supplier", 1), (4, "supplier", 2)] {
        sql(site, &format!(
            "INSERT INTO participants (id, edition_id, organisation_id, side, state, seat, turn, asked_at, tables_at_once, words, needs, meals)
             VALUES ({0}, 1, {key}, '{side}', 'registered', {seat}, {key}, '2027-03-01 07:00:00+00:00', 1, '', '', 0)", key + 10
        )).await;
        sql(
            site,
            &format!(
                "INSERT INTO representatives (participant_id, number, name) VALUES ({}, 1, 'Personne {key}')",
                key + 10
            ),
        )
        .await;
    }
    sql(
        site,
        "INSERT INTO publications (id, edition_id, number, published_at) VALUES (1, 1, 1, '2027-03-10 07:00:00+00:00')",
    )
    .await;
    for (slot, table, canteen, supplier) in [(1, 1, 11, 13), (2, 1, 11, 14), (2, 2, 12, 13)] {
        sql(site, &format!(
            "INSERT INTO published_appointments (publication_id, canteen_id, canteen_copy, supplier_id, supplier_copy, slot, table_number)
             VALUES (1, {canteen}, 1, {supplier}, 1, {slot}, {table})"
        )).await;
    }
    for (from, to, rank) in
        [(11, 13, "1"), (11, 14, "2"), (12, 14, "1"), (12, 13, "2"), (13, 11, "1"), (14, 12, "NULL")]
    {
        sql(site, &format!(
            "INSERT INTO wishes (participant_id, wished_id, rank, made_at) VALUES ({from}, {to}, {rank}, '2027-03-02 07:00:00+00:00')"
        )).await;
    }
    Cast { claire, cook, chef, grower, baker }
}

/// Where an organisation says what came of its day.
fn page(organisation: i64) -> String {
    format!("{PAGE}/suites/{organisation}")
}

/// Says what came of the appointment of an organisation with a participant.
async fn say(browser: &Browser<'_>, organisation: i64, with: i64, fields: &[(&str, &str)]) {
    let said = browser.post(&format!("{}/rendez-vous/{with}", page(organisation)), fields).await;
    assert_eq!(said.location, Some(format!("{}#rdv-{with}", page(organisation))), "{:?}", said.page.texts(".error"));
}

async fn main_of(browser: &Browser<'_>, path: &str) -> String {
    let answer = browser.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}");
    answer.page.texts("main").concat()
}

#[tokio::test]
async fn each_side_notes_its_appointments_with_one_press_and_keeps_its_note_to_itself() {
    on_each_database(async |site| {
        let Cast { claire, cook, chef, grower, .. } = day(site, "running").await;
        assert_eq!(cook.get(&format!("{PAGE}/suites")).await.location, Some(page(1)), "she has but one");
        let fresh = main_of(&cook, &page(1)).await;
        assert!(
            fresh.contains("0 sur 2") && fresh.contains("Ferme du Suc") && fresh.contains("9 h 30, Table 1"),
            "{fresh}"
        );
        assert!(!fresh.contains("Lycée"), "not those of others");
        assert!(fresh.contains("À venir"), "nothing can have come of it yet");
        say(&cook, 1, 13, &[("suite", "devis"), ("note", ""), ("vu", "")]).await;
        assert!(main_of(&cook, &page(1)).await.contains("0 sur 2"), "nor is it noted");
        site.app.clock.advance(TimeDelta::hours(9));
        say(&cook, 1, 13, &[("suite", "devis"), ("note", "Prix un peu haut"), ("vu", "")]).await;
        let shown = cook.get(&page(1)).await.page;
        assert!(shown.by_id("avancement").unwrap().text.contains("1 sur 2"));
        assert_eq!(shown.by_id("rdv-13-devis").unwrap().attribute("aria-pressed"), Some("true"));
        assert_eq!(shown.by_id("rdv-13-commande").unwrap().attribute("aria-pressed"), Some("false"));
        assert!(shown.texts("textarea").concat().contains("Prix un peu haut"));
        say(&cook, 1, 13, &[("suite", "commande"), ("note", "Prix un peu haut"), ("vu", "Prix un peu haut")]).await;
        say(&cook, 1, 14, &[("suite", "pas-tenu")]).await;
        let shown = main_of(&cook, &page(1)).await;
        assert!(shown.contains("2 sur 2") && shown.contains("c’est complet"), "{shown}");
        // The other side sees nothing of it, nor do organisers read the note.
        let theirs = main_of(&grower, &page(3)).await;
        assert!(theirs.contains("0 sur 2") && !theirs.contains("Prix un peu haut"), "{theirs}");
        let organisers = main_of(&claire, &format!("{DESK}/suites/1")).await;
        assert!(organisers.contains("2 sur 2") && !organisers.contains("Prix un peu haut"), "{organisers}");
        for path in ["bilan", "suites"] {
            assert!(!main_of(&claire, &format!("{DESK}/{path}")).await.contains("Prix un peu haut"), "{path}");
        }
        // On behalf: the note stays.
        let behalf = format!("{DESK}/suites/1/rendez-vous/13");
        let said = claire.post(&behalf, &[("suite", "contact"), ("note", "Lu"), ("vu", "")]).await;
        assert_eq!(said.location, Some(format!("{DESK}/suites/1#rdv-13")));
        let kept = rows(&site.app, "outcomes").await;
        assert_eq!(kept.len(), 2);
        assert!(kept.iter().any(|row| row.contains("contact") && row.contains("Prix un peu haut")), "{kept:?}");
        assert!(main_of(&claire, "/organisation/journal").await.contains("a noté les suites d’un rendez-vous"));
        assert!(main_of(&chef, &page(2)).await.contains("0 sur 1"));
    })
    .await;
}

#[tokio::test]
async fn once_the_day_is_over_ones_own_page_asks_for_the_notes_until_all_are_there() {
    on_each_database(async |site| {
        let Cast { claire, cook, chef, .. } = day(site, "running").await;
        let asked = async |browser: &Browser<'_>| {
            let all = browser.get("/mon-espace").await.page.texts(".tasks").concat();
            all.contains("Notez vos rendez-vous").then_some(all)
        };
        assert_eq!(asked(&cook).await, None, "the day is not over");
        sql(site, "UPDATE editions SET state = 'closed'").await;
        let task = asked(&cook).await.unwrap();
        assert!(task.contains("Collège des Hauts, 2 rendez-vous à noter"), "{task}");
        assert_eq!(asked(&claire).await, None, "she was not there");
        say(&cook, 1, 13, &[("suite", "devis")]).await;
        assert!(asked(&cook).await.unwrap().contains("1 rendez-vous à noter"));
        say(&cook, 1, 14, &[("suite", "pas-tenu")]).await;
        assert_eq!(asked(&cook).await, None);
        assert!(asked(&chef).await.is_some());
        sql(site, "INSERT INTO presences (participant_id, state, changed_at) VALUES (12, 'no_show', '2027-03-16 08:00:00+00:00')").await;
        assert_eq!(asked(&chef).await, None, "she did not come");
        sql(site, "DELETE FROM presences").await;
        sql(site, "UPDATE editions SET state = 'followed_up'").await;
        assert_eq!(asked(&chef).await, None, "nothing is noted any more");
    })
    .await;
}

#[tokio::test]
async fn nobody_notes_what_is_not_hers_and_not_at_any_time() {
    on_each_database(async |site| {
        let Cast { claire, cook, grower, chef, .. } = day(site, "published").await;
        let with = |organisation: i64, with: i64| format!("{}/rendez-vous/{with}", page(organisation));
        assert_eq!(cook.get(&page(1)).await.status, StatusCode::NOT_FOUND, "before the day there is nothing");
        assert_eq!(claire.get(&format!("{DESK}/bilan")).await.status, StatusCode::NOT_FOUND);
        sql(site, "UPDATE editions SET state = 'closed'").await;
        assert_eq!(
            cook.post(&with(1, 12), &[("suite", "contact")]).await.status,
            StatusCode::NOT_FOUND,
            "her own side"
        );
        assert_eq!(
            chef.post(&with(2, 14), &[("suite", "contact")]).await.status,
            StatusCode::NOT_FOUND,
            "they did not meet"
        );
        assert_eq!(
            grower.post(&with(1, 13), &[("suite", "contact")]).await.status,
            StatusCode::NOT_FOUND,
            "of another"
        );
        assert_eq!(grower.get(&page(1)).await.status, StatusCode::NOT_FOUND);
        assert_eq!(claire.get(&page(1)).await.status, StatusCode::NOT_FOUND, "organisers have pages of their own");
        for path in ["suites", "suites/1", "livraisons/1", "bilan", "bilan.csv", "bilan.xlsx", "attestations"] {
            assert_eq!(cook.get(&format!("{DESK}/{path}")).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        cook.post(&with(1, 13), &[("suite", "fortune"), ("note", "")]).await;
        assert!(rows(&site.app, "outcomes").await.is_empty(), "a word that no button says");
        let long = "x".repeat(1_001);
        let refused = cook.post(&with(1, 13), &[("suite", "contact"), ("note", &long)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.page.texts("textarea").concat().contains(&long), "what was typed is there");
        let refused = cook.post(&format!("{}/avis", page(1)), &[("mot", "Bravo")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.page.texts("textarea").concat().contains("Bravo"));
        assert!(rows(&site.app, "reviews").await.is_empty());
        sql(site, "UPDATE editions SET state = 'followed_up'").await;
        say(&cook, 1, 13, &[("suite", "contact")]).await;
        cook.post(&format!("{}/avis", page(1)), &[("satisfaction", "5")]).await;
        assert!(rows(&site.app, "outcomes").await.is_empty() && rows(&site.app, "reviews").await.is_empty());
        assert!(main_of(&cook, &page(1)).await.contains("plus rien ne se note"));
    })
    .await;
}

#[tokio::test]
async fn two_colleagues_press_at_once_and_no_word_is_lost() {
    on_each_database(async |site| {
        let Cast { claire, cook, .. } = day(site, "closed").await;
        let invited = cook.post("/equipes/1/invitations", &[("courriel", "second@college.example")]).await;
        assert_eq!(invited.status, StatusCode::SEE_OTHER);
        let second = crate::support::people::accept(&site.app, &site.browser, "second@college.example").await;
        let (one, other) = (
            [("suite", "devis"), ("note", "Livre le mardi"), ("vu", "")],
            [("suite", "devis"), ("note", "Appeler Julie"), ("vu", "")],
        );
        join(say(&cook, 1, 13, &one), say(&second, 1, 13, &other)).await;
        let kept = rows(&site.app, "outcomes").await;
        assert_eq!(kept.len(), 1, "one row a side");
        assert!(kept[0].contains("Livre le mardi") && kept[0].contains("Appeler Julie"), "{kept:?}");
        // A press without a look at the note leaves it.
        say(&cook, 1, 13, &[("suite", "commande"), ("note", ""), ("vu", "")]).await;
        let kept = rows(&site.app, "outcomes").await;
        assert!(kept[0].contains("order") && kept[0].contains("Appeler Julie"), "{kept:?}");
        drop(claire);
    })
    .await;
}

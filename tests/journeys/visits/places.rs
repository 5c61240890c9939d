//! Places that come free: offered in order, for a time, never after the deadline.

use super::{another, ask, date, kinds, link, program, register, standings, until};
use crate::support::{Site, on_each_database, people::Browser};

async fn states(site: &Site, date: i64) -> Vec<String> {
    standings(site, date).await.into_iter().map(|(_, state)| state).collect()
}

/// Presses a button of the page to which the latest mail of somebody leads.
async fn press(site: &Site, who: &str, button: &str, fields: &[(&str, &str)]) -> String {
    let visitor = Browser::new(&site.browser);
    let path = link(site, who).await;
    visitor.post(&format!("{path}/{button}"), fields).await.page.texts(".warning").concat()
}

#[tokio::test]
async fn a_place_that_comes_free_is_offered_in_turn_until_somebody_takes_it() {
    on_each_database(async |site| {
        let (_, key) = program(site).await;
        let date = date(site, &key, 2).await;
        for (who, party) in [("ana", 2), ("ben", 1), ("cleo", 2), ("dora", 1)] {
            register(site, &key, date, who, party).await;
        }
        press(site, "ana", "annulation", &[]).await;
        assert_eq!(
            states(site, date).await,
            ["cancelled", "offered", "waiting", "waiting"],
            "two do not fit beside one"
        );
        // Four weeks before: two days by office hours, from Tuesday half past eight.
        until(site, "2027-03-18T07:29:00Z").await;
        assert_eq!(states(site, date).await[1], "offered");
        until(site, "2027-03-18T09:00:00Z").await;
        assert_eq!(states(site, date).await, ["cancelled", "lapsed", "offered", "waiting"]);
        press(site, "cleo", "acceptation", &[]).await;
        assert_eq!(states(site, date).await, ["cancelled", "lapsed", "confirmed", "waiting"]);
        assert_eq!(kinds(site, "ana").await, ["visit_confirmed", "visit_cancelled"]);
        assert_eq!(kinds(site, "ben").await, ["visit_waiting", "visit_offered", "visit_lapsed"]);
        assert_eq!(kinds(site, "cleo").await, ["visit_waiting", "visit_offered", "visit_confirmed"]);
        assert_eq!(kinds(site, "dora").await, ["visit_waiting"]);
    })
    .await;
}

#[tokio::test]
async fn a_large_party_is_passed_only_if_it_agreed_and_nothing_is_offered_after_the_deadline() {
    on_each_database(async |site| {
        let (_, key) = program(site).await;
        let date = date(site, &key, 4).await;
        for who in ["ana", "ben", "cleo", "dora"] {
            register(site, &key, date, who, 1).await;
        }
        let visitor = Browser::new(&site.browser);
        let form = &format!("/visites/ferme-des-genets/dates/{date}/inscription");
        ask(&visitor, form, "emil", "3").await;
        press(site, "emil", "confirmation", &[]).await;
        register(site, &key, date, "fatou", 1).await;
        press(site, "ana", "annulation", &[]).await;
        assert_eq!(states(site, date).await[4..], ["waiting", "waiting"], "the party of three did not agree");
        press(site, "emil", "annulation", &[]).await;
        assert_eq!(states(site, date).await[5], "offered", "it stood before the others");
        // After the deadline nothing moves; an organiser may still give what is free.
        register(site, &key, date, "gus", 1).await;
        until(site, "2027-04-19T08:00:00Z").await;
        press(site, "ben", "annulation", &[]).await;
        until(site, "2027-04-19T20:00:00Z").await;
        assert_eq!(states(site, date).await.last().unwrap(), "waiting");
    })
    .await;
}

#[tokio::test]
async fn more_come_while_there_is_room_fewer_make_room_and_a_date_is_changed_for_another() {
    on_each_database(async |site| {
        let (_, key) = program(site).await;
        let date = date(site, &key, 4).await;
        let other = another(site, &key, 1, 3, "2027-04-27T08:00:00Z").await;
        register(site, &key, date, "ana", 2).await;
        register(site, &key, date, "ben", 1).await;
        press(site, "ana", "nombre", &[("personnes", "3")]).await;
        let refused = press(site, "ben", "nombre", &[("personnes", "2")]).await;
        assert!(refused.contains("Il ne reste pas assez de places"), "{refused}");
        register(site, &key, date, "cleo", 1).await;
        press(site, "ana", "nombre", &[("personnes", "1")]).await;
        assert_eq!(states(site, date).await, ["confirmed", "confirmed", "offered"]);
        assert_eq!(kinds(site, "ana").await, ["visit_confirmed", "visit_resized", "visit_resized"]);
        press(site, "ben", "date", &[("date", &other.to_string())]).await;
        assert_eq!(states(site, other).await, ["confirmed"]);
        assert_eq!(kinds(site, "ben").await, ["visit_confirmed", "visit_confirmed"], "one mail, of the new date");
        let full = another(site, &key, 1, 1, "2027-05-04T08:00:00Z").await;
        register(site, &key, full, "dora", 1).await;
        let refused = press(site, "ben", "date", &[("date", &full.to_string())]).await;
        assert!(refused.contains("Rien n’est changé"), "{refused}");
        assert_eq!(states(site, other).await, ["confirmed"], "she keeps what she has");
    })
    .await;
}

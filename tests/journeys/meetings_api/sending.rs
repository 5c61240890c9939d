//! The timetables that programs send.

use std::fs;

use futures_util::future::join;
use poem::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{TIMETABLE, ask, day, key, of, put, solution};
use crate::support::{
    on_each_database,
    people::rows,
    process::{Folder, run, same_database},
};
use crate::workshop::{facts, sql, stage, turn, with_timetable};

const CLAIRE: &str = "claire@departement.example";

#[tokio::test]
async fn a_day_is_read_solved_on_the_command_line_sent_back_and_taken_back() {
    on_each_database(async |site| {
        let claire = stage(site).await;
        let same = same_database(site);
        let create = [
            &["token", "create", CLAIRE, "--scope", "meetings"][..],
            &same.iter().map(String::as_str).collect::<Vec<_>>(),
        ];
        let made = run(&create.concat(), &site.folder());
        assert_eq!(made.status.code(), Some(0), "{made:?}");
        let ours = String::from_utf8(made.stdout).unwrap().trim().to_owned();

        let (instance, tag) = day(site, &ours).await;
        assert_eq!((&instance["format"], &instance["slots"]), (&json!("meet/1"), &json!(6)));
        assert_eq!(solution(site, &ours).await["meetings"], json!([]));
        let folder = Folder::new();
        let (from, to) = (folder.0.join("day.json"), folder.0.join("timetable.json"));
        fs::write(&from, instance.to_string()).unwrap();
        let (from, to) = (from.to_str().unwrap(), to.to_str().unwrap());
        let solved = run(&["timetable", "solve", from, "--output", to, "--time-limit", "5"], &folder.0);
        assert_eq!(solved.status.code(), Some(0), "{solved:?}");
        let found: Value = serde_json::from_str(&fs::read_to_string(to).unwrap()).unwrap();

        let sent = put(site, &ours, &tag, &found).await;
        assert_eq!((sent.status, sent.value()), (StatusCode::OK, json!({ "appointments": 9, "changed": true })));
        let held = facts(site).await;
        assert_eq!(held.len(), 9);
        assert!(rows(&site.app, "publications").await.is_empty(), "nothing is published");
        let read = solution(site, &ours).await;
        assert_eq!((&read["meetings"], &read["figures"]), (&found["meetings"], &found["figures"]));
        let again = put(site, &ours, &tag, &found).await;
        assert_eq!(again.status, StatusCode::PRECONDITION_FAILED, "the timetable is another since");
        let tag = day(site, &ours).await.1;
        let again = put(site, &ours, &tag, &found).await;
        assert_eq!(again.value(), json!({ "appointments": 9, "changed": false }));
        assert_eq!((facts(site).await, rows(&site.app, "timetable_changes").await.len()), (held.clone(), 1));

        let journal = claire.get("/organisation/journal").await.page.texts("main").concat();
        assert!(journal.contains("a envoyé un planning calculé par un programme"), "{journal}");
        assert_eq!(turn(&claire, "annulation").await.status, StatusCode::SEE_OTHER);
        assert!(facts(site).await.is_empty(), "one change, taken back");
        turn(&claire, "retablissement").await;
        assert_eq!(facts(site).await, held);
    })
    .await;
}

#[tokio::test]
async fn what_is_no_timetable_of_the_day_is_refused_in_words_and_changes_nothing() {
    on_each_database(async |site| {
        let claire = with_timetable(site).await;
        let ours = key(&claire, "meetings").await;
        sql(site, "UPDATE participants SET leaves_at = 720 WHERE id = 2").await;
        sql(site, "DELETE FROM appointments WHERE canteen_id = 2").await;
        sql(site, "UPDATE appointments SET is_pinned = TRUE WHERE canteen_id = 1 AND supplier_id = 4").await;
        let ((day, tag), held) = (day(site, &ours).await, facts(site).await);
        let wish = |canteen: &str, supplier: &str| {
            let name = |at: &Value| day["participants"][usize::try_from(at.as_u64().unwrap()).unwrap()]["id"].clone();
            let all = day["wishes"].as_array().unwrap();
            all.iter().position(|wish| name(&wish["a"]) == canteen && name(&wish["b"]) == supplier).unwrap()
        };
        let pin = day["pinned"][0].clone();
        let pin = json!([pin["wish"], pin["slot"]]);
        let free = i32::from(pin[1] == 0);
        let two = [wish("Cantine 3", "Ferme 5"), wish("Cantine 3", "Ferme 6")];
        let refused = StatusCode::UNPROCESSABLE_ENTITY;
        for (sent, said) in [
            (json!([]), "meet-solution/1"),
            (json!({ "format": "meet/1" }), "meet-solution/1"),
            (of(&json!({ "name": "ailleurs" }), &json!([pin])), "Ce planning n’est pas celui de cette rencontre"),
            (
                json!({ "format": "meet-solution/1", "instance": day["name"], "status": "unknown", "meetings": [] }),
                "ne contient pas de planning",
            ),
            (of(&day, &json!([])), "est fixé à"),
            (of(&day, &json!([pin, [99, 0]])), "Le souhait 99"),
            (of(&day, &json!([pin, [0, "x"]])), "meetings[1]"),
            (of(&day, &json!([pin, [two[0], free], [two[1], free]])), "Cantine 3 aurait deux rendez-vous à"),
            (of(&day, &json!([pin, [two[0], free], [two[0], 2]])), "Cantine 3 et Ferme 5 se rencontreraient deux fois"),
            (
                of(&day, &json!([pin, [wish("Cantine 2", "Ferme 5"), 5]])),
                "Cantine 2 et Ferme 5 ne peuvent pas se rencontrer à",
            ),
        ] {
            let answer = put(site, &ours, &tag, &sent).await;
            assert!(answer.status == refused && answer.detail().contains(said), "{sent}: {answer:?}");
        }
        let garbled = ask(site, Method::PUT, TIMETABLE, Some(&ours), Some((&tag, "{\u{0}"))).await;
        assert_eq!(garbled.status, refused, "{garbled:?}");
        assert_eq!(put(site, &ours, "", &of(&day, &json!([pin]))).await.status, StatusCode::PRECONDITION_REQUIRED);
        assert_eq!(facts(site).await, held);
        // What keeps the rules is taken: the test above can fail.
        assert_eq!(put(site, &ours, &tag, &of(&day, &json!([pin, [two[0], free]]))).await.status, StatusCode::OK);
        let kept = facts(site).await;
        assert!(kept.len() == 2 && kept.iter().any(|one| one.4 && held.contains(one)), "the pin stays: {kept:?}");
    })
    .await;
}

#[tokio::test]
async fn a_timetable_is_sent_only_while_organisers_may_change_it_and_nothing_changed_since() {
    on_each_database(async |site| {
        let claire = with_timetable(site).await;
        let ours = key(&claire, "meetings").await;
        let (known, _) = day(site, &ours).await;
        let held = facts(site).await;
        for (state, expected) in [
            ("registration", StatusCode::CONFLICT),
            ("wishes", StatusCode::CONFLICT),
            ("timetable", StatusCode::OK),
            ("published", StatusCode::OK),
            ("running", StatusCode::OK),
            ("closed", StatusCode::CONFLICT),
            ("followed_up", StatusCode::CONFLICT),
        ] {
            sql(site, &format!("UPDATE editions SET state = '{state}'")).await;
            let tag = day(site, &ours).await.1;
            let now = facts(site).await;
            let answer = put(site, &ours, &tag, &of(&known, &json!([]))).await;
            assert_eq!(answer.status, expected, "{state}: {answer:?}");
            assert_eq!(facts(site).await.is_empty(), expected == StatusCode::OK || now.is_empty(), "{state}");
            if expected == StatusCode::OK {
                turn(&claire, "annulation").await;
            }
            assert_eq!(facts(site).await, held, "{state}");
        }
        sql(site, "UPDATE editions SET state = 'timetable'").await;
        // Whatever the day depends on makes the tag another.
        for change in [
            "UPDATE participants SET maximum_wished = 2 WHERE id = 6",
            "DELETE FROM wishes WHERE participant_id = 3 AND wished_id = 6",
            "DELETE FROM edition_tables WHERE number = 3",
        ] {
            let (day, tag) = day(site, &ours).await;
            sql(site, change).await;
            let answer = put(site, &ours, &tag, &of(&day, &json!([]))).await;
            assert_eq!(answer.status, StatusCode::PRECONDITION_FAILED, "{change}: {answer:?}");
        }
        assert_eq!(facts(site).await, held);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_programs_that_send_at_once_one_is_told_to_read_again() {
    on_each_database(async |site| {
        let claire = stage(site).await;
        let ours = key(&claire, "meetings").await;
        for round in 0..4 {
            let (day, tag) = day(site, &ours).await;
            let one = of(&day, &json!([[round, 0]]));
            let other = of(&day, &json!([[round, 1]]));
            let (a, b) = join(put(site, &ours, &tag, &one), put(site, &ours, &tag, &other)).await;
            let mut statuses = [a.status, b.status];
            statuses.sort();
            assert_eq!(statuses, [StatusCode::OK, StatusCode::PRECONDITION_FAILED], "{a:?} {b:?}");
            let slot = if a.status == StatusCode::OK { 1 } else { 2 };
            let held = facts(site).await;
            assert!(held.len() == 1 && held[0].2 == slot, "{held:?}");
        }
    })
    .await;
}

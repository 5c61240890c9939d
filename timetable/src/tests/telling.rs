//! What people are told: the sheet, the reasons, the proposals, the file.

use super::days::small;
use super::optimum::work;
use crate::{
    Answer, Cause, Figure, Instance, Mode, Sheet, Timetable, answer, checker, number_tables, proposals, read, refusal,
    solution, why_not, write_instance,
};

fn solved(day: &Instance) -> Option<(Timetable, Vec<(Figure, i64)>)> {
    match answer(day, 1, 1, &work(60_000)) {
        Answer::Timetable { timetable, bounds, .. } => Some((timetable, bounds)),
        _ => None,
    }
}

#[test]
fn no_reason_for_a_missing_wish_is_wrong() {
    let mut told = 0;
    for number in 0..300 {
        let day = small(number + 5_000_000, 6);
        let Some((timetable, _)) = solved(&day) else { continue };
        for wish in 0..day.wishes.len() {
            let held = timetable.meetings().iter().any(|meeting| meeting.0 == wish);
            let why = why_not(&day, &timetable, wish);
            assert_eq!(why.is_none(), held, "day {number} wish {wish}");
            let Some(why) = why else { continue };
            told += 1;
            assert!(!why.text.is_empty());
            let gain = |cause| matches!(cause, Cause::Costs { weight, .. } if weight < 0);
            assert!(!gain(why.cause), "day {number} wish {wish}: {why:?}, although the timetable is the best");
            let breaks = why.cause == Cause::Unfair && day.participants.iter().all(|p| p.min == 0);
            assert!(!breaks, "day {number} wish {wish}: nothing was promised");
        }
    }
    assert!(told > 100, "only {told} reasons were seen");
}

#[test]
fn people_who_are_never_there_together_are_told_so() {
    let text = r#"{"format": "meet/1", "name": "n", "mode": "choose", "slots": 2, "tables": [1, 1], "participants": [
        {"id": "Ferme", "side": "x", "available": [0], "min": 0, "max": 1},
        {"id": "Collège", "side": "y", "available": [1], "min": 0, "max": 1}],
        "wishes": [{"a": 0, "b": 1, "rank_a": 1, "rank_b": 1, "weight": 30}]}"#;
    let day = read(text).expect("it is a day");
    let (timetable, bounds) = solved(&day).expect("there is a timetable");
    let why = why_not(&day, &timetable, 0).expect("the wish is not held");
    assert_eq!(
        (why.cause, why.text.as_str()),
        (Cause::NeverTogether, "Ferme et Collège n’étaient jamais là en même temps.")
    );
    let file = solution(&day, &timetable, true, &bounds);
    assert!(file.contains(r#""status":"optimal""#) && file.contains(r#""meetings":[]"#), "{file}");
    assert!(refusal("n", &[]).contains(r#""status":"refused""#));
}

#[test]
fn tables_are_within_the_room_and_kept_by_who_sits() {
    for number in 0..200 {
        let day = small(number + 6_000_000, 12);
        let Some((timetable, bounds)) = solved(&day) else { continue };
        let tables = number_tables(&day, &timetable);
        let mut seen = std::collections::BTreeSet::new();
        for (meeting, table) in timetable.meetings().iter().zip(&tables.table) {
            assert!((1..=day.tables[meeting.1] as usize).contains(table), "day {number}: {meeting:?} at table {table}");
            assert!(seen.insert((meeting.1, *table)), "day {number}: two meetings at a table");
        }
        let sheet = Sheet::of(&day, &timetable, &bounds);
        let held: usize = sheet.shares.iter().map(|share| share.held).sum();
        assert_eq!(held, timetable.meetings().len() * 2, "day {number}");
    }
}

#[test]
fn every_proposal_is_a_timetable_of_the_day_and_keeps_the_past() {
    let mut several = 0;
    for number in 0..400 {
        let day = small(number + 7_000_000, 8);
        if day.mode != Mode::Repair {
            continue;
        }
        let found = proposals(&day, 1, &work(30_000));
        several += usize::from(found.len() > 1);
        for proposal in &found {
            assert_eq!(checker::faults(&day, proposal.timetable.meetings()), [], "day {number}");
            assert_eq!(checker::figures(&day, proposal.timetable.meetings()), proposal.figures, "day {number}");
        }
        assert!(found.windows(2).all(|pair| pair[0].figures.changes <= pair[1].figures.changes));
    }
    assert!(several > 2, "only {several} days had a choice");
}

/// Three people in two slots, each of whom meets both others; a fourth who has nothing to do with it.
#[test]
fn the_facts_that_clash_are_named_and_no_others() {
    let person = |n: usize| format!(r#"{{"id": "p{n}", "side": "any", "available": [0, 1], "min": 0, "max": 2}}"#);
    let people: Vec<String> = (0..5).map(person).collect();
    let text = |spread: &str| {
        format!(
            r#"{{"format": "meet/1", "name": "n", "mode": "all", "slots": 2, "tables": [3, 3], {spread}
            "participants": [{}], "wishes": [{{"a": 3, "b": 4, "weight": 1}}, {{"a": 0, "b": 1, "weight": 1}},
            {{"a": 1, "b": 2, "weight": 1}}, {{"a": 0, "b": 2, "weight": 1}}], "before": [[0, 1]]}}"#,
            people.join(",")
        )
    };
    for spread in ["", r#""gap_spread": 3,"#] {
        let day = read(&text(spread)).expect("it is a day");
        let Answer::Refused(reasons) = answer(&day, 1, 1, &work(100_000)) else { panic!("three people in two slots") };
        let [reason] = &reasons[..] else { panic!("{reasons:?}") };
        assert_eq!(
            reason.text,
            "ces rendez-vous ne peuvent pas être tenus tous ensemble\u{a0}: p0 et p1\u{a0}; p1 et p2\u{a0}; p0 et p2"
        );
        assert_eq!(reason.changes, ["retirer l’un de ces rendez-vous"]);
    }
}

/// Without any one of the facts that are named there is a timetable.
#[test]
fn a_table_too_few_is_named_with_the_meetings_that_need_it() {
    let person = |n: usize| format!(r#"{{"id": "p{n}", "side": "any", "available": [0, 1], "min": 0, "max": 2}}"#);
    let people: Vec<String> = (0..6).map(person).collect();
    let text = format!(
        r#"{{"format": "meet/1", "name": "n", "mode": "all", "slots": 2, "tables": [1, 2], "participants": [{}],
        "wishes": [{{"a": 0, "b": 1, "weight": 1, "slots": [0]}}, {{"a": 2, "b": 3, "weight": 1, "slots": [0]}},
        {{"a": 4, "b": 5, "weight": 1}}]}}"#,
        people.join(",")
    );
    let day = read(&text).expect("it is a day");
    let Answer::Refused(reasons) = answer(&day, 1, 1, &work(100_000)) else { panic!("one table for two") };
    assert_eq!(
        reasons[0].text,
        "ces rendez-vous ne peuvent pas être tenus tous ensemble\u{a0}: p0 et p1\u{a0}; p2 et p3, \
         car il n’y a qu’une table au créneau 1"
    );
    assert_eq!(reasons[0].changes, ["ouvrir plus de tables au créneau 1", "retirer l’un de ces rendez-vous"]);
}

/// A day in mode `choose` of these people (name, slots) and wishes (ends, weight), with this besides.
fn meeting_day(people: &[(&str, &str, u64)], wishes: &[(usize, usize, u64)], rest: &str) -> Instance {
    let person = |(id, slots, max): &(&str, &str, u64)| {
        format!(r#"{{"id": "{id}", "side": "any", "available": [{slots}], "min": 0, "max": {max}}}"#)
    };
    let wish = |(a, b, weight): &(usize, usize, u64)| format!(r#"{{"a": {a}, "b": {b}, "weight": {weight}}}"#);
    let people: Vec<String> = people.iter().map(person).collect();
    let wishes: Vec<String> = wishes.iter().map(wish).collect();
    let text = format!(
        r#"{{"format": "meet/1", "name": "n", "slots": 2, "tables": [9, 9], "participants": [{}], "wishes": [{}], {rest}}}"#,
        people.join(","),
        wishes.join(",")
    );
    read(&text).expect("it is a day")
}

fn why(day: &Instance, wish: usize) -> (Cause, String) {
    let (timetable, _) = solved(day).expect("there is a timetable");
    let why = why_not(day, &timetable, wish).expect("the wish is not held");
    (why.cause, why.text)
}

const THREE: [(&str, &str, u64); 3] = [("Ferme", "0, 1", 5), ("Collège", "0", 5), ("EHPAD", "0", 5)];

#[test]
fn a_wish_that_a_pin_shuts_out_breaks_no_promise() {
    let day = meeting_day(&THREE, &[(0, 1, 10), (0, 2, 10)], r#""mode": "choose", "pinned": [{"wish": 1, "slot": 0}]"#);
    let said = "Les rendez-vous déjà fixés, les tables ou l’ordre demandé ne laissent aucune place pour réunir Ferme et Collège.";
    assert_eq!(why(&day, 0), (Cause::Blocked, said.to_owned()));
}

#[test]
fn a_wish_that_takes_the_place_of_another_says_whose() {
    let day = meeting_day(&THREE, &[(0, 1, 10), (0, 2, 10)], r#""mode": "choose""#);
    let (timetable, _) = solved(&day).expect("there is a timetable");
    let held = timetable.meetings()[0].0;
    let other = if held == 0 { "Ferme et Collège" } else { "Ferme et EHPAD" };
    let said = format!("Possible, mais à la place du rendez-vous entre {other}, aussi souhaité.");
    assert_eq!(why(&day, 1 - held), (Cause::Costs { meetings: 1, weight: 0 }, said));
}

#[test]
fn somebody_late_hears_that_an_announced_meeting_would_move() {
    let people = [("Ferme", "0, 1", 5), ("Collège", "0", 5), ("EHPAD", "0, 1", 5)];
    let rest = r#""mode": "repair", "previous": {"frozen": 0, "meetings": [[1, 0]]}"#;
    let day = meeting_day(&people, &[(0, 1, 12), (0, 2, 10)], rest);
    assert_eq!(
        why(&day, 0),
        (Cause::Moves(1), "Possible, mais changerait un rendez-vous déjà annoncé, d’après nos essais.".to_owned())
    );
}

#[test]
fn a_last_slot_with_one_meeting_has_a_table_of_the_room() {
    let person = |n: usize| format!(r#"{{"id": "p{n}", "side": "any", "available": [0, 1], "min": 0, "max": 2}}"#);
    let people: Vec<String> = (0..36).map(person).collect();
    let mut wishes: Vec<String> =
        (0..18).map(|n| format!(r#"{{"a": {}, "b": {}, "weight": 1, "slots": [0]}}"#, 2 * n, 2 * n + 1)).collect();
    wishes.push(r#"{"a": 33, "b": 35, "weight": 1, "slots": [1]}"#.to_owned());
    let text = format!(
        r#"{{"format": "meet/1", "name": "n", "mode": "all", "slots": 2, "tables": [18, 18], "participants": [{}], "wishes": [{}]}}"#,
        people.join(","),
        wishes.join(",")
    );
    let day = read(&text).expect("it is a day");
    let (timetable, _) = solved(&day).expect("there is a timetable");
    let tables = number_tables(&day, &timetable);
    assert!(tables.table.iter().all(|table| (1..=18).contains(table)), "{tables:?}");
    assert!(tables.walked <= 1, "{tables:?}");
}

#[test]
fn movers_walk_no_farther_than_in_the_order_of_the_file() {
    // Everybody who moves sees suppliers 0, 4, 1, 5, 2, 6, … in turn: they had better sit in that order.
    let person = |n: usize, side: &str| {
        format!(r#"{{"id": "{side}{n}", "side": "{side}", "available": [0, 1, 2, 3], "min": 0, "max": 4}}"#)
    };
    let people: Vec<String> =
        (0..8).map(|n| person(n, "supplier")).chain((8..10).map(|n| person(n, "canteen"))).collect();
    let wishes = [(0, 8, 0), (4, 8, 1), (1, 8, 2), (5, 8, 3), (2, 9, 0), (6, 9, 1), (3, 9, 2), (7, 9, 3)];
    let wishes = wishes.map(|(a, b, t)| format!(r#"{{"a": {a}, "b": {b}, "weight": 1, "slots": [{t}]}}"#));
    let text = format!(
        r#"{{"format": "meet/1", "name": "n", "mode": "all", "slots": 4, "tables": [8, 8, 8, 8], "seated": "supplier",
        "participants": [{}], "wishes": [{}]}}"#,
        people.join(","),
        wishes.join(",")
    );
    let day = read(&text).expect("it is a day");
    let (timetable, _) = solved(&day).expect("there is a timetable");
    let tables = number_tables(&day, &timetable);
    assert!(tables.walked < 22, "{tables:?}: no less than in the order of the file");
}

#[test]
fn who_stays_below_a_promise_is_told_why() {
    let mut day = meeting_day(&THREE, &[(0, 1, 10), (0, 2, 10)], r#""mode": "choose""#);
    day.participants[1].min = 3;
    let (timetable, bounds) = solved(&day).expect("there is a timetable");
    let sheet = Sheet::of(&day, &timetable, &bounds);
    let told: Vec<&str> = sheet.short.iter().map(|short| short.text.as_str()).collect();
    assert_eq!(told, ["Collège n’a qu’un souhait possible pour 3 rendez-vous promis."]);
}

#[test]
fn a_day_that_is_written_is_read_as_it_was() {
    let mut modes = [0; 3];
    for number in 0..500 {
        let day = small(number + 9_000_000, 8);
        assert_eq!(read(&write_instance(&day)).as_ref(), Ok(&day), "day {number}");
        modes[day.mode as usize] += 1;
    }
    assert!(modes.iter().all(|count| *count > 50), "{modes:?}");
}

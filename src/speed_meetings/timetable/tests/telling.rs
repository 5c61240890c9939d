//! What people are told: the sheet, the reasons, the proposals, the file.

use super::days::small;
use super::optimum::work;
use crate::speed_meetings::timetable::{
    Answer, Cause, Figure, Instance, Mode, Sheet, Timetable, answer, checker, number_tables, proposals, read, refusal,
    solution, why_not,
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
            let gain = |cause| matches!(cause, Cause::Costs { meetings: 0, weight } if weight < 0);
            assert!(!gain(why.cause), "day {number} wish {wish}: {why:?}, although the timetable is the best");
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

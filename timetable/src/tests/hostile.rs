//! Files that nobody should send.

use super::optimum::work;
use crate::answer::{Answer, answer};
use crate::figures::Figure;
use crate::random::Random;
use crate::reader::read;
use crate::reason::{Code, Reason};

fn wrong(text: &str) -> Vec<Reason> {
    let Err(faults) = read(text) else { panic!("{text} is taken for a day") };
    assert!(faults.iter().all(|fault| fault.code == Code::Malformed && fault.place.is_some()));
    faults
}

fn place(text: &str, place: &str) {
    let faults = wrong(text);
    assert!(faults.iter().any(|fault| fault.place.as_deref() == Some(place)), "{text}: {faults:?}, not at {place}");
}

/// A day of two people with this in place of its wishes and more.
fn with(rest: &str) -> String {
    let people = r#"{"id": "a", "side": "x", "available": [0], "min": 0, "max": 1}"#;
    format!(
        r#"{{"format": "meet/1", "name": "n", "mode": "choose", "slots": 1, "tables": [1], "participants": [{people}, {people}], {rest}}}"#
    )
}

#[test]
fn every_fault_names_its_place() {
    place("", "ligne 1, colonne 0");
    place("[1,", "ligne 1, colonne 3");
    place("[]", "$");
    place("{}", "format");
    place(&with(r#""wishes": [{"a": 0, "b": 0, "weight": 1}]"#), "wishes[0]");
    place(&with(r#""wishes": [{"a": 0, "b": 2, "weight": 1}]"#), "wishes[0].b");
    place(&with(r#""wishes": [{"a": 0, "b": 1, "weight": -1}]"#), "wishes[0].weight");
    place(&with(r#""wishes": [{"a": 0, "b": 1, "weight": 1.5}]"#), "wishes[0].weight");
    place(&with(r#""wishes": [{"a": 0, "b": 1, "weight": 99999999999999999999}]"#), "wishes[0].weight");
    place(&with(r#""wishes": [{"a": 0, "b": 1, "weight": 1, "slots": [1]}]"#), "wishes[0].slots[0]");
    let pair = r#"{"a": 0, "b": 1, "weight": 1}"#;
    place(&with(&format!(r#""wishes": [{pair}, {pair}]"#)), "wishes[1]");
    place(&with(r#""wishes": [], "pinned": [{"wish": 0, "slot": 0}]"#), "pinned[0].wish");
    place(&with(&format!(r#""wishes": [{pair}], "before": [[0, 0]]"#)), "before[0]");
    place(&with(r#""wishes": [], "previous": {"frozen": 0, "meetings": []}"#), "previous");
    place(&with(r#""wishes": [], "gap_cost": [1]"#), "gap_cost");
}

#[test]
fn weights_near_the_limit_add_up() {
    let half = 1i64 << 59;
    let text = with(&format!(r#""wishes": [{{"a": 0, "b": 1, "weight": {half}}}]"#));
    let day = read(&text).expect("half of the limit is within it");
    let Answer::Timetable { timetable, optimal, .. } = answer(&day, 1, 1, &work(10_000)) else {
        panic!("no timetable")
    };
    assert!(optimal && timetable.figures().weight == half);
}

/// Beyond what sums of `f64` hold exactly no limit is taken from them.
#[test]
fn limits_of_very_heavy_weights_are_no_lower_than_what_is_held() {
    let heavy = (1i64 << 53) + 1;
    let person = |n: usize| format!(r#"{{"id": "p{n}", "side": "any", "available": [0], "min": 0, "max": 1}}"#);
    let people: Vec<String> = (0..33).map(person).collect();
    let mut wishes: Vec<String> =
        (0..15).map(|n| format!(r#"{{"a": {}, "b": {}, "weight": {heavy}}}"#, 2 * n, 2 * n + 1)).collect();
    wishes.extend([31, 32].map(|q| format!(r#"{{"a": 30, "b": {q}, "weight": {heavy}}}"#)));
    let text = format!(
        r#"{{"format": "meet/1", "name": "n", "mode": "choose", "slots": 1, "tables": [99], "participants": [{}], "wishes": [{}]}}"#,
        people.join(","),
        wishes.join(",")
    );
    let day = read(&text).expect("it is a day");
    let Answer::Timetable { timetable, bounds, .. } = answer(&day, 1, 1, &work(100_000)) else {
        panic!("no timetable")
    };
    assert_eq!(timetable.figures().weight, heavy * 16);
    assert!(bounds.iter().all(|(figure, limit)| *figure != Figure::Weight || *limit >= heavy * 16), "{bounds:?}");
}

/// The pins alone keep every rule where a full timetable waits too unevenly.
#[test]
fn without_time_there_is_a_timetable_all_the_same() {
    let person =
        |n: usize| format!(r#"{{"id": "p{n}", "side": "any", "available": [0, 1, 2, 3], "min": 0, "max": 4}}"#);
    let people: Vec<String> = (0..9).map(person).collect();
    let pairs = (0..9usize).flat_map(|a| (a + 1..9).map(move |b| format!(r#"{{"a": {a}, "b": {b}, "weight": 5}}"#)));
    let wishes: Vec<String> = pairs.collect();
    let text = format!(
        r#"{{"format": "meet/1", "name": "n", "mode": "choose", "slots": 4, "tables": [3, 3, 3, 3], "gap_spread": 0,
        "participants": [{}], "wishes": [{}]}}"#,
        people.join(","),
        wishes.join(",")
    );
    let day = read(&text).expect("it is a day");
    for seed in 0..20 {
        assert!(matches!(answer(&day, seed, 1, &work(0)), Answer::Timetable { .. }), "seed {seed}");
    }
}

#[test]
fn empty_days_have_a_timetable() {
    let nobody = r#"{"format": "meet/1", "name": "n", "mode": "choose", "slots": 0, "tables": [], "participants": [], "wishes": []}"#;
    let one = r#"{"format": "meet/1", "name": "n", "mode": "all", "slots": 3, "tables": [1, 0, 1],
        "participants": [{"id": "a", "side": "x", "available": [0, 1], "min": 0, "max": 9}], "wishes": []}"#;
    for text in [nobody, one] {
        let day = read(text).expect("it is a day");
        assert!(matches!(answer(&day, 1, 1, &work(10_000)), Answer::Timetable { optimal: true, .. }), "{text}");
    }
}

#[test]
fn ten_thousand_slots_are_no_more_than_a_long_day() {
    let slots: Vec<String> = (0..10_000).map(|t| t.to_string()).collect();
    let tables = vec!["3"; 10_000].join(",");
    let person = |n: usize| {
        format!(r#"{{"id": "p{n}", "side": "x", "available": [{}], "min": 2, "max": 9000}}"#, slots.join(","))
    };
    let people: Vec<String> = (0..6).map(person).collect();
    let pairs = (0..6usize).flat_map(|a| (a + 1..6).map(move |b| format!(r#"{{"a": {a}, "b": {b}, "weight": 5}}"#)));
    let wishes: Vec<String> = pairs.collect();
    let text = format!(
        r#"{{"format": "meet/1", "name": "n", "mode": "choose", "slots": 10000, "tables": [{tables}],
        "participants": [{}], "wishes": [{}]}}"#,
        people.join(","),
        wishes.join(",")
    );
    let day = read(&text).expect("it is a day");
    let Answer::Timetable { timetable, .. } = answer(&day, 1, 1, &work(100_000)) else { panic!("no timetable") };
    assert_eq!(timetable.figures().weight, 75);
}

fn day_of_choice() -> String {
    with(
        r#""breaks": [0], "wishes": [{"a": 0, "b": 1, "rank_a": 1, "rank_b": null, "weight": 12, "slots": [0]}], "pinned": [{"wish": 0, "slot": 0}], "before": [], "gap_cost": [1, 1]"#,
    )
}

/// A day with everything the format knows of, in this mode.
fn day_of(mode: &str) -> String {
    let person =
        |side: &str| format!(r#"{{"id": "p", "side": "{side}", "available": [0, 1, 2, 3], "min": 1, "max": 4}}"#);
    let previous = if mode == "repair" { r#", "previous": {"frozen": 1, "meetings": [[0, 0], [1, 2]]}"# } else { "" };
    format!(
        r#"{{"format": "meet/1", "name": "n", "mode": "{mode}", "slots": 4, "breaks": [1], "tables": [2, 2, 1, 2],
        "seated": "x", "gap_cost": [1, 0], "gap_spread": 2, "participants": [{}, {}, {}, {}], "wishes": [
        {{"a": 0, "b": 2, "rank_a": 1, "rank_b": 1, "weight": 30}}, {{"a": 0, "b": 3, "weight": 10}},
        {{"a": 1, "b": 2, "rank_b": 2, "weight": 9}}], "before": [[0, 1]]{previous}}}"#,
        person("x"),
        person("x"),
        person("y"),
        person("y")
    )
}

/// Changes bytes of a good file at random: whatever comes out is a day or a list of faults, and a day has an answer.
#[test]
fn no_damage_makes_the_reader_panic() {
    let rounds = std::env::var("TIMETABLE_DAMAGE").ok().and_then(|n| n.parse().ok()).unwrap_or(3_000u64);
    let goods = [day_of_choice(), day_of("repair"), day_of("all")];
    assert!(goods.iter().all(|good| read(good).is_ok()));
    let mut random = Random::new(5);
    for round in 0..rounds {
        let mut bytes = goods[round as usize % goods.len()].clone().into_bytes();
        for _ in 0..=random.below(3) {
            let at = random.below(bytes.len());
            match random.below(4) {
                0 => bytes[at] = b"0123456789-[]{},:\"eE.\\n"[random.below(23)],
                1 => drop(bytes.remove(at)),
                2 => bytes.insert(at, bytes[random.below(bytes.len())]),
                _ => {
                    let end = (at + random.below(30)).min(bytes.len());
                    let piece: Vec<u8> = bytes[at..end].to_vec();
                    let to = random.below(bytes.len());
                    bytes.splice(to..to, piece);
                }
            }
        }
        let Ok(text) = String::from_utf8(bytes) else { continue };
        match read(&text) {
            Ok(day) => drop(answer(&day, round, 1, &work(2_000))),
            Err(faults) => assert!(!faults.is_empty()),
        }
    }
}

//! The checker finds hand-made errors of every kind.

use super::optimum::work;
use crate::answer::{Answer, answer};
use crate::checker::{Fault, Timetable, faults};
use crate::instance::Instance;
use crate::reader::read;

const DAY: &str = r#"{"format": "meet/1", "name": "small", "mode": "choose", "slots": 4, "breaks": [1], "tables": [2, 1, 2, 2],
 "seated": "supplier", "gap_spread": 3, "before": [[1, 3]],
 "participants": [
  {"id": "Ferme du Lac", "side": "supplier", "available": [0, 1, 2, 3], "min": 1, "max": 2},
  {"id": "Laiterie", "side": "supplier", "available": [0, 1, 2, 3], "min": 1, "max": 4},
  {"id": "Collège", "side": "canteen", "available": [0, 1, 2], "min": 1, "max": 3},
  {"id": "EHPAD", "side": "canteen", "available": [0, 1, 2, 3], "min": 1, "max": 3}],
 "wishes": [
  {"a": 0, "b": 2, "rank_a": 1, "rank_b": 1, "weight": 30},
  {"a": 0, "b": 3, "rank_a": null, "rank_b": 1, "weight": 10},
  {"a": 1, "b": 2, "rank_a": null, "rank_b": 2, "weight": 9, "slots": [0, 2]},
  {"a": 1, "b": 3, "rank_a": 1, "rank_b": null, "weight": 10}],
 "pinned": [{"wish": 0, "slot": 2}]}"#;

fn day() -> Instance {
    read(DAY).expect("the day is well formed")
}

fn finds(day: &Instance, meetings: &[(usize, usize)], fault: &Fault) {
    let found = faults(day, meetings);
    assert!(found.contains(fault), "{meetings:?}: {found:?} instead of {fault:?}");
}

#[test]
fn each_rule_is_checked() {
    let day = day();
    finds(&day, &[(9, 0)], &Fault::Unknown { wish: 9, slot: 0 });
    finds(&day, &[(1, 9)], &Fault::Unknown { wish: 1, slot: 9 });
    finds(&day, &[(1, 0), (1, 3)], &Fault::Twice { wish: 1 });
    finds(&day, &[(2, 1)], &Fault::Impossible { wish: 2, slot: 1 });
    finds(&day, &[(0, 3)], &Fault::Impossible { wish: 0, slot: 3 });
    finds(&day, &[(0, 2), (1, 2)], &Fault::Clash { participant: 0, slot: 2 });
    finds(&day, &[(1, 3)], &Fault::NotFixed { wish: 0, slot: 2 });
    finds(&day, &[(1, 2), (3, 1)], &Fault::Order { first: 1, second: 3 });
    finds(&day, &[(1, 0), (2, 0)], &Fault::Seats { slot: 0, seated: 2 });
    let mut wide = day.clone();
    wide.participants[0].max = 1;
    finds(&wide, &[(0, 2), (1, 3)], &Fault::TooMany { participant: 0, held: 2 });
    wide.seated = None;
    wide.tables = vec![1; 4];
    finds(&wide, &[(0, 2), (3, 2)], &Fault::Tables { slot: 2, held: 2 });
    wide.mode = crate::Mode::All;
    finds(&wide, &[(0, 2)], &Fault::NotHeld { wish: 1 });
}

#[test]
fn a_meeting_put_into_the_past_is_found() {
    let text =
        DAY.replace(r#""mode": "choose""#, r#""mode": "repair", "previous": {"frozen": 1, "meetings": [[1, 0]]}"#);
    let day = read(&text).expect("the day is well formed");
    finds(&day, &[(0, 2), (1, 0), (2, 0)], &Fault::Past { wish: 2, slot: 0 });
    finds(&day, &[(0, 2)], &Fault::NotFixed { wish: 1, slot: 0 });
    assert!(!faults(&day, &[(0, 2), (1, 0)]).contains(&Fault::Past { wish: 1, slot: 0 }));
}

#[test]
fn waits_that_differ_too_much_are_found() {
    let mut day = day();
    day.breaks.clear();
    day.gap_spread = Some(0);
    day.tables = vec![2; 4];
    finds(&day, &[(0, 2), (1, 0)], &Fault::Spread { difference: 1 });
}

#[test]
fn what_is_found_can_be_had_only_checked() {
    let day = day();
    assert!(Timetable::checked(&day, vec![(1, 3)]).is_err());
    let Answer::Timetable { timetable, optimal, .. } = answer(&day, 1, 1, &work(100_000)) else {
        panic!("no timetable")
    };
    assert!(optimal);
    assert_eq!(Timetable::checked(&day, timetable.meetings().to_vec()), Ok(timetable));
}

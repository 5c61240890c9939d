//! An organiser's machine plans a day on the command line.

use std::fs;

use serde_json::{Value, json};

use crate::support::process::{Folder, run};

/// Two suppliers, two canteens, three slots.
fn day() -> Value {
    let person = |id: &str, side: &str| json!({"id": id, "side": side, "available": [0, 1, 2], "min": 1, "max": 2});
    json!({
        "format": "meet/1", "name": "petite journée", "mode": "choose", "slots": 3, "tables": [2, 2, 1],
        "participants": [
            person("Ferme du Lac", "supplier"), person("Laiterie des Sucs", "supplier"),
            person("Collège Jules Ferry", "canteen"), person("EHPAD Les Tilleuls", "canteen")],
        "wishes": [
            {"a": 0, "b": 2, "rank_a": 1, "rank_b": 1, "weight": 30},
            {"a": 0, "b": 3, "rank_a": null, "rank_b": 1, "weight": 10},
            {"a": 1, "b": 2, "rank_a": 1, "rank_b": null, "weight": 10}],
        "pinned": [{"wish": 0, "slot": 1}]
    })
}

fn solve(folder: &Folder, day: &str) -> (Option<i32>, String, Value) {
    let (from, to) = (folder.0.join("day.json"), folder.0.join("timetable.json"));
    fs::write(&from, day).unwrap();
    let (from, to) = (from.to_str().unwrap(), to.to_str().unwrap());
    let done = run(&["timetable", "solve", from, "--output", to, "--time-limit", "5", "--seed", "3"], &folder.0);
    let written = fs::read_to_string(to).map_or(Value::Null, |text| serde_json::from_str(&text).unwrap());
    (done.status.code(), String::from_utf8(done.stderr).unwrap(), written)
}

#[test]
fn a_day_becomes_the_best_timetable_with_its_proof() {
    let (code, said, timetable) = solve(&Folder::new(), &day().to_string());
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(timetable["status"], "optimal");
    assert_eq!(timetable["instance"], "petite journée");
    assert_eq!(timetable["figures"], json!({"empty": 0, "shortfall": 0, "weight": 50, "gaps": 0}));
    assert_eq!(timetable["figures"], timetable["bounds"]);
    assert_eq!(timetable["meetings"][0], json!([0, 1]));
}

#[test]
fn a_contradiction_is_refused_in_words_that_say_what_to_change() {
    let mut day = day();
    day["pinned"] = json!([{"wish": 0, "slot": 1}, {"wish": 1, "slot": 1}]);
    let (code, said, timetable) = solve(&Folder::new(), &day.to_string());
    assert_eq!(code, Some(1));
    assert_eq!(timetable["status"], "refused");
    assert_eq!(timetable["reasons"][0]["code"], "pin-clash");
    assert_eq!(timetable["reasons"][0]["participant"], 0);
    assert!(said.contains("Ferme du Lac aurait deux rendez-vous au créneau 2"), "{said}");
}

#[test]
fn a_fault_in_the_file_is_named_with_its_place() {
    let mut day = day();
    day["participants"][3]["max"] = json!("deux");
    let (code, said, timetable) = solve(&Folder::new(), &day.to_string());
    assert_eq!(code, Some(1));
    assert_eq!(timetable["reasons"][0]["place"], "participants[3].max");
    assert!(said.contains("participants[3].max"), "{said}");
}

#[test]
fn wrong_usage_is_told_apart() {
    let folder = Folder::new();
    assert_eq!(run(&["timetable", "solve", "day.json"], &folder.0).status.code(), Some(2));
    assert_eq!(
        run(&["timetable", "solve", "day.json", "--output", "x", "--time-limit", "0"], &folder.0).status.code(),
        Some(2)
    );
    assert_eq!(run(&["timetable", "solve", "nowhere.json", "--output", "x"], &folder.0).status.code(), Some(1));
}

#[test]
fn a_timetable_is_explained_in_words() {
    let folder = Folder::new();
    let mut day = day();
    day["participants"][0]["max"] = json!(1);
    let (code, said, _) = solve(&folder, &day.to_string());
    assert_eq!(code, Some(0), "{said}");
    let (from, to) = (folder.0.join("day.json"), folder.0.join("timetable.json"));
    let explain = ["timetable", "explain", from.to_str().unwrap(), to.to_str().unwrap()];
    let done = run(&explain, &folder.0);
    let told = String::from_utf8(done.stdout).unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let why = "Ferme du Lac et EHPAD Les Tilleuls\u{a0}: Ferme du Lac n’avait plus de place\u{a0}: son seul rendez-vous est au \
               moins aussi souhaité. Il faudrait que Ferme du Lac accepte un rendez-vous de plus, au créneau 1.";
    assert!(told.contains(why), "{told}");
    assert!(told.contains("fournisseurs, choix n° 1\u{a0}: 2 sur 2"), "{told}");
    // What breaks a rule is not explained but refused.
    fs::write(&to, r#"{"format": "meet-solution/1", "meetings": [[0, 2]]}"#).unwrap();
    let done = run(&explain, &folder.0);
    assert_eq!(done.status.code(), Some(1));
    assert!(String::from_utf8(done.stderr).unwrap().contains("NotFixed"));
}

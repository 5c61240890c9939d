//! Who may import whom: a room uses the shared rooms, and of another room only what its door offers.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{fs, path::Path};

/// The shared rooms, each allowed to use those after it.
const SHARED: [&str; 10] =
    ["accounts", "mail", "schedule", "audit", "places", "tables", "outside", "pictures", "web", "config"];
/// Given to every room; it holds what the shared rooms offer.
const APP: &str = "app";
/// The way in: uses every room and is used by none.
const ENTRY: [&str; 5] = ["main", "lib", "cli", "routes", "duties"];
/// Deep imports that are allowed: they shrink only.
const EXCEPTIONS: [(&str, &str); 0] = [];

#[test]
fn no_room_imports_what_it_may_not() {
    let mut wrong = Vec::new();
    for (room, file, path) in imports(Path::new("src")) {
        if let Some(why) = forbidden(&room, &path) {
            wrong.push(format!("{file}: use crate::{path}: {why}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn forbidden_arrows_are_seen() {
    assert!(forbidden("web", "suppliers::Listing").is_some(), "a shared room uses a domain room");
    assert!(forbidden("web", "mail::enqueue").is_some(), "a shared room uses one before it");
    assert!(forbidden("suppliers", "canteens::profile::Model").is_some(), "past the door of another room");
    assert!(forbidden("directory", "routes::site").is_some(), "the way in is used by a room");
    assert!(forbidden("config", "app::App").is_some(), "the settings use the node");
    assert!(forbidden("directory", "suppliers::Listing").is_none());
    assert!(forbidden("directory", "web::french::price").is_none());
    assert!(forbidden("suppliers", "suppliers::offer::Model").is_none());
    assert!(forbidden("routes", "directory::pages::search").is_none());
}

#[test]
fn engines_and_migrations_know_nothing_of_the_program() {
    for folder in ["index", "migrations", "timetable"] {
        let manifest = fs::read_to_string(Path::new(folder).join("Cargo.toml")).unwrap();
        assert!(!manifest.contains("manger-local") && !manifest.contains("path ="), "{folder} depends on the program");
    }
    for engine in ["index", "timetable"] {
        let manifest = fs::read_to_string(Path::new(engine).join("Cargo.toml")).unwrap();
        let known = ["sea-orm", "poem", "tokio"].into_iter().find(|part| manifest.contains(part));
        assert_eq!(known, None, "{engine} knows database or web");
    }
}

/// Why `room` may not use `crate::path`.
fn forbidden(room: &str, path: &str) -> Option<&'static str> {
    let target = path.split("::").next().unwrap_or_default();
    if room == target || EXCEPTIONS.contains(&(room, path)) || ENTRY.contains(&room) {
        return None;
    }
    if ENTRY.contains(&target) {
        return Some("the way in is used by nobody");
    }
    if target == APP {
        return (room == "config").then_some("the settings stand alone");
    }
    let rank = |room: &str| SHARED.iter().position(|shared| *shared == room);
    match (rank(room), rank(target)) {
        (Some(from), Some(to)) if from > to => Some("a shared room uses only those after it"),
        (Some(_), None) => Some("a shared room knows no other"),
        (None, None) if room != APP && is_deep(path) => Some("only what the other room's door offers"),
        _ => None,
    }
}

/// `suppliers::offer::Model` reaches past the door; `suppliers::Offer` does not, nor does a part that the door opens whole.
fn is_deep(path: &str) -> bool {
    let steps: Vec<&str> = path.split("::").collect();
    let [room, part, _, ..] = steps[..] else { return false };
    let door = fs::read_to_string(Path::new("src").join(room).join("mod.rs")).unwrap_or_default();
    !door.contains(&format!("pub mod {part};"))
}

/// Room, file and path of each `crate::…` in `src`, braces opened.
fn imports(folder: &Path) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(imports(&path));
            continue;
        }
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let inside = path.strip_prefix("src").unwrap();
        let room = inside.iter().next().unwrap().to_string_lossy().trim_end_matches(".rs").to_owned();
        let text = fs::read_to_string(&path).unwrap();
        for statement in text.split("crate::").skip(1) {
            let statement = statement.split(';').next().unwrap_or_default();
            found.extend(opened(statement).into_iter().map(|use_| (room.clone(), path.display().to_string(), use_)));
        }
    }
    found
}

/// `a::{b, c::d}` gives `a::b` and `a::c::d`; anything else up to the first character that is no path.
fn opened(statement: &str) -> Vec<String> {
    let end = statement.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(statement.len());
    let (path, rest) = statement.split_at(end);
    let Some(inside) = rest.strip_prefix('{') else { return vec![path.trim_end_matches(':').to_owned()] };
    let (mut depth, mut pieces, mut piece) = (0, Vec::new(), String::new());
    for c in inside.chars() {
        match c {
            '}' if depth == 0 => break,
            ',' if depth == 0 => pieces.push(std::mem::take(&mut piece)),
            c => {
                depth += i32::from(c == '{') - i32::from(c == '}');
                piece.push(c);
            }
        }
    }
    pieces.push(piece);
    let pieces = pieces.iter().map(|piece| piece.trim()).filter(|piece| !piece.is_empty());
    pieces.flat_map(|piece| opened(&format!("{path}{piece}"))).collect()
}

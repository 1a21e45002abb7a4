//! The floors of the house: a room may use only rooms on lower floors, never sideways and never up.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy excuses only the #[test] functions themselves"
)]

use std::path::{Path, PathBuf};

/// The rooms by floor, lowest first, as `ARCHITECTURE.md` has them.
const FLOORS: [&[&str]; 9] = [
    &["clock", "files", "http", "words"],
    &["calendar", "case"],
    &["statute"],
    &["reminders"],
    &["wording", "mail", "exchange"],
    &["store", "config"],
    &["casework"],
    &["service"],
    &["cli"],
];

/// Crates that only some files may name.
const CONFINED: [(&str, &[&str]); 5] = [
    ("tokio", &["mail/smtp", "service/"]),
    ("rusqlite", &["store/sqlite/"]),
    ("chrono_tz", &["clock.rs"]),
    ("ureq", &["http.rs"]),
    ("clap", &["cli/"]),
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            found.push(path);
        }
    }
    found
}

/// Every file below `src` with its path there and its code, comments left out.
fn files() -> Vec<(String, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    sources(&src)
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(&src).unwrap().to_str().unwrap().to_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            (name, code.collect::<Vec<_>>().join("\n"))
        })
        .collect()
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

/// The rooms that a file's code names.
fn used(code: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for part in code.split("crate::").skip(1) {
        let names = match part.strip_prefix('{') {
            Some(list) => list.split('}').next().unwrap_or(""),
            None => part,
        };
        for name in names.split(',') {
            let name = name.trim_start();
            let end = name
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(name.len());
            rooms.push(name[..end].to_owned());
            if !part.starts_with('{') {
                break;
            }
        }
    }
    rooms
}

#[test]
fn nobody_reaches_sideways_or_up() {
    for (name, code) in files() {
        let room = name.split(['/', '.']).next().unwrap();
        let Some(own) = floor(room) else {
            assert!(["lib", "main"].contains(&room), "{name} is in no room of the table");
            continue;
        };
        for other in used(&code).into_iter().filter(|other| other != room) {
            let theirs = floor(&other).unwrap_or_else(|| panic!("{name} uses {other}, which is in no room"));
            assert!(theirs < own, "{name} (floor {own}) uses {other} (floor {theirs})");
        }
    }
}

#[test]
fn the_store_knows_the_words_of_the_law_and_none_of_its_rules() {
    for (name, code) in files().iter().filter(|(name, _)| name.starts_with("store/")) {
        for rule in [
            "statute::deadlines",
            "Case::fold",
            "statute::foisa",
            "statute::eirs",
            "wording::",
            "mail::",
        ] {
            assert!(!code.contains(rule), "{name} names {rule}");
        }
    }
}

#[test]
fn the_clock_the_runtime_and_the_database_have_one_room_each() {
    for (name, code) in files() {
        for (confined, rooms) in CONFINED {
            let named = code.contains(&format!("{confined}::"));
            let may = rooms.iter().any(|room| name.starts_with(room));
            assert!(!named || may, "{name} names {confined}");
        }
    }
}

#[test]
fn nobody_starts_another_program() {
    for (name, code) in files() {
        for way in ["process::Command", "CommandExt", "process::{"] {
            assert!(!code.contains(way), "{name} names {way}");
        }
    }
}

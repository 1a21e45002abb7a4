//! What `docs/import.md` shows is what the program does.

use std::process::Command;

use timeous::exchange::{COLUMNS, Mapping};

use crate::support::office::Office;

const PAGE: &str = include_str!("../../docs/import.md");

/// The fenced blocks of a kind.
fn blocks(kind: &str) -> Vec<&'static str> {
    let fence = format!("```{kind}\n");
    let after = PAGE.split(fence.as_str()).skip(1);
    after.map(|rest| rest.split("```").next().unwrap()).collect()
}

#[test]
fn the_session_runs_as_it_is_printed() {
    let office = Office::new();
    let folder = std::path::Path::new(env!("CARGO_BIN_EXE_timeous")).parent().unwrap();
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    let shell = |line: &str| {
        let output = Command::new("sh")
            .args(["-c", line])
            .current_dir(office.path(""))
            .env("PATH", &path)
            .env("TIMEOUS_CONFIG", office.path("timeous.toml"))
            .env("NO_COLOR", "1")
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{line}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    };
    let sessions = blocks("console");
    assert_eq!(sessions.len(), 1);
    let steps = sessions[0].split("$ ").skip(1);
    for step in steps {
        let (line, printed) = step.split_once('\n').unwrap();
        assert_eq!(shell(line), printed, "{line}");
    }
}

#[test]
fn the_mapping_is_one_and_every_column_is_named() {
    for text in blocks("toml") {
        Mapping::parse(text).unwrap();
    }
    for column in COLUMNS.iter().filter(|column| **column != "court_appeal") {
        assert!(PAGE.contains(&format!("`{column}`")), "{column}");
    }
}

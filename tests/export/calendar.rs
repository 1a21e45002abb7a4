//! A calendar as its readers understand it: one event a deadline, wherever it moves, until it is taken back.

use std::path::PathBuf;

use crate::readers::{Event, can_read, events, live};
use crate::support::office::{Office, can_pretend};

/// The calendar at a moment, as a file of a name.
fn calendar(office: &Office, at: &str, name: &str) -> PathBuf {
    office.run_at(at, &["export", "--format", "ics", "-o", name]).well();
    office.path(name)
}

fn of<'a>(events: &'a [Event], words: &str) -> &'a Event {
    let found: Vec<_> = events
        .iter()
        .filter(|one| one["summary"].as_str().unwrap().contains(words))
        .collect();
    assert_eq!(found.len(), 1, "{words}: {events:#?}");
    found[0]
}

fn ready() -> bool {
    can_read() && can_pretend()
}

/// Asserts that a change between two calendars moved the one event of a case to another day: the same UID, a higher
/// SEQUENCE, and one event once both are merged.
fn moved(office: &Office, change: &[(&str, &[&str])], words: &str, from: &str, to: &str) {
    let before = calendar(office, "2022-09-01 12:00:00", "before.ics");
    for (at, args) in change {
        office.run_at(at, args).well();
    }
    let after = calendar(office, "2022-09-10 12:00:00", "after.ics");
    let (old, new) = (events(&[&before]), events(&[&after]));
    let (old, new) = (of(&old, words), of(&new, words));
    assert_eq!((old["start"].as_str(), new["start"].as_str()), (Some(from), Some(to)));
    assert_eq!(old["uid"], new["uid"]);
    assert!(new["sequence"].as_u64() > old["sequence"].as_u64(), "{old} {new}");
    assert!(new["stamp"].as_str() > old["stamp"].as_str(), "{old} {new}");
    // In whichever order a reader gets them.
    for files in [[&*before, &*after], [&*after, &*before]] {
        let merged = live(&files);
        assert_eq!(of(&merged, words)["start"], to);
    }
}

#[test]
fn every_day_is_as_an_independent_reader_expects() {
    if !ready() {
        return;
    }
    let office = Office::new();
    let log = [
        "log",
        "FOI-1",
        "--received",
        "2022-08-22",
        "--subject",
        "Mr Applicant's house",
    ];
    office.run_at("2022-08-22 10:00:00", &log).well();
    let log = ["log", "FOI-2", "--received", "2022-07-01"];
    office.run_at("2022-07-01 10:00:00", &log).well();
    let answer = ["record", "FOI-2", "responded", "--on", "2022-08-01"];
    office.run_at("2022-08-01 10:00:00", &answer).well();
    let file = calendar(&office, "2022-08-23 10:00:00", "timeous.ics");
    let found = events(&[&file]);
    let answer = of(&found, "FOI-1 answer due");
    // Monday 19 September 2022 was a bank holiday for the State Funeral, proclaimed on the 10th: the calendar knows it.
    // Whoever had a clock running then works to the day before it, as the law may be read otherwise.
    assert_eq!(answer["start"], "2022-09-19");
    let said = answer["description"].as_str().unwrap();
    assert!(
        said.starts_with("Work to Monday 19 September 2022; due by Tuesday 20 September 2022."),
        "{said}"
    );
    assert_eq!(answer["days"], 1);
    assert_eq!(answer["status"], "CONFIRMED");
    assert_eq!(answer["class"], "PRIVATE");
    // Nobody is there on the day itself: eight on the Friday, and on the Thursday.
    let before = |days: i64| 8 * 3_600 - days * 86_400;
    assert_eq!(answer["alarms"], serde_json::json!([before(4), before(3)]));
    assert!(
        said.contains("FOISA s.10(1)(a): 20 working days after Monday 22 August 2022 (received)"),
        "{said}"
    );
    let done = of(&found, "FOI-2 answer done");
    assert_eq!(done["alarms"], serde_json::json!([]));
    let window = of(&found, "FOI-2 review window ends (the applicant's)");
    assert_eq!(window["alarms"], serde_json::json!([]));
    // No review of FOI-1 can be told a day yet, and nothing tells what an officer typed.
    assert_eq!(found.len(), 3, "{found:#?}");
    let bytes = std::fs::read(&file).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    assert!(!text.contains("Applicant's house") && !text.contains("bjones"));
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    assert!(
        text.split_terminator("\r\n")
            .all(|line| line.len() <= 75 && !line.is_empty())
    );
    // What was done leaves after sixty days.
    let file = calendar(&office, "2022-10-03 10:00:00", "later.ics");
    assert!(!events(&[&file]).iter().any(|one| one["summary"] == "FOI-2 answer done"));
}

#[test]
fn an_extension_and_a_correction_move_the_event() {
    if !ready() {
        return;
    }
    let office = Office::new();
    let log = ["log", "EIR-1", "--received", "2022-08-22", "--regime", "eirs"];
    office.run_at("2022-08-22 10:00:00", &log).well();
    let extended = [
        "record",
        "EIR-1",
        "extended",
        "--on",
        "2022-09-05",
        "--due",
        "2022-10-17",
    ];
    moved(
        &office,
        &[("2022-09-05 10:00:00", &extended)],
        "EIR-1 answer",
        "2022-09-19",
        "2022-10-17",
    );

    let office = Office::new();
    let log = ["log", "FOI-1", "--received", "2022-08-22"];
    office.run_at("2022-08-22 10:00:00", &log).well();
    let corrected = [
        "correct",
        "FOI-1",
        "1",
        "--on",
        "2022-08-19",
        "--why",
        "it came on the Friday",
    ];
    moved(
        &office,
        &[("2022-09-05 10:00:00", &corrected)],
        "FOI-1 answer",
        "2022-09-19",
        "2022-09-16",
    );
    // And back again: it goes on rising.
    let corrected = [
        "correct",
        "FOI-1",
        "2",
        "--on",
        "2022-08-22",
        "--why",
        "it came on the Monday",
    ];
    let change: &[(&str, &[&str])] = &[("2022-09-06 10:00:00", &corrected)];
    moved(&office, change, "FOI-1 answer", "2022-09-16", "2022-09-19");
}

#[test]
fn a_holiday_that_is_proclaimed_moves_the_event() {
    if !ready() {
        return;
    }
    let office = Office::with("[calendar]\nproclamations = \"proclamations.toml\"\n");
    let withdrawn = include_str!("../proclamations/no-2022-09-19.toml");
    std::fs::write(office.path("proclamations.toml"), withdrawn).unwrap();
    let log = ["log", "FOI-1", "--received", "2022-09-12"];
    office.run_at("2022-09-12 10:00:00", &log).well();
    let before = calendar(&office, "2022-09-12 11:00:00", "before.ics");
    std::fs::write(office.path("proclamations.toml"), "").unwrap();
    office.run_at("2022-09-13 12:00:00", &["run", "--once"]).well();
    let after = calendar(&office, "2022-09-13 13:00:00", "after.ics");
    let (old, new) = (events(&[&before]), events(&[&after]));
    let (old, new) = (of(&old, "FOI-1 answer"), of(&new, "FOI-1 answer"));
    assert_eq!(
        (old["start"].as_str(), new["start"].as_str()),
        (Some("2022-10-10"), Some("2022-10-11"))
    );
    assert_eq!(old["uid"], new["uid"]);
    assert!(new["sequence"].as_u64() > old["sequence"].as_u64());
    assert_eq!(of(&live(&[&after, &before]), "FOI-1 answer")["start"], "2022-10-11");
}

#[test]
fn what_is_withdrawn_void_or_stopped_is_cancelled_and_what_runs_again_comes_back() {
    if !ready() {
        return;
    }
    let office = Office::new();
    for reference in ["FOI-W", "FOI-V", "FOI-C"] {
        office
            .run_at("2022-08-22 10:00:00", &["log", reference, "--received", "2022-08-22"])
            .well();
    }
    let diary = ["record", "FOI-V", "diary", "--on", "2022-08-22", "--due", "2022-09-08"];
    office.run_at("2022-08-22 11:00:00", &diary).well();
    let before = calendar(&office, "2022-08-23 10:00:00", "before.ics");
    let held = events(&[&before]);
    assert!(held.iter().all(|one| one["status"] == "CONFIRMED"));
    let changes: [&[&str]; 3] = [
        &["record", "FOI-W", "withdrawn", "--on", "2022-08-24"],
        &["correct", "FOI-V", "2", "--void", "--why", "another case's"],
        &["record", "FOI-C", "clarification-sought", "--on", "2022-08-24"],
    ];
    for change in changes {
        office.run_at("2022-08-24 10:00:00", change).well();
    }
    let after = calendar(&office, "2022-08-25 10:00:00", "after.ics");
    let found = events(&[&after]);
    for words in ["FOI-W answer", "FOI-V diary", "FOI-C answer"] {
        let (old, new) = (of(&held, words), of(&found, words));
        assert_eq!(new["status"], "CANCELLED", "{words}");
        assert_eq!((&old["uid"], &old["start"]), (&new["uid"], &new["start"]), "{words}");
        assert!(new["sequence"].as_u64() > old["sequence"].as_u64(), "{words}");
        assert_eq!(new["alarms"], serde_json::json!([]));
    }
    let left = live(&[&before, &after]);
    let mut left: Vec<_> = left.iter().map(|one| one["summary"].as_str().unwrap()).collect();
    left.sort_unstable();
    assert_eq!(left, ["FOI-C close or chase", "FOI-V answer due"]);
    let clarified = ["record", "FOI-C", "clarification-received", "--on", "2022-08-26"];
    office.run_at("2022-08-26 10:00:00", &clarified).well();
    let again = calendar(&office, "2022-08-26 11:00:00", "again.ics");
    let end = live(&[&before, &after, &again]);
    assert_eq!(of(&end, "FOI-C answer")["start"], "2022-09-23");
    // Two months on nobody needs to be told any more.
    let later = calendar(&office, "2022-10-26 10:00:00", "later.ics");
    assert!(events(&[&later]).iter().all(|one| one["status"] == "CONFIRMED"));
}

#[test]
fn while_nothing_changes_no_byte_does() {
    if !ready() {
        return;
    }
    let office = Office::new();
    let log = ["log", "FOI-1", "--received", "2022-08-22", "--officer", "bjones"];
    office.run_at("2022-08-22 10:00:00", &log).well();
    let first = std::fs::read(calendar(&office, "2022-08-22 11:00:00", "first.ics")).unwrap();
    let second = std::fs::read(calendar(&office, "2022-08-30 17:00:00", "second.ics")).unwrap();
    assert_eq!(first, second);
    // A note changes no date.
    let note = ["record", "FOI-1", "note", "--on", "2022-08-30", "--note", "rang them"];
    office.run_at("2022-08-30 17:30:00", &note).well();
    let third = std::fs::read(calendar(&office, "2022-08-31 17:00:00", "third.ics")).unwrap();
    assert_eq!(first, third);
    let of_bjones = office.run_at(
        "2022-08-30 17:00:00",
        &["export", "--format", "ics", "--officer", "bjones"],
    );
    assert_eq!(of_bjones.well().as_bytes(), first);
    let of_cbrown = office.run_at(
        "2022-08-30 17:00:00",
        &["export", "--format", "ics", "--officer", "cbrown"],
    );
    assert!(!of_cbrown.well().contains("VEVENT"));
}

//! Lives of cases at random, and references of every kind: whatever happens, a calendar read again and again ends as
//! the register stands, and every text arrives as it was.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use timeous::case::{Fact, Kind, Outcome, Reference, Regime};
use timeous::casework::export::calendar;
use timeous::casework::record::{Clerk, record};
use timeous::clock::london_instant;
use timeous::config::{Config, Rules, Surroundings};
use timeous::store::{Sqlite, Store};

use crate::dice::Dice;
use crate::readers::{can_read, events};

const LIVES: u64 = 15;
const DAYS: u64 = 140;

pub(crate) fn rules(folder: &std::path::Path) -> Rules {
    let config = Config::parse(
        "[people]\nteam = \"foi@example.gov.uk\"\n",
        folder,
        &Surroundings::default(),
    );
    config.unwrap().rules
}

pub(crate) fn clerk(day: NaiveDate) -> Clerk {
    Clerk {
        login: "clerk".to_owned(),
        by: None,
        now: london_instant(day, NaiveTime::from_hms_opt(10, 0, 0).unwrap()),
    }
}

/// What an event says, read by splitting lines: quick, for many calendars.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Told {
    sequence: u64,
    start: String,
    summary: String,
    cancelled: bool,
}

fn read(text: &str) -> BTreeMap<String, Told> {
    let text = text.replace("\r\n ", "");
    let mut all = BTreeMap::new();
    for event in text.split("BEGIN:VEVENT").skip(1) {
        let of = |name: &str| {
            let mut lines = event.lines().filter_map(|line| line.strip_prefix(name));
            lines.next().unwrap().to_owned()
        };
        let told = Told {
            sequence: of("SEQUENCE:").parse().unwrap(),
            start: of("DTSTART;VALUE=DATE:"),
            summary: of("SUMMARY:"),
            cancelled: of("STATUS:") == "CANCELLED",
        };
        assert!(all.insert(of("UID:"), told).is_none(), "one UID twice");
    }
    all
}

/// Something that may happen to a case on a day; most of it is refused, as most of it cannot be.
pub(crate) fn happening(dice: &mut Dice, day: NaiveDate) -> Fact {
    let kinds = [
        Kind::ClarificationSought,
        Kind::ClarificationReceived,
        Kind::Extended,
        Kind::Responded,
        Kind::Withdrawn,
        Kind::ReviewRequired,
        Kind::ReviewOutcome,
        Kind::ReviewWithdrawn,
        Kind::Applied,
        Kind::Decision,
        Kind::Diary,
        Kind::RegimeChanged,
        Kind::Closed,
        Kind::Note,
    ];
    let kind = dice.one(&kinds);
    let mut fact = Fact::new(kind, day - TimeDelta::days(i64::try_from(dice.roll(4)).unwrap()));
    if matches!(kind, Kind::Diary | Kind::Decision) {
        fact.details.due = Some(day + TimeDelta::days(i64::try_from(dice.roll(60)).unwrap()));
    }
    if kind == Kind::Extended {
        fact.details.due = Some(day + TimeDelta::days(30));
    }
    if kind == Kind::RegimeChanged {
        fact.details.regime = Some(dice.one(&[Regime::Foisa, Regime::Eirs, Regime::Both]));
    }
    if kind == Kind::Note {
        fact.details.note = Some("a note".to_owned());
    }
    if kind == Kind::Closed {
        fact.details.outcome = Some(Outcome::Done);
    }
    fact
}

#[test]
fn whatever_happens_a_reader_ends_where_the_register_stands() {
    let folder = tempfile::tempdir().unwrap();
    let rules = rules(folder.path());
    let (mut moves, mut cancelled) = (0, 0);
    for seed in 0..LIVES {
        let mut dice = Dice(seed);
        let mut register = Sqlite::create(&folder.path().join(format!("{seed}.db"))).unwrap();
        let reference: Reference = "FOI-1".parse().unwrap();
        let first: NaiveDate = "2022-06-01".parse().unwrap();
        let mut received = Fact::new(Kind::Received, first);
        received.details.regime = Some(dice.one(&[Regime::Foisa, Regime::Eirs, Regime::Both]));
        let mut known: BTreeMap<String, Told> = BTreeMap::new();
        let mut seqs: u32 = 0;
        for after in 0..DAYS {
            let day = first + TimeDelta::days(i64::try_from(after).unwrap());
            let (fact, supersedes) = match (after, dice.roll(10)) {
                (0, _) => (Some(received.clone()), None),
                (_, 0..3) => (Some(happening(&mut dice, day)), None),
                (_, 3) if seqs > 0 => {
                    let seq = 1 + u32::try_from(dice.roll(u64::from(seqs))).unwrap();
                    let entries = register.read(|snapshot| snapshot.entries("FOI-1")).unwrap();
                    let mut fact = entries.iter().find(|entry| entry.seq == seq).unwrap().fact.clone();
                    fact.details.why = Some("a slip".to_owned());
                    match dice.roll(2) {
                        0 => fact.details.void = true,
                        _ => fact.on -= TimeDelta::days(1),
                    }
                    (Some(fact), Some(seq))
                }
                _ => (None, None),
            };
            if let Some(fact) = fact {
                let done = register.write(|tx| record(tx, &rules, &reference, fact, supersedes, &clerk(day)));
                seqs += u32::from(done.is_ok());
            }
            let mut bytes = Vec::new();
            assert!(calendar(&register, &rules, None, day, &mut bytes).unwrap().is_empty());
            let now = read(std::str::from_utf8(&bytes).unwrap());
            for (uid, told) in &now {
                let Some(before) = known.get(uid) else { continue };
                assert!(
                    told.sequence >= before.sequence,
                    "seed {seed}, {day}: {before:?} {told:?}"
                );
                // How a thing is called may change; its day and what became of it may not, unseen.
                let of_note = |told: &Told| (told.start.clone(), told.cancelled, told.summary.ends_with(" done"));
                if of_note(told) != of_note(before) {
                    assert!(
                        told.sequence > before.sequence,
                        "seed {seed}, {day}: {before:?} {told:?}"
                    );
                    moves += u32::from(told.start != before.start);
                    cancelled += u32::from(told.cancelled);
                }
            }
            // What a reader held and is not told any more was done, or had been taken back.
            for (uid, before) in known.iter().filter(|(uid, _)| !now.contains_key(*uid)) {
                let start = NaiveDate::parse_from_str(&before.start, "%Y%m%d").unwrap();
                let over = before.cancelled || before.summary.ends_with(" done") || day - start > TimeDelta::days(60);
                assert!(over, "seed {seed}, {day}: {uid} {before:?} vanished");
            }
            known.extend(now);
        }
    }
    assert!(
        moves > 15 && cancelled > 15,
        "{moves} moved, {cancelled} were taken back"
    );
}

#[test]
fn every_reference_arrives_as_it_was_written() {
    if !can_read() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let rules = rules(folder.path());
    let mut register = Sqlite::create(&folder.path().join("register.db")).unwrap();
    let pieces = [
        ",",
        ";",
        "\\",
        "\\n",
        ":",
        "\"",
        "'",
        "n",
        "=",
        "/",
        " ",
        "é",
        "ß",
        "語",
        "\u{1f600}",
        "e\u{301}",
        "FOI",
        "-2026-",
        "0401",
    ];
    let day: NaiveDate = "2022-06-01".parse().unwrap();
    let mut references = std::collections::BTreeSet::new();
    for seed in 0..300 {
        let mut dice = Dice(seed);
        let text: String = (0..=dice.roll(64)).map(|_| dice.one(&pieces)).collect();
        let text: String = text.chars().take(64).collect();
        let Ok(reference) = text.parse::<Reference>() else {
            continue;
        };
        let fact = Fact::new(Kind::Received, day);
        if references.insert(reference.as_str().to_owned()) {
            register
                .write(|tx| record(tx, &rules, &reference, fact, None, &clerk(day)))
                .unwrap();
        }
    }
    assert!(references.len() > 250);
    let path = folder.path().join("timeous.ics");
    let mut bytes = Vec::new();
    calendar(&register, &rules, None, day, &mut bytes).unwrap();
    std::fs::write(&path, &bytes).unwrap();
    let found: std::collections::BTreeSet<String> = events(&[&path])
        .iter()
        .map(|one| {
            let summary = one["summary"].as_str().unwrap();
            summary.strip_suffix(" answer due").unwrap().to_owned()
        })
        .collect();
    assert_eq!(found, references);
}

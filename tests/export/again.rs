//! The exported sheet comes again: into another register, where it makes the same cases, and into its own, where it
//! changes nothing.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{NaiveDate, TimeDelta};
use timeous::case::{Fact, Kind, Reference, Regime};
use timeous::casework::compare::{Finding, Heed, compare};
use timeous::casework::export::sheet;
use timeous::casework::import::{How, Report, import};
use timeous::casework::record::{Clerk, record};
use timeous::config::Rules;
use timeous::exchange::{self, Mapping};
use timeous::statute::State;
use timeous::store::{Sqlite, Store};

use crate::chance::{clerk, happening, rules};
use crate::dice::Dice;

/// What the columns can say, each at most once and in the order of a case's life.
const COLUMNS_SAY: [Kind; 9] = [
    Kind::ClarificationSought,
    Kind::ClarificationReceived,
    Kind::FeesNotice,
    Kind::FeePaid,
    Kind::Responded,
    Kind::ReviewRequired,
    Kind::ReviewOutcome,
    Kind::Applied,
    Kind::Decision,
];

/// Of these, what arrives; the line of a sheet says the day on which it did.
const ARRIVE: [Kind; 5] = [
    Kind::ClarificationReceived,
    Kind::FeePaid,
    Kind::Responded,
    Kind::ReviewRequired,
    Kind::ReviewOutcome,
];

/// What requests are about, formulas and what looks like the guard against them among it.
const SUBJECTS: [&str; 10] = [
    "roads",
    "é, \"ß\"; 語",
    "O'Neil",
    "=cmd|' /C calc'!A0",
    "+44 131 496 0000",
    "-",
    "@SUM(A1)",
    "'=1",
    "''-2",
    "'quoted'",
];

fn days(dice: &mut Dice, below: u64) -> TimeDelta {
    TimeDelta::days(i64::try_from(dice.roll(below)).unwrap())
}

/// A register with many cases that a sheet can say whole.
fn plain_cases(path: &Path, rules: &Rules) -> Sqlite {
    let mut register = Sqlite::create(path).unwrap();
    let last: NaiveDate = "2026-06-01".parse().unwrap();
    for seed in 0..150 {
        let mut dice = Dice(seed);
        let mut day: NaiveDate = "2022-06-01".parse().unwrap();
        let reference: Reference = format!("FOI-{seed}").parse().unwrap();
        let mut received = Fact::new(Kind::Received, day);
        received.details.regime = Some(dice.one(&[Regime::Foisa, Regime::Eirs, Regime::Both]));
        received.details.posted = dice.roll(4) == 0;
        if received.details.posted && dice.roll(2) == 0 {
            received.details.received = Some(day + days(&mut dice, 4));
        }
        received.details.subject = Some(dice.one(&SUBJECTS).to_string());
        let mut facts = vec![received];
        for kind in COLUMNS_SAY.into_iter().filter(|_| dice.roll(3) > 0).collect::<Vec<_>>() {
            day += TimeDelta::days(i64::try_from(1 + dice.roll(30)).unwrap());
            let mut fact = Fact::new(kind, day);
            // Under the one law the day counts on which a fee was paid, under the other that on which it came.
            let has_two_days = kind == Kind::FeePaid && facts[0].details.regime == Some(Regime::Both);
            if ARRIVE.contains(&kind) && !has_two_days && dice.roll(2) == 0 {
                // At times on the same day, which is not the same as not knowing it.
                fact.details.received = Some(day + days(&mut dice, 3));
                fact.details.posted = dice.roll(2) == 0;
                day += TimeDelta::days(3);
            }
            if kind == Kind::Decision {
                fact.details.due = Some(day + TimeDelta::days(45));
            }
            facts.push(fact);
        }
        for fact in facts {
            // What cannot be is refused, and is no part of the case.
            let _ = register.write(|tx| record(tx, rules, &reference, fact, None, &clerk(last)));
        }
    }
    register
}

#[test]
fn a_sheet_of_plain_cases_makes_the_same_cases_again() {
    let folder = tempfile::tempdir().unwrap();
    let rules = rules(folder.path());
    let today: NaiveDate = "2026-06-01".parse().unwrap();
    let mut register = plain_cases(&folder.path().join("one.db"), &rules);
    let written = |register: &Sqlite| {
        let mut bytes = Vec::new();
        assert!(sheet(register, &rules, None, today, &mut bytes).unwrap().is_empty());
        bytes
    };
    let first = written(&register);
    let read = exchange::read(&first, &Mapping::default()).unwrap();
    assert_eq!(read.lines.len(), 150);
    let mut other = Sqlite::create(&folder.path().join("two.db")).unwrap();
    let mut report = Report::default();
    // Some are years old, and nothing has happened since.
    let all: Vec<Reference> = read
        .lines
        .iter()
        .map(|(_, row)| row.as_ref().unwrap().reference.clone())
        .collect();
    let how = How {
        confirmed: &all,
        ..How::default()
    };
    import(&mut other, &rules, &read.lines, &clerk(today), &how, &mut report).unwrap();
    assert_eq!(
        (report.new, &report.refused, report.wrong_due.len()),
        (150, &Vec::new(), 0)
    );
    assert_eq!(
        String::from_utf8(written(&other)).unwrap(),
        String::from_utf8(first).unwrap()
    );
    // The same cases have the same deadlines.
    for line in &read.lines {
        let reference = line.1.as_ref().unwrap().reference.as_str().to_owned();
        let days = |register: &Sqlite| -> Vec<_> {
            let rows = register.read(|snapshot| snapshot.deadlines(&reference)).unwrap();
            let mut days: Vec<_> = rows
                .into_iter()
                .filter(|row| row.state != State::Withdrawn)
                .map(|row| {
                    (
                        row.key.step,
                        row.key.regime,
                        row.key.actor,
                        row.state,
                        row.due,
                        row.work_to,
                    )
                })
                .collect();
            days.sort();
            days
        };
        assert_eq!(days(&register), days(&other), "{reference}");
    }
    let before = register.read(|snapshot| snapshot.about()).unwrap();
    let mut report = Report::default();
    import(
        &mut register,
        &rules,
        &read.lines,
        &clerk(today),
        &How::default(),
        &mut report,
    )
    .unwrap();
    assert_eq!((report.unchanged, report.added, report.refused.len()), (150, 0, 0));
    assert_eq!(register.read(|snapshot| snapshot.about()).unwrap(), before);
}

/// Something said of it that an entry of its kind may say, and a line of a sheet mostly cannot.
fn adorned(dice: &mut Dice, mut fact: Fact) -> Fact {
    let arrives = !matches!(fact.kind, Kind::Diary | Kind::Note | Kind::RegimeChanged | Kind::Closed);
    if arrives && dice.roll(2) == 0 {
        fact.details.posted = dice.roll(2) == 0;
        fact.details.received = (dice.roll(3) > 0).then(|| fact.on + days(dice, 3));
    }
    if matches!(fact.kind, Kind::Responded | Kind::ClarificationSought) && dice.roll(4) == 0 {
        fact.details.regime = Some(dice.one(&[Regime::Foisa, Regime::Eirs, Regime::Both]));
    }
    fact
}

/// A register of lives at random, in parts recorded by sheets and corrected by people.
fn lives(path: &Path, rules: &Rules, until: NaiveDate) -> (Sqlite, BTreeMap<Kind, usize>) {
    let mut register = Sqlite::create(path).unwrap();
    let mut kinds = BTreeMap::new();
    for seed in 0..60 {
        let mut dice = Dice(seed);
        let reference: Reference = format!("FOI-{seed}").parse().unwrap();
        let first: NaiveDate = "2022-06-01".parse().unwrap();
        let mut received = Fact::new(Kind::Received, first);
        received.details.regime = dice.one(&[None, Some(Regime::Foisa), Some(Regime::Eirs), Some(Regime::Both)]);
        let mut facts = vec![adorned(&mut dice, received)];
        for after in 1..60 {
            let fact = happening(&mut dice, first + TimeDelta::days(2 * after));
            facts.push(adorned(&mut dice, fact));
        }
        for fact in facts {
            let who = dice.one(&["clerk", "sheet foi.xlsx"]);
            let clerk = Clerk {
                login: who.to_owned(),
                ..clerk(until)
            };
            let kind = fact.kind;
            if register
                .write(|tx| record(tx, rules, &reference, fact, None, &clerk))
                .is_ok()
            {
                *kinds.entry(kind).or_default() += 1;
            }
        }
    }
    (register, kinds)
}

#[test]
fn the_sheet_of_a_register_contradicts_nothing_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let rules = rules(folder.path());
    let today: NaiveDate = "2026-06-01".parse().unwrap();
    let (mut register, kinds) = lives(&folder.path().join("one.db"), &rules, today);
    for kind in [
        Kind::ClarificationSought,
        Kind::ClarificationReceived,
        Kind::Responded,
        Kind::ReviewRequired,
        Kind::ReviewOutcome,
        Kind::RegimeChanged,
    ] {
        assert!(kinds.get(&kind).is_some_and(|count| *count > 10), "{kind}: {kinds:?}");
    }
    let mut bytes = Vec::new();
    assert!(sheet(&register, &rules, None, today, &mut bytes).unwrap().is_empty());
    let read = exchange::read(&bytes, &Mapping::default()).unwrap();
    let before = register.read(|snapshot| snapshot.about()).unwrap();
    let mut report = Report::default();
    let how = How::default();
    import(&mut register, &rules, &read.lines, &clerk(today), &how, &mut report).unwrap();
    assert_eq!((&report.refused, &report.contradictions), (&Vec::new(), &Vec::new()));
    assert_eq!((report.unchanged, report.added, report.new), (60, 0, 0));
    assert_eq!(register.read(|snapshot| snapshot.about()).unwrap(), before);
    // Nor would it as a living sheet, but for what happened earlier than the last time, for which it has no cells.
    let heed = Heed {
        label: None,
        filled: &|_| true,
        empty: &|column| read.columns.contains(&column),
        words: true,
    };
    for (line, row) in &read.lines {
        let row = row.as_ref().unwrap();
        let entries = register
            .read(|snapshot| snapshot.entries(row.reference.as_str()))
            .unwrap();
        let found = compare(row, &entries, &heed).unwrap();
        let says = |one: &Finding| !matches!(one, Finding::Emptied { .. });
        assert!(!found.iter().any(says), "line {line}: {found:?}");
    }
}

//! The messy sheet: in at one go, every wrong date found and only those, and nothing changed the second time.

use std::collections::BTreeSet;

use crate::council::{Council, Planted, TODAY, day};
use crate::support::office::{Office, Ran, can_pretend};

fn at(office: &Office, args: &[&str]) -> Ran {
    office.run_at(&format!("{TODAY} 09:00:00"), args)
}

fn imported(office: &Office, file: &str, kept: &str) -> Ran {
    at(office, &["import", file, "--wrong-due", kept])
}

/// The head of the chain, as `verify` prints it.
fn head(office: &Office) -> String {
    let said = at(office, &["verify"]).well();
    let line = said.lines().find(|line| line.starts_with("head ")).unwrap();
    line.split_whitespace().nth(1).unwrap().to_owned()
}

/// The file that was kept, without its reasons, and they.
fn kept(office: &Office, file: &str) -> (Vec<Planted>, Vec<String>) {
    let mut reader = csv::Reader::from_path(office.path(file)).unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let wrong = rows.iter().map(|row| Planted {
        line: row[0].parse().unwrap(),
        reference: row[1].to_owned(),
        sheet: day(&row[2]),
        law: day(&row[3]),
        because: Vec::new(),
    });
    (wrong.collect(), rows.iter().map(|row| row[8].to_owned()).collect())
}

/// What is told of the wrong dates is what was planted, in the file and on the screen, each with its reason.
fn finds_what_was_planted(council: &Council, office: &Office, ran: &Ran, file: &str) {
    let (found, reasons) = kept(office, file);
    let without = |one: &Planted| Planted {
        because: Vec::new(),
        ..one.clone()
    };
    let planted: BTreeSet<_> = council.planted.iter().map(without).collect();
    assert_eq!(found.iter().cloned().collect::<BTreeSet<_>>(), planted);
    assert_eq!(found.len(), planted.len());
    for one in &council.planted {
        let at = found.iter().position(|found| found.reference == one.reference).unwrap();
        let why = &reasons[at];
        assert!(one.because.iter().all(|words| why.contains(words)), "{one:?}: {why:?}");
        let row = format!("{} {} {}", one.line, one.reference, short(one));
        assert!(spaced(&ran.out).contains(&row), "{row} is not in {}", ran.out);
    }
    let told = ran
        .out
        .lines()
        .filter(|line| line.contains("too early (") || line.contains("too late ("));
    assert_eq!(told.count(), planted.len());
}

fn short(one: &Planted) -> String {
    let form = "%a %-d %b %Y";
    format!("{} {}", one.sheet.format(form), one.law.format(form))
}

fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The lines that were complained of.
fn refused(ran: &Ran) -> Vec<usize> {
    let mut lines: Vec<usize> = Vec::new();
    for complaint in ran.err.lines() {
        let numbers = complaint
            .split_once(" line ")
            .or_else(|| complaint.split_once(" lines "))
            .unwrap()
            .1;
        let numbers = numbers.split_once(": ").unwrap().0;
        lines.extend(numbers.split(", ").map(|number| number.parse::<usize>().unwrap()));
    }
    lines.sort_unstable();
    lines
}

#[test]
fn fifteen_hundred_requests_as_a_council_really_keeps_them() {
    if !can_pretend() {
        return;
    }
    let council = Council::made();
    let english = |one: &&Planted| one.because.iter().any(|words| words.contains("Aug 2025"));
    assert!(
        council.planted.iter().filter(english).count() > 5,
        "too few wrong dates were planted"
    );
    assert!(council.planted.len() > 150 && council.unfinished.len() > 5 && council.repeated.len() > 10);
    for (first, again) in [("foi.csv", "foi.xlsx"), ("foi.xlsx", "foi.csv")] {
        let office = Office::new();
        std::fs::write(office.path("foi.csv"), council.csv()).unwrap();
        std::fs::write(office.path("foi.xlsx"), council.xlsx()).unwrap();
        let ran = imported(&office, first, "wrong.csv");
        assert_eq!(ran.code, Some(2), "{}", ran.err);
        assert_eq!(refused(&ran), council.refused, "{}", ran.err);
        let taken = council.cases - council.unfinished.len();
        let counts = format!(
            "{taken} new, 0 added to, 0 unchanged, {} refused, {} to finish first",
            council.refused.len(),
            council.unfinished.len()
        );
        assert!(ran.out.contains(&counts), "{counts} is not in {}", ran.out);
        passes_over_what_is_no_case(&council, &ran);
        finds_what_was_planted(&council, &office, &ran, "wrong.csv");
        for reference in &council.unfinished {
            assert!(
                ran.out.contains(&format!("{reference}  no answer; received ")),
                "{reference}"
            );
            assert!(
                at(&office, &["show", reference])
                    .complaint(2)
                    .contains("is not in the register")
            );
        }
        let entries = office.count("select count(*) from entry");
        assert_eq!(
            office.count("select count(*) from cases"),
            i64::try_from(taken).unwrap()
        );
        let head_before = head(&office);
        for file in [first, again] {
            let ran = imported(&office, file, "again.csv");
            assert!(
                ran.out.contains(&format!("0 new, 0 added to, {taken} unchanged")),
                "{}",
                ran.out
            );
            assert_eq!(refused(&ran), council.refused);
            finds_what_was_planted(&council, &office, &ran, "again.csv");
        }
        assert_eq!(office.count("select count(*) from entry"), entries);
        assert_eq!(head(&office), head_before);
    }
}

fn passes_over_what_is_no_case(council: &Council, ran: &Ran) {
    let line = ran
        .out
        .lines()
        .find(|line| line.starts_with("Lines passed over: "))
        .unwrap();
    let numbers = |lines: &[usize]| lines.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
    for words in [
        format!(
            "{} repeat the headings ({})",
            council.headings.len(),
            numbers(&council.headings)
        ),
        format!("1 is a total ({})", numbers(&council.totals)),
        format!(
            "{} are titles or remarks ({})",
            council.remarks.len(),
            numbers(&council.remarks)
        ),
        format!(
            "{} say the same as an earlier line ({} as ",
            council.repeated.len(),
            council.repeated[0]
        ),
    ] {
        assert!(line.contains(&words), "{words} is not in {line}");
    }
}

#[test]
fn a_dry_run_says_the_same_and_records_nothing() {
    if !can_pretend() {
        return;
    }
    let council = Council::made();
    let office = Office::new();
    std::fs::write(office.path("foi.csv"), council.csv()).unwrap();
    let dry = at(&office, &["import", "foi.csv", "--dry-run"]);
    assert!(
        dry.out.ends_with("To record this: timeous import foi.csv\n"),
        "{}",
        dry.out
    );
    assert_eq!(refused(&dry), council.refused);
    assert_eq!(office.count("select count(*) from entry"), 0);
    let ran = at(&office, &["import", "foi.csv"]);
    let counted = |ran: &Ran| ran.out.lines().find(|line| line.contains(" new, ")).map(str::to_owned);
    assert!(counted(&ran).is_some());
    assert_eq!(counted(&ran), counted(&dry));
}

/// The morning after: the officers are told of what is open, and of nothing that was over long ago.
#[test]
fn what_is_long_over_is_told_to_nobody() {
    if !can_pretend() {
        return;
    }
    let council = Council::made();
    let office = Office::new();
    std::fs::write(office.path("foi.xlsx"), council.xlsx()).unwrap();
    imported(&office, "foi.xlsx", "wrong.csv");
    office.run_at("2026-03-03 08:00:30", &["run", "--once"]).well();
    let mails = office.mails();
    assert!(!mails.is_empty());
    for mail in &mails {
        let mail = crate::support::office::plain_text(mail);
        assert!(!mail.contains("FOI-2024-"), "{mail}");
        for reference in &council.unfinished {
            assert!(!mail.contains(reference.as_str()), "{mail}");
        }
    }
}

//! Purging the words of old cases: what goes, what stays, and what is left alone.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy excuses only the #[test] functions themselves, not their helpers"
)]

mod support;

use rusqlite::Connection;
use support::office::{Office, can_pretend};

/// When the purges happen: the windows of the closed case have ended.
const YEARS_LATER: &str = "2024-08-01 09:00:00";

/// Words that go with a purge; the first of them is in a mail about another case too, which is left.
const WORDS: [&str; 3] = ["High Street", "Mrs Gray telephoned", "it was the neighbour"];

/// FOI-1 answered and closed, with words; FOI-2 open; FOI-3 closed and never answered. Of the two mails about FOI-1 one
/// speaks of FOI-2 too.
fn office() -> Office {
    let office = Office::new();
    let at = |moment: &str, args: &[&str]| office.run_at(moment, args).well();
    let log = |moment: &str, reference: &str, officer: &str, more: &[&str]| {
        let args = ["log", reference, "--received", "2022-02-04", "--officer", officer];
        at(moment, &[&args, more].concat());
    };
    log(
        "2022-02-07 09:00:00",
        "FOI-1",
        "bjones",
        &["--subject", "Bins at 4 High Street"],
    );
    at("2022-02-21 09:00:00", &["run", "--once"]);
    log("2022-02-22 09:00:00", "FOI-2", "bjones", &["--subject", "Roads"]);
    log("2022-02-22 09:00:00", "FOI-3", "cbrown", &[]);
    at("2022-03-02 09:00:00", &["run", "--once"]);
    at(
        "2022-03-04 09:00:00",
        &[
            "record",
            "FOI-1",
            "responded",
            "--on",
            "2022-03-04",
            "--outcome",
            "part",
            "--exemptions",
            "s.38(1)(b)",
            "--note",
            "Mrs Gray telephoned",
        ],
    );
    at(
        "2022-03-07 09:00:00",
        &[
            "correct",
            "FOI-1",
            "2",
            "--on",
            "2022-03-03",
            "--outcome",
            "part",
            "--exemptions",
            "s.38(1)(b)",
            "--why",
            "it was the neighbour",
        ],
    );
    for reference in ["FOI-1", "FOI-3"] {
        at(
            "2022-03-10 09:00:00",
            &["record", reference, "closed", "--on", "2022-03-10"],
        );
    }
    assert_eq!(office.count("select count(*) from message"), 3);
    office
}

/// Whether words are anywhere in the register's file or its log.
fn holds(office: &Office, words: &str) -> bool {
    ["register.db", "register.db-wal"].iter().any(|name| {
        let bytes = std::fs::read(office.path(name)).unwrap_or_default();
        bytes.windows(words.len()).any(|window| window == words.as_bytes())
    })
}

#[test]
fn the_words_go_and_the_dates_the_outcomes_and_the_chain_stay() {
    if !can_pretend() {
        return;
    }
    let office = office();
    let later = |args: &[&str]| office.run_at(YEARS_LATER, args);
    let shown = |what: &str| {
        let shown = later(&["show", "FOI-1", "--json"]).well();
        let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
        shown[what].clone()
    };
    let head = later(&["verify"]).head();
    let (deadlines, entries) = (shown("deadlines"), shown("entries"));
    assert!(WORDS.iter().all(|words| holds(&office, words)));

    let before = office.dump();
    let dry = later(&["purge", "--closed-before", "2024-01-01", "--dry-run"]).well();
    assert_eq!(
        dry,
        "FOI-1\nleft as it is: FOI-3: answer is overdue since Fri 4 Mar 2022\n1 case closed before Monday 1 January 2024: \
         the words of 4 entries would be emptied\n"
    );
    assert_eq!(office.dump(), before);

    let said = later(&["purge", "--closed-before", "2024-01-01", "--by", "M Green"]).well();
    assert_eq!(
        said,
        "FOI-1\nleft as it is: FOI-3: answer is overdue since Fri 4 Mar 2022\n1 case closed before Monday 1 January 2024: \
         the words of 4 entries were emptied, and those of 1 mail\n\
         note: 1 mail about them keeps its words, because it speaks of other cases too or still waits\n"
    );
    for words in &WORDS[1..] {
        assert!(!holds(&office, words), "{words}");
    }
    assert_eq!(office.count("select count(*) from words where body_text = ''"), 1);
    let own = "select count(*) from entry where kind = 'purged' and reference is null and by_name = 'M Green'";
    assert_eq!(office.count(own), 1);

    let held = later(&["verify", "--head", &head]).well();
    assert!(
        held.starts_with("8 entries of 3 cases, the words of 4 of them purged: the chain is whole"),
        "{held}"
    );
    assert_eq!(shown("deadlines"), deadlines);
    assert_eq!(shown("purged"), 4);
    for (then, now) in entries
        .as_array()
        .unwrap()
        .iter()
        .zip(shown("entries").as_array().unwrap())
    {
        for kept in [
            "seq",
            "kind",
            "on",
            "outcome",
            "exemptions",
            "recorded_at",
            "recorded_by",
            "supersedes",
        ] {
            assert_eq!(then[kept], now[kept], "{kept}");
        }
    }
    let text = later(&["show", "FOI-1"]).well();
    assert!(
        text.contains("The words of 4 entries were purged; days and outcomes are kept."),
        "{text}"
    );
    assert!(text.contains("part; relying on s.38(1)(b)"), "{text}");

    // A second purge finds nothing more, and puts nothing on record.
    let before = office.dump();
    let again = later(&["purge", "--closed-before", "2024-01-01"]).well();
    assert!(again.contains("0 cases closed before"), "{again}");
    assert_eq!(office.dump(), before);
    let copy = later(&["backup", "copy.db"]).well();
    assert!(copy.contains("verified"), "{copy}");
}

#[test]
fn a_case_is_left_while_a_window_runs_and_a_day_to_come_is_refused() {
    if !can_pretend() {
        return;
    }
    let office = office();
    let before = office.dump();
    let said = office
        .run_at("2022-04-04 09:00:00", &["purge", "--closed-before", "2022-04-01"])
        .well();
    assert!(
        said.contains("left as it is: FOI-1: review window is running until Tue 3 May 2022")
            && said.contains("left as it is: FOI-3: answer is overdue since Fri 4 Mar 2022")
            && said.contains("0 cases closed before Friday 1 April 2022: the words of 0 entries"),
        "{said}"
    );
    // The day itself is not before it.
    let said = office
        .run_at(YEARS_LATER, &["purge", "--closed-before", "2022-03-10"])
        .well();
    assert!(said.starts_with("0 cases closed before"), "{said}");
    assert_eq!(office.dump(), before);
    let ran = office.run_at(YEARS_LATER, &["purge", "--closed-before", "2024-08-02"]);
    assert!(ran.complaint(2).contains("is still to come"), "{ran:?}");
}

#[test]
fn a_purged_case_can_be_taken_up_again_and_derived_by_other_settings() {
    if !can_pretend() {
        return;
    }
    let office = office();
    let later = |args: &[&str]| office.run_at(YEARS_LATER, args).well();
    later(&["purge", "--closed-before", "2024-01-01"]);
    later(&[
        "record",
        "FOI-1",
        "reopened",
        "--on",
        "2024-08-01",
        "--note",
        "new words",
    ]);
    later(&["verify"]);
    let settings = std::fs::read_to_string(office.path("timeous.toml")).unwrap();
    office.configure(&settings.replace("[reminders]\n", "[reminders]\nduty = [\"3wd\"]\n"));
    later(&["run", "--once"]);
    let said = later(&["verify"]);
    assert!(said.contains("every stored date follows from them"), "{said}");
    office
        .run_at(
            "2024-08-02 09:00:00",
            &["record", "FOI-1", "closed", "--on", "2024-08-02"],
        )
        .well();
    let said = office
        .run_at("2024-08-05 09:00:00", &["purge", "--closed-before", "2024-08-05"])
        .well();
    assert!(said.contains("the words of 2 entries were emptied"), "{said}");
    let said = office.run_at("2024-08-05 09:01:00", &["verify"]).well();
    assert!(said.contains("the words of 6 of them purged"), "{said}");
}

#[test]
fn what_a_purge_kept_is_tied_to_its_record() {
    if !can_pretend() {
        return;
    }
    let office = office();
    office
        .run_at(YEARS_LATER, &["purge", "--closed-before", "2024-01-01"])
        .well();
    let changes: [(&str, &str); 6] = [
        (
            "update entry set kept = replace(kept, 'part', 'full') where reference = 'FOI-1'",
            "the purge at entry 8: what is kept of the entries it emptied is not what it kept",
        ),
        (
            "update entry set kept = null where reference = 'FOI-1' and seq = 2",
            "its words were emptied, and nothing on record says why",
        ),
        (
            "update entry set purged = 3 where reference = 'FOI-1' and seq = 2",
            "the purge at entry 3: it is said to have emptied entries, and is none",
        ),
        (
            "update entry set body = null, kept = '{}', purged = 8 where reference = 'FOI-2'",
            "the purge at entry 8: what is kept",
        ),
        (
            "update entry set kept = '{}', purged = 8 where reference = 'FOI-2'",
            "has its words and is said to have been purged",
        ),
        (
            "update entry set body = '{}' where reference = 'FOI-1' and seq = 2",
            "its words are not those that were recorded",
        ),
    ];
    for (sql, named) in changes {
        std::fs::copy(office.path("register.db"), office.path("other.db")).unwrap();
        let other = Connection::open(office.path("other.db")).unwrap();
        assert_ne!(other.execute(sql, []).unwrap(), 0, "{sql}");
        drop(other);
        let ran = office.run_at(YEARS_LATER, &["--register", "other.db", "verify"]);
        assert_eq!(ran.code, Some(1), "{sql}: {ran:?}");
        assert!(ran.out.contains(named), "{sql}: {}", ran.out);
    }
}

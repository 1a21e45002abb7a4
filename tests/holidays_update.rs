//! A newer list of bank holidays: what may be added, and the real failures of the published list refused or
//! survived.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy excuses only the #[test] functions themselves, not their helpers"
)]

mod support;

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use rstest::rstest;
use support::https::{Answer, Web};
use support::office::{Office, Ran};
use timeous::calendar::agree::{Finding, Remark};
use timeous::calendar::update::adoptable;
use timeous::calendar::{BankHoliday, Calendar, bank_holidays, proclamations};

fn feed_path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/holidays-feed")
        .join(name)
}

fn feed_text(name: &str) -> String {
    std::fs::read_to_string(feed_path(name)).unwrap()
}

fn feed(name: &str) -> Vec<BankHoliday> {
    bank_holidays::parse(&feed_text(name)).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The calendar as it was known on a day, announced through a year: the days of a list up to it, and the
/// proclamations made known by then.
fn as_known(on: &str, through: i32) -> Calendar {
    use chrono::Datelike;
    let text = include_str!("../holidays/proclamations.toml");
    let rows = text.split_inclusive("\n\n").filter(|block| {
        let announced = block.lines().find_map(|line| line.strip_prefix("proclaimed_on = "));
        announced.is_none_or(|date| date.trim_matches('"') <= on)
    });
    let rows = proclamations::parse(&rows.collect::<String>()).unwrap();
    let listed = bank_holidays::parse(include_str!("../holidays/scotland.json")).unwrap();
    let listed = listed
        .into_iter()
        .filter(|day| day.date.year() <= through && (on > "2026-02-03" || day.date.to_string() != "2026-06-15"));
    let calendar = Calendar::new(listed.collect(), rows, day(on));
    assert_eq!(
        calendar.announced_through(),
        NaiveDate::from_ymd_opt(through, 12, 31).unwrap()
    );
    calendar
}

/// The dates that a list adds.
fn added(calendar: &Calendar, list: &str, today: &str) -> Vec<String> {
    let adoptable = adoptable(calendar, &feed(list), day(today)).unwrap();
    adoptable.days.iter().map(|day| day.date.to_string()).collect()
}

fn refused(calendar: &Calendar, list: &str, today: &str) -> Vec<(String, &'static str)> {
    let findings = adoptable(calendar, &feed(list), day(today)).unwrap_err();
    let findings = findings.into_iter().map(|finding| match finding {
        Finding::Unexplained(day) => (day.date.to_string(), "unexplained"),
        Finding::Missing { date, .. } => (date.to_string(), "missing"),
        Finding::TakenAway { listed, .. } => (listed.date.to_string(), "taken away"),
        Finding::NothingOf { year } => (year.to_string(), "nothing"),
        other => panic!("{other:?}"),
    });
    findings.collect()
}

fn pair(date: &str, what: &'static str) -> (String, &'static str) {
    (date.to_owned(), what)
}

#[test]
fn the_english_summer_holiday_of_november_2024_is_refused_and_the_mended_list_adopted() {
    let then = as_known("2024-11-28", 2026);
    assert_eq!(
        refused(&then, "2024-11-28.json", "2024-11-28"),
        [pair("2027-08-02", "missing"), pair("2027-08-30", "unexplained")]
    );
    assert_eq!(
        added(&then, "2025-01-10.json", "2025-01-10"),
        [
            "2027-01-01",
            "2027-01-04",
            "2027-03-26",
            "2027-05-03",
            "2027-05-31",
            "2027-08-02",
            "2027-11-30",
            "2027-12-27",
            "2027-12-28"
        ]
    );
}

#[test]
fn the_history_lost_in_august_2025_is_kept_and_said() {
    let then = as_known("2025-08-11", 2027);
    let list = feed("2025-08-11.json");
    let found = adoptable(&then, &list, day("2025-08-11")).unwrap();
    assert_eq!(found.days, []);
    assert_eq!(
        found.remarks,
        [Remark::PastYears {
            first: 2004,
            last: 2023
        }]
    );
    // Before the years were past, their loss would have been an error.
    assert_eq!(
        refused(&then, "2025-08-11.json", "2023-06-01")[0],
        pair("2023", "nothing")
    );
}

#[test]
fn the_world_cup_holiday_missing_in_february_2026_is_refused_until_it_is_past() {
    let known = as_known("2026-02-10", 2028);
    for today in ["2026-02-10", "2026-06-15"] {
        assert_eq!(
            refused(&known, "2026-02-25.json", today),
            [pair("2026-06-15", "missing")]
        );
    }
    let found = adoptable(&known, &feed("2026-02-25.json"), day("2026-06-16")).unwrap();
    assert_eq!(found.days, []);
    assert!(
        matches!(&found.remarks[..], [Remark::PastYears { .. }, Remark::PastDay(day)] if day.date.to_string() == "2026-06-15"),
        "{:?}",
        found.remarks
    );
    // Who has not recorded the proclamation is not told by a list alone.
    let unaware = as_known("2026-02-01", 2028);
    assert_eq!(added(&unaware, "2026-02-25.json", "2026-02-26"), [""; 0]);
    assert_eq!(
        refused(&unaware, "2026-02-26.json", "2026-02-26"),
        [pair("2026-06-15", "unexplained")]
    );
    assert_eq!(added(&known, "2026-02-26.json", "2026-02-26"), [""; 0]);
}

#[test]
fn a_year_is_adopted_whole_or_not_at_all() {
    let calendar = Calendar::compiled_in().unwrap();
    let list = feed("with-2029.json");
    let today = day("2026-12-01");
    let found = adoptable(&calendar, &list, today).unwrap();
    assert_eq!(found.days.len(), 9);
    assert!(found.remarks.contains(&Remark::NewYear { year: 2029, days: 9 }));
    for lacking in &found.days {
        let rest: Vec<_> = list.iter().filter(|day| *day != lacking).cloned().collect();
        let findings = adoptable(&calendar, &rest, today).unwrap_err();
        assert!(
            matches!(&findings[..], [Finding::Missing { date, .. }] if *date == lacking.date),
            "{findings:?}"
        );
    }
    // Once in force it adds nothing, and its loss is found.
    let adopted = Calendar::with_additional(&found.days).unwrap();
    assert_eq!(adopted.announced_through(), day("2029-12-31"));
    assert_eq!(adoptable(&adopted, &list, today).unwrap().days, []);
    assert_eq!(
        refused(&adopted, "2026-02-26.json", "2026-12-01"),
        [pair("2029", "nothing")]
    );
}

#[test]
fn a_year_left_out_before_another_is_found() {
    // With 2030 announced, 2029 would have no bank holidays at all.
    let calendar = Calendar::compiled_in().unwrap();
    let mut list = feed("2026-02-26.json");
    let days = timeous::calendar::explained(2030, calendar.proclamations());
    list.extend(days.into_iter().map(|(date, one)| BankHoliday { date, name: one.name }));
    let findings = adoptable(&calendar, &list, day("2026-12-01")).unwrap_err();
    assert_eq!(findings, [Finding::NothingOf { year: 2029 }]);
}

fn update(office: &Office, args: &[&str]) -> Ran {
    let mut all = vec!["holidays", "update", "--dry-run", "--today", "2026-12-01"];
    all.extend(args);
    office.run(&all)
}

/// The list is the same whatever has become of the register.
#[test]
fn what_a_list_would_add_is_said_beside_a_register_that_cannot_be_read() {
    let office = Office::new();
    std::fs::write(office.path("register.db"), "").unwrap();
    let path = feed_path("with-2029.json");
    let ran = update(&office, &[path.to_str().unwrap()]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.out.contains("would add 9 days:"), "{}", ran.out);
    let said = "register.db is empty; restore the last backup";
    assert!(
        ran.err.contains(said) && ran.err.contains("are not reckoned with"),
        "{}",
        ran.err
    );
}

#[test]
fn what_a_list_would_add_is_said_from_a_file_and_from_an_address() {
    let office = Office::new();
    let path = feed_path("with-2029.json");
    let path = path.to_str().unwrap();
    let from_file = update(&office, &[path]).well();
    assert!(
        from_file.contains("note: 2029 is new: 9 days, each explained\n"),
        "{from_file}"
    );
    assert!(
        from_file.contains("would add 9 days:\n")
            && from_file.contains("  Monday 6 August 2029  Summer bank holiday\n"),
        "{from_file}"
    );
    let text = feed_text("with-2029.json");
    let server = Web::plain(move |_| Answer::page(200, &text));
    let url = server.url("127.0.0.1", "/bank-holidays.json");
    let from_address = update(&office, &["--url", &url]).well();
    assert_eq!(from_address.replace(&url, path), from_file);
    let said = update(&office, &[feed_path("2026-02-26.json").to_str().unwrap()]).well();
    assert!(said.ends_with("adds nothing; the calendar is unchanged\n"), "{said}");
}

#[test]
fn a_list_that_is_not_explained_is_refused_with_its_days() {
    let office = Office::new();
    let path = feed_path("2024-11-28.json");
    let ran = update(&office, &[path.to_str().unwrap()]);
    let line = ran.complaint(2);
    assert!(
        line.contains("is refused for 3 differences; the calendar is unchanged"),
        "{line}"
    );
    assert!(
        ran.out
            .contains("look: Monday 2 August 2027, Summer bank holiday: missing")
            && ran
                .out
                .contains("look: Monday 30 August 2027, Summer bank holiday: listed, and neither"),
        "{}",
        ran.out
    );
}

#[rstest]
#[case::html("<!doctype html><title>Bank holidays</title>".to_owned(), "is not in GOV.UK's form")]
#[case::truncated(feed_text("2026-02-26.json")[..9_000].to_owned(), "is not in GOV.UK's form: EOF while parsing")]
#[case::division(feed_text("2026-02-26.json").replace("\"scotland\"", "\"northern-ireland\""), "duplicate field|missing field `scotland`|is not in GOV.UK's form")]
#[case::one_wrong_division(r#"{"division":"england-and-wales","events":[]}"#.to_owned(), "holds the division \"england-and-wales\"")]
#[case::twice(feed_text("2026-02-26.json").replace("2027-08-02", "2027-05-31"), "gives 2027-05-31 twice")]
#[case::no_such_day(feed_text("2026-02-26.json").replace("2027-08-02", "2027-02-30"), "is not in GOV.UK's form")]
#[case::empty(String::new(), "is not in GOV.UK's form")]
fn what_is_no_list_is_one_line_and_changes_nothing(#[case] list: String, #[case] words: &str) {
    let office = Office::new();
    std::fs::write(office.path("list.json"), &list).unwrap();
    let server = Web::plain(move |_| Answer::page(200, &list));
    let url = server.url("127.0.0.1", "/");
    for (args, name) in [
        (vec!["list.json"], "list.json"),
        (vec!["--url", &url], "127.0.0.1 sends a list that"),
    ] {
        let ran = update(&office, &args);
        let line = ran.complaint(2);
        assert!(line.starts_with(&format!("timeous: {name} ")), "{line}");
        assert!(words.split('|').any(|words| line.contains(words)), "{line}");
        assert!(line.ends_with("; the calendar is unchanged"), "{line}");
        assert_eq!(ran.out, "");
    }
}

#[test]
fn an_address_that_fails_is_one_line_and_changes_nothing() {
    let office = Office::new();
    let missing = Web::plain(|_| Answer::page(404, "<html>"));
    let cut = Web::plain(|_| Answer::Raw(b"HTTP/1.1 200 .\r\nContent-Length: 9000\r\n\r\n{\"scotland\":".to_vec()));
    let flood = Web::plain(|_| Answer::Flood(b"HTTP/1.1 200 .\r\n\r\n".to_vec(), 100_000_000));
    let binary = Web::plain(|_| Answer::Raw(b"HTTP/1.1 200 .\r\nContent-Length: 2\r\n\r\n\xff\xfe".to_vec()));
    for (server, code, words) in [
        (&missing, 1, "127.0.0.1 answered 404 Not Found"),
        (&cut, 1, "127.0.0.1 closed the connection in the middle of its answer"),
        (&flood, 1, "127.0.0.1 answers with more than 1000000 bytes"),
        (&binary, 2, "127.0.0.1 answers with something else than text"),
    ] {
        let ran = update(&office, &["--url", &server.url("127.0.0.1", "/")]);
        assert_eq!(
            ran.complaint(code),
            format!("timeous: {words}; the calendar is unchanged")
        );
    }
    for (args, words) in [
        (
            ["--url", "http://www.gov.uk/bank-holidays.json"],
            "the address must begin with https://",
        ),
        (["--url", "bank-holidays.json"], "the address is not an address such as"),
    ] {
        let ran = update(&office, &args);
        assert!(ran.complaint(2).contains(words), "{}", ran.err);
    }
    for args in [&["list.json"][..], &["list.json", "--url", "https://x.uk/"], &[]] {
        update(&office, args).complaint(2);
    }
}

#[test]
fn a_day_pretended_is_for_looking_only() {
    let office = Office::new();
    let path = feed_path("with-2029.json");
    let ran = office.run(&["holidays", "update", path.to_str().unwrap(), "--today", "2026-12-01"]);
    assert!(
        ran.complaint(2).contains("--today is for commands that only look"),
        "{}",
        ran.err
    );
}

#[test]
fn over_tls_the_certificate_must_hold() {
    let text = feed_text("2026-02-26.json");
    let server = Web::tls(&["localhost"], move |_| Answer::page(200, &text));
    let url = server.url("localhost", "/bank-holidays.json");
    let mut office = Office::new();
    std::fs::write(office.path("ca.pem"), server.ca()).unwrap();
    let stranger = update(&office, &["--url", &url]);
    let line = stranger.complaint(1);
    assert!(
        line.starts_with("timeous: localhost cannot ") && line.ends_with("; the calendar is unchanged"),
        "{line}"
    );
    assert!(server.requests().is_empty());
    office.surround("SSL_CERT_FILE", office.path("ca.pem").to_str().unwrap());
    let said = update(&office, &["--url", &url]).well();
    assert!(said.ends_with("adds nothing; the calendar is unchanged\n"), "{said}");
}

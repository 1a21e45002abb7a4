//! The calendar explains itself: each day its reason in law, and every difference between its sources told.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy excuses only the #[test] functions themselves, not their helpers"
)]

mod support;

use std::collections::BTreeSet;

use chrono::{Datelike as _, NaiveDate};
use rstest::rstest;
use serde_json::{Value, json};
use support::office::Office;
use timeous::calendar::agree::{self, Finding, Remark};
use timeous::calendar::{BankHoliday, Calendar, Proclamations, Reason, bank_holidays, explained, proclamations};
use timeous::wording::holidays as words;

const PUBLISHED: &str = include_str!("../holidays/scotland.json");

/// A morning in November 2026, when 2028 is the last year announced.
const TODAY: [&str; 2] = ["--today", "2026-11-22"];

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn calendar() -> Calendar {
    Calendar::compiled_in().unwrap()
}

fn holiday(date: &str, name: &str) -> BankHoliday {
    BankHoliday {
        date: day(date),
        name: name.to_owned(),
    }
}

/// The list's days, read without the program's reader.
fn published() -> Vec<Value> {
    let file: Value = serde_json::from_str(PUBLISHED).unwrap();
    file["scotland"]["events"].as_array().unwrap().clone()
}

fn published_days() -> BTreeSet<NaiveDate> {
    published()
        .iter()
        .map(|event| day(event["date"].as_str().unwrap()))
        .collect()
}

/// The list as it stood once some events had changed.
fn feed(change: impl Fn(&mut Vec<Value>)) -> String {
    let mut events = published();
    change(&mut events);
    json!({ "scotland": { "division": "scotland", "events": events } }).to_string()
}

fn in_year(event: &Value, years: std::ops::RangeInclusive<i32>) -> bool {
    years.contains(&day(event["date"].as_str().unwrap()).year())
}

#[test]
fn schedule_custom_and_proclamations_give_the_228_days_and_no_other() {
    let calendar = calendar();
    let given: BTreeSet<NaiveDate> = (2004..=2028)
        .flat_map(|year| explained(year, calendar.proclamations()).into_keys())
        .collect();
    assert_eq!(given.len(), 228);
    assert_eq!(given, published_days());
    assert_eq!(calendar.announced_through(), day("2028-12-31"));
    for (holiday, reason) in calendar.holidays(2004..=2028) {
        assert!(
            !matches!(reason, Reason::Listed | Reason::Expected),
            "{holiday:?} {reason:?}"
        );
    }
    let longest = day("2027-08-22");
    let agreement = agree::in_force(&calendar, longest);
    assert_eq!(agreement.findings, []);
    let doubts = agreement
        .remarks
        .iter()
        .filter(|remark| matches!(remark, Remark::Doubt(_)));
    assert_eq!(doubts.count(), 2);
    assert_eq!(agreement.remarks.len(), 2);
}

/// Without the record of proclamations the list is not explained: each one-off is found, and each day moved away.
#[test]
fn without_the_proclamations_every_one_off_is_found() {
    let list = bank_holidays::parse(PUBLISHED).unwrap();
    let bare = Calendar::new(list, Proclamations::default(), day("2026-11-22"));
    let (mut unexplained, mut missing) = (Vec::new(), Vec::new());
    for finding in agree::in_force(&bare, day("2028-12-31")).findings {
        match finding {
            Finding::Unexplained(day) => unexplained.push(day.date.to_string()),
            Finding::Missing { date, .. } => missing.push(date.to_string()),
            other => panic!("{other:?}"),
        }
    }
    let one_offs = [
        "2011-04-29",
        "2012-06-04",
        "2012-06-05",
        "2020-05-08",
        "2022-06-02",
        "2022-06-03",
        "2022-09-19",
        "2023-05-08",
        "2026-06-15",
    ];
    assert_eq!(unexplained, one_offs);
    assert_eq!(missing, ["2012-05-28", "2020-05-04", "2022-05-30"]);
}

#[test]
fn every_year_with_its_reasons() {
    insta::assert_snapshot!(words::list(&calendar(), 2004..=2028));
}

/// Law: RULES 11.1 and 11.2.
#[rstest]
#[case::by_name("2026-12-25", "s.73")]
#[case::schedule("2026-04-03", "1971 Act, Sch 1 para 2")]
#[case::st_andrews_first("2007-11-30", "1971 Act, Sch 1 para 2")]
#[case::sunday_moved_by_the_schedule("2023-01-03", "1971 Act, Sch 1 para 2, as New Year's Day")]
#[case::christmas_of_a_sunday("2022-12-26", "1971 Act, Sch 1 para 2, as Christmas Day")]
#[case::second_january_of_a_saturday("2027-01-04", "customarily proclaimed, 1971 Act s.1")]
#[case::last_monday_in_may("2026-05-25", "customarily proclaimed, 1971 Act s.1")]
#[case::boxing_day("2028-12-26", "customarily proclaimed, 1971 Act s.1")]
#[case::world_cup("2026-06-15", "proclaimed 3 February 2026, 1971 Act s.1(3)")]
#[case::state_funeral("2022-09-19", "proclaimed 10 September 2022, 1971 Act s.1(3)")]
#[case::jubilee("2022-06-03", "announced 12 November 2020, 1971 Act s.1(3)")]
#[case::ve_day("2020-05-08", "announced 14 June 2019, 1971 Act s.1(2)")]
#[case::in_doubt("2010-01-04", "listed, but reported never to have been proclaimed")]
#[case::in_doubt("2011-01-04", "listed, but reported never to have been proclaimed")]
#[case::schedule_unannounced("2029-03-30", "1971 Act, Sch 1 para 2")]
#[case::custom_unannounced("2029-12-26", "not yet proclaimed")]
#[case::christmas_unannounced("2029-12-25", "s.73")]
#[case::moved_away("2020-05-04", "")]
#[case::moved_away("2012-05-28", "")]
#[case::moved_away("2022-05-30", "")]
#[case::st_andrews_before_its_act("2006-11-30", "")]
#[case::easter_monday("2026-04-06", "")]
fn a_day_and_by_what_it_is_left_out(#[case] date: NaiveDate, #[case] by: &str) {
    assert_eq!(words::authority(date, &calendar()), by);
    assert_eq!(calendar().is_working_day(date), by.is_empty());
}

#[test]
fn what_nobody_explains_is_listed_and_found() {
    let calendar = Calendar::with_additional(&[holiday("2027-07-14", "Fair day")]).unwrap();
    assert_eq!(words::authority(day("2027-07-14"), &calendar), "listed");
    let findings = agree::in_force(&calendar, day("2027-12-31")).findings;
    assert_eq!(findings, [Finding::Unexplained(holiday("2027-07-14", "Fair day"))]);
    // What a configuration lists must not vanish from a list that is held against it.
    let list = bank_holidays::parse(PUBLISHED).unwrap();
    let agreement = agree::listed(&calendar, &list, day("2026-11-22"));
    assert!(
        matches!(&agreement.findings[..], [Finding::Missing { date, .. }] if *date == day("2027-07-14")),
        "{agreement:?}"
    );
}

#[rstest]
#[case("2028-12-31", 0)]
#[case("2029-01-01", 1)]
fn a_horizon_is_long_enough_to_its_last_day(#[case] needed: NaiveDate, #[case] findings: usize) {
    assert_eq!(agree::in_force(&calendar(), needed).findings.len(), findings);
}

fn row(date: &str, change: &str, more: &str) -> String {
    format!(
        "[[day]]\ndate = \"{date}\"\nchange = \"{change}\"\nname = \"A day\"\ninstrument = \"1971 Act s.1(2)\"\n\
         announced_on = \"2026-12-01\"\nsource = \"Edinburgh Gazette\"\n{more}\n"
    )
}

fn with_rows(rows: &str) -> Calendar {
    Calendar::in_force(&[], proclamations::parse(rows).unwrap()).unwrap()
}

#[test]
fn a_day_moved_in_the_last_announced_year_leaves_the_year_announced() {
    let calendar = with_rows(&row("2028-05-08", "moved", "from = \"2028-05-01\""));
    assert!(calendar.is_working_day(day("2028-05-01")));
    assert!(!calendar.is_working_day(day("2028-05-08")));
    assert_eq!(calendar.announced_through(), day("2028-12-31"));
    assert_ne!(calendar.version(), Calendar::compiled_in().unwrap().version());
    let agreement = agree::in_force(&calendar, day("2028-12-31"));
    assert_eq!(agreement.findings, []);
    assert!(
        agreement
            .remarks
            .iter()
            .any(|remark| matches!(remark, Remark::Struck { .. }))
    );
    // A list that has not heard of it yet is found out on both days.
    let list = bank_holidays::parse(PUBLISHED).unwrap();
    let findings = agree::listed(&calendar, &list, day("2027-01-01")).findings;
    assert!(
        matches!(&findings[..], [Finding::TakenAway { listed, .. }, Finding::Missing { date, .. }]
            if listed.date == day("2028-05-01") && *date == day("2028-05-08")),
        "{findings:?}"
    );
}

#[test]
fn a_proclamation_of_what_is_customary_only_names_its_day() {
    // 2 January 2027 is a Saturday, where the Schedule leaves it.
    let calendar = with_rows(&row("2027-01-04", "moved", "from = \"2027-01-02\""));
    assert_eq!(
        words::authority(day("2027-01-04"), &calendar),
        "announced 1 December 2026, 1971 Act s.1(2)"
    );
    assert_eq!(calendar.version(), Calendar::compiled_in().unwrap().version());
    assert_eq!(agree::in_force(&calendar, day("2028-12-31")).findings, []);
}

#[test]
fn a_row_for_a_day_that_the_schedule_gives_takes_nothing_from_it() {
    let calendar = with_rows(&row("2027-08-02", "added", ""));
    assert_eq!(words::authority(day("2027-08-02"), &calendar), "1971 Act, Sch 1 para 2");
}

#[test]
fn what_an_authority_writes_stays_on_its_line() {
    let calendar = with_rows(&row("2027-06-07", "added", "note = \"a\\n\\u001b[31mred\"").replace("A day", "A\\tday"));
    let listed = words::list(&calendar, 2027..=2027);
    assert!(listed.contains("A day") && listed.contains("a [31mred"), "{listed}");
    assert!(!listed.contains('\u{1b}'), "{listed:?}");
}

#[test]
fn beyond_the_announced_years_a_proclamation_counts_too() {
    let calendar = with_rows(&format!(
        "{}{}",
        row("2029-05-28", "withdrawn", ""),
        row("2029-06-04", "added", "")
    ));
    assert!(calendar.is_working_day(day("2029-05-28")));
    assert!(!calendar.is_working_day(day("2029-06-04")));
    assert_eq!(calendar.announced_through(), day("2028-12-31"));
    assert_eq!(agree::in_force(&calendar, day("2028-12-31")).findings, []);
}

#[test]
fn taking_away_a_day_that_was_none_is_found() {
    for (rows, date) in [
        (row("2027-04-06", "withdrawn", ""), "2027-04-06"),
        (row("2028-05-09", "moved", "from = \"2028-05-02\""), "2028-05-02"),
    ] {
        let findings = agree::in_force(&with_rows(&rows), day("2028-12-31")).findings;
        assert!(
            matches!(&findings[..], [Finding::Idle { date: found, .. }] if *found == day(date)),
            "{findings:?}"
        );
    }
}

/// What `holidays check FILE` says of a list, and with which code it ends.
fn checked(list: &str, today: [&str; 2]) -> (Option<i32>, Vec<String>) {
    let office = Office::new();
    std::fs::write(office.path("list.json"), list).unwrap();
    let ran = office.run(&["holidays", "check", "list.json", today[0], today[1]]);
    assert_eq!(ran.err, "");
    let lines = ran.out.lines().skip(1).map(str::to_owned).collect();
    (ran.code, lines)
}

#[test]
fn the_published_list_agrees() {
    let (code, lines) = checked(PUBLISHED, TODAY);
    assert_eq!(code, Some(0));
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(
        lines[0].starts_with("all agree; announced to Sunday 31 December 2028, calendar "),
        "{lines:?}"
    );
}

/// 28 November 2024 to 10 January 2025: the feed gave the English date of the summer holiday of 2027.
#[test]
fn the_feed_of_november_2024_is_caught_on_both_days() {
    let list = feed(|events| {
        for event in events.iter_mut().filter(|event| event["date"] == "2027-08-02") {
            event["date"] = json!("2027-08-30");
        }
    });
    let (code, lines) = checked(&list, ["--today", "2024-12-01"]);
    assert_eq!(code, Some(1));
    assert_eq!(
        lines,
        [
            "look: Monday 2 August 2027, Summer bank holiday: missing, although it is a bank holiday (1971 Act, Sch 1 para 2)",
            "look: Monday 30 August 2027, Summer bank holiday: listed, and neither the 1971 Act's Schedule nor custom nor a \
             proclamation on record gives it; record the proclamation, or strike the day out (a local holiday is a working \
             day, FOISA s.73)",
            "2 differences to look at",
        ]
    );
}

/// 11 August 2025 to 5 January 2026: the feed had lost five years of its history.
#[test]
fn the_feed_of_august_2025_is_survived_and_said() {
    let list = feed(|events| events.retain(|event| !in_year(event, 2004..=2023)));
    let (code, lines) = checked(&list, ["--today", "2025-09-01"]);
    assert_eq!(code, Some(0), "{lines:?}");
    assert_eq!(
        lines[0],
        "note: 2004 to 2023 are past and not listed; what is known of them is kept"
    );
    let list = feed(|events| events.retain(|event| !in_year(event, 2019..=2023)));
    let (code, lines) = checked(&list, ["--today", "2025-09-01"]);
    assert_eq!(code, Some(0), "{lines:?}");
    assert_eq!(
        lines[0],
        "note: 2019 to 2023 are past and not listed; what is known of them is kept"
    );
}

/// 3 to 26 February 2026: the feed did not have the World Cup holiday; some copies lack it still.
#[rstest]
#[case::before_it(
    "2026-03-01",
    1,
    "look: Monday 15 June 2026, World Cup bank holiday: missing, although it is a bank holiday (proclaimed 3 February 2026, 1971 Act s.1(3))"
)]
#[case::on_it("2026-06-15", 1, "look: Monday 15 June 2026")]
#[case::after_it(
    "2026-06-16",
    0,
    "note: Monday 15 June 2026, World Cup bank holiday is past and not listed; it is kept"
)]
fn the_feed_of_february_2026_is_caught_while_the_day_is_to_come(
    #[case] today: &str,
    #[case] code: i32,
    #[case] words: &str,
) {
    let list = feed(|events| events.retain(|event| event["date"] != "2026-06-15"));
    let (ended, lines) = checked(&list, ["--today", today]);
    assert_eq!(ended, Some(code), "{lines:?}");
    assert!(lines[0].starts_with(words), "{lines:?}");
}

#[rstest]
#[case::moved_away(json!({"title": "Early May bank holiday", "date": "2020-05-04"}), "look: Monday 4 May 2020, Early May bank holiday: listed, but moved to Friday 8 May 2020 (announced 14 June 2019, 1971 Act s.1(2))")]
#[case::moved_away(json!({"title": "Spring bank holiday", "date": "2012-05-28"}), "look: Monday 28 May 2012, Spring bank holiday: listed, but moved to Monday 4 June 2012 (announced 19 March 2010, 1971 Act s.1(3))")]
#[case::easter_monday(json!({"title": "Easter Monday", "date": "2027-03-29"}), "look: Monday 29 March 2027, Easter Monday: listed, and neither")]
#[case::before_its_act(json!({"title": "St Andrew’s Day", "date": "2006-11-30"}), "look: Thursday 30 November 2006, St Andrew's Day: listed, and neither")]
fn a_day_too_many_is_found_past_or_future(#[case] event: Value, #[case] words: &str) {
    let (code, lines) = checked(&feed(|events| events.push(event.clone())), TODAY);
    assert_eq!(code, Some(1));
    assert!(lines[0].starts_with(words), "{lines:?}");
    assert_eq!(lines.len(), 2, "{lines:?}");
}

#[test]
fn a_day_on_a_weekend_changes_nothing() {
    let event = json!({"title": "Boxing Day", "date": "2026-12-26"});
    assert_eq!(checked(&feed(|events| events.push(event.clone())), TODAY).0, Some(0));
}

#[test]
fn a_list_that_ends_early_is_found_and_one_that_reaches_further_is_said() {
    let (code, lines) = checked(
        &feed(|events| events.retain(|event| !in_year(event, 2028..=2028))),
        TODAY,
    );
    assert_eq!(code, Some(1));
    assert_eq!(
        lines[0],
        "look: 2028: nothing is listed, although its bank holidays are announced"
    );
    let year_2029 =
        "2029-01-01 2029-01-02 2029-03-30 2029-05-07 2029-05-28 2029-08-06 2029-11-30 2029-12-25 2029-12-26";
    let further = |without: &str| {
        feed(|events| {
            let new = year_2029.split(' ').filter(|date| *date != without);
            events.extend(new.map(|date| json!({"title": "a day", "date": date})));
        })
    };
    let (code, lines) = checked(&further(""), TODAY);
    assert_eq!(code, Some(0), "{lines:?}");
    assert_eq!(lines[0], "note: 2029 is new: 9 days, each explained");
    let (code, lines) = checked(&further("2029-12-26"), TODAY);
    assert_eq!(code, Some(1));
    assert!(
        lines[0].starts_with("look: Wednesday 26 December 2029, Boxing Day: missing"),
        "{lines:?}"
    );
}

#[rstest]
#[case::html("<!doctype html><html>".to_owned(), "is not in GOV.UK's form: expected value at line 1 column 1")]
#[case::truncated(PUBLISHED[..4_000].to_owned(), "is not in GOV.UK's form: EOF while parsing")]
#[case::empty(String::new(), "is not in GOV.UK's form: EOF while parsing a value")]
#[case::division(PUBLISHED.replace("\"division\": \"scotland\"", "\"division\": \"england-and-wales\""), "holds the division \"england-and-wales\", not \"scotland\"")]
#[case::twice(PUBLISHED.replace("2027-08-02", "2027-05-31"), "gives 2027-05-31 twice")]
#[case::no_days(feed(Vec::clear), "holds no days")]
#[case::endless(" ".repeat(1_000_001), "is longer than a million bytes")]
fn a_file_that_cannot_be_used_is_refused_in_one_line(#[case] list: String, #[case] words: &str) {
    let office = Office::new();
    std::fs::write(office.path("list.json"), list).unwrap();
    let ran = office.run(&["holidays", "check", "list.json"]);
    let line = ran.complaint(2);
    assert!(line.starts_with(&format!("timeous: list.json {words}")), "{line}");
    assert_eq!(ran.out, "");
}

#[test]
fn a_file_that_is_not_there_is_refused() {
    let ran = Office::new().run(&["holidays", "check", "list.json"]);
    assert!(
        ran.complaint(2)
            .starts_with("timeous: list.json cannot be read: No such file"),
        "{}",
        ran.err
    );
}

/// An authority's own record adds a day and withdraws one, in every answer.
#[test]
fn a_configured_record_adds_and_withdraws_a_day() {
    let office = Office::new();
    let due = |office: &Office| {
        let said = office.run(&["due", "2027-05-10", "--json"]).well();
        let said: Value = serde_json::from_str(&said).unwrap();
        said["deadlines"][0]["due"].as_str().unwrap().to_owned()
    };
    assert_eq!(due(&office), "2027-06-08");
    office.configure("[calendar]\nproclamations = \"own.toml\"\n");
    std::fs::write(office.path("own.toml"), row("2027-06-07", "added", "")).unwrap();
    assert_eq!(due(&office), "2027-06-09");
    let listed = office.run(&["holidays", "list", "2027"]).well();
    let line = listed.lines().find(|line| line.starts_with("Mon  7 Jun 2027")).unwrap();
    assert!(line.ends_with("announced 1 December 2026, 1971 Act s.1(2)"), "{line}");
    office.run(&["holidays", "check", TODAY[0], TODAY[1]]).well();

    std::fs::write(office.path("own.toml"), row("2027-05-31", "withdrawn", "")).unwrap();
    assert_eq!(due(&office), "2027-06-07");
    let said = office.run(&["holidays", "check", TODAY[0], TODAY[1]]).well();
    assert!(
        said.contains("note: Monday 31 May 2027, Spring bank holiday is listed and counts as a working day: withdrawn (announced 1 December 2026, 1971 Act s.1(2))"),
        "{said}"
    );
    let listed = office.run(&["holidays", "list", "2027"]).well();
    assert!(!listed.contains("31 May 2027"), "{listed}");

    let local = row("2027-06-07", "added", "").replace("1971 Act s.1(2)", "the Council's own");
    std::fs::write(office.path("own.toml"), local).unwrap();
    let ran = office.run(&["holidays", "list"]);
    let line = ran.complaint(2);
    assert!(
        line.contains("calendar.proclamations: ") && line.contains("(FOISA s.73)"),
        "{line}"
    );
}

#[test]
fn the_calendar_in_force_is_checked_and_its_horizon_too() {
    let office = Office::new();
    let said = office.run(&["holidays", "check", TODAY[0], TODAY[1]]).well();
    assert!(
        said.starts_with("228 bank holidays on weekdays, 2004 to 2028: "),
        "{said}"
    );
    assert!(said.contains("note: in doubt: Tuesday 4 January 2011. "), "{said}");
    let late = office.run(&["holidays", "check", "--today", "2028-11-22"]);
    assert_eq!(late.code, Some(1));
    assert!(
        late.out
            .contains("look: bank holidays are announced to 31 December 2028 only"),
        "{}",
        late.out
    );
}

/// RULE 4.2: a school's count may run for sixty working days, and past the terms on file nobody knows it.
#[test]
fn a_school_is_warned_before_the_terms_on_file_run_out() {
    let office = Office::new();
    let config = std::fs::read_to_string(office.path("timeous.toml")).unwrap();
    let school = "[authority]\nkind = \"school\"\nschool_days = \"days.toml\"\n";
    std::fs::write(office.path("timeous.toml"), config.replacen("[authority]\n", school, 1)).unwrap();
    std::fs::write(
        office.path("days.toml"),
        "[[term]]\nfrom = \"2026-08-12\"\nto = \"2027-06-25\"\n",
    )
    .unwrap();
    office.run(&["log", "FOI-1", "--received", "2026-11-02"]).well();
    // The sixtieth working day after 31 March 2027 is 25 June.
    let said = office.run(&["holidays", "check", "--today", "2027-03-31"]).well();
    assert!(!said.contains("school"), "{said}");
    assert!(
        !office
            .run(&["status", "--today", "2027-03-31"])
            .well()
            .contains("school's days")
    );
    let late = office.run(&["holidays", "check", "--today", "2027-04-01"]);
    assert_eq!(late.code, Some(1));
    assert!(
        late.out.contains(
            "look: the school's days are listed to 25 June 2027 only, and a count that starts today may run to 28 June \
             2027; add the next terms (authority.school_days)\n"
        ),
        "{}",
        late.out
    );
    let late = office.run(&["holidays", "check", "--json", "--today", "2027-04-01"]);
    let late: Value = serde_json::from_str(&late.out).unwrap();
    assert_eq!(late["findings"][0]["kind"], "school-days");
    let status = office.run(&["status", "--today", "2027-04-01"]).well();
    assert!(
        status.contains("the school's days are listed only to 25 June 2027"),
        "{status}"
    );
    let check = office.run(&["status", "--check", "--today", "2027-04-01"]);
    assert!(
        check.out.contains("the school's days are listed only to 2027-06-25"),
        "{}",
        check.out
    );
}

#[test]
fn as_json_each_day_has_its_reason_and_each_finding_its_day() {
    let office = Office::new();
    let said = office.run(&["holidays", "list", "2026", "--json"]).well();
    let said: Value = serde_json::from_str(&said).unwrap();
    let days = said["days"].as_array().unwrap();
    assert_eq!(days.len(), 10);
    let world_cup = days.iter().find(|one| one["date"] == "2026-06-15").unwrap();
    assert_eq!(world_cup["reason"], "proclaimed");
    assert_eq!(world_cup["proclaimed_on"], "2026-02-03");
    assert_eq!(world_cup["instrument"], "1971 Act s.1(3)");
    assert_eq!(world_cup["weekday"], "Monday");
    std::fs::write(office.path("list.json"), PUBLISHED.replace("2027-08-02", "2027-08-30")).unwrap();
    let ran = office.run(&["holidays", "check", "list.json", "--json", TODAY[0], TODAY[1]]);
    assert_eq!(ran.code, Some(1));
    let said: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(said["agree"], false);
    assert_eq!(said["findings"][0]["kind"], "missing");
    assert_eq!(said["findings"][0]["date"], "2027-08-02");
    assert_eq!(said["findings"][1]["kind"], "unexplained");
}

#[test]
fn without_a_year_the_announced_years_from_this_one_are_listed() {
    let said = Office::new().run(&["holidays", "list", TODAY[0], TODAY[1]]).well();
    let days: Vec<&str> = said.lines().filter(|line| !line.starts_with(' ')).collect();
    assert!(days[0].starts_with("Thu  1 Jan 2026"), "{said}");
    assert!(days.last().unwrap().starts_with("Tue 26 Dec 2028"), "{said}");
}

//! The calendar against a count made by hand: day by day, from the list of holidays alone.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::{Datelike, NaiveDate, Weekday};
use rstest::rstest;
use timeous::calendar::period::{MonthEnd, Period, Span, months_after, months_beginning_with};
use timeous::calendar::{BankHoliday, Calendar, NotWorking, proclamations, schedule};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn days(text: &str) -> BTreeSet<NaiveDate> {
    text.split_whitespace().map(day).collect()
}

fn calendar() -> Calendar {
    Calendar::compiled_in().unwrap()
}

/// The list's days, read without the program's reader.
fn listed() -> BTreeMap<NaiveDate, String> {
    let file = include_str!("../holidays/scotland.json");
    let json: serde_json::Value = serde_json::from_str(file).unwrap();
    json["scotland"]["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| {
            (
                day(event["date"].as_str().unwrap()),
                event["title"].as_str().unwrap().to_owned(),
            )
        })
        .collect()
}

fn listed_in(year: i32) -> BTreeSet<NaiveDate> {
    listed().into_keys().filter(|day| day.year() == year).collect()
}

/// The first months of 2029, which no list gives yet: the Schedule's days, written out by hand.
const EARLY_2029: &str = "2029-01-01 2029-01-02 2029-03-30 2029-05-07";

fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

#[test]
fn every_count_from_every_day_equals_a_count_day_by_day() {
    let calendar = calendar();
    let mut holidays: HashSet<NaiveDate> = listed().into_keys().collect();
    holidays.extend(days(EARLY_2029));
    let mut counts = 0;
    let mut start = day("2004-01-01");
    while start <= day("2028-12-31") {
        let (mut reached, mut n) = (start, 0);
        while n < 60 {
            reached = reached.succ_opt().unwrap();
            let works = !is_weekend(reached) && !holidays.contains(&reached);
            if works {
                n += 1;
                assert_eq!(calendar.nth_working_day_after(start, n), reached, "{n} after {start}");
                counts += 1;
            }
            assert_eq!(calendar.is_working_day(reached), works, "{reached}");
            assert_eq!(
                calendar.working_days_between(start, reached),
                i64::from(n),
                "{start} to {reached}"
            );
            assert_eq!(
                calendar.working_days_between(reached, start),
                -i64::from(n),
                "{reached} to {start}"
            );
        }
        start = start.succ_opt().unwrap();
    }
    assert_eq!(counts, 9_132 * 60);
}

#[test]
fn the_last_working_day_on_or_before_a_day_is_found_by_walking_back() {
    let calendar = calendar();
    let holidays: HashSet<NaiveDate> = listed().into_keys().collect();
    for start in day("2004-02-01")
        .iter_days()
        .take_while(|start| *start <= day("2028-12-31"))
    {
        let mut back = start;
        while is_weekend(back) || holidays.contains(&back) {
            back = back.pred_opt().unwrap();
        }
        assert_eq!(calendar.nth_working_day_back(start, 1), back, "{start}");
    }
}

#[test]
fn nought_working_days_after_a_day_is_the_day() {
    assert_eq!(
        calendar().nth_working_day_after(day("2026-12-25"), 0),
        day("2026-12-25")
    );
    assert_eq!(calendar().working_days_between(day("2026-12-24"), day("2026-12-24")), 0);
}

#[test]
fn every_day_of_the_list_is_a_weekday_and_is_left_out_under_its_name() {
    let calendar = calendar();
    assert_eq!(listed().len(), 228);
    for (date, title) in listed() {
        match calendar.why_not(date) {
            Some(NotWorking::BankHoliday(name)) => assert!(name.starts_with(&title), "{date}: {name}"),
            other => panic!("{date} is {other:?}"),
        }
    }
}

/// Law: RULES 0.1, 11.2 and 11.4. Both sides of each day that is got wrong elsewhere.
#[rstest]
#[case::easter_monday_is_no_bank_holiday_here("2025-04-21")]
#[case::the_english_august_holiday("2026-08-31")]
#[case::early_may_moved_to_the_8th("2020-05-04")]
#[case::spring_moved_to_4_june("2012-05-28")]
#[case::spring_moved_to_2_june("2022-05-30")]
#[case::st_andrews_before_its_act("2006-11-30")]
#[case::st_andrews_before_its_act("2005-11-30")]
#[case::st_patricks_day("2026-03-17")]
#[case::battle_of_the_boyne("2027-07-12")]
#[case::glasgow_fair("2026-07-20")]
#[case::victoria_day("2025-05-19")]
#[case::between_the_holidays("2026-12-29")]
#[case::first_tuesday_after_new_year("2027-01-05")]
fn a_working_day(#[case] date: NaiveDate) {
    assert!(calendar().is_working_day(date));
    assert_eq!(calendar().why_not(date), None);
}

#[rstest]
#[case::world_cup("2026-06-15")]
#[case::state_funeral("2022-09-19")]
#[case::jubilee("2022-06-02")]
#[case::jubilee("2022-06-03")]
#[case::jubilee("2012-06-04")]
#[case::jubilee("2012-06-05")]
#[case::royal_wedding("2011-04-29")]
#[case::ve_day("2020-05-08")]
#[case::coronation("2023-05-08")]
#[case::st_andrews_first("2007-11-30")]
#[case::st_andrews_of_a_saturday("2024-12-02")]
#[case::st_andrews_of_a_sunday("2025-12-01")]
#[case::good_friday("2022-04-15")]
#[case::second_january("2026-01-02")]
#[case::second_january_of_a_saturday("2027-01-04")]
#[case::summer("2027-08-02")]
#[case::boxing_day_of_a_saturday("2026-12-28")]
#[case::christmas_of_a_saturday("2021-12-27")]
#[case::boxing_day_after_it("2021-12-28")]
#[case::christmas_of_a_sunday("2022-12-26")]
#[case::boxing_day_after_it("2022-12-27")]
#[case::a_saturday("2026-11-14")]
#[case::a_sunday("2026-11-15")]
fn not_a_working_day(#[case] date: NaiveDate) {
    assert!(!calendar().is_working_day(date));
    assert!(calendar().why_not(date).is_some());
}

#[test]
fn every_easter_monday_is_a_working_day_and_every_good_friday_is_none() {
    for (year, sunday) in EASTER {
        let sunday = day(&format!("{year}-{sunday}"));
        let monday = sunday.succ_opt().unwrap();
        let friday = sunday.pred_opt().unwrap().pred_opt().unwrap();
        assert!(calendar().is_working_day(monday), "{monday}");
        assert!(!calendar().is_working_day(friday), "{friday}");
    }
}

/// Easter Sundays as the almanacs print them.
const EASTER: [(i32, &str); 27] = [
    (2004, "04-11"),
    (2005, "03-27"),
    (2006, "04-16"),
    (2007, "04-08"),
    (2008, "03-23"),
    (2009, "04-12"),
    (2010, "04-04"),
    (2011, "04-24"),
    (2012, "04-08"),
    (2013, "03-31"),
    (2014, "04-20"),
    (2015, "04-05"),
    (2016, "03-27"),
    (2017, "04-16"),
    (2018, "04-01"),
    (2019, "04-21"),
    (2020, "04-12"),
    (2021, "04-04"),
    (2022, "04-17"),
    (2023, "04-09"),
    (2024, "03-31"),
    (2025, "04-20"),
    (2026, "04-05"),
    (2027, "03-28"),
    (2028, "04-16"),
    (2029, "04-01"),
    (2030, "04-21"),
];

#[test]
fn easter_falls_when_the_almanacs_say() {
    for (year, sunday) in EASTER {
        assert_eq!(schedule::easter(year), Some(day(&format!("{year}-{sunday}"))));
    }
    // The earliest and the latest of two centuries.
    assert_eq!(schedule::easter(1818), Some(day("1818-03-22")));
    assert_eq!(schedule::easter(2038), Some(day("2038-04-25")));
}

/// RULES 11.2 and 11.3: what the list has and custom would not have given, and the other way about.
#[test]
fn the_schedule_and_custom_give_every_year_of_the_list_but_for_the_one_offs() {
    let one_offs = BTreeMap::from([
        (2011, ("2011-04-29", "")),
        (2012, ("2012-06-04 2012-06-05", "2012-05-28")),
        (2020, ("2020-05-08", "2020-05-04")),
        (2022, ("2022-06-02 2022-06-03 2022-09-19", "2022-05-30")),
        (2023, ("2023-05-08", "")),
        (2026, ("2026-06-15", "")),
    ]);
    for year in 2004..=2028 {
        let expected: BTreeSet<NaiveDate> = schedule::expected(year).into_iter().map(|(day, _)| day).collect();
        let listed = listed_in(year);
        let (added, withdrawn) = one_offs.get(&year).copied().unwrap_or_default();
        assert_eq!(&listed - &expected, days(added), "added in {year}");
        assert_eq!(&expected - &listed, days(withdrawn), "withdrawn in {year}");
    }
}

/// RULE 11.3's own table: the days that the Act's Schedule alone would not have given.
#[test]
fn the_days_that_rest_on_a_proclamation_are_those_of_the_table() {
    let by_proclamation = [
        (2012, "2012-06-04 2012-06-05 2012-12-26"),
        (2013, "2013-05-27 2013-12-26"),
        (2014, "2014-05-26 2014-12-26"),
        (2015, "2015-05-25 2015-12-28"),
        (2016, "2016-01-04 2016-05-30 2016-12-27"),
        (2017, "2017-05-29 2017-12-26"),
        (2018, "2018-05-28 2018-12-26"),
        (2019, "2019-05-27 2019-12-26"),
        (2020, "2020-05-08 2020-05-25 2020-12-28"),
        (2021, "2021-01-04 2021-05-31 2021-12-27 2021-12-28"),
        (2022, "2022-01-04 2022-06-02 2022-06-03 2022-09-19 2022-12-27"),
        (2023, "2023-05-08 2023-05-29 2023-12-26"),
        (2024, "2024-05-27 2024-12-26"),
        (2025, "2025-05-26 2025-12-26"),
        (2026, "2026-05-25 2026-06-15 2026-12-28"),
        (2027, "2027-01-04 2027-05-31 2027-12-27 2027-12-28"),
        (2028, "2028-01-04 2028-05-29 2028-12-26"),
    ];
    for (year, table) in by_proclamation {
        let schedule: BTreeSet<NaiveDate> = schedule::schedule(year).into_iter().map(|(day, _)| day).collect();
        assert_eq!(&listed_in(year) - &schedule, days(table), "{year}");
    }
}

/// RULE 11.1 (1), (2), (7): a Sunday is moved by the Schedule itself, a Saturday is not.
#[rstest]
#[case(2022, "2022-01-01 2022-01-03 2022-04-15 2022-05-02 2022-08-01 2022-11-30 2022-12-26")]
#[case(2023, "2023-01-02 2023-01-03 2023-04-07 2023-05-01 2023-08-07 2023-11-30 2023-12-25")]
#[case(2027, "2027-01-01 2027-01-02 2027-03-26 2027-05-03 2027-08-02 2027-11-30 2027-12-25")]
#[case(2024, "2024-01-01 2024-01-02 2024-03-29 2024-05-06 2024-08-05 2024-12-02 2024-12-25")]
#[case(2006, "2006-01-02 2006-01-03 2006-04-14 2006-05-01 2006-08-07 2006-12-25")]
#[case(2007, "2007-01-01 2007-01-02 2007-04-06 2007-05-07 2007-08-06 2007-11-30 2007-12-25")]
fn the_schedule_of_a_year(#[case] year: i32, #[case] table: &str) {
    let schedule: BTreeSet<NaiveDate> = schedule::schedule(year).into_iter().map(|(day, _)| day).collect();
    assert_eq!(schedule, days(table));
}

#[test]
fn beyond_the_announced_years_dates_are_provisional_and_expected_days_stand_in() {
    let calendar = calendar();
    assert_eq!(calendar.announced_through(), day("2028-12-31"));
    assert!(!calendar.is_provisional(day("2028-12-31")));
    assert!(calendar.is_provisional(day("2029-01-01")));
    let expected = "2029-01-01 2029-01-02 2029-03-30 2029-05-07 2029-05-28 2029-08-06 2029-11-30 2029-12-25 2029-12-26";
    for date in day("2029-01-01").iter_days().take_while(|date| date.year() == 2029) {
        if days(expected).contains(&date) {
            let why = calendar.why_not(date);
            assert!(
                matches!(why, Some(NotWorking::BankHoliday(name)) if name.ends_with(", expected")),
                "{date}: {why:?}"
            );
        } else {
            assert_eq!(calendar.is_working_day(date), !is_weekend(date), "{date}");
        }
    }
}

#[test]
fn a_further_list_can_only_add() {
    let base = calendar();
    let more = |date: &str| BankHoliday {
        date: day(date),
        name: "A special day".into(),
    };
    let richer = Calendar::with_additional(&[more("2027-07-14"), more("2027-12-25"), more("2026-06-15")]).unwrap();
    assert_eq!(
        richer.why_not(day("2027-07-14")),
        Some(NotWorking::BankHoliday("A special day"))
    );
    assert_ne!(richer.version(), base.version());
    assert_eq!(richer.announced_through(), base.announced_through());
    for date in listed().into_keys() {
        assert_eq!(richer.why_not(date), base.why_not(date), "{date} keeps its name");
    }
    // A day on a weekend changes nothing, and neither does a day that is known already.
    let same = Calendar::with_additional(&[more("2027-12-25"), more("2026-06-15")]).unwrap();
    assert_eq!(same.version(), base.version());
    // A day beyond the announced years is no proof that its year is announced.
    let later = Calendar::with_additional(&[more("2029-07-11")]).unwrap();
    assert_eq!(later.announced_through(), day("2028-12-31"));
    assert!(!later.is_working_day(day("2029-07-11")));
    assert!(!later.is_working_day(day("2029-01-01")));
}

#[test]
fn the_days_left_out_over_a_span_are_named() {
    let calendar = calendar();
    let left_out = |after: &str, through: &str| -> Vec<(String, String)> {
        let span = Span {
            after: day(after),
            through: day(through),
        };
        calendar
            .left_out(span)
            .iter()
            .map(|holiday| (holiday.date.to_string(), holiday.name.clone()))
            .collect()
    };
    let named = |days: &[(&str, &str)]| -> Vec<(String, String)> {
        days.iter()
            .map(|(day, name)| ((*day).to_owned(), (*name).to_owned()))
            .collect()
    };
    assert_eq!(
        left_out("2026-12-01", "2027-02-01"),
        named(&[
            ("2026-12-25", "Christmas Day"),
            ("2026-12-28", "Boxing Day in lieu"),
            ("2027-01-01", "New Year’s Day"),
            ("2027-01-04", "2nd January in lieu"),
        ])
    );
    // The first day of the span is outside it, the last inside.
    assert_eq!(left_out("2026-06-15", "2026-06-16"), named(&[]));
    assert_eq!(left_out("2026-06-12", "2026-06-15").len(), 1);
}

/// RULE 0.5, from every day of four years, one of them a leap year, by the lengths of the months alone.
#[test]
fn months_end_on_the_same_day_of_the_month_or_on_its_last() {
    let length = |year: i32, month: u32| match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 => 29,
        2 => 28,
        _ => 31,
    };
    for from in day("2023-01-01").iter_days().take_while(|from| from.year() < 2027) {
        for count in 1..=12_u32 {
            let index = from.month0() + count;
            let year = from.year() + i32::try_from(index / 12).unwrap();
            let month = index % 12 + 1;
            let last = length(year, month);
            let end = NaiveDate::from_ymd_opt(year, month, from.day().min(last)).unwrap();
            assert_eq!(months_after(from, count, MonthEnd::Clipped), end, "{from} and {count}");
            let beginning = if from.day() > last {
                end
            } else {
                end.pred_opt().unwrap()
            };
            assert_eq!(months_beginning_with(from, count), beginning, "{from} and {count}");
            let kept = if from.day() == length(from.year(), from.month()) {
                NaiveDate::from_ymd_opt(year, month, last).unwrap()
            } else {
                end
            };
            assert_eq!(months_after(from, count, MonthEnd::Kept), kept, "{from} and {count}");
        }
    }
}

#[test]
fn calendar_days_count_every_day() {
    let calendar = calendar();
    let end = |from: &str, n| calendar.reckon(day(from), Period::days_after(n)).through;
    assert_eq!(end("2026-11-13", 42), day("2026-12-25"));
    assert_eq!(end("2026-11-02", 84), day("2027-01-25"));
}

/// The days of one year only, each with the first day on which it was known.
#[rstest]
#[case::wedding("2011-04-29", "2010-11-23", None)]
#[case::diamond_jubilee("2012-06-04", "2010-03-19", Some("2012-05-28"))]
#[case::ve_day("2020-05-08", "2019-06-14", Some("2020-05-04"))]
#[case::state_funeral("2022-09-19", "2022-09-10", None)]
// Announced on the sixth and proclaimed on the ninth: it is the proclamation that makes the day.
#[case::coronation("2023-05-08", "2022-11-09", None)]
#[case::world_cup("2026-06-15", "2026-02-03", None)]
fn a_day_is_known_from_its_proclamation_on(#[case] date: &str, #[case] from: &str, #[case] instead_of: Option<&str>) {
    let calendar = calendar();
    let (date, from) = (day(date), day(from));
    let before = calendar.as_known_on(from.pred_opt().unwrap());
    let since = calendar.as_known_on(from);
    assert!(before.is_working_day(date) && !since.is_working_day(date));
    if let Some(old) = instead_of.map(day) {
        assert!(!before.is_working_day(old) && since.is_working_day(old));
    }
    let proclaimed = |after: NaiveDate| -> Vec<NaiveDate> {
        let span = Span { after, through: date };
        calendar.proclaimed_since(span).map(|(day, _)| day).collect()
    };
    for changed in instead_of.map(day).into_iter().chain([date]) {
        assert!(proclaimed(from.pred_opt().unwrap()).contains(&changed));
        assert!(!proclaimed(from).contains(&changed));
    }
}

/// With nothing proclaimed since, what was known counts as what is.
#[test]
fn what_was_known_counts_day_by_day() {
    let calendar = calendar();
    let (now, known) = (calendar.as_it_is(), calendar.as_known_on(day("2022-09-09")));
    for start in day("2022-07-01").iter_days().take(200) {
        let spans_it = |end: NaiveDate| start < day("2022-09-19") && day("2022-09-19") <= end;
        for n in [0, 1, 20, 40] {
            let end = calendar.nth_working_day_after(start, n);
            assert_eq!(now.nth_working_day_after(start, n), end);
            let as_known = known.nth_working_day_after(start, n);
            let expected = if spans_it(end) {
                calendar.nth_working_day_back(end, 2)
            } else {
                end
            };
            // The day itself may be the last.
            let expected = if spans_it(end) && expected < day("2022-09-19") {
                day("2022-09-19")
            } else {
                expected
            };
            assert_eq!(as_known, expected, "{n} after {start}");
            assert_eq!(known.working_days_between(start, as_known), n);
            assert_eq!(now.working_days_between(start, end), n);
            assert_eq!(known.working_days_between(as_known, start), 0);
        }
    }
    assert_eq!(known.nth_working_day_after(day("2104-12-30"), 5), day("2104-12-31"));
}

/// When a day was made known decides dates too, so that another calendar it is.
#[test]
fn a_calendar_that_knew_of_a_day_at_another_time_is_another() {
    let rows = |known: &str| {
        let text = format!(
            "[[day]]\ndate = \"2027-07-14\"\nchange = \"added\"\nname = \"A day\"\n\
             instrument = \"1971 Act s.1(3)\"\nannounced_on = \"{known}\"\nsource = \"a newspaper\"\n"
        );
        Calendar::in_force(&[], proclamations::parse(&text).unwrap()).unwrap()
    };
    assert_eq!(rows("2027-06-01").version(), rows("2027-06-01").version());
    assert_ne!(rows("2027-06-01").version(), rows("2027-06-02").version());
}

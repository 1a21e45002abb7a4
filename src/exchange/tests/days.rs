//! Days as people write them, and what is no day.

use rstest::rstest;

use super::super::grid::Cell;
use super::super::*;
use super::{day, faults, lines};

#[rstest]
#[case("2022-03-04")]
#[case("2022/03/04")]
#[case("04/03/2022")]
#[case("4/3/2022")]
#[case("04-03-2022")]
#[case("04.03.2022")]
#[case("04/03/22")]
#[case("4.3.22")]
#[case("4 March 2022")]
#[case("4 Mar 2022")]
#[case("4-Mar-22")]
#[case("04-MAR-2022")]
#[case("4 Mar '22")]
#[case("Fri 4 March 2022")]
#[case("Friday, 4 March 2022")]
#[case("Fri 04/03/2022")]
#[case("4th March 2022")]
#[case("4th of March, 2022")]
#[case("March 4, 2022")]
#[case("March 4th 2022")]
#[case("2022-03-04T00:00:00")]
#[case("2022-03-04T10:30:00.000Z")]
#[case("2022-03-04 10:30")]
#[case("04/03/2022 00:00:00")]
#[case("04/03/2022 10:30 AM")]
#[case("04/03/2022 10:30pm")]
#[case("4 March 2022 at 10:30")]
#[case("44624")]
#[case("44624.4375")]
fn a_day_is_read_in_every_way_that_people_write_it(#[case] text: &str) {
    let read = dates::day(&Cell::text(text), false);
    assert_eq!(read, Ok(Some(day("2022-03-04"))));
}

#[rstest]
#[case("2026-06-10T23:00:00Z", "2026-06-11")]
#[case("2026-06-10T22:59:59.999Z", "2026-06-10")]
#[case("2026-12-10T23:00:00Z", "2026-12-10")]
#[case("2026-06-11T00:00:00+01:00", "2026-06-11")]
#[case("2026-06-11T00:00:00+0200", "2026-06-10")]
#[case("2026-12-31 20:30:00-05:00", "2027-01-01")]
#[case("10/06/2026 14:00-23:30", "2026-06-10")]
#[case("10/06/2026 23:30:00Z", "2026-06-11")]
#[case("2026-06-10T23:00:00", "2026-06-10")]
fn a_moment_by_another_clock_is_the_day_that_it_is_in_scotland(#[case] text: &str, #[case] meant: &str) {
    assert_eq!(dates::day(&Cell::text(text), false), Ok(Some(day(meant))));
}

#[test]
fn where_the_month_comes_first_a_day_that_may_be_two_is_none() {
    let rows = "FOI-1,10/25/2026,\nFOI-2,10/11/2026,\nFOI-3,10/27/2026,\nFOI-4,10/10/2026,11/12/2026\n\
                FOI-5,2026-11-10,9 December 2026\nFOI-6,Tue 10/11/2026,\n";
    let told = lines(&format!("Ref,Received,Responded\n{rows}"));
    let told = faults(&told);
    assert_eq!(told.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 3, 4, 5]);
    assert_eq!(
        told[1].1,
        "Received: \"10/11/2026\" may be 10 November 2026 or 11 October 2026, for in \"10/25/2026\" (line 2) the month comes \
         first; write 2026-11-10 or 2026-10-11"
    );
    // A column that does not speak for itself is as the others are.
    assert!(told[3].1.starts_with("Responded: \"11/12/2026\" may be"), "{told:?}");
    let told = lines("Ref,Received (MM/DD/YYYY),Responded (dd/mm/yyyy)\nFOI-1,10/11/2026,11/12/2026\n");
    assert!(
        faults(&told)[0]
            .1
            .starts_with("Received (MM/DD/YYYY): \"10/11/2026\" may be"),
        "{told:?}"
    );
}

#[test]
fn one_slip_among_days_that_come_first_makes_nothing_doubtful() {
    let first: String = (13..=28).map(|day| format!("FOI-{day},{day}/10/2026\n")).collect();
    let told = lines(&format!(
        "Ref,Received (yyyy-mm-dd)\n{first}FOI-1,10/25/2026\nFOI-2,10/11/2026\n"
    ));
    assert_eq!(faults(&told).iter().map(|(line, _)| *line).collect::<Vec<_>>(), [18]);
    assert_eq!(told[17].1.as_ref().unwrap().facts[0].on, day("2026-11-10"));
}

#[test]
fn every_day_of_a_year_is_read_back_however_it_is_written() {
    for date in day("2024-01-01").iter_days().take(366) {
        let ending = match chrono::Datelike::day(&date) {
            1 | 21 | 31 => "st",
            2 | 22 => "nd",
            3 | 23 => "rd",
            _ => "th",
        };
        for form in [
            "%d/%m/%Y",
            "%-d/%-m/%y",
            "%-d %B %Y",
            "%d-%b-%y",
            "%A %-d{} %B %Y",
            "%B %-d{}, %Y",
            "%F %H:%M:%S",
        ] {
            let midnight = date.and_hms_opt(0, 0, 0).unwrap();
            let text = midnight.format(&form.replace("{}", ending)).to_string();
            assert_eq!(dates::day(&Cell::text(&text), false), Ok(Some(date)), "{text}");
        }
    }
}

#[rstest]
#[case("03/25/2022", "the day comes first; write 25/03/2022 if that is meant")]
#[case("3-25-22", "the day comes first; write 25/03/2022 if that is meant")]
#[case("Mon 4 March 2022", "4 March 2022 was a Friday; check both")]
#[case("30/02/2022", "is not a date")]
#[case("31 June 2022", "is not a date")]
#[case("04/03", "is not a date")]
#[case("March 2022", "is not a date")]
#[case("2022", "is not a date")]
#[case("04/03/022", "is not a date")]
#[case("04/03/2022?", "is not a date")]
#[case("04/03/2022 (chased)", "is not a date")]
#[case("04/03/2022 - 05/03/2022", "is not a date")]
#[case("4/3/2022/5", "is not a date")]
#[case("yes", "is not a date")]
#[case("1", "is not a date")]
#[case("20220304", "is not a date")]
#[case("NaN", "is not a date")]
#[case("041126", "is not a date")]
#[case("2026-06-10T25:00:00Z", "is not a date")]
#[case("2026-06-10T10:00+99999999999999999999", "is not a date")]
#[case("2026-06-10T10:00:00+1", "is not a date")]
#[case("044624", "is not a date")]
#[case("4e4", "is not a date")]
#[case("-44624", "is not a date")]
#[case("4 Ma 2022", "is not a date")]
#[case("٤/٣/٢٠٢٢", "is not a date")]
fn what_is_no_day_is_told_with_what_to_write(#[case] text: &str, #[case] words: &str) {
    let refused = dates::day(&Cell::text(text), false).unwrap_err();
    assert!(refused.contains(words), "{refused}");
    assert!(
        refused.contains(text) || refused.contains(&format!("{text:?}")),
        "{refused}"
    );
}

#[test]
fn serial_numbers_are_days_of_either_system_within_bounds() {
    let serial = |number, from_1904| dates::day(&Cell::Number(number), from_1904);
    assert_eq!(serial(44624.0, false), Ok(Some(day("2022-03-04"))));
    assert_eq!(serial(44624.999, false), Ok(Some(day("2022-03-04"))));
    assert_eq!(serial(43162.0, true), Ok(Some(day("2022-03-04"))));
    for wrong in [0.0, 1.0, 1500.0, -1.0, 38352.0, 73051.0, 1e300, f64::NAN, f64::INFINITY] {
        assert!(serial(wrong, false).is_err(), "{wrong}");
    }
    let of_1900 = |number| dates::from_serial(number, false);
    assert_eq!(of_1900(1.0), Some(day("1900-01-01")));
    assert_eq!(of_1900(59.0), Some(day("1900-02-28")));
    assert_eq!(of_1900(60.0), None);
    assert_eq!(of_1900(61.0), Some(day("1900-03-01")));
    assert_eq!(dates::from_serial(0.0, true), Some(day("1904-01-01")));
}

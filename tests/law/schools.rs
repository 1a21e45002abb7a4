//! Grant-aided and independent special schools: RULE 4.2, SSI 2016/346.

use rstest::rstest;
use timeous::statute::authority::SchoolDays;
use timeous::statute::{Authority, AuthorityKind};

use crate::support::{check_for, day};

/// A school with an October week, a Christmas and a summer holiday, and one closed day.
fn school() -> Authority {
    let term = |from, to| (day(from), day(to));
    Authority {
        kind: AuthorityKind::School,
        school_days: Some(SchoolDays {
            terms: vec![
                term("2016-08-15", "2016-12-21"),
                term("2017-01-09", "2017-06-28"),
                term("2025-08-13", "2026-06-24"),
                term("2026-08-12", "2026-10-09"),
                term("2026-10-19", "2026-12-18"),
                term("2027-01-06", "2027-06-25"),
            ],
            closed: vec![day("2026-09-28")],
        }),
        ..Authority::default()
    }
}

/// RULE 4.2, ss.10(1) and (4): the twentieth working day that is a school day, or the sixtieth working day if
/// that comes first; from 1 December 2016.
#[rstest]
// The closed day of 28 September and the October week are left out.
#[case("2026-09-07", "due 2026-10-06, cites SSI 2016/346")]
#[case("2026-09-21", "due 2026-10-27")]
// The Christmas holiday, with the bank holidays in it.
#[case("2026-12-07", "due 2027-01-20")]
// The summer: twenty school days.
#[case("2026-06-22", "due 2026-09-04")]
// Received in the holiday.
#[case("2026-07-06", "due 2026-09-08")]
// Both sides of the regulations' first day.
#[case("2016-11-30", "due 2016-12-30, cites s.10(1)(a)")]
#[case("2016-12-01", "due 2017-01-16, cites SSI 2016/346")]
// Not under the Regulations.
#[case("2026-09-21 regime=eirs", "due 2026-10-19")]
fn rule_4_2_the_answer(#[case] received: &str, #[case] expected: &str) {
    check_for(&school(), &format!("received {received}"), "response", expected);
}

/// RULE 4.2: the sixtieth working day comes first where the school is shut for long.
#[test]
fn rule_4_2_the_sixtieth_working_day() {
    let mut shut = school();
    shut.school_days = Some(SchoolDays {
        terms: vec![
            (day("2026-01-05"), day("2026-06-24")),
            (day("2027-01-06"), day("2027-06-25")),
        ],
        closed: vec![],
    });
    check_for(&shut, "received 2026-06-22", "response", "due 2026-09-15");
}

/// RULE 4.2 with s.21(6): the review likewise; the applicant's forty are plain working days, after that end.
#[rstest]
#[case("", "review-window", "due 2026-12-23, opens 2026-10-27")]
#[case(
    "; responded 2026-10-27; review-required 2026-12-07",
    "review-outcome",
    "due 2027-01-20"
)]
#[case("; responded 2026-10-27", "response", "state met")]
#[case("; responded 2026-10-28", "response", "state late")]
fn rule_4_2_what_hangs_on_it(#[case] then: &str, #[case] which: &str, #[case] expected: &str) {
    check_for(&school(), &format!("received 2026-09-21{then}"), which, expected);
}

//! Grant-aided and independent special schools: RULE 4.2, SSI 2016/346.

use rstest::rstest;
use timeous::case::Case;
use timeous::statute::authority::SchoolDays;
use timeous::statute::{self, Authority, AuthorityKind};

use crate::support::{calendar, check_for, day, history, pick};

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
#[case("2026-09-07", "due 2026-10-06, cite FOISA s.10(4); SSI 2016/346")]
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
    "due 2027-01-20, cite FOISA s.21(1) as modified under s.21(6); SSI 2016/346"
)]
#[case("; responded 2026-10-27", "response", "state met")]
#[case("; responded 2026-10-28", "response", "state late")]
fn rule_4_2_what_hangs_on_it(#[case] then: &str, #[case] which: &str, #[case] expected: &str) {
    check_for(&school(), &format!("received 2026-09-21{then}"), which, expected);
}

/// RULE 4.2: of a day before or after all the terms on file nobody knows whether it is a school day. The date is then
/// provisional, and the safe one takes such days as school days.
#[rstest]
// The last day listed is the last of the count.
#[case("2027-05-27", "due 2027-06-25, work_to 2027-06-25, provisional false, cautions none")]
#[case(
    "2027-05-28",
    "due 2027-08-24, work_to 2027-06-28, provisional true, cautions reading:2027-06-28"
)]
#[case(
    "2027-06-10",
    "due 2027-09-03, work_to 2027-07-08, provisional true, cautions reading:2027-07-08, cites SSI 2016/346, \
     standing 2027-07-08=running 2027-07-09=past-safe-date 2027-09-03=past-safe-date 2027-09-04=overdue"
)]
#[case("2027-06-10; responded 2027-07-08", "state met")]
#[case("2027-06-10; responded 2027-07-09", "state arguable")]
// Nothing is known of a day after the last term, a holiday or not.
#[case("2027-07-05", "due 2027-09-28, work_to 2027-08-03, provisional true")]
// A fee's day is another question, and both can go against the authority.
#[case(
    "2027-06-10; fees-notice 2027-06-14; fee-paid 2027-06-16",
    "due 2027-09-08, work_to 2027-07-12, provisional true, cautions reading:2027-09-07 reading:2027-07-12"
)]
#[case("2027-06-10 regime=eirs", "due 2027-07-08, provisional false, cautions none")]
fn rule_4_2_days_that_nobody_has_listed(#[case] received: &str, #[case] expected: &str) {
    check_for(&school(), &format!("received {received}"), "response", expected);
}

/// RULE 4.2: with the next term on file the date is known; before the first term it is not.
#[rstest]
#[case(
    "2027-08-17",
    "2027-06-10",
    "due 2027-08-27, work_to 2027-08-27, provisional false, cautions none"
)]
#[case(
    "2027-08-17",
    "2025-08-11",
    "due 2025-09-09, work_to 2025-09-08, provisional true, cautions reading:2025-09-08"
)]
#[case("2027-08-17", "2025-08-12", "due 2025-09-09, provisional false, cautions none")]
fn rule_4_2_terms_on_file(#[case] next: &str, #[case] received: &str, #[case] expected: &str) {
    let mut known = school();
    let days = known.school_days.as_mut().unwrap();
    days.terms.retain(|(from, _)| *from >= day("2025-08-13"));
    days.terms.push((day(next), day("2027-10-08")));
    check_for(&known, &format!("received {received}"), "response", expected);
}

/// RULE 4.2 with s.21(6): so it is with a review, and what hangs on either time is as provisional as that; an
/// applicant's time is counted from the later day.
#[rstest]
#[case("", "review-window", "due 2027-10-29, opens 2027-09-03, provisional true")]
#[case(
    "; responded 2027-07-09; review-required 2027-07-12",
    "review-window",
    "due 2027-10-29, has reading:2027-09-06, provisional true"
)]
#[case(
    "; responded 2027-06-11; review-required 2027-06-14",
    "review-outcome",
    "due 2027-09-07, work_to 2027-07-12, provisional true, cautions reading:2027-07-12"
)]
#[case(
    "; responded 2027-06-11; review-required 2027-06-14",
    "commissioner-window",
    "due 2028-03-07, opens 2027-09-07, provisional true"
)]
fn rule_4_2_what_hangs_on_days_that_nobody_has_listed(#[case] then: &str, #[case] which: &str, #[case] expected: &str) {
    check_for(&school(), &format!("received 2027-06-10{then}"), which, expected);
}

/// An officer is told what the file lists, what is taken of the rest, and what to do.
#[test]
fn a_school_is_told_to_list_its_terms() {
    let case = Case::fold(&history("received 2027-06-10")).unwrap();
    let all = statute::deadlines(&case, calendar(), &school());
    assert_eq!(
        pick(&all, "response").unwrap().cautions[0].why,
        "the school's days are listed from Monday 15 August 2016 to Friday 25 June 2027 only, and this count runs over \
         others: list the terms that it falls into (authority.school_days); until then those days count as no school \
         days, and were they all school days the time would end on Thursday 8 July 2027, so work to that"
    );
}

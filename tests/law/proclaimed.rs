//! RULE 11.4: a bank holiday that was proclaimed while a clock ran. Monday 19 September 2022 was, on Saturday 10
//! September.

use chrono::NaiveDate;
use rstest::rstest;
use timeous::calendar::{Calendar, proclamations};
use timeous::case::Case;
use timeous::statute::authority::SchoolDays;
use timeous::statute::{self, Authority, AuthorityKind, Deadline};

use crate::support::{authority, check, check_for, day, deadlines, history, pick};

/// Hard case 10, s.73 with s.10(1): the twentieth working day is Thursday 22 September; whether the clock was
/// lengthened to it is disputed, and Wednesday 21 is the day to work to.
#[rstest]
#[case(
    "",
    "due 2022-09-22, work_to 2022-09-21, cautions reading:2022-09-21, skips 2022-09-19, state running, \
     standing 2022-09-21=running 2022-09-22=past-safe-date 2022-09-23=overdue"
)]
#[case("; responded 2022-09-21", "state met")]
#[case("; responded 2022-09-22", "state arguable, standing 2022-09-23=arguable")]
#[case("; responded 2022-09-23", "state late")]
fn rule_11_4_hard_case_10(#[case] then: &str, #[case] expected: &str) {
    check(&format!("received 2022-08-24{then}"), "response", expected);
    check(&format!("received 2022-08-24 regime=eirs{then}"), "response", expected);
}

#[test]
fn an_officer_is_told_which_day_was_proclaimed_when_and_what_to_work_to() {
    let all = deadlines("received 2022-08-24");
    assert_eq!(
        pick(&all, "response").unwrap().cautions[0].why,
        "Monday 19 September 2022 was proclaimed a bank holiday on Saturday 10 September 2022, when this clock was already \
         running; whether that lengthens it is disputed, so work to Wednesday 21 September 2022"
    );
}

/// What began before the day of the proclamation ran when it was made; what began on it did not.
#[rstest]
#[case::ended_before("2022-08-19", "due 2022-09-16, work_to 2022-09-16, cautions none")]
// On the earlier reading the day itself is the last.
#[case::the_day_is_the_last("2022-08-22", "due 2022-09-20, work_to 2022-09-19, cautions reading:2022-09-19")]
#[case::day_before("2022-09-09", "due 2022-10-10, work_to 2022-10-07, cautions reading:2022-10-07")]
#[case::on_the_day("2022-09-10", "due 2022-10-10, work_to 2022-10-10, cautions none")]
#[case::day_after("2022-09-11", "due 2022-10-10, work_to 2022-10-10, cautions none")]
#[case::day_itself("2022-09-19", "due 2022-10-17, work_to 2022-10-17, cautions none")]
// Others were announced long before anything ran that they fall into.
#[case::jubilee("2022-05-13", "due 2022-06-14, cautions none")]
#[case::coronation("2023-04-20", "due 2023-05-22, cautions none")]
#[case::world_cup("2026-06-12", "due 2026-07-13, cautions none")]
fn rule_11_4_which_clocks_ran(#[case] received: &str, #[case] expected: &str) {
    for regime in ["foisa", "eirs"] {
        check(&format!("received {received} regime={regime}"), "response", expected);
    }
}

/// RULES 0.3 and 11.4: it is receipt that starts a clock.
#[rstest]
#[case("foisa", "2022-09-06", "due 2022-10-10, has reading:2022-10-07")]
#[case("foisa", "2022-09-07", "due 2022-10-10, cautions none")]
#[case("eirs", "2022-09-08", "due 2022-10-10, has reading:2022-10-07")]
// Had it come on the third day, it would have come on Monday 12 September.
#[case(
    "eirs",
    "2022-09-09",
    "due 2022-10-10, work_to 2022-10-10, cautions reading:2022-10-11"
)]
fn rule_11_4_a_posted_request(#[case] regime: &str, #[case] posted: &str, #[case] expected: &str) {
    let told = format!("received {posted} posted regime={regime}");
    check(&told, "response", expected);
}

/// RULES 2.1, 10.4 and 11.4: the clock that ran is the one that the further information started.
#[rstest]
#[case("2022-09-09", "due 2022-10-10, work_to 2022-10-07, has reading:2022-10-07")]
#[case("2022-09-10", "due 2022-10-10, work_to 2022-10-10, lacks reading")]
fn rule_11_4_a_clock_that_was_reset(#[case] clarified: &str, #[case] expected: &str) {
    for regime in ["foisa", "eirs"] {
        let asked = format!("received 2022-08-01 regime={regime}; clarification-sought 2022-08-10");
        check(
            &format!("{asked}; clarification-received {clarified}"),
            "response",
            expected,
        );
    }
}

/// RULES 3.1, 10.3 and 11.4: a fee stops the clock. The two readings of s.10(3) and of the holiday are separate
/// questions: the safe date is that of both together.
#[rstest]
#[case::both_readings(
    "foisa",
    "fees-notice 2022-08-31; fee-paid 2022-09-05",
    "due 2022-09-28, work_to 2022-09-26, cautions reading:2022-09-27 reading:2022-09-26"
)]
#[case::reg_8_has_no_such_reading(
    "eirs",
    "fees-notice 2022-08-31; fee-paid 2022-09-05",
    "due 2022-09-28, work_to 2022-09-27, cautions reading:2022-09-27"
)]
#[case::the_day_falls_into_the_pause(
    "foisa",
    "fees-notice 2022-09-15; fee-paid 2022-09-21",
    "due 2022-09-28, work_to 2022-09-27, cautions reading:2022-09-27"
)]
#[case::the_day_falls_into_the_pause_of_reg_8(
    "eirs",
    "fees-notice 2022-09-15; fee-paid 2022-09-21",
    "due 2022-09-28, work_to 2022-09-28, cautions none"
)]
// Given on the holiday itself: a day used only if it is a working day.
#[case::only_both_together(
    "foisa",
    "fees-notice 2022-09-19; fee-paid 2022-09-20",
    "due 2022-09-23, work_to 2022-09-22, cautions reading:2022-09-22"
)]
// Given on a day that only the holiday left within the time.
#[case::a_notice_between_the_dates(
    "eirs",
    "fees-notice 2022-09-22; fee-paid 2022-09-26",
    "due 2022-09-27, work_to 2022-09-21, cautions reading:2022-09-21"
)]
#[case::unpaid("foisa", "fees-notice 2022-08-31", "due none, work_to none, cautions none")]
fn rule_11_4_a_clock_that_was_paused(#[case] regime: &str, #[case] turns: &str, #[case] expected: &str) {
    check(
        &format!("received 2022-08-24 regime={regime}; {turns}"),
        "response",
        expected,
    );
}

/// Only a long pause lets a clock run from before the proclamation of 3 February 2026 to 15 June.
#[rstest]
#[case("2026-02-02", "due 2026-06-29, work_to 2026-06-26, cautions reading:2026-06-26")]
#[case("2026-02-03", "due 2026-06-30, work_to 2026-06-30, cautions none")]
fn rule_11_4_a_long_pause(#[case] received: &str, #[case] expected: &str) {
    let told = format!("received {received} regime=eirs; fees-notice 2026-02-04; fee-paid 2026-06-01");
    check(&told, "response", expected);
}

/// RULES 10.2 and 11.4: the extension by up to twenty working days, and the power to notify it.
#[rstest]
#[case::the_longest(
    "2022-09-14 due=2022-10-20",
    "due 2022-10-20, work_to 2022-10-19, has reading:2022-10-19",
    "state met"
)]
// The day that the applicant was told is that day, whatever is proclaimed.
#[case::shorter(
    "2022-09-14 due=2022-10-19",
    "due 2022-10-19, work_to 2022-10-19, lacks reading",
    "state met"
)]
#[case::notified_on_the_safe_date(
    "2022-09-21 due=2022-10-20",
    "due 2022-10-20, has reading:2022-10-19",
    "state met, due 2022-09-22, has reading:2022-09-21"
)]
#[case::notified_between_the_dates(
    "2022-09-22 due=2022-10-20",
    "due 2022-10-20, work_to 2022-09-21, has reading:2022-09-21",
    "state arguable"
)]
fn rule_11_4_an_extended_time(#[case] extended: &str, #[case] response: &str, #[case] power: &str) {
    let told = format!("received 2022-08-24 regime=eirs; extended {extended}");
    check(&told, "response", response);
    check(&told, "extension-notice", power);
}

/// RULES 7.1, 10.8 and 11.4: the answer to a requirement for review.
#[rstest]
#[case(
    "2022-08-24",
    "due 2022-09-22, work_to 2022-09-21, cautions reading:2022-09-21, \
     standing 2022-09-21=running 2022-09-22=past-safe-date 2022-09-23=overdue"
)]
#[case("2022-08-24; review-outcome 2022-09-21", "state met")]
#[case("2022-08-24; review-outcome 2022-09-22", "state arguable")]
#[case("2022-08-24; review-outcome 2022-09-23", "state late")]
#[case("2022-09-09", "due 2022-10-10, work_to 2022-10-07, cautions reading:2022-10-07")]
#[case("2022-09-10", "due 2022-10-10, work_to 2022-10-10, cautions none")]
fn rule_11_4_a_review(#[case] required: &str, #[case] expected: &str) {
    for regime in ["foisa", "eirs"] {
        let told = format!("received 2022-07-01 regime={regime}; responded 2022-07-28; review-required {required}");
        check(&told, "review-outcome", expected);
    }
}

/// RULES 6.1, 8.1 and 11.4: an applicant's time is the latest that it can be, and has no such reading. An answer
/// between the two dates was late on the earlier one, so that s.20(5)(b) may apply.
#[rstest]
#[case("", "review-window", "due 2022-11-17, work_to 2022-11-17, lacks reading")]
#[case("; responded 2022-09-21", "review-window", "due 2022-11-17, lacks reading")]
#[case(
    "; responded 2022-09-22",
    "review-window",
    "due 2022-11-17, work_to 2022-11-17, has reading:2022-11-17"
)]
#[case(
    "; responded 2022-09-22 received=2022-09-26",
    "review-window",
    "due 2022-11-17, work_to 2022-11-21, has reading:2022-11-21"
)]
#[case(
    "; responded 2022-09-23",
    "review-window",
    "due 2022-11-18, work_to 2022-11-18, lacks reading"
)]
#[case(
    "; responded 2022-08-24; review-required 2022-08-24",
    "commissioner-window",
    "due 2023-03-22, work_to 2023-03-22, lacks reading"
)]
#[case(
    " regime=eirs; fees-notice 2022-08-31",
    "fee-payment",
    "due 2022-11-23, work_to 2022-11-23, lacks reading"
)]
fn rule_11_4_what_hangs_on_it(#[case] then: &str, #[case] which: &str, #[case] expected: &str) {
    check(&format!("received 2022-08-24{then}"), which, expected);
}

/// RULES 4.1 and 11.4: the Keeper's thirty, to answer and to review.
#[test]
fn rule_11_4_the_keeper() {
    let expected = "due 2022-09-22, work_to 2022-09-21, cautions reading:2022-09-21";
    let keeper = authority("keeper");
    check_for(&keeper, "received 2022-08-10 keeper-record", "response", expected);
    let told = "received 2022-07-01; responded 2022-07-28; review-required 2022-08-10 outcome=s22-4";
    check_for(&keeper, told, "review-outcome", expected);
}

/// RULES 4.2 and 11.4: a school's own days.
#[rstest]
#[case::a_school_day(
    "2022-08-15",
    None,
    "due 2022-09-22, work_to 2022-09-21, cautions reading:2022-09-21"
)]
// Shut on that day in any case: but for the sixtieth working day it never counted.
#[case::its_own_holiday(
    "2022-08-15",
    Some("2022-09-19"),
    "due 2022-09-22, work_to 2022-09-22, cautions none"
)]
// Shut until November: the sixtieth working day comes first.
#[case::the_sixtieth(
    "2022-11-14",
    None,
    "due 2022-11-17, work_to 2022-11-16, cautions reading:2022-11-16"
)]
fn rule_11_4_a_school(#[case] term: &str, #[case] closed: Option<&str>, #[case] expected: &str) {
    let school = Authority {
        kind: AuthorityKind::School,
        school_days: Some(SchoolDays {
            terms: vec![(day("2022-01-05"), day("2022-06-24")), (day(term), day("2022-12-16"))],
            closed: closed.map(day).into_iter().collect(),
        }),
        ..Authority::default()
    };
    check_for(&school, "received 2022-08-24", "response", expected);
    let told = "received 2022-07-01; responded 2022-07-28; review-required 2022-08-24";
    check_for(&school, told, "review-outcome", expected);
}

/// RULES 3.3 and 11.4: several like requests are answered by the twentieth working day after the first, whose time
/// ran when the day was proclaimed; the later one's did not.
#[test]
fn rule_11_4_the_first_of_many() {
    check(
        "received 2022-09-12 first-received=2022-08-24",
        "response",
        "due 2022-10-11, work_to 2022-09-21, cautions reading:2022-09-22 reading:2022-09-21",
    );
}

/// What no review is owed for has no other day.
#[test]
fn rule_11_4_out_of_time() {
    let told = "received 2022-05-02; responded 2022-05-10; review-required 2022-08-24";
    check(
        told,
        "review-outcome",
        "state not-owed, due none, work_to none, lacks reading",
    );
}

/// A calendar with rows of an authority's own record.
fn proclaiming(rows: &[(&str, &str, Option<&str>, &str)]) -> Calendar {
    let row = |(date, change, from, known): &(&str, &str, Option<&str>, &str)| {
        let from = from.map_or_else(String::new, |from| format!("from = \"{from}\"\n"));
        format!(
            "[[day]]\ndate = \"{date}\"\nchange = \"{change}\"\n{from}name = \"A day\"\n\
             instrument = \"1971 Act s.1(3)\"\nannounced_on = \"{known}\"\nsource = \"a newspaper\"\n"
        )
    };
    let text: String = rows.iter().map(row).collect();
    Calendar::in_force(&[], proclamations::parse(&text).unwrap()).unwrap()
}

fn of(told: &str, calendar: &Calendar, which: &str) -> Deadline {
    let case = Case::fold(&history(told)).unwrap();
    let all = statute::deadlines(&case, calendar, &Authority::default());
    pick(&all, which).unwrap().clone()
}

fn dates(deadline: &Deadline) -> (Option<NaiveDate>, Option<NaiveDate>, Vec<String>) {
    let caution = |one: &statute::Caution| format!("{}:{}", one.concern, one.date.unwrap());
    let cautions = deadline.cautions.iter().map(caution).collect();
    (deadline.due, deadline.work_to, cautions)
}

/// A day taken away while a clock ran makes it shorter by the words of the law, and that is the day to work to;
/// one moved within the time that is left changes nothing.
#[rstest]
#[case::withdrawn("2026-05-19", &[("2026-06-15", "withdrawn", None, "2026-05-20")], "2026-06-17", "2026-06-17", &["note:2026-06-18"])]
#[case::withdrawn_before("2026-05-20", &[("2026-06-15", "withdrawn", None, "2026-05-20")], "2026-06-18", "2026-06-18", &[])]
#[case::moved_within("2027-05-10", &[("2027-06-03", "moved", Some("2027-05-31"), "2027-05-11")], "2027-06-08", "2027-06-08", &[])]
#[case::moved_beyond("2027-05-10", &[("2027-06-14", "moved", Some("2027-05-31"), "2027-05-11")], "2027-06-07", "2027-06-07", &["note:2027-06-08"])]
#[case::moved_into_it("2027-04-26", &[("2027-05-20", "moved", Some("2027-05-31"), "2027-05-11")], "2027-05-26", "2027-05-25", &["reading:2027-05-25"])]
#[case::two_days("2027-05-03", &[("2027-05-20", "added", None, "2027-05-11"), ("2027-05-21", "added", None, "2027-05-12")], "2027-06-03", "2027-06-01", &["reading:2027-06-01"])]
// Of two known at different times the clock that began between them has one.
#[case::one_of_two("2027-05-11", &[("2027-05-20", "added", None, "2027-05-11"), ("2027-05-21", "added", None, "2027-05-12")], "2027-06-11", "2027-06-10", &["reading:2027-06-10"])]
// Proclaimed and withdrawn again while it ran: nothing has changed.
#[case::there_and_back("2026-02-02", &[("2026-02-20", "withdrawn", None, "2026-02-10")], "2026-03-02", "2026-03-02", &[])]
// What custom gives every year surprises nobody.
#[case::customary("2027-05-17", &[("2027-05-31", "added", None, "2027-05-20")], "2027-06-15", "2027-06-15", &[])]
fn rule_11_4_days_moved_and_taken_away(
    #[case] received: &str,
    #[case] rows: &[(&str, &str, Option<&str>, &str)],
    #[case] due: &str,
    #[case] work_to: &str,
    #[case] cautions: &[&str],
) {
    let calendar = proclaiming(rows);
    for regime in ["foisa", "eirs"] {
        let duty = of(&format!("received {received} regime={regime}"), &calendar, "response");
        let cautions: Vec<String> = cautions.iter().map(|one| (*one).to_owned()).collect();
        assert_eq!(
            dates(&duty),
            (Some(day(due)), Some(day(work_to)), cautions),
            "{regime}: {duty:#?}"
        );
    }
}

/// The words say what became of each day, and whether it was proclaimed or only announced.
#[test]
fn each_day_that_changed_is_named() {
    let calendar = proclaiming(&[
        ("2027-05-20", "moved", Some("2027-05-31"), "2027-05-11"),
        ("2027-05-21", "added", None, "2027-05-12"),
    ]);
    let duty = of("received 2027-05-03", &calendar, "response");
    assert_eq!(
        duty.cautions[0].why,
        "Thursday 20 May 2027 was announced as a bank holiday on Tuesday 11 May 2027, and Friday 21 May 2027 was announced \
         as a bank holiday on Wednesday 12 May 2027, and Monday 31 May 2027 was announced as a working day on Tuesday 11 May \
         2027, when this clock was already running; whether that lengthens it is disputed, so work to Tuesday 1 June 2027"
    );
}

/// RULES 12.1 and 11.4: sixty working days in 2020.
#[test]
fn rule_11_4_in_2020() {
    let calendar = proclaiming(&[("2020-04-20", "added", None, "2020-04-01")]);
    let told = "received 2020-03-20; responded 2020-05-20";
    let duty = of(told, &calendar, "response");
    assert_eq!(
        dates(&duty),
        (
            Some(day("2020-06-18")),
            Some(day("2020-06-17")),
            vec!["reading:2020-06-17".to_owned()]
        )
    );
}

/// A day taken away while an applicant's time ran: the authority must allow for the later date. Of a day moved, what
/// it was and what it is are both left out.
#[rstest]
#[case::review_window("2026-10-20", "review-window", &[WITHDRAWN], "2027-01-18", "2027-01-19", &["reading:2027-01-19"])]
#[case::began_after_it_was_known("2026-10-26", "review-window", &[WITHDRAWN], "2027-01-22", "2027-01-22", &[])]
#[case::ended_before_the_day("2026-09-28", "review-window", &[WITHDRAWN], "2026-12-22", "2026-12-22", &[])]
#[case::late_answer("2026-10-01; responded 2026-11-17", "review-window", &[WITHDRAWN], "2027-01-18", "2027-01-19", &["reading:2027-01-19"])]
#[case::late_answer_after_a_review("2026-10-01; review-required 2026-11-16; responded 2026-11-17", "review-window#2", &[WITHDRAWN], "2027-01-18", "2027-01-19", &["reading:2027-01-19"])]
#[case::moved("2026-10-20", "review-window", &[("2026-12-21", "moved", Some("2026-12-28"), "2026-11-22")], "2027-01-19", "2027-01-20", &["reading:2027-01-20"])]
#[case::one_each("2026-10-20", "review-window", &[WITHDRAWN, ("2026-12-21", "added", None, "2026-11-20")], "2027-01-19", "2027-01-20", &["reading:2027-01-20"])]
#[case::added_only("2026-10-20", "review-window", &[("2026-12-21", "added", None, "2026-11-20")], "2027-01-20", "2027-01-20", &[])]
#[case::fee("2026-10-01 regime=eirs; fees-notice 2026-10-20", "fee-payment", &[WITHDRAWN], "2027-01-15", "2027-01-18", &["reading:2027-01-18"])]
#[case::the_authoritys_own("2026-12-07", "response", &[KNOWN_LATE], "2027-01-07", "2027-01-07", &["note:2027-01-08"])]
#[case::what_hangs_on_it("2026-12-07", "review-window", &[KNOWN_LATE], "2027-03-04", "2027-03-05", &["reading:2027-03-05"])]
#[case::what_hangs_on_it_under_the_regulations("2026-12-07 regime=eirs", "review-window", &[KNOWN_LATE], "2027-03-04", "2027-03-05", &["reading:2027-03-05"])]
#[case::silence_on_a_review("2026-10-01; review-required 2026-12-07", "commissioner-window", &[KNOWN_LATE], "2027-07-07", "2027-07-08", &["reading:2027-07-08"])]
fn rule_11_4_an_applicants_time_and_a_day_taken_away(
    #[case] received: &str,
    #[case] which: &str,
    #[case] rows: &[(&str, &str, Option<&str>, &str)],
    #[case] due: &str,
    #[case] work_to: &str,
    #[case] cautions: &[&str],
) {
    let mut window = of(&format!("received {received}"), &proclaiming(rows), which);
    window.advised = None;
    let cautions: Vec<String> = cautions.iter().map(|one| (*one).to_owned()).collect();
    assert_eq!(
        dates(&window),
        (Some(day(due)), Some(day(work_to)), cautions),
        "{window:#?}"
    );
}

const WITHDRAWN: (&str, &str, Option<&str>, &str) = ("2026-12-28", "withdrawn", None, "2026-11-22");
const KNOWN_LATE: (&str, &str, Option<&str>, &str) = ("2026-12-28", "withdrawn", None, "2026-12-10");

/// A requirement on the later date is in time, arguably, and a review is owed.
#[rstest]
#[case("2027-01-18", "met", "running")]
#[case("2027-01-19", "arguable", "running")]
#[case("2027-01-20", "late", "not-owed")]
fn rule_11_4_a_requirement_after_a_day_was_taken_away(
    #[case] required: &str,
    #[case] window: &str,
    #[case] outcome: &str,
) {
    let calendar = proclaiming(&[WITHDRAWN]);
    let told = format!("received 2026-10-20; responded 2026-10-30; review-required {required}");
    assert_eq!(of(&told, &calendar, "review-window").state.as_str(), window);
    assert_eq!(of(&told, &calendar, "review-outcome").state.as_str(), outcome);
}

#[test]
fn an_officer_is_told_what_the_applicant_may_have_counted_on() {
    let why = |told: &str, row| of(told, &proclaiming(&[row]), "review-window").cautions[0].why.clone();
    assert_eq!(
        why("received 2026-10-20", WITHDRAWN),
        "Monday 28 December 2026 was announced as a working day on Sunday 22 November 2026, when this clock was already \
         running; if the applicant's time is not shortened by that, it ends on Tuesday 19 January 2027"
    );
    assert_eq!(
        why("received 2026-12-07", KNOWN_LATE),
        "a bank holiday was taken away while the authority's time ran; if that time is not shortened by it, it ended, or \
         ends, on Friday 8 January 2027, and the applicant's on Friday 5 March 2027"
    );
}

//! One request from its receipt to the Commissioner, each date counted out by hand.

use chrono::NaiveDate;

use crate::support::{calendar, check, day, deadlines, pick};

const ANSWERED: &str = "received 2022-02-04; responded 2022-03-04";

/// The twenty working days after Tuesday 3 May 2022. Monday 30 May is one of them: the spring holiday was moved
/// to 2 June that year.
const TWENTY_AFTER_3_MAY: [&str; 20] = [
    "2022-05-04",
    "2022-05-05",
    "2022-05-06",
    "2022-05-09",
    "2022-05-10",
    "2022-05-11",
    "2022-05-12",
    "2022-05-13",
    "2022-05-16",
    "2022-05-17",
    "2022-05-18",
    "2022-05-19",
    "2022-05-20",
    "2022-05-23",
    "2022-05-24",
    "2022-05-25",
    "2022-05-26",
    "2022-05-27",
    "2022-05-30",
    "2022-05-31",
];

#[test]
fn the_answer_of_4_march_is_in_time() {
    check(
        ANSWERED,
        "response",
        "due 2022-03-04, work_to 2022-03-04, state met, acted 2022-03-04, skips none, cautions none",
    );
}

#[test]
fn a_review_may_be_required_until_3_may_leaving_out_good_friday_and_the_may_holiday() {
    check(
        ANSWERED,
        "review-window",
        "due 2022-05-03, work_to 2022-05-03, advised 2022-05-03 usual, skips 2022-04-15 2022-05-02, \
         standing 2022-05-03=running 2022-05-04=out-of-time",
    );
    let all = deadlines(ANSWERED);
    let names: Vec<String> = pick(&all, "review-window")
        .unwrap()
        .left_out(calendar())
        .iter()
        .map(|holiday| holiday.why.clone())
        .collect();
    assert_eq!(names, ["Good Friday", "Early May bank holiday"]);
}

#[test]
fn a_review_required_on_3_may_is_to_be_answered_by_31_may() {
    let told = format!("{ANSWERED}; review-required 2022-05-03");
    check(&told, "review-window", "state met, acted 2022-05-03");
    check(
        &told,
        "review-outcome",
        "due 2022-05-31, work_to 2022-05-31, skips none, standing 2022-05-31=running 2022-06-01=overdue",
    );
    let counted: Vec<NaiveDate> = TWENTY_AFTER_3_MAY.into_iter().map(day).collect();
    for (n, date) in (1..).zip(&counted) {
        assert_eq!(calendar().nth_working_day_after(day("2022-05-03"), n), *date);
    }
}

#[test]
fn the_commissioner_may_be_applied_to_for_six_months() {
    let silence = format!("{ANSWERED}; review-required 2022-05-03");
    check(
        &silence,
        "commissioner-window",
        "due 2022-11-30, opens 2022-05-31, state pending",
    );
    let told = format!("{silence}; review-outcome 2022-05-27 received=2022-05-30");
    check(
        &told,
        "commissioner-window",
        "due 2022-11-30, from 2022-05-30 review-outcome, state running, cautions none, \
         standing 2022-11-30=running 2022-12-01=out-of-time",
    );
}

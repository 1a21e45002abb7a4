use insta::assert_snapshot;

use super::super::explain::{answers, explain};
use super::*;

fn explained(facts: &[&str], today: &str) -> String {
    let case = case("FOI-1", facts);
    let calendar = Calendar::compiled_in().unwrap();
    explain(Some(&case), &law(&case), &calendar, &Closures::default(), day(today))
}

/// The last line hangs on the compiled-in list of bank holidays, which grows; it has a test of its own.
fn unsigned(facts: &[&str], today: &str) -> String {
    without_its_calendar(&explained(facts, today))
}

fn without_its_calendar(text: &str) -> String {
    let last = text.find("reckoned with").unwrap_or(text.len());
    text[..last].to_owned()
}

#[test]
fn the_last_line_says_which_bank_holidays_are_known() {
    let calendar = Calendar::compiled_in().unwrap();
    let text = explained(&["received 2026-11-02"], "2026-11-22");
    let known = "reckoned with the bank holidays known on 22 November 2026 (announced to 31 December 2028), calendar";
    assert!(
        text.ends_with(&format!("{known} {}\n", calendar.short_version())),
        "{text}"
    );
}

fn answered(facts: &[&str], today: &str) -> String {
    answers(
        &law(&case("FOI-1", facts)),
        &Calendar::compiled_in().unwrap(),
        day(today),
    )
}

#[test]
fn an_answer_in_time_and_early_hard_case_24() {
    assert_snapshot!(unsigned(&["received 2026-11-02", "responded 2026-11-05"], "2026-11-22"));
}

#[test]
fn an_answer_on_the_twentieth_day() {
    assert_snapshot!(unsigned(&["received 2022-02-04", "responded 2022-03-04"], "2022-03-07"));
}

#[test]
fn an_answer_after_long_silence_hard_case_26() {
    assert_snapshot!(unsigned(&["received 2026-06-01", "responded 2026-11-30"], "2026-11-30"));
}

#[test]
fn months_a_target_and_two_appeals() {
    let facts = [
        "received 2026-01-05 posted",
        "responded 2026-02-02",
        "review-required 2026-02-16",
        "review-outcome 2026-03-03 received=2026-03-31",
        "applied 2026-04-30",
        "decision 2026-11-13",
    ];
    assert_snapshot!(unsigned(&facts, "2026-11-27"));
}

#[test]
fn a_date_on_a_closed_day_and_beyond_the_announced_holidays() {
    let case = case("FOI-1", &["received 2028-12-07"]);
    let calendar = Calendar::compiled_in().unwrap();
    let closures = Closures::parse(&["2029-01-01..2029-01-31"]).unwrap();
    let text = explain(Some(&case), &law(&case), &calendar, &closures, day("2028-12-07"));
    assert_snapshot!(without_its_calendar(&text));
}

#[test]
fn a_letter_under_both_laws_says_which_law_reckons_what() {
    assert_snapshot!(unsigned(
        &["received 2026-10-08 posted regime=both", "responded 2026-10-30 posted"],
        "2026-11-05"
    ));
}

#[test]
fn the_answers_alone_are_one_line_a_deadline() {
    let both = [
        "received 2026-10-08 posted regime=both",
        "responded 2026-10-30 regime=eirs",
    ];
    let reviewed = [
        "received 2026-06-01",
        "responded 2026-06-30",
        "review-required 2026-11-16",
    ];
    let text = [
        answered(&["received 2026-11-02"], "2026-11-22"),
        answered(&["received 2026-11-02"], "2026-12-03"),
        answered(&["received 2026-11-02", "responded 2027-01-15"], "2027-01-15"),
        answered(&["received 2026-11-02", "withdrawn 2026-11-09"], "2026-11-22"),
        answered(&both, "2026-11-27"),
        answered(&reviewed, "2026-11-27"),
    ];
    assert_snapshot!(text.join("\n"));
}

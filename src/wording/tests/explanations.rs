use insta::assert_snapshot;

use super::super::event::{Course, Day};
use super::super::explain::{History, Telling, answers};
use super::super::months::months;
use super::*;
use crate::statute::State;

fn explained(facts: &[&str], today: &str) -> String {
    let case = case("FOI-1", facts);
    let calendar = Calendar::compiled_in().unwrap();
    telling(&case, &calendar, &Closures::default(), today).explain(&law(&case))
}

fn telling<'a>(case: &'a Case, calendar: &'a Calendar, closures: &'a Closures, today: &str) -> Telling<'a> {
    Telling {
        case: Some(case),
        calendar,
        closures,
        history: &[],
        drawn: false,
        today: day(today),
    }
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
fn a_day_that_was_proclaimed_while_the_clock_ran_hard_case_10() {
    assert_snapshot!(unsigned(&["received 2022-08-24"], "2022-09-12"));
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
    let text = telling(&case, &calendar, &closures, "2028-12-07").explain(&law(&case));
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

#[test]
fn the_whole_life_of_a_case() {
    let facts = [
        "received 2022-02-04",
        "responded 2022-03-04",
        "review-required 2022-05-03",
        "review-outcome 2022-05-30",
    ];
    assert_snapshot!(unsigned(&facts, "2022-06-01"));
}

#[test]
fn st_andrews_day_on_a_saturday_hard_case_7b() {
    assert_snapshot!(unsigned(&["received 2024-11-29", "responded 2024-12-24"], "2025-01-06"));
}

#[test]
fn a_fee_asked_for_and_paid_hard_case_22() {
    let facts = ["received 2026-09-01", "fees-notice 2026-09-15", "fee-paid 2026-10-06"];
    assert_snapshot!(unsigned(&facts, "2026-10-07"));
}

#[test]
fn an_early_answer_under_the_regulations_hard_case_33() {
    let facts = ["received 2026-11-02 regime=eirs", "responded 2026-11-05"];
    assert_snapshot!(unsigned(&facts, "2026-11-22"));
}

#[test]
fn a_day_that_was_proclaimed_in_between_15_june_2026() {
    let case = case("FOI-1", &["received 2026-06-12"]);
    let calendar = Calendar::compiled_in().unwrap();
    let deadlines = law(&case);
    let history = [History {
        key: deadlines[0].key,
        due: Some(day("2026-07-10")),
        until: day("2026-06-14"),
        calendar: "4f1c9a2e00".to_owned(),
        why: "Monday 15 June 2026 was proclaimed a bank holiday".to_owned(),
    }];
    let closures = Closures::default();
    let telling = Telling {
        history: &history,
        ..telling(&case, &calendar, &closures, "2026-06-15")
    };
    assert_snapshot!(without_its_calendar(&telling.explain(&deadlines)));
}

#[test]
fn clarification_asked_for_and_come_hard_case_19() {
    let facts = [
        "received 2026-09-01",
        "clarification-sought 2026-09-28",
        "clarification-received 2026-10-15",
    ];
    assert_snapshot!(unsigned(&facts, "2026-10-16"));
}

#[test]
fn what_is_waited_for_and_since_when() {
    let clarification = unsigned(
        &["received 2026-09-01", "clarification-sought 2026-09-28"],
        "2026-10-05",
    );
    let fee = unsigned(&["received 2026-09-01", "fees-notice 2026-09-15"], "2026-10-05");
    let lapsed = unsigned(&["received 2026-09-01", "fees-notice 2026-09-15"], "2026-12-15");
    let valid = unsigned(&["received 2026-09-01", "not-valid 2026-09-03"], "2026-10-05");
    assert_snapshot!([clarification, fee, lapsed, valid].join("\n----\n"));
}

#[test]
fn received_on_a_saturday_with_an_office_closed_at_christmas() {
    let case = case("FOI-1", &["received 2026-12-05"]);
    let calendar = Calendar::compiled_in().unwrap();
    let closures = Closures::parse(&["2026-12-24..2027-01-05", "2026-12-11"]).unwrap();
    let text = telling(&case, &calendar, &closures, "2026-12-07").explain(&law(&case)[..1]);
    assert_snapshot!(without_its_calendar(&text));
}

#[test]
fn days_that_papers_and_the_authority_set() {
    let facts = [
        "received 2026-06-01",
        "sent-to-department 2026-06-02 due=2026-06-10",
        "responded 2026-06-30",
        "review-required 2026-07-20",
        "review-outcome 2026-08-17",
        "applied 2026-09-01",
        "commissioner-notice 2026-09-10 due=2026-10-01 outcome=comments",
        "decision 2026-11-13 due=2026-12-28",
        "diary 2026-11-13 due=2026-12-01",
    ];
    assert_snapshot!(unsigned(&facts, "2026-11-27"));
}

/// Of a school the days it was closed to its pupils are counted, not listed.
#[test]
fn a_school_says_how_many_days_were_no_school_days() {
    let school = |terms: &[(&str, &str)]| Authority {
        kind: crate::statute::AuthorityKind::School,
        school_days: Some(crate::statute::SchoolDays {
            terms: terms.iter().map(|(from, to)| (day(from), day(to))).collect(),
            closed: Vec::new(),
        }),
        ..Authority::default()
    };
    let case = case("FOI-1", &["received 2026-10-05"]);
    let calendar = Calendar::compiled_in().unwrap();
    let text = |authority: &Authority| {
        let all = deadlines(&case, &calendar, authority);
        telling(&case, &calendar, &Closures::default(), "2026-10-06").explain(&all[..1])
    };
    // Off from Monday 12 to Friday 23 October: ten working days.
    let autumn = text(&school(&[("2026-08-19", "2026-10-09"), ("2026-10-26", "2026-12-22")]));
    assert!(
        autumn.contains("10 working days not school days (SSI 2016/346)\n  day 20"),
        "{autumn}"
    );
    let closed = text(&school(&[("2026-08-19", "2026-10-09")]));
    assert!(closed.contains("the sixtieth working day comes first"), "{closed}");
}

fn drawn(facts: &[&str], step: Step) -> String {
    let deadlines = law(&case("FOI-1", facts));
    let one = deadlines.iter().find(|one| one.key.step == step).unwrap();
    months(one, &Calendar::compiled_in().unwrap())
}

#[test]
fn months_in_which_one_sees_the_count() {
    assert_snapshot!(drawn(
        &["received 2026-11-02", "responded 2026-11-05"],
        Step::ReviewWindow
    ));
}

#[test]
fn months_in_which_a_fee_was_outstanding() {
    let facts = ["received 2026-09-01", "fees-notice 2026-09-15", "fee-paid 2026-10-06"];
    assert_snapshot!(drawn(&facts, Step::Response));
}

#[test]
fn months_that_leave_nothing_out() {
    let facts = ["received 2026-09-01", "fees-notice 2026-09-15"];
    assert_snapshot!(drawn(&facts, Step::FeePayment));
    assert_eq!(drawn(&facts, Step::Response), "");
}

/// A requirement before the time to answer has run out, and an application before that for the review has: nothing is
/// late, and nobody may rest on it either.
#[test]
fn what_came_too_early_is_not_called_in_time() {
    let told = answered(
        &[
            "received 2026-06-01",
            "review-required 2026-06-30",
            "applied 2026-07-28",
        ],
        "2026-08-20",
    );
    let required =
        "Required Tuesday 30 June: before the time to answer had ended on Tuesday 30 June, so perhaps premature.";
    let applied = "Applied Tuesday 28 July 2026: before the time for the review had ended on Tuesday 28 July 2026, so \
                   perhaps premature.";
    assert!(told.contains(required) && told.contains(applied), "{told}");
    let told = answered(
        &[
            "received 2026-06-01",
            "review-required 2026-07-01",
            "applied 2026-07-30",
        ],
        "2026-08-20",
    );
    assert!(told.contains("Required Wednesday 1 July: in time."), "{told}");
    assert!(told.contains("Applied Thursday 30 July 2026: in time."), "{told}");
}

/// Nobody but the authority is late, and of its own days only by a duty.
#[test]
fn a_calendar_calls_only_a_duty_late() {
    let calendar = Calendar::compiled_in().unwrap();
    let case = case(
        "FOI-1",
        &[
            "received 2025-11-03",
            "responded 2025-12-05",
            "review-required 2026-03-30",
            "review-refused 2026-03-31 outcome=out-of-time",
            "applied 2026-04-01",
            "decision 2026-08-31",
        ],
    );
    let said = |step| {
        let all = law(&case);
        let deadline = all.iter().find(|one| one.key.step == step).unwrap();
        assert_eq!(deadline.state, State::Late, "{deadline:#?}");
        let day = Day {
            reference: "FOI-1",
            regime: case.regime,
            key: deadline.key,
            occurrence: deadline.occurrence,
            nature: deadline.nature,
            due: deadline.due.unwrap(),
            day: deadline.due.unwrap(),
            provision: deadline.provision.cite,
            course: Course::Done {
                on: deadline.acted_on,
                late: true,
            },
            derived: Some(deadline),
        };
        let description = day.description(&calendar);
        description.lines().next().unwrap().to_owned()
    };
    assert_eq!(
        said(Step::Response),
        "Done on Friday 5 December 2025, late; the last day was Tuesday 2 December 2025."
    );
    assert_eq!(
        said(Step::ReviewWindow),
        "Done on Monday 30 March 2026, out of time; the last day was Thursday 5 February 2026."
    );
    assert_eq!(
        said(Step::CommissionerDecision),
        "Done on Monday 31 August 2026; the Commissioner's own target was Saturday 1 August 2026."
    );
}

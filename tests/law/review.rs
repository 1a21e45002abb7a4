//! The review itself: RULES 7.1, 7.2 and 10.8.

use rstest::rstest;

use crate::support::check;

/// RULE 7.1, s.21(1), and RULE 10.8, reg 16(4): twenty working days after receipt of the requirement.
#[rstest]
#[case(
    "review-required 2027-01-15",
    "due 2027-02-12, work_to 2027-02-12, from 2027-01-15 review-required, skips none, nature duty"
)]
#[case("review-required 2027-01-16", "due 2027-02-12, from 2027-01-16 review-required")]
#[case(
    "review-required 2026-12-07",
    "due 2027-01-08, skips 2026-12-25 2026-12-28 2027-01-01 2027-01-04, state running, \
     standing 2027-01-08=running 2027-01-09=overdue"
)]
#[case(
    "review-required 2027-01-15 received=2027-01-18",
    "due 2027-02-15, from 2027-01-18 review-required, cautions none"
)]
#[case(
    "review-required 2027-01-15; review-outcome 2027-02-12",
    "state met, acted 2027-02-12, standing 2027-02-13=met"
)]
#[case(
    "review-required 2027-01-15; review-outcome 2027-02-12 posted",
    "state met, acted 2027-02-12"
)]
#[case(
    "review-required 2027-01-15; review-outcome 2027-02-13",
    "state late, acted 2027-02-13"
)]
#[case(
    "review-required 2027-01-15; review-outcome 2027-01-15",
    "state met, acted 2027-01-15"
)]
// RULE 7.2, s.21(9): a notice that no review is owed is due by the same day.
#[case(
    "review-required 2027-01-15; review-refused 2027-02-12 outcome=s21-8",
    "state met, acted 2027-02-12"
)]
#[case("review-required 2027-01-15; review-refused 2027-02-15 outcome=s21-8", "state late")]
// s.21(3): withdrawn before the decision.
#[case(
    "review-required 2027-01-15; review-withdrawn 2027-01-20",
    "state withdrawn, standing 2027-02-13=withdrawn"
)]
// Closing the file, or an application, ends no duty to review.
#[case(
    "review-required 2027-01-15; closed 2027-01-20",
    "state running, standing 2027-02-13=overdue"
)]
#[case(
    "review-required 2027-01-15; applied 2027-02-15",
    "state running, standing 2027-02-13=overdue"
)]
fn rule_7_1_foisa_s21_1_and_rule_10_8_eirs_reg_16_4(#[case] then: &str, #[case] expected: &str) {
    for (regime, cite) in [("foisa", "FOISA s.21(1)"), ("eirs", "EIRs reg 16(4)")] {
        check(
            &format!("received 2026-11-02 regime={regime}; responded 2026-12-01; {then}"),
            "review-outcome",
            &format!("cite {cite}, key 3, {expected}"),
        );
    }
}

/// A letter whose day is unknown: the third day under the Act, the day after posting under the Regulations.
#[rstest]
#[case(
    "foisa",
    "due 2027-02-15, work_to 2027-02-15, from 2027-01-18 review-required, cautions none"
)]
#[case(
    "eirs",
    "due 2027-02-12, work_to 2027-02-12, from 2027-01-16 review-required, cautions reading:2027-02-15"
)]
fn rule_0_3_a_posted_requirement(#[case] regime: &str, #[case] expected: &str) {
    check(
        &format!("received 2026-11-02 regime={regime}; responded 2026-12-01; review-required 2027-01-15 posted"),
        "review-outcome",
        expected,
    );
}

/// A requirement on each day about the moved May holidays.
#[rstest]
#[case(
    "received 2022-02-04; responded 2022-03-04; review-required 2022-05-03",
    "due 2022-05-31, skips none"
)]
#[case(
    "received 2022-02-04; responded 2022-03-04; review-required 2022-05-02",
    "due 2022-05-30, skips none"
)]
#[case(
    "received 2022-03-04; responded 2022-04-01; review-required 2022-05-05",
    "due 2022-06-06, skips 2022-06-02 2022-06-03"
)]
// Hard case 27c.
#[case(
    "received 2026-03-02; review-required 2026-05-28",
    "due 2026-06-26, skips 2026-06-15"
)]
fn rule_7_1_across_moved_holidays(#[case] told: &str, #[case] expected: &str) {
    check(told, "review-outcome", expected);
}

/// RULES 7.1 and 10.8: of two reviews, or of the two parts of one, an outcome can say which it answers.
#[rstest]
#[case("review-required 2026-10-20 regime=foisa; review-required 2026-10-22 regime=eirs")]
#[case("review-required 2026-10-20")]
fn rules_7_1_and_10_8_an_outcome_names_its_part(#[case] required: &str) {
    let told = format!(
        "received 2026-09-01 regime=both; responded 2026-09-20; {required}; review-outcome 2026-11-10 regime=eirs"
    );
    check(&told, "eirs review-outcome", "state met, acted 2026-11-10");
    check(&told, "foisa review-outcome", "state running, acted none");
}

/// RULE 7.2: a review that was first refused may be carried out after all.
#[test]
fn rule_7_2_an_outcome_after_a_refusal() {
    check(
        "received 2026-09-01; responded 2026-09-20; review-required 2026-10-20; review-refused 2026-10-23 \
         outcome=invalid; review-outcome 2026-11-10",
        "commissioner-window#2",
        "due 2027-05-10, state running",
    );
}

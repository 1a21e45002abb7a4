//! The first answer: RULES 1.1, 1.2 and 10.1.

use rstest::rstest;

use crate::support::{check, day, history, try_deadlines};

/// RULE 1.1, s.10(1)(a): the twentieth working day after receipt, by the hard cases.
#[rstest]
#[case::hard_case_1("2026-11-02", "2026-12-01", "2026-11-30")]
#[case::hard_case_2("2026-12-31", "2027-02-01", "2027-01-01 2027-01-04")]
#[case::hard_case_3("2024-12-31", "2025-01-30", "2025-01-01 2025-01-02")]
#[case::hard_case_5("2025-01-01", "2025-01-30", "2025-01-02")]
#[case::hard_case_6("2026-11-14", "2026-12-14", "2026-11-30")]
#[case::hard_case_7("2024-11-29", "2025-01-03", "2024-12-02 2024-12-25 2024-12-26 2025-01-01 2025-01-02")]
#[case::hard_case_9("2026-06-12", "2026-07-13", "2026-06-15")]
#[case::hard_case_11("2022-05-13", "2022-06-14", "2022-06-02 2022-06-03")]
#[case::hard_case_13("2021-12-10", "2022-01-13", "2021-12-27 2021-12-28 2022-01-03 2022-01-04")]
#[case::hard_case_14("2022-12-05", "2023-01-06", "2022-12-26 2022-12-27 2023-01-02 2023-01-03")]
#[case::hard_case_15("2025-04-02", "2025-05-01", "2025-04-18")]
#[case::hard_case_42("2026-08-05", "2026-09-02", "none")]
#[case::hard_case_46("2026-12-25", "2027-01-27", "2026-12-28 2027-01-01 2027-01-04")]
#[case::the_seed("2022-02-04", "2022-03-04", "none")]
#[case::silence_of_case_26("2026-06-01", "2026-06-30", "2026-06-15")]
#[case::silence_of_case_27("2026-03-02", "2026-03-30", "none")]
#[case::early_may_2012("2012-05-01", "2012-05-30", "2012-05-07")]
#[case::royal_wedding("2011-04-18", "2011-05-19", "2011-04-22 2011-04-29 2011-05-02")]
#[case::coronation("2023-04-28", "2023-05-31", "2023-05-01 2023-05-08 2023-05-29")]
fn rule_1_1_foisa_s10_1_a(#[case] received: &str, #[case] due: &str, #[case] skips: &str) {
    for regime in ["foisa", "eirs"] {
        let cite = if regime == "foisa" {
            "FOISA s.10(1)(a)"
        } else {
            "EIRs reg 5(2)(a)"
        };
        check(
            &format!("received {received} regime={regime}"),
            "response",
            &format!(
                "due {due}, work_to {due}, skips {skips}, cite {cite}, from {received} received, state running, nature duty, \
                 acted none, cautions none, provisional false, key 1"
            ),
        );
    }
}

/// RULES 1.1 and 1.2: met to the end of the last day, late after it, never lapsed.
#[rstest]
#[case(
    "",
    "state running, standing 2026-11-02=running 2026-11-30=running 2026-12-01=running 2026-12-02=overdue 2030-01-01=overdue"
)]
#[case("; responded 2026-11-02", "state met, acted 2026-11-02")]
#[case("; responded 2026-11-30", "state met, standing 2026-12-02=met")]
#[case("; responded 2026-12-01", "state met, acted 2026-12-01, standing 2027-12-02=met")]
#[case(
    "; responded 2026-12-02",
    "state late, acted 2026-12-02, standing 2026-12-02=late 2027-12-02=late"
)]
#[case("; responded 2028-12-02", "state late, acted 2028-12-02")]
#[case("; answered-in-part 2026-11-20", "state running, standing 2026-12-02=overdue")]
#[case(
    "; acknowledged 2026-11-04 due=2026-12-04",
    "due 2026-12-01, state running, standing 2026-12-02=overdue"
)]
#[case("; closed 2026-11-20", "state running, standing 2026-12-02=overdue")]
#[case("; withdrawn 2026-11-20", "state withdrawn, standing 2026-12-02=withdrawn")]
#[case("; responded 2026-11-20; withdrawn 2026-11-25", "state met, acted 2026-11-20")]
// What is sent after the request is withdrawn is no longer owed, so it cannot be late.
#[case(
    "; withdrawn 2026-11-20; responded 2026-12-10",
    "state withdrawn, standing 2026-12-02=withdrawn"
)]
fn rule_1_1_and_1_2_states(#[case] then: &str, #[case] expected: &str) {
    for regime in ["foisa", "eirs"] {
        check(
            &format!("received 2026-11-02 regime={regime}{then}"),
            "response",
            &format!("due 2026-12-01, {expected}"),
        );
    }
}

/// RULE 1.3: every kind of answer by the same day.
#[rstest]
fn rule_1_3_the_same_day_for_every_refusal(
    #[values(
        "full",
        "part",
        "refused",
        "cost",
        "vexatious",
        "repeated",
        "manifestly-unreasonable",
        "not-held",
        "ncnd"
    )]
    outcome: &str,
) {
    check(
        &format!("received 2026-11-02; responded 2026-12-01 outcome={outcome}"),
        "response",
        "state met",
    );
    check(
        &format!("received 2026-11-02; responded 2026-12-02 outcome={outcome}"),
        "response",
        "state late",
    );
}

/// RULE 10.1, reg 5(2)(a); RULE 10.10, hard case 16: no coronavirus time under the Regulations.
#[rstest]
#[case("received 2020-04-14 regime=eirs", "due 2020-05-13, skips 2020-05-08")]
#[case("received 2020-04-14 regime=eirs; responded 2020-05-13", "state met")]
#[case("received 2020-04-14 regime=eirs; responded 2020-05-14", "state late")]
#[case(
    "received 2026-11-02 regime=eirs; responded 2026-12-01",
    "state met, cite EIRs reg 5(2)(a)"
)]
#[case("received 2026-11-02 regime=eirs; responded 2026-12-02", "state late")]
fn rule_10_1_eirs_reg_5_2_a(#[case] told: &str, #[case] expected: &str) {
    check(told, "eirs response", expected);
}

/// RULE 10.0: one letter can carry two clocks, and each part is answered for itself.
#[rstest]
#[case("; responded 2026-12-01", "foisa response", "state met")]
#[case("; responded 2026-12-01", "eirs response", "state met")]
#[case("; responded 2026-11-20 regime=eirs", "foisa response", "state running")]
#[case("; responded 2026-11-20 regime=eirs", "eirs response", "state met")]
#[case(
    "; responded 2026-11-20 regime=eirs; responded 2026-12-02 regime=foisa",
    "foisa response",
    "state late, acted 2026-12-02"
)]
#[case(
    "; responded 2026-11-20 regime=eirs; responded 2026-12-02 regime=foisa",
    "eirs response",
    "state met, acted 2026-11-20"
)]
// Answered early, the two windows part: the Act's from the end of the twenty, the Regulations' from receipt.
#[case("; responded 2026-11-05", "foisa review-window", "due 2027-02-01")]
#[case("; responded 2026-11-05", "eirs review-window", "due 2027-01-07")]
// One requirement is answered under both, by the same day.
#[case(
    "; responded 2026-11-05; review-required 2026-12-14",
    "foisa review-outcome",
    "due 2027-01-15, state running"
)]
#[case(
    "; responded 2026-11-05; review-required 2026-12-14",
    "eirs review-outcome",
    "due 2027-01-15, state running"
)]
// After the Regulations' forty and within the Act's, a review is owed of the one part only.
#[case(
    "; responded 2026-11-05; review-required 2027-01-20",
    "foisa review-outcome",
    "due 2027-02-17, state running"
)]
#[case(
    "; responded 2026-11-05; review-required 2027-01-20",
    "eirs review-outcome",
    "due none, state not-owed"
)]
fn rule_10_0_both_regimes(#[case] then: &str, #[case] which: &str, #[case] expected: &str) {
    check(&format!("received 2026-11-02 regime=both{then}"), which, expected);
}

/// A regime found out later holds from the start.
#[rstest]
#[case(
    "received 2026-11-02; responded 2026-11-05; regime 2026-11-20 regime=eirs",
    "review-window",
    "due 2027-01-07, cite EIRs reg 16(2)"
)]
#[case(
    "received 2026-11-02 regime=eirs; responded 2026-11-05; regime 2026-11-20 regime=foisa",
    "review-window",
    "due 2027-02-01"
)]
#[case("received 2026-11-02; regime 2026-11-20 regime=eirs", "foisa response", "absent")]
fn rule_10_0_a_changed_regime(#[case] told: &str, #[case] which: &str, #[case] expected: &str) {
    check(told, which, expected);
}

#[test]
fn dates_before_the_law_are_refused() {
    assert!(try_deadlines("received 2004-12-31", &Default::default()).is_err());
    assert!(try_deadlines("received 2005-01-01", &Default::default()).is_ok());
    assert_eq!(history("received 2005-01-01").len(), 1);
    assert_eq!(day("2005-01-01").to_string(), "2005-01-01");
}

/// RULE 11.4: beyond the announced years a date says that it may move.
#[rstest]
#[case("received 2028-11-28", "due 2028-12-29, provisional false")]
#[case("received 2028-11-29", "due 2029-01-03, provisional true")]
fn rule_11_4_provisional_beyond_the_announced_years(#[case] told: &str, #[case] expected: &str) {
    check(told, "response", expected);
}

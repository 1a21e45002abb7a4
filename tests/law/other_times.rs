//! Other numbers of days: the Keeper, certain schools and the spring of 2020: RULES 4.1, 4.2, 10.7, 10.10 and
//! 12.1 to 12.3.

use rstest::rstest;

use crate::support::{authority, check, check_for};

/// RULE 4.1, s.10(2) and s.22: thirty working days, only for the Keeper and only for a transferred record that
/// is not open; RULE 10.7, reg 15: none more under the Regulations.
#[rstest]
// Hard case 35.
#[case(
    "keeper",
    "keeper-record",
    "due 2026-12-15, work_to 2026-12-15, skips 2026-11-30, cites s.10(2)"
)]
#[case("keeper", "keeper-record regime=eirs", "due 2026-12-01")]
#[case("keeper", "", "due 2026-12-01, cites s.10(1)(a)")]
#[case("ordinary", "keeper-record", "due 2026-12-01")]
fn rule_4_1_foisa_s10_2(#[case] kind: &str, #[case] record: &str, #[case] expected: &str) {
    check_for(
        &authority(kind),
        &format!("received 2026-11-02 {record}"),
        "response",
        expected,
    );
}

/// RULE 4.1: the reset, the pause and the window work the same way on thirty.
#[rstest]
#[case("; responded 2026-12-15", "response", "state met")]
#[case("; responded 2026-12-16", "response", "state late")]
#[case("", "review-window", "due 2027-02-15, opens 2026-12-15")]
#[case("; responded 2026-11-20", "review-window", "due 2027-02-15, state running")]
#[case(
    "; responded 2026-12-16",
    "review-window",
    "due 2027-02-16, from 2026-12-16 responded"
)]
#[case(
    "; clarification-sought 2026-12-15; clarification-received 2026-12-21",
    "response",
    "due 2027-02-05, from 2026-12-21 clarification-received"
)]
#[case("; clarification-sought 2026-12-16", "response", "due 2026-12-15, state running")]
#[case(
    "; fees-notice 2026-11-10; fee-paid 2026-11-18",
    "response",
    "due 2026-12-24, work_to 2026-12-23"
)]
fn rule_4_1_resets_and_pauses(#[case] then: &str, #[case] which: &str, #[case] expected: &str) {
    check_for(
        &authority("keeper"),
        &format!("received 2026-11-02 keeper-record{then}"),
        which,
        expected,
    );
}

/// RULE 7.1, s.21(2): thirty for the Keeper's review only where another authority must do it, s.22(4).
#[rstest]
#[case("keeper", "outcome=s22-4", "due 2027-03-01, cites s.21(2)")]
#[case("keeper", "", "due 2027-02-15, cites s.21(1)")]
#[case("ordinary", "outcome=s22-4", "due 2027-02-15, cites s.21(1)")]
#[case("keeper", "outcome=s22-4; review-outcome 2027-03-01", "state met")]
#[case("keeper", "outcome=s22-4; review-outcome 2027-03-02", "state late")]
fn rule_7_1_foisa_s21_2(#[case] kind: &str, #[case] how: &str, #[case] expected: &str) {
    check_for(
        &authority(kind),
        &format!("received 2026-11-02 keeper-record; responded 2026-12-01; review-required 2027-01-18 {how}"),
        "review-outcome",
        expected,
    );
}

/// RULE 4.1 with 10.8: the Keeper's review under the Regulations is twenty.
#[test]
fn rule_10_8_has_no_thirty_days() {
    check_for(
        &authority("keeper"),
        "received 2026-11-02 regime=eirs keeper-record; responded 2026-12-01; review-required 2027-01-18 outcome=s22-4",
        "review-outcome",
        "due 2027-02-15",
    );
}

/// RULES 12.1 to 12.3, 2020 asp 7 sch.6 para.3 and 2020 asp 10: sixty working days for an answer of 7 April to
/// 26 May 2020, unless the twenty had ended before 7 April; twenty for any other.
#[rstest]
// Hard case 37.
#[case("2020-04-01", "; responded 2020-05-20", "due 2020-06-29, state met")]
#[case("2020-04-01", "; responded 2020-05-26", "due 2020-06-29, state met")]
// Still unanswered on 27 May: the twenty, so that it was late at once.
#[case("2020-04-01", "; responded 2020-05-27", "due 2020-04-30, state late")]
#[case("2020-04-01", "", "due 2020-04-30, state running, standing 2020-05-01=overdue")]
// Hard case 37c: the twenty had ended on 3 April.
#[case("2020-03-06", "; responded 2020-05-20", "due 2020-04-03, state late")]
#[case("2020-03-06", "", "due 2020-04-03, standing 2020-04-07=overdue")]
// Both sides of that: the twentieth on 6 April had ended, on 7 April it had not.
#[case("2020-03-09", "; responded 2020-04-08", "due 2020-04-06, state late")]
#[case("2020-03-10", "; responded 2020-04-08", "due 2020-06-05, state met")]
#[case("2020-03-10", "; responded 2020-04-07", "due 2020-06-05, state met")]
// Answered before 7 April: the twenty.
#[case("2020-03-10", "; responded 2020-04-06", "due 2020-04-07, state met")]
// Received on the last day of the law and answered on it; received after it.
#[case("2020-05-26", "; responded 2020-05-26", "due 2020-08-19, state met")]
#[case("2020-05-26", "; responded 2020-06-23", "due 2020-06-23, state met")]
#[case("2020-05-27", "; responded 2020-06-25", "due 2020-06-24, state late")]
fn rule_12_2_the_law_of_2020(#[case] received: &str, #[case] then: &str, #[case] expected: &str) {
    check(&format!("received {received}{then}"), "response", expected);
}

/// RULES 12.2 and 6.1: the forty follow the time that was allowed: the sixty where they governed the answer.
#[rstest]
#[case("; responded 2020-05-20", "due 2020-08-25, state running")]
#[case("; responded 2020-05-27", "due 2020-07-22, from 2020-05-27 responded")]
#[case("", "due 2020-06-29, opens 2020-04-30")]
fn rule_12_2_the_window(#[case] then: &str, #[case] expected: &str) {
    check(&format!("received 2020-04-01{then}"), "review-window", expected);
}

/// RULE 12.1: the same for a review.
#[rstest]
#[case("2020-04-01", "; review-outcome 2020-05-20", "due 2020-06-29, state met")]
#[case("2020-04-01", "; review-outcome 2020-05-27", "due 2020-04-30, state late")]
#[case("2020-04-01", "", "due 2020-04-30")]
#[case("2020-03-06", "; review-outcome 2020-05-20", "due 2020-04-03, state late")]
#[case("2020-03-09", "; review-outcome 2020-04-08", "due 2020-04-06, state late")]
#[case("2020-03-10", "; review-outcome 2020-04-08", "due 2020-06-05, state met")]
fn rule_12_1_the_law_of_2020_for_a_review(#[case] required: &str, #[case] then: &str, #[case] expected: &str) {
    check(
        &format!("received 2020-01-20; responded 2020-02-03; review-required {required}{then}"),
        "review-outcome",
        expected,
    );
}

/// RULE 12.1: seventy for the Keeper, where it would be thirty.
#[rstest]
#[case("", "; responded 2020-05-20", "due 2020-06-29, state met")]
#[case("keeper-record", "; responded 2020-05-20", "due 2020-07-13, state met")]
#[case("keeper-record", "; responded 2020-05-27", "due 2020-05-15, state late")]
#[case("keeper-record", "", "due 2020-05-15")]
fn rule_12_1_the_keeper_in_2020(#[case] record: &str, #[case] then: &str, #[case] expected: &str) {
    check_for(
        &authority("keeper"),
        &format!("received 2020-04-01 {record}{then}"),
        "response",
        expected,
    );
}

/// RULE 10.10, hard case 16: the Regulations were not touched.
#[rstest]
#[case("", "due 2020-05-13, skips 2020-05-08")]
#[case("; responded 2020-05-13", "due 2020-05-13, state met")]
#[case("; responded 2020-05-20", "due 2020-05-13, state late")]
fn rule_10_10_eirs_in_2020(#[case] then: &str, #[case] expected: &str) {
    check(&format!("received 2020-04-14 regime=eirs{then}"), "response", expected);
}

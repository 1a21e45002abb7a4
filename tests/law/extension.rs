//! Extension, transfer and a letter under both laws: RULES 10.0, 10.2, 10.3, 10.5 and 10.6.

use rstest::rstest;

use crate::support::check;

/// Hard case 32: received on Monday 2 November 2026; the twentieth working day is 1 December, the fortieth
/// 31 December.
const EIRS: &str = "received 2026-11-02 regime=eirs";

/// RULE 10.2, reg 7: notified "no later than 20 working days after the date of receipt", by up to twenty more.
/// Volume and complexity are both needed, so the unextended day stays on file as a disputed one.
#[rstest]
// Hard case 32: the longest there is, notified on the last day.
#[case(
    "extended 2026-12-01 due=2026-12-31",
    "due 2026-12-31, work_to 2026-12-31, state running, has dispute:2026-12-01, lacks reading, \
     standing 2026-12-31=running 2027-01-01=overdue"
)]
// A shorter one: the day that the applicant was told.
#[case(
    "extended 2026-11-20 due=2026-12-15",
    "due 2026-12-15, work_to 2026-12-15, has dispute:2026-12-01"
)]
#[case(
    "extended 2026-11-20 due=2026-12-15; responded 2026-12-15",
    "state met, acted 2026-12-15"
)]
#[case("extended 2026-11-20 due=2026-12-15; responded 2026-12-16", "state late")]
// Beyond the fortieth working day it is the fortieth.
#[case("extended 2026-12-01 due=2027-01-05", "due 2026-12-31, has dispute:2026-12-01")]
#[case("extended 2026-12-01 due=2027-03-31", "due 2026-12-31")]
// The day told governs, a Saturday too.
#[case(
    "extended 2026-11-20 due=2026-12-12",
    "due 2026-12-12, standing 2026-12-12=running 2026-12-13=overdue"
)]
// Notified too late: no extension.
#[case(
    "extended 2026-12-02 due=2026-12-31",
    "due 2026-12-01, work_to 2026-12-01, state running, standing 2026-12-02=overdue"
)]
#[case("extended 2026-12-02 due=2026-12-31; responded 2026-12-15", "state late")]
// Once only.
#[case(
    "extended 2026-11-20 due=2026-12-15; extended 2026-11-25 due=2026-12-31",
    "due 2026-12-15, has dispute:2026-12-01"
)]
#[case(
    "extended 2026-11-20 due=2026-12-15; extended 2026-12-10 due=2026-12-31",
    "due 2026-12-15"
)]
fn rule_10_2_eirs_reg_7(#[case] then: &str, #[case] expected: &str) {
    check(
        &format!("{EIRS}; {then}"),
        "response",
        &format!("key 1, nature duty, {expected}"),
    );
}

#[test]
fn rule_10_2_the_provision_is_cited() {
    check(
        &format!("{EIRS}; extended 2026-11-20 due=2026-12-15"),
        "response",
        "cites reg 7",
    );
}

/// RULE 10.2: late or a second one is not passed over in silence.
#[rstest]
#[case("extended 2026-12-02 due=2026-12-31")]
#[case("extended 2026-11-20 due=2026-12-15; extended 2026-11-25 due=2026-12-31")]
fn rule_10_2_what_moves_nothing_is_said(#[case] then: &str) {
    use crate::support::{deadlines, pick};
    let plain = pick(
        &deadlines(&format!("{EIRS}; extended 2026-11-20 due=2026-12-15")),
        "response",
    )
    .unwrap()
    .cautions
    .len();
    let all = deadlines(&format!("{EIRS}; {then}"));
    let cautions = &pick(&all, "response").unwrap().cautions;
    let expected = if then.matches("extended").count() == 2 {
        plain + 1
    } else {
        1
    };
    assert!(cautions.len() >= expected, "{cautions:#?}");
}

/// RULE 10.2: the power itself, "no later than 20 working days after the date of receipt". Nobody works to it.
#[rstest]
#[case(
    "",
    "due 2026-12-01, work_to none, state running, from 2026-11-02 received, skips 2026-11-30, \
     standing 2026-12-01=running 2026-12-02=passed"
)]
#[case(
    "; extended 2026-12-01 due=2026-12-31",
    "due 2026-12-01, state met, acted 2026-12-01"
)]
#[case("; extended 2026-11-20 due=2026-12-15", "state met, acted 2026-11-20")]
#[case(
    "; extended 2026-11-20 due=2026-12-15; responded 2026-12-10",
    "state met, acted 2026-11-20"
)]
#[case("; responded 2026-11-20", "state withdrawn")]
#[case("; withdrawn 2026-11-20", "state withdrawn")]
fn rule_10_2_eirs_reg_7_2_the_power(#[case] then: &str, #[case] expected: &str) {
    check(
        &format!("{EIRS}{then}"),
        "extension-notice/authority",
        &format!("key 1, nature power, cites reg 7(2), {expected}"),
    );
}

#[test]
fn rule_10_2_there_is_none_under_foisa() {
    check("received 2026-11-02", "extension-notice", "absent");
    check("received 2026-11-02 regime=both", "foisa extension-notice", "absent");
    check(
        "received 2026-11-02 regime=both",
        "eirs extension-notice",
        "due 2026-12-01",
    );
}

/// RULE 10.3, ambiguity: reg 8(7) does not list reg 7(2), so the last day to notify an extension is not
/// paused; notified after it and before the paused one, it is good on one reading.
#[rstest]
#[case("", "extension-notice", "due 2026-12-01, work_to none")]
#[case(
    "; extended 2026-12-01 due=2026-12-31",
    "response",
    "due 2026-12-31, work_to 2026-12-31, lacks reading"
)]
#[case(
    "; extended 2026-12-02 due=2026-12-31",
    "response",
    "due 2026-12-31, work_to 2026-12-10, has reading:2026-12-10"
)]
#[case(
    "; extended 2026-12-10 due=2026-12-31",
    "response",
    "due 2026-12-31, work_to 2026-12-10, has reading:2026-12-10"
)]
#[case(
    "; extended 2026-12-11 due=2026-12-31",
    "response",
    "due 2026-12-10, work_to 2026-12-10"
)]
#[case(
    "; extended 2026-12-02 due=2026-12-31; responded 2026-12-10",
    "response",
    "state met"
)]
#[case(
    "; extended 2026-12-02 due=2026-12-31; responded 2026-12-11",
    "response",
    "state arguable"
)]
#[case(
    "; extended 2026-12-02 due=2026-12-31; responded 2027-01-04",
    "response",
    "state late"
)]
fn rule_10_3_ambiguity_reg_7_2_under_a_pause(#[case] then: &str, #[case] which: &str, #[case] expected: &str) {
    let charged = format!("{EIRS}; fees-notice 2026-11-10; fee-paid 2026-11-18");
    check(&format!("{charged}{then}"), which, expected);
}

/// RULES 10.2 and 10.4: reg 7 does not reach reg 9, so clarification must be asked for within the first twenty.
#[rstest]
#[case("2026-12-01", "due 2027-01-18, from 2026-12-15 clarification-received")]
#[case("2026-12-02", "due 2026-12-31, from 2026-11-02 received")]
fn rule_10_4_eirs_reg_9_2_under_an_extension(#[case] sought: &str, #[case] expected: &str) {
    check(
        &format!(
            "{EIRS}; extended 2026-11-20 due=2026-12-31; clarification-sought {sought}; \
             clarification-received 2026-12-15"
        ),
        "response",
        expected,
    );
}

/// RULES 10.2 and 10.4, ambiguity: reg 9(4) makes the day of the particulars the date of the request for regs 5(2)(a),
/// 6(2)(a) and 13(a), and does not name reg 7(2). An extension notified after the twentieth working day from the
/// request itself, and within that from the particulars, is good on one reading.
#[rstest]
#[case(
    "",
    "extension-notice",
    "due 2026-12-15, work_to none, state running, cautions reading:2026-12-01"
)]
#[case("", "response", "due 2026-12-15, work_to 2026-12-15, lacks reading")]
#[case(
    "; extended 2026-12-01 due=2027-01-08",
    "response",
    "due 2027-01-08, work_to 2027-01-08, lacks reading, has dispute:2026-12-15"
)]
#[case("; extended 2026-12-01 due=2027-01-08", "extension-notice", "state met")]
#[case(
    "; extended 2026-12-02 due=2027-01-08",
    "response",
    "due 2027-01-08, work_to 2026-12-15, has reading:2026-12-15"
)]
#[case("; extended 2026-12-02 due=2027-01-08", "extension-notice", "state arguable")]
#[case(
    "; extended 2026-12-15 due=2027-01-08",
    "response",
    "due 2027-01-08, work_to 2026-12-15, has reading:2026-12-15"
)]
#[case(
    "; extended 2026-12-16 due=2027-01-08",
    "response",
    "due 2026-12-15, lacks reading, has note"
)]
#[case(
    "; extended 2026-12-02 due=2027-01-08; responded 2026-12-15",
    "response",
    "state met"
)]
#[case(
    "; extended 2026-12-02 due=2027-01-08; responded 2026-12-16",
    "response",
    "state arguable"
)]
#[case(
    "; extended 2026-12-02 due=2027-01-08; responded 2027-01-11",
    "response",
    "state late"
)]
// Another reset is another time, and what was extended before it is behind it.
#[case(
    "; extended 2026-12-02 due=2027-01-08; clarification-sought 2026-12-03; clarification-received 2026-12-10",
    "response",
    "due 2027-01-13, lacks reading"
)]
fn rule_10_2_ambiguity_reg_7_2_after_clarification(#[case] then: &str, #[case] which: &str, #[case] expected: &str) {
    let clarified = format!("{EIRS}; clarification-sought 2026-11-10; clarification-received 2026-11-16");
    check(&format!("{clarified}{then}"), which, expected);
}

/// A request that was not valid was none, and its time begins when it is made so: reg 7(2) too.
#[test]
fn rule_10_2_reg_7_2_of_a_request_made_valid() {
    let made_valid = format!("{EIRS}; not-valid 2026-11-10; made-valid 2026-11-16");
    check(&made_valid, "extension-notice", "due 2026-12-15, cautions none");
    let extended = format!("{made_valid}; extended 2026-12-02 due=2027-01-08");
    check(&extended, "response", "due 2027-01-08, lacks reading");
}

/// RULES 10.2 and 10.3: a charge after the extension pauses what is left of it.
#[test]
fn rule_10_3_a_pause_of_an_extended_time() {
    check(
        &format!("{EIRS}; extended 2026-11-20 due=2026-12-15; fees-notice 2026-12-02; fee-paid 2026-12-08"),
        "response",
        "due 2026-12-22, has dispute:2026-12-01",
    );
}

/// RULES 10.2 and 10.8: without an answer the forty run from the extended day.
#[rstest]
#[case("", "due 2027-03-01, opens 2026-12-31, state pending")]
#[case("; responded 2026-12-31", "due 2027-03-01, from 2026-12-31 responded, state running")]
#[case("; responded 2026-12-15", "due 2027-02-15, from 2026-12-15 responded, state running")]
fn rule_10_2_the_window(#[case] then: &str, #[case] expected: &str) {
    check(
        &format!("{EIRS}; extended 2026-12-01 due=2026-12-31{then}"),
        "review-window",
        expected,
    );
}

/// RULE 10.0: one letter under both laws carries two clocks; only the Regulations' part is extended, and both
/// windows are there.
#[rstest]
#[case("", "foisa response", "due 2026-12-01, cautions none, standing 2026-12-02=overdue")]
#[case(
    "",
    "eirs response",
    "due 2026-12-31, has dispute:2026-12-01, standing 2026-12-02=running"
)]
#[case("; responded 2026-12-15", "foisa response", "state late")]
#[case("; responded 2026-12-15", "eirs response", "state met")]
#[case("; responded 2026-12-01", "foisa review-window", "due 2027-02-01")]
#[case(
    "; responded 2026-12-15",
    "foisa review-window",
    "due 2027-02-15, from 2026-12-15 responded"
)]
#[case("; responded 2026-12-15 regime=eirs", "foisa response", "state running")]
#[case("; responded 2026-12-15 regime=eirs", "eirs review-window", "due 2027-02-15")]
fn rule_10_0_both_laws(#[case] then: &str, #[case] which: &str, #[case] expected: &str) {
    check(
        &format!("received 2026-11-02 regime=both; extended 2026-12-01 due=2026-12-31{then}"),
        which,
        expected,
    );
}

/// A change of regime derives the case as if it had been so from the start.
#[rstest]
#[case(
    "received 2026-11-02; regime 2026-11-20 regime=eirs; extended 2026-12-01 due=2026-12-31",
    "received 2026-11-02 regime=eirs; note 2026-11-20; extended 2026-12-01 due=2026-12-31"
)]
#[case(
    "received 2026-11-02 posted; responded 2026-11-10; regime 2026-11-20 regime=eirs",
    "received 2026-11-02 posted regime=eirs; responded 2026-11-10; note 2026-11-20"
)]
#[case(
    "received 2026-11-02 regime=eirs; responded 2026-11-10; regime 2026-11-20 regime=foisa",
    "received 2026-11-02; responded 2026-11-10; note 2026-11-20"
)]
#[case(
    "received 2026-11-02; fees-notice 2026-11-10; regime 2026-11-20 regime=both; fee-paid 2026-11-24",
    "received 2026-11-02 regime=both; fees-notice 2026-11-10; note 2026-11-20; fee-paid 2026-11-24"
)]
fn rule_10_0_another_regime(#[case] changed: &str, #[case] from_the_start: &str) {
    use crate::support::deadlines;
    assert_eq!(deadlines(changed), deadlines(from_the_start));
}

/// RULE 10.6, reg 14, hard case 43: a transfer alone is no refusal notice, which is due by the twentieth
/// working day; the other authority's clock begins with its own receipt.
#[rstest]
#[case(
    "received 2026-11-02 regime=eirs; transferred 2026-11-13",
    "due 2026-12-01, state running, has note, standing 2026-12-02=overdue"
)]
#[case(
    "received 2026-11-02 regime=eirs; transferred 2026-11-13; responded 2026-12-01",
    "state met"
)]
#[case("received 2026-11-16 regime=eirs", "due 2026-12-15")]
fn rule_10_6_eirs_reg_14(#[case] told: &str, #[case] expected: &str) {
    check(told, "response", expected);
}

/// RULE 14.2, and what meets nothing: an acknowledgement that told another day than the law's is pointed out;
/// an answer to a part leaves the clock running.
#[rstest]
#[case(
    "acknowledged 2026-11-04 due=2026-12-04",
    "due 2026-12-01, work_to 2026-12-01, has note:2026-12-04"
)]
#[case("acknowledged 2026-11-04 due=2026-11-30", "due 2026-12-01, has note:2026-11-30")]
#[case("acknowledged 2026-11-04 due=2026-12-01", "due 2026-12-01, cautions none")]
#[case("acknowledged 2026-11-04", "due 2026-12-01, cautions none")]
#[case("answered-in-part 2026-11-20", "due 2026-12-01, state running, has note")]
#[case("answered-in-part 2026-11-20; responded 2026-12-02", "state late")]
fn rule_14_2_what_moves_nothing(#[case] then: &str, #[case] expected: &str) {
    for regime in ["foisa", "eirs"] {
        check(
            &format!("received 2026-11-02 regime={regime}; {then}"),
            "response",
            expected,
        );
    }
}

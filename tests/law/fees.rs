//! Fees: RULES 3.1, 3.3 and 10.3.

use rstest::rstest;

use crate::support::check;

/// Received on Tuesday 1 September 2026 (an answer due by 29 September), a fees notice on the tenth working day.
const CHARGED: &str = "received 2026-09-01; fees-notice 2026-09-15";

fn charged(regime: &str) -> String {
    CHARGED.replacen("2026-09-01", &format!("2026-09-01 regime={regime}"), 1)
}

/// RULE 3.1, s.10(3): once the fee is duly paid, the working days from the notice to the payment are
/// disregarded, both ends included. The notice day may count as used: one working day earlier.
#[rstest]
// Hard case 22.
#[case(
    "fee-paid 2026-10-06",
    "due 2026-10-21, work_to 2026-10-20, state running, has reading:2026-10-20, \
     standing 2026-10-20=running 2026-10-21=past-safe-date 2026-10-22=overdue"
)]
#[case("fee-paid 2026-10-06; responded 2026-10-20", "state met")]
#[case("fee-paid 2026-10-06; responded 2026-10-21", "state arguable, acted 2026-10-21")]
#[case("fee-paid 2026-10-06; responded 2026-10-22", "state late")]
// Paid on the day of the notice: one day is disregarded.
#[case("fee-paid 2026-09-15", "due 2026-09-30, work_to 2026-09-29")]
// Paid at a weekend: the working days to the Friday are disregarded.
#[case("fee-paid 2026-10-03", "due 2026-10-19, work_to 2026-10-16")]
#[case("fee-paid 2026-10-02", "due 2026-10-19, work_to 2026-10-16")]
// Hard case 23: the last day to pay, and the day after it.
#[case("fee-paid 2026-12-14", "due 2026-12-31, work_to 2026-12-30, state running")]
#[case("fee-paid 2026-12-15", "state not-owed, standing 2026-12-31=not-owed")]
fn rule_3_1_foisa_s10_3(#[case] then: &str, #[case] expected: &str) {
    check(&format!("{CHARGED}; {then}"), "response", &format!("key 1, {expected}"));
}

/// RULE 3.1, s.9(3) "paid" and s.10(3)(b) "received": a fee sent within the three months that comes after them. On
/// one reading nothing is owed; the authority works to the other.
#[rstest]
#[case(
    "2026-12-14 received=2026-12-15",
    "due 2027-01-05, work_to 2026-12-31, state running, has dispute, standing 2026-12-31=running 2027-01-06=overdue",
    "state arguable, acted 2026-12-15"
)]
#[case(
    "2026-12-14 posted",
    "due 2027-01-07, work_to 2027-01-06, state running, has dispute",
    "state arguable, acted 2026-12-17"
)]
#[case("2026-12-11 posted", "due 2026-12-31, lacks dispute", "state met, acted 2026-12-14")]
#[case(
    "2026-12-14",
    "due 2026-12-31, state running, lacks dispute",
    "state met, acted 2026-12-14"
)]
#[case("2026-12-15", "state not-owed, lacks dispute", "state late, acted 2026-12-15")]
#[case("2026-12-15 received=2026-12-16", "state not-owed", "state late")]
fn rule_3_1_a_fee_sent_in_time_that_comes_late(#[case] paid: &str, #[case] response: &str, #[case] payment: &str) {
    let told = format!("{CHARGED}; fee-paid {paid}");
    check(&told, "response", response);
    check(&told, "fee-payment", payment);
}

/// RULE 3.1, ambiguity: a notice on a day that does not count leaves no doubt; a notice on the day before.
#[rstest]
#[case("2026-09-12", "due 2026-10-22, work_to 2026-10-22, lacks reading")]
#[case("2026-09-11", "due 2026-10-23, work_to 2026-10-22, has reading:2026-10-22")]
#[case("2026-09-28", "due 2026-10-08, work_to 2026-10-07, has reading:2026-10-07")]
// On the last day: one day is left, or none.
#[case("2026-09-29", "due 2026-10-07, work_to 2026-10-06, has reading:2026-10-06")]
fn rule_3_1_ambiguity_the_notice_day(#[case] notice: &str, #[case] expected: &str) {
    check(
        &format!("received 2026-09-01; fees-notice {notice}; fee-paid 2026-10-06"),
        "response",
        expected,
    );
}

/// RULE 3.1: until the fee is paid nothing is due; after the last day to pay nothing is owed.
#[rstest]
#[case(
    "foisa",
    "",
    "due none, work_to none, state suspended, \
     standing 2026-09-30=suspended 2026-12-14=suspended 2026-12-15=not-owed 2027-12-15=not-owed"
)]
#[case(
    "eirs",
    "",
    "due none, work_to none, state suspended, \
     standing 2026-09-30=suspended 2026-12-08=suspended 2026-12-09=not-owed"
)]
#[case("eirs", " received=2026-09-18", "standing 2026-12-11=suspended 2026-12-12=not-owed")]
#[case("eirs", " posted", "standing 2026-12-11=suspended 2026-12-12=not-owed")]
// Under the Act giving is sending (s.74(1)(a)).
#[case("foisa", " posted", "standing 2026-12-14=suspended 2026-12-15=not-owed")]
// Given all the same.
#[case("foisa", "; responded 2026-10-20", "due none, state met, acted 2026-10-20")]
#[case("eirs", "; responded 2026-10-20", "due none, state met, acted 2026-10-20")]
#[case("foisa", "; responded 2027-01-20", "due none, state met, acted 2027-01-20")]
#[case("foisa", "; withdrawn 2026-10-20", "state withdrawn")]
#[case(
    "foisa",
    "; closed 2026-12-20 outcome=fee-unpaid",
    "due none, standing 2026-12-21=not-owed"
)]
fn rule_3_1_foisa_s9_3_and_rule_10_3_eirs_reg_8_5_unpaid(
    #[case] regime: &str,
    #[case] then: &str,
    #[case] expected: &str,
) {
    check(&format!("{}{then}", charged(regime)), "response", expected);
}

/// RULE 3.1, s.9(3): "three months beginning with the day" of the notice: the applicant's right.
#[rstest]
// Hard case 23.
#[case(
    "2026-09-15",
    "due 2026-12-14, state running, nature right, key 2, from 2026-09-15 fees-notice, skips none, \
     standing 2026-12-14=running 2026-12-15=out-of-time"
)]
#[case("2026-09-15; fee-paid 2026-10-06", "due 2026-12-14, state met, acted 2026-10-06")]
#[case("2026-09-15; fee-paid 2026-12-14", "state met")]
#[case("2026-09-15; fee-paid 2026-12-15", "state late")]
fn rule_3_1_foisa_s9_3_the_last_day_to_pay(#[case] notice: &str, #[case] expected: &str) {
    check(
        &format!("received 2026-09-01; fees-notice {notice}"),
        "fee-payment/applicant",
        &format!("cites s.9(3), {expected}"),
    );
}

/// RULE 0.5: months that begin with a day end the day before its like, or with the month.
#[rstest]
#[case("2026-04-20", "2026-05-01", "2026-07-31")]
#[case("2026-11-20", "2026-11-30", "2027-02-28")]
#[case("2027-11-20", "2027-11-30", "2028-02-29")]
#[case("2026-11-20", "2026-11-28", "2027-02-27")]
#[case("2026-11-20", "2026-11-29", "2027-02-28")]
#[case("2026-11-20", "2026-12-01", "2027-02-28")]
#[case("2026-08-20", "2026-08-31", "2026-11-30")]
#[case("2026-10-20", "2026-10-31", "2027-01-30")]
fn rule_0_5_three_months_beginning_with_a_day(#[case] received: &str, #[case] notice: &str, #[case] due: &str) {
    check(
        &format!("received {received}; fees-notice {notice}"),
        "fee-payment",
        &format!("due {due}"),
    );
}

/// RULE 3.1, s.9(3) with hard case 23c: the time for a review keeps the unpaused twentieth day until payment
/// moves it.
#[rstest]
#[case(
    "",
    "due 2026-11-24, opens 2026-09-29, state pending, standing 2026-09-29=pending 2026-09-30=running 2026-11-25=out-of-time"
)]
#[case("; fee-paid 2026-10-06", "due 2026-12-17, opens 2026-10-21, state pending")]
#[case("; fee-paid 2026-10-06; responded 2026-10-20", "due 2026-12-17, state running")]
#[case(
    "; fee-paid 2026-10-06; responded 2026-10-22",
    "due 2026-12-18, from 2026-10-22 responded, cites s.20(5)(b)"
)]
// Answered between the safe date and the last day: the doubt travels into the window.
#[case(
    "; fee-paid 2026-10-06; responded 2026-10-21",
    "due 2026-12-17, state running, has reading:2026-12-17"
)]
#[case("; fee-paid 2026-10-06; responded 2026-10-20", "due 2026-12-17, lacks reading")]
// Paid too late: no pause takes effect.
#[case("; fee-paid 2026-12-15", "due 2026-11-24, opens 2026-09-29")]
fn rule_3_1_foisa_the_window(#[case] then: &str, #[case] expected: &str) {
    check(
        &format!("{CHARGED}{then}"),
        "review-window",
        &format!("key 1, {expected}"),
    );
}

/// RULE 3.1: a fees notice given outwith the time is late, is no pause, and opens limb (b) from its receipt.
#[rstest]
#[case(
    "2026-09-30",
    "response",
    "due 2026-09-29, state running, standing 2026-09-30=overdue 2027-09-30=overdue"
)]
#[case(
    "2026-09-30; fee-paid 2026-10-06",
    "response",
    "due 2026-09-29, state running, standing 2026-10-07=overdue"
)]
#[case("2026-09-30; fee-paid 2026-10-06; responded 2026-10-07", "response", "state late")]
#[case(
    "2026-09-30",
    "review-window",
    "due 2026-11-25, from 2026-09-30 fees-notice, state running, cites s.20(5)(b), key 1"
)]
#[case("2026-09-30 posted", "review-window", "due 2026-11-27, from 2026-10-03 fees-notice")]
#[case(
    "2026-09-30; responded 2026-10-20",
    "review-window",
    "due 2026-12-16, from 2026-10-20 responded"
)]
// On the last day it is in time.
#[case("2026-09-29", "response", "due none, state suspended")]
#[case("2026-09-29", "review-window", "due 2026-11-24, opens 2026-09-29")]
// Posting is giving: a notice posted on the last day is in time, whenever it comes.
#[case("2026-09-29 posted", "response", "due none, state suspended")]
fn rule_3_1_foisa_a_late_fees_notice(#[case] notice: &str, #[case] which: &str, #[case] expected: &str) {
    check(&format!("received 2026-09-01; fees-notice {notice}"), which, expected);
}

/// RULE 10.3, reg 8(7): no working day from the notice to the payment counts, whenever it is paid.
#[rstest]
#[case("fee-paid 2026-10-06", "due 2026-10-21, state running")]
#[case("fee-paid 2026-12-08", "state running")]
// After the sixty working days the pause is as good.
#[case(
    "fee-paid 2027-02-01",
    "due 2027-02-16, state running, standing 2027-02-16=running 2027-02-17=overdue"
)]
#[case("fee-paid 2027-02-01; responded 2027-02-17", "state late")]
fn rule_10_3_eirs_reg_8_7(#[case] then: &str, #[case] expected: &str) {
    check(
        &format!("{}; {then}", charged("eirs")),
        "response",
        &format!("key 1, {expected}"),
    );
}

/// RULE 10.3, reg 8(6): "60 working days beginning with the day": the day of the notice is the first, if it is
/// a working day.
#[rstest]
#[case(
    "2026-09-15",
    "due 2026-12-08, key 2, nature right, from 2026-09-15 fees-notice, state running, skips 2026-11-30, \
     standing 2026-12-08=running 2026-12-09=out-of-time"
)]
#[case("2026-09-12", "due 2026-12-07, cautions none")]
#[case("2026-09-15; fee-paid 2026-12-08", "state met")]
#[case("2026-09-15; fee-paid 2026-12-09", "state late")]
// The applicant is notified when it comes, and while that is unknown on the third day after posting.
#[case(
    "2026-09-15 received=2026-09-18",
    "due 2026-12-11, work_to 2026-12-11, from 2026-09-18 fees-notice, cautions none, \
     standing 2026-12-11=running 2026-12-12=out-of-time"
)]
#[case(
    "2026-09-15 posted",
    "due 2026-12-11, work_to 2026-12-11, from 2026-09-18 fees-notice, cautions reading:2026-12-09"
)]
#[case(
    "2026-09-15 posted received=2026-09-16",
    "due 2026-12-09, work_to 2026-12-09, cautions none"
)]
#[case("2026-09-15 posted; fee-paid 2026-12-09", "state met")]
#[case("2026-09-15 posted; fee-paid 2026-12-11", "state met")]
#[case("2026-09-15 posted; fee-paid 2026-12-12", "state late")]
fn rule_10_3_eirs_reg_8_6(#[case] notice: &str, #[case] expected: &str) {
    check(
        &format!("received 2026-09-01 regime=eirs; fees-notice {notice}"),
        "fee-payment",
        &format!("cites reg 8(6), {expected}"),
    );
}

/// RULES 10.3 and 10.8: the notice of a charge is a notification, and the forty run from its receipt while
/// nothing else has come.
#[rstest]
#[case("", "due 2026-11-10, from 2026-09-15 fees-notice, state running")]
#[case("; fee-paid 2026-10-06", "due 2026-12-17, opens 2026-10-21, state pending")]
#[case(
    "; fee-paid 2026-10-06; responded 2026-10-20",
    "due 2026-12-16, from 2026-10-20 responded"
)]
#[case("; responded 2026-10-20", "due 2026-12-16, from 2026-10-20 responded")]
fn rule_10_3_eirs_the_window(#[case] then: &str, #[case] expected: &str) {
    check(
        &format!("{}{then}", charged("eirs")),
        "review-window",
        &format!("key 1, {expected}"),
    );
}

/// RULES 5.1 and 6.1: the last day that a fees notice names keeps the applicant's window open if it is later.
#[rstest]
#[case(
    "foisa",
    "2026-09-30 due=2026-12-04",
    "due 2026-11-25, work_to 2026-12-04, advised 2026-12-04 letter"
)]
#[case(
    "foisa",
    "2026-09-15 due=2026-12-04",
    "due 2026-11-24, work_to 2026-12-04, opens 2026-09-29"
)]
#[case("foisa", "2026-09-15 due=2026-11-10", "due 2026-11-24, work_to 2026-11-24")]
#[case(
    "eirs",
    "2026-09-15 due=2026-11-17",
    "due 2026-11-10, work_to 2026-11-17, advised 2026-11-17 letter"
)]
#[case(
    "eirs",
    "2026-09-15 due=2026-11-17; fee-paid 2026-10-06",
    "due 2026-12-17, advised none"
)]
fn rule_6_1_the_notices_own_date(#[case] regime: &str, #[case] notice: &str, #[case] expected: &str) {
    check(
        &format!("received 2026-09-01 regime={regime}; fees-notice {notice}"),
        "review-window",
        expected,
    );
}

/// RULES 2.1 and 3.1: a fee paid before the request proved unclear is spent; one asked after it pauses the new
/// twenty.
#[rstest]
#[case(
    "fees-notice 2026-09-08; fee-paid 2026-09-10; clarification-sought 2026-09-28; clarification-received 2026-10-15",
    "due 2026-11-12, work_to 2026-11-12, from 2026-10-15 clarification-received"
)]
#[case(
    "clarification-sought 2026-09-28; clarification-received 2026-10-15; fees-notice 2026-10-29; fee-paid 2026-11-05",
    "due 2026-11-20, work_to 2026-11-19, from 2026-10-15 clarification-received"
)]
// Two fees: both periods are disregarded.
#[case(
    "fees-notice 2026-09-08; fee-paid 2026-09-10; fees-notice 2026-09-22; fee-paid 2026-09-24",
    "due 2026-10-07"
)]
// Asked and charged in one letter: both must come before anything can be due, in whichever order.
#[case(
    "clarification-sought 2026-09-15; fees-notice 2026-09-15; clarification-received 2026-09-22; fee-paid 2026-10-06",
    "due 2026-11-03, state running, from 2026-09-22 clarification-received"
)]
#[case(
    "clarification-sought 2026-09-15; fees-notice 2026-09-15; fee-paid 2026-09-22; clarification-received 2026-10-06",
    "due 2026-11-03, work_to 2026-11-03, state running, from 2026-10-06 clarification-received"
)]
#[case(
    "clarification-sought 2026-09-15; fees-notice 2026-09-15; clarification-received 2026-09-22",
    "due none, state suspended, standing 2026-12-14=suspended 2026-12-15=not-owed"
)]
#[case(
    "clarification-sought 2026-09-15; fees-notice 2026-09-15; fee-paid 2026-09-22",
    "due none, state suspended"
)]
// Asked while the fee is outstanding: the time has not run out.
#[case(
    "fees-notice 2026-09-15; clarification-sought 2026-10-12; fee-paid 2026-10-14; clarification-received 2026-10-20",
    "due 2026-11-17, from 2026-10-20 clarification-received"
)]
fn rules_2_1_and_3_1_together(#[case] then: &str, #[case] expected: &str) {
    check(&format!("received 2026-09-01; {then}"), "response", expected);
}

/// RULES 2.1, 3.1 and 6.1: a fees notice given while clarification is awaited is not late.
#[test]
fn rules_2_1_and_3_1_the_window_of_both() {
    check(
        "received 2026-09-01; clarification-sought 2026-09-15; fees-notice 2026-09-15; \
         clarification-received 2026-09-22; fee-paid 2026-10-06",
        "review-window",
        "due 2027-01-05, opens 2026-11-03, state pending",
    );
}

/// RULE 3.3, SSI 2004/467 reg 6: where the authority publishes to all, it is twenty working days from the first
/// of the requests.
#[rstest]
#[case(
    "received 2026-09-08 first-received=2026-09-01",
    "due 2026-10-06, work_to 2026-09-29, has reading:2026-09-29"
)]
#[case(
    "received 2026-09-08 first-received=2026-09-01 regime=eirs",
    "due 2026-10-06, work_to 2026-10-06"
)]
#[case(
    "received 2026-09-01 first-received=2026-09-01",
    "due 2026-09-29, work_to 2026-09-29"
)]
#[case(
    "received 2026-09-08 first-received=2026-09-01; responded 2026-09-30",
    "state arguable"
)]
fn rule_3_3_fees_regulations_reg_6(#[case] told: &str, #[case] expected: &str) {
    check(told, "response", expected);
}

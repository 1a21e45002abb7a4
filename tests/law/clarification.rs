//! Clarification and validity: RULES 0.4, 2.1, 2.2 and 10.4.

use rstest::rstest;

use crate::support::check;

/// Hard cases 19 to 21: received on Tuesday 1 September 2026, so that an answer is due by 29 September.
const ASKED: &str = "received 2026-09-01; clarification-sought 2026-09-28";

/// RULE 2.1, s.1(3) and s.10(1)(b); RULE 10.4, reg 9(4): all twenty days again, from receipt of the further
/// information. The first day stays on file as a disputed one: the demand may not have been reasonable.
#[rstest]
// Hard case 19. A law that paused would have given 16 or 19 October (RULE 2.2).
#[case(
    "clarification-received 2026-10-15",
    "due 2026-11-12, work_to 2026-11-12, state running, from 2026-10-15 clarification-received, skips none, \
     has dispute:2026-09-29, standing 2026-11-12=running 2026-11-13=overdue"
)]
#[case(
    "clarification-received 2026-10-15; responded 2026-11-12",
    "due 2026-11-12, state met, acted 2026-11-12"
)]
#[case("clarification-received 2026-10-15; responded 2026-11-13", "state late")]
// The day of receipt is never counted: on the day of the demand itself, at a weekend.
#[case("clarification-received 2026-09-28", "due 2026-10-26")]
#[case(
    "clarification-received 2026-10-17",
    "due 2026-11-13, from 2026-10-17 clarification-received"
)]
#[case("clarification-received 2026-10-15 received=2026-10-19", "due 2026-11-16")]
// Hard case 20: never answered.
#[case(
    "",
    "due none, work_to none, state suspended, has dispute:2026-09-29, \
     standing 2026-09-30=suspended 2027-09-30=suspended"
)]
// Answered all the same: nothing was owed by any day, so it is met.
#[case("responded 2026-10-20", "due none, state met, acted 2026-10-20")]
#[case("withdrawn 2026-10-20", "state withdrawn")]
#[case("closed 2026-12-20 outcome=unclarified", "due none, state suspended")]
#[case(
    "closed 2026-12-20 outcome=unclarified; clarification-received 2027-01-11",
    "due 2027-02-08, state running, from 2027-01-11 clarification-received"
)]
fn rule_2_1_foisa_s10_1_b_and_rule_10_4_eirs_reg_9_4(#[case] then: &str, #[case] expected: &str) {
    for regime in ["foisa", "eirs"] {
        let asked = ASKED.replacen("2026-09-01", &format!("2026-09-01 regime={regime}"), 1);
        check(
            &format!("{asked}; {then}"),
            "response",
            &format!("key 1, nature duty, {expected}"),
        );
    }
}

#[rstest]
#[case("foisa", "FOISA s.10(1)(b)")]
#[case("eirs", "reg 9(4)")]
fn rule_2_1_the_provision_is_cited(#[case] regime: &str, #[case] cite: &str) {
    check(
        &format!(
            "received 2026-09-01 regime={regime}; clarification-sought 2026-09-28; clarification-received 2026-10-15"
        ),
        "response",
        &format!("cites {cite}"),
    );
}

/// RULES 2.1 and 0.3: a posted answer to the demand comes on the third day under FOISA; under the Regulations
/// the day after posting, the third day being the other reading.
#[rstest]
#[case("foisa", "2026-10-15", "due 2026-11-13, from 2026-10-18 clarification-received")]
#[case("foisa", "2026-10-12", "due 2026-11-12, from 2026-10-15 clarification-received")]
#[case(
    "eirs",
    "2026-10-12",
    "due 2026-11-10, work_to 2026-11-10, from 2026-10-13 clarification-received, has reading:2026-11-12"
)]
fn rule_2_1_posted(#[case] regime: &str, #[case] on: &str, #[case] expected: &str) {
    check(
        &format!(
            "received 2026-09-01 regime={regime}; clarification-sought 2026-09-28; clarification-received {on} posted"
        ),
        "response",
        expected,
    );
}

/// RULE 2.1, asked by when: on the last day it still resets; after it, it cannot cure the breach.
#[rstest]
#[case("2026-09-29", "due 2026-11-12, state running")]
#[case(
    "2026-09-30",
    "due 2026-09-29, work_to 2026-09-29, state running, from 2026-09-01 received, standing 2026-10-01=overdue"
)]
fn rule_2_1_asked_by_when(#[case] sought: &str, #[case] expected: &str) {
    for regime in ["foisa", "eirs"] {
        check(
            &format!(
                "received 2026-09-01 regime={regime}; clarification-sought {sought}; clarification-received 2026-10-15"
            ),
            "response",
            expected,
        );
    }
}

#[test]
fn rule_2_1_asked_too_late_suspends_nothing() {
    for regime in ["foisa", "eirs"] {
        check(
            &format!("received 2026-09-01 regime={regime}; clarification-sought 2026-09-30"),
            "response",
            "due 2026-09-29, state running, standing 2026-09-30=overdue",
        );
    }
}

/// RULE 2.1, hard case 21: a demand that was not reasonable leaves the first clock running.
#[rstest]
#[case("", "due 2026-09-29, state running, standing 2026-09-30=overdue")]
#[case(
    "; clarification-received 2026-10-15",
    "due 2026-09-29, state running, from 2026-09-01 received, standing 2026-10-20=overdue"
)]
#[case(
    "; clarification-received 2026-10-15; responded 2026-10-16",
    "due 2026-09-29, state late"
)]
fn rule_2_1_a_demand_that_was_not_reasonable(#[case] then: &str, #[case] expected: &str) {
    check(
        &format!("received 2026-09-01; clarification-sought 2026-09-28 outcome=not-needed{then}"),
        "response",
        expected,
    );
}

/// RULE 2.1, ambiguity (i): each round resets again, and the clock before it is the disputed one.
#[rstest]
#[case(
    "clarification-sought 2026-10-20; clarification-received 2026-11-02",
    "due 2026-12-01, work_to 2026-12-01, from 2026-11-02 clarification-received, has dispute:2026-11-12"
)]
#[case(
    "clarification-sought 2026-10-20",
    "due none, state suspended, has dispute:2026-11-12"
)]
// The second went out on the day the answer to the first came, and it is the answer to the second that counts.
#[case(
    "clarification-sought 2026-10-15",
    "due none, state suspended, has dispute:2026-11-12"
)]
#[case(
    "clarification-sought 2026-10-15; clarification-received 2026-10-20",
    "due 2026-11-17, from 2026-10-20 clarification-received, has dispute:2026-11-12"
)]
// The second demand came after the time that the first had set.
#[case(
    "clarification-sought 2026-11-13; clarification-received 2026-11-20",
    "due 2026-11-12, from 2026-10-15 clarification-received"
)]
fn rule_2_1_ambiguity_repeated_demands(#[case] then: &str, #[case] expected: &str) {
    check(
        &format!("{ASKED}; clarification-received 2026-10-15; {then}"),
        "response",
        expected,
    );
}

/// RULE 2.1, ambiguity (ii): a demand about a part of a letter leaves the other part's clock alone.
#[rstest]
#[case("foisa response", "due none, state suspended")]
#[case("eirs response", "due 2026-09-29, state running, cautions none")]
fn rule_2_1_ambiguity_mixed_requests(#[case] which: &str, #[case] expected: &str) {
    check(
        "received 2026-09-01 regime=both; clarification-sought 2026-09-28 regime=foisa",
        which,
        expected,
    );
}

/// RULES 2.1 and 6.1: the time for a review under clarification. While it is awaited there is no day; the
/// applicant may say that the demand was not reasonable, and then it is forty after the first twenty.
#[rstest]
#[case("", "due none, state suspended, has dispute:2026-11-24")]
#[case(
    "; clarification-received 2026-10-15",
    "due 2027-01-14, opens 2026-11-12, state pending, \
     standing 2026-11-12=pending 2026-11-13=running 2027-01-14=running 2027-01-15=out-of-time"
)]
#[case(
    "; clarification-received 2026-10-15; responded 2026-10-20",
    "due 2027-01-14, state running, advised 2026-12-16 usual"
)]
#[case(
    "; clarification-received 2026-10-15; responded 2026-11-13",
    "due 2027-01-15, state running, from 2026-11-13 responded, cites s.20(5)(b)"
)]
// Answered while it is awaited: forty from receipt of the answer.
#[case(
    "; responded 2026-10-20",
    "due 2026-12-16, work_to 2026-12-16, from 2026-10-20 responded, state running, has dispute:2026-11-24"
)]
#[case(
    "; responded 2026-09-28",
    "due 2026-11-23, work_to 2026-11-24, has dispute:2026-11-24"
)]
#[case("; withdrawn 2026-10-20", "state withdrawn")]
fn rule_2_1_foisa_the_window(#[case] then: &str, #[case] expected: &str) {
    check(
        &format!("{ASKED}{then}"),
        "review-window",
        &format!("key 1, {expected}"),
    );
}

/// RULES 10.4 and 10.8: the same under the Regulations, where the answer's receipt starts the forty anyway.
#[rstest]
#[case("", "due none, state suspended, has dispute:2026-11-24")]
#[case(
    "; clarification-received 2026-10-15",
    "due 2027-01-14, opens 2026-11-12, state pending"
)]
#[case(
    "; clarification-received 2026-10-15; responded 2026-10-20",
    "due 2026-12-16, from 2026-10-20 responded"
)]
#[case(
    "; responded 2026-10-20",
    "due 2026-12-16, from 2026-10-20 responded, has dispute:2026-11-24"
)]
fn rule_10_4_eirs_the_window(#[case] then: &str, #[case] expected: &str) {
    let asked = ASKED.replacen("2026-09-01", "2026-09-01 regime=eirs", 1);
    check(
        &format!("{asked}{then}"),
        "review-window",
        &format!("key 1, {expected}"),
    );
}

/// RULE 0.4, s.8: a request that is not valid starts no clock; one made valid starts it then.
#[rstest]
#[case(
    "not-valid 2026-09-08",
    "due none, work_to none, state suspended, has dispute:2026-09-29, standing 2026-10-30=suspended"
)]
#[case(
    "not-valid 2026-09-08; made-valid 2026-10-15",
    "due 2026-11-12, work_to 2026-11-12, from 2026-10-15 made-valid, state running, has dispute:2026-09-29"
)]
#[case("not-valid 2026-09-08; made-valid 2026-10-15; responded 2026-11-12", "state met")]
#[case("not-valid 2026-09-08; made-valid 2026-10-15; responded 2026-11-13", "state late")]
#[case(
    "not-valid 2026-09-08; made-valid 2026-10-12 posted",
    "due 2026-11-12, from 2026-10-15 made-valid"
)]
#[case("not-valid 2026-09-08; responded 2026-10-20", "due none, state met")]
#[case(
    "not-valid 2026-09-08; made-valid 2026-09-10; not-valid 2026-09-14; made-valid 2026-10-15",
    "due 2026-11-12, from 2026-10-15 made-valid"
)]
// Made valid and then unclear.
#[case(
    "not-valid 2026-09-08; made-valid 2026-09-10; clarification-sought 2026-10-08; clarification-received 2026-10-15",
    "due 2026-11-12, from 2026-10-15 clarification-received, has dispute:2026-10-08"
)]
fn rule_0_4_foisa_s8(#[case] then: &str, #[case] expected: &str) {
    check(
        &format!("received 2026-09-01; {then}"),
        "response",
        &format!("key 1, {expected}"),
    );
}

#[rstest]
#[case("not-valid 2026-09-08", "due none, state suspended, has dispute:2026-11-24")]
#[case(
    "not-valid 2026-09-08; made-valid 2026-10-15",
    "due 2027-01-14, opens 2026-11-12, state pending"
)]
fn rule_0_4_foisa_s8_the_window(#[case] then: &str, #[case] expected: &str) {
    check(&format!("received 2026-09-01; {then}"), "review-window", expected);
}

/// RULE 0.4: a request made valid is cited to its own limb; clarification to its.
#[test]
fn rule_0_4_a_request_made_valid_is_no_clarification() {
    check(
        "received 2026-09-01; not-valid 2026-09-05; made-valid 2026-09-11",
        "response",
        "due 2026-10-09, cites s.10(1)(a)",
    );
    check(
        "received 2026-11-02; not-valid 2026-11-03",
        "waiting",
        "due 2026-11-17, state running, key 2",
    );
}

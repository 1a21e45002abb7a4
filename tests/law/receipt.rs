//! When a thing is received and how months run: RULES 0.1 to 0.5.

use rstest::rstest;

use crate::support::check;

/// RULE 0.3, FOISA s.74(2): posted, received on the third calendar day; sent electronically, on the day.
#[rstest]
// Hard case 17: the third day is a Sunday, and the count starts on the Monday.
#[case(
    "received 2026-10-08 posted",
    "from 2026-10-11 received, due 2026-11-06, work_to 2026-11-06, cautions none, skips none"
)]
// A Sunday and a bank holiday are days for the post: posted on Christmas Eve, received on the 27th.
#[case(
    "received 2026-12-24 posted",
    "from 2026-12-27 received, due 2027-01-27, skips 2026-12-28 2027-01-01 2027-01-04"
)]
// Ambiguity A: the stamped day of delivery governs, earlier or later.
#[case(
    "received 2026-10-08 posted received=2026-10-09",
    "from 2026-10-09 received, due 2026-11-06, cautions none"
)]
#[case(
    "received 2026-10-08 posted received=2026-10-08",
    "from 2026-10-08 received, due 2026-11-05"
)]
#[case(
    "received 2026-10-08 posted received=2026-10-13",
    "from 2026-10-13 received, due 2026-11-10, cautions none"
)]
// RULE 0.4, hard case 6: an e-mail of a Saturday night is received on the Saturday.
#[case("received 2026-11-14", "from 2026-11-14 received, due 2026-12-14, skips 2026-11-30")]
#[case("received 2026-11-15", "due 2026-12-14")]
#[case("received 2026-11-13", "due 2026-12-14")]
#[case("received 2026-11-16", "due 2026-12-15")]
fn rule_0_3_foisa_s74_2_the_request(#[case] told: &str, #[case] expected: &str) {
    check(told, "response", expected);
}

/// RULE 0.3: the Regulations have no s.74. The day of an unknown letter is the day after posting for the
/// authority's duty, and the third day is the other reading.
#[rstest]
#[case(
    "received 2026-10-08 posted regime=eirs",
    "from 2026-10-09 received, due 2026-11-06, work_to 2026-11-06, cautions none"
)]
#[case(
    "received 2026-10-06 posted regime=eirs",
    "from 2026-10-07 received, due 2026-11-04, work_to 2026-11-04, cautions reading:2026-11-06"
)]
#[case(
    "received 2026-10-06 posted received=2026-10-08 regime=eirs",
    "due 2026-11-05, cautions none"
)]
#[case(
    "received 2026-11-14 regime=eirs",
    "from 2026-11-14 received, due 2026-12-14, cautions none"
)]
fn rule_0_3_eirs_receipt_is_a_fact(#[case] told: &str, #[case] expected: &str) {
    check(told, "eirs response", expected);
}

/// RULE 0.3 again: where the day of the applicant's letter is unknown, a window on silence must stay open
/// for the later of the days it can have come.
#[rstest]
#[case(
    "received 2026-10-06 posted regime=eirs",
    "review-window",
    "due 2027-01-06, work_to 2027-01-08, cautions reading:2027-01-08, opens 2026-11-04"
)]
#[case(
    "received 2026-10-06 regime=eirs; review-required 2026-11-10 posted",
    "commissioner-window",
    "due 2027-06-10, work_to 2027-06-14, cautions reading:2027-06-14, opens 2026-12-10"
)]
fn rule_0_3_eirs_an_unknown_day_never_cuts_a_window_on_silence_short(
    #[case] told: &str,
    #[case] which: &str,
    #[case] expected: &str,
) {
    check(told, which, expected);
}

/// RULE 0.3, s.74(1): done on sending. What is sent on the last day is in time whenever it comes.
#[rstest]
#[case(
    "received 2026-11-02; responded 2026-12-01 posted",
    "response",
    "state met, acted 2026-12-01"
)]
#[case(
    "received 2026-11-02; responded 2026-12-01 received=2026-12-07",
    "response",
    "state met, acted 2026-12-01"
)]
#[case(
    "received 2026-11-02; responded 2026-12-02",
    "response",
    "state late, acted 2026-12-02"
)]
// Hard case 27: a requirement posted on the last day, Thursday 28 May 2026, is made that day.
#[case(
    "received 2026-03-02; review-required 2026-05-28 posted",
    "review-window",
    "due 2026-05-28, state met, acted 2026-05-28"
)]
#[case(
    "received 2026-03-02; review-required 2026-05-29 posted",
    "review-window",
    "due 2026-05-28, state late, acted 2026-05-29"
)]
// … and received on Sunday 31 May, from which the twenty run.
#[case(
    "received 2026-03-02; review-required 2026-05-28 posted",
    "review-outcome",
    "from 2026-05-31 review-required, due 2026-06-29, state running, skips 2026-06-15"
)]
// An application posted on the last day is in time.
#[case(
    "received 2026-03-02; review-required 2026-05-28; applied 2026-12-26 posted",
    "commissioner-window",
    "due 2026-12-26, state met, acted 2026-12-26"
)]
fn rule_0_3_foisa_s74_1_done_on_sending(#[case] told: &str, #[case] which: &str, #[case] expected: &str) {
    check(told, which, expected);
}

/// RULE 0.2: the day itself is never counted, whether or not it is a working day.
#[rstest]
// Hard cases 3 and 5: New Year's Eve and New Year's Day end on the same day.
#[case("received 2024-12-31", "due 2025-01-30, skips 2025-01-01 2025-01-02")]
#[case("received 2025-01-01", "due 2025-01-30, skips 2025-01-02")]
#[case("received 2025-01-02", "due 2025-01-30, skips none")]
#[case("received 2025-01-03", "due 2025-01-31, skips none")]
// Hard case 46: Christmas Day 2026 ends with Christmas Eve.
#[case(
    "received 2026-12-24",
    "due 2027-01-27, skips 2026-12-25 2026-12-28 2027-01-01 2027-01-04"
)]
#[case("received 2026-12-25", "due 2027-01-27, skips 2026-12-28 2027-01-01 2027-01-04")]
#[case("received 2026-12-29", "due 2027-01-28, skips 2027-01-01 2027-01-04")]
fn rule_0_2_the_day_of_receipt_is_never_counted(#[case] told: &str, #[case] expected: &str) {
    check(told, "response", expected);
}

/// RULE 0.5, s.47(4)(a): six months after a day. The corresponding date, clipped, never rolled; the reading
/// from month-end to month-end where it differs. Requests are early enough that nothing else is in doubt.
#[rstest]
// Hard case 28: 31 August leads to a Sunday, 28 February, and is not rolled.
#[case("2026-08-31", "due 2027-02-28, work_to 2027-02-28, cautions none")]
// Hard case 28b.
#[case("2026-08-29", "due 2027-02-28, work_to 2027-02-28, cautions none")]
#[case("2026-08-30", "due 2027-02-28, work_to 2027-02-28, cautions none")]
#[case("2026-08-28", "due 2027-02-28, work_to 2027-02-28, cautions none")]
#[case("2026-09-01", "due 2027-03-01, work_to 2027-03-01, cautions none")]
// The same day before a leap year.
#[case("2027-08-31", "due 2028-02-29, work_to 2028-02-29, cautions none")]
// Hard case 31: 30 November.
#[case("2026-11-30", "due 2027-05-30, work_to 2027-05-31, cautions reading:2027-05-31")]
#[case("2026-11-29", "due 2027-05-29, work_to 2027-05-29, cautions none")]
// Each other short month-end; 31 March and 31 October lead to a shorter month, where both rules agree.
#[case("2026-06-30", "due 2026-12-30, work_to 2026-12-31, cautions reading:2026-12-31")]
#[case("2026-09-30", "due 2027-03-30, work_to 2027-03-31, cautions reading:2027-03-31")]
#[case("2027-04-30", "due 2027-10-30, work_to 2027-10-31, cautions reading:2027-10-31")]
#[case("2026-10-31", "due 2027-04-30, work_to 2027-04-30, cautions none")]
#[case("2026-12-31", "due 2027-06-30, work_to 2027-06-30, cautions none")]
#[case("2027-02-28", "due 2027-08-28, work_to 2027-08-31, cautions reading:2027-08-31")]
#[case("2028-02-28", "due 2028-08-28, work_to 2028-08-28, cautions none")]
#[case("2028-02-29", "due 2028-08-29, work_to 2028-08-31, cautions reading:2028-08-31")]
fn rule_0_5_six_months_from_an_outcome(#[case] received: &str, #[case] expected: &str) {
    for regime in ["foisa", "eirs"] {
        let told = format!(
            "received 2026-03-02 regime={regime}; review-required 2026-05-20; review-outcome 2026-06-12 received={received}"
        );
        check(&told, "commissioner-window", expected);
    }
}

/// Hard cases 29 and 31, whose days lie before the other requests.
#[rstest]
#[case(
    "received 2023-11-01; review-required 2024-01-10; review-outcome 2024-02-29",
    "due 2024-08-29, work_to 2024-08-31"
)]
#[case(
    "received 2025-11-03; review-required 2026-01-12; review-outcome 2026-02-09 received=2026-02-28",
    "due 2026-08-28, work_to 2026-08-31"
)]
fn rule_0_5_month_ends_of_the_hard_cases(#[case] told: &str, #[case] expected: &str) {
    check(told, "commissioner-window", expected);
}

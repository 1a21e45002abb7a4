//! The Commissioner and the court: RULES 8.1, 8.2, 9.1, 9.2, 9.6 and 10.9.

use rstest::rstest;
use timeous::statute::{Authority, AuthorityKind};

use crate::support::{check, check_for};

/// Answered in time, reviewed in time: everything before the Commissioner is plain.
const REVIEWED: &str = "received 2026-11-02; responded 2026-12-01; review-required 2027-01-15";

/// RULE 8.1, s.47(4), both limbs, and RULE 10.9, under the Regulations too.
#[rstest]
// Limb (a): six months after receipt of the outcome, early or in time.
#[case(
    "; review-outcome 2027-02-01",
    "due 2027-08-01, work_to 2027-08-01, from 2027-02-01 review-outcome, state running, nature right, opens none, cautions none, \
     skips none, standing 2027-08-01=running 2027-08-02=out-of-time"
)]
#[case("; review-outcome 2027-02-12", "due 2027-08-12, from 2027-02-12 review-outcome")]
#[case(
    "; review-outcome 2027-02-12 received=2027-02-16",
    "due 2027-08-16, from 2027-02-16 review-outcome"
)]
// A posted outcome gives three more days.
#[case(
    "; review-outcome 2027-02-12 posted",
    "due 2027-08-15, from 2027-02-15 review-outcome"
)]
// A notice refusing to review is complained of like an outcome.
#[case(
    "; review-refused 2027-02-12 outcome=s21-8",
    "due 2027-08-12, from 2027-02-12 review-refused"
)]
// A late outcome opens limb (a) from its receipt.
#[case(
    "; review-outcome 2027-03-01",
    "due 2027-09-01, from 2027-03-01 review-outcome, state running"
)]
#[case(
    "; review-outcome 2027-11-01",
    "due 2028-05-01, from 2027-11-01 review-outcome, state running"
)]
// Limb (b): six months after the end of the twenty.
#[case(
    "",
    "due 2027-08-12, work_to 2027-08-12, from 2027-02-12 review-required, state pending, opens 2027-02-12, skips none, \
     standing 2027-02-12=pending 2027-02-13=running 2027-08-12=running 2027-08-13=out-of-time"
)]
#[case("; review-withdrawn 2027-01-20", "state withdrawn")]
// Applied, both sides of the last day (a Sunday, not rolled).
#[case("; review-outcome 2027-02-01; applied 2027-08-01", "state met, acted 2027-08-01")]
#[case("; review-outcome 2027-02-01; applied 2027-08-02", "state late, acted 2027-08-02")]
#[case("; applied 2027-02-13", "state met, acted 2027-02-13, cautions none")]
#[case("; applied 2027-08-12", "state met")]
#[case("; applied 2027-08-13", "state late")]
// Before the review's time has run out it may be premature.
#[case("; applied 2027-02-12", "state met, acted 2027-02-12, cautions dispute")]
// The outcome comes when the applicant has applied: the first window stays what it was.
#[case(
    "; applied 2027-02-20; review-outcome 2027-03-01",
    "state met, acted 2027-02-20, due 2027-08-12, from 2027-02-12 review-required"
)]
fn rule_8_1_foisa_s47_4(#[case] then: &str, #[case] expected: &str) {
    for regime in ["foisa", "eirs"] {
        let told = REVIEWED.replacen("2026-11-02", &format!("2026-11-02 regime={regime}"), 1);
        check(
            &format!("{told}{then}"),
            "commissioner-window",
            &format!("key 3, {expected}"),
        );
    }
}

#[rstest]
#[case("; review-outcome 2027-02-01", "FOISA s.47(4)(a)")]
#[case("", "FOISA s.47(4)(b)")]
fn rule_8_1_the_limb_is_cited(#[case] then: &str, #[case] cite: &str) {
    check(
        &format!("{REVIEWED}{then}"),
        "commissioner-window",
        &format!("cite {cite}"),
    );
}

/// RULE 8.1: an outcome after an application, and one revised after a decision, open windows of their own.
#[rstest]
#[case(
    "; applied 2027-02-20; review-outcome 2027-03-01",
    "#2",
    "due 2027-09-01, state running, key 5, from 2027-03-01 review-outcome"
)]
#[case(
    "; applied 2027-02-20; review-outcome 2027-03-01; applied 2027-09-01",
    "#2",
    "state met, acted 2027-09-01"
)]
#[case(
    "; applied 2027-02-20; review-outcome 2027-03-01; applied 2027-09-02",
    "#2",
    "state late, acted 2027-09-02"
)]
#[case("; review-outcome 2027-02-01; applied 2027-03-01", "#2", "absent")]
#[case(
    "; review-outcome 2027-02-01; applied 2027-03-01; decision 2027-06-01; review-outcome 2027-07-01",
    "#2",
    "due 2028-01-01, state running, key 7, from 2027-07-01 review-outcome"
)]
#[case(
    "; review-outcome 2027-02-01; applied 2027-03-01; decision 2027-06-01; review-outcome 2027-07-01",
    "#1",
    "state met, due 2027-08-01, key 3"
)]
fn rule_8_1_later_outcomes(#[case] then: &str, #[case] number: &str, #[case] expected: &str) {
    check(
        &format!("{REVIEWED}{then}"),
        &format!("commissioner-window{number}"),
        expected,
    );
}

/// RULE 8.1: an application is about the last review that was required before it.
#[rstest]
#[case("#1", "due 2027-07-20, state running, key 3")]
#[case("#2", "due 2027-08-22, state met, acted 2027-03-01, key 5, cautions none")]
fn rule_8_1_which_review_an_application_is_about(#[case] number: &str, #[case] expected: &str) {
    let told = format!("{REVIEWED}; review-outcome 2027-01-20; review-required 2027-01-25; applied 2027-03-01");
    check(&told, &format!("commissioner-window{number}"), expected);
}

/// RULES 0.3 and 10.9: under the Regulations a posted outcome may have come before the third day.
#[rstest]
#[case("foisa", "due 2027-08-15, work_to 2027-08-15, cautions none")]
#[case("eirs", "due 2027-08-15, work_to 2027-08-15, cautions reading:2027-08-13")]
fn rule_8_1_a_posted_outcome(#[case] regime: &str, #[case] expected: &str) {
    let told = REVIEWED.replacen("2026-11-02", &format!("2026-11-02 regime={regime}"), 1);
    check(
        &format!("{told}; review-outcome 2027-02-12 posted"),
        "commissioner-window",
        expected,
    );
}

/// RULES 8.1 and 10.0: where a review is owed of one part only, its time is what elapses.
#[rstest]
#[case("foisa review-outcome", "state not-owed, due none")]
#[case("eirs review-outcome", "state running, due 2027-03-30")]
#[case("commissioner-window", "state pending, opens 2027-03-30, due 2027-09-30, key 4")]
#[case("commissioner-window#2", "absent")]
fn rule_8_1_of_both_parts_the_one_that_is_owed(#[case] which: &str, #[case] expected: &str) {
    let told = "received 2026-11-02 regime=both; responded 2026-11-20 regime=foisa; responded 2027-01-15 regime=eirs; \
                review-required 2027-03-01";
    check(told, which, expected);
}

/// RULE 8.1: the last day that the outcome's letter gave keeps the applicant's window open if it is later.
#[rstest]
#[case("due=2027-08-10", "due 2027-08-01, work_to 2027-08-10, advised 2027-08-10 letter")]
#[case("due=2027-07-20", "due 2027-08-01, work_to 2027-08-01, advised 2027-07-20 letter")]
fn rule_8_1_the_letters_own_date(#[case] letter: &str, #[case] expected: &str) {
    check(
        &format!("{REVIEWED}; review-outcome 2027-02-01 {letter}"),
        "commissioner-window",
        expected,
    );
}

/// RULE 8.1, limb (b), hard case 27c: not rolled from a Saturday that is Boxing Day.
#[rstest]
#[case(
    "received 2026-03-02; review-required 2026-05-28",
    "due 2026-12-26, opens 2026-06-26, standing 2026-12-26=running 2026-12-27=out-of-time"
)]
#[case(
    "received 2026-03-02; review-required 2026-05-28 posted",
    "due 2026-12-29, opens 2026-06-29"
)]
// The twenty end on the last day of a month: 30 November 2027 and 28 February are doubtful, others not.
#[case(
    "received 2022-02-04; responded 2022-03-04; review-required 2022-05-03",
    "due 2022-11-30, work_to 2022-11-30, cautions none"
)]
#[case(
    "received 2025-08-04; responded 2025-09-01; review-required 2025-09-02",
    "due 2026-03-30, opens 2025-09-30, work_to 2026-03-31, cautions reading:2026-03-31"
)]
fn rule_8_1_on_silence(#[case] told: &str, #[case] expected: &str) {
    check(told, "commissioner-window", expected);
}

/// RULE 6.2: nothing elapses where no review is owed; if one is carried out all the same, its outcome counts.
#[rstest]
#[case("", "state not-owed, due none, cautions note:2027-09-02")]
#[case("; review-outcome 2027-03-10", "state running, due 2027-09-10")]
#[case("; review-refused 2027-03-10 outcome=out-of-time", "state running, due 2027-09-10")]
fn rule_8_1_after_a_requirement_out_of_time(#[case] then: &str, #[case] expected: &str) {
    check(
        &format!("received 2026-11-02; responded 2026-12-01; review-required 2027-02-02{then}"),
        "commissioner-window",
        expected,
    );
}

/// RULE 9.1, s.48: no application about an excluded authority's review, so no date for one; the duty to
/// review stays.
#[rstest]
#[case("commissioner-window", "absent")]
#[case("review-outcome", "due 2027-02-12, state running")]
#[case("review-window", "due 2027-02-01, state met")]
#[case("response", "state met")]
fn rule_9_1_foisa_s48(#[case] which: &str, #[case] expected: &str) {
    let excluded = Authority {
        kind: AuthorityKind::Excluded,
        ..Authority::default()
    };
    check_for(&excluded, REVIEWED, which, expected);
    check_for(
        &excluded,
        &format!("{REVIEWED}; review-outcome 2027-02-01"),
        "commissioner-window",
        "absent",
    );
}

/// RULE 9.2, s.49(3)(b): four months, a target nobody works to. Months run as everywhere.
#[rstest]
// Hard case 49.
#[case(
    "2026-10-31",
    "due 2027-02-28, cautions none, standing 2027-02-28=running 2027-03-01=passed"
)]
#[case("2026-09-15", "due 2027-01-15, cautions none")]
#[case("2026-09-15 posted", "due 2027-01-18, from 2026-09-18 applied")]
#[case("2026-09-30", "due 2027-01-30, cautions reading:2027-01-31")]
#[case("2026-09-15; decision 2027-01-15", "state met, acted 2027-01-15")]
#[case("2026-09-15; decision 2027-01-16", "acted 2027-01-16, standing 2027-01-17=late")]
fn rule_9_2_foisa_s49_3_b(#[case] applied: &str, #[case] expected: &str) {
    check(
        &format!("received 2026-03-02; review-required 2026-05-28; review-outcome 2026-06-20; applied {applied}"),
        "commissioner-decision/commissioner",
        &format!("nature target, work_to none, cite FOISA s.49(3)(b), key 4, {expected}"),
    );
}

/// RULE 8.1, condition: without a requirement there is no right to apply.
#[test]
fn rule_8_1_an_application_without_a_requirement_is_disputed() {
    check(
        "received 2026-03-02; applied 2026-06-01",
        "commissioner-decision",
        "cautions dispute, due 2026-10-01",
    );
}

/// RULE 9.6, s.56 and r.41.26: forty-two calendar days from intimation, for each party; a closed office is
/// said and not reckoned.
#[rstest]
// Hard case 38.
#[case(
    "decision 2026-11-13",
    "due 2026-12-25, work_to 2026-12-25, cautions note, skips none, standing 2026-12-25=running 2026-12-26=out-of-time"
)]
#[case(
    "decision 2026-09-01",
    "due 2026-10-13, work_to 2026-10-13, cautions none, skips none, standing 2026-10-13=running 2026-10-14=out-of-time"
)]
// A Saturday and a Sunday.
#[case("decision 2026-09-05", "due 2026-10-17, cautions note")]
#[case("decision 2026-09-06", "due 2026-10-18, cautions note")]
#[case(
    "decision 2026-09-01 received=2026-09-02",
    "due 2026-10-14, from 2026-09-02 decision"
)]
fn rule_9_6_foisa_s56(#[case] decision: &str, #[case] expected: &str) {
    for actor in ["authority", "applicant"] {
        check(
            &format!(
                "received 2026-03-02; review-required 2026-05-28; review-outcome 2026-06-20; applied 2026-07-01; {decision}"
            ),
            &format!("court-window/{actor}"),
            &format!("nature right, key 5, state running, {expected}"),
        );
    }
}

/// RULE 9.6: each party's appeal uses its own time.
#[rstest]
#[case(
    "court-appeal 2026-10-13 outcome=authority",
    "authority",
    "state met, acted 2026-10-13"
)]
#[case("court-appeal 2026-10-13 outcome=authority", "applicant", "state running")]
#[case("court-appeal 2026-10-14 outcome=authority", "authority", "state late")]
#[case("court-appeal 2026-10-13 outcome=applicant", "applicant", "state met")]
#[case("court-appeal 2026-10-13 outcome=applicant", "authority", "state running")]
fn rule_9_6_appeals(#[case] appeal: &str, #[case] actor: &str, #[case] expected: &str) {
    let told = "received 2026-03-02; review-required 2026-05-28; review-outcome 2026-06-20; applied 2026-07-01";
    check(
        &format!("{told}; decision 2026-09-01; {appeal}"),
        &format!("court-window/{actor}"),
        expected,
    );
}

/// A period of months or days rests on no bank holiday, so none is left out and no proclamation can move it;
/// what hangs on a count of working days moves with that count.
#[rstest]
#[case(
    "received 2028-05-01; responded 2028-05-29; review-required 2028-06-30; review-outcome 2028-07-10",
    "commissioner-window",
    "due 2029-01-10, provisional false, skips none"
)]
#[case(
    "received 2028-05-01; responded 2028-05-29; review-required 2028-06-30",
    "commissioner-window",
    "provisional false, skips none"
)]
#[case(
    "received 2028-10-02; responded 2028-10-30; review-required 2028-12-11",
    "commissioner-window",
    "provisional true, skips none"
)]
#[case(
    "received 2028-05-01; review-required 2028-06-30; review-outcome 2028-07-10; applied 2028-10-01",
    "commissioner-decision",
    "due 2029-02-01, provisional false, skips none"
)]
#[case(
    "received 2028-05-01; decision 2028-12-01",
    "court-window",
    "due 2029-01-12, provisional false, skips none"
)]
fn rule_0_5_months_rest_on_no_bank_holiday(#[case] told: &str, #[case] which: &str, #[case] expected: &str) {
    check(told, which, expected);
}

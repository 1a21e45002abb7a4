//! The applicant's time to require a review: RULES 6.1, 6.2 and 10.8.

use rstest::rstest;
use timeous::statute::{Authority, LettersSay};

use crate::support::{check, check_for};

/// RULE 6.1, s.20(5): the four branches, with the date the letter is likely to give beside the law's.
#[rstest]
// In time and early, hard case 24: forty from the end of the twenty, not from the answer.
#[case(
    "received 2026-11-02; responded 2026-11-05",
    "due 2027-02-01, work_to 2027-02-01, advised 2027-01-07 usual, from 2026-12-01 received, cite FOISA s.20(5)(a), \
     skips 2026-12-25 2026-12-28 2027-01-01 2027-01-04, state running, nature right, opens none, cautions none, \
     standing 2026-11-06=running 2027-01-08=running 2027-02-01=running 2027-02-02=out-of-time"
)]
// In time on the last day.
#[case(
    "received 2026-11-02; responded 2026-12-01",
    "due 2027-02-01, advised 2027-02-01 usual, cautions none, state running"
)]
// Hard case 7b: the answer of Decision 135/2025.
#[case(
    "received 2024-11-29; responded 2024-12-24",
    "due 2025-02-28, work_to 2025-02-28, advised 2025-02-24 usual, skips none"
)]
// Late by a day, and late by weeks (hard case 25): forty from receipt.
#[case(
    "received 2026-11-02; responded 2026-12-02",
    "due 2027-02-02, from 2026-12-02 responded, cite FOISA s.20(5)(b), advised 2027-02-02 usual, state running"
)]
#[case(
    "received 2026-11-02; responded 2027-01-15",
    "due 2027-03-12, work_to 2027-03-12, from 2027-01-15 responded, cite FOISA s.20(5)(b), skips none, cautions none, opens none"
)]
#[case(
    "received 2026-11-02; responded 2027-01-15 posted",
    "due 2027-03-15, from 2027-01-18 responded"
)]
#[case(
    "received 2026-11-02; responded 2027-01-15 received=2027-01-16",
    "due 2027-03-12, from 2027-01-16 responded"
)]
// Never: forty from the end of the twenty, and nothing before it.
#[case(
    "received 2026-11-02",
    "due 2027-02-01, work_to 2027-02-01, from 2026-12-01 received, cite FOISA s.20(5)(a), advised none, state pending, \
     opens 2026-12-01, standing 2026-12-01=pending 2026-12-02=running 2027-02-01=running 2027-02-02=out-of-time"
)]
// Hard case 26: after eight weeks of silence the right is gone; a late answer revives it.
#[case(
    "received 2026-06-01",
    "due 2026-08-26, skips 2026-08-03, standing 2026-08-26=running 2026-08-27=out-of-time"
)]
#[case(
    "received 2026-06-01; responded 2026-11-30",
    "due 2027-01-29, skips 2026-12-25 2026-12-28 2027-01-01 2027-01-04, standing 2027-01-29=running 2027-01-30=out-of-time"
)]
// Hard case 27.
#[case("received 2026-03-02", "due 2026-05-28, skips 2026-04-03 2026-05-04 2026-05-25")]
// A withdrawn request leaves nothing to review.
#[case("received 2026-11-02; withdrawn 2026-11-20", "state withdrawn")]
fn rule_6_1_foisa_s20_5(#[case] told: &str, #[case] expected: &str) {
    check(told, "review-window", &format!("key 1, {expected}"));
}

/// RULE 6.1: the date in the letter never closes the window before the law does, and may keep it open longer.
#[rstest]
#[case("due=2027-01-04", "advised 2027-01-04 letter, due 2027-02-01, work_to 2027-02-01")]
#[case(
    "due=2027-02-05",
    "advised 2027-02-05 letter, due 2027-02-01, work_to 2027-02-05, standing 2027-02-05=running 2027-02-06=out-of-time"
)]
fn rule_6_1_the_letters_own_date(#[case] letter: &str, #[case] expected: &str) {
    check(
        &format!("received 2026-11-02; responded 2026-11-05 {letter}"),
        "review-window",
        expected,
    );
}

#[test]
fn rule_6_1_letters_that_give_the_acts_date_are_not_said_to_give_another() {
    let authority = Authority {
        letters_say: LettersSay::Statute,
        ..Authority::default()
    };
    check_for(
        &authority,
        "received 2026-11-02; responded 2026-11-05",
        "review-window",
        "advised none, due 2027-02-01, work_to 2027-02-01",
    );
}

/// RULE 6.1, ambiguity 1: sent in time and received late. Limb (a); the other view keeps it open longer.
#[rstest]
#[case(
    "",
    "state running, cautions reading:2027-02-04, standing 2027-02-04=running 2027-02-05=out-of-time"
)]
#[case("; review-required 2027-02-01", "state met")]
#[case("; review-required 2027-02-02", "state arguable, acted 2027-02-02")]
#[case("; review-required 2027-02-04", "state arguable")]
#[case("; review-required 2027-02-05", "state late")]
fn rule_6_1_ambiguity_1(#[case] then: &str, #[case] expected: &str) {
    check(
        &format!("received 2026-11-02; responded 2026-12-01 posted{then}"),
        "review-window",
        &format!("due 2027-02-01, work_to 2027-02-04, cite FOISA s.20(5)(a), {expected}"),
    );
}

/// RULE 6.1, ambiguity 2, hard case 47: a late cost or vexatious notice. Limb (b) is the safe one; limb (a)
/// the strict one. A late refusal, and a cost notice in time, are in no doubt.
#[rstest]
#[case(
    "2027-01-15 outcome=vexatious",
    "due 2027-03-12, work_to 2027-03-12, cautions reading:2027-02-01"
)]
#[case(
    "2027-01-15 outcome=repeated",
    "due 2027-03-12, work_to 2027-03-12, cautions reading:2027-02-01"
)]
#[case(
    "2027-01-15 outcome=cost",
    "due 2027-03-12, work_to 2027-03-12, cautions reading:2027-02-01"
)]
#[case("2027-01-15 outcome=refused", "due 2027-03-12, cautions none")]
#[case("2027-01-15 outcome=not-held", "due 2027-03-12, cautions none")]
#[case("2026-12-01 outcome=cost", "due 2027-02-01, cautions none")]
fn rule_6_1_ambiguity_2(#[case] answer: &str, #[case] expected: &str) {
    check(
        &format!("received 2026-11-02; responded {answer}"),
        "review-window",
        expected,
    );
}

/// RULE 6.1, ambiguity 3: a review required in silence, then a late answer, opens a second window that hangs
/// on the answer.
#[rstest]
#[case(
    "",
    "review-window#1",
    "state met, acted 2026-12-07, due 2027-02-01, key 1, cautions none"
)]
#[case(
    "",
    "review-window#2",
    "state running, due 2027-02-19, from 2026-12-21 responded, key 3, cite FOISA s.20(5)(b), advised 2027-02-19 usual"
)]
#[case("", "review-outcome#1", "state running, key 2")]
#[case("; review-required 2027-02-19", "review-window#2", "state met, acted 2027-02-19")]
#[case(
    "; review-required 2027-02-19",
    "review-outcome#2",
    "state running, due 2027-03-19, cautions none, key 4"
)]
#[case("; review-required 2027-02-22", "review-window#2", "state late")]
#[case(
    "; review-required 2027-02-22",
    "review-outcome#2",
    "state not-owed, due none, work_to none, cautions note:2027-03-22"
)]
fn rule_6_1_ambiguity_3(#[case] then: &str, #[case] which: &str, #[case] expected: &str) {
    let told = format!("received 2026-11-02; review-required 2026-12-07; responded 2026-12-21{then}");
    check(&told, which, expected);
}

/// On one day the answer comes first, so that the requirement is about it.
#[rstest]
#[case(
    "review-window#1",
    "cite FOISA s.20(5)(b), due 2027-02-05, state met, acted 2026-12-07"
)]
#[case("review-window#2", "absent")]
#[case("review-outcome", "state running, cautions none")]
fn rule_6_1_answered_and_required_on_one_day(#[case] which: &str, #[case] expected: &str) {
    let told = "received 2026-11-02; review-required 2026-12-07; responded 2026-12-07";
    check(told, which, expected);
}

/// … but an answer that comes in time, or before the requirement, opens none.
#[rstest]
#[case("received 2026-11-02; responded 2026-12-07; review-required 2026-12-07")]
#[case("received 2026-11-02; review-required 2026-11-10; responded 2026-12-01")]
#[case("received 2026-11-02; responded 2026-12-07; review-required 2026-12-08; review-required 2026-12-09")]
fn rule_6_1_ambiguity_3_no_second_window(#[case] told: &str) {
    check(told, "review-window#2", "absent");
}

/// RULE 6.1, table: premature before the twenty have ended. It is treated as good and the dispute is noted.
#[rstest]
#[case(
    "review-required 2026-12-01",
    "review-window",
    "state met, acted 2026-12-01, cautions dispute"
)]
#[case(
    "review-required 2026-12-01",
    "review-outcome",
    "state running, due 2026-12-31, cautions dispute"
)]
#[case("review-required 2026-12-02", "review-window", "state met, cautions none")]
#[case(
    "review-required 2026-12-02",
    "review-outcome",
    "state running, due 2027-01-05, cautions none"
)]
// After an early answer there is something to review, and nothing is premature.
#[case(
    "responded 2026-11-05; review-required 2026-11-06",
    "review-window",
    "state met, cautions none"
)]
#[case(
    "responded 2026-11-05; review-required 2026-11-06",
    "review-outcome",
    "cautions none"
)]
#[case(
    "responded 2026-11-05; review-required 2026-11-05",
    "review-outcome",
    "cautions none"
)]
// A second requirement, about an answer that came in between, is not premature either.
#[case(
    "review-required 2026-11-10; responded 2026-11-20; review-required 2026-11-25",
    "review-outcome#1",
    "cautions dispute"
)]
#[case(
    "review-required 2026-11-10; responded 2026-11-20; review-required 2026-11-25",
    "review-outcome#2",
    "state running, cautions none"
)]
fn rule_6_1_a_premature_requirement(#[case] then: &str, #[case] which: &str, #[case] expected: &str) {
    check(&format!("received 2026-11-02; {then}"), which, expected);
}

/// RULE 6.2, s.20(6): out of time there is a discretion and no duty.
#[rstest]
#[case("review-required 2027-02-01", "review-window", "state met")]
#[case(
    "review-required 2027-02-01",
    "review-outcome",
    "state running, due 2027-03-01, cautions none"
)]
#[case("review-required 2027-02-02", "review-window", "state late, acted 2027-02-02")]
#[case(
    "review-required 2027-02-02",
    "review-outcome",
    "state not-owed, due none, work_to none, cautions note:2027-03-02, standing 2027-02-03=not-owed 2027-03-03=not-owed"
)]
#[case(
    "review-required 2027-02-02; review-outcome 2027-04-30",
    "review-outcome",
    "state met, acted 2027-04-30, due none"
)]
#[case(
    "review-required 2027-02-02; review-refused 2027-02-10 outcome=out-of-time",
    "review-outcome",
    "state met, due none"
)]
#[case(
    "review-required 2027-02-02; review-withdrawn 2027-02-10",
    "review-outcome",
    "state withdrawn, due none"
)]
fn rule_6_2_foisa_s20_6(#[case] then: &str, #[case] which: &str, #[case] expected: &str) {
    check(
        &format!("received 2026-11-02; responded 2026-11-20; {then}"),
        which,
        expected,
    );
}

/// What comes after the last day of the words and within the letter's date is treated as in time, and its
/// doubt travels into the review.
#[rstest]
#[case("review-window", "state arguable, acted 2027-02-03")]
#[case("review-outcome", "state running, due 2027-03-03, cautions dispute")]
fn rule_6_1_within_the_letters_longer_time(#[case] which: &str, #[case] expected: &str) {
    let told = "received 2026-11-02; responded 2026-11-05 due=2027-02-05; review-required 2027-02-03";
    check(told, which, expected);
}

/// RULE 10.8, reg 16(2): forty from receipt, however early; from the day the answer should have come, if none.
#[rstest]
// Hard case 33, the opposite of hard case 24.
#[case(
    "responded 2026-11-05",
    "due 2027-01-07, work_to 2027-01-07, from 2026-11-05 responded, state running, advised none, cautions none, \
     skips 2026-11-30 2026-12-25 2026-12-28 2027-01-01 2027-01-04, standing 2027-01-07=running 2027-01-08=out-of-time"
)]
#[case("responded 2026-12-01", "due 2027-02-01, cautions none")]
#[case(
    "responded 2026-12-01 received=2026-12-04",
    "due 2027-02-04, from 2026-12-04 responded, cautions none"
)]
// Late: both limbs are met, and the later is given.
#[case(
    "responded 2027-01-15",
    "due 2027-03-12, work_to 2027-03-12, cautions reading:2027-02-01, from 2027-01-15 responded"
)]
#[case(
    "",
    "due 2027-02-01, from 2026-12-01 received, state pending, opens 2026-12-01, cautions none, \
     standing 2026-12-01=pending 2026-12-02=running 2027-02-01=running 2027-02-02=out-of-time"
)]
// By post with the day unknown: the third day for the applicant, the day after posting the other reading.
#[case(
    "responded 2026-11-03 posted",
    "due 2027-01-08, work_to 2027-01-08, cautions reading:2027-01-06, from 2026-11-06 responded"
)]
#[case(
    "responded 2026-11-05 due=2027-01-11",
    "due 2027-01-07, work_to 2027-01-11, advised 2027-01-11 letter"
)]
// A vexatious notice is no matter under the Regulations.
#[case(
    "responded 2026-11-05 outcome=manifestly-unreasonable",
    "due 2027-01-07, cautions none"
)]
#[case("withdrawn 2026-11-20", "state withdrawn")]
fn rule_10_8_eirs_reg_16_2(#[case] then: &str, #[case] expected: &str) {
    check(
        &format!("received 2026-11-02 regime=eirs; {then}"),
        "review-window",
        &format!("cite EIRs reg 16(2), key 1, {expected}"),
    );
}

/// RULE 10.8: representations before there was an answer, and before one was due, do not take away those about the
/// answer that then comes in time. Under the Act they would have the time of s.20(5)(a) in any case.
#[rstest]
#[case::its_own_window(
    "",
    "review-window#2",
    "state running, key 3, from 2026-11-20 responded, due 2027-01-22, work_to 2027-01-22, opens none, cautions none"
)]
#[case::the_first_stays(
    "",
    "review-window#1",
    "state met, acted 2026-11-10, due 2027-02-01, cautions dispute"
)]
#[case::about_the_answer(
    "; review-required 2027-01-22",
    "review-outcome#2",
    "state running, due 2027-02-19, cautions none"
)]
#[case::about_the_answer("; review-required 2027-01-22", "review-window#2", "state met, acted 2027-01-22")]
#[case::too_late("; review-required 2027-01-23", "review-outcome#2", "state not-owed, due none")]
#[case::too_late("; review-required 2027-01-23", "review-window#2", "state late")]
fn rule_10_8_an_answer_after_premature_representations(
    #[case] then: &str,
    #[case] which: &str,
    #[case] expected: &str,
) {
    let told = format!("received 2026-11-02 regime=eirs; review-required 2026-11-10; responded 2026-11-20{then}");
    check(&told, which, expected);
}

/// RULE 10.8: what was required when, both sides of each boundary, and the second window.
#[rstest]
#[case("responded 2026-11-05; review-required 2027-01-07", "review-window", "state met")]
#[case("responded 2026-11-05; review-required 2027-01-08", "review-window", "state late")]
#[case(
    "responded 2026-11-05; review-required 2027-01-08",
    "review-outcome",
    "state not-owed, due none"
)]
#[case("review-required 2026-12-01", "review-window", "state met, cautions dispute")]
#[case("review-required 2026-12-02", "review-window", "state met, cautions none")]
#[case(
    "review-required 2026-12-07; responded 2026-12-21",
    "review-window#2",
    "state running, due 2027-02-19, key 3, from 2026-12-21 responded"
)]
#[case(
    "review-required 2026-12-07; responded 2026-12-21 due=2027-02-26",
    "review-window#2",
    "advised 2027-02-26 letter, work_to 2027-02-26"
)]
#[case(
    "review-required 2026-12-07; responded 2026-12-21; review-required 2027-02-19",
    "review-window#2",
    "state met"
)]
#[case(
    "review-required 2026-12-07; responded 2026-12-21",
    "review-window#1",
    "state met, due 2027-02-01, from 2026-12-01 received"
)]
#[case("review-required 2026-12-07; responded 2026-12-01", "review-window#2", "absent")]
fn rule_10_8_eirs_reg_16_2_used(#[case] then: &str, #[case] which: &str, #[case] expected: &str) {
    check(&format!("received 2026-11-02 regime=eirs; {then}"), which, expected);
}

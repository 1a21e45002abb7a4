//! What cannot have happened, and the words that say what would be right.

use rstest::rstest;
use timeous::statute::Authority;

use crate::support::try_deadlines;

#[rstest]
#[case::paid_without_a_notice("fee-paid 2026-11-10", "record fees-notice first")]
#[case::paid_twice(
    "fees-notice 2026-11-10; fee-paid 2026-11-12; fee-paid 2026-11-13",
    "record fees-notice first"
)]
#[case::charged_twice(
    "fees-notice 2026-11-10; fees-notice 2026-11-12",
    "a fees notice was given on Tuesday 10 November 2026"
)]
#[case::clarified_unasked("clarification-received 2026-11-10", "record clarification-sought first")]
#[case::clarified_before_it_was_asked(
    "clarification-received 2026-11-10; clarification-sought 2026-11-11",
    "record clarification-sought first"
)]
#[case::asked_twice(
    "clarification-sought 2026-11-10; clarification-sought 2026-11-12",
    "asked for on Tuesday 10 November 2026 and has not come"
)]
#[case::made_valid_and_never_invalid("made-valid 2026-11-10", "record not-valid first")]
#[case::invalid_twice("not-valid 2026-11-10; not-valid 2026-11-12", "record made-valid first")]
#[case::extended_under_foisa("extended 2026-11-10 due=2026-12-15", "FOISA has no extension")]
#[case::extended_to_no_day("regime 2026-11-02 regime=eirs; extended 2026-11-10", "needs --due DATE")]
#[case::transferred_under_foisa(
    "transferred 2026-11-10",
    "FOISA has no transfer; record responded with --outcome not-held"
)]
#[case::complied_with_nothing("complied 2026-11-10", "asked for nothing that is not done")]
#[case::complied_with_a_decision_that_asks_nothing(
    "decision 2026-11-10; complied 2026-11-12",
    "asked for nothing that is not done"
)]
#[case::complied_twice(
    "decision 2026-11-10 due=2027-01-05; complied 2026-11-12; complied 2026-11-13",
    "asked for nothing that is not done"
)]
#[case::a_reply_nobody_asked_for("department-replied 2026-11-10", "record sent-to-department first")]
#[case::an_outcome_of_no_appeal("decision 2026-11-10; court-outcome 2026-12-10", "record court-appeal first")]
#[case::an_appeal_against_nothing("court-appeal 2026-11-10 outcome=authority", "record decision first")]
#[case::an_appeal_by_nobody("decision 2026-11-10; court-appeal 2026-11-12", "to say whose appeal it is")]
#[case::a_notice_without_a_day("commissioner-notice 2026-11-10 outcome=comments", "the date that the notice states")]
#[case::a_notice_that_asks_nothing("commissioner-notice 2026-11-10 due=2026-12-10", "to say what it asks for")]
#[case::an_end_that_is_none("application-ended 2026-11-10", "needs --outcome withdrawn, settled")]
#[case::a_diary_without_a_day("diary 2026-11-10", "the date to be reminded of")]
#[case::a_day_before_the_entry("diary 2026-11-10 due=2026-11-09", "cannot set a date before it")]
#[case::an_extension_to_a_day_before_it(
    "regime 2026-11-02 regime=eirs; extended 2026-11-10 due=2026-11-09",
    "cannot set a date before it"
)]
#[case::the_other_regime(
    "clarification-sought 2026-11-10 regime=eirs",
    "the request is under foisa, not eirs"
)]
#[case::the_wrong_outcome(
    "clarification-sought 2026-11-10 outcome=full",
    "the outcome of clarification-sought"
)]
#[case::a_post_that_is_none("closed 2026-11-10 posted", "posted says nothing about closed")]
#[case::before_the_request("fees-notice 2026-11-01", "the request was received on Monday 2 November 2026")]
#[case::a_notice_taken_away_from_its_payment(
    "fees-notice 2026-11-10; fee-paid 2026-11-12; fees-notice!2 2026-11-10 void",
    "record fees-notice first"
)]
#[case::a_demand_taken_away_from_its_answer(
    "clarification-sought 2026-11-10; clarification-received 2026-11-12; clarification-sought!2 2026-11-10 void",
    "record clarification-sought first"
)]
#[case::a_payment_moved_before_its_notice(
    "fees-notice 2026-11-10; fee-paid 2026-11-12; fee-paid!3 2026-11-09",
    "record fees-notice first"
)]
fn what_cannot_have_happened_is_refused(#[case] then: &str, #[case] words: &str) {
    let refused = try_deadlines(&format!("received 2026-11-02; {then}"), &Authority::default());
    let refusal = refused.expect_err(then).to_string();
    assert!(refusal.contains(words), "{refusal}");
    assert!(!refusal.contains('\n'));
}

/// What should not have happened is taken, and moves only what the law lets it move.
#[rstest]
#[case("clarification-sought 2026-12-10")]
#[case("fees-notice 2026-12-10")]
#[case("fees-notice 2026-11-10; fee-paid 2027-03-10")]
#[case("regime 2026-11-02 regime=eirs; extended 2026-12-10 due=2026-12-31")]
#[case("regime 2026-11-02 regime=eirs; extended 2026-11-10 due=2026-12-15; extended 2026-11-20 due=2026-12-31")]
#[case("responded 2026-11-10; clarification-sought 2026-11-20")]
#[case("review-required 2026-11-03; applied 2026-11-04; decision 2026-11-05; court-appeal 2027-11-05 outcome=partial")]
#[case("closed 2026-11-10; clarification-sought 2026-11-20")]
#[case(
    "fees-notice 2026-11-10; clarification-sought 2026-11-12; fee-paid 2026-11-20; clarification-received 2026-11-25"
)]
fn what_should_not_have_happened_is_taken(#[case] then: &str) {
    let taken = try_deadlines(&format!("received 2026-11-02; {then}"), &Authority::default());
    assert!(taken.is_ok(), "{taken:?}");
}

/// What was done under the law that was first thought of stays on file and stops no change of regime.
#[rstest]
#[case("received 2026-09-01 regime=eirs; extended 2026-09-20 due=2026-10-20; regime 2026-09-22 regime=foisa")]
#[case("received 2026-09-01 regime=eirs; transferred 2026-09-20; regime 2026-09-22 regime=foisa")]
#[case("received 2026-09-01 regime=both; responded 2026-09-20 regime=foisa; regime 2026-09-22 regime=eirs")]
fn a_change_of_regime_is_never_refused(#[case] told: &str) {
    assert!(try_deadlines(told, &Authority::default()).is_ok());
}

/// A correction of a correction that says "never happened" has nothing to correct.
#[test]
fn a_void_entry_is_recorded_anew_and_not_corrected() {
    let told = "received 2026-09-01; note 2026-09-02; note!2 2026-09-02 void; note!3 2026-09-03";
    let refusal = try_deadlines(told, &Authority::default()).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "entry 3 says that entry 2 never happened; record it anew if it did"
    );
}

//! What the Commissioner and the court ask for: RULES 9.2 to 9.6 and 10.9.

use rstest::rstest;

use crate::support::{authority, check, check_for};

/// Answered, reviewed, applied: five entries.
const APPLIED: &str = "received 2026-03-02; responded 2026-03-20; review-required 2026-05-01; review-outcome 2026-05-20; applied 2026-06-01";

/// RULE 9.2, s.49(3)(a), and RULE 9.4, ss.50 and 51: the day is the one that the notice states.
#[rstest]
#[case("comments", "s.49(3)(a)")]
#[case("information", "s.50")]
#[case("enforcement", "s.51")]
fn rule_9_4_the_notices_own_day(#[case] asks: &str, #[case] cite: &str) {
    let told = format!("{APPLIED}; commissioner-notice 2026-06-15 outcome={asks} due=2026-08-03");
    check(
        &told,
        "commissioner-notice/authority",
        &format!(
            "due 2026-08-03, work_to 2026-08-03, state running, nature duty, key 6, cites {cite}, provisional false, \
             standing 2026-08-03=running 2026-08-04=overdue"
        ),
    );
    check(
        &format!("{told}; complied 2026-08-03"),
        "commissioner-notice",
        "state met, acted 2026-08-03",
    );
    check(
        &format!("{told}; complied 2026-08-04"),
        "commissioner-notice",
        "state late, acted 2026-08-04",
    );
}

/// RULE 9.2: nobody waits for comments on an application that is over.
#[rstest]
#[case("application-ended 2026-06-20 outcome=withdrawn", "state withdrawn")]
#[case("application-ended 2026-06-20 outcome=settled", "state withdrawn")]
#[case("decision 2026-06-20", "state withdrawn")]
#[case("complied 2026-06-18; decision 2026-06-20", "state met")]
fn rule_9_2_comments_end_with_the_application(#[case] then: &str, #[case] expected: &str) {
    check(
        &format!("{APPLIED}; commissioner-notice 2026-06-15 outcome=comments due=2026-07-06; {then}"),
        "commissioner-notice",
        expected,
    );
}

/// Two notices, each with a day of its own; what is done answers the earlier.
#[rstest]
#[case("#1", "due 2026-07-06, state met, key 6")]
#[case("#2", "due 2026-08-03, state running, key 7")]
fn rule_9_4_each_notice(#[case] number: &str, #[case] expected: &str) {
    check(
        &format!(
            "{APPLIED}; commissioner-notice 2026-06-15 outcome=comments due=2026-07-06; \
             commissioner-notice 2026-06-22 outcome=information due=2026-08-03; complied 2026-07-06"
        ),
        &format!("commissioner-notice{number}"),
        expected,
    );
}

/// RULE 9.2, s.49(2): an application that ends without a decision leaves none to be made.
#[rstest]
#[case("withdrawn")]
#[case("settled")]
#[case("abandoned")]
#[case("invalid")]
#[case("frivolous")]
fn rule_9_2_an_application_that_ends(#[case] how: &str) {
    check(
        &format!("{APPLIED}; application-ended 2026-06-20 outcome={how}"),
        "commissioner-decision",
        "state withdrawn, standing 2026-10-02=withdrawn",
    );
}

/// RULE 9.3, s.49(6): the day is the decision's own, and never computed.
#[rstest]
#[case(
    "decision 2026-09-01 due=2026-10-16",
    "due 2026-10-16, work_to 2026-10-16, state running, nature duty, key 6, cites s.49(6), \
     standing 2026-10-16=running 2026-10-17=overdue"
)]
#[case(
    "decision 2026-09-01 due=2026-10-16; complied 2026-10-16",
    "state met, acted 2026-10-16"
)]
#[case(
    "decision 2026-09-01 due=2026-10-16; complied 2026-10-17",
    "state late, acted 2026-10-17"
)]
// A revised outcome is what such a decision mostly asks for.
#[case(
    "decision 2026-09-01 due=2026-10-16; review-outcome 2026-10-16",
    "state met, acted 2026-10-16"
)]
#[case(
    "decision 2026-09-01 due=2026-10-16; review-outcome 2026-10-19",
    "state late, acted 2026-10-19"
)]
// A Saturday stays one.
#[case("decision 2026-09-01 due=2026-10-17", "due 2026-10-17")]
fn rule_9_3_foisa_s49_6(#[case] then: &str, #[case] expected: &str) {
    check(&format!("{APPLIED}; {then}"), "compliance/authority", expected);
}

/// RULE 9.3: where the Commissioner found that there had been no review at all, its first outcome complies.
#[rstest]
#[case("2026-10-16", "state met, acted 2026-10-16")]
#[case("2026-10-19", "state late")]
fn rule_9_3_a_first_outcome_complies(#[case] outcome: &str, #[case] expected: &str) {
    check(
        &format!(
            "received 2026-03-02; responded 2026-03-20; review-required 2026-05-01; applied 2026-06-15; \
             decision 2026-09-01 due=2026-10-16; review-outcome {outcome}"
        ),
        "compliance",
        expected,
    );
}

#[test]
fn rule_9_3_a_decision_without_steps_asks_for_nothing() {
    check(&format!("{APPLIED}; decision 2026-09-01"), "compliance", "absent");
}

/// RULE 9.3, s.49(7): an appeal suspends the steps that it is about, until the cause is finally determined.
#[rstest]
#[case(
    "court-appeal 2026-10-13 outcome=authority",
    "due none, work_to none, state suspended, standing 2026-10-17=suspended"
)]
#[case("court-appeal 2026-10-13 outcome=applicant", "due none, state suspended")]
// About a part only: the rest must be complied with.
#[case(
    "court-appeal 2026-10-13 outcome=partial",
    "due 2026-10-16, state running, standing 2026-10-17=overdue"
)]
// Disposed of: the court's day if it states one, else what was left, but no day that had passed.
#[case(
    "court-appeal 2026-10-13 outcome=authority; court-outcome 2027-03-15 due=2027-04-12",
    "due 2027-04-12, state running, standing 2027-04-13=overdue"
)]
#[case(
    "court-appeal 2026-10-13 outcome=authority; court-outcome 2027-03-15",
    "due 2027-03-15, state running, has dispute"
)]
#[case(
    "court-appeal 2026-09-10 outcome=authority; court-outcome 2026-09-30",
    "due 2026-10-16, state running, has dispute"
)]
#[case(
    "court-appeal 2026-10-13 outcome=authority; court-outcome 2027-03-15 due=2027-04-12; complied 2027-04-12",
    "state met"
)]
fn rule_9_3_foisa_s49_7(#[case] then: &str, #[case] expected: &str) {
    check(
        &format!("{APPLIED}; decision 2026-09-01 due=2026-10-16; {then}"),
        "compliance",
        &format!("key 6, {expected}"),
    );
}

/// RULES 9.3 and 9.6: an appeal after the last day for it suspends nothing, unless the court excuses that; on a day
/// that the court's office is closed the next open day will do.
#[rstest]
// 13 October is the last day.
#[case(
    "2026-09-01",
    "2026-10-13 outcome=authority",
    "due none, state suspended, lacks dispute"
)]
#[case(
    "2026-09-01",
    "2026-10-14 outcome=authority",
    "due 2026-10-16, work_to 2026-10-16, state running, cautions dispute, standing 2026-10-16=running 2026-10-17=overdue"
)]
#[case(
    "2026-09-01",
    "2026-10-14 outcome=authority; complied 2026-10-16",
    "due 2026-10-16, state met"
)]
#[case(
    "2026-09-01",
    "2026-10-14 outcome=authority; court-appeal 2026-10-13 outcome=authority",
    "due none, state suspended"
)]
// Disposed of all the same: the court has entertained it.
#[case(
    "2026-09-01",
    "2026-10-14 outcome=authority; court-outcome 2027-03-15 due=2027-04-12",
    "due 2027-04-12, state running, cautions none"
)]
// A Saturday, and the Monday after it.
#[case("2026-09-05", "2026-10-19 outcome=authority", "due none, state suspended")]
#[case(
    "2026-09-05",
    "2026-10-20 outcome=authority",
    "due 2026-10-16, state running, has dispute"
)]
fn rule_9_3_an_appeal_out_of_time(#[case] decision: &str, #[case] appeal: &str, #[case] expected: &str) {
    check(
        &format!("{APPLIED}; decision {decision} due=2026-10-16; court-appeal {appeal}"),
        "compliance",
        expected,
    );
}

/// RULE 9.4: so it is with a notice.
#[rstest]
#[case("2026-07-27", "due none, state suspended")]
#[case("2026-07-28", "due 2026-08-03, state running, cautions dispute")]
fn rule_9_4_an_appeal_out_of_time(#[case] appeal: &str, #[case] expected: &str) {
    check(
        &format!(
            "{APPLIED}; commissioner-notice 2026-06-15 outcome=information due=2026-08-03; court-appeal {appeal} \
             outcome=authority"
        ),
        "commissioner-notice",
        expected,
    );
}

/// RULES 9.3 and 9.4, ss.49(6) and 51(3): a time that ends before an appeal may be brought is said to.
#[rstest]
// 13 October is the last day for an appeal.
#[case(
    "decision 2026-09-01 due=2026-10-12",
    "compliance",
    "due 2026-10-12, cautions note:2026-10-13"
)]
#[case("decision 2026-09-01 due=2026-10-13", "compliance", "cautions none")]
#[case(
    "commissioner-notice 2026-09-01 outcome=enforcement due=2026-10-12",
    "commissioner-notice",
    "due 2026-10-12, work_to 2026-10-12, cautions note:2026-10-13"
)]
#[case(
    "commissioner-notice 2026-09-01 outcome=enforcement due=2026-10-13",
    "commissioner-notice",
    "cautions none"
)]
#[case(
    "commissioner-notice 2026-09-01 posted outcome=enforcement due=2026-10-13",
    "commissioner-notice",
    "cautions note:2026-10-16"
)]
#[case(
    "commissioner-notice 2026-09-01 outcome=information due=2026-09-15",
    "commissioner-notice",
    "cautions none"
)]
fn rule_9_4_a_time_that_ends_before_an_appeal(#[case] then: &str, #[case] which: &str, #[case] expected: &str) {
    check(&format!("{APPLIED}; {then}"), which, expected);
}

/// RULE 9.6, s.56: an information or enforcement notice may be appealed by the authority alone.
#[rstest]
#[case("information")]
#[case("enforcement")]
fn rule_9_6_an_appeal_against_a_notice(#[case] asks: &str) {
    let told = format!("{APPLIED}; commissioner-notice 2026-09-01 outcome={asks} due=2026-11-02");
    check(
        &told,
        "court-window/authority",
        "due 2026-10-13, work_to 2026-10-13, key 6, nature right, standing 2026-10-13=running 2026-10-14=out-of-time",
    );
    check(&told, "court-window/applicant", "absent");
}

/// RULE 9.6: comments cannot be appealed against; a frivolous application's end can, by the applicant alone.
#[rstest]
#[case(
    "commissioner-notice 2026-09-01 outcome=comments due=2026-11-02",
    "court-window",
    "absent"
)]
#[case(
    "application-ended 2026-09-01 outcome=frivolous",
    "court-window/applicant",
    "due 2026-10-13, key 6, nature right, standing 2026-10-14=out-of-time"
)]
#[case("application-ended 2026-09-01 outcome=frivolous", "court-window/authority", "absent")]
#[case("application-ended 2026-09-01 outcome=withdrawn", "court-window", "absent")]
#[case("application-ended 2026-09-01 outcome=settled", "court-window", "absent")]
fn rule_9_6_who_may_appeal(#[case] then: &str, #[case] which: &str, #[case] expected: &str) {
    check(&format!("{APPLIED}; {then}"), which, expected);
}

/// RULE 9.6, r.1.3(7), hard case 38: on a day the court's office is closed, the next open day may do.
#[rstest]
// A Saturday.
#[case("2026-09-05", "2026-10-17", "state met")]
#[case("2026-09-05", "2026-10-19", "state arguable, acted 2026-10-19")]
#[case("2026-09-05", "2026-10-20", "state late")]
// Christmas Day, and the next days are a weekend and the 28th.
#[case("2026-11-13", "2026-12-29", "state arguable")]
#[case("2026-11-13", "2026-12-30", "state late")]
// An open day.
#[case("2026-09-01", "2026-10-14", "state late")]
fn rule_9_6_on_the_next_open_day(#[case] decision: &str, #[case] appeal: &str, #[case] expected: &str) {
    check(
        &format!("{APPLIED}; decision {decision}; court-appeal {appeal} outcome=authority"),
        "court-window/authority",
        expected,
    );
}

/// RULE 10.9, reg 17: Part 4 applies to the Regulations, and they are cited too.
#[rstest]
#[case("", "commissioner-window")]
#[case("", "commissioner-decision")]
#[case(
    "; commissioner-notice 2026-06-15 outcome=comments due=2026-08-03",
    "commissioner-notice"
)]
#[case("; decision 2026-09-01 due=2026-10-16", "compliance")]
#[case("; decision 2026-09-01", "court-window")]
fn rule_10_9_eirs_reg_17(#[case] then: &str, #[case] which: &str) {
    let told = APPLIED.replacen("2026-03-02", "2026-03-02 regime=eirs", 1);
    check(&format!("{told}{then}"), which, "cites reg 17");
    check_for(
        &authority("ordinary"),
        &format!("{APPLIED}{then}"),
        which,
        "cites FOISA s.",
    );
}

/// RULE 9.7, s.52: "not later than the thirtieth working day following the effective date", a note, and for the
/// Scottish Administration only. The effective date is the day the notice was given, however late it came, or that of
/// the final determination of an appeal.
#[rstest]
#[case("decision 2026-09-01 due=2026-10-16", "cautions note:2026-10-13")]
#[case("decision 2026-11-13 received=2026-11-17 due=2027-01-15", "cautions note:2026-12-30")]
#[case("decision 2026-11-13 posted due=2027-01-15", "cautions note:2026-12-30")]
#[case(
    "decision 2026-09-11 due=2026-10-30; court-appeal 2026-10-10 outcome=authority",
    "cautions note"
)]
#[case(
    "decision 2026-09-11 due=2026-10-30; court-appeal 2026-10-10 outcome=applicant",
    "cautions note"
)]
#[case(
    "decision 2026-09-11 due=2026-10-30; court-appeal 2026-10-10 outcome=authority; court-outcome 2026-12-14 due=2027-02-26",
    "cautions note:2027-01-29"
)]
fn rule_9_7_foisa_s52(#[case] then: &str, #[case] expected: &str) {
    let told = format!("{APPLIED}; {then}");
    check_for(&authority("administration"), &told, "compliance", expected);
    check_for(&authority("ordinary"), &told, "compliance", "cautions none");
}

/// RULE 9.7: an enforcement notice can be certified away too, an information notice cannot.
#[rstest]
#[case("enforcement due=2026-12-01", "cautions note:2026-10-13")]
#[case("information due=2026-12-01", "cautions none")]
#[case("comments due=2026-12-01", "cautions none")]
#[case(
    "enforcement due=2026-12-01; court-appeal 2026-10-10 outcome=authority",
    "cautions note"
)]
#[case(
    "enforcement due=2026-12-01; court-appeal 2026-10-10 outcome=authority; court-outcome 2026-12-14 due=2027-02-26",
    "cautions note:2027-01-29"
)]
fn rule_9_7_foisa_s52_of_a_notice(#[case] notice: &str, #[case] expected: &str) {
    let told = format!("{APPLIED}; commissioner-notice 2026-09-01 outcome={notice}");
    check_for(&authority("administration"), &told, "commissioner-notice", expected);
    check_for(&authority("ordinary"), &told, "commissioner-notice", "cautions none");
}

/// RULE 9.3: what was done after the decision answers the decision, not an invitation whose application is over.
#[test]
fn rule_9_3_compliance_is_with_the_decision_and_not_with_old_comments() {
    let told = format!(
        "{APPLIED}; commissioner-notice 2026-06-15 outcome=comments due=2026-07-06; decision 2026-08-03 due=2026-10-01; \
         complied 2026-09-30"
    );
    check(&told, "compliance", "state met, acted 2026-09-30");
    check(&told, "commissioner-notice", "state withdrawn");
}

/// RULE 9.3: an outcome of another review is no compliance with the decision about this one.
#[test]
fn rule_9_3_another_reviews_outcome_does_not_comply() {
    check(
        "received 2026-01-05 regime=both; responded 2026-01-30; review-required 2026-02-05 regime=foisa; \
         review-outcome 2026-02-20; applied 2026-03-01; review-required 2026-03-10 regime=eirs; \
         decision 2026-03-20 due=2026-08-20; review-outcome 2026-04-07",
        "compliance",
        "due 2026-08-20, state running",
    );
}

/// RULES 9.4 and 9.6: an appeal against a notice suspends what it asks for until the cause is determined; one
/// against a finding of frivolousness is the applicant's.
#[test]
fn rule_9_6_appeals_against_a_notice_and_a_finding() {
    let told = format!(
        "{APPLIED}; commissioner-notice 2026-06-15 outcome=information due=2026-08-03; court-appeal 2026-07-20 \
         outcome=authority"
    );
    check(&told, "court-window/authority", "state met, acted 2026-07-20");
    check(&told, "commissioner-notice", "due none, work_to none, state suspended");
    check(
        &format!("{told}; court-outcome 2026-09-14"),
        "commissioner-notice",
        "due 2026-09-14, state running",
    );
    check(
        &format!(
            "{APPLIED}; application-ended 2026-06-20 outcome=frivolous; court-appeal 2026-07-20 outcome=applicant"
        ),
        "court-window/applicant",
        "state met, acted 2026-07-20",
    );
}

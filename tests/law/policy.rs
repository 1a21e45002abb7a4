//! What is no duty under the law, and is kept all the same: the department's days, what is waited for, the
//! officer's own dates, and RULE 1.4's publication.

use rstest::rstest;
use timeous::statute::Authority;

use crate::support::{check, check_for};

fn days(department_days: u32, waiting_days: u32) -> Authority {
    Authority {
        department_days,
        waiting_days,
        ..Authority::default()
    }
}

/// The department's own day, or so many working days as the authority gives.
#[rstest]
#[case(
    "sent-to-department 2026-11-03",
    "due 2026-11-17, work_to 2026-11-17, state running, key 2, from 2026-11-03 sent-to-department, \
     standing 2026-11-17=running 2026-11-18=passed"
)]
#[case(
    "sent-to-department 2026-11-03 due=2026-11-10",
    "due 2026-11-10, state running, standing 2026-11-10=running 2026-11-11=passed"
)]
#[case(
    "sent-to-department 2026-11-03 due=2026-11-10; department-replied 2026-11-10",
    "state met, acted 2026-11-10"
)]
#[case(
    "sent-to-department 2026-11-03 due=2026-11-10; department-replied 2026-11-11",
    "state late, acted 2026-11-11"
)]
#[case("sent-to-department 2026-11-03; responded 2026-11-20", "state withdrawn")]
#[case("sent-to-department 2026-11-03; closed 2026-11-20", "state withdrawn")]
#[case("sent-to-department 2026-11-03; withdrawn 2026-11-20", "state withdrawn")]
#[case(
    "sent-to-department 2026-11-03; closed 2026-11-20; reopened 2026-11-23",
    "state running"
)]
#[case(
    "sent-to-department 2026-11-03; department-replied 2026-11-10; responded 2026-11-20",
    "state met"
)]
fn the_department(#[case] then: &str, #[case] expected: &str) {
    check(
        &format!("received 2026-11-02; {then}"),
        "department/authority",
        &format!("nature policy, {expected}"),
    );
}

#[test]
fn each_department_has_a_day_of_its_own() {
    let told = "received 2026-11-02; sent-to-department 2026-11-03; sent-to-department 2026-11-05; \
                department-replied 2026-11-09";
    check_for(&days(5, 10), told, "department#1", "key 2, due 2026-11-10, state met");
    check_for(
        &days(5, 10),
        told,
        "department#2",
        "key 3, due 2026-11-12, state running",
    );
}

/// What is outstanding is asked after: so many working days after it was sent, and only while it is out.
#[rstest]
#[case(
    "clarification-sought 2026-11-10",
    "due 2026-11-24, work_to 2026-11-24, state running, key 2, from 2026-11-10 clarification-sought, \
     standing 2026-11-24=running 2026-11-25=passed"
)]
#[case(
    "fees-notice 2026-11-10",
    "due 2026-11-24, state running, key 2, from 2026-11-10 fees-notice"
)]
#[case("clarification-sought 2026-11-10; responded 2026-11-20", "state withdrawn")]
#[case("clarification-sought 2026-11-10; withdrawn 2026-11-20", "state withdrawn")]
#[case(
    "clarification-sought 2026-11-10; closed 2026-12-20 outcome=unclarified",
    "state withdrawn"
)]
#[case("fees-notice 2026-11-10; closed 2027-03-20 outcome=fee-unpaid", "state withdrawn")]
fn what_is_waited_for(#[case] then: &str, #[case] expected: &str) {
    check(
        &format!("received 2026-11-02; {then}"),
        "waiting/authority",
        &format!("nature policy, {expected}"),
    );
}

#[rstest]
#[case("", "absent")]
#[case("; clarification-sought 2026-11-10", "due 2026-11-17")]
fn the_authority_says_how_long_it_waits(#[case] then: &str, #[case] expected: &str) {
    check_for(&days(10, 5), &format!("received 2026-11-02{then}"), "waiting", expected);
}

/// Of a letter under both laws, what is outstanding of either part is waited for.
#[rstest]
#[case("foisa")]
#[case("eirs")]
fn what_is_waited_for_of_one_part(#[case] regime: &str) {
    check(
        &format!("received 2026-11-02 regime=both; clarification-sought 2026-11-10 regime={regime}"),
        "waiting",
        "due 2026-11-24, state running, key 2",
    );
}

/// Clarification that came and was asked for again is waited for anew.
#[test]
fn only_what_is_outstanding_is_waited_for() {
    use crate::support::deadlines;
    let all = deadlines(
        "received 2026-11-02; clarification-sought 2026-11-10; clarification-received 2026-11-20; \
         clarification-sought 2026-11-25",
    );
    let open: Vec<_> = all
        .iter()
        .filter(|one| one.key.step.as_str() == "waiting" && one.is_open())
        .map(|one| (one.key.entry, one.due.map(|due| due.to_string())))
        .collect();
    assert_eq!(open, [(4, Some("2026-12-10".to_owned()))]);
}

/// An officer's own date.
#[rstest]
#[case(
    "diary 2026-11-05 due=2026-11-20",
    "due 2026-11-20, work_to 2026-11-20, state running, key 2, standing 2026-11-20=running 2026-11-21=passed"
)]
// At a weekend too: it is the officer's.
#[case("diary 2026-11-05 due=2026-11-21", "due 2026-11-21")]
#[case("diary 2026-11-05 due=2026-11-20; closed 2026-11-10", "state withdrawn")]
#[case("diary 2026-11-05 due=2026-11-20; responded 2026-11-10", "state running")]
fn the_diary(#[case] then: &str, #[case] expected: &str) {
    check(
        &format!("received 2026-11-02; {then}"),
        "diary/authority",
        &format!("nature policy, {expected}"),
    );
}

/// RULE 1.4, s.27(1): "not later than twelve weeks after that on which the request … is made": from making, not
/// receipt; calendar days, not rolled.
#[rstest]
// Hard case 40.
#[case(
    "received 2026-11-02; responded 2026-11-20 exemptions=27(1)",
    "due 2027-01-25, state running, skips none, provisional false, standing 2027-01-25=running 2027-01-26=passed"
)]
#[case(
    "received 2026-11-02 posted; responded 2026-11-20 exemptions=27(1)",
    "due 2027-01-25"
)]
#[case(
    "received 2026-10-30 received=2026-11-02; responded 2026-11-20 exemptions=27(1)+30(b)(ii)",
    "due 2027-01-22"
)]
// A Saturday stays a Saturday.
#[case("received 2026-11-07; responded 2026-11-20 exemptions=27(1)", "due 2027-01-30")]
fn rule_1_4_foisa_s27_1(#[case] told: &str, #[case] expected: &str) {
    check(
        told,
        "publication/authority",
        &format!("nature policy, cites s.27(1), key 2, {expected}"),
    );
}

#[rstest]
#[case("received 2026-11-02; responded 2026-11-20")]
#[case("received 2026-11-02; responded 2026-11-20 exemptions=27(2)")]
#[case("received 2026-11-02")]
fn rule_1_4_only_where_it_is_relied_on(#[case] told: &str) {
    check(told, "publication", "absent");
}

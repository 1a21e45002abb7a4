//! Corrections: a deadline keeps its identity, and stands as if it had been recorded right at first.

use rstest::rstest;
use timeous::statute::{Deadline, Key};

use crate::support::{check, deadlines, pick};

fn keys(told: &str) -> Vec<Key> {
    deadlines(told).iter().map(|one| one.key).collect()
}

#[rstest]
#[case::the_receipt(
    "received 2026-11-02; responded 2026-11-05; received!1 2026-11-03",
    "received 2026-11-03; responded 2026-11-05"
)]
#[case::twice(
    "received 2026-11-02; received!1 2026-11-03; received!2 2026-10-30",
    "received 2026-10-30"
)]
#[case::the_post("received 2026-11-02; received!1 2026-11-02 posted", "received 2026-11-02 posted")]
#[case::the_answer(
    "received 2026-11-02; responded 2026-12-10; responded!2 2026-11-30 outcome=part",
    "received 2026-11-02; responded 2026-11-30 outcome=part"
)]
#[case::the_requirement(
    "received 2026-11-02; responded 2026-11-05; review-required 2026-12-14; review-required!3 2026-12-15",
    "received 2026-11-02; responded 2026-11-05; review-required 2026-12-15"
)]
#[case::the_regime(
    "received 2026-11-02; received!1 2026-11-02 regime=both",
    "received 2026-11-02 regime=both"
)]
#[case::never_happened(
    "received 2026-11-02; responded 2026-12-10; responded!2 2026-12-10 void",
    "received 2026-11-02"
)]
fn a_correction_equals_having_recorded_it_right_at_first(#[case] corrected: &str, #[case] right: &str) {
    assert_eq!(deadlines(corrected), deadlines(right));
}

/// The answer moves the window and does not make another of it; the outcome likewise.
#[rstest]
#[case("received 2026-11-02", "received 2026-11-02; responded 2026-11-05")]
#[case("received 2026-11-02", "received 2026-11-02; responded 2027-01-15")]
#[case(
    "received 2026-11-02; review-required 2026-12-14",
    "received 2026-11-02; review-required 2026-12-14; review-outcome 2027-01-10"
)]
#[case(
    "received 2026-11-02; responded 2026-12-01",
    "received 2026-11-02; responded 2026-12-01; responded!2 2026-12-02"
)]
#[case(
    "received 2026-11-02; responded 2026-12-01; review-required 2027-02-01",
    "received 2026-11-02; responded 2026-12-01; review-required 2027-02-01; review-required!3 2027-02-02"
)]
fn what_moves_a_deadline_does_not_make_another(#[case] before: &str, #[case] after: &str) {
    assert_eq!(keys(before), keys(after));
}

#[test]
fn repeats_are_numbered_in_the_order_of_events_and_not_of_recording() {
    let told = "received 2026-11-02; responded 2026-11-05; review-required 2026-12-14; review-outcome 2026-12-18; \
                review-required 2027-01-11";
    let otherwise = "received 2026-11-02; responded 2026-11-05; review-required 2027-01-11; review-required 2026-12-14; \
                     review-outcome 2026-12-18";
    let (told, otherwise) = (deadlines(told), deadlines(otherwise));
    let due = |all: &[Deadline], which| pick(all, which).unwrap().due;
    for which in [
        "review-outcome#1",
        "review-outcome#2",
        "commissioner-window#1",
        "commissioner-window#2",
    ] {
        assert_eq!(due(&told, which), due(&otherwise, which), "{which}");
    }
}

#[test]
fn a_corrected_case_names_its_deadlines_by_the_first_entry() {
    check(
        "received 2026-11-02; review-required 2026-12-14; review-required!2 2026-12-15; review-outcome 2027-01-10",
        "review-outcome",
        "key 2, from 2026-12-15 review-required",
    );
}

//! Registers like those of real authorities: their shares are as published, and a year of one, lived through morning by
//! morning, loses nothing and leaves a register that can be judged.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    dead_code,
    missing_docs,
    unreachable_pub,
    reason = "a test stops where something is amiss; the measurements use the rest of what is shared with them"
)]

#[path = "../benches/support/council.rs"]
mod council;
#[path = "../benches/support/office.rs"]
mod office;
#[path = "../benches/support/simulated.rs"]
mod simulated;

use std::process::Command;

use chrono::Datelike;
use council::{Council, OFFICERS};
use office::{Office, day};
use timeous::calendar::Calendar;
use timeous::case::{Kind, Regime};

fn council(cases: usize, from: &str) -> Council {
    Council {
        cases,
        from: day(from),
        through: day("2026-11-20"),
        unanswered: false,
        prefix: "FOI",
    }
}

#[test]
fn the_shares_are_those_that_authorities_return() {
    let calendar = Calendar::compiled_in().unwrap();
    let cases = 40_000;
    let (mut eirs, mut late, mut answered, mut reviewed, mut applied) = (0, 0, 0, 0, 0);
    let mut months = [0_u32; 13];
    for line in council(cases, "2016-11-21").lines(&calendar) {
        let row = line.1.unwrap();
        let received = &row.facts[0];
        months[received.on.month() as usize] += 1;
        eirs += usize::from(received.details.regime == Some(Regime::Eirs));
        let of = |kind| row.facts.iter().find(|fact| fact.kind == kind);
        if let Some(answer) = of(Kind::Responded) {
            answered += 1;
            late += usize::from(answer.on > calendar.nth_working_day_after(received.on, 20));
        }
        reviewed += usize::from(of(Kind::ReviewRequired).is_some());
        applied += usize::from(of(Kind::Applied).is_some());
    }
    let share = |count: usize, of: usize| count as f64 * 100.0 / of as f64;
    for (what, found, published, within) in [
        ("EIRs", share(eirs, cases), 12.0, 1.0),
        ("late", share(late, answered), 10.0, 1.0),
        ("reviewed", share(reviewed, answered), 2.6, 0.3),
        ("applied", share(applied, answered), 0.7, 0.2),
    ] {
        assert!(
            (found - published).abs() <= within,
            "{what}: {found}% and not {published}%"
        );
    }
    assert!(months[1] > months[7] && months[2] > months[12], "{months:?}");
}

#[test]
fn a_year_lived_through_loses_nothing() {
    let office = Office::in_memory();
    let config = office.configure_for(OFFICERS, "", "");
    let lived = simulated::live(&office, &config, &council(500, "2025-11-21"));
    assert_eq!(lived.lost, 0, "{lived:?}");
    assert!(
        lived.entries > 900 && lived.reminders > 500 && lived.mails > 300,
        "{lived:?}"
    );
    let judged = Command::new(env!("CARGO_BIN_EXE_timeous"))
        .arg("--config")
        .arg(office.path("timeous.toml"))
        .args(["--today", "2026-11-20", "verify"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&judged.stdout);
    assert!(
        judged.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&judged.stderr)
    );
}

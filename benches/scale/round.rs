//! A round in which a hundred rungs are due, among a thousand open cases and among a million.

use std::time::Duration;

use timeous::casework::dispatch::dispatch;
use timeous::casework::reconcile::reconcile;
use timeous::config::Config;
use timeous::store::Sqlite;

use crate::council::Council;
use crate::office::{Office, at, day, take_in};
use crate::table::{Runs, Table, figure, timed};

/// How many rungs are due.
const DUE: usize = 100;

/// The morning of the round.
pub const MORNING: &str = "2026-11-20";

/// A register of open cases of which nothing is to be told on the morning but of a hundred.
pub fn register(office: &Office, config: &Config, cases: usize) {
    let quiet = Council {
        cases: cases - DUE,
        from: day("2026-11-11"),
        through: day("2026-11-18"),
        unanswered: true,
        prefix: "FOI",
    };
    let mut store = office.fill("quiet.db", config, &quiet);
    // The last ten of their twenty working days begin on the morning itself.
    let due = Council {
        cases: DUE,
        from: day("2026-11-05"),
        through: day("2026-11-05"),
        prefix: "DUE",
        ..quiet
    };
    take_in(&mut store, config, &due);
}

/// Reconcile and dispatch, as a round of the service does; how long they took.
pub fn round(register: &std::path::Path, config: &Config) -> Duration {
    let mut store = Sqlite::open(register).unwrap();
    let now = at(day(MORNING), "09:00:00");
    let (written, took) = timed(|| {
        assert_eq!(reconcile(&mut store, &config.rules, now).unwrap(), None);
        dispatch(&mut store, &config.rules, now).unwrap()
    });
    assert_eq!(written.reminders, DUE, "every rung of the morning and no other");
    took
}

pub fn measure(cases: usize, times: usize) -> Runs {
    let office = Office::in_memory();
    let config = office.configure("", "");
    register(&office, &config, cases);
    Runs::of(times, || round(&office.copy("quiet.db", "run.db"), &config))
}

pub fn row(table: &mut Table) {
    let (small, large) = (measure(1_000, 5), measure(1_000_000, 5));
    let ms = |runs: &Runs| runs.map(|seconds| seconds * 1e3);
    table.beside(
        "a round with 100 rungs due among 1,000,000 open cases",
        "ms",
        &ms(&large),
        ("among 1,000", &ms(&small)),
        &format!("within {}", figure(2.0)),
    );
}

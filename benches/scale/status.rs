//! `timeous status` with a million cases, beside the `sqlite3` shell asking the same of the same register.

use std::process::{Command, Stdio};
use std::time::Duration;

use timeous::store::sqlite::questions_of_status;

use crate::council::Council;
use crate::office::{Office, day, shell};
use crate::table::{Runs, Table, timed};

const TODAY: &str = "2026-11-20";

/// Ten years of cases, in a register and with a configuration.
pub fn office(cases: usize) -> Office {
    let office = Office::in_memory();
    let config = office.configure("", "");
    let council = Council {
        cases,
        from: day("2016-11-21"),
        through: day(TODAY),
        unanswered: false,
        prefix: "FOI",
    };
    drop(office.fill("register.db", &config, &council));
    office
}

/// How long `timeous status` takes, start and end included.
pub fn asked(office: &Office) -> Duration {
    let mut command = Command::new(env!("CARGO_BIN_EXE_timeous"));
    command
        .arg("--config")
        .arg(office.path("timeous.toml"))
        .args(["--today", TODAY, "status"]);
    let (done, took) = timed(|| command.stdout(Stdio::null()).status().unwrap());
    assert!(done.success());
    took
}

pub fn row(table: &mut Table) {
    let office = office(1_000_000);
    let questions = questions_of_status(day(TODAY), day("2026-11-27"));
    let script = questions.join(";\n") + ";\n";
    let register = office.path("register.db");
    let (ours, theirs) = Runs::in_turn(9, || asked(&office), || shell(&register, &script));
    let ms = |runs: &Runs| runs.map(|seconds| seconds * 1e3);
    table.beside(
        "`status` with 1,000,000 cases",
        "ms",
        &ms(&ours),
        ("the sqlite3 shell, the same questions", &ms(&theirs)),
        "under 2",
    );
}

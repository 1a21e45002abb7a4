//! Ten years of all Scotland's requests, at full speed on a simulated clock.

use std::time::Instant;

use chrono::{Datelike, NaiveDate};

use crate::council::{Council, OFFICERS};
use crate::office::{Office, day, kept_of};
use crate::simulated::live;
use crate::table::{Table, figure};

/// What the authorities' returns to the Commissioner count in a year.
const A_YEAR: usize = 98_000;

pub fn section(table: &mut Table) {
    let years: usize = std::env::var("TIMEOUS_YEARS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(10);
    let office = Office::in_memory();
    let config = office.configure_for(OFFICERS, "", "");
    let through = day("2026-11-20");
    let council = Council {
        cases: A_YEAR * years,
        from: NaiveDate::from_ymd_opt(through.year() - years as i32, 11, 21).unwrap(),
        through,
        unanswered: false,
        prefix: "FOI",
    };
    // From here on the kernel counts the most memory anew.
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    let began = Instant::now();
    let lived = live(&office, &config, &council);
    let took = began.elapsed().as_secs_f64();
    let columns = [
        "cases",
        "entries",
        "mails",
        "reminders",
        "lost",
        "wall time, s",
        "most memory, MiB",
    ];
    table.section(&format!("## {years} years of all Scotland"), &columns);
    let memory = kept_of(std::process::id(), "VmHWM") as f64 / 1024.0;
    let counts = [council.cases, lived.entries, lived.mails, lived.reminders, lived.lost];
    let cells: Vec<String> = counts
        .iter()
        .map(ToString::to_string)
        .chain([figure(took), figure(memory)])
        .collect();
    table.row(&cells);
}

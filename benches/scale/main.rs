//! What an officer feels and what a machine bears, at sizes from a small council to all Scotland and beyond.
//!
//! Each row is measured beside a reference in the same run. `benches/run` does all of it and keeps the table; a row
//! alone is had by its name: `cargo bench --bench scale -- holiday`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    missing_docs,
    clippy::zombie_processes,
    unreachable_pub,
    reason = "a measurement reads the clock, prints what it found and stops where something is amiss"
)]

#[path = "../support/council.rs"]
mod council;
#[path = "../support/office.rs"]
mod office;
#[path = "../support/simulated.rs"]
mod simulated;
#[path = "../support/table.rs"]
mod table;

mod calendar;
mod delivery;
mod growth;
mod holiday;
mod rest;
mod round;
mod sheet;
mod status;
mod statute;
mod writers;
mod years;

use table::Table;

/// A row of the table: its name, and what measures it.
type Row = (&'static str, fn(&mut Table));

const ROWS: [Row; 9] = [
    ("calendar", calendar::row),
    ("statute", statute::rows),
    ("round", round::row),
    ("holiday", holiday::row),
    ("delivery", delivery::rows),
    ("import", sheet::row),
    ("status", status::row),
    ("rest", rest::rows),
    ("writers", writers::row),
];

fn main() {
    let asked: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with("--"))
        .collect();
    if let [moved, cases] = asked.as_slice()
        && moved == "moved"
    {
        let (seconds, memory) = growth::moved(cases.parse().unwrap());
        println!("{seconds} {memory}");
        return;
    }
    let wanted = |name: &str| asked.is_empty() || asked.iter().any(|word| word == name);
    let mut table = Table::default();
    if ROWS.iter().any(|(name, _)| wanted(name)) {
        let columns = ["what", "ours: median (least–most)", "reference", "ratio", "target"];
        table.section("## Beside a reference", &columns);
    }
    for (name, measure) in ROWS {
        if wanted(name) {
            measure(&mut table);
        }
    }
    if wanted("growth") {
        growth::section(&mut table);
    }
    if wanted("years") {
        years::section(&mut table);
    }
    if let Some(file) = std::env::var_os("TIMEOUS_TABLE") {
        std::fs::write(file, table.text()).unwrap();
    }
}

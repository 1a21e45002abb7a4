//! How each figure grows with the register, and the exponent of it.

use std::process::Command;

use crate::office::kept_of;
use crate::table::{Table, figure};
use crate::{holiday, office, rest, round, sheet, status};

const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];

/// What is measured at a size, and in which unit.
type Measure = (&'static str, fn(usize) -> f64);

const MEASURES: [Measure; 6] = [
    ("a round with 100 rungs due, ms", |cases| {
        round::measure(cases, 3).median() * 1e3
    }),
    ("`status`, ms", |cases| {
        let office = status::office(cases);
        crate::table::Runs::of(3, || status::asked(&office)).median() * 1e3
    }),
    ("import, s", |cases| {
        sheet::taken(&office::Office::in_memory(), "taken.db", cases).as_secs_f64()
    }),
    ("a new bank holiday over so many open cases, s", |cases| {
        holiday::Before::new(cases).moved().as_secs_f64()
    }),
    ("start until READY, ms", |cases| {
        let office = status::office(cases);
        let (child, _) = rest::started(&office);
        rest::wait_for_rest(child.id());
        rest::stopped(child);
        let (child, took) = rest::started(&office);
        rest::stopped(child);
        took.as_secs_f64() * 1e3
    }),
    ("most memory of a new bank holiday, MiB", in_a_process_of_its_own),
];

pub fn section(table: &mut Table) {
    let mut columns = vec!["what", "1,000", "10,000", "100,000", "1,000,000", "exponent"];
    table.section("## Growth with the number of cases", &columns);
    columns.clear();
    for (what, measure) in MEASURES {
        let figures: Vec<f64> = SIZES.iter().map(|cases| measure(*cases)).collect();
        // Over the last two decades; what is constant below hides the growth.
        let exponent = (figures[3] / figures[1]).log10() / 2.0;
        let cells = figures.iter().map(|found| figure(*found));
        table.row(&[vec![what.to_owned()], cells.collect(), vec![format!("{exponent:.2}")]].concat());
    }
}

/// Memory is a process's: this program again, for one measurement.
fn in_a_process_of_its_own(cases: usize) -> f64 {
    let said = Command::new(std::env::current_exe().unwrap())
        .arg("memory")
        .arg(cases.to_string())
        .output()
        .unwrap();
    String::from_utf8(said.stdout).unwrap().trim().parse().unwrap()
}

/// In that process: what a new bank holiday needs beyond what was there, in MiB.
pub fn memory(cases: usize) -> f64 {
    let before = holiday::Before::new(cases);
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    before.moved();
    kept_of(std::process::id(), "VmHWM") as f64 / 1024.0
}

//! How each figure grows with the register, and the exponent of it.

use std::process::Command;

use crate::office::{Office, kept_of};
use crate::table::{Runs, Table, figure};
use crate::{holiday, rest, round, sheet, status};

const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];

const WHAT: [&str; 7] = [
    "a round with 100 rungs due, ms",
    "`status`, ms",
    "start until READY, ms",
    "resident at rest, MiB",
    "import, s",
    "a new bank holiday over so many open cases, s",
    "most memory of that, MiB",
];

pub fn section(table: &mut Table) {
    let columns = ["what", "1,000", "10,000", "100,000", "1,000,000", "exponent"];
    table.section("## Growth with the number of cases", &columns);
    let figures = SIZES.map(measured);
    for (place, what) in WHAT.into_iter().enumerate() {
        let of_size = |size: usize| figures[size][place];
        // Over the last two decades; what is constant below hides the growth.
        let exponent = (of_size(3) / of_size(1)).log10() / 2.0;
        let cells = (0..SIZES.len()).map(|size| figure(of_size(size)));
        table.row(&[vec![what.to_owned()], cells.collect(), vec![format!("{exponent:.2}")]].concat());
    }
}

/// Everything at one size, in the order of the rows.
fn measured(cases: usize) -> [f64; WHAT.len()] {
    let round = round::measure(cases, 5).median() * 1e3;
    let (status, ready, resident) = of_an_office(cases);
    let taken = sheet::taken(&Office::in_memory(), "taken.db", cases).as_secs_f64();
    let (moved, memory) = in_a_process_of_its_own(cases);
    [round, status, ready, resident, taken, moved, memory]
}

/// `status`, the start, and what is resident once all is told.
fn of_an_office(cases: usize) -> (f64, f64, f64) {
    let office = status::office(cases);
    let status = Runs::of(5, || status::asked(&office)).median() * 1e3;
    let (child, _) = rest::started(&office);
    rest::wait_for_rest(child.id());
    rest::stopped(child);
    let (child, took) = rest::started(&office);
    rest::wait_for_rest(child.id());
    let resident = kept_of(child.id(), "VmRSS") as f64 / 1024.0;
    rest::stopped(child);
    (status, took.as_secs_f64() * 1e3, resident)
}

/// Memory is a process's: this program again, for one measurement of a new bank holiday.
fn in_a_process_of_its_own(cases: usize) -> (f64, f64) {
    let said = Command::new(std::env::current_exe().unwrap())
        .args(["moved", &cases.to_string()])
        .output()
        .unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    let mut figures = said.split_whitespace().map(|word| word.parse().unwrap());
    (figures.next().unwrap(), figures.next().unwrap())
}

/// In that process: how long a new bank holiday takes, in seconds, and the most memory meanwhile, in MiB.
pub fn moved(cases: usize) -> (f64, f64) {
    let before = holiday::Before::new(cases);
    // From here on the kernel counts the most anew.
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    let took = before.moved().as_secs_f64();
    (took, kept_of(std::process::id(), "VmHWM") as f64 / 1024.0)
}

//! The n-th working day after a date, beside numpy's `busday_offset`, vectorised, its calendar built before.

use std::hint::black_box;
use std::process::Command;
use std::time::Duration;

use chrono::{NaiveDate, TimeDelta};
use timeous::calendar::Calendar;

use crate::office::day;
use crate::table::{Runs, Table, timed};

const DATES: usize = 1_000_000;

/// The same dates, the same holidays, the same number of working days.
const NUMPY: &str = "
import sys, time, numpy as np
holidays = [line.strip() for line in sys.stdin if line.strip()]
days = np.busdaycalendar(holidays=holidays)
start = np.datetime64('2005-01-03')
dates = start + (np.arange(1000000) * 7919) % 7300
for n in (20, 40):
    began = time.perf_counter()
    ends = np.busday_offset(dates, n, roll='backward', busdaycal=days)
    print(time.perf_counter() - began, int((ends - start).astype(int).sum()))
";

pub fn row(table: &mut Table) {
    let calendar = Calendar::compiled_in().unwrap();
    let start = day("2005-01-03");
    let dates: Vec<NaiveDate> = (0..DATES as i64)
        .map(|n| start + TimeDelta::days((n * 7919) % 7300))
        .collect();
    let mut ours = [Vec::new(), Vec::new()];
    let mut theirs = [Vec::new(), Vec::new()];
    for _ in 0..7 {
        let reference = numpy(&calendar);
        for (place, n) in [20_u32, 40].into_iter().enumerate() {
            let nth = |date: &NaiveDate| calendar.nth_working_day_after(*date, black_box(n));
            let (ends, took) = timed(|| dates.iter().map(nth).collect::<Vec<_>>());
            let sum: i64 = ends.iter().map(|end| (*end - start).num_days()).sum();
            let (time, same) = reference[place];
            assert_eq!(sum, same, "numpy counts otherwise");
            ours[place].push(took.as_secs_f64());
            theirs[place].push(time.as_secs_f64());
        }
    }
    for (place, n) in [20, 40].into_iter().enumerate() {
        let speed = |runs: &Vec<f64>| Runs::from(runs.clone()).map(|seconds| DATES as f64 / seconds / 1e6);
        table.beside(
            &format!("the {n}th working day after each of {DATES} dates"),
            "M/s",
            &speed(&ours[place]),
            ("numpy", &speed(&theirs[place])),
            "at least 6",
        );
    }
}

/// How long numpy takes for each number of days, and a sum over what it found.
fn numpy(calendar: &Calendar) -> Vec<(Duration, i64)> {
    use std::io::Write as _;
    let holidays: String = calendar
        .holidays(2005..=2026)
        .map(|(day, _)| format!("{}\n", day.date))
        .collect();
    let mut child = Command::new("python3")
        .args(["-c", NUMPY])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("python3 is installed");
    child.stdin.take().unwrap().write_all(holidays.as_bytes()).unwrap();
    let said = child.wait_with_output().unwrap();
    assert!(said.status.success(), "python3 with numpy is needed");
    let said = String::from_utf8(said.stdout).unwrap();
    let line = |line: &str| {
        let (seconds, sum) = line.split_once(' ').unwrap();
        (Duration::from_secs_f64(seconds.parse().unwrap()), sum.parse().unwrap())
    };
    said.lines().map(line).collect()
}

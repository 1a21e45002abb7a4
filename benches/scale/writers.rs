//! Twenty officers who record without a pause, and the service, on one register: how long anybody waits.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use chrono::{Days, Utc};

use crate::office::Office;
use crate::rest::{started, stopped};
use crate::table::{Runs, Table, timed};

const WRITERS: usize = 20;

/// For how long they record; a minute if the environment says nothing else.
fn recorded_for() -> Duration {
    let seconds = std::env::var("TIMEOUS_WRITERS_SECONDS").ok();
    Duration::from_secs(seconds.and_then(|text| text.parse().ok()).unwrap_or(60))
}

/// How long each command of one officer took, start and end included.
fn waits(office: &Office, writer: usize, until: Instant) -> Vec<f64> {
    let received = (Utc::now().date_naive() - Days::new(1)).to_string();
    let mut waits = Vec::new();
    for n in 0.. {
        if Instant::now() >= until {
            break;
        }
        let case = format!("W-{writer}-{}", n / 2);
        let mut command = Command::new(env!("CARGO_BIN_EXE_timeous"));
        command.arg("--config").arg(office.path("timeous.toml"));
        match n % 2 {
            0 => command.args(["log", &case, "--received", &received]),
            _ => command.args(["record", &case, "note", "--on", &received]),
        };
        let (done, took) = timed(|| command.stdout(Stdio::null()).status().unwrap());
        assert!(done.success());
        waits.push(took.as_secs_f64() * 1e3);
    }
    waits
}

pub fn row(table: &mut Table) {
    let office = Office::on_disk();
    drop(office.configure("", ""));
    let (service, _) = started(&office);
    let until = Instant::now() + recorded_for();
    let waits: Vec<f64> = std::thread::scope(|scope| {
        let officers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let office = &office;
                scope.spawn(move || waits(office, writer, until))
            })
            .collect();
        officers
            .into_iter()
            .flat_map(|officer| officer.join().unwrap())
            .collect()
    });
    stopped(service);
    let what = format!(
        "an entry recorded, {WRITERS} officers and the service at once, {} entries on the disk",
        waits.len()
    );
    table.alone(&what, "ms", &Runs::from(waits), "none over 2,000");
}

//! The service at rest, with a million cases: its start, its memory, how often it wakes.

use std::os::unix::net::UnixDatagram;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::office::{Office, kept_of};
use crate::status;
use crate::table::{Runs, Table};

/// For how long it is watched; ten minutes if the environment says nothing else.
fn watched_for() -> Duration {
    let seconds = std::env::var("TIMEOUS_REST_SECONDS")
        .ok()
        .and_then(|text| text.parse().ok());
    Duration::from_secs(seconds.unwrap_or(600))
}

/// Starts the service; how long until it said READY.
pub fn started(office: &Office) -> (Child, Duration) {
    let socket = office.path("notify");
    let _ = std::fs::remove_file(&socket);
    let notify = UnixDatagram::bind(&socket).unwrap();
    notify.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
    let began = Instant::now();
    let child = Command::new(env!("CARGO_BIN_EXE_timeous"))
        .arg("--config")
        .arg(office.path("timeous.toml"))
        .arg("run")
        .env("NOTIFY_SOCKET", &socket)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut words = [0; 4096];
    loop {
        let length = notify.recv(&mut words).expect("the service says READY");
        if String::from_utf8_lossy(&words[..length]).contains("READY=1") {
            return (child, began.elapsed());
        }
    }
}

/// Ends the service as systemd does.
pub fn stopped(mut child: Child) {
    let asked = Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert!(asked.success() && child.wait().unwrap().success());
}

/// Voluntary context switches over all threads, and processor time in seconds.
fn spent(process: u32) -> (u64, f64) {
    let threads = std::fs::read_dir(format!("/proc/{process}/task")).unwrap();
    let switches = threads
        .map(|thread| {
            let status = std::fs::read_to_string(thread.unwrap().path().join("status")).unwrap();
            let line = status
                .lines()
                .find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
            line.unwrap().trim().parse::<u64>().unwrap()
        })
        .sum();
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: f64 = fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap();
    (switches, ticks / 100.0)
}

pub fn rows(table: &mut Table) {
    let office = status::office(1_000_000);
    // What is due by now is written and sent at the first start; at rest is what comes after.
    let (child, _) = started(&office);
    wait_for_rest(child.id());
    stopped(child);
    let starts = Runs::of(5, || {
        let (child, took) = started(&office);
        stopped(child);
        took
    });
    table.alone("READY after", "ms", &starts.map(|seconds| seconds * 1e3), "under 50");
    let (child, _) = started(&office);
    wait_for_rest(child.id());
    let (switches, spent_before) = spent(child.id());
    std::thread::sleep(watched_for());
    let (later, spent_after) = spent(child.id());
    let minutes = watched_for().as_secs_f64() / 60.0;
    let memory = kept_of(child.id(), "VmRSS") as f64 / 1024.0;
    let one = |figure: f64| Runs::from(vec![figure]);
    table.alone("resident at rest", "MiB", &one(memory), "under 20");
    let a_minute = (later - switches) as f64 / minutes;
    table.alone("voluntary context switches a minute", "", &one(a_minute), "at most 12");
    let processor = (spent_after - spent_before) * 1e3 / minutes;
    table.alone("processor time a minute", "ms", &one(processor), "");
    stopped(child);
}

/// Until two looks, two seconds apart, find that nothing was worked.
pub fn wait_for_rest(process: u32) {
    loop {
        let (_, before) = spent(process);
        std::thread::sleep(Duration::from_secs(2));
        if spent(process).1 - before < 0.02 {
            return;
        }
    }
}

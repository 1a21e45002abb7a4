//! Everything a disk can do to a register and to what stands beside it: full, read-only, failing at the n-th call,
//! damaged, replaced, or not the kind of disk it has to be. What the real program says then, with which exit code, what
//! it leaves behind, and that it goes on by itself when the disk is well again.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "clippy excuses only the #[test] functions themselves, not their helpers; a service is waited for"
)]

mod support;

#[path = "disk/calls.rs"]
mod calls;
#[path = "disk/damage.rs"]
mod damage;
#[path = "disk/full.rs"]
mod full;
#[path = "disk/places.rs"]
mod places;

use std::time::Duration;

use support::office::Office;

/// A working day in the send window on which FOI-1 is due.
const DUE: &str = "2022-03-04 08:30:00";

const LOGGED: &str = "2022-02-07 09:00:00";

/// One case, logged in time.
fn log(office: &Office, reference: &str) -> String {
    let words = ["log", reference, "--received", "2022-02-04", "--officer", "bjones"];
    office.run_at(LOGGED, &words).well()
}

/// The same office with further lines on top of its configuration.
fn with_top(office: &Office, lines: &str) {
    let config = std::fs::read_to_string(office.path("timeous.toml")).unwrap();
    office.configure(&format!("{lines}\n{config}"));
}

fn verified(office: &Office) -> String {
    office.run_at(DUE, &["verify"]).well()
}

/// The names in a folder of the office.
fn names(office: &Office, folder: &str) -> Vec<String> {
    let found = std::fs::read_dir(office.path(folder)).unwrap();
    let mut names: Vec<String> = found
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn wait_until(what: &str, done: impl Fn() -> bool) {
    for _ in 0..400 {
        if done() {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("waited twenty seconds in vain: {what}");
}

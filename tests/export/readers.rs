//! Readers of other people's making.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Debian's own Python, for its packages are not another's.
const PYTHON: &str = "/usr/bin/python3";

/// Whether calendars and sheets can be read by others. `tests/run` installs what that takes and then insists.
pub(crate) fn can_read() -> bool {
    let tried = Command::new(PYTHON).args(["-c", "import icalendar, csv"]).output();
    let can = tried.is_ok_and(|output| output.status.success());
    let required = std::env::var_os("TIMEOUS_REQUIRE_TOOLS").is_some();
    assert!(can || !required, "python3-icalendar is missing; tests/run installs it");
    if !can {
        println!("skipped: python3-icalendar is missing; tests/run installs it");
    }
    can
}

fn read(script: &str, args: &[&str]) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/export").join(script);
    let output = Command::new(PYTHON).arg(script).args(args).output().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaint}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// One event, as the reader understood it.
pub(crate) type Event = Value;

/// The events of calendars, merged.
pub(crate) fn events(files: &[&Path]) -> Vec<Event> {
    let names: Vec<_> = files.iter().map(|file| file.to_str().unwrap()).collect();
    read("read_ics.py", &names)["events"].as_array().unwrap().clone()
}

/// The events of calendars that still stand when all are merged.
pub(crate) fn live(files: &[&Path]) -> Vec<Event> {
    let names: Vec<_> = files.iter().map(|file| file.to_str().unwrap()).collect();
    let args = [vec!["--live"], names].concat();
    read("read_ics.py", &args)["events"].as_array().unwrap().clone()
}

/// The lines of a sheet.
pub(crate) fn lines(file: &Path) -> Vec<Value> {
    read("read_csv.py", &[file.to_str().unwrap()])
        .as_array()
        .unwrap()
        .clone()
}

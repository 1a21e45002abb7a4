//! The calendar file that the service keeps for a web server.

use std::os::unix::fs::MetadataExt as _;
use std::time::SystemTime;

use crate::support::office::{Office, Service, can_pretend, can_trace};

const NOW: &str = "2022-08-23 10:00:00";

fn office(ics: &str) -> Office {
    let office = Office::with(&format!("[watch]\nics = \"{ics}\"\n"));
    let log = ["log", "FOI-1", "--received", "2022-08-22"];
    office.run_at("2022-08-22 10:00:00", &log).well();
    office
}

/// Lets the service do another round, and waits until it has.
fn round(service: &Service) {
    service.signal("HUP");
    service.wait_for("RELOADING=1");
    service.wait_for("WATCHDOG=1");
}

/// Which file it is, and when it was written.
fn identity(office: &Office, name: &str) -> (u64, SystemTime) {
    let found = std::fs::metadata(office.path(name)).unwrap();
    (found.ino(), found.modified().unwrap())
}

fn text(office: &Office, name: &str) -> String {
    std::fs::read_to_string(office.path(name)).unwrap()
}

#[test]
fn it_is_written_after_a_round_in_which_something_changed_and_no_other() {
    if !can_pretend() {
        return;
    }
    let office = office("timeous.ics");
    let service = office.service(Some(NOW));
    service.wait_for("WATCHDOG=1");
    let first = text(&office, "timeous.ics");
    assert!(first.contains("SUMMARY:FOI-1 answer due") && first.ends_with("END:VCALENDAR\r\n"));
    let file = identity(&office, "timeous.ics");
    round(&service);
    assert_eq!(identity(&office, "timeous.ics"), file);
    // An entry that moves no date leaves the file alone.
    let note = ["record", "FOI-1", "note", "--on", "2022-08-23", "--note", "rang them"];
    office.run_at("2022-08-23 10:01:00", &note).well();
    round(&service);
    assert_eq!(identity(&office, "timeous.ics"), file);
    let answered = ["record", "FOI-1", "responded", "--on", "2022-08-23"];
    office.run_at("2022-08-23 10:02:00", &answered).well();
    round(&service);
    assert_ne!(identity(&office, "timeous.ics"), file);
    assert!(text(&office, "timeous.ics").contains("SUMMARY:FOI-1 answer done"));
    // It is what the command gives.
    let given = office
        .run_at("2022-08-23 10:03:00", &["export", "--format", "ics"])
        .well();
    assert_eq!(text(&office, "timeous.ics"), given);
    // One that somebody took away is there again after the next round.
    std::fs::remove_file(office.path("timeous.ics")).unwrap();
    round(&service);
    assert_eq!(text(&office, "timeous.ics"), given);
    service.stop();
    // Another run of the service finds it as it should be.
    let file = identity(&office, "timeous.ics");
    office.run_at("2022-08-23 10:10:00", &["run", "--once"]).well();
    assert_eq!(identity(&office, "timeous.ics"), file);
}

#[test]
fn a_folder_that_takes_no_file_is_told_once_stops_nothing_and_is_mended() {
    if !can_pretend() {
        return;
    }
    let office = office("feed/timeous.ics");
    let service = office.service(Some(NOW));
    service.wait_for_log("feed/timeous.ics could not be written");
    service.wait_for("WATCHDOG=1");
    let told = "select count(*) from round where task = 'calendar' and ok = 0";
    assert_eq!(office.count(told), 1);
    let status = office.run_at(NOW, &["status", "--check"]);
    assert!(
        status.out.contains("feed/timeous.ics could not be written"),
        "{}",
        status.out
    );
    let at = "select unixepoch(at) from round where task = 'calendar'";
    let first = office.count(at);
    round(&service);
    round(&service);
    // The rounds go on, and the same fault is not told again.
    assert_eq!(office.count(at), first);
    assert_eq!(office.count("select ok from round where task = 'dispatch'"), 1);
    std::fs::create_dir(office.path("feed")).unwrap();
    round(&service);
    assert_eq!(office.count(told), 0);
    assert!(text(&office, "feed/timeous.ics").contains("FOI-1 answer due"));
    service.signal("TERM");
    let (_, log) = service.ended();
    assert_eq!(log.matches("could not be written").count(), 0, "{log}");
    assert_eq!(log.matches("the calendar file is written again").count(), 1, "{log}");
    // Without the key nothing is left to complain of.
    std::fs::remove_dir_all(office.path("feed")).unwrap();
    assert!(
        office
            .run_at(NOW, &["run", "--once"])
            .complaint(1)
            .contains("could not be written")
    );
    let config = text(&office, "timeous.toml").replace("ics = ", "# ics = ");
    office.configure(&config);
    office.run_at(NOW, &["run", "--once"]).well();
    assert_eq!(office.count(told), 0);
}

#[test]
fn on_a_full_disk_what_was_there_stands() {
    if !can_trace() {
        return;
    }
    let office = office("timeous.ics");
    office.run_at(NOW, &["run", "--once"]).well();
    let before = text(&office, "timeous.ics");
    let answered = ["record", "FOI-1", "responded", "--on", "2022-08-23"];
    office.run_at(NOW, &answered).well();
    let full = ["-f", "-o", "/dev/null", "-e", "inject=rename:error=ENOSPC"];
    let ran = office.traced_at(NOW, &full, &["run", "--once"]);
    assert!(
        ran.code == Some(1) && ran.err.contains("No space left on device"),
        "{ran:?}"
    );
    assert_eq!(text(&office, "timeous.ics"), before);
    let left = std::fs::read_dir(office.path("")).unwrap();
    assert!(
        !left
            .map(|entry| entry.unwrap().path())
            .any(|path| path.extension().is_some_and(|end| end == "part"))
    );
}

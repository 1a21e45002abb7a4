//! A disk without room, and one on which nobody may write.

use std::time::{Duration, Instant};

use rstest::rstest;

use crate::support::disk::Disk;
use crate::support::office::{Office, can_pretend, can_trace, plain_text};
use crate::support::smtp::{At, Do, Script, Server};
use crate::{DUE, log, names, verified, wait_until, with_top};

const SHEET: &str = "reference,received,officer\nFOI-8,2022-02-04,bjones\nFOI-9,2022-02-07,cbrown\n";

/// The register lies on the small disk; everything else does not.
fn on_a_small_disk(office: &Office) -> Option<Disk> {
    let disk = Disk::mount(&office.path("small"), 700)?;
    with_top(office, "register = \"small/register.db\"");
    log(office, "FOI-1");
    std::fs::write(office.path("sheet.csv"), SHEET).unwrap();
    Some(disk)
}

/// What each command says while nothing can be written, with the end of the line that says what to do.
fn refused(office: &Office, args: &[&str], words: &str) {
    let ran = office.run_at(DUE, args);
    let line = ran.complaint(1);
    assert!(line.contains(words) && line.contains("; check "), "{args:?}: {line}");
    assert_eq!(ran.out, "", "{args:?}");
}

const WRITING: [&[&str]; 4] = [
    &["log", "FOI-2", "--received", "2022-02-04", "--officer", "cbrown"],
    &["record", "FOI-1", "acknowledged", "--on", "2022-02-08"],
    &["import", "sheet.csv"],
    &["run", "--once"],
];

#[test]
fn on_a_full_disk_each_command_says_so_and_changes_nothing() {
    let office = Office::new();
    if !can_pretend() {
        return;
    }
    let Some(disk) = on_a_small_disk(&office) else { return };
    let before = verified(&office);
    disk.fill();
    // There is no room even for what readers share.
    for args in WRITING {
        refused(
            &office,
            args,
            "small/register.db: disk I/O error: its -shm file cannot be made, perhaps for want of space",
        );
    }
    let check = office.run_at(DUE, &["status", "--check"]);
    assert!(
        check.complaint(3).contains("perhaps for want of space"),
        "{}",
        check.err
    );
    disk.free();

    // Somebody has it open, so that there is.
    let service = office.service(Some("2022-02-07 09:30:00"));
    service.wait_for("READY=1");
    disk.fill();
    for args in &WRITING[..3] {
        refused(&office, args, "the register cannot be used: database or disk is full");
    }
    refused(
        &office,
        &["export", "-o", "small/list.csv"],
        "what was there stands: No space left on device",
    );
    refused(&office, &["backup", "small/b.db"], "nothing is left of it: ");
    // Who only looks can.
    office.run_at(DUE, &["show", "FOI-1"]).well();
    office.run_at(DUE, &["status"]).well();
    office.run_at(DUE, &["export", "-o", "list.csv"]).well();
    office.run_at(DUE, &["backup", "b.db"]).well();
    assert_eq!(verified(&office), before);
    disk.free();
    assert!(
        !names(&office, "small")
            .iter()
            .any(|name| name.contains("part") || name.contains("list"))
    );

    for args in &WRITING[..3] {
        office.run_at(DUE, args).well();
    }
    assert!(
        verified(&office).starts_with("5 entries of 4 cases"),
        "{}",
        verified(&office)
    );
    assert_eq!(service.stop(), Some(0));
}

#[test]
fn on_a_read_only_disk_each_command_says_so_and_goes_on_afterwards() {
    let office = Office::new();
    if !can_pretend() {
        return;
    }
    let Some(disk) = on_a_small_disk(&office) else { return };
    let before = verified(&office);
    disk.read_only(true);
    for args in WRITING {
        refused(&office, args, "Read-only file system");
    }
    let check = office.run_at(DUE, &["status", "--check"]);
    assert!(check.complaint(3).contains("Read-only file system"), "{}", check.err);
    let (code, log) = office.service(Some(DUE)).ended();
    assert_eq!(code, Some(1), "systemd tries again: {log}");
    assert!(log.contains("Read-only file system"), "{log}");
    disk.read_only(false);
    assert_eq!(verified(&office), before);
    for args in WRITING {
        office.run_at(DUE, args).well();
    }
    assert_eq!(office.mails().len(), 2);
}

/// The service before the send window, on a full disk when it opens, and after.
#[test]
fn the_service_lives_through_a_full_disk_and_the_mail_leaves_once() {
    let server = Server::start();
    let office = Office::with_smtp(server.port());
    if !can_pretend() {
        return;
    }
    let Some(disk) = on_a_small_disk(&office) else { return };
    // Before the minute is full; begun anew where this machine was too slow for that.
    let service = (0..5).find_map(|_| {
        let began = Instant::now();
        let service = office.service(Some("2022-02-18 07:59:56"));
        service.wait_for("READY=1");
        service.wait_for("WATCHDOG=1");
        disk.fill();
        let early = began.elapsed() < Duration::from_millis(3_500);
        if !early {
            disk.free();
        }
        early.then_some(service)
    });
    let service = service.unwrap();
    // By itself, at the full minute.
    let alive = service.wait_for("disk is full");
    assert!(
        alive.contains("WATCHDOG=1"),
        "a full disk is no reason to be restarted: {alive}"
    );
    let line = service.wait_for_log("database or disk is full");
    assert!(line.contains("check the disk, its space"), "{line}");
    for _ in 0..3 {
        service.signal("HUP");
        service.wait_for("disk is full");
    }
    assert_eq!(server.accepted().len(), 0);
    let stuck = office.run_at("2022-02-18 08:06:00", &["status", "--check"]);
    assert_eq!(stuck.code, Some(2), "{stuck:?}");
    assert!(stuck.out.contains("the service is stuck"), "{stuck:?}");

    disk.free();
    service.signal("HUP");
    let lines = service.log_until("all is well again");
    let complaints = lines.iter().filter(|line| line.contains("disk is full")).count();
    assert_eq!(complaints, 0, "one line was enough: {lines:?}");
    wait_until("the mail", || server.accepted().len() == 1);
    service.signal("HUP");
    service.wait_for("WATCHDOG=1");
    assert_eq!(service.stop(), Some(0));
    assert_eq!(server.accepted().len(), 1, "told once");
    verified(&office);
}

/// The server has the mail, and that cannot be put on record until there is room: it is not sent again meanwhile, nor
/// afterwards.
#[rstest]
#[case::while_the_service_runs(false)]
#[case::where_it_is_restarted_once_there_is_room(true)]
fn a_disk_that_fills_up_between_the_dot_and_the_record_costs_no_second_mail(#[case] restarted: bool) {
    let server = Server::build().script(Script::new().at(At::Dot, Do::Gate)).start();
    let office = Office::with_smtp(server.port());
    if !can_pretend() {
        return;
    }
    let Some(disk) = on_a_small_disk(&office) else { return };
    let mut service = office.service(Some(DUE));
    assert!(server.wait_held());
    disk.fill();
    server.release();
    service.wait_for_log("mail does not leave: ");
    for _ in 0..3 {
        service.signal("HUP");
        service.wait_for("disk is full");
    }
    assert_eq!(server.accepted().len(), 1, "what cannot be put on record is not sent");
    disk.free();
    if restarted {
        assert_eq!(service.stop(), Some(0));
        service = office.service(Some(DUE));
        service.wait_for("WATCHDOG=1");
    } else {
        service.signal("HUP");
        let lines = service.log_until("all is well again");
        if !lines.iter().any(|line| line.contains("mail leaves again")) {
            service.wait_for_log("mail leaves again");
        }
    }
    let accepted = "select count(*) from message where state = 'accepted'";
    let register = rusqlite::Connection::open(office.path("small/register.db")).unwrap();
    let count = |sql: &str| register.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    wait_until("the record", || count(accepted) == 1);
    assert_eq!(service.stop(), Some(0));
    assert_eq!(server.accepted().len(), 1);
    assert_eq!(count("select count(*) from attempt where outcome = 'accepted'"), 1);
    assert_eq!(count("select count(*) from attempt"), 1);
    assert_eq!(count("select count(*) from reminder where state = 'told'"), 1);
    drop(register);
    verified(&office);
}

#[test]
fn a_full_outbox_folder_and_a_full_folder_for_the_calendar_are_told_and_caught_up_with() {
    let office = Office::with("folder = \"small/outbox\"\n[watch]\nics = \"small/dates.ics\"\n");
    if !can_pretend() {
        return;
    }
    let Some(disk) = Disk::mount(&office.path("small"), 100) else {
        return;
    };
    log(&office, "FOI-1");
    std::fs::create_dir(office.path("small/outbox")).unwrap();
    std::fs::write(office.path("small/dates.ics"), "as it was").unwrap();
    disk.fill();
    let service = office.service(Some(DUE));
    let lines = service.log_until("mail does not leave: ");
    assert!(
        lines.last().unwrap().contains("small/outbox: No space left on device"),
        "{lines:?}"
    );
    let calendar = |line: &String| line.contains("the calendar file: ") && line.contains("what was there stands");
    if !lines.iter().any(calendar) {
        service.wait_for_log("the calendar file: ");
    }
    service.signal("HUP");
    service.wait_for("WATCHDOG=1");
    let check = office.run_at(DUE, &["status", "--check"]);
    assert_eq!(check.code, Some(2), "{check:?}");
    assert!(
        check
            .out
            .contains("deliver: deferred at connect: cannot write to the folder"),
        "{check:?}"
    );
    assert!(check.out.contains("calendar: "), "{check:?}");
    assert_eq!(
        std::fs::read_to_string(office.path("small/dates.ics")).unwrap(),
        "as it was"
    );
    assert_eq!(names(&office, "small/outbox"), Vec::<String>::new());
    assert_eq!(names(&office, "small").len(), 3, "{:?}", names(&office, "small"));

    disk.free();
    // Nobody has to do anything for the mail; the calendar waits for the next round.
    wait_until("the mail", || names(&office, "small/outbox").len() == 1);
    service.signal("HUP");
    wait_until("the calendar", || {
        std::fs::read_to_string(office.path("small/dates.ics"))
            .unwrap()
            .starts_with("BEGIN:VCALENDAR")
    });
    service.signal("HUP");
    service.wait_for("WATCHDOG=1");
    let mails = names(&office, "small/outbox");
    assert!(mails.len() == 1 && mails[0].ends_with(".eml"), "{mails:?}");
    let mail = std::fs::read_to_string(office.path("small/outbox").join(&mails[0])).unwrap();
    assert!(plain_text(&mail).contains("FOI-1 - answer due TODAY"));
    let check = office.run_at(DUE, &["status", "--check"]);
    assert!(
        !check.out.contains("deliver") && !check.out.contains("calendar: "),
        "{check:?}"
    );
    assert_eq!(service.stop(), Some(0));
    verified(&office);
}

/// `/dev/full` takes nothing, as a log on a full disk does.
#[test]
fn a_log_that_cannot_be_written_ends_no_service() {
    let office = Office::new();
    if !can_pretend() {
        return;
    }
    log(&office, "FOI-1");
    let program = env!("CARGO_BIN_EXE_timeous");
    let ran = office.shell_at(
        DUE,
        &format!("timeout -s TERM 3 {program} run 2>/dev/full; echo ended $?"),
    );
    // 124: the service was there to be stopped.
    assert_eq!(ran.well(), "ended 124\n");
    assert_eq!(office.mails().len(), 1);
    let ran = office.shell_at(DUE, "timeous status --check >/dev/full");
    assert!(
        ran.complaint(1)
            .contains("the answer could not be written: No space left on device")
    );
}

/// Every call that writes fails for a while, on a disk that is then well again; nobody restarts anything.
#[test]
fn the_service_lives_through_a_disk_that_fails_for_a_while() {
    if !can_trace() {
        return;
    }
    let office = Office::new();
    log(&office, "FOI-1");
    let service = office.service(Some("2022-02-18 07:30:00"));
    service.wait_for("READY=1");
    service.wait_for("WATCHDOG=1");
    log(&office, "FOI-2");
    let trace = office.path("trace");
    let mut strace = std::process::Command::new("strace")
        .args(["-f", "-p", &service.id().to_string(), "-o", trace.to_str().unwrap()])
        .args(["-e", "trace=pwrite64,fsync,fdatasync,ftruncate"])
        .args(["-e", "inject=pwrite64,fsync,fdatasync,ftruncate:error=EIO"])
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    for _ in 0..40 {
        service.signal("HUP");
        if service.wait_for("WATCHDOG=1").contains("disk I/O error") {
            break;
        }
    }
    for _ in 0..3 {
        service.signal("HUP");
        service.wait_for("disk I/O error");
    }
    let stopped = std::process::Command::new("/bin/kill")
        .args(["-s", "INT", &strace.id().to_string()])
        .status();
    assert!(stopped.unwrap().success());
    strace.wait().unwrap();
    service.signal("HUP");
    let lines = service.log_until("all is well again");
    let told = lines.iter().filter(|line| line.contains("disk I/O error")).count();
    assert_eq!(told, 1, "{lines:?}");
    log(&office, "FOI-3");
    assert_eq!(service.stop(), Some(0));
    assert!(verified(&office).contains("of 3 cases"));
    office.run_at("2022-02-18 08:30:00", &["run", "--once"]).well();
    assert_eq!(office.mails().len(), 1);
}

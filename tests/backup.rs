//! A backup: what it holds, when it is kept, and that it can be restored as `docs/backup.md` says.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "clippy excuses only the #[test] functions themselves, not their helpers, and a storm lasts for a while"
)]

mod support;

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use support::office::{Office, can_pretend};

/// Every row that a question gives, as text.
fn rows(register: &Path, sql: &str) -> Vec<String> {
    let connection = Connection::open_with_flags(register, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let mut statement = connection.prepare(sql).unwrap();
    let columns = statement.column_count();
    let mut found = statement.query([]).unwrap();
    let mut all = Vec::new();
    while let Some(row) = found.next().unwrap() {
        let values: Vec<_> = (0..columns).map(|i| format!("{:?}", row.get_ref(i).unwrap())).collect();
        all.push(values.join(", "));
    }
    all
}

/// The names of everything in the office's folder.
fn files(office: &Office) -> Vec<String> {
    let folder = std::fs::read_dir(office.path("")).unwrap();
    let mut names: Vec<String> = folder
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_backup_taken_in_a_storm_of_writes_is_the_state_of_one_transaction() {
    let office = Office::new();
    office.run(&["log", "FOI-0", "--received", "2022-02-07"]).well();
    let over = AtomicBool::new(false);
    let mut backups = Vec::new();
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let (office, over) = (&office, &over);
            scope.spawn(move || {
                let mut number = 0;
                while !over.load(Ordering::Relaxed) {
                    number += 1;
                    let reference = format!("W{writer}-{number}");
                    let args = ["log", &reference, "--received", "2022-02-07", "--officer", "bjones"];
                    office.run(&args).well();
                }
            });
        }
        for number in 0..8 {
            std::thread::sleep(Duration::from_millis(150));
            let name = format!("backup-{number}.db");
            let ran = office.run(&["backup", &name]);
            if ran.code != Some(0) {
                over.store(true, Ordering::Relaxed);
            }
            assert!(ran.well().contains(&format!("{name}: entries 1 to ")));
            backups.push(name);
        }
        over.store(true, Ordering::Relaxed);
    });
    let last = office.path("register.db");
    office.run(&["verify"]).well();
    let all = "select * from entry order by position";
    let end = rows(&last, all);
    let mut lengths = Vec::new();
    for name in &backups {
        let path = office.path(name);
        let (register, name) = (path.to_str().unwrap(), name.as_str());
        let said = office.run(&["--register", register, "verify"]).well();
        assert!(said.contains("every stored date follows from them"), "{said}");
        let entries = rows(&path, all);
        assert_eq!(entries, end[..entries.len()], "{name}");
        // Each transaction of the storm is one case, which nobody touches afterwards.
        let known = "select reference from entry where position <=";
        for (table, order) in [("cases", "reference"), ("deadline", "id")] {
            let there = rows(&path, &format!("select * from {table} order by {order}"));
            let sql = format!(
                "select * from {table} where reference in ({known} {}) order by {order}",
                entries.len()
            );
            assert_eq!(there, rows(&last, &sql), "{name}: {table}");
        }
        let about = rows(&path, "select position, head from about");
        let link = rows(&path, "select position, hash from entry order by position desc limit 1");
        assert_eq!(about, link, "{name}");
        lengths.push(entries.len());
    }
    // There was a storm.
    assert!(lengths.first() < lengths.last(), "{lengths:?}");
    assert!(
        !files(&office).iter().any(|name| name.contains("-part")),
        "{:?}",
        files(&office)
    );
}

#[test]
fn a_backup_is_one_file_for_the_services_group_and_written_over_nothing() {
    let office = Office::new();
    office.run(&["log", "FOI-1", "--received", "2022-02-07"]).well();
    let before = files(&office);
    // What a backup that was cut off left behind is no obstacle.
    std::fs::write(office.path("one.db.timeous-part"), "half a backup").unwrap();
    let said = office.run(&["backup", "one.db"]).well();
    assert!(
        said.starts_with("one.db: entries 1 to 1 of 1 case, verified\nhead 1:"),
        "{said}"
    );
    let mode = std::fs::metadata(office.path("one.db")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o660);
    let there = std::fs::read(office.path("one.db")).unwrap();
    let again = office.run(&["backup", "one.db"]);
    let line = again.complaint(2);
    assert!(line.contains("one.db is there already"), "{line}");
    assert_eq!(std::fs::read(office.path("one.db")).unwrap(), there);
    // Looking at it changes nothing and puts nothing beside it.
    for look in [
        &["verify"][..],
        &["status"],
        &["show", "FOI-1"],
        &["explain", "FOI-1"],
        &["export"],
        &["mail", "queue"],
        &["due", "2022-02-07"],
    ] {
        office.run(&[&["--register", "one.db"], look].concat()).well();
        assert_eq!(std::fs::read(office.path("one.db")).unwrap(), there, "{look:?}");
    }
    // Nor does a copy of it, nor what may have something to say of the calendar.
    let list = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/holidays-feed/with-2029.json");
    for look in [
        &["backup", "two.db"][..],
        &["holidays", "check"],
        &["holidays", "update", list, "--dry-run"],
    ] {
        let ran = office.run_at("2026-12-01 09:00:00", &[&["--register", "one.db"], look].concat());
        assert!(ran.err.is_empty(), "{look:?}: {ran:?}");
        assert_eq!(std::fs::read(office.path("one.db")).unwrap(), there, "{look:?}");
    }
    std::fs::remove_file(office.path("two.db")).unwrap();
    let mut after = before.clone();
    after.push("one.db".to_owned());
    after.sort();
    assert_eq!(files(&office), after);
    let nowhere = office.run(&["backup", "no/such/folder.db"]);
    assert!(nowhere.complaint(1).contains("could not be written"), "{nowhere:?}");
    let none = office.run(&["--register", "none.db", "backup", "two.db"]);
    assert!(none.complaint(2).contains("there is no register"), "{none:?}");
}

/// A backup that was cut off as its last step but one has two names, and its first is what the next one begins with.
#[test]
fn a_backup_that_was_cut_off_at_its_end_is_not_written_over_under_another_name() {
    let office = Office::new();
    office.run(&["log", "FOI-1", "--received", "2022-02-07"]).well();
    office.run(&["backup", "one.db"]).well();
    std::fs::hard_link(office.path("one.db"), office.path("one.db.timeous-part")).unwrap();
    let copy = std::fs::read(office.path("one.db")).unwrap();
    std::fs::rename(office.path("one.db"), office.path("older.db")).unwrap();
    office.run(&["log", "FOI-2", "--received", "2022-02-07"]).well();
    let said = office.run(&["backup", "one.db"]).well();
    assert!(
        said.starts_with("one.db: entries 1 to 2 of 2 cases, verified\n"),
        "{said}"
    );
    assert_eq!(std::fs::read(office.path("older.db")).unwrap(), copy);
    assert!(!files(&office).contains(&"one.db.timeous-part".to_owned()));
}

/// What is left over under the name by which a backup is begun makes way, unless it is the register.
#[test]
fn a_register_of_an_odd_name_is_no_half_of_its_own_backup() {
    let office = Office::new();
    let odd = ["--register", "one.db.timeous-part"];
    office
        .run(&[&odd[..], &["log", "FOI-1", "--received", "2022-02-07"]].concat())
        .well();
    let ran = office.run(&[&odd[..], &["backup", "one.db"]].concat());
    let line = ran.complaint(2);
    assert!(line.contains("one.db.timeous-part is there already"), "{line}");
    office.run(&[&odd[..], &["verify"]].concat()).well();
}

#[test]
fn a_register_that_does_not_verify_is_not_backed_up() {
    let office = Office::new();
    office.run(&["log", "FOI-1", "--received", "2022-02-07"]).well();
    let register = Connection::open(office.path("register.db")).unwrap();
    register.execute("update entry set recorded_by = 'x'", []).unwrap();
    let before = files(&office);
    let ran = office.run(&["backup", "one.db"]);
    let line = ran.complaint(1);
    assert!(
        line.contains("1 thing is wrong, the first of entry 1 (FOI-1 no. 1, received of 2022-02-07): is not what was")
            && line.contains("no backup of it is kept"),
        "{line}"
    );
    assert_eq!(files(&office), before);
}

/// A limit on the size of files does what a full disk does, and needs no rights.
#[test]
fn a_full_disk_is_one_line_and_leaves_nothing() {
    let office = Office::new();
    office.run(&["log", "FOI-1", "--received", "2022-02-07"]).well();
    let before = files(&office);
    let program = env!("CARGO_BIN_EXE_timeous");
    // In blocks of 1,024 bytes, as bash counts; the log of a reader who only looks is not written.
    let shell = format!("trap '' XFSZ; ulimit -f 40; exec {program} backup one.db");
    let output = Command::new("bash")
        .args(["-c", &shell])
        .current_dir(office.path(""))
        .env("TIMEOUS_CONFIG", office.path("timeous.toml"))
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.starts_with("timeous: the backup one.db could not be written, and nothing is left of it: "),
        "{said}"
    );
    assert_eq!(said.lines().count(), 1, "{said}");
    assert_eq!(files(&office), before);
    office.run(&["backup", "one.db"]).well();
}

/// The same on a disk that is full indeed, where one may be mounted for the test alone.
#[test]
fn a_disk_that_is_full_indeed_is_one_line_and_leaves_nothing() {
    let office = Office::new();
    office.run(&["log", "FOI-1", "--received", "2022-02-07"]).well();
    std::fs::create_dir(office.path("small")).unwrap();
    let program = env!("CARGO_BIN_EXE_timeous");
    let shell = format!(
        "mount -t tmpfs -o size=40k none small || exit 77; {program} backup small/one.db; echo \"ended $?\"; ls -A small"
    );
    let output = Command::new("unshare")
        .args(["--mount", "sh", "-c", &shell])
        .current_dir(office.path(""))
        .env("TIMEOUS_CONFIG", office.path("timeous.toml"))
        .output();
    let Some(output) = output.ok().filter(|output| output.status.success()) else {
        println!("skipped: no small disk can be mounted here");
        return;
    };
    let said = String::from_utf8(output.stderr).unwrap();
    let full = "timeous: the backup small/one.db could not be written, and nothing is left of it: database or disk is \
                full; check its folder, the disk and its space\n";
    assert_eq!(said, full);
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "ended 1\n");
}

/// What the document has people type between stopping the service and `verify`, here instead of where the service has it.
fn typed_to_restore() -> Vec<String> {
    let document = include_str!("../docs/backup.md");
    let steps = document.split("## Restore").nth(1).unwrap();
    let steps = steps.split("4. Verify").next().unwrap();
    let typed = steps.lines().filter_map(|line| line.trim().strip_prefix("$ sudo "));
    typed
        .filter(|typed| !typed.starts_with("systemctl "))
        .map(|typed| {
            typed
                .trim_start_matches("-u timeous ")
                .replace("sudo ", "")
                .replace("/var/lib/timeous/", "./")
                .replace("/var/backups/timeous/register-2026-11-27.db", "night.db")
        })
        .collect()
}

/// The steps of `docs/backup.md`, with the service at work before and after.
#[test]
fn a_backup_is_restored_as_the_documentation_says() {
    if !can_pretend() {
        return;
    }
    let office = Office::new();
    let at = |moment: &str, args: &[&str]| office.run_at(moment, args).well();
    at(
        "2022-02-07 09:00:00",
        &["log", "FOI-1", "--received", "2022-02-07", "--officer", "bjones"],
    );
    let service = office.service(Some("2022-03-07 09:00:00"));
    service.wait_for("READY=1");
    let head = office.run_at("2022-03-07 09:01:00", &["backup", "night.db"]).head();
    at(
        "2022-03-07 09:02:00",
        &["record", "FOI-1", "note", "--on", "2022-03-07"],
    );
    service.kill();
    // The register is lost while its log still lies there.
    std::fs::write(
        office.path("register.db"),
        "no longer a register, and long enough to be one".repeat(40),
    )
    .unwrap();

    let steps = typed_to_restore();
    assert_eq!(steps.len(), 3, "{steps:?}");
    for step in steps {
        // As sudo has it by default.
        let done = Command::new("sh")
            .args(["-c", &format!("umask 022; {step}")])
            .current_dir(office.path(""))
            .output()
            .unwrap();
        assert!(done.status.success(), "{step}: {done:?}");
    }
    let mode = std::fs::metadata(office.path("register.db"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o660, "officers of the group record in it");
    at("2022-03-07 10:00:00", &["verify", "--head", &head]);
    let service = office.service(Some("2022-03-07 10:01:00"));
    service.wait_for("READY=1");
    let shown = at("2022-03-07 10:02:00", &["show", "FOI-1"]);
    assert!(!shown.contains("note"), "{shown}");
    at(
        "2022-03-07 10:03:00",
        &["record", "FOI-1", "responded", "--on", "2022-03-07"],
    );
    assert_eq!(service.stop(), Some(0));
    at("2022-03-07 10:04:00", &["verify", "--head", &head]);
}

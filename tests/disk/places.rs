//! What may lie where the register should be, or beside it, and disks on which it must not lie.

use std::os::unix::fs::{FileExt as _, PermissionsExt as _, symlink};
use std::path::Path;

use crate::support::disk::Disk;
use crate::support::office::{Office, can_pretend};
use crate::{DUE, log, names, verified, with_top};

fn office() -> Office {
    let office = Office::new();
    log(&office, "FOI-1");
    office
}

/// Two names of one register have one lock between them, and the log lies where the register does.
#[test]
fn a_link_to_a_register_is_the_register() {
    if !can_pretend() {
        return;
    }
    let office = office();
    std::fs::create_dir(office.path("elsewhere")).unwrap();
    symlink("../register.db", office.path("elsewhere/linked.db")).unwrap();
    let service = office.service(Some(DUE));
    service.wait_for("READY=1");
    let through = |args: &[&str]| office.run_at(DUE, &[&["--register", "elsewhere/linked.db"], args].concat());
    let second = through(&["run", "--once"]);
    assert!(
        second.complaint(1).contains("another timeous service has"),
        "{second:?}"
    );
    assert!(through(&["status"]).well().contains("running, last round"));
    through(&["record", "FOI-1", "acknowledged", "--on", "2022-02-08"]).well();
    assert_eq!(service.stop(), Some(0));
    assert_eq!(names(&office, "elsewhere"), ["linked.db"]);
    assert!(verified(&office).starts_with("2 entries"), "{}", verified(&office));

    symlink("nowhere", office.path("elsewhere/lost.db")).unwrap();
    let lost = |args: &[&str]| office.run_at(DUE, &[&["--register", "elsewhere/lost.db"], args].concat());
    for args in [&["status"][..], &["log", "FOI-2", "--received", "2022-02-04"]] {
        let ran = lost(args);
        let line = ran.complaint(1);
        assert!(
            line.contains("elsewhere/lost.db is a link that leads to no file; put"),
            "{line}"
        );
    }
    assert_eq!(names(&office, "elsewhere"), ["linked.db", "lost.db"]);
    // What needs no register says that it goes without what was adopted into this one.
    let due = lost(&["due", "2022-02-04"]);
    assert!(
        due.code == Some(0) && due.err.contains("leads to no file") && due.err.contains("are not reckoned with"),
        "{due:?}"
    );
}

fn pipe(path: &Path) {
    let made = std::process::Command::new("mkfifo").arg(path).status().unwrap();
    assert!(made.success());
}

#[test]
fn a_pipe_is_no_register_and_is_not_waited_for() {
    if !can_pretend() {
        return;
    }
    let office = office();
    pipe(&office.path("pipe.db"));
    let log = ["log", "FOI-2", "--received", "2022-02-04"];
    for args in [
        &["status"][..],
        &["verify"],
        &["backup", "b.db"],
        &log,
        &["run", "--once"],
    ] {
        let ran = office.run_at(DUE, &[&["--register", "pipe.db"], args].concat());
        let line = ran.complaint(2);
        assert!(
            line.contains("pipe.db is not a register of this program"),
            "{args:?}: {line}"
        );
    }
}

/// A lock behind a link is not everybody's; a pipe would be waited for without end.
#[test]
fn a_lock_that_is_no_plain_file_is_refused() {
    if !can_pretend() {
        return;
    }
    for (name, args) in [
        (
            "register.db.writer",
            ["log", "FOI-2", "--received", "2022-02-04"].as_slice(),
        ),
        ("register.db.daemon", ["run", "--once"].as_slice()),
        ("register.db.daemon", ["status", "--check"].as_slice()),
    ] {
        for kind in ["link", "pipe"] {
            let office = office();
            std::fs::write(office.path("other"), "somebody's").unwrap();
            let _ = std::fs::remove_file(office.path(name));
            match kind {
                "link" => symlink("other", office.path(name)).unwrap(),
                _ => pipe(&office.path(name)),
            }
            let ran = office.run_at(DUE, args);
            let words = format!("{name} is a lock and no plain file; remove it");
            let code = if args.contains(&"--check") { 3 } else { 1 };
            assert!(ran.complaint(code).contains(&words), "{kind}: {ran:?}");
            assert_eq!(std::fs::read_to_string(office.path("other")).unwrap(), "somebody's");
        }
    }
}

/// The copy is written under a name beside the one it is to have, in a folder where others may write too.
#[test]
fn a_backup_is_written_into_nothing_that_was_put_in_its_way() {
    if !can_pretend() {
        return;
    }
    let office = office();
    let before = std::fs::read(office.path("register.db")).unwrap();
    let there = names(&office, "");
    symlink("register.db", office.path("b.db.timeous-part")).unwrap();
    let ran = office.run_at(DUE, &["backup", "b.db"]);
    assert!(
        ran.complaint(1)
            .contains("b.db.timeous-part: it is no plain file; remove it"),
        "{ran:?}"
    );
    assert_eq!(std::fs::read(office.path("register.db")).unwrap(), before);
    std::fs::remove_file(office.path("b.db.timeous-part")).unwrap();

    // Another name of the register itself.
    std::fs::hard_link(office.path("register.db"), office.path("b.db.timeous-part")).unwrap();
    office.run_at(DUE, &["backup", "b.db"]).well();
    assert_eq!(std::fs::read(office.path("register.db")).unwrap(), before);

    // Another backup is at work under that name.
    let held = std::fs::File::create(office.path("c.db.timeous-part")).unwrap();
    held.lock().unwrap();
    let ran = office.run_at(DUE, &["backup", "c.db"]);
    assert!(ran.complaint(1).contains("somebody else is writing it"), "{ran:?}");
    drop(held);
    std::fs::remove_file(office.path("c.db.timeous-part")).unwrap();

    for name in ["register.db-journal", "register.db-wal", "register.db.timeous-part"] {
        let ran = office.run_at(DUE, &["backup", name]);
        let line = ran.complaint(2);
        assert!(
            line.contains(&format!("{name} is a file that belongs to the register")),
            "{line}"
        );
        assert!(!office.path(name).exists());
    }
    // Also where the register is reached through a link, which they do not lie beside.
    std::fs::create_dir(office.path("link")).unwrap();
    symlink("../register.db", office.path("link/register.db")).unwrap();
    for linked in [&["export", "-o", "register.db-wal"][..], &["backup", "register.db-wal"]] {
        let ran = office.run_at(DUE, &[&["--register", "link/register.db"], linked].concat());
        let line = ran.complaint(2);
        assert!(
            line.contains("register.db-wal is a file that belongs to the register"),
            "{line}"
        );
    }
    std::fs::remove_dir_all(office.path("link")).unwrap();

    symlink("register.db", office.path("d.db")).unwrap();
    let ran = office.run_at(DUE, &["backup", "d.db"]);
    assert!(ran.complaint(2).contains("d.db is the register itself"), "{ran:?}");
    let ran = office.run_at(DUE, &["export", "-o", "d.db"]);
    assert!(ran.complaint(2).contains("d.db is the register"), "{ran:?}");
    std::fs::write(office.path("list.csv"), "as it was").unwrap();
    symlink("list.csv", office.path("published.csv")).unwrap();
    office.run_at(DUE, &["export", "-o", "published.csv"]).well();
    assert!(
        office.path("published.csv").is_symlink(),
        "what it leads to is written, and not the name"
    );
    assert!(
        std::fs::read_to_string(office.path("list.csv"))
            .unwrap()
            .contains("FOI-1")
    );
    assert_eq!(std::fs::read(office.path("register.db")).unwrap(), before);
    let made = names(&office, "").into_iter().filter(|name| !there.contains(name));
    assert_eq!(made.collect::<Vec<_>>(), ["b.db", "d.db", "list.csv", "published.csv"]);
    verified(&office);
}

/// A real file system in a program: no register may lie there; copies and lists may.
#[test]
fn on_a_file_system_that_is_a_program_no_register_is_kept() {
    if !can_pretend() {
        return;
    }
    let office = office();
    std::fs::create_dir(office.path("local")).unwrap();
    let Some(_served) = Disk::served(&office.path("local"), &office.path("served")) else {
        return;
    };
    let there = |name: &str| format!("--register=served/{name}");
    std::fs::copy(office.path("register.db"), office.path("local/register.db")).unwrap();
    let words = "lies on a fuse file system, where locks cannot be trusted; keep the register on a local disk";
    for args in [
        [there("register.db").as_str(), "status"].as_slice(),
        &[
            &there("register.db"),
            "record",
            "FOI-1",
            "acknowledged",
            "--on",
            "2022-02-08",
        ],
        &[&there("new.db"), "log", "FOI-1", "--received", "2022-02-04"],
        &[&there("new.db"), "run", "--once"],
    ] {
        let ran = office.run_at(DUE, args);
        let line = ran.complaint(2);
        assert!(line.replace("fuse.bindfs", "fuse").contains(words), "{args:?}: {line}");
    }
    office
        .run_at(DUE, &[&there("register.db"), "status", "--check"])
        .complaint(3);
    // Nor behind a link from a local disk.
    symlink("served/register.db", office.path("linked.db")).unwrap();
    let ran = office.run_at(DUE, &["--register", "linked.db", "status"]);
    assert!(ran.complaint(2).contains("where locks cannot be trusted"), "{ran:?}");
    assert_eq!(names(&office, "local"), ["register.db"]);

    office.run_at(DUE, &["backup", "served/b.db"]).well();
    assert_eq!(
        office.run_at(DUE, &["--register", "local/b.db", "verify"]).well(),
        verified(&office)
    );
    office.run_at(DUE, &["export", "-o", "served/list.csv"]).well();
    office.run_at(DUE, &["import", "served/list.csv", "--dry-run"]).well();
    assert_eq!(names(&office, "local"), ["b.db", "list.csv", "register.db"]);
}

fn allow(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// The folder for mail is closed to the running service, and then the register to whoever is at the keyboard.
#[test]
fn rights_that_are_lost_are_told_and_their_return_is_enough() {
    if !can_pretend() {
        return;
    }
    let mut office = Office::with("folder = \"outbox\"\n[watch]\nics = \"public/dates.ics\"\n");
    office.give_up_rights();
    std::fs::create_dir(office.path("public")).unwrap();
    allow(&office.path("public"), 0o777);
    log(&office, "FOI-1");
    std::fs::create_dir(office.path("outbox")).unwrap();
    allow(&office.path("outbox"), 0o000);
    allow(&office.path("public"), 0o555);
    let service = office.service(Some(DUE));
    let lines = service.log_until("mail does not leave: ");
    assert!(lines.last().unwrap().contains("outbox: Permission denied"), "{lines:?}");
    service.signal("HUP");
    service.wait_for("WATCHDOG=1");
    let check = office.run_at(DUE, &["status", "--check"]);
    assert_eq!(check.code, Some(2), "{check:?}");
    for words in [
        "deliver: deferred at connect",
        "dates.ics could not be written",
        "Permission denied",
    ] {
        assert!(check.out.contains(words), "{check:?}");
    }

    allow(&office.path("register.db"), 0o000);
    let ran = office.run_at(DUE, &["status"]);
    assert!(ran.complaint(1).contains("register.db: Permission denied"), "{ran:?}");
    office.run_at(DUE, &["status", "--check"]).complaint(3);
    // It has its register open.
    service.signal("HUP");
    service.wait_for("WATCHDOG=1");
    allow(&office.path("register.db"), 0o660);

    allow(&office.path("outbox"), 0o777);
    allow(&office.path("public"), 0o777);
    crate::wait_until("the mail", || office.mails().len() == 1);
    service.signal("HUP");
    crate::wait_until("the calendar", || office.path("public/dates.ics").exists());
    assert_eq!(service.stop(), Some(0));
    assert_eq!(office.mails().len(), 1);
    verified(&office);
}

/// A file that nobody can tell from another program's is never touched.
#[test]
fn another_programs_mark_and_a_later_schema_end_the_service_with_one_line() {
    if !can_pretend() {
        return;
    }
    for (at, bytes, words, code) in [
        (
            60_u64,
            [0, 0, 0, 9_u8],
            "register.db was written by a later version (schema 9, this program knows 5); install that version",
            1,
        ),
        (
            68,
            *b"GEOP",
            "register.db is not a register of this program; give another --register",
            2,
        ),
    ] {
        let office = office();
        with_top(&office, "register = \"register.db\"");
        let file = std::fs::File::options()
            .write(true)
            .open(office.path("register.db"))
            .unwrap();
        file.write_all_at(&bytes, at).unwrap();
        let before = std::fs::read(office.path("register.db")).unwrap();
        for args in [
            ["verify"].as_slice(),
            &["backup", "b.db"],
            &["export"],
            &["mail", "queue"],
            &["run", "--once"],
        ] {
            let ran = office.run_at(DUE, args);
            assert!(ran.complaint(code).contains(words), "{args:?}: {ran:?}");
        }
        office.run_at(DUE, &["status", "--check"]).complaint(3);
        assert!(
            std::fs::read(office.path("register.db")).unwrap() == before,
            "it is left as it was"
        );
        assert!(!office.path("b.db").exists() && !office.path("b.db.timeous-part").exists());
    }
}

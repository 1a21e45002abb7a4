//! A register that was cut off, overwritten in places or robbed of its log: either nothing that counts was hit, or it is
//! said, and nothing is made worse.

use std::path::Path;

use rstest::rstest;

use crate::support::office::{Office, Ran, can_pretend};
use crate::{DUE, log, verified};

/// Commands that look, that write, that make a register if there is none, and the service's round.
const EVERY: [&[&str]; 6] = [
    &["status"],
    &["verify"],
    &["backup", "b.db"],
    &["record", "FOI-1", "acknowledged", "--on", "2022-02-08"],
    &["log", "FOI-9", "--received", "2022-02-04"],
    &["run", "--once"],
];

/// An office whose register is one file.
fn office() -> Office {
    let office = Office::new();
    for reference in ["FOI-1", "FOI-2", "FOI-3"] {
        log(&office, reference);
    }
    assert!(!office.path("register.db-wal").exists());
    office
}

fn overwrite(path: &Path, at: usize, with: impl Fn(u8) -> u8, length: usize) {
    let mut bytes = std::fs::read(path).unwrap();
    for byte in &mut bytes[at..][..length] {
        *byte = with(*byte);
    }
    std::fs::write(path, bytes).unwrap();
}

fn inverted(byte: u8) -> u8 {
    !byte
}

#[derive(Debug, Clone, Copy)]
enum Harm {
    CutTo(u64),
    Inverted(usize, usize),
    Is(usize, u8),
}

#[rstest]
#[case::cut_to_less_than_a_page(Harm::CutTo(300), "the register is damaged: ", 1)]
#[case::cut_to_a_piece_of_the_head(Harm::CutTo(40), "the register is damaged: ", 1)]
#[case::cut_to_one_page(Harm::CutTo(4_096), "the register is damaged: ", 1)]
#[case::cut_in_the_middle_of_a_page(Harm::CutTo(102_401), "the register is damaged: ", 1)]
#[case::cut_by_its_last_page(Harm::CutTo(196_608), "the register is damaged: ", 1)]
#[case::what_every_database_begins_with(Harm::Inverted(0, 16), "the register is damaged: ", 1)]
#[case::size_of_a_page(Harm::Inverted(16, 2), "the register is damaged: ", 1)]
#[case::number_of_pages(Harm::Inverted(28, 4), "the register is damaged: ", 1)]
#[case::form_of_the_schema(Harm::Inverted(44, 4), "the register is damaged: ", 1)]
#[case::version_of_nothing(Harm::Is(63, 0), "the register is damaged: ", 1)]
#[case::version_of_less(Harm::Is(63, 1), "the register is damaged: ", 1)]
#[case::version_to_come(
    Harm::Is(63, 6),
    "was written by a later version (schema 6, this program knows 5); install that version",
    1
)]
#[case::the_mark(
    Harm::Inverted(68, 4),
    "is not a register of this program; give another --register",
    2
)]
#[case::the_first_page(Harm::Inverted(100, 64), "the register is damaged: ", 1)]
#[case::everything(
    Harm::Inverted(0, 200_704),
    "is not a register of this program; give another --register",
    2
)]
fn a_register_that_cannot_be_opened_is_named_and_left_as_it_is(
    #[case] harm: Harm,
    #[case] words: &str,
    #[case] code: i32,
) {
    if !can_pretend() {
        return;
    }
    let office = office();
    let path = office.path("register.db");
    match harm {
        Harm::CutTo(length) => {
            let file = std::fs::File::options().write(true).open(&path).unwrap();
            file.set_len(length).unwrap();
        }
        Harm::Inverted(at, length) => overwrite(&path, at, inverted, length),
        Harm::Is(at, byte) => overwrite(&path, at, |_| byte, 1),
    }
    let before = std::fs::read(&path).unwrap();
    for args in EVERY {
        let ran = office.run_at(DUE, args);
        let line = ran.complaint(code);
        assert!(line.contains(words) && line.contains("register.db"), "{args:?}: {line}");
        assert!(line.len() < 250, "one line that can be read: {line}");
    }
    office.run_at(DUE, &["status", "--check"]).complaint(3);
    let (ended, log) = office.service(Some(DUE)).ended();
    assert_eq!(ended, Some(code), "{log}");
    assert!(log.contains(words), "{log}");
    assert_eq!(std::fs::read(&path).unwrap(), before);
    assert!(!office.path("b.db").exists() && office.mails().is_empty());
}

/// An emptied file is no new register to anybody, whether its log lies there or not.
#[test]
fn a_register_that_was_emptied_is_not_taken_for_a_new_one() {
    if !can_pretend() {
        return;
    }
    let office = office();
    let path = office.path("register.db");
    let empty = "register.db is empty; restore the last backup, or if no case was ever logged there remove it";
    for log in [None, Some("what was last recorded")] {
        std::fs::write(&path, "").unwrap();
        if let Some(log) = log {
            std::fs::write(office.path("register.db-wal"), log).unwrap();
        }
        for args in EVERY {
            let ran = office.run_at(DUE, args);
            assert!(ran.complaint(1).contains(empty), "{args:?}: {ran:?}");
        }
        office.run_at(DUE, &["status", "--check"]).complaint(3);
        let (ended, said) = office.service(Some(DUE)).ended();
        assert!(ended == Some(1) && said.contains(empty), "{said}");
        assert_eq!(std::fs::metadata(&path).unwrap().len(), 0);
        assert!(office.mails().is_empty());
    }
    let log = std::fs::read_to_string(office.path("register.db-wal")).unwrap();
    assert_eq!(log, "what was last recorded");
}

/// What waits in a log would be written into the new register, which knows nothing of the pages it belongs to.
#[test]
fn a_register_that_was_taken_from_its_log_is_not_begun_anew_beside_it() {
    if !can_pretend() {
        return;
    }
    let office = office();
    let taken = office.path("taken.db");
    std::fs::rename(office.path("register.db"), &taken).unwrap();
    for log in ["register.db-wal", "register.db-journal"] {
        std::fs::write(office.path(log), "what was last recorded").unwrap();
        let folder = office.path("").display().to_string();
        for args in EVERY {
            let ran = office.run_at(DUE, args);
            assert_eq!(
                ran.complaint(1).replace(&folder, ""),
                format!(
                    "timeous: register.db is missing, and its log {log} is there; put it back beside its log, or move the \
                     log away and restore the last backup"
                ),
                "{args:?}"
            );
        }
        assert!(!office.path("register.db").exists());
        std::fs::remove_file(office.path(log)).unwrap();
    }

    let service = office.service(Some(DUE));
    let line = service.wait_for_log("the register is new and holds no case");
    assert!(
        line.contains("WARN") && line.contains("if it held some, restore the last backup"),
        "{line}"
    );
    service.wait_for("READY=1");
    service.wait_for("WATCHDOG=1");
    let check = office.run_at(DUE, &["status", "--check"]);
    let said = "SOON - no case was ever logged; if some were, restore the last backup";
    assert!(check.code == Some(1) && check.out.contains(said), "{check:?}");
    assert_eq!(service.stop(), Some(0));

    // What the service records by itself is no case.
    let day = "[[day]]\ndate = \"2022-05-31\"\nchange = \"added\"\nname = \"A day\"\ninstrument = \"1971 Act s.1(3)\"\n\
               source = \"of the test\"\nannounced_on = \"2022-03-01\"\n";
    std::fs::write(office.path("own.toml"), day).unwrap();
    office.configure("[calendar]\nproclamations = \"own.toml\"\n");
    office.run_at(DUE, &["run", "--once"]).well();
    assert_eq!(office.count("select count(*) from entry"), 1);
    let check = office.run_at(DUE, &["status", "--check"]);
    assert!(check.out.contains("no case was ever logged"), "{check:?}");
}

/// A backup put in the place of a register whose log was left there, and one that is to be made beside another's log.
#[test]
fn a_log_is_never_written_into_a_register_that_it_is_not_of() {
    if !can_pretend() {
        return;
    }
    let office = office();
    let log = "what was last recorded in another register";
    office.run_at(DUE, &["backup", "night.db"]).well();
    std::fs::write(office.path("b.db-wal"), log).unwrap();
    let ran = office.run_at(DUE, &["backup", "b.db"]);
    assert!(ran.complaint(2).contains("b.db-wal is there already"), "{ran:?}");
    std::fs::remove_file(office.path("b.db-wal")).unwrap();

    std::fs::copy(office.path("night.db"), office.path("register.db")).unwrap();
    let before = std::fs::read(office.path("register.db")).unwrap();
    std::fs::write(office.path("register.db-wal"), log).unwrap();
    for args in EVERY {
        let ran = office.run_at(DUE, args);
        let line = ran.complaint(1);
        assert!(
            line.contains("register.db-wal lies there, and is not the log of "),
            "{args:?}: {line}"
        );
    }
    assert_eq!(std::fs::read(office.path("register.db")).unwrap(), before);
    assert_eq!(std::fs::read_to_string(office.path("register.db-wal")).unwrap(), log);

    std::fs::remove_file(office.path("register.db-wal")).unwrap();
    assert!(verified(&office).starts_with("3 entries of 3 cases"));
    office.run_at(DUE, EVERY[3]).well();
}

/// A piece of every other page in turn, the last one first: what verifies is to the byte what it was, and what is not fails with one line.
#[test]
fn no_overwritten_page_goes_unnoticed() {
    if !can_pretend() {
        return;
    }
    let office = office();
    let sound = std::fs::read(office.path("register.db")).unwrap();
    let (before, said) = (office.dump(), verified(&office));
    let (mut found, mut unhurt) = (0, 0);
    for page in (1..sound.len() / 4_096).rev().step_by(2) {
        // The head of a page and the end of it, where its cells are.
        let mut bytes = sound.clone();
        for at in (0..16).chain(4_032..4_096) {
            bytes[page * 4_096 + at] = !bytes[page * 4_096 + at];
        }
        std::fs::write(office.path("register.db"), bytes).unwrap();
        let ran = office.run_at(DUE, &["verify"]);
        if ran.code == Some(0) {
            unhurt += 1;
            assert_eq!((&ran.out, office.dump()), (&said, before.clone()), "page {page}");
            continue;
        }
        found += 1;
        ran.complaint(1);
        let once = office.run_at(DUE, &["run", "--once"]);
        let last = once.err.lines().last().unwrap_or_default();
        assert!(
            once.code == Some(0) || (once.code == Some(1) && last.starts_with("timeous: ")),
            "page {page}: {once:?}"
        );
        // What only an index has lost a copy does not inherit; nothing else is ever copied.
        let kept = office.run_at(DUE, &["backup", "b.db"]);
        match kept.code {
            Some(0) => {
                assert_eq!(
                    office.run_at(DUE, &["--register", "b.db", "verify"]).well(),
                    said,
                    "page {page}"
                );
                std::fs::remove_file(office.path("b.db")).unwrap();
            }
            _ => assert!(
                kept.code == Some(1) && !office.path("b.db").exists(),
                "page {page}: {kept:?}"
            ),
        }
    }
    println!("{found} pages were found out, {unhurt} held nothing");
    assert!(found > 15, "{found}");
}

/// A register with its log, as a kill leaves it: one case in the register, three more only in the log.
fn with_log() -> (Office, String) {
    let office = Office::new();
    log(&office, "FOI-1");
    let service = office.service(Some("2022-02-07 09:30:00"));
    service.wait_for("READY=1");
    for reference in ["FOI-2", "FOI-3", "FOI-4"] {
        log(&office, reference);
    }
    let head = office.run_at(DUE, &["verify"]).head();
    service.kill();
    (office, head)
}

fn lose(office: &Office, how: &str) {
    let log = office.path("register.db-wal");
    let length = std::fs::metadata(&log).unwrap().len();
    let cut = |to: u64| {
        std::fs::File::options()
            .write(true)
            .open(&log)
            .unwrap()
            .set_len(to)
            .unwrap()
    };
    match how {
        "cut in its last frame" => cut(length - 1_000),
        "cut in its middle" => cut(length / 2),
        "cut in its head" => cut(20),
        "bits of its last frame" => overwrite(&log, usize::try_from(length).unwrap() - 2_000, inverted, 8),
        "bits of its middle" => overwrite(&log, usize::try_from(length).unwrap() / 2, inverted, 8),
        "bits of its head" => overwrite(&log, 16, inverted, 8),
        "gone" => std::fs::remove_file(&log).unwrap(),
        _ => panic!("{how}"),
    }
}

#[rstest]
fn what_is_lost_of_the_log_is_whole_transactions_and_a_head_noted_elsewhere_tells(
    #[values(
        "cut in its last frame",
        "cut in its middle",
        "cut in its head",
        "bits of its last frame",
        "bits of its middle",
        "bits of its head",
        "gone"
    )]
    how: &str,
) {
    if !can_pretend() {
        return;
    }
    let (office, head) = with_log();
    lose(&office, how);
    let ran = office.run_at(DUE, &["verify"]);
    if ran.code != Some(0) {
        // A checkpoint may have been under way: then the register itself says that it is damaged.
        assert!(ran.complaint(1).contains("damaged"), "{ran:?}");
        return;
    }
    let noted = office.run_at(DUE, &["verify", "--head", &head]);
    assert_eq!(noted.code, Some(1), "{noted:?}");
    let left = office.count("select count(*) from cases");
    assert!((1..4).contains(&left), "{left}");
    // And it can be used: what is missing is recorded again.
    office.run_at(DUE, &["run", "--once"]).well();
    let again: Ran = office.run_at(
        DUE,
        &["log", "FOI-4", "--received", "2022-02-04", "--officer", "bjones"],
    );
    again.well();
    verified(&office);
}

#[test]
fn nonsense_in_the_shared_memory_file_loses_nothing() {
    if !can_pretend() {
        return;
    }
    let (office, head) = with_log();
    std::fs::write(office.path("register.db-shm"), b"nonsense".repeat(4_096)).unwrap();
    office.run_at(DUE, &["verify", "--head", &head]).well();
    assert_eq!(office.count("select count(*) from cases"), 4);

    // The same under a service that has it open.
    let service = office.service(Some("2022-02-07 10:00:00"));
    service.wait_for("READY=1");
    service.wait_for("WATCHDOG=1");
    let shared = std::fs::File::options()
        .write(true)
        .open(office.path("register.db-shm"))
        .unwrap();
    std::os::unix::fs::FileExt::write_all_at(&shared, &[0x5a; 136], 0).unwrap();
    office
        .run_at("2022-02-07 10:00:01", &["log", "FOI-5", "--received", "2022-02-07"])
        .well();
    service.signal("HUP");
    service.wait_for("WATCHDOG=1");
    assert_eq!(service.stop(), Some(0));
    office.run_at(DUE, &["verify", "--head", &head]).well();
    assert_eq!(office.count("select count(*) from cases"), 5);
}

#[test]
fn a_register_that_is_emptied_under_the_service_is_noticed() {
    if !can_pretend() {
        return;
    }
    let office = office();
    let service = office.service(Some(DUE));
    service.wait_for("WATCHDOG=1");
    std::fs::File::create(office.path("register.db")).unwrap();
    service.signal("HUP");
    service.wait_for_log("register.db is empty; restore the last backup");
    office.run_at(DUE, &["status", "--check"]).complaint(3);
    service.kill();
}

/// As when somebody restores a backup without stopping the service: it writes nothing more into the old file, sends
/// nothing by it, says so once, and a restart takes up what lies there.
#[test]
fn a_register_that_is_replaced_under_the_service_is_noticed() {
    if !can_pretend() {
        return;
    }
    let office = office();
    office.run_at("2022-02-08 09:00:00", &["run", "--once"]).well();
    office.run_at("2022-02-08 09:01:00", &["backup", "b.db"]).well();
    let service = office.service(Some("2022-02-18 07:50:00"));
    service.wait_for("READY=1");
    service.wait_for("WATCHDOG=1");
    for name in ["register.db", "register.db-wal", "register.db-shm"] {
        std::fs::rename(office.path(name), office.path(&format!("old-{name}"))).unwrap();
    }
    service.signal("HUP");
    let words =
        "register.db was moved away or replaced while it was open, and nothing more is written; restart the service";
    assert!(service.wait_for(words).contains("WATCHDOG=1"));
    std::fs::copy(office.path("b.db"), office.path("register.db")).unwrap();
    service.signal("HUP");
    service.wait_for(words);
    let check = office.run_at("2022-02-18 08:00:00", &["status", "--check"]);
    assert_eq!(check.code, Some(2), "{check:?}");
    assert!(check.out.contains("the service is stuck"), "{check:?}");
    assert_eq!(service.stop(), Some(0));
    let service = office.service(Some("2022-02-18 08:01:00"));
    service.wait_for("READY=1");
    crate::wait_until("the mail", || office.mails().len() == 1);
    assert_eq!(service.stop(), Some(0));
    verified(&office);
}

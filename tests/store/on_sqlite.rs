//! What the engine on SQLite must do besides: its file, its locks, and whose file it leaves alone.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::Connection;
use timeous::case::Entry;
use timeous::store::{Error, MessageState, Sqlite};

use crate::conformance::{link, sha256};
use crate::rows::{at, deadline, entry, full_entry, message, put, queued, read, reminder, settled, write};
use crate::{Folder, Place};

/// The schema that this program writes.
const SCHEMA: i64 = 5;

/// What `PRAGMA name` says of a register that is open elsewhere too.
fn pragma<T: rusqlite::types::FromSql>(path: &Path, name: &str) -> T {
    let connection = Connection::open(path).unwrap();
    connection.pragma_query_value(None, name, |row| row.get(0)).unwrap()
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn the_file_is_marked_strict_and_keeps_a_log() {
    let folder = Folder::new();
    let _open = folder.open();
    let path = folder.register();
    assert_eq!(pragma::<String>(&path, "journal_mode"), "wal");
    assert_eq!(pragma::<i64>(&path, "application_id").to_be_bytes()[4..], *b"TIME");
    assert_eq!(pragma::<i64>(&path, "user_version"), SCHEMA);
    let connection = Connection::open(&path).unwrap();
    let lax: Vec<String> = connection
        .prepare("select name from pragma_table_list where schema = 'main' and strict = 0 and name not like 'sqlite%'")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(lax, Vec::<String>::new());
}

#[test]
fn what_is_missing_from_a_key_is_refused() {
    let folder = Folder::new();
    let mut store = folder.open();
    let orphan = store_write(&mut store, |tx| tx.save_deadline(&deadline("FOI-1")));
    assert!(orphan.unwrap_err().to_string().contains("FOREIGN KEY"));
    let orphan = store_write(&mut store, |tx| tx.add_message(&message("a"), &[7], at("08:00:00")));
    assert!(orphan.unwrap_err().to_string().contains("FOREIGN KEY"));
}

fn store_write<T>(
    store: &mut Sqlite,
    work: impl FnOnce(&mut dyn timeous::store::Write) -> Result<T, Error>,
) -> Result<T, Error> {
    timeous::store::Store::write(store, work)
}

/// The stored rows, read past the engine: positions without a gap, and each link from the row before.
#[test]
fn the_stored_chain_can_be_followed_row_by_row() {
    let folder = Folder::new();
    let mut store = folder.open();
    let told: Vec<Entry> = (1..=30)
        .map(|seq| match seq % 3 {
            0 => full_entry("FOI-1", seq),
            _ => entry(["FOI-2", "FOI-3"][(seq % 2) as usize], seq),
        })
        .collect();
    for entries in told.chunks(7) {
        write(&mut store, |tx| entries.iter().try_for_each(|entry| tx.append(entry)));
    }
    let connection = Connection::open(folder.register()).unwrap();
    let mut statement = connection
        .prepare("select position, body, body_hash, hash from entry order by position")
        .unwrap();
    let rows: Vec<(u32, String, String, String)> = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(rows.len(), told.len());
    let mut before = "0".repeat(64);
    for ((position, (stored, body, body_hash, hash)), entry) in (1..).zip(&rows).zip(&told) {
        assert_eq!((*stored, &sha256(body)), (position, body_hash));
        before = link(&before, position, entry);
        assert_eq!(*hash, before, "at {position}");
    }
    assert_eq!(read(&store, |snapshot| snapshot.about()).head, before);
}

#[test]
fn a_register_that_is_missing_is_not_made_by_looking() {
    let folder = Folder::new();
    let missing = Sqlite::open(&folder.register());
    assert!(matches!(missing, Err(Error::Missing(_))), "{missing:?}");
    assert_eq!(files(folder.0.path()), Vec::<String>::new());
    let deep = folder.0.path().join("a/b/register.db");
    assert!(Sqlite::create(&deep).is_ok());
    assert!(Sqlite::open(&deep).is_ok());
}

#[test]
fn a_later_versions_register_is_refused_and_left_alone() {
    let folder = Folder::new();
    write(&mut folder.open(), |tx| tx.append(&entry("FOI-1", 1)));
    Connection::open(folder.register())
        .unwrap()
        .pragma_update(None, "user_version", SCHEMA + 1)
        .unwrap();
    let before = std::fs::read(folder.register()).unwrap();
    for opened in [Sqlite::open(&folder.register()), Sqlite::create(&folder.register())] {
        let refused = opened.unwrap_err();
        let Error::Newer { found, known, .. } = refused else {
            panic!("{refused}");
        };
        assert_eq!((found, known), (SCHEMA + 1, SCHEMA));
    }
    assert_eq!(std::fs::read(folder.register()).unwrap(), before);
}

/// Makes another program's file, and says whether it may have SQLite's own files beside it.
fn foreign(kind: &str, path: &Path) {
    let database = |sql: &str| Connection::open(path).unwrap().execute_batch(sql).unwrap();
    match kind {
        "text" => std::fs::write(path, "reference,received\nFOI-1,2026-11-02\n".repeat(200)).unwrap(),
        "short text" => std::fs::write(path, "x").unwrap(),
        "database of nothing" => database("vacuum;"),
        "database" => database("create table photo (id integer primary key); insert into photo values (1);"),
        "database with a log" => database("pragma journal_mode = wal; create table photo (id integer primary key);"),
        "marked database" => database("pragma application_id = 12; create table photo (id integer primary key);"),
        "versioned database" => database("pragma user_version = 1;"),
        _ => panic!("{kind}"),
    }
}

#[test]
fn another_programs_file_is_refused_and_left_alone() {
    for kind in [
        "text",
        "short text",
        "database of nothing",
        "database",
        "database with a log",
        "marked database",
        "versioned database",
    ] {
        let folder = Folder::new();
        let path = folder.register();
        foreign(kind, &path);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        let before = std::fs::read(&path).unwrap();
        for opened in [Sqlite::open(&path), Sqlite::create(&path)] {
            let refused = opened.unwrap_err();
            assert!(matches!(refused, Error::NotARegister(_)), "{kind}: {refused}");
            assert!(refused.to_string().contains("register.db is not a register"), "{kind}");
        }
        assert_eq!(std::fs::read(&path).unwrap(), before, "{kind}");
        assert_eq!(mode(&path), 0o640, "{kind}");
        let ours = [".writer", ".daemon"].map(|name| format!("register.db{name}"));
        assert!(files(folder.0.path()).iter().all(|name| !ours.contains(name)), "{kind}");
    }
}

#[test]
fn a_foreign_log_that_waits_is_not_written_back() {
    let folder = Folder::new();
    let path = folder.register();
    let theirs = Connection::open(&path).unwrap();
    theirs
        .execute_batch("pragma journal_mode = wal; create table photo (id integer primary key);")
        .unwrap();
    // Their program died: the log is still there when nobody has the file open any more.
    let died = Folder::new();
    for name in ["register.db", "register.db-wal"] {
        std::fs::copy(folder.0.path().join(name), died.0.path().join(name)).unwrap();
    }
    let bytes = |name: &str| std::fs::read(died.0.path().join(name)).unwrap();
    let before = (bytes("register.db"), bytes("register.db-wal"));
    assert!(matches!(Sqlite::open(&died.register()), Err(Error::NotARegister(_))));
    assert_eq!((bytes("register.db"), bytes("register.db-wal")), before);
}

/// What a start that was cut off left under the name of what is not whole yet makes way, and nothing of it stays.
#[test]
fn a_register_is_made_whole_or_not_at_all() {
    let folder = Folder::new();
    let part = folder.0.path().join("register.db.timeous-part");
    std::fs::write(&part, "half a register").unwrap();
    std::fs::write(
        folder.0.path().join("register.db.timeous-part-journal"),
        "half a journal",
    )
    .unwrap();
    write(&mut folder.open(), |tx| tx.append(&entry("FOI-1", 1)));
    assert_eq!(files(folder.0.path()), ["register.db", "register.db.writer"]);

    // Its maker was killed when it had just been given its name.
    std::fs::hard_link(folder.register(), &part).unwrap();
    write(&mut folder.open(), |tx| tx.append(&entry("FOI-1", 2)));
    assert!(!part.exists(), "no register has a second name, and with it other locks");
    assert!(folder.register().exists());

    // Where there is no room for it nothing is made.
    let elsewhere = Folder::new();
    std::fs::create_dir(elsewhere.0.path().join("register.db.timeous-part")).unwrap();
    let refused = Sqlite::create(&elsewhere.register()).unwrap_err().to_string();
    assert!(refused.contains("register.db cannot be made: "), "{refused}");
    assert!(
        refused.contains("register.db.timeous-part: it is no plain file; remove it"),
        "{refused}"
    );
    assert!(!elsewhere.register().exists());
}

#[test]
fn there_is_one_service_at_a_time_and_anybody_can_see_it() {
    let folder = Folder::new();
    let path = folder.register();
    assert!(!Sqlite::daemon_runs(&path).unwrap(), "it never ran");
    let held = Sqlite::lock_daemon(&path).unwrap();
    let second = Sqlite::lock_daemon(&path);
    assert!(matches!(second, Err(Error::DaemonRuns(_))), "{second:?}");
    for _ in 0..3 {
        assert!(Sqlite::daemon_runs(&path).unwrap());
    }
    drop(held);
    assert!(!Sqlite::daemon_runs(&path).unwrap());
    let _again = Sqlite::lock_daemon(&path).unwrap();
    assert!(Sqlite::daemon_runs(&path).unwrap());
}

/// It is never taken, and whoever waited for it would look again each second.
#[test]
fn a_message_without_its_words_is_not_waited_for() {
    let folder = Folder::new();
    let mut store = folder.open();
    queued(&mut store, &["a"]);
    assert!(read(&store, |snapshot| snapshot.next_attempt()).is_some());
    Connection::open(folder.register())
        .unwrap()
        .execute("delete from words", [])
        .unwrap();
    assert_eq!(read(&store, |snapshot| snapshot.next_attempt()), None);
}

/// To look whether a service runs is to share its lock for a moment. In a process of its own: a child that another test
/// starts has our locks until it has become another program.
#[test]
fn a_service_is_not_turned_away_by_those_who_look_whether_one_runs() {
    let Some(folder) = child_folder() else {
        let folder = Folder::new();
        let test = "on_sqlite::a_service_is_not_turned_away_by_those_who_look_whether_one_runs";
        let done = as_child(test, folder.0.path(), "exec \"$@\"");
        let said = String::from_utf8_lossy(&done.stdout);
        assert!(done.status.success() && said.contains("1 passed"), "{said}{done:?}");
        return;
    };
    let path = folder.join("register.db");
    drop(Sqlite::lock_daemon(&path).unwrap());
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                let _ = Sqlite::daemon_runs(&path);
            }
        });
        let refused = (0..2_000).filter(|_| Sqlite::lock_daemon(&path).is_err()).count();
        over.store(true, Ordering::Relaxed);
        assert_eq!(refused, 0);
    });
}

#[test]
fn a_name_that_begins_like_an_address_is_a_name() {
    if let Some(folder) = child_folder() {
        std::env::set_current_dir(folder).unwrap();
        let name = Path::new("file:register.db");
        write(&mut Sqlite::create(name).unwrap(), |tx| tx.append(&entry("FOI-1", 1)));
        let register = Sqlite::open(name).unwrap();
        register
            .backup(Path::new("file:copy.db"), |_| Ok::<_, Error>(()))
            .unwrap();
        drop(register);
        let copy = Sqlite::open_to_look(Path::new("file:copy.db")).unwrap();
        assert_eq!(read(&copy, |snapshot| snapshot.about()).position, 1);
        return;
    }
    let folder = Folder::new();
    let test = "on_sqlite::a_name_that_begins_like_an_address_is_a_name";
    let done = as_child(test, folder.0.path(), "exec \"$@\"");
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success() && said.contains("1 passed"), "{said}{done:?}");
    let names = ["file:copy.db", "file:register.db", "file:register.db.writer"];
    assert_eq!(files(folder.0.path()), names);
}

#[test]
fn a_service_may_come_before_its_folder() {
    let folder = Folder::new();
    let path = folder.0.path().join("state/register.db");
    let _held = Sqlite::lock_daemon(&path).unwrap();
    assert!(Sqlite::create(&path).is_ok());
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

/// What a child does in a folder of another's: the tests below start themselves again as it.
const CHILD: &str = "TIMEOUS_TEST_CHILD";

/// Runs one of the tests below again as a child, under a command that changes what it may do.
fn as_child(test: &str, folder: &Path, shell: &str) -> Output {
    Command::new("sh")
        .args(["-c", shell, "sh"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "--nocapture", test])
        .env(CHILD, folder)
        .output()
        .unwrap()
}

fn child_folder() -> Option<PathBuf> {
    std::env::var_os(CHILD).map(PathBuf::from)
}

#[test]
fn officers_of_the_services_group_can_use_what_it_makes_whatever_the_umask() {
    const BESIDE: [&str; 5] = ["", "-shm", "-wal", ".daemon", ".writer"];
    if let Some(folder) = child_folder() {
        let path = folder.join("register.db");
        let _held = Sqlite::lock_daemon(&path).unwrap();
        let mut store = Sqlite::create(&path).unwrap();
        write(&mut store, |tx| tx.append(&entry("FOI-1", 1)));
        for name in BESIDE {
            let file = folder.join(format!("register.db{name}"));
            assert_eq!(mode(&file), 0o660, "{}", file.display());
        }
        return;
    }
    for umask in ["000", "022", "077", "0777"] {
        let folder = Folder::new();
        let test = "on_sqlite::officers_of_the_services_group_can_use_what_it_makes_whatever_the_umask";
        let done = as_child(test, folder.0.path(), &format!("umask {umask}; exec \"$@\""));
        let said = String::from_utf8_lossy(&done.stdout);
        assert!(
            done.status.success() && said.contains("1 passed"),
            "umask {umask}: {said}"
        );
        assert_eq!(mode(&folder.register()), 0o660);
    }
}

#[test]
fn what_is_there_keeps_its_mode() {
    let folder = Folder::new();
    write(&mut folder.open(), |tx| tx.append(&entry("FOI-1", 1)));
    drop(Sqlite::lock_daemon(&folder.register()).unwrap());
    let names = ["register.db", "register.db.daemon", "register.db.writer"];
    for name in names {
        let narrower = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(folder.0.path().join(name), narrower).unwrap();
    }
    let _held = Sqlite::lock_daemon(&folder.register()).unwrap();
    let _open = folder.open();
    for name in names.iter().chain(&["register.db-wal"]) {
        assert_eq!(mode(&folder.0.path().join(name)), 0o600, "{name}");
    }
}

/// Only somebody who is not root can be kept out of a file.
fn without_rights() -> Option<&'static str> {
    let ourselves = Command::new("id").arg("-u").output().unwrap();
    let root = String::from_utf8_lossy(&ourselves.stdout).trim() == "0";
    let can_leave = Command::new("setpriv").arg("--version").output().is_ok();
    match (root, can_leave) {
        (false, _) => Some("exec \"$@\""),
        (true, true) => Some("exec setpriv --reuid=65534 --regid=65534 --clear-groups \"$@\""),
        (true, false) => None,
    }
}

#[test]
fn a_file_that_can_only_be_read_says_so_by_its_name() {
    if let Some(folder) = child_folder() {
        for name in ["register.db", "locked.db", "closed.db"] {
            let refused = Sqlite::open(&folder.join(name)).unwrap_err();
            println!("{name}: {refused}");
        }
        return;
    }
    let Some(shell) = without_rights() else { return };
    let folder = Folder::new();
    for name in ["register.db", "locked.db", "closed.db"] {
        let path = folder.0.path().join(name);
        write(&mut Sqlite::create(&path).unwrap(), |tx| tx.append(&entry("FOI-1", 1)));
    }
    let allow = |name: &str, mode| {
        let path = folder.0.path().join(name);
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    allow("register.db", 0o444);
    allow("locked.db", 0o666);
    allow("locked.db.writer", 0o444);
    allow("closed.db", 0o000);
    allow("", 0o777);
    let test = "on_sqlite::a_file_that_can_only_be_read_says_so_by_its_name";
    let done = as_child(test, folder.0.path(), shell);
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{said}{}", String::from_utf8_lossy(&done.stderr));
    for (name, words) in [
        ("register.db", "register.db: it can only be read"),
        ("locked.db", "locked.db.writer: Permission denied"),
        ("closed.db", "closed.db: "),
    ] {
        let line = said
            .lines()
            .find(|line| line.contains(&format!("{name}: ")))
            .unwrap_or_default();
        assert!(
            line.contains("the register cannot be used: ") && line.contains(words),
            "{said}"
        );
    }
}

/// A row that no entry could have become is the case's own damage, not the engine's.
#[test]
fn a_row_that_cannot_be_read_is_damage() {
    let folder = Folder::new();
    let mut store = folder.open();
    write(&mut store, |tx| tx.append(&entry("FOI-1", 1)));
    let tamper = Connection::open(folder.register()).unwrap();
    for sql in [
        "update entry set body = '{'",
        "update entry set body = '{\"nonsense\":1}'",
        "update entry set body = cast(x'ff' as text)",
        "update entry set body = '{}', kind = 'birthday'",
        "update entry set kind = 'received', on_day = '2026-02-30'",
        "update entry set on_day = '2026-11-02', seq = -1",
    ] {
        tamper.execute_batch(sql).unwrap();
        let damaged = timeous::store::Store::read(&store, |snapshot| snapshot.entries("FOI-1"));
        assert!(matches!(damaged, Err(Error::Damaged(_))), "{sql}: {damaged:?}");
    }
}

/// Nothing is ever shown half: what a round looks at belongs together.
#[test]
fn a_message_and_its_reminders_are_gone_together_when_the_process_dies() {
    let folder = Folder::new();
    let mut store = folder.open();
    let made = queued(&mut store, &["a"]);
    let died = store_write(&mut store, |tx| {
        let deadline = put(tx, &deadline("FOI-2"))?;
        let second = tx.add_reminder(&reminder(deadline))?;
        assert!(second.is_some());
        let taken = tx.take(at("08:00:00"))?.unwrap();
        tx.settle(&taken, &settled(MessageState::Accepted, "accepted"))?;
        Err::<(), _>(Error::Engine("the machine stopped".to_owned()))
    });
    assert!(died.is_err());
    let outbox = read(&folder.open(), |snapshot| snapshot.outbox());
    assert_eq!(outbox.len(), 1);
    assert_eq!(
        (outbox[0].0.id, outbox[0].0.state, outbox[0].1.len()),
        (made[0].2, MessageState::Queued, 0)
    );
}

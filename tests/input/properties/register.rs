//! The register's file, some of its bytes changed.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, Utc};
use tempfile::TempDir;
use timeous::case::{Entry, Fact, Kind, Regime};
use timeous::store::{CaseRow, Error, Read, Sqlite, Store, Write};

/// A register, its bytes, and the place where they are changed.
struct Place {
    folder: TempDir,
    live: Vec<u8>,
    copy: Vec<u8>,
}

/// A folder that is no disk's, where there is one.
pub(super) fn in_memory() -> TempDir {
    let memory = Path::new("/dev/shm");
    match memory.is_dir() {
        true => tempfile::tempdir_in(memory).unwrap(),
        false => tempfile::tempdir().unwrap(),
    }
}

thread_local! {
    // A thread's own, so that it goes with the thread.
    static PLACE: Place = Place::new();
}

impl Place {
    fn new() -> Self {
        let folder = in_memory();
        let path = folder.path().join("whole.db");
        let mut register = Sqlite::create(&path).unwrap();
        register
            .write(|tx| (0..20).try_for_each(|number| put(tx, number)))
            .unwrap();
        let backup = folder.path().join("backup.db");
        register.backup(&backup, |_| Ok::<_, Error>(())).unwrap();
        drop(register);
        let (live, copy) = (std::fs::read(&path).unwrap(), std::fs::read(&backup).unwrap());
        Self { folder, live, copy }
    }
}

fn put(tx: &mut dyn Write, number: u32) -> Result<(), Error> {
    let reference = format!("FOI-{number}");
    let on = NaiveDate::from_ymd_opt(2026, 11, 2).unwrap();
    tx.append(&Entry {
        reference: reference.parse().unwrap(),
        seq: 1,
        fact: Fact::new(Kind::Received, on),
        recorded_at: DateTime::<Utc>::UNIX_EPOCH,
        recorded_by: "bjones".to_owned(),
        by: None,
        supersedes: None,
    })?;
    tx.save_case(&CaseRow {
        reference,
        regime: Regime::Foisa,
        officer: Some("bjones".to_owned()),
        opened: on,
        closed: None,
        last_seq: 1,
        set_aside: None,
    })
}

/// A register some of whose bytes are changed, or that is cut off, is opened and read or refused in one line. The first
/// byte: whether it is the service's or a copy, and whether it is cut; then, four bytes at a time, a place and what is
/// there.
pub(super) fn register(data: &[u8]) {
    PLACE.with(|place| place.holds(data));
}

impl Place {
    fn holds(&self, data: &[u8]) {
        let (how, changes) = data.split_first().map_or((0, data), |(first, rest)| (*first, rest));
        let copied = how & 1 == 1;
        let mut bytes = if copied { self.copy.clone() } else { self.live.clone() };
        for change in changes.chunks_exact(4) {
            let at =
                (usize::from(change[0]) << 12 | usize::from(change[1]) << 8 | usize::from(change[2])) % bytes.len();
            bytes[at] = change[3];
        }
        if how & 2 == 2 {
            bytes.truncate(bytes.len() * usize::from(how >> 2) / 64);
        }
        let path = self.folder.path().join("changed.db");
        overwrite(&path, &bytes);
        let opened = if copied {
            Sqlite::open_to_look(&path)
        } else {
            Sqlite::open(&path)
        };
        if let Err(error) = opened.and_then(|register| register.read(|view| looked_at(view))) {
            super::told(&error.to_string(), data);
        }
        forget(&path);
    }
}

/// Where the file is there its pages are used again, by the million.
fn overwrite(path: &Path, bytes: &[u8]) {
    let file = OpenOptions::new().write(true).create(true).truncate(false).open(path);
    let mut file = file.unwrap();
    file.write_all(bytes).unwrap();
    file.set_len(bytes.len() as u64).unwrap();
}

/// What is left beside a register whose last reader could not put its log away.
fn forget(path: &Path) {
    for ending in ["-wal", "-shm", "-journal"] {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        let _ = std::fs::remove_file(PathBuf::from(name));
    }
}

fn looked_at(view: &dyn Read) -> Result<(), Error> {
    view.about()?;
    for reference in view.references("", 5)? {
        view.entries(&reference)?;
        view.case(&reference)?;
        view.deadlines(&reference)?;
    }
    view.outbox_counts()?;
    view.adopted()?;
    Ok(())
}

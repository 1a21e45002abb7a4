//! An office to measure: its folder, its configuration, its register.

use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, Utc};
use timeous::calendar::Calendar;
use timeous::casework::import::{How, Report, import};
use timeous::casework::record::Clerk;
use timeous::clock::london_instant;
use timeous::config::{Config, Surroundings};
use timeous::store::Sqlite;

use crate::council::{Council, OFFICERS};

/// The row by which an authority says that 19 September 2022 is no bank holiday.
pub const WITHDRAWN: &str = include_str!("../../tests/proclamations/no-2022-09-19.toml");

pub struct Office {
    folder: tempfile::TempDir,
}

impl Office {
    /// In memory where there is such a place, so that what is measured is the work and not the disk.
    pub fn in_memory() -> Self {
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
        Self {
            folder: folder.unwrap(),
        }
    }

    /// On the disk, where each commit waits for it.
    pub fn on_disk() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a configuration with forty officers and more lines, and reads it.
    pub fn configure(&self, proclamations: &str, more: &str) -> Config {
        self.configure_for(OFFICERS, proclamations, more)
    }

    pub fn configure_for(&self, officers: usize, proclamations: &str, more: &str) -> Config {
        let officers: String = (0..officers)
            .map(|n| format!("{{ id = \"o{n}\", name = \"Officer {n}\", email = \"o{n}@council.example\" }},\n"))
            .collect();
        let text = format!(
            "[authority]\nname = \"Example Council\"\ncontact = \"foi@council.example\"\n\
             [calendar]\nproclamations = \"proclamations.toml\"\n[reminders]\nassurance = \"never\"\n\
             [people]\nteam = \"team@council.example\"\nofficers = [\n{officers}]\n\
             [mail]\nfrom = \"Timeous <foi@council.example>\"\n{more}"
        );
        std::fs::write(self.path("proclamations.toml"), proclamations).unwrap();
        std::fs::write(self.path("timeous.toml"), &text).unwrap();
        Config::parse(&text, self.folder.path(), &Surroundings::default()).unwrap()
    }

    /// Takes a council's cases into a register, ten thousand at a time.
    pub fn fill(&self, register: &str, config: &Config, council: &Council) -> Sqlite {
        let mut store = Sqlite::create(&self.path(register)).unwrap();
        take_in(&mut store, config, council);
        store
    }

    /// A copy of a register to be worked on.
    pub fn copy(&self, from: &str, to: &str) -> PathBuf {
        for beside in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(self.path(&format!("{to}{beside}")));
        }
        std::fs::copy(self.path(from), self.path(to)).unwrap();
        self.path(to)
    }
}

/// Takes a council's cases into a register.
pub fn take_in(store: &mut Sqlite, config: &Config, council: &Council) {
    let calendar: &Calendar = &config.rules.calendar;
    let clerk = clerk(at(council.through, "09:00:00"));
    let mut lines = council.lines(calendar).peekable();
    while lines.peek().is_some() {
        let some: Vec<_> = lines.by_ref().take(10_000).collect();
        let mut report = Report::default();
        import(store, &config.rules, &some, &clerk, &How::default(), &mut report).unwrap();
        assert!(report.refused.is_empty(), "{:?}", report.refused.first());
    }
}

pub fn clerk(now: DateTime<Utc>) -> Clerk {
    Clerk {
        login: "bench".to_owned(),
        by: None,
        now,
    }
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A moment of a day in Scotland.
pub fn at(day: NaiveDate, time: &str) -> DateTime<Utc> {
    london_instant(day, time.parse().unwrap())
}

/// Runs SQL in SQLite's own shell; how long the shell took in all.
pub fn shell(register: &Path, script: &str) -> std::time::Duration {
    use std::io::Write as _;
    let began = std::time::Instant::now();
    let mut child = std::process::Command::new("sqlite3")
        .arg("-bail")
        .arg(register)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("sqlite3 is installed");
    child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success(), "sqlite3 refused its script");
    began.elapsed()
}

/// A number that the kernel keeps of a process, in its own unit.
pub fn kept_of(process: u32, key: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}

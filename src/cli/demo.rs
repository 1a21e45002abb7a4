//! `timeous demo`: a throw-away register from published cases, one morning's round through the real code, and
//! the mails as files.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{NaiveDate, NaiveTime};

use super::args::Status;
use super::{Context, Error, Result, Said};
use crate::casework::import::{How, Report, import};
use crate::casework::record::Clerk;
use crate::clock::{StoppedClock, in_full, london_instant};
use crate::config::Config;
use crate::exchange::{self, Mapping};
use crate::service;
use crate::store::{Sqlite, Store};

const CONFIG: &str = include_str!("../../config/demo/timeous.toml");
const SHEET: &str = include_str!("../../config/demo/register.csv");

/// A day on which, in the cases of the sheet, something is overdue, something due and something coming.
const PRETENDED: Option<NaiveDate> = NaiveDate::from_ymd_opt(2018, 4, 5);

pub(super) fn demo(context: &Context) -> Result {
    let day = match context.pretended {
        true => crate::clock::london_day(context.now()),
        false => PRETENDED.unwrap_or_default(),
    };
    let folder = folder()?;
    let morning = london_instant(day, NaiveTime::from_hms_opt(8, 30, 0).unwrap_or_default());
    let config = prepare(&folder, morning)?;
    let done = service::once(config, Arc::new(StoppedClock(morning)))?;
    if !done.faults.is_empty() {
        return Err(Error::Failed(done.faults.join("; ")));
    }
    let pretended = Context {
        config_path: Some(folder.join("timeous.toml")),
        register: None,
        clock: Arc::new(StoppedClock(morning)),
        pretended: true,
    };
    let status = super::status::status(&pretended, &everything_soon())?;
    report(&folder, day, &status.text)
}

fn everything_soon() -> Status {
    Status {
        officer: None,
        within: None,
        step: None,
        all: false,
        json: false,
        check: false,
    }
}

fn failed(what: &Path, error: &std::io::Error) -> Error {
    Error::Failed(format!(
        "{} cannot be used: {error}; name a folder that you may write in TMPDIR",
        what.display()
    ))
}

/// A new folder that nobody else has.
fn folder() -> Result<PathBuf> {
    let base = std::env::temp_dir();
    for number in 1..1_000 {
        let folder = base.join(format!("timeous-demo-{}-{number}", std::process::id()));
        match std::fs::create_dir(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(failed(&folder, &error)),
        }
    }
    Err(Error::Failed(format!(
        "no folder could be made in {}; remove the demonstrations that are there",
        base.display()
    )))
}

/// Writes configuration and sheet into the folder, and takes the sheet into a register there.
fn prepare(folder: &Path, now: chrono::DateTime<chrono::Utc>) -> Result<Config> {
    for (name, text) in [("timeous.toml", CONFIG), ("register.csv", SHEET)] {
        let path = folder.join(name);
        std::fs::write(&path, text).map_err(|error| failed(&path, &error))?;
    }
    let config = Config::parse(CONFIG, folder, &crate::config::Surroundings::default())?;
    let mut register = Sqlite::create(&config.register)?;
    register.write(|tx| tx.mark_demo())?;
    let sheet = exchange::read(SHEET.as_bytes(), &Mapping::default())
        .map_err(|error| Error::Failed(format!("the demo's sheet {error}")))?;
    let clerk = Clerk {
        login: "demo".to_owned(),
        by: None,
        now,
    };
    let mut report = Report::default();
    import(
        &mut register,
        &config.rules,
        &sheet.lines,
        &clerk,
        &How::default(),
        &mut report,
    )?;
    match report.refused.first() {
        Some((line, why)) => Err(Error::Failed(format!("the demo's sheet, line {line}: {why}"))),
        None => Ok(config),
    }
}

fn report(folder: &Path, day: NaiveDate, status: &str) -> Result {
    let outbox = folder.join("outbox");
    let listed = std::fs::read_dir(&outbox).map_err(|error| failed(&outbox, &error))?;
    let mut mails: Vec<PathBuf> = listed.filter_map(|entry| Some(entry.ok()?.path())).collect();
    mails.sort();
    let mut text = format!(
        "A register of one fictitious council, with dates from published decisions. It is pretended to be {}.\n\n{status}\n",
        in_full(day)
    );
    let _ = writeln!(text, "The morning's mails, as a mail program would open them:");
    for mail in &mails {
        let _ = writeln!(text, "  {}", mail.display());
    }
    let at = format!("--config {} --today {day}", folder.join("timeous.toml").display());
    let program = std::env::args().next().unwrap_or_else(|| "timeous".to_owned());
    let _ = write!(
        text,
        "\nTry next:\n  \
         {program} {at} status --all\n  \
         {program} {at} show FOI-2018-0073\n  \
         {program} {at} explain FOI-2018-0073\n  \
         {program} due 2026-11-02 --explain\n\
         Everything lies in {}; remove that folder when you have done.\n",
        folder.display()
    );
    Ok(Said::well(text))
}

//! The list of wrong due dates as a file to keep.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::casework::import::WrongDue;
use crate::cli::{Error, Result};
use crate::exchange::csv::guarded;
use crate::wording::miscount;

/// Refuses to write over what was read.
pub(super) fn check(file: &Path, read: [Option<&PathBuf>; 2]) -> Result<()> {
    let same = |other: &&PathBuf| match (fs::canonicalize(file), fs::canonicalize(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    };
    match read.into_iter().flatten().find(same) {
        Some(other) => Err(Error::Typed(format!(
            "--wrong-due {} would write over {}; give another name",
            file.display(),
            other.display()
        ))),
        None => Ok(()),
    }
}

/// Writes the list. The file appears whole or not at all.
pub(super) fn keep(file: &Path, wrong: &[WrongDue]) -> io::Result<()> {
    let name = file.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let mut part = std::ffi::OsString::from(".");
    part.push(name);
    part.push(format!(".{}.part", std::process::id()));
    let part = file.with_file_name(part);
    let written = write(&part, &csv(wrong)?).and_then(|()| fs::rename(&part, file));
    if written.is_err() {
        // The first error is the one worth reporting.
        let _ = fs::remove_file(&part);
    }
    written
}

fn write(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut opened = File::create_new(file)?;
    opened.write_all(bytes)?;
    opened.sync_all()
}

fn csv(wrong: &[WrongDue]) -> io::Result<Vec<u8>> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "line",
        "reference",
        "due in the sheet",
        "due in law",
        "days off",
        "working days off",
        "direction",
        "provision",
        "why",
    ])?;
    for one in wrong {
        let why = miscount::why(&one.why).unwrap_or_default();
        writer.write_record([
            one.line.to_string().as_str(),
            &guarded(&one.reference),
            &one.sheet.to_string(),
            &one.law.to_string(),
            &one.days.abs().to_string(),
            &one.working_days.abs().to_string(),
            if one.days > 0 { "too late" } else { "too early" },
            one.provision,
            &guarded(&why),
        ])?;
    }
    writer.into_inner().map_err(|error| io::Error::other(error.to_string()))
}

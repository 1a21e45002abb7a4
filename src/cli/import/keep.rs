//! The list of wrong due dates as a file to keep.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::casework::import::WrongDue;
use crate::cli::{Error, Result};
use crate::exchange::sheet_out::SheetOut;
use crate::exchange::whole_file::WholeFile;
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

/// The headings of the list.
const HEADINGS: [&str; 9] = [
    "line",
    "reference",
    "due in the sheet",
    "due in law",
    "days off",
    "working days off",
    "direction",
    "provision",
    "why",
];

/// Writes the list. The file appears whole or not at all.
pub(super) fn keep(file: &Path, wrong: &[WrongDue]) -> io::Result<()> {
    let mut whole = WholeFile::begin(file)?;
    let mut sheet = SheetOut::begin(&mut whole, HEADINGS.into_iter())?;
    for one in wrong {
        let cells = [
            one.line.to_string(),
            one.reference.clone(),
            one.sheet.to_string(),
            one.law.to_string(),
            one.days.abs().to_string(),
            one.working_days.abs().to_string(),
            if one.days > 0 { "too late" } else { "too early" }.to_owned(),
            one.provision.to_owned(),
            miscount::why(&one.why).unwrap_or_default(),
        ];
        sheet.line(cells.iter().map(String::as_str))?;
    }
    sheet.end()?;
    whole.finish().map(drop)
}

//! The sheet's file: looked at, and read within bounds. Never written, never locked.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::Path;
use std::time::UNIX_EPOCH;

use super::reading::{self, Reading};
use crate::config::LivingSheet;
use crate::wording::one_line;

/// No sheet is longer, in bytes: a hundred thousand requests have fewer.
pub const LONGEST: u64 = 32_000_000;

/// Why a sheet could not be read. Each message fits after the file's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// It is not where it is looked for.
    #[error("is not where it was")]
    Missing,
    /// It cannot be opened.
    #[error("cannot be opened ({0})")]
    Unreadable(String),
    /// It is something else.
    #[error("cannot be understood: it {0}")]
    NotASheet(String),
    /// The share does not answer.
    #[error("cannot be reached, for the folder it lies in does not answer")]
    Silent,
}

impl Trouble {
    /// A name without words.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Unreadable(_) => "unreadable",
            Self::NotASheet(_) => "not-a-sheet",
            Self::Silent => "silent",
        }
    }

    fn of(error: &std::io::Error) -> Self {
        match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => Self::Missing,
            _ => Self::Unreadable(one_line(&error.to_string())),
        }
    }
}

/// Size and time of change of a file. Not its number: some shares give another one at each look.
///
/// # Errors
/// If it is not there, cannot be looked at, or is no file.
pub fn stamp(path: &Path) -> Result<String, Trouble> {
    let about = std::fs::metadata(path).map_err(|error| Trouble::of(&error))?;
    of(&about)
}

fn of(about: &std::fs::Metadata) -> Result<String, Trouble> {
    if !about.is_file() {
        return Err(Trouble::Unreadable("it is no file".to_owned()));
    }
    let changed = about.modified().map_err(|error| Trouble::of(&error))?;
    let (sign, since) = match changed.duration_since(UNIX_EPOCH) {
        Ok(since) => ("", since),
        Err(before) => ("-", before.duration()),
    };
    Ok(format!("{} {sign}{}", about.len(), since.as_nanos()))
}

/// What the sheet says, if it still is what it was at the last look; nothing if somebody is writing it.
///
/// # Errors
/// If it cannot be read, or is no sheet.
pub fn read(sheet: &LivingSheet, seen: &str) -> Result<Option<Reading>, Trouble> {
    let path = &sheet.path;
    let file = File::open(path).map_err(|error| Trouble::of(&error))?;
    let is_as_seen = |about: std::io::Result<std::fs::Metadata>| {
        let about = about.map_err(|error| Trouble::of(&error))?;
        Ok(of(&about)? == seen)
    };
    if !is_as_seen(file.metadata())? {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    let all = (&file).take(LONGEST + 1).read_to_end(&mut bytes);
    all.map_err(|error| Trouble::of(&error))?;
    // Written in its place, or another put in its place, while it was read.
    if !is_as_seen(file.metadata())? || !is_as_seen(std::fs::metadata(path))? {
        return Ok(None);
    }
    if bytes.len() as u64 > LONGEST {
        let why = format!("is longer than {} MB", LONGEST / 1_000_000);
        return Err(Trouble::NotASheet(why));
    }
    reading::read(&bytes, &sheet.map).map(Some).map_err(Trouble::NotASheet)
}

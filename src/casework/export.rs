//! The register for other programs: every case as a line of a sheet or as JSON, every deadline as a day of a calendar.
//!
//! Everything is read in one snapshot and handed on a case at a time, so that a register of any size fits.

mod days;
mod line;

use std::io::{self, Write};

use super::Rules;
use crate::case::{Case, Entry};
use crate::exchange::sheet_out::SheetOut;
use crate::statute::{self, Deadline};
use crate::store::{self, DeadlineRow, Read, Store};

pub use days::calendar;

/// How many references are read at a time.
const PAGE: u32 = 1_000;

/// Why nothing was exported, or not all of it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The register could not be used.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// What it went to would not take it.
    #[error("{0}")]
    Write(#[from] io::Error),
}

/// The result of an export.
pub type Result<T> = std::result::Result<T, Error>;

/// One case with all that is kept of it.
#[derive(Debug)]
pub struct Whole {
    /// The case as it stands.
    pub case: Case,
    /// Its entries in the order of recording.
    pub entries: Vec<Entry>,
    /// Its deadlines.
    pub deadlines: Vec<Deadline>,
    /// Its deadlines as they are stored, among them those that it has no more.
    pub rows: Vec<DeadlineRow>,
    /// How many of its entries have had their words purged.
    pub purged: u32,
}

/// Hands on every case of the register, or of one officer, in the order of references. The references of those that
/// cannot be understood come back; they keep none of the others from it.
///
/// # Errors
/// The register's failure, or that of whoever takes the cases.
pub fn each_case(
    store: &impl Store,
    rules: &Rules,
    officer: Option<&str>,
    mut each: impl FnMut(&Whole) -> io::Result<()>,
) -> Result<Vec<String>> {
    store.read(|snapshot| {
        let (mut left_out, mut after) = (Vec::new(), String::new());
        loop {
            let page = snapshot.references(&after, PAGE)?;
            let Some(last) = page.last() else {
                return Ok(left_out);
            };
            after.clone_from(last);
            for reference in page {
                match whole(snapshot, rules, &reference)? {
                    Some(whole) if of(&whole.case, officer) => each(&whole)?,
                    Some(_) => {}
                    None => left_out.push(reference),
                }
            }
        }
    })
}

fn of(case: &Case, officer: Option<&str>) -> bool {
    officer.is_none() || case.officer.as_deref() == officer
}

/// A case as it stands; nothing if it cannot be understood.
fn whole(snapshot: &dyn Read, rules: &Rules, reference: &str) -> Result<Option<Whole>> {
    let entries = match snapshot.entries(reference) {
        Err(store::Error::Damaged(_)) => return Ok(None),
        entries => entries?,
    };
    let Ok(case) = Case::fold(&entries) else {
        return Ok(None);
    };
    Ok(Some(Whole {
        deadlines: statute::deadlines(&case, &rules.calendar, &rules.authority),
        rows: snapshot.deadlines(reference)?,
        purged: snapshot.emptied(reference)?,
        case,
        entries,
    }))
}

/// Writes every case of the register, or of one officer, as a line of a sheet, in the columns that `import` takes and
/// some more. The references of those left out come back.
///
/// # Errors
/// The register's failure, or that of what is written to.
pub fn sheet(
    store: &impl Store,
    rules: &Rules,
    officer: Option<&str>,
    today: chrono::NaiveDate,
    out: impl Write,
) -> Result<Vec<String>> {
    let mut sheet = SheetOut::begin(out, line::headings())?;
    let left_out = each_case(store, rules, officer, |whole| {
        let cells = line::cells(whole, rules, today);
        sheet.line(cells.iter().map(String::as_str))
    })?;
    sheet.end()?;
    Ok(left_out)
}

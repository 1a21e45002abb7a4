//! Rows in: what an officer's sheet says, as facts. And out again, beside days for calendars: [`sheet_out`], [`ics`].
//!
//! A sheet comes as CSV or as a spreadsheet's own file; which it is, its first bytes tell and not its name. Either
//! becomes a grid of cells. In it the line with the headings is looked for, then each line below it becomes a
//! row, is passed over for a reason that is named, or is refused for one.

mod again;
mod csv;
mod dates;
mod grid;
mod headings;
pub mod ics;
mod lines;
mod mapping;
mod month_first;
mod row;
pub mod sheet_out;
pub mod whole_file;
mod xlsx;

#[cfg(test)]
mod tests;

use chrono::NaiveDate;

use crate::case::{Fact, Kind, Reference};

pub use headings::COLUMNS;
pub use mapping::{Mapping, MappingError};
pub use row::regime;

/// No sheet is longer, in bytes, as it is stored.
pub const LONGEST: u64 = 128 << 20;

/// How many filled lines from the top the headings are looked for in.
pub const HEADINGS_WITHIN: usize = 30;

/// Why a sheet cannot be read at all. Each message fits after the file's name.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// It is no CSV.
    #[error("is not CSV: {0}")]
    Form(#[from] ::csv::Error),
    /// No line with the headings that nothing can be done without.
    #[error("has no column {column:?}; {hint}")]
    Missing {
        /// What is missing.
        column: &'static str,
        /// What was found instead, and what to do.
        hint: String,
    },
    /// Two headings of one meaning.
    #[error(
        "has the column {column:?} twice, as {first:?} and as {second:?}; say which one counts in a mapping file (--map): \
         [columns] {second:?} = \"ignore\""
    )]
    Twice {
        /// The meaning.
        column: &'static str,
        /// The heading that comes first.
        first: String,
        /// The other.
        second: String,
    },
    /// The mapping names a heading that the sheet has not.
    #[error("has no heading {0:?}, which the mapping names; write it there as the sheet does, or leave it out")]
    NoHeading(String),
    /// The mapping names a worksheet that the file has not.
    #[error("has no worksheet {name:?}, which the mapping names; it has {}", there.join(", "))]
    NoSheet {
        /// The name in the mapping.
        name: String,
        /// The worksheets that there are.
        there: Vec<String>,
    },
    /// A form of file that is not read.
    #[error("is {what}; {instead}")]
    OtherForm {
        /// What it is.
        what: &'static str,
        /// What to do.
        instead: &'static str,
    },
    /// A spreadsheet's own file that is damaged.
    #[error("cannot be read as a spreadsheet ({0}); open it in the spreadsheet program, save it again and try that")]
    Damaged(String),
    /// More than any office's sheet holds.
    #[error("is too large: more than {0}; save the sheet of cases alone and without pictures")]
    TooLarge(String),
}

/// One line of a sheet, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The case.
    pub reference: Reference,
    /// What happened, the request first. An officer is as the sheet has it, not yet looked up.
    pub facts: Vec<Fact>,
    /// The day that the sheet believes the answer to be due.
    pub due: Option<NaiveDate>,
}

/// A line's number as the officer sees it, and what it says or why it cannot be taken.
pub type Line = (u64, Result<Row, String>);

/// Why a line below the headings is no case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Passed {
    /// The headings again.
    Headings,
    /// A total.
    Total,
    /// A title between the cases, or a remark, with neither reference nor date.
    Remark,
    /// It says the same as an earlier line.
    SameAs(u64),
}

/// A sheet: its lines, and what nothing was done with.
#[derive(Debug)]
pub struct Sheet {
    /// The lines, each by itself. No reference comes twice among those that are understood.
    pub lines: Vec<Line>,
    /// The cases of the lines that cannot be taken, where that much of them is plain, by the line's number.
    pub faulty: Vec<(u64, Reference)>,
    /// The lines that cannot be taken, but for the cells under some columns: the line's number, what the others say, and
    /// the columns.
    pub in_part: Vec<(u64, Row, Vec<&'static str>)>,
    /// The columns that there are, of [`COLUMNS`].
    pub columns: Vec<&'static str>,
    /// Headings that are not understood.
    pub ignored: Vec<String>,
    /// Headings that were read as something else than they say: the heading, and the column it was read as.
    pub read_as: Vec<(String, &'static str)>,
    /// Lines that are no cases.
    pub passed: Vec<(u64, Passed)>,
    /// The worksheet, where the file has several.
    pub worksheet: Option<String>,
    /// Further worksheets that have the headings and lines below them, of which nothing was read.
    pub unread: Vec<String>,
    /// The line with the headings.
    pub headings: u64,
}

impl Sheet {
    /// The heading under which the days of the answers may stand, where none that is understood has them.
    #[must_use]
    pub fn perhaps_answered(&self) -> Option<&str> {
        let mut ignored = self.ignored.iter().filter(|_| !self.columns.contains(&"responded"));
        ignored
            .find(|heading| headings::may_be_answered(heading))
            .map(String::as_str)
    }
}

/// Reads a sheet, CSV or XLSX. A line that cannot be understood does not stop the others.
///
/// # Errors
/// If it is neither, or has not the headings that are needed.
pub fn read(bytes: &[u8], map: &Mapping) -> Result<Sheet, SheetError> {
    let (grid, chosen) = match bytes {
        [b'P', b'K', ..] => xlsx::grid(bytes, map)?,
        [0xD0, 0xCF, 0x11, 0xE0, ..] => {
            return Err(SheetError::OtherForm {
                what: "an old Excel file (.xls), or one with a password",
                instead: "save it as an Excel workbook (.xlsx) without a password, or as CSV",
            });
        }
        _ => (csv::grid(bytes, map)?, xlsx::Chosen::default()),
    };
    lines::lines(&grid, map, chosen)
}

/// The column of a sheet that tells of a kind of entry, and of its second date where there is one: the day of arrival,
/// or the day that the paper states.
#[must_use]
pub fn columns_of(kind: Kind) -> Option<(&'static str, Option<&'static str>)> {
    Some(match kind {
        Kind::Received => ("received", None),
        Kind::Acknowledged => ("acknowledged", None),
        Kind::ClarificationSought => ("clarification_sought", None),
        Kind::ClarificationReceived => ("clarification_received", None),
        Kind::FeesNotice => ("fees_notice", None),
        Kind::FeePaid => ("fee_paid", None),
        Kind::Extended => ("extended", Some("extended_to")),
        Kind::Responded => ("responded", Some("response_received")),
        Kind::ReviewRequired => ("review_required", None),
        Kind::ReviewOutcome => ("review_outcome", Some("outcome_received")),
        Kind::Applied => ("applied", None),
        Kind::Decision => ("decision", Some("compliance_by")),
        Kind::Closed => ("closed", None),
        Kind::Withdrawn => ("withdrawn", None),
        _ => return None,
    })
}

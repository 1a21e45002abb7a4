//! A sheet as cells, whatever file it came in.

use std::borrow::Cow;

use chrono::NaiveDate;

/// How many columns of a sheet are looked at; what stands further right has no heading that anybody reads.
pub(super) const MAX_COLUMNS: usize = 256;

/// How many cells a sheet may have, gaps between filled ones included: a hundred thousand cases with forty columns.
pub(super) const MAX_CELLS: usize = 4_000_000;

/// How many bytes of text all cells together may have.
pub(super) const MAX_TEXT: usize = 128 << 20;

/// What a cell holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) enum Cell {
    /// Nothing, or nothing but spaces.
    #[default]
    Empty,
    /// Words, without spaces at their ends.
    Text(String),
    /// A number that is not shown as a date.
    Number(f64),
    /// A number that is shown as a date.
    Date(Option<NaiveDate>, f64),
    /// What a formula came to that failed: `#REF!`.
    Fault(String),
}

impl Cell {
    /// Words as they were typed, without the apostrophe by which [`guarded`] keeps them from being reckoned.
    pub(super) fn text(text: &str) -> Self {
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        let text = text.strip_prefix('\'').filter(|rest| is_reckoned(rest)).unwrap_or(text);
        match text.is_empty() {
            true => Self::Empty,
            false => Self::Text(text.to_owned()),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        *self == Self::Empty
    }

    /// As the officer sees it, about.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) | Self::Fault(text) => text.clone(),
            Self::Number(number) | Self::Date(None, number) => number.to_string(),
            Self::Date(Some(day), _) => day.format("%d/%m/%Y").to_string(),
        }
    }
}

/// A cell for a file that a spreadsheet program will open. What it would take for a formula, and some of those reach out
/// of the sheet, gets an apostrophe before it, which [`Cell::text`] takes away again; and so does a text that begins with
/// apostrophes and goes on like a formula, so that it comes back with as many.
pub(super) fn guarded(text: &str) -> Cow<'_, str> {
    match is_reckoned(text) {
        true => Cow::Owned(format!("'{text}")),
        false => Cow::Borrowed(text),
    }
}

/// Whether a text begins as a formula does, but for apostrophes.
fn is_reckoned(text: &str) -> bool {
    let begins = text.trim_start_matches('\'');
    begins.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// A line: its number as the officer sees it, and its cells from the left.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct GridLine {
    pub(super) number: u64,
    pub(super) cells: Vec<Cell>,
    /// What makes the line unfit to be read, whatever it says.
    pub(super) fault: Option<String>,
    /// How it was parted into cells, where that is by a character that may also stand in one.
    pub(super) parted: Option<Parted>,
}

/// How a line of text was parted into cells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Parted {
    /// Into how many, empty ones at the end included.
    pub(super) cells: usize,
    /// Whether a blank follows where it was parted, as in a sentence.
    pub(super) spaced: bool,
}

/// The filled lines of a sheet.
#[derive(Debug, Default)]
pub(super) struct Grid {
    pub(super) lines: Vec<GridLine>,
    /// Whether days are counted from 1904 rather than from 1900.
    pub(super) from_1904: bool,
}

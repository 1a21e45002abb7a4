//! A sheet as cells, whatever file it came in.

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
    /// Words as they were typed. The apostrophe before what would be a formula guards a cell; it is no part of it.
    pub(super) fn text(text: &str) -> Self {
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        let text = match text.strip_prefix('\'') {
            Some(rest) if rest.starts_with(['=', '+', '-', '@', '\t', '\r']) => rest,
            _ => text,
        };
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

/// A line: its number as the officer sees it, and its cells from the left.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct GridLine {
    pub(super) number: u64,
    pub(super) cells: Vec<Cell>,
    /// What makes the line unfit to be read, whatever it says.
    pub(super) fault: Option<String>,
}

/// The filled lines of a sheet.
#[derive(Debug, Default)]
pub(super) struct Grid {
    pub(super) lines: Vec<GridLine>,
    /// Whether days are counted from 1904 rather than from 1900.
    pub(super) from_1904: bool,
}

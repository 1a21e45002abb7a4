//! A sheet as CSV, in the ways spreadsheet programs write it.

use std::borrow::Cow;

use super::grid::{Cell, Grid, GridLine, MAX_CELLS, MAX_COLUMNS, Parted};
use super::headings;
use super::{LONGEST, Mapping, SheetError};

/// What may stand between two cells.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// The characters that Windows puts where Latin-1 has none, from 0x80.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The cells of a file. Commas, semicolons or tabs stand between them, whichever make the headings come out.
///
/// # Errors
/// If it is no CSV, or too large.
pub(super) fn grid(bytes: &[u8], map: &Mapping) -> Result<Grid, SheetError> {
    if bytes.len() as u64 > LONGEST {
        return Err(SheetError::TooLarge(format!("{} MB", LONGEST >> 20)));
    }
    if is_wide(bytes) {
        return Err(SheetError::OtherForm {
            what: "text in UTF-16 without the mark that says so",
            instead: "save it as \"CSV UTF-8\"",
        });
    }
    let (text, lost) = decoded(bytes);
    let top = top(&text);
    let found = SEPARATORS.into_iter().find_map(|separator| {
        let grid = split(top, separator, lost).ok()?;
        headings::find(&grid, map).ok().map(|_| (separator, grid))
    });
    match found {
        Some((_, whole)) if top.len() == text.len() => Ok(whole),
        Some((separator, _)) => split(&text, separator, lost),
        None => split(&text, b',', lost),
    }
}

/// The beginning of a text, in which the headings are looked for.
fn top(text: &str) -> &str {
    let end = text.match_indices('\n').nth(400).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or(text)
}

/// Whether a file begins with characters of two bytes each, of which one is nought, and no mark before them.
fn is_wide(bytes: &[u8]) -> bool {
    let top = bytes.get(..256).unwrap_or(bytes);
    let noughts = top.iter().filter(|byte| **byte == 0).count();
    !bytes.starts_with(&[0xFF, 0xFE]) && !bytes.starts_with(&[0xFE, 0xFF]) && top.len() > 1 && noughts * 3 > top.len()
}

/// The characters of a file: UTF-8, what Excel calls Unicode text, or else what Windows writes in these islands. Whether
/// some of them were lost, each of which stands as U+FFFD; but that may also be what the file itself says.
fn decoded(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    let wide = |rest: &[u8], read: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest.chunks_exact(2).map(|pair| read([pair[0], pair[1]])).collect();
        match String::from_utf16(&units) {
            Ok(text) => (Cow::Owned(text), false),
            Err(_) => (Cow::Owned(String::from_utf16_lossy(&units)), true),
        }
    };
    match bytes {
        [0xFF, 0xFE, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => {
            let text = String::from_utf8_lossy(rest);
            let lost = matches!(text, Cow::Owned(_));
            (text, lost)
        }
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => (Cow::Borrowed(text), false),
            Err(_) => (
                Cow::Owned(bytes.iter().map(|byte| from_windows(*byte)).collect()),
                false,
            ),
        },
    }
}

fn from_windows(byte: u8) -> char {
    match byte {
        0x80..=0x9F => WINDOWS[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

fn split(text: &str, separator: u8, lost: bool) -> Result<Grid, SheetError> {
    let mut reader = ::csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let mut counter = LineCounter {
        bytes: text.as_bytes(),
        counted: 0,
        line: 1,
    };
    let mut grid = Grid::default();
    let mut record = ::csv::StringRecord::new();
    let (mut cells, mut widest) = (0, 0);
    while reader.read_record(&mut record)? {
        let number = record.position().map_or(0, |position| counter.at(position));
        cells += record.len().min(MAX_COLUMNS);
        if cells > MAX_CELLS {
            return Err(SheetError::TooLarge(format!("{MAX_CELLS} cells")));
        }
        let fault = fault(&record, separator, widest, lost);
        let line: Vec<Cell> = record.iter().take(MAX_COLUMNS).map(Cell::text).collect();
        if line.iter().all(Cell::is_empty) {
            continue;
        }
        widest = widest.max(line.iter().filter(|cell| !cell.is_empty()).count());
        let begins_blank = |cell: &str| cell.starts_with([' ', '\u{a0}']) && !cell.trim().is_empty();
        grid.lines.push(GridLine {
            number,
            cells: line,
            fault,
            parted: Some(Parted {
                cells: record.len(),
                spaced: record.iter().any(begins_blank),
            }),
        });
    }
    Ok(grid)
}

/// What makes a line unfit to be read: a cell into which other lines have run, or characters that were lost.
fn fault(record: &::csv::StringRecord, separator: u8, widest: usize, lost: bool) -> Option<String> {
    let separator = char::from(separator);
    let swallowed = |line: &str| widest > 1 && line.matches(separator).count() + 1 >= widest;
    if record.iter().any(|cell| cell.lines().skip(1).any(swallowed)) {
        return Some(
            "a cell runs over several lines; perhaps a quotation mark is not closed, and the lines after it are swallowed"
                .to_owned(),
        );
    }
    let lost = lost && record.iter().any(|cell| cell.contains('\u{FFFD}'));
    lost.then(|| "it holds characters that are not UTF-8; save the sheet as \"CSV UTF-8\"".to_owned())
}

/// So many lines one below the other that have empty cells too many show that a program wrote them: Excel writes some
/// lines alike, with as many cells as the fullest of them has.
const ALIKE: usize = 8;

/// Of the lines below headings, those in which cells have moved, as far as that can be seen: there are more than the
/// headings have, as where a comma stands in a cell without quotation marks. A due date would then be read as the answer.
/// Empty cells at the end are no harm where a program wrote them.
pub(super) fn moved(lines: &[GridLine], headings: usize) -> Vec<bool> {
    let cells = |line: &GridLine| line.parted.map_or(0, |parted| parted.cells);
    let is_full = |line: &GridLine| {
        let rest = line.cells.get(headings..).unwrap_or_default();
        rest.iter().any(|cell| !cell.is_empty())
    };
    let is_odd = |line: &GridLine| is_full(line) || line.parted.is_some_and(|parted| parted.spaced);
    let mut moved = Vec::with_capacity(lines.len());
    for run in lines.chunk_by(|one, next| cells(one) == cells(next)) {
        let alike = run.len() >= ALIKE || (run.len() > 1 && run.len() == lines.len());
        // A note beside the table is in few lines; what moved an answer is in as many as there are answers.
        let by_program = alike && run.iter().filter(|line| is_odd(line)).count() * ALIKE <= run.len();
        let too_many = |line: &GridLine| cells(line) > headings;
        moved.extend(run.iter().map(|line| too_many(line) && (!by_program || is_odd(line))));
    }
    moved
}

/// Why a line cannot be taken whose cells have moved.
pub(super) fn why_moved(line: &GridLine, headings: usize) -> String {
    let cells = line.parted.map_or(0, |parted| parted.cells);
    format!(
        "it has {cells} cells and the headings have {headings}, so its cells may have moved; put quotation marks around the \
         cell that has a comma in it, or whatever else stands between the cells; or give every column a heading"
    )
}

/// Counts lines as an editor does, from where it was last asked. The reader's own count is one short where lines
/// end as on Windows, since it stands between the two characters that end a line.
struct LineCounter<'a> {
    bytes: &'a [u8],
    counted: usize,
    line: u64,
}

impl LineCounter<'_> {
    /// The line on which a record begins that the reader found at a place, no earlier than the last one asked for.
    fn at(&mut self, position: &::csv::Position) -> u64 {
        let found = usize::try_from(position.byte()).unwrap_or(usize::MAX);
        let found = found.clamp(self.counted, self.bytes.len());
        let ends = self.bytes[found..]
            .iter()
            .take_while(|byte| matches!(byte, b'\r' | b'\n'));
        let begins = found + ends.count();
        let breaks = self.bytes[self.counted..begins].iter().filter(|byte| **byte == b'\n');
        self.line += breaks.count() as u64;
        self.counted = begins;
        self.line
    }
}

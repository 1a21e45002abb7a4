//! A sheet as a spreadsheet's own file, read within bounds: such a file is compressed, and a small one can hold more
//! than any machine has.

use std::io::{self, Cursor, Read};

use calamine::{Data, DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use zip::ZipArchive;

use super::grid::{Cell, Grid, GridLine, MAX_CELLS, MAX_COLUMNS, MAX_TEXT};
use super::headings;
use super::{Mapping, SheetError, dates};

/// How large a file may be, as it is stored.
const MAX_PACKED: usize = 64 << 20;

/// How large all its parts together may be when they are unpacked.
const MAX_UNPACKED: u64 = 256 << 20;

/// How many parts it may have.
const MAX_PARTS: usize = 10_000;

/// How many worksheets are looked through for headings.
const MAX_SHEETS: usize = 64;

/// How many lines and columns a worksheet of this form can have.
const LINES: u32 = 1 << 20;
const COLUMNS: u32 = 1 << 14;

/// How far down the first look for headings goes.
const FIRST_LOOK: u32 = 1_000;

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

/// Which worksheet of a file was read.
#[derive(Debug, Default)]
pub(super) struct Chosen {
    /// Its name, where the file has several.
    pub(super) name: Option<String>,
    /// Further visible ones that have the headings and something below them, unless the mapping names the one.
    pub(super) unread: Vec<String>,
}

/// The cells of the worksheet with the cases, and which one that is.
///
/// # Errors
/// If it is damaged, too large, of another form, or has no worksheet with the headings that are needed.
pub(super) fn grid(bytes: &[u8], map: &Mapping) -> Result<(Grid, Chosen), SheetError> {
    within_bounds(bytes, MAX_UNPACKED)?;
    let mut book: Book<'_> = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    let sheets: Vec<_> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .cloned()
        .collect();
    let (name, unread) = match &map.sheet {
        Some(name) => {
            let named = sheets
                .iter()
                .find(|sheet| sheet.name.trim().to_lowercase() == name.trim().to_lowercase());
            let named = named.map(|sheet| sheet.name.clone());
            let named = named.ok_or_else(|| SheetError::NoSheet {
                name: name.clone(),
                there: sheets.iter().map(|sheet| format!("{:?}", sheet.name)).collect(),
            })?;
            (named, Vec::new())
        }
        None => with_headings(&mut book, &sheets, map)?,
    };
    let grid = cells(&mut book, &name, u32::MAX)?;
    let several = sheets
        .iter()
        .filter(|sheet| sheet.visible == SheetVisible::Visible)
        .count()
        > 1;
    let name = several.then_some(name);
    Ok((grid, Chosen { name, unread }))
}

/// The first visible worksheet with the headings that are needed, and the further ones that have them and are not read.
/// Where there is none, the first one's own complaint is told.
fn with_headings(
    book: &mut Book<'_>,
    sheets: &[calamine::Sheet],
    map: &Mapping,
) -> Result<(String, Vec<String>), SheetError> {
    let mut visible = sheets
        .iter()
        .filter(|sheet| sheet.visible == SheetVisible::Visible)
        .take(MAX_SHEETS);
    let mut first = None;
    while let Some(sheet) = visible.next() {
        let top = cells(book, &sheet.name, FIRST_LOOK)?;
        match headings::find(&top, map) {
            Err(SheetError::Missing { column, hint }) => {
                first.get_or_insert(SheetError::Missing { column, hint });
            }
            Err(SheetError::NoHeading(heading)) => {
                first.get_or_insert(SheetError::NoHeading(heading));
            }
            Err(other) => return Err(other),
            Ok(_) => {
                let others = visible.filter(|other| has_cases(book, &other.name, map));
                let others = others.map(|other| other.name.clone()).collect();
                return Ok((sheet.name.clone(), others));
            }
        }
    }
    Err(first.unwrap_or(SheetError::OtherForm {
        what: "a spreadsheet without a visible worksheet",
        instead: "save the sheet of cases as a workbook of its own",
    }))
}

/// Whether a worksheet that is not read has the headings, and lines below them. What cannot be made out in it keeps
/// nobody from the one that is read.
fn has_cases(book: &mut Book<'_>, name: &str, map: &Mapping) -> bool {
    let Ok(top) = cells(book, name, FIRST_LOOK) else {
        return false;
    };
    match headings::find(&top, map) {
        Ok(headings) => top.lines.len() > headings.at + 1,
        Err(error) => matches!(error, SheetError::Twice { .. } | SheetError::NoHeading(_)),
    }
}

/// Unpacks every part once and throws it away, counting: what a file says of its own sizes need not be so.
pub(super) fn within_bounds(bytes: &[u8], unpacked: u64) -> Result<(), SheetError> {
    let packed = |error: zip::result::ZipError| SheetError::Damaged(error.to_string());
    if bytes.len() > MAX_PACKED {
        return Err(SheetError::TooLarge(format!("{} MB", MAX_PACKED >> 20)));
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(packed)?;
    if archive.len() > MAX_PARTS {
        return Err(SheetError::TooLarge(format!("{MAX_PARTS} parts")));
    }
    if let Some(other) = other_form(&archive) {
        return Err(other);
    }
    let mut left = unpacked;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(packed)?;
        let size = io::copy(&mut part.take(left + 1), &mut io::sink())
            .map_err(|error| SheetError::Damaged(error.to_string()))?;
        left = left
            .checked_sub(size)
            .ok_or_else(|| SheetError::TooLarge(format!("{} MB when unpacked", unpacked >> 20)))?;
    }
    Ok(())
}

fn other_form(archive: &ZipArchive<Cursor<&[u8]>>) -> Option<SheetError> {
    let has = |name: &str| archive.file_names().any(|part| part.eq_ignore_ascii_case(name));
    let what = if has("xl/workbook.bin") {
        "a binary workbook (.xlsb)"
    } else if has("mimetype") && has("content.xml") {
        "an OpenDocument sheet (.ods)"
    } else if has("word/document.xml") {
        "a Word document"
    } else if has("xl/workbook.xml") || has("_rels/.rels") {
        return None;
    } else {
        "a packed folder (.zip)"
    };
    Some(SheetError::OtherForm {
        what,
        instead: "save the sheet as an Excel workbook (.xlsx) or as CSV",
    })
}

/// The filled lines of a worksheet, as far down as the line `last` (counted from nought).
fn cells(book: &mut Book<'_>, name: &str, last: u32) -> Result<Grid, SheetError> {
    let from_1904 = book.has_1904_epoch();
    let mut filling = Filling {
        grid: Grid {
            from_1904,
            ..Grid::default()
        },
        cells: 0,
        text: 0,
    };
    let mut reader = book.worksheet_cells_reader(name).map_err(damaged)?;
    while let Some(found) = reader.next_cell().map_err(damaged)? {
        let (line, place) = found.get_position();
        if line >= LINES || place >= COLUMNS {
            return Err(SheetError::Damaged(
                "it has a cell beyond the end of any sheet".to_owned(),
            ));
        }
        if line > last {
            break;
        }
        let cell = cell(found.get_value(), from_1904);
        match usize::try_from(place) {
            Ok(place) if place < MAX_COLUMNS && !cell.is_empty() => filling.put(u64::from(line) + 1, place, cell)?,
            _ => {}
        }
    }
    Ok(filling.grid)
}

/// A grid as it fills, and how much is in it.
struct Filling {
    grid: Grid,
    cells: usize,
    text: usize,
}

impl Filling {
    fn put(&mut self, number: u64, place: usize, cell: Cell) -> Result<(), SheetError> {
        let lines = &mut self.grid.lines;
        let last = lines.last().map_or(0, |line| line.number);
        if last > number {
            return Err(SheetError::Damaged(format!("line {number} comes after line {last}")));
        }
        if last < number {
            lines.push(GridLine {
                number,
                cells: Vec::new(),
                fault: None,
                parted: None,
            });
        }
        if let Cell::Text(words) | Cell::Fault(words) = &cell {
            self.text += words.len();
        }
        let Some(line) = lines.last_mut().map(|line| &mut line.cells) else {
            return Ok(());
        };
        if place >= line.len() {
            self.cells += place + 1 - line.len();
            line.resize(place + 1, Cell::Empty);
        }
        line[place] = cell;
        if self.cells > MAX_CELLS {
            return Err(SheetError::TooLarge(format!("{MAX_CELLS} cells")));
        }
        if self.text > MAX_TEXT {
            return Err(SheetError::TooLarge(format!("{} MB of text", MAX_TEXT >> 20)));
        }
        Ok(())
    }
}

fn cell(value: &DataRef<'_>, from_1904: bool) -> Cell {
    match Data::from(value.clone()) {
        Data::Int(number) => {
            #[expect(
                clippy::cast_precision_loss,
                reason = "no such number is a day, and none is a reference"
            )]
            let number = number as f64;
            Cell::Number(number)
        }
        Data::Float(number) => Cell::Number(number),
        Data::String(text) | Data::DurationIso(text) => Cell::text(&text),
        Data::Bool(truth) => Cell::Text(if truth { "TRUE" } else { "FALSE" }.to_owned()),
        Data::DateTime(moment) if moment.is_datetime() => {
            Cell::Date(dates::from_serial(moment.as_f64(), from_1904), moment.as_f64())
        }
        Data::DateTime(length) => Cell::Number(length.as_f64()),
        Data::DateTimeIso(text) => Cell::text(&text),
        Data::Error(fault) => Cell::Fault(fault.to_string()),
        Data::Empty => Cell::Empty,
    }
}

/// What is wrong with the file, shortly: the libraries' own words are for programmers.
fn damaged(error: XlsxError) -> SheetError {
    match error {
        XlsxError::Password => SheetError::OtherForm {
            what: "a workbook with a password",
            instead: "save it without one, or as CSV",
        },
        other => SheetError::Damaged(other.to_string()),
    }
}

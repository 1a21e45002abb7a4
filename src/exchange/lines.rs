//! The lines below the headings: which are cases, which are none, and which say the same case twice.

use std::collections::HashMap;

use super::grid::{Cell, Grid};
use super::headings::{self, COLUMNS, Headings, bare};
use super::month_first::MonthFirst;
use super::row::Fields;
use super::xlsx::Chosen;
use super::{Line, Mapping, Passed, Row, Sheet, SheetError, again, dates};

/// The columns that hold no date.
pub(super) const WORDS: [&str; 4] = ["reference", "regime", "officer", "subject"];

/// How much is told of one line, in characters.
const LONGEST: usize = 1_000;

/// What stands before a total.
const TOTALS: [&str; 12] = [
    "total",
    "totals",
    "grand total",
    "sub total",
    "subtotal",
    "sub-total",
    "count",
    "sum",
    "average",
    "number of requests",
    "no of requests",
    "no. of requests",
];

/// Reads the lines of a grid.
///
/// # Errors
/// If the headings that are needed are not there.
pub(super) fn lines(grid: &Grid, map: &Mapping, chosen: Chosen) -> Result<Sheet, SheetError> {
    let headings = headings::find(grid, map)?;
    let mut reading = Reading {
        sheet: Sheet {
            lines: Vec::new(),
            faulty: Vec::new(),
            in_part: Vec::new(),
            columns: headings.columns().collect(),
            ignored: headings.ignored.clone(),
            read_as: read_as(&headings),
            passed: Vec::new(),
            worksheet: chosen.name,
            unread: chosen.unread,
            headings: headings.number,
        },
        understood: HashMap::new(),
    };
    let blocks = again::blocks(grid, map, headings);
    let moved = &again::moved(grid, &blocks);
    let plain = MonthFirst::default();
    let all = |month_first| {
        let below = blocks
            .iter()
            .flat_map(|block| block.below.clone().map(move |at| (block, at)));
        let lines = below.filter_map(|(block, at)| Some((block, at, grid.lines.get(at)?)));
        lines.map(move |(block, at, line)| Fields {
            headings: &block.headings,
            line,
            map,
            from_1904: grid.from_1904,
            unfit: block.unfit.as_ref().or(moved.get(&at)).map(String::as_str),
            month_first,
        })
    };
    let month_first = MonthFirst::of(all(&plain));
    for fields in all(&month_first) {
        reading.take(fields);
    }
    let mut sheet = reading.sheet;
    let again = blocks.iter().skip(1).map(|block| block.headings.number);
    sheet.passed.extend(again.map(|number| (number, Passed::Headings)));
    sheet.passed.sort_by_key(|(number, _)| *number);
    Ok(sheet)
}

/// A sheet as it is read.
struct Reading<'a> {
    sheet: Sheet,
    /// The references that were understood: their places among the lines, and what stands there.
    understood: HashMap<String, (usize, Fields<'a>)>,
}

impl<'a> Reading<'a> {
    fn take(&mut self, fields: Fields<'a>) {
        let (line, sheet) = (fields.line, &mut self.sheet);
        if line.fault.is_none()
            && let Some(passed) = no_case(&fields)
        {
            sheet.passed.push((line.number, passed));
            return;
        }
        let row = fields.row().map_err(bounded);
        let Ok(taken) = &row else {
            let reference = fields.cell("reference").and_then(|(_, cell)| cell.shown().parse().ok());
            sheet.faulty.extend(reference.map(|reference| (line.number, reference)));
            sheet
                .in_part
                .extend(fields.in_part().map(|(row, without)| (line.number, row, without)));
            sheet.lines.push((line.number, row));
            return;
        };
        let Some((at, first)) = self.understood.get(taken.reference.as_str()) else {
            let reference = taken.reference.as_str().to_owned();
            self.understood.insert(reference, (sheet.lines.len(), fields));
            sheet.lines.push((line.number, row));
            return;
        };
        match differs(&sheet.lines[*at], taken, first, &fields) {
            None => sheet.passed.push((line.number, Passed::SameAs(first.line.number))),
            Some(why) => {
                sheet.faulty.push((line.number, taken.reference.clone()));
                sheet.lines.push((line.number, Err(bounded(why))));
            }
        }
    }
}

/// Words that quote cells, no longer than anybody reads: a cell may hold a book.
fn bounded(why: String) -> String {
    match why.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{} ...", why.get(..end).unwrap_or_default()),
        None => why,
    }
}

/// The headings that are other words for a column.
fn read_as(headings: &Headings) -> Vec<(String, &'static str)> {
    let found = headings.places.iter().zip(COLUMNS);
    let other = found.filter_map(|(place, column)| Some((place.as_ref()?.1.clone(), column)));
    other
        .filter(|(heading, column)| bare(heading) != bare(column))
        .collect()
}

/// Why a line does not say the same as an earlier one of the same reference; nothing if it does.
fn differs(earlier: &Line, row: &Row, before: &Fields<'_>, fields: &Fields<'_>) -> Option<String> {
    if earlier.1.as_ref().is_ok_and(|earlier| earlier == row) {
        return None;
    }
    let shown = |fields: &Fields<'_>, column| match fields.date(column) {
        Ok(Some(day)) if !WORDS.contains(&column) => day.format("%d/%m/%Y").to_string(),
        _ => fields
            .cell(column)
            .map_or("nothing".to_owned(), |(_, cell)| cell.shown()),
    };
    let differing = COLUMNS.iter().filter_map(|column| {
        let (was, is) = (before.cell(column), fields.cell(column));
        let same_day = || {
            let days = (before.date(column), fields.date(column));
            !WORDS.contains(column) && matches!(days, (Ok(was), Ok(is)) if was == is)
        };
        if was.map(|(_, cell)| cell) == is.map(|(_, cell)| cell) || same_day() {
            return None;
        }
        let heading = was.or(is)?.0;
        Some(format!(
            "{heading}: {} there, {} here",
            shown(before, column),
            shown(fields, column)
        ))
    });
    Some(format!(
        "{} is in line {} already and says other things there ({}); line {} counts, so put into it what is right and take \
         this line out",
        row.reference,
        before.line.number,
        differing.collect::<Vec<_>>().join("; "),
        before.line.number
    ))
}

/// Why a line is no case. Never so where it has both a reference and anything else, or any date.
fn no_case(fields: &Fields<'_>) -> Option<Passed> {
    let line = fields.line;
    let filled: Vec<&Cell> = line.cells.iter().filter(|cell| !cell.is_empty()).collect();
    if repeats_headings(fields) {
        return Some(Passed::Headings);
    }
    if is_total(&filled) {
        return Some(Passed::Total);
    }
    let dated = filled.iter().any(|cell| holds_date(cell))
        || COLUMNS.iter().any(|column| {
            let cell = fields.cell(column).map(|(_, cell)| cell);
            !WORDS.contains(column) && cell.is_some_and(|cell| dates::day(cell, fields.from_1904).is_ok())
        });
    if dated {
        return None;
    }
    match (fields.cell("reference"), filled.as_slice()) {
        (None, _) if !has_date_cells(fields) => Some(Passed::Remark),
        (Some(_), [Cell::Text(only)]) if is_remark(only) => Some(Passed::Remark),
        (Some(_), [Cell::Number(year)]) if (2000.0..2100.0).contains(year) => Some(Passed::Remark),
        _ => None,
    }
}

/// Whether anything but "n/a" stands under a heading for dates.
fn has_date_cells(fields: &Fields<'_>) -> bool {
    let dates = COLUMNS.iter().filter(|column| !WORDS.contains(column));
    dates
        .filter_map(|column| fields.cell(column))
        .any(|(_, cell)| match cell {
            Cell::Text(text) => !dates::says_nothing(text),
            _ => true,
        })
}

pub(super) fn holds_date(cell: &Cell) -> bool {
    match cell {
        Cell::Date(..) => true,
        Cell::Text(_) => dates::day(cell, false).is_ok(),
        _ => false,
    }
}

/// Whether every cell under a heading that is understood says that heading, and there are two at least.
fn repeats_headings(fields: &Fields<'_>) -> bool {
    let mut same = 0;
    for (place, heading) in fields.headings.places.iter().flatten() {
        match fields.line.cells.get(*place) {
            Some(Cell::Text(text)) if bare(text) == bare(heading) => same += 1,
            Some(Cell::Empty) | None => {}
            Some(_) => return false,
        }
    }
    same >= 2
}

/// Whether the line is `Total: 1500`, or the word in one cell and numbers in others.
fn is_total(filled: &[&Cell]) -> bool {
    let words = |cell: &&Cell| match cell {
        Cell::Text(text) => {
            let text = text.to_lowercase();
            let rest = TOTALS.iter().filter_map(|total| text.strip_prefix(total));
            let mut rest = rest.map(|rest| rest.trim_start_matches([':', '=', ' ', '.', '-']).trim());
            rest.any(|rest| {
                rest.is_empty() || is_number(rest) || matches!(rest, "requests" | "requests:" | "cases" | "cases:")
            })
        }
        _ => false,
    };
    let numbers = |cell: &&Cell| match cell {
        Cell::Number(_) => true,
        Cell::Text(text) => is_number(text),
        _ => false,
    };
    filled.iter().any(words) && filled.iter().all(|cell| words(cell) || numbers(cell))
}

fn is_number(text: &str) -> bool {
    let digits = text.trim_end_matches('%').replace([',', ' '], "");
    digits.parse::<f64>().is_ok()
}

/// Whether words that stand alone in a line are a remark or a title, and cannot be a reference that lacks the rest:
/// they are longer than any, or have several words without a figure, or name a month or a year.
fn is_remark(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let figures = text.chars().any(|c| c.is_ascii_digit());
    text.chars().count() > 64
        || words.len() > 5
        || (words.len() > 1 && !figures)
        || words.iter().all(|word| of_a_year(word))
}

/// Whether a word could be part of `April 2026`, `2025/26` or `Quarter 3`.
fn of_a_year(word: &str) -> bool {
    let word = word.trim_matches([':', ',', '.', '(', ')']);
    let year = |part: &str| match part.parse::<u32>() {
        Ok(number) => (2000..2100).contains(&number) || (part.len() == 2 && word.len() > 2) || (part.len() == 1),
        Err(_) => false,
    };
    let name = word.to_lowercase();
    matches!(
        name.as_str(),
        "to" | "-" | "\u{2013}" | "and" | "quarter" | "q1" | "q2" | "q3" | "q4" | "year"
    ) || word.parse::<chrono::Month>().is_ok()
        || word.split(['/', '-', '\u{2013}']).all(year)
}

//! Sheets as CSV.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use timeous::case::{Fact, Kind};
use timeous::exchange::sheet_out::SheetOut;
use timeous::exchange::{COLUMNS, Mapping, Row, Sheet, columns_of, read};

/// A sheet is read within bounds or refused in one line; and what was understood of it, written as this program writes
/// sheets, is read again as the same.
pub(super) fn csv_rows(data: &[u8]) {
    // What begins as another form of file is the workbook's.
    if !data.starts_with(b"PK") {
        understood(data, &Mapping::default());
    }
}

/// The same for a file of any form.
pub(super) fn understood(data: &[u8], map: &Mapping) {
    match read(data, map) {
        Ok(sheet) => {
            sound(&sheet, data);
            again(&sheet);
        }
        Err(error) => super::told(&error.to_string(), data),
    }
}

/// What holds of every sheet that was read.
fn sound(sheet: &Sheet, data: &[u8]) {
    let numbers = || sheet.lines.iter().map(|(number, _)| *number);
    assert!(numbers().is_sorted(), "lines out of order");
    assert!(
        numbers().all(|number| number >= sheet.headings),
        "a line above the headings"
    );
    let mut seen = BTreeSet::new();
    for (number, row) in &sheet.lines {
        match row {
            Ok(row) => {
                assert!(
                    seen.insert(row.reference.as_str().to_owned()),
                    "{number}: {} comes twice",
                    row.reference
                );
                assert_eq!(row.facts[0].kind, Kind::Received);
            }
            Err(why) => super::told(why, data),
        }
    }
    let refused = |at: &u64| sheet.lines.iter().any(|(number, row)| number == at && row.is_err());
    assert!(
        sheet.faulty.iter().all(|(number, _)| refused(number)),
        "faulty without a fault"
    );
    assert!(
        sheet
            .in_part
            .iter()
            .all(|(number, _, without)| refused(number) && !without.is_empty())
    );
}

/// The rows that could be recorded as they are.
fn recordable(sheet: &Sheet) -> Vec<&Row> {
    let rows = sheet.lines.iter().filter_map(|(_, row)| row.as_ref().ok());
    rows.filter(|row| row.facts.iter().all(|fact| fact.check().is_ok()))
        .filter(|row| row.due.is_none_or(|due| (1000..=9999).contains(&due.year())))
        .collect()
}

fn again(sheet: &Sheet) {
    let rows = recordable(sheet);
    if rows.is_empty() {
        return;
    }
    let mut bytes = Vec::new();
    let mut out = SheetOut::begin(&mut bytes, COLUMNS.into_iter()).unwrap();
    for row in &rows {
        let cells = cells(row);
        out.line(cells.iter().map(String::as_str)).unwrap();
    }
    out.end().unwrap();
    let read = read(&bytes, &Mapping::default()).unwrap();
    let came: Vec<&Row> = read
        .lines
        .iter()
        .map(|(_, row)| row.as_ref().expect("a row that was written"))
        .collect();
    assert_eq!(came, rows, "{}", String::from_utf8_lossy(&bytes));
}

/// A row's cells, as the export writes them.
fn cells(row: &Row) -> Vec<String> {
    let day = |day: Option<NaiveDate>| day.map_or(String::new(), |day| day.to_string());
    let request = &row.facts[0];
    let details = &request.details;
    let (received, posted) = match details.posted {
        true => (details.received, Some(request.on)),
        false => (Some(request.on), None),
    };
    let words = |words: &Option<String>| words.clone().unwrap_or_default();
    let cell = |column: &&str| match *column {
        "reference" => row.reference.to_string(),
        "regime" => details.regime.map_or(String::new(), |regime| regime.to_string()),
        "officer" => words(&details.officer),
        "subject" => words(&details.subject),
        "received" => day(received),
        "posted" => day(posted),
        "due" => day(row.due),
        other => day(row.facts[1..].iter().find_map(|fact| date_under(fact, other))),
    };
    COLUMNS.iter().map(cell).collect()
}

/// The date of a fact that stands under a column.
fn date_under(fact: &Fact, column: &str) -> Option<NaiveDate> {
    let (first, second) = columns_of(fact.kind)?;
    match fact.kind {
        _ if first == column => Some(fact.on),
        Kind::Extended | Kind::Decision if second == Some(column) => fact.details.due,
        _ if second == Some(column) => fact.details.received,
        _ => None,
    }
}

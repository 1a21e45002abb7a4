//! A sheet as it is compared: its rows by themselves, its faults by the case they are about, and the names of its
//! columns.

use crate::exchange::csv::{self, Row};

/// A row that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Its line in the file.
    pub line: u64,
    /// The case it is about, where that much is plain.
    pub reference: Option<String>,
    /// Why.
    pub why: String,
}

/// A sheet, understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// Its rows, each with its line.
    pub rows: Vec<(u64, Row)>,
    /// The rows that cannot be understood.
    pub faults: Vec<Fault>,
    /// The headings, as the reader of sheets names them.
    pub columns: Vec<String>,
}

/// Reads the bytes of a file.
///
/// # Errors
/// What is wrong with it as a whole; fits after `it`.
pub(super) fn read(bytes: &[u8]) -> Result<Reading, String> {
    let sheet = csv::read(bytes).map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(bytes);
    let cell = |text: &str| text.trim().trim_matches('"').trim().to_owned();
    let cells = |line: &str| line.split(',').map(cell).collect::<Vec<_>>();
    let heading = |text: String| {
        text.trim_start_matches('\u{feff}')
            .to_lowercase()
            .replace([' ', '-'], "_")
    };
    let first = text.lines().next().unwrap_or_default();
    let columns: Vec<String> = cells(first).into_iter().map(heading).collect();
    let place = columns.iter().position(|column| column == "reference");
    let mut reading = Reading {
        columns,
        ..Reading::default()
    };
    for (line, row) in sheet.lines {
        match row {
            Ok(row) => reading.rows.push((line, row)),
            Err(why) => {
                let index = usize::try_from(line.saturating_sub(1)).unwrap_or(usize::MAX);
                let reference = text.lines().nth(index).zip(place);
                let reference = reference.and_then(|(text, place)| cells(text).into_iter().nth(place));
                reading.faults.push(Fault {
                    line,
                    reference: reference.filter(|text| !text.is_empty()),
                    why,
                });
            }
        }
    }
    Ok(reading)
}

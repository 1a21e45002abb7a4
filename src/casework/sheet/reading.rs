//! A sheet as it is compared: its rows by themselves, its faults by the case they are about, and the names of its
//! columns.

use std::collections::BTreeMap;

use crate::exchange::{self, Mapping, Row, Sheet};

/// A row that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Its line in the file.
    pub line: u64,
    /// The case it is about, where that much is plain.
    pub reference: Option<String>,
    /// Why.
    pub why: String,
    /// Whether the rest of it can be, and is among the rows.
    pub in_part: bool,
}

/// A sheet, understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// Its rows, each with its line; no reference comes twice.
    pub rows: Vec<(u64, Row)>,
    /// The rows that cannot be understood.
    pub faults: Vec<Fault>,
    /// References that rows which do not say the same have in common, with their lines.
    pub twice: Vec<(String, Vec<u64>)>,
    /// The columns under which a case's cell cannot be understood, by its reference.
    pub unclear: BTreeMap<String, Vec<&'static str>>,
    /// The columns that it has, as the reader of sheets names them.
    pub columns: Vec<&'static str>,
    /// The worksheet that was read, where the file has several.
    pub worksheet: Option<String>,
    /// Further worksheets with cases, of which nothing was read.
    pub unread: Vec<String>,
    /// The heading under which the days of the answers may stand, where none that is understood has them.
    pub perhaps_answered: Option<String>,
}

/// Reads the bytes of a file.
///
/// # Errors
/// What is wrong with it as a whole; fits after `it`.
pub(super) fn read(bytes: &[u8], map: &Mapping) -> Result<Reading, String> {
    let sheet = exchange::read(bytes, map).map_err(|error| error.to_string())?;
    Ok(Reading::from(sheet))
}

impl From<Sheet> for Reading {
    fn from(sheet: Sheet) -> Self {
        let perhaps_answered = sheet.perhaps_answered().map(str::to_owned);
        let faulty: BTreeMap<u64, String> = sheet
            .faulty
            .into_iter()
            .map(|(line, reference)| (line, reference.to_string()))
            .collect();
        let mut reading = Self {
            perhaps_answered,
            columns: sheet.columns,
            worksheet: sheet.worksheet,
            unread: sheet.unread,
            ..Self::default()
        };
        for (line, row) in sheet.lines {
            match row {
                Ok(row) => reading.rows.push((line, row)),
                Err(why) => reading.faults.push(Fault {
                    line,
                    reference: faulty.get(&line).cloned(),
                    why,
                    in_part: false,
                }),
            }
        }
        reading.part();
        for (line, row, without) in sheet.in_part {
            // Gone from the faults is what stands twice.
            if let Some(fault) = reading.faults.iter_mut().find(|fault| fault.line == line) {
                fault.in_part = true;
                reading.unclear.insert(row.reference.to_string(), without);
                reading.rows.push((line, row));
            }
        }
        reading.rows.sort_by_key(|(line, _)| *line);
        reading
    }
}

impl Reading {
    /// Whether a case's row has a cell under a column, filled or empty, that says something.
    pub(super) fn says(&self, reference: &str, column: &str) -> bool {
        let unclear = self.unclear.get(reference);
        self.columns.contains(&column) && !unclear.is_some_and(|columns| columns.contains(&column))
    }

    /// Where several rows have one reference and do not say the same, which of them is right is for the officer to
    /// say: none is taken.
    fn part(&mut self) {
        let mut lines: BTreeMap<String, Vec<u64>> = BTreeMap::new();
        for (line, row) in &self.rows {
            lines.entry(row.reference.to_string()).or_default().push(*line);
        }
        for fault in &self.faults {
            if let Some(reference) = &fault.reference {
                lines.entry(reference.clone()).or_default().push(fault.line);
            }
        }
        lines.retain(|_, lines| lines.len() > 1);
        self.rows.retain(|(_, row)| !lines.contains_key(row.reference.as_str()));
        let is_twice = |fault: &Fault| fault.reference.as_ref().is_some_and(|one| lines.contains_key(one));
        self.faults.retain(|fault| !is_twice(fault));
        for lines in lines.values_mut() {
            lines.sort_unstable();
        }
        self.twice = lines.into_iter().collect();
    }
}

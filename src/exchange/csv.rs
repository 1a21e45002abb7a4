//! A sheet as CSV: one case a line, columns in any order, known by their headings.

use std::io::Read;

use chrono::{Datelike, NaiveDate};

use crate::case::{Details, Fact, Kind, Reference, Regime};

/// The columns that are understood; others are reported and passed over.
pub const COLUMNS: [&str; 24] = [
    "reference",
    "regime",
    "officer",
    "subject",
    "received",
    "posted",
    "clarification_sought",
    "clarification_received",
    "fees_notice",
    "fee_paid",
    "extended",
    "extended_to",
    "responded",
    "response_received",
    "review_required",
    "review_outcome",
    "outcome_received",
    "applied",
    "decision",
    "compliance_by",
    "court_appeal",
    "closed",
    "withdrawn",
    "due",
];

/// The ways a date may be written.
const DATE_FORMS: [&str; 4] = ["%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%d %b %Y"];

/// Why a sheet cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// It is no CSV.
    #[error("is not CSV: {0}")]
    Form(#[from] ::csv::Error),
    /// A heading that nothing can be done without.
    #[error("has no column {column:?}; the first line must name the columns ({})", COLUMNS.join(", "))]
    Missing {
        /// The heading.
        column: &'static str,
    },
    /// Another separator.
    #[error("separates its columns by semicolons; save it with commas")]
    Semicolons,
    /// A spreadsheet's own form.
    #[error("is a spreadsheet's own file; save it as CSV")]
    Workbook,
    /// A heading that stands twice.
    #[error("has the column {0:?} twice")]
    Twice(String),
}

/// One line of a sheet, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The case.
    pub reference: Reference,
    /// What happened, the request first.
    pub facts: Vec<Fact>,
    /// The day that the sheet believes the answer to be due.
    pub due: Option<NaiveDate>,
}

/// A line's number in the file and what it says, or why it cannot be taken.
pub type Line = (u64, Result<Row, String>);

/// A sheet: its lines, and the headings that nothing was done with.
#[derive(Debug)]
pub struct Sheet {
    /// The lines, each by itself.
    pub lines: Vec<Line>,
    /// Headings that are not understood.
    pub ignored: Vec<String>,
}

/// Reads a sheet. A line that cannot be understood does not stop the others.
///
/// # Errors
/// If it is no CSV with the headings that are needed.
pub fn read(mut source: impl Read) -> Result<Sheet, SheetError> {
    let mut bytes = Vec::new();
    source.read_to_end(&mut bytes).map_err(::csv::Error::from)?;
    if bytes.starts_with(b"PK") {
        return Err(SheetError::Workbook);
    }
    let mut reader = ::csv::ReaderBuilder::new()
        .flexible(true)
        .trim(::csv::Trim::All)
        .from_reader(bytes.as_slice());
    let headings: Vec<String> = reader.headers()?.iter().map(heading).collect();
    if let [only] = headings.as_slice()
        && only.contains(';')
    {
        return Err(SheetError::Semicolons);
    }
    for (index, heading) in headings.iter().enumerate() {
        if COLUMNS.contains(&heading.as_str()) && headings[..index].contains(heading) {
            return Err(SheetError::Twice(heading.clone()));
        }
    }
    if !headings.iter().any(|heading| heading == "reference") {
        return Err(SheetError::Missing { column: "reference" });
    }
    if !headings
        .iter()
        .any(|heading| heading == "received" || heading == "posted")
    {
        return Err(SheetError::Missing { column: "received" });
    }
    let ignored = headings
        .iter()
        .filter(|heading| !heading.is_empty() && !COLUMNS.contains(&heading.as_str()))
        .cloned()
        .collect();
    let mut lines = Vec::new();
    let mut counter = LineCounter {
        bytes: &bytes,
        counted: 0,
        line: 1,
    };
    for record in reader.byte_records() {
        let record = record?;
        if record.iter().all(<[u8]>::is_empty) {
            continue;
        }
        let number = record.position().map_or(0, |position| counter.at(position));
        let row = ::csv::StringRecord::from_byte_record(record)
            .map_err(|_| "it holds characters that are not UTF-8; save the sheet as \"CSV UTF-8\"".to_owned())
            .and_then(|record| Cells(&headings, &record).row());
        lines.push((number, row));
    }
    Ok(Sheet { lines, ignored })
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

/// A heading without the byte-order mark, capitals and spaces that spreadsheets put into it.
fn heading(text: &str) -> String {
    text.trim_start_matches('\u{feff}')
        .trim()
        .to_lowercase()
        .replace([' ', '-'], "_")
}

struct Cells<'a>(&'a [String], &'a ::csv::StringRecord);

impl Cells<'_> {
    fn cell(&self, column: &str) -> Option<&str> {
        let index = self.0.iter().position(|heading| heading == column)?;
        self.1.get(index).filter(|text| !text.is_empty())
    }

    fn date(&self, column: &str) -> Result<Option<NaiveDate>, String> {
        self.cell(column)
            .map(|text| {
                DATE_FORMS
                    .iter()
                    .find_map(|form| NaiveDate::parse_from_str(text, form).ok())
                    .filter(|date| date.year() >= 1000)
                    .ok_or_else(|| format!("{column}: {text:?} is not a date; write 2022-03-04 or 04/03/2022"))
            })
            .transpose()
    }

    fn row(&self) -> Result<Row, String> {
        if let Some(index) = self.1.iter().position(|cell| cell.contains('\n')) {
            let column = self.0.get(index).map_or("a cell", String::as_str);
            return Err(format!(
                "{column} runs over several lines; perhaps a quotation mark is not closed, and the lines after it are \
                 swallowed"
            ));
        }
        let reference: Reference = self
            .cell("reference")
            .ok_or("there is no reference; give one")?
            .parse()
            .map_err(|refusal: crate::case::Refusal| refusal.to_string())?;
        let mut facts = vec![self.request()?];
        let simple = [
            ("clarification_sought", Kind::ClarificationSought),
            ("clarification_received", Kind::ClarificationReceived),
            ("fees_notice", Kind::FeesNotice),
            ("fee_paid", Kind::FeePaid),
            ("review_required", Kind::ReviewRequired),
            ("applied", Kind::Applied),
            ("closed", Kind::Closed),
            ("withdrawn", Kind::Withdrawn),
        ];
        for (column, kind) in simple {
            facts.extend(self.date(column)?.map(|on| Fact::new(kind, on)));
        }
        for (sent, arrived, kind) in [
            ("responded", "response_received", Kind::Responded),
            ("review_outcome", "outcome_received", Kind::ReviewOutcome),
        ] {
            facts.extend(self.sent(sent, arrived, kind)?);
        }
        for (done, stated, kind) in [
            ("extended", "extended_to", Kind::Extended),
            ("decision", "compliance_by", Kind::Decision),
        ] {
            facts.extend(self.stating(done, stated, kind)?);
        }
        if self.cell("court_appeal").is_some() {
            return Err(format!(
                "court_appeal does not say whose it is; leave the cell empty, and record it: timeous record {reference} \
                 court-appeal --on DATE --outcome authority (or applicant)"
            ));
        }
        Ok(Row {
            reference,
            facts,
            due: self.date("due")?,
        })
    }

    fn request(&self) -> Result<Fact, String> {
        let (received, posted) = (self.date("received")?, self.date("posted")?);
        let on = posted
            .or(received)
            .ok_or("there is no date of receipt; fill in received")?;
        let regime = self.cell("regime").map(regime).transpose()?;
        Ok(Fact {
            kind: Kind::Received,
            on,
            details: Details {
                received: received.filter(|_| posted.is_some()),
                posted: posted.is_some(),
                regime,
                officer: self.cell("officer").map(str::to_owned),
                subject: self.cell("subject").map(str::to_owned),
                ..Details::default()
            },
        })
    }

    /// Something done on one day that states another.
    fn stating(&self, done: &str, stated: &str, kind: Kind) -> Result<Option<Fact>, String> {
        match (self.date(done)?, self.date(stated)?) {
            (None, None) => Ok(None),
            (None, Some(_)) => Err(format!(
                "{stated} is filled in but {done} is not; fill in the day on which that was done, for the law asks for it"
            )),
            (Some(on), due) => {
                let mut fact = Fact::new(kind, on);
                fact.details.due = due;
                Ok(Some(fact))
            }
        }
    }

    fn sent(&self, sent: &str, arrived: &str, kind: Kind) -> Result<Option<Fact>, String> {
        match (self.date(sent)?, self.date(arrived)?) {
            (None, None) => Ok(None),
            (None, Some(_)) => Err(format!(
                "{arrived} is filled in but {sent} is not; fill in both or neither"
            )),
            (Some(on), received) => {
                let mut fact = Fact::new(kind, on);
                fact.details.received = received.filter(|received| *received != on);
                Ok(Some(fact))
            }
        }
    }
}

/// Reads a regime as it is typed: `eir` is as good as `eirs`.
///
/// # Errors
/// What could have been typed.
pub fn regime(text: &str) -> Result<Regime, String> {
    let word = text.to_lowercase();
    let word = if word == "eir" { "eirs" } else { word.as_str() };
    word.parse().map_err(|error| format!("regime: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<Line> {
        read(text.as_bytes()).unwrap().lines
    }

    #[test]
    fn columns_come_in_any_order_and_strange_ones_are_named() {
        let sheet = read("\u{feff}Received,Colour,REFERENCE,regime\n04/03/2022,blue,FOI-1,EIR\n".as_bytes()).unwrap();
        assert_eq!(sheet.ignored, ["colour"]);
        let row = sheet.lines[0].1.as_ref().unwrap();
        assert_eq!(row.reference.as_str(), "FOI-1");
        assert_eq!(row.facts[0].on, NaiveDate::from_ymd_opt(2022, 3, 4).unwrap());
        assert_eq!(row.facts[0].details.regime, Some(Regime::Eirs));
    }

    #[test]
    fn a_bad_line_is_told_by_its_number_and_stops_no_other() {
        let told = lines("reference,received\nFOI-1,2022-02-30\n\nFOI-2,2022-03-01\n,2022-03-01\nFOI-3,\n");
        let faults: Vec<_> = told
            .iter()
            .filter_map(|(line, row)| Some((*line, row.as_ref().err()?.as_str())))
            .collect();
        assert_eq!(
            faults,
            [
                (
                    2,
                    "received: \"2022-02-30\" is not a date; write 2022-03-04 or 04/03/2022"
                ),
                (5, "there is no reference; give one"),
                (6, "there is no date of receipt; fill in received"),
            ]
        );
        assert_eq!(told.len(), 4);
    }

    #[test]
    fn a_sheet_without_the_headings_that_are_needed_is_refused_whole() {
        assert!(
            read("a,b\n1,2\n".as_bytes())
                .unwrap_err()
                .to_string()
                .contains("no column \"reference\"")
        );
        assert!(
            read("reference\nx\n".as_bytes())
                .unwrap_err()
                .to_string()
                .contains("no column \"received\"")
        );
        let twice = read("reference,received,Received\n".as_bytes())
            .unwrap_err()
            .to_string();
        assert!(twice.contains("twice"), "{twice}");
    }

    #[test]
    fn lines_are_counted_as_an_editor_does_however_they_end() {
        for end in ["\n", "\r\n"] {
            let sheet = [
                "reference,received",
                "FOI-1,2026-10-01",
                "",
                "FOI-2,bad",
                "FOI-3,10/11/26",
                "",
            ]
            .join(end);
            let told = lines(&sheet);
            let numbers: Vec<_> = told.iter().map(|(line, row)| (*line, row.is_ok())).collect();
            assert_eq!(numbers, [(2, true), (4, false), (5, false)], "{end:?}");
        }
    }

    #[test]
    fn a_quotation_mark_that_is_not_closed_is_named() {
        let told = lines("reference,received\nFOI-1,2026-10-01\nFOI-2,\"2026-10-01\nFOI-3,2026-10-01\n");
        assert_eq!(told[1].0, 3);
        assert!(told[1].1.as_ref().unwrap_err().contains("not closed"));
    }

    #[test]
    fn what_is_no_csv_is_told_by_its_name() {
        for (text, words) in [
            ("reference;received\nFOI-1;2026-10-01\n", "semicolons"),
            ("PK\u{3}\u{4}", "as CSV"),
        ] {
            assert!(read(text.as_bytes()).unwrap_err().to_string().contains(words));
        }
    }

    #[test]
    fn the_arrival_of_an_answer_needs_the_answer() {
        let told = lines("reference,received,response_received\nFOI-1,2022-03-01,2022-03-08\n");
        assert!(told[0].1.as_ref().unwrap_err().contains("responded is not"));
    }
}

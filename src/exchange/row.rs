//! One line of a sheet as facts: what its cells say of a case, or the first thing in them that cannot be.

use chrono::NaiveDate;

use super::grid::{Cell, GridLine};
use super::headings::{COLUMNS, Headings, bare};
use super::month_first::MonthFirst;
use super::{Mapping, Row, columns_of, dates};
use crate::case::{Details, Fact, Kind, Reference, Refusal, Regime};

/// The kinds of entry that a sheet has a column for.
const KINDS: [Kind; 13] = [
    Kind::Acknowledged,
    Kind::ClarificationSought,
    Kind::ClarificationReceived,
    Kind::FeesNotice,
    Kind::FeePaid,
    Kind::ReviewRequired,
    Kind::Applied,
    Kind::Closed,
    Kind::Withdrawn,
    Kind::Responded,
    Kind::ReviewOutcome,
    Kind::Extended,
    Kind::Decision,
];

/// Columns in which "tbc" or "pending" may stand for an empty cell: without what they tell of a clock runs on, and
/// somebody is reminded. In the others the word hides something that did happen, and the line is refused.
const MAY_BE_TO_COME: [&str; 11] = [
    "acknowledged",
    "clarification_sought",
    "fees_notice",
    "extended",
    "responded",
    "response_received",
    "review_outcome",
    "outcome_received",
    "closed",
    "withdrawn",
    "due",
];

/// The cells of a line under the headings that are understood.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    pub(super) headings: &'a Headings,
    pub(super) line: &'a GridLine,
    pub(super) map: &'a Mapping,
    pub(super) from_1904: bool,
    /// What makes the line unfit, whatever it says, by what stands around it.
    pub(super) unfit: Option<&'a str>,
    /// The columns in which nobody knows whether the day comes first.
    pub(super) month_first: &'a MonthFirst,
}

impl<'a> Fields<'a> {
    /// The heading of a column and the cell under it; nothing for an empty cell.
    pub(super) fn cell(&self, column: &str) -> Option<(&'a str, &'a Cell)> {
        let index = COLUMNS.iter().position(|one| *one == column)?;
        let (place, heading) = self.headings.places[index].as_ref()?;
        let cell = self.line.cells.get(*place).filter(|cell| !cell.is_empty())?;
        Some((heading, cell))
    }

    fn words(&self, column: &str) -> Result<Option<String>, String> {
        let Some((heading, cell)) = self.cell(column) else {
            return Ok(None);
        };
        match cell {
            Cell::Fault(fault) => Err(format!(
                "{heading}: the cell shows {fault}; mend its formula, or write it out"
            )),
            _ if column == "reference" && is_reckoned(cell).is_some() => Err(format!(
                "{heading}: {} is {}, into which the spreadsheet program may have turned a reference; make the cell text \
                 and type it again",
                cell.shown(),
                is_reckoned(cell).unwrap_or_default()
            )),
            _ => Ok(Some(cell.shown().split_whitespace().collect::<Vec<_>>().join(" "))),
        }
    }

    /// The day under a column.
    pub(super) fn date(&self, column: &'static str) -> Result<Option<NaiveDate>, String> {
        let Some((heading, cell)) = self.cell(column) else {
            return Ok(None);
        };
        let to_come = |text: &str| dates::says_not_yet(text) && MAY_BE_TO_COME.contains(&column);
        if is_nothing(cell) || matches!(cell, Cell::Text(text) if to_come(text)) {
            return Ok(None);
        }
        let doubt = match cell {
            Cell::Text(text) => self.month_first.doubt(column, text),
            _ => None,
        };
        let day = doubt.map_or_else(|| dates::day(cell, self.from_1904), Err);
        day.map_err(|why| format!("{heading}: {why}"))
    }

    /// What the line says.
    ///
    /// # Errors
    /// The first thing that cannot be taken, and what to do about it.
    pub(super) fn row(&self) -> Result<Row, String> {
        self.but_for(&[])
    }

    fn but_for(&self, without: &[&str]) -> Result<Row, String> {
        if let Some(fault) = self.line.fault.as_deref().or(self.unfit) {
            return Err(fault.to_owned());
        }
        let reference: Reference = self
            .words("reference")?
            .ok_or("there is no reference; give one")?
            .parse()
            .map_err(|refusal: Refusal| refusal.to_string())?;
        let mut facts = vec![self.request()?];
        for kind in KINDS {
            if let Some((column, second)) = columns_of(kind).filter(|(column, _)| !without.contains(column)) {
                facts.extend(self.fact(kind, column, second)?);
            }
        }
        // In the order of events, so that no fact is recorded before the one that it needs.
        facts[1..].sort_by_key(|fact| (fact.on, fact.kind));
        if let Some((heading, _)) = self.cell("court_appeal").filter(|(_, cell)| !is_nothing(cell)) {
            return Err(format!(
                "{heading} does not say whose it is; leave the cell empty, and record it: timeous record {reference} \
                 court-appeal --on DATE --outcome authority (or applicant)"
            ));
        }
        Ok(Row {
            reference,
            facts,
            due: match without.contains(&"due") {
                true => None,
                false => self.date("due")?,
            },
        })
    }

    /// What the line says but for the cells that cannot be understood, or say only half of what is needed, and the columns
    /// of those; only where a clock runs on without them, so that somebody is reminded. Nothing of a line that is wrong
    /// otherwise.
    pub(super) fn in_part(&self) -> Option<(Row, Vec<&'static str>)> {
        let mut without = Vec::new();
        for kind in KINDS {
            if let Some((column, second)) = columns_of(kind)
                && MAY_BE_TO_COME.contains(&column)
                && self.fact(kind, column, second).is_err()
            {
                without.extend([Some(column), second].into_iter().flatten());
            }
        }
        without.extend(Some("due").filter(|due| self.date(due).is_err()));
        let row = self.but_for(&without).ok()?;
        (!without.is_empty()).then_some((row, without))
    }

    fn request(&self) -> Result<Fact, String> {
        let (received, posted) = (self.date("received")?, self.date("posted")?);
        let on = posted
            .or(received)
            .ok_or("there is no date of receipt; fill in received")?;
        Ok(Fact {
            kind: Kind::Received,
            on,
            details: Details {
                received: received.filter(|_| posted.is_some()),
                posted: posted.is_some(),
                regime: self.regime()?,
                officer: self.officer()?,
                subject: self.words("subject")?,
                ..Details::default()
            },
        })
    }

    fn regime(&self) -> Result<Option<Regime>, String> {
        let Some(word) = self.words("regime")?.filter(|word| !dates::says_nothing(word)) else {
            return Ok(None);
        };
        match self.map.regime(&word) {
            Some(regime) => Ok(Some(regime)),
            None => regime(&word).map(Some).map_err(|_| {
                let heading = self.cell("regime").map_or("regime", |(heading, _)| heading);
                let word: String = word.chars().take(60).collect();
                format!(
                    "{heading}: {word:?} is not FOI, EIR or both; write one of them, or say what it stands for in a mapping \
                     file (--map): [regime] {word:?} = \"foisa\""
                )
            }),
        }
    }

    fn officer(&self) -> Result<Option<String>, String> {
        let word = self.words("officer")?.filter(|word| !dates::says_nothing(word));
        Ok(word.and_then(|word| match self.map.officer(&word) {
            Some("") => None,
            Some(id) => Some(id.to_owned()),
            None => Some(word),
        }))
    }

    /// What a column and its second date tell of.
    fn fact(&self, kind: Kind, column: &'static str, second: Option<&'static str>) -> Result<Option<Fact>, String> {
        let on = self.date(column)?;
        let other = match second {
            Some(second) => self.date(second)?,
            None => None,
        };
        let states = matches!(kind, Kind::Extended | Kind::Decision);
        let Some(on) = on else {
            return match (other, second) {
                (Some(_), Some(second)) if states => Err(format!(
                    "{second} is filled in but {column} is not; fill in the day on which that was done, for the law asks for it"
                )),
                (Some(_), Some(second)) => Err(format!(
                    "{second} is filled in but {column} is not; fill in both or neither"
                )),
                _ => Ok(None),
            };
        };
        let mut fact = Fact::new(kind, on);
        match states {
            true => fact.details.due = other,
            false => fact.details.received = other.filter(|received| *received != on),
        }
        Ok(Some(fact))
    }
}

/// Whether a cell says that there is nothing: in words, or by the nought that a formula makes of an empty cell that it
/// points to.
fn is_nothing(cell: &Cell) -> bool {
    match cell {
        Cell::Text(text) => dates::says_nothing(text),
        Cell::Number(number) | Cell::Date(_, number) => *number == 0.0,
        Cell::Empty => true,
        Cell::Fault(_) => false,
    }
}

/// What a cell holds that spreadsheet programs make of words, and nobody uses as a reference: a number keeps fifteen
/// figures, and of `2026.10` no nought.
fn is_reckoned(cell: &Cell) -> Option<&'static str> {
    match cell {
        Cell::Date(..) => Some("a date"),
        Cell::Text(text) if text == "TRUE" || text == "FALSE" => Some("a truth value"),
        Cell::Number(number) if number.fract() != 0.0 => Some("no whole number"),
        Cell::Number(number) if number.abs() >= 1e15 => Some("a number too long to be kept whole"),
        _ => None,
    }
}

/// Reads a regime as people type it: FOI, FOISA, FOI(S)A, EIR, EIRs, both.
///
/// # Errors
/// What could have been typed.
pub fn regime(text: &str) -> Result<Regime, String> {
    match bare(text).as_str() {
        "foi" | "foisa" => Ok(Regime::Foisa),
        "eir" | "eirs" | "eisr" | "eisrs" => Ok(Regime::Eirs),
        "both" | "foieir" | "foisaeir" | "foisaeirs" | "foiandeir" | "foisaandeir" | "foisaandeirs" => Ok(Regime::Both),
        _ => {
            let word = text.to_lowercase();
            word.parse().map_err(|error| format!("regime: {error}"))
        }
    }
}

//! A sheet into the register: each line by itself, and a commit for every thousand.

use chrono::NaiveDate;

use super::record::{Clerk, record};
use super::{Error, Result, Rules};
use crate::case::{Entry, Fact, Kind};
use crate::exchange::{Line, Row};
use crate::statute::{self, Step};
use crate::store::{Store, Write};

/// How many lines share a commit.
const BATCH: usize = 1_000;

/// A due date in the sheet that is not the law's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongDue {
    /// The line.
    pub line: u64,
    /// The case.
    pub reference: String,
    /// The day the sheet says.
    pub sheet: NaiveDate,
    /// The day the law says.
    pub law: NaiveDate,
    /// The provision.
    pub provision: &'static str,
    /// Holidays between the start of the clock and the law's day, which the sheet may have missed.
    pub left_out: Vec<(NaiveDate, String)>,
}

/// What an import came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Lines that were new.
    pub new: usize,
    /// Lines of known cases that added something.
    pub added: usize,
    /// Lines that said nothing new.
    pub unchanged: usize,
    /// Lines that were refused, and why.
    pub refused: Vec<(u64, String)>,
    /// Due dates that are not the law's.
    pub wrong_due: Vec<WrongDue>,
}

impl Report {
    fn add(&mut self, more: Self) {
        self.new += more.new;
        self.added += more.added;
        self.unchanged += more.unchanged;
        self.refused.extend(more.refused);
        self.wrong_due.extend(more.wrong_due);
    }
}

/// Takes the lines of a sheet into the register. What the register already has of a case is passed over, so
/// that the same sheet changes nothing when it comes again. A dry run does the same and keeps nothing.
///
/// `report` tells of every line that is in for good, also where a later one fails.
///
/// # Errors
/// The register's failure; lines committed before it stand.
pub fn import(
    store: &mut impl Store,
    rules: &Rules,
    lines: &[Line],
    clerk: &Clerk,
    dry_run: bool,
    report: &mut Report,
) -> Result<()> {
    for batch in lines.chunks(BATCH) {
        report.add(store.write(|tx| take_batch(tx, rules, batch, clerk, dry_run))?);
    }
    Ok(())
}

fn take_batch(tx: &mut dyn Write, rules: &Rules, batch: &[Line], clerk: &Clerk, dry_run: bool) -> Result<Report> {
    let mut report = Report::default();
    if dry_run {
        tx.begin_part()?;
    }
    for (number, line) in batch {
        match line {
            Ok(row) => take(tx, rules, *number, row, clerk, &mut report)?,
            Err(why) => report.refused.push((*number, why.clone())),
        }
    }
    if dry_run {
        tx.end_part(false)?;
    }
    Ok(report)
}

fn take(tx: &mut dyn Write, rules: &Rules, number: u64, row: &Row, clerk: &Clerk, report: &mut Report) -> Result<()> {
    let known = tx.entries(row.reference.as_str())?;
    tx.begin_part()?;
    match record_new(tx, rules, row, &known, clerk) {
        Ok(recorded) => {
            tx.end_part(true)?;
            match (known.is_empty(), recorded) {
                (true, _) => report.new += 1,
                (false, 0) => report.unchanged += 1,
                (false, _) => report.added += 1,
            }
            report.wrong_due.extend(wrong_due(tx, rules, number, row)?);
            Ok(())
        }
        Err(Error::Refused(refusal)) => {
            tx.end_part(false)?;
            report.refused.push((number, refusal.to_string()));
            Ok(())
        }
        Err(other) => Err(other),
    }
}

/// Records what is not known yet; how many facts that was.
fn record_new(tx: &mut dyn Write, rules: &Rules, row: &Row, known: &[Entry], clerk: &Clerk) -> Result<usize> {
    let fresh: Vec<&Fact> = row.facts.iter().filter(|fact| !is_known(fact, known)).collect();
    for fact in &fresh {
        record(tx, rules, &row.reference, (*fact).clone(), None, clerk)?;
    }
    Ok(fresh.len())
}

/// Whether an entry says the same. Of the request only its day is compared: the officer, say, may have changed
/// since by an entry of another kind.
fn is_known(fact: &Fact, known: &[Entry]) -> bool {
    known.iter().any(|entry| {
        let same_day = entry.fact.kind == fact.kind && entry.fact.on == fact.on;
        same_day && (fact.kind == Kind::Received || entry.fact.details.received == fact.details.received)
    })
}

fn wrong_due(tx: &dyn Write, rules: &Rules, number: u64, row: &Row) -> Result<Option<WrongDue>> {
    let Some(sheet) = row.due else {
        return Ok(None);
    };
    let case = crate::case::Case::fold(&tx.entries(row.reference.as_str())?)?;
    let deadlines = statute::deadlines(&case, &rules.calendar, &rules.authority);
    let response = deadlines.iter().find(|deadline| deadline.key.step == Step::Response);
    Ok(response.and_then(|response| {
        let law = response.due.filter(|law| *law != sheet)?;
        let left_out = response.left_out(&rules.calendar);
        Some(WrongDue {
            line: number,
            reference: row.reference.as_str().to_owned(),
            sheet,
            law,
            provision: response.provision.cite,
            left_out: left_out.into_iter().map(|day| (day.date, day.why)).collect(),
        })
    }))
}

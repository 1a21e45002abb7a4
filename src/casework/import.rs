//! A sheet into the register: each line by itself, and a commit for every thousand.

use chrono::NaiveDate;

use super::compare::{Contradiction, Finding, Heed, compare};
use super::derive::Footing;
use super::record::{Clerk, Recording};
use super::stillness::{self, Stillness};
use super::{Error, Result, Rules};
use crate::calendar::england::England;
use crate::calendar::miscount::{Count, Miscount};
use crate::calendar::period::Unit;
use crate::case::{Case, Entry, Fact, Reference, Refusal};
use crate::clock::london_day;
use crate::exchange::{Line, Row};
use crate::reminders::People;
use crate::statute::{self, Deadline, Step};
use crate::store::{Store, Write};

pub use super::stillness::STILL;

/// How many lines share a commit.
pub(super) const BATCH: usize = 1_000;

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
    /// How many days of the calendar the sheet's is later; less than nought where it is earlier.
    pub days: i64,
    /// The same in working days.
    pub working_days: i64,
    /// The provision.
    pub provision: &'static str,
    /// The usual mistakes that give the sheet's date.
    pub why: Vec<Miscount>,
}

/// A case in which something is to be done, by the sheet, and nothing has happened for long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished {
    /// The line.
    pub line: u64,
    /// The case.
    pub reference: String,
    /// The day of the request.
    pub received: NaiveDate,
    /// The last day that the line names.
    pub last: NaiveDate,
    /// How many working days ago that was.
    pub ago: i64,
    /// What the sheet does not say was done.
    pub open: Step,
    /// The day the file was closed, all the same.
    pub closed: Option<NaiveDate>,
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
    /// Lines that say otherwise than the register, of which nothing was taken.
    pub contradictions: Vec<(u64, Reference, Vec<Contradiction>)>,
    /// Cases that were not taken, since they have long been still.
    pub unfinished: Vec<Unfinished>,
    /// Due dates that are not the law's.
    pub wrong_due: Vec<WrongDue>,
}

impl Report {
    fn add(&mut self, more: Self) {
        self.new += more.new;
        self.added += more.added;
        self.unchanged += more.unchanged;
        self.refused.extend(more.refused);
        self.contradictions.extend(more.contradictions);
        self.unfinished.extend(more.unfinished);
        self.wrong_due.extend(more.wrong_due);
    }
}

/// How a sheet is to be taken.
#[derive(Default)]
pub struct How<'a> {
    /// Do the same and keep nothing.
    pub dry_run: bool,
    /// Cases that somebody says are open although they have long been still.
    pub confirmed: &'a [Reference],
    /// Is told how many lines are done, after each batch.
    pub progress: Option<&'a dyn Fn(usize)>,
}

/// What every line is taken with.
struct Taking<'a> {
    rules: &'a Rules,
    clerk: &'a Clerk,
    how: &'a How<'a>,
    england: England,
}

/// Takes the lines of a sheet into the register. What the register already has of a case is passed over, so
/// that the same sheet changes nothing when it comes again; what says otherwise than the register is told, and nothing
/// of its line is taken. A new case in which something is still to be done by the sheet, and nothing has happened for
/// more than [`STILL`] working days, is not taken unless somebody confirms it, so that nobody is mailed about an
/// answer that was only never filled in. A dry run does the same and keeps nothing.
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
    how: &How<'_>,
    report: &mut Report,
) -> Result<()> {
    let taking = Taking {
        rules,
        clerk,
        how,
        england: England::by_rule(),
    };
    let mut done = 0;
    for batch in lines.chunks(BATCH) {
        report.add(store.write(|tx| taking.batch(tx, batch))?);
        done += batch.len();
        if let Some(progress) = how.progress {
            progress(done);
        }
    }
    Ok(())
}

impl Taking<'_> {
    fn batch(&self, tx: &mut dyn Write, batch: &[Line]) -> Result<Report> {
        let mut report = Report::default();
        if self.how.dry_run {
            tx.begin_part()?;
        }
        let mut footing = None;
        for (number, line) in batch {
            match line {
                Ok(row) => self.line(tx, &mut footing, *number, row, &mut report)?,
                Err(why) => report.refused.push((*number, why.clone())),
            }
        }
        if self.how.dry_run {
            tx.end_part(false)?;
        }
        Ok(report)
    }

    fn line(
        &self,
        tx: &mut dyn Write,
        footing: &mut Option<Footing>,
        number: u64,
        row: &Row,
        report: &mut Report,
    ) -> Result<()> {
        let known = tx.entries(row.reference.as_str())?;
        let findings = match compare(row, &known, &Heed::NOTHING_ELSE) {
            Ok(findings) => findings,
            Err(refusal) => {
                let why = format!("{}: {refusal}", row.reference);
                report.refused.push((number, why));
                return Ok(());
            }
        };
        let contradictions: Vec<_> = findings.iter().filter_map(Finding::contradiction).collect();
        if !contradictions.is_empty() {
            report
                .contradictions
                .push((number, row.reference.clone(), contradictions));
            return Ok(());
        }
        let fresh: Vec<Fact> = findings.into_iter().filter_map(Finding::into_new).collect();
        let fresh = match (fresh.is_empty(), &mut *footing) {
            (true, _) => None,
            (false, Some(footing)) => Some((&*footing, fresh)),
            // Outside the line's own part, which may be undone.
            (false, none) => Some((&*none.insert(Footing::take(tx, self.rules)?), fresh)),
        };
        tx.begin_part()?;
        let is_new = known.is_empty();
        let taken = self.record(tx, (number, row), known, fresh);
        let taken = match taken {
            Ok(taken) => taken,
            Err(Error::Refused(refusal)) => {
                tx.end_part(false)?;
                report.refused.push((number, refusal.to_string()));
                return Ok(());
            }
            Err(other) => return Err(other),
        };
        tx.end_part(taken.unfinished.is_none())?;
        match (taken.unfinished, is_new, taken.entries) {
            (Some(unfinished), ..) => report.unfinished.push(unfinished),
            (None, true, _) => report.new += 1,
            (None, false, 0) => report.unchanged += 1,
            (None, false, _) => report.added += 1,
        }
        report.wrong_due.extend(taken.wrong_due);
        Ok(())
    }

    /// Records what is not known yet, if anything is, and looks at what that makes of the case.
    fn record(
        &self,
        tx: &mut dyn Write,
        (number, row): (u64, &Row),
        known: Vec<Entry>,
        fresh: Option<(&Footing, Vec<Fact>)>,
    ) -> Result<Taken> {
        let entries = fresh.as_ref().map_or(0, |(_, fresh)| fresh.len());
        let doubted = known.is_empty() && !self.how.confirmed.contains(&row.reference);
        let (case, deadlines) = if let Some((footing, fresh)) = fresh {
            let mut recording = Recording::begin(tx, self.rules, footing, &row.reference, known, self.clerk)?;
            for mut fact in fresh {
                if let Some(word) = &fact.details.officer {
                    fact.details.officer = Some(officer(&self.rules.people, word)?);
                }
                recording.add(fact, None)?;
            }
            let recorded = recording.finish(tx)?;
            (recorded.case, recorded.deadlines)
        } else {
            let case = Case::fold(&known)?;
            let deadlines = statute::deadlines(&case, &self.rules.calendar, &self.rules.authority);
            (case, deadlines)
        };
        Ok(Taken {
            entries,
            unfinished: doubted
                .then(|| self.unfinished(number, row, &case, &deadlines))
                .flatten(),
            wrong_due: self.wrong_due(number, row, &case, &deadlines),
        })
    }

    fn unfinished(&self, line: u64, row: &Row, case: &Case, deadlines: &[Deadline]) -> Option<Unfinished> {
        let today = london_day(self.clerk.now);
        let Stillness { last, ago, open } = stillness::of(row, deadlines, &self.rules.calendar, today)?;
        Some(Unfinished {
            line,
            reference: row.reference.as_str().to_owned(),
            received: case.received.on,
            last,
            ago,
            open,
            closed: case.closed,
        })
    }

    fn wrong_due(&self, line: u64, row: &Row, case: &Case, deadlines: &[Deadline]) -> Option<WrongDue> {
        let sheet = row.due?;
        let response = deadlines.iter().find(|deadline| deadline.key.step == Step::Response)?;
        let law = response.due.filter(|law| *law != sheet)?;
        let calendar = &self.rules.calendar;
        Some(WrongDue {
            line,
            reference: row.reference.as_str().to_owned(),
            sheet,
            law,
            days: (sheet - law).num_days(),
            working_days: calendar.working_days_between(law, sheet),
            provision: response.provision.cite,
            why: self.mistakes(sheet, case, response),
        })
    }

    fn mistakes(&self, sheet: NaiveDate, case: &Case, response: &Deadline) -> Vec<Miscount> {
        if response.period.unit != Unit::WorkingDays {
            return Vec::new();
        }
        let received = [Some(case.received.on), case.received.arrived];
        let others: Vec<NaiveDate> = received.into_iter().flatten().collect();
        let count = Count {
            calendar: &self.rules.calendar,
            england: &self.england,
            closed: &|day| self.rules.closures.contains(day),
            after: response.from.on,
            count: response.period.count,
            others: &others,
        };
        count.mistakes(sheet)
    }
}

/// What became of a line.
struct Taken {
    entries: usize,
    unfinished: Option<Unfinished>,
    wrong_due: Option<WrongDue>,
}

/// The id of the officer whom a sheet names by id, name or address.
fn officer(people: &People, word: &str) -> Result<String> {
    let map = "say who is meant in a mapping file (--map): [officers]";
    let refusal = match people.called(word).as_slice() {
        [one] => return Ok(one.id.clone()),
        [] => {
            let known: Vec<_> = people
                .officers
                .iter()
                .map(|one| format!("{} ({})", one.name, one.id))
                .collect();
            let known = match known.is_empty() {
                true => "there are none".to_owned(),
                false => format!("there are {}", known.join(", ")),
            };
            format!(
                "officer {word:?} is not in the configuration ({known}); add them under people.officers, or {map} {word:?} = \
                 \"id\", or \"\" for nobody"
            )
        }
        [one, other, ..] => format!(
            "officer {word:?} could be {} or {}; write one of them, or {map} {word:?} = \"{}\"",
            one.id, other.id, one.id
        ),
    };
    Err(Refusal::new(refusal).into())
}

//! A sheet into the register: each line by itself, and a commit for every thousand.

mod known;

use chrono::NaiveDate;

use super::record::{Clerk, record};
use super::{Error, Result, Rules};
use crate::calendar::england::England;
use crate::calendar::miscount::{Count, Miscount};
use crate::calendar::period::Unit;
use crate::case::{Case, Entry, Fact, Reference, Refusal};
use crate::clock::london_day;
use crate::exchange::{Line, Row};
use crate::reminders::People;
use crate::statute::{self, Actor, Deadline, Nature, State, Step};
use crate::store::{Store, Write};
use known::{Finding, compare};

pub use known::{Contradiction, Said};

/// How many lines share a commit.
const BATCH: usize = 1_000;

/// How many working days a case may lie still before it is doubted that it is open.
pub const STILL: i64 = 60;

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
        for (number, line) in batch {
            match line {
                Ok(row) => self.line(tx, *number, row, &mut report)?,
                Err(why) => report.refused.push((*number, why.clone())),
            }
        }
        if self.how.dry_run {
            tx.end_part(false)?;
        }
        Ok(report)
    }

    fn line(&self, tx: &mut dyn Write, number: u64, row: &Row, report: &mut Report) -> Result<()> {
        let known = tx.entries(row.reference.as_str())?;
        let mut fresh = Vec::new();
        let mut contradictions = Vec::new();
        for finding in compare(row, &known) {
            match finding {
                Finding::Same => {}
                Finding::New(fact) => fresh.push(fact),
                Finding::Differs(contradiction) => contradictions.push(contradiction),
            }
        }
        if !contradictions.is_empty() {
            report
                .contradictions
                .push((number, row.reference.clone(), contradictions));
            return Ok(());
        }
        tx.begin_part()?;
        let taken = self.record(tx, number, row, &known, fresh);
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
        match (taken.unfinished, known.is_empty(), taken.entries) {
            (Some(unfinished), ..) => report.unfinished.push(unfinished),
            (None, true, _) => report.new += 1,
            (None, false, 0) => report.unchanged += 1,
            (None, false, _) => report.added += 1,
        }
        report.wrong_due.extend(taken.wrong_due);
        Ok(())
    }

    /// Records what is not known yet, and looks at what that makes of the case.
    fn record(&self, tx: &mut dyn Write, number: u64, row: &Row, known: &[Entry], fresh: Vec<Fact>) -> Result<Taken> {
        let entries = fresh.len();
        let mut recorded = None;
        for mut fact in fresh {
            if let Some(word) = &fact.details.officer {
                fact.details.officer = Some(officer(&self.rules.people, word)?);
            }
            recorded = Some(record(tx, self.rules, &row.reference, fact, None, self.clerk)?);
        }
        let (case, deadlines) = match recorded {
            Some(recorded) => (recorded.case, recorded.deadlines),
            None => {
                let case = Case::fold(known)?;
                let deadlines = statute::deadlines(&case, &self.rules.calendar, &self.rules.authority);
                (case, deadlines)
            }
        };
        let doubted = known.is_empty() && !self.how.confirmed.contains(&row.reference);
        Ok(Taken {
            entries,
            unfinished: doubted
                .then(|| self.unfinished(number, row, &case, &deadlines))
                .flatten(),
            wrong_due: self.wrong_due(number, row, &case, &deadlines),
        })
    }

    /// Whether something is to be done in a case, by the sheet, and nothing has happened in it for long.
    fn unfinished(&self, line: u64, row: &Row, case: &Case, deadlines: &[Deadline]) -> Option<Unfinished> {
        let for_officers = |deadline: &&Deadline| {
            let asked = matches!(deadline.nature, Nature::Duty | Nature::Policy);
            deadline.key.actor == Actor::Authority && asked && deadline.state.is_open()
        };
        // Where the time to answer stands still, what it waits for says more.
        let open = deadlines.iter().filter(for_officers);
        let open = open.min_by_key(|deadline| deadline.state == State::Suspended)?;
        let days = row.facts.iter().flat_map(|fact| {
            let details = &fact.details;
            [Some(fact.on), details.received, details.due]
        });
        let last = days.flatten().max()?;
        let today = london_day(self.clerk.now);
        let ago = self.rules.calendar.working_days_between(last, today);
        (ago > STILL).then(|| Unfinished {
            line,
            reference: row.reference.as_str().to_owned(),
            received: case.received.on,
            last,
            ago,
            open: open.key.step,
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
pub(super) fn officer(people: &People, word: &str) -> Result<String> {
    let bare = |text: &str| -> String {
        let letters = text.chars().filter(|c| c.is_alphanumeric() || *c == '@');
        letters.flat_map(char::to_lowercase).collect()
    };
    let wanted = bare(word);
    let named: Vec<_> = people
        .officers
        .iter()
        .filter(|one| {
            one.id == word
                || [&one.id, &one.name, &one.email]
                    .into_iter()
                    .any(|name| bare(name) == wanted)
        })
        .collect();
    let exact = named.iter().find(|one| one.id == word);
    let map = "say who is meant in a mapping file (--map): [officers]";
    let refusal = match (exact, named.as_slice()) {
        (Some(one), _) | (None, [one]) => return Ok(one.id.clone()),
        (None, []) => {
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
        (None, [one, other, ..]) => format!(
            "officer {word:?} could be {} or {}; write one of them, or {map} {word:?} = \"{}\"",
            one.id, other.id, one.id
        ),
    };
    Err(Refusal::new(refusal).into())
}

//! Is the register what this program wrote? The chain of entries, the engine's own checks, and everything that
//! follows from the entries reckoned again and held against what is stored.
//!
//! The chain shows every change to an entry but one: somebody who reckons all its later links anew leaves a whole
//! one. Only a head that was noted elsewhere shows that.

mod links;
mod stored;

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};

use super::derive::rests_on;
use super::reconcile::clock_was_ahead;
use super::{Result, Rules};
use crate::calendar::agree::{self, Finding as CalendarFinding};
use crate::case::{Case, Entry, Refusal};
use crate::clock::london_day;
use crate::store::{self, Read, Store};
use crate::wording::{holidays, plural};
use links::follow;
use stored::{compare_case, compare_deadlines, named};

/// How many cases are read at a time.
const PAGE: u32 = 1_000;

/// How many findings are told one by one; a register that has more is not mended by reading them.
const AT_MOST: usize = 200;

/// What to do about an entry.
const RESTORE: &str = "keep this file as evidence, and restore the last backup that verifies";

/// A place in the chain with its hash, as it was noted elsewhere: `POSITION:HASH`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// How many entries there were.
    pub position: u32,
    /// The last link's hash.
    pub hash: String,
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.position, self.hash)
    }
}

impl FromStr for Head {
    type Err = Refusal;

    fn from_str(text: &str) -> std::result::Result<Self, Refusal> {
        let wrong = || Refusal::new("write a head as `timeous verify` prints it, POSITION:HASH with 64 digits");
        let (position, hash) = text.trim().split_once(':').ok_or_else(wrong)?;
        let digits = hash.len() == 64 && hash.chars().all(|c| c.is_ascii_hexdigit());
        match (position.parse(), digits) {
            (Ok(position), true) => Ok(Self {
                position,
                hash: hash.to_ascii_lowercase(),
            }),
            _ => Err(wrong()),
        }
    }
}

/// Something that is not as this program left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Where.
    pub place: String,
    /// What.
    pub what: String,
    /// What to do about it.
    pub remedy: String,
    /// Whether the file itself is not as this program left it. Otherwise it is as it was left, and something in it
    /// is for somebody to settle: a case that cannot be understood, a bank holiday that nobody explains.
    pub broken: bool,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.place, self.what, self.remedy)
    }
}

/// What looking at the whole register came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// How many entries there are, the register's own among them.
    pub entries: u32,
    /// How many of them have had their words purged.
    pub purged: u32,
    /// How many cases.
    pub cases: u32,
    /// How many cases were at rest before everything was last derived again; their dates are as they were then.
    pub at_rest: u32,
    /// The head to note elsewhere.
    pub head: Head,
    /// Why stored dates were not held against what the entries give, if they were not.
    pub not_compared: Option<String>,
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// How many more things are wrong than are told.
    pub more: usize,
    /// Whether any of them is that the file is not as this program left it.
    broken: bool,
}

impl Verdict {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_well(&self) -> bool {
        self.findings.is_empty()
    }

    /// Whether the file is as this program left it, whatever is to be settled in it.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        !self.broken
    }

    /// Something is not as this program left it.
    fn find(&mut self, place: impl Into<String>, what: impl Into<String>, remedy: impl Into<String>) {
        self.broken = true;
        self.keep(place.into(), what.into(), remedy.into(), true);
    }

    /// Something is as it was left, and for somebody to settle.
    fn look(&mut self, place: impl Into<String>, what: impl Into<String>, remedy: impl Into<String>) {
        self.keep(place.into(), what.into(), remedy.into(), false);
    }

    fn keep(&mut self, place: String, what: String, remedy: String, broken: bool) {
        if self.findings.len() == AT_MOST {
            self.more += 1;
            return;
        }
        self.findings.push(Finding {
            place,
            what,
            remedy,
            broken,
        });
    }

    /// What was read, or a finding where what is stored cannot be understood.
    fn readable<T>(&mut self, place: &str, read: store::Result<T>) -> Result<Option<T>> {
        match read {
            Ok(read) => Ok(Some(read)),
            Err(store::Error::Damaged(why)) => {
                self.find(place, format!("cannot be read: {why}"), RESTORE);
                Ok(None)
            }
            Err(other) => Err(other.into()),
        }
    }
}

/// Looks at the whole register in one snapshot, and holds it against a head noted elsewhere.
///
/// # Errors
/// The register's failure; what is wrong in it is the verdict's to tell.
pub fn verify(store: &impl Store, rules: &Rules, noted: Option<&Head>, now: DateTime<Utc>) -> Result<Verdict> {
    store.read(|snapshot| {
        let about = snapshot.about()?;
        let mut verdict = Verdict {
            entries: 0,
            purged: 0,
            cases: 0,
            at_rest: 0,
            head: Head {
                position: about.position,
                hash: about.head.clone(),
            },
            not_compared: None,
            findings: Vec::new(),
            more: 0,
            broken: false,
        };
        let integrity = snapshot.integrity();
        for what in verdict.readable("the file", integrity)?.unwrap_or_default() {
            verdict.find("the file", what, RESTORE);
        }
        follow(snapshot, &mut verdict, noted)?;
        calendar(snapshot, &mut verdict, rules)?;
        let adopted = snapshot.adopted();
        let adopted = verdict.readable("the calendars adopted into the register", adopted)?;
        let same_days = adopted.is_some_and(|adopted| adopted.days == rules.sources.adopted);
        let comparable = about.calendar.is_empty() || (same_days && rests_on(&about, rules));
        let rounds = verdict.readable("the last rounds", clock_was_ahead(snapshot, now))?;
        let why = match () {
            () if !comparable => Some(
                "the register rests on another calendar, law or settings than these, so stored dates were not held \
                 against the entries; reload the service, or give its configuration, and run this again",
            ),
            // The next round plans every morning anew.
            () if rounds == Some(true) => Some(
                "the clock was ahead at the service's last round, so stored dates were not held against the entries; \
                 run this again after its next round",
            ),
            () => None,
        };
        verdict.not_compared = why.map(str::to_owned);
        cases(snapshot, &mut verdict, rules, now)?;
        rest(snapshot, &mut verdict)?;
        Ok(verdict)
    })
}

/// The calendar in force: each day of it explained, and kept as it is.
fn calendar(snapshot: &dyn Read, verdict: &mut Verdict, rules: &Rules) -> Result<()> {
    // How far ahead it reaches is a matter for `status`: that is no fault of the register.
    let agreement = agree::in_force(&rules.calendar, rules.calendar.announced_through());
    for finding in agreement.findings {
        if !matches!(finding, CalendarFinding::Horizon { .. }) {
            let remedy = "timeous holidays check says more";
            verdict.look("the calendar", holidays::finding(&finding), remedy);
        }
    }
    let kept = snapshot.calendar(rules.calendar.version());
    let Some(Some(kept)) = verdict.readable("the calendars the register keeps", kept)? else {
        return Ok(());
    };
    let days = kept.days.iter().map(|day| day.date);
    let same = days.eq(rules.calendar.announced().map(|day| day.date))
        && kept.announced_through == rules.calendar.announced_through();
    if !same {
        let place = format!("the calendar {}", rules.calendar.short_version());
        verdict.find(place, "the days kept of it are not the days it has", RESTORE);
    }
    Ok(())
}

/// Every case: its entries fold, and what is stored of it follows from them.
fn cases(snapshot: &dyn Read, verdict: &mut Verdict, rules: &Rules, now: DateTime<Utc>) -> Result<()> {
    let rederivations = snapshot.rederivations(1);
    let rederivations = verdict.readable("what was derived again", rederivations)?;
    let last = rederivations.and_then(|all| all.into_iter().map(|one| one.at).next());
    let mut after = String::new();
    loop {
        let page = snapshot.references(&after, PAGE)?;
        let Some(end) = page.last() else { return Ok(()) };
        after.clone_from(end);
        for reference in &page {
            one_case(snapshot, verdict, rules, reference, (last, now))?;
        }
    }
}

fn one_case(
    snapshot: &dyn Read,
    verdict: &mut Verdict,
    rules: &Rules,
    reference: &str,
    (last, now): (Option<DateTime<Utc>>, DateTime<Utc>),
) -> Result<()> {
    let entries = snapshot.entries(reference);
    let stored = snapshot.case(reference);
    let rows = snapshot.deadlines(reference);
    let told = snapshot.story(reference);
    let told = verdict.readable(&format!("{reference}, what was told of it"), told)?;
    let (Some(entries), Some(stored), Some(rows)) = (
        verdict.readable(reference, entries)?,
        verdict.readable(reference, stored)?,
        verdict.readable(reference, rows)?,
    ) else {
        verdict.cases += 1;
        return Ok(());
    };
    for row in &rows {
        let former = snapshot.former(row.id);
        verdict.readable(&format!("{}, what it was", named(row)), former)?;
    }
    if entries.is_empty() {
        let what = match rows.len() {
            0 => "it is listed as a case, and no entry tells of it".to_owned(),
            n => format!("{} stored, and no entry tells of the case", plural_of(n, "deadline")),
        };
        verdict.find(reference, what, RESTORE);
        return Ok(());
    }
    verdict.cases += 1;
    if entries.iter().map(|entry| entry.seq).ne(1..=length(&entries)) {
        verdict.find(reference, "its entries are not numbered from 1 without a gap", RESTORE);
    }
    let case = match Case::fold(&entries) {
        Ok(case) => case,
        Err(refusal) => {
            // The chain says whether they were tampered with; an earlier version may have taken what this one does not.
            let what = format!("its entries cannot all have happened: {refusal}");
            verdict.look(reference, what, "record a correction of the entry that is wrong");
            return Ok(());
        }
    };
    compare_case(verdict, &case, &entries, stored);
    // What is planned next hangs on what was told.
    if verdict.not_compared.is_none() && told.is_some() {
        // By which of two clocks an entry came first nobody can say.
        let rested = last.is_some();
        compare_deadlines(snapshot, verdict, rules, (&case, rested), &rows, london_day(now))?;
    }
    Ok(())
}

fn length(entries: &[Entry]) -> u32 {
    u32::try_from(entries.len()).unwrap_or(u32::MAX)
}

fn plural_of(count: usize, noun: &str) -> String {
    plural(i64::try_from(count).unwrap_or(i64::MAX), noun)
}

/// What hangs on no entry can at least be read.
fn rest(snapshot: &dyn Read, verdict: &mut Verdict) -> Result<()> {
    let rounds = snapshot.rounds();
    verdict.readable("the rounds of the service", rounds)?;
    let notices = snapshot.open_notices();
    verdict.readable("the notices", notices)?;
    let outbox = snapshot.outbox();
    verdict.readable("the outbox", outbox)?;
    Ok(())
}

//! The rows of the sheet: which of them to look at, whether they look like a slip, and what each comes to.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::super::compare::{Finding, compare};
use super::super::record::{Clerk, record};
use super::super::{Error, Result, Rules};
use super::{EXAMPLES, FEWEST, REARRANGED, Reading, SHARE, SheetRow, SheetState, hash};
use crate::case::{Case, Details, Entry, Fact, Kind, Refusal};
use crate::clock::london_day;
use crate::exchange::Row;
use crate::reminders::notice::SheetOddity;
use crate::statute::{self, Actor, Nature, Step};
use crate::store::{Read, Write};
use crate::wording::sheet as words;

/// A request that is unanswered for longer than this, in working days, is rather one whose answer nobody wrote down.
const LONG_UNANSWERED: i64 = 60;

/// More rows of finished cases than this, gone at once, are told as one thing.
const FEW_GONE: usize = 3;

/// Something amiss, under the name by which it is remembered.
#[derive(Debug, Clone)]
pub(super) struct Odd {
    pub(super) name: String,
    line: u64,
    reference: Option<String>,
    said: String,
    /// A finished case whose row is gone: nothing needs doing.
    done: bool,
}

impl Odd {
    /// A row that is gone has no line, and stands last.
    fn new(name: String, line: Option<u64>, reference: &str, said: String) -> Self {
        Self {
            name,
            line: line.unwrap_or(u64::MAX),
            reference: Some(reference.to_owned()),
            said,
            done: false,
        }
    }

    pub(super) fn rearranged() -> Self {
        Self {
            name: REARRANGED.to_owned(),
            line: 0,
            reference: None,
            said: String::new(),
            done: false,
        }
    }
}

/// What is amiss, as its owner is told of it.
pub(super) fn worded(odd: Vec<Odd>) -> Vec<SheetOddity> {
    let (done, others): (Vec<Odd>, Vec<Odd>) = odd.into_iter().partition(|one| one.done);
    let (together, apart) = match done.len() > FEW_GONE {
        true => (done, Vec::new()),
        false => (Vec::new(), done),
    };
    let mut each: Vec<Odd> = others.into_iter().chain(apart).collect();
    each.sort_by_key(|one| one.line);
    let each = each.into_iter().map(|one| SheetOddity {
        names: vec![one.name],
        reference: one.reference,
        said: one.said,
    });
    let mut all: Vec<SheetOddity> = each.collect();
    if !together.is_empty() {
        let references: Vec<String> = together.iter().filter_map(|one| one.reference.clone()).collect();
        all.push(SheetOddity {
            names: together.into_iter().map(|one| one.name).collect(),
            reference: None,
            said: words::gone_and_done(&references),
        });
    }
    all
}

/// A row that is to be looked at.
#[derive(Debug, Clone)]
pub(super) struct Planned {
    line: u64,
    row: Row,
    hash: String,
}

/// What a reading asks for, before anything is done.
#[derive(Debug, Clone, Default)]
pub(super) struct Plan {
    /// Where the chain is.
    pub(super) position: u32,
    /// The rows to look at.
    pub(super) rows: Vec<Planned>,
    /// What is amiss already: rows that cannot be understood, that stand twice, that are gone.
    pub(super) odd: Vec<Odd>,
    /// How many rows are known.
    pub(super) known: usize,
    /// How many of them say otherwise than before, or are gone while something is owed.
    pub(super) suspicious: usize,
    shown: Vec<(String, String)>,
    /// The cases about which something was recorded since the last reading.
    touched: BTreeSet<String>,
}

impl Plan {
    pub(super) fn make(snapshot: &dyn Read, rules: &Rules, reading: &Reading, state: &SheetState) -> Result<Self> {
        let known: BTreeMap<String, SheetRow> = snapshot
            .sheet_rows()?
            .into_iter()
            .map(|row| (row.reference.clone(), row))
            .collect();
        let touched: BTreeSet<String> = snapshot.changed_since(state.position)?.into_iter().collect();
        let mut plan = Self {
            position: snapshot.about()?.position,
            ..Self::default()
        };
        let noticed: BTreeSet<String> = snapshot.sheet_oddities()?.into_iter().map(|one| one.name).collect();
        plan.faults(reading);
        let mut stands: BTreeSet<String> = reading.faults.iter().filter_map(|one| one.reference.clone()).collect();
        let mut handed_on = Vec::new();
        let mut in_register = known.len();
        for (reference, lines) in &reading.twice {
            stands.insert(reference.clone());
            let name = format!("twice/{reference}");
            let said = words::twice(lines);
            plan.odd.push(Odd::new(name, lines.first().copied(), reference, said));
        }
        for (line, row) in &reading.rows {
            let reference = row.reference.to_string();
            stands.insert(reference.clone());
            let hash = hash(row);
            let before = known.get(&reference);
            let is_new = before.is_none_or(|before| before.hash != hash);
            if !is_new && !before.is_some_and(|before| before.held) && !touched.contains(&reference) {
                continue;
            }
            if is_new {
                in_register += usize::from(before.is_none() && snapshot.case(&reference)?.is_some());
                plan.suspect(snapshot, rules, reading, (row, before), &mut handed_on)?;
            }
            plan.rows.push(Planned {
                line: *line,
                row: row.clone(),
                hash,
            });
        }
        plan.suspect_handing_on(&handed_on);
        for reference in known.keys().filter(|reference| !stands.contains(*reference)) {
            plan.gone(snapshot, reference, &noticed)?;
        }
        plan.known = in_register;
        plan.touched = touched;
        Ok(plan)
    }

    fn faults(&mut self, reading: &Reading) {
        let mut told: BTreeMap<String, usize> = BTreeMap::new();
        for fault in &reading.faults {
            let name = format!(
                "fault/{}/{}",
                fault.reference.as_deref().unwrap_or_default(),
                hash(&fault.why)
            );
            let again = told.entry(name.clone()).or_default();
            *again += 1;
            self.odd.push(Odd {
                name: format!("{name}/{again}"),
                line: fault.line,
                reference: fault.reference.clone(),
                said: words::fault(fault.line, &fault.why),
                done: false,
            });
        }
    }

    /// Counts a row that says otherwise than before.
    fn suspect(
        &mut self,
        snapshot: &dyn Read,
        rules: &Rules,
        reading: &Reading,
        (row, before): (&Row, Option<&SheetRow>),
        handed_on: &mut Vec<(String, String, String)>,
    ) -> Result<()> {
        let reference = row.reference.as_str();
        let findings = findings(snapshot, reading, row)?.unwrap_or_default();
        let said = findings.iter().find_map(|finding| match finding {
            Finding::New(_) => None,
            Finding::Changed { was, fact, .. } => Some(words::was_and_is(Some(was), Some(fact))),
            Finding::Emptied { was, .. } => Some(words::was_and_is(Some(was), None)),
            Finding::Differs { register, sheet, .. } => Some(words::was_and_is(register.as_ref(), Some(sheet))),
        });
        if let Some(said) = said {
            self.suspicious += 1;
            self.show(reference, said);
        } else if let Some(from) = before.and_then(|before| before.officer.clone())
            && let Some(Ok(to)) = officer(rules, row)
            && from != to
        {
            handed_on.push((reference.to_owned(), from, to));
        }
        Ok(())
    }

    /// Cases that many officers hand on at once are rather a column that was sorted; those of one who leaves are not.
    fn suspect_handing_on(&mut self, handed_on: &[(String, String, String)]) {
        let from: BTreeSet<&str> = handed_on.iter().map(|(_, from, _)| from.as_str()).collect();
        if from.len() > 1 {
            self.suspicious += handed_on.len();
            for (reference, from, to) in handed_on {
                self.show(reference, format!("{from} -> {to}"));
            }
        }
    }

    /// A row that is gone speaks for a slip only at the reading that finds it gone.
    fn gone(&mut self, snapshot: &dyn Read, reference: &str, noticed: &BTreeSet<String>) -> Result<()> {
        let owed = snapshot
            .deadlines(reference)?
            .iter()
            .any(|row| row.state.is_open() && row.key.actor == Actor::Authority && row.nature == Nature::Duty);
        let name = format!("gone/{reference}");
        if owed {
            if !noticed.contains(&name) {
                self.suspicious += 1;
                self.show(reference, words::was_and_is(None, None));
            }
            self.odd.push(Odd::new(name, None, reference, words::gone()));
        } else {
            let said = words::gone_and_done(&[reference.to_owned()]);
            self.odd.push(Odd {
                done: true,
                ..Odd::new(name, None, reference, said)
            });
        }
        Ok(())
    }

    fn show(&mut self, reference: &str, said: String) {
        if self.shown.len() < EXAMPLES {
            self.shown.push((reference.to_owned(), said));
        }
    }

    /// The cases that somebody touched and whose rows are not looked at this time, so that they are the next time.
    pub(super) fn unlooked(&self, rearranged: bool) -> impl Iterator<Item = &str> {
        let looked: BTreeSet<&str> = match rearranged {
            true => BTreeSet::new(),
            false => self.rows.iter().map(|one| one.row.reference.as_str()).collect(),
        };
        let touched = self.touched.iter().map(String::as_str);
        touched.filter(move |reference| !looked.contains(reference))
    }

    pub(super) fn is_rearranged(&self) -> bool {
        self.suspicious >= FEWEST && self.suspicious * SHARE > self.known
    }

    pub(super) fn examples(&self) -> Vec<SheetOddity> {
        let example = |(reference, said): &(String, String)| SheetOddity {
            names: vec![REARRANGED.to_owned()],
            reference: Some(reference.clone()),
            said: said.clone(),
        };
        self.shown.iter().map(example).collect()
    }
}

/// What a row says beyond the register, which may not be able to make sense of the case.
fn findings(snapshot: &dyn Read, reading: &Reading, row: &Row) -> Result<std::result::Result<Vec<Finding>, Refusal>> {
    let reference = row.reference.as_str();
    let entries = snapshot.entries(reference)?;
    let purged = snapshot.emptied(reference)? > 0;
    let has = |column: &str| reading.columns.contains(&column);
    Ok(compare(row, &entries, &has, purged))
}

/// Who a row says has the case: an officer by id, name or mailbox; the text itself where it names nobody.
fn officer(rules: &Rules, row: &Row) -> Option<std::result::Result<String, String>> {
    let given = row.facts.iter().find_map(|fact| fact.details.officer.as_deref())?;
    let is = |text: &str| text.trim().eq_ignore_ascii_case(given.trim());
    let officers = &rules.people.officers;
    let found = officers
        .iter()
        .find(|one| is(&one.id) || is(&one.name) || is(&one.email));
    Some(found.map(|one| one.id.clone()).ok_or_else(|| given.to_owned()))
}

/// Takes rows into the register; what is amiss with them, and how many entries were recorded.
pub(super) fn take(
    tx: &mut dyn Write,
    rules: &Rules,
    reading: &Reading,
    label: &str,
    rows: &[Planned],
    now: DateTime<Utc>,
) -> Result<(Vec<Odd>, usize)> {
    let clerk = Clerk {
        login: label.to_owned(),
        by: None,
        now,
    };
    let mut all = Vec::new();
    let mut recorded = 0;
    for planned in rows {
        let mut one = Taking {
            rules,
            clerk: &clerk,
            planned,
            odd: Vec::new(),
            recorded: 0,
        };
        one.take(tx, reading)?;
        recorded += one.recorded;
        all.append(&mut one.odd);
    }
    Ok((all, recorded))
}

/// One row on its way into the register.
struct Taking<'a> {
    rules: &'a Rules,
    clerk: &'a Clerk,
    planned: &'a Planned,
    odd: Vec<Odd>,
    recorded: usize,
}

impl Taking<'_> {
    fn reference(&self) -> &str {
        self.planned.row.reference.as_str()
    }

    /// `which` tells it from others of its kind in the row.
    fn is_odd(&mut self, what: &str, which: &str, said: String) {
        let name = format!("{what}/{}/{which}", self.reference());
        let odd = Odd::new(name, Some(self.planned.line), self.reference(), said);
        self.odd.push(odd);
    }

    fn take(&mut self, tx: &mut dyn Write, reading: &Reading) -> Result<()> {
        let before = tx.sheet_row(self.reference())?;
        let is_new = tx.case(self.reference())?.is_none();
        if is_new && let Some(received) = self.long_unanswered() {
            self.is_odd("unanswered", "", words::unanswered(self.planned.line, received));
            return Ok(());
        }
        match findings(tx, reading, &self.planned.row)? {
            Ok(findings) => self.apply(tx, findings)?,
            Err(refusal) => {
                let said = words::unclear(self.planned.line, &refusal.to_string());
                self.is_odd("unclear", "", said);
            }
        }
        let Some(case) = tx.case(self.reference())? else {
            return Ok(());
        };
        let officer = self.officer(tx, before.as_ref(), case.officer.as_deref(), is_new)?;
        self.wrong_due(tx)?;
        tx.save_sheet_row(&SheetRow {
            reference: self.reference().to_owned(),
            hash: self.planned.hash.clone(),
            officer,
            held: !self.odd.is_empty(),
        })?;
        Ok(())
    }

    /// Applies what can be applied, in whichever order the case allows; what it allows in none is refused.
    fn apply(&mut self, tx: &mut dyn Write, findings: Vec<Finding>) -> Result<()> {
        let mut left = Vec::new();
        for finding in findings {
            match finding {
                Finding::Differs { seq, register, sheet } => {
                    self.differs(tx, seq, register.as_ref(), &sheet)?;
                }
                other => left.push(other),
            }
        }
        let mut refused: Vec<(Finding, Refusal)> = Vec::new();
        loop {
            let before = left.len();
            refused.clear();
            for finding in std::mem::take(&mut left) {
                if let Err(refusal) = self.record(tx, &finding)? {
                    refused.push((finding.clone(), refusal));
                    left.push(finding);
                }
            }
            if left.is_empty() || left.len() == before {
                break;
            }
        }
        for (finding, refusal) in refused {
            let (Finding::New(fact) | Finding::Changed { fact, .. } | Finding::Emptied { was: fact, .. }) = &finding
            else {
                continue;
            };
            let why = refusal.to_string();
            let why = why
                .strip_prefix(&format!("{}: ", self.reference()))
                .unwrap_or(&why)
                .to_owned();
            let which = format!("{}/{}", fact.kind, hash(fact));
            let said = words::refused(self.planned.line, fact, &why);
            self.is_odd("refused", &which, said);
        }
        Ok(())
    }

    /// Records one finding in a part of its own, or says why it cannot be.
    fn record(&mut self, tx: &mut dyn Write, finding: &Finding) -> Result<std::result::Result<(), Refusal>> {
        let why = |why: &str| Some(why.to_owned());
        let (fact, supersedes) = match finding {
            Finding::New(fact) => (self.with_known_officer(fact), None),
            Finding::Changed { seq, fact, .. } => {
                let mut fact = fact.clone();
                fact.details.why = why("changed in the sheet");
                (fact, Some(*seq))
            }
            Finding::Emptied { seq, was } => {
                let details = Details {
                    void: true,
                    why: why("emptied in the sheet"),
                    ..Details::default()
                };
                let fact = Fact {
                    kind: was.kind,
                    on: was.on,
                    details,
                };
                (fact, Some(*seq))
            }
            Finding::Differs { .. } => return Ok(Ok(())),
        };
        tx.begin_part()?;
        match record(
            tx,
            self.rules,
            &self.planned.row.reference,
            fact,
            supersedes,
            self.clerk,
        ) {
            Ok(_) => {
                tx.end_part(true)?;
                self.recorded += 1;
                Ok(Ok(()))
            }
            Err(Error::Refused(refusal)) => {
                tx.end_part(false)?;
                Ok(Err(refusal))
            }
            Err(other) => Err(other),
        }
    }

    /// A request is watched whoever is said to have it.
    fn with_known_officer(&self, fact: &Fact) -> Fact {
        let mut fact = fact.clone();
        if fact.details.officer.is_some() {
            fact.details.officer = officer(self.rules, &self.planned.row).and_then(std::result::Result::ok);
        }
        fact
    }

    fn differs(&mut self, tx: &dyn Write, seq: u32, register: Option<&Fact>, sheet: &Fact) -> Result<()> {
        let entries = tx.entries(self.reference())?;
        let entry = entries.iter().find(|entry| entry.seq == seq);
        let who = entry.map_or_else(String::new, |entry| self.recorder(entry));
        let said = words::differs(self.planned.line, sheet, register, (seq, &who));
        let which = format!("{}/{}", sheet.kind, hash((register, sheet)));
        self.is_odd("differs", &which, said);
        Ok(())
    }

    fn recorder(&self, entry: &Entry) -> String {
        let login = entry.by.as_ref().unwrap_or(&entry.recorded_by);
        self.name(login)
    }

    fn name(&self, id: &str) -> String {
        let officer = self.rules.people.officer(id);
        officer.map_or_else(|| id.to_owned(), |officer| officer.name.clone())
    }

    /// Hands the case on where the sheet has come to name another officer; what the sheet said last comes back. Where
    /// the cell is as it was, somebody else handed the case on.
    fn officer(
        &mut self,
        tx: &mut dyn Write,
        before: Option<&SheetRow>,
        has: Option<&str>,
        is_new: bool,
    ) -> Result<Option<String>> {
        let said_before = before.and_then(|before| before.officer.clone());
        let line = self.planned.line;
        match (officer(self.rules, &self.planned.row), has) {
            (Some(Err(given)), has) => {
                let known: Vec<String> = self.rules.people.officers.iter().map(|one| one.id.clone()).collect();
                let has = has.map(|id| self.name(id));
                let said = words::unknown_officer(line, &given, has.as_deref(), &known);
                self.is_odd("officer", &hash(&given), said);
                Ok(said_before)
            }
            (None, Some(has)) if said_before.is_some() => {
                let said = words::no_officer(line, &self.name(has));
                self.is_odd("officer", "none", said);
                Ok(said_before)
            }
            (Some(Ok(id)), Some(has)) if id != has && !is_new => {
                if before.is_none() || said_before.as_ref() == Some(&id) {
                    let said = words::other_officer(line, &self.name(&id), &self.name(has));
                    self.is_odd("officer", &format!("{id}/{has}"), said);
                } else {
                    self.hand_on(tx, &id)?;
                }
                Ok(Some(id))
            }
            (Some(Ok(id)), None) => {
                self.hand_on(tx, &id)?;
                Ok(Some(id))
            }
            (Some(Ok(id)), _) => Ok(Some(id)),
            (None, _) => Ok(said_before),
        }
    }

    fn hand_on(&mut self, tx: &mut dyn Write, id: &str) -> Result<()> {
        let mut fact = Fact::new(Kind::Reassigned, london_day(self.clerk.now));
        fact.details.officer = Some(id.to_owned());
        if let Err(refusal) = self.record(tx, &Finding::New(fact.clone()))? {
            let said = words::refused(self.planned.line, &fact, &refusal.to_string());
            self.is_odd("refused", &format!("{}/{id}", fact.kind), said);
        }
        Ok(())
    }

    /// A due date in the sheet that is later than the law's, while the answer is owed.
    fn wrong_due(&mut self, tx: &dyn Write) -> Result<()> {
        let Some(sheet) = self.planned.row.due else {
            return Ok(());
        };
        let Ok(case) = Case::fold(&tx.entries(self.reference())?) else {
            return Ok(());
        };
        let deadlines = statute::deadlines(&case, &self.rules.calendar, &self.rules.authority);
        let answer = deadlines
            .iter()
            .find(|one| one.key.step == Step::Response && one.key.actor == Actor::Authority && one.is_open());
        if let Some((answer, law)) = answer.and_then(|answer| Some((answer, answer.due?)))
            && sheet > law
        {
            let said = words::later_than_the_law(self.planned.line, sheet, law, answer.provision.cite);
            self.is_odd("due", &format!("{sheet}/{law}"), said);
        }
        Ok(())
    }

    /// The day of a request whose answer nobody wrote down.
    fn long_unanswered(&self) -> Option<chrono::NaiveDate> {
        let facts = &self.planned.row.facts;
        let ends = |fact: &Fact| matches!(fact.kind, Kind::Responded | Kind::Withdrawn | Kind::Closed);
        let received = facts.iter().find(|fact| fact.kind == Kind::Received)?.on;
        let last = facts.iter().map(|fact| fact.on).max()?;
        let today = london_day(self.clerk.now);
        let since = self.rules.calendar.working_days_between(last, today);
        (since > LONG_UNANSWERED && !facts.iter().any(ends)).then_some(received)
    }
}

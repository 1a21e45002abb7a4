//! A row on its way into the register: each cell in a part of its own, and what is amiss with it.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::super::compare::{Finding, is_a_sheets};
use super::super::record::{Clerk, record};
use super::super::{Error, Result, Rules, stillness};
use super::rows::{Odd, Planned, findings, kept, officer};
use super::{HAS_COME, Reading, SheetRow, TO_COME, hash};
use crate::case::{Case, Details, Entry, Fact, Kind, Refusal};
use crate::clock::london_day;
use crate::reminders::people::Officer;
use crate::statute::{self, Actor, Deadline, Step};
use crate::store::{self, Write};
use crate::wording::sheet as words;

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
    let remembered = tx.sheet_oddities()?.into_iter().map(|one| one.name);
    let ahead: BTreeSet<String> = remembered.filter(|name| super::ahead_of(name).is_some()).collect();
    let mut all = Vec::new();
    let mut recorded = 0;
    for planned in rows {
        let mut one = Taking {
            rules,
            clerk: &clerk,
            planned,
            ahead: &ahead,
            odd: Vec::new(),
            unsettled: BTreeSet::new(),
            recorded: 0,
        };
        // One case that cannot be understood must not keep every other row from being taken.
        tx.begin_part()?;
        match one.take(tx, reading) {
            Ok(()) => tx.end_part(true)?,
            Err(Error::Store(store::Error::Damaged(why))) => {
                tx.end_part(false)?;
                one.odd.clear();
                one.recorded = 0;
                one.is_odd("unclear", "", words::unclear(planned.line, &why));
            }
            Err(other) => return Err(other),
        }
        if !one.odd.is_empty() && tx.case(one.reference())?.is_none() {
            one.odd.iter_mut().for_each(|odd| odd.unwatched = true);
        }
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
    /// The days that were still to come when they were typed, by the names under which they are remembered.
    ahead: &'a BTreeSet<String>,
    odd: Vec<Odd>,
    /// Of what the row says something that the register does not have.
    unsettled: BTreeSet<Kind>,
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
        tx.begin_part()?;
        let doubted = self.cells(tx, reading, before.as_ref(), is_new);
        tx.end_part(matches!(doubted, Ok(None)))?;
        if let Some(last) = doubted? {
            self.odd.clear();
            self.recorded = 0;
            let said = words::unfinished(self.planned.line, last);
            self.is_odd("unfinished", "", said);
            return Ok(());
        }
        let Some(case) = tx.case(self.reference())? else {
            return Ok(());
        };
        let officer = self.officer(tx, before.as_ref(), case.officer.as_deref(), is_new)?;
        self.wrong_due(tx)?;
        tx.save_sheet_row(&SheetRow {
            reference: self.reference().to_owned(),
            hash: kept(&self.planned.row, before.as_ref(), &self.unsettled),
            officer,
            held: !self.odd.is_empty(),
        })?;
        Ok(())
    }

    /// The row's dates; the last day it names, where that is so long ago that it is not to be taken.
    fn cells(
        &mut self,
        tx: &mut dyn Write,
        reading: &Reading,
        before: Option<&SheetRow>,
        is_new: bool,
    ) -> Result<Option<NaiveDate>> {
        match findings(tx, reading, &self.clerk.login, (&self.planned.row, before))? {
            Ok(findings) => self.apply(tx, findings)?,
            Err(refusal) => {
                self.unsettled
                    .extend(self.planned.row.facts.iter().map(|fact| fact.kind));
                let said = words::unclear(self.planned.line, &refusal.to_string());
                self.is_odd("unclear", "", said);
            }
        }
        match is_new {
            true => self.lies_still(tx),
            false => Ok(None),
        }
    }

    /// Applies what can be applied, in whichever order the case allows; what it allows in none is refused.
    fn apply(&mut self, tx: &mut dyn Write, findings: Vec<Finding>) -> Result<()> {
        let mut left = Vec::new();
        for finding in findings {
            match finding {
                Finding::Differs { seq, register, sheet } => {
                    self.differs(tx, seq, register.as_ref(), &sheet)?;
                }
                other if self.is_ahead(&other) => {}
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
            self.unsettled.insert(fact.kind);
            let said = words::refused(self.planned.line, fact, &why);
            self.is_odd("refused", &which, said);
        }
        Ok(())
    }

    /// Whether a cell's day is still to come, or was when it was typed: a plan, or a slip, which does not come true
    /// by waiting. Taken then, it would end or begin a clock although nobody has said that anything happened.
    fn is_ahead(&mut self, finding: &Finding) -> bool {
        let (Finding::New(fact) | Finding::Changed { fact, .. }) = finding else {
            return false;
        };
        let line = self.planned.line;
        let arrived = fact.details.received;
        let which = match arrived {
            Some(arrived) => format!("{}/{}+{arrived}", fact.kind, fact.on),
            None => format!("{}/{}", fact.kind, fact.on),
        };
        if arrived.map_or(fact.on, |arrived| arrived.max(fact.on)) > london_day(self.clerk.now) {
            self.unsettled.insert(fact.kind);
            self.is_odd(TO_COME, &which, words::to_come(line, fact));
            return true;
        }
        let known = |what: &str| self.ahead.contains(&format!("{what}/{}/{which}", self.reference()));
        let was = known(TO_COME) || known(HAS_COME);
        if was {
            self.unsettled.insert(fact.kind);
            self.is_odd(HAS_COME, &which, words::has_come(line, fact));
        }
        was
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
            Err(other) => {
                tx.end_part(false)?;
                Err(other)
            }
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
        // A sheet cannot be asked.
        let ask = match entry.is_some_and(is_a_sheets) {
            true => "whoever runs Timeous",
            false => &who,
        };
        let said = words::differs(self.planned.line, sheet, register, (seq, &who, ask));
        let which = format!("{}/{}", sheet.kind, hash((register, sheet)));
        self.unsettled.insert(sheet.kind);
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
                let today = london_day(self.clerk.now);
                let stays = |one: &&Officer| one.left.is_none_or(|last| today <= last);
                let here = self.rules.people.officers.iter().filter(stays);
                let known: Vec<String> = here.map(|one| one.id.clone()).collect();
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
        let deadlines = self.deadlines(tx)?;
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

    /// The last day that the row names, if the case has long been still, as an import doubts it.
    fn lies_still(&self, tx: &dyn Write) -> Result<Option<NaiveDate>> {
        let today = london_day(self.clerk.now);
        let still = stillness::of(&self.planned.row, &self.deadlines(tx)?, &self.rules.calendar, today);
        Ok(still.map(|still| still.last))
    }

    /// The deadlines of the case; none if it is not in the register, or the register cannot make sense of it.
    fn deadlines(&self, tx: &dyn Write) -> Result<Vec<Deadline>> {
        let case = Case::fold(&tx.entries(self.reference())?);
        Ok(case.map_or_else(
            |_| Vec::new(),
            |case| statute::deadlines(&case, &self.rules.calendar, &self.rules.authority),
        ))
    }
}

//! From entries to stored deadlines, for one case or for all of them.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::{Error, Result, Rules};
use crate::case::Case;
use crate::clock::london_day;
use crate::reminders::next::{self, Told};
use crate::statute::{self, Deadline, LAW_VERSION, State};
use crate::store::{
    self, About, AdoptedCalendar, CaseRow, DeadlineRow, Former, MessageState, ReminderState, Store, Write,
};

/// How many cases are read at a time when all are derived again.
const PAGE: u32 = 1_000;

/// Why deadlines are derived, for their history.
#[derive(Debug, Clone)]
pub struct Because {
    /// In a few words.
    pub why: String,
    /// When.
    pub now: DateTime<Utc>,
}

/// What deriving everything again came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rederived {
    /// Cases with an open deadline.
    pub cases: usize,
    /// Deadlines whose dates or state changed.
    pub moved: usize,
}

/// Derives a case's deadlines, stores them with their next rungs, keeps what they were, and withdraws waiting
/// mails that speak of what is no longer so.
///
/// # Errors
/// The register's failure.
pub fn derive_and_save(
    tx: &mut dyn Write,
    rules: &Rules,
    case: &Case,
    last_seq: u32,
    because: &Because,
) -> Result<Vec<Deadline>> {
    if tx.about()?.calendar.is_empty() {
        adopt(tx, rules)?;
    }
    tx.save_case(&CaseRow {
        reference: case.reference.as_str().to_owned(),
        regime: case.regime,
        officer: case.officer.clone(),
        opened: case.received.on,
        closed: case.closed,
        last_seq,
        set_aside: None,
    })?;
    let (deadlines, changed) = save_deadlines(tx, rules, case, because)?;
    withdraw_mails(tx, rules, &changed, because.now)?;
    Ok(deadlines)
}

/// Stores the deadlines of a case; the numbers of those that changed come back too.
fn save_deadlines(
    tx: &mut dyn Write,
    rules: &Rules,
    case: &Case,
    because: &Because,
) -> Result<(Vec<Deadline>, Vec<i64>)> {
    let deadlines = statute::deadlines(case, &rules.calendar, &rules.authority);
    let stored = tx.deadlines(case.reference.as_str())?;
    let today = london_day(because.now);
    let mut changed = Vec::new();
    for deadline in &deadlines {
        let was = stored.iter().find(|row| row.key == deadline.key);
        let told = match was {
            Some(row) => told(tx, row.id, deadline.work_to)?,
            None => None,
        };
        let planned = next::next(deadline, rules.ladders.of(deadline), &rules.open_days(), told, today);
        let row = row(case, deadline, rules, planned.map(|next| (next.on, next.rung)));
        let id = tx.save_deadline(&row)?;
        if let Some(was) = was.filter(|was| (was.due, was.work_to, was.state) != (row.due, row.work_to, row.state)) {
            keep_former(tx, was, because)?;
            if (was.due, was.work_to) != (row.due, row.work_to) || !deadline.is_open() {
                changed.push(id);
            }
        }
    }
    for gone in stored
        .iter()
        .filter(|row| !deadlines.iter().any(|deadline| deadline.key == row.key))
    {
        if gone.state != State::Withdrawn {
            keep_former(tx, gone, because)?;
            tx.save_deadline(&DeadlineRow {
                state: State::Withdrawn,
                next: None,
                ..gone.clone()
            })?;
            changed.push(gone.id);
        }
    }
    Ok((deadlines, changed))
}

fn row(
    case: &Case,
    deadline: &Deadline,
    rules: &Rules,
    next: Option<(NaiveDate, crate::reminders::Rung)>,
) -> DeadlineRow {
    DeadlineRow {
        id: 0,
        reference: case.reference.as_str().to_owned(),
        key: deadline.key,
        occurrence: deadline.occurrence,
        nature: deadline.nature,
        state: deadline.state,
        due: deadline.due,
        work_to: deadline.work_to,
        opens_after: deadline.opens_after,
        acted_on: deadline.acted_on,
        provision: deadline.provision.cite.to_owned(),
        provisional: deadline.provisional,
        officer: case.officer.clone(),
        calendar: rules.calendar.version().to_owned(),
        next,
    }
}

fn keep_former(tx: &mut dyn Write, was: &DeadlineRow, because: &Because) -> Result<()> {
    let former = Former {
        due: was.due,
        work_to: was.work_to,
        state: was.state,
        calendar: was.calendar.clone(),
        law: tx.about()?.law,
        until: because.now,
        why: because.why.clone(),
    };
    Ok(tx.keep_former(was.id, &former)?)
}

/// The highest rung told, or about to be, of a deadline's present day to work to.
///
/// # Errors
/// The register's failure.
pub(super) fn told(tx: &dyn Write, deadline: i64, work_to: Option<NaiveDate>) -> Result<Option<Told>> {
    let standing = [ReminderState::Queued, ReminderState::Told, ReminderState::Dead];
    Ok(tx
        .reminders(deadline)?
        .into_iter()
        .filter(|reminder| Some(reminder.work_to) == work_to && standing.contains(&reminder.state))
        .map(|reminder| Told {
            rung: reminder.rung,
            day: reminder.day.unwrap_or(reminder.work_to),
        })
        .max_by_key(|told| (told.rung, told.day)))
}

/// Withdraws waiting mails about deadlines that are done or moved, so that what else they said is told again.
fn withdraw_mails(tx: &mut dyn Write, rules: &Rules, deadlines: &[i64], now: DateTime<Utc>) -> Result<()> {
    let mut cases = BTreeSet::new();
    for deadline in deadlines {
        for message in tx.waiting_about(*deadline)? {
            cases.extend(withdraw(tx, message, deadlines)?);
        }
    }
    replan(tx, rules, &cases, now)
}

/// Withdraws one waiting mail: what it said of deadlines that are done or moved is dropped, the rest given back.
/// The cases in it come back, to be planned again.
///
/// # Errors
/// The register's failure.
pub(super) fn withdraw(tx: &mut dyn Write, message: i64, done_or_moved: &[i64]) -> Result<BTreeSet<String>> {
    let mut cases = BTreeSet::new();
    if tx.withdraw_message(message, MessageState::Superseded)? {
        for (reminder, reference) in tx.lines(message)? {
            let state = match done_or_moved.contains(&reminder.deadline) {
                true => ReminderState::Dropped,
                false => ReminderState::Returned,
            };
            tx.mark_reminder(reminder.id, state)?;
            cases.insert(reference);
        }
    }
    Ok(cases)
}

/// Withdraws a waiting mail if one of its deadlines was done or moved while it was being sent.
///
/// # Errors
/// The register's failure.
pub(super) fn withdraw_if_outdated(tx: &mut dyn Write, rules: &Rules, message: i64, now: DateTime<Utc>) -> Result<()> {
    let mut outdated = Vec::new();
    for (reminder, reference) in tx.lines(message)? {
        let holds = |row: &DeadlineRow| row.work_to == Some(reminder.work_to) && row.state.is_open();
        let rows = tx.deadlines(&reference)?;
        if !rows.iter().any(|row| row.id == reminder.deadline && holds(row)) {
            outdated.push(reminder.deadline);
        }
    }
    if outdated.is_empty() {
        return Ok(());
    }
    let cases = withdraw(tx, message, &outdated)?;
    replan(tx, rules, &cases, now)
}

/// Plans the next rungs of cases again. One that cannot be understood is set aside.
///
/// # Errors
/// The register's failure.
pub(super) fn replan(tx: &mut dyn Write, rules: &Rules, cases: &BTreeSet<String>, now: DateTime<Utc>) -> Result<()> {
    for reference in cases {
        apart(tx, reference, |tx| plan_again(tx, rules, reference, london_day(now)))?;
    }
    Ok(())
}

fn plan_again(tx: &mut dyn Write, rules: &Rules, reference: &str, today: NaiveDate) -> Result<()> {
    let case = Case::fold(&tx.entries(reference)?)?;
    let deadlines = statute::deadlines(&case, &rules.calendar, &rules.authority);
    for row in tx.deadlines(reference)? {
        let planned = match deadlines.iter().find(|deadline| deadline.key == row.key) {
            Some(deadline) => {
                let told = told(tx, row.id, deadline.work_to)?;
                next::next(deadline, rules.ladders.of(deadline), &rules.open_days(), told, today)
            }
            None => None,
        };
        tx.plan(row.id, planned.map(|next| (next.on, next.rung)))?;
    }
    Ok(())
}

/// Does a piece of work on one case as a part of the transaction. If the case cannot be understood the part is
/// undone and the case set aside, so that it keeps none of the others waiting; nothing comes back.
///
/// # Errors
/// The register's failure, or the work's own.
pub(super) fn apart<T>(
    tx: &mut dyn Write,
    reference: &str,
    work: impl FnOnce(&mut dyn Write) -> Result<T>,
) -> Result<Option<T>> {
    tx.begin_part()?;
    let why = match work(tx) {
        Ok(done) => {
            tx.end_part(true)?;
            return Ok(Some(done));
        }
        Err(Error::Refused(refusal)) => refusal.to_string(),
        Err(Error::Store(store::Error::Damaged(why))) => why,
        Err(other) => return Err(other),
    };
    tx.end_part(false)?;
    tx.set_case_aside(reference, Some(&why))?;
    Ok(None)
}

fn adopt(tx: &mut dyn Write, rules: &Rules) -> Result<()> {
    let calendar = AdoptedCalendar {
        version: rules.calendar.version().to_owned(),
        announced_through: rules.calendar.announced_through(),
    };
    Ok(tx.adopt(&calendar, LAW_VERSION, &rules.fingerprint())?)
}

/// Derives every case with an open deadline again if the calendar, the law or the settings are others than the
/// register rests on; all in one transaction. Nothing if they are the same.
///
/// # Errors
/// The register's failure. A case that cannot be derived is set aside and does not stop the others.
pub fn reconcile(store: &mut impl Store, rules: &Rules, now: DateTime<Utc>) -> Result<Option<Rederived>> {
    let about = store.read(|snapshot| snapshot.about())?;
    if rests_on(&about, rules) {
        return Ok(None);
    }
    store.write(|tx| {
        if rests_on(&tx.about()?, rules) {
            return Ok(None);
        }
        let because = Because {
            why: what_changed(rules, &about),
            now,
        };
        let mut done = Rederived::default();
        let mut last = String::new();
        loop {
            let page = tx.open_cases(&last, PAGE)?;
            let Some(end) = page.last() else { break };
            last.clone_from(end);
            for reference in &page {
                done.cases += 1;
                done.moved += rederive_one(tx, rules, reference, &because)?;
            }
        }
        adopt(tx, rules)?;
        Ok(Some(done))
    })
}

/// Whether the stored dates and mornings rest on this calendar, this law and these settings.
fn rests_on(about: &About, rules: &Rules) -> bool {
    about.calendar == rules.calendar.version() && about.law == LAW_VERSION && about.settings == rules.fingerprint()
}

fn rederive_one(tx: &mut dyn Write, rules: &Rules, reference: &str, because: &Because) -> Result<usize> {
    let changed = apart(tx, reference, |tx| {
        let case = Case::fold(&tx.entries(reference)?)?;
        let changed = save_deadlines(tx, rules, &case, because)?.1;
        // What an earlier program could not understand, this one perhaps can.
        tx.set_case_aside(reference, None)?;
        Ok(changed)
    })?;
    let changed = changed.unwrap_or_default();
    withdraw_mails(tx, rules, &changed, because.now)?;
    Ok(changed.len())
}

fn what_changed(rules: &Rules, about: &About) -> String {
    if about.calendar != rules.calendar.version() {
        format!("the calendar is now {}", rules.calendar.short_version())
    } else if about.law != LAW_VERSION {
        format!("the law as stated is now version {LAW_VERSION}")
    } else {
        "the settings changed".to_owned()
    }
}

//! From the entries of a case to its stored deadlines.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::{Error, Result, Rules, copies, notices};
use crate::case::Case;
use crate::clock::london_day;
use crate::reminders::next::{self, Told};
use crate::statute::{self, Deadline, LAW_VERSION, State};
use crate::store::{
    self, About, AdoptedCalendar, CaseRow, DeadlineRow, Former, MessageState, Read, ReminderState, Write,
};

/// Why deadlines are derived, for their history.
#[derive(Debug, Clone)]
pub struct Because {
    /// In a few words.
    pub why: String,
    /// When.
    pub now: DateTime<Utc>,
}

/// What the dates of the register rest on, asked once a transaction.
pub(super) enum Footing {
    /// These rules.
    These,
    /// Others, by which what was stored before was reckoned.
    Others(About),
}

impl Footing {
    /// Before anything is derived and stored in a transaction. A register that rests on nothing yet rests on these rules
    /// from now.
    ///
    /// # Errors
    /// The register's failure.
    pub(super) fn take(tx: &mut dyn Write, rules: &Rules) -> Result<Self> {
        let about = tx.about()?;
        if about.calendar.is_empty() {
            adopt(tx, rules)?;
        } else if !rests_on(&about, rules) {
            // Another configuration than the service's, or a program of another version: the service has the last word.
            tx.doubt()?;
            return Ok(Self::Others(about));
        }
        Ok(Self::These)
    }

    /// The law that was stated when what is stored was reckoned.
    fn law(&self) -> &str {
        match self {
            Self::These => LAW_VERSION,
            Self::Others(about) => &about.law,
        }
    }
}

/// What deriving a case again changes of one deadline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    /// What is stored; nothing for a deadline that is new.
    pub(super) was: Option<DeadlineRow>,
    /// What is to be.
    pub(super) now: DeadlineRow,
}

/// Derives a case's deadlines, stores them with their next rungs, keeps what they were, and withdraws waiting
/// mails that speak of what is no longer so.
///
/// # Errors
/// The register's failure.
pub(super) fn derive_and_save(
    tx: &mut dyn Write,
    rules: &Rules,
    footing: &Footing,
    case: &Case,
    last_seq: u32,
    because: &Because,
) -> Result<Vec<Deadline>> {
    tx.save_case(&CaseRow {
        reference: case.reference.as_str().to_owned(),
        regime: case.regime,
        officer: case.officer.clone(),
        opened: case.received.on,
        closed: case.closed,
        last_seq,
        set_aside: None,
    })?;
    let (deadlines, changes) = changes(tx, rules, case, london_day(because.now))?;
    let changed = save(tx, &changes, because, footing.law())?;
    withdraw_mails(tx, rules, &changed, because.now)?;
    hand_on(tx, rules, &changes, because.now)?;
    Ok(deadlines)
}

/// Takes waiting mails back from whoever had the case until now, so that the one who has it is told.
fn hand_on(tx: &mut dyn Write, rules: &Rules, changes: &[Change], now: DateTime<Utc>) -> Result<()> {
    let mut cases = BTreeSet::new();
    for Change { was, now } in changes {
        if was.as_ref().is_some_and(|was| was.officer != now.officer) {
            for message in tx.waiting_about(now.id)? {
                cases.extend(withdraw(tx, message, MessageState::Superseded, &[])?);
            }
        }
    }
    replan(tx, rules, &cases, now)
}

/// A case's deadlines as they should be, and what that changes of those stored.
///
/// # Errors
/// The register's failure.
pub(super) fn changes(
    snapshot: &dyn Read,
    rules: &Rules,
    case: &Case,
    today: NaiveDate,
) -> Result<(Vec<Deadline>, Vec<Change>)> {
    let deadlines = statute::deadlines(case, &rules.calendar, &rules.authority);
    let stored = snapshot.deadlines(case.reference.as_str())?;
    let days = rules.days_of(case.officer.as_deref());
    let mut changes = Vec::new();
    for deadline in &deadlines {
        let was = stored.iter().find(|row| row.key == deadline.key);
        let told = match was {
            Some(row) => told(snapshot, row.id, deadline.work_to, today)?,
            None => None,
        };
        let planned = next::next(deadline, rules.ladders.of(deadline), &days, told, today);
        let mut now = row(case, deadline, rules, planned.map(|next| (next.on, next.rung)));
        if let Some(was) = was {
            now.id = was.id;
            if dates(was) == dates(&now) {
                // The date still is the one that was set under the earlier calendar.
                now.calendar.clone_from(&was.calendar);
            }
        }
        if was != Some(&now) {
            changes.push(Change { was: was.cloned(), now });
        }
    }
    let kept = |row: &&DeadlineRow| deadlines.iter().any(|deadline| deadline.key == row.key);
    let gone = stored
        .iter()
        .filter(|row| !kept(row) && row.state != State::Withdrawn)
        .map(|row| Change {
            was: Some(row.clone()),
            now: DeadlineRow {
                state: State::Withdrawn,
                next: None,
                ..row.clone()
            },
        });
    changes.extend(gone);
    Ok((deadlines, changes))
}

/// What is a deadline's former self once it differs.
fn dates(row: &DeadlineRow) -> (Option<NaiveDate>, Option<NaiveDate>, State) {
    (row.due, row.work_to, row.state)
}

/// Stores what changed and keeps what it was, under the law that was stated then. The numbers of the deadlines whose waiting mails are no longer true
/// come back.
///
/// # Errors
/// The register's failure.
pub(super) fn save(tx: &mut dyn Write, changes: &[Change], because: &Because, law: &str) -> Result<Vec<i64>> {
    let mut outdated = Vec::new();
    for Change { was, now } in changes {
        let id = tx.save_deadline(now)?;
        if let Some(was) = was.as_ref().filter(|was| dates(was) != dates(now)) {
            keep_former(tx, was, because, law)?;
            if (was.due, was.work_to) != (now.due, now.work_to) || !now.state.is_open() {
                outdated.push(id);
            }
        }
    }
    Ok(outdated)
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

fn keep_former(tx: &mut dyn Write, was: &DeadlineRow, because: &Because, law: &str) -> Result<()> {
    let former = Former {
        due: was.due,
        work_to: was.work_to,
        state: was.state,
        calendar: was.calendar.clone(),
        law: law.to_owned(),
        until: because.now,
        why: because.why.clone(),
    };
    Ok(tx.keep_former(was.id, &former)?)
}

/// The highest rung told, or about to be, of a deadline's present day to work to. What was told for a day that has
/// not come was told while the clock was ahead, and keeps nothing back now that it is not.
///
/// # Errors
/// The register's failure.
pub(super) fn told(
    snapshot: &dyn Read,
    deadline: i64,
    work_to: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<Option<Told>> {
    let standing = [ReminderState::Queued, ReminderState::Told, ReminderState::Dead];
    Ok(snapshot
        .reminders(deadline)?
        .into_iter()
        .filter(|reminder| Some(reminder.work_to) == work_to && standing.contains(&reminder.state))
        .filter(|reminder| reminder.day.is_none_or(|day| day <= today))
        .map(|reminder| Told {
            rung: reminder.rung,
            day: reminder.day.unwrap_or(reminder.work_to),
        })
        .max_by_key(|told| (told.rung, told.day)))
}

/// Withdraws waiting mails about deadlines that are done or moved, so that what else they said is told again.
///
/// # Errors
/// The register's failure.
pub(super) fn withdraw_mails(tx: &mut dyn Write, rules: &Rules, deadlines: &[i64], now: DateTime<Utc>) -> Result<()> {
    let mut cases = BTreeSet::new();
    for deadline in deadlines {
        for message in tx.waiting_about(*deadline)? {
            cases.extend(withdraw(tx, message, MessageState::Superseded, deadlines)?);
        }
    }
    for message in copies::mails_about(tx, deadlines)? {
        cases.extend(withdraw(tx, message, MessageState::Superseded, deadlines)?);
    }
    replan(tx, rules, &cases, now)
}

/// Withdraws one waiting mail: what it said of deadlines that are done or moved is dropped, the rest given back.
/// The cases in it come back, to be planned again.
///
/// # Errors
/// The register's failure.
pub(super) fn withdraw(
    tx: &mut dyn Write,
    message: i64,
    end: MessageState,
    done_or_moved: &[i64],
) -> Result<BTreeSet<String>> {
    let mut cases = BTreeSet::new();
    if tx.withdraw_message(message, end)? {
        for (reminder, reference) in tx.lines(message)? {
            let state = match done_or_moved.contains(&reminder.deadline) {
                true => ReminderState::Dropped,
                false => ReminderState::Returned,
            };
            tx.mark_reminder(reminder.id, state)?;
            cases.insert(reference);
        }
        notices::give_back(tx, message)?;
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
    if outdated.is_empty() && !copies::is_outdated(tx, message)? {
        return Ok(());
    }
    let cases = withdraw(tx, message, MessageState::Superseded, &outdated)?;
    replan(tx, rules, &cases, now)
}

/// Plans the next rungs of cases again. One that cannot be understood is set aside.
///
/// # Errors
/// The register's failure.
pub(super) fn replan(tx: &mut dyn Write, rules: &Rules, cases: &BTreeSet<String>, now: DateTime<Utc>) -> Result<()> {
    if !cases.is_empty() && !rests_on(&tx.about()?, rules) {
        // These rules are on their way out; the next round plans everything by those that hold.
        tx.doubt()?;
    }
    for reference in cases {
        apart(tx, reference, |tx| plan_again(tx, rules, reference, london_day(now)))?;
    }
    Ok(())
}

fn plan_again(tx: &mut dyn Write, rules: &Rules, reference: &str, today: NaiveDate) -> Result<()> {
    let case = Case::fold(&tx.entries(reference)?)?;
    let deadlines = statute::deadlines(&case, &rules.calendar, &rules.authority);
    let days = rules.days_of(case.officer.as_deref());
    for row in tx.deadlines(reference)? {
        let planned = match deadlines.iter().find(|deadline| deadline.key == row.key) {
            Some(deadline) => {
                let told = told(tx, row.id, deadline.work_to, today)?;
                next::next(deadline, rules.ladders.of(deadline), &days, told, today)
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

/// Sets what the stored dates rest on.
///
/// # Errors
/// The register's failure.
pub(super) fn adopt(tx: &mut dyn Write, rules: &Rules) -> Result<()> {
    let calendar = AdoptedCalendar {
        version: rules.calendar.version().to_owned(),
        announced_through: rules.calendar.announced_through(),
        days: rules.calendar.announced().cloned().collect(),
    };
    Ok(tx.adopt(&calendar, LAW_VERSION, &rules.fingerprint())?)
}

/// Whether the stored dates and mornings rest on this calendar, this law and these settings.
pub(super) fn rests_on(about: &About, rules: &Rules) -> bool {
    about.calendar == rules.calendar.version() && about.law == LAW_VERSION && about.settings == rules.fingerprint()
}

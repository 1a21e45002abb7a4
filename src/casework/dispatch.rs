//! Rungs whose morning has come become one message a person, in one transaction a person.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::rederive::{Because, replan, told, withdraw};
use super::{Error, Result, Rules};
use crate::case::Case;
use crate::clock::{london_day, london_time};
use crate::mail::message;
use crate::reminders::digest::{Block, Digest, Line};
use crate::reminders::next::{self, Told};
use crate::reminders::people::Why;
use crate::reminders::{Reason, Recipient, Rung};
use crate::statute::{self, Deadline};
use crate::store::{self, DeadlineRow, NewMessage, ReminderRow, ReminderState, Store, Write};

/// What a dispatch came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dispatched {
    /// Messages written into the outbox.
    pub messages: usize,
    /// Reminders in them.
    pub reminders: usize,
    /// Cases that could not be dealt with, and are left alone from now on.
    pub set_aside: Vec<String>,
    /// Cases that nobody could be told of.
    pub nobody: Vec<String>,
}

/// Writes the messages that are due at a moment.
///
/// On an open day between `send_at` and `send_until` that is every rung whose morning has come; at any other
/// hour only what is to be worked to that very day.
///
/// # Errors
/// The register's failure, or words that cannot be made.
pub fn dispatch(store: &mut impl Store, rules: &Rules, now: DateTime<Utc>) -> Result<Dispatched> {
    let today = london_day(now);
    let in_window = rules.open_days().is_open(today) && (rules.send_at..=rules.send_until).contains(&london_time(now));
    if in_window {
        supersede_stale(store, rules, today, now)?;
    }
    let mut done = Dispatched::default();
    let (due, refused) = store.read(|snapshot| {
        Ok::<_, Error>((
            snapshot.due_cases(today, (!in_window).then_some(today))?,
            snapshot.refused_on(today)?,
        ))
    })?;
    for (recipient, cases) in by_recipient(rules, today, due, &refused, &mut done) {
        let moment = Moment { rules, today, now };
        store.write(|tx| write_digest(tx, &moment, &recipient, cases, &mut done))?;
    }
    Ok(done)
}

/// A message of an earlier morning that no server can have gives way to a fresh one.
fn supersede_stale(store: &mut impl Store, rules: &Rules, today: NaiveDate, now: DateTime<Utc>) -> Result<()> {
    if store.read(|snapshot| snapshot.stale_messages(today))?.is_empty() {
        return Ok(());
    }
    store.write(|tx| {
        let because = Because {
            why: "not accepted by the next morning".to_owned(),
            now,
        };
        let mut again = BTreeSet::new();
        for message in tx.stale_messages(today)? {
            again.extend(withdraw(tx, message, |_| ReminderState::Returned)?);
        }
        for reference in again {
            replan(tx, rules, &reference, &because)?;
        }
        Ok(())
    })
}

type Cases = Vec<(String, Why)>;

/// Who is to be told of which cases, by mailbox.
fn by_recipient(
    rules: &Rules,
    today: NaiveDate,
    due: Vec<(String, Option<String>)>,
    refused: &[String],
    done: &mut Dispatched,
) -> Vec<(Recipient, Cases)> {
    let mut by_mailbox: BTreeMap<String, (Recipient, Cases)> = BTreeMap::new();
    for (reference, officer) in due {
        let unreachable = |email: &str| refused.iter().any(|one| one == email);
        match rules.people.recipient(officer.as_deref(), today, unreachable) {
            Some(recipient) => by_mailbox
                .entry(recipient.email.clone())
                .or_insert_with(|| (recipient.clone(), Vec::new()))
                .1
                .push((reference, recipient.why)),
            None => done.nobody.push(reference),
        }
    }
    by_mailbox.into_values().collect()
}

/// The rules and the moment of one round.
struct Moment<'a> {
    rules: &'a Rules,
    today: NaiveDate,
    now: DateTime<Utc>,
}

fn write_digest(
    tx: &mut dyn Write,
    moment: &Moment<'_>,
    recipient: &Recipient,
    cases: Cases,
    done: &mut Dispatched,
) -> Result<()> {
    let mut blocks = Vec::new();
    let mut reminders = Vec::new();
    for (reference, why) in cases {
        tx.begin_part()?;
        match block(tx, moment, &reference, why) {
            Ok(made) => {
                tx.end_part(true)?;
                if let Some((block, mut told)) = made {
                    blocks.push(block);
                    reminders.append(&mut told);
                }
            }
            // A case that cannot be understood must not keep the others from being told of.
            Err(Error::Refused(refusal)) => {
                tx.end_part(false)?;
                tx.set_case_aside(&reference, Some(&refusal.to_string()))?;
                done.set_aside.push(reference);
            }
            Err(Error::Store(store::Error::Damaged(why))) => {
                tx.end_part(false)?;
                tx.set_case_aside(&reference, Some(&why))?;
                done.set_aside.push(reference);
            }
            Err(other) => return Err(other),
        }
    }
    if reminders.is_empty() {
        return Ok(());
    }
    let rules = moment.rules;
    let thread = |block: &Block| message::thread_id(block.case.reference.as_str(), &rules.mail_domain);
    let references = blocks.iter().map(thread).collect();
    let words = rules
        .wording
        .digest(&Digest::new(moment.today, blocks), recipient, rules.open_days())?;
    let (ids, mut keys): (Vec<i64>, Vec<String>) = reminders.into_iter().unzip();
    keys.push(moment.today.to_string());
    tx.add_message(
        &NewMessage {
            recipient: recipient.email.clone(),
            name: recipient.name.clone(),
            morning: moment.today,
            message_id: message::message_id(&recipient.email, &keys, &rules.mail_domain),
            references,
            subject: words.subject,
            text: words.text,
            html: words.html,
        },
        &ids,
        moment.now,
    )?;
    done.messages += 1;
    done.reminders += ids.len();
    Ok(())
}

type Reminders = Vec<(i64, String)>;

/// What is to be told of one case, with the reminders it is recorded as; nothing if all has been told.
fn block(tx: &mut dyn Write, moment: &Moment<'_>, reference: &str, why: Why) -> Result<Option<(Block, Reminders)>> {
    let rules = moment.rules;
    let case = Case::fold(&tx.entries(reference)?)?;
    let mut deadlines = statute::deadlines(&case, &rules.calendar, &rules.authority);
    let mut lines = Vec::new();
    let mut reminders = Vec::new();
    for row in tx.deadlines(reference)? {
        if row.next.is_none_or(|(on, _)| on > moment.today) {
            continue;
        }
        let Some(found) = deadlines.iter().position(|deadline| deadline.key == row.key) else {
            tx.plan(row.id, None)?;
            continue;
        };
        if let Some((line, reminder)) = line(tx, moment, &row, &deadlines[found])? {
            lines.push(line);
            reminders.push((reminder, key(&row, lines.last())));
            deadlines.remove(found);
        }
    }
    let others = deadlines;
    Ok((!lines.is_empty()).then_some((
        Block {
            case,
            why,
            lines,
            others,
        },
        reminders,
    )))
}

/// The line for a deadline whose rung is due, recorded as a reminder; and its next rung is planned.
fn line(
    tx: &mut dyn Write,
    moment: &Moment<'_>,
    row: &DeadlineRow,
    deadline: &Deadline,
) -> Result<Option<(Line, i64)>> {
    let (ladder, days) = (moment.rules.ladders.of(deadline), moment.rules.open_days());
    let told = told(tx, row.id, deadline.work_to)?;
    let due = next::due(deadline, ladder, &days, told, moment.today);
    let due = due.zip(deadline.work_to);
    let now_told = due.map_or(told, |(due, _)| {
        Some(Told {
            rung: due.rung,
            day: moment.today,
        })
    });
    let planned = next::next(deadline, ladder, &days, now_told, moment.today);
    tx.plan(row.id, planned.map(|next| (next.on, next.rung)))?;
    let Some((due, work_to)) = due else {
        return Ok(None);
    };
    let reason = match due.rung {
        Rung::Safe => Reason::PastSafeDate,
        Rung::Overdue => Reason::Overdue,
        Rung::Ended => Reason::Ended,
        Rung::Before(_) if due.on == moment.today => Reason::Coming,
        Rung::Before(_) => Reason::Missed,
    };
    let reminder = tx.add_reminder(&ReminderRow {
        id: 0,
        deadline: row.id,
        work_to,
        rung: due.rung,
        day: due.rung.is_daily().then_some(moment.today),
        reason,
        state: ReminderState::Queued,
    })?;
    Ok(reminder.map(|id| {
        let line = Line {
            deadline: deadline.clone(),
            rung: due.rung,
            reason,
        };
        (line, id)
    }))
}

/// What makes a reminder this one and no other, for the Message-ID.
fn key(row: &DeadlineRow, line: Option<&Line>) -> String {
    let (key, rung) = (row.key, line.map(|line| line.rung.to_string()).unwrap_or_default());
    format!(
        "{}/{}/{}/{}/{}/{}/{rung}",
        row.reference,
        key.step,
        key.regime,
        key.actor,
        key.entry,
        row.work_to.unwrap_or_default()
    )
}

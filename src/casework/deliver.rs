//! Taking a message to be sent, and putting on record what came of it. The sending itself is the service's.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::derive::{replan, withdraw_if_outdated};
use super::{Error, Result, Rules, notices};
use crate::case::Refusal;
use crate::mail::outcome::Outcome;
use crate::store::{self, MessageState, ReminderState, Settled, Store, Taken, Write};

/// Gives what was being sent when the service stopped back to the queue, as possible duplicates.
///
/// # Errors
/// The register's failure.
pub fn rescue(store: &mut impl Store, now: DateTime<Utc>) -> Result<u32> {
    store.write(|tx| Ok(tx.rescue(now)?))
}

/// Puts on record what attempts came to, and takes the next messages whose time has come, at most as many as there are
/// places; all in one transaction, which is on the disk before this returns. So no stop of the service can hide that a
/// server may have a message, or what a server said, and many sessions share the wait for the disk.
///
/// Accepted: its reminders are told. Refused as a recipient: they are planned again, for whoever is next in order.
/// Anything else: the same message, with the same Message-ID, is tried again later, unless what it says is no
/// longer so and no server can have it.
///
/// # Errors
/// The register's failure, after which none of it is on record.
pub fn turn(
    store: &mut impl Store,
    rules: &Rules,
    ended: &[(Taken, Outcome)],
    places: usize,
    now: DateTime<Utc>,
) -> Result<Vec<Taken>> {
    let comes = || {
        Ok::<_, Error>(
            store
                .read(|snapshot| snapshot.next_attempt())?
                .is_some_and(|at| at <= now),
        )
    };
    if ended.is_empty() && (places == 0 || !comes()?) {
        return Ok(Vec::new());
    }
    store.write(|tx| {
        for (taken, outcome) in ended {
            settle(tx, rules, taken, outcome, now)?;
        }
        let mut next = Vec::new();
        while next.len() < places
            && let Some(taken) = tx.take(now)?
        {
            next.push(taken);
        }
        Ok(next)
    })
}

fn settle(tx: &mut dyn Write, rules: &Rules, taken: &Taken, outcome: &Outcome, now: DateTime<Utc>) -> Result<()> {
    let state = match outcome {
        Outcome::Accepted { .. } => MessageState::Accepted,
        refused if refused.ends_recipient() => MessageState::Refused,
        _ => MessageState::Queued,
    };
    let delay = rules
        .retry
        .delay(taken.message.attempts, &taken.message.words.message_id);
    let settled = Settled {
        state,
        not_before: now + delay,
        maybe_duplicate: taken.message.maybe_duplicate || matches!(outcome, Outcome::Unknown { .. }),
        stage: outcome.stage().map(|stage| stage.as_str().to_owned()),
        outcome: outcome.kind().to_owned(),
        reply: outcome.words().to_owned(),
    };
    tx.settle(taken, &settled)?;
    // Where the lines of a mail cannot be read, what came of it stands all the same, or it would go out again for ever;
    // `verify` names what is damaged.
    tx.begin_part()?;
    let whole = match follow(tx, rules, taken, outcome, &settled, now) {
        Err(Error::Store(store::Error::Damaged(_))) => false,
        followed => followed.map(|()| true)?,
    };
    Ok(tx.end_part(whole)?)
}

/// What follows for its reminders and notices.
fn follow(
    tx: &mut dyn Write,
    rules: &Rules,
    taken: &Taken,
    outcome: &Outcome,
    settled: &Settled,
    now: DateTime<Utc>,
) -> Result<()> {
    match settled.state {
        MessageState::Accepted => {
            notices::told(tx, taken.message.id)?;
            mark(tx, taken, ReminderState::Told)
        }
        MessageState::Refused => {
            notices::name_refusing(tx, rules, &taken.message.words.recipient, outcome.words(), now)?;
            give_back(tx, rules, taken, now)
        }
        _ if settled.maybe_duplicate => Ok(()),
        _ => withdraw_if_outdated(tx, rules, taken.message.id, now),
    }
}

/// What a retry came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retried {
    /// It waits, and may be tried at once.
    Hurried,
    /// It was refused: its mailbox is written to again, with what of it is still to be told.
    Forgiven,
}

/// Lets a message be tried again now.
///
/// # Errors
/// A refusal where there is nothing to try again, or the register's failure.
pub fn retry(store: &mut impl Store, message: i64, now: DateTime<Utc>) -> Result<Retried> {
    store.write(|tx| {
        let why = match tx.message(message)?.map(|message| message.state) {
            None => "there is no mail of that number; `timeous mail queue` lists them",
            Some(_) if tx.hurry(message, now)? => return Ok(Retried::Hurried),
            Some(_) if tx.forgive(message)? => return Ok(Retried::Forgiven),
            Some(MessageState::Accepted) => "it was accepted; nothing is left to try",
            Some(MessageState::Superseded) => "it gave way to a later mail, which says what still holds",
            Some(_) => "it is being sent at this moment; look again in a minute",
        };
        Err(Refusal::new(format!("mail {message} is not tried again: {why}")).into())
    })
}

fn mark(tx: &mut dyn Write, taken: &Taken, state: ReminderState) -> Result<()> {
    for (reminder, _) in tx.lines(taken.message.id)? {
        tx.mark_reminder(reminder.id, state)?;
    }
    Ok(())
}

/// The mailbox refuses this morning's mail: what it said is to be told to somebody else.
fn give_back(tx: &mut dyn Write, rules: &Rules, taken: &Taken, now: DateTime<Utc>) -> Result<()> {
    mark(tx, taken, ReminderState::Returned)?;
    notices::give_back(tx, taken.message.id)?;
    let cases: BTreeSet<String> = tx.lines(taken.message.id)?.into_iter().map(|(_, case)| case).collect();
    replan(tx, rules, &cases, now)
}

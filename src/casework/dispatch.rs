//! Rungs whose morning has come become one message a person, in one transaction a person.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::derive::{apart, replan, told, withdraw};
use super::{Error, Result, Rules, copies, notices, sheet};
use crate::case::Case;
use crate::clock::{london_day, london_instant, london_time};
use crate::mail::message;
use crate::reminders::digest::{Block, Digest, Line};
use crate::reminders::next::{self, Told};
use crate::reminders::people::Why;
use crate::reminders::{Reason, Recipient, Rung};
use crate::statute::{self, Actor, Deadline};
use crate::store::{DeadlineRow, MessageState, NewMessage, NoticeState, ReminderRow, ReminderState, Store, Write};
use crate::wording;

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
    /// Notices that nobody could be told.
    pub unread_notices: usize,
    /// Notices that could not be understood, and are dropped.
    pub unreadable_notices: usize,
    /// Messages put off until the send window ended, whose cases went to somebody else.
    pub dead_letters: usize,
}

/// Writes the messages that are due at a moment.
///
/// On an open day between `send_at` and `send_until` that is every rung whose morning has come. At any other
/// hour it is only what the authority is to work to that very day, and before `send_at` only what was missed: the
/// rest waits for the morning's mail.
///
/// # Errors
/// The register's failure, or words that cannot be made; these keep one person's mail back and nobody else's.
pub fn dispatch(store: &mut impl Store, rules: &Rules, now: DateTime<Utc>) -> Result<Dispatched> {
    let moment = Moment::new(rules, now);
    let mut done = Dispatched::default();
    if store.read(|snapshot| snapshot.adopted())?.days != rules.sources.adopted {
        // Days were adopted since these rules were made. The next round's know them.
        return Ok(done);
    }
    let mut left_over = GivenUp::default();
    if moment.urgent.is_none() {
        // There was no round after the send window in which to see it.
        left_over = escalate(store, &moment, moment.today.pred_opt().unwrap_or(moment.today))?;
        done.dead_letters = left_over.messages;
        supersede_stale(store, rules, moment.today, now)?;
    }
    let (due, mut refused) = store.read(|snapshot| {
        let due = snapshot.due_cases(moment.through, moment.urgent)?;
        Ok::<_, Error>((due, snapshot.refused_on(moment.today)?))
    })?;
    refused.extend(left_over.mailboxes);
    let mut unworded = None;
    if moment.urgent.is_none() {
        notices::name_unowned(store, rules, moment.today)?;
        keep_going(write_notices(store, &moment, &refused, &mut done), &mut unworded)?;
    }
    keep_going(tell(store, &moment, due, &refused, &mut done), &mut unworded)?;
    if moment.window_ended {
        let given_up = escalate(store, &moment, moment.today)?;
        done.dead_letters += given_up.messages;
        if given_up.messages > 0 {
            let refused = store.read(|snapshot| snapshot.refused_on(moment.today))?;
            keep_going(write_notices(store, &moment, &refused, &mut done), &mut unworded)?;
            let at_once = Moment { urgent: None, ..moment };
            keep_going(
                tell(store, &at_once, given_up.references, &refused, &mut done),
                &mut unworded,
            )?;
        }
    }
    if moment.urgent.is_none() {
        // Last, when it is known who has had a mail.
        notices::assure(store, rules, moment.today)?;
        keep_going(write_notices(store, &moment, &refused, &mut done), &mut unworded)?;
    }
    unworded.map_or(Ok(done), |error| Err(Error::Wording(error)))
}

fn write_notices(store: &mut impl Store, moment: &Moment<'_>, refused: &[String], done: &mut Dispatched) -> Result<()> {
    let told = notices::write(store, moment.rules, refused, moment.now)?;
    done.messages += told.messages;
    done.unread_notices = told.nobody;
    done.unreadable_notices += told.unreadable;
    Ok(())
}

/// What was given up at the end of the send window.
#[derive(Default)]
struct GivenUp {
    messages: usize,
    /// The cases in it, with their officers.
    references: Vec<(String, Option<String>)>,
    /// Whose it was.
    mailboxes: Vec<String>,
}

/// Gives up the messages of a day and of those before that their recipients' servers have put off until the send window
/// ended: dead letters, whose cases go to somebody else at once. Where the server itself is away, nobody else would be
/// reached either, and everything goes on waiting; so does what was written after the window, which has not been put
/// off for a day: else a server that puts everything off once would use up everybody in a few minutes. So does what an
/// earlier day tried only once, as a server wants that knows nobody yet: it is written anew.
fn escalate(store: &mut impl Store, moment: &Moment<'_>, day: NaiveDate) -> Result<GivenUp> {
    let ended = london_instant(day, moment.rules.send_until);
    if store.read(|snapshot| snapshot.put_off_messages(day, ended))?.is_empty() {
        return Ok(GivenUp::default());
    }
    store.write(|tx| {
        let mut given_up = GivenUp::default();
        let mut cases = BTreeSet::new();
        for message in tx.put_off_messages(day, ended)? {
            let Some(tried) = tx
                .message(message)?
                .filter(|one| day == moment.today || one.attempts > 1)
            else {
                continue;
            };
            given_up.mailboxes.push(tried.words.recipient);
            given_up.messages += 1;
            cases.extend(withdraw(tx, message, MessageState::Dead, &[])?);
        }
        replan(tx, moment.rules, &cases, moment.now)?;
        for reference in cases {
            let officer = tx.case(&reference)?.and_then(|case| case.officer);
            given_up.references.push((reference, officer));
        }
        Ok(given_up)
    })
}

/// Writes one digest a mailbox: first those of officers, then of their managers, so that a copy that a digest makes
/// for somebody above is in that person's own; and first of all those whose quiet day it is, for their covers.
fn tell(
    store: &mut impl Store,
    moment: &Moment<'_>,
    due: Vec<(String, Option<String>)>,
    refused: &[String],
    done: &mut Dispatched,
) -> Result<()> {
    let people = &moment.rules.people;
    let mut readers = by_recipient(moment, due, refused, done);
    readers.sort_by_key(|(reader, _)| {
        let quiet = people.is_quiet(&reader.email, moment.today);
        (std::cmp::Reverse(people.above(&reader.email)), !quiet)
    });
    let mut unworded = None;
    for (reader, cases) in readers {
        keep_going(
            write_digest(store, moment, &reader, cases, refused, done),
            &mut unworded,
        )?;
    }
    if moment.urgent.is_some() && done.reminders == 0 {
        return unworded.map_or(Ok(()), |error| Err(Error::Wording(error)));
    }
    for reader in copies::readers(store, moment.rules, moment.today, refused)? {
        keep_going(
            write_digest(store, moment, &reader, Vec::new(), refused, done),
            &mut unworded,
        )?;
    }
    unworded.map_or(Ok(()), |error| Err(Error::Wording(error)))
}

/// Words that cannot be made keep one person's mail back and nobody else's.
fn keep_going(written: Result<()>, unworded: &mut Option<wording::Error>) -> Result<()> {
    match written {
        Err(Error::Wording(error)) => *unworded = Some(error),
        other => other?,
    }
    Ok(())
}

/// The rules and the moment of one round.
struct Moment<'a> {
    rules: &'a Rules,
    today: NaiveDate,
    now: DateTime<Utc>,
    /// The last morning whose rungs may be told.
    through: NaiveDate,
    /// Outside the send window: the day to work to without which a rung must wait.
    urgent: Option<NaiveDate>,
    /// It is an open day, and its send window is over.
    window_ended: bool,
}

impl<'a> Moment<'a> {
    fn new(rules: &'a Rules, now: DateTime<Utc>) -> Self {
        let (today, time) = (london_day(now), london_time(now));
        let open = rules.open_days().is_open(today);
        let in_window = open && (rules.send_at..=rules.send_until).contains(&time);
        let yesterday = today.pred_opt().unwrap_or(today);
        Self {
            rules,
            today,
            now,
            through: if time < rules.send_at { yesterday } else { today },
            urgent: (!in_window).then_some(today),
            window_ended: open && time > rules.send_until,
        }
    }

    /// Whether a deadline's next rung may be told.
    fn allows(&self, row: &DeadlineRow) -> bool {
        let urgent = |day| row.work_to == Some(day) && row.key.actor == Actor::Authority;
        row.next.is_some_and(|(on, _)| on <= self.through) && self.urgent.is_none_or(urgent)
    }
}

/// A message of another morning that no server can have gives way to a fresh one: of an earlier one, or of one to come
/// if the clock was ahead when it was written.
fn supersede_stale(store: &mut impl Store, rules: &Rules, today: NaiveDate, now: DateTime<Utc>) -> Result<()> {
    if store.read(|snapshot| snapshot.stale_messages(today))?.is_empty() {
        return Ok(());
    }
    store.write(|tx| {
        let mut cases = BTreeSet::new();
        for message in tx.stale_messages(today)? {
            cases.extend(withdraw(tx, message, MessageState::Superseded, &[])?);
        }
        replan(tx, rules, &cases, now)
    })
}

type Cases = Vec<(String, Why)>;

/// Who is to be told of which cases, by mailbox.
fn by_recipient(
    moment: &Moment<'_>,
    due: Vec<(String, Option<String>)>,
    refused: &[String],
    done: &mut Dispatched,
) -> Vec<(Recipient, Cases)> {
    let mut by_mailbox: BTreeMap<String, (Recipient, Cases)> = BTreeMap::new();
    for (reference, officer) in due {
        let unreachable = |email: &str| refused.iter().any(|one| one == email);
        match moment
            .rules
            .people
            .recipient(officer.as_deref(), moment.today, unreachable)
        {
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

fn write_digest(
    store: &mut impl Store,
    moment: &Moment<'_>,
    recipient: &Recipient,
    cases: Cases,
    refused: &[String],
    done: &mut Dispatched,
) -> Result<()> {
    store.write(|tx| {
        let mut blocks = Vec::new();
        let mut reminders = Vec::new();
        for (reference, why) in cases {
            match apart(tx, &reference, |tx| block(tx, moment, &reference, why, refused))? {
                Some(Some((block, mut told))) => {
                    blocks.push(block);
                    reminders.append(&mut told);
                }
                Some(None) => {}
                None => done.set_aside.push(reference),
            }
        }
        let copied = copies::for_reader(tx, moment.rules, moment.today, recipient, refused)?;
        let (ids, mut keys): (Vec<i64>, Vec<String>) = reminders.into_iter().unzip();
        keys.extend(copied.iter().flat_map(|copy| copy.names.iter().cloned()));
        let notices: Vec<i64> = copied.iter().flat_map(|copy| copy.notices.iter().copied()).collect();
        let not_told_anyway = copied.into_iter().filter(|copy| !copy.is_among(&blocks));
        let copied: Vec<Block> = not_told_anyway.map(|copy| copy.block).collect();
        blocks.extend(copied);
        if blocks.is_empty() {
            return Ok(());
        }
        let message = add_digest(tx, moment, recipient, blocks, keys, &ids)?;
        for notice in notices {
            tx.mark_notice(notice, NoticeState::Written, Some(message))?;
        }
        done.messages += 1;
        done.reminders += ids.len();
        Ok(())
    })
}

/// Puts the mail with these cases into the outbox.
fn add_digest(
    tx: &mut dyn Write,
    moment: &Moment<'_>,
    recipient: &Recipient,
    blocks: Vec<Block>,
    keys: Vec<String>,
    reminders: &[i64],
) -> Result<i64> {
    let rules = moment.rules;
    let thread = |block: &Block| message::thread_id(block.case.reference.as_str(), &rules.mail_domain);
    let references = blocks.iter().map(thread).collect();
    let mut digest = Digest::new(moment.today, rules.soon_through(moment.today), blocks);
    digest.taken = sheet::since_the_last_digest(tx, rules, &recipient.email)?;
    let words = rules.wording.digest(&digest, recipient, rules.open_days())?;
    let mail = NewMessage {
        references,
        ..notices::addressed(rules, recipient, words, keys, moment.today)
    };
    Ok(tx.add_message(&mail, reminders, moment.now)?)
}

type Reminders = Vec<(i64, String)>;

/// What is to be told of one case, with the reminders it is recorded as; nothing if all has been told.
fn block(
    tx: &mut dyn Write,
    moment: &Moment<'_>,
    reference: &str,
    why: Why,
    refused: &[String],
) -> Result<Option<(Block, Reminders)>> {
    let rules = moment.rules;
    let case = Case::fold(&tx.entries(reference)?)?;
    let mut deadlines = statute::deadlines(&case, &rules.calendar, &rules.authority);
    let mut lines = Vec::new();
    let mut reminders = Vec::new();
    for row in tx.deadlines(reference)? {
        if !moment.allows(&row) {
            continue;
        }
        let Some(found) = deadlines.iter().position(|deadline| deadline.key == row.key) else {
            tx.plan(row.id, None)?;
            continue;
        };
        let before = told(tx, row.id, deadlines[found].work_to, moment.today)?;
        if let Some((line, reminder)) = line(tx, moment, &row, &deadlines[found], before)? {
            let name = key(&row, &line);
            copies::leave(tx, moment.rules, moment.today, (&row, &line, before), (&name, refused))?;
            lines.push(line);
            reminders.push((reminder, name));
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
    told: Option<Told>,
) -> Result<Option<(Line, i64)>> {
    let (ladder, days) = (
        moment.rules.ladders.of(deadline),
        moment.rules.days_of(row.officer.as_deref()),
    );
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
        day: next::repeats(row.key.step, due.rung).then_some(moment.today),
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
fn key(row: &DeadlineRow, line: &Line) -> String {
    let key = row.key;
    format!(
        "{}/{}/{}/{}/{}/{}/{}",
        row.reference,
        key.step,
        key.regime,
        key.actor,
        key.entry,
        row.work_to.unwrap_or_default(),
        line.rung
    )
}

//! What is told besides rungs: a notice waits in the register until a mail of the send window tells it, to whoever
//! is there that day.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::{Error, Result, Rules, overview, sheet};
use crate::clock::london_day;
use crate::mail::message;
use crate::reminders::digest::Taken;
use crate::reminders::notice::{Moves, SheetAmiss, Upcoming};
use crate::reminders::people::{Officer, Unowned, Why};
use crate::reminders::{Notice, Recipient};
use crate::statute::{Actor, Nature};
use crate::store::{self, DeadlineRow, Listing, NewMessage, NoticeRow, NoticeState, Read, Store, Write};
use crate::wording::Words;

/// A notice as the register keeps it.
///
/// # Errors
/// None that can be provoked: a notice is plain data.
pub(super) fn body(notice: &Notice) -> Result<String> {
    serde_json::to_string(notice).map_err(|error| Error::Store(store::Error::Engine(error.to_string())))
}

/// What a notice says.
///
/// # Errors
/// If the register does not hold what a notice is made of.
pub(super) fn understood(row: &NoticeRow) -> Result<Notice> {
    let damaged = |error| Error::Store(store::Error::Damaged(format!("notice {}: {error}", row.id)));
    serde_json::from_str(&row.body).map_err(damaged)
}

/// Leaves a notice for each of some officers, for the team where there are none. Nothing for whom it is there already.
///
/// # Errors
/// The register's failure.
pub fn leave(store: &mut impl Store, name: &str, officers: &[String], notice: &Notice) -> Result<()> {
    let officers: Vec<Option<&str>> = match officers {
        [] => vec![None],
        some => some.iter().map(|id| Some(id.as_str())).collect(),
    };
    let full = |officer: Option<&str>| format!("{name}/{}", officer.unwrap_or_default());
    let missing = store.read(|snapshot| {
        let mut missing = Vec::new();
        for officer in officers {
            if !snapshot.has_notice(&full(officer))? {
                missing.push(officer);
            }
        }
        Ok::<_, Error>(missing)
    })?;
    if missing.is_empty() {
        return Ok(());
    }
    let body = body(notice)?;
    store.write(|tx| {
        for officer in missing {
            tx.add_notice(&full(officer), officer, &body)?;
        }
        Ok(())
    })
}

/// Says once a month that clocks may run past the announced bank holidays, while they may.
///
/// # Errors
/// The register's failure.
pub fn watch_horizon(store: &mut impl Store, rules: &Rules, now: DateTime<Utc>) -> Result<()> {
    let today = london_day(now);
    let announced_through = rules.calendar.announced_through();
    let needed = rules.longest_clock(today);
    if needed <= announced_through {
        return Ok(());
    }
    let name = format!("horizon/{announced_through}/{}", today.format("%Y-%m"));
    let notice = Notice::Horizon {
        announced_through,
        needed,
    };
    leave(store, &name, &rules.admins, &notice)
}

/// Names each case that nobody who is active has, once for every owner it lacks.
///
/// # Errors
/// The register's failure.
pub(super) fn name_unowned(store: &mut impl Store, rules: &Rules, today: NaiveDate) -> Result<()> {
    for (reference, why) in store.read(|snapshot| overview::unowned(snapshot, rules, today))? {
        let lacking = match &why {
            Unowned::NoOfficer => "",
            Unowned::Unknown { id } => id,
            Unowned::Left { name, .. } => name,
        };
        let name = format!("unowned/{reference}/{lacking}");
        leave(store, &name, &rules.admins, &Notice::Unowned { reference, why })?;
    }
    Ok(())
}

/// Once a week tells every officer who has had no mail that day, and has nothing late or to be done that day, that
/// there is nothing to do, so that silence is never ambiguous.
///
/// # Errors
/// The register's failure.
pub(super) fn assure(store: &mut impl Store, rules: &Rules, today: NaiveDate) -> Result<()> {
    let done = format!("assurance/{today}");
    if rules.assured_on(today) != Some(today) || store.read(|snapshot| snapshot.has_notice(&done))? {
        return Ok(());
    }
    store.write(|tx| {
        let told: BTreeSet<String> = tx
            .outbox()?
            .into_iter()
            .filter(|(message, _)| message.words.morning == today)
            .map(|(message, _)| message.words.recipient)
            .collect();
        let here = |officer: &&Officer| officer.is_here(today) && !told.contains(&officer.email);
        for officer in rules.people.officers.iter().filter(here) {
            if let Some(notice) = assurance(tx, rules, officer, today)? {
                let name = format!("{done}/{}", officer.id);
                tx.add_notice(&name, Some(&officer.id), &body(&notice)?)?;
            }
        }
        tx.add_notice(&done, None, "")?;
        let row = tx.open_notices()?.into_iter().find(|row| row.name == done);
        row.map_or(Ok(()), |row| Ok(tx.mark_notice(row.id, NoticeState::Dropped, None)?))
    })
}

fn assurance(snapshot: &dyn Read, rules: &Rules, officer: &Officer, today: NaiveDate) -> Result<Option<Notice>> {
    let open = snapshot.listing(&Listing {
        today,
        officer: Some(officer.id.clone()),
        rights_from: Some(today),
        ..Listing::default()
    })?;
    let own: Vec<DeadlineRow> = open
        .into_iter()
        .filter(|row| row.key.actor == Actor::Authority)
        .collect();
    let pressing = |row: &DeadlineRow| {
        let late = |day| day == today || (day < today && row.nature == Nature::Duty);
        row.work_to.is_some_and(late)
    };
    if own.iter().any(pressing) {
        // It was told before the window opened, or to somebody else.
        return Ok(None);
    }
    let next = own.iter().find_map(|row| {
        Some(Upcoming {
            reference: row.reference.clone(),
            step: row.key.step,
            on: row.work_to.filter(|day| *day >= today)?,
        })
    });
    Ok(Some(Notice::Assurance {
        on: today,
        open: own.len(),
        next,
        announced_through: rules.calendar.announced_through(),
    }))
}

/// A mail of what was taken from the sheet stands in no more threads.
const THREADS: usize = 25;

/// The kind of an assurance.
const ASSURANCE: u8 = 3;

/// What writing the notices that wait came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// Messages written.
    pub(super) messages: usize,
    /// Notices that nobody could be told.
    pub(super) nobody: usize,
    /// Notices that could not be understood, and are dropped.
    pub(super) unreadable: usize,
}

/// Writes one message a mailbox and subject for the notices that wait. `refused` are the mailboxes that have
/// refused mail today.
///
/// # Errors
/// The register's failure, or words that cannot be made.
pub(super) fn write(store: &mut impl Store, rules: &Rules, refused: &[String], now: DateTime<Utc>) -> Result<Told> {
    let today = london_day(now);
    let mut told = Told::default();
    for row in store.read(|snapshot| waiting(snapshot))? {
        told.unreadable += usize::from(store.write(|tx| refresh(tx, rules, &row, today))?);
    }
    let mut messages: BTreeMap<(String, u8), (Recipient, Vec<i64>)> = BTreeMap::new();
    for row in store.read(|snapshot| waiting(snapshot))? {
        let Some(kind) = kind(&understood(&row)?) else { continue };
        let unreachable = |email: &str| refused.iter().any(|one| one == email);
        let Some(reader) = rules.people.recipient(row.officer.as_deref(), today, unreachable) else {
            told.nobody += 1;
            continue;
        };
        if kind == ASSURANCE && reader.why != Why::Owner {
            // That there is nothing to do is for nobody else to know.
            store.write(|tx| tx.mark_notice(row.id, NoticeState::Dropped, None))?;
            continue;
        }
        let key = (reader.email.clone(), kind);
        messages.entry(key).or_insert((reader, Vec::new())).1.push(row.id);
    }
    for (reader, ids) in messages.into_values() {
        told.messages += usize::from(store.write(|tx| write_one(tx, rules, &reader, &ids, now))?);
    }
    Ok(told)
}

/// Drops what a waiting notice says that is no longer so, and hands on what is somebody else's by now. True for one
/// that cannot be understood: it is dropped, and keeps nothing else waiting.
fn refresh(tx: &mut dyn Write, rules: &Rules, row: &NoticeRow, today: NaiveDate) -> Result<bool> {
    let Ok(notice) = understood(row) else {
        tx.mark_notice(row.id, NoticeState::Dropped, None)?;
        return Ok(true);
    };
    let holds = match &notice {
        // Its mail did not leave that day, and it says nothing of any other.
        Notice::Assurance { on, .. } => *on == today,
        Notice::Horizon { announced_through, .. } => *announced_through == rules.calendar.announced_through(),
        Notice::Unowned { reference, .. } => {
            let officer = tx.case(reference)?.and_then(|case| case.officer);
            rules.people.unowned(officer.as_deref(), today).is_some()
        }
        Notice::Moved(moves) => {
            let still = still_moved(tx, moves)?;
            if still.len() == 1 && still.get(&row.officer) == Some(moves) {
                return Ok(false);
            }
            for (officer, moves) in still {
                add_moved(tx, &row.name, officer.as_deref(), moves)?;
            }
            false
        }
        Notice::Sheet(amiss) => match still_amiss(tx, amiss)? {
            Some(still) if still == *amiss => return Ok(false),
            Some(still) => {
                let body = body(&Notice::Sheet(still))?;
                add_under_a_free_name(tx, &row.name, row.officer.as_deref(), &body)?;
                false
            }
            None => false,
        },
        Notice::Copy(_) | Notice::Refusing { .. } | Notice::Proposal { .. } => true,
    };
    if !holds {
        tx.mark_notice(row.id, NoticeState::Dropped, None)?;
    }
    Ok(false)
}

/// What of a notice of moved dates is still so, by the officer who has the case now.
fn still_moved(snapshot: &dyn Read, moves: &Moves) -> Result<BTreeMap<Option<String>, Moves>> {
    let mut still: BTreeMap<Option<String>, Moves> = BTreeMap::new();
    for one in &moves.moves {
        let rows = snapshot.deadlines(&one.reference)?;
        let found = rows.into_iter().find(|row| row.id == one.deadline);
        let same =
            |row: &DeadlineRow| (row.due, row.work_to, row.state) == (one.now.due, one.now.work_to, one.now.state);
        let Some(row) = found.filter(same) else { continue };
        let of_officer = still.entry(row.officer).or_insert_with(|| Moves {
            causes: moves.causes.clone(),
            moves: Vec::new(),
        });
        of_officer.moves.push(one.clone());
    }
    still.retain(|_, moves| !moves.is_empty());
    Ok(still)
}

/// What of the things amiss with the sheet is still so; nothing if all of it was mended before its mail was written.
fn still_amiss(snapshot: &dyn Read, amiss: &SheetAmiss) -> Result<Option<SheetAmiss>> {
    let known = snapshot.sheet_oddities()?;
    let mut still = amiss.clone();
    still
        .oddities
        .retain(|oddity| known.iter().any(|one| oddity.names.contains(&one.name)));
    Ok((!still.oddities.is_empty()).then_some(still))
}

/// Leaves a notice of moved dates under a name that none has yet.
///
/// # Errors
/// The register's failure.
pub(super) fn add_moved(tx: &mut dyn Write, name: &str, officer: Option<&str>, moves: Moves) -> Result<()> {
    let body = body(&Notice::Moved(moves))?;
    add_under_a_free_name(tx, name, officer, &body)
}

/// Leaves a notice under a name that none has yet.
///
/// # Errors
/// The register's failure.
pub(super) fn add_under_a_free_name(tx: &mut dyn Write, name: &str, officer: Option<&str>, body: &str) -> Result<()> {
    let mut free = name.to_owned();
    let mut again = 1;
    while !tx.add_notice(&free, officer, body)? {
        again += 1;
        free = format!("{name}/{again}");
    }
    Ok(())
}

/// The notices that no mail tells yet.
///
/// # Errors
/// The register's failure.
pub(super) fn waiting(snapshot: &dyn Read) -> Result<Vec<NoticeRow>> {
    let open = snapshot.open_notices()?;
    Ok(open
        .into_iter()
        .filter(|row| row.state == NoticeState::Waiting)
        .collect())
}

/// Notices of one kind share a mail of their own.
fn kind(notice: &Notice) -> Option<u8> {
    match notice {
        Notice::Moved(_) => Some(0),
        Notice::Horizon { .. } => Some(1),
        Notice::Proposal { .. } => Some(2),
        Notice::Assurance { .. } => Some(ASSURANCE),
        Notice::Unowned { .. } => Some(4),
        Notice::Refusing { .. } => Some(5),
        Notice::Sheet(_) => Some(6),
        // A copy stands in a digest.
        Notice::Copy(_) => None,
    }
}

fn write_one(tx: &mut dyn Write, rules: &Rules, reader: &Recipient, ids: &[i64], now: DateTime<Utc>) -> Result<bool> {
    let today = london_day(now);
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        rows.extend(tx.notice(*id)?.filter(|row| row.state == NoticeState::Waiting));
    }
    if rows.is_empty() {
        return Ok(false);
    }
    let mut notices = Vec::new();
    for row in &rows {
        let owner = row.officer.as_deref().and_then(|id| rules.people.officer(id));
        let another = owner.filter(|officer| officer.email != reader.email);
        notices.push((understood(row)?, another.map(|officer| officer.name.clone())));
    }
    // Whoever is told that nothing is to be done learns by what: an answer that is only a slip in the sheet ends a case too.
    let assures = notices.iter().any(|(notice, _)| kind(notice) == Some(ASSURANCE));
    let taken = match assures {
        true => sheet::since_the_last_digest(tx, rules, &reader.email)?,
        false => Vec::new(),
    };
    let words = rules.wording.notices(&notices, reader, (&taken, today))?;
    let keys = rows.iter().map(|row| row.name.clone()).collect();
    let mail = NewMessage {
        references: threads(rules, &taken),
        ..addressed(rules, reader, words, keys, today)
    };
    let message = tx.add_message(&mail, &[], now)?;
    for row in rows {
        tx.mark_notice(row.id, NoticeState::Written, Some(message))?;
    }
    Ok(true)
}

/// The threads of the cases of which something was taken from the sheet. By having any, a mail is one after which that is
/// not told again.
fn threads(rules: &Rules, taken: &[Taken]) -> Vec<String> {
    let references: BTreeSet<&str> = taken.iter().map(|one| one.reference.as_str()).collect();
    let some = references.into_iter().take(THREADS);
    some.map(|reference| message::thread_id(reference, &rules.mail_domain))
        .collect()
}

/// A mail of a morning with these words to a reader, in no thread yet. What it tells, by `keys`, and the morning make
/// its Message-ID.
pub(super) fn addressed(
    rules: &Rules,
    reader: &Recipient,
    words: Words,
    mut keys: Vec<String>,
    morning: NaiveDate,
) -> NewMessage {
    keys.push(morning.to_string());
    NewMessage {
        recipient: reader.email.clone(),
        name: reader.name.clone(),
        morning,
        message_id: message::message_id(&reader.email, &keys, &rules.mail_domain),
        references: Vec::new(),
        subject: words.subject,
        text: words.text,
        html: words.html,
    }
}

/// The mail that some notices are in has left for good.
///
/// # Errors
/// The register's failure.
pub(super) fn told(tx: &mut dyn Write, message: i64) -> Result<()> {
    for row in tx.notices_in(message)? {
        tx.mark_notice(row.id, NoticeState::Told, Some(message))?;
    }
    Ok(())
}

/// Says to those who watch the service that a mailbox refuses mail, once a week: whoever stands in for its owner is
/// told what was to be told, but does not know why.
///
/// # Errors
/// The register's failure.
pub(super) fn name_refusing(
    tx: &mut dyn Write,
    rules: &Rules,
    mailbox: &str,
    reply: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let owner = rules.people.officer_of(mailbox);
    let week = london_day(now).format("%G-W%V");
    let notice = body(&Notice::Refusing {
        name: owner.map(|officer| officer.name.clone()),
        reply: reply.to_owned(),
    })?;
    for admin in &rules.admins {
        let whose = owner.map(|officer| officer.id.as_str()).unwrap_or_default();
        tx.add_notice(&format!("refusing/{whose}/{week}/{admin}"), Some(admin), &notice)?;
    }
    Ok(())
}

/// The mail that some notices are in was refused: they wait for another reader.
///
/// # Errors
/// The register's failure.
pub(super) fn give_back(tx: &mut dyn Write, message: i64) -> Result<()> {
    for row in tx.notices_in(message)? {
        tx.mark_notice(row.id, NoticeState::Waiting, None)?;
    }
    Ok(())
}

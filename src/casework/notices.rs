//! What is told besides rungs: a notice waits in the register until a mail of the send window tells it, to whoever
//! is there that day.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{Error, Result, Rules};
use crate::clock::london_day;
use crate::mail::message;
use crate::reminders::{Notice, Recipient};
use crate::store::{self, NewMessage, NoticeRow, NoticeState, Read, Store, Write};

/// A notice as the register keeps it.
///
/// # Errors
/// None that can be provoked: a notice is plain data.
pub(super) fn body(notice: &Notice) -> Result<String> {
    serde_json::to_string(notice).map_err(|error| Error::Store(store::Error::Engine(error.to_string())))
}

fn understood(row: &NoticeRow) -> Result<Notice> {
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
pub fn watch_horizon(store: &mut impl Store, rules: &Rules, admins: &[String], now: DateTime<Utc>) -> Result<()> {
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
    leave(store, &name, admins, &notice)
}

/// What writing the notices that wait came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// Messages written.
    pub(super) messages: usize,
    /// Notices that nobody could be told.
    pub(super) nobody: usize,
}

/// Writes one message a mailbox and subject for the notices that wait. `refused` are the mailboxes that have
/// refused mail today.
///
/// # Errors
/// The register's failure, or words that cannot be made.
pub(super) fn write(store: &mut impl Store, rules: &Rules, refused: &[String], now: DateTime<Utc>) -> Result<Told> {
    let today = london_day(now);
    let mut told = Told::default();
    let waiting = store.read(|snapshot| waiting(snapshot))?;
    let mut messages: BTreeMap<(String, u8), (Recipient, Vec<i64>)> = BTreeMap::new();
    for row in &waiting {
        let unreachable = |email: &str| refused.iter().any(|one| one == email);
        let Some(reader) = rules.people.recipient(row.officer.as_deref(), today, unreachable) else {
            told.nobody += 1;
            continue;
        };
        let key = (reader.email.clone(), kind(&understood(row)?));
        messages.entry(key).or_insert((reader, Vec::new())).1.push(row.id);
    }
    for (reader, ids) in messages.into_values() {
        told.messages += usize::from(store.write(|tx| write_one(tx, rules, &reader, &ids, now))?);
    }
    Ok(told)
}

fn waiting(snapshot: &dyn Read) -> Result<Vec<NoticeRow>> {
    let open = snapshot.open_notices()?;
    Ok(open
        .into_iter()
        .filter(|row| row.state == NoticeState::Waiting)
        .collect())
}

/// Notices of one kind share a mail.
fn kind(notice: &Notice) -> u8 {
    match notice {
        Notice::Moved(_) => 0,
        Notice::Horizon { .. } => 1,
        Notice::Proposal { .. } => 2,
    }
}

fn write_one(tx: &mut dyn Write, rules: &Rules, reader: &Recipient, ids: &[i64], now: DateTime<Utc>) -> Result<bool> {
    let today = london_day(now);
    let rows: Vec<NoticeRow> = waiting(tx)?.into_iter().filter(|row| ids.contains(&row.id)).collect();
    if rows.is_empty() {
        return Ok(false);
    }
    let mut notices = Vec::new();
    for row in &rows {
        let owner = row.officer.as_deref().and_then(|id| rules.people.officer(id));
        let another = owner.filter(|officer| officer.email != reader.email);
        notices.push((understood(row)?, another.map(|officer| officer.name.clone())));
    }
    let words = rules.wording.notices(&notices, reader)?;
    let mut keys: Vec<String> = rows.iter().map(|row| row.name.clone()).collect();
    keys.push(today.to_string());
    let message = tx.add_message(
        &NewMessage {
            recipient: reader.email.clone(),
            name: reader.name.clone(),
            morning: today,
            message_id: message::message_id(&reader.email, &keys, &rules.mail_domain),
            references: Vec::new(),
            subject: words.subject,
            text: words.text,
            html: words.html,
        },
        &[],
        now,
    )?;
    for row in rows {
        tx.mark_notice(row.id, NoticeState::Written, Some(message))?;
    }
    Ok(true)
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

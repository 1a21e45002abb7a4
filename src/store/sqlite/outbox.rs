//! Reminders, the messages that carry them, and every try at sending one.

use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::super::{
    Attempt, Error, Message, MessageState, NewMessage, ReminderRow, ReminderState, ReminderStory, Result, Settled,
    Taken,
};
use super::row::{collect, instant, word};
use crate::case::chain;

fn reminder(row: &Row<'_>) -> Result<ReminderRow> {
    let day: String = row.get("day")?;
    Ok(ReminderRow {
        id: row.get("id")?,
        deadline: row.get("deadline")?,
        work_to: word(row, "work_to")?,
        rung: word(row, "rung")?,
        day: match day.as_str() {
            "" => None,
            _ => Some(word(row, "day")?),
        },
        reason: word(row, "reason")?,
        state: word(row, "state")?,
    })
}

pub(super) fn reminders(connection: &Connection, deadline: i64) -> Result<Vec<ReminderRow>> {
    collect(
        connection,
        "select * from reminder where deadline = ?1 order by id",
        [deadline],
        reminder,
    )
}

pub(super) fn add_reminder(connection: &Connection, reminder: &ReminderRow) -> Result<Option<i64>> {
    Ok(connection
        .prepare_cached(
            "insert into reminder (deadline, work_to, rung, day, reason, state) values (?1, ?2, ?3, ?4, ?5, 'queued')
             on conflict (deadline, work_to, rung, day) do update set state = 'queued', reason = excluded.reason
                 where reminder.state in ('returned', 'dropped')
             returning id",
        )?
        .query_row(
            params![
                reminder.deadline,
                reminder.work_to.to_string(),
                reminder.rung.to_string(),
                reminder.day.map(|day| day.to_string()).unwrap_or_default(),
                reminder.reason.as_str(),
            ],
            |row| row.get(0),
        )
        .optional()?)
}

pub(super) fn mark_reminder(connection: &Connection, reminder: i64, state: ReminderState) -> Result<()> {
    connection
        .prepare_cached("update reminder set state = ?2 where id = ?1")?
        .execute(params![reminder, state.as_str()])?;
    Ok(())
}

fn message(row: &Row<'_>) -> Result<Message> {
    let references: String = row.get("refs")?;
    Ok(Message {
        id: row.get("id")?,
        words: NewMessage {
            recipient: row.get("recipient")?,
            name: row.get("name")?,
            morning: word(row, "morning")?,
            message_id: row.get("message_id")?,
            references: references.split_whitespace().map(str::to_owned).collect(),
            subject: row.get("subject")?,
            text: row.get("body_text")?,
            html: row.get("body_html")?,
        },
        state: word(row, "state")?,
        created_at: instant(row, "created_at")?,
        not_before: instant(row, "not_before")?,
        attempts: row.get("attempts")?,
        maybe_duplicate: row.get("maybe_duplicate")?,
    })
}

pub(super) fn add_message(
    connection: &Connection,
    message: &NewMessage,
    reminders: &[i64],
    now: DateTime<Utc>,
) -> Result<i64> {
    let id: i64 = connection
        .prepare_cached(
            "insert into message (recipient, name, morning, message_id, refs, subject, state, created_at, not_before,
                                  attempts, maybe_duplicate, position)
             values (?1, ?2, ?3, ?4, ?5, ?6, 'queued', ?7, ?7, 0, 0, (select position from about))
             returning id",
        )?
        .query_row(
            params![
                message.recipient,
                message.name,
                message.morning.to_string(),
                message.message_id,
                message.references.join(" "),
                message.subject,
                chain::instant(now),
            ],
            |row| row.get(0),
        )?;
    connection
        .prepare_cached("insert into words (message, body_text, body_html) values (?1, ?2, ?3)")?
        .execute(params![id, message.text, message.html])?;
    let mut line = connection.prepare_cached("insert into line (message, reminder) values (?1, ?2)")?;
    for reminder in reminders {
        line.execute(params![id, reminder])?;
    }
    Ok(id)
}

pub(super) fn withdraw(connection: &Connection, message: i64, state: MessageState) -> Result<bool> {
    let changed = connection
        .prepare_cached("update message set state = ?2 where id = ?1 and state = 'queued' and maybe_duplicate = 0")?
        .execute(params![message, state.as_str()])?;
    Ok(changed == 1)
}

pub(super) fn by_number(connection: &Connection, id: i64) -> Result<Option<Message>> {
    let found = collect(
        connection,
        "select * from message join words on words.message = message.id where id = ?1",
        [id],
        message,
    )?;
    Ok(found.into_iter().next())
}

pub(super) fn hurry(connection: &Connection, message: i64, now: DateTime<Utc>) -> Result<bool> {
    let changed = connection
        .prepare_cached("update message set not_before = min(not_before, ?2) where id = ?1 and state = 'queued'")?
        .execute(params![message, chain::instant(now)])?;
    Ok(changed == 1)
}

pub(super) fn forgive(connection: &Connection, message: i64) -> Result<bool> {
    let changed = connection
        .prepare_cached("update message set state = 'superseded' where id = ?1 and state in ('refused', 'dead')")?
        .execute([message])?;
    Ok(changed == 1)
}

pub(super) const TO_BE_TAKEN: &str = "select * from message join words on words.message = message.id
     where state = 'queued' and not_before <= ?1 order by not_before, id limit 1";

pub(super) fn take(connection: &Connection, now: DateTime<Utc>) -> Result<Option<Taken>> {
    let waiting = collect(connection, TO_BE_TAKEN, [chain::instant(now)], message)?;
    let Some(mut message) = waiting.into_iter().next() else {
        return Ok(None);
    };
    let taken = connection
        .prepare_cached(
            "update message set state = 'sending', attempts = attempts + 1 where id = ?1 and state = 'queued'",
        )?
        .execute([message.id])?;
    if taken != 1 {
        return Ok(None);
    }
    message.state = MessageState::Sending;
    message.attempts += 1;
    let attempt = connection
        .prepare_cached("insert into attempt (message, at) values (?1, ?2) returning id")?
        .query_row(params![message.id, chain::instant(now)], |row| row.get(0))?;
    Ok(Some(Taken { message, attempt }))
}

pub(super) fn settle(connection: &Connection, taken: &Taken, settled: &Settled) -> Result<()> {
    let changed = connection
        .prepare_cached(
            "update message set state = ?2, not_before = ?3, maybe_duplicate = max(maybe_duplicate, ?4)
             where id = ?1 and state = 'sending'",
        )?
        .execute(params![
            taken.message.id,
            settled.state.as_str(),
            chain::instant(settled.not_before),
            settled.maybe_duplicate,
        ])?;
    if changed != 1 {
        return Err(Error::Damaged(format!(
            "message {} was not being sent",
            taken.message.id
        )));
    }
    connection
        .prepare_cached("update attempt set stage = ?2, outcome = ?3, reply = ?4 where id = ?1")?
        .execute(params![taken.attempt, settled.stage, settled.outcome, settled.reply])?;
    Ok(())
}

pub(super) const CLOSE_OPEN_ATTEMPTS: &str =
    "update attempt set outcome = 'unknown', reply = 'the service stopped while it was being sent'
     where outcome is null and message in (select id from message where state = 'sending')";

pub(super) fn rescue(connection: &Connection, now: DateTime<Utc>) -> Result<u32> {
    connection.execute(CLOSE_OPEN_ATTEMPTS, [])?;
    let rescued = connection.execute(
        "update message set state = 'queued', maybe_duplicate = 1, not_before = ?1 where state = 'sending'",
        [chain::instant(now)],
    )?;
    Ok(u32::try_from(rescued).unwrap_or(u32::MAX))
}

fn attempts(connection: &Connection, message: i64) -> Result<Vec<Attempt>> {
    collect(
        connection,
        "select * from attempt where message = ?1 order by id",
        [message],
        |row| {
            Ok(Attempt {
                at: instant(row, "at")?,
                stage: row.get("stage")?,
                outcome: row.get("outcome")?,
                reply: row.get("reply")?,
            })
        },
    )
}

fn with_attempts(connection: &Connection, messages: Vec<Message>) -> Result<Vec<(Message, Vec<Attempt>)>> {
    messages
        .into_iter()
        .map(|message| {
            let attempts = attempts(connection, message.id)?;
            Ok((message, attempts))
        })
        .collect()
}

pub(super) const OUTBOX: &str = "select * from message join words on words.message = message.id where id in (
         select id from message where state = 'queued'
         union all select id from message where state = 'sending'
         union all select id from (
             select id from message where state = 'refused' order by morning desc, id desc limit 50)
         union all select id from (
             select id from message where state = 'dead' order by id desc limit 50))
     order by id";

pub(super) fn outbox(connection: &Connection) -> Result<Vec<(Message, Vec<Attempt>)>> {
    let waiting = collect(connection, OUTBOX, [], message)?;
    with_attempts(connection, waiting)
}

pub(super) const NEXT_ATTEMPT: &str = "select not_before as at from message join words on words.message = message.id
     where state = 'queued' order by not_before limit 1";

pub(super) fn next_attempt(connection: &Connection) -> Result<Option<DateTime<Utc>>> {
    let mut found = collect(connection, NEXT_ATTEMPT, [], |row| super::row::maybe(row, "at"))?;
    Ok(found.pop().flatten())
}

pub(super) const REFUSED_ON: &str = "select recipient from message where state = 'refused' and morning = ?1
     union select recipient from message where state = 'dead' and morning = ?1";

pub(super) fn refused_on(connection: &Connection, morning: NaiveDate) -> Result<Vec<String>> {
    collect(connection, REFUSED_ON, [morning.to_string()], |row| Ok(row.get(0)?))
}

pub(super) const PUT_OFF: &str = "select id from message
     where state = 'queued' and morning <= ?1 and created_at <= ?2 and maybe_duplicate = 0 and attempts > 0
       and (select outcome = 'deferred' and stage in ('rcpt', 'data', 'dot') from attempt
            where attempt.message = message.id order by attempt.id desc limit 1)
     order by not_before, id";

pub(super) fn put_off_messages(
    connection: &Connection,
    morning: NaiveDate,
    written_by: DateTime<Utc>,
) -> Result<Vec<i64>> {
    let known = [morning.to_string(), chain::instant(written_by)];
    collect(connection, PUT_OFF, known, |row| Ok(row.get(0)?))
}

pub(super) const STALE: &str =
    "select id from message where state = 'queued' and morning <> ?1 and maybe_duplicate = 0 order by not_before, id";

pub(super) fn stale_messages(connection: &Connection, morning: NaiveDate) -> Result<Vec<i64>> {
    collect(connection, STALE, [morning.to_string()], |row| Ok(row.get(0)?))
}

pub(super) const WAITING_ABOUT: &str = "select distinct message.id from reminder
     join line on line.reminder = reminder.id join message on message.id = line.message
     where reminder.deadline = ?1 and message.state = 'queued' and message.maybe_duplicate = 0 order by message.id";

pub(super) fn waiting_about(connection: &Connection, deadline: i64) -> Result<Vec<i64>> {
    collect(connection, WAITING_ABOUT, [deadline], |row| Ok(row.get(0)?))
}

pub(super) const LINES: &str = "select reminder.*, deadline.reference from line
     join reminder on reminder.id = line.reminder join deadline on deadline.id = reminder.deadline
     where line.message = ?1 order by reminder.id";

pub(super) fn lines(connection: &Connection, message: i64) -> Result<Vec<(ReminderRow, String)>> {
    collect(connection, LINES, [message], |row| {
        Ok((reminder(row)?, row.get("reference")?))
    })
}

pub(super) const STORY: &str = "select reminder.*, deadline.step, deadline.occurrence from deadline
     join reminder on reminder.deadline = deadline.id
     where deadline.reference = ?1 order by reminder.id";

pub(super) fn story(connection: &Connection, reference: &str) -> Result<Vec<ReminderStory>> {
    let told = collect(connection, STORY, [reference], |row| {
        Ok((word(row, "step")?, row.get("occurrence")?, reminder(row)?))
    })?;
    told.into_iter()
        .map(|(step, occurrence, reminder)| {
            let messages = collect(
                connection,
                "select message.*, words.* from line join message on message.id = line.message
                     join words on words.message = message.id
                 where line.reminder = ?1 order by message.id",
                [reminder.id],
                message,
            )?;
            Ok(ReminderStory {
                step,
                occurrence,
                reminder,
                messages: with_attempts(connection, messages)?,
            })
        })
        .collect()
}

//! What `status` asks, and what the service leaves for it.

use chrono::NaiveDate;
use rusqlite::{Connection, named_params, params};

use super::super::{Counts, DeadlineRow, Listing, OutboxCounts, Result, Round, Task};
use super::row::{collect, day, instant, word};
use crate::case::chain;

/// One statement a question, so that each is answered from an index: a condition that may be absent would have
/// the whole table read. Applicants have rights and no duties, and a right stays open when its time has ended; theirs are
/// asked for apart, so that those that ended in all the years are passed over and not looked through.
pub(super) fn listing_sql(listing: &Listing) -> String {
    let of_applicants = match listing.rights_from {
        Some(_) => "actor = 'applicant' and work_to >= :rights_from",
        None => "actor = 'applicant'",
    };
    let of_others = |whose: &str| match listing.rights_from {
        Some(_) => format!("{whose} and (nature = 'duty' or work_to >= :rights_from)"),
        None => whose.to_owned(),
    };
    let mut parts = vec![of_others("actor = 'authority'"), of_applicants.to_owned()];
    if listing.all {
        parts.push(of_others("actor = 'commissioner'"));
    }
    let mut further = String::new();
    for (is_asked, condition) in [
        (listing.through.is_some(), " and work_to <= :through"),
        (listing.officer.is_some(), " and officer = :officer"),
        (listing.step.is_some(), " and step = :step"),
    ] {
        if is_asked {
            further.push_str(condition);
        }
    }
    let parts: Vec<String> = parts
        .iter()
        .map(|part| format!("select * from deadline where open = 1 and work_to is not null and {part}{further}"))
        .collect();
    parts.join(" union all ") + " order by work_to, reference, id"
}

/// The statements by which `status` asks for what is to be done through a day, and for its counts, with their values
/// in place: for holding it against SQLite's own shell.
#[doc(hidden)]
#[must_use]
pub fn questions_of_status(today: NaiveDate, soon: NaiveDate) -> Vec<String> {
    let listing = Listing {
        today,
        through: Some(soon),
        officer: None,
        step: None,
        rights_from: Some(today),
        all: false,
    };
    let dated = |sql: &str| {
        [
            (":through", soon),
            (":rights_from", today),
            (":today", today),
            (":soon", soon),
        ]
        .iter()
        .fold(sql.to_owned(), |sql, (name, day)| {
            sql.replace(name, &format!("'{day}'"))
        })
    };
    [listing_sql(&listing).as_str(), COUNTS, OUTBOX_COUNTS]
        .map(dated)
        .to_vec()
}

pub(super) fn listing(connection: &Connection, listing: &Listing) -> Result<Vec<DeadlineRow>> {
    let values = [
        (":through", day(listing.through)),
        (":officer", listing.officer.clone()),
        (":step", listing.step.map(|step| step.as_str().to_owned())),
        (":rights_from", day(listing.rights_from)),
    ];
    let given: Vec<(&str, &dyn rusqlite::ToSql)> = values
        .iter()
        .filter(|(_, value)| value.is_some())
        .map(|(name, value)| (*name, value as &dyn rusqlite::ToSql))
        .collect();
    let sql = listing_sql(listing);
    collect(connection, &sql, given.as_slice(), super::deadlines::deadline)
}

pub(super) const COUNTS: &str = "select
            (select count(distinct reference) from deadline where open = 1 and step = 'response'),
            (select count(distinct reference) from deadline where open = 1 and step = 'review-outcome'),
            (select count(distinct reference) from deadline where open = 1 and step = 'commissioner-decision'),
            (select count(distinct reference) from deadline
                where open = 1 and step = 'response' and state = 'suspended'),
            (select count(distinct reference) from deadline
                where open = 1 and actor = 'authority' and nature = 'duty' and work_to > :soon),
            (select count(*) from deadline
                where open = 1 and actor = 'applicant' and nature = 'right' and work_to >= :today
                  and (state = 'running' or opens_after < :today)),
            (select count(*) from deadline
                where open = 1 and actor = 'authority' and nature = 'duty' and work_to < :today and due < :today),
            (select count(*) from deadline
                where open = 1 and actor = 'authority' and nature = 'duty' and work_to < :today and due >= :today),
            (select count(*) from deadline where open = 1 and actor = 'authority' and work_to = :today),
            (select count(*) from deadline
                where open = 1 and actor = 'authority' and work_to > :today and work_to <= :soon)";

pub(super) fn counts(connection: &Connection, today: NaiveDate, soon: NaiveDate) -> Result<Counts> {
    let mut statement = connection.prepare_cached(COUNTS)?;
    let values = named_params! { ":today": today.to_string(), ":soon": soon.to_string() };
    Ok(statement.query_row(values, |row| {
        Ok(Counts {
            to_answer: row.get(0)?,
            to_review: row.get(1)?,
            with_commissioner: row.get(2)?,
            awaiting_applicant: row.get(3)?,
            later: row.get(4)?,
            window_running: row.get(5)?,
            overdue: row.get(6)?,
            past_safe_date: row.get(7)?,
            due_today: row.get(8)?,
            due_soon: row.get(9)?,
        })
    })?)
}

/// A refused message counts until what it said has been told to somebody, or need not be told any more: the
/// deadline's next rung then lies after the message's morning.
pub(super) const OUTBOX_COUNTS: &str = "select
    (select count(*) from message where state = 'queued') + (select count(*) from message where state = 'sending'),
    (select count(*) from message where state = 'refused' and exists (
        select 1 from line join reminder on reminder.id = line.reminder
        join deadline on deadline.id = reminder.deadline
        where line.message = message.id and reminder.state = 'returned' and deadline.next_on <= message.morning)),
    (select count(*) from message where state = 'dead' and exists (
        select 1 from line join reminder on reminder.id = line.reminder
        join deadline on deadline.id = reminder.deadline
        where line.message = message.id and reminder.state = 'returned' and deadline.next_on <= message.morning))";

pub(super) fn outbox_counts(connection: &Connection) -> Result<OutboxCounts> {
    let mut statement = connection.prepare_cached(OUTBOX_COUNTS)?;
    Ok(statement.query_row([], |row| {
        Ok(OutboxCounts {
            queued: row.get(0)?,
            refused: row.get(1)?,
            dead: row.get(2)?,
        })
    })?)
}

/// A message written after its window (what is worked to that very day) is given its first try.
pub(super) fn unaccepted(connection: &Connection, morning: NaiveDate) -> Result<u32> {
    let mut statement = connection.prepare_cached(
        "select (select count(*) from message
                 where state = 'queued' and (morning < ?1 or (morning = ?1 and attempts > 0))) +
                (select count(*) from message
                 where state = 'sending' and (morning < ?1 or (morning = ?1 and attempts > 1)))",
    )?;
    Ok(statement.query_row([morning.to_string()], |row| row.get(0))?)
}

pub(super) fn save_round(connection: &Connection, task: Task, round: &Round) -> Result<()> {
    connection
        .prepare_cached(
            "insert into round (task, at, ok, summary) values (?1, ?2, ?3, ?4)
             on conflict (task) do update set at = excluded.at, ok = excluded.ok, summary = excluded.summary",
        )?
        .execute(params![
            task.as_str(),
            chain::instant(round.at),
            round.ok,
            round.summary
        ])?;
    Ok(())
}

pub(super) fn rounds(connection: &Connection) -> Result<Vec<(Task, Round)>> {
    collect(connection, "select * from round order by task", [], |row| {
        Ok((
            word(row, "task")?,
            Round {
                at: instant(row, "at")?,
                ok: row.get("ok")?,
                summary: row.get("summary")?,
            },
        ))
    })
}

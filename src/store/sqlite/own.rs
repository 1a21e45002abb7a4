//! What the register keeps of itself.

use rusqlite::{Connection, Row, params};

use super::super::{Adopted, AdoptedCalendar, Error, NoticeRow, NoticeState, OwnBody, Rederivation, Result};
use super::row::{collect, instant, word};
use crate::calendar::BankHoliday;
use crate::case::chain;

pub(super) const ADOPTED: &str =
    "select on_day, body from entry where reference is null and kind = 'calendar-adopted' order by position";

pub(super) fn adopted(connection: &Connection) -> Result<Adopted> {
    let entries = collect(connection, ADOPTED, [], |row| {
        let body: String = row.get("body")?;
        let body: OwnBody =
            serde_json::from_str(&body).map_err(|error| Error::Damaged(format!("an adopted calendar: {error}")))?;
        Ok((word(row, "on_day")?, body))
    })?;
    let mut all = Adopted::default();
    for (on, body) in entries {
        match body {
            OwnBody::CalendarAdopted { days, .. } if !days.is_empty() => {
                all.on = Some(on);
                all.days.extend(days);
            }
            _ => {}
        }
    }
    Ok(all)
}

pub(super) fn calendar(connection: &Connection, version: &str) -> Result<Option<AdoptedCalendar>> {
    let found = collect(
        connection,
        "select * from calendar where version = ?1 and days <> ''",
        [version],
        |row| {
            let days: String = row.get("days")?;
            Ok(AdoptedCalendar {
                version: row.get("version")?,
                announced_through: word(row, "announced_through")?,
                days: days.lines().map(holiday).collect::<Result<_>>()?,
            })
        },
    )?;
    Ok(found.into_iter().next())
}

/// `2026-06-15 World Cup bank holiday`.
fn holiday(line: &str) -> Result<BankHoliday> {
    let (date, name) = line.split_once(' ').unwrap_or((line, ""));
    Ok(BankHoliday {
        date: date
            .parse()
            .map_err(|error| Error::Damaged(format!("a calendar's day {date:?}: {error}")))?,
        name: name.to_owned(),
    })
}

pub(super) fn adopt(connection: &Connection, calendar: &AdoptedCalendar, law: &str, settings: &str) -> Result<()> {
    let line = |day: &BankHoliday| format!("{} {}\n", day.date, day.name.replace('\n', " "));
    let days: String = calendar.days.iter().map(line).collect();
    connection
        .prepare_cached(
            "insert into calendar (version, announced_through, days) values (?1, ?2, ?3)
             on conflict (version) do update set days = excluded.days where calendar.days = ''",
        )?
        .execute(params![calendar.version, calendar.announced_through.to_string(), days])?;
    connection
        .prepare_cached("update about set calendar = ?1, law = ?2, settings = ?3")?
        .execute(params![calendar.version, law, settings])?;
    Ok(())
}

pub(super) fn doubt(connection: &Connection) -> Result<()> {
    connection
        .prepare_cached("update about set settings = ''")?
        .execute([])?;
    Ok(())
}

pub(super) const CHANGED_SINCE: &str =
    "select distinct reference from entry where position > ?1 and reference is not null order by reference";

pub(super) fn changed_since(connection: &Connection, position: u32) -> Result<Vec<String>> {
    collect(connection, CHANGED_SINCE, [position], |row| Ok(row.get(0)?))
}

pub(super) fn keep_rederivation(connection: &Connection, done: &Rederivation) -> Result<()> {
    connection
        .prepare_cached(
            "insert into rederivation (at, from_calendar, to_calendar, from_law, to_law, why, cases, moved)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            chain::instant(done.at),
            done.from.0,
            done.to.0,
            done.from.1,
            done.to.1,
            done.why,
            done.cases,
            done.moved
        ])?;
    Ok(())
}

pub(super) fn rederivations(connection: &Connection, at_most: u32) -> Result<Vec<Rederivation>> {
    collect(
        connection,
        "select * from rederivation order by id desc limit ?1",
        [at_most],
        |row| {
            Ok(Rederivation {
                at: instant(row, "at")?,
                from: (row.get("from_calendar")?, row.get("from_law")?),
                to: (row.get("to_calendar")?, row.get("to_law")?),
                why: row.get("why")?,
                cases: row.get("cases")?,
                moved: row.get("moved")?,
            })
        },
    )
}

fn notice(row: &Row<'_>) -> Result<NoticeRow> {
    Ok(NoticeRow {
        id: row.get("id")?,
        name: row.get("name")?,
        officer: row.get("officer")?,
        body: row.get("body")?,
        state: word(row, "state")?,
        message: row.get("message")?,
    })
}

pub(super) fn add_notice(connection: &Connection, name: &str, officer: Option<&str>, body: &str) -> Result<bool> {
    let added = connection
        .prepare_cached(
            "insert into notice (name, officer, body, state) values (?1, ?2, ?3, 'waiting') on conflict (name) do nothing",
        )?
        .execute(params![name, officer, body])?;
    Ok(added == 1)
}

pub(super) fn mark_notice(
    connection: &Connection,
    notice: i64,
    state: NoticeState,
    message: Option<i64>,
) -> Result<()> {
    connection
        .prepare_cached("update notice set state = ?2, message = ?3 where id = ?1")?
        .execute(params![notice, state.as_str(), message])?;
    Ok(())
}

pub(super) const OPEN_NOTICES: &str = "select * from notice where state in ('waiting', 'written') order by id";

pub(super) fn open_notices(connection: &Connection) -> Result<Vec<NoticeRow>> {
    collect(connection, OPEN_NOTICES, [], notice)
}

pub(super) const NOTICES_IN: &str = "select * from notice where message = ?1 order by id";

pub(super) fn notices_in(connection: &Connection, message: i64) -> Result<Vec<NoticeRow>> {
    collect(connection, NOTICES_IN, [message], notice)
}

pub(super) fn has_notice(connection: &Connection, name: &str) -> Result<bool> {
    let mut found = connection.prepare_cached("select exists (select 1 from notice where name = ?1)")?;
    Ok(found.query_row([name], |row| row.get(0))?)
}

pub(super) fn by_number(connection: &Connection, id: i64) -> Result<Option<NoticeRow>> {
    let found = collect(connection, "select * from notice where id = ?1", [id], notice)?;
    Ok(found.into_iter().next())
}

pub(super) fn add_notice_again(connection: &Connection, name: &str, officer: Option<&str>, body: &str) -> Result<bool> {
    let added = connection
        .prepare_cached(
            "insert into notice (name, officer, body, state) values (?1, ?2, ?3, 'waiting')
             on conflict (name) do update set state = 'waiting', officer = excluded.officer, body = excluded.body,
                 message = null where notice.state = 'dropped'",
        )?
        .execute(params![name, officer, body])?;
    Ok(added == 1)
}

//! Entries, their chain, cases, and what the register knows of itself.

use rusqlite::{Connection, Row, params};

use super::super::{About, AdoptedCalendar, CaseRow, Error, Result};
use super::row::{collect, day, instant, maybe, word};
use crate::case::{Details, Entry, Fact, chain};

pub(super) fn about(connection: &Connection) -> Result<About> {
    let mut statement = connection.prepare_cached("select calendar, law, settings, position, head, demo from about")?;
    Ok(statement.query_row([], |row| {
        Ok(About {
            calendar: row.get("calendar")?,
            law: row.get("law")?,
            settings: row.get("settings")?,
            position: row.get("position")?,
            head: row.get("head")?,
            demo: row.get("demo")?,
        })
    })?)
}

pub(super) fn append(connection: &Connection, entry: &Entry) -> Result<()> {
    let (position, head): (u32, String) = connection
        .prepare_cached("select position + 1, head from about")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let body = serde_json::to_string(&entry.fact.details).map_err(|error| Error::Engine(error.to_string()))?;
    let body_hash = chain::body_hash(&body);
    let hash = chain::link_hash(
        &head,
        &chain::Link {
            position,
            reference: Some(entry.reference.as_str()),
            seq: entry.seq,
            kind: entry.fact.kind.as_str(),
            on: entry.fact.on,
            recorded_at: entry.recorded_at,
            recorded_by: &entry.recorded_by,
            by: entry.by.as_deref(),
            supersedes: entry.supersedes,
            body_hash: &body_hash,
        },
    );
    connection
        .prepare_cached(
            "insert into entry (position, reference, seq, kind, on_day, body, body_hash, hash,
                                recorded_at, recorded_by, by_name, supersedes)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?
        .execute(params![
            position,
            entry.reference.as_str(),
            entry.seq,
            entry.fact.kind.as_str(),
            entry.fact.on.to_string(),
            body,
            body_hash,
            hash,
            chain::instant(entry.recorded_at),
            entry.recorded_by,
            entry.by,
            entry.supersedes,
        ])?;
    connection
        .prepare_cached("update about set position = ?1, head = ?2")?
        .execute(params![position, hash])?;
    Ok(())
}

pub(super) fn of_case(connection: &Connection, reference: &str) -> Result<Vec<Entry>> {
    collect(
        connection,
        "select * from entry where reference = ?1 order by seq",
        [reference],
        entry,
    )
}

fn entry(row: &Row<'_>) -> Result<Entry> {
    let body: Option<String> = row.get("body")?;
    let details: Details = match body {
        Some(body) => {
            serde_json::from_str(&body).map_err(|error| Error::Damaged(format!("an entry's body: {error}")))?
        }
        None => Details::default(),
    };
    Ok(Entry {
        reference: word(row, "reference")?,
        seq: row.get("seq")?,
        fact: Fact {
            kind: word(row, "kind")?,
            on: word(row, "on_day")?,
            details,
        },
        recorded_at: instant(row, "recorded_at")?,
        recorded_by: row.get("recorded_by")?,
        by: row.get("by_name")?,
        supersedes: row.get("supersedes")?,
    })
}

pub(super) fn case(connection: &Connection, reference: &str) -> Result<Option<CaseRow>> {
    let found = collect(
        connection,
        "select * from cases where reference = ?1",
        [reference],
        |row| {
            Ok(CaseRow {
                reference: row.get("reference")?,
                regime: word(row, "regime")?,
                officer: row.get("officer")?,
                opened: word(row, "opened")?,
                closed: maybe(row, "closed")?,
                last_seq: row.get("last_seq")?,
                set_aside: row.get("set_aside")?,
            })
        },
    )?;
    Ok(found.into_iter().next())
}

pub(super) fn save_case(connection: &Connection, case: &CaseRow) -> Result<()> {
    connection
        .prepare_cached(
            "insert into cases (reference, regime, officer, opened, closed, last_seq, set_aside)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             on conflict (reference) do update set
                 regime = excluded.regime, officer = excluded.officer, opened = excluded.opened,
                 closed = excluded.closed, last_seq = excluded.last_seq, set_aside = excluded.set_aside",
        )?
        .execute(params![
            case.reference,
            case.regime.as_str(),
            case.officer,
            case.opened.to_string(),
            day(case.closed),
            case.last_seq,
            case.set_aside,
        ])?;
    Ok(())
}

pub(super) fn set_aside(connection: &Connection) -> Result<Vec<(String, String)>> {
    collect(
        connection,
        "select reference, set_aside from cases where set_aside is not null order by reference",
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

pub(super) fn set_case_aside(connection: &Connection, reference: &str, why: Option<&str>) -> Result<()> {
    connection
        .prepare_cached("update cases set set_aside = ?2 where reference = ?1")?
        .execute(params![reference, why])?;
    Ok(())
}

pub(super) fn adopt(connection: &Connection, calendar: &AdoptedCalendar, law: &str, settings: &str) -> Result<()> {
    connection
        .prepare_cached("insert into calendar (version, announced_through) values (?1, ?2) on conflict do nothing")?
        .execute(params![calendar.version, calendar.announced_through.to_string()])?;
    connection
        .prepare_cached("update about set calendar = ?1, law = ?2, settings = ?3")?
        .execute(params![calendar.version, law, settings])?;
    Ok(())
}

pub(super) fn mark_demo(connection: &Connection) -> Result<()> {
    connection.execute("update about set demo = 1", [])?;
    Ok(())
}

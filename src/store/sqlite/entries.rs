//! Entries, their chain, cases, and what the register knows of itself.

use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{Connection, Row, params};

use super::super::{About, CaseRow, Error, OwnEntry, Result};
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

pub(super) fn last_recorded(connection: &Connection) -> Result<Option<DateTime<Utc>>> {
    let sql = "select recorded_at from entry order by position desc limit 1";
    let last = collect(connection, sql, [], |row| instant(row, "recorded_at"))?;
    Ok(last.into_iter().next())
}

pub(super) fn append(connection: &Connection, entry: &Entry) -> Result<()> {
    let row = NewRow {
        reference: Some(entry.reference.as_str()),
        seq: entry.seq,
        kind: entry.fact.kind.as_str(),
        on: entry.fact.on,
        body: in_json(&entry.fact.details)?,
        recorded_at: entry.recorded_at,
        recorded_by: &entry.recorded_by,
        by: entry.by.as_deref(),
        supersedes: entry.supersedes,
    };
    add_link(connection, &row)
}

pub(super) fn append_own(connection: &Connection, entry: &OwnEntry) -> Result<()> {
    let mut count = connection.prepare_cached("select count(*) + 1 from entry where reference is null")?;
    let row = NewRow {
        reference: None,
        seq: count.query_row([], |row| row.get(0))?,
        kind: entry.body.kind().as_str(),
        on: entry.on,
        body: in_json(&entry.body)?,
        recorded_at: entry.recorded_at,
        recorded_by: &entry.recorded_by,
        by: entry.by.as_deref(),
        supersedes: None,
    };
    add_link(connection, &row)
}

pub(super) fn in_json(body: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(body).map_err(|error| Error::Engine(error.to_string()))
}

/// An entry of a case or of the register's own, before it has a place in the chain.
struct NewRow<'a> {
    reference: Option<&'a str>,
    seq: u32,
    kind: &'a str,
    on: NaiveDate,
    body: String,
    recorded_at: DateTime<Utc>,
    recorded_by: &'a str,
    by: Option<&'a str>,
    supersedes: Option<u32>,
}

fn add_link(connection: &Connection, row: &NewRow<'_>) -> Result<()> {
    let (position, head): (u32, String) = connection
        .prepare_cached("select position + 1, head from about")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let body_hash = chain::body_hash(&row.body);
    let hash = chain::link_hash(
        &head,
        &chain::Link {
            position,
            reference: row.reference,
            seq: row.seq,
            kind: row.kind,
            on: row.on,
            recorded_at: row.recorded_at,
            recorded_by: row.recorded_by,
            by: row.by,
            supersedes: row.supersedes,
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
            row.reference,
            row.seq,
            row.kind,
            row.on.to_string(),
            row.body,
            body_hash,
            hash,
            chain::instant(row.recorded_at),
            row.recorded_by,
            row.by,
            row.supersedes,
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

pub(super) fn entry(row: &Row<'_>) -> Result<Entry> {
    // Where the words were purged, what was kept of them.
    let body: Option<String> = row.get::<_, Option<String>>("body")?.or(row.get("kept")?);
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

pub(super) fn mark_demo(connection: &Connection) -> Result<()> {
    connection.execute("update about set demo = 1", [])?;
    Ok(())
}

//! The register as a whole: is it what this program wrote?

use std::collections::BTreeMap;

use rusqlite::{Connection, Row, params};

use super::super::{ChainRow, Result};
use super::migrations;
use super::row::collect;
use crate::statute::State;

/// How much is told of one kind of damage.
const AT_MOST: usize = 100;

pub(super) fn chain(connection: &Connection, each: &mut dyn FnMut(ChainRow)) -> Result<()> {
    // Never more than one row in memory, however long the register has been kept.
    let mut statement = connection.prepare_cached("select * from entry order by position")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        each(chain_row(row)?);
    }
    Ok(())
}

fn chain_row(row: &Row<'_>) -> Result<ChainRow> {
    Ok(ChainRow {
        position: row.get("position")?,
        reference: maybe_text(row, "reference")?,
        seq: row.get("seq")?,
        kind: text(row, "kind")?,
        on: text(row, "on_day")?,
        body: maybe_text(row, "body")?,
        body_hash: text(row, "body_hash")?,
        hash: text(row, "hash")?,
        recorded_at: text(row, "recorded_at")?,
        recorded_by: text(row, "recorded_by")?,
        by: maybe_text(row, "by_name")?,
        supersedes: row.get("supersedes")?,
        kept: maybe_text(row, "kept")?,
        purged: row.get("purged")?,
    })
}

/// A text whatever its bytes: one that is no UTF-8 was not written by this program, and its hash shows that.
fn maybe_text(row: &Row<'_>, column: &str) -> Result<Option<String>> {
    let bytes = row.get_ref(column)?.as_bytes_or_null();
    let bytes = bytes.map_err(rusqlite::Error::from)?;
    Ok(bytes.map(|bytes| String::from_utf8_lossy(bytes).into_owned()))
}

fn text(row: &Row<'_>, column: &str) -> Result<String> {
    Ok(maybe_text(row, column)?.unwrap_or_default())
}

pub(super) fn references(connection: &Connection, after: &str, at_most: u32) -> Result<Vec<String>> {
    // Each of the three comes in the order of an index, and the engine merges them as far as they are wanted.
    collect(
        connection,
        "select reference from entry where reference > ?1
         union select reference from cases where reference > ?1
         union select reference from deadline where reference > ?1
         order by reference limit ?2",
        params![after, at_most],
        |row| Ok(row.get(0)?),
    )
}

pub(super) fn emptied(connection: &Connection, reference: &str) -> Result<u32> {
    let mut count = connection.prepare_cached("select count(*) from entry where reference = ?1 and body is null")?;
    Ok(count.query_row([reference], |row| row.get(0))?)
}

pub(super) fn integrity(connection: &Connection) -> Result<Vec<String>> {
    let mut found: Vec<String> = collect(connection, &format!("pragma integrity_check({AT_MOST})"), [], |row| {
        Ok(row.get(0)?)
    })?;
    found.retain(|line| line != "ok");
    found.extend(loose_ends(connection)?);
    found.extend(other_schema(connection)?);
    found.extend(halves(connection)?);
    found.extend(unsent(connection)?);
    found.extend(wordless(connection)?);
    Ok(found)
}

/// Rows that belong to a row that is not there.
fn loose_ends(connection: &Connection) -> Result<Vec<String>> {
    collect(
        connection,
        &format!("select \"table\", rowid, parent from pragma_foreign_key_check limit {AT_MOST}"),
        [],
        |row| {
            let (table, number, parent): (String, Option<i64>, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let number = number.map(|number| format!(" {number}")).unwrap_or_default();
            Ok(format!(
                "row{number} of {table} belongs to a row of {parent} that is not there"
            ))
        },
    )
}

/// Tables and indexes by name, as they were declared; not those of SQLite itself, nor those with which Litestream
/// keeps its place.
fn declared(connection: &Connection) -> Result<BTreeMap<String, String>> {
    let all = collect(
        connection,
        "select type || ' ' || name, coalesce(sql, '') from sqlite_schema
         where name not like 'sqlite^_%' escape '^' and name not like '^_litestream^_%' escape '^'",
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(all.into_iter().collect())
}

fn other_schema(connection: &Connection) -> Result<Vec<String>> {
    let model = Connection::open_in_memory()?;
    migrations::migrate(&model)?;
    let (right, found) = (declared(&model)?, declared(connection)?);
    let missing = right.keys().filter(|name| !found.contains_key(*name));
    let missing = missing.map(|name| format!("{name} is missing"));
    let other = found.iter().filter_map(|(name, sql)| match right.get(name) {
        None => Some(format!("{name} was not made by this program")),
        Some(right) if right != sql => Some(format!("{name} is not declared as this program declares it")),
        Some(_) => None,
    });
    Ok(missing.chain(other).collect())
}

/// Rows that contradict themselves, which no reading of them shows.
fn halves(connection: &Connection) -> Result<Vec<String>> {
    let open: Vec<String> = State::ALL
        .iter()
        .filter(|state| state.is_open())
        .map(|state| format!("'{state}'"))
        .collect();
    collect(
        connection,
        &format!(
            "select reference, step, from_seq, open from deadline
             where open <> (state in ({})) or (next_on is null) <> (next_rung is null)
             limit {AT_MOST}",
            open.join(", ")
        ),
        [],
        |row| {
            let (reference, step): (String, String) = (row.get(0)?, row.get(1)?);
            let entry: i64 = row.get(2)?;
            Ok(format!(
                "{reference}, {step} of entry {entry}: its row contradicts itself in open, next_on or next_rung"
            ))
        },
    )
}

/// Messages that say nothing, and so are never taken from the outbox.
fn wordless(connection: &Connection) -> Result<Vec<String>> {
    collect(
        connection,
        &format!("select id, state from message where id not in (select message from words) limit {AT_MOST}"),
        [],
        |row| {
            let (number, state): (i64, String) = (row.get(0)?, row.get(1)?);
            Ok(format!("message {number} ({state}) has lost its words"))
        },
    )
}

/// Reminders that are said to be told, and no mail that a server accepted tells them.
fn unsent(connection: &Connection) -> Result<Vec<String>> {
    collect(
        connection,
        &format!(
            "select deadline.reference, deadline.step, reminder.rung, reminder.id
             from reminder join deadline on deadline.id = reminder.deadline
             where reminder.state = 'told' and not exists (
                 select 1 from line join message on message.id = line.message
                 where line.reminder = reminder.id and message.state = 'accepted')
             limit {AT_MOST}"
        ),
        [],
        |row| {
            let (reference, step): (String, String) = (row.get(0)?, row.get(1)?);
            let (rung, number): (String, i64) = (row.get(2)?, row.get(3)?);
            Ok(format!(
                "{reference}, {step}: reminder {number} ({rung}) is said to be told, and no mail that was accepted tells it"
            ))
        },
    )
}

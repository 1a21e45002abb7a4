//! What is kept of the officers' own sheet.

use rusqlite::{Connection, Row, params};

use super::super::{Error, Result, SheetOddity, SheetRow, SheetState};
use super::entries;
use super::row::{collect, instant, maybe};
use crate::case::{Entry, chain};

pub(super) fn state(connection: &Connection) -> Result<Option<SheetState>> {
    let found = collect(connection, "select * from sheet", [], |row| {
        Ok(SheetState {
            path: row.get("path")?,
            seen: row.get("seen")?,
            taken: row.get("taken")?,
            read_at: maybe(row, "read_at")?,
            position: row.get("position")?,
            lines: row.get("lines")?,
            held: row.get("held")?,
            again: maybe(row, "again")?,
        })
    })?;
    Ok(found.into_iter().next())
}

pub(super) fn save(connection: &Connection, state: &SheetState) -> Result<()> {
    connection
        .prepare_cached(
            "insert into sheet (id, path, seen, taken, read_at, position, lines, held, again)
             values (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             on conflict (id) do update set
                 path = excluded.path, seen = excluded.seen, taken = excluded.taken, read_at = excluded.read_at,
                 position = excluded.position, lines = excluded.lines, held = excluded.held, again = excluded.again",
        )?
        .execute(params![
            state.path,
            state.seen,
            state.taken,
            state.read_at.map(chain::instant),
            state.position,
            state.lines,
            state.held,
            state.again.map(chain::instant),
        ])?;
    Ok(())
}

fn row(row: &Row<'_>) -> Result<SheetRow> {
    Ok(SheetRow {
        reference: row.get("reference")?,
        hash: row.get("hash")?,
        officer: row.get("officer")?,
        held: row.get("held")?,
    })
}

pub(super) const ROW: &str = "select * from sheet_row where reference = ?1";

pub(super) fn of_case(connection: &Connection, reference: &str) -> Result<Option<SheetRow>> {
    Ok(collect(connection, ROW, [reference], row)?.into_iter().next())
}

pub(super) fn rows(connection: &Connection) -> Result<Vec<SheetRow>> {
    collect(connection, "select * from sheet_row order by reference", [], row)
}

pub(super) fn save_row(connection: &Connection, row: &SheetRow) -> Result<()> {
    connection
        .prepare_cached(
            "insert into sheet_row (reference, hash, officer, held) values (?1, ?2, ?3, ?4)
             on conflict (reference) do update set
                 hash = excluded.hash, officer = excluded.officer, held = excluded.held",
        )?
        .execute(params![row.reference, row.hash, row.officer, row.held])?;
    Ok(())
}

pub(super) fn oddities(connection: &Connection) -> Result<Vec<SheetOddity>> {
    collect(connection, "select * from sheet_oddity order by name", [], |row| {
        Ok(SheetOddity {
            name: row.get("name")?,
            since: instant(row, "since")?,
            told: row.get("told")?,
        })
    })
}

pub(super) fn save_oddity(connection: &Connection, oddity: &SheetOddity) -> Result<()> {
    connection
        .prepare_cached(
            "insert into sheet_oddity (name, since, told) values (?1, ?2, ?3)
             on conflict (name) do update set since = excluded.since, told = excluded.told",
        )?
        .execute(params![oddity.name, chain::instant(oddity.since), oddity.told])?;
    Ok(())
}

pub(super) fn end_oddity(connection: &Connection, name: &str) -> Result<()> {
    connection
        .prepare_cached("delete from sheet_oddity where name = ?1")?
        .execute([name])?;
    Ok(())
}

pub(super) fn forget(connection: &Connection) -> Result<()> {
    Ok(connection.execute_batch("delete from sheet; delete from sheet_row; delete from sheet_oddity")?)
}

/// The conditions are those of the two indexes, word by word: else neither would be used.
pub(super) const FROM_SHEETS: &str = "select entry.* from entry join cases on cases.reference = entry.reference
    where entry.position > coalesce((select max(position) from message
              where recipient = ?2 and refs <> '' and state in ('queued', 'sending', 'accepted')), 0)
      and entry.recorded_by >= 'sheet ' and entry.recorded_by < 'sheet!' and cases.officer = ?1
    order by entry.position limit ?3";

pub(super) fn entries(connection: &Connection, officer: &str, mailbox: &str, at_most: u32) -> Result<Vec<Entry>> {
    let readable = |row: &Row<'_>| match entries::entry(row) {
        Ok(entry) => Ok(Some(entry)),
        // The reminder of another case must not fail by it; its own case is set aside and shown.
        Err(Error::Damaged(_)) => Ok(None),
        Err(other) => Err(other),
    };
    let found = collect(connection, FROM_SHEETS, params![officer, mailbox, at_most], readable)?;
    Ok(found.into_iter().flatten().collect())
}

//! Emptying words for good.

use chrono::NaiveDate;
use rusqlite::{Connection, params};

use super::super::Result;
use super::row::collect;
use super::{Sqlite, entries};
use crate::case::Details;

pub(super) fn closed_before(connection: &Connection, day: NaiveDate, after: &str, at_most: u32) -> Result<Vec<String>> {
    collect(
        connection,
        "select reference from cases
         where closed is not null and closed < ?1 and reference > ?2
           and exists (select 1 from entry where entry.reference = cases.reference and body is not null)
         order by reference limit ?3",
        params![day.to_string(), after, at_most],
        |row| Ok(row.get(0)?),
    )
}

pub(super) fn kept(connection: &Connection, purge: u32, each: &mut dyn FnMut(i64, &str)) -> Result<()> {
    let mut statement =
        connection.prepare_cached("select position, kept from entry where purged = ?1 order by position")?;
    let mut rows = statement.query([purge])?;
    while let Some(row) = rows.next()? {
        let kept: String = row.get(1)?;
        each(row.get(0)?, &kept);
    }
    Ok(())
}

pub(super) fn empty_words(
    connection: &Connection,
    reference: &str,
    seq: u32,
    kept: &Details,
    purge: u32,
) -> Result<()> {
    connection
        .prepare_cached(
            "update entry set body = null, kept = ?3, purged = ?4
             where reference = ?1 and seq = ?2 and body is not null",
        )?
        .execute(params![reference, seq, entries::in_json(kept)?, purge])?;
    Ok(())
}

pub(super) fn empty_mails(connection: &Connection, reference: &str) -> Result<u32> {
    let emptied = connection
        .prepare_cached(
            "update words set body_text = '', body_html = ''
             where body_text <> ''
               and message in (select line.message from deadline
                               join reminder on reminder.deadline = deadline.id
                               join line on line.reminder = reminder.id
                               where deadline.reference = ?1)
               and (select state from message where id = words.message) not in ('queued', 'sending')
               and not exists (select 1 from line
                               join reminder on reminder.id = line.reminder
                               join deadline on deadline.id = reminder.deadline
                               join entry on entry.reference = deadline.reference
                               where line.message = words.message and entry.body is not null)",
        )?
        .execute([reference])?;
    Ok(u32::try_from(emptied).unwrap_or(u32::MAX))
}

pub(super) fn mails_about(connection: &Connection, purge: u32) -> Result<u32> {
    let mut count = connection.prepare_cached(
        "select count(*) from words
         where body_text <> ''
           and message in (select line.message from entry
                           join deadline on deadline.reference = entry.reference
                           join reminder on reminder.deadline = deadline.id
                           join line on line.reminder = reminder.id
                           where entry.purged = ?1)",
    )?;
    Ok(count.query_row([purge], |row| row.get(0))?)
}

impl Sqlite {
    /// Takes what was erased out of the log beside the register too. False if somebody still reads an earlier state,
    /// who keeps it there until the log is begun anew.
    ///
    /// # Errors
    /// The register's failure.
    pub fn forget_what_was_erased(&self) -> Result<bool> {
        let busy: i64 = self
            .connection
            .query_row("pragma wal_checkpoint(truncate)", [], |row| row.get(0))?;
        Ok(busy == 0)
    }
}

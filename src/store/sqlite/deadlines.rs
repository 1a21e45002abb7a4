//! Deadlines, what they were, and their next rungs.

use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{Connection, Row, params};

use super::super::{DeadlineRow, Error, Former, Result};
use super::row::{collect, day, instant, maybe, word};
use crate::case::chain;
use crate::reminders::ladder::Rung;
use crate::statute::Key;

pub(super) fn of_case(connection: &Connection, reference: &str) -> Result<Vec<DeadlineRow>> {
    collect(
        connection,
        "select * from deadline where reference = ?1 order by id",
        [reference],
        deadline,
    )
}

pub(super) fn deadline(row: &Row<'_>) -> Result<DeadlineRow> {
    let next_on: Option<NaiveDate> = maybe(row, "next_on")?;
    let next_rung: Option<Rung> = maybe(row, "next_rung")?;
    Ok(DeadlineRow {
        id: row.get("id")?,
        reference: row.get("reference")?,
        key: Key {
            step: word(row, "step")?,
            regime: word(row, "regime")?,
            actor: word(row, "actor")?,
            entry: row.get("from_seq")?,
        },
        occurrence: row.get("occurrence")?,
        nature: word(row, "nature")?,
        state: word(row, "state")?,
        due: maybe(row, "due")?,
        work_to: maybe(row, "work_to")?,
        opens_after: maybe(row, "opens_after")?,
        acted_on: maybe(row, "acted_on")?,
        provision: row.get("provision")?,
        provisional: row.get("provisional")?,
        officer: row.get("officer")?,
        calendar: row.get("calendar")?,
        next: next_on.zip(next_rung),
    })
}

pub(super) fn save(connection: &Connection, deadline: &DeadlineRow) -> Result<i64> {
    let statement = match deadline.id {
        0 => {
            "insert into deadline (reference, regime, step, actor, from_seq, occurrence, nature, state, open, due,
                                   work_to, opens_after, acted_on, provision, provisional, officer, calendar,
                                   next_on, next_rung, id)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19,
                     nullif(?20, 0))"
        }
        // Its identity stays, and with it the places of the row in the indexes over that.
        _ => {
            "update deadline set
                 occurrence = ?6, nature = ?7, state = ?8, open = ?9, due = ?10, work_to = ?11, opens_after = ?12,
                 acted_on = ?13, provision = ?14, provisional = ?15, officer = ?16, calendar = ?17, next_on = ?18,
                 next_rung = ?19
             where id = ?20 and reference = ?1 and regime = ?2 and step = ?3 and actor = ?4 and from_seq = ?5"
        }
    };
    let changed = connection.prepare_cached(statement)?.execute(params![
        deadline.reference,
        deadline.key.regime.as_str(),
        deadline.key.step.as_str(),
        deadline.key.actor.as_str(),
        deadline.key.entry,
        deadline.occurrence,
        deadline.nature.as_str(),
        deadline.state.as_str(),
        deadline.state.is_open(),
        day(deadline.due),
        day(deadline.work_to),
        day(deadline.opens_after),
        day(deadline.acted_on),
        deadline.provision,
        deadline.provisional,
        deadline.officer,
        deadline.calendar,
        day(deadline.next.map(|(on, _)| on)),
        deadline.next.map(|(_, rung)| rung.to_string()),
        deadline.id,
    ])?;
    match (deadline.id, changed) {
        (0, _) => Ok(connection.last_insert_rowid()),
        (id, 1) => Ok(id),
        (id, _) => Err(Error::Damaged(format!(
            "deadline {id} of {} is not there",
            deadline.reference
        ))),
    }
}

pub(super) fn keep_former(connection: &Connection, deadline: i64, former: &Former) -> Result<()> {
    connection
        .prepare_cached(
            "insert into deadline_was (deadline, due, work_to, state, calendar, law, until, why)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            deadline,
            day(former.due),
            day(former.work_to),
            former.state.as_str(),
            former.calendar,
            former.law,
            chain::instant(former.until),
            former.why,
        ])?;
    Ok(())
}

pub(super) fn former(connection: &Connection, deadline: i64) -> Result<Vec<Former>> {
    collect(
        connection,
        "select * from deadline_was where deadline = ?1 order by id",
        [deadline],
        |row| {
            Ok(Former {
                due: maybe(row, "due")?,
                work_to: maybe(row, "work_to")?,
                state: word(row, "state")?,
                calendar: row.get("calendar")?,
                law: row.get("law")?,
                until: instant(row, "until")?,
                why: row.get("why")?,
            })
        },
    )
}

/// Rights of applicants stay open when their time has ended, and so are looked for by their day. Former dates are
/// numbered as they come: one look at each from the latest back to the first that is too old.
pub(super) const CASES_IN_VIEW: &str = "with recursive back (id) as (
         select max(id) from deadline_was
         union all
         select (select max(earlier.id) from deadline_was earlier where earlier.id < back.id)
         from back join deadline_was on deadline_was.id = back.id where until >= ?2)
     select reference from deadline where open = 1 and actor = 'authority' and (nature = 'duty' or work_to >= ?1)
     union
     select reference from deadline where open = 1 and actor = 'applicant' and work_to >= ?1
     union
     select reference from deadline where open = 1 and actor = 'commissioner' and coalesce(work_to, due) >= ?1
     union
     select deadline.reference from back join deadline_was on deadline_was.id = back.id
         join deadline on deadline.id = deadline_was.deadline
         where until >= ?2 and (acted_on >= ?1 or coalesce(deadline_was.work_to, deadline_was.due, ?3) >= ?3)
     order by reference";

pub(super) fn cases_in_view(
    connection: &Connection,
    from: NaiveDate,
    since: DateTime<Utc>,
    earlier: NaiveDate,
) -> Result<Vec<String>> {
    let asked = params![from.to_string(), chain::instant(since), earlier.to_string()];
    collect(connection, CASES_IN_VIEW, asked, |row| Ok(row.get(0)?))
}

pub(super) fn plan(connection: &Connection, deadline: i64, next: Option<(NaiveDate, Rung)>) -> Result<()> {
    connection
        .prepare_cached("update deadline set next_on = ?2, next_rung = ?3 where id = ?1")?
        .execute(params![
            deadline,
            day(next.map(|(on, _)| on)),
            next.map(|(_, rung)| rung.to_string())
        ])?;
    Ok(())
}

pub(super) const OPEN_CASES: &str =
    "select distinct reference from deadline where open = 1 and reference > ?1 order by reference limit ?2";

pub(super) fn open_cases(connection: &Connection, after: &str, at_most: u32) -> Result<Vec<String>> {
    collect(connection, OPEN_CASES, params![after, at_most], |row| Ok(row.get(0)?))
}

pub(super) const DUE_CASES: &str = "select distinct deadline.reference, cases.officer
     from deadline join cases on cases.reference = deadline.reference
     where next_on is not null and next_on <= ?1 and set_aside is null
     order by cases.officer, deadline.reference";

/// Asked each minute of the hours and days without mail, when what is due may be much and is left for later.
pub(super) const URGENT_CASES: &str = "select distinct deadline.reference, cases.officer
     from deadline join cases on cases.reference = deadline.reference
     where open = 1 and actor = 'authority' and work_to = ?2 and next_on <= ?1 and set_aside is null
     order by cases.officer, deadline.reference";

pub(super) fn due_cases(
    connection: &Connection,
    through: NaiveDate,
    urgent: Option<NaiveDate>,
) -> Result<Vec<(String, Option<String>)>> {
    let through = through.to_string();
    let found = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    match urgent {
        None => collect(connection, DUE_CASES, [through], found),
        Some(urgent) => collect(connection, URGENT_CASES, [through, urgent.to_string()], found),
    }
}

pub(super) const NEXT_MORNING: &str = "select min(next_on) as day from deadline where next_on is not null";

pub(super) fn next_morning(connection: &Connection) -> Result<Option<NaiveDate>> {
    let mut found = collect(connection, NEXT_MORNING, [], |row| maybe(row, "day"))?;
    Ok(found.pop().flatten())
}

/// One look into the index for each officer, however many cases they have.
pub(super) const HOLDERS: &str = "with recursive holder (officer) as (
         select min(officer) from deadline where open = 1
         union all
         select (select min(officer) from deadline where open = 1 and officer > holder.officer)
         from holder where holder.officer is not null)
     select officer from holder where officer is not null
     union all
     select null where exists (select 1 from deadline where open = 1 and officer is null)";

pub(super) fn holders(connection: &Connection) -> Result<Vec<Option<String>>> {
    collect(connection, HOLDERS, [], |row| Ok(row.get(0)?))
}

pub(super) const CASES_OF: &str =
    "select distinct reference from deadline where open = 1 and officer = ?1 order by reference limit ?2";

pub(super) const CASES_OF_NOBODY: &str =
    "select distinct reference from deadline where open = 1 and officer is null order by reference limit ?1";

pub(super) fn cases_of(connection: &Connection, officer: Option<&str>, at_most: u32) -> Result<Vec<String>> {
    match officer {
        Some(officer) => collect(connection, CASES_OF, params![officer, at_most], |row| Ok(row.get(0)?)),
        None => collect(connection, CASES_OF_NOBODY, [at_most], |row| Ok(row.get(0)?)),
    }
}

//! The schema's versions, each one file of SQL, applied in order.

use std::path::Path;

use rusqlite::Connection;

use super::super::{Error, Result};
use crate::case::chain;

/// Marks the file as a register: "TIME" in ASCII.
const APPLICATION_ID: i64 = 0x5449_4d45;

/// The schemas, the first of them version 1.
const MIGRATIONS: [&str; 5] = [
    include_str!("001.sql"),
    include_str!("002.sql"),
    include_str!("003.sql"),
    include_str!("004.sql"),
    include_str!("005.sql"),
];

fn pragma(connection: &Connection, name: &str) -> Result<i64> {
    Ok(connection.pragma_query_value(None, name, |row| row.get(0))?)
}

fn known() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// Refuses another program's database, and a register of a later version, before anything is changed.
pub(super) fn refuse_others(connection: &Connection, path: &Path) -> Result<()> {
    // One snapshot: another process may be taking the register over at this moment.
    let snapshot = connection.unchecked_transaction()?;
    let application = pragma(&snapshot, "application_id")?;
    let found = pragma(&snapshot, "user_version")?;
    // What the schema says is read too, for much else could not be asked without it.
    let tables = snapshot.query_row("select count(*) from sqlite_schema", [], |row| row.get::<_, i64>(0));
    tables.map_err(|error| match error.sqlite_error_code() {
        // Nothing is wrong with the question, so it is with what should answer it.
        Some(rusqlite::ErrorCode::Unknown) => Error::Damaged(error.to_string()),
        _ => error.into(),
    })?;
    drop(snapshot);
    let path = path.display().to_string();
    if application != APPLICATION_ID {
        return Err(Error::NotARegister(path));
    }
    if found < 1 {
        return Err(Error::Damaged(format!("its schema cannot be {found}")));
    }
    if found > known() {
        return Err(Error::Newer {
            path,
            found,
            known: known(),
        });
    }
    Ok(())
}

/// Whether nothing is left to apply.
pub(super) fn is_current(connection: &Connection) -> Result<bool> {
    Ok(pragma(connection, "user_version")? == known())
}

/// Applies what is missing. Runs inside a transaction under the writers' lock, where the version is read
/// anew: another process may have been first.
pub(super) fn migrate(connection: &Connection) -> Result<()> {
    let found = pragma(connection, "user_version")?;
    let missing = MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(0));
    for migration in missing {
        connection
            .execute_batch(migration)
            .map_err(|error| match error.sqlite_error_code() {
                Some(rusqlite::ErrorCode::Unknown) => {
                    Error::Damaged(format!("it does not hold what schema {found} has"))
                }
                _ => error.into(),
            })?;
    }
    if found == 0 {
        connection.execute(
            "insert into about (id, calendar, law, settings, position, head, demo) values (1, '', '', '', 0, ?1, 0)",
            [chain::ORIGIN],
        )?;
    }
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    connection.pragma_update(None, "user_version", known())?;
    Ok(())
}

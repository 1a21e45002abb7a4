//! Between SQLite's values and ours.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::Row;

use super::super::{Error, Result};

/// A column's text, read as one of our values.
pub(super) fn word<T: FromStr>(row: &Row<'_>, column: &str) -> Result<T>
where
    T::Err: std::fmt::Display,
{
    let text: String = row.get(column)?;
    text.parse().map_err(|error: T::Err| damaged(column, &error))
}

/// As [`word`], where the column may be null.
pub(super) fn maybe<T: FromStr>(row: &Row<'_>, column: &str) -> Result<Option<T>>
where
    T::Err: std::fmt::Display,
{
    let text: Option<String> = row.get(column)?;
    text.map(|text| text.parse().map_err(|error: T::Err| damaged(column, &error)))
        .transpose()
}

/// An instant.
pub(super) fn instant(row: &Row<'_>, column: &str) -> Result<DateTime<Utc>> {
    word::<DateTime<Utc>>(row, column)
}

/// A date as it is stored.
pub(super) fn day(day: Option<NaiveDate>) -> Option<String> {
    day.map(|day| day.to_string())
}

fn damaged(column: &str, error: &dyn std::fmt::Display) -> Error {
    Error::Damaged(format!("{column}: {error}"))
}

/// Runs a query and reads each row.
pub(super) fn collect<T>(
    connection: &rusqlite::Connection,
    sql: &str,
    params: impl rusqlite::Params,
    read: impl Fn(&Row<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(read(row)?);
    }
    Ok(all)
}

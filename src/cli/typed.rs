//! How single words of the command line are read, and what is said where one cannot be.

use chrono::NaiveDate;

use crate::case::Regime;
use crate::casework::compare::is_a_sheets_name;
use crate::exchange;

/// A day, and whether something was posted on it.
#[derive(Debug, Clone, Copy)]
pub(super) struct When {
    pub(super) on: NaiveDate,
    pub(super) posted: bool,
}

/// Reads a day.
pub(super) fn date(text: &str) -> Result<NaiveDate, String> {
    let other = |form| NaiveDate::parse_from_str(text, form);
    // A year of more digits needs a sign, and no one means it.
    let day = text.parse().ok().filter(|_| !text.starts_with(['+', '-']));
    day.ok_or_else(|| match other("%d/%m/%Y").or_else(|_| other("%d/%m/%y")) {
        Ok(_) => "write the date as 2022-03-04".to_owned(),
        Err(_) => "there is no such date; write it as 2022-03-04".to_owned(),
    })
}

/// A day, with `:posted` behind it the day of posting.
pub(super) fn when(text: &str) -> Result<When, String> {
    let (day, posted) = match text.strip_suffix(":posted") {
        Some(day) => (day, true),
        None => (text, false),
    };
    date(day).map(|on| When { on, posted })
}

/// Reads on whose behalf somebody does something.
pub(super) fn name(text: &str) -> Result<String, String> {
    match is_a_sheets_name(text) {
        true => Err("names that begin with \"sheet \" are those of sheets; write the person's".to_owned()),
        false => Ok(text.to_owned()),
    }
}

/// Reads the law, in either spelling.
pub(super) fn regime(text: &str) -> Result<Regime, String> {
    exchange::regime(text)
}

/// Reads a whole number.
pub(super) fn number<N: std::str::FromStr>(text: &str) -> Result<N, String> {
    text.parse().map_err(|_| "write a whole number".to_owned())
}

/// Reads a number of working days.
pub(super) fn working_days(text: &str) -> Result<u16, String> {
    crate::reminders::ladder::working_days(text).ok_or_else(|| "write a number of working days as 10wd".to_owned())
}

/// All the words of a kind, for the help.
pub(super) fn words(all: &[impl std::fmt::Display]) -> String {
    let all: Vec<_> = all.iter().map(ToString::to_string).collect();
    all.join(", ")
}

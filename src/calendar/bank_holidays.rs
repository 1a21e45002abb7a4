//! Bank holidays as GOV.UK publishes them: `bank-holidays.json` whole, or its Scottish division alone.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A day that a list gives as a bank holiday in Scotland.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankHoliday {
    /// The day.
    pub date: NaiveDate,
    /// Why it is left out of a count, in words: `St Andrew’s Day in lieu`.
    pub name: String,
}

/// Why a list of bank holidays cannot be used. Each message fits after the file's name.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// Not JSON, or not of GOV.UK's form.
    #[error("is not in GOV.UK's form: {0}")]
    Form(#[from] serde_json::Error),
    /// Another part of the United Kingdom.
    #[error("holds the division {0:?}, not \"scotland\"")]
    Division(String),
    /// The same day twice.
    #[error("gives {0} twice")]
    Twice(NaiveDate),
    /// A day outside the years this program reckons with.
    #[error("gives {0}, which lies outside the years 2004 to 2104")]
    OutOfRange(NaiveDate),
    /// No days at all.
    #[error("holds no days")]
    Empty,
}

#[derive(Deserialize)]
struct Divisions {
    scotland: Division,
}

#[derive(Deserialize)]
struct Division {
    division: String,
    events: Vec<Event>,
}

#[derive(Deserialize)]
struct Event {
    title: String,
    date: NaiveDate,
    #[serde(default)]
    notes: String,
}

/// Reads a list in GOV.UK's form. Fields that GOV.UK may add later are passed over; the days come back in
/// date order.
///
/// # Errors
/// What is wrong with the list, as a sentence that fits after the file's name.
pub fn parse(json: &str) -> Result<Vec<BankHoliday>, ListError> {
    let value: serde_json::Value = serde_json::from_str(json)?;
    let scotland = if value.get("division").is_some() {
        serde_json::from_value::<Division>(value)?
    } else {
        serde_json::from_value::<Divisions>(value)?.scotland
    };
    if scotland.division != "scotland" {
        return Err(ListError::Division(scotland.division));
    }
    let mut days: Vec<BankHoliday> = scotland.events.into_iter().map(named).collect();
    days.sort_by_key(|day| day.date);
    if let Some(pair) = days.windows(2).find(|pair| pair[0].date == pair[1].date) {
        return Err(ListError::Twice(pair[0].date));
    }
    match days.iter().find(|day| !super::covers(day.date)) {
        Some(day) => Err(ListError::OutOfRange(day.date)),
        None if days.is_empty() => Err(ListError::Empty),
        None => Ok(days),
    }
}

fn named(event: Event) -> BankHoliday {
    let name = match event.notes.as_str() {
        "Substitute day" => format!("{} in lieu", event.title),
        _ => event.title,
    };
    BankHoliday { date: event.date, name }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = r#"{"division":"scotland","events":[{"title":"Boxing Day","date":"2026-12-28","notes":"Substitute day","bunting":true}]}"#;

    #[test]
    fn the_whole_file_and_one_division_are_read_alike() {
        let whole = format!(r#"{{"england-and-wales":{{}},"scotland":{ONE}}}"#);
        assert_eq!(parse(ONE).unwrap(), parse(&whole).unwrap());
        assert_eq!(parse(ONE).unwrap()[0].name, "Boxing Day in lieu");
    }

    #[test]
    fn what_is_not_a_scottish_list_is_refused_with_its_fault() {
        let cases = [
            ("<!doctype html>", "is not in GOV.UK's form"),
            (r#"{"division":"england-and-wales","events":[]}"#, "not \"scotland\""),
            (r#"{"division":"scotland","events":[]}"#, "holds no days"),
            (r#"{"england-and-wales":{}}"#, "missing field `scotland`"),
            (&ONE.replace("2026-12-28", "2026-02-30"), "is not in GOV.UK's form"),
            (&ONE.replace("2026-12-28", "1926-12-28"), "outside the years"),
            (
                r#"{"division":"scotland","events":[{"title":"a","date":"2026-06-15"},{"title":"b","date":"2026-06-15"}]}"#,
                "2026-06-15 twice",
            ),
        ];
        for (json, fault) in cases {
            let message = parse(json).unwrap_err().to_string();
            assert!(message.contains(fault), "{message}");
        }
    }
}

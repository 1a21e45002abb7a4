//! `timeous holidays`: which days are left out and why, and whether the sources of the calendar agree.

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::Path;

use chrono::{Datelike as _, Months, NaiveDate};
use serde_json::{Value, json};

use super::{Context, Error, Result, Said};
use crate::calendar::agree::{self, Agreement};
use crate::calendar::{BankHoliday, Calendar, bank_holidays};
use crate::clock::{in_full, london_day};
use crate::wording::{holidays as words, json as forms, plural};

/// No list of bank holidays is longer: GOV.UK's whole file has fifty thousand bytes.
const LONGEST: u64 = 1_000_000;

pub(super) fn list(context: &Context, year: Option<i32>, json: bool) -> Result {
    let (config, complaints) = context.in_force()?;
    let calendar = &config.rules.calendar;
    let this_year = london_day(context.now()).year();
    let years = match year {
        Some(year) => year..=year,
        None => this_year..=calendar.announced_through().year().max(this_year),
    };
    if json {
        let days: Vec<Value> = calendar
            .holidays(years)
            .map(|(day, reason)| forms::holiday(day, reason, calendar.proclamations().doubt(day.date)))
            .collect();
        return Ok(Said {
            complaints,
            ..Said::json(&json!({ "calendar": forms::calendar(calendar), "days": days }))
        });
    }
    Ok(Said {
        complaints,
        ..Said::well(words::list(calendar, years))
    })
}

pub(super) fn check(context: &Context, file: Option<&Path>, json: bool) -> Result {
    let (config, complaints) = context.in_force()?;
    let calendar = &config.rules.calendar;
    let today = london_day(context.now());
    let (head, agreement) = match file {
        None => (
            words::in_force(calendar),
            agree::in_force(calendar, longest_clock(calendar, today)),
        ),
        Some(path) => {
            let list = read(path)?;
            let days = plural(i64::try_from(list.len()).unwrap_or(i64::MAX), "day");
            let head = format!("{}: {days}, looked at on {}", path.display(), in_full(today));
            (head, agree::listed(calendar, &list, today))
        }
    };
    let mut said = match json {
        true => Said::json(&as_json(calendar, &agreement)),
        false => Said::well(as_text(&head, calendar, &agreement)),
    };
    said.complaints = complaints;
    said.code = u8::from(!agreement.findings.is_empty());
    Ok(said)
}

/// The last day of the longest course that can begin today: an answer, the time to require a review, and the six
/// months to go to the Commissioner.
fn longest_clock(calendar: &Calendar, today: NaiveDate) -> NaiveDate {
    let reviewed = calendar.nth_working_day_after(today, 20 + 40);
    reviewed.checked_add_months(Months::new(6)).unwrap_or(reviewed)
}

fn read(path: &Path) -> Result<Vec<BankHoliday>> {
    let name = path.display();
    let unusable = |why: &str| Error::Typed(format!("{name} {why}; nothing is changed"));
    let file = std::fs::File::open(path).map_err(|error| Error::Typed(format!("{name}: {error}")))?;
    let mut text = String::new();
    file.take(LONGEST + 1)
        .read_to_string(&mut text)
        .map_err(|error| Error::Typed(format!("{name}: {error}")))?;
    if text.len() as u64 > LONGEST {
        return Err(unusable(
            "is longer than a million bytes, as no list of bank holidays is",
        ));
    }
    bank_holidays::parse(&text).map_err(|error| unusable(&error.to_string()))
}

fn as_text(head: &str, calendar: &Calendar, agreement: &Agreement) -> String {
    let mut text = format!("{head}\n");
    for remark in &agreement.remarks {
        let _ = writeln!(text, "note: {}", words::remark(remark));
    }
    for finding in &agreement.findings {
        let _ = writeln!(text, "look: {}", words::finding(finding));
    }
    let known = in_full(calendar.announced_through());
    let _ = match agreement.findings.len() {
        0 => writeln!(
            text,
            "all agree; announced to {known}, calendar {}",
            calendar.short_version()
        ),
        found => writeln!(
            text,
            "{} to look at",
            plural(i64::try_from(found).unwrap_or(i64::MAX), "difference")
        ),
    };
    text
}

fn as_json(calendar: &Calendar, agreement: &Agreement) -> Value {
    let findings: Vec<Value> = agreement.findings.iter().map(forms::finding).collect();
    let remarks: Vec<String> = agreement.remarks.iter().map(words::remark).collect();
    json!({
        "calendar": forms::calendar(calendar),
        "agree": findings.is_empty(),
        "findings": findings,
        "remarks": remarks,
    })
}

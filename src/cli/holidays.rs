//! `timeous holidays`: which days are left out and why, whether the sources of the calendar agree, and what a newer
//! list adds.

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::Path;
use std::time::Duration;

use chrono::{Datelike as _, Months, NaiveDate};
use serde_json::{Value, json};

use super::{Context, Error, Result, Said};
use crate::calendar::agree::{self, Agreement};
use crate::calendar::update::{Adoptable, adoptable};
use crate::calendar::{BankHoliday, Calendar, bank_holidays};
use crate::clock::{in_full, london_day};
use crate::config::Config;
use crate::http::{self, Bounds, Url};
use crate::wording::{holidays as words, json as forms, plural};

/// No list of bank holidays is longer: GOV.UK's whole file has fifty thousand bytes.
const LONGEST: u64 = 1_000_000;

/// How long the publisher may take in all.
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) fn list(context: &Context, year: Option<i32>, json: bool) -> Result {
    let config = context.config()?;
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
        return Ok(Said::json(
            &json!({ "calendar": forms::calendar(calendar), "days": days }),
        ));
    }
    Ok(Said::well(words::list(calendar, years)))
}

pub(super) fn check(context: &Context, file: Option<&Path>, json: bool) -> Result {
    let config = context.config()?;
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
    said.code = u8::from(!agreement.findings.is_empty());
    Ok(said)
}

/// The last day of the longest course that can begin today: an answer, the time to require a review, and the six
/// months to go to the Commissioner.
fn longest_clock(calendar: &Calendar, today: NaiveDate) -> NaiveDate {
    let reviewed = calendar.nth_working_day_after(today, 20 + 40);
    reviewed.checked_add_months(Months::new(6)).unwrap_or(reviewed)
}

/// Reads or fetches a list, judges it, and adds what it has to add.
pub(super) fn update(context: &Context, file: Option<&Path>, url: Option<&str>, dry_run: bool) -> Result {
    if !dry_run {
        context.refuse_pretended("holidays update")?;
    }
    let config = context.config()?;
    let (source, list) = match (file, url) {
        (_, Some(url)) => (url.to_owned(), fetch(url)?),
        (Some(path), None) => (path.display().to_string(), read(path)?),
        (None, None) => return Err(Error::Typed("name a file, or an address with --url".to_owned())),
    };
    let calendar = &config.rules.calendar;
    match adoptable(calendar, &list, london_day(context.now())) {
        Err(findings) => {
            let differences = plural(i64::try_from(findings.len()).unwrap_or(i64::MAX), "difference");
            let looks = findings
                .iter()
                .map(|finding| format!("look: {}\n", words::finding(finding)));
            Ok(Said {
                text: looks.collect(),
                complaints: vec![format!(
                    "{source} is refused for {differences}; the calendar is unchanged: record what was proclaimed \
                     (calendar.proclamations), or wait for the list to be put right"
                )],
                code: 2,
            })
        }
        Ok(Adoptable { days, remarks }) => {
            let notes: String = remarks
                .iter()
                .map(|remark| format!("note: {}\n", words::remark(remark)))
                .collect();
            let said = match days.is_empty() {
                true => Said::well(format!("{source} adds nothing; the calendar is unchanged\n")),
                false => adopt(context, &config, &days, &source, dry_run)?,
            };
            Ok(Said {
                text: notes + &said.text,
                ..said
            })
        }
    }
}

/// Puts days in force.
fn adopt(_context: &Context, _config: &Config, days: &[BankHoliday], source: &str, _dry_run: bool) -> Result {
    let count = plural(i64::try_from(days.len()).unwrap_or(i64::MAX), "day");
    let mut text = format!("{source} would add {count}:\n");
    for day in days {
        let _ = writeln!(text, "  {}  {}", in_full(day.date), words::title(&day.name));
    }
    Ok(Said::well(text))
}

/// What is said of a list that cannot be used.
fn unusable(name: &str, why: &dyn std::fmt::Display) -> String {
    format!("{name} {why}; the calendar is unchanged")
}

fn fetch(address: &str) -> Result<Vec<BankHoliday>> {
    let url = Url::parse(address).map_err(|error| Error::Typed(unusable("the address", &error)))?;
    let bounds = Bounds {
        time: PATIENCE,
        bytes: LONGEST,
        ca: None,
    };
    let host = url.host();
    let answer = http::get(&url, &bounds).map_err(|error| Error::Failed(unusable(host, &error)))?;
    let text = String::from_utf8(answer)
        .map_err(|_| Error::Typed(unusable(host, &"answers with something else than text")))?;
    bank_holidays::parse(&text).map_err(|error| Error::Typed(unusable(&format!("what {host} sends"), &error)))
}

fn read(path: &Path) -> Result<Vec<BankHoliday>> {
    let name = path.display().to_string();
    let unreadable = |error| Error::Typed(unusable(&name, &format!("cannot be read: {error}")));
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let mut text = String::new();
    file.take(LONGEST + 1).read_to_string(&mut text).map_err(unreadable)?;
    if text.len() as u64 > LONGEST {
        let why = "is longer than a million bytes, as no list of bank holidays is";
        return Err(Error::Typed(unusable(&name, &why)));
    }
    bank_holidays::parse(&text).map_err(|error| Error::Typed(unusable(&name, &error)))
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

//! `timeous holidays`: which days are left out and why, whether the sources of the calendar agree, and what a newer
//! list adds.

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::Path;

use chrono::Datelike as _;
use serde_json::{Value, json};

use super::{Context, Error, Result, Said};
use crate::calendar::agree::{self, Agreement, Finding};
use crate::calendar::update::{Adoptable, adoptable};
use crate::calendar::{BankHoliday, Calendar, bank_holidays};
use crate::casework::feed::{self, LONGEST, Unusable};
use crate::casework::reconcile::{self, Preview};
use crate::clock::{in_full, london_day};
use crate::config::Config;
use crate::http::Url;
use crate::store::Sqlite;
use crate::wording::{holidays as words, json as forms, notice, plural};

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
        None => {
            let mut agreement = agree::in_force(calendar, config.rules.longest_clock(today));
            let short = config.rules.school_days_are_short(today);
            agreement
                .findings
                .extend(short.map(|(listed_through, needed)| Finding::SchoolDays { listed_through, needed }));
            (words::in_force(calendar), agreement)
        }
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
    if file.is_none() && !json {
        said.text.push_str(&pending(context)?);
    }
    said.complaints = complaints;
    said.code = u8::from(!agreement.findings.is_empty());
    Ok(said)
}

/// Where the register still rests on another calendar, law or settings: what the next round will move.
fn pending(context: &Context) -> Result<String> {
    let Ok(Some((config, register))) = context.found(Sqlite::open_to_look) else {
        return Ok(String::new());
    };
    let preview = reconcile::pending(&register, &config.rules, context.now())?;
    Ok(preview.map_or(String::new(), |preview| {
        format!(
            "\nThe register still rests on another calendar, law or settings. At the service's next round, once it \
             has read its configuration again, {}",
            would_move(&config, &preview)
        )
    }))
}

/// Reads or fetches a list, judges it, and adds what it has to add.
pub(super) fn update(context: &Context, file: Option<&Path>, url: Option<&str>, dry_run: bool) -> Result {
    if !dry_run {
        context.refuse_pretended("holidays update")?;
    }
    let (config, complaints) = context.in_force()?;
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
                false => adopt(context, &days, &source, dry_run)?,
            };
            Ok(Said {
                text: notes + &said.text,
                complaints,
                ..said
            })
        }
    }
}

/// Puts days in force: they are recorded in the register, and everything open is derived again. A dry run shows what
/// that would move, where there is a register.
fn adopt(context: &Context, days: &[BankHoliday], source: &str, dry_run: bool) -> Result {
    let verb = if dry_run { "would add" } else { "adds" };
    let mut text = format!("{source} {verb} {}:\n", plural_of(days.len(), "day"));
    for day in days {
        let _ = writeln!(text, "  {}  {}", in_full(day.date), words::title(&day.name));
    }
    let open = if dry_run { Sqlite::open_to_look } else { Sqlite::open };
    let (config, mut register) = match context.found(open) {
        // Where there is one and it cannot be read, that is said already.
        Ok(None) | Err(Error::Failed(_)) if dry_run => return Ok(Said::well(text)),
        found => found?.map_or_else(|| context.opened(), Ok)?,
    };
    let now = context.now();
    let all = [config.rules.sources.adopted.as_slice(), days].concat();
    let rules = config.rules.with_adopted(all, Some(london_day(now)));
    let rules = rules.map_err(|error| Error::Failed(error.to_string()))?;
    if dry_run {
        text.push_str(&would_move(&config, &reconcile::preview(&register, &rules, now)?));
        return Ok(Said::well(text));
    }
    let done = reconcile::adopt_days(&mut register, &rules, days, source, &context.clerk(None))?;
    let _ = writeln!(
        text,
        "announced to {}; derived {} again, {} moved, {} told by the next mail",
        in_full(rules.calendar.announced_through()),
        plural_of(done.cases, "case"),
        plural_of(done.moved, "deadline"),
        plural_of(done.told, "officer"),
    );
    Ok(Said::well(text))
}

/// What a derivation would tell whom.
fn would_move(config: &Config, preview: &Preview) -> String {
    let mut text = format!(
        "{} would be derived again, and {} told of dates that move\n",
        plural_of(preview.cases, "case"),
        plural_of(preview.moves.len(), "officer")
    );
    for (officer, moves) in &preview.moves {
        let known = officer.as_deref().and_then(|id| config.rules.people.officer(id));
        let name = match (known, officer) {
            (Some(officer), _) => officer.name.as_str(),
            (None, Some(id)) => id,
            (None, None) => "the team",
        };
        let _ = write!(text, "\nTo {name}:\n{}", notice::preview(moves));
    }
    text
}

fn plural_of(count: usize, noun: &str) -> String {
    plural(i64::try_from(count).unwrap_or(i64::MAX), noun)
}

/// What is said of a list that cannot be used.
fn unusable(name: &str, why: &dyn std::fmt::Display) -> String {
    format!("{name} {why}; the calendar is unchanged")
}

fn fetch(address: &str) -> Result<Vec<BankHoliday>> {
    let url = Url::parse(address).map_err(|error| Error::Typed(unusable("the address", &error)))?;
    feed::fetch(&url).map_err(|error| {
        let words = unusable(url.host(), &error);
        match error {
            Unusable::Call(_) => Error::Failed(words),
            Unusable::NotText | Unusable::List(_) => Error::Typed(words),
        }
    })
}

fn read(path: &Path) -> Result<Vec<BankHoliday>> {
    let name = path.display().to_string();
    let unreadable = |error| Error::Typed(unusable(&name, &format!("cannot be read: {error}; check its name")));
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

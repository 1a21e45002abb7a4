//! The JSON that other programs read: one form a thing, whichever command prints it.
//!
//! Dates are ISO, words are those of the register, and what is absent is left out.

use chrono::{NaiveDate, SecondsFormat};
use serde_json::{Map, Value, json};

use crate::calendar::agree::Finding;
use crate::calendar::period::Unit;
use crate::calendar::proclamations::Doubt;
use crate::calendar::{BankHoliday, Calendar, Reason};
use crate::case::Entry;
use crate::statute::Deadline;
use crate::statute::deadline::{Advised, Caution};

/// A deadline, and where it stands on a day.
#[must_use]
pub fn deadline(deadline: &Deadline, calendar: &Calendar, today: NaiveDate) -> Value {
    let cautions: Vec<Value> = deadline.cautions.iter().map(caution).collect();
    let mut value = json!({
        "step": deadline.key.step,
        "occurrence": deadline.occurrence,
        "regime": deadline.key.regime,
        "actor": deadline.key.actor,
        "nature": deadline.nature,
        "state": deadline.state,
        "standing": deadline.standing(today),
        "provision": deadline.provision.cite,
        "words": deadline.provision.words,
        "from": {
            "on": deadline.from.on,
            "kind": deadline.from.kind,
            "seq": deadline.from.seq,
        },
        "period": {
            "count": deadline.period.count,
            "unit": deadline.period.unit.as_str(),
            "mode": deadline.period.mode.as_str(),
        },
        "skipped": skipped(deadline, calendar),
        "provisional": deadline.provisional,
        "cautions": cautions,
    });
    add(&mut value, "due", deadline.due);
    add(&mut value, "work_to", deadline.work_to);
    add(&mut value, "acted_on", deadline.acted_on);
    add(&mut value, "advised", deadline.advised.map(advised));
    value
}

/// The weekdays a count left out. Months and calendar days leave none out.
fn skipped(deadline: &Deadline, calendar: &Calendar) -> Vec<Value> {
    if deadline.period.unit != Unit::WorkingDays {
        return Vec::new();
    }
    let days = deadline.left_out(calendar);
    days.iter()
        .map(|day| json!({ "date": day.date, "why": day.why }))
        .collect()
}

fn caution(caution: &Caution) -> Value {
    let mut value = json!({ "kind": caution.concern, "why": caution.why });
    add(&mut value, "date", caution.date);
    value
}

fn advised(advised: Advised) -> Value {
    json!({ "date": advised.date, "source": advised.source })
}

/// Which bank holidays a reckoning rests on.
#[must_use]
pub fn calendar(calendar: &Calendar) -> Value {
    json!({
        "version": calendar.version(),
        "announced_through": calendar.announced_through(),
        "as_of": calendar.as_of(),
    })
}

/// A bank holiday, and by what it is one.
#[must_use]
pub fn holiday(day: &BankHoliday, reason: &Reason, doubt: Option<&Doubt>) -> Value {
    let mut value = json!({
        "date": day.date,
        "weekday": day.date.format("%A").to_string(),
        "name": day.name,
        "reason": reason.as_str(),
    });
    if let Reason::Proclaimed(row) = reason {
        add(&mut value, "instrument", Some(row.instrument));
        add(&mut value, "from", row.from);
        add(&mut value, "announced_on", Some(row.announced_on));
        add(&mut value, "proclaimed_on", row.proclaimed_on);
        add(&mut value, "source", Some(&row.source));
        add(&mut value, "note", row.note.as_ref());
    }
    add(
        &mut value,
        "doubt",
        doubt.map(|doubt| json!({ "note": doubt.note, "source": doubt.source })),
    );
    value
}

/// A difference between the sources of the calendar.
#[must_use]
pub fn finding(finding: &Finding) -> Value {
    let (kind, date) = match finding {
        Finding::Unexplained(day) => ("unexplained", Some(day.date)),
        Finding::Missing { date, .. } => ("missing", Some(*date)),
        Finding::TakenAway { listed, .. } => ("taken-away", Some(listed.date)),
        Finding::Idle { date, .. } => ("idle", Some(*date)),
        Finding::Horizon { needed, .. } => ("horizon", Some(*needed)),
        Finding::SchoolDays { needed, .. } => ("school-days", Some(*needed)),
        Finding::NothingOf { .. } => ("nothing-of-year", None),
    };
    let mut value = json!({ "kind": kind, "words": super::holidays::finding(finding) });
    add(&mut value, "date", date);
    if let Finding::NothingOf { year } = finding {
        add(&mut value, "year", Some(*year));
    }
    value
}

/// An entry of the register, and the number of the one that corrects it.
#[must_use]
pub fn entry(entry: &Entry, superseded_by: Option<u32>) -> Value {
    let mut value = json!({
        "reference": entry.reference,
        "seq": entry.seq,
        "kind": entry.fact.kind,
        "on": entry.fact.on,
        "details": entry.fact.details,
        "recorded_at": entry.recorded_at.to_rfc3339_opts(SecondsFormat::Secs, true),
        "recorded_by": entry.recorded_by,
    });
    add(&mut value, "by", entry.by.as_ref());
    add(&mut value, "supersedes", entry.supersedes);
    add(&mut value, "superseded_by", superseded_by);
    value
}

fn add<T: serde::Serialize>(value: &mut Value, name: &str, part: Option<T>) {
    let fields: Option<&mut Map<String, Value>> = value.as_object_mut();
    if let (Some(fields), Some(part)) = (fields, part) {
        fields.insert(name.to_owned(), json!(part));
    }
}

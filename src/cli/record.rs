//! `timeous log`, `record` and `correct`: what happened goes into the register.

use chrono::NaiveDate;

use super::args::{Correct, Details, Log, Record};
use super::{Context, Error, Result, Said};
use crate::calendar::Calendar;
use crate::case::{Details as Saying, Fact, Kind, Reference};
use crate::casework::record::{Recorded, record as record_entry};
use crate::clock::{in_full, london_day};
use crate::store::{Sqlite, Store};
use crate::wording::explain;

pub(super) fn log(context: &Context, log: Log) -> Result {
    context.refuse_pretended("log")?;
    let on = log.posted.or(log.received).ok_or_else(no_day)?;
    let fact = Fact {
        kind: Kind::Received,
        on,
        details: Saying {
            received: log.received.filter(|_| log.posted.is_some()),
            posted: log.posted.is_some(),
            regime: Some(log.regime),
            officer: log.officer,
            keeper_record: log.keeper_record,
            first_received: log.first_received,
            department: log.department,
            subject: log.subject,
            ..Saying::default()
        },
    };
    let (config, register) = context.created()?;
    write(context, &config.rules, register, &log.reference, fact, None, log.by)
}

pub(super) fn record(context: &Context, record: Record) -> Result {
    context.refuse_pretended("record")?;
    let on = day(record.on, record.details.posted)?;
    let fact = Fact {
        kind: record.kind,
        on,
        details: saying(record.details),
    };
    let (config, register) = context.opened()?;
    write(
        context,
        &config.rules,
        register,
        &record.reference,
        fact,
        None,
        record.by,
    )
}

/// A correction says again what stands, but for what is given anew.
pub(super) fn correct(context: &Context, correct: Correct) -> Result {
    context.refuse_pretended("correct")?;
    let (config, register) = context.opened()?;
    let entries = register.read(|snapshot| snapshot.entries(correct.reference.as_str()))?;
    if entries.is_empty() {
        return Err(Error::Typed(format!(
            "{} is not in the register; timeous status --all lists what is",
            correct.reference
        )));
    }
    let Some(entry) = entries.iter().find(|entry| entry.seq == correct.seq) else {
        return Err(Error::Typed(format!(
            "{} has no entry {}; timeous show {} lists its entries",
            correct.reference, correct.seq, correct.reference
        )));
    };
    let mut fact = entry.fact.clone();
    if let Some(on) = correct.on.or(correct.details.posted) {
        fact.on = on;
    }
    let posted = correct.details.posted.is_some();
    let anew = saying(correct.details);
    let stands = &mut fact.details;
    stands.posted = posted || (stands.posted && correct.on.is_none());
    stands.received = anew.received.or(stands.received);
    stands.due = anew.due.or(stands.due);
    stands.outcome = anew.outcome.or(stands.outcome);
    stands.regime = anew.regime.or(stands.regime);
    stands.officer = anew.officer.or(stands.officer.take());
    stands.department = anew.department.or(stands.department.take());
    stands.note = anew.note.or(stands.note.take());
    if !anew.exemptions.is_empty() {
        stands.exemptions = anew.exemptions;
    }
    stands.void = correct.void;
    stands.why = Some(correct.why);
    let supersedes = Some(correct.seq);
    write(
        context,
        &config.rules,
        register,
        &correct.reference,
        fact,
        supersedes,
        correct.by,
    )
}

fn write(
    context: &Context,
    rules: &crate::casework::Rules,
    mut register: Sqlite,
    reference: &Reference,
    fact: Fact,
    supersedes: Option<u32>,
    by: Option<String>,
) -> Result {
    let clerk = context.clerk(by);
    let recorded = register.write(|tx| record_entry(tx, rules, reference, fact, supersedes, &clerk))?;
    Ok(Said::well(told(
        reference,
        &recorded,
        &rules.calendar,
        london_day(clerk.now),
    )))
}

/// What was recorded, where the case now stands, and what to be careful about.
fn told(reference: &Reference, recorded: &Recorded, calendar: &Calendar, today: NaiveDate) -> String {
    let mut text = format!("{reference}: recorded as entry {}\n", recorded.seq);
    text.push_str(&explain::answers(&recorded.deadlines, calendar, today));
    let mut said: Vec<&str> = Vec::new();
    for (_, caution) in &recorded.cautions {
        if !said.contains(&caution.why.as_str()) {
            let day = caution.date.map(in_full).filter(|day| !caution.why.contains(day));
            let day = day.map_or(String::new(), |day| format!(" ({day})"));
            text.push_str(&format!("Note: {}{day}.\n", caution.why));
            said.push(&caution.why);
        }
    }
    text
}

fn saying(details: Details) -> Saying {
    Saying {
        received: details.received,
        posted: details.posted.is_some(),
        due: details.due,
        outcome: details.outcome,
        exemptions: details.exemptions,
        officer: details.officer,
        department: details.department,
        regime: details.regime,
        note: details.note,
        ..Saying::default()
    }
}

/// The day a thing was sent: `--on`, or `--posted`, which says that it went by post.
fn day(on: Option<NaiveDate>, posted: Option<NaiveDate>) -> Result<NaiveDate> {
    match (on, posted) {
        (Some(on), Some(posted)) if on != posted => Err(Error::Typed(format!(
            "--on {on} and --posted {posted} are both the day it was sent; give one, and --received for the arrival"
        ))),
        (on, posted) => posted.or(on).ok_or_else(no_day),
    }
}

fn no_day() -> Error {
    Error::Typed("no day is given; add one as 2022-03-04".to_owned())
}

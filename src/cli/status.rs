//! `timeous status`: where everything stands, for people, for programs and for a monitor.

mod people;

use chrono::{NaiveDate, TimeDelta};
use serde_json::{Value, json};

use super::args::Status;
use super::{Context, Error, Result, Said};
use crate::calendar::period::Unit;
use crate::case::chain::instant;
use crate::casework::overview::{Check, Daemon, DaemonState, Overview, Wanted, overview};
use crate::config::Rules;
use crate::statute::{Standing, State, Step};
use crate::store::{DeadlineRow, Sqlite, Task};
use crate::wording::{json as forms, unowned_word};

/// How long the service sleeps at most.
const MINUTE: TimeDelta = TimeDelta::minutes(1);

pub(super) fn status(context: &Context, wanted: &Status) -> Result {
    let (config, register) = context.looked()?;
    if let Some(id) = wanted
        .officer
        .as_ref()
        .filter(|id| config.rules.people.officer(id).is_none())
    {
        return Err(Error::Typed(format!(
            "officer {id:?} is not in the configuration; check the spelling"
        )));
    }
    let runs = Sqlite::daemon_runs(&config.register)?;
    let asked = Wanted {
        officer: wanted.officer.clone(),
        step: wanted.step,
        within: wanted.within,
        all: wanted.all,
    };
    let mut overview = overview(&register, &config.rules, &asked, runs, context.now())?;
    if context.pretended {
        overview.clock = None;
    }
    if wanted.check {
        return Ok(check(&overview, &config.rules));
    }
    if wanted.json {
        return Ok(Said::json(&as_json(&overview, &config.rules)));
    }
    Ok(Said::well(people::as_text(
        &overview,
        &config,
        context,
        people::width(),
    )))
}

fn check(overview: &Overview, rules: &Rules) -> Said {
    let (check, reasons) = overview.check(rules);
    let (word, code) = match check {
        Check::Ok => ("OK", 0),
        Check::Soon => ("SOON", 1),
        Check::Bad => ("CRITICAL", 2),
    };
    let reasons = match reasons.is_empty() {
        true => "the service runs and nothing is due soon".to_owned(),
        false => reasons.join("; "),
    };
    Said {
        text: format!("TIMEOUS {word} - {reasons}\n"),
        code,
        ..Said::default()
    }
}

/// Where a listed deadline stands on a day: it is open, and has a day to work to.
fn standing(row: &DeadlineRow, today: NaiveDate) -> Standing {
    match row.state {
        State::Pending if row.opens_after.is_none_or(|day| today <= day) => Standing::Pending,
        _ => row.nature.standing(row.due, row.work_to, today),
    }
}

fn in_days(step: Step) -> bool {
    matches!(
        step,
        Step::CommissionerWindow | Step::CommissionerDecision | Step::CourtWindow
    )
}

/// What is left to the day to work to: signed, in the deadline's own unit.
fn left(row: &DeadlineRow, rules: &Rules, today: NaiveDate) -> (i64, Unit) {
    let Some(day) = row.work_to.or(row.due) else {
        return (0, Unit::WorkingDays);
    };
    match in_days(row.key.step) {
        true => ((day - today).num_days(), Unit::Days),
        false => (rules.calendar.working_days_between(today, day), Unit::WorkingDays),
    }
}

fn as_json(overview: &Overview, rules: &Rules) -> Value {
    let daemon = &overview.daemon;
    let counts = &overview.counts;
    let running = daemon.state == DaemonState::Running;
    let next_wake = daemon.last_round.filter(|_| running).map(|at| instant(at + MINUTE));
    let deadlines: Vec<_> = overview
        .deadlines
        .iter()
        .map(|row| {
            let (days, unit) = left(row, rules, overview.today);
            json!({
                "reference": row.reference,
                "step": row.key.step,
                "occurrence": row.occurrence,
                "regime": row.key.regime,
                "actor": row.key.actor,
                "nature": row.nature,
                "due": row.due,
                "work_to": row.work_to,
                "left": { "days": days, "unit": unit.as_str() },
                "standing": standing(row, overview.today),
                "officer": row.officer,
                "provision": row.provision,
            })
        })
        .collect();
    let unowned: Vec<_> = overview
        .unowned
        .iter()
        .map(|(reference, why)| json!({ "reference": reference, "why": unowned_word(why) }))
        .collect();
    json!({
        "daemon": {
            "state": daemon.state,
            "last_round": daemon.last_round.map(instant),
            "next_wake": next_wake,
            "outbox": {
                "queued": daemon.outbox.queued,
                "refused": daemon.outbox.refused,
                "dead": daemon.outbox.dead,
                "unaccepted": daemon.unaccepted,
            },
            "sheet": sheet_as_json(daemon),
        },
        "calendar": forms::calendar(&rules.calendar),
        "counts": {
            "to_answer": counts.to_answer,
            "to_review": counts.to_review,
            "with_commissioner": counts.with_commissioner,
            "awaiting_applicant": counts.awaiting_applicant,
            "later": counts.later,
            "window_running": counts.window_running,
            "overdue": counts.overdue,
            "due_today": counts.due_today,
            "due_soon": counts.due_soon,
        },
        "unowned": unowned,
        "pending": overview.pending,
        "deadlines": deadlines,
    })
}

/// The officers' own sheet, if the settings name one.
fn sheet_as_json(daemon: &Daemon) -> Value {
    let round = daemon.rounds.iter().find(|(task, _)| *task == Task::Sheet);
    match &daemon.sheet {
        None => Value::Null,
        Some(sheet) => json!({
            "path": sheet.path,
            "read_at": sheet.read_at.map(instant),
            "rows": sheet.lines,
            "to_settle": sheet.held,
            "ok": round.is_none_or(|(_, round)| round.ok),
            "summary": round.map(|(_, round)| &round.summary),
        }),
    }
}

//! `timeous status`: where everything stands, for people, for programs and for a monitor.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use chrono::{NaiveDate, TimeDelta};
use serde_json::{Value, json};

use super::args::Status;
use super::{Context, Error, Result, Said};
use crate::calendar::period::Unit;
use crate::case::Regime;
use crate::case::chain::instant;
use crate::casework::feed::NOTHING_NEW;
use crate::casework::overview::{Check, Daemon, DaemonState, Overview, Wanted, overview};
use crate::clock::{in_full, london_day, london_time};
use crate::config::{Config, Rules};
use crate::reminders::people::{Unowned, Why};
use crate::statute::{Actor, Nature, Standing, State, Step};
use crate::store::{DeadlineRow, Round, Sqlite, Task};
use crate::wording::{json as forms, one_line, step_name, unowned_cases, unowned_word, why_unowned};

/// More cases without an owner than these are counted and not named.
const NAMED_UNOWNED: usize = 5;

/// How long the service sleeps at most.
const MINUTE: TimeDelta = TimeDelta::minutes(1);

pub(super) fn status(context: &Context, wanted: &Status) -> Result {
    let (config, register) = context.opened()?;
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
    let overview = overview(&register, &config.rules, &asked, runs, context.now())?;
    if wanted.check {
        return Ok(check(&overview, &config.rules));
    }
    if wanted.json {
        return Ok(Said::json(&as_json(&overview, &config.rules)));
    }
    Ok(Said::well(as_text(&overview, &config, context)))
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

const ALARM: Style = AnsiColor::Red.on_default().bold();
const URGENT: Style = AnsiColor::Yellow.on_default().bold();

fn as_text(overview: &Overview, config: &Config, context: &Context) -> String {
    let rules = &config.rules;
    let today = overview.today;
    let mut text = format!(
        "Timeous - {}, {}\n",
        in_full(today),
        london_time(context.now()).format("%H:%M")
    );
    daemon_line(&mut text, overview, rules);
    text.push_str(&super::mail::stays_here(config));
    if overview.pending {
        let _ = writeln!(
            text,
            "{URGENT}these dates rest on another calendar or other settings{URGENT:#}: the service derives them again at \
             its next round; reload it if its file was changed, and see `timeous holidays check`"
        );
    }
    for (reference, why) in &overview.set_aside {
        let _ = writeln!(text, "{ALARM}set aside{ALARM:#} {reference}: {why}");
    }
    unowned_lines(&mut text, &overview.unowned);
    let mut groups: [(&str, Style, Vec<&DeadlineRow>); 6] = [
        ("OVERDUE", ALARM, Vec::new()),
        ("PAST THE SAFE DATE", ALARM, Vec::new()),
        ("TODAY", URGENT, Vec::new()),
        ("", Style::new().bold(), Vec::new()),
        ("LATER", Style::new().bold(), Vec::new()),
        ("ENDED OR PASSED", Style::new().bold(), Vec::new()),
    ];
    let near = format!("NEXT {} WORKING DAYS", spelled(rules.soon));
    groups[3].0 = &near;
    let soon = rules.soon_through(today);
    for row in &overview.deadlines {
        let day = row.work_to.or(row.due);
        let group = match standing(row, today) {
            Standing::Overdue => 0,
            Standing::PastSafeDate => 1,
            Standing::OutOfTime | Standing::Passed => 5,
            _ if day == Some(today) => 2,
            _ if day.is_some_and(|day| day <= soon) => 3,
            _ => 4,
        };
        groups[group].2.push(row);
    }
    let lines: Vec<Vec<[String; 5]>> = groups
        .iter()
        .map(|(_, _, rows)| rows.iter().map(|row| cells(row, rules, today)).collect())
        .collect();
    let widths = widths(lines.iter().flatten());
    for ((name, style, rows), lines) in groups.iter().zip(&lines) {
        if rows.is_empty() {
            continue;
        }
        let _ = writeln!(text, "\n{style}{name} {}{style:#}", rows.len());
        for line in lines {
            let _ = writeln!(text, "  {}", padded(line, &widths).trim_end());
        }
    }
    summary(&mut text, overview);
    text
}

fn daemon_line(text: &mut String, overview: &Overview, rules: &Rules) {
    let daemon = &overview.daemon;
    let hour = |at: chrono::DateTime<chrono::Utc>| match london_day(at) == overview.today {
        true => london_time(at).format("%H:%M").to_string(),
        false => format!("{} {}", in_full(london_day(at)), london_time(at).format("%H:%M")),
    };
    let rounds = match (daemon.state, daemon.last_round) {
        (DaemonState::Running, Some(at)) => format!("running, last round {}, next {}", hour(at), hour(at + MINUTE)),
        (DaemonState::Running, None) => "running, no round yet".to_owned(),
        (DaemonState::Stale, Some(at)) => format!("{ALARM}stuck{ALARM:#}: no round since {}", hour(at)),
        (_, Some(at)) => format!(
            "{ALARM}the service does not run{ALARM:#}: nobody is reminded since {}",
            hour(at)
        ),
        (_, None) => format!("{ALARM}the service has never run{ALARM:#}: nobody is reminded; start it"),
    };
    let outbox = &daemon.outbox;
    let mails = match outbox.queued {
        1 => "1 mail waiting".to_owned(),
        n => format!("{n} mails waiting"),
    };
    let mut line = format!("{rounds}; {mails}");
    if outbox.refused + outbox.dead > 0 {
        let _ = write!(line, ", {ALARM}{} refused{ALARM:#}", outbox.refused + outbox.dead);
    }
    if daemon.unaccepted > 0 {
        let _ = write!(
            line,
            ", {ALARM}{} not accepted by the end of their send window{ALARM:#}",
            daemon.unaccepted
        );
    }
    let announced = rules.calendar.announced_through();
    let _ = writeln!(
        text,
        "{line}; bank holidays announced to {}{}",
        announced.format("%-d %B %Y"),
        if overview.horizon_is_short(rules) {
            " (a clock begun today could run past that)"
        } else {
            ""
        },
    );
    for (task, round) in daemon.rounds.iter().filter(|(_, round)| !round.ok) {
        let _ = writeln!(text, "{ALARM}{task}{ALARM:#}: {}", round.summary);
    }
    for (_, round) in daemon
        .rounds
        .iter()
        .filter(|(task, round)| *task == Task::Sheet && round.ok)
    {
        let _ = writeln!(text, "sheet: {}, {}", round.summary, hour(round.at));
    }
    let proposes = |(task, round): &&(Task, Round)| *task == Task::Feed && round.ok && round.summary != NOTHING_NEW;
    for (task, round) in daemon.rounds.iter().filter(proposes) {
        let _ = writeln!(text, "{URGENT}{task}{URGENT:#}: {}", round.summary);
    }
}

/// The first cases that nobody who is active has, and what to do about them.
fn unowned_lines(text: &mut String, unowned: &[(String, Unowned)]) {
    if unowned.is_empty() {
        return;
    }
    let named = unowned.iter().take(NAMED_UNOWNED);
    let mut named: Vec<_> = named
        .map(|(reference, why)| format!("{reference} ({})", why_unowned(why)))
        .collect();
    if unowned.len() > NAMED_UNOWNED {
        named.push(format!("and {} more", unowned.len() - NAMED_UNOWNED));
    }
    let _ = writeln!(
        text,
        "{ALARM}{}{ALARM:#}: {}; give each to somebody: `timeous record REF reassigned --on DATE --officer ID`",
        unowned_cases(i64::try_from(unowned.len()).unwrap_or(i64::MAX)),
        named.join(", ")
    );
}

fn cells(row: &DeadlineRow, rules: &Rules, today: NaiveDate) -> [String; 5] {
    let (days, unit) = left(row, rules, today);
    let day = row.work_to.or(row.due);
    let verb = if row.nature == Nature::Right { "closes" } else { "due" };
    let when = match day {
        Some(day) if day == today => format!("{verb} today"),
        Some(day) => format!("{verb} {}", weekday(day, today)),
        None => "no date".to_owned(),
    };
    let safe = row.work_to != row.due && row.nature == Nature::Duty;
    let provisional = if row.provisional { " (provisional)" } else { "" };
    let step = match row.key.regime {
        _ if row.key.step == Step::CourtWindow && row.key.actor == Actor::Applicant => "applicant's appeal".to_owned(),
        Regime::Eirs if row.key.actor == Actor::Authority => format!("{} (EIRs)", step_name(row.key.step)),
        _ => step_name(row.key.step).to_owned(),
    };
    [
        row.reference.clone(),
        step,
        format!("{when}{}{provisional}", if safe { " (safe date)" } else { "" }),
        match days {
            0 => String::new(),
            // Only a duty is late.
            ..0 if row.nature != Nature::Duty => String::new(),
            _ => crate::wording::left(days, unit),
        },
        reader(row, rules, today),
    ]
}

/// Who is told of a case today.
fn reader(row: &DeadlineRow, rules: &Rules, today: NaiveDate) -> String {
    let reader = match rules.people.recipient(row.officer.as_deref(), today, |_| false) {
        None => "nobody".to_owned(),
        Some(reader) => match reader.why {
            // Copies go to others than the one who is told.
            Why::Owner | Why::QuietDay { .. } | Why::Manager { .. } | Why::ForManager { .. } => reader.name,
            Why::StandsIn { owner, until } => {
                let until = until
                    .map(|day| format!(" to {}", day.format("%-d %b")))
                    .unwrap_or_default();
                format!("{} (covers {owner}{until})", reader.name)
            }
            Why::NobodyElse { owner } => format!("{} (for {owner})", reader.name),
            Why::NoOwner => format!("{} (no owner)", reader.name),
        },
    };
    one_line(&reader)
}

/// `Tue 1 Dec`, with the year where it is another.
fn weekday(day: NaiveDate, today: NaiveDate) -> String {
    use chrono::Datelike;
    match day.year() == today.year() {
        true => day.format("%a %-d %b").to_string(),
        false => crate::wording::short(day),
    }
}

fn widths<'a>(lines: impl Iterator<Item = &'a [String; 5]>) -> [usize; 5] {
    lines.fold([0; 5], |mut widths, line| {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = (*width).max(cell.chars().count());
        }
        widths
    })
}

fn padded(line: &[String; 5], widths: &[usize; 5]) -> String {
    let cells: Vec<_> = line
        .iter()
        .zip(widths)
        .map(|(cell, width)| format!("{cell:<width$}"))
        .collect();
    cells.join("   ")
}

fn summary(text: &mut String, overview: &Overview) {
    let counts = &overview.counts;
    let _ = writeln!(
        text,
        "\nlater {} - to answer {} - to review {} - with the Commissioner {} - waiting for the applicant {} - windows \
         running {}",
        counts.later,
        counts.to_answer,
        counts.to_review,
        counts.with_commissioner,
        counts.awaiting_applicant,
        counts.window_running,
    );
    text.push_str("`timeous show REF` for the whole story, `timeous explain REF` for the reckoning\n");
}

fn spelled(number: u16) -> String {
    const WORDS: [&str; 11] = [
        "NO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE", "TEN",
    ];
    WORDS
        .get(usize::from(number))
        .map_or_else(|| number.to_string(), |word| (*word).to_owned())
}

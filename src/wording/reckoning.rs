//! The reckoning of one deadline, a row a day that matters: what started the clock, its first day, what it
//! left out and why, its last day, and what makes the date less certain than it looks.

use chrono::{Datelike, NaiveDate, Weekday};

use super::explain::WIDTH;
use super::plain::{column, holiday, one_line, plain_date, sentence, worded, wrap};
use super::steps::start;
use crate::calendar::period::{Mode, Unit};
use crate::calendar::{Calendar, schedule};
use crate::case::{Act, Case, Regime};
use crate::statute::{Caution, Concern, Deadline, Step};

/// Where the notes of a row begin.
const NOTES: usize = 38;

/// The rows of a deadline under its head, or nothing where no date was reckoned.
pub(super) fn reckoning(case: Option<&Case>, deadline: &Deadline, head: String, calendar: &Calendar) -> String {
    let mut rows = vec![head];
    if let Some(due) = deadline.due {
        rows.extend(started(case, deadline));
        rows.extend(match deadline.period.unit {
            Unit::WorkingDays => counted(deadline, calendar),
            Unit::Months => vec![corresponding(deadline)],
            Unit::Days => vec![calendar_days(deadline)],
        });
        rows.extend(settled_otherwise(deadline, due));
    }
    let differs = |caution: &&Caution| caution.concern != Concern::Reading || caution.date != deadline.due;
    rows.extend(deadline.cautions.iter().filter(differs).map(|caution| {
        let label = match caution.concern {
            Concern::Reading => "another reading",
            Concern::Dispute => "may be disputed",
            Concern::Note => "note",
        };
        row(label, caution.date, &sentence(&one_line(&caution.why)))
    }));
    if rows.len() == 1 {
        return String::new();
    }
    format!("{}\n", rows.join("\n"))
}

/// What started the clock, and how it came where that decides the day.
fn started(case: Option<&Case>, deadline: &Deadline) -> Vec<String> {
    let from = deadline.from.on;
    let label = start(deadline);
    let mut rows = Vec::new();
    let posted = case
        .and_then(|case| act(case, deadline.from.seq))
        .filter(|act| act.posted && act.arrived.is_none() && act.on < from && label != "time expires");
    if let Some(act) = posted {
        let presumed = (from - act.on).num_days() == 3;
        let why = match deadline.key.regime {
            Regime::Eirs if presumed => {
                "by post, its arrival unknown: the third day is taken, for the applicant's sake"
            }
            Regime::Eirs => "by post, its arrival unknown: the day after is the earliest it can have come",
            _ => "by post: presumed not to be received until the third day after (s.74(2)(a))",
        };
        rows.push(row("posted", Some(act.on), why));
    }
    rows.push(row(label, Some(from), not_counted(deadline)));
    rows
}

fn not_counted(deadline: &Deadline) -> &'static str {
    match (deadline.period.mode, deadline.key.step, deadline.key.regime) {
        (Mode::BeginningWith, ..) => "counted: the period begins with this day",
        (Mode::After, Step::CourtWindow, _) => "not counted: the rule counts from the day after",
        (Mode::After, Step::Response | Step::ReviewOutcome | Step::ReviewWindow, Regime::Eirs) => {
            "not counted: the Regulations count from the day after"
        }
        (Mode::After, Step::Response | Step::ReviewOutcome | Step::CommissionerDecision, _) => {
            "not counted: the Act counts from the day after"
        }
        (Mode::After, Step::ExtensionNotice, _) => "not counted: the Regulations count from the day after",
        (Mode::After, ..) => "not counted",
    }
}

/// Day 1, the weekdays left out, and the last day.
fn counted(deadline: &Deadline, calendar: &Calendar) -> Vec<String> {
    let span = deadline.span;
    let mut rows = vec![row("day 1", Some(calendar.nth_working_day_after(span.after, 1)), "")];
    let weekends = i64::try_from(sundays(span.after, span.through)).unwrap_or(0);
    let weekends = worded(weekends, "weekend");
    let out = deadline.left_out(calendar);
    if out.is_empty() {
        rows.push(format!("  {:<18}{weekends}", "left out"));
    }
    for (index, day) in out.iter().enumerate() {
        let label = if index == 0 { "left out" } else { "" };
        let last = index + 1 == out.len();
        let and = if last {
            format!(", and {weekends}")
        } else {
            String::new()
        };
        let why = match day.holiday {
            true => format!("{} ({}){and}", holiday(&day.why), authority_for(day.date, calendar)),
            false => format!("{}{and}", day.why),
        };
        rows.push(row(label, Some(day.date), &why));
    }
    let provisional = if deadline.provisional {
        format!(
            "provisional: bank holidays are announced only to {}",
            plain_date(calendar.announced_through())
        )
    } else {
        String::new()
    };
    rows.push(row(
        &format!("day {}", deadline.period.count),
        Some(span.through),
        &provisional,
    ));
    rows
}

/// Every weekend before a working day has its Sunday before it.
fn sundays(after: NaiveDate, through: NaiveDate) -> usize {
    let days = after.iter_days().skip(1).take_while(|day| *day <= through);
    days.filter(|day| day.weekday() == Weekday::Sun).count()
}

/// By what a day is no working day.
fn authority_for(day: NaiveDate, calendar: &Calendar) -> &'static str {
    let scheduled = schedule::schedule(day.year());
    if (day.month(), day.day()) == (12, 25) {
        "s.73"
    } else if scheduled.iter().any(|(date, _)| *date == day) {
        "1971 Act, Sch 1 para 2"
    } else if calendar.is_provisional(day) {
        "not yet proclaimed"
    } else {
        "proclaimed"
    }
}

/// RULE 0.5: the corresponding date, or the end of a month that has none.
fn corresponding(deadline: &Deadline) -> String {
    let (from, last) = (deadline.from.on, deadline.span.through);
    let how = match deadline.period.mode {
        Mode::BeginningWith => "the day before the corresponding date",
        Mode::After if last.day() < from.day() => "the month's last day, as it has no corresponding date",
        Mode::After => "the corresponding date",
    };
    let label = format!("{} months on", deadline.period.count);
    row(
        &label,
        Some(last),
        &format!("{how}; not moved for weekends or holidays"),
    )
}

fn calendar_days(deadline: &Deadline) -> String {
    row(
        &format!("day {}", deadline.period.count),
        Some(deadline.span.through),
        "calendar days; not moved for weekends or holidays",
    )
}

/// The day to work to, and a last day that the count alone does not give.
fn settled_otherwise(deadline: &Deadline, due: NaiveDate) -> Vec<String> {
    let mut rows = Vec::new();
    if due != deadline.span.through {
        rows.push(row("due", Some(due), ""));
    }
    if let Some(work_to) = deadline.work_to.filter(|day| *day != due) {
        let why = if work_to < due {
            "the earliest day on any reading"
        } else {
            "the latest day on any reading or letter; treat it as in time until then"
        };
        rows.push(row("safe date", Some(work_to), why));
    }
    rows
}

/// The act of an entry, where the case keeps it.
fn act(case: &Case, seq: u32) -> Option<&Act> {
    let answers = case.answers.iter().map(|answer| &answer.act);
    let reviews = case.reviews.iter().flat_map(|review| {
        let notices = review.notices.iter().map(|notice| &notice.act);
        std::iter::once(&review.required).chain(notices)
    });
    let applications = case.applications.iter().flat_map(|application| {
        let decision = application.decision.iter().map(|decision| &decision.act);
        application.applied.iter().chain(decision)
    });
    let mut all = std::iter::once(&case.received)
        .chain(answers)
        .chain(reviews)
        .chain(applications);
    all.find(|act| act.seq == seq)
}

fn row(label: &str, day: Option<NaiveDate>, note: &str) -> String {
    let day = day.map(column).unwrap_or_default();
    let head = format!("  {label:<18}{day:<15}   ");
    wrap_row(&head, note)
}

fn wrap_row(head: &str, note: &str) -> String {
    wrap(note, WIDTH, head, &" ".repeat(NOTES)).trim_end().to_owned()
}

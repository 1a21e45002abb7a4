//! The reckoning of one deadline, a row a day that matters: what started the clock, its first day, what it
//! left out and why, its last day, and what makes the date less certain than it looks.

use chrono::{Datelike, NaiveDate};

use super::count::counted;
use super::course::{self, turns};
use super::explain::{Telling, WIDTH};
use super::plain::{column, one_line, plain_date, sentence, wrap};
use super::steps::start;
use crate::calendar::Calendar;
use crate::calendar::period::{Mode, Unit};
use crate::case::{Act, Case, Regime};
use crate::clock::in_full;
use crate::statute::{Caution, Concern, Deadline, State, Step};

/// Where the notes of a row begin.
const NOTES: usize = 38;

/// The rows of a deadline under its head, or nothing where there is nothing to tell.
pub(super) fn reckoning(telling: &Telling<'_>, deadline: &Deadline, head: String) -> String {
    let mut rows = vec![head];
    if deadline.due.is_some() || deadline.state == State::Suspended {
        rows.push(provision(deadline));
    }
    // A window that waits for the end of a time that has none has not started.
    if deadline.due.is_some() || (deadline.state == State::Suspended && deadline.key.step != Step::ReviewWindow) {
        rows.extend(started(telling, deadline));
    }
    if let Some(due) = deadline.due {
        rows.extend(match deadline.period.unit {
            _ if is_stated(deadline, telling.calendar) => vec![row("stated", Some(due), by_whom(deadline))],
            Unit::WorkingDays => counted(deadline, telling),
            Unit::Months => vec![corresponding(deadline)],
            Unit::Days => vec![calendar_days(deadline)],
        });
        rows.extend(settled_otherwise(deadline, due));
    }
    rows.extend(doubts(deadline));
    rows.extend(before(telling, deadline));
    if rows.len() == 1 {
        return String::new();
    }
    format!("{}\n", rows.join("\n"))
}

/// The rule in its decisive words, in quotation marks where they are the law's own.
fn provision(deadline: &Deadline) -> String {
    let provision = deadline.provision;
    let words = match provision.quoted {
        true => format!("{}: \"{}\"", provision.cite, provision.words),
        false => format!("{}: {}", provision.cite, provision.words),
    };
    wrap(&words, WIDTH, "  ", "    ")
}

/// Whether a paper, or the authority itself, gave the day, so that nothing was counted.
pub(super) fn is_stated(deadline: &Deadline, calendar: &Calendar) -> bool {
    match deadline.key.step {
        Step::CommissionerNotice | Step::Compliance | Step::Diary => true,
        Step::Department => calendar.reckon(deadline.from.on, deadline.period).through != deadline.span.through,
        _ => false,
    }
}

/// Who gave a day that was not counted.
pub(super) fn by_whom(deadline: &Deadline) -> &'static str {
    match deadline.key.step {
        Step::CommissionerNotice => "the date in the Commissioner's notice",
        Step::Compliance => "the date in the decision notice, or in what the court decided",
        Step::Department => "the day the department was given",
        _ => "the officer's own date",
    }
}

/// What makes a date less certain than it looks, each with its kind and its day.
fn doubts(deadline: &Deadline) -> impl Iterator<Item = String> {
    let differs = |caution: &&Caution| caution.concern != Concern::Reading || caution.date != deadline.due;
    deadline.cautions.iter().filter(differs).map(|caution| {
        let label = match caution.concern {
            Concern::Reading => "another reading",
            Concern::Dispute => "may be disputed",
            Concern::Note => "note",
        };
        row(label, caution.date, &sentence(&one_line(&caution.why)))
    })
}

/// What the date was before, and why it moved.
fn before<'a>(telling: &'a Telling<'_>, deadline: &Deadline) -> impl Iterator<Item = String> + 'a {
    let key = deadline.key;
    telling.history.iter().filter(move |was| was.key == key).map(|was| {
        let due = was.due.map_or_else(|| "without a date".to_owned(), in_full);
        let calendar: String = was.calendar.chars().take(8).collect();
        let told = format!(
            "until {} it was {due} (calendar {calendar}): {}",
            plain_date(was.until),
            one_line(&was.why)
        );
        row("before", None, &told)
    })
}

/// What started the clock, how it came where that decides the day, and what stopped it on the way.
fn started(telling: &Telling<'_>, deadline: &Deadline) -> Vec<String> {
    let Some(case) = telling.case.filter(|_| deadline.key.step == Step::Response) else {
        return start_rows(telling, deadline);
    };
    let regime = deadline.key.regime;
    let (mut earlier, mut later) = (Vec::new(), Vec::new());
    if case.received.seq != deadline.from.seq {
        earlier.push(row("received", Some(case.received.on), "the request"));
    }
    let mut anew = case.received.seq == deadline.from.seq;
    for turn in turns(case, regime) {
        if turn.act.seq == deadline.from.seq {
            anew = true;
            continue;
        }
        let (label, note) = course::row(turn, regime);
        let rows = if anew { &mut later } else { &mut earlier };
        rows.push(row(label, Some(turn.act.on), &note));
    }
    earlier.extend(start_rows(telling, deadline));
    earlier.extend(later);
    earlier
}

fn start_rows(telling: &Telling<'_>, deadline: &Deadline) -> Vec<String> {
    let from = deadline.from.on;
    let label = start(deadline);
    let expires = label == "time expires";
    let act = telling
        .case
        .and_then(|case| act(case, deadline.from.seq))
        .filter(|_| !expires);
    let mut rows = Vec::new();
    let unknown = act.filter(|act| act.posted && act.arrived.is_none() && act.on < from);
    if let Some(act) = unknown {
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
    let free_day = act.is_some() && unknown.is_none() && telling.calendar.why_not(from).is_some();
    let on_free_day = match deadline.key.regime {
        _ if !free_day || is_stated(deadline, telling.calendar) => "",
        Regime::Eirs => "no working day, but the day of receipt all the same; ",
        _ => "no working day, but the day of receipt all the same (s.74(2)(b)); ",
    };
    rows.push(row(
        label,
        Some(from),
        &format!("{on_free_day}{}", not_counted(deadline, telling.calendar)),
    ));
    rows
}

fn not_counted(deadline: &Deadline, calendar: &Calendar) -> &'static str {
    match (deadline.period.mode, deadline.key.step, deadline.key.regime) {
        _ if is_stated(deadline, calendar) => "",
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
        let demands = application.demands.iter().map(|demand| &demand.act);
        application.applied.iter().chain(decision).chain(demands)
    });
    let mut all = std::iter::once(&case.received)
        .chain(case.turns.iter().map(|turn| &turn.act))
        .chain(answers)
        .chain(reviews)
        .chain(applications);
    all.find(|act| act.seq == seq)
}

pub(super) fn row(label: &str, day: Option<NaiveDate>, note: &str) -> String {
    let day = day.map(column).unwrap_or_default();
    let head = format!("  {label:<18}{day:<15}   ");
    wrap_row(&head, note)
}

fn wrap_row(head: &str, note: &str) -> String {
    wrap(note, WIDTH, head, &" ".repeat(NOTES)).trim_end().to_owned()
}

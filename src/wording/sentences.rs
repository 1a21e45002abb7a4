//! One deadline in sentences: by when, what was done, and what else must be said of the date.

use chrono::NaiveDate;

use super::course::awaited;
use super::plain::{beside, left, plain_date, plural};
use super::steps::{actor, done, right, title};
use crate::calendar::Calendar;
use crate::calendar::period::Unit;
use crate::case::{Case, Kind, Regime};
use crate::clock::in_full;
use crate::reminders::Closures;
use crate::statute::deadline::AdviceSource;
use crate::statute::{Actor, Deadline, Nature, Standing, State, Step};

/// `Answer (FOISA s.10(1)(a)): due by … Answered …: in time.`
///
/// With the case it can name what is waited for.
pub(super) fn answer(case: Option<&Case>, deadline: &Deadline, calendar: &Calendar, today: NaiveDate) -> String {
    let said = match (deadline.due, deadline.nature) {
        (None, _) => undated(case, deadline, today),
        (Some(due), Nature::Right) => right_until(deadline, due, calendar, today),
        (Some(due), Nature::Duty) => due_by(deadline, due, calendar, today),
        (Some(due), Nature::Target) => aimed_at(deadline, due, today),
        (Some(due), Nature::Power) => may_until(deadline, due, today),
        (Some(due), Nature::Policy) => own_day(deadline, due, today),
    };
    format!("{} ({}): {said}", title(deadline), deadline.provision.cite)
}

fn undated(case: Option<&Case>, deadline: &Deadline, today: NaiveDate) -> String {
    if let Some(acted) = deadline.acted_on {
        // Answered while the applicant was waited for: nothing had run out.
        let owed = match deadline.key.step {
            Step::Response => "no date could be known.",
            Step::ReviewWindow | Step::CommissionerWindow => "no end could be known.",
            _ => "not owed.",
        };
        let anyway = if owed == "not owed." { " all the same" } else { "" };
        return format!("{owed} {} {}{anyway}.", done(deadline.key.step), in_full(acted));
    }
    match (deadline.standing(today), deadline.nature) {
        (Standing::Withdrawn, _) => "withdrawn.".to_owned(),
        (Standing::NotOwed, Nature::Right) => "does not arise.".to_owned(),
        (Standing::NotOwed, _) => match deadline.lapses_after {
            Some(last) => format!(
                "not owed: no fee was duly paid by {}, the last day to pay.",
                in_full(last)
            ),
            None => "not owed.".to_owned(),
        },
        _ => format!("no date can be known {}.", until_what(case, deadline)),
    }
}

/// What a date that is not known waits for.
fn until_what(case: Option<&Case>, deadline: &Deadline) -> String {
    if deadline.key.step == Step::Compliance {
        return "until the appeal is determined: it suspends the time to comply (s.49(7))".to_owned();
    }
    if let Some(awaited) = case.and_then(|case| awaited(case, deadline.key.regime)) {
        return awaited.told(deadline);
    }
    match deadline.lapses_after {
        Some(last) => format!("until the fee is paid; the last day to pay is {}", in_full(last)),
        None => "until the applicant has sent what was asked for".to_owned(),
    }
}

fn due_by(deadline: &Deadline, due: NaiveDate, calendar: &Calendar, today: NaiveDate) -> String {
    let by = format!("due by {}", in_full(due));
    if deadline.state == State::Withdrawn
        && let Some(acted) = deadline.acted_on
    {
        return format!(
            "withdrawn; it was {by}. {} all the same on {}.",
            done(deadline.key.step),
            in_full(acted)
        );
    }
    if let Some(acted) = deadline.acted_on {
        return format!("{by}. {}", acted_on(deadline, due, acted, calendar));
    }
    let safe = deadline.work_to.filter(|day| *day != due).map(|day| beside(day, due));
    match (deadline.standing(today), safe) {
        (Standing::Withdrawn, _) => format!("withdrawn; it was {by}."),
        (Standing::NotOwed, _) => format!("not owed; it would have been {by}."),
        (Standing::Overdue, _) => {
            let late = calendar.working_days_between(due, today);
            let late = if late == 0 {
                "late".to_owned()
            } else {
                left(-late, Unit::WorkingDays)
            };
            format!("{by}. Nothing is recorded: {late}.")
        }
        (Standing::PastSafeDate, Some(safe)) => format!("{by}; the safe date, {safe}, has passed."),
        (_, Some(safe)) => format!("{by}; work to {safe}."),
        (_, None) => format!("{by}."),
    }
}

fn right_until(deadline: &Deadline, due: NaiveDate, calendar: &Calendar, today: NaiveDate) -> String {
    let (who, what) = (actor(deadline.key.actor), right(deadline.key.step));
    let until = in_full(due);
    if let Some(acted) = deadline.acted_on {
        return format!(
            "{who} could {what} until {until}. {}",
            acted_on(deadline, due, acted, calendar)
        );
    }
    match deadline.standing(today) {
        Standing::Withdrawn => format!("withdrawn; {who} could have {} until {until}.", past(deadline.key.step)),
        Standing::NotOwed => format!("not open; it would have been until {until}."),
        Standing::OutOfTime => format!("{who} could {what} until {until}, as of right; that time has ended."),
        Standing::Pending => format!("{who} may {what} until {until}{}", on_silence(deadline)),
        _ => format!("{who} may {what} until {until}."),
    }
}

/// What a window that is not open yet hangs on.
fn on_silence(deadline: &Deadline) -> &'static str {
    match (deadline.key.step, deadline.key.regime) {
        (Step::ReviewWindow, Regime::Eirs) => ", if no answer comes; an answer gives 40 working days from its receipt.",
        (Step::ReviewWindow, _) => {
            ", if an answer comes in time or never; a late answer gives 40 working days from its receipt."
        }
        (Step::CommissionerWindow, _) => ", if no outcome comes; an outcome gives six months from its receipt.",
        _ => ".",
    }
}

fn past(step: Step) -> &'static str {
    match step {
        Step::Response | Step::ReviewOutcome => "answered",
        Step::ReviewWindow => "required a review",
        Step::CommissionerWindow => "applied to the Commissioner",
        Step::CommissionerDecision => "decided",
        Step::CourtWindow => "appealed to the Court of Session",
        Step::ExtensionNotice => "extended",
        Step::Department => "replied",
        Step::FeePayment => "paid",
        Step::CommissionerNotice | Step::Compliance => "complied",
        Step::Publication => "published",
        Step::Waiting | Step::Diary => "done",
    }
}

fn aimed_at(deadline: &Deadline, due: NaiveDate, today: NaiveDate) -> String {
    let target = format!("{} aims at {} (no duty)", actor(deadline.key.actor), in_full(due));
    match (deadline.acted_on, deadline.standing(today)) {
        (Some(acted), _) => format!("{target}. {} {}.", done(deadline.key.step), beside(acted, due)),
        (None, Standing::Withdrawn) => format!("ended before its day, {}.", in_full(due)),
        (None, Standing::Passed) => format!("{target}; the day has passed."),
        _ => format!("{target}."),
    }
}

/// A power is noted: what may be done, and until when.
fn may_until(deadline: &Deadline, due: NaiveDate, today: NaiveDate) -> String {
    let what = right(deadline.key.step);
    match (deadline.acted_on, deadline.standing(today)) {
        (Some(acted), _) => format!(
            "could be notified until {}. {} {}.",
            in_full(due),
            done(deadline.key.step),
            beside(acted, due)
        ),
        (None, Standing::Withdrawn) => format!("no longer open; it was until {}.", in_full(due)),
        (None, Standing::Passed) => format!("the authority could {what} until {}; the day has passed.", in_full(due)),
        _ => format!("the authority may {what} until {}.", in_full(due)),
    }
}

/// A day the authority has set or promised. It can pass, and nobody is late by it.
fn own_day(deadline: &Deadline, due: NaiveDate, today: NaiveDate) -> String {
    let day = in_full(due);
    let stands = match deadline.key.step {
        Step::Department => format!("a reply was asked for by {day}"),
        Step::Waiting => format!("close the file or ask again on {day}"),
        Step::Publication => format!("promised by {day}"),
        _ => format!("noted for {day}"),
    };
    match (deadline.acted_on, deadline.standing(today)) {
        (Some(acted), _) => format!("{stands}. {} {}.", done(deadline.key.step), beside(acted, due)),
        (None, Standing::Withdrawn) => format!("{stands}; no longer needed."),
        (None, Standing::Passed) => format!("{stands}; that day has passed."),
        _ => format!("{stands}."),
    }
}

/// `Answered Thursday 5 November: in time.`
fn acted_on(deadline: &Deadline, due: NaiveDate, acted: NaiveDate, calendar: &Calendar) -> String {
    let verdict = match deadline.state {
        State::Met if too_early(deadline).is_some() => premature(deadline, due),
        State::Arguable if acted <= due => match deadline.work_to {
            Some(safe) => format!(
                "in time, but arguably: on another reading the last day was {}",
                beside(safe, due)
            ),
            None => "in time, but arguably".to_owned(),
        },
        State::Arguable => {
            "after the last day on the words of the law, but within another reading or the letter".to_owned()
        }
        State::Late if deadline.nature == Nature::Right => "out of time".to_owned(),
        State::Late => match calendar.working_days_between(due, acted) {
            0 => "late".to_owned(),
            days => format!("{} late", plural(days, "working day")),
        },
        _ => "in time".to_owned(),
    };
    format!("{} {}: {verdict}.", done(deadline.key.step), beside(acted, due))
}

/// The end of the time of the authority's that a right waits for, where it was used before that.
fn too_early(deadline: &Deadline) -> Option<NaiveDate> {
    deadline
        .opens_after
        .filter(|end| deadline.acted_on.is_some_and(|acted| acted <= *end))
}

/// What nobody may call in time without more: it is treated as good, and may not be.
fn premature(deadline: &Deadline, due: NaiveDate) -> String {
    let time = match deadline.key.step {
        Step::CommissionerWindow => "the time for the review",
        _ => "the time to answer",
    };
    let end = too_early(deadline).map_or(String::new(), |end| format!(" on {}", beside(end, due)));
    format!("before {time} had ended{end}, so perhaps premature")
}

/// What else must be said of a date: what the letter said, and that the office is closed that day.
pub(super) fn addenda(deadline: &Deadline, calendar: &Calendar, closures: &Closures) -> Vec<String> {
    let mut said: Vec<String> = advised(deadline).into_iter().collect();
    let own = deadline.key.actor == Actor::Authority && deadline.is_open();
    if let Some(due) = deadline.due.filter(|due| own && closures.contains(*due)) {
        said.push(format!(
            "The authority is closed on {}; its own closed days count in law.",
            in_full(due)
        ));
    }
    said.extend(not_known_yet(deadline, calendar).map(|what| format!("Provisional: {what}.")));
    said
}

/// What a provisional date rests on that is not known yet.
pub(super) fn not_known_yet(deadline: &Deadline, calendar: &Calendar) -> Option<String> {
    if deadline.unlisted {
        return Some("the school's days are not listed for all of the count".to_owned());
    }
    deadline.provisional.then(|| {
        format!(
            "bank holidays are announced only to {}",
            plain_date(calendar.announced_through())
        )
    })
}

/// The last date the applicant was told, where it is not the law's.
fn advised(deadline: &Deadline) -> Option<String> {
    let (due, advised) = deadline.due.zip(deadline.advised)?;
    let source = match advised.source {
        AdviceSource::Letter => "The letter said",
        AdviceSource::Usual => "Letters usually say \"40 working days from receipt\":",
    };
    let told = format!("{source} {}.", in_full(advised.date));
    // Limb (a) of s.20(5): it counts from the end of the twenty, however early the answer came.
    let in_time = deadline.key.step == Step::ReviewWindow
        && deadline.key.regime != Regime::Eirs
        && !matches!(deadline.from.kind, Kind::Responded | Kind::FeesNotice);
    match advised.date.cmp(&due) {
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Less if in_time => Some(format!(
            "{told} The Act gives longer, because after an answer in time the 40 days run from the end of the 20, not \
             from the answer."
        )),
        std::cmp::Ordering::Less => Some(format!("{told} The law gives longer.")),
        std::cmp::Ordering::Greater => Some(format!(
            "{told} That is later than the law gives; whoever relies on it should be taken to be in time."
        )),
    }
}

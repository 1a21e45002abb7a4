//! Which dates moved, from what to what, and why.

use chrono::{Datelike as _, NaiveDate};

use super::{LISTED, Row, Section, WIDTH, number};
use crate::calendar::BankHoliday;
use crate::case::Regime;
use crate::clock::in_full;
use crate::reminders::notice::{Causes, Dates, Move, Moves};
use crate::statute::State;
use crate::wording::plain::{holiday, one_line, plain_date, short, wrap};
use crate::wording::steps::step_name;

pub(super) fn moved(moves: &Moves) -> Section {
    let own = moves.own();
    let mut opening = why(&moves.causes);
    let safe: Vec<&&Move> = own.iter().filter(|one| safe_day(one).is_some()).collect();
    let is_old = |one: &&&Move| safe_day(one) == one.was.work_to || safe_day(one) == one.was.due;
    opening.push(match (own.len(), safe.len()) {
        (0, _) => "No open date of yours moves.".to_owned(),
        (_, 0) => "That moves these dates in law:".to_owned(),
        _ if safe.iter().all(is_old) => "In law that moves these dates; where the clock had already begun, KEEP WORKING \
                                         TO THE OLD DATE, because it is disputed whether a running clock is lengthened."
            .to_owned(),
        _ => "In law that moves these dates; where the clock had already begun, WORK TO THE DATE IN BRACKETS, because it \
              is disputed whether a running clock is lengthened."
            .to_owned(),
    });
    let mut closing = Vec::new();
    if own.len() > LISTED {
        closing.push(format!("And {} more: timeous status --all.", own.len() - LISTED));
    }
    let (later, earlier) = moves.windows();
    let mut counted = vec![format!("Applicants' windows that end later now: {}", number(later))];
    if earlier > 0 {
        counted.push(format!("that end earlier now: {earlier}"));
    }
    let verdicts = number(moves.verdicts().len());
    closing.push(format!("{}. Verdicts that change: {verdicts}.", counted.join("; ")));
    Section {
        opening,
        rows: own.iter().take(LISTED).map(|one| dates_row(one)).collect(),
        closing,
        commands: Vec::new(),
    }
}

/// What was done and is judged otherwise now.
pub(super) fn judged(moves: &Moves) -> Option<Section> {
    let verdicts = moves.verdicts();
    let row = |one: &&Move| Row {
        reference: one_line(&one.reference),
        step: named(one),
        said: format!("{} -> {}", verdict(one.was.state), verdict(one.now.state)),
    };
    (!verdicts.is_empty()).then(|| Section {
        opening: vec!["What was done is judged otherwise now:".to_owned()],
        rows: verdicts.iter().take(LISTED).map(row).collect(),
        ..Section::default()
    })
}

/// The step of a deadline, with its number where it comes again and its law where that is not the usual one.
fn named(one: &Move) -> String {
    let again = match one.occurrence {
        0 | 1 => String::new(),
        n => format!(" {n}"),
    };
    let law = match one.regime {
        Regime::Eirs => " (EIRs)",
        _ => "",
    };
    format!("{}{again}{law}", step_name(one.step))
}

/// What an officer would be told of dates that move, as the command line prints it.
#[must_use]
pub fn preview(moves: &Moves) -> String {
    let mut text = String::new();
    for section in std::iter::once(moved(moves)).chain(judged(moves)) {
        let opening = section.opening.iter().map(|one| wrap(one, WIDTH, "", ""));
        let closing = section.closing.iter().map(|one| wrap(one, WIDTH, "", ""));
        for line in opening.chain(section.lines()).chain(closing) {
            text.push_str(&line);
            text.push('\n');
        }
    }
    text
}

fn why(causes: &Causes) -> Vec<String> {
    let mut said = Vec::new();
    let names = |days: &[(BankHoliday, Option<NaiveDate>)]| {
        let days: Vec<String> = days.iter().map(|(day, _)| short(day.date)).collect();
        days.join(", ")
    };
    match causes.added.as_slice() {
        [] => {}
        [(day, Some(on))] => said.push(format!(
            "{} has been proclaimed a bank holiday in Scotland ({}).",
            in_full(day.date),
            plain_date(*on)
        )),
        [(day, None)] => said.push(format!(
            "{} is a bank holiday in Scotland ({}).",
            in_full(day.date),
            one_line(&holiday(&day.name))
        )),
        days => said.push(format!("These are bank holidays in Scotland now: {}.", names(days))),
    }
    match causes.removed.as_slice() {
        [] => {}
        [(day, on)] => said.push(format!(
            "{} is not a bank holiday in Scotland after all{}: it is a working day.",
            in_full(day.date),
            on.map(|on| format!(" ({})", plain_date(on))).unwrap_or_default()
        )),
        days => said.push(format!("These are working days after all: {}.", names(days))),
    }
    if causes.law {
        said.push("This version of Timeous states the law anew; its notes of the release say how.".to_owned());
    }
    if causes.otherwise {
        said.push("The bank holidays or the settings that Timeous reckons with were changed.".to_owned());
    }
    said
}

/// The day to work to, where that is before the one in law.
fn safe_day(one: &Move) -> Option<NaiveDate> {
    one.now.work_to.filter(|day| Some(*day) < one.now.due)
}

fn dates_row(one: &Move) -> Row {
    let day = |day: Option<NaiveDate>| day.map_or("no date".to_owned(), short);
    let last = |dates: &Dates| dates.due.or(dates.work_to);
    let both = match last(&one.was) == last(&one.now) {
        true => format!(
            "{}, to work to {} -> {}",
            day(last(&one.now)),
            day(one.was.work_to),
            day(one.now.work_to)
        ),
        false => match (last(&one.was), last(&one.now)) {
            (Some(was), Some(now)) if was.year() == now.year() => format!("{} -> {}", in_year(was), short(now)),
            (was, now) => format!("{} -> {}", day(was), day(now)),
        },
    };
    let begun = match safe_day(one) {
        Some(old) if last(&one.was) != last(&one.now) => format!(" (work to {})", in_year(old)),
        _ => String::new(),
    };
    Row {
        reference: one_line(&one.reference),
        step: named(one),
        said: format!("{both}{begun}"),
    }
}

/// `Wed 21 Sep`: its year stands beside it.
fn in_year(day: NaiveDate) -> String {
    day.format("%a %-d %b").to_string()
}

fn verdict(state: State) -> &'static str {
    match state {
        State::Met => "in time",
        State::Arguable => "in time, arguable",
        State::Late => "late",
        State::NotOwed => "not owed",
        State::Withdrawn => "not to be done",
        State::Pending => "to come",
        State::Running => "open",
        State::Suspended => "waiting",
    }
}

//! A deadline as a day in a calendar: one line, and a few more for whoever opens it. Nothing that anybody typed but the
//! reference, and nothing that hangs on the day it is read.

use chrono::NaiveDate;

use super::plain::{list, plural};
use super::reckoning::{by_whom, is_stated};
use super::steps::{start, step_name};
use crate::calendar::Calendar;
use crate::calendar::period::{Mode, Unit};
use crate::case::Regime;
use crate::clock::in_full;
use crate::statute::{Actor, Deadline, Key, Nature, Step};

/// What has become of a deadline, as a calendar tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    /// It runs.
    Runs,
    /// It was done; the day, and whether that was late on every reading.
    Done {
        /// The day.
        on: Option<NaiveDate>,
        /// Late on every reading.
        late: bool,
    },
    /// It runs no more.
    Ended,
    /// It has no day for the time being.
    Waits,
}

/// A deadline to be told as a day.
#[derive(Debug, Clone, Copy)]
pub struct Day<'a> {
    /// The case.
    pub reference: &'a str,
    /// The law the case is answered under.
    pub regime: Regime,
    /// Which deadline.
    pub key: Key,
    /// The how-manieth.
    pub occurrence: u32,
    /// What kind of obligation.
    pub nature: Nature,
    /// Its last day.
    pub due: NaiveDate,
    /// The day it is told on.
    pub day: NaiveDate,
    /// The provision's citation.
    pub provision: &'a str,
    /// What has become of it.
    pub course: Course,
    /// Its derivation, where it has one that gives these days.
    pub derived: Option<&'a Deadline>,
}

impl Day<'_> {
    /// `FOI-2026-0401 answer due`.
    #[must_use]
    pub fn summary(&self) -> String {
        let name = self.name();
        let said = match (self.course, self.key.actor, self.nature) {
            (Course::Done { .. }, ..) => format!("{name} done"),
            (Course::Ended, ..) => format!("{name}: nothing runs"),
            (Course::Waits, ..) => format!("{name}: no date for now"),
            (_, Actor::Applicant, _) => format!("{name} ends (the applicant's)"),
            (_, Actor::Commissioner, _) => format!("{name} expected (the Commissioner's)"),
            _ if matches!(self.key.step, Step::Waiting | Step::Diary) => name,
            (_, _, Nature::Right) => format!("{name}: last day"),
            _ => format!("{name} due"),
        };
        format!("{} {said}", self.reference)
    }

    fn name(&self) -> String {
        let name = step_name(self.key.step);
        // Of one letter under two laws, a reader must know which part is meant.
        let law = match (self.regime, self.key.regime) {
            (Regime::Both, Regime::Eirs) => "EIRs ",
            (Regime::Both, _) if self.key.step == Step::Response => "FOISA ",
            _ => "",
        };
        match self.occurrence {
            0 | 1 => format!("{law}{name}"),
            again => format!("{law}{name} {again}"),
        }
    }

    /// What there is to know of the day: by when, by which provision, and how it was reckoned.
    #[must_use]
    pub fn description(&self, calendar: &Calendar) -> String {
        let mut lines = vec![self.answer()];
        lines.push(match self.derived.and_then(|deadline| reckoned(deadline, calendar)) {
            Some(reckoned) => format!("{}: {reckoned}.", self.provision),
            None => format!("{}.", self.provision),
        });
        let runs = self.course == Course::Runs;
        let derived = self.derived.filter(|_| runs);
        if derived.is_some_and(|deadline| deadline.unlisted) {
            lines.push("The school's days are not listed for all of the count: this day may still move.".to_owned());
        } else if derived.is_some_and(|deadline| deadline.provisional) {
            lines.push(format!(
                "Bank holidays are announced only to {}: this day may still move.",
                in_full(calendar.announced_through())
            ));
        }
        lines.push("timeous explain gives the whole reckoning.".to_owned());
        lines.join("\n")
    }

    fn answer(&self) -> String {
        let due = in_full(self.due);
        match (self.course, self.key.actor) {
            (Course::Done { on: Some(on), .. }, Actor::Commissioner) => {
                format!("Done on {}; the Commissioner's own target was {due}.", in_full(on))
            }
            (Course::Done { on: Some(on), late }, _) => {
                // Only a duty is late; and of a right out of time it is for others to say what comes of it.
                let late = match self.nature {
                    Nature::Duty if late => ", late",
                    Nature::Right if late => ", out of time",
                    _ => "",
                };
                format!("Done on {}{late}; the last day was {due}.", in_full(on))
            }
            (Course::Done { on: None, .. }, _) => format!("Done; the last day was {due}."),
            (Course::Ended, _) => format!("This runs no more; the last day was {due}."),
            (Course::Waits, _) => format!("This has no date for the time being; it was {due}."),
            (Course::Runs, Actor::Authority) if self.day != self.due => {
                format!("Work to {}; due by {due}.", in_full(self.day))
            }
            (Course::Runs, Actor::Authority) => format!("By {due}."),
            (Course::Runs, Actor::Applicant) if self.day != self.due => format!(
                "The applicant's time, not the authority's: it ends on {due}, on another reading on {}.",
                in_full(self.day)
            ),
            (Course::Runs, Actor::Applicant) => format!("The applicant's time, not the authority's: it ends on {due}."),
            (Course::Runs, Actor::Commissioner) => format!("The Commissioner's own target: {due}."),
        }
    }
}

/// `20 working days after Monday 2 November 2026 (received), leaving out Monday 30 November 2026`, or who gave the day.
/// Nothing where the day follows from more than one count.
fn reckoned(deadline: &Deadline, calendar: &Calendar) -> Option<String> {
    if is_stated(deadline, calendar) {
        return Some(by_whom(deadline).to_owned());
    }
    if deadline.due != Some(deadline.span.through) {
        return None;
    }
    let unit = match deadline.period.unit {
        Unit::WorkingDays => "working day",
        Unit::Days => "day",
        Unit::Months => "month",
    };
    let mode = match deadline.period.mode {
        Mode::BeginningWith => "beginning with",
        Mode::After => "after",
    };
    let count = plural(i64::from(deadline.period.count), unit);
    let from = format!("{} ({})", in_full(deadline.from.on), start(deadline));
    let holidays = deadline.left_out(calendar).into_iter().filter(|day| day.holiday);
    let mut left_out: Vec<String> = holidays
        .map(|day| format!("{} ({})", in_full(day.date), day.why))
        .collect();
    left_out.extend(deadline.disregarded.iter().map(|one| {
        let first = one.span.after.succ_opt().unwrap_or(one.span.after);
        format!("{} to {} ({})", in_full(first), in_full(one.span.through), one.why)
    }));
    Some(match left_out.is_empty() {
        true => format!("{count} {mode} {from}"),
        false => format!("{count} {mode} {from}, leaving out {}", list(&left_out)),
    })
}

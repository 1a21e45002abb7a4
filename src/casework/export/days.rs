//! Deadlines as the days of a calendar: what runs, what was lately done, and what lately ceased to run.
//!
//! An event is one deadline for as long as the register knows it, whatever day it moves to: its UID follows from the
//! deadline's identity alone, and its SEQUENCE from how many former states are kept of it. A deadline that its case has no
//! more stays in the register as withdrawn, and so is told as cancelled.

use std::io::Write;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};

use super::{Result, Rules, Whole, of, whole};
use crate::case::Entry;
use crate::clock::london_day;
use crate::exchange::ics::{self, Alarm, Event, Status};
use crate::statute::{Actor, Deadline, Nature, State};
use crate::store::{DeadlineRow, Former, Read, Store};
use crate::wording::event::{Course, Day};

/// How long what was done, has passed or ceased to run is still told.
const TOLD_FOR: TimeDelta = TimeDelta::days(60);

/// What ceased to run and lay longer ago than this before it did is not told: nobody has it in front of them.
const LONG_AGO: TimeDelta = TimeDelta::days(365);

/// Writes the days of every case, or of one officer's, as a calendar. The references of cases left out come back.
///
/// # Errors
/// The register's failure, or that of what is written to.
pub fn calendar(
    store: &impl Store,
    rules: &Rules,
    officer: Option<&str>,
    today: NaiveDate,
    out: &mut dyn Write,
) -> Result<Vec<String>> {
    store.read(|snapshot| {
        ics::begin(out, &format!("FOI, {}", rules.wording.authority()))?;
        let mut left_out = Vec::new();
        let from = today - TOLD_FOR;
        // A day more, for days here are London's and instants there are not.
        let since = (from - TimeDelta::days(1)).and_time(NaiveTime::MIN).and_utc();
        for reference in snapshot.cases_in_view(from, since, from - LONG_AGO)? {
            match whole(snapshot, rules, &reference)? {
                Some(whole) if of(&whole.case, officer) => {
                    for event in events(snapshot, rules, &whole, today)? {
                        ics::event(out, &event)?;
                    }
                }
                Some(_) => {}
                None => left_out.push(reference),
            }
        }
        ics::end(out)?;
        Ok(left_out)
    })
}

fn events(snapshot: &dyn Read, rules: &Rules, whole: &Whole, today: NaiveDate) -> Result<Vec<Event>> {
    let mut events = Vec::new();
    for row in whole.rows.iter().filter(|row| row.nature != Nature::Power) {
        let former = snapshot.former(row.id)?;
        events.extend(
            Told {
                rules,
                whole,
                row,
                today,
            }
            .event(&former),
        );
    }
    Ok(events)
}

/// One deadline, about to be told.
struct Told<'a> {
    rules: &'a Rules,
    whole: &'a Whole,
    row: &'a DeadlineRow,
    today: NaiveDate,
}

/// What there is to tell of a deadline: its last day, the day it is shown on, and its course.
struct Shown {
    due: NaiveDate,
    day: NaiveDate,
    course: Course,
}

impl Told<'_> {
    fn event(&self, former: &[Former]) -> Option<Event> {
        let shown = self.shown(former)?;
        let row = self.row;
        let is_of_now = |one: &&Deadline| {
            one.key == row.key && (one.due, one.work_to, one.state) == (row.due, row.work_to, row.state)
        };
        let day = Day {
            reference: &row.reference,
            regime: self.whole.case.regime,
            key: row.key,
            occurrence: row.occurrence,
            nature: row.nature,
            due: shown.due,
            day: shown.day,
            provision: &row.provision,
            course: shown.course,
            derived: self
                .whole
                .deadlines
                .iter()
                .find(is_of_now)
                .filter(|_| row.due == Some(shown.due)),
        };
        let runs = shown.course == Course::Runs;
        Some(Event {
            uid: self.uid(),
            sequence: self.sequence(former),
            changed: self.changed(former),
            day: shown.day,
            summary: day.summary(),
            description: day.description(&self.rules.calendar),
            category: match row.key.actor {
                Actor::Authority => "Authority",
                Actor::Applicant => "Applicant",
                Actor::Commissioner => "Commissioner",
            },
            status: match shown.course {
                Course::Ended | Course::Waits => Status::Cancelled,
                _ => Status::Confirmed,
            },
            alarms: match runs && row.key.actor == Actor::Authority {
                true => self.alarms(shown.day),
                false => Vec::new(),
            },
        })
    }

    /// What runs is told, what waits for another duty only once that day has passed. A duty is told until it is done, a
    /// right or a target for a while after its day.
    fn shown(&self, former: &[Former]) -> Option<Shown> {
        let row = self.row;
        let day = row.work_to.or(row.due);
        let done = |late| Course::Done { on: row.acted_on, late };
        let course = match row.state {
            State::Running => Some(Course::Runs),
            State::Pending if self.has_opened(self.today) => Some(Course::Runs),
            State::Met | State::Arguable => Some(done(false)),
            State::Late => Some(done(true)),
            _ => None,
        };
        if let (Some(course), Some(due), Some(day)) = (course, row.due, day) {
            let owed = course == Course::Runs && row.nature == Nature::Duty;
            let told = owed || self.today - row.acted_on.unwrap_or(day) <= TOLD_FOR;
            return told.then_some(Shown { due, day, course });
        }
        self.ended(former)
    }

    /// What was told and runs no more, or has no day for the time being.
    fn ended(&self, former: &[Former]) -> Option<Shown> {
        let ended = london_day(former.last()?.until);
        if self.today - ended > TOLD_FOR {
            return None;
        }
        let was_told = |was: &&Former| match was.state {
            State::Running => true,
            State::Pending => self.has_opened(london_day(was.until)),
            State::Met | State::Arguable | State::Late => true,
            _ => false,
        };
        let told = former.iter().rev().filter(was_told);
        let (due, day) = told
            .filter_map(|was| Some((was.due?, was.work_to.or(was.due)?)))
            .next()?;
        (ended - day <= LONG_AGO).then_some(Shown {
            due,
            day,
            course: match self.row.state {
                State::Suspended | State::Pending => Course::Waits,
                _ => Course::Ended,
            },
        })
    }

    fn has_opened(&self, on: NaiveDate) -> bool {
        self.row.opens_after.is_some_and(|day| on > day)
    }

    /// Made of the deadline's identity and of when its case was first recorded, which no correction changes; hashed, so
    /// that a UID, which readers log and pass on, gives no reference away and differs from register to register.
    fn uid(&self) -> String {
        let (row, key) = (self.row, self.row.key);
        let recorded = self
            .whole
            .entries
            .first()
            .map_or(0, |first| first.recorded_at.timestamp_millis());
        let identity = [
            row.reference.as_str(),
            &recorded.to_string(),
            key.step.as_str(),
            key.regime.as_str(),
            key.actor.as_str(),
            &key.entry.to_string(),
        ]
        .join("\n");
        let hash = Sha256::digest(identity.as_bytes());
        let hex: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        format!("{hex}@timeous")
    }

    /// Former states are only ever added. Between two of them a right that waited may open by the passing of a day.
    fn sequence(&self, former: &[Former]) -> usize {
        let opened = self.row.state == State::Pending && self.has_opened(self.today);
        2 * former.len() + usize::from(opened)
    }

    /// When its dates or its state last changed; of one that never did, when what started it was recorded.
    fn changed(&self, former: &[Former]) -> DateTime<Utc> {
        let starts = |entry: &&Entry| entry.seq == self.row.key.entry;
        let entries = &self.whole.entries;
        let started = entries.iter().find(starts).or(entries.first());
        let started = started.map_or(DateTime::UNIX_EPOCH, |entry| entry.recorded_at);
        former.last().map_or(started, |last| last.until.max(started))
    }

    /// On the last open morning up to the day, and on the one before.
    fn alarms(&self, day: NaiveDate) -> Vec<Alarm> {
        let days = self.rules.open_days();
        let last = days.on_or_before(day);
        let before = last.pred_opt().map(|eve| days.on_or_before(eve));
        let alarm = |morning: NaiveDate| {
            Some(Alarm {
                days_before: u32::try_from((day - morning).num_days()).ok()?,
                at: self.rules.send_at,
            })
        };
        before.into_iter().chain([last]).filter_map(alarm).collect()
    }
}

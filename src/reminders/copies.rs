//! Who is told as well: the cover on a quiet day, the manager of what is late or the Commissioner's.

use std::num::NonZeroU16;

use chrono::NaiveDate;

use super::ladder::Rung;
use super::next::Told;
use super::people::{Officer, People, Recipient, Why};
use crate::calendar::Calendar;
use crate::statute::{Actor, Deadline, Step};

/// On which days overdue a manager hears of a duty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upward {
    on: Vec<u16>,
    every: NonZeroU16,
}

impl Upward {
    /// Reads the days overdue on which managers are told, and after how many more they are told again; all working
    /// days. No days at all: never.
    ///
    /// # Errors
    /// That the days are not in order.
    pub fn new(on: Vec<u16>, every: NonZeroU16) -> Result<Self, String> {
        match on.contains(&0) || !on.is_sorted_by(|one, next| one < next) {
            true => Err(format!(
                "{on:?} are not working days overdue; write them from 1 on, the smaller first, none twice"
            )),
            false => Ok(Self { on, every }),
        }
    }

    /// The last day overdue, up to one, on which managers are told.
    fn last(&self, overdue: i64) -> Option<i64> {
        let (last, every) = (i64::from(*self.on.last()?), i64::from(self.every.get()));
        match overdue >= last {
            true => Some(overdue - (overdue - last) % every),
            false => self.on.iter().copied().map(i64::from).rfind(|day| *day <= overdue),
        }
    }

    /// What of today's telling makes a copy for a manager another one than yesterday's: of what is late the manager's
    /// day that has come last, in working days overdue, so that it is told once however often the owner is told afresh.
    #[must_use]
    pub fn occasion(&self, deadline: &Deadline, calendar: &Calendar, today: NaiveDate) -> Option<i64> {
        self.last(calendar.working_days_between(deadline.due?, today))
    }

    /// Whether a manager's day has come between the last morning a duty was told of as overdue and this one, so that
    /// no closed day and no downtime loses one.
    fn has_come(&self, deadline: &Deadline, calendar: &Calendar, told: Option<Told>, today: NaiveDate) -> bool {
        let Some(due) = deadline.due else { return false };
        let overdue = |day| calendar.working_days_between(due, day);
        let before = told.filter(|told| told.rung == Rung::Overdue);
        self.occasion(deadline, calendar, today)
            .is_some_and(|day| before.is_none_or(|told| overdue(told.day) < day))
    }
}

/// A rung that is told today.
#[derive(Debug, Clone, Copy)]
pub struct Telling<'a> {
    /// Who has the case.
    pub owner: Option<&'a str>,
    /// The deadline.
    pub deadline: &'a Deadline,
    /// Its rung.
    pub rung: Rung,
    /// What was told of it before.
    pub told: Option<Told>,
    /// The day.
    pub today: NaiveDate,
}

/// Who gets a copy of a rung beside whoever is told of it ([`People::recipient`]): nobody twice, and never the
/// mailbox that is told anyway. Of applicants' rights and the Commissioner's targets there are no copies.
///
/// - On a quiet day of whoever is told: the first of those in their place who reads mail that day, else the team. What
///   could come a morning earlier has, so this is what cannot wait.
/// - Of a duty that is overdue on the days of [`Upward`], and of what the Commissioner asks for at every rung: the
///   owner's manager, or whoever stands in for the manager, or the team.
///
/// A case without a known owner is told to the team, and nobody is above that.
#[must_use]
pub fn copies(
    people: &People,
    upward: &Upward,
    calendar: &Calendar,
    telling: &Telling<'_>,
    unreachable: impl Fn(&str) -> bool,
) -> Vec<Recipient> {
    let Telling {
        owner,
        deadline,
        rung,
        told,
        today,
    } = *telling;
    let known = owner.and_then(|id| people.officer(id));
    let first = people.recipient(owner, today, &unreachable);
    let (Some(owner), Some(first), Actor::Authority) = (known, first, deadline.key.actor) else {
        return Vec::new();
    };
    let not_again = |email: &str| email == first.email || unreachable(email);
    let mut copies: Vec<Recipient> = Vec::new();
    if let Some(reader) = people.reader(owner, today, &unreachable) {
        copies.extend(for_quiet_day(people, reader, today, not_again));
    }
    let the_commissioners = is_the_commissioners(deadline.key.step);
    let late = rung == Rung::Overdue && upward.has_come(deadline, calendar, told, today);
    if the_commissioners || late {
        let copy = for_manager(people, owner, &first, today, not_again);
        copies.extend(copy.filter(|copy| copies.iter().all(|other| other.email != copy.email)));
    }
    copies
}

/// Whether the Commissioner asks for it, so that a manager hears of every rung.
#[must_use]
pub const fn is_the_commissioners(step: Step) -> bool {
    matches!(step, Step::CommissionerNotice | Step::Compliance)
}

/// Who reads in the place of somebody whose quiet day it is.
fn for_quiet_day(
    people: &People,
    reader: &Officer,
    today: NaiveDate,
    not_again: impl Fn(&str) -> bool,
) -> Option<Recipient> {
    if !reader.quiet.contains(today) {
        return None;
    }
    let reads = |other: &&Officer| other.is_here(today) && !other.quiet.contains(today) && !not_again(&other.email);
    let why = Why::QuietDay {
        told: reader.name.clone(),
    };
    match people.stand_ins(reader, today).find(reads) {
        Some(other) => Some(other.told(why)),
        None => people.team(why, not_again),
    }
}

/// The owner's manager or who stands in for them; nobody where the manager is told anyway.
fn for_manager(
    people: &People,
    owner: &Officer,
    first: &Recipient,
    today: NaiveDate,
    not_again: impl Fn(&str) -> bool,
) -> Option<Recipient> {
    let manager = owner.manager.as_ref().and_then(|id| people.officer(id));
    let name = owner.name.clone();
    if let Some(manager) = manager {
        if manager.email == first.email {
            return None;
        }
        if let Some(reader) = people.reader(manager, today, &not_again) {
            return Some(match reader.id == manager.id {
                true => reader.told(Why::Manager { owner: name }),
                false => reader.told(Why::ForManager {
                    owner: name,
                    manager: Some(manager.name.clone()),
                }),
            });
        }
    }
    let why = Why::ForManager {
        owner: name,
        manager: manager.map(|manager| manager.name.clone()),
    };
    people.team(why, not_again)
}

#[cfg(test)]
mod tests;

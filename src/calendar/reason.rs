//! By what a day is a bank holiday: the Act's Schedule, custom, a proclamation, or nothing but a list.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::proclamations::{Proclamation, Proclamations, is_christmas};
use super::{BankHoliday, is_weekend, schedule};

/// By what a weekday is left out of a count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// Section 73 names Christmas Day itself.
    Christmas,
    /// 1971 Act, Schedule 1 paragraph 2, under the name it has there: a list may have another.
    Schedule(&'static str),
    /// Proclaimed every year under s.1(2) or (3) of that Act.
    Customary,
    /// Proclaimed for this year only.
    Proclaimed(Box<Proclamation>),
    /// In a list, and nobody explains it.
    Listed,
    /// Customary in a year that is not announced: not yet proclaimed.
    Expected,
}

impl Reason {
    /// The word for it in JSON.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Christmas => "section-73",
            Self::Schedule(_) => "schedule",
            Self::Customary => "customary",
            Self::Proclaimed(_) => "proclaimed",
            Self::Listed => "listed",
            Self::Expected => "expected",
        }
    }
}

/// A day that law, custom or a proclamation gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// What it is called.
    pub name: String,
    /// By what it is a bank holiday.
    pub reason: Reason,
}

/// The weekdays of a year that are bank holidays by the Schedule, custom and the proclamations on record: what
/// a list is held against.
#[must_use]
pub fn explained(year: i32, proclamations: &Proclamations) -> BTreeMap<NaiveDate, Explained> {
    let scheduled = schedule::schedule(year);
    let mut days: BTreeMap<NaiveDate, Explained> = schedule::expected(year)
        .into_iter()
        .filter(|(day, _)| !is_weekend(*day) && proclamations.takes_away(*day).is_none())
        .map(|(day, name)| {
            let reason = match scheduled.iter().find(|(date, _)| *date == day) {
                _ if is_christmas(day) => Reason::Christmas,
                Some((_, name)) => Reason::Schedule(name),
                None => Reason::Customary,
            };
            let name = name.to_owned();
            (day, Explained { name, reason })
        })
        .collect();
    let rows = proclamations.days().iter().filter(|row| row.date.year() == year);
    for row in rows.filter_map(|row| proclamations.gives(row.date)) {
        let by_law = days
            .get(&row.date)
            .is_some_and(|day| matches!(day.reason, Reason::Christmas | Reason::Schedule(_)));
        if !by_law {
            let explained = Explained {
                name: row.name.clone(),
                reason: Reason::Proclaimed(Box::new(row.clone())),
            };
            days.insert(row.date, explained);
        }
    }
    days
}

/// By what each of these days, given in date order, is a bank holiday.
pub(super) fn of_each(
    holidays: &[BankHoliday],
    proclamations: &Proclamations,
    announced_through: NaiveDate,
) -> Vec<Reason> {
    let mut reasons = Vec::with_capacity(holidays.len());
    for days in holidays.chunk_by(|one, next| one.date.year() == next.date.year()) {
        let Some(first) = days.first() else { continue };
        let mut explained = explained(first.date.year(), proclamations);
        reasons.extend(days.iter().map(|day| match explained.remove(&day.date) {
            Some(found) if found.reason == Reason::Customary && day.date > announced_through => Reason::Expected,
            Some(found) => found.reason,
            None => Reason::Listed,
        }));
    }
    reasons
}

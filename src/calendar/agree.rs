//! Do the sources agree? A list, or the calendar in force, held against the Act's Schedule, custom and the
//! proclamations on record. Every difference is a finding with its day and its reason.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};

use super::proclamations::{Change, Doubt, Proclamation, Proclamations};
use super::{BankHoliday, Calendar, Explained, FIRST, LAST, Reason, explained, is_weekend, schedule};

/// Something that must not stay as it is until somebody has looked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// A day that neither law nor custom nor a proclamation on record gives.
    Unexplained(BankHoliday),
    /// A day that is given, and not there.
    Missing {
        /// The day.
        date: NaiveDate,
        /// What it is called.
        name: String,
        /// By what it is a bank holiday.
        reason: Reason,
    },
    /// A day that a proclamation moved away or withdrew, and there all the same.
    TakenAway {
        /// The day as listed.
        listed: BankHoliday,
        /// What took it away.
        by: Box<Proclamation>,
    },
    /// A proclamation that takes away a day which was none.
    Idle {
        /// The day.
        date: NaiveDate,
        /// What takes it away.
        by: Box<Proclamation>,
    },
    /// Bank holidays are not announced far enough ahead.
    Horizon {
        /// How far they are.
        announced_through: NaiveDate,
        /// How far they should be.
        needed: NaiveDate,
    },
    /// A school's own days are not listed far enough ahead.
    SchoolDays {
        /// The last day of the terms that are listed.
        listed_through: NaiveDate,
        /// How far they should be.
        needed: NaiveDate,
    },
    /// A list that ends before the calendar in force does.
    NothingOf {
        /// The year.
        year: i32,
    },
}

/// Something worth saying that is no finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// Past years of which a list has nothing: what is known is kept.
    PastYears {
        /// The first.
        first: i32,
        /// The last.
        last: i32,
    },
    /// A past day that a list lacks: it is kept.
    PastDay(BankHoliday),
    /// Days of a year that is not announced yet, each of them explained.
    NewYear {
        /// The year.
        year: i32,
        /// How many.
        days: usize,
    },
    /// A listed day that a proclamation took away, and that is not in force.
    Struck {
        /// The day as listed.
        listed: BankHoliday,
        /// What took it away.
        by: Box<Proclamation>,
    },
    /// A day that may never have been a bank holiday in law.
    Doubt(Doubt),
}

/// What holding the sources against each other came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Agreement {
    /// In date order as far as they have dates.
    pub findings: Vec<Finding>,
    /// What else there is to say.
    pub remarks: Vec<Remark>,
}

/// Holds the calendar in force against Schedule, custom and proclamations, every year of it; `needed` is the
/// day to which bank holidays should be announced.
#[must_use]
pub fn in_force(calendar: &Calendar, needed: NaiveDate) -> Agreement {
    let rows = calendar.proclamations();
    let mut agreement = Agreement::default();
    for year in FIRST.year()..=LAST.year() {
        let days: BTreeMap<NaiveDate, &BankHoliday> = calendar
            .holidays(year..=year)
            .map(|(holiday, _)| (holiday.date, holiday))
            .collect();
        let given = explained(year, rows);
        differences(&mut agreement.findings, (&days, &given), rows, |_| true);
    }
    agreement.findings.extend(idle(calendar));
    if calendar.announced_through() < needed {
        agreement.findings.push(Finding::Horizon {
            announced_through: calendar.announced_through(),
            needed,
        });
    }
    let struck = calendar.struck().iter().filter_map(|listed| {
        rows.takes_away(listed.date).map(|by| Remark::Struck {
            listed: listed.clone(),
            by: Box::new(by.clone()),
        })
    });
    agreement.remarks.extend(struck);
    let doubts = rows.doubts().iter().cloned().map(Remark::Doubt);
    agreement.remarks.extend(doubts);
    agreement
}

/// Holds a list against Schedule, custom and proclamations, and against the calendar in force. What it lacks of
/// the days before `today` is said and is no finding: published lists drop past years.
#[must_use]
pub fn listed(calendar: &Calendar, list: &[BankHoliday], today: NaiveDate) -> Agreement {
    let mut agreement = Agreement::default();
    for year in FIRST.year()..=LAST.year() {
        let days: BTreeMap<NaiveDate, &BankHoliday> = list
            .iter()
            .filter(|holiday| holiday.date.year() == year)
            .map(|holiday| (holiday.date, holiday))
            .collect();
        let announced = year <= calendar.announced_through().year();
        if days.is_empty() && year < today.year() {
            past_year(&mut agreement.remarks, year);
        } else if days.is_empty() && announced {
            agreement.findings.push(Finding::NothingOf { year });
        } else if !days.is_empty() {
            of_year(&mut agreement, calendar, &days, (year, today));
        }
    }
    agreement
}

/// One year of a list.
fn of_year(
    agreement: &mut Agreement,
    calendar: &Calendar,
    days: &BTreeMap<NaiveDate, &BankHoliday>,
    (year, today): (i32, NaiveDate),
) {
    let mut given = explained(year, calendar.proclamations());
    // A day that only the configured list gave is in force too, and must not vanish unseen.
    for (holiday, reason) in calendar.holidays(year..=year) {
        if *reason == Reason::Listed && !days.contains_key(&holiday.date) {
            let name = holiday.name.clone();
            let reason = Reason::Listed;
            given.insert(holiday.date, Explained { name, reason });
        }
    }
    let before = agreement.findings.len();
    let rows = calendar.proclamations();
    differences(&mut agreement.findings, (days, &given), rows, |day| day >= today);
    let past = given
        .iter()
        .filter(|(day, _)| **day < today && !days.contains_key(*day));
    agreement.remarks.extend(past.map(|(date, one)| {
        Remark::PastDay(BankHoliday {
            date: *date,
            name: one.name.clone(),
        })
    }));
    if year > calendar.announced_through().year() && agreement.findings.len() == before {
        let days = days.len();
        agreement.remarks.push(Remark::NewYear { year, days });
    }
}

/// What is there and not given, and what is given and not there, where the latter matters.
fn differences(
    findings: &mut Vec<Finding>,
    (days, given): (&BTreeMap<NaiveDate, &BankHoliday>, &BTreeMap<NaiveDate, Explained>),
    proclamations: &Proclamations,
    matters: impl Fn(NaiveDate) -> bool,
) {
    let dates: BTreeSet<NaiveDate> = days.keys().chain(given.keys()).copied().collect();
    findings.extend(
        dates
            .into_iter()
            .filter_map(|date| match (days.get(&date), given.get(&date)) {
                // A list may give a day on a weekend, which counts for nothing either way.
                (Some(_), None) if is_weekend(date) => None,
                (Some(listed), None) => Some(match proclamations.takes_away(date) {
                    Some(by) => Finding::TakenAway {
                        listed: (*listed).clone(),
                        by: Box::new(by.clone()),
                    },
                    None => Finding::Unexplained((*listed).clone()),
                }),
                (None, Some(one)) if matters(date) => Some(Finding::Missing {
                    date,
                    name: one.name.clone(),
                    reason: one.reason.clone(),
                }),
                _ => None,
            }),
    );
}

/// Rows that take away what was not there: a slip of the pen, most likely.
fn idle(calendar: &Calendar) -> impl Iterator<Item = Finding> {
    let rows = calendar.proclamations();
    rows.days().iter().filter_map(move |row| {
        let date = match row.change {
            Change::Added => return None,
            Change::Moved => row.from?,
            Change::Withdrawn => row.date,
        };
        let by_law = |days: Vec<(NaiveDate, &str)>| days.iter().any(|(day, _)| *day == date);
        let was = by_law(schedule::schedule(date.year()))
            || by_law(schedule::expected(date.year()))
            || (date.month(), date.day()) == (12, 26)
            || calendar.struck().iter().any(|listed| listed.date == date)
            || rows
                .days()
                .iter()
                .any(|other| other.date == date && other.change != Change::Withdrawn);
        (!was).then(|| Finding::Idle {
            date,
            by: Box::new(row.clone()),
        })
    })
}

fn past_year(remarks: &mut Vec<Remark>, year: i32) {
    match remarks.last_mut() {
        Some(Remark::PastYears { last, .. }) if *last + 1 == year => *last = year,
        _ => remarks.push(Remark::PastYears {
            first: year,
            last: year,
        }),
    }
}

//! Days, working days and months by walking from one day to the next.

use std::sync::OnceLock;

use chrono::{Datelike, NaiveDate, Weekday};

use crate::support::day;

pub(super) fn works(day: NaiveDate) -> bool {
    static HOLIDAYS: OnceLock<Vec<NaiveDate>> = OnceLock::new();
    let holidays = HOLIDAYS.get_or_init(|| {
        let list: serde_json::Value = serde_json::from_str(include_str!("../../../holidays/scotland.json")).unwrap();
        let events = list["scotland"]["events"].as_array().unwrap().clone();
        let mut days: Vec<NaiveDate> = events
            .iter()
            .map(|event| event["date"].as_str().unwrap().parse().unwrap())
            .collect();
        days.sort();
        days
    });
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && holidays.binary_search(&day).is_err()
}

/// RULE 11.4: the days that were proclaimed for one year only, and the day it was made known. A year's last column
/// is the holiday that went to the day; until then it was one.
const ONE_OFF: [(&str, &str, Option<&str>); 9] = [
    ("2011-04-29", "2010-11-23", None),
    ("2012-06-04", "2010-03-19", Some("2012-05-28")),
    ("2012-06-05", "2010-03-19", None),
    ("2020-05-08", "2019-06-14", Some("2020-05-04")),
    ("2022-06-02", "2020-11-12", Some("2022-05-30")),
    ("2022-06-03", "2020-11-12", None),
    ("2022-09-19", "2022-09-10", None),
    ("2023-05-08", "2022-11-09", None),
    ("2026-06-15", "2026-02-03", None),
];

/// A holiday of one year, when it was made known, and the holiday that it was until then.
#[derive(Debug, Clone, Copy)]
pub(super) struct OneOff {
    pub(super) day: NaiveDate,
    pub(super) known: NaiveDate,
    was: Option<NaiveDate>,
}

pub(super) fn one_off() -> &'static [OneOff] {
    static ROWS: OnceLock<Vec<OneOff>> = OnceLock::new();
    ROWS.get_or_init(|| {
        let row = |(date, known, was): (&str, &str, Option<&str>)| OneOff {
            day: day(date),
            known: day(known),
            was: was.map(day),
        };
        ONE_OFF.into_iter().map(row).collect()
    })
}

/// Whose bank holidays a count goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Eyes {
    /// The law's.
    Law,
    /// Those of somebody who knows what was known on a day.
    Then(NaiveDate),
    /// The law's, and of somebody else besides: whoever counted on a holiday keeps it.
    Keeping(NaiveDate),
}

/// Whether a day works in somebody's eyes.
pub(super) fn works_for(eyes: Eyes, day: NaiveDate) -> bool {
    let then = match eyes {
        Eyes::Law => return works(day),
        Eyes::Keeping(_) if !works(day) => return false,
        Eyes::Then(then) | Eyes::Keeping(then) => then,
    };
    for row in one_off().iter().filter(|row| then < row.known) {
        if row.day == day {
            return true;
        }
        if row.was == Some(day) {
            return false;
        }
    }
    works(day)
}

pub(super) fn next(day: NaiveDate) -> NaiveDate {
    day.succ_opt().unwrap()
}

/// RULE 0.2.
pub(super) fn working_days(from: NaiveDate, count: u32) -> NaiveDate {
    let (mut day, mut left) = (from, count);
    while left > 0 {
        day = next(day);
        left -= u32::from(works(day));
    }
    day
}

/// RULE 0.5: the same number in a later month, or that month's last day: found by walking to it.
pub(super) fn months(from: NaiveDate, count: u32) -> NaiveDate {
    let mut day = from;
    for _ in 0..count {
        day = day.with_day(1).unwrap();
        let month = day.month();
        while day.month() == month {
            day = next(day);
        }
    }
    while day.day() < from.day() && next(day).month() == day.month() {
        day = next(day);
    }
    day
}

/// RULE 0.5, "beginning with": the day before the like day, or the last day of a month that has none.
pub(super) fn months_beginning_with(from: NaiveDate, count: u32) -> NaiveDate {
    let like = months(from, count);
    if like.day() == from.day() {
        like.pred_opt().unwrap()
    } else {
        like
    }
}

/// So many working days "beginning with" a day, which is the first of them if it is one.
pub(super) fn working_days_beginning_with(from: NaiveDate, count: u32) -> NaiveDate {
    working_days(from.pred_opt().unwrap(), count)
}

/// As [`working_days`], in somebody's eyes, and no day of a span counts, its ends included.
pub(super) fn working_days_but(eyes: Eyes, from: NaiveDate, count: u32, but: &[(NaiveDate, NaiveDate)]) -> NaiveDate {
    let (mut day, mut left) = (from, count);
    while left > 0 {
        day = next(day);
        let out = but.iter().any(|(first, last)| *first <= day && day <= *last);
        left -= u32::from(works_for(eyes, day) && !out);
    }
    day
}

/// The other reading of RULE 0.5: from the last day of a month to the last day of a month.
pub(super) fn month_ends(from: NaiveDate, count: u32) -> NaiveDate {
    let mut day = months(from, count);
    if next(from).month() != from.month() {
        while next(day).month() == day.month() {
            day = next(day);
        }
    }
    day
}

//! Days, working days and months by walking from one day to the next.

use std::sync::OnceLock;

use chrono::{Datelike, NaiveDate, Weekday};

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

/// As [`working_days`], and no day of a span counts, its ends included.
pub(super) fn working_days_but(from: NaiveDate, count: u32, but: &[(NaiveDate, NaiveDate)]) -> NaiveDate {
    let (mut day, mut left) = (from, count);
    while left > 0 {
        day = next(day);
        let out = but.iter().any(|(first, last)| *first <= day && day <= *last);
        left -= u32::from(works(day) && !out);
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

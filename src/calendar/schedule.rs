//! Bank holidays that the law gives by itself: the Banking and Financial Dealings Act 1971, Schedule 1
//! paragraph 2, as the St Andrew's Day Bank Holiday (Scotland) Act 2007 amended it; and, kept apart, what
//! rests on a proclamation every year and so can only be expected.

use chrono::{Datelike, NaiveDate, Weekday};

/// The first year whose 30 November is a bank holiday: the Act of 2007 came into force on 16 January 2007.
const FIRST_ST_ANDREWS: i32 = 2007;

/// The days of the Scottish Schedule in a year, in date order: date and name. New Year's Day, 2 January or
/// Christmas Day may fall on a Saturday, where the Schedule leaves them.
///
/// Source: 1971 c.80 Sch 1 para 2 <https://www.legislation.gov.uk/ukpga/1971/80/schedule/1>.
#[must_use]
pub fn schedule(year: i32) -> Vec<(NaiveDate, &'static str)> {
    let on = |month, day| NaiveDate::from_ymd_opt(year, month, day);
    let new_year = unless_sunday(on(1, 1), on(1, 3));
    let second = unless_sunday(on(1, 2), on(1, 3));
    let st_andrews = on(11, 30).filter(|_| year >= FIRST_ST_ANDREWS).map(first_weekday_from);
    let mut days: Vec<_> = [
        (new_year, "New Year’s Day"),
        (second, "2nd January"),
        (easter(year).and_then(|sunday| back(sunday, 2)), "Good Friday"),
        (first_monday(year, 5), "Early May bank holiday"),
        (first_monday(year, 8), "Summer bank holiday"),
        (st_andrews, "St Andrew’s Day"),
        (unless_sunday(on(12, 25), on(12, 26)), "Christmas Day"),
    ]
    .into_iter()
    .filter_map(|(day, name)| day.map(|day| (day, name)))
    .collect();
    days.sort_unstable();
    days
}

/// The weekdays a year's holidays are expected to be: the Schedule's, and those customarily proclaimed under
/// s.1(2) and (3): the last Monday in May (since 1978), 26 December (since 1974), and a weekday in lieu of
/// each day that falls on a Saturday or clashes with another.
#[must_use]
pub fn expected(year: i32) -> Vec<(NaiveDate, &'static str)> {
    let mut days: Vec<(NaiveDate, &'static str)> = Vec::new();
    let scheduled = schedule(year);
    let last_monday_in_may = NaiveDate::from_ymd_opt(year, 5, 31)
        .and_then(|last| back(last, i64::from(last.weekday().num_days_from_monday())));
    let boxing_day = NaiveDate::from_ymd_opt(year, 12, 26);
    let customary = [(last_monday_in_may, "Spring bank holiday"), (boxing_day, "Boxing Day")];
    let on_weekdays = |days: &mut Vec<(NaiveDate, &'static str)>, day: NaiveDate, name| {
        let mut free = first_weekday_from(day);
        while days.iter().any(|(taken, _)| *taken == free) {
            free = first_weekday_from(free.succ_opt().unwrap_or(free));
        }
        days.push((free, name));
    };
    // Days that keep their own place come first, so that a day in lieu never pushes one of them away.
    for weekend in [false, true] {
        for (day, name) in &scheduled {
            if is_weekend(*day) == weekend {
                on_weekdays(&mut days, *day, *name);
            }
        }
    }
    for (day, name) in customary {
        if let Some(day) = day {
            on_weekdays(&mut days, day, name);
        }
    }
    days.sort_unstable();
    days
}

/// Easter Sunday of a Gregorian year (the anonymous algorithm of 1876, proved by every year's tables).
#[must_use]
pub fn easter(year: i32) -> Option<NaiveDate> {
    let golden = year % 19;
    let century = year / 100;
    let in_century = year % 100;
    let correction = (8 * century + 13) / 25;
    let epact = (19 * golden + century - century / 4 - correction + 15) % 30;
    let to_sunday = (32 + 2 * (century % 4) + 2 * (in_century / 4) - epact - in_century % 4) % 7;
    let late = (golden + 11 * epact + 19 * to_sunday) / 433;
    let month = (epact + to_sunday - 7 * late + 90) / 25;
    let day = (epact + to_sunday - 7 * late + 33 * month + 19) % 32;
    NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)
}

fn unless_sunday(day: Option<NaiveDate>, instead: Option<NaiveDate>) -> Option<NaiveDate> {
    day.filter(|day| day.weekday() != Weekday::Sun).or(instead)
}

pub(super) fn first_monday(year: i32, month: u32) -> Option<NaiveDate> {
    NaiveDate::from_weekday_of_month_opt(year, month, Weekday::Mon, 1)
}

pub(super) fn back(day: NaiveDate, days: i64) -> Option<NaiveDate> {
    day.checked_sub_signed(chrono::TimeDelta::days(days))
}

pub(super) fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

pub(super) fn first_weekday_from(mut day: NaiveDate) -> NaiveDate {
    while is_weekend(day) {
        match day.succ_opt() {
            Some(next) => day = next,
            None => return day,
        }
    }
    day
}

//! The bank holidays of England and Wales: no law here, but the commonest wrong calendar in a Scottish office.

use chrono::{Datelike, NaiveDate};

use super::schedule::{back, easter, first_monday, first_weekday_from, is_weekend};
use super::{FIRST, LAST};

/// Year, month and day.
type Ymd = (i32, u32, u32);

/// What was proclaimed for one year: the day it took the place of, if any, the day, and its name.
const ONE_YEAR: [(Option<Ymd>, Ymd, &str); 8] = [
    (None, (2011, 4, 29), "Royal wedding"),
    (Some((2012, 5, 28)), (2012, 6, 4), "Spring bank holiday"),
    (None, (2012, 6, 5), "Queen’s Diamond Jubilee"),
    (Some((2020, 5, 4)), (2020, 5, 8), "Early May bank holiday (VE day)"),
    (Some((2022, 5, 30)), (2022, 6, 2), "Spring bank holiday"),
    (None, (2022, 6, 3), "Platinum Jubilee bank holiday"),
    (
        None,
        (2022, 9, 19),
        "Bank Holiday for the State Funeral of Queen Elizabeth II",
    ),
    (
        None,
        (2023, 5, 8),
        "Bank holiday for the coronation of King Charles III",
    ),
];

/// The weekdays that are left out in England and Wales, from [`FIRST`] to [`LAST`].
#[derive(Debug, Clone)]
pub struct England(Vec<(NaiveDate, &'static str)>);

impl England {
    /// The days by their rule, and what was proclaimed for one year.
    ///
    /// Source: <https://www.gov.uk/bank-holidays>, division england-and-wales.
    #[must_use]
    pub fn by_rule() -> Self {
        let day = |(year, month, day): Ymd| NaiveDate::from_ymd_opt(year, month, day);
        let mut days: Vec<_> = (FIRST.year()..=LAST.year()).flat_map(of_year).collect();
        for (instead_of, on, name) in ONE_YEAR {
            let instead_of = instead_of.and_then(day);
            days.retain(|(day, _)| Some(*day) != instead_of);
            days.extend(day(on).map(|on| (on, name)));
        }
        days.sort_unstable();
        Self(days)
    }

    /// The name of the holiday that a weekday is; nothing if it is none.
    #[must_use]
    pub fn holiday(&self, day: NaiveDate) -> Option<&'static str> {
        let found = self.0.binary_search_by_key(&day, |(day, _)| *day).ok()?;
        self.0.get(found).map(|(_, name)| *name)
    }
}

fn of_year(year: i32) -> Vec<(NaiveDate, &'static str)> {
    let on = |month, day| NaiveDate::from_ymd_opt(year, month, day);
    let last_monday = |month| {
        let last = on(month, 31)?;
        back(last, i64::from(last.weekday().num_days_from_monday()))
    };
    let fixed = [
        (on(1, 1), "New Year’s Day"),
        (easter(year).and_then(|sunday| back(sunday, 2)), "Good Friday"),
        (easter(year).and_then(|sunday| back(sunday, -1)), "Easter Monday"),
        (first_monday(year, 5), "Early May bank holiday"),
        (last_monday(5), "Spring bank holiday"),
        (last_monday(8), "Summer bank holiday"),
        (on(12, 25), "Christmas Day"),
        (on(12, 26), "Boxing Day"),
    ];
    let mut days: Vec<(NaiveDate, &'static str)> = Vec::new();
    // Days that keep their own place come first: a day in lieu goes to the first weekday that they leave.
    for in_lieu in [false, true] {
        for (day, name) in fixed {
            if let Some(day) = day.filter(|day| is_weekend(*day) == in_lieu) {
                let mut free = first_weekday_from(day);
                while days.iter().any(|(taken, _)| *taken == free) {
                    free = first_weekday_from(free.succ_opt().unwrap_or(free));
                }
                days.push((free, name));
            }
        }
    }
    days
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As GOV.UK published the division, 2019 to 2027.
    const PUBLISHED: &str = "\
        2019-01-01 2019-04-19 2019-04-22 2019-05-06 2019-05-27 2019-08-26 2019-12-25 2019-12-26 \
        2020-01-01 2020-04-10 2020-04-13 2020-05-08 2020-05-25 2020-08-31 2020-12-25 2020-12-28 \
        2021-01-01 2021-04-02 2021-04-05 2021-05-03 2021-05-31 2021-08-30 2021-12-27 2021-12-28 \
        2022-01-03 2022-04-15 2022-04-18 2022-05-02 2022-06-02 2022-06-03 2022-08-29 2022-09-19 2022-12-26 2022-12-27 \
        2023-01-02 2023-04-07 2023-04-10 2023-05-01 2023-05-08 2023-05-29 2023-08-28 2023-12-25 2023-12-26 \
        2024-01-01 2024-03-29 2024-04-01 2024-05-06 2024-05-27 2024-08-26 2024-12-25 2024-12-26 \
        2025-01-01 2025-04-18 2025-04-21 2025-05-05 2025-05-26 2025-08-25 2025-12-25 2025-12-26 \
        2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28 \
        2027-01-01 2027-03-26 2027-03-29 2027-05-03 2027-05-31 2027-08-30 2027-12-27 2027-12-28";

    #[test]
    fn the_days_are_those_that_were_published() {
        let England(days) = England::by_rule();
        let ours: Vec<_> = days
            .iter()
            .map(|(day, _)| *day)
            .filter(|day| (2019..=2027).contains(&day.year()))
            .collect();
        let published: Vec<NaiveDate> = PUBLISHED.split_whitespace().map(|day| day.parse().unwrap()).collect();
        assert_eq!(ours, published);
    }

    #[test]
    fn earlier_years_have_what_was_proclaimed_for_them() {
        let england = England::by_rule();
        let is = |day: &str| england.holiday(day.parse().unwrap()).is_some();
        assert!(is("2011-04-29") && is("2012-06-04") && is("2012-06-05"));
        assert!(!is("2012-05-28") && !is("2022-05-30") && !is("2026-01-02"));
    }
}

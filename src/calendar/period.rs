//! Periods of time in the law's own terms: so many working days, months or days, after a day or beginning
//! with it.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::Calendar;

/// What a period is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Working days as FOISA s.73 defines them.
    WorkingDays,
    /// Calendar months, by the corresponding date.
    Months,
    /// Calendar days, weekends and holidays included.
    Days,
}

impl Unit {
    /// The unit's name in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::WorkingDays => "working-days",
            Self::Months => "months",
            Self::Days => "days",
        }
    }
}

/// Whether the day that starts a period is part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// "after": the starting day is left out.
    After,
    /// "beginning with": the starting day is the first.
    BeginningWith,
}

impl Mode {
    /// The mode's name in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::After => "after",
            Self::BeginningWith => "beginning-with",
        }
    }
}

/// A length of time as a provision states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// How many.
    pub count: u32,
    /// Of what.
    pub unit: Unit,
    /// Counted from where.
    pub mode: Mode,
}

impl Period {
    /// So many working days after a day.
    #[must_use]
    pub const fn working_days_after(count: u32) -> Self {
        Self {
            count,
            unit: Unit::WorkingDays,
            mode: Mode::After,
        }
    }

    /// So many months after a day.
    #[must_use]
    pub const fn months_after(count: u32) -> Self {
        Self {
            count,
            unit: Unit::Months,
            mode: Mode::After,
        }
    }

    /// So many calendar days after a day.
    #[must_use]
    pub const fn days_after(count: u32) -> Self {
        Self {
            count,
            unit: Unit::Days,
            mode: Mode::After,
        }
    }
}

/// How a month too short for the corresponding date is dealt with. Nothing is ever rolled to another month
/// or past a weekend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MonthEnd {
    /// The corresponding date, clipped to the month's last day (*Dodds v Walker* \[1981\] UKHL): 30 November
    /// and six months is 30 May.
    Clipped,
    /// The last day of a month leads to the last day of a month: 30 November and six months is 31 May.
    Kept,
}

/// The last day of a period of months *after* a day, counted once from that day and never step by step.
///
/// ```
/// use chrono::NaiveDate;
/// use timeous::calendar::period::{MonthEnd, months_after};
/// let day = |text: &str| text.parse::<NaiveDate>().unwrap();
/// assert_eq!(months_after(day("2026-08-31"), 6, MonthEnd::Clipped), day("2027-02-28"));
/// assert_eq!(months_after(day("2024-02-29"), 6, MonthEnd::Clipped), day("2024-08-29"));
/// assert_eq!(months_after(day("2024-02-29"), 6, MonthEnd::Kept), day("2024-08-31"));
/// ```
#[must_use]
pub fn months_after(from: NaiveDate, count: u32, month_end: MonthEnd) -> NaiveDate {
    let corresponding = from.checked_add_months(Months::new(count)).unwrap_or(NaiveDate::MAX);
    match month_end {
        MonthEnd::Clipped => corresponding,
        MonthEnd::Kept if from == last_of_month(from) => last_of_month(corresponding),
        MonthEnd::Kept => corresponding,
    }
}

/// The last day of a period of months *beginning with* a day: the day before the corresponding date, or the
/// month's last day where it has no such date (a notice of 30 November, three months: the end of February).
#[must_use]
pub fn months_beginning_with(from: NaiveDate, count: u32) -> NaiveDate {
    let corresponding = months_after(from, count, MonthEnd::Clipped);
    if corresponding.day() < from.day() {
        corresponding
    } else {
        corresponding.pred_opt().unwrap_or(corresponding)
    }
}

fn last_of_month(day: NaiveDate) -> NaiveDate {
    day.with_day(1)
        .and_then(|first| first.checked_add_months(Months::new(1)))
        .and_then(|next| next.pred_opt())
        .unwrap_or(day)
}

/// The days a reckoning ran over: it starts after `after` and ends with `through`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The day before the first that may count.
    pub after: NaiveDate,
    /// The last day.
    pub through: NaiveDate,
}

impl Calendar {
    /// Reckons a period from a day: the days it ran over, the last of which is the last day to act. What it
    /// left out on the way is [`Calendar::left_out`] of the same span, and whether the end rests on
    /// announced holidays is [`Calendar::is_provisional`].
    #[must_use]
    pub fn reckon(&self, from: NaiveDate, period: Period) -> Span {
        let after = match period.mode {
            Mode::After => from,
            Mode::BeginningWith => from.pred_opt().unwrap_or(from),
        };
        let through = match (period.unit, period.mode) {
            (Unit::WorkingDays, _) => self.nth_working_day_after(after, period.count),
            (Unit::Days, _) => after
                .checked_add_days(Days::new(u64::from(period.count)))
                .unwrap_or(NaiveDate::MAX),
            (Unit::Months, Mode::After) => months_after(from, period.count, MonthEnd::Clipped),
            (Unit::Months, Mode::BeginningWith) => months_beginning_with(from, period.count),
        };
        Span { after, through }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[rstest]
    #[case("2026-08-28", "2027-02-28")]
    #[case("2026-08-29", "2027-02-28")]
    #[case("2026-08-30", "2027-02-28")]
    #[case("2026-08-31", "2027-02-28")]
    #[case("2026-09-01", "2027-03-01")]
    #[case("2023-08-31", "2024-02-29")]
    #[case("2026-11-30", "2027-05-30")]
    #[case("2026-02-28", "2026-08-28")]
    fn six_months_end_on_the_corresponding_date(#[case] from: &str, #[case] end: &str) {
        assert_eq!(months_after(day(from), 6, MonthEnd::Clipped), day(end));
    }

    #[rstest]
    #[case("2026-11-30", "2027-05-31")]
    #[case("2026-02-28", "2026-08-31")]
    #[case("2024-02-28", "2024-08-28")]
    #[case("2026-08-31", "2027-02-28")]
    fn month_end_to_month_end_is_the_other_reading(#[case] from: &str, #[case] end: &str) {
        assert_eq!(months_after(day(from), 6, MonthEnd::Kept), day(end));
    }

    #[rstest]
    #[case("2026-05-01", "2026-07-31")]
    #[case("2026-11-30", "2027-02-28")]
    #[case("2027-11-30", "2028-02-29")]
    #[case("2026-11-28", "2027-02-27")]
    #[case("2026-11-29", "2027-02-28")]
    #[case("2026-09-15", "2026-12-14")]
    fn three_months_beginning_with_a_day_count_that_day(#[case] from: &str, #[case] end: &str) {
        assert_eq!(months_beginning_with(day(from), 3), day(end));
    }
}

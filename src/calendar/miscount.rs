//! By which mistake a wrong date came about: each of the usual ones is counted out, and those that give the very
//! date are named. A date that none of them gives is not explained.

use chrono::{Days, Months, NaiveDate};

use super::england::England;
use super::{BankHoliday, Calendar, NotWorking, is_weekend};

/// From where days were counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Began {
    /// From the day after, as the law has it.
    DayAfter,
    /// From the day itself, as day 1.
    SameDay,
    /// From the day after this one, the first working day since.
    NextWorkingDay(NaiveDate),
}

/// Which days were left out besides weekends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leaving {
    /// The bank holidays of Scotland, as the law has it.
    Scotland,
    /// Those of England and Wales: which of Scotland were counted, and which that Scotland has not were left out.
    England {
        /// Holidays in Scotland that were counted.
        counted: Vec<BankHoliday>,
        /// Days that count in Scotland and were left out.
        left_out: Vec<BankHoliday>,
    },
    /// None: these were counted.
    Weekends(Vec<BankHoliday>),
    /// Those of Scotland and the authority's own closed days, of which these lie within.
    Closures(Vec<NaiveDate>),
}

/// A mistake that gives the very date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Miscount {
    /// Working days, counted otherwise than the law counts them.
    WorkingDays(Began, Leaving),
    /// So many days of the calendar.
    Days(u64),
    /// A month.
    Month,
    /// Counted rightly, but from this day.
    From(NaiveDate),
}

/// The count that a date is held against.
#[derive(Clone, Copy)]
pub struct Count<'a> {
    /// The days that count.
    pub calendar: &'a Calendar,
    /// Those of the neighbours.
    pub england: &'a England,
    /// Whether the authority is closed on a day.
    pub closed: &'a dyn Fn(NaiveDate) -> bool,
    /// The day after which the law counts.
    pub after: NaiveDate,
    /// How many working days.
    pub count: u32,
    /// Other days from which somebody may have counted.
    pub others: &'a [NaiveDate],
}

impl Count<'_> {
    /// Every mistake that gives a date: those of one kind, or where there is none those of two at once.
    #[must_use]
    pub fn mistakes(&self, wrong: NaiveDate) -> Vec<Miscount> {
        let began = [
            Some(Began::DayAfter),
            Some(Began::SameDay),
            self.next_working_day().map(Began::NextWorkingDay),
        ];
        let mut one = Vec::new();
        let mut two = Vec::new();
        for began in began.into_iter().flatten() {
            for rule in [Rule::Scotland, Rule::England, Rule::Weekends, Rule::Closures] {
                if self.counted(began, rule) != Some(wrong) {
                    continue;
                }
                let found = Miscount::WorkingDays(began, self.leaving(rule, wrong));
                match (began, rule) {
                    (Began::DayAfter, Rule::Scotland) => {}
                    (Began::DayAfter, _) | (_, Rule::Scotland) => one.push(found),
                    // Closed days and a wrong start together give almost any date, and so explain none.
                    (_, Rule::Closures) => {}
                    _ => two.push(found),
                }
            }
        }
        let others = self.others.iter().filter(|day| **day != self.after);
        let others = others.filter(|day| self.calendar.nth_working_day_after(**day, self.count) == wrong);
        one.extend(others.map(|day| Miscount::From(*day)));
        // Four weeks are twenty weekdays, so days of the calendar say something only where no working days do.
        let candidates = [one, two, self.by_the_calendar(wrong)];
        let mut found = candidates.into_iter().find(|some| !some.is_empty()).unwrap_or_default();
        // Whoever leaves out England's days leaves out weekends too: the more telling of the two stands.
        let english = found
            .iter()
            .any(|one| matches!(one, Miscount::WorkingDays(_, Leaving::England { .. })));
        if english {
            found.retain(|one| !matches!(one, Miscount::WorkingDays(_, Leaving::Weekends(_))));
        }
        found
    }

    /// Mistakes that have nothing to do with which days count. In February a month is four weeks.
    fn by_the_calendar(&self, wrong: NaiveDate) -> Vec<Miscount> {
        let month = self.after.checked_add_months(Months::new(1)) == Some(wrong);
        let days = [u64::from(self.count), 28];
        let days = days
            .into_iter()
            .filter(|days| self.after.checked_add_days(Days::new(*days)) == Some(wrong));
        days.map(Miscount::Days)
            .chain(month.then_some(Miscount::Month))
            .collect()
    }

    /// The first working day after, where the day itself is none.
    fn next_working_day(&self) -> Option<NaiveDate> {
        (!self.calendar.is_working_day(self.after)).then(|| self.calendar.nth_working_day_after(self.after, 1))
    }

    fn is_out(&self, rule: Rule, day: NaiveDate) -> bool {
        match rule {
            Rule::Scotland => !self.calendar.is_working_day(day),
            Rule::England => is_weekend(day) || self.england.holiday(day).is_some(),
            Rule::Weekends => is_weekend(day),
            Rule::Closures => !self.calendar.is_working_day(day) || (self.closed)(day),
        }
    }

    fn counted(&self, began: Began, rule: Rule) -> Option<NaiveDate> {
        let (after, count) = match began {
            Began::DayAfter => (self.after, self.count),
            Began::SameDay => (self.after, self.count.checked_sub(1)?),
            Began::NextWorkingDay(day) => (day, self.count),
        };
        // Ten times as many days hold every run of working days that a calendar can have.
        let days = after.iter_days().skip(1).take(count as usize * 10);
        let mut counted = days.filter(|day| !self.is_out(rule, *day));
        counted.nth((count as usize).checked_sub(1)?)
    }

    /// What a rule left out or counted between the start and a date.
    fn leaving(&self, rule: Rule, through: NaiveDate) -> Leaving {
        let days = || self.after.iter_days().skip(1).take_while(|day| *day <= through);
        let scottish = |day: NaiveDate| match self.calendar.why_not(day) {
            Some(NotWorking::BankHoliday(name)) => Some(name.to_owned()),
            _ => None,
        };
        let counted = |date: NaiveDate| {
            let name = scottish(date).filter(|_| !self.is_out(rule, date))?;
            Some(BankHoliday { date, name })
        };
        match rule {
            Rule::Scotland => Leaving::Scotland,
            Rule::Weekends => Leaving::Weekends(days().filter_map(counted).collect()),
            Rule::Closures => {
                let closed = days().filter(|day| self.calendar.is_working_day(*day) && (self.closed)(*day));
                Leaving::Closures(closed.collect())
            }
            Rule::England => {
                let english = days()
                    .filter(|day| self.calendar.is_working_day(*day))
                    .filter_map(|date| {
                        let name = self.england.holiday(date)?.to_owned();
                        Some(BankHoliday { date, name })
                    });
                Leaving::England {
                    counted: days().filter_map(counted).collect(),
                    left_out: english.collect(),
                }
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    Scotland,
    England,
    Weekends,
    Closures,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn mistakes(after: &str, wrong: &str) -> Vec<Miscount> {
        let (calendar, england) = (Calendar::compiled_in().unwrap(), England::by_rule());
        let closed = |date| date == day("2026-05-18");
        let count = Count {
            calendar: &calendar,
            england: &england,
            closed: &closed,
            after: day(after),
            count: 20,
            others: &[day("2026-07-01")],
        };
        count.mistakes(day(wrong))
    }

    fn dates(days: &[BankHoliday]) -> Vec<NaiveDate> {
        days.iter().map(|holiday| holiday.date).collect()
    }

    #[test]
    fn the_english_summer_holiday_is_named() {
        // 20 working days after 6 August 2025: 3 September in Scotland, a day later where 25 August is left out.
        let found = mistakes("2025-08-06", "2025-09-04");
        let [Miscount::WorkingDays(Began::DayAfter, Leaving::England { counted, left_out })] = found.as_slice() else {
            panic!("{found:?}");
        };
        assert!(counted.is_empty());
        assert_eq!(dates(left_out), [day("2025-08-25")]);
    }

    #[test]
    fn saint_andrews_day_missed_is_told() {
        let found = mistakes("2026-11-02", "2026-11-30");
        assert!(
            matches!(found.as_slice(), [
                Miscount::WorkingDays(Began::DayAfter, Leaving::England { counted, .. }),
            ] if dates(counted) == [day("2026-11-30")]),
            "{found:?}"
        );
    }

    #[test]
    fn each_other_mistake_is_known_by_its_date() {
        // 1 April 2026, a Wednesday; the law says 30 April (3 April is Good Friday, Easter Monday counts).
        let only = |after: &str, wrong: &str| {
            let found = mistakes(after, wrong);
            assert_eq!(found.len(), 1, "{found:?}");
            found.into_iter().next().unwrap()
        };
        let first = only("2026-06-16", "2026-07-13");
        assert_eq!(first, Miscount::WorkingDays(Began::SameDay, Leaving::Scotland));
        assert_eq!(
            mistakes("2026-02-07", "2026-03-07"),
            [Miscount::Days(28), Miscount::Month]
        );
        let weekends = mistakes("2026-04-01", "2026-04-29");
        assert!(
            weekends
                .iter()
                .any(|one| matches!(one, Miscount::WorkingDays(Began::DayAfter, Leaving::Weekends(_)))),
            "{weekends:?}"
        );
        assert_eq!(only("2026-06-16", "2026-07-06"), Miscount::Days(20));
        assert_eq!(only("2026-06-16", "2026-07-16"), Miscount::Month);
        assert_eq!(only("2026-06-16", "2026-07-29"), Miscount::From(day("2026-07-01")));
        let closed = only("2026-05-05", "2026-06-04");
        assert_eq!(
            closed,
            Miscount::WorkingDays(Began::DayAfter, Leaving::Closures(vec![day("2026-05-18")]))
        );
        // Saturday 20 June 2026: the law counts from the Saturday.
        let monday = only("2026-06-20", "2026-07-20");
        assert_eq!(
            monday,
            Miscount::WorkingDays(Began::NextWorkingDay(day("2026-06-22")), Leaving::Scotland)
        );
        assert!(mistakes("2026-06-16", "2026-07-15").is_empty());
    }
}

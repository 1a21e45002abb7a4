//! The authority's own closed days and its officers' quiet ones. They count in law; only reminders move out of
//! their way.

use std::str::FromStr;

use chrono::{Datelike, NaiveDate, Weekday, WeekdaySet};

use crate::calendar::Calendar;

/// A run of closed days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Closure {
    from: NaiveDate,
    to: NaiveDate,
}

impl FromStr for Closure {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is not a day (2027-05-17) or a run of days (2026-12-24..2027-01-05)");
        let day = |part: &str| part.trim().parse::<NaiveDate>().map_err(|_| wrong());
        let (from, to) = match text.split_once("..") {
            Some((from, to)) => (day(from)?, day(to)?),
            None => (day(text)?, day(text)?),
        };
        if to < from {
            return Err(format!("{text:?} ends before it begins"));
        }
        Ok(Self { from, to })
    }
}

/// Days on which the authority is closed although they are working days in law.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Closures(Vec<Closure>);

impl Closures {
    /// Reads closures as the configuration gives them.
    ///
    /// # Errors
    /// Which of them is wrong, and how it should look.
    pub fn parse<S: AsRef<str>>(runs: &[S]) -> Result<Self, String> {
        runs.iter()
            .map(|run| run.as_ref().parse())
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Whether the authority is closed on a day.
    #[must_use]
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.0.iter().any(|closure| (closure.from..=closure.to).contains(&day))
    }
}

/// The weekdays on which an officer does not read mail, though the office is open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Quiet(WeekdaySet);

impl Quiet {
    /// Reads weekdays as the configuration gives them: `mon` to `fri`.
    ///
    /// # Errors
    /// Which of them is wrong; or that none is left.
    pub fn parse<S: AsRef<str>>(weekdays: &[S]) -> Result<Self, String> {
        let mut quiet = WeekdaySet::EMPTY;
        for word in weekdays.iter().map(AsRef::as_ref) {
            quiet.insert(match word {
                "mon" => Weekday::Mon,
                "tue" => Weekday::Tue,
                "wed" => Weekday::Wed,
                "thu" => Weekday::Thu,
                "fri" => Weekday::Fri,
                _ => return Err(format!("{word:?} is not one of mon, tue, wed, thu, fri")),
            });
        }
        match quiet.len() {
            5.. => Err("no weekday is left on which to tell them; use away or left instead".to_owned()),
            _ => Ok(Self(quiet)),
        }
    }

    /// Whether a day is a quiet one.
    #[must_use]
    pub fn contains(self, day: NaiveDate) -> bool {
        self.0.contains(day.weekday())
    }

    /// Whether no weekday is quiet.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }
}

/// The mornings on which officers are at their desks: working days on which the authority is not closed. For one
/// officer also the weekdays on which a reminder should rather come earlier.
#[derive(Debug, Clone, Copy)]
pub struct OpenDays<'a> {
    /// The working days in law.
    pub calendar: &'a Calendar,
    /// The authority's closed days.
    pub closures: &'a Closures,
    /// The officer's quiet days; none for the authority as a whole.
    pub quiet: Quiet,
}

impl OpenDays<'_> {
    /// Whether officers are at their desks on a day.
    #[must_use]
    pub fn is_open(&self, day: NaiveDate) -> bool {
        self.calendar.is_working_day(day) && !self.closures.contains(day)
    }

    /// The latest open day up to a day, itself included.
    #[must_use]
    pub fn on_or_before(&self, day: NaiveDate) -> NaiveDate {
        Self::search(day, NaiveDate::pred_opt, |day| self.is_open(day))
    }

    /// The latest morning up to a day on which the officer reads what is told: open, and not quiet.
    #[must_use]
    pub fn read_on_or_before(&self, day: NaiveDate) -> NaiveDate {
        let is_read = |day| self.is_open(day) && !self.quiet.contains(day);
        Self::search(day, NaiveDate::pred_opt, is_read)
    }

    /// The first open day after a day.
    #[must_use]
    pub fn after(&self, day: NaiveDate) -> NaiveDate {
        day.succ_opt().map_or(day, |next| {
            Self::search(next, NaiveDate::succ_opt, |day| self.is_open(day))
        })
    }

    fn search(
        mut day: NaiveDate,
        step: fn(&NaiveDate) -> Option<NaiveDate>,
        found: impl Fn(NaiveDate) -> bool,
    ) -> NaiveDate {
        while !found(day) && crate::calendar::covers(day) {
            match step(&day) {
                Some(next) => day = next,
                None => break,
            }
        }
        day
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_of_days_has_both_its_ends() {
        let closures = Closures::parse(&["2026-12-24..2027-01-05", "2027-05-17"]).unwrap();
        let closed = |day: &str| closures.contains(day.parse().unwrap());
        assert!(closed("2026-12-24") && closed("2027-01-05") && closed("2027-05-17"));
        assert!(!closed("2026-12-23") && !closed("2027-01-06"));
    }

    #[test]
    fn a_run_that_cannot_be_read_says_how_it_should_look() {
        for (run, words) in [("Christmas", "is not a day"), ("2027-01-05..2026-12-24", "ends before")] {
            assert!(Closures::parse(&[run]).unwrap_err().contains(words));
        }
    }

    #[test]
    fn quiet_days_are_weekdays_and_leave_one_to_be_told_on() {
        let quiet = Quiet::parse(&["wed", "fri"]).unwrap();
        let is_quiet = |day: &str| quiet.contains(day.parse().unwrap());
        assert!(is_quiet("2026-11-25") && is_quiet("2026-11-27") && !is_quiet("2026-11-26"));
        assert!(Quiet::parse::<&str>(&[]).unwrap().is_empty());
        for (weekdays, words) in [
            (&["sat"][..], "\"sat\" is not one of mon, tue, wed, thu, fri"),
            (&["Wednesday"], "is not one of"),
            (&["mon", "tue", "wed", "thu", "fri"], "no weekday is left"),
        ] {
            assert!(Quiet::parse(weekdays).unwrap_err().contains(words));
        }
    }
}

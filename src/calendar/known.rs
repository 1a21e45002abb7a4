//! The calendar as it was known on a day gone by: without what was proclaimed only afterwards.
//!
//! Whether a day *is* a bank holiday is asked of [`Calendar`] itself. This is for the other question, what somebody
//! could know when a clock began to run.

use chrono::{Datelike, NaiveDate};

use super::period::Span;
use super::proclamations::{Proclamation, Proclamations};
use super::{Calendar, LAST, is_weekend, schedule};

/// A weekday that a proclamation made a bank holiday, or a working day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Changed {
    pub(super) day: NaiveDate,
    /// The last day on which anything was made known about it.
    pub(super) known_on: NaiveDate,
}

/// The weekdays that are something else by the proclamations than they were at some time before, in date order.
pub(super) fn changed(proclamations: &Proclamations) -> Vec<Changed> {
    let rows = proclamations.days();
    let mut days: Vec<NaiveDate> = rows
        .iter()
        .flat_map(|row| [Some(row.date), row.from])
        .flatten()
        .collect();
    days.sort_unstable();
    days.dedup();
    let change = |day: NaiveDate| {
        let known = |row: &&Proclamation| row.date == day || row.from == Some(day);
        let made_known = || rows.iter().filter(known).map(Proclamation::known_on);
        let is = was_holiday(proclamations, day, NaiveDate::MAX);
        let before = |on: NaiveDate| was_holiday(proclamations, day, on.pred_opt().unwrap_or(on));
        let known_on = made_known().max()?;
        made_known()
            .any(|on| before(on) != is)
            .then_some(Changed { day, known_on })
    };
    days.into_iter()
        .filter(|day| !is_weekend(*day))
        .filter_map(change)
        .collect()
}

/// Whether a weekday that a proclamation is about was a bank holiday as far as was known on another day: by the last
/// that had been made by then or, before there was one, by the Schedule and custom.
fn was_holiday(proclamations: &Proclamations, day: NaiveDate, on: NaiveDate) -> bool {
    match proclamations.last_word_by(day, on) {
        Some(row) => row.gives(day),
        None => schedule::expected(day.year())
            .iter()
            .any(|(expected, _)| *expected == day),
    }
}

/// A calendar's working days, as they are or as they were known on a day.
#[derive(Debug, Clone, Copy)]
pub struct Known<'c> {
    calendar: &'c Calendar,
    on: Option<NaiveDate>,
    /// What was made a working day since is none.
    kept: bool,
}

impl<'c> Known<'c> {
    /// Whether a day is a working day, or was thought to become one.
    #[must_use]
    pub fn is_working_day(self, day: NaiveDate) -> bool {
        let about = |on: NaiveDate| {
            let changed = self.calendar.changed.iter().find(|one| one.day == day);
            changed.filter(|one| one.known_on > on).map(|_| on)
        };
        match self.on.and_then(about) {
            Some(_) if self.kept && !self.calendar.is_working_day(day) => false,
            Some(on) => !was_holiday(&self.calendar.proclamations, day, on),
            None => self.calendar.is_working_day(day),
        }
    }

    /// As [`Calendar::nth_working_day_after`].
    #[must_use]
    pub fn nth_working_day_after(self, day: NaiveDate, n: u32) -> NaiveDate {
        if self.on.is_none() {
            return self.calendar.nth_working_day_after(day, n);
        }
        match n.checked_sub(1) {
            None => day,
            Some(before) => self.working_days_after(day).nth(before as usize).unwrap_or(LAST),
        }
    }

    /// How many working days there are after a day, up to and including another; none where that is the earlier.
    #[must_use]
    pub fn working_days_between(self, from: NaiveDate, to: NaiveDate) -> u32 {
        if self.on.is_none() {
            return u32::try_from(self.calendar.working_days_between(from, to)).unwrap_or(0);
        }
        let counted = self.working_days_after(from).take_while(|day| *day <= to).count();
        u32::try_from(counted).unwrap_or(u32::MAX)
    }

    fn working_days_after(self, day: NaiveDate) -> impl Iterator<Item = NaiveDate> + use<'c> {
        let to_come = day.iter_days().skip(1).take_while(|day| *day <= LAST);
        to_come.filter(move |day| self.is_working_day(*day))
    }
}

impl Calendar {
    /// The working days as the law has them.
    #[must_use]
    pub fn as_it_is(&self) -> Known<'_> {
        Known {
            calendar: self,
            on: None,
            kept: false,
        }
    }

    /// The working days as they were known at the end of a day, those to come included.
    ///
    /// ```
    /// use chrono::NaiveDate;
    /// let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    /// let calendar = timeous::calendar::Calendar::compiled_in().unwrap();
    /// // The day of the Queen's funeral was proclaimed on 10 September 2022.
    /// assert!(calendar.as_known_on(day("2022-09-09")).is_working_day(day("2022-09-19")));
    /// assert!(!calendar.as_known_on(day("2022-09-10")).is_working_day(day("2022-09-19")));
    /// ```
    #[must_use]
    pub fn as_known_on(&self, day: NaiveDate) -> Known<'_> {
        Known {
            calendar: self,
            on: Some(day),
            kept: false,
        }
    }

    /// The working days as they are, but for those that were bank holidays as far as was known at the end of a day:
    /// what was given since counts, what was taken away since does not.
    #[must_use]
    pub fn keeping_what_was_known_on(&self, day: NaiveDate) -> Known<'_> {
        Known {
            kept: true,
            ..self.as_known_on(day)
        }
    }

    /// The days of a span that are something else than was known on the day it begins after, in date order, and
    /// what made them so. The calendar of most spans has none, and says so at once.
    pub fn proclaimed_since(&self, span: Span) -> impl Iterator<Item = (NaiveDate, &Proclamation)> {
        self.changed
            .iter()
            .filter(move |one| span.after < one.known_on && one.day <= span.through)
            .map(|one| one.day)
            .filter(move |day| self.as_known_on(span.after).is_working_day(*day) != self.is_working_day(*day))
            .filter_map(|day| Some((day, self.proclamations.last_word(day)?)))
    }
}

//! Mornings by their definition, a day at a time: no table, no shortcut, nothing of the program but the words.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate, Weekday};
use timeous::reminders::Rung;

/// Bank holidays as published, and the days an office is closed.
pub(crate) struct Days {
    holidays: BTreeSet<NaiveDate>,
    closed: BTreeSet<NaiveDate>,
}

impl Days {
    /// `closed` are runs of days, both ends included.
    pub(crate) fn new(closed: &[(&str, &str)]) -> Self {
        let published: serde_json::Value = serde_json::from_str(include_str!("../../holidays/scotland.json")).unwrap();
        let dates = dates(&published);
        assert!(dates.len() > 30, "the published days were not found");
        let closed = closed.iter().flat_map(|(from, to)| {
            let to: NaiveDate = to.parse().unwrap();
            let from: NaiveDate = from.parse().unwrap();
            from.iter_days().take_while(move |day| *day <= to)
        });
        Self {
            holidays: dates,
            closed: closed.collect(),
        }
    }

    /// The same days with one more bank holiday.
    pub(crate) fn with_holiday(mut self, day: NaiveDate) -> Self {
        self.holidays.insert(day);
        self
    }

    pub(crate) fn works(&self, day: NaiveDate) -> bool {
        !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && !self.holidays.contains(&day)
    }

    pub(crate) fn open(&self, day: NaiveDate) -> bool {
        self.works(day) && !self.closed.contains(&day)
    }

    /// The first open day after a day.
    pub(crate) fn open_after(&self, day: NaiveDate) -> NaiveDate {
        day.iter_days().skip(1).find(|day| self.open(*day)).unwrap()
    }

    /// The latest open morning with at least so many working days after it up to a day.
    pub(crate) fn before(&self, work_to: NaiveDate, least: u16) -> NaiveDate {
        let mut left = 0;
        let mut day = work_to;
        while left < least || !self.open(day) {
            left += u16::from(self.works(day));
            day = day.pred_opt().unwrap();
        }
        day
    }

    /// Whether a rung of a deadline may be told on a morning or was to be told before it. For a rung that is told
    /// every morning: whether it is told on this one.
    pub(crate) fn has_come(&self, rung: Rung, due: NaiveDate, work_to: NaiveDate, morning: NaiveDate) -> bool {
        match rung {
            Rung::Before(least) => self.before(work_to, least) <= morning,
            Rung::Safe => self.open(morning) && work_to < morning && morning <= due,
            Rung::Overdue => self.open(morning) && morning > due,
            Rung::Ended => self.open_after(work_to) <= morning,
        }
    }
}

/// On how many days overdue a manager is to have heard of a duty by a number of working days overdue: the first, the
/// fifth, the tenth, and every fifth.
pub(crate) fn managers_days(overdue: usize) -> usize {
    (1..=overdue).filter(|day| *day == 1 || day % 5 == 0).count()
}

/// Every date under a `date` key, whatever the shape of the file.
fn dates(value: &serde_json::Value) -> BTreeSet<NaiveDate> {
    match value {
        serde_json::Value::Array(all) => all.iter().flat_map(dates).collect(),
        serde_json::Value::Object(fields) => {
            let own = fields.get("date").and_then(|date| date.as_str()?.parse().ok());
            fields.values().flat_map(dates).chain(own).collect()
        }
        _ => BTreeSet::new(),
    }
}

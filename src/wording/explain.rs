//! Why a date is what it is, in sentences and then day by day; fit to paste into a letter.

use chrono::NaiveDate;

use super::months::months;
use super::plain::{plain_date, wrap};
use super::reckoning;
use super::sentences::{addenda, answer};
use super::steps::title;
use crate::calendar::Calendar;
use crate::case::{Case, Regime};
use crate::reminders::Closures;
use crate::statute::{Deadline, Key, Step};

/// The columns of an explanation.
pub(super) const WIDTH: usize = 100;

/// A last day that a deadline had before it moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// Which deadline.
    pub key: Key,
    /// The last day it had; none while none could be known.
    pub due: Option<NaiveDate>,
    /// The day on which that ended.
    pub until: NaiveDate,
    /// The version of the calendar it was reckoned with.
    pub calendar: String,
    /// Why it moved.
    pub why: String,
}

/// What an explanation draws on.
#[derive(Debug, Clone, Copy)]
pub struct Telling<'a> {
    /// The case: how letters came, what stopped the clock. Without one only the dates are told.
    pub case: Option<&'a Case>,
    /// The working days.
    pub calendar: &'a Calendar,
    /// The authority's own closed days, which count.
    pub closures: &'a Closures,
    /// What the deadlines were before, the earliest first.
    pub history: &'a [History],
    /// Whether to draw the count as months too: for a terminal only.
    pub drawn: bool,
    /// The day it is told on.
    pub today: NaiveDate,
}

/// The answers in sentences, one line a deadline, each ended by a line break.
#[must_use]
pub fn answers(deadlines: &[Deadline], calendar: &Calendar, today: NaiveDate) -> String {
    let line = |deadline: &Deadline| format!("{}\n", answer(None, deadline, calendar, today));
    deadlines.iter().map(line).collect()
}

impl Telling<'_> {
    /// The answers, then how each date was reckoned, and last the bank holidays it rests on.
    #[must_use]
    pub fn explain(&self, deadlines: &[Deadline]) -> String {
        let mut text = self.answers(deadlines);
        text.push('\n');
        let mut before: Option<&Deadline> = None;
        for deadline in deadlines {
            // The same reckoning for two people, as of an appeal, or for answer and extension, is shown once.
            let same = |one: &Deadline| one.key.step == deadline.key.step || deadline.key.step == Step::ExtensionNotice;
            let again = before.is_some_and(|one| same(one) && one.span == deadline.span);
            if !again {
                text.push_str(&reckoning::reckoning(self, deadline, head(deadline, deadlines)));
                if self.drawn {
                    text.push_str(&months(deadline, self.calendar));
                }
            }
            before = Some(deadline);
        }
        text.push_str(&format!(
            "reckoned with the bank holidays known on {} (announced to {}), calendar {}\n",
            plain_date(self.calendar.as_of()),
            plain_date(self.calendar.announced_through()),
            self.calendar.short_version()
        ));
        text
    }

    fn answers(&self, deadlines: &[Deadline]) -> String {
        let mut text = String::new();
        for deadline in deadlines {
            let said = answer(self.case, deadline, self.calendar, self.today);
            text.push_str(&wrap(&said, WIDTH, "", "  "));
            text.push('\n');
            for more in addenda(deadline, self.calendar, self.closures) {
                text.push_str(&wrap(&more, WIDTH, "  ", "  "));
                text.push('\n');
            }
        }
        text
    }
}

/// The title of a reckoning; of one letter under two laws, with the law.
fn head(deadline: &Deadline, all: &[Deadline]) -> String {
    let key = deadline.key;
    let two = all
        .iter()
        .any(|other| other.key.step == key.step && other.key.regime != key.regime);
    match key.regime {
        Regime::Eirs if two => format!("{} under the Regulations", title(deadline)),
        _ if two => format!("{} under the Act", title(deadline)),
        _ => title(deadline),
    }
}

//! A count as months to look at: `>` where it starts, `<` where it ends, brackets around what it leaves out.

use chrono::{Datelike, NaiveDate, Weekday};

use super::count::is_disregarded;
use crate::calendar::Calendar;
use crate::calendar::period::{Mode, Unit};
use crate::statute::Deadline;

/// Months side by side: three of them and two gaps are 79 columns.
const BESIDE: usize = 3;

/// The columns of a month: seven days of two figures, a mark on either side of each, and the count so far.
const WIDTH: usize = 25;

/// A longer span is no picture any more.
const LONGEST: usize = 14;

/// The months of a deadline's count, for a terminal; nothing where there is no date.
///
/// The day that starts the clock is marked `>`, the last `<`. Where working days are counted, weekends are dots,
/// other days left out stand in brackets, and behind each week is the number its last counted day has.
#[must_use]
pub fn months(deadline: &Deadline, calendar: &Calendar) -> String {
    if deadline.due.is_none() {
        return String::new();
    }
    let picture = Picture::new(deadline, calendar);
    let (first, last) = (first_of_month(picture.start), picture.last);
    let starts: Vec<NaiveDate> = (0..)
        .map_while(|months| first.checked_add_months(chrono::Months::new(months)))
        .take_while(|month| *month <= last)
        .take(LONGEST + 1)
        .collect();
    if starts.len() > LONGEST {
        return String::new();
    }
    let blocks: Vec<Vec<String>> = starts.iter().map(|month| picture.month(*month)).collect();
    let mut text = String::from("\n");
    for beside in blocks.chunks(BESIDE) {
        let height = beside.iter().map(Vec::len).max().unwrap_or(0);
        for line in 0..height {
            let cells = beside.iter().map(|block| block.get(line).map_or("", String::as_str));
            let cells: Vec<String> = cells.map(|cell| format!("{cell:<WIDTH$}")).collect();
            text.push_str(cells.join("  ").trim_end());
            text.push('\n');
        }
    }
    text.push_str(picture.legend());
    text
}

/// What the days of a count look like.
struct Picture<'a> {
    deadline: &'a Deadline,
    calendar: &'a Calendar,
    start: NaiveDate,
    last: NaiveDate,
}

/// How one day looks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    /// Before the start or after the end.
    Blank,
    /// A weekend that is left out.
    Dot,
    /// Another day that is left out.
    Bracketed,
    /// The day that starts the clock, or one that counts.
    Plain,
}

impl<'a> Picture<'a> {
    fn new(deadline: &'a Deadline, calendar: &'a Calendar) -> Self {
        let span = deadline.span;
        let start = match deadline.period.mode {
            Mode::After => span.after,
            Mode::BeginningWith => deadline.from.on,
        };
        Self {
            deadline,
            calendar,
            start,
            last: span.through.max(start),
        }
    }

    fn counts_working_days(&self) -> bool {
        self.deadline.period.unit == Unit::WorkingDays
    }

    fn look(&self, day: NaiveDate) -> Look {
        if day < self.start || day > self.last {
            Look::Blank
        } else if day == self.start || !self.counts_working_days() {
            Look::Plain
        } else if matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
            Look::Dot
        } else if self.calendar.is_working_day(day) && !is_disregarded(self.deadline, day) {
            Look::Plain
        } else {
            Look::Bracketed
        }
    }

    /// The number a day has in the count.
    fn number(&self, day: NaiveDate) -> usize {
        let counted = |day: &NaiveDate| {
            *day > self.deadline.span.after && self.look(*day) == Look::Plain && self.calendar.is_working_day(*day)
        };
        let days = self.start.iter_days().take_while(|one| *one <= day);
        days.filter(counted).count()
    }

    /// A month's name, its weekdays, and its weeks.
    fn month(&self, month: NaiveDate) -> Vec<String> {
        let name = month.format("%B %Y").to_string();
        let mut lines = vec![format!("{name:^22}"), " Mo Tu We Th Fr Sa Su".to_owned()];
        let days: Vec<NaiveDate> = month
            .iter_days()
            .take_while(|day| day.month() == month.month())
            .collect();
        let weeks = days.chunk_by(|_, next| next.weekday() != Weekday::Mon);
        let seen = |week: &&[NaiveDate]| week.iter().any(|day| self.look(*day) != Look::Blank);
        lines.extend(weeks.filter(seen).map(|week| self.week(week)));
        lines
    }

    fn week(&self, days: &[NaiveDate]) -> String {
        let mut marks = [' '; 8];
        let mut figures: [String; 7] = std::array::from_fn(|_| "  ".to_owned());
        for (index, day) in days.iter().enumerate() {
            let place = day.weekday().num_days_from_monday() as usize;
            let look = self.look(*day);
            figures[place] = match look {
                Look::Blank => "  ".to_owned(),
                Look::Dot => " .".to_owned(),
                Look::Bracketed | Look::Plain => format!("{:>2}", day.day()),
            };
            let is_out = |other: Option<&NaiveDate>| other.is_some_and(|day| self.look(*day) == Look::Bracketed);
            if look == Look::Bracketed {
                let before = index.checked_sub(1).and_then(|index| days.get(index));
                if !is_out(before) {
                    marks[place] = '(';
                }
                if !is_out(days.get(index + 1)) {
                    marks[place + 1] = ')';
                }
            }
            if *day == self.start {
                marks[place] = '>';
            }
            if *day == self.last {
                marks[place + 1] = '<';
            }
        }
        let mut line = String::new();
        for (mark, figure) in marks.iter().zip(&figures) {
            line.push(*mark);
            line.push_str(figure);
        }
        line.push(marks[7]);
        format!("{line}{}", self.so_far(days))
    }

    /// The number of a week's last day that counts.
    fn so_far(&self, days: &[NaiveDate]) -> String {
        let counts = |day: &NaiveDate| *day > self.start && self.look(*day) == Look::Plain;
        match days.last() {
            Some(last) if self.counts_working_days() && days.iter().any(counts) => {
                format!("{:>3}", self.number((*last).min(self.last)))
            }
            _ => String::new(),
        }
    }

    fn legend(&self) -> &'static str {
        match (self.counts_working_days(), self.deadline.period.mode) {
            (true, Mode::After) => {
                "> not counted, the count begins after it; ( ) and . left out; < the last day; right: the count\n\n"
            }
            (true, Mode::BeginningWith) => {
                "> the first day; ( ) and . left out; < the last day; right: the count so far\n\n"
            }
            (false, Mode::After) => "> not counted, the time begins after it; < the last day\n\n",
            (false, Mode::BeginningWith) => "> the first day; < the last day\n\n",
        }
    }
}

fn first_of_month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

//! Columns in which somebody wrote the month first, as Americans do. Their `10/11/2026` is nobody's 10 November.

use std::collections::BTreeMap;

use super::dates::{self, Order};
use super::grid::Cell;
use super::headings::COLUMNS;
use super::lines::WORDS;
use super::row::Fields;

/// Of so many cells that can only have the day first, one that can only have the month first is a slip.
const SLIP: usize = 10;

/// In which columns the month may come first, and what speaks for it.
#[derive(Debug, Default)]
pub(super) struct MonthFirst(BTreeMap<&'static str, String>);

/// What the cells of a column, or of all, speak for.
#[derive(Debug, Default, Clone)]
struct Votes {
    day_first: usize,
    month_first: usize,
    /// The first cell that has the month first.
    shown: Option<String>,
}

impl Votes {
    fn count(&mut self, order: Order, text: &str, line: u64) {
        match order {
            Order::DayFirst => self.day_first += 1,
            Order::MonthFirst => {
                self.month_first += 1;
                self.shown
                    .get_or_insert_with(|| format!("in {text:?} (line {line}) the month comes first"));
            }
        }
    }

    fn verdict(&self) -> Option<&String> {
        self.shown.as_ref().filter(|_| self.month_first * SLIP > self.day_first)
    }
}

impl MonthFirst {
    /// Looks at every cell of a sheet that may hold a date in words.
    pub(super) fn of<'a>(lines: impl Iterator<Item = Fields<'a>>) -> Self {
        let mut columns: BTreeMap<&'static str, Votes> = BTreeMap::new();
        let (mut all, mut headed) = (Votes::default(), Self::default());
        for fields in lines {
            for column in COLUMNS.into_iter().filter(|column| !WORDS.contains(column)) {
                let Some((heading, cell)) = fields.cell(column) else {
                    continue;
                };
                let votes = columns.entry(column).or_insert_with(|| {
                    if is_month_first(heading) {
                        headed.0.insert(column, "its heading has the month first".to_owned());
                    }
                    Votes::default()
                });
                if let Cell::Text(text) = cell
                    && let Some(order) = dates::order(text)
                {
                    votes.count(order, text, fields.line.number);
                    all.count(order, text, fields.line.number);
                }
            }
        }
        for (column, votes) in columns {
            // Of a column that does not speak for itself the others do.
            let speaks = match votes.day_first + votes.month_first {
                0 => &all,
                _ => &votes,
            };
            if let Some(why) = speaks.verdict() {
                headed.0.entry(column).or_insert_with(|| why.clone());
            }
        }
        headed
    }

    /// Why words under a column may be one day or another, if they may.
    pub(super) fn doubt(&self, column: &str, text: &str) -> Option<String> {
        let why = self.0.get(column)?;
        let (day_first, month_first) = dates::either(text)?;
        Some(format!(
            "{text:?} may be {} or {}, for {why}; write {day_first} or {month_first}",
            day_first.format("%-d %B %Y"),
            month_first.format("%-d %B %Y")
        ))
    }
}

/// Whether a heading says so: `Date received (mm/dd/yyyy)`.
fn is_month_first(heading: &str) -> bool {
    let letters = |c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '-' | '.');
    let lower = heading.to_lowercase();
    let mut words = lower.split(|c| !letters(c));
    words.any(|word| {
        let parts: Vec<&str> = word.split(['/', '-', '.']).collect();
        matches!(parts.as_slice(), ["m" | "mm", "d" | "dd", "y" | "yy" | "yyyy"])
    })
}

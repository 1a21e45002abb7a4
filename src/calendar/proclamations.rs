//! What was proclaimed for one year only: days added, moved and withdrawn, each with its instrument, its source
//! and when it was made known; and doubts about days that are listed.

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

use super::{covers, is_weekend};
use crate::words::words;

words! {
    /// What a proclamation does.
    Change {
        /// A day becomes a bank holiday.
        Added = "added",
        /// A day becomes one in place of another.
        Moved = "moved",
        /// A day is none after all.
        Withdrawn = "withdrawn",
    }
}

words! {
    /// The power by which a day is proclaimed.
    Instrument {
        /// A day of the Schedule replaced in one year.
        Replacing = "1971 Act s.1(2)",
        /// A special day.
        Special = "1971 Act s.1(3)",
    }
}

/// One day that was added, moved or withdrawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proclamation {
    /// The day; of one moved, where it went.
    pub date: NaiveDate,
    /// What happened to it.
    pub change: Change,
    /// Of a day moved, where it was.
    pub from: Option<NaiveDate>,
    /// What it is called.
    pub name: String,
    /// By what power.
    pub instrument: Instrument,
    /// Who said so, where.
    pub source: String,
    /// When it was first made known for Scotland.
    pub announced_on: NaiveDate,
    /// When it was proclaimed, where the proclamation is known.
    pub proclaimed_on: Option<NaiveDate>,
    /// What is not certain about it.
    pub note: Option<String>,
}

impl Proclamation {
    /// When it could be known: the day of the proclamation, or of what was first said of it where that is not on
    /// record.
    #[must_use]
    pub fn known_on(&self) -> NaiveDate {
        self.proclaimed_on.unwrap_or(self.announced_on)
    }

    /// Whether it makes a day that it is about a bank holiday, and not a working day.
    #[must_use]
    pub fn gives(&self, day: NaiveDate) -> bool {
        self.date == day && self.change != Change::Withdrawn
    }
}

/// A listed day that may never have been a bank holiday in law.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Doubt {
    /// The day.
    pub date: NaiveDate,
    /// Who said so, where.
    pub source: String,
    /// What is doubted.
    pub note: String,
}

/// Everything on record, in the order in which it was put there: a later row has the last word on its day.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Proclamations {
    days: Vec<Proclamation>,
    doubts: Vec<Doubt>,
}

/// Why a file of proclamations cannot be used. Each message fits after the file's name.
#[derive(Debug, thiserror::Error)]
pub enum RowError {
    /// Not TOML, or a key that is not known or missing.
    #[error("line {line}: {words}")]
    Form {
        /// Where.
        line: usize,
        /// What is wrong.
        words: String,
    },
    /// No power to make a bank holiday: a local holiday.
    #[error(
        "gives {date} by {instrument:?}, which is neither \"1971 Act s.1(2)\" nor \"1971 Act s.1(3)\"; \
         a local holiday is a working day in law (FOISA s.73) and belongs to calendar.closures"
    )]
    NotProclaimed {
        /// The day.
        date: NaiveDate,
        /// What it cites.
        instrument: String,
    },
    /// The same day twice.
    #[error("gives {0} twice")]
    Twice(NaiveDate),
    /// No proclamation is needed, and none changes anything.
    #[error("gives {0}, a {day}, which is no working day anyway", day = .0.format("%A"))]
    Weekend(NaiveDate),
    /// Section 73 names the day.
    #[error("takes away {0}, which is no working day whatever is proclaimed (FOISA s.73)")]
    Christmas(NaiveDate),
    /// Moved from nowhere.
    #[error("moves a holiday to {0} and does not say from which day; add from = \"…\"")]
    MovedFromNowhere(NaiveDate),
    /// Not moved, and yet from somewhere.
    #[error("gives {0} a day it came from, but it is not moved; leave `from` out or write change = \"moved\"")]
    FromWithoutMove(NaiveDate),
    /// A day that came before it was made known.
    #[error("says that {date} was made known on {on}, when it had come already")]
    Afterwards {
        /// The day.
        date: NaiveDate,
        /// When it was made known.
        on: NaiveDate,
    },
    /// A day outside the years this program reckons with.
    #[error("gives {0}, which lies outside the years 2004 to 2104")]
    OutOfRange(NaiveDate),
    /// Nothing to call it, or nobody who said so.
    #[error("gives {date} an empty {key}")]
    Empty {
        /// The day.
        date: NaiveDate,
        /// Which key.
        key: &'static str,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    day: Vec<Row>,
    #[serde(default)]
    doubt: Vec<Doubt>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    date: NaiveDate,
    change: Change,
    from: Option<NaiveDate>,
    name: String,
    instrument: String,
    source: String,
    announced_on: NaiveDate,
    proclaimed_on: Option<NaiveDate>,
    note: Option<String>,
}

/// Reads a file of proclamations.
///
/// # Errors
/// What is wrong with it, as a sentence that fits after the file's name.
pub fn parse(text: &str) -> Result<Proclamations, RowError> {
    let file: File = toml::from_str(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start));
        RowError::Form {
            line: before.unwrap_or_default().matches('\n').count() + 1,
            words: error.message().replace('\n', " "),
        }
    })?;
    let days = file.day.into_iter().map(understood).collect::<Result<Vec<_>, _>>()?;
    let dates = [
        days.iter().map(|row| row.date).collect::<Vec<_>>(),
        file.doubt.iter().map(|doubt| doubt.date).collect(),
    ];
    for mut dates in dates {
        dates.sort_unstable();
        if let Some(pair) = dates.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(RowError::Twice(pair[0]));
        }
    }
    Ok(Proclamations {
        days,
        doubts: file.doubt,
    })
}

fn understood(row: Row) -> Result<Proclamation, RowError> {
    let date = row.date;
    let Ok(instrument) = row.instrument.parse() else {
        let instrument = row.instrument;
        return Err(RowError::NotProclaimed { date, instrument });
    };
    for (key, text) in [("name", &row.name), ("source", &row.source)] {
        if text.trim().is_empty() {
            return Err(RowError::Empty { date, key });
        }
    }
    if let Some(day) = [Some(date), row.from].into_iter().flatten().find(|day| !covers(*day)) {
        return Err(RowError::OutOfRange(day));
    }
    if is_weekend(date) {
        return Err(RowError::Weekend(date));
    }
    match (row.change, row.from) {
        (Change::Moved, None) => return Err(RowError::MovedFromNowhere(date)),
        (Change::Moved, Some(from)) if from == date => return Err(RowError::MovedFromNowhere(date)),
        (Change::Added | Change::Withdrawn, Some(_)) => return Err(RowError::FromWithoutMove(date)),
        _ => {}
    }
    let taken = match row.change {
        Change::Added => None,
        Change::Moved => row.from.filter(|from| !is_weekend(*from)),
        Change::Withdrawn => Some(date),
    };
    if let Some(day) = taken.filter(|day| is_christmas(*day)) {
        return Err(RowError::Christmas(day));
    }
    let first = row.from.map_or(date, |from| from.min(date));
    if let Some(on) = [Some(row.announced_on), row.proclaimed_on]
        .into_iter()
        .flatten()
        .find(|on| *on >= first)
    {
        return Err(RowError::Afterwards { date: first, on });
    }
    Ok(Proclamation {
        date,
        change: row.change,
        from: row.from,
        name: row.name,
        instrument,
        source: row.source,
        announced_on: row.announced_on,
        proclaimed_on: row.proclaimed_on,
        note: row.note,
    })
}

/// Section 73 names Christmas Day itself.
pub(super) fn is_christmas(day: NaiveDate) -> bool {
    (day.month(), day.day()) == (12, 25)
}

impl Proclamations {
    /// These, and then others.
    #[must_use]
    pub fn followed_by(mut self, later: Self) -> Self {
        self.days.extend(later.days);
        self.doubts.extend(later.doubts);
        self
    }

    /// The rows in the order in which they were recorded.
    #[must_use]
    pub fn days(&self) -> &[Proclamation] {
        &self.days
    }

    /// The doubts.
    #[must_use]
    pub fn doubts(&self) -> &[Doubt] {
        &self.doubts
    }

    /// What is doubted about a day.
    #[must_use]
    pub fn doubt(&self, day: NaiveDate) -> Option<&Doubt> {
        self.doubts.iter().rev().find(|doubt| doubt.date == day)
    }

    /// The row that makes a day a bank holiday, unless a later one took it away.
    #[must_use]
    pub fn gives(&self, day: NaiveDate) -> Option<&Proclamation> {
        self.last_word(day).filter(|row| row.gives(day))
    }

    /// The row that takes a day away, unless a later one gave it back.
    #[must_use]
    pub fn takes_away(&self, day: NaiveDate) -> Option<&Proclamation> {
        self.last_word(day).filter(|row| !row.gives(day))
    }

    /// The row that decides of a day, whatever it makes of it.
    pub(super) fn last_word(&self, day: NaiveDate) -> Option<&Proclamation> {
        self.last_word_by(day, NaiveDate::MAX)
    }

    /// The row that decided of a day as far as was known on another.
    pub(super) fn last_word_by(&self, day: NaiveDate, on: NaiveDate) -> Option<&Proclamation> {
        let about = |row: &&Proclamation| row.date == day || row.from == Some(day);
        self.days.iter().rev().filter(about).find(|row| row.known_on() <= on)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const MOVED: &str = "[[day]]\ndate = \"2020-05-08\"\nchange = \"moved\"\nfrom = \"2020-05-04\"\nname = \"VE day\"\n\
                         instrument = \"1971 Act s.1(2)\"\nannounced_on = \"2019-06-14\"\nsource = \"a newspaper\"\n";

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_moved_is_given_in_one_place_and_taken_away_in_the_other() {
        let rows = parse(MOVED).unwrap();
        assert_eq!(rows.gives(day("2020-05-08")), rows.days().first());
        assert_eq!(rows.takes_away(day("2020-05-04")), rows.days().first());
        assert_eq!(rows.gives(day("2020-05-04")), None);
        assert_eq!(rows.takes_away(day("2020-05-08")), None);
    }

    #[test]
    fn a_later_row_has_the_last_word() {
        let withdrawn = MOVED
            .replace("moved", "withdrawn")
            .replace("from = \"2020-05-04\"\n", "");
        let rows = parse(MOVED).unwrap().followed_by(parse(&withdrawn).unwrap());
        assert_eq!(rows.gives(day("2020-05-08")), None);
        assert_eq!(rows.takes_away(day("2020-05-08")), rows.days().last());
    }

    #[test]
    fn nothing_on_record_is_a_file_too() {
        assert_eq!(parse("").unwrap(), Proclamations::default());
    }

    #[rstest]
    #[case::unknown_key("source = ", "because = \"x\"\nsource = ", "line 8: unknown field `because`")]
    #[case::no_date("date = \"2020-05-08\"\n", "", "missing field `date`")]
    #[case::no_such_date("2020-05-08", "2020-02-30", "line 2: ")]
    #[case::unknown_change("\"moved\"", "\"shifted\"", "\"shifted\" is not one of added, moved, withdrawn")]
    #[case::local_holiday(
        "1971 Act s.1(2)",
        "decided by the Council",
        "\"decided by the Council\", which is neither \"1971 Act s.1(2)\" nor \"1971 Act s.1(3)\"; a local holiday is a \
         working day in law (FOISA s.73)"
    )]
    #[case::no_source("a newspaper", " ", "gives 2020-05-08 an empty source")]
    #[case::weekend(
        "2020-05-08",
        "2020-05-09",
        "gives 2020-05-09, a Saturday, which is no working day anyway"
    )]
    #[case::from_nowhere(
        "from = \"2020-05-04\"\n",
        "",
        "moves a holiday to 2020-05-08 and does not say from which day"
    )]
    #[case::from_itself("2020-05-04", "2020-05-08", "does not say from which day")]
    #[case::from_unmoved("\"moved\"", "\"added\"", "gives 2020-05-08 a day it came from, but it is not moved")]
    #[case::christmas(
        "2020-05-04",
        "2019-12-25",
        "takes away 2019-12-25, which is no working day whatever is proclaimed (FOISA s.73)"
    )]
    #[case::afterwards(
        "2019-06-14",
        "2020-05-04",
        "2020-05-04 was made known on 2020-05-04, when it had come already"
    )]
    #[case::before_the_act("2020-05-04", "1999-05-03", "1999-05-03, which lies outside the years")]
    #[case::not_toml("[[day]]", "[[day", "line 1: ")]
    #[case::another_table("[[day]]", "[[days]]", "unknown field `days`")]
    fn a_row_that_cannot_be_is_told_on_one_line(#[case] old: &str, #[case] new: &str, #[case] words: &str) {
        let message = parse(&MOVED.replacen(old, new, 1)).unwrap_err().to_string();
        assert!(message.contains(words), "{message}");
        assert!(!message.contains('\n'), "{message}");
    }

    #[test]
    fn a_day_twice_is_refused() {
        let message = parse(&format!("{MOVED}{MOVED}")).unwrap_err().to_string();
        assert_eq!(message, "gives 2020-05-08 twice");
        let doubt = "[[doubt]]\ndate = \"2010-01-04\"\nsource = \"s\"\nnote = \"n\"\n";
        let message = parse(&format!("{doubt}{doubt}")).unwrap_err().to_string();
        assert_eq!(message, "gives 2010-01-04 twice");
    }
}

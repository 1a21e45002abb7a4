//! Days as people write them into sheets. The day comes before the month.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Weekday};

use super::grid::Cell;
use crate::clock::london_day;

/// What to write instead.
const WRITE: &str = "write 2022-03-04 or 04/03/2022";

/// The first and the last day that a bare number is read as: those of the law that can be recorded.
const NUMBERS: (Option<NaiveDate>, Option<NaiveDate>) = (
    NaiveDate::from_ymd_opt(2005, 1, 1),
    NaiveDate::from_ymd_opt(2099, 12, 31),
);

/// The day that a cell holds; nothing for a cell that is empty.
///
/// # Errors
/// What is wrong with the cell, as a clause to follow the column's name.
pub(super) fn day(cell: &Cell, from_1904: bool) -> Result<Option<NaiveDate>, String> {
    match cell {
        Cell::Empty => Ok(None),
        Cell::Date(Some(day), _) => Ok(Some(*day)),
        Cell::Date(None, number) => Err(format!("{number} is not a date; {WRITE}")),
        Cell::Number(number) => from_number(*number, from_1904)
            .map(Some)
            .ok_or_else(|| format!("{number} is a number, not a date; {WRITE}")),
        Cell::Text(text) => from_text(text).map(Some),
        Cell::Fault(fault) => Err(format!("the cell shows {fault}; mend its formula, or write the date")),
    }
}

/// The day of a spreadsheet's serial number, its time of day left out. Counted from 1900 there was a 29 February
/// 1900, which is nobody's date.
pub(super) fn from_serial(serial: f64, from_1904: bool) -> Option<NaiveDate> {
    if !serial.is_finite() || !(0.0..3_000_000.0).contains(&serial) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded above")]
    let days = serial.trunc() as u64;
    let (from, days) = match (from_1904, days) {
        (true, days) => (NaiveDate::from_ymd_opt(1904, 1, 1)?, days),
        (false, 0 | 60) => return None,
        (false, 1..60) => (NaiveDate::from_ymd_opt(1899, 12, 31)?, days),
        (false, _) => (NaiveDate::from_ymd_opt(1899, 12, 30)?, days),
    };
    from.checked_add_days(Days::new(days))
}

/// A bare number in a column of dates: a serial number, if the law knows its day.
fn from_number(number: f64, from_1904: bool) -> Option<NaiveDate> {
    from_serial(number, from_1904).filter(|day| Some(*day) >= NUMBERS.0 && Some(*day) <= NUMBERS.1)
}

/// A number as a program writes it: with a nought before it, somebody wrote day, month and year without a gap.
fn plain_number(text: &str) -> Option<f64> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && !text.starts_with('0');
    text.parse().ok().filter(|_| is_plain)
}

/// The day that words say.
///
/// # Errors
/// What is wrong with them, as a clause to follow the column's name.
fn from_text(text: &str) -> Result<NaiveDate, String> {
    let no_date = || format!("{text:?} is not a date; {WRITE}");
    if let Some(day) = plain_number(text).and_then(|number| from_number(number, false)) {
        return Ok(day);
    }
    if text.chars().count() > 60 {
        let start: String = text.chars().take(40).collect();
        return Err(format!("\"{start} ...\" is not a date; {WRITE}"));
    }
    let lower = text.to_lowercase().replace(',', " ");
    let Parts { weekday, parts, zoned } = parts(&lower).ok_or_else(no_date)?;
    let [first, second, third] = parts.as_slice() else {
        return Err(no_date());
    };
    let year_first = first.len() == 4 && first.parse::<u16>().is_ok();
    let (year, month, day) = match (year_first, month(first), month(second)) {
        (true, ..) => (first.as_str(), second, third),
        (_, Some(_), None) => (third.as_str(), first, second),
        _ => (third.as_str(), second, first),
    };
    let year = year_of(year).ok_or_else(no_date)?;
    let number = |part: &str| part.parse::<u32>().ok().filter(|_| part.len() <= 2);
    let month = self::month(month).or_else(|| number(month)).ok_or_else(no_date)?;
    let day = number(ordinal(day)).ok_or_else(no_date)?;
    if month > 12 && (1..=12).contains(&day) && NaiveDate::from_ymd_opt(year, day, month).is_some() {
        return Err(format!(
            "{text:?} is not a date, for the day comes first; write {month:02}/{day:02}/{year:04} if that is meant"
        ));
    }
    let found = NaiveDate::from_ymd_opt(year, month, day).ok_or_else(no_date)?;
    match weekday {
        Some(weekday) if weekday != found.weekday() => Err(format!(
            "{text:?} does not fit together: {} was {}; check both",
            found.format("%-d %B %Y"),
            match found.weekday() {
                Weekday::Mon => "a Monday",
                Weekday::Tue => "a Tuesday",
                Weekday::Wed => "a Wednesday",
                Weekday::Thu => "a Thursday",
                Weekday::Fri => "a Friday",
                Weekday::Sat => "a Saturday",
                Weekday::Sun => "a Sunday",
            }
        )),
        _ => match zoned {
            Some((time, offset)) => in_london(found.and_time(time), offset).ok_or_else(no_date),
            None => Ok(found),
        },
    }
}

/// Which of the first two numbers of a date is its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    DayFirst,
    MonthFirst,
}

/// The order that words show, which begin with day and month as numbers.
pub(super) fn order(text: &str) -> Option<Order> {
    match leading(text)? {
        (13.., ..=12) => Some(Order::DayFirst),
        (..=12, 13..) => both_ways(text).1.map(|_| Order::MonthFirst),
        _ => None,
    }
}

/// The two days that words may mean: the one with the day first, and the one with the month first.
pub(super) fn either(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    match (leading(text)?, both_ways(text)) {
        ((..=12, ..=12), (Some(one), Some(other))) => (one != other).then_some((one, other)),
        _ => None,
    }
}

/// The two numbers of two figures at most that words begin with.
fn leading(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.split(['/', '-', '.', '\u{2013}']);
    let mut number = || parts.next()?.parse::<u32>().ok().filter(|number| *number < 100);
    Some((number()?, number()?))
}

/// The days that words mean with the day first and with the month first, as far as there are such.
fn both_ways(text: &str) -> (Option<NaiveDate>, Option<NaiveDate>) {
    let none = (None, None);
    let (Some((first, second)), true) = (leading(text), text.len() <= 60) else {
        return none;
    };
    let parts = parts(&text.to_lowercase()).map(|parts| parts.parts);
    let year = match parts.as_deref() {
        Some([_, _, year]) => year_of(year),
        _ => None,
    };
    year.map_or(none, |year| {
        let day = |month, day| NaiveDate::from_ymd_opt(year, month, day);
        (day(second, first), day(first, second))
    })
}

/// The day in Scotland at a moment by the clock of another zone: midnight in summer is an hour before it in Greenwich.
fn in_london(moment: NaiveDateTime, offset: TimeDelta) -> Option<NaiveDate> {
    moment.checked_sub_signed(offset).map(|at| london_day(at.and_utc()))
}

/// What a date is written with.
struct Parts {
    weekday: Option<Weekday>,
    parts: Vec<String>,
    /// The time of day, where it is said how far that is from Greenwich.
    zoned: Option<(NaiveTime, TimeDelta)>,
}

/// The three parts of a date, with its weekday and a time of day of another zone.
fn parts(text: &str) -> Option<Parts> {
    let mut weekday = None;
    let mut parts: Vec<String> = Vec::new();
    let (mut timed, mut zoned) = (false, None);
    for word in text.split_whitespace() {
        let word = match word.split_once('t') {
            Some((day, time)) if day.len() == 10 && is_time(time) => {
                zoned = self::zoned(time)?;
                day
            }
            _ => word,
        };
        let bare = word.trim_end_matches('.');
        let of_time = timed && matches!(bare, "am" | "pm" | "a.m" | "p.m" | "gmt" | "bst");
        if weekday.is_none() && parts.is_empty() && bare.len() >= 3 && bare.parse::<Weekday>().is_ok() {
            weekday = bare.parse().ok();
        } else if parts.len() == 3 && (is_time(word) || (word == "at" && !timed)) {
            if is_time(word) {
                zoned = self::zoned(word)?;
            }
            timed = true;
        } else if parts.len() < 3 && !(bare == "of" && parts.len() == 1) {
            let pieces = bare.split(['/', '-', '.', '\u{2013}']);
            parts.extend(pieces.map(str::to_owned));
        } else if bare != "of" && !of_time {
            return None;
        }
    }
    let whole = parts.len() == 3 && parts.iter().all(|part| !part.is_empty());
    whole.then_some(Parts { weekday, parts, zoned })
}

/// What a time of day says of its distance from Greenwich, if anything: `23:00:00z`, `00:30+01:00`. Nothing at all where
/// that cannot be understood.
#[expect(
    clippy::option_option,
    reason = "to say nothing is something else than what cannot be understood"
)]
fn zoned(time: &str) -> Option<Option<(NaiveTime, TimeDelta)>> {
    let (clock, minutes) = match (time.strip_suffix('z'), time.find(['+', '-'])) {
        (Some(clock), _) => (clock, 0),
        (None, Some(at)) => {
            let (clock, offset) = time.split_at(at);
            let west = offset.starts_with('-');
            // `14:00-15:30` is how long something lasted.
            if west && clock.matches(':').count() < 2 {
                return Some(None);
            }
            let digits: String = offset.chars().filter(char::is_ascii_digit).collect();
            let number: i64 = match digits.len() {
                2 => digits.parse::<i64>().ok()? * 100,
                4 => digits.parse().ok()?,
                _ => return None,
            };
            let minutes = number / 100 * 60 + number % 100;
            (clock, if west { -minutes } else { minutes })
        }
        (None, None) => return Some(None),
    };
    let forms = ["%H:%M:%S%.f", "%H:%M"];
    let clock = forms
        .iter()
        .find_map(|form| NaiveTime::parse_from_str(clock, form).ok())?;
    Some(Some((clock, TimeDelta::minutes(minutes))))
}

/// A time of day, `10:30` or `10:30:00.000Z`.
fn is_time(word: &str) -> bool {
    let word = word.trim_end_matches("am").trim_end_matches("pm");
    let shape = |c: char| c.is_ascii_digit() || matches!(c, ':' | '.' | '+' | '-' | 'z');
    word.contains(':') && word.starts_with(|c: char| c.is_ascii_digit()) && word.chars().all(shape)
}

fn month(word: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = match word {
        "sept" => "sep",
        other => other,
    };
    let found = MONTHS
        .iter()
        .position(|month| *month == word || (word.len() == 3 && month.starts_with(word)))?;
    u32::try_from(found + 1).ok()
}

/// A year of two digits is one of this century.
fn year_of(word: &str) -> Option<i32> {
    let word = word.trim_start_matches(['\'', '\u{2019}']);
    if !word.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    match (word.len(), word.parse::<i32>()) {
        (2, Ok(year)) => Some(2000 + year),
        (4, Ok(year)) if year >= 1000 => Some(year),
        _ => None,
    }
}

/// `4th` as `4`.
fn ordinal(word: &str) -> &str {
    ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending))
        .unwrap_or(word)
}

/// Words that say that there is nothing.
const NOTHING: [&str; 11] = [
    "n/a",
    "na",
    "n.a.",
    "none",
    "nil",
    "no",
    "n",
    "false",
    "not applicable",
    "not required",
    "0",
];

/// Words that say that it has not happened yet.
const NOT_YET: [&str; 13] = [
    "tbc",
    "tba",
    "tbd",
    "pending",
    "awaited",
    "awaiting",
    "ongoing",
    "outstanding",
    "open",
    "not yet",
    "in progress",
    "wip",
    "?",
];

/// Whether words in a cell for a date say that there is none.
pub(super) fn says_nothing(text: &str) -> bool {
    let text = text.to_lowercase();
    NOTHING.contains(&text.as_str())
        || text
            .chars()
            .all(|c| matches!(c, '-' | '\u{2013}' | '\u{2014}' | '.' | '_'))
}

/// Whether words in a cell for a date say that it is still to come.
pub(super) fn says_not_yet(text: &str) -> bool {
    NOT_YET.contains(&text.to_lowercase().as_str())
}

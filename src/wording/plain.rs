//! Small words that every sentence is made of: days, numbers, lists, lines to copy, wrapped paragraphs.

use chrono::{Datelike, NaiveDate, TimeDelta};

use crate::calendar::period::Unit;
use crate::words::steers;

/// A day in a listing: `Fri 4 Mar 2022`.
#[must_use]
pub fn short(day: NaiveDate) -> String {
    day.format("%a %-d %b %Y").to_string()
}

/// A day as one of a column: `Fri  4 Mar 2022`.
pub(super) fn column(day: NaiveDate) -> String {
    day.format("%a %e %b %Y").to_string()
}

/// A day in a sentence read today: `Friday 4 March`, with its year where it is half a year away, or a quarter in another
/// year.
pub(super) fn near(day: NaiveDate, today: NaiveDate) -> String {
    let far = if day.year() == today.year() { 183 } else { 92 };
    if (day - today).abs() < TimeDelta::days(far) {
        without_year(day)
    } else {
        crate::clock::in_full(day)
    }
}

/// A day told beside another that has the year: `Thursday 5 November`, with its year where that is another.
pub(super) fn beside(day: NaiveDate, other: NaiveDate) -> String {
    if day.year() == other.year() {
        without_year(day)
    } else {
        crate::clock::in_full(day)
    }
}

fn without_year(day: NaiveDate) -> String {
    day.format("%A %-d %B").to_string()
}

/// A day without its weekday, for the day the law's own lists end: `31 December 2028`.
pub(super) fn plain_date(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

/// `1 working day`, `2 working days`: the one place that knows the plural.
#[must_use]
pub fn plural(count: i64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// As [`plural`], with small numbers in words: `no working days`, `one weekend`.
pub(super) fn worded(count: i64, noun: &str) -> String {
    format!("{} {noun}{}", number(count), if count == 1 { "" } else { "s" })
}

/// Small numbers in words, larger ones in figures.
pub(super) fn number(count: i64) -> String {
    const WORDS: [&str; 13] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    ];
    let word = usize::try_from(count).ok().and_then(|index| WORDS.get(index));
    word.map_or_else(|| count.to_string(), |word| (*word).to_owned())
}

/// What is left until a day, counted in a unit: `2 working days`, `today`, `2 working days late`.
#[must_use]
pub fn left(count: i64, unit: Unit) -> String {
    let noun = match unit {
        Unit::WorkingDays => "working day",
        Unit::Days => "day",
        Unit::Months => "month",
    };
    match count {
        0 => "today".to_owned(),
        1.. => plural(count, noun),
        _ => format!("{} late", plural(-count, noun)),
    }
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn list(parts: &[String]) -> String {
    joined(parts, "and")
}

/// `a`, `a or b`, `a, b or c`.
pub(super) fn choice(parts: &[String]) -> String {
    joined(parts, "or")
}

fn joined(parts: &[String], last_by: &str) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} {last_by} {last}", most.join(", ")),
    }
}

/// A clause as a sentence: its first letter large, a full stop at its end.
pub(super) fn sentence(clause: &str) -> String {
    let clause = clause.trim();
    let mut letters = clause.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    let stop = if clause.ends_with(['.', '?', '!']) { "" } else { "." };
    format!("{}{}{stop}", first.unwrap_or_default(), letters.as_str())
}

/// What somebody typed, on one line and without what a terminal or a mail reader would act on.
#[must_use]
pub fn one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if steers(c) { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A holiday's name with the plain apostrophe: the published lists have a printer's one.
pub(super) fn holiday(name: &str) -> String {
    name.replace('’', "'")
}

/// A command line that records something of a case, as a shell wants it.
pub(super) fn record(reference: &str, kind: &str, options: &str) -> String {
    // A reference that begins with a dash would be read as an option.
    if reference.starts_with('-') {
        format!("timeous record {options} -- {} {kind}", quoted(reference))
    } else {
        format!("timeous record {} {kind} {options}", quoted(reference))
    }
}

/// A word as a shell wants it.
#[must_use]
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// Fills lines of at most `width` characters, the first after one indent, the rest after another. A word
/// that is longer than a line is broken.
pub(super) fn wrap(text: &str, width: usize, first: &str, rest: &str) -> String {
    let mut lines = Vec::new();
    let mut line = first.to_owned();
    let mut filled = false;
    for word in text.split([' ', '\n']).filter(|word| !word.is_empty()) {
        let mut word = word.to_owned();
        if filled && columns(&line) + 1 + columns(&word) > width {
            lines.push(std::mem::replace(&mut line, rest.to_owned()));
            filled = false;
        }
        if filled {
            line.push(' ');
        }
        while columns(&line) + columns(&word) > width {
            let room = width.saturating_sub(columns(&line)).max(1);
            let tail: String = word.chars().skip(room).collect();
            line.extend(word.chars().take(room));
            lines.push(std::mem::replace(&mut line, rest.to_owned()));
            word = tail;
        }
        line.push_str(&word);
        filled = true;
    }
    lines.push(line);
    lines.join("\n")
}

pub(super) fn columns(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(2, Unit::WorkingDays, "2 working days")]
    #[case(1, Unit::WorkingDays, "1 working day")]
    #[case(0, Unit::WorkingDays, "today")]
    #[case(-1, Unit::WorkingDays, "1 working day late")]
    #[case(42, Unit::Days, "42 days")]
    fn what_is_left(#[case] count: i64, #[case] unit: Unit, #[case] words: &str) {
        assert_eq!(left(count, unit), words);
    }

    #[rstest]
    #[case("FOI-2026/0388", "timeous record FOI-2026/0388 note --on DATE")]
    #[case("FOI 7", "timeous record 'FOI 7' note --on DATE")]
    #[case("O'Neil; rm -rf $HOME", r"timeous record 'O'\''Neil; rm -rf $HOME' note --on DATE")]
    #[case("-7", "timeous record --on DATE -- -7 note")]
    #[case("é7", "timeous record 'é7' note --on DATE")]
    fn a_line_to_copy_is_one_the_shell_reads_as_meant(#[case] reference: &str, #[case] line: &str) {
        assert_eq!(record(reference, "note", "--on DATE"), line);
    }

    #[test]
    fn a_year_is_left_out_only_where_it_goes_without_saying() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(near(day("2027-01-29"), day("2026-11-27")), "Friday 29 January");
        assert_eq!(near(day("2027-11-26"), day("2026-11-27")), "Friday 26 November 2027");
    }

    #[test]
    fn a_paragraph_hangs_and_a_word_that_is_too_long_is_broken() {
        assert_eq!(wrap("one two three", 9, "", "  "), "one two\n  three");
        assert_eq!(wrap("abcdefghij k", 6, "", "  "), "abcdef\n  ghij\n  k");
        assert_eq!(wrap("", 9, "", ""), "");
    }

    #[test]
    fn numbers_and_lists_in_words() {
        assert_eq!(worded(0, "working day"), "no working days");
        assert_eq!(worded(1, "weekend"), "one weekend");
        assert_eq!(worded(13, "weekend"), "13 weekends");
        assert_eq!(list(&["a".into(), "b".into(), "c".into()]), "a, b and c");
        assert_eq!(sentence("the answer came late"), "The answer came late.");
    }
}

//! A calendar in iCalendar's form (RFC 5545), an event at a time.
//!
//! Every event lies on a day and not at an hour, so that nothing here needs a time zone: `VALUE=DATE` is the same day
//! wherever the reader is. The bytes follow from the events alone: no moment of writing, no dice.

use std::io::{self, Write};

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc};

/// A line is broken after so many octets, the one space that continues it among them.
const WIDTH: usize = 75;

/// Who writes the file.
const PRODUCT: &str = "-//Timeous//Statutory clocks of requests for information//EN";

/// How often a reader should look again. The file itself changes within a minute of the register.
const LOOK_AGAIN: &str = "PT1H";

/// Whether an event stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It stands, or was done.
    Confirmed,
    /// It stands no more; whoever has it takes it out.
    Cancelled,
}

/// When a reader is reminded: on the morning of a day that is the event's own or lies before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alarm {
    /// How many days before the event's.
    pub days_before: u32,
    /// The hour, by the clock on the reader's wall.
    pub at: NaiveTime,
}

/// One day to know of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The same for as long as the event is the same, whatever day it moves to.
    pub uid: String,
    /// Rises with every change that matters, and never falls: of two with one UID the higher holds.
    pub sequence: usize,
    /// When it last changed.
    pub changed: DateTime<Utc>,
    /// The day.
    pub day: NaiveDate,
    /// One line.
    pub summary: String,
    /// A few lines.
    pub description: String,
    /// What kind of thing it is, for a reader that colours or filters; without commas.
    pub category: &'static str,
    /// Whether it stands.
    pub status: Status,
    /// When to remind of it.
    pub alarms: Vec<Alarm>,
}

/// Begins a calendar of a name.
///
/// # Errors
/// What could not be written.
pub fn begin(out: &mut dyn Write, name: &str) -> io::Result<()> {
    for (property, value) in [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", PRODUCT),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
    ] {
        line(out, property, value)?;
    }
    // The standard's own name for it (RFC 7986), and the one that older readers know.
    line(out, "NAME", &text(name))?;
    line(out, "X-WR-CALNAME", &text(name))?;
    line(out, "REFRESH-INTERVAL;VALUE=DURATION", LOOK_AGAIN)?;
    line(out, "X-PUBLISHED-TTL", LOOK_AGAIN)
}

/// Ends it.
///
/// # Errors
/// What could not be written.
pub fn end(out: &mut dyn Write) -> io::Result<()> {
    line(out, "END", "VCALENDAR")
}

/// Writes an event.
///
/// # Errors
/// What could not be written.
pub fn event(out: &mut dyn Write, event: &Event) -> io::Result<()> {
    let changed = event.changed.format("%Y%m%dT%H%M%SZ").to_string();
    line(out, "BEGIN", "VEVENT")?;
    line(out, "UID", &text(&event.uid))?;
    line(out, "DTSTAMP", &changed)?;
    line(out, "LAST-MODIFIED", &changed)?;
    line(out, "SEQUENCE", &event.sequence.to_string())?;
    line(out, "DTSTART;VALUE=DATE", &date(event.day))?;
    // The end of a day is the beginning of the next: an event that ended on its own day would last no time.
    line(
        out,
        "DTEND;VALUE=DATE",
        &date(event.day.succ_opt().unwrap_or(event.day)),
    )?;
    line(out, "SUMMARY", &text(&event.summary))?;
    line(out, "DESCRIPTION", &text(&event.description))?;
    line(out, "CATEGORIES", &text(event.category))?;
    line(out, "CLASS", "PRIVATE")?;
    // A day to work to leaves its reader free for meetings.
    line(out, "TRANSP", "TRANSPARENT")?;
    line(
        out,
        "STATUS",
        match event.status {
            Status::Confirmed => "CONFIRMED",
            Status::Cancelled => "CANCELLED",
        },
    )?;
    for one in &event.alarms {
        alarm(out, *one, &event.summary)?;
    }
    line(out, "END", "VEVENT")
}

fn alarm(out: &mut dyn Write, alarm: Alarm, summary: &str) -> io::Result<()> {
    line(out, "BEGIN", "VALARM")?;
    line(out, "ACTION", "DISPLAY")?;
    line(out, "TRIGGER", &trigger(alarm))?;
    line(out, "DESCRIPTION", &text(summary))?;
    line(out, "END", "VALARM")
}

/// An alarm's distance from the midnight with which the event's day begins where the reader is. Whole days are days
/// by the calendar, so that the hour is the same before and after the clocks change; what is below a day is counted in
/// hours on the alarm's own day.
fn trigger(alarm: Alarm) -> String {
    let into_day = i64::from(alarm.at.num_seconds_from_midnight()) / 60;
    match alarm.days_before {
        0 => format!("P{}", clock(into_day)),
        before => {
            let rest = TimeDelta::days(1).num_minutes() - into_day;
            let (days, rest) = match rest == TimeDelta::days(1).num_minutes() {
                true => (before, 0),
                false => (before - 1, rest),
            };
            match (days, rest) {
                (0, rest) => format!("-P{}", clock(rest)),
                (days, 0) => format!("-P{days}D"),
                (days, rest) => format!("-P{days}D{}", clock(rest)),
            }
        }
    }
}

fn clock(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, 0) => "T0S".to_owned(),
        (hours, 0) => format!("T{hours}H"),
        (0, minutes) => format!("T{minutes}M"),
        (hours, minutes) => format!("T{hours}H{minutes}M"),
    }
}

fn date(day: NaiveDate) -> String {
    day.format("%Y%m%d").to_string()
}

/// A text as a value: what would end it or part it is escaped, and a character that no text may hold becomes a space.
fn text(words: &str) -> String {
    let mut value = String::with_capacity(words.len() + 8);
    for c in words.chars() {
        match c {
            '\\' | ';' | ',' => value.extend(['\\', c]),
            '\n' => value.push_str("\\n"),
            c if c.is_control() => value.push(' '),
            c => value.push(c),
        }
    }
    value
}

/// Writes a line, broken where it is too long and never inside a character.
fn line(out: &mut dyn Write, property: &str, value: &str) -> io::Result<()> {
    let whole = format!("{property}:{value}");
    let mut rest = whole.as_str();
    let mut room = WIDTH;
    while rest.len() > room {
        let mut end = room;
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        let (head, tail) = rest.split_at(end);
        out.write_all(head.as_bytes())?;
        out.write_all(b"\r\n ")?;
        (rest, room) = (tail, WIDTH - 1);
    }
    out.write_all(rest.as_bytes())?;
    out.write_all(b"\r\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(property: &str, value: &str) -> String {
        let mut out = Vec::new();
        line(&mut out, property, value).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn no_line_is_longer_than_75_octets_and_none_is_broken_inside_a_character() {
        for letter in ["x", "é", "語", "\u{1f600}"] {
            for length in 0..200 {
                let value = letter.repeat(length);
                let folded = written("SUMMARY", &value);
                assert!(folded.ends_with("\r\n"));
                for line in folded.split_terminator("\r\n") {
                    assert!(line.len() <= 75, "{} octets: {line}", line.len());
                }
                assert_eq!(folded.replace("\r\n ", ""), format!("SUMMARY:{value}\r\n"));
            }
        }
    }

    #[test]
    fn what_parts_a_value_is_escaped() {
        assert_eq!(text("a, b; c\\d\ne\tf\r"), "a\\, b\\; c\\\\d\\ne f ");
    }

    #[test]
    fn alarms_are_counted_from_the_midnight_before() {
        let at = |days_before, at: &str| {
            trigger(Alarm {
                days_before,
                at: at.parse().unwrap(),
            })
        };
        for (before, hour, told) in [
            (0, "08:00:00", "PT8H"),
            (0, "08:30:00", "PT8H30M"),
            (0, "00:00:00", "PT0S"),
            (0, "00:15:00", "PT15M"),
            (1, "08:00:00", "-PT16H"),
            (1, "23:45:00", "-PT15M"),
            (1, "00:00:00", "-P1D"),
            (3, "08:30:00", "-P2DT15H30M"),
        ] {
            assert_eq!(at(before, hour), told);
        }
    }
}

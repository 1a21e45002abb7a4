//! The calendar file.

use chrono::{DateTime, Days, NaiveDate, NaiveTime};
use timeous::exchange::ics::{self, Alarm, Event, Status};

/// Whatever the words: the file's lines end with CR LF and have 75 octets at most, and a naive reader that only unfolds
/// and unescapes them finds the same words in the same places, and nothing else.
pub(super) fn icalendar(data: &[u8]) {
    let (numbers, words) = data.split_at(data.len().min(8));
    let mut number = [0_u8; 8];
    number[..numbers.len()].copy_from_slice(numbers);
    let mut parts = words
        .splitn(4, |byte| *byte == 0xFF)
        .map(|part| String::from_utf8_lossy(part).into_owned());
    let mut part = || parts.next().unwrap_or_default();
    let name = part();
    let event = Event {
        uid: part(),
        sequence: usize::from(number[0]) << (number[1] % 48),
        changed: DateTime::UNIX_EPOCH + chrono::TimeDelta::seconds(i64::from(number[2]) << (number[3] % 25)),
        day: NaiveDate::from_ymd_opt(2004, 1, 1).unwrap() + Days::new(u64::from(number[4]) * 144),
        summary: part(),
        description: part(),
        category: "DEADLINE",
        status: if number[5] & 1 == 0 {
            Status::Confirmed
        } else {
            Status::Cancelled
        },
        alarms: alarms(number[6], number[7]),
    };
    let mut bytes = Vec::new();
    ics::begin(&mut bytes, &name).unwrap();
    ics::event(&mut bytes, &event).unwrap();
    ics::end(&mut bytes).unwrap();
    same(&name, &event, &unfolded(&bytes));
}

fn alarms(count: u8, seed: u8) -> Vec<Alarm> {
    let alarm = |at: u8| Alarm {
        days_before: u32::from(seed.wrapping_mul(at + 1)),
        at: NaiveTime::from_num_seconds_from_midnight_opt(u32::from(seed ^ at) * 338, 0).unwrap(),
    };
    (0..count % 4).map(alarm).collect()
}

/// The lines of a file as RFC 5545, 3.1 has them, unfolded.
fn unfolded(bytes: &[u8]) -> Vec<(String, String)> {
    let text = std::str::from_utf8(bytes).expect("a file in UTF-8");
    assert!(text.ends_with("\r\n"));
    for line in text.split_terminator("\r\n") {
        assert!(line.len() <= 75, "{} octets: {line:?}", line.len());
        assert!(!line.chars().any(|c| c.is_control()), "{line:?}");
    }
    let whole = text.replace("\r\n ", "");
    let split = |line: &str| {
        let (name, value) = line.split_once(':').unwrap_or_else(|| panic!("no property: {line:?}"));
        (name.to_owned(), value.to_owned())
    };
    whole.split_terminator("\r\n").map(split).collect()
}

fn same(name: &str, event: &Event, lines: &[(String, String)]) {
    let all = |wanted: &str| {
        lines
            .iter()
            .filter(|(name, _)| name == wanted)
            .map(|(_, value)| value.as_str())
            .collect::<Vec<_>>()
    };
    let alarms = event.alarms.len();
    let (mut begins, mut ends) = (vec!["VCALENDAR", "VEVENT"], Vec::new());
    begins.extend(vec!["VALARM"; alarms]);
    ends.extend(vec!["VALARM"; alarms]);
    ends.extend(["VEVENT", "VCALENDAR"]);
    assert_eq!((all("BEGIN"), all("END")), (begins, ends));
    let words = |wanted: &str| all(wanted).into_iter().map(unescaped).collect::<Vec<_>>();
    assert_eq!(words("NAME"), [plain(name)]);
    assert_eq!(words("UID"), [plain(&event.uid)]);
    assert_eq!(words("SUMMARY"), [plain(&event.summary)]);
    let mut descriptions = vec![plain(&event.description)];
    descriptions.extend(vec![plain(&event.summary); alarms]);
    assert_eq!(words("DESCRIPTION"), descriptions);
    assert_eq!(all("SEQUENCE"), [event.sequence.to_string()]);
    assert_eq!(all("TRIGGER").len(), alarms);
    assert_eq!(all("DTSTART;VALUE=DATE"), [event.day.format("%Y%m%d").to_string()]);
    assert_eq!(all("DTSTAMP"), [event.changed.format("%Y%m%dT%H%M%SZ").to_string()]);
    assert_eq!(lines.len(), 9 + 15 + 1 - 1 + 5 * alarms, "{lines:?}");
}

/// A value of RFC 5545, 3.3.11, by that section alone.
fn unescaped(value: &str) -> String {
    let (mut words, mut letters) = (String::new(), value.chars());
    while let Some(letter) = letters.next() {
        words.push(match letter {
            '\\' => match letters.next().expect("something after a backslash") {
                'n' | 'N' => '\n',
                escaped @ ('\\' | ';' | ',') => escaped,
                other => panic!("{other:?} is escaped in {value:?}"),
            },
            bare @ (';' | ',') => panic!("a bare {bare:?} in {value:?}"),
            other => other,
        });
    }
    words
}

/// Words as a calendar can hold them.
fn plain(words: &str) -> String {
    words
        .chars()
        .map(|c| if c.is_control() && c != '\n' { ' ' } else { c })
        .collect()
}

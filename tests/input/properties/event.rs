//! What `--event` takes.

use std::fmt::Write as _;
use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate};
use timeous::calendar::Calendar;
use timeous::case::{Case, Entry, Fact, Kind};
use timeous::cli::event;
use timeous::statute::{Authority, deadlines};

static CALENDAR: LazyLock<Calendar> = LazyLock::new(|| Calendar::compiled_in().unwrap());

/// So many events at most make a case here; the calculator takes as many as it is given.
const MOST: usize = 8;

/// Each line is an event. One that is understood can be recorded, and written down again it is the same; another is
/// refused in one line. All that are understood make a case with deadlines, or are refused in one line.
pub(super) fn events(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut facts = vec![Fact::new(Kind::Received, NaiveDate::from_ymd_opt(2022, 2, 4).unwrap())];
    for line in text.split('\n').take(MOST) {
        match event(line) {
            Ok(fact) => {
                assert_eq!(fact.check(), Ok(()), "{line:?}");
                assert_eq!(event(&written(&fact)), Ok(fact.clone()), "{line:?}");
                facts.push(fact);
            }
            Err(why) => super::told(&why, data),
        }
    }
    let entries: Vec<Entry> = facts.into_iter().zip(1..).map(|(fact, seq)| entry(fact, seq)).collect();
    match Case::fold(&entries) {
        Ok(case) => {
            let found = deadlines(&case, &CALENDAR, &Authority::default());
            assert_eq!(found, deadlines(&case, &CALENDAR, &Authority::default()));
        }
        Err(refusal) => super::told(&refusal.to_string(), data),
    }
}

fn written(fact: &Fact) -> String {
    let mut text = format!("{}={}", fact.kind, fact.on);
    let details = &fact.details;
    if details.posted {
        text.push_str(":posted");
    }
    for (name, day) in [("received", details.received), ("due", details.due)] {
        if let Some(day) = day {
            write!(text, ":{name}={day}").unwrap();
        }
    }
    if let Some(outcome) = details.outcome {
        write!(text, ":outcome={outcome}").unwrap();
    }
    if let Some(regime) = details.regime {
        write!(text, ":regime={regime}").unwrap();
    }
    text
}

fn entry(fact: Fact, seq: u32) -> Entry {
    Entry {
        reference: "this request".parse().unwrap(),
        seq,
        fact,
        recorded_at: DateTime::UNIX_EPOCH,
        recorded_by: String::new(),
        by: None,
        supersedes: None,
    }
}

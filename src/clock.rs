//! The clock: the only place that asks what time it is, and the only one that knows a time zone.
//!
//! Statutory dates are civil dates in Scotland, so everything else in the program receives a day or an
//! instant from its caller. Instants are UTC; days and hours are those of Europe/London.

use std::time::Duration;

use chrono::{DateTime, LocalResult, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Europe::London;

/// A source of the present moment, passed in wherever "now" matters.
pub trait Clock: Send + Sync {
    /// The wall clock, which an administrator or a time server may move.
    fn now(&self) -> DateTime<Utc>;

    /// Time since an arbitrary start that never goes back; it stands still while the machine sleeps.
    fn monotonic(&self) -> Duration;
}

/// The clock of this machine.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    started: std::time::Instant,
}

impl SystemClock {
    /// Starts the monotonic count at zero.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    pub fn start() -> Self {
        Self {
            started: std::time::Instant::now(),
        }
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn monotonic(&self) -> Duration {
        self.started.elapsed()
    }
}

/// A clock that stands still: for `--today`, for the demonstration, and for tests.
#[derive(Debug, Clone, Copy)]
pub struct StoppedClock(pub DateTime<Utc>);

impl Clock for StoppedClock {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }

    fn monotonic(&self) -> Duration {
        Duration::ZERO
    }
}

/// The day it is in Scotland at an instant.
///
/// ```
/// use chrono::{NaiveDate, TimeZone, Utc};
/// let late = Utc.with_ymd_and_hms(2026, 7, 1, 23, 30, 0).unwrap(); // 00:30 on the 2nd in Scotland
/// assert_eq!(timeous::clock::london_day(late), NaiveDate::from_ymd_opt(2026, 7, 2).unwrap());
/// ```
#[must_use]
pub fn london_day(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&London).date_naive()
}

/// The hour and minute it is in Scotland at an instant.
#[must_use]
pub fn london_time(at: DateTime<Utc>) -> NaiveTime {
    at.with_timezone(&London).time()
}

/// The instant at which a day and an hour fall in Scotland.
///
/// An hour that comes twice (October) is the first of the two; an hour that does not exist (March) is read
/// by the winter time that had just ended, so that it falls an hour later by the clock on the wall.
#[must_use]
pub fn london_instant(day: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    let wall = day.and_time(time);
    match London.from_local_datetime(&wall) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at.with_timezone(&Utc),
        LocalResult::None => wall.and_utc(),
    }
}

/// A day in full, as every sentence of this program says it: `Friday 4 March 2022`.
#[must_use]
pub fn in_full(day: NaiveDate) -> String {
    day.format("%A %-d %B %Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: &str, time: &str) -> DateTime<Utc> {
        london_instant(day.parse().unwrap(), time.parse().unwrap())
    }

    #[test]
    fn eight_in_the_morning_is_eight_in_scotland_in_winter_and_in_summer() {
        assert_eq!(at("2026-10-24", "08:00:00").to_rfc3339(), "2026-10-24T07:00:00+00:00");
        assert_eq!(at("2026-10-26", "08:00:00").to_rfc3339(), "2026-10-26T08:00:00+00:00");
    }

    #[test]
    fn an_hour_that_comes_twice_is_the_first_and_one_that_never_comes_is_an_hour_later() {
        assert_eq!(at("2026-10-25", "01:30:00").to_rfc3339(), "2026-10-25T00:30:00+00:00");
        let gap = at("2027-03-28", "01:30:00");
        assert_eq!(london_time(gap), "02:30:00".parse().unwrap());
    }
}

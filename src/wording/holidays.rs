//! What is said of the calendar itself: by what each day is left out, and whether its sources agree.

use std::fmt::Write as _;

use chrono::{Datelike as _, NaiveDate};

use super::plain::{column, holiday, one_line, plain_date, plural, wrap};
use crate::calendar::agree::{Finding, Remark};
use crate::calendar::proclamations::Change;
use crate::calendar::{Calendar, NotWorking, Proclamation, Reason};
use crate::clock::in_full;

/// How wide a line may be.
const WIDTH: usize = 100;

/// By what a day is no working day, in a few words: `proclaimed 3 February 2026, 1971 Act s.1(3)`.
#[must_use]
pub fn authority(day: NaiveDate, calendar: &Calendar) -> String {
    match calendar.reason(day) {
        Some(Reason::Customary | Reason::Listed) if calendar.proclamations().doubt(day).is_some() => {
            "listed, but reported never to have been proclaimed".to_owned()
        }
        Some(reason @ Reason::Schedule(scheduled)) => match calendar.why_not(day) {
            Some(NotWorking::BankHoliday(name)) if !name.starts_with(scheduled) => {
                format!("{}, as {}", by(reason), holiday(scheduled))
            }
            _ => by(reason),
        },
        Some(reason) => by(reason),
        None => String::new(),
    }
}

/// By what a day is a bank holiday.
fn by(reason: &Reason) -> String {
    match reason {
        Reason::Christmas => "s.73".to_owned(),
        Reason::Schedule(_) => "1971 Act, Sch 1 para 2".to_owned(),
        Reason::Customary => "customarily proclaimed, 1971 Act s.1".to_owned(),
        Reason::Proclaimed(row) => made_known(row),
        Reason::Listed => "listed".to_owned(),
        Reason::Expected => "not yet proclaimed".to_owned(),
    }
}

/// `proclaimed 3 February 2026, 1971 Act s.1(3)`, or when it was announced where the proclamation is not known.
fn made_known(row: &Proclamation) -> String {
    let how = match row.proclaimed_on {
        Some(on) => format!("proclaimed {}", plain_date(on)),
        None => format!("announced {}", plain_date(row.announced_on)),
    };
    format!("{how}, {}", row.instrument)
}

/// The bank holidays of some years, a line a day, with where it is known from.
#[must_use]
pub fn list(calendar: &Calendar, years: std::ops::RangeInclusive<i32>) -> String {
    let days: Vec<_> = calendar.holidays(years).collect();
    let longest = days.iter().map(|(day, _)| day.name.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for (day, reason) in days {
        let name = one_line(&holiday(&day.name));
        let why = authority(day.date, calendar);
        let _ = writeln!(text, "{}  {name:<longest$}  {why}", column(day.date));
        let more = [
            source(reason),
            calendar
                .proclamations()
                .doubt(day.date)
                .map(|doubt| one_line(&format!("{} Source: {}.", doubt.note, doubt.source))),
        ];
        for more in more.into_iter().flatten() {
            let _ = writeln!(text, "{}", wrap(&more, WIDTH, "    ", "    "));
        }
    }
    text
}

/// Where a proclamation is known from, and what is not certain about it.
fn source(reason: &Reason) -> Option<String> {
    let Reason::Proclaimed(row) = reason else { return None };
    let from = match row.from {
        Some(from) => format!("Moved from {}. ", in_full(from)),
        None => String::new(),
    };
    let note = row.note.as_ref().map(|note| format!(" {note}")).unwrap_or_default();
    Some(one_line(&format!("{from}Source: {}.{note}", row.source)))
}

/// One line for something that must be looked at: the day and why.
#[must_use]
pub fn finding(finding: &Finding) -> String {
    match finding {
        Finding::Unexplained(day) => format!(
            "{}: listed, and neither the 1971 Act's Schedule nor custom nor a proclamation on record gives it; \
             record the proclamation, or strike the day out (a local holiday is a working day, FOISA s.73)",
            named(day.date, &day.name)
        ),
        Finding::Missing { date, name, reason } => {
            format!(
                "{}: missing, although it is a bank holiday ({})",
                named(*date, name),
                by(reason)
            )
        }
        Finding::TakenAway { listed, by } => {
            format!("{}: listed, but {}", named(listed.date, &listed.name), went(by))
        }
        Finding::Idle { date, by } => format!(
            "{}: {}, but it was no bank holiday; correct the row",
            in_full(*date),
            went(by)
        ),
        Finding::Horizon {
            announced_through,
            needed,
        } => format!(
            "bank holidays are announced to {} only, and a clock that starts today may run to {}; add the newer list",
            plain_date(*announced_through),
            plain_date(*needed)
        ),
        Finding::SchoolDays { listed_through, needed } => format!(
            "the school's days are listed to {} only, and a count that starts today may run to {}; add the next terms \
             (authority.school_days)",
            plain_date(*listed_through),
            plain_date(*needed)
        ),
        Finding::NothingOf { year } => {
            format!("{year}: nothing is listed, although its bank holidays are announced")
        }
    }
}

/// One line for what is worth saying.
#[must_use]
pub fn remark(remark: &Remark) -> String {
    match remark {
        Remark::PastYears { first, last } if first == last => {
            format!("{first} is past and not listed; what is known of it is kept")
        }
        Remark::PastYears { first, last } => {
            format!("{first} to {last} are past and not listed; what is known of them is kept")
        }
        Remark::PastDay(day) => format!("{} is past and not listed; it is kept", named(day.date, &day.name)),
        Remark::NewYear { year, days } => {
            format!(
                "{year} is new: {}, each explained",
                plural(i64::try_from(*days).unwrap_or(i64::MAX), "day")
            )
        }
        Remark::Struck { listed, by } => format!(
            "{} is listed and counts as a working day: {}",
            named(listed.date, &listed.name),
            went(by)
        ),
        Remark::Doubt(doubt) => format!(
            "in doubt: {}. {} Source: {}.",
            in_full(doubt.date),
            one_line(&doubt.note),
            one_line(&doubt.source)
        ),
    }
}

/// `Monday 15 June 2026, World Cup bank holiday`.
fn named(date: NaiveDate, name: &str) -> String {
    format!("{}, {}", in_full(date), title(name))
}

/// What a day is called, fit for a line.
#[must_use]
pub fn title(name: &str) -> String {
    one_line(&holiday(name))
}

/// Where a day went.
fn went(row: &Proclamation) -> String {
    match row.change {
        Change::Moved => format!("moved to {} ({})", in_full(row.date), made_known(row)),
        _ => format!("withdrawn ({})", made_known(row)),
    }
}

/// What a calendar that agrees with itself rests on: so many days, and by what.
#[must_use]
pub fn in_force(calendar: &Calendar) -> String {
    let through = calendar.announced_through();
    let years = crate::calendar::FIRST.year()..=through.year();
    let mut counts = [0_i64; 5];
    for (_, reason) in calendar.holidays(years.clone()) {
        let place = match reason {
            Reason::Christmas => 0,
            Reason::Schedule(_) => 1,
            Reason::Customary | Reason::Expected => 2,
            Reason::Proclaimed(_) => 3,
            Reason::Listed => 4,
        };
        counts[place] += 1;
    }
    let [christmas, schedule, customary, proclaimed, listed] = counts;
    let all = plural(counts.iter().sum(), "bank holiday");
    let unexplained = match listed {
        0 => String::new(),
        _ => format!(", {listed} unexplained"),
    };
    format!(
        "{all} on weekdays, {} to {}: {schedule} by the 1971 Act, Sch 1 para 2; {christmas} by s.73 (Christmas Day); \
         {customary} customarily proclaimed; {proclaimed} proclaimed for one year{unexplained}",
        years.start(),
        years.end()
    )
}
